/* Values stay texts: what they mean is the scenario's business. Only a..b is looked into. */
#include "sweep/grid.h"

#include <inttypes.h>
#include <string.h>

G_DEFINE_QUARK(dasim - grid - error, grid_error)

/* ------------------------------------------------------------------------------------ numbers */

typedef struct whole {
    int64_t value;
    const char *unit; /* what follows; not terminated */
    size_t unit_size;
} whole;

/* A whole number and its unit at the beginning of text[0 .. size - 1], all of it. */
static bool parse_whole(const char *text, size_t size, whole *out)
{
    char digits[24] = "";
    size_t sign = size > 0 && text[0] == '-', count = sign;
    while (count < size && g_ascii_isdigit(text[count])) {
        count++;
    }
    if (count == sign || count >= sizeof digits) {
        return false;
    }
    memcpy(digits, text, count);
    out->unit = text + count;
    out->unit_size = size - count;
    for (size_t i = count; i < size; i++) {
        if (!g_ascii_isalpha(text[i]) && text[i] != '%') {
            return false;
        }
    }
    return g_ascii_string_to_signed(digits, 10, INT64_MIN, INT64_MAX, &out->value, NULL);
}

static bool same_unit(const whole *a, const whole *b)
{
    return a->unit_size == b->unit_size && memcmp(a->unit, b->unit, a->unit_size) == 0;
}

/* ------------------------------------------------------------------------------------- values */

static bool refuse(const char *option, const char *text, const char *expected, GError **error)
{
    g_set_error(error, GRID_ERROR, 0, "found %s '%s', expected %s", option, text, expected);
    return false;
}

/* What a step leads to; false where it is beyond 64 bits. */
static bool step(int64_t value, char sign, int64_t by, int64_t *next)
{
    return sign == '*' ? !__builtin_mul_overflow(value, by, next)
                       : !__builtin_add_overflow(value, by, next);
}

static bool add_value(grid_axis *axis, char *value, GError **error)
{
    for (guint i = 0; i < axis->values->len; i++) {
        if (strcmp(axis->values->pdata[i], value) == 0) {
            g_free(value); /* twice is once */
            return true;
        }
    }
    g_ptr_array_add(axis->values, value);
    if (axis->values->len > GRID_VALUES_MOST) {
        g_set_error(error, GRID_ERROR, 0, "found more than %d values of %s, expected fewer",
                    GRID_VALUES_MOST, axis->name);
        return false;
    }
    return true;
}

/* "2..64*2": `dots` is where the two dots are. */
static bool add_range(grid_axis *axis, const char *text, const char *dots, GError **error)
{
    static const char expected[] =
        "whole numbers with the same unit: 1..9, 1..9+2, 2..64*2 or 1ms..16ms*4";
    const char *after = dots + 2, *sign = after + strcspn(after, "+*");
    whole from, to, by = {1, "", 0};
    if (!parse_whole(text, (size_t)(dots - text), &from) ||
        !parse_whole(after, (size_t)(sign - after), &to) || !same_unit(&from, &to) ||
        (*sign && !parse_whole(sign + 1, strlen(sign + 1), &by)) ||
        (by.unit_size > 0 && (*sign == '*' || !same_unit(&from, &by)))) {
        return refuse("--grid", text, expected, error);
    }
    if (from.value > to.value || by.value < 1 ||
        (*sign == '*' && (by.value < 2 || from.value < 1))) {
        return refuse("--grid", text, "a range that goes up", error);
    }
    for (int64_t value = from.value; value <= to.value;) {
        char *one = g_strdup_printf("%" PRId64 "%.*s", value, (int)from.unit_size, from.unit);
        if (!add_value(axis, one, error)) {
            return false;
        }
        if (!step(value, *sign, by.value, &value)) {
            break;
        }
    }
    return true;
}

static bool add_values(grid_axis *axis, const char *list, GError **error)
{
    char **values = g_strsplit(list, ",", -1);
    bool fine = true;
    for (char **one = values; fine && *one; one++) {
        const char *dots = strstr(*one, "..");
        if (**one == '\0') {
            fine = refuse("--grid", list, "values apart by commas", error);
        } else if (dots) {
            fine = add_range(axis, *one, dots, error);
        } else {
            fine = add_value(axis, g_strdup(*one), error);
        }
    }
    g_strfreev(values);
    return fine;
}

static void axis_clear(void *data)
{
    grid_axis *axis = data;
    g_free(axis->name);
    g_ptr_array_free(axis->values, TRUE);
}

bool grid_add_axis(grid *g, const char *text, GError **error)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0') {
        return refuse("--grid", text, "--grid NAME=VALUE,VALUE or NAME=1..9", error);
    }
    grid_axis axis = {g_strndup(text, (gsize)(equals - text)),
                      g_ptr_array_new_with_free_func(g_free)};
    bool fine = true;
    for (guint i = 0; i < g->axes->len; i++) {
        if (strcmp(g_array_index(g->axes, grid_axis, i).name, axis.name) == 0) {
            fine = refuse("--grid", text, "each parameter once", error);
        }
    }
    if (!fine || !add_values(&axis, equals + 1, error)) {
        axis_clear(&axis);
        return false;
    }
    g_array_append_val(g->axes, axis);
    return true;
}

/* -------------------------------------------------------------------------------------- seeds */

static gint by_first(gconstpointer a, gconstpointer b)
{
    const seed_range *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

/* Ascending, none twice. */
static void join_ranges(grid *g)
{
    guint kept = 0;
    g->seed_count = 0;
    g_array_sort(g->seeds, by_first);
    seed_range *all = (seed_range *)(void *)g->seeds->data;
    for (guint i = 0; i < g->seeds->len; i++) {
        if (kept > 0 && all[i].first <= all[kept - 1].last + 1) {
            all[kept - 1].last = MAX(all[kept - 1].last, all[i].last);
        } else {
            all[kept++] = all[i];
        }
    }
    g_array_set_size(g->seeds, kept);
    for (guint i = 0; i < kept; i++) {
        g->seed_count += all[i].last - all[i].first + 1;
    }
}

bool grid_set_seeds(grid *g, const char *text, GError **error)
{
    char **ranges = g_strsplit(text, ",", -1);
    bool fine = ranges[0] != NULL;
    g_array_set_size(g->seeds, 0);
    for (char **one = ranges; fine && *one; one++) {
        const char *dots = strstr(*one, "..");
        size_t size = dots ? (size_t)(dots - *one) : strlen(*one);
        whole first, last;
        fine = parse_whole(*one, size, &first) && first.unit_size == 0 && first.value >= 0;
        last = first;
        if (fine && dots) {
            fine = parse_whole(dots + 2, strlen(dots + 2), &last) && last.unit_size == 0;
        }
        fine = fine && last.value >= first.value;
        seed_range range = {(uint64_t)first.value, (uint64_t)last.value};
        if (fine) {
            g_array_append_val(g->seeds, range);
        }
    }
    g_strfreev(ranges);
    if (!fine) {
        return refuse("--seeds", text, "whole numbers below 2^63: 1..1000, or 1..10,42", error);
    }
    join_ranges(g);
    return true;
}

uint64_t grid_seed(const grid *g, uint64_t i)
{
    for (guint r = 0; r < g->seeds->len; r++) {
        seed_range range = g_array_index(g->seeds, seed_range, r);
        uint64_t count = range.last - range.first + 1;
        if (i < count) {
            return range.first + i;
        }
        i -= count;
    }
    g_assert_not_reached();
}

/* -------------------------------------------------------------------------------------- cells */

grid *grid_new(void)
{
    grid *g = g_new0(grid, 1);
    g->fixed = g_array_new(FALSE, FALSE, sizeof(scenario_setting));
    g->axes = g_array_new(FALSE, FALSE, sizeof(grid_axis));
    g->seeds = g_array_new(FALSE, FALSE, sizeof(seed_range));
    g_array_set_clear_func(g->axes, axis_clear);
    return g;
}

void grid_free(grid *g)
{
    if (g) {
        g_array_free(g->fixed, TRUE);
        g_array_free(g->axes, TRUE);
        g_array_free(g->seeds, TRUE);
        g_free(g);
    }
}

uint32_t grid_cells(const grid *g)
{
    uint64_t cells = 1;
    for (guint i = 0; i < g->axes->len && cells <= GRID_CELLS_MOST; i++) {
        cells *= g_array_index(g->axes, grid_axis, i).values->len;
    }
    return cells <= GRID_CELLS_MOST ? (uint32_t)cells : 0;
}

/* What axis `i` says in the cell. */
static const char *value_of(const grid *g, guint i, uint32_t cell)
{
    for (guint below = g->axes->len; below-- > i + 1;) {
        cell /= g_array_index(g->axes, grid_axis, below).values->len;
    }
    const GPtrArray *values = g_array_index(g->axes, grid_axis, i).values;
    return values->pdata[cell % values->len];
}

GArray *grid_settings(const grid *g, uint32_t cell)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(scenario_setting));
    if (g->fixed->len > 0) {
        g_array_append_vals(all, g->fixed->data, g->fixed->len);
    }
    for (guint i = 0; i < g->axes->len; i++) {
        scenario_setting one = {g_array_index(g->axes, grid_axis, i).name, value_of(g, i, cell)};
        g_array_append_val(all, one);
    }
    return all;
}

char *grid_label(const grid *g, uint32_t cell)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < g->axes->len; i++) {
        g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "",
                               g_array_index(g->axes, grid_axis, i).name, value_of(g, i, cell));
    }
    return g_string_free(text, FALSE);
}
