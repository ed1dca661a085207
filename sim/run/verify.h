/* The same scenario, several times, in different ways: do all give the same digest? */
#ifndef DASIM_RUN_VERIFY_H
#define DASIM_RUN_VERIFY_H

#include "run/run.h"

typedef struct verify_way {
    const char *name; /* "again", ... */
    digest_value digest;
    uint64_t events, records;
} verify_way;

enum { VERIFY_WAYS = 4 };

typedef struct verify_result {
    verify_way ways[VERIFY_WAYS]; /* the first is the run that the others are compared with */
    bool same;
    int differing;       /* the first way that differs; -1: none */
    char *first, *other; /* first differing record as JSON Lines; NULL where records are the same,
                          * or one run has no more */
} verify_result;

/* Plain; once more; without observers; saved in the middle and restored into another world. `load`
 * gives the scenario anew each time, because its functions may remember what they saw; NULL ends
 * it. False where the scenario could not be loaded (no error set) or run (as in run_scenario). */
bool verify_scenario(scenario *(*load)(void *context), void *context, uint64_t seed,
                     const volatile sig_atomic_t *interrupted, verify_result *result,
                     GError **error);
void verify_clear(verify_result *result);

#endif
