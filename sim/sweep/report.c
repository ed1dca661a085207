/* Sections, from what happened to what it means to how it is done again. */
#include "sweep/report.h"

#include "sweep/report_numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *cell_name(const analysis_cell *c)
{
    return *c->label ? c->label : "(nothing varied)";
}

static char *count_text(uint64_t count)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, count);
}

void report_append_runs(const analysis *a, text_table_style style, GString *out)
{
    text_table *t = text_table_new("lrrrrr");
    static const char *const head[] = {"cell",     "runs",         "as expected",
                                       "violated", "inconclusive", "failed"};
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++) {
        text_table_add(t, head[i]);
    }
    for (guint i = 0; i < a->cells->len; i++) {
        const analysis_cell *c = a->cells->pdata[i];
        text_table_add(t, cell_name(c));
        text_table_take(t, count_text(c->seeds->len));
        text_table_take(t, count_text(c->seeds->len - c->violated - c->inconclusive));
        text_table_take(t, count_text(c->violated));
        text_table_take(t, count_text(c->inconclusive));
        text_table_take(t, count_text(c->failed));
    }
    text_table_append(t, style, out);
    text_table_free(t);
}

/* ----------------------------------------------------------------------------------- measures */

static estimate mean_of(const analysis_values *v)
{
    return observations_estimate((const observation *)(const void *)v->runs->data, v->runs->len);
}

static bool has_values(const analysis_values *v)
{
    for (guint i = 0; i < v->runs->len; i++) {
        if (g_array_index(v->runs, observation, i).denominator > 0) {
            return true;
        }
    }
    return false;
}

static void add_quantiles(text_table *t, const analysis_values *v, number_unit unit)
{
    for (int i = 0; i < ANALYSIS_QUANTILES; i++) {
        if (v->merged == NULL) {
            text_table_add(t, "");
            continue;
        }
        int64_t value = histogram_quantile(v->merged, analysis_quantiles[i]);
        const GArray *runs = v->of_runs[i];
        text_table_take(t, number_quantile(quantile_estimate(value,
                                                             (const int64_t *)(void *)runs->data,
                                                             runs->len),
                                           unit));
    }
}

void report_append_measure(const analysis *a, const analysis_measure *m, text_table_style style,
                           GString *out)
{
    number_unit unit = number_unit_of(a, m);
    bool has_quantiles = m->kind->has_histogram;
    text_table *t = text_table_new(has_quantiles ? "lrrrrrr" : "lrrr");
    text_table_add(t, "cell");
    text_table_add(t, "runs");
    text_table_add(t, "mean");
    text_table_add(t, "95 % interval");
    if (has_quantiles) {
        text_table_add(t, "median");
        text_table_add(t, "90 %");
        text_table_add(t, "99 %");
    }
    for (guint i = 0; i < a->cells->len; i++) {
        const analysis_values *v = &m->cells[i];
        estimate e = mean_of(v);
        bool is_there = has_values(v);
        text_table_add(t, cell_name(a->cells->pdata[i]));
        text_table_take(t, count_text(v->runs->len));
        text_table_take(t, is_there ? number_text(e.value, estimate_half_width(e), unit)
                                    : g_strdup("-"));
        text_table_take(t, number_interval(e, unit));
        if (has_quantiles) {
            add_quantiles(t, v, unit);
        }
    }
    text_table_append(t, style, out);
    text_table_free(t);
}

/* --------------------------------------------------------------------------------- comparison */

static char *contender_text(const analysis_values *v, bool is_best, number_unit unit,
                            text_table_style style)
{
    if (!has_values(v)) {
        return g_strdup("-");
    }
    char *value = number_with_arms(mean_of(v), unit);
    char *text = !is_best                       ? g_strdup(value)
                 : style == TEXT_TABLE_MARKDOWN ? g_strdup_printf("**%s**", value)
                                                : g_strdup_printf("*%s", value);
    g_free(value);
    return text;
}

static void add_effect(text_table *t, const analysis_comparison *c, const effect *e,
                       number_unit unit)
{
    if (e->winner == SIZE_MAX || e->second == SIZE_MAX) {
        for (int i = 0; i < 5; i++) {
            text_table_add(t, "-");
        }
        return;
    }
    text_table_add(t, c->values->pdata[e->winner]);
    text_table_add(t, c->values->pdata[e->second]);
    text_table_take(t, number_with_arms(e->lead.by, unit));
    text_table_take(t, number_p(e->lead.p));
    text_table_add(t, e->significant ? "yes" : "no");
}

void report_append_comparison(const analysis *a, const analysis_comparison *c,
                              const analysis_measure *m, text_table_style style, GString *out)
{
    number_unit unit = number_unit_of(a, m);
    effect *effects = analysis_effects(a, c, m);
    guint values = c->values->len;
    GString *align = g_string_new("l");
    for (guint i = 0; i < values; i++) {
        g_string_append_c(align, 'r');
    }
    g_string_append(align, "llrrl");
    text_table *t = text_table_new(align->str);
    text_table_add(t, "cell");
    for (guint i = 0; i < values; i++) {
        text_table_add(t, c->values->pdata[i]);
    }
    static const char *const rest[] = {"best", "second", "second - best", "p", "significant"};
    for (size_t i = 0; i < G_N_ELEMENTS(rest); i++) {
        text_table_add(t, rest[i]);
    }
    for (guint group = 0; group < c->labels->len; group++) {
        const char *label = c->labels->pdata[group];
        text_table_add(t, *label ? label : "all");
        for (guint i = 0; i < values; i++) {
            guint at = g_array_index(c->at, guint, group * values + i);
            bool is_best = effects[group].winner == i;
            text_table_take(t, at == G_MAXUINT
                                   ? g_strdup("-")
                                   : contender_text(&m->cells[at], is_best, unit, style));
        }
        add_effect(t, c, &effects[group], unit);
    }
    text_table_append(t, style, out);
    text_table_free(t);
    g_string_free(align, TRUE);
    g_free(effects);
}

const char *report_compared(const analysis *a)
{
    for (guint i = 0; i < a->varied->len; i++) {
        const char *name = a->varied->pdata[i];
        for (guint k = 0; k < a->cells->len; k++) {
            const char *value = analysis_setting(a->cells->pdata[k], name);
            if (value && g_ascii_isalpha(value[0])) {
                return name;
            }
        }
    }
    return NULL;
}

/* ----------------------------------------------------------------------------------- document */

/* What the scenario gives, and plain counts, say little of an algorithm. */
static bool is_wanted(const analysis_measure *m, const char *const *names)
{
    static const char *const left_out[] = {"requests",          "entries",
                                           "holding_ns",        "messages_sent",
                                           "message_delay_ns",  "leaders_declared",
                                           "messages_received", NULL};
    if (names) {
        return g_strv_contains(names, m->kind->name);
    }
    return m->is_told && !g_strv_contains(left_out, m->kind->name);
}

static void append_heading(const analysis *a, GString *out)
{
    uint64_t runs = 0, failed = 0;
    for (guint i = 0; i < a->cells->len; i++) {
        const analysis_cell *c = a->cells->pdata[i];
        runs += c->seeds->len;
        failed += c->failed;
    }
    g_string_append_printf(out, "# %s\n\n%s%s", a->scenario, a->question,
                           *a->question ? "\n\n" : "");
    g_string_append_printf(out,
                           "%u cells, %" G_GUINT64_FORMAT " runs, %" G_GUINT64_FORMAT
                           " without a result. dasim %s, scenario %s.\n\n",
                           a->cells->len, runs, failed, a->version, a->digest);
}

/* "### waiting time in ms, less is better" */
static void append_title(const analysis *a, const analysis_measure *m, const char *more,
                         GString *out)
{
    const char *unit = number_unit_of(a, m).name;
    g_string_append_printf(out, "### %s%s%s%s\n\n", m->kind->title, *unit ? " in " : "", unit,
                           more);
}

static void append_measures(const analysis *a, const char *const *names, GString *out)
{
    g_string_append(out,
                    "## What was measured\n\nMeans are ratios of sums over all runs, with 95 % "
                    "intervals (Student's t over runs, corrected for\nskewness). Quantiles are of "
                    "all values of all runs, ± half of the 95 % interval (by sections, a\nrun "
                    "each).\n\n");
    for (guint i = 0; i < a->measures->len; i++) {
        const analysis_measure *m = a->measures->pdata[i];
        if (is_wanted(m, names)) {
            char *name = g_strdup_printf(" (`%s`)", m->kind->name);
            append_title(a, m, name, out);
            g_free(name);
            report_append_measure(a, m, TEXT_TABLE_MARKDOWN, out);
            g_string_append_c(out, '\n');
        }
    }
}

static void append_comparisons(const analysis *a, const analysis_comparison *c,
                               const char *const *names, GString *out)
{
    g_string_append_printf(out,
                           "## Compared by `%s`\n\nThe best in bold. Differences are paired by "
                           "seed: both had the same load and the same luck. `p` is\ncorrected for "
                           "all pairs in all rows of a table (Holm), so that rows may be read "
                           "together; `significant`:\nthe best differs from each other one with "
                           "p < 0.05.\n\n",
                           c->parameter);
    for (guint i = 0; i < a->measures->len; i++) {
        const analysis_measure *m = a->measures->pdata[i];
        if (is_wanted(m, names)) {
            append_title(a, m, m->kind->less_is_better ? ", less is better" : ", more is better",
                         out);
            report_append_comparison(a, c, m, TEXT_TABLE_MARKDOWN, out);
            g_string_append_c(out, '\n');
        }
    }
}

static void append_commands(const analysis *a, GString *out)
{
    char *all = report_sweep_command(a);
    g_string_append(out, "## To do it again\n\n```\n");
    if (all) {
        g_string_append_printf(out, "%s\n", all);
    }
    for (guint i = 0; i < a->cells->len; i++) {
        const analysis_cell *c = a->cells->pdata[i];
        uint64_t seed = c->seeds->len > 0 ? g_array_index(c->seeds, uint64_t, 0) : 1;
        g_string_append_printf(out, "dasim run %s%s --seed %" G_GUINT64_FORMAT "\n", a->scenario,
                               c->settings, seed);
    }
    g_string_append(out, "```\n");
    g_free(all);
}

bool report_append(store *s, const analysis *a, const char *compare, const char *const *measures,
                   GString *out, GError **error)
{
    const char *parameter = compare ? compare : report_compared(a);
    analysis_comparison *c = parameter ? analysis_compare(a, parameter) : NULL;
    append_heading(a, out);
    g_string_append(out, "## Runs\n\n");
    report_append_runs(a, TEXT_TABLE_MARKDOWN, out);
    g_string_append(out, "\n## What was not as expected\n\n");
    bool fine = report_append_unexpected(s, a, TEXT_TABLE_MARKDOWN, out, error);
    g_string_append_c(out, '\n');
    if (c) {
        append_comparisons(a, c, measures, out);
    }
    append_measures(a, measures, out);
    append_commands(a, out);
    analysis_comparison_free(c);
    return fine;
}
