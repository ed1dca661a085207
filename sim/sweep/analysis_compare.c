/* Groups of cells, and who wins in each. */
#include "sweep/analysis.h"

#include <string.h>

/* What was set besides the parameter: equal for cells of a group. */
static char *group_of(const analysis_cell *c, const char *parameter)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i + 1 < c->settable->len; i += 2) {
        if (strcmp(c->settable->pdata[i], parameter) != 0) {
            g_string_append_printf(text, "%s=%s\n", (char *)c->settable->pdata[i],
                                   (char *)c->settable->pdata[i + 1]);
        }
    }
    return g_string_free(text, FALSE);
}

/* "nodes=4 loss=1%": of what differs anywhere. */
static char *label_of(const analysis *a, const analysis_cell *c, const char *parameter)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < a->varied->len; i++) {
        const char *name = a->varied->pdata[i], *value = analysis_setting(c, name);
        if (strcmp(name, parameter) != 0) {
            g_string_append_printf(text, "%s%s=%s", text->len > 0 ? " " : "", name,
                                   value ? value : "");
        }
    }
    return g_string_free(text, FALSE);
}

/* Number of `text` in the list, at its end if it is new. */
static guint number_of(GPtrArray *list, const char *text)
{
    guint at;
    if (!g_ptr_array_find_with_equal_func(list, text, g_str_equal, &at)) {
        at = list->len;
        g_ptr_array_add(list, (char *)(uintptr_t)text);
    }
    return at;
}

analysis_comparison *analysis_compare(const analysis *a, const char *parameter)
{
    analysis_comparison *c = g_new0(analysis_comparison, 1);
    GPtrArray *groups = g_ptr_array_new_with_free_func(g_free);
    c->parameter = parameter;
    c->values = g_ptr_array_new();
    c->labels = g_ptr_array_new_with_free_func(g_free);
    c->at = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < a->cells->len; i++) {
        const char *value = analysis_setting(a->cells->pdata[i], parameter);
        if (value) {
            number_of(c->values, value);
        }
    }
    for (guint i = 0; i < a->cells->len; i++) {
        const analysis_cell *cell = a->cells->pdata[i];
        const char *value = analysis_setting(cell, parameter);
        char *group = group_of(cell, parameter);
        guint none = G_MAXUINT, at = number_of(groups, group);
        if (at + 1 == groups->len && groups->pdata[at] == group) {
            g_ptr_array_add(c->labels, label_of(a, cell, parameter));
            for (guint k = 0; k < c->values->len; k++) {
                g_array_append_val(c->at, none);
            }
        } else {
            g_free(group);
        }
        if (value) {
            g_array_index(c->at, guint, at * c->values->len + number_of(c->values, value)) = i;
        }
    }
    g_ptr_array_free(groups, TRUE);
    if (c->values->len < 2) {
        analysis_comparison_free(c);
        return NULL;
    }
    return c;
}

void analysis_comparison_free(analysis_comparison *c)
{
    if (c) {
        g_ptr_array_free(c->values, TRUE);
        g_ptr_array_free(c->labels, TRUE);
        g_array_free(c->at, TRUE);
        g_free(c);
    }
}

static const analysis_cell *cell_at(const analysis *a, guint at)
{
    return at == G_MAXUINT ? NULL : a->cells->pdata[at];
}

static bool has_seed(const analysis_cell *c, uint64_t seed, guint *from)
{
    while (*from < c->seeds->len && g_array_index(c->seeds, uint64_t, *from) < seed) {
        ++*from;
    }
    return *from < c->seeds->len && g_array_index(c->seeds, uint64_t, *from) == seed;
}

/* The runs of each contender of a group, of seeds that all contenders with any runs have. */
static void pair_up(const analysis *a, const analysis_measure *m, const guint *at, guint count,
                    contender *out)
{
    guint *from = g_new0(guint, count), leader = G_MAXUINT;
    GArray **runs = g_new0(GArray *, count);
    for (guint i = 0; i < count; i++) {
        const analysis_cell *c = cell_at(a, at[i]);
        runs[i] = g_array_new(FALSE, FALSE, sizeof(observation));
        leader = leader == G_MAXUINT && c && c->seeds->len > 0 ? i : leader;
    }
    for (guint k = 0; leader != G_MAXUINT && k < cell_at(a, at[leader])->seeds->len; k++) {
        uint64_t seed = g_array_index(cell_at(a, at[leader])->seeds, uint64_t, k);
        bool all = true;
        for (guint i = 0; i < count; i++) {
            const analysis_cell *c = cell_at(a, at[i]);
            all &= c == NULL || c->seeds->len == 0 || has_seed(c, seed, &from[i]);
        }
        for (guint i = 0; all && i < count; i++) {
            const analysis_cell *c = cell_at(a, at[i]);
            if (c && c->seeds->len > 0) {
                g_array_append_val(runs[i],
                                   g_array_index(m->cells[at[i]].runs, observation, from[i]));
            }
        }
    }
    for (guint i = 0; i < count; i++) {
        out[i].count = runs[i]->len;
        out[i].runs = (observation *)(void *)g_array_free(runs[i], FALSE);
    }
    g_free(runs);
    g_free(from);
}

effect *analysis_effects(const analysis *a, const analysis_comparison *c, const analysis_measure *m)
{
    guint groups = c->labels->len, values = c->values->len;
    contender *all = g_new0(contender, groups * values);
    effect *effects = g_new0(effect, groups);
    for (guint group = 0; group < groups; group++) {
        pair_up(a, m, &g_array_index(c->at, guint, group * values), values, all + group * values);
    }
    effect_table(all, groups, values, m->kind->less_is_better, effects);
    for (guint i = 0; i < groups * values; i++) {
        g_free((observation *)(uintptr_t)all[i].runs);
    }
    g_free(all);
    return effects;
}
