/*
 * Accesses to a distributed shared memory, one after the other with nothing else going on, and what
 * each cost: how the published figures of memories are measured.
 *
 * The world has the memory alone, links of 1 ms, no faults. Access number i begins at i * 100 ms;
 * what is sent before the next begins is its own.
 */
#ifndef DASIM_SWEEP_ACCESS_PLAY_H
#define DASIM_SWEEP_ACCESS_PLAY_H

#include "kernel/world.h"

#include <dasim.h>
#include <stdbool.h>
#include <stdint.h>

enum { PLAY_STEPS_MOST = 256, PLAY_PARAMS_MOST = 256 };

typedef struct play_step {
    uint32_t node, object;
    bool writes;
    uint64_t messages; /* to others */
    int64_t took;      /* ns; -1: it was not done */
} play_step;

typedef struct access_play {
    const dasim_algorithm *algorithm;
    uint32_t nodes, objects;
    int64_t params[PLAY_PARAMS_MOST];
    play_step steps[PLAY_STEPS_MOST];
    uint32_t count, driver;
} access_play;

/* Nothing added yet, all parameters with their defaults. */
void access_play_init(access_play *p, const dasim_algorithm *a, uint32_t nodes, uint32_t objects);
/* False where the algorithm has no such parameter. */
bool access_play_set(access_play *p, const char *name, int64_t value);
void access_play_add(access_play *p, uint32_t node, bool writes, uint32_t object);

/* NULL, or what went wrong: the world was refused, did not come to rest, or an access was not done.
 * A static text. */
const char *access_play_run(access_play *p);

#endif
