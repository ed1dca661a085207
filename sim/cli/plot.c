/* dasim plot: figures of a results database, or of one run. */
#include "cli/plot.h"

#include "cli/gnuplot.h"
#include "cli/tracing.h"

#include <errno.h>
#include <glib/gstdio.h>

#include <string.h>

static const option options[] = {
    {"figure", "NAME", "only that one; all that there is something to draw of if not given"},
    {"x", "NAME", "the parameter to the right; the number with most values if not given"},
    {"where", "NAME=VALUE", "only what was swept with that; may be repeated"},
    {"format", "LIST", "some of svg,pdf,png,tex; svg,pdf,png if not given"},
    {"out", "FOLDER", "or -o FOLDER: where to; beside FILE if not given"},
    WINDOW_OPTIONS,
    {0},
};

/* ------------------------------------------------------------------------------------- options */

static bool take_formats(plot_task *t)
{
    const char *list = arguments_value(t->arguments, "format");
    t->formats = g_strsplit(list ? list : "svg,pdf,png", ",", -1);
    for (char **one = t->formats; *one; one++) {
        static const char *const known[] = {"pdf", "png", "svg", "tex", NULL};
        if (!g_strv_contains(known, *one)) {
            complain("found --format '%s', expected some of svg,pdf,png,tex", list);
            return false;
        }
    }
    return true;
}

/* All of --where, NULL-ended; NULL: one line went to standard error. */
static GPtrArray *take_where(const arguments *a)
{
    GPtrArray *where = g_ptr_array_new();
    for (guint i = 0; i < a->names->len; i++) {
        char *value = a->values->pdata[i];
        if (strcmp(a->names->pdata[i], "where") == 0) {
            if (strchr(value, '=') == NULL) {
                complain("found --where '%s', expected NAME=VALUE", value);
                g_ptr_array_free(where, TRUE);
                return NULL;
            }
            g_ptr_array_add(where, value);
        }
    }
    g_ptr_array_add(where, NULL);
    return where;
}

/* "results.db" -> "results-figures" */
static void take_folder(plot_task *t)
{
    const char *given = arguments_value(t->arguments, "out"), *dot = strrchr(t->file, '.');
    size_t stem = dot && strchr(dot, '/') == NULL ? (size_t)(dot - t->file) : strlen(t->file);
    t->folder = given ? g_strdup(given) : g_strdup_printf("%.*s-figures", (int)stem, t->file);
}

/* ------------------------------------------------------------------------------------- drawing */

static char *file_in(const char *folder, const char *name, const char *end)
{
    char *base = g_strconcat(name, end, NULL), *file = g_build_filename(folder, base, NULL);
    g_free(base);
    return file;
}

static char *script_of(const char *name, const char *settings, const char *script)
{
    return g_strdup_printf("# gnuplot %s.gp >%s.svg, or with -e \"format = 'pdf'\" before it\n"
                           "data = '%s.tsv'\n%s\n"
                           "# ------------------------------------------- of this figure\n%s\n%s",
                           name, name, name, gnuplot_script("style.gp"), settings,
                           gnuplot_script(script));
}

static bool draw_as(const plot_task *t, const char *name, const char *format)
{
    char *script = g_strconcat(name, ".gp", NULL);
    char *end = g_strconcat(".", format, NULL), *file = file_in(t->folder, name, end);
    GBytes *drawn = gnuplot_draw(t->folder, script, format);
    gsize size = 0;
    bool fine = drawn != NULL;
    if (fine) {
        const char *bytes = g_bytes_get_data(drawn, &size);
        fine = gnuplot_write(file, bytes, size);
        g_bytes_unref(drawn);
    }
    g_free(file);
    g_free(end);
    g_free(script);
    return fine;
}

bool plot_make_folder(plot_task *t)
{
    if (g_mkdir_with_parents(t->folder, 0777) == 0) {
        return true;
    }
    complain("%s: cannot be made: %s", t->folder, g_strerror(errno));
    t->status = EXIT_FILE;
    return false;
}

int plot_draw(const plot_task *t, const char *name, const char *settings, const char *script,
              const GString *data)
{
    char *text = script_of(name, settings, script);
    char *script_file = file_in(t->folder, name, ".gp");
    char *data_file = file_in(t->folder, name, ".tsv");
    bool fine = (data == NULL || gnuplot_write(data_file, data->str, data->len)) &&
                gnuplot_write(script_file, text, strlen(text));
    for (char **format = t->formats; fine && *format; format++) {
        fine = draw_as(t, name, *format);
    }
    if (fine) {
        GString *line = g_string_new(NULL);
        g_string_printf(line, "%s/%s.%s\n", t->folder, name, t->formats[0]);
        fine = cli_print(line);
        g_string_free(line, TRUE);
    }
    g_free(data_file);
    g_free(script_file);
    g_free(text);
    return fine ? EXIT_AS_EXPECTED : EXIT_FILE;
}

/* -------------------------------------------------------------------------------- of a sweep */

static void draw_plots(plot_task *t, const GPtrArray *plots)
{
    for (guint i = 0; t->status == EXIT_AS_EXPECTED && i < plots->len; i++) {
        const plot *p = plots->pdata[i];
        t->status = plot_draw(t, p->name, p->settings->str, p->script, p->data);
    }
}

static void draw_all(plot_task *t, const analysis *a)
{
    GError *error = NULL;
    GPtrArray *where = take_where(t->arguments);
    if (where == NULL) {
        t->status = EXIT_USAGE;
        return;
    }
    catalogue *modules = arguments_catalogue(t->arguments);
    plot_choice choice = {.x = arguments_value(t->arguments, "x"),
                          .where = (const char *const *)where->pdata,
                          .only = arguments_value(t->arguments, "figure"),
                          .modules = modules};
    GPtrArray *plots = plots_of(a, &choice, &error);
    if (plots == NULL) {
        complain("%s: %s", t->file, error->message);
        g_error_free(error);
        t->status = EXIT_USAGE;
    } else if (plot_make_folder(t)) {
        draw_plots(t, plots);
    }
    if (plots) {
        g_ptr_array_free(plots, TRUE);
    }
    catalogue_free(modules);
    g_ptr_array_free(where, TRUE);
}

/* The scenario that was swept last. */
static void plot_database(plot_task *t)
{
    GError *error = NULL;
    store *s = store_open(t->file, STORE_READ, &error);
    GArray *sweeps = s ? analysis_sweeps(s, &error) : NULL;
    analysis *a = NULL;
    if (sweeps && sweeps->len > 0) {
        a = analysis_new(s, g_array_index(sweeps, int64_t, sweeps->len - 1), NULL, &error);
    }
    if (a) {
        draw_all(t, a);
    } else {
        bool foreign = error == NULL || g_error_matches(error, STORE_ERROR, STORE_ERROR_FOREIGN);
        if (error) {
            complain("%s", error->message);
        } else {
            complain("%s: found no sweep, expected results of one", t->file);
        }
        t->status = foreign ? EXIT_USAGE : EXIT_FILE;
    }
    g_clear_error(&error);
    analysis_free(a);
    if (sweeps) {
        g_array_free(sweeps, TRUE);
    }
    if (s) {
        store_close(s, NULL);
    }
}

/* A native trace begins otherwise; what is neither of them is told by who reads it. */
static bool is_database(const char *file)
{
    char start[16] = {0};
    FILE *f = fopen(file, "rb");
    bool read = f && fread(start, 1, sizeof start, f) == sizeof start;
    if (f) {
        fclose(f);
    }
    return read && memcmp(start, "SQLite format 3", sizeof start) == 0;
}

static void plot_file(plot_task *t)
{
    t->file = t->arguments->words->pdata[0];
    t->status = EXIT_AS_EXPECTED;
    take_folder(t);
    if (is_database(t->file) || g_str_has_suffix(t->file, ".db")) {
        plot_database(t);
    } else {
        plot_trace(t);
    }
    g_free(t->folder);
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_plot, count, words, 1, 1, &a)) {
        plot_task t = {.arguments = &a, .status = EXIT_USAGE};
        if (a.help) {
            t.status = EXIT_AS_EXPECTED;
        } else if (take_formats(&t)) {
            plot_file(&t);
        }
        status = t.status;
        g_strfreev(t.formats);
    }
    arguments_clear(&a);
    return status;
}

const command command_plot = {
    .name = "plot",
    .arguments = "FILE",
    .summary = "figures of a sweep (RESULTS.db) or of one run (RUN.dtrace), by gnuplot",
    .options = options,
    .more =
        "Beside each picture stand what it was made of: NAME.gp, the script, and its table.\n"
        "Of a sweep: means over a parameter, their 95 % interval as a band, what is published\n"
        "dashed; distributions; maps over two parameters. Of a run: gantt, in_flight,\n"
        "space_time, in the window that is given.\n"
        "\n"
        "Exit status: 0 drawn; 2 neither results nor a trace, or nothing that fits the choice;\n"
        "4 a file could not be read or written, or gnuplot is not there.",
    .run = run,
};
