/* Figures of one run: tables of its native trace, and scripts that draw them. */
#include "cli/plot.h"
#include "cli/tracing.h"

#include "observe/names.h"

#include <string.h>

enum { TABLES = 3, SPACE_TIME_MOST = 64 };

static const char *const tables[TABLES] = {"csv-in-flight", "csv-intervals", "csv-messages"};

static bool open_tables(plot_task *t, const window *seen, writings *x)
{
    for (int i = 0; i < TABLES; i++) {
        const exporter *as = export_find(tables[i]);
        char *name = g_strconcat("trace", as->extension, NULL);
        char *file = g_build_filename(t->folder, name, NULL);
        bool fine = writing_open(&x->all[i], file, as, seen);
        x->count += fine;
        g_free(name);
        g_free(file);
        if (!fine) {
            return false;
        }
    }
    return true;
}

static int write_tables(native_trace *trace, const char *file, world *w, writings *x)
{
    for (size_t i = 0; i < x->count; i++) {
        world_observe(w, &(observer){&x->all[i], writing_record});
        writing_begin(&x->all[i], w, *native_about(trace));
    }
    int status = reading_replay(trace, file);
    for (size_t i = 0; i < x->count; i++) {
        writing_end(&x->all[i], w, native_end(trace));
    }
    return writings_close(x) ? status : EXIT_FILE;
}

/* In ms up to ten seconds, in s beyond. */
static char *settings_of(const native_trace *trace, const world *w, const window *seen)
{
    const export_about *about = native_about(trace);
    int64_t from = MAX(seen->from, 0), until = MIN(seen->until, world_now(w));
    bool is_short = until < INT64_C(10000000000);
    GString *s = g_string_new(NULL);
    char *details = g_strdup_printf("seed=%" G_GUINT64_FORMAT " %s", about->seed, about->settings);
    plot_append_title(s, *about->question ? about->question : about->scenario, details);
    g_string_append_printf(s,
                           "intervals = 'trace.intervals.csv'\nmessages = 'trace.messages.csv'\n"
                           "flight = 'trace.in-flight.csv'\nnodes = %u\nlocks = %u\n"
                           "unit = '%s'\nscale = %d\nfrom = scale * ",
                           world_nodes(w), world_config_of(w)->resources, is_short ? "ms" : "s",
                           is_short ? 1000 : 1);
    append_seconds(s, from);
    g_string_append(s, "\nuntil = scale * ");
    append_seconds(s, until);
    g_string_append(s, "\nset xrange [from:until]\n");
    g_free(details);
    return g_string_free(s, FALSE);
}

static void draw_all(plot_task *t, const char *settings, uint32_t nodes)
{
    static const char *const names[] = {"gantt", "in_flight", "space_time"};
    const char *only = arguments_value(t->arguments, "figure");
    bool any = false;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && t->status == EXIT_AS_EXPECTED; i++) {
        bool wanted = only ? strcmp(only, names[i]) == 0
                           : strcmp(names[i], "space_time") != 0 || nodes <= SPACE_TIME_MOST;
        any |= wanted;
        if (wanted) {
            char *script = g_strconcat(names[i], ".gp", NULL);
            t->status = plot_draw(t, names[i], settings, script, NULL);
            g_free(script);
        }
    }
    if (!any && t->status == EXIT_AS_EXPECTED) {
        complain("%s: found no figure '%s', expected one of gantt, in_flight, space_time", t->file,
                 only);
        t->status = EXIT_USAGE;
    }
}

void plot_trace(plot_task *t)
{
    window seen;
    world *w;
    writings x = {.count = 0};
    native_trace *trace = NULL;
    t->status = EXIT_USAGE;
    if (cli_window(t->arguments, &seen)) {
        trace = reading_open(t->file, &w, &t->status);
    }
    if (trace && cli_window_fits(&seen, world_config_of(w)) && plot_make_folder(t) &&
        open_tables(t, &seen, &x)) {
        t->status = write_tables(trace, t->file, w, &x);
        char *settings = settings_of(trace, w, &seen);
        draw_all(t, settings, world_nodes(w));
        g_free(settings);
    }
    writings_drop(&x);
    if (trace) {
        native_close(trace);
    }
    window_clear(&seen);
}
