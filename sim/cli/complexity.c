/* dasim complexity: what algorithms cost, beside what is published. */
#include "cli/gnuplot.h"

#include "sweep/complexity.h"
#include "sweep/grid.h"

#include <string.h>

enum { NODES_MOST = 1024 };

static const option options[] = {
    {"nodes", "LIST", "numbers of nodes, as 4,9,16 or 2..64*2; some of 2 .. 64 if not given"},
    {"out", "FILE", "or -o FILE.svg: draw a figure by gnuplot, FILE.tsv and FILE.gp beside it"},
    {0},
};

typedef struct task {
    const arguments *arguments;
    GArray *nodes;  /* uint32_t */
    GPtrArray *all; /* complexity * */
    bool in_lines;  /* one for each algorithm */
    int status;
} task;

/* Numbers, ascending, written as `dasim sweep --grid` takes them: "4,9,16", "2..64*2". */
static bool parse_nodes(const char *list, GArray *nodes)
{
    grid *g = grid_new();
    char *axis = g_strconcat("nodes=", list, NULL);
    bool fine = grid_add_axis(g, axis, NULL);
    const GPtrArray *values = fine ? g_array_index(g->axes, grid_axis, 0).values : NULL;
    uint32_t last = 1;
    for (guint i = 0; fine && i < values->len; i++) {
        guint64 value = 0;
        fine = g_ascii_string_to_unsigned(values->pdata[i], 10, last + 1, NODES_MOST, &value, NULL);
        last = (uint32_t)value;
        g_array_append_val(nodes, last);
    }
    g_free(axis);
    grid_free(g);
    return fine && nodes->len > 0;
}

/* False: one line went to standard error. */
static bool take_nodes(task *t)
{
    const char *list = arguments_value(t->arguments, "nodes");
    if (list == NULL) {
        g_array_append_vals(t->nodes, complexity_nodes, (guint)complexity_nodes_count);
        return true;
    }
    if (!parse_nodes(list, t->nodes)) {
        complain("found --nodes '%s', expected numbers from 2 to %d, ascending, as 4,9,16 or "
                 "2..64*2",
                 list, NODES_MOST);
        return false;
    }
    return true;
}

/* --------------------------------------------------------------------------------- the figure */

static bool take_output(const task *t)
{
    const char *name = arguments_value(t->arguments, "out");
    if (name && !g_str_has_suffix(name, ".svg")) {
        complain("found -o '%s', expected a name that ends with .svg", name);
        return false;
    }
    return true;
}

static void write_figure(task *t)
{
    const char *name = arguments_value(t->arguments, "out");
    char *stem = g_strndup(name, strlen(name) - 4), *folder = g_path_get_dirname(name);
    char *data_name = g_strconcat(stem, ".tsv", NULL),
         *script_name = g_strconcat(stem, ".gp", NULL);
    char *data_base = g_path_get_basename(data_name),
         *script_base = g_path_get_basename(script_name);
    GString *data = g_string_new(NULL), *script = g_string_new(NULL);
    for (guint i = 0; i < t->all->len; i++) {
        complexity_append_data(t->all->pdata[i], data, i == 0);
    }
    complexity_append_figure(t->all, data_base, script);
    bool fine = gnuplot_write(data_name, data->str, data->len) &&
                gnuplot_write(script_name, script->str, script->len);
    GBytes *picture = fine ? gnuplot_draw(folder, script_base, "svg") : NULL;
    if (picture) {
        gsize size;
        const char *bytes = g_bytes_get_data(picture, &size);
        fine = gnuplot_write(name, bytes, size);
        g_bytes_unref(picture);
    }
    t->status = fine ? t->status : EXIT_FILE;
    g_string_free(data, TRUE);
    g_string_free(script, TRUE);
    g_free(data_base);
    g_free(script_base);
    g_free(data_name);
    g_free(script_name);
    g_free(folder);
    g_free(stem);
}

/* ---------------------------------------------------------------------------------- measuring */

static bool print(task *t, const complexity *c)
{
    GString *text = g_string_new(t->in_lines || t->all->len == 1 ? "" : "\n");
    (t->in_lines ? complexity_append_line : complexity_append)(c, text);
    bool written = cli_print(text);
    g_string_free(text, TRUE);
    t->status = !written ? EXIT_FILE : c->holds ? t->status : EXIT_VIOLATED;
    return written;
}

/* False: that was the last one. */
static bool measure(task *t, catalogue *modules, const char *name)
{
    GError *error = NULL;
    const char *dot = strchr(name, '.'); /* mutex.NAME is fine, too */
    complexity *c =
        complexity_measure(modules, dot ? dot + 1 : name, (const uint32_t *)(void *)t->nodes->data,
                           t->nodes->len, &cli_signal, &error);
    if (c) {
        g_ptr_array_add(t->all, c);
        return print(t, c);
    }
    cli_raise_again();
    complain("%s", error->message);
    bool unreadable = g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_UNREADABLE);
    t->status = unreadable ? EXIT_FILE : EXIT_USAGE;
    g_error_free(error);
    return false;
}

static void measure_all(task *t)
{
    const GPtrArray *words = t->arguments->words;
    catalogue *modules = arguments_catalogue(t->arguments);
    char **names = words->len > 0 ? NULL : catalogue_names(modules);
    t->in_lines = names != NULL;
    bool goes_on = true;
    for (guint i = 0; goes_on && (names ? names[i] != NULL : i < words->len); i++) {
        goes_on = measure(t, modules, names ? names[i] : words->pdata[i]);
    }
    if (goes_on && arguments_value(t->arguments, "out")) {
        write_figure(t);
    }
    g_strfreev(names);
    catalogue_free(modules);
}

static void complexity_drop(void *data)
{
    complexity_free(data);
}

static int run(int count, char **words)
{
    arguments a;
    task t = {.arguments = &a, .status = EXIT_USAGE};
    t.nodes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    t.all = g_ptr_array_new_with_free_func(complexity_drop);
    if (arguments_parse(&command_complexity, count, words, 0, G_MAXUINT, &a)) {
        if (a.help) {
            t.status = EXIT_AS_EXPECTED;
        } else if (take_nodes(&t) && take_output(&t)) {
            cli_catch_signals();
            script_self_test();
            t.status = EXIT_AS_EXPECTED;
            measure_all(&t);
        }
    }
    g_ptr_array_free(t.all, TRUE);
    g_array_free(t.nodes, TRUE);
    arguments_clear(&a);
    return t.status;
}

const command command_complexity = {
    .name = "complexity",
    .arguments = "[ALGORITHM]...",
    .summary = "what algorithms cost over the number of nodes, beside the published formulas",
    .options = options,
    .more =
        "Without a name: all algorithms, one line each. Links take T = 1 ms, a section E = 10 ms.\n"
        "exact: each run costs what the formula says. mean: the formula lies in the 99.99 %\n"
        "interval of the mean. reached, not beyond: best or worst of single operations.\n"
        "Exit status 1 where a measured value leaves its formula.",
    .run = run,
};
