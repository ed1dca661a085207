/* dasim run: one run of a scenario. */
#include "cli/cli.h"

#include "export/export.h"
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

typedef struct hook {
    const exporter *exporter;
    export_about about;
    FILE *file;
    void *self;
} hook;

static void on_record(void *self, const world *w, const record *r)
{
    hook *h = self;
    if (h->self == NULL) {
        h->self = h->exporter->begin(h->file, w, &h->about);
    }
    h->exporter->on_record(h->self, w, r, true);
}

static void end_hook(hook *h, const run_result *r)
{
    static const char *const words[] = {"holds", "violated", "inconclusive"};
    char words_of_digest[40];
    export_verdict *all = g_new0(export_verdict, r->verdicts->len + 1);
    for (guint i = 0; i < r->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(r->verdicts, run_verdict, i);
        all[i] = (export_verdict){v->property->name, words[v->finding.verdict],
                                  v->finding.reason, v->finding.record,
                                  v->finding.at,     v->met};
    }
    g_snprintf(words_of_digest, sizeof words_of_digest,
               "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", r->digest.high,
               r->digest.low);
    export_end how = {r->ended_at, r->records, words_of_digest, all, r->verdicts->len};
    h->exporter->end(h->self, r->world, &how);
    g_free(all);
}

static int run_with(const arguments *a, scenario *s, uint64_t seed, outputs *o)
{
    GError *error = NULL;
    run_options how;
    run_options_init(&how);
    how.interrupted = &cli_signal;
    hook h = {0};
    observer extra = {&h, on_record};
    if (o->has_trace && g_str_has_suffix(arguments_value(a, "trace"), ".html")) {
        char *name = g_path_get_basename(g_ptr_array_index(a->words, 0));
        h = (hook){&export_html, {name, "", "", seed}, o->trace.file, NULL};
        how.extra = &extra;
    } else if (o->has_trace) {
        const char *name = arguments_value(a, "trace");
        how.trace = o->trace.file;
        how.trace_format = g_str_has_suffix(name, ".jsonl") ? TRACE_JSON_LINES : TRACE_TEXT;
    }
    run_result *r = run_scenario(s, seed, &how, &error);
    if (r == NULL) {
        complain("%s", error->message);
        g_error_free(error);
        return EXIT_USAGE;
    }
    if (how.extra) {
        end_hook(&h, r);
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
