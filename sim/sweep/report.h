/*
 * What a sweep says, in tables: for a terminal at the end of `dasim sweep`, and as Markdown for
 * `dasim report`. The methods are those of statistics.h.
 */
#ifndef DASIM_SWEEP_REPORT_H
#define DASIM_SWEEP_REPORT_H

#include "sweep/analysis.h"
#include "sweep/text_table.h"

/* One row a cell: runs, and how many were not as expected. */
void report_append_runs(const analysis *a, text_table_style style, GString *out);

/* One row a cell: mean, median, 90th and 99th percentile, with 95 % intervals. */
void report_append_measure(const analysis *a, const analysis_measure *m, text_table_style style,
                           GString *out);

/* One row a group of cells: the contenders, who is best, and whether it is significant. */
void report_append_comparison(const analysis *a, const analysis_comparison *c,
                              const analysis_measure *m, text_table_style style, GString *out);

/* Verdicts that were not asked for and runs that failed, alike ones together: how many, the first
 * one, what shows it again. False and an error where the database cannot be read. */
bool report_append_unexpected(store *s, const analysis *a, text_table_style style, GString *out,
                              GError **error);

/* "dasim sweep ..." with which the cells and seeds of the sweep come again; NULL where they are no
 * grid. The caller frees (g_free). */
char *report_sweep_command(const analysis *a);

/* The parameter to compare by where nobody says: the first one that differs between cells and is
 * not a number in all of them; NULL: there is none. */
const char *report_compared(const analysis *a);

/* All of it as Markdown. `compare`: a parameter; NULL: as above. `measures`: names, NULL-ended;
 * NULL: all that are ratios, times or rates, and counts that are not 0 of what should not be. */
bool report_append(store *s, const analysis *a, const char *compare, const char *const *measures,
                   GString *out, GError **error);

#endif
