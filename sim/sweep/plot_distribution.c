/* How long it takes, not in the mean but all of it: distribution functions, and their tails. */
#include "sweep/plot_internal.h"

#include <math.h>
#include <string.h>

enum { MILLION = 1000000 };

/* Denser towards the tail: after each, a tenth of what is left to a decade, 1 in 10,000 at last. */
static uint32_t next_part(uint32_t ppm)
{
    uint32_t left = MILLION - ppm, step = 10000;
    while (step > 1 && step * 20 > left) {
        step /= 10;
    }
    return ppm + step;
}

/* Value, part of all that are at most so large. As far as there are at least ten values beyond. */
static void append_values(plot *p, const histogram *h, double divisor)
{
    uint64_t count = histogram_count(h);
    for (uint32_t ppm = 0; ppm < MILLION; ppm = next_part(ppm)) {
        if (ppm > 0 && count * (MILLION - ppm) < (uint64_t)10 * MILLION) {
            break;
        }
        plot_append(p->data, (double)histogram_quantile(h, ppm) / divisor);
        g_string_append_c(p->data, ' ');
        plot_append(p->data, ppm / (double)MILLION);
        g_string_append_c(p->data, '\n');
    }
    plot_append(p->data, (double)histogram_most(h) / divisor);
    g_string_append_printf(p->data, " 1\n");
}

/* Of what goes to the right elsewhere: the value in the middle. */
static const plot_point *point_of(const plot_series *one)
{
    return &g_array_index(one->points, plot_point, (one->points->len - 1) / 2);
}

/* Is there anything to see? Not where all values are one. */
static bool is_spread(const histogram *h)
{
    return h && histogram_least(h) < histogram_most(h);
}

static void append_where(const plot_frame *f, plot *p)
{
    if (f->x == NULL) {
        return;
    }
    char *words = g_strdup_printf("%s = %s", f->x->name,
                                  (const char *)f->x->values->pdata[(f->x->values->len - 1) / 2]);
    g_string_append(p->settings, "where = ");
    plot_append_quoted(p->settings, words);
    g_string_append_c(p->settings, '\n');
    g_free(words);
}

/* From the first hundredth on: what is less would take half of a logarithmic axis. */
static void append_range(plot *p, double least, double most)
{
    bool is_wide = plot_is_wide(least, most);
    g_string_append(p->settings, is_wide ? "set logscale x\nset xrange [" : "set xrange [0");
    if (is_wide) {
        plot_append(p->settings, least);
    }
    g_string_append_c(p->settings, ':');
    plot_append(p->settings, most);
    g_string_append(p->settings, "]\n");
}

void plot_distribution(const plot_frame *f, const analysis_measure *m, GPtrArray *out)
{
    number_unit unit = plot_unit(f, m);
    char *name = g_strdup_printf("%s_distribution", m->kind->name);
    plot *p = plot_new(f, name, "distribution.gp");
    guint shown = 0, longest = 0;
    double least = INFINITY, most = 0;
    g_string_append_printf(p->settings, "unit = '%s'\nmeasure = ", unit.name);
    plot_append_quoted(p->settings, m->kind->title);
    g_string_append_printf(p->settings, "\narray label[%u]\n", f->series->len);
    for (guint i = 0; i < f->series->len; i++) {
        const plot_series *one = f->series->pdata[i];
        const histogram *h = m->cells[point_of(one)->cell].merged;
        if (!is_spread(h)) {
            continue;
        }
        g_string_append_printf(p->data, "%s# %s\n", shown > 0 ? "\n\n" : "", one->name);
        append_values(p, h, unit.divisor);
        least = fmin(least, (double)histogram_quantile(h, MILLION / 100) / unit.divisor);
        most = fmax(most, (double)histogram_most(h) / unit.divisor);
        g_string_append_printf(p->settings, "label[%u] = ", ++shown);
        plot_append_quoted(p->settings, one->name);
        g_string_append_c(p->settings, '\n');
        longest = MAX(longest, (guint)g_utf8_strlen(one->name, -1));
    }
    g_string_append_printf(p->settings, "series = %u\nlongest = %u\n", shown, longest);
    append_where(f, p);
    append_range(p, least, most);
    if (shown > 0) {
        g_ptr_array_add(out, p);
    } else {
        plot_free(p);
    }
    g_free(name);
}
