/* The program itself, from a native trace on disk to a file on disk. */
#include "exports.h"

#include "export/export.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { ROUNDS = 3 };

static const char locks[] =
    "-- A million records of a lock.\n"
    "return scenario { nodes = 20, resources = 4, run = mutex.ricart_agrawala {},\n"
    "links = { latency = exponential(\"2ms\") }, workload = lock_clients {\n"
    "think = exponential(\"100ms\"), hold = \"1ms\", entries = 600 } }\n";

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Seconds of the program; what it prints is dropped. */
static double run(const char *const *words)
{
    GError *error = NULL;
    int status;
    double begin = seconds_now();
    bool ran = g_spawn_sync(NULL, (char **)(uintptr_t)words, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                            NULL, NULL, NULL, &status, &error);
    double spent = seconds_now() - begin;
    if (!ran || !g_spawn_check_wait_status(status, &error)) {
        fprintf(stderr, "bench: %s: %s\n", words[1], error->message);
        exit(4);
    }
    return spent;
}

/* The best of a few: others use this machine, too. */
static double best(const char *const *words)
{
    double least = run(words);
    for (int i = 1; i < ROUNDS; i++) {
        least = MIN(least, run(words));
    }
    return least;
}

static double size_of(const char *file)
{
    struct stat about;
    return stat(file, &about) == 0 ? (double)about.st_size : 0;
}

static double count_lines(const char *file)
{
    FILE *in = fopen(file, "r");
    double lines = 0;
    for (int c = getc(in); c != EOF; c = getc(in)) {
        lines += c == '\n';
    }
    fclose(in);
    return lines;
}

export_figures measure_exports(const char *build)
{
    export_figures f = {0};
    char *program = g_build_filename(build, "dasim", NULL);
    char *scenario = g_build_filename(build, "bench-exports.lua", NULL);
    char *trace = g_build_filename(build, "bench-exports.dtrace", NULL);
    char *out = g_build_filename(build, "bench-exports.out", NULL);
    g_file_set_contents(scenario, locks, -1, NULL);
    run((const char *const[]){program, "run", scenario, "--quiet", "--trace", trace, NULL});
    run((const char *const[]){program, "export", trace, "--to", "text", "-o", out, NULL});
    f.records = count_lines(out);
    f.bytes = size_of(trace) / f.records;
    f.check_s = best((const char *const[]){program, "check-trace", trace, NULL});
    for (size_t i = 0; export_all()[i] && i < EXPORTS_MOST; i++) {
        const char *name = export_all()[i]->name;
        f.name[f.count] = name;
        f.seconds[f.count++] =
            best((const char *const[]){program, "export", trace, "--to", name, "-o", out, NULL});
    }
    g_unlink(scenario);
    g_unlink(trace);
    g_unlink(out);
    g_free(program);
    g_free(scenario);
    g_free(trace);
    g_free(out);
    return f;
}
