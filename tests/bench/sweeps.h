/* Runs a second of a sweep, with all properties, measures and its database. */
#ifndef DASIM_BENCH_SWEEPS_H
#define DASIM_BENCH_SWEEPS_H

typedef struct sweep_figures {
    double one_core, two_cores; /* runs a second, of so many processors; 0: there is but one */
    double run_us;              /* of processor time for a run, everything included */
    double kernel_us;           /* of that: the simulation itself, without observers */
} sweep_figures;

/* `build`: where modules/ lies; `database`: a file that is made and removed. */
sweep_figures measure_sweeps(const char *build, const char *database);

#endif
