/*
 * One run: scenario + seed -> result. Wires world, drivers, observers and properties.
 *
 * Phases: until `duration`, or until the workload is complete and no fault is to come; then, where
 * clients still wait or some component provides an election, faults stop, the network heals,
 * clients ask nothing new, and the run goes on until all are served (not so with an election),
 * nothing is left to happen or `settle` has passed. Then the properties are judged.
 */
#ifndef DASIM_RUN_RUN_H
#define DASIM_RUN_RUN_H

#include "observe/metrics.h"
#include "observe/notes.h"
#include "observe/text_trace.h"
#include "run/verdicts.h"
#include "script/scenario.h"

#include <glib.h>
#include <signal.h>

enum { RUN_WATCHERS_MOST = 16 };

struct run_result;

/* Who else watches, and is told before and after, if it wants to be (NULL: not). `begin`: the world
 * has not started. `end`: all of the result is there. */
typedef struct run_watcher {
    void *self;
    void (*begin)(void *self, const scenario *s, const world *w, uint64_t seed);
    void (*on_record)(void *self, const world *w, const record *r);
    void (*end)(void *self, const scenario *s, const struct run_result *result);
} run_watcher;

typedef struct run_options {
    const run_watcher *watchers; /* at most RUN_WATCHERS_MOST */
    size_t watcher_count;
    FILE *trace; /* NULL: none; stays the caller's */
    trace_format trace_format;
    uint64_t restore_after; /* save the world behind that many events, restore it into another one
                             * and go on with that; 0: never. For tests and `dasim verify` */
    bool observers;         /* metrics and properties; default on */
    uint32_t chaos; /* bits: kinds of faults that are drawn besides (drive/chaos.h); 0: none */
    const volatile sig_atomic_t *interrupted; /* ends the run soon after it was set; or NULL */
} run_options;

/* A process that waits at the end, although faults had stopped and time was given: in vain. */
typedef struct run_wait {
    const char *process; /* its name; lives as long as the scenario, like the other one */
    uint32_t node;
    char *call; /* "p:lock(1)" */
    int line;   /* of the scenario */
    int64_t since;
    const char *holder; /* a process that holds the resource; NULL: no process does */
    uint32_t holder_node;
} run_wait;

typedef struct run_result {
    run_status status;
    char *explanation; /* of a status that is not RUN_DONE: one sentence; else NULL */
    uint64_t seed, events, records, faults;
    int64_t ended_at; /* ns */
    bool settled;     /* the second phase took place */
    bool ran_dry;     /* it ended because nothing was left to happen */
    digest_value digest;
    metrics *metrics; /* NULL without observers */
    notes *notes;     /* NULL without observers, or without processes */
    GArray *verdicts; /* run_verdict, sorted by name */
    GArray *waits;    /* run_wait, in the order of the processes */
    uint32_t chaos;   /* as in the options */
    char *suffered;  /* {"on":["crash"],"hits":{"crash":{"holding":2}}}, observe/fault_hits.h; NULL:
                     * no chaos */
    int trace_errno; /* 0: the trace was written */
    world *world;    /* as the run left it */
    struct session *session; /* private */
} run_result;

void run_options_init(run_options *options);

/* NULL and an error where the scenario cannot be run: world_new() refused it. */
run_result *run_scenario(scenario *s, uint64_t seed, const run_options *options, GError **error);
/* Before scenario_free(). NULL is allowed. */
void run_result_free(run_result *result);

/* What `dasim run` exits with: 0 as expected, 1 a verdict was not met or a check failed, 2 a
 * function of the scenario failed, 3 inconclusive. */
int run_exit_status(const run_result *result);

#endif
