/*
 * A worker: a process that runs what it is told to, and sends what came out. It ends when its
 * socket is closed. It may die at any time, by a module or by somebody's hand: what it did not send
 * counts as not done.
 */
#ifndef DASIM_SWEEP_WORKER_H
#define DASIM_SWEEP_WORKER_H

#include "sweep/cells.h"
#include "sweep/confine.h"

/* Why there is no result. Written into databases: the numbers stay. */
typedef enum failure_kind {
    FAILURE_CRASHED = 1, /* by a signal */
    FAILURE_HANGS,       /* more processor time than a run may take */
    FAILURE_MEMORY,      /* more memory */
    FAILURE_KILLED,      /* by somebody else, again and again */
    FAILURE_SCENARIO,    /* it cannot be loaded or run, or a function of it failed */
    FAILURE_KINDS
} failure_kind;
const char *failure_name(failure_kind kind); /* "crashed" */

/* Frames of a unit: cell, how many seeds, the first seed, how far each next one is behind. Answered
 * by one FRAME_RESULT (cell, then the packed result) or FRAME_FAILED for each, in their order. */
void worker_run(loader *l, int socket, const run_limits *limits);

#endif
