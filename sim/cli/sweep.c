/* dasim sweep: one scenario, many seeds and parameters. */
#include "cli/cli.h"

#include "sweep/chaos_table.h"
#include "sweep/progress.h"
#include "sweep/sweep.h"
#include "sweep/table.h"

#include <string.h>
#include <unistd.h>

enum { JOBS_MOST = 1024 };

int (*cli_sweep_elsewhere)(struct sweep_options *options);

static const option options[] = {
    {"seeds", "LIST", "as 1..1000 or 1..10,42; 1..100 if not given"},
    {"grid", "NAME=LIST",
     "values of a param() of the scenario: 2..64*2, 0..10+5, or 0,1%,5%; may "
     "be repeated"},
    {"vary", "NAME=LIST", "the same"},
    {"set", "NAME=VALUE", "set a param() of the scenario in all runs; may be repeated"},
    {"jobs", "N", "so many runs at a time; as many as there are processors if not given"},
    {"out", "FILE", "results database: made, or gone on with; if not given nothing is kept"},
    {"shard", "I/N", "only the I-th of N parts of the seeds, 1/N to N/N; see dasim merge"},
    {"compare", "NAME", "a parameter of --grid: which of its values is best, cell by cell"},
    {"precision", "RATIO",
     "end a cell when its intervals are that narrow, as 1%: those of "
     "--measure, or the waiting time"},
    CHAOS_OPTION,
    {"retry", NULL, "run again what failed before"},
    {"run-time", "SECONDS", "of processor time at most for one run; 60 if not given, 0: no limit"},
    {"run-memory", "MIB", "for one run; 4096 if not given, 0: no limit"},
    {"measure", "NAME", "a column of the table, as waiting_ns; may be repeated"},
    {"json", NULL, "progress and table as JSON Lines on standard output"},
    {"quiet", NULL, "print nothing but errors: the exit status tells"},
    {0},
};

/* A whole number from `least` to `most`. */
static bool take_count(const arguments *a, const char *name, uint64_t fallback, uint64_t least,
                       uint64_t most, uint64_t *value)
{
    const char *text = arguments_value(a, name);
    guint64 number;
    *value = fallback;
    if (text == NULL) {
        return true;
    }
    if (!g_ascii_string_to_unsigned(text, 10, least, most, &number, NULL)) {
        complain("found --%s '%s', expected a whole number from %" G_GUINT64_FORMAT
                 " to %" G_GUINT64_FORMAT,
                 name, text, least, most);
        return false;
    }
    *value = number;
    return true;
}

/* Seconds as a decimal number, into ms. */
static bool take_time(const arguments *a, int64_t *ms)
{
    const char *text = arguments_value(a, "run-time");
    char *end;
    double seconds = text ? g_ascii_strtod(text, &end) : 60;
    if (text && (end == text || *end != '\0' || !(seconds >= 0 && seconds <= 1e6))) {
        complain("found --run-time '%s', expected seconds from 0 to 1000000", text);
        return false;
    }
    *ms = (int64_t)(seconds * 1000 + 0.5);
    return true;
}

/* "1%" into millionths. */
static bool take_precision(const arguments *a, sweep_options *o)
{
    const char *text = arguments_value(a, "precision");
    char *end;
    double percent = text ? g_ascii_strtod(text, &end) : 0;
    if (text && (end == text || strcmp(end, "%") != 0 || !(percent >= 0.01 && percent <= 50))) {
        complain("found --precision '%s', expected a percentage from 0.01%% to 50%%", text);
        return false;
    }
    if (text && o->shards > 1) {
        complain("found --precision with --shard, expected one of them: a part of the seeds does "
                 "not tell when there are enough");
        return false;
    }
    o->precision_ppm = (uint32_t)(percent * 10000 + 0.5);
    return true;
}

static bool take_shard(const arguments *a, sweep_options *o)
{
    const char *text = arguments_value(a, "shard");
    guint64 shard = 1, shards = 1;
    if (text) {
        const char *slash = strchr(text, '/');
        char *first = g_strndup(text, slash ? (gsize)(slash - text) : 0);
        bool fine = slash && g_ascii_string_to_unsigned(slash + 1, 10, 1, 100000, &shards, NULL) &&
                    g_ascii_string_to_unsigned(first, 10, 1, shards, &shard, NULL);
        g_free(first);
        if (!fine) {
            complain("found --shard '%s', expected --shard I/N with I from 1 to N", text);
            return false;
        }
    }
    o->shard = (uint32_t)shard - 1;
    o->shards = (uint32_t)shards;
    return true;
}

static bool take_grid(const arguments *a, grid *g)
{
    GError *error = NULL;
    const char *seeds = arguments_value(a, "seeds");
    bool fine = grid_set_seeds(g, seeds ? seeds : "1..100", &error);
    if (a->settings->len > 0) {
        g_array_append_vals(g->fixed, a->settings->data, a->settings->len);
    }
    for (guint i = 0; fine && i < a->names->len; i++) {
        const char *name = a->names->pdata[i];
        if (strcmp(name, "grid") == 0 || strcmp(name, "vary") == 0) {
            fine = grid_add_axis(g, a->values->pdata[i], &error);
        }
    }
    if (!fine) {
        complain("%s", error->message);
        g_error_free(error);
    } else if (grid_cells(g) == 0) {
        complain("found more than %d combinations of values, expected fewer", GRID_CELLS_MOST);
        fine = false;
    }
    return fine;
}

static bool take_compare(const arguments *a, const grid *g, sweep_options *o)
{
    o->compare = arguments_value(a, "compare");
    bool fine = o->compare == NULL;
    for (guint i = 0; i < g->axes->len && !fine; i++) {
        fine = strcmp(g_array_index(g->axes, grid_axis, i).name, o->compare) == 0;
    }
    if (!fine) {
        complain("found --compare '%s', expected a parameter of --grid or --vary", o->compare);
    }
    return fine;
}

static bool take_options(const arguments *a, grid *g, sweep_options *o)
{
    uint64_t jobs, memory;
    int64_t ms;
    if (!take_grid(a, g) || !take_compare(a, g, o) || !take_shard(a, o) || !take_precision(a, o) ||
        !take_count(a, "jobs", g_get_num_processors(), 1, JOBS_MOST, &jobs) || !take_time(a, &ms) ||
        !take_count(a, "run-memory", 4096, 0, 1 << 20, &memory)) {
        return false;
    }
    g->chaos = arguments_value(a, "chaos");
    if (!cli_chaos_fits(g->chaos)) {
        return false;
    }
    o->file = a->words->pdata[0];
    o->grid = g;
    o->database = arguments_value(a, "out");
    o->jobs = (uint32_t)jobs;
    o->limits = (run_limits){ms, memory << 20};
    o->retry = arguments_value(a, "retry") != NULL;
    o->interrupted = &cli_signal;
    return true;
}

/* ------------------------------------------------------------------------------------ progress */

typedef struct display {
    progress_meter meter;
    bool on_terminal, is_drawn, json, quiet;
    gint64 told_at;
} display;

/* A line that is drawn again and again; elsewhere one a minute. For programs: one a second. */
static void on_progress(void *context, const sweep_progress *p)
{
    display *d = context;
    gint64 now = g_get_monotonic_time();
    gint64 every = d->json ? G_USEC_PER_SEC : d->on_terminal ? 0 : 60 * G_USEC_PER_SEC;
    progress_look(&d->meter, p, now);
    if (d->quiet || now - d->told_at < every) {
        return;
    }
    d->told_at = now;
    GString *text = g_string_new(NULL);
    if (d->json) {
        progress_json(&d->meter, p, text);
        cli_print(text);
    } else {
        progress_text(&d->meter, p, text);
        fprintf(stderr, d->on_terminal ? "\r\033[K  %s" : "dasim: %s\n", text->str);
        fflush(stderr);
        d->is_drawn = d->on_terminal;
    }
    g_string_free(text, TRUE);
}

static void begin_display(display *d, const arguments *a)
{
    d->json = arguments_value(a, "json") != NULL;
    d->quiet = arguments_value(a, "quiet") != NULL;
    d->on_terminal = !d->json && isatty(STDERR_FILENO);
    progress_begin(&d->meter);
    d->told_at = d->meter.begun_at;
}

static void end_display(const display *d)
{
    if (d->is_drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
}

/* ---------------------------------------------------------------------------------------- sweep */

/* --measure, NULL-ended; NULL and a line on standard error where one is not known. */
static GPtrArray *take_measures(const arguments *a)
{
    GPtrArray *names = g_ptr_array_new(), *known = g_ptr_array_new();
    for (const metric_kind *kind = metric_all(); kind->name; kind++) {
        g_ptr_array_add(known, (char *)(uintptr_t)kind->name);
    }
    for (guint i = 0; names && i < a->names->len; i++) {
        char *name = a->values->pdata[i];
        if (strcmp(a->names->pdata[i], "measure") != 0) {
            continue;
        }
        g_ptr_array_add(names, name);
        if (metric_find(name) == NULL) {
            const char *near = nearest_name(name, (const char *const *)known->pdata, known->len);
            complain("found --measure '%s', expected the name of a measure, as waiting_ns%s%s%s",
                     name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
            g_ptr_array_free(names, TRUE);
            names = NULL;
        }
    }
    g_ptr_array_free(known, TRUE);
    if (names) {
        g_ptr_array_add(names, NULL);
    }
    return names;
}

static bool print_table(sweep *s, const sweep_options *o, const display *d)
{
    GString *text = g_string_new(NULL);
    bool fine = d->json ? table_json(s, o, text) : table_text(s, o, text);
    if (fine && o->grid->chaos && !d->json) {
        fine = chaos_append_text(s->store, o->grid->chaos, text);
    }
    fine = fine && cli_print(text);
    g_string_free(text, TRUE);
    return fine;
}

static int sweep_with(const sweep_options *o, const display *d)
{
    sweep s;
    bool fine = true;
    sweep_run(o, &s);
    end_display(d);
    int status = sweep_exit_status(&s);
    if (status != EXIT_USAGE && s.store && s.cells->len > 0 && !d->quiet) {
        fine = print_table(&s, o, d);
    }
    if (!sweep_close(&s) || !fine) {
        status = EXIT_FILE;
    }
    if (s.refusal) {
        complain("%s", s.refusal);
    }
    sweep_clear(&s);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    grid *g = grid_new();
    sweep_options o = {0};
    char **path = NULL;
    display d = {0};
    GPtrArray *measures = NULL;
    if (arguments_parse(&command_sweep, count, words, 1, 1, &a) && !a.help &&
        take_options(&a, g, &o) && (measures = take_measures(&a)) != NULL) {
        path = arguments_path(&a);
        o.path = (const char *const *)path;
        cli_catch_signals();
        signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk */
        script_self_test();
        begin_display(&d, &a);
        o.measures = measures->len > 1 ? (const char *const *)measures->pdata : NULL;
        o.on_progress = on_progress;
        o.context = &d;
        int elsewhere = cli_sweep_elsewhere ? cli_sweep_elsewhere(&o) : -1;
        status = elsewhere < 0 ? sweep_with(&o, &d) : elsewhere;
        g_ptr_array_free(measures, TRUE);
    } else if (a.help) {
        status = EXIT_AS_EXPECTED;
    }
    grid_free(g);
    g_strfreev(path);
    arguments_clear(&a);
    cli_raise_again();
    return status;
}

const command command_sweep = {
    .name = "sweep",
    .arguments = "SCENARIO",
    .summary = "many runs of a scenario: seeds, parameters; a table",
    .options = options,
    .more = "Every value of each --grid with every value of the others is a cell; each cell runs\n"
            "with each seed. A sweep that is started again does only what is missing.\n"
            "--chaos ends with the failures it has found, alike ones together, and with what\n"
            "happened to whom; `dasim run --chaos` with the seed repeats one.\n"
            "\n"
            "Exit status: 0 as expected; 1 a verdict is not what was expected; 2 wrong usage or a\n"
            "bad scenario; 3 one is inconclusive; 4 a file could not be read or written; 5 some\n"
            "runs failed: a module crashed, took too long or too much memory. SIGINT keeps what\n"
            "was finished.",
    .run = run,
};
