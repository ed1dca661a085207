/* The workers of this machine: a nursery (nursery.h), and a socket to each worker. */
#ifndef DASIM_SWEEP_POOL_H
#define DASIM_SWEEP_POOL_H

#include "sweep/crew.h"
#include "sweep/nursery.h"

typedef struct pool pool;

/* Forks the nursery: before anything else of the process is opened. NULL with errno. */
pool *pool_new(const nursery_config *config);
/* What the nursery found out: one of these for each cell, in order. False where the sweep cannot
 * be: one line is to be said, *status is what to exit with (as in dasim run). */
bool pool_plan(pool *p, void (*on_cell)(void *context, uint32_t cell, cell_facts *facts),
               void *context, char **refusal, int *status);
digest_value pool_digest(const pool *p); /* of all keys that were planned */
/* Starts so many workers for the crew. */
void pool_start(pool *p, crew *c, uint32_t jobs);
/* Waits up to `ms` for something, and deals with it. False: the sweep ends, *refusal says why where
 * it is the workers' fault, else it is NULL. */
bool pool_step(pool *p, int ms, char **refusal);
nursery *pool_nursery(pool *p); /* for who asks it for workers by himself */
void pool_free(pool *p);        /* ends all workers */

#endif
