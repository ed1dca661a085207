/* All cells are texts first. */
#include "sweep/columns.h"

#include "sweep/figures.h"

#include <math.h>
#include <string.h>

static void free_row(void *row)
{
    g_ptr_array_free(row, TRUE);
}

void columns_init(columns *c)
{
    c->rows = g_ptr_array_new_with_free_func(free_row);
}

void columns_clear(columns *c)
{
    g_ptr_array_free(c->rows, TRUE);
}

GPtrArray *columns_row(columns *c)
{
    GPtrArray *row = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(c->rows, row);
    return row;
}

static const char *at(const columns *c, guint row, guint column)
{
    return ((const GPtrArray *)c->rows->pdata[row])->pdata[column];
}

static guint count_of(const columns *c)
{
    return ((const GPtrArray *)c->rows->pdata[0])->len;
}

static bool is_left(const columns *c, guint words, guint column)
{
    if (column + 1 == count_of(c)) {
        return true;
    }
    for (guint row = 1; column < words && row < c->rows->len; row++) {
        const char *value = at(c, row, column);
        if (!g_ascii_isdigit(value[0]) && value[0] != '-') {
            return true;
        }
    }
    return false;
}

void columns_append(const columns *c, guint words, GString *text)
{
    for (guint row = 0; row < c->rows->len; row++) {
        gsize begin = text->len;
        for (guint column = 0; column < count_of(c); column++) {
            size_t width = 0;
            for (guint other = 0; other < c->rows->len; other++) {
                width = MAX(width, strlen(at(c, other, column)));
            }
            g_string_append_printf(text, is_left(c, words, column) ? "  %-*s" : "  %*s", (int)width,
                                   at(c, row, column));
        }
        while (text->len > begin && text->str[text->len - 1] == ' ') {
            g_string_truncate(text, text->len - 1);
        }
        g_string_append_c(text, '\n');
    }
}

char *estimate_words(estimate e, const char *unit)
{
    GString *text = g_string_new(NULL);
    double half = estimate_half_width(e);
    append_measured(text, e.value, e.value, unit);
    if (isfinite(half)) {
        g_string_append(text, " +- ");
        append_measured(text, half, e.value, unit);
        char *last = strrchr(text->str, ' ');
        if (g_ascii_isalpha(last[1])) { /* the unit once */
            g_string_truncate(text, (gsize)(last - text->str));
        }
    }
    return g_string_free(text, FALSE);
}
