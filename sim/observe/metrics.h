/*
 * What a run cost: counted from records alone.
 *
 * Conventions (ALGORITHMS of the literature): a message to oneself costs nothing; a message to a
 * dead node counts as sent; only completed entries (granted and released) count; the waiting time
 * is from ACQUIRE to GRANTED; the synchronisation delay is from a RELEASE to the next GRANTED of
 * the resource where somebody was already waiting at the release. Where a client takes several
 * resources together, each is an entry, and waited for from its own ACQUIRE.
 */
#ifndef DASIM_OBSERVE_METRICS_H
#define DASIM_OBSERVE_METRICS_H

#include "observe/accesses.h"
#include "observe/recovery.h"

#include "base/histogram.h"

#include <stdbool.h>

typedef struct message_count {
    uint32_t component, type;
    uint64_t sent, received, lost, bytes;
} message_count;

typedef struct metrics metrics;

/* Entries whose request came before `warm_up` (ns), messages sent before it and releases before it
 * are left out. Requests, entries and what is told of them are of the component that clients use as
 * a lock; 0 where there is none. Bytes are those of bodies. */
metrics *metrics_new(const world *w, int64_t warm_up);
void metrics_free(metrics *m);
observer metrics_observer(metrics *m);

uint64_t metrics_sent(const metrics *m); /* messages to others, all components */
uint64_t metrics_received(const metrics *m);
uint64_t metrics_lost(const metrics *m);
/* Per component and message type, in that order; the types never used included. */
const message_count *metrics_messages(const metrics *m, uint32_t *count);

uint64_t metrics_requests(const metrics *m); /* ACQUIREs */
uint64_t metrics_entries(const metrics *m);  /* completed */
/* Entries that the end of their lease has ended: not completed. */
uint64_t metrics_leases_over(const metrics *m);
uint64_t metrics_entries_of(const metrics *m, uint32_t node);
bool metrics_has_lock(const metrics *m);
/* Bit per component: that lock, or memory, and what it makes use of; 0: there is none. */
uint32_t metrics_below_lock(const metrics *m);
uint32_t metrics_below_memory(const metrics *m);
/* Messages of the lock, or of the memory, and of what it makes use of. */
uint64_t metrics_lock_messages(const metrics *m);
uint64_t metrics_memory_messages(const metrics *m);
/* ns of true time between warm-up and the last record; 0: none. */
int64_t metrics_span(const metrics *m);
/* Messages of the lock and what it makes use of, per completed entry, in thousandths, rounded to
 * nearest; -1 without entries. */
int64_t metrics_messages_per_entry(const metrics *m);
/* Of completed entries, ns. A crash ends what its node waits for and holds without completing it,
 * so does the loss of a lease; a grant that nobody asked for is no entry. */
const histogram *metrics_waiting(const metrics *m); /* ACQUIRE to GRANTED */
const histogram *metrics_synchronisation(const metrics *m);
const histogram *metrics_delay(const metrics *m);   /* of messages: SEND to first RECEIVE */
const histogram *metrics_holding(const metrics *m); /* GRANTED to RELEASE */
/* Entries per 1000 s of true time between warm-up and the last record, rounded; -1 if none. */
int64_t metrics_throughput(const metrics *m);
/* Of the election that clients use, or else the uppermost; 0 and empty where there is none. */
uint64_t metrics_leaders(const metrics *m); /* nodes that declared themselves leader */
/* From the moment when not all live nodes name the same live node to that when they do again. */
const histogram *metrics_agreeing(const metrics *m);
/* Jain's fairness index of the entries per node that asked at all, in millionths: 10^6 = equal.
 * R. Jain, D. Chiu, W. Hawe, DEC TR-301, 1984. -1 without entries. */
int64_t metrics_fairness(const metrics *m);

/* How long faults kept clients from what they need. */
const recovery *metrics_recovery(const metrics *m);

/* Of a memory that clients use; NULL where there is none. */
const accesses *metrics_accesses(const metrics *m);
/* Messages of it and what it makes use of per completed access, in thousandths, rounded to
 * nearest; -1 without any. */
int64_t metrics_messages_per_access(const metrics *m);
/* Completed accesses per 1000 s of true time between warm-up and the last record; -1 if none. */
int64_t metrics_access_rate(const metrics *m);

#endif
