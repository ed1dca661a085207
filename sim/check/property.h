/*
 * Properties: what must hold, judged from the records alone. One property a file; this header is
 * how the others use them.
 *
 * A safety property is violated at a record and stays so. A liveness property is judged at the end
 * of a run in which faults stopped, the network healed, and time was given.
 */
#ifndef DASIM_CHECK_PROPERTY_H
#define DASIM_CHECK_PROPERTY_H

#include "kernel/world.h"

#include <glib.h>
#include <inttypes.h>
#include <stdbool.h>

typedef enum verdict {
    VERDICT_HOLDS,
    VERDICT_VIOLATED,
    VERDICT_INCONCLUSIVE /* a limit was reached before it could be judged */
} verdict;

typedef struct finding {
    verdict verdict;
    uint64_t record; /* where it was violated first; 0: none */
    int64_t at;      /* true time of that */
    char *reason;    /* one sentence that names nodes and times; NULL where it holds and there is
                      * nothing else to tell */
} finding;

void finding_clear(finding *f);

/* How the run ended, for liveness: */
typedef struct run_end {
    bool settled; /* faults stopped, network healed, clients asked nothing new, and time was given
                   * until nothing happened any more or `settle` had passed */
} run_end;

typedef struct property {
    const char *name;      /* "mutual_exclusion" */
    const char *statement; /* one line: what must hold */
    const char *reference; /* where it is defined */
    bool liveness;
    bool reads_state;      /* not records alone: it looks at world_state() as well */
    dasim_service service; /* whose histories it judges */
    bool (*applies)(const world_config *config); /* ... in such worlds only; NULL: in all */
    void *(*make)(const world *w);
    void (*on_record)(void *self, const world *w, const record *r);
    void (*judge)(void *self, const world *w, run_end end, finding *result);
    void (*destroy)(void *self);
} property;

extern const property agreement_on_leader;
extern const property bounded_bypass;
extern const property coherent;
extern const property deadlock_detected;
extern const property every_access_completed;
extern const property every_request_granted;
extern const property fencing_safe;
extern const property granted_in_order;
extern const property linearizable;
extern const property mutual_exclusion;
extern const property no_deadlock;
extern const property no_phantom_deadlock;
extern const property one_leader_per_term;
extern const property race_free;
extern const property sequentially_consistent;
extern const property single_token;
extern const property single_writer_or_readers;

/* Times in sentences: "1.234567890". True time is never negative. */
#define SECONDS "%" PRId64 ".%09" PRId64
#define SECONDS_OF(ns) (ns) / 1000000000, (ns) % 1000000000

/* All of them, sorted by name; NULL-ended. */
const property *const *property_all(void);
const property *property_find(const char *name); /* NULL: unknown */

#endif
