/* Sums are those of statistics.h: exact, whatever the order of rows. */
#include "sweep/figures.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

enum { OBSERVATIONS, HISTOGRAMS, COUNTS, QUERIES };

static const char *const queries[QUERIES] = {
    [OBSERVATIONS] = ("SELECT numerator, denominator FROM runs r LEFT JOIN metrics m "
                      "ON m.cell = r.cell AND m.seed = r.seed "
                      "AND m.measure = (SELECT id FROM measures WHERE name = ?2) "
                      "WHERE r.cell = ?1 ORDER BY r.seed"),
    [HISTOGRAMS] = ("SELECT packed FROM histograms WHERE cell = ?1 "
                    "AND measure = (SELECT id FROM measures WHERE name = ?2) ORDER BY seed"),
    [COUNTS] = "SELECT runs, violated, inconclusive, failed FROM summary WHERE cell = ?1",
};

struct figures {
    store *store;
    sqlite3_stmt *of[QUERIES];
    GArray *observations; /* observation: for those who want no list */
};

figures *figures_new(store *s, GError **error)
{
    figures *f = g_new0(figures, 1);
    f->store = s;
    f->observations = g_array_new(FALSE, FALSE, sizeof(observation));
    for (int i = 0; i < QUERIES; i++) {
        if (sqlite3_prepare_v2(store_handle(s), queries[i], -1, &f->of[i], NULL) != SQLITE_OK) {
            store_set_error(s, error);
            figures_free(f);
            return NULL;
        }
    }
    return f;
}

void figures_free(figures *f)
{
    for (int i = 0; i < QUERIES; i++) {
        sqlite3_finalize(f->of[i]);
    }
    g_array_free(f->observations, TRUE);
    g_free(f);
}

static sqlite3_stmt *ask(figures *f, int query, int64_t cell, const char *measure)
{
    sqlite3_stmt *one = f->of[query];
    sqlite3_reset(one);
    sqlite3_bind_int64(one, 1, cell);
    if (measure) {
        sqlite3_bind_text(one, 2, measure, -1, SQLITE_STATIC);
    }
    return one;
}

bool figures_observations(figures *f, int64_t cell, const char *measure, GArray *out)
{
    sqlite3_stmt *one = ask(f, OBSERVATIONS, cell, measure);
    int code;
    while ((code = sqlite3_step(one)) == SQLITE_ROW) {
        observation value = {sqlite3_column_int64(one, 0), sqlite3_column_int64(one, 1)};
        g_array_append_val(out, value); /* NULL is 0 */
    }
    sqlite3_reset(one);
    return code == SQLITE_DONE;
}

estimate figures_estimate(figures *f, int64_t cell, const char *measure)
{
    g_array_set_size(f->observations, 0);
    figures_observations(f, cell, measure, f->observations);
    return observations_estimate((const observation *)(const void *)f->observations->data,
                                 f->observations->len);
}

bool figures_has(figures *f, int64_t cell, const char *measure)
{
    g_array_set_size(f->observations, 0);
    figures_observations(f, cell, measure, f->observations);
    for (guint i = 0; i < f->observations->len; i++) {
        if (g_array_index(f->observations, observation, i).denominator > 0) {
            return true;
        }
    }
    return false;
}

bool figures_quantile(figures *f, int64_t cell, const char *measure, uint32_t ppm, estimate *e)
{
    sqlite3_stmt *one = ask(f, HISTOGRAMS, cell, measure);
    histogram *all = histogram_new(), *run = histogram_new();
    GArray *per_run = g_array_new(FALSE, FALSE, sizeof(int64_t));
    while (sqlite3_step(one) == SQLITE_ROW) {
        const void *packed = sqlite3_column_blob(one, 0);
        size_t size = (size_t)sqlite3_column_bytes(one, 0);
        histogram_reset(run);
        if (packed && histogram_merge_packed(run, packed, size)) {
            int64_t value = histogram_quantile(run, ppm);
            histogram_merge(all, run);
            g_array_append_val(per_run, value);
        }
    }
    sqlite3_reset(one);
    bool any = histogram_count(all) > 0;
    if (any) {
        *e = quantile_estimate(histogram_quantile(all, ppm),
                               (const int64_t *)(const void *)per_run->data, per_run->len);
    }
    g_array_free(per_run, TRUE);
    histogram_free(all);
    histogram_free(run);
    return any;
}

cell_counts figures_counts(figures *f, int64_t cell)
{
    sqlite3_stmt *one = ask(f, COUNTS, cell, NULL);
    cell_counts counts = {0};
    if (sqlite3_step(one) == SQLITE_ROW) {
        counts.runs = (uint64_t)sqlite3_column_int64(one, 0);
        counts.violated = (uint64_t)sqlite3_column_int64(one, 1);
        counts.inconclusive = (uint64_t)sqlite3_column_int64(one, 2);
        counts.failed = (uint64_t)sqlite3_column_int64(one, 3);
    }
    sqlite3_reset(one);
    return counts;
}

/* -------------------------------------------------------------------------------------- people */

typedef struct scale {
    double divisor;
    const char *name;
} scale;

static scale scale_of(double like, const char *unit)
{
    if (strcmp(unit, "ppm") == 0) {
        return (scale){1e6, ""};
    }
    if (strcmp(unit, "ns") != 0) {
        return (scale){1, ""};
    }
    like = fabs(like);
    return like >= 1e9   ? (scale){1e9, " s"}
           : like >= 1e6 ? (scale){1e6, " ms"}
           : like >= 1e3 ? (scale){1e3, " us"}
                         : (scale){1, " ns"};
}

/* Four digits in all, three decimals at most. */
static int decimals_of(double value)
{
    value = fabs(value);
    return value >= 999.5 ? 0 : value >= 99.95 ? 1 : value >= 9.995 ? 2 : 3;
}

void append_measured(GString *text, double value, double like, const char *unit)
{
    scale s = scale_of(like, unit);
    char digits[64];
    if (value == 0 && like == 0) {
        g_string_append_c(text, '0');
        return;
    }
    g_snprintf(digits, sizeof digits, "%.*f", decimals_of(like / s.divisor), value / s.divisor);
    g_string_append(text, digits);
    g_string_append(text, s.name);
}
