/*
 * Who has which runs: one slot for each worker, wherever it is. Frames come in and go out as bytes;
 * how they travel is the business of pool.h (processes of this machine) and mpi.c.
 */
#ifndef DASIM_SWEEP_CREW_H
#define DASIM_SWEEP_CREW_H

#include "sweep/frames.h"
#include "sweep/result.h"
#include "sweep/work.h"
#include "sweep/worker.h"

/* What becomes of results; false: the sweep ends (a database that cannot be written). */
typedef struct crew_events {
    bool (*on_result)(void *context, uint32_t cell, const result *r, const void *packed,
                      size_t size);
    bool (*on_failure)(void *context, uint32_t cell, uint64_t seed, failure_kind kind,
                       const char *reason);
    void *context;
} crew_events;

typedef struct crew crew;

crew *crew_new(work *w, uint32_t slots, const run_limits *limits, const crew_events *events);
void crew_free(crew *c);

/* The next unit for a slot, as a frame; false where it should get none now: it has enough, or
 * nothing is left. A slot has at most two units, so that it never waits for the next one. */
bool crew_feed(crew *c, uint32_t slot, GByteArray *out);
/* What a slot sent. False where it is damaged (the worker should be ended: crew_died()), or, with
 * *over, where the sweep ends. */
bool crew_hear(crew *c, uint32_t slot, frame *f, bool *over);
/* Its worker is gone, everything that it sent was heard. `status`: of waitpid(). False: the sweep
 * ends. A slot whose worker died starts again empty. */
bool crew_died(crew *c, uint32_t slot, int status);
bool crew_is_busy(const crew *c, uint32_t slot);
bool crew_is_over(const crew *c); /* nothing is left to do */
/* Deaths in a row without a single run in between. */
uint32_t crew_vain_deaths(const crew *c);

#endif
