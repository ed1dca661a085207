/* Everything is read once, in the order of cells and seeds. */
#include "sweep/analysis.h"

#include <sqlite3.h>
#include <string.h>

const uint32_t analysis_quantiles[ANALYSIS_QUANTILES] = {500000, 900000, 990000};

/* ------------------------------------------------------------------------------------- rows */

typedef void (*row_function)(void *into, guint cell, sqlite3_stmt *row);

static bool each_row(store *s, void *into, guint cell, const char *sql, int64_t key,
                     row_function take, GError **error)
{
    sqlite3_stmt *all = NULL;
    int code = sqlite3_prepare_v2(store_handle(s), sql, -1, &all, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int64(all, 1, key);
        while ((code = sqlite3_step(all)) == SQLITE_ROW) {
            take(into, cell, all);
        }
    }
    if (code != SQLITE_DONE) {
        store_set_error(s, error);
    }
    sqlite3_finalize(all);
    return code == SQLITE_DONE;
}

static char *text_of(sqlite3_stmt *row, int column)
{
    return g_strdup((const char *)sqlite3_column_text(row, column));
}

static void take_sweep(void *into, guint cell, sqlite3_stmt *row)
{
    analysis *a = into;
    (void)cell;
    a->scenario = text_of(row, 0);
    a->question = text_of(row, 1);
    a->version = text_of(row, 2);
    a->digest = text_of(row, 3);
}

static void take_cell(void *into, guint cell, sqlite3_stmt *row)
{
    analysis *a = into;
    (void)cell;
    analysis_cell *c = g_new0(analysis_cell, 1);
    c->id = sqlite3_column_int64(row, 0);
    c->label = text_of(row, 1);
    c->settings = text_of(row, 2);
    c->nodes = (uint32_t)sqlite3_column_int64(row, 3);
    c->violated = (uint64_t)sqlite3_column_int64(row, 4);
    c->inconclusive = (uint64_t)sqlite3_column_int64(row, 5);
    c->failed = (uint64_t)sqlite3_column_int64(row, 6);
    c->settable = g_ptr_array_new_with_free_func(g_free);
    c->seeds = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_ptr_array_add(a->cells, c);
}

static void take_setting(void *into, guint cell, sqlite3_stmt *row)
{
    analysis *a = into;
    analysis_cell *c = a->cells->pdata[cell];
    g_ptr_array_add(c->settable, text_of(row, 0));
    g_ptr_array_add(c->settable, text_of(row, 1));
}

static void take_seed(void *into, guint cell, sqlite3_stmt *row)
{
    analysis *a = into;
    analysis_cell *c = a->cells->pdata[cell];
    uint64_t seed = (uint64_t)sqlite3_column_int64(row, 0);
    g_array_append_val(c->seeds, seed);
}

static int ascending(const void *first, const void *second)
{
    uint64_t a = *(const uint64_t *)first, b = *(const uint64_t *)second;
    return (a > b) - (a < b);
}

/* ---------------------------------------------------------------------------------- measures */

static analysis_measure *measure_of(analysis *a, const char *name)
{
    for (guint i = 0; i < a->measures->len; i++) {
        analysis_measure *m = a->measures->pdata[i];
        if (strcmp(m->kind->name, name) == 0) {
            return m;
        }
    }
    return NULL; /* of another version, which the schema's number should have told */
}

static observation *run_of(const analysis *a, const analysis_measure *m, guint cell, uint64_t seed)
{
    const analysis_cell *c = a->cells->pdata[cell];
    guint at;
    if (!g_array_binary_search(c->seeds, &seed, ascending, &at)) {
        return NULL;
    }
    return &g_array_index(m->cells[cell].runs, observation, at);
}

static void take_metric(void *into, guint cell, sqlite3_stmt *row)
{
    analysis *a = into;
    analysis_measure *m = measure_of(a, (const char *)sqlite3_column_text(row, 0));
    observation *run = m ? run_of(a, m, cell, (uint64_t)sqlite3_column_int64(row, 1)) : NULL;
    if (run) {
        *run = (observation){sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3)};
        m->is_told |= run->numerator != 0;
    }
}

static void take_histogram(void *into, guint cell, sqlite3_stmt *row)
{
    analysis *a = into;
    analysis_measure *m = measure_of(a, (const char *)sqlite3_column_text(row, 0));
    if (m == NULL) {
        return;
    }
    analysis_values *v = &m->cells[cell];
    histogram *one = histogram_new();
    const void *bytes = sqlite3_column_blob(row, 1);
    if (histogram_merge_packed(one, bytes, (size_t)sqlite3_column_bytes(row, 1))) {
        if (v->merged == NULL) {
            v->merged = histogram_new();
        }
        histogram_merge(v->merged, one);
        for (int i = 0; i < ANALYSIS_QUANTILES; i++) {
            int64_t value = histogram_quantile(one, analysis_quantiles[i]);
            g_array_append_val(v->of_runs[i], value);
        }
    }
    histogram_free(one);
}

static void make_measures(analysis *a)
{
    for (const metric_kind *kind = metric_all(); kind->name; kind++) {
        analysis_measure *m = g_new0(analysis_measure, 1);
        m->kind = kind;
        m->cells = g_new0(analysis_values, a->cells->len);
        for (guint i = 0; i < a->cells->len; i++) {
            const analysis_cell *c = a->cells->pdata[i];
            m->cells[i].runs = g_array_new(FALSE, TRUE, sizeof(observation));
            g_array_set_size(m->cells[i].runs, c->seeds->len);
            for (int k = 0; k < ANALYSIS_QUANTILES; k++) {
                m->cells[i].of_runs[k] = g_array_new(FALSE, FALSE, sizeof(int64_t));
            }
        }
        g_ptr_array_add(a->measures, m);
    }
}

/* ------------------------------------------------------------------------------------ reading */

static const char about_sweep[] =
    "SELECT scenario, question, version, lower(hex(digest)) FROM sweeps WHERE id = ?1";
static const char about_cells[] =
    "SELECT c.id, c.label, c.settings, c.nodes, s.violated, s.inconclusive, s.failed "
    "FROM cells c JOIN summary s ON s.cell = c.id WHERE c.sweep = ?1 ORDER BY c.id";
static const char about_settings[] =
    "SELECT name, value FROM parameters WHERE cell = ?1 AND is_set ORDER BY place";
static const char about_seeds[] = "SELECT seed FROM runs WHERE cell = ?1";
static const char about_metrics[] = "SELECT k.name, seed, numerator, denominator FROM metrics m "
                                    "JOIN measures k ON k.id = m.measure WHERE cell = ?1";
static const char about_histograms[] = "SELECT k.name, packed FROM histograms h JOIN measures k "
                                       "ON k.id = h.measure WHERE cell = ?1 ORDER BY seed";

static void cell_free(void *data)
{
    analysis_cell *c = data;
    g_ptr_array_free(c->settable, TRUE);
    g_array_free(c->seeds, TRUE);
    g_free(c->label);
    g_free(c->settings);
    g_free(c);
}

/* Those that are wanted, in that order. */
static void choose(analysis *a, const GArray *wanted)
{
    GPtrArray *chosen = g_ptr_array_new_with_free_func(cell_free);
    for (guint i = 0; i < wanted->len; i++) {
        for (guint k = 0; k < a->cells->len; k++) {
            const analysis_cell *c = a->cells->pdata[k];
            if (c->id == g_array_index(wanted, int64_t, i)) {
                g_ptr_array_add(chosen, g_ptr_array_steal_index(a->cells, k));
                break;
            }
        }
    }
    g_ptr_array_free(a->cells, TRUE);
    a->cells = chosen;
}

const char *analysis_setting(const analysis_cell *c, const char *name)
{
    for (guint i = 0; i + 1 < c->settable->len; i += 2) {
        if (strcmp(c->settable->pdata[i], name) == 0) {
            return c->settable->pdata[i + 1];
        }
    }
    return NULL;
}

/* The first cell where the value is another than in the first of all; G_MAXUINT: none. */
static guint first_change(const analysis *a, const char *name)
{
    const char *value = analysis_setting(a->cells->pdata[0], name);
    for (guint i = 1; i < a->cells->len; i++) {
        if (g_strcmp0(analysis_setting(a->cells->pdata[i], name), value) != 0) {
            return i;
        }
    }
    return G_MAXUINT;
}

/* As the grid has them: what changes last comes first. */
static void find_varied(analysis *a)
{
    const analysis_cell *first = a->cells->len > 0 ? a->cells->pdata[0] : NULL;
    for (guint i = 0; first && i < first->settable->len; i += 2) {
        char *name = first->settable->pdata[i];
        guint change = first_change(a, name), at = 0;
        while (at < a->varied->len && first_change(a, a->varied->pdata[at]) > change) {
            at++;
        }
        if (change != G_MAXUINT) {
            g_ptr_array_insert(a->varied, (gint)at, name);
        }
    }
}

static bool read_cells(store *s, analysis *a, GError **error)
{
    bool fine = true;
    for (guint i = 0; fine && i < a->cells->len; i++) {
        analysis_cell *c = a->cells->pdata[i];
        fine = each_row(s, a, i, about_settings, c->id, take_setting, error) &&
               each_row(s, a, i, about_seeds, c->id, take_seed, error);
        g_array_sort(c->seeds, ascending);
    }
    return fine;
}

analysis *analysis_new(store *s, int64_t sweep, const GArray *cells, GError **error)
{
    analysis *a = g_new0(analysis, 1);
    a->sweep = sweep;
    a->cells = g_ptr_array_new_with_free_func(cell_free);
    a->measures = g_ptr_array_new_with_free_func(NULL);
    a->varied = g_ptr_array_new();
    bool fine = each_row(s, a, 0, about_sweep, sweep, take_sweep, error) &&
                each_row(s, a, 0, about_cells, sweep, take_cell, error);
    if (fine && cells) {
        choose(a, cells);
    }
    fine = fine && read_cells(s, a, error);
    make_measures(a);
    for (guint i = 0; fine && i < a->cells->len; i++) {
        int64_t id = ((const analysis_cell *)a->cells->pdata[i])->id;
        fine = each_row(s, a, i, about_metrics, id, take_metric, error) &&
               each_row(s, a, i, about_histograms, id, take_histogram, error);
    }
    find_varied(a);
    if (!fine) {
        analysis_free(a);
        return NULL;
    }
    return a;
}

void analysis_free(analysis *a)
{
    if (a == NULL) {
        return;
    }
    for (guint i = 0; i < a->measures->len; i++) {
        analysis_measure *m = a->measures->pdata[i];
        for (guint k = 0; k < a->cells->len; k++) {
            g_array_free(m->cells[k].runs, TRUE);
            histogram_free(m->cells[k].merged);
            for (int q = 0; q < ANALYSIS_QUANTILES; q++) {
                g_array_free(m->cells[k].of_runs[q], TRUE);
            }
        }
        g_free(m->cells);
        g_free(m);
    }
    g_ptr_array_free(a->measures, TRUE);
    g_ptr_array_free(a->cells, TRUE);
    g_ptr_array_free(a->varied, TRUE);
    g_free(a->scenario);
    g_free(a->question);
    g_free(a->version);
    g_free(a->digest);
    g_free(a);
}

static void take_id(void *into, guint cell, sqlite3_stmt *row)
{
    GArray *ids = into;
    (void)cell;
    int64_t id = sqlite3_column_int64(row, 0);
    g_array_append_val(ids, id);
}

GArray *analysis_sweeps(store *s, GError **error)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (!each_row(s, ids, 0, "SELECT id FROM sweeps ORDER BY id", 0, take_id, error)) {
        g_array_free(ids, TRUE);
        return NULL;
    }
    return ids;
}
