/* Cells in one row after the other; widths count letters, not bytes. */
#include "sweep/table.h"

#include <string.h>

struct table {
    char *align;
    guint columns;
    GPtrArray *cells;
};

table *table_new(const char *align)
{
    table *t = g_new0(table, 1);
    t->align = g_strdup(align);
    t->columns = (guint)strlen(align);
    t->cells = g_ptr_array_new_with_free_func(g_free);
    return t;
}

void table_free(table *t)
{
    g_ptr_array_free(t->cells, TRUE);
    g_free(t->align);
    g_free(t);
}

void table_take(table *t, char *text)
{
    g_ptr_array_add(t->cells, text);
}

void table_add(table *t, const char *text)
{
    table_take(t, g_strdup(text));
}

/* As it is written: a bar or the end of a line would end the cell. */
static char *written(const char *text, table_style style)
{
    GString *out = g_string_new(NULL);
    for (; *text; text++) {
        if (style == TABLE_MARKDOWN && *text == '|') {
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

static void append_rule(const table *t, const glong *widths, GString *out)
{
    for (guint i = 0; i < t->columns; i++) {
        g_string_append(out, "|-");
        for (glong k = 0; k < widths[i]; k++) {
            g_string_append_c(out, '-');
        }
        g_string_append_c(out, t->align[i] == 'r' ? ':' : '-');
    }
    g_string_append(out, "|\n");
}

void table_append(const table *t, table_style style, GString *out)
{
    guint count = t->cells->len - t->cells->len % t->columns;
    glong *widths = g_new0(glong, t->columns);
    char **texts = g_new0(char *, count + 1);
    for (guint i = 0; i < count; i++) {
        texts[i] = written(t->cells->pdata[i], style);
        widths[i % t->columns] = MAX(widths[i % t->columns], width_of(texts[i]));
    }
    for (guint i = 0; i < count; i++) {
        guint column = i % t->columns;
        bool is_last = column + 1 == t->columns;
        if (style == TABLE_MARKDOWN) {
            g_string_append(out, column == 0 ? "| " : " | ");
            append_cell(texts[i], widths[column], t->align[column], false, out);
            g_string_append(out, is_last ? " |\n" : "");
        } else {
            g_string_append(out, column == 0 ? "" : "  ");
            append_cell(texts[i], widths[column], t->align[column], is_last, out);
            g_string_append(out, is_last ? "\n" : "");
        }
        if (i + 1 == t->columns && style == TABLE_MARKDOWN) {
            append_rule(t, widths, out);
        }
    }
    g_strfreev(texts);
    g_free(widths);
}
