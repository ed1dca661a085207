/*
 * A world with the drivers that act on it: what a run needs twice when it is saved in the middle
 * and goes on in another world. Private to sim/run.
 */
#ifndef DASIM_RUN_SESSION_H
#define DASIM_RUN_SESSION_H

#include "script/scenario.h"

typedef struct session {
    world *world;
    client_load *load;     /* the workload; NULL: none */
    processes *processes;  /* NULL: none */
    client_load *loads[2]; /* those of these that are there */
    uint32_t load_count;
    faults *faults;
    scenario *scenario;
    uint32_t watcher; /* number of the driver that runs on() functions */
    GArray *chaos;   /* fault: those of the scenario, then those that were drawn; NULL: none were */
    GArray *actions; /* that the functions asked for and that wait for the event's end */
    bool failed;     /* a function of the scenario failed */
} session;

/* `chaos`: kinds of faults that are drawn besides (drive/chaos.h); 0: none. NULL and a message (see
 * world_new) where the scenario cannot be a world. */
session *session_new(scenario *s, uint64_t seed, uint32_t chaos, const char **refusal);
void session_free(session *s); /* NULL is allowed */

/* All clients: have they done all that they were to do? Never, where there are none. */
bool session_is_complete(const session *s);
/* Does none of them wait for anything, nor hold anything? */
bool session_is_idle(const session *s);
/* From now on they ask for nothing new. */
void session_drain(session *s);

#endif
