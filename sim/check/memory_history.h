/*
 * A run as the clients of a memory saw it, and whether its reads can be explained. Private to
 * sim/check; shared by the properties of memories, which differ only in the model.
 *
 * A client is a (node, tag): one program, which waits for each access before it asks for the next.
 * Accesses of one node with different tags are of different clients, in no order. A client's order
 * goes on over a crash of its node. An access that was given up (its node crashed, its client asked
 * for another with the same tag) or was never done may have had its effect at any time after it was
 * asked for, or never: such a write is used where it helps to explain, such a read says nothing.
 * Indications that nobody waits for are no accesses.
 */
#ifndef DASIM_CHECK_MEMORY_HISTORY_H
#define DASIM_CHECK_MEMORY_HISTORY_H

#include "check/property.h"

#include "base/map.h"

#define MEMORY_NEVER UINT64_MAX

typedef struct memory_access {
    uint32_t client; /* numbered in the order of their first accesses */
    uint32_t node, object;
    bool is_write;
    uint64_t value;       /* written; read, where it is done */
    uint64_t asked, done; /* records; done: MEMORY_NEVER where it never was */
    int64_t asked_at, done_at;
} memory_access;

typedef enum memory_model {
    MEMORY_COHERENT,    /* each object by itself is sequentially consistent */
    MEMORY_SEQUENTIAL,  /* one order of all accesses keeps that of each client */
    MEMORY_LINEARIZABLE /* ... and that of accesses of which one was done before the other was
                          * asked for. Judged object by object, which is the same: it is local */
} memory_model;

enum { MEMORY_ACCESSES_MOST = 1 << 22 };

typedef struct memory_history {
    uint32_t component, objects;
    GArray *accesses; /* memory_access, in the order of asking */
    map *clients;     /* node and tag -> number of the client */
    map *open;        /* number of the client -> place of its access that is under way */
    bool is_full;     /* there were more than MEMORY_ACCESSES_MOST */
} memory_history;

/* These three are a property's make, on_record and destroy. */
void *memory_history_make(const world *w);
void memory_history_record(void *self, const world *w, const record *r);
void memory_history_free(void *self);

/* In the order of asking. */
const memory_access *memory_history_accesses(const memory_history *h, uint32_t *count);

/*
 * Violated at the earliest read, by the record of its end, such that no order of the accesses
 * explains the reads up to it. (Writes count whenever they were asked for: without real time, a
 * read may well be of a write that is still to come.) Inconclusive where `effort` was spent before:
 * units of work, of which a hundred million or two are done in a second. What was spent is added to
 * *spent, unless that is NULL.
 */
void memory_history_judge(const memory_history *h, memory_model model, uint64_t effort,
                          uint64_t *spent, finding *result);

/* The effort that properties may take: about a second. */
#define MEMORY_EFFORT UINT64_C(150000000)

#endif
