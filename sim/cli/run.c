/* dasim run: one run of a scenario. */
#include "cli/cli.h"

#include "run/report.h"

#include <string.h>

static const option options[] = {
    {"seed", "N", "of all randomness; 1 if not given"},
    {"set", "NAME=VALUE", "set a param() of the scenario; may be repeated"},
    {"trace", "FILE",
     "write every record; as JSON Lines where FILE ends in .jsonl; - is standard "
     "output"},
    {"json", "FILE", "write the result as JSON; - is standard output, instead of the page"},
    {"quiet", NULL, "print nothing but errors: the exit status tells"},
    {0},
};

typedef struct outputs {
    output trace, json;
    bool has_trace, has_json, quiet;
} outputs;

static bool open_outputs(const arguments *a, outputs *o)
{
    const char *trace = arguments_value(a, "trace"), *json = arguments_value(a, "json");
    if (trace && json && strcmp(trace, "-") == 0 && strcmp(json, "-") == 0) {
        complain("found --trace - and --json -, expected only one of them on standard output");
        return false;
    }
    o->quiet = arguments_value(a, "quiet") != NULL;
    o->has_trace = trace && output_open(&o->trace, trace);
    if (trace && !o->has_trace) {
        return false;
    }
    o->has_json = json && output_open(&o->json, json);
    return json == NULL || o->has_json;
}

static bool write_result(const scenario *s, const run_result *r, outputs *o)
{
    GString *text = g_string_new(NULL);
    bool good = true, json_only = o->has_json && o->json.file == stdout;
    if (o->has_trace) {
        good = output_close(&o->trace) && r->trace_errno == 0;
        o->has_trace = false;
    }
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

static int run_with(const arguments *a, scenario *s, uint64_t seed, outputs *o)
{
    GError *error = NULL;
    run_options how;
    run_options_init(&how);
    how.interrupted = &cli_signal;
    if (o->has_trace) {
        const char *name = arguments_value(a, "trace");
        how.trace = o->trace.file;
        how.trace_format = g_str_has_suffix(name, ".jsonl") ? TRACE_JSON_LINES : TRACE_TEXT;
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

static int run_seeded(const arguments *a, uint64_t seed)
{
    int status = EXIT_FILE;
    outputs o = {0};
    catalogue *modules = arguments_catalogue(a);
    scenario *s = cli_load(a, modules, seed, &status);
    if (s) {
        status = open_outputs(a, &o) ? run_with(a, s, seed, &o) : EXIT_FILE;
        if (o.has_trace) { /* what could not be run leaves no file behind */
            output_drop(&o.trace);
        }
        if (o.has_json) {
            output_drop(&o.json);
        }
        scenario_free(s);
    }
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
        "Exit status: 0 as expected; 1 a property is violated, or an expected violation did not\n"
        "show; 2 bad scenario; 3 inconclusive: a limit was reached; 4 a file could not be read\n"
        "or written. SIGINT keeps what was finished.",
    .run = run,
};
