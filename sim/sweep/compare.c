/* A case is a combination of the values of all other axes; its contenders are the cells that differ
 * in the compared one. Runs with the same seed are pairs; a seed that one of them has no result of
 * is left out in all. */
#include "sweep/compare.h"

#include "sweep/columns.h"

#include <sqlite3.h>
#include <string.h>

typedef struct comparison {
    const sweep *sweep;
    const grid *grid;
    guint axis;                  /* that is compared */
    uint32_t stride, contenders; /* cells that differ by one step of it */
    const metric_kind *kind;
    GPtrArray *runs; /* by cell: GArray of observation */
} comparison;

/* The first cell of case number i. */
static uint32_t first_cell(const comparison *c, uint32_t i)
{
    return i / c->stride * c->stride * c->contenders + i % c->stride;
}

static uint32_t cell_of(const comparison *c, uint32_t i, size_t which)
{
    return first_cell(c, i) + (uint32_t)which * c->stride;
}

static const char *value_name(const comparison *c, size_t which)
{
    return g_array_index(c->grid->axes, grid_axis, c->axis).values->pdata[which];
}

/* ---------------------------------------------------------------------------------------- pairs */

static const char query[] = "SELECT r.seed, numerator, denominator FROM runs r LEFT JOIN metrics m "
                            "ON m.cell = r.cell AND m.seed = r.seed "
                            "AND m.measure = (SELECT id FROM measures WHERE name = ?2) "
                            "WHERE r.cell = ?1 ORDER BY r.seed";

typedef struct seeded {
    int64_t seed;
    observation value;
} seeded;

static GArray *read_cell(const comparison *c, uint32_t cell)
{
    sqlite3_stmt *one = NULL;
    GArray *all = g_array_new(FALSE, FALSE, sizeof(seeded));
    sqlite3_prepare_v2(store_handle(c->sweep->store), query, -1, &one, NULL);
    sqlite3_bind_int64(one, 1, g_array_index(c->sweep->cells, int64_t, cell));
    sqlite3_bind_text(one, 2, c->kind->name, -1, SQLITE_STATIC);
    while (sqlite3_step(one) == SQLITE_ROW) {
        seeded row = {sqlite3_column_int64(one, 0),
                      {sqlite3_column_int64(one, 1), sqlite3_column_int64(one, 2)}};
        g_array_append_val(all, row);
    }
    sqlite3_finalize(one);
    return all;
}

/* The least seed that some list has at its place or behind; -1 where one of them is at its end. */
static int64_t latest_seed(GArray *const *lists, const guint *places, uint32_t count)
{
    int64_t seed = -1;
    for (uint32_t k = 0; k < count; k++) {
        if (places[k] == lists[k]->len) {
            return -1;
        }
        seed = MAX(seed, g_array_index(lists[k], seeded, places[k]).seed);
    }
    return seed;
}

/* Of the contenders of case i: the runs whose seeds all of them have. */
static void pair_up(const comparison *c, uint32_t i)
{
    GArray **lists = g_new0(GArray *, c->contenders);
    guint *places = g_new0(guint, c->contenders);
    int64_t seed;
    for (uint32_t k = 0; k < c->contenders; k++) {
        lists[k] = read_cell(c, cell_of(c, i, k));
    }
    while ((seed = latest_seed(lists, places, c->contenders)) >= 0) {
        bool all = true;
        for (uint32_t k = 0; k < c->contenders; k++) {
            while (places[k] < lists[k]->len &&
                   g_array_index(lists[k], seeded, places[k]).seed < seed) {
                places[k]++;
            }
            all &= places[k] < lists[k]->len &&
                   g_array_index(lists[k], seeded, places[k]).seed == seed;
        }
        for (uint32_t k = 0; all && k < c->contenders; k++) {
            observation value = g_array_index(lists[k], seeded, places[k]++).value;
            g_array_append_val((GArray *)c->runs->pdata[cell_of(c, i, k)], value);
        }
    }
    for (uint32_t k = 0; k < c->contenders; k++) {
        g_array_free(lists[k], TRUE);
    }
    g_free(lists);
    g_free(places);
}

/* ---------------------------------------------------------------------------------------- table */

static void add_titles(const comparison *c, columns *t)
{
    GPtrArray *row = columns_row(t);
    for (guint axis = 0; axis < c->grid->axes->len; axis++) {
        if (axis != c->axis) {
            g_ptr_array_add(row, g_strdup(g_array_index(c->grid->axes, grid_axis, axis).name));
        }
    }
    g_ptr_array_add(row, g_strdup("pairs"));
    g_ptr_array_add(row, g_strdup("lead"));
    g_ptr_array_add(row, g_strdup("best"));
}

static void add_effect(const comparison *c, columns *t, uint32_t i, const effect *e)
{
    GPtrArray *row = columns_row(t);
    GArray *settings = grid_settings(c->grid, first_cell(c, i));
    guint fixed = c->grid->fixed->len;
    const GArray *runs = c->runs->pdata[first_cell(c, i)];
    for (guint axis = 0; axis < c->grid->axes->len; axis++) {
        if (axis != c->axis) {
            const char *value = g_array_index(settings, scenario_setting, fixed + axis).value;
            g_ptr_array_add(row, g_strdup(value));
        }
    }
    g_ptr_array_add(row, g_strdup_printf("%u", runs->len));
    if (e->winner == SIZE_MAX || e->second == SIZE_MAX) {
        g_ptr_array_add(row, g_strdup("-"));
        g_ptr_array_add(row, g_strdup("nothing to compare"));
    } else {
        estimate lead = e->lead.by;
        if (lead.value < 0) { /* more is better: say how much more */
            lead = (estimate){lead.runs, -lead.value, -lead.high, -lead.low};
        }
        g_ptr_array_add(row, estimate_words(lead, c->kind->unit));
        g_ptr_array_add(row, g_strdup_printf(e->significant ? "%s, before %s"
                                                            : "not clear: %s, before %s",
                                             value_name(c, e->winner), value_name(c, e->second)));
    }
    g_array_free(settings, TRUE);
}

static void append_effects(const comparison *c, uint32_t cases, GString *text)
{
    contender *all = g_new0(contender, (gsize)cases * c->contenders);
    effect *effects = g_new0(effect, cases);
    columns t;
    for (uint32_t i = 0; i < cases; i++) {
        pair_up(c, i);
        for (uint32_t k = 0; k < c->contenders; k++) {
            const GArray *runs = c->runs->pdata[cell_of(c, i, k)];
            all[i * c->contenders + k] =
                (contender){(const observation *)(const void *)runs->data, runs->len};
        }
    }
    effect_table(all, cases, c->contenders, c->kind->less_is_better, effects);
    columns_init(&t);
    add_titles(c, &t);
    for (uint32_t i = 0; i < cases; i++) {
        add_effect(c, &t, i, &effects[i]);
    }
    columns_append(&t, c->grid->axes->len - 1, text);
    columns_clear(&t);
    g_free(all);
    g_free(effects);
}

static void free_runs(void *runs)
{
    g_array_free(runs, TRUE);
}

void compare_text(const sweep *s, const sweep_options *options, const metric_kind *kind,
                  GString *text)
{
    comparison c = {.sweep = s, .grid = options->grid, .stride = 1, .kind = kind};
    for (guint axis = c.grid->axes->len; axis-- > 0;) {
        const grid_axis *one = &g_array_index(c.grid->axes, grid_axis, axis);
        if (strcmp(one->name, options->compare) == 0) {
            c.axis = axis;
            c.contenders = one->values->len;
            break;
        }
        c.stride *= one->values->len;
    }
    c.runs = g_ptr_array_new_with_free_func(free_runs);
    for (guint i = 0; i < s->cells->len; i++) {
        g_ptr_array_add(c.runs, g_array_new(FALSE, FALSE, sizeof(observation)));
    }
    g_string_append_printf(text,
                           "\n  %s, %s is better: which %s, by pairs of runs with the same seed\n",
                           kind->title, kind->less_is_better ? "less" : "more", options->compare);
    append_effects(&c, s->cells->len / c.contenders, text);
    g_ptr_array_free(c.runs, TRUE);
}
