#include "sweep/plot_internal.h"

#include <math.h>
#include <string.h>

enum { TITLE_MOST = 70, DETAILS_MOST = 90 }; /* bytes of a line */

static const double ratio_wide = 20; /* so many times the least: a logarithmic axis shows more */

bool plot_is_wide(double least, double most)
{
    return least > 0 && most > ratio_wide * least;
}

number_unit plot_unit(const plot_frame *f, const analysis_measure *m)
{
    static const number_unit durations[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
    double most = 0;
    if (strcmp(m->kind->unit, "ns") != 0) {
        return number_unit_of(f->analysis, m);
    }
    for (guint i = 0; i < f->cells->len; i++) {
        const GArray *runs = m->cells[g_array_index(f->cells, guint, i)].runs;
        const observation *all = (const observation *)(const void *)runs->data;
        most = fmax(most, observations_estimate(all, runs->len).value);
    }
    guint fits = 0;
    while (fits < G_N_ELEMENTS(durations) - 1 && most < durations[fits].divisor) {
        fits++;
    }
    return durations[fits];
}

void plot_append(GString *text, double value)
{
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(text, g_ascii_formatd(buffer, sizeof buffer, "%.7g", value));
}

void plot_append_quoted(GString *text, const char *words)
{
    g_string_append_c(text, '\'');
    for (; *words; words++) {
        g_string_append_len(text, *words == '\'' ? "''" : words, *words == '\'' ? 2 : 1);
    }
    g_string_append_c(text, '\'');
}

/* Cut at a blank, so that a line stays within `most` bytes of text; where it goes on. */
static const char *line_end(const char *text, size_t most)
{
    const char *end = text + strlen(text);
    for (const char *at = end; (size_t)(end - text) > most && at > text; at--) {
        if (*at == ' ' && (size_t)(at - text) <= most) {
            return at;
        }
    }
    return end;
}

void plot_append_title(GString *text, const char *question, const char *details)
{
    const char *end = line_end(question, TITLE_MOST), *rest = end + (*end == ' ');
    char *first = g_strndup(question, (gsize)(end - question));
    char *small = g_strndup(details, (gsize)(line_end(details, DETAILS_MOST) - details));
    g_string_append(text, "set title ");
    plot_append_quoted(text, first);
    if (*rest) {
        g_string_append(text, " . \"\\n\" . ");
        plot_append_quoted(text, rest);
    }
    if (*small) {
        g_string_append(text, " . \"\\n\" . ");
        plot_append_quoted(text, small);
    }
    g_string_append_c(text, '\n');
    g_free(small);
    g_free(first);
}

plot *plot_new(const plot_frame *f, const char *name, const char *script)
{
    plot *p = g_new0(plot, 1);
    p->name = g_strdup(name);
    p->script = script;
    p->settings = g_string_new(NULL);
    p->data = g_string_new(NULL);
    plot_append_title(p->settings, f->analysis->question, "");
    return p;
}

void plot_free(void *data)
{
    plot *p = data;
    g_free(p->name);
    g_string_free(p->settings, TRUE);
    g_string_free(p->data, TRUE);
    g_free(p);
}

static gint by_height(gconstpointer a, gconstpointer b)
{
    const double *x = *(const double *const *)a, *y = *(const double *const *)b;
    return *x != *y ? (*x > *y) - (*x < *y) : (x > y) - (x < y);
}

/* From below, each at least a step above the one under it; what then sticks out at the top is
 * pressed down again; once more half-way, so that a bunch stands around where it belongs. */
void plot_part(double *heights, size_t count, double step)
{
    GPtrArray *order = g_ptr_array_new();
    double space = count > 1 ? fmin(step, 1.0 / (double)(count - 1)) : 0;
    for (size_t i = 0; i < count; i++) {
        g_ptr_array_add(order, &heights[i]);
    }
    g_ptr_array_sort(order, by_height);
    for (size_t first = 0; first < count;) { /* a bunch: those that would touch */
        double sum = 0, middle;
        size_t last = first;
        do {
            sum += *(double *)order->pdata[last++];
            middle = sum / (double)(last - first);
        } while (last < count &&
                 *(double *)order->pdata[last] < middle + space * ((double)(last - first) + 1) / 2);
        for (size_t i = first; i < last; i++) {
            *(double *)order->pdata[i] =
                middle + space * ((double)(i - first) - (double)(last - first - 1) / 2);
        }
        first = last;
    }
    for (size_t i = 0; i < count; i++) {
        double *one = order->pdata[i];
        double floor = i > 0 ? *(double *)order->pdata[i - 1] + space : 0;
        *one = fmax(*one, floor);
    }
    for (size_t i = count; i-- > 0;) {
        double *one = order->pdata[i];
        double ceiling = i + 1 < count ? *(double *)order->pdata[i + 1] - space : 1;
        *one = fmin(*one, ceiling);
    }
    g_ptr_array_free(order, TRUE);
}

static bool is_wanted(const plot_choice *choice, const plot *p)
{
    return choice->only == NULL || strcmp(choice->only, p->name) == 0;
}

/* Keeps what was asked for. Nothing left: an error that names what there is. */
static GPtrArray *keep(GPtrArray *all, const plot_choice *choice, GError **error)
{
    GPtrArray *kept = g_ptr_array_new_with_free_func(plot_free);
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++) {
        plot *p = all->pdata[i];
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", p->name);
        if (is_wanted(choice, p)) {
            g_ptr_array_add(kept, p);
        } else {
            plot_free(p);
        }
    }
    if (kept->len == 0) {
        g_set_error(error, PLOT_ERROR, all->len > 0 ? PLOT_ERROR_CHOICE : PLOT_ERROR_EMPTY,
                    all->len > 0 ? "found no figure '%s', expected one of %s"
                                 : "found nothing that was measured%.0s%.0s, expected runs",
                    choice->only ? choice->only : "", names->str);
        g_ptr_array_free(kept, TRUE);
        kept = NULL;
    }
    g_string_free(names, TRUE);
    g_ptr_array_free(all, TRUE);
    return kept;
}

/* Something was measured, and it is no mere count of what was asked for. */
static bool is_telling(const analysis_measure *m, const plot_choice *choice)
{
    static const char *const counts[] = {"entries", "messages_received", "requests", NULL};
    return m->is_told && (choice->only || !g_strv_contains(counts, m->kind->name));
}

GPtrArray *plots_of(const analysis *a, const plot_choice *choice, GError **error)
{
    plot_frame f;
    GPtrArray *all = NULL;
    if (plot_frame_init(&f, a, choice, error)) {
        all = g_ptr_array_new();
        for (guint i = 0; i < a->measures->len; i++) {
            const analysis_measure *m = a->measures->pdata[i];
            if (is_telling(m, choice)) {
                (f.x ? plot_lines : plot_dots)(&f, m, all);
            }
        }
        for (guint i = 0; i < a->measures->len; i++) {
            const analysis_measure *m = a->measures->pdata[i];
            if (is_telling(m, choice)) {
                plot_distribution(&f, m, all);
                plot_map(&f, m, all);
            }
        }
        all = keep(all, choice, error);
    }
    plot_frame_clear(&f);
    return all;
}
