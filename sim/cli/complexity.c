/* dasim complexity: what algorithms cost, beside what is published. */
#include "cli/cli.h"

#include "sweep/complexity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MOST = 1024 };

static const option options[] = {
    {"nodes", "LIST", "numbers of nodes, ascending, as 4,9,16; 2 .. 64 if not given"},
    {0},
};

/* "4,9,16". False: one line went to standard error. */
static bool take_nodes(const char *list, GArray *nodes)
{
    char **words = g_strsplit(list, ",", -1);
    uint32_t last = 1;
    bool fine = words[0] != NULL;
    for (char **word = words; fine && *word; word++) {
        guint64 value = 0;
        fine = g_ascii_string_to_unsigned(*word, 10, last + 1, NODES_MOST, &value, NULL);
        last = (uint32_t)value;
        g_array_append_val(nodes, last);
    }
    if (!fine) {
        complain("found --nodes '%s', expected numbers from 2 to %d, ascending, as 4,9,16", list,
                 NODES_MOST);
    }
    g_strfreev(words);
    return fine;
}

static bool measure(catalogue *modules, const char *name, const GArray *nodes, bool in_one_line,
                    int *status)
{
    GError *error = NULL;
    complexity *c = complexity_measure(modules, name, (const uint32_t *)(const void *)nodes->data,
                                       nodes->len, &cli_signal, &error);
    if (c == NULL) {
        cli_raise_again();
        complain("%s", error->message);
        *status =
            g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_UNREADABLE) ? EXIT_FILE : EXIT_USAGE;
        g_error_free(error);
        return false;
    }
    GString *text = g_string_new(NULL);
    (in_one_line ? complexity_append_line : complexity_append)(c, text);
    if (!c->holds) {
        *status = EXIT_VIOLATED;
    }
    bool written = cli_print(text);
    g_string_free(text, TRUE);
    complexity_free(c);
    *status = written ? *status : EXIT_FILE;
    return written;
}

static int measure_all(const arguments *a, const GArray *nodes)
{
    int status = EXIT_AS_EXPECTED;
    catalogue *modules = arguments_catalogue(a);
    char **all = a->words->len > 0 ? NULL : catalogue_names(modules);
    bool goes_on = true;
    for (guint i = 0; goes_on && (all ? all[i] != NULL : i < a->words->len); i++) {
        const char *name = all ? all[i] : a->words->pdata[i];
        goes_on = measure(modules, name, nodes, all != NULL, &status);
    }
    g_strfreev(all);
    catalogue_free(modules);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    GArray *nodes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    if (arguments_parse(&command_complexity, count, words, 0, 1000, &a)) {
        const char *list = arguments_value(&a, "nodes");
        if (a.help) {
            status = EXIT_AS_EXPECTED;
        } else if (list == NULL || take_nodes(list, nodes)) {
            if (list == NULL) {
                g_array_append_vals(nodes, complexity_nodes, (guint)complexity_nodes_count);
            }
            cli_catch_signals();
            script_self_test();
            status = measure_all(&a, nodes);
        }
    }
    g_array_free(nodes, TRUE);
    arguments_clear(&a);
    return status;
}

const command command_complexity = {
    .name = "complexity",
    .arguments = "ALGORITHM...",
    .summary = "what algorithms cost over the number of nodes, beside the published formulas",
    .options = options,
    .run = run,
};
