/* dasim show: a native trace as text, or why one of its records came about. */
#include "cli/tracing.h"

#include "observe/why.h"

static const option options[] = {
    {"why", "RECORD", "only what led to the record of that number, and whom its node waits for"},
    WINDOW_OPTIONS,
    {0},
};

static bool read_number(const char *value, uint64_t *number)
{
    guint64 read = 0;
    if (!g_ascii_string_to_unsigned(value[0] == '#' ? value + 1 : value, 10, 1, G_MAXUINT64, &read,
                                    NULL)) {
        complain("found --why '%s', expected the number of a record, from 1", value);
        return false;
    }
    *number = read;
    return true;
}

typedef struct showing {
    writing out;
    why *why; /* NULL: everything in the window */
} showing;

static void look(void *self, const world *w, const record *r)
{
    (void)w;
    why_record(((showing *)self)->why, r);
}

static void show_one(void *self, const world *w, const record *r)
{
    showing *s = self;
    if (s->why == NULL || why_is_cause(s->why, r->number)) {
        writing_record(&s->out, w, r);
    }
}

/* Goes through the trace once before it is shown. */
static int find_why(native_trace *t, const char *file, uint64_t number, showing *s)
{
    GError *error = NULL;
    world *w = native_world(t, &error);
    g_assert(w != NULL); /* there has been one */
    s->why = why_new(w, number);
    world_observe(w, &(observer){s, look});
    int status = reading_replay(t, file);
    why_end(s->why, world_now(w));
    if (!why_is_known(s->why)) {
        complain("found --why %" G_GUINT64_FORMAT ", expected 1 .. %" G_GUINT64_FORMAT, number,
                 native_records(t));
        return EXIT_USAGE;
    }
    return status;
}

static int show_all(native_trace *t, const char *file, showing *s)
{
    GError *error = NULL;
    world *w = native_world(t, &error);
    g_assert(w != NULL);
    world_observe(w, &(observer){s, show_one});
    writing_begin(&s->out, w, *native_about(t));
    int status = s->why ? EXIT_AS_EXPECTED : reading_replay(t, file);
    if (s->why && !native_replay(t, &error)) { /* said the first time */
        g_clear_error(&error);
    }
    writing_end(&s->out, w, native_end(t));
    if (s->why) {
        GString *text = g_string_new("\n");
        why_append_waits(s->why, text);
        fwrite(text->str, 1, text->len > 1 ? text->len : 0, s->out.out.file);
        g_string_free(text, TRUE);
    }
    return status;
}

static int show_trace(const arguments *a, const window *seen, uint64_t number)
{
    world *w;
    int status;
    const char *file = a->words->pdata[0];
    native_trace *t = reading_open(file, &w, &status);
    if (t == NULL) {
        return status;
    }
    showing s = {0};
    status = cli_window_fits(seen, world_config_of(w)) ? EXIT_AS_EXPECTED : EXIT_USAGE;
    if (status == EXIT_AS_EXPECTED && number > 0) {
        status = find_why(t, file, number, &s);
    }
    if (status != EXIT_USAGE && writing_open(&s.out, "-", export_find("text"), seen)) {
        int shown = show_all(t, file, &s);
        status = !writing_close(&s.out) ? EXIT_FILE : status == EXIT_AS_EXPECTED ? shown : status;
    }
    why_free(s.why);
    native_close(t);
    return status;
}

static int show_with(const arguments *a)
{
    window seen;
    uint64_t number = 0;
    const char *value = arguments_value(a, "why");
    int status = EXIT_USAGE;
    if (cli_window(a, &seen) && (value == NULL || read_number(value, &number))) {
        status = show_trace(a, &seen, number);
    }
    window_clear(&seen);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_show, count, words, 1, 1, &a)) {
        status = a.help ? EXIT_AS_EXPECTED : show_with(&a);
    }
    arguments_clear(&a);
    return status;
}

const command command_show = {
    .name = "show",
    .arguments = "TRACE.dtrace",
    .summary = "a recorded run as text: all of it, a part, or why something happened",
    .options = options,
    .more =
        "--why prints the chain of causes, from the first to the record itself; where its node\n"
        "waits for a lock then: who holds it, and whom the holder waits for.",
    .run = run,
};
