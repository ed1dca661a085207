/* The process is bound to one processor, then to two: workers and the writer share them. */
#define _GNU_SOURCE
#include "sweeps.h"

#include "run/run.h"
#include "sweep/sweep.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { RUNS = 40000, KERNEL_RUNS = 4000, TRIALS = 2 };

static const char file[] = "tests/bench/sweep.lua";

static double seconds_of(int who)
{
    struct rusage used;
    getrusage(who, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

static double processor_time(void)
{
    return seconds_of(RUSAGE_SELF) + seconds_of(RUSAGE_CHILDREN);
}

static void bind_to(int processors)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < processors; i++) {
        CPU_SET(i, &set);
    }
    sched_setaffinity(0, sizeof set, &set);
}

static void remove_database(const char *database)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        char *name = g_strconcat(database, ends[i], NULL);
        g_unlink(name);
        g_free(name);
    }
}

/* Runs a second; processor time of a run in *run_us. */
static double sweep_once(const char *const *path, const char *database, uint32_t jobs,
                         double *run_us)
{
    grid *g = grid_new();
    sweep s;
    char *seeds = g_strdup_printf("1..%d", RUNS);
    grid_set_seeds(g, seeds, NULL);
    sweep_options o =
        {.file = file, .grid = g, .path = path, .database = database, .jobs = jobs, .shards = 1};
    remove_database(database);
    double before = processor_time();
    gint64 begin = g_get_monotonic_time();
    sweep_run(&o, &s);
    sweep_close(&s);
    double seconds = (double)(g_get_monotonic_time() - begin) * 1e-6;
    *run_us = (processor_time() - before) * 1e6 / RUNS;
    if (s.refusal || s.progress.finished != RUNS) {
        fprintf(stderr, "bench: %s\n", s.refusal ? s.refusal : "a sweep has not come to its end");
        exit(1);
    }
    sweep_clear(&s);
    grid_free(g);
    g_free(seeds);
    remove_database(database);
    return RUNS / seconds;
}

/* Processor time of a run that nobody watches. */
static double measure_kernel(const char *const *path)
{
    catalogue *modules = catalogue_new(path);
    scenario *of = scenario_load(file, NULL, 0, 1, modules, NULL, NULL);
    run_options how;
    run_options_init(&how);
    how.observers = false;
    double before = processor_time();
    for (uint64_t seed = 1; seed <= KERNEL_RUNS; seed++) {
        run_result_free(run_scenario(of, seed, &how, NULL));
    }
    double us = (processor_time() - before) * 1e6 / KERNEL_RUNS;
    scenario_free(of);
    catalogue_free(modules);
    return us;
}

sweep_figures measure_sweeps(const char *build, const char *database)
{
    char *folder = g_build_filename(build, "modules", NULL);
    const char *path[] = {folder, NULL};
    sweep_figures f = {.run_us = 1e9};
    cpu_set_t usual;
    sched_getaffinity(0, sizeof usual, &usual);
    for (int trial = 0; trial < TRIALS; trial++) { /* in turn: others use the machine, too */
        double run_us;
        bind_to(1);
        f.one_core = MAX(f.one_core, sweep_once(path, database, 1, &run_us));
        f.run_us = MIN(f.run_us, run_us);
        if (CPU_COUNT(&usual) > 1) {
            bind_to(2);
            f.two_cores = MAX(f.two_cores, sweep_once(path, database, 2, &run_us));
        }
    }
    sched_setaffinity(0, sizeof usual, &usual);
    f.kernel_us = measure_kernel(path);
    g_free(folder);
    return f;
}
