/*
 * A result in words and numbers: for people a page of aligned columns, for programs one JSON
 * object. The same bytes on every machine: no wall-clock time, no locale.
 */
#ifndef DASIM_RUN_REPORT_H
#define DASIM_RUN_REPORT_H

#include "run/run.h"

/* Appends the page. `colour`: with the escape sequences of a terminal. */
void report_text(const scenario *s, const run_result *r, bool colour, GString *text);

/* Appends the part of it that tells the verdicts, and the explanation where it is not NULL. */
void report_verdicts(const GArray *verdicts, run_status status, const char *explanation,
                     bool colour, GString *text);

/* Appends the object and a line end. Times are integer ns, ratios have decimals. */
void report_json(const scenario *s, const run_result *r, GString *text);

/* Appends `dasim run FILE --seed N --set ...`: the command that does this run again. */
void report_command(const scenario *s, const run_result *r, GString *text);

/* Appends 1234567 as "1,234,567". */
void append_grouped(GString *text, uint64_t value);

#endif
