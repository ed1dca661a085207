/* A row a cell: what its parameters are, what was measured, whether all was as expected. */
#include "sweep/table.h"

#include "sweep/columns.h"
#include "sweep/compare.h"
#include "sweep/figures.h"

#include "run/report.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>

enum { MEASURES_MOST = 4, SHOWN_MOST = 10 };

/* What is usually looked at, the more telling first. */
static const char *const usual[] = {
    "messages_per_entry",
    "messages_per_access",
    "waiting_ns",
    "read_ns",
    "write_ns",
    "synchronisation_delay_ns",
    "time_to_agree_ns",
    "time_to_recover_ns",
    "entries_per_second",
    "messages_sent",
    NULL,
};

typedef struct table {
    sweep *sweep;
    const sweep_options *options;
    figures *figures;
    const metric_kind *measures[MEASURES_MOST + 1]; /* NULL-ended */
    columns columns;
} table;

/* ------------------------------------------------------------------------------------ measures */

static int64_t cell_id(const table *t, guint i)
{
    return g_array_index(t->sweep->cells, int64_t, i);
}

static bool any_cell_has(const table *t, const char *measure)
{
    for (guint i = 0; i < t->sweep->cells->len; i++) {
        if (figures_has(t->figures, cell_id(t, i), measure)) {
            return true;
        }
    }
    return false;
}

static void choose_measures(table *t, const char *const *asked)
{
    int count = 0;
    for (const char *const *one = asked ? asked : usual; *one && count < MEASURES_MOST; one++) {
        if (asked || any_cell_has(t, *one)) {
            t->measures[count++] = metric_find(*one);
        }
    }
}

/* The first one that is a time: its percentiles are told, too. */
static const metric_kind *main_time(const table *t)
{
    for (int i = 0; t->measures[i]; i++) {
        if (t->measures[i]->has_histogram) {
            return t->measures[i];
        }
    }
    return NULL;
}

/* ---------------------------------------------------------------------------------------- rows */

static void add_titles(table *t)
{
    GPtrArray *row = columns_row(&t->columns);
    const metric_kind *time = main_time(t);
    for (guint i = 0; i < t->options->grid->axes->len; i++) {
        g_ptr_array_add(row, g_strdup(g_array_index(t->options->grid->axes, grid_axis, i).name));
    }
    g_ptr_array_add(row, g_strdup("runs"));
    for (int i = 0; t->measures[i]; i++) {
        g_ptr_array_add(row, g_strdup(t->measures[i]->title));
    }
    if (time) {
        g_ptr_array_add(row, g_strdup("median"));
        g_ptr_array_add(row, g_strdup("p99"));
    }
    g_ptr_array_add(row, g_strdup(""));
}

static char *quantile_words(table *t, int64_t cell, const metric_kind *time, uint32_t ppm)
{
    estimate e;
    GString *text = g_string_new(NULL);
    if (figures_quantile(t->figures, cell, time->name, ppm, &e)) {
        append_measured(text, e.value, e.value, time->unit);
    } else {
        g_string_append_c(text, '-');
    }
    return g_string_free(text, FALSE);
}

static char *verdict_words(cell_counts c)
{
    GString *text = g_string_new(NULL);
    const struct {
        uint64_t count;
        const char *word;
    } parts[] = {{c.violated, "violated"}, {c.failed, "failed"}, {c.inconclusive, "inconclusive"}};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i].count > 0) {
            g_string_append_printf(text, "%s%" PRIu64 " %s", text->len > 0 ? ", " : "",
                                   parts[i].count, parts[i].word);
        }
    }
    if (text->len == 0) {
        g_string_append(text, c.runs > 0 ? "as expected" : "not run");
    }
    return g_string_free(text, FALSE);
}

static void add_cell(table *t, guint i)
{
    GPtrArray *row = columns_row(&t->columns);
    GArray *settings = grid_settings(t->options->grid, i);
    const grid *g = t->options->grid;
    const metric_kind *time = main_time(t);
    cell_counts counts = figures_counts(t->figures, cell_id(t, i));
    for (guint axis = g->fixed->len; axis < settings->len; axis++) {
        g_ptr_array_add(row, g_strdup(g_array_index(settings, scenario_setting, axis).value));
    }
    g_ptr_array_add(row, g_strdup_printf("%" PRIu64, counts.runs));
    for (int k = 0; t->measures[k]; k++) {
        bool has = figures_has(t->figures, cell_id(t, i), t->measures[k]->name);
        estimate e = figures_estimate(t->figures, cell_id(t, i), t->measures[k]->name);
        g_ptr_array_add(row, has ? estimate_words(e, t->measures[k]->unit) : g_strdup("-"));
    }
    if (time) {
        g_ptr_array_add(row, quantile_words(t, cell_id(t, i), time, 500000));
        g_ptr_array_add(row, quantile_words(t, cell_id(t, i), time, 990000));
    }
    g_ptr_array_add(row, verdict_words(counts));
    g_array_free(settings, TRUE);
}

/* ------------------------------------------------------------------------------ what went wrong */

/* What = ?, of the cells of this sweep: words, how many, and the first of them. */
static const char grouped[] =
    "SELECT property || ' ' || verdict, count(*), command, min(printf('%020d%020d', cell, seed)) "
    "FROM unexpected WHERE cell IN (SELECT value FROM json_each(?1)) GROUP BY property, verdict "
    "UNION ALL "
    "SELECT kind || ': ' || reason, count(*), command, min(printf('%020d%020d', cell, seed)) "
    "FROM failed WHERE cell IN (SELECT value FROM json_each(?1)) GROUP BY kind, reason "
    "ORDER BY 2 DESC, 1";

static char *cell_list(const sweep *s)
{
    GString *list = g_string_new("[");
    for (guint i = 0; i < s->cells->len; i++) {
        g_string_append_printf(list, "%s%" PRId64, i > 0 ? "," : "",
                               g_array_index(s->cells, int64_t, i));
    }
    g_string_append_c(list, ']');
    return g_string_free(list, FALSE);
}

static void append_problems(const sweep *s, GString *text)
{
    sqlite3_stmt *one = NULL;
    char *cells = cell_list(s);
    int shown = 0;
    sqlite3_prepare_v2(store_handle(s->store), grouped, -1, &one, NULL);
    sqlite3_bind_text(one, 1, cells, -1, SQLITE_STATIC);
    while (sqlite3_step(one) == SQLITE_ROW && shown < SHOWN_MOST) {
        sqlite3_int64 count = sqlite3_column_int64(one, 1);
        g_string_append_printf(text, "%s  %s, %lld run%s; the first:\n    %s\n",
                               shown++ == 0 ? "\n" : "", sqlite3_column_text(one, 0),
                               (long long)count, count == 1 ? "" : "s",
                               sqlite3_column_text(one, 2));
    }
    if (shown == SHOWN_MOST) {
        g_string_append(text, "  and more: views unexpected and failed of the database\n");
    }
    sqlite3_finalize(one);
    g_free(cells);
}

/* ---------------------------------------------------------------------------------------- whole */

static void append_head(const sweep *s, const sweep_options *o, GString *text)
{
    const sweep_progress *p = &s->progress;
    g_string_append_printf(text, "%s\n  ", o->file);
    append_grouped(text, p->skipped + p->finished);
    if (s->interrupted) {
        g_string_append(text, " of ");
        append_grouped(text, p->total);
    }
    g_string_append_printf(text, " runs in %u cell%s", s->cells->len,
                           s->cells->len == 1 ? "" : "s");
    if (p->skipped > 0) {
        g_string_append(text, ", ");
        append_grouped(text, p->skipped);
        g_string_append(text, " of them done before");
    }
    g_string_append(text, s->interrupted ? "; interrupted\n\n" : "\n\n");
}

bool table_text(sweep *s, const sweep_options *options, GString *text)
{
    GError *error = NULL;
    table t = {.sweep = s, .options = options, .figures = figures_new(s->store, &error)};
    if (t.figures == NULL) {
        g_free(s->refusal);
        s->refusal = g_strdup(error->message);
        s->status = 4;
        g_error_free(error);
        return false;
    }
    columns_init(&t.columns);
    choose_measures(&t, options->measures);
    add_titles(&t);
    for (guint i = 0; i < s->cells->len; i++) {
        add_cell(&t, i);
    }
    append_head(s, options, text);
    columns_append(&t.columns, options->grid->axes->len, text);
    for (int i = 0; options->compare && t.measures[i]; i++) {
        compare_text(s, options, t.measures[i], text);
    }
    append_problems(s, text);
    columns_clear(&t.columns);
    figures_free(t.figures);
    return true;
}
