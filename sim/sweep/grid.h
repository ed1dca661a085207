/*
 * What a sweep goes over: parameters with their values, and seeds. Every combination of one value
 * of each parameter is a cell; each cell runs with each seed.
 */
#ifndef DASIM_SWEEP_GRID_H
#define DASIM_SWEEP_GRID_H

#include "script/scenario.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define GRID_ERROR (grid_error_quark())
GQuark grid_error_quark(void);

enum { GRID_VALUES_MOST = 10000, GRID_CELLS_MOST = 1000000 };

typedef struct grid_axis {
    char *name;
    GPtrArray *values; /* char *, as --set writes them */
} grid_axis;

typedef struct seed_range {
    uint64_t first, last;
} seed_range;

typedef struct grid {
    GArray *fixed; /* scenario_setting, borrowed: the same in each cell */
    GArray *axes;  /* grid_axis */
    GArray *seeds; /* seed_range, ascending, apart from each other */
    uint64_t seed_count;
    const char
        *chaos; /* kinds of faults that each run draws (drive/chaos.h), borrowed; NULL: none */
} grid;

grid *grid_new(void);
void grid_free(grid *g);

/* "nodes=2..64*2", "loss=0,1%,5%": values apart by commas; each a text, or whole numbers a..b in
 * steps of 1, a..b+step, or a..b*factor, where all have the same unit ("1ms..64ms*4"). */
bool grid_add_axis(grid *g, const char *text, GError **error);
/* "1..1000", "7", "1..10,21": whole numbers below 2^63; each counts once. */
bool grid_set_seeds(grid *g, const char *text, GError **error);

uint64_t grid_seed(const grid *g, uint64_t i); /* i < seed_count; ascending */

/* Product of the axes; the last one changes fastest. 0: more than GRID_CELLS_MOST. */
uint32_t grid_cells(const grid *g);
/* The settings of a cell: the fixed ones, then its own. The caller frees the array; the texts
 * belong to the grid. */
GArray *grid_settings(const grid *g, uint32_t cell);
/* "nodes=4 loss=1%", of what the axes say; "" where there are none. The caller frees. */
char *grid_label(const grid *g, uint32_t cell);

#endif
