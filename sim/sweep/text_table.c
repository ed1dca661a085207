/* Cells in one row after the other; widths count letters, not bytes. */
#include "sweep/text_table.h"

#include <string.h>

struct text_table {
    char *align;
    guint width;
    GPtrArray *cells;
};

text_table *text_table_new(const char *align)
{
    text_table *t = g_new0(text_table, 1);
    t->align = g_strdup(align);
    t->width = (guint)strlen(align);
    t->cells = g_ptr_array_new_with_free_func(g_free);
    return t;
}

void text_table_free(text_table *t)
{
    g_ptr_array_free(t->cells, TRUE);
    g_free(t->align);
    g_free(t);
}

void text_table_take(text_table *t, char *text)
{
    g_ptr_array_add(t->cells, text);
}

void text_table_add(text_table *t, const char *text)
{
    text_table_take(t, g_strdup(text));
}

/* As it is written: a bar or the end of a line would end the cell. */
static char *written(const char *text, text_table_style style)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++) {
        if (style == TEXT_TABLE_MARKDOWN && *text == '|') {
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

static void append_rule(const text_table *t, const glong *widths, GString *out)
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

void text_table_append(const text_table *t, text_table_style style, GString *out)
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
        if (style == TEXT_TABLE_MARKDOWN) {
            g_string_append(out, column == 0 ? "| " : " | ");
            append_cell(texts[i], widths[column], t->align[column], false, out);
            g_string_append(out, is_last ? " |\n" : "");
        } else {
            g_string_append(out, column == 0 ? "" : "  ");
            append_cell(texts[i], widths[column], t->align[column], is_last, out);
            g_string_append(out, is_last ? "\n" : "");
        }
        if (i + 1 == t->width && style == TEXT_TABLE_MARKDOWN) {
            append_rule(t, widths, out);
        }
    }
    g_strfreev(texts);
    g_free(widths);
}
