/*
 * Between the judge of costs (complexity.c) and the experiments (complexity_*.c).
 */
#ifndef DASIM_SWEEP_COMPLEXITY_INTERNAL_H
#define DASIM_SWEEP_COMPLEXITY_INTERNAL_H

#include "sweep/complexity.h"
#include "sweep/statistics.h"

#include "run/run.h"

/* T and E, ns. */
#define COST_DELAY DASIM_MS
#define COST_HOLD (10 * DASIM_MS)

/* One formula under test. */
typedef struct cost_bench {
    catalogue *modules;
    const dasim_algorithm *algorithm;
    const dasim_cost *cost;
    bool is_saturated;
    const volatile sig_atomic_t *interrupted; /* or NULL */
    GHashTable *known; /* of the experiments on this algorithm: name (g_free) -> what a run gave
                        * (g_free), where several formulas want to know it */
} cost_bench;

/* What one run gave: sum and number of what was measured, and the least and the most of it alone.
 * Of sums only: least and most are sum / number, rounded down and up. */
typedef struct cost_sample {
    observation sum;
    int64_t least, most;
} cost_sample;

/* What can be measured of a service. `measure` as modules write it; a '*' at its begin stands for
 * the name of a message. */
typedef struct cost_method {
    dasim_service service;
    const char *measure;
    bool is_time;
    bool knows_load; /* idle and saturated are different */
    uint32_t least_nodes;
    /* Number of runs that there are to do; 0: as many as are needed, each by chance; NULL: one. */
    uint64_t (*runs)(const cost_bench *b, uint32_t n);
    /* Run number 0, 1, ... False: *trouble (g_free) says why it says nothing. */
    bool (*measure_run)(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                        char **trouble);
} cost_method;

/* Ended by one without measure. */
extern const cost_method cost_methods_of_deadlocks[], cost_methods_of_elections[],
    cost_methods_of_locks[], cost_methods_of_memories[], cost_methods_of_transports[];

void cost_sample_add(cost_sample *s, int64_t value);
/* A sample that is known as a sum only. */
cost_sample cost_sample_of(int64_t sum, int64_t count);

bool cost_has_param(const dasim_algorithm *a, const char *name);

/* Runs a scenario that is given as a text. NULL where its expectations were not met: *trouble. */
typedef struct cost_stage {
    scenario *scenario;
    run_result *result;
} cost_stage;
bool cost_stage_run(const cost_bench *b, const char *text, uint64_t seed, const observer *watch,
                    cost_stage *stage, char **trouble);
void cost_stage_clear(cost_stage *stage);
/* Messages of one type, by name. */
int64_t cost_stage_sent(const cost_stage *stage, const char *message);

/* "service.name { more }" */
char *cost_run_words(const cost_bench *b, const char *more);

#endif
