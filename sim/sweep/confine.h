/*
 * A worker runs modules and scenarios: whatever they do, it must not get beyond its process. Limits
 * of the operating system, and where Linux has them Landlock (no file is written) and seccomp (no
 * sockets, no other programs). A second line: modules have no library to call, Lua is sandboxed.
 */
#ifndef DASIM_SWEEP_CONFINE_H
#define DASIM_SWEEP_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct run_limits {
    int64_t cpu_ms;  /* of processor time, for one run and its scenario's loading */
    uint64_t memory; /* bytes of address space of a worker */
} run_limits;

enum { CONFINE_NO_MEMORY = 77 }; /* exit status of a process that used its memory up */

/* For good. What the system does not have is left out. */
void confine_process(const run_limits *limits);
/* From now on: SIGPROF ends the process when cpu_ms are used up. 0: no limit. */
void confine_time(int64_t cpu_ms);

#endif
