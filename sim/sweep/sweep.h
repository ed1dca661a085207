/* A sweep from its options to its results database. */
#ifndef DASIM_SWEEP_SWEEP_H
#define DASIM_SWEEP_SWEEP_H

#include "sweep/crew.h"
#include "sweep/grid.h"
#include "sweep/pool.h"
#include "sweep/store.h"

#include <signal.h>

typedef struct sweep_progress {
    uint64_t total, skipped, finished; /* runs: wanted; done before; done now */
    uint64_t failures;                 /* ... of these without a result */
    uint64_t violated;                 /* done now: a verdict is not as it was asked for */
    uint64_t events;                   /* of all that were done now */
} sweep_progress;

/* Workers that are not processes of this machine. */
typedef struct sweep_crowd {
    uint32_t slots;
    void (*start)(void *self, crew *c);
    bool (*step)(void *self, int ms, char **refusal); /* as pool_step() */
    void *self;
} sweep_crowd;

typedef struct sweep_options {
    const char *file; /* of the scenario */
    const grid *grid;
    const char *const *path; /* folders with modules, NULL-ended */
    const char *database;    /* NULL: kept in memory, and gone at the end */
    uint32_t jobs;           /* workers, 1 or more */
    uint32_t shard, shards;  /* 0 .. shards - 1 */
    run_limits limits;
    uint32_t precision_ppm; /* 0: all seeds; else a cell ends when each interval of `measures` is
                             * as narrow as that, relative to its mean; not with shards */
    const char *const *measures; /* NULL-ended: of `precision_ppm`; NULL: the usual time */
    const char *compare;         /* an axis whose values are compared in the table; NULL: none */
    bool retry;                  /* what failed before is done again */
    pool *pool;                  /* forked already; is freed. NULL: the sweep forks one */
    const sweep_crowd *crowd;    /* who runs instead of the pool; NULL: the pool */
    const volatile sig_atomic_t *interrupted; /* ends the sweep soon after it was set */
    void (*on_progress)(void *context, const sweep_progress *p); /* about ten times a second */
    void *context;
} sweep_options;

typedef struct sweep {
    sweep_progress progress;
    store *store;      /* NULL: it could not be opened */
    GArray *cells;     /* int64_t: ids in the database, in the order of the grid */
    GPtrArray *labels; /* char *, in the same order */
    int status;        /* EXIT status: 0, or 2, 4, 70 where the sweep could not go on */
    char *refusal;     /* why not: one line; else NULL */
    bool interrupted;
} sweep;

/* What the nursery of such a sweep needs to know. */
void sweep_nursery(const sweep_options *options, nursery_config *config);

/* Runs what is missing. The caller looks at the database, then calls sweep_clear(). */
void sweep_run(const sweep_options *options, sweep *s);
/* Commits, closes. False, and a refusal, where the last results could not be written. */
bool sweep_close(sweep *s);
void sweep_clear(sweep *s);

/* What is to be said at the end: 5 some runs failed, 1 a verdict is not what was asked for, 3 one
 * is inconclusive; over all results of the cells of this sweep. */
int sweep_exit_status(sweep *s);

#endif
