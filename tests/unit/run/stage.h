/* Scenarios written in a test, run as dasim would. */
#ifndef TESTS_UNIT_RUN_STAGE_H
#define TESTS_UNIT_RUN_STAGE_H

#include "run/report.h"
#include "run/run.h"

typedef struct outcome {
    scenario *scenario;
    run_result *result;
} outcome;

/* Runs a scenario; the test fails where it cannot be loaded. The modules of the build. */
outcome perform(const char *text, uint64_t seed, const run_options *options);
void outcome_clear(outcome *o);

scenario *scenario_of_text(const char *text, uint64_t seed);
const run_verdict *verdict_of(const outcome *o, const char *name);

#endif
