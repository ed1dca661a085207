/*
 * One sweep of a results database, read for tables: its cells, and what was measured in each of
 * their runs, in the order of the seeds.
 */
#ifndef DASIM_SWEEP_ANALYSIS_H
#define DASIM_SWEEP_ANALYSIS_H

#include "sweep/result.h"
#include "sweep/statistics.h"
#include "sweep/store.h"

typedef struct analysis_cell {
    int64_t id;
    char *label;         /* "nodes=4 loss=1%"; "" */
    char *settings;      /* " --set nodes=4", for a shell */
    GPtrArray *settable; /* name, value, name, value, ... of what was set (char *) */
    uint32_t nodes;
    GArray *seeds; /* uint64_t, ascending: of runs that came to their end */
    uint64_t violated, inconclusive, failed;
} analysis_cell;

enum { ANALYSIS_QUANTILES = 3 };
extern const uint32_t analysis_quantiles[ANALYSIS_QUANTILES]; /* ppm: 50, 90, 99 % */

/* What was measured in one cell. */
typedef struct analysis_values {
    GArray *runs;      /* observation, one for each seed; 0 / 0 where there was nothing */
    histogram *merged; /* of all runs; NULL: there is none */
    GArray *of_runs[ANALYSIS_QUANTILES]; /* int64_t, of each run that has a histogram */
} analysis_values;

typedef struct analysis_measure {
    const metric_kind *kind;
    analysis_values *cells; /* in the order of analysis.cells */
    bool is_told;           /* something was measured, and not 0 in all runs */
} analysis_measure;

typedef struct analysis {
    int64_t sweep;
    char *scenario, *question, *version, *digest;
    GPtrArray *cells;    /* analysis_cell * */
    GPtrArray *measures; /* analysis_measure *, in the order of metric_all() */
    GPtrArray *varied;   /* names of what differs between cells (char *, borrowed) */
} analysis;

/* Ids of all sweeps of the database, int64_t, ascending; NULL and an error where it cannot be
 * read. */
GArray *analysis_sweeps(store *s, GError **error);
/* `cells`: ids, in the order in which they are to come; NULL: all of the sweep. */
analysis *analysis_new(store *s, int64_t sweep, const GArray *cells, GError **error);
void analysis_free(analysis *a); /* NULL is allowed */

/* Value of what was set in a cell; NULL: it was not. */
const char *analysis_setting(const analysis_cell *c, const char *name);

/* ------------------------------------------------------------------------------- comparison
 * Cells that differ in one parameter only are a group; its values are the contenders. Runs of a
 * group are paired by their seeds: those that all contenders have done. */
typedef struct analysis_comparison {
    const char *parameter;
    GPtrArray *values; /* of it, in the order of the cells (char *, borrowed) */
    GPtrArray *labels; /* of the groups: "nodes=4"; g_free */
    GArray *at;        /* guint: number of the cell at [group * values + value]; G_MAXUINT: none */
} analysis_comparison;

/* NULL: no two cells differ in it alone. */
analysis_comparison *analysis_compare(const analysis *a, const char *parameter);
void analysis_comparison_free(analysis_comparison *c); /* NULL is allowed */

/* One effect for each group. The caller frees (g_free). */
effect *analysis_effects(const analysis *a, const analysis_comparison *c,
                         const analysis_measure *m);

#endif
