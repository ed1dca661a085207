/* Means with their intervals over a parameter: lines; where nothing that varies is a number: dots,
 * one below the other. */
#include "sweep/plot_internal.h"

#include "script/formula.h"
#include <math.h>
#include <string.h>

static const double name_height = 0.045; /* of a name at the end of a line, part of the height */

typedef struct bounds {
    double least, most;
} bounds;

static void widen(bounds *b, double value)
{
    b->least = fmin(b->least, value);
    b->most = fmax(b->most, value);
}

static estimate estimate_at(const analysis_measure *m, guint cell)
{
    const GArray *runs = m->cells[cell].runs;
    return observations_estimate((const observation *)(const void *)runs->data, runs->len);
}

static bool is_known(const analysis_measure *m, guint cell)
{
    const GArray *runs = m->cells[cell].runs;
    for (guint i = 0; i < runs->len; i++) {
        if (g_array_index(runs, observation, i).denominator > 0) {
            return true;
        }
    }
    return false;
}

/* x, value, low, high, runs. An interval that is not known has no width. */
static void append_row(plot *p, double x, estimate e, number_unit unit, bounds *b)
{
    double value = e.value / unit.divisor;
    double low = isfinite(e.low) ? e.low / unit.divisor : value;
    double high = isfinite(e.high) ? e.high / unit.divisor : value;
    const double columns[] = {x, value, low, high};
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        plot_append(p->data, columns[i]);
        g_string_append_c(p->data, ' ');
    }
    g_string_append_printf(p->data, "%" G_GUINT64_FORMAT "\n", e.runs);
    widen(b, value);
}

static void append_unit_title(plot *p, const char *axis, const analysis_measure *m,
                              number_unit unit)
{
    const char *of = strcmp(m->kind->unit, "per_second") == 0 ? "per second" : unit.name;
    char *title = *of ? g_strdup_printf("%s (%s)", m->kind->title, of) : g_strdup(m->kind->title);
    g_string_append_printf(p->settings, "set %s ", axis);
    plot_append_quoted(p->settings, title);
    g_string_append_c(p->settings, '\n');
    g_free(title);
}

/* ------------------------------------------------------------------------------ published costs */

typedef struct theory {
    guint series; /* from 1 on */
    GString *rows;
} theory;

static void append_cost(const plot_frame *f, const plot_series *one, const dasim_cost *cost,
                        GString *rows, bounds *b)
{
    bool is_over_nodes = strcmp(f->x->name, "nodes") == 0;
    bool is_busy = strcmp(cost->when, "saturated") == 0,
         is_idle = strcmp(cost->when, "isolated") == 0;
    formula *of = formula_new(cost->formula, NULL);
    guint count = one->points->len, share = (count + 2) / 3;
    double value;
    for (guint i = 0; of && i < count; i++) {
        const plot_point *point = &g_array_index(one->points, plot_point, i);
        guint nodes = is_over_nodes ? (guint)point->x : one->nodes;
        /* Over a time to think, both ends are limits: no time, and much of it. */
        bool here =
            is_over_nodes || !(is_busy || is_idle) || (is_busy ? i < share : i >= count - share);
        if (here && nodes > 0 && formula_value(of, nodes, 1, 0, &value, NULL)) {
            plot_append(rows, point->x);
            g_string_append_c(rows, ' ');
            plot_append(rows, value);
            g_string_append_c(rows, '\n');
            widen(b, value);
        }
    }
    formula_free(of);
}

/* Messages only: times depend on delays that a formula leaves open. */
static bool is_drawn(const plot_frame *f, const dasim_cost *cost, const analysis_measure *m)
{
    bool is_load = f->x->is_time && strcmp(f->x->name, "think") == 0;
    bool is_over_nodes = strcmp(f->x->name, "nodes") == 0;
    return *m->kind->unit == '\0' && strcmp(cost->measure, m->kind->title) == 0 &&
           (strcmp(cost->when, "always") == 0 ||
            ((is_load || is_over_nodes) &&
             (strcmp(cost->when, "saturated") == 0 || strcmp(cost->when, "isolated") == 0)));
}

static GArray *theories_of(const plot_frame *f, const analysis_measure *m, bounds *b)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(theory));
    for (guint i = 0; f->choice->modules && i < f->series->len; i++) {
        const plot_series *one = f->series->pdata[i];
        const dasim_algorithm *a =
            *one->algorithm ? catalogue_load(f->choice->modules, one->algorithm, NULL) : NULL;
        for (const dasim_cost *cost = a ? a->costs : NULL; cost && cost->measure; cost++) {
            theory t = {i + 1, g_string_new(NULL)};
            if (is_drawn(f, cost, m)) {
                append_cost(f, one, cost, t.rows, b);
            }
            if (t.rows->len > 0) {
                g_array_append_val(all, t);
            } else {
                g_string_free(t.rows, TRUE);
            }
        }
    }
    return all;
}

static void append_theories(plot *p, GArray *all)
{
    g_string_append_printf(p->settings, "theories = %u\narray theory_of[%u]\ntheory_of[1] = 1\n",
                           all->len, MAX(all->len, 1));
    for (guint i = 0; i < all->len; i++) {
        theory *t = &g_array_index(all, theory, i);
        g_string_append_printf(p->settings, "theory_of[%u] = %u\n", i + 1, t->series);
        g_string_append_printf(p->data, "\n\n# published, %u\n%s", t->series, t->rows->str);
        g_string_free(t->rows, TRUE);
    }
    g_array_free(all, TRUE);
}

/* --------------------------------------------------------------------------------------- lines */

/* Where a value stands between the ends of the axis. */
static double height_of(double value, bounds axis, bool is_logarithmic)
{
    return is_logarithmic ? log(value / axis.least) / log(axis.most / axis.least)
                          : (value - axis.least) / (axis.most - axis.least);
}

/* Room above and below: a fifth of a decade, or a twentieth of the range. */
static bounds axis_of(bounds b, bool is_logarithmic)
{
    if (is_logarithmic) {
        return (bounds){b.least / 1.5, b.most * 1.5};
    }
    double least = b.least >= 0 && b.least < b.most / 2 ? 0 : b.least;
    double room = b.most > least ? (b.most - least) / 20 : fmax(fabs(b.most), 1) / 2;
    return (bounds){least == 0 ? 0 : least - room, b.most + room};
}

static void append_range(plot *p, const char *axis, bounds b, bool is_logarithmic)
{
    g_string_append_printf(p->settings, "set %srange [", axis);
    plot_append(p->settings, b.least);
    g_string_append_c(p->settings, ':');
    plot_append(p->settings, b.most);
    g_string_append(p->settings, "]\n");
    if (is_logarithmic) {
        g_string_append_printf(p->settings, "set logscale %s\n", axis);
    }
}

/* Names at the ends of lines, which need not stand just there: a thin line leads to each. */
static void append_names(const plot_frame *f, plot *p, const double *ends, bounds axis,
                         bool is_logarithmic)
{
    guint count = f->series->len, longest = 0;
    double *heights = g_new(double, count);
    guint shown = 0;
    for (guint i = 0; i < count; i++) {
        if (!isnan(ends[i])) {
            heights[shown++] = height_of(ends[i], axis, is_logarithmic);
        }
    }
    plot_part(heights, shown, name_height);
    shown = 0;
    g_string_append_printf(p->settings,
                           "series = %u\narray label[%u]\narray from[%u]\narray to[%u]\n", count,
                           count, count, count);
    for (guint i = 0; i < count; i++) {
        const plot_series *one = f->series->pdata[i];
        bool is_shown = !isnan(ends[i]); /* something was measured */
        g_string_append_printf(p->settings, "label[%u] = ", i + 1);
        plot_append_quoted(p->settings, is_shown ? one->name : "");
        g_string_append_printf(p->settings, "; from[%u] = ", i + 1);
        plot_append(p->settings, is_shown ? height_of(ends[i], axis, is_logarithmic) : 0);
        g_string_append_printf(p->settings, "; to[%u] = ", i + 1);
        plot_append(p->settings, is_shown ? heights[shown++] : 0);
        g_string_append_c(p->settings, '\n');
        longest = MAX(longest, (guint)g_utf8_strlen(one->name, -1));
    }
    g_string_append_printf(p->settings, "longest = %u\n", longest);
    g_free(heights);
}

static void append_x(const plot_frame *f, plot *p)
{
    const GPtrArray *values = f->x->values;
    bounds b = {plot_axis_value(f->x, values->pdata[0]),
                plot_axis_value(f->x, values->pdata[values->len - 1])};
    bool is_wide = values->len > 2 && plot_is_wide(b.least, b.most);
    char *title = plot_axis_title(f->x);
    g_string_append(p->settings, "set xlabel ");
    plot_append_quoted(p->settings, title);
    g_string_append_c(p->settings, '\n');
    append_range(p, "x", b, is_wide);
    if (is_wide && strcmp(f->x->name, "nodes") == 0) { /* usually doubled */
        g_string_append(p->settings, "set logscale x 2\n");
    }
    g_free(title);
}

void plot_lines(const plot_frame *f, const analysis_measure *m, GPtrArray *out)
{
    plot *p = plot_new(f, m->kind->name, "lines.gp");
    number_unit unit = plot_unit(f, m);
    double *ends = g_new(double, f->series->len);
    bounds b = {INFINITY, -INFINITY};
    for (guint i = 0; i < f->series->len; i++) {
        const plot_series *one = f->series->pdata[i];
        g_string_append_printf(p->data, "%s# %s\nNaN NaN NaN NaN 0\n", i > 0 ? "\n\n" : "",
                               one->name);
        ends[i] = NAN;
        for (guint k = 0; k < one->points->len; k++) {
            const plot_point *point = &g_array_index(one->points, plot_point, k);
            if (is_known(m, point->cell)) {
                estimate e = estimate_at(m, point->cell);
                append_row(p, point->x, e, unit, &b);
                ends[i] = e.value / unit.divisor;
            }
        }
    }
    if (b.least >= b.most) { /* the same everywhere: nothing to see */
        plot_free(p);
        g_free(ends);
        return;
    }
    GArray *theories = theories_of(f, m, &b);
    bool is_logarithmic = plot_is_wide(b.least, b.most);
    append_theories(p, theories);
    append_x(f, p);
    append_unit_title(p, "ylabel", m, unit);
    bounds axis = axis_of(b, is_logarithmic);
    append_range(p, "y", axis, is_logarithmic);
    append_names(f, p, ends, axis, is_logarithmic);
    g_free(ends);
    g_ptr_array_add(out, p);
}

void plot_dots(const plot_frame *f, const analysis_measure *m, GPtrArray *out)
{
    plot *p = plot_new(f, m->kind->name, "dots.gp");
    number_unit unit = plot_unit(f, m);
    bounds b = {INFINITY, -INFINITY};
    guint longest = 0;
    g_string_append_printf(p->settings, "series = %u\narray label[%u]\n", f->series->len,
                           f->series->len);
    for (guint i = 0; i < f->series->len; i++) {
        const plot_series *one = f->series->pdata[i];
        guint cell = g_array_index(one->points, plot_point, 0).cell;
        g_string_append_printf(p->settings, "label[%u] = ", i + 1);
        plot_append_quoted(p->settings, one->name);
        g_string_append_c(p->settings, '\n');
        longest = MAX(longest, (guint)g_utf8_strlen(one->name, -1));
        g_string_append_printf(p->data, "%s# %s\nNaN NaN NaN NaN 0\n", i > 0 ? "\n\n" : "",
                               one->name);
        if (is_known(m, cell)) {
            append_row(p, i + 1, estimate_at(m, cell), unit, &b);
        }
    }
    g_string_append_printf(p->settings, "longest = %u\n", longest);
    if (b.least >= b.most) {
        plot_free(p);
        return;
    }
    append_unit_title(p, "xlabel", m, unit);
    append_range(p, "x", axis_of(b, false), false);
    g_ptr_array_add(out, p);
}
