/*
 * All properties at once: those that say something about a world watch it, live or replayed, and
 * are judged at its end against what the scenario asks for.
 */
#ifndef DASIM_RUN_VERDICTS_H
#define DASIM_RUN_VERDICTS_H

#include "check/property.h"
#include "script/scenario.h"

#include <glib.h>

typedef enum run_status {
    RUN_DONE,
    RUN_LIMIT,      /* too many events, or time did not advance: inconclusive */
    RUN_CHECK,      /* an algorithm's DASIM_CHECK failed */
    RUN_CALLBACK,   /* a function of the scenario failed */
    RUN_INTERRUPTED /* run_options.interrupted was set */
} run_status;

typedef struct run_verdict {
    const property *property;
    finding finding;
    enum {
        ASKED_NOT,
        ASKED_HOLDS,
        ASKED_FAILS
    } asked;  /* by `expect`, or by the promise of an algorithm that clients use: ASKED_HOLDS */
    bool met; /* the finding is what was asked for; true where nothing was */
} run_verdict;

typedef struct judges judges;

judges *judges_new(const world *w);
void judges_free(judges *j); /* NULL is allowed */
/* Before the world starts; they hold no world and may go on with another that was restored. */
void judges_observe(const judges *j, world *w);
/* Once, at the end; appends to `verdicts`, sorted by name. A property that says nothing about such
 * a world, but was asked for, is inconclusive: to leave it out would look like success. */
void judges_judge(judges *j, const world *w, run_end end, const expectation *expectations,
                  size_t count, GArray *verdicts);

GArray *verdicts_new(void); /* of run_verdict */
void verdicts_free(GArray *verdicts);

/* "holds", "violated", "inconclusive". */
const char *verdict_name(verdict v);

/* What `dasim run` exits with: see run_exit_status(). */
int verdicts_exit_status(run_status status, const GArray *verdicts);

#endif
