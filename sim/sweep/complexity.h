/*
 * What an algorithm costs, measured beside the formulas that it declares (dasim_cost). Each formula
 * is measured over several numbers of nodes, with links of T = 1 ms and E = 10 ms in a section.
 *
 * How: a lock idle (one request at a time, requester uniform) and saturated (all ask again at once;
 * the difference between a run and one of twice the entries, so that start and end cancel); an
 * election over who finds out, and over who is dead besides the leader; a ring over its
 * arrangements; a memory over placements of reader, manager and owner, and over histories.
 *
 * How it is judged: README.md, "What an algorithm costs".
 */
#ifndef DASIM_SWEEP_COMPLEXITY_H
#define DASIM_SWEEP_COMPLEXITY_H

#include "plugin/plugin.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum cost_finding {
    COST_EXACT,   /* each run is as the formula says */
    COST_MEAN,    /* the formula is within the 99.99 % interval of the mean */
    COST_REACHED, /* best or worst: some run was as the formula says, none beyond it */
    COST_BOUND,   /* best or worst: no run came to it, none was beyond it */
    COST_LEFT,    /* it is not so */
    COST_BROKEN   /* a run went wrong, see cost_row.trouble */
} cost_finding;

typedef struct cost_point {
    uint32_t n;
    uint64_t runs;
    double measured, low, high; /* low, high: of the 99.99 % interval, or of what was seen where
                                 * best and worst are judged */
    double formula;
    cost_finding finding;
} cost_point;

typedef struct cost_row {
    const dasim_cost *cost;
    const char *load; /* "idle", "saturated", or NULL: not a matter of load */
    bool is_time;     /* ns; else a number */
    GArray *points;   /* cost_point, ascending n */
    char *trouble;    /* why it could not be measured, or what went wrong; NULL: nothing */
    bool holds;
} cost_row;

typedef struct complexity {
    const dasim_algorithm *algorithm;
    GPtrArray *rows; /* cost_row * */
    bool holds;      /* all rows do */
} complexity;

/* The numbers of nodes that are looked at where nobody says otherwise: 2 .. 64. */
extern const uint32_t complexity_nodes[];
extern const size_t complexity_nodes_count;

/* Measures algorithm `name`. `nodes`: ascending, 2 or more. NULL and an error where the module
 * cannot be loaded or a formula is none. `interrupted` ends it soon after it was set: NULL without
 * an error. */
complexity *complexity_measure(catalogue *modules, const char *name, const uint32_t *nodes,
                               size_t count, const volatile sig_atomic_t *interrupted,
                               GError **error);
void complexity_free(complexity *c); /* NULL is allowed */

/* All tables of an algorithm; one line of it. */
void complexity_append(const complexity *c, GString *text);
void complexity_append_line(const complexity *c, GString *text);
/* For figures: tab-separated, one line for each point. */
void complexity_append_data(const complexity *c, GString *text, bool with_head);
/* A script for gnuplot, which writes an SVG of all (complexity *) to its standard output; `data`:
 * name of the file with what complexity_append_data() gave of them. */
void complexity_append_figure(const GPtrArray *all, const char *data, GString *script);

#endif
