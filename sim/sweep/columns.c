/* Cells in one row after the other; widths count letters, not bytes. */
#include "sweep/columns.h"

#include <string.h>

struct columns {
    char *align;
    guint width;
    GPtrArray *cells;
};

columns *columns_new(const char *align)
{
    columns *t = g_new0(columns, 1);
    t->align = g_strdup(align);
    t->width = (guint)strlen(align);
    t->cells = g_ptr_array_new_with_free_func(g_free);
    return t;
}

void columns_free(columns *t)
{
    g_ptr_array_free(t->cells, TRUE);
    g_free(t->align);
    g_free(t);
}

void columns_take(columns *t, char *text)
{
    g_ptr_array_add(t->cells, text);
}

void columns_add(columns *t, const char *text)
{
    columns_take(t, g_strdup(text));
}

/* As it is written: a bar or the end of a line would end the cell. */
static char *written(const char *text, columns_style style)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++) {
        if (style == COLUMNS_MARKDOWN && *text == '|') {
            g_string_append(out, "\\|");
        } else {
            g_string_append_c(out, *text == '\n' || *text == '\r' ? ' ' : *text);
        }
    }
    return g_string_free(out, FALSE);
}

static glong width_of(const char *text)
{
    return g_utf8_strlen(text, -1);
}

static void append_cell(const char *text, glong width, char align, bool is_last, GString *out)
{
    glong blanks = MAX(0, width - width_of(text));
    if (align == 'r') {
        g_string_append_printf(out, "%*s%s", (int)blanks, "", text);
    } else {
        g_string_append_printf(out, "%s%*s", text, is_last ? 0 : (int)blanks, "");
    }
}

static void append_rule(const columns *t, const glong *widths, GString *out)
{
    for (guint i = 0; i < t->width; i++) {
        g_string_append(out, "|-");
        for (glong k = 0; k < widths[i]; k++) {
            g_string_append_c(out, '-');
        }
        g_string_append_c(out, t->align[i] == 'r' ? ':' : '-');
    }
    g_string_append(out, "|\n");
}

void columns_append(const columns *t, columns_style style, GString *out)
{
    guint count = t->cells->len - t->cells->len % t->width;
    glong *widths = g_new0(glong, t->width);
    char **texts = g_new0(char *, count + 1);
    for (guint i = 0; i < count; i++) {
        texts[i] = written(t->cells->pdata[i], style);
        widths[i % t->width] = MAX(widths[i % t->width], width_of(texts[i]));
    }
    for (guint i = 0; i < count; i++) {
        guint column = i % t->width;
        bool is_last = column + 1 == t->width;
        if (style == COLUMNS_MARKDOWN) {
            g_string_append(out, column == 0 ? "| " : " | ");
            append_cell(texts[i], widths[column], t->align[column], false, out);
            g_string_append(out, is_last ? " |\n" : "");
        } else {
            g_string_append(out, column == 0 ? "" : "  ");
            append_cell(texts[i], widths[column], t->align[column], is_last, out);
            g_string_append(out, is_last ? "\n" : "");
        }
        if (i + 1 == t->width && style == COLUMNS_MARKDOWN) {
            append_rule(t, widths, out);
        }
    }
    g_strfreev(texts);
    g_free(widths);
}
