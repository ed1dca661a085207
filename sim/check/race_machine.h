/*
 * One machine as the processes on it use its shared memory: what their descriptors refer to, and in
 * which order the calls put what they do. Private to sim/check; for race_free.
 *
 * What orders: POST before each later WAIT that succeeds on the same semaphore; leaving a mutex, by
 * POST or by waiting for a condition, or the death of its owner, before each later WAIT that
 * succeeds; giving back a lock of a file before the next that excludes it; an atomic store before
 * each later atomic load of the word; fork before all of the child's life, all of that before the
 * parent has waited for its end; a crash of the machine. What leaves the machine, or is answered
 * from outside of its memory (messages, pipes, sockets, locks of a lock service, distributed
 * memory), counts as one thing that all of them go through: what that orders too much is no race
 * reported.
 */
#ifndef DASIM_CHECK_RACE_MACHINE_H
#define DASIM_CHECK_RACE_MACHINE_H

#include "check/process_order.h"
#include "kernel/world.h"

#include <dasim.h>

typedef struct race_machine race_machine;

typedef struct race_access {
    moment when;
    uint32_t process; /* of the node, as the calls name it */
    uint32_t object, word;
    uint32_t line; /* of the scenario; 0: not told */
    bool is_write;
} race_access;

race_machine *race_machine_new(size_t memory);
void race_machine_free(race_machine *m);

/* A call or its answer, of the component that is the memory. True: an access has taken effect; it
 * is no synchronisation. */
bool race_machine_memory(race_machine *m, const record *r, race_access *out);
/* A call or its answer of another channel. */
void race_machine_channel(race_machine *m, const record *r);
/* The machine's processes ask another service, or are answered. */
void race_machine_outside(race_machine *m, bool answered);
/* A process has waited for the end of its child: processes as the calls name them. */
void race_machine_awaited(race_machine *m, uint32_t parent, uint32_t child);
void race_machine_crash(race_machine *m);

/* Did it happen before what the process of `now` does at that moment? */
bool race_machine_is_before(const race_machine *m, const race_access *earlier,
                            const race_access *now);
const char *race_machine_name(const race_machine *m, uint32_t object);
bool race_machine_is_file(const race_machine *m, uint32_t object);
bool race_machine_is_full(const race_machine *m);

#endif
