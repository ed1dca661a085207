/* dasim run: one run of a scenario. */
#include "cli/tracing.h"

#include "drive/chaos.h"
#include "run/report.h"

#include <string.h>

static const option options[] = {
    {"seed", "N", "of all randomness; 1 if not given"},
    {"set", "NAME=VALUE", "set a param() of the scenario; may be repeated"},
    {"trace", "FILE",
     "write every record; the end of FILE decides how (see below); - is standard output; may be "
     "repeated"},
    {"to", "FORMAT", "how, where the end of FILE does not tell"},
    {"no-state", NULL, "of a .dtrace: without what handlers change; smaller and faster"},
    WINDOW_OPTIONS,
    CHAOS_OPTION,
    {"json", "FILE", "write the result as JSON; - is standard output, instead of the page"},
    {"quiet", NULL, "print nothing but errors: the exit status tells"},
    {0},
};

typedef struct outputs {
    window window;
    writings traces;
    output json;
    const char *chaos; /* NULL: none */
    bool has_json, quiet;
} outputs;

static bool only_one_on_standard_output(const arguments *a)
{
    int found = 0;
    for (guint i = 0; i < a->names->len; i++) {
        bool names_file =
            strcmp(a->names->pdata[i], "trace") == 0 || strcmp(a->names->pdata[i], "json") == 0;
        found += names_file && strcmp(a->values->pdata[i], "-") == 0;
    }
    if (found > 1) {
        complain("found --trace - and --json -, expected only one of them on standard output");
    }
    return found <= 1;
}

/* What is said of a trace wants one. */
static bool has_trace_for_options(const arguments *a)
{
    static const char *const of_traces[] = {"to", "no-state", "from", "until", "node", "type"};
    for (size_t i = 0; i < G_N_ELEMENTS(of_traces) && !arguments_value(a, "trace"); i++) {
        if (arguments_value(a, of_traces[i])) {
            complain("found --%s without --trace, expected --trace FILE as well", of_traces[i]);
            return false;
        }
    }
    return true;
}

static bool open_outputs(const arguments *a, const scenario *s, outputs *o, int *status)
{
    const char *json = arguments_value(a, "json");
    *status = EXIT_USAGE;
    o->quiet = arguments_value(a, "quiet") != NULL;
    if (!has_trace_for_options(a) || !only_one_on_standard_output(a) ||
        !cli_window_fits(&o->window, &s->world) ||
        !writings_open(&o->traces, a, "trace", &o->window, status)) {
        return false;
    }
    *status = EXIT_FILE;
    o->has_json = json && output_open(&o->json, json);
    return json == NULL || o->has_json;
}

static bool write_result(const scenario *s, const run_result *r, outputs *o)
{
    GString *text = g_string_new(NULL);
    bool good, json_only = o->has_json && o->json.file == stdout;
    good = writings_close(&o->traces);
    if (o->has_json) {
        report_json(s, r, text);
        fwrite(text->str, 1, text->len, o->json.file);
        good = output_close(&o->json) && good;
        o->has_json = false;
    }
    if (!o->quiet && !json_only) {
        g_string_truncate(text, 0);
        report_text(s, r, cli_colour(), text);
        good = cli_print(text) && good;
    }
    g_string_free(text, TRUE);
    return good;
}

static int run_with(scenario *s, uint64_t seed, outputs *o)
{
    GError *error = NULL;
    run_options how;
    run_watcher watchers[RUN_WATCHERS_MOST];
    run_options_init(&how);
    how.chaos = o->chaos ? chaos_kinds(o->chaos, &s->world) : 0;
    how.interrupted = &cli_signal;
    how.watchers = watchers;
    how.watcher_count = o->traces.count;
    for (size_t i = 0; i < o->traces.count; i++) {
        watchers[i] = writing_watcher(&o->traces.all[i]);
    }
    cli_patience(SIGNAL_PATIENCE);
    run_result *r = run_scenario(s, seed, &how, &error);
    cli_patience(0);
    if (r == NULL) {
        complain("%s", error->message);
        g_error_free(error);
        return EXIT_USAGE;
    }
    int status = write_result(s, r, o) ? run_exit_status(r) : EXIT_FILE;
    if (r->status == RUN_CALLBACK) {
        complain("%s", r->explanation);
    }
    run_result_free(r);
    return status;
}

static void drop_outputs(outputs *o)
{
    writings_drop(&o->traces);
    if (o->has_json) {
        output_drop(&o->json);
    }
}

static int run_seeded(const arguments *a, uint64_t seed)
{
    int status = EXIT_USAGE;
    outputs o = {0};
    o.chaos = arguments_value(a, "chaos");
    bool good = cli_window(a, &o.window) && cli_chaos_fits(o.chaos);
    catalogue *modules = arguments_catalogue(a);
    scenario *s = good ? cli_load(a, modules, seed, &status) : NULL;
    if (s) {
        if (open_outputs(a, s, &o, &status)) {
            status = run_with(s, seed, &o);
        }
        drop_outputs(&o); /* what could not be run leaves no file behind */
        scenario_free(s);
    }
    window_clear(&o.window);
    catalogue_free(modules);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    uint64_t seed;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_run, count, words, 1, 1, &a) && !a.help &&
        arguments_seed(&a, &seed)) {
        cli_catch_signals();
        script_self_test();
        status = run_seeded(&a, seed);
    } else if (a.help) {
        status = EXIT_AS_EXPECTED;
    }
    arguments_clear(&a);
    cli_raise_again();
    return status;
}

const command command_run = {
    .name = "run",
    .arguments = "SCENARIO",
    .summary = "run a scenario: verdicts, figures, digest",
    .options = options,
    .more =
        "Formats of traces: `dasim export --help` lists them. Without an extension: text.\n\n"
        "Exit status: 0 as expected; 1 a property is violated, or an expected violation did not\n"
        "show; 2 bad scenario; 3 inconclusive: a limit was reached; 4 a file could not be read\n"
        "or written. SIGINT keeps what was finished.",
    .run = run,
};
