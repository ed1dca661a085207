/*
 * A script for gnuplot: for each algorithm a panel of what is counted and one of times, points for
 * what was measured, a dashed line for the formula. Colours: M. Okabe, K. Ito, "Color universal
 * design", 2008.
 */
#include "sweep/complexity.h"

static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73",
                                      "#CC79A7", "#56B4E9", "#E69F00"};
static const int shapes[] = {7, 5, 9, 13, 11, 3}; /* filled ones, and a star */

/* Inside single quotes. */
static char *quoted(const char *text)
{
    char **parts = g_strsplit(text, "'", -1);
    char *joined = g_strjoinv("''", parts);
    g_strfreev(parts);
    return joined;
}

static bool is_extreme(const dasim_cost *cost)
{
    return g_str_equal(cost->when, "best") || g_str_equal(cost->when, "worst");
}

/* Bars where the interval of a mean was looked at. */
static void append_series(const complexity *c, const cost_row *row, guint number, GString *script)
{
    const char *when = row->cost->when, *load = row->load ? row->load : "-";
    const char *colour = colours[number % G_N_ELEMENTS(colours)];
    bool says_load = row->load && g_str_equal(when, "always");
    char *measure = quoted(row->cost->measure);
    char *of =
        g_strdup_printf("of('%s', '%s', '%s', '%s')", c->algorithm->name, measure, when, load);
    g_string_append_printf(script,
                           "%s \\\n  data using 6:(%s ? $11 : NaN) with lines dt 2 lw 1.5 "
                           "lc rgb '%s' notitle, \\\n  data using 6:(%s ? $8 : NaN)",
                           number > 0 ? "," : "plot", of, colour, of);
    if (!is_extreme(row->cost)) {
        g_string_append_printf(script, ":(%s ? $9 : NaN):(%s ? $10 : NaN)", of, of);
    }
    g_string_append_printf(script, " with %s pt %d ps 0.7 lc rgb '%s' title '%s, %s%s%s: %s'",
                           is_extreme(row->cost) ? "points" : "yerrorbars",
                           shapes[number % G_N_ELEMENTS(shapes)], colour, measure, when,
                           says_load ? ", " : "", says_load ? row->load : "", row->cost->formula);
    g_free(of);
    g_free(measure);
}

static void append_panel(const complexity *c, bool is_time, GString *script)
{
    guint number = 0;
    g_string_append_printf(script, "set title '%s'\nset ylabel '%s'\n", c->algorithm->name,
                           is_time ? "ms (T = 1, E = 10)" : "messages");
    for (guint i = 0; i < c->rows->len; i++) {
        const cost_row *row = c->rows->pdata[i];
        if (row->is_time == is_time && row->points->len > 0) {
            append_series(c, row, number++, script);
        }
    }
    g_string_append(script, number > 0 ? "\n" : "set multiplot next\n");
}

void complexity_append_figure(const GPtrArray *all, const char *data, GString *script)
{
    char *name = quoted(data);
    guint panels = 0;
    for (guint i = 0; i < all->len; i++) {
        panels += ((const complexity *)all->pdata[i])->rows->len > 0;
    }
    g_string_append_printf(
        script,
        "# Costs of algorithms over the number of nodes: points measured, "
        "dashed lines as published.\n"
        "set terminal svg noenhanced size 1200,%u font 'sans,12' background '#ffffff'\n"
        "set datafile separator tab\ndata = '%s'\n"
        "of(a, m, w, l) = strcol(1) eq a && strcol(2) eq m && "
        "strcol(3) eq w && strcol(4) eq l && strcol(12) ne 'BROKEN'\n"
        "set logscale xy 2\nset format y '%%g'\nset xlabel 'nodes' offset 0,0.5\n"
        "set xrange [1.8:*]\nset offsets graph 0.05, graph 0.05, graph 0.1, 0\n"
        "set grid lc rgb '#dddddd'\nset border 3\nset tics nomirror\n"
        "set key outside bottom center vertical Left reverse maxrows 6 samplen 1.5\n"
        "set multiplot layout %u,2\n",
        420 * MAX(panels, 1), name, MAX(panels, 1));
    for (guint i = 0; i < all->len; i++) {
        const complexity *c = all->pdata[i];
        if (c->rows->len > 0) {
            append_panel(c, false, script);
            append_panel(c, true, script);
        }
    }
    g_string_append(script, "unset multiplot\n");
    g_free(name);
}
