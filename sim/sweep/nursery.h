/*
 * The nursery: a small process, forked before anything grows, that plans the sweep (loads each cell
 * once) and then forks workers when it is asked to. Workers inherit its modules and files: none of
 * them reads or loads anything again; and forking a small process is cheap. What dies is noticed
 * by the nursery and told.
 *
 *     sweep --- nursery --+-- worker       each worker has a socket of its own
 *        \                +-- worker       to the sweep
 *         +----- results --'
 */
#ifndef DASIM_SWEEP_NURSERY_H
#define DASIM_SWEEP_NURSERY_H

#include "sweep/cells.h"
#include "sweep/confine.h"

#include <sys/types.h>

typedef struct nursery_config {
    const char *file;
    const grid *grid;
    const char *const *path; /* of modules, NULL-ended */
    run_limits limits;
} nursery_config;

typedef struct nursery {
    pid_t pid;
    int socket; /* to be polled; FRAME_CELL for each cell, FRAME_PLANNED or FRAME_REFUSED, then
                 * FRAME_DIED for each worker */
    inbox in;
} nursery;

/* Forks it. False with errno. The configuration is copied by the fork. */
bool nursery_start(nursery *n, const nursery_config *config);
/* A worker with this number; *socket is the end that results come from, units go to. False where
 * the nursery is dead. */
bool nursery_spawn(nursery *n, uint32_t slot, int *socket);
/* All workers and the nursery end, once their sockets are closed; does not return before. */
void nursery_stop(nursery *n);

#endif
