/* When a cell has enough runs: private to sim/sweep. */
#ifndef DASIM_SWEEP_PRECISION_H
#define DASIM_SWEEP_PRECISION_H

#include "sweep/store.h"
#include "sweep/work.h"

typedef struct precision {
    store *store;
    const work *work;
    const int64_t *cells;        /* ids in the database */
    const char *const *measures; /* NULL-ended */
    uint32_t ppm;
} precision;

/* For work_in_steps(): do the first `count` seeds of the cell give intervals that are narrow enough
 * for each measure? One that no run has anything to say about is. */
bool precision_is_enough(void *context, uint32_t cell, uint64_t count);

#endif
