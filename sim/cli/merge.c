/* dasim merge: results of several machines in one database. */
#include "cli/cli.h"

#include "sweep/merge.h"

#include <string.h>

static const option options[] = {{0}};

static int status_of(GError *error)
{
    int status = g_error_matches(error, STORE_ERROR, STORE_ERROR_FOREIGN) ? EXIT_USAGE : EXIT_FILE;
    complain("%s", error->message);
    g_error_free(error);
    return status;
}

static int print_counts(const char *name, const merge_counts *c)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text,
                    "%s\n  %" G_GUINT64_FORMAT " runs added, %" G_GUINT64_FORMAT
                    " known already, %" G_GUINT64_FORMAT " failures added\n",
                    name, c->runs, c->known, c->failures);
    int status = cli_print(text) ? EXIT_AS_EXPECTED : EXIT_FILE;
    g_string_free(text, TRUE);
    return status;
}

static int merge(const arguments *a)
{
    GError *error = NULL;
    merge_counts counts = {0};
    const char *name = a->words->pdata[0];
    store *into = store_open(name, STORE_CREATE, &error);
    if (into == NULL) {
        return status_of(error);
    }
    for (guint i = 1; i < a->words->len && error == NULL; i++) {
        store_merge(into, a->words->pdata[i], &counts, &error);
    }
    if (error) {
        store_close(into, NULL);
        return status_of(error);
    }
    return store_close(into, &error) ? print_counts(name, &counts) : status_of(error);
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_merge, count, words, 2, G_MAXUINT, &a)) {
        signal(SIGXFSZ, SIG_IGN);
        status = a.help ? EXIT_AS_EXPECTED : merge(&a);
    }
    arguments_clear(&a);
    return status;
}

const command command_merge = {
    .name = "merge",
    .arguments = "OUT IN...",
    .summary = "results databases into one: of shards, or of several machines",
    .options = options,
    .more =
        "OUT is made, or added to. What is in both must be the same.\n"
        "\n"
        "Exit status: 0; 2 one is no results database; 4 one cannot be read or written, or two\n"
        "of them do not agree about a run: then nothing of that one was added.",
    .run = run,
};
