/*
 * How long is the warm-up of a scenario? The waiting times of a lock, or the times of accesses to a
 * memory, in the order of the requests, averaged over runs (P. Welch's way to see through noise: A.
 * Law, "Simulation Modeling and Analysis", 5th ed., 2015, 9.5.1), cut by MSER-5 (statistics.h).
 * What comes out is for the scenario's `warm_up`: data that a sweep repeats, not a choice that each
 * run makes for itself.
 */
#ifndef DASIM_SWEEP_WARM_UP_H
#define DASIM_SWEEP_WARM_UP_H

#include "sweep/statistics.h"

#include "run/run.h"

typedef struct warm_up warm_up;

warm_up *warm_up_new(void);
void warm_up_free(warm_up *w);

/* Runs the scenario and keeps its series. False where it cannot be run (error), or was interrupted
 * (none). What the scenario itself leaves out counts, too. */
bool warm_up_add_run(warm_up *w, scenario *s, uint64_t seed,
                     const volatile sig_atomic_t *interrupted, GError **error);

typedef struct warm_up_finding {
    size_t runs, length; /* length: of the shortest series */
    size_t cut;    /* so many values are left out; `length`: the series are too short to tell */
    int64_t until; /* ns: by then each run had made that many requests; rounded up to two
                          * digits */
    estimate whole, rest; /* mean, ns: of all, and of requests from `until` on */
} warm_up_finding;

void warm_up_judge(const warm_up *w, warm_up_finding *f);

#endif
