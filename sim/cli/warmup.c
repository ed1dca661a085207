/* dasim warmup: what of the start of a scenario is to be left out? */
#include "cli/cli.h"

#include "sweep/grid.h"
#include "sweep/warm_up.h"

#include "observe/names.h"

#include <string.h>

static const option options[] = {
    {"seeds", "LIST", "runs to look at, as 1..20; 1..20 if not given"},
    {"set", "NAME=VALUE", "set a param() of the scenario; may be repeated"},
    {0},
};

/* "1300ms", in the greatest unit in which it is whole. */
static char *as_setting(int64_t ns)
{
    static const struct {
        int64_t ns;
        const char *name;
    } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    size_t i = 0;
    while (ns % units[i].ns != 0) {
        i++;
    }
    return g_strdup_printf("%" G_GINT64_FORMAT "%s", ns / units[i].ns, units[i].name);
}

static void append_mean(GString *text, const char *words, estimate e)
{
    g_string_append_printf(text, "  mean %s ", words);
    append_duration(text, (int64_t)e.value);
    if (e.runs > 1) {
        g_string_append(text, ", 95 % interval ");
        append_duration(text, (int64_t)e.low);
        g_string_append(text, " .. ");
        append_duration(text, (int64_t)e.high);
    }
    g_string_append_c(text, '\n');
}

static void append_finding(const char *file, const warm_up_finding *f, GString *text)
{
    g_string_append_printf(text, "%s\n  %zu runs, %zu requests in the shortest\n", file, f->runs,
                           f->length);
    if (f->cut == f->length) {
        g_string_append(text, "  too short to tell where it settles, or it never does\n");
        return;
    }
    append_mean(text, "of all", f->whole);
    if (f->cut == 0) {
        g_string_append(text, "  nothing is to be left out (MSER-5)\n");
        return;
    }
    char *setting = as_setting(f->until);
    append_mean(text, "of the rest", f->rest);
    g_string_append_printf(text, "  the first %zu are to be left out (MSER-5): warm_up = \"%s\"\n",
                           f->cut, setting);
    g_free(setting);
}

/* False: *status says how it ended, and a line went to standard error unless it was interrupted. */
static bool run_all(const arguments *a, const grid *g, warm_up *w, int *status)
{
    bool fine = true;
    catalogue *modules = arguments_catalogue(a);
    for (uint64_t i = 0; fine && i < g->seed_count; i++) {
        GError *error = NULL;
        scenario *s = cli_load(a, modules, grid_seed(g, i), status);
        fine = s && warm_up_add_run(w, s, grid_seed(g, i), &cli_signal, &error);
        if (error) {
            complain("%s", error->message);
            g_error_free(error);
            *status = EXIT_USAGE;
        }
        scenario_free(s);
    }
    catalogue_free(modules);
    return fine;
}

static int look(const arguments *a, const grid *g)
{
    warm_up *w = warm_up_new();
    int status = EXIT_USAGE;
    if (run_all(a, g, w, &status)) {
        warm_up_finding f;
        GString *text = g_string_new(NULL);
        warm_up_judge(w, &f);
        append_finding(a->words->pdata[0], &f, text);
        status = !cli_print(text)    ? EXIT_FILE
                 : f.cut == f.length ? EXIT_INCONCLUSIVE
                                     : EXIT_AS_EXPECTED;
        g_string_free(text, TRUE);
    }
    warm_up_free(w);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    GError *error = NULL;
    int status = EXIT_USAGE;
    grid *g = grid_new();
    if (arguments_parse(&command_warmup, count, words, 1, 1, &a)) {
        const char *seeds = arguments_value(&a, "seeds");
        if (a.help) {
            status = EXIT_AS_EXPECTED;
        } else if (!grid_set_seeds(g, seeds ? seeds : "1..20", &error)) {
            complain("%s", error->message);
            g_error_free(error);
        } else {
            cli_catch_signals();
            script_self_test();
            status = look(&a, g);
            cli_raise_again();
        }
    }
    grid_free(g);
    arguments_clear(&a);
    return status;
}

const command command_warmup = {
    .name = "warmup",
    .arguments = "SCENARIO",
    .summary = "how much of the start of its runs a scenario should leave out",
    .options = options,
    .more =
        "Waiting times, or times of accesses to a memory, in the order of the requests,\n"
        "averaged over the runs and cut by MSER-5 (White 1997). What it says is for `warm_up`.\n"
        "\n"
        "Exit status: 3 where the runs are too short to tell.",
    .run = run,
};
