/* Which parameter goes to the right, and which cells make a line. */
#include "sweep/plot_internal.h"

#include "script/units.h"

#include <string.h>

G_DEFINE_QUARK(dasim - plot - error - quark, plot_error)

/* ------------------------------------------------------------------------------------ values */

static bool number_of(const char *text, dimension *d, double *value)
{
    char *end;
    quantity q;
    double plain = g_ascii_strtod(text, &end);
    if (end != text && *end == '\0') {
        *d = DIMENSION_NUMBER;
        *value = plain;
        return true;
    }
    if (quantity_parse(text, &q, NULL) != UNITS_FINE) {
        return false;
    }
    *d = q.dimension;
    *value = (double)q.value;
    return true;
}

double plot_axis_value(const plot_axis *axis, const char *value)
{
    dimension d;
    double number = 0;
    number_of(value, &d, &number);
    return number / axis->scale;
}

char *plot_axis_title(const plot_axis *axis)
{
    return *axis->unit ? g_strdup_printf("%s (%s)", axis->name, axis->unit) : g_strdup(axis->name);
}

static gint by_number(gconstpointer a, gconstpointer b, gpointer axis)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    if (!((const plot_axis *)axis)->is_number) {
        return strcmp(x, y);
    }
    double left = plot_axis_value(axis, x), right = plot_axis_value(axis, y);
    return (left > right) - (left < right);
}

/* Numbers of one dimension, with 0 for any: "0" needs no unit. */
static void find_unit(plot_axis *axis)
{
    static const struct {
        double scale;
        const char *name;
    } times[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};
    dimension of = DIMENSION_NUMBER, d;
    double most = 0, value;
    axis->is_number = true;
    for (guint i = 0; i < axis->values->len; i++) {
        bool fine = number_of(axis->values->pdata[i], &d, &value);
        bool fits = fine && (value == 0 || of == DIMENSION_NUMBER || of == d);
        axis->is_number &= fits;
        of = fits && value != 0 ? d : of;
        most = fits ? MAX(most, value) : most;
    }
    axis->scale = 1;
    axis->unit = "";
    axis->is_time = of == DIMENSION_DURATION;
    for (guint i = 0; axis->is_time && i < G_N_ELEMENTS(times) && most >= 2 * times[i].scale; i++) {
        axis->scale = times[i].scale;
        axis->unit = times[i].name;
    }
    if (of == DIMENSION_RATIO) {
        axis->scale = 1e7;
        axis->unit = "%";
    } else if (of == DIMENSION_BYTES || of == DIMENSION_RATE) {
        axis->unit = of == DIMENSION_BYTES ? "bytes" : "bytes/s";
    }
}

/* -------------------------------------------------------------------------------------- axes */

static const analysis_cell *cell_at(const plot_frame *f, guint i)
{
    return f->analysis->cells->pdata[g_array_index(f->cells, guint, i)];
}

static const char *setting(const analysis_cell *c, const char *name)
{
    const char *value = analysis_setting(c, name);
    return value ? value : "";
}

static void free_axis(void *data)
{
    plot_axis *axis = data;
    g_ptr_array_free(axis->values, TRUE);
    g_free(axis);
}

static void add_axis(plot_frame *f, const char *name)
{
    plot_axis *axis = g_new0(plot_axis, 1);
    axis->name = name;
    axis->values = g_ptr_array_new();
    for (guint i = 0; i < f->cells->len; i++) {
        const char *value = setting(cell_at(f, i), name);
        if (!g_ptr_array_find_with_equal_func(axis->values, value, g_str_equal, NULL)) {
            g_ptr_array_add(axis->values, (char *)(uintptr_t)value);
        }
    }
    if (axis->values->len < 2) {
        free_axis(axis);
        return;
    }
    find_unit(axis);
    g_ptr_array_sort_with_data(axis->values, by_number, axis);
    g_ptr_array_add(f->axes, axis);
}

static bool is_chosen(const analysis_cell *c, const char *const *where)
{
    bool fits = true;
    for (size_t i = 0; where && where[i]; i++) {
        const char *equals = strchr(where[i], '=');
        char *name = g_strndup(where[i], (gsize)(equals - where[i]));
        fits &= strcmp(setting(c, name), equals + 1) == 0;
        g_free(name);
    }
    return fits;
}

/* The one that was asked for, or the number with most values; the first of equals. */
static bool choose_x(plot_frame *f, GError **error)
{
    const char *wanted = f->choice->x;
    for (guint i = 0; i < f->axes->len; i++) {
        const plot_axis *axis = f->axes->pdata[i];
        if (wanted ? strcmp(axis->name, wanted) == 0
                   : axis->is_number && (f->x == NULL || axis->values->len > f->x->values->len)) {
            f->x = axis;
        }
    }
    if (wanted && (f->x == NULL || !f->x->is_number)) {
        g_set_error(error, PLOT_ERROR, PLOT_ERROR_CHOICE,
                    "found '%s' for --x, expected a parameter with several values, numbers all of "
                    "them",
                    wanted);
        return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------------ series */

/* All that varies, but for what goes to the right: "raymond loss=1%". */
static char *series_name(const plot_frame *f, const analysis_cell *c)
{
    GString *name = g_string_new(NULL);
    for (guint i = 0; i < f->axes->len; i++) {
        const plot_axis *axis = f->axes->pdata[i];
        if (axis != f->x) {
            const char *value = setting(c, axis->name);
            g_string_append(name, name->len > 0 ? " " : "");
            if (axis->is_number) {
                g_string_append_printf(name, "%s=", axis->name);
            }
            g_string_append(name, value);
        }
    }
    return g_string_free(name, FALSE);
}

static plot_series *series_called(plot_frame *f, char *name)
{
    for (guint i = 0; i < f->series->len; i++) {
        plot_series *one = f->series->pdata[i];
        if (strcmp(one->name, name) == 0) {
            g_free(name);
            return one;
        }
    }
    plot_series *one = g_new0(plot_series, 1);
    one->name = name;
    one->points = g_array_new(FALSE, FALSE, sizeof(plot_point));
    g_ptr_array_add(f->series, one);
    return one;
}

static gint by_x(gconstpointer a, gconstpointer b)
{
    const plot_point *x = a, *y = b;
    return (x->x > y->x) - (x->x < y->x);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp((*(plot_series *const *)a)->name, (*(plot_series *const *)b)->name);
}

static void add_series(plot_frame *f)
{
    for (guint i = 0; i < f->cells->len; i++) {
        const analysis_cell *c = cell_at(f, i);
        plot_series *one = series_called(f, series_name(f, c));
        plot_point point = {g_array_index(f->cells, guint, i),
                            f->x ? plot_axis_value(f->x, setting(c, f->x->name)) : 0};
        if (one->points->len == 0) {
            one->algorithm = g_strdup(setting(c, "algorithm"));
            one->nodes = c->nodes;
        }
        one->nodes = one->nodes == c->nodes ? c->nodes : 0;
        g_array_append_val(one->points, point);
    }
    for (guint i = 0; i < f->series->len; i++) {
        g_array_sort(((plot_series *)f->series->pdata[i])->points, by_x);
    }
    g_ptr_array_sort(f->series, by_name);
}

static void free_series(void *data)
{
    plot_series *one = data;
    g_array_free(one->points, TRUE);
    g_free(one->algorithm);
    g_free(one->name);
    g_free(one);
}

bool plot_frame_init(plot_frame *f, const analysis *a, const plot_choice *choice, GError **error)
{
    *f = (plot_frame){.analysis = a, .choice = choice};
    f->axes = g_ptr_array_new_with_free_func(free_axis);
    f->series = g_ptr_array_new_with_free_func(free_series);
    f->cells = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < a->cells->len; i++) {
        if (is_chosen(a->cells->pdata[i], choice->where)) {
            g_array_append_val(f->cells, i);
        }
    }
    if (f->cells->len == 0) {
        g_set_error_literal(error, PLOT_ERROR, PLOT_ERROR_CHOICE,
                            "found no cell for --where, expected NAME=VALUE of one that was swept");
        return false;
    }
    for (guint i = 0; i < a->varied->len; i++) {
        add_axis(f, a->varied->pdata[i]);
    }
    if (!choose_x(f, error)) {
        return false;
    }
    add_series(f);
    return true;
}

void plot_frame_clear(plot_frame *f)
{
    g_ptr_array_free(f->axes, TRUE);
    g_ptr_array_free(f->series, TRUE);
    g_array_free(f->cells, TRUE);
}
