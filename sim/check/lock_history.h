/*
 * A run as the clients of a lock saw it: what the properties of locks have in common. Private to
 * sim/check.
 */
#ifndef DASIM_CHECK_LOCK_HISTORY_H
#define DASIM_CHECK_LOCK_HISTORY_H

#include "check/property.h"

typedef enum lock_step {
    LOCK_OTHER,    /* not about the lock */
    LOCK_ACQUIRE,  /* r->node asks for *resource */
    LOCK_GRANTED,  /* ... enters */
    LOCK_RELEASE,  /* ... leaves, or is told that its lease is over */
    LOCK_DEADLOCK, /* ... is told that it waits in a cycle, which waits for *resource */
    LOCK_CRASH     /* ... loses all that it asked for and held; *resource is not set */
} lock_step;

/* The component whose clients are judged; STACK_MOST where none provides DASIM_MUTEX. */
uint32_t lock_component(const world *w);

/* What the record says about the locks of `component`. */
lock_step lock_step_of(const world *w, uint32_t component, const record *r, uint32_t *resource);

/* Does anybody look for cycles? A lock that stands above another sees who waits: properties of
 * detectors apply. */
bool deadlock_detector(const world_config *config);

#endif
