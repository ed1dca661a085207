/* What a sweep ends with: a row for each cell, then what went wrong and how to see it. */
#ifndef DASIM_SWEEP_TABLE_H
#define DASIM_SWEEP_TABLE_H

#include "sweep/sweep.h"

/* False, and a refusal in `s`, where the database cannot be read. */
bool table_text(sweep *s, const sweep_options *options, GString *text);
/* The same for programs: JSON Lines, {"kind":"cell",...} each, then {"kind":"end",...}. */
bool table_json(sweep *s, const sweep_options *options, GString *text);

#endif
