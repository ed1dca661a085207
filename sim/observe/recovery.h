/*
 * The time to recover: how long a fault keeps clients from what they need, from records alone.
 *
 * A fault is the beginning of a crash, a pause, a cut or a partition; all that begins at one
 * instant is one fault. It is measured from that instant or, where nobody needs the service then,
 * from the moment when somebody does, to the moment when the service is back:
 *  - a lock is needed while a client waits for a grant, and back at the next grant of any request;
 *  - a memory is needed while an access is under way, and back at the next one that is done;
 *  - an election is needed while not all live nodes name the same live node, and back when they do.
 * What was under way already is no sign of life: a grant and a done access count where the message
 * that led to them was sent after the fault.
 *
 * Faults that overlap are measured each by itself. A fault is not counted where nobody needed the
 * service before the next fault came, or the end. Where the service was needed and did not come
 * back, there is no time, but it is counted as missing.
 *
 * The service is the lock that clients use, or else the memory, or else the election.
 */
#ifndef DASIM_OBSERVE_RECOVERY_H
#define DASIM_OBSERVE_RECOVERY_H

#include "kernel/world.h"

#include "base/histogram.h"

typedef struct recovery recovery;

/* Faults before `warm_up` (ns) are left out. Where there is no such service, nothing is counted. */
recovery *recovery_new(const world *w, int64_t warm_up);
void recovery_free(recovery *y);
void recovery_on_record(recovery *y, const record *r);

const histogram *recovery_time(const recovery *y); /* ns */
uint64_t recovery_missing(const recovery *y);      /* up to now */

#endif
