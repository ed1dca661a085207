/* dasim results: is a results database whole, and what is the hash of what it says? */
#include "cli/cli.h"

#include "sweep/check.h"

static const option options[] = {{0}};

static int print_check(const char *file, const store_check *c)
{
    char words[33];
    GString *text = g_string_new(NULL);
    digest_text(c->content, words);
    g_string_printf(text,
                    "%s\n  %" G_GUINT64_FORMAT " runs, %" G_GUINT64_FORMAT " failures\n"
                    "  hash of the content  %s\n",
                    file, c->runs, c->failures, words);
    int status = cli_print(text) ? EXIT_AS_EXPECTED : EXIT_FILE;
    g_string_free(text, TRUE);
    if (c->damaged > 0) {
        complain("%s: found %" G_GUINT64_FORMAT " runs that are not as they were written (%s), "
                 "expected none: the file was damaged",
                 file, c->damaged, c->first);
        status = EXIT_FILE;
    }
    return status;
}

static int check(const char *file)
{
    GError *error = NULL;
    store_check c = {0};
    int status = EXIT_FILE;
    store *s = store_open(file, STORE_READ, &error);
    if (s && store_verify(s, &c, &error)) {
        status = print_check(file, &c);
    }
    if (error) {
        complain("%s", error->message);
        status = g_error_matches(error, STORE_ERROR, STORE_ERROR_FOREIGN) ? EXIT_USAGE : EXIT_FILE;
        g_error_free(error);
    }
    if (s) {
        store_close(s, NULL);
    }
    g_free(c.first);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_results, count, words, 1, 1, &a)) {
        status = a.help ? EXIT_AS_EXPECTED : check(a.words->pdata[0]);
    }
    arguments_clear(&a);
    return status;
}

const command command_results = {
    .name = "results",
    .arguments = "FILE",
    .summary = "is a results database whole? the hash of its content",
    .options = options,
    .more = "The hash is over the keys of all cells, all runs and all failures, in the order of "
            "their\n"
            "keys: the same whatever order they were written in, and by how many processes.\n"
            "\n"
            "Exit status: 0 it is whole; 2 it is no results database; 4 it cannot be read, or a "
            "run\n"
            "is not as it was written.",
    .run = run,
};
