/*
 * Many seeds of one scenario: each run must be as the scenario expects. Links the simulator, so
 * that a run costs neither a process nor the loading of a module.
 *
 *   soak SCENARIO FIRST LAST [JOBS]
 *
 * Prints the first seeds that fail, each with its reason and the command that repeats it, and a
 * line that counts. Status 1 where a run failed. Job number j takes the seeds that are j mod JOBS.
 */
#include "run/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHOWN_MOST = 5, JOBS_MOST = 64 };

static void complain(const char *file, uint64_t seed, const char *what, const char *reason)
{
    printf("  %s: %s\n    repeat it: dasim run %s --seed %" PRIu64 "\n", what,
           reason ? reason : "the expected violation did not show", file, seed);
}

/* True where all is as expected. */
static bool judge(const char *file, const run_result *r, bool show)
{
    if (run_exit_status(r) == 0) {
        return true;
    }
    if (show && r->explanation) {
        complain(file, r->seed, "ended early", r->explanation);
    }
    for (guint i = 0; show && i < r->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(r->verdicts, run_verdict, i);
        if (!v->met) {
            complain(file, r->seed, v->property->name, v->finding.reason);
        }
    }
    return false;
}

static bool run_seed(const char *file, uint64_t seed, catalogue *modules, bool show)
{
    GError *error = NULL;
    run_options how;
    run_options_init(&how);
    scenario *s = scenario_load(file, NULL, 0, seed, modules, NULL, &error);
    run_result *r = s ? run_scenario(s, seed, &how, &error) : NULL;
    if (r == NULL) {
        fprintf(stderr, "soak: %s\n", error->message);
        exit(2);
    }
    bool good = judge(file, r, show);
    run_result_free(r);
    scenario_free(s);
    return good;
}

/* How many failed, at most 255: that is an exit status. */
static int run_job(const char *file, uint64_t first, uint64_t last, uint64_t step)
{
    const char *const nowhere[] = {NULL};
    catalogue *modules = catalogue_new(nowhere);
    int failed = 0;
    for (uint64_t seed = first; seed <= last; seed += step) {
        failed += !run_seed(file, seed, modules, failed < SHOWN_MOST) && failed < 255;
    }
    catalogue_free(modules);
    return failed;
}

static int wait_for(int jobs)
{
    int failed = 0, status;
    for (int i = 0; i < jobs; i++) {
        if (wait(&status) < 0 || !WIFEXITED(status)) {
            printf("  a job ended by a signal\n");
            failed++;
        } else {
            failed += WEXITSTATUS(status);
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: soak SCENARIO FIRST LAST [JOBS]\n");
        return 2;
    }
    uint64_t first = strtoull(argv[2], NULL, 10), last = strtoull(argv[3], NULL, 10);
    int jobs = argc == 5 ? CLAMP(atoi(argv[4]), 1, JOBS_MOST) : 1;
    script_self_test();
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < jobs; i++) {
        pid_t child = fork();
        if (child == 0) {
            exit(run_job(argv[1], first + (uint64_t)i, last, (uint64_t)jobs));
        }
        if (child < 0) {
            perror("soak: fork");
            return 70;
        }
    }
    int failed = wait_for(jobs);
    printf("%s: %" PRIu64 " runs, %d failed\n", argv[1], last - first + 1, failed);
    return failed > 0;
}
