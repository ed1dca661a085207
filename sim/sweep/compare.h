/* Which value of a parameter is best, for each combination of the others? */
#ifndef DASIM_SWEEP_COMPARE_H
#define DASIM_SWEEP_COMPARE_H

#include "sweep/sweep.h"

/* Appends the effect table (statistics.h) of options->compare, an axis of the grid. The same seed
 * is the same luck for each value: differences are those of pairs. */
void compare_text(const sweep *s, const sweep_options *options, const metric_kind *kind,
                  GString *text);

#endif
