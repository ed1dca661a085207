/* How reports write numbers. Private to sim/sweep. */
#ifndef DASIM_SWEEP_REPORT_NUMBERS_H
#define DASIM_SWEEP_REPORT_NUMBERS_H

#include "sweep/analysis.h"

/* What a value is divided by, and what it is then called. */
typedef struct number_unit {
    double divisor;
    const char *name; /* "ms"; "" */
} number_unit;

/* Fit for all cells of a measure: durations in ns, us, ms or s, fairness as a part of 1. */
number_unit number_unit_of(const analysis *a, const analysis_measure *m);

/* With so many decimals that its interval shows two digits, six at most; without an interval, four
 * digits. g_free() all of them. */
char *number_text(double value, double half_width, number_unit unit);
char *number_interval(estimate e, number_unit unit); /* "11.9 .. 12.3"; "-": not known */
char *number_with_arms(estimate e,
                       number_unit unit); /* "12.1 ± 0.2"; a lopsided one "7.3 (4.9 .. 14.3)" */
/* The same of a quantile, which a histogram knows to one part in 1024 only. */
char *number_quantile(estimate e, number_unit unit);
char *number_p(double p); /* "<0.001", "0.012" */

#endif
