/*
 * What is to be done, what is under way, what is done: every cell with every seed. Runs are handed
 * out in units of one cell. What a dead worker had is handed out again, each run by itself: so that
 * the one that kills is found.
 */
#ifndef DASIM_SWEEP_WORK_H
#define DASIM_SWEEP_WORK_H

#include "sweep/grid.h"

enum { UNIT_MOST = 256 };

typedef struct unit {
    uint32_t cell, count;
    uint32_t reported; /* so many of them have come back */
    uint32_t strikes;  /* of a careful one: workers that were killed at it */
    bool careful;      /* one run, by itself */
    uint64_t seeds[UNIT_MOST];
} unit;

typedef struct work work;

/* Of all that `g` says those with seed number i where i mod shards = shard (0 .. shards - 1). */
work *work_new(const grid *g, uint32_t shard, uint32_t shards);
void work_free(work *w);

/* Done before. Seeds that are not wanted are fine. */
void work_skip(work *w, uint32_t cell, uint64_t seed, bool failed);
/* Fills a unit of at most `most` runs; false where nothing is left to hand out. Whoever gets a
 * careful one gets nothing else until it is reported. */
bool work_take(work *w, uint32_t most, unit *u);
/* What was not reported of it is handed out again, carefully. */
void work_return(work *w, const unit *u);
void work_done(work *w, uint32_t cell, bool failed); /* one run came back */

/* Cells are done in steps: the first seeds, then it is asked whether they are enough, then up to
 * precision_next() of them (statistics.h), and so on. So that it does not depend on who is ready
 * first how many runs a cell has. Before the first work_take(). */
void work_in_steps(work *w, bool (*is_enough)(void *context, uint32_t cell, uint64_t count),
                   void *context);
/* The number of a seed within this shard; false where it is not of it. */
bool work_number(const work *w, uint64_t seed, uint64_t *number);

uint64_t work_total(const work *w);    /* runs wanted */
uint64_t work_skipped(const work *w);  /* done before */
uint64_t work_finished(const work *w); /* done now */
uint64_t work_failures(const work *w); /* of both: without a result */
bool work_is_over(const work *w);

#endif
