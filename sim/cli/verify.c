/* dasim verify: is a scenario repeatable? */
#include "cli/cli.h"

#include "run/verify.h"

#include <inttypes.h>

static const option options[] = {
    {"seed", "N", "of all randomness; 1 if not given"},
    {"set", "NAME=VALUE", "set a param() of the scenario; may be repeated"},
    {"quiet", NULL, "print nothing but errors: the exit status tells"},
    {0},
};

static void append_result(const verify_result *v, GString *text)
{
    for (int i = 0; i < VERIFY_WAYS; i++) {
        char words[33];
        digest_text(v->ways[i].digest, words);
        g_string_append_printf(text, "  %-28s %s  %" PRIu64 " records\n", v->ways[i].name, words,
                               v->ways[i].records);
    }
    if (v->same) {
        g_string_append(text, "the same each time\n");
        return;
    }
    g_string_append_printf(text, "not the same; first difference to \"%s\":\n",
                           v->ways[v->differing].name);
    g_string_append_printf(text, "  plain %s\n  other %s\n",
                           v->first ? v->first : "has no more records",
                           v->other ? v->other : "has no more records");
}

typedef struct loading {
    const arguments *arguments;
    catalogue *modules;
    uint64_t seed;
    int status;
} loading;

static scenario *load(void *context)
{
    loading *l = context;
    return cli_load(l->arguments, l->modules, l->seed, &l->status);
}

static int verify(loading *l)
{
    GError *error = NULL;
    verify_result v;
    bool quiet = arguments_value(l->arguments, "quiet") != NULL;
    cli_patience(SIGNAL_PATIENCE);
    bool verified = verify_scenario(load, l, l->seed, &cli_signal, &v, &error);
    cli_patience(0);
    if (!verified) {
        if (error) {
            complain("%s", error->message);
            g_error_free(error);
            return EXIT_USAGE;
        }
        return l->status;
    }
    cli_raise_again();
    GString *text = g_string_new(NULL);
    append_result(&v, text);
    bool written = quiet || cli_print(text);
    int status = !written ? EXIT_FILE : v.same ? EXIT_AS_EXPECTED : EXIT_VIOLATED;
    g_string_free(text, TRUE);
    verify_clear(&v);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    uint64_t seed;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_verify, count, words, 1, 1, &a) && !a.help &&
        arguments_seed(&a, &seed)) {
        cli_catch_signals();
        script_self_test();
        catalogue *modules = arguments_catalogue(&a);
        loading l = {&a, modules, seed, EXIT_USAGE};
        status = verify(&l);
        catalogue_free(modules);
    } else if (a.help) {
        status = EXIT_AS_EXPECTED;
    }
    arguments_clear(&a);
    cli_raise_again();
    return status;
}

const command command_verify = {
    .name = "verify",
    .arguments = "SCENARIO",
    .summary = "run it in four ways: is the digest the same, and if not, which record differs",
    .options = options,
    .more = "The ways: plain; once more; without metrics and properties; saved in the middle and\n"
            "restored into another world. Exit status: 0 the same each time, 1 not.",
    .run = run,
};
