/* An exporter cannot tell a live run from a trace that is read: here the live one is put into its
 * words. */
#include "cli/tracing.h"

#include "script/units.h"

#include <string.h>

/* ------------------------------------------------------------------------------------ window */

static bool read_time(const arguments *a, const char *name, int64_t *at)
{
    const char *value = arguments_value(a, name);
    quantity q;
    if (value == NULL) {
        return true;
    }
    if (quantity_parse(value, &q, NULL) != UNITS_FINE ||
        (q.dimension != DIMENSION_DURATION && q.value != 0)) {
        complain("found --%s '%s', expected %s", name, value,
                 dimension_expected(DIMENSION_DURATION));
        return false;
    }
    *at = q.value;
    return true;
}

bool cli_window(const arguments *a, window *x)
{
    window_init(x);
    bool good = read_time(a, "from", &x->from) && read_time(a, "until", &x->until);
    if (good && x->from > x->until) {
        complain("found --from %s behind --until %s, expected it before",
                 arguments_value(a, "from"), arguments_value(a, "until"));
        return false;
    }
    for (guint i = 0; good && i < a->names->len; i++) {
        const char *value = a->values->pdata[i];
        if (strcmp(a->names->pdata[i], "type") == 0) {
            window_add_types(x, value);
        } else if (strcmp(a->names->pdata[i], "node") == 0 && !window_add_nodes(x, value)) {
            complain("found --node '%s', expected ids of nodes such as 0,3,5..7", value);
            good = false;
        }
    }
    return good;
}

bool cli_window_fits(const window *x, const world_config *config)
{
    char *wrong = window_fault(x, config);
    if (wrong) {
        complain("%s", wrong);
    }
    g_free(wrong);
    return wrong == NULL;
}

/* --------------------------------------------------------------------------------- exporters */

static void append_names(GString *text, bool extensions)
{
    const exporter *const *all = export_all();
    for (size_t i = 0; all[i]; i++) {
        g_string_append(text, i == 0 ? "" : all[i + 1] ? ", " : " or ");
        g_string_append(text, extensions ? all[i]->extension : all[i]->name);
    }
}

static const exporter *find_named(const char *name)
{
    const exporter *found = export_find(name);
    if (found == NULL) {
        GPtrArray *names = g_ptr_array_new();
        GString *expected = g_string_new(NULL);
        for (const exporter *const *e = export_all(); *e; e++) {
            g_ptr_array_add(names, (char *)(uintptr_t)(*e)->name);
        }
        append_names(expected, false);
        const char *near = nearest_name(name, (const char *const *)names->pdata, names->len);
        complain("found --to '%s', expected %s%s%s%s", name, expected->str,
                 near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        g_string_free(expected, TRUE);
        g_ptr_array_free(names, TRUE);
    }
    return found;
}

const exporter *cli_exporter(const char *file, const char *to)
{
    if (to) {
        return find_named(to);
    }
    const exporter *found = export_for_file(file);
    char *name = g_path_get_basename(file);
    if (found == NULL && strchr(name, '.') == NULL) { /* also "-" */
        found = export_find("text");
    }
    if (found == NULL) {
        GString *expected = g_string_new(NULL);
        append_names(expected, true);
        complain("found file '%s', expected one that ends in %s, or --to", file, expected->str);
        g_string_free(expected, TRUE);
    }
    g_free(name);
    return found;
}

void cli_list_exporters(GString *text)
{
    for (const exporter *const *e = export_all(); *e; e++) {
        g_string_append_printf(text, "  %-14s %-16s %s\n", (*e)->name, (*e)->extension,
                               (*e)->title);
    }
}

/* --------------------------------------------------------------------------------------- file */

bool writing_fits(const exporter *as, const window *seen)
{
    if (as->is_whole && !window_is_whole(seen)) {
        complain("found --from, --until, --node or --type with %s, expected none: it is always the "
                 "whole run",
                 as->extension);
        return false;
    }
    return true;
}

bool writing_open(writing *x, const char *file, const exporter *as, const window *seen)
{
    *x = (writing){.as = as, .window = seen};
    x->is_open = output_open(&x->out, file);
    return x->is_open;
}

void writing_begin(writing *x, const world *w, export_about about)
{
    about.window = x->window;
    about.without_state = x->without_state;
    x->self = x->as->begin(x->out.file, w, &about);
}

void writing_record(void *self, const world *w, const record *r)
{
    const writing *x = self;
    x->as->on_record(x->self, w, r, window_selects(x->window, w, r));
}

void writing_end(writing *x, const world *w, const export_end *how)
{
    x->as->end(x->self, w, how);
    x->self = NULL;
}

bool writing_close(writing *x)
{
    x->is_open = false;
    return output_close(&x->out);
}

void writing_drop(writing *x)
{
    if (x->is_open) {
        output_drop(&x->out);
        x->is_open = false;
    }
}

bool writings_open(writings *x, const arguments *a, const char *name, const window *seen,
                   int *status)
{
    const char *to = arguments_value(a, "to");
    for (guint i = 0; i < a->names->len; i++) {
        const char *file = a->values->pdata[i];
        if (strcmp(a->names->pdata[i], name) != 0) {
            continue;
        }
        *status = EXIT_USAGE;
        if (x->count == RUN_WATCHERS_MOST) {
            complain("found --%s more than %d times, expected fewer", name, RUN_WATCHERS_MOST);
            return false;
        }
        const exporter *as = cli_exporter(file, to);
        if (as == NULL || !writing_fits(as, seen)) {
            return false;
        }
        *status = EXIT_FILE;
        if (!writing_open(&x->all[x->count], file, as, seen)) {
            return false;
        }
        x->all[x->count++].without_state = arguments_value(a, "no-state") != NULL;
    }
    return true;
}

bool writings_close(writings *x)
{
    bool good = true;
    for (size_t i = 0; i < x->count; i++) {
        good = writing_close(&x->all[i]) && good;
    }
    return good;
}

void writings_drop(writings *x)
{
    for (size_t i = 0; i < x->count; i++) {
        writing_drop(&x->all[i]);
    }
}

/* ------------------------------------------------------------------------------ native traces */

native_trace *reading_open(const char *file, world **w, int *status)
{
    GError *error = NULL;
    native_trace *t = native_open(file, &error);
    *w = t ? native_world(t, &error) : NULL;
    if (*w == NULL) {
        bool unreadable = g_error_matches(error, NATIVE_ERROR, NATIVE_ERROR_UNREADABLE);
        *status = unreadable ? EXIT_FILE : EXIT_USAGE;
        complain("%s%s%s", t ? file : "", t ? ": " : "", error->message);
        g_error_free(error);
        native_close(t);
        return NULL;
    }
    return t;
}

int reading_replay(native_trace *t, const char *file)
{
    GError *error = NULL;
    if (!native_replay(t, &error)) {
        complain("%s: %s", file, error->message);
        g_error_free(error);
        return EXIT_FILE;
    }
    if (native_fault(t)) {
        complain("%s: %s; read up to record %" G_GUINT64_FORMAT ", what follows is missing", file,
                 native_fault(t), native_records(t));
        return EXIT_FILE;
    }
    return EXIT_AS_EXPECTED;
}

/* ----------------------------------------------------------------------------------- live runs */

static void append_settings(const scenario *s, GString *text)
{
    for (guint i = 0; i < s->params->len; i++) {
        const scenario_param *param = &g_array_index(s->params, scenario_param, i);
        g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "", param->name, param->value);
    }
}

static GArray *expectations_of(const scenario *s)
{
    static const export_wish wishes[] =
        {[EXPECT_HOLDS] = EXPORT_HOLDS, [EXPECT_FAILS] = EXPORT_FAILS, [EXPECT_ANY] = EXPORT_ANY};
    GArray *all = g_array_new(FALSE, FALSE, sizeof(export_expectation));
    for (guint i = 0; i < s->expectations->len; i++) {
        const expectation *e = &g_array_index(s->expectations, expectation, i);
        export_expectation one = {e->property, wishes[e->kind]};
        g_array_append_val(all, one);
    }
    return all;
}

static void begin_live(void *self, const scenario *s, const world *w, uint64_t seed)
{
    GString *settings = g_string_new(NULL);
    GArray *expectations = expectations_of(s);
    char *name = g_path_get_basename(s->file);
    append_settings(s, settings);
    writing_begin(self, w,
                  (export_about){.scenario = name,
                                 .question = s->question,
                                 .settings = settings->str,
                                 .seed = seed,
                                 .warm_up = s->warm_up,
                                 .expectations =
                                     (const export_expectation *)(const void *)expectations->data,
                                 .expectation_count = expectations->len});
    g_free(name);
    g_array_free(expectations, TRUE);
    g_string_free(settings, TRUE);
}

static void end_live(void *self, const scenario *s, const run_result *r)
{
    (void)s;
    static const export_status statuses[] = {[RUN_DONE] = EXPORT_DONE,
                                             [RUN_LIMIT] = EXPORT_LIMIT,
                                             [RUN_CHECK] = EXPORT_CHECK,
                                             [RUN_CALLBACK] = EXPORT_CALLBACK,
                                             [RUN_INTERRUPTED] = EXPORT_INTERRUPTED};
    char sum[33];
    digest_text(r->digest, sum);
    export_verdict *all = g_new0(export_verdict, r->verdicts->len + 1);
    for (guint i = 0; i < r->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(r->verdicts, run_verdict, i);
        all[i] = (export_verdict){v->property->name, verdict_name(v->finding.verdict),
                                  v->finding.reason, v->finding.record,
                                  v->finding.at,     v->met};
    }
    writing_end(self, r->world,
                &(export_end){.ended_at = r->ended_at,
                              .records = r->records,
                              .events = r->events,
                              .digest = sum,
                              .status = statuses[r->status],
                              .explanation = r->explanation,
                              .settled = r->settled,
                              .verdicts = all,
                              .verdict_count = r->verdicts->len});
    g_free(all);
}

run_watcher writing_watcher(writing *x)
{
    return (run_watcher){x, begin_live, writing_record, end_live};
}
