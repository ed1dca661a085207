/* What exports of a million records cost: rows of the benchmark. */
#ifndef TESTS_BENCH_EXPORTS_H
#define TESTS_BENCH_EXPORTS_H

#include <stddef.h>

enum { EXPORTS_MOST = 32 };

typedef struct export_figures {
    double records;
    double bytes;   /* a record of the native trace, states included */
    double check_s; /* all properties once more */
    size_t count;   /* of formats */
    const char *name[EXPORTS_MOST];
    double seconds[EXPORTS_MOST]; /* of the program, from a native trace to a file */
} export_figures;

/* `build`: the build folder. Exits where something cannot be run. */
export_figures measure_exports(const char *build);

#endif
