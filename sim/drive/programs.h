/*
 * Programs: on each node that has one, a list of steps, each begun when the one before is done.
 * They begin when their node boots for the first time. A process that has crashed is gone: its
 * program does not go on when the node recovers. One kind of load: drive/load.h.
 */
#ifndef DASIM_DRIVE_PROGRAMS_H
#define DASIM_DRIVE_PROGRAMS_H

#include "drive/load.h"

typedef enum step_kind { STEP_READ, STEP_WRITE, STEP_WAIT } step_kind;

typedef struct program_step {
    step_kind kind;
    uint32_t object; /* READ, WRITE */
    uint64_t value;  /* WRITE */
    int64_t wait;    /* WAIT: ns of true time */
    int line;        /* of the scenario, for messages */
} program_step;

typedef struct program {
    uint32_t node, count;
    const program_step *steps;
} program;

typedef struct programs_config {
    const program *programs; /* ascending nodes, each once */
    uint32_t count;
} programs_config;

/* Registers itself as a driver. `config` is a programs_config; it is copied, its pointers borrowed.
 * The outcome is what each READ step read, in the order of nodes and steps. */
client_load *programs_make(world *w, const void *config);
bool programs_has_client(const void *config, uint32_t node);

#endif
