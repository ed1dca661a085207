/*
 * Tables of texts, with columns as wide as they need: as Markdown, which is readable as it is, or
 * with blanks between the columns, for terminals.
 */
#ifndef DASIM_SWEEP_TABLE_H
#define DASIM_SWEEP_TABLE_H

#include <glib.h>
#include <stdbool.h>

typedef struct table table;

/* `align`: a letter for each column, 'l' or 'r'. */
table *table_new(const char *align);
void table_free(table *t);

/* The next cell, from left to right and row by row; the first row is the head. Takes `text`
 * (g_free); a bar in it is written such that Markdown shows it. */
void table_take(table *t, char *text);
void table_add(table *t, const char *text);

typedef enum table_style { TABLE_MARKDOWN, TABLE_PLAIN } table_style;
void table_append(const table *t, table_style style, GString *out);

#endif
