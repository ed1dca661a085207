/*
 * What lasts: who waits for a lock, who holds it, which nodes are down, paused, partitioned, which
 * links are cut; from records alone.
 *
 * Locks are those of the component that clients use. A client is a node or, where several processes
 * share one, each of them (RECORD_CLIENT). It waits from ACQUIRE to GRANTED and holds from there to
 * RELEASE, to the loss of its lease or to its crash, whether it had asked or not.
 */
#ifndef DASIM_OBSERVE_INTERVALS_H
#define DASIM_OBSERVE_INTERVALS_H

#include "kernel/world.h"

typedef enum interval_kind {
    INTERVAL_WAITING,     /* node, client, resource */
    INTERVAL_HOLDING,     /* node, client, resource */
    INTERVAL_CRASHED,     /* node */
    INTERVAL_PAUSED,      /* node */
    INTERVAL_PARTITIONED, /* node; resource: its group */
    INTERVAL_CUT,         /* links node -> peer; NOBODY: any */
    INTERVAL_KINDS
} interval_kind;

typedef struct interval {
    interval_kind kind;
    uint32_t node, peer, resource;
    int32_t client;       /* number of the process; -1: the node itself */
    int64_t from, to;     /* true time, ns */
    uint64_t first, last; /* records that began and ended it; last 0: the end of the run did */
} interval;

typedef struct intervals intervals;

/* Each interval is shown when it ends, those of one instant in the order of their beginning. */
intervals *intervals_new(const world *w, void (*on_interval)(void *self, const interval *one),
                         void *self);
void intervals_free(intervals *x); /* NULL is allowed */
void intervals_record(intervals *x, const record *r);
/* The run is over at time `at`: shows what still lasts. */
void intervals_end(intervals *x, int64_t at);

const char *interval_name(interval_kind kind); /* "waiting" */

#endif
