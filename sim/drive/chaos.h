/*
 * Faults by chance, for a search: what a run suffers is drawn from its seed alone. Swarm testing
 * (A. Groce, C. Zhang, E. Eide, Y. Chen, J. Regehr, "Swarm Testing", ISSTA 2012): each run leaves
 * some kinds of fault out, because some hide what others would bring to light.
 *
 * What is drawn are faults as a scenario would list them (drive/fault.h), from time 0 to a drawn
 * end; then everything is whole again.
 */
#ifndef DASIM_DRIVE_CHAOS_H
#define DASIM_DRIVE_CHAOS_H

#include "drive/fault.h"

#include <glib.h>

typedef enum chaos_kind {
    CHAOS_CRASH, /* nodes fail and come back, with their stable storage */
    CHAOS_PAUSE,
    CHAOS_SLOW,
    CHAOS_CUT, /* one way */
    CHAOS_PARTITION,
    CHAOS_LOSS,
    CHAOS_DUPLICATE,
    CHAOS_REORDER,
    CHAOS_DELAY, /* delays of another distribution */
    CHAOS_DRIFT, /* clocks of other rates */
    CHAOS_KINDS
} chaos_kind;

#define CHAOS_ALL ((1u << CHAOS_KINDS) - 1)

const char *chaos_name(chaos_kind kind); /* "crash" */

/* Bits of the kinds that algorithms of such a world withstand, if they keep their promises: those
 * that DASIM_RELIABLE, DASIM_FIFO, ... of all components do not exclude. */
uint32_t chaos_allowed(const world_config *config);

/* "allowed", "all", or names of kinds, apart by commas. 0: it is no such list; there may also be
 * nothing that is allowed. */
uint32_t chaos_kinds(const char *list, const world_config *config);

/* Appends faults of those that are on. `out`: GArray of fault. */
void chaos_draw(uint32_t kinds, uint64_t seed, GArray *out);

/* Which of `kinds` are on in the run with that seed: bits. */
uint32_t chaos_on(uint32_t kinds, uint64_t seed);

/* "crash every 200 ms for 50 ms; loss 5 %; until 2 s; not: pause, cut". The caller frees. */
char *chaos_words(uint32_t kinds, uint64_t seed);

#endif
