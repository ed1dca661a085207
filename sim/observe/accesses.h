/*
 * What the accesses of a memory cost: counted from records alone.
 *
 * A message counts for a read or a write by what led to it: the causes of its SEND lead back to the
 * request of an access. Where faults wait for each other, what one that ends sets free counts for
 * that one. What a timer repeats counts for neither. A message to oneself costs nothing.
 */
#ifndef DASIM_OBSERVE_ACCESSES_H
#define DASIM_OBSERVE_ACCESSES_H

#include "kernel/world.h"

#include "base/histogram.h"

typedef enum access_kind { ACCESS_READ, ACCESS_WRITE, ACCESS_KINDS } access_kind;

typedef struct accesses accesses;

/* NULL where clients use no memory. Accesses that were asked for before `warm_up` (ns) and
 * messages that were sent before it are left out. */
accesses *accesses_new(const world *w, int64_t warm_up);
void accesses_free(accesses *a);
void accesses_on_record(accesses *a, const record *r);

uint64_t accesses_asked(const accesses *a, access_kind kind);
uint64_t accesses_completed(const accesses *a, access_kind kind);
uint64_t accesses_messages(const accesses *a, access_kind kind);     /* sent because of them */
const histogram *accesses_time(const accesses *a, access_kind kind); /* of completed ones, ns */

#endif
