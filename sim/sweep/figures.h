/*
 * What a results database says in numbers: the values of statistics.h, read from the rows of all
 * runs of a cell. For tables, plots and reports.
 */
#ifndef DASIM_SWEEP_FIGURES_H
#define DASIM_SWEEP_FIGURES_H

#include "sweep/statistics.h"
#include "sweep/store.h"

typedef struct figures figures;

/* Reads from `s`, which outlives it. NULL and an error where that is not possible. */
figures *figures_new(store *s, GError **error);
void figures_free(figures *f);

/* Appends an `observation` for each run of the cell, in the order of seeds; 0 / 0 where the run
 * says nothing of the measure: so that lists of two cells with the same seeds are pairs. False
 * where the database cannot be read. */
bool figures_observations(figures *f, int64_t cell, const char *measure, GArray *out);
/* Ratio of the sums with its interval. */
estimate figures_estimate(figures *f, int64_t cell, const char *measure);
/* Quantile of all values of all runs with its interval; false where there is no histogram. */
bool figures_quantile(figures *f, int64_t cell, const char *measure, uint32_t ppm, estimate *e);
/* Has any run of the cell a value that is not 0 / 0? */
bool figures_has(figures *f, int64_t cell, const char *measure);

typedef struct cell_counts {
    uint64_t runs, violated, inconclusive, failed;
} cell_counts;
cell_counts figures_counts(figures *f, int64_t cell);

/* For people: "3.21 ms", "12.4", "0.997"; `unit` as in metric_kind. `like` decides about unit and
 * decimals, so that a mean and its interval look alike; give the mean itself for a single one. */
void append_measured(GString *text, double value, double like, const char *unit);

#endif
