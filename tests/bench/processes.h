/* What processes cost: rows of the benchmark. */
#ifndef TESTS_BENCH_PROCESSES_H
#define TESTS_BENCH_PROCESSES_H

typedef struct process_figures {
    double sleep_ns;         /* of a p:sleep(), its event included */
    double lock_ns;          /* of a blocking call beyond what the same client in C costs */
    double client_ns;        /* of a whole entry of that client: think, acquire, hold, release */
    double many_s, many_mib; /* 100,000 processes: seconds of the processor, memory */
} process_figures;

/* `build`: the build folder. Exits where something cannot be run. */
process_figures measure_processes(const char *build);

#endif
