/* dasim export: a native trace in another format. */
#include "cli/page.h"

static const option options[] = {
    {"to", "FORMAT", "one of those below; where it is not given, the end of the name tells"},
    {"out", "FILE", "or -o FILE: where to write; standard output if not given; may be repeated"},
    {"no-state", NULL, "of a .dtrace: without what handlers changed"},
    WINDOW_OPTIONS,
    {0},
};

/* Where no file is named: standard output. */
static bool open_outputs(const arguments *a, const window *seen, writings *x, int *status)
{
    if (arguments_value(a, "out")) {
        return writings_open(x, a, "out", seen, status);
    }
    const exporter *as = cli_exporter("-", arguments_value(a, "to"));
    *status = EXIT_USAGE;
    bool good = as && writing_fits(as, seen) && writing_open(&x->all[0], "-", as, seen);
    x->count = good;
    return good;
}

static int write_all(native_trace *t, const char *file, world *w, writings *x)
{
    for (size_t i = 0; i < x->count; i++) {
        x->all[i].without_state |= !native_has_states(t);
        world_observe(w, &(observer){&x->all[i], writing_record});
        writing_begin(&x->all[i], w, *native_about(t));
    }
    int status = reading_replay(t, file);
    for (size_t i = 0; i < x->count; i++) {
        writing_end(&x->all[i], w, native_end(t));
    }
    return writings_close(x) ? status : EXIT_FILE;
}

/* Only a page shows two. */
static int export_two(const arguments *a)
{
    window seen;
    bool written, good = cli_window(a, &seen);
    int status = EXIT_USAGE;
    const char *name = arguments_value(a, "out"), *to = arguments_value(a, "to");
    const exporter *as = good ? cli_exporter(name ? name : "-", to) : NULL;
    if (as && as != &export_html) {
        complain("found two traces with --to %s, expected --to html, or one of them", as->name);
    } else if (as) {
        status = cli_page((char **)a->words->pdata, 2, &seen,
                          arguments_value(a, "no-state") != NULL, name ? name : "-", &written);
    }
    window_clear(&seen);
    return status;
}

static int export_with(const arguments *a)
{
    window seen;
    world *w;
    writings x = {.count = 0};
    const char *file = a->words->pdata[0];
    int status = EXIT_USAGE;
    native_trace *t = cli_window(a, &seen) ? reading_open(file, &w, &status) : NULL;
    if (t) {
        status = EXIT_USAGE;
        if (cli_window_fits(&seen, world_config_of(w)) && open_outputs(a, &seen, &x, &status)) {
            status = write_all(t, file, w, &x);
        }
        writings_drop(&x);
        native_close(t);
    }
    window_clear(&seen);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_export, count, words, 1, 2, &a)) {
        if (a.help) {
            GString *text = g_string_new("\nFormats:\n");
            cli_list_exporters(text);
            status = cli_print(text) ? EXIT_AS_EXPECTED : EXIT_FILE;
            g_string_free(text, TRUE);
        } else {
            status = a.words->len == 2 ? export_two(&a) : export_with(&a);
        }
    }
    arguments_clear(&a);
    return status;
}

const command command_export = {
    .name = "export",
    .arguments = "TRACE [OTHER]",
    .summary = "a trace in another format, or a part of it",
    .options = options,
    .more =
        "What it writes is what `dasim run --trace` would have written, byte for byte. A trace\n"
        "that is cut off or damaged is read up to its last good record, and exits with 4. Two\n"
        "traces make one page, --to html, that shows where they begin to differ.",
    .run = run,
};
