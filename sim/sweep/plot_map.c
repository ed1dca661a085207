/* A measure over two parameters: a field of cells, each with its number. One map for each line that
 * there would be beside. */
#include "sweep/plot_internal.h"

#include <math.h>
#include <string.h>

/* The second number that varies: upwards. */
static const plot_axis *other_number(const plot_frame *f)
{
    for (guint i = 0; i < f->axes->len; i++) {
        const plot_axis *axis = f->axes->pdata[i];
        if (axis != f->x && axis->is_number) {
            return axis;
        }
    }
    return NULL;
}

static bool is_number_in(const plot_frame *f, const plot_axis *axis, guint cell, const char *value)
{
    const analysis_cell *c = f->analysis->cells->pdata[cell];
    return g_strcmp0(analysis_setting(c, axis->name), value) == 0;
}

/* All that varies besides: "raymond". */
static char *rest_of(const plot_frame *f, const plot_axis *y, guint cell)
{
    GString *name = g_string_new(NULL);
    const analysis_cell *c = f->analysis->cells->pdata[cell];
    for (guint i = 0; i < f->axes->len; i++) {
        const plot_axis *axis = f->axes->pdata[i];
        if (axis != f->x && axis != y) {
            const char *value = analysis_setting(c, axis->name);
            g_string_append_printf(name, "%s%s", name->len > 0 ? " " : "", value ? value : "");
        }
    }
    return g_string_free(name, FALSE);
}

/* Column, row, value, the number in words; NaN where nothing was measured. The value. */
static double append_cell(const plot_frame *f, const analysis_measure *m, const plot_axis *y,
                          const char *rest, guint column, guint row, number_unit unit, plot *p)
{
    for (guint i = 0; i < f->cells->len; i++) {
        guint cell = g_array_index(f->cells, guint, i);
        char *its = rest_of(f, y, cell);
        bool fits = strcmp(its, rest) == 0 &&
                    is_number_in(f, f->x, cell, f->x->values->pdata[column]) &&
                    is_number_in(f, y, cell, y->values->pdata[row]);
        g_free(its);
        const GArray *runs = m->cells[cell].runs;
        estimate e =
            observations_estimate((const observation *)(const void *)runs->data, runs->len);
        if (fits && isfinite(e.value) && e.runs > 0) {
            char words[G_ASCII_DTOSTR_BUF_SIZE];
            double value = e.value / unit.divisor;
            g_ascii_formatd(words, sizeof words, value < 1000 ? "%.3g" : "%.0f", value);
            g_string_append_printf(p->data, "%u %u ", column, row);
            plot_append(p->data, value);
            g_string_append_printf(p->data, " %s\n", words);
            return e.value;
        }
    }
    g_string_append_printf(p->data, "%u %u NaN -\n", column, row);
    return NAN;
}

static void append_tics(plot *p, const char *which, const plot_axis *axis)
{
    char *title = plot_axis_title(axis);
    g_string_append_printf(p->settings, "set %slabel ", which);
    plot_append_quoted(p->settings, title);
    g_string_append_printf(p->settings, "\nset %stics (", which);
    for (guint i = 0; i < axis->values->len; i++) {
        char words[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(words, sizeof words, "%.4g", plot_axis_value(axis, axis->values->pdata[i]));
        g_string_append_printf(p->settings, "%s'%s' %u", i > 0 ? ", " : "", words, i);
    }
    g_string_append_printf(p->settings, ")\nset %srange [-0.5:%u.5]\n", which,
                           axis->values->len - 1);
    g_free(title);
}

static void add_map(const plot_frame *f, const analysis_measure *m, const plot_axis *y,
                    const char *rest, GPtrArray *out)
{
    number_unit unit = plot_unit(f, m);
    char *name = g_strdup_printf("%s_map%s%s", m->kind->name, *rest ? "_" : "", rest);
    plot *p = plot_new(f, name, "map.gp");
    double least = INFINITY, most = -INFINITY;
    append_tics(p, "x", f->x);
    append_tics(p, "y", y);
    g_string_append(p->settings, "measure = ");
    char *title = g_strdup_printf("%s%s%s%s%s%s", rest, *rest ? ": " : "", m->kind->title,
                                  *unit.name ? " (" : "", unit.name, *unit.name ? ")" : "");
    plot_append_quoted(p->settings, title);
    g_string_append_c(p->settings, '\n');
    for (guint row = 0; row < y->values->len; row++) {
        for (guint column = 0; column < f->x->values->len; column++) {
            double value = append_cell(f, m, y, rest, column, row, unit, p);
            least = fmin(least, value);
            most = fmax(most, value);
        }
        g_string_append_c(p->data, '\n');
    }
    g_string_append(p->settings, "least = ");
    plot_append(p->settings, least / unit.divisor);
    g_string_append(p->settings, "\nmost = ");
    plot_append(p->settings, most / unit.divisor);
    g_string_append_c(p->settings, '\n');
    if (least < most) { /* else there is nothing to see */
        g_ptr_array_add(out, p);
    } else {
        plot_free(p);
    }
    g_free(title);
    g_free(name);
}

void plot_map(const plot_frame *f, const analysis_measure *m, GPtrArray *out)
{
    const plot_axis *y = other_number(f);
    GPtrArray *rests = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; f->x && y && i < f->cells->len; i++) {
        char *rest = rest_of(f, y, g_array_index(f->cells, guint, i));
        if (g_ptr_array_find_with_equal_func(rests, rest, g_str_equal, NULL)) {
            g_free(rest);
        } else {
            g_ptr_array_add(rests, rest);
        }
    }
    for (guint i = 0; i < rests->len; i++) {
        add_map(f, m, y, rests->pdata[i], out);
    }
    g_ptr_array_free(rests, TRUE);
}
