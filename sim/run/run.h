/*
 * One run: scenario + seed -> result. Wires world, drivers, observers and properties.
 *
 * Phases: until `duration` (or until the workload is complete and no fault is to come); then, where
 * requests are still waiting, faults stop, the network heals, clients ask nothing new, and the run
 * goes on until all is still or `settle` has passed. Then the properties are judged.
 */
#ifndef DASIM_RUN_RUN_H
#define DASIM_RUN_RUN_H

#include "check/property.h"
#include "observe/metrics.h"
#include "observe/text_trace.h"
#include "script/scenario.h"

#include <glib.h>

typedef enum run_status {
    RUN_DONE,
    RUN_LIMIT,   /* too many events, or time did not advance: inconclusive */
    RUN_CHECK,   /* an algorithm's DASIM_CHECK failed */
    RUN_CALLBACK /* a function of the scenario failed: see `error` */
} run_status;

typedef struct run_verdict {
    const property *property;
    finding finding;
    enum { ASKED_NOT, ASKED_HOLDS, ASKED_FAILS } asked; /* by `expect`, or by the promise of the
                                                         * top algorithm: ASKED_HOLDS */
    bool met; /* the finding is what was asked for; true where nothing was */
} run_verdict;

typedef struct run_options {
    bool digest;              /* default on */
    const char *interrupted;  /* reserved */
    FILE *trace;              /* NULL: none */
    trace_format trace_format;
    bool save_restore;        /* save, scramble and restore the world in the middle: for tests */
    bool observers;           /* metrics and properties; default on */
} run_options;

typedef struct run_result {
    run_status status;
    char *explanation; /* of a status that is not RUN_DONE: one sentence; else NULL */
    uint64_t seed, events, records;
    int64_t ended_at;
    digest_value digest;
    metrics *metrics;
    GArray *verdicts; /* run_verdict, sorted by name */
    bool trace_failed;
    int trace_errno;
} run_result;

void run_options_init(run_options *options);

/* NULL and an error where the scenario cannot be run (world_new refused it) or a function of the
 * scenario failed. The world lives as long as the result: run_result_free. */
run_result *run_scenario(scenario *s, uint64_t seed, const run_options *options, GError **error);
void run_result_free(run_result *result);

/* Exit status of `dasim run`: 0 as expected, 1 a verdict was not met or a check failed, 3
 * inconclusive. */
int run_exit_status(const run_result *result);

#endif
