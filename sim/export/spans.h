/*
 * Who waits and who holds, from when to when: what a run looks like to its clients, from records
 * alone. Locks are observe/intervals.h's; here come memories, calls and leaders.
 *
 * A span belongs to a client of a node: the only one of the node (client -1), or one of several. It
 * begins and ends with a record; a crash of its node ends it, too.
 */
#ifndef DASIM_EXPORT_SPANS_H
#define DASIM_EXPORT_SPANS_H

#include "kernel/world.h"

#include <stddef.h>

typedef enum span_kind {
    SPAN_WAITS,  /* for a lock: ACQUIRE to GRANTED */
    SPAN_HOLDS,  /* a lock: GRANTED to RELEASE or to the end of its lease */
    SPAN_ACCESS, /* a read or a write of a memory is under way; only those that take time */
    SPAN_CALL,   /* a process waits for the answer of a channel */
    SPAN_LEADS,  /* the node names itself as the leader */
    SPAN_KINDS
} span_kind;

typedef struct span {
    int64_t from_at, to_at; /* true time */
    uint64_t from, to;      /* numbers of the records; to 0: it lasts */
    uint32_t node;
    int32_t client;    /* -1: the only one of the node; of an access: its tag */
    uint32_t resource; /* lock, object; 0 where there is none */
    span_kind kind;
} span;

typedef struct spans spans;

spans *spans_new(const world *w);
void spans_free(spans *s);
void spans_record(spans *s, const record *r);

/* All, in the order in which they began: once, when the run is over. Those that last have to 0 and
 * end at `now`. Valid until spans_free. */
const span *spans_all(spans *s, int64_t now, size_t *count);
const char *span_kind_name(span_kind kind);

#endif
