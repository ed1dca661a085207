/*
 * Whole runs of small scenarios, without properties and metrics: processes that sleep in turn; one
 * that locks and unlocks on the coordinator's own node, against the lock client in C that does the
 * same (they leave the same records); and a hundred thousand in one run of the program.
 */
#include "processes.h"

#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 5, ENTRIES = 200000, SLEEPS = 400000, BLOCKING_CALLS_OF_AN_ENTRY = 3 };

static const char sleeping[] =
    "-- Two that sleep in turn.\n"
    "local function body(p) for _ = 1, 200000 do p:sleep(\"2us\") end end\n"
    "return scenario { nodes = 2, run = mutex.coordinator {}, processes = { process(0, body),\n"
    "process(1, function(p) p:sleep(\"1us\") body(p) end) } }\n";

static const char locking[] =
    "-- Locks and unlocks where the coordinator is.\n"
    "return scenario { nodes = 1, run = mutex.coordinator {}, processes = { process(0,\n"
    "function(p) for _ = 1, 200000 do p:sleep(\"1us\") p:lock(0) p:sleep(\"1us\") p:unlock(0)\n"
    "end end) } }\n";

static const char client[] =
    "-- The same by a lock client.\n"
    "return scenario { nodes = 1, run = mutex.coordinator {}, workload = lock_clients {\n"
    "think = \"1us\", hold = \"1us\", entries = 200000 } }\n";

static const char many[] =
    "-- A hundred thousand.\n"
    "local function body(p)\n"
    "p:sleep(uniform(\"0s\", \"1s\"))\n"
    "p:lock(p.node % 10) p:sleep(\"1us\") p:unlock(p.node % 10) end\n"
    "local all = {}\n"
    "for i = 1, 100000 do all[i] = process((i - 1) % 1000, body) end\n"
    "return scenario { nodes = 1000, resources = 10, run = mutex.coordinator {},\n"
    "processes = all }\n";

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, by_value);
    return values[ROUNDS / 2];
}

static char *write_scenario(const char *text)
{
    char *name = NULL;
    int file = g_file_open_tmp("dasim-bench-XXXXXX.lua", &name, NULL);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text)) {
        fprintf(stderr, "bench: cannot write a scenario\n");
        exit(4);
    }
    close(file);
    return name;
}

/* Seconds of one run. */
static double run_once(const char *build, const char *text)
{
    char *folder = g_build_filename(build, "modules", NULL), *name = write_scenario(text);
    const char *const path[] = {folder, NULL};
    catalogue *modules = catalogue_new(path);
    GError *error = NULL;
    scenario *s = scenario_load(name, NULL, 0, 1, modules, NULL, &error);
    run_options o;
    run_options_init(&o);
    o.observers = false;
    double begin = cpu_seconds();
    run_result *r = s ? run_scenario(s, 1, &o, &error) : NULL;
    double took = cpu_seconds() - begin;
    if (r == NULL || r->status != RUN_DONE) {
        fprintf(stderr, "bench: %s\n", error ? error->message : r->explanation);
        exit(4);
    }
    run_result_free(r);
    scenario_free(s);
    catalogue_free(modules);
    unlink(name);
    g_free(name);
    g_free(folder);
    return took;
}

/* In a process of its own, as a user would. */
static void measure_many(const char *build, process_figures *f)
{
    char *program = g_build_filename(build, "dasim", NULL), *name = write_scenario(many);
    struct rusage used;
    int status;
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, "run", name, "--quiet", (char *)NULL);
        _exit(4);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0) {
        fprintf(stderr, "bench: cannot run a hundred thousand processes\n");
        exit(4);
    }
    f->many_s = (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec * 1e-6 +
                (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec * 1e-6;
    f->many_mib = (double)used.ru_maxrss / 1024;
    unlink(name);
    g_free(name);
    g_free(program);
}

process_figures measure_processes(const char *build)
{
    double sleeps[ROUNDS], clients[ROUNDS], calls[ROUNDS];
    process_figures f;
    measure_many(build, &f);
    for (int i = 0; i < ROUNDS; i++) {
        sleeps[i] = run_once(build, sleeping) * 1e9 / SLEEPS;
        clients[i] = run_once(build, client) * 1e9 / ENTRIES;
        double entry = run_once(build, locking) * 1e9 / ENTRIES;
        calls[i] = (entry - clients[i]) / BLOCKING_CALLS_OF_AN_ENTRY;
    }
    f.sleep_ns = median(sleeps);
    f.client_ns = median(clients);
    f.lock_ns = median(calls);
    return f;
}
