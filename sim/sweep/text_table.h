/*
 * Tables of texts, with columns as wide as they need: as Markdown, which is readable as it is, or
 * with blanks between the columns, for terminals.
 */
#ifndef DASIM_SWEEP_TEXT_TABLE_H
#define DASIM_SWEEP_TEXT_TABLE_H

#include <glib.h>
#include <stdbool.h>

typedef struct text_table text_table;

/* `align`: a letter for each column, 'l' or 'r'. */
text_table *text_table_new(const char *align);
void text_table_free(text_table *t);

/* The next cell, from left to right and row by row; the first row is the head. Takes `text`
 * (g_free); a bar in it is written such that Markdown shows it. */
void text_table_take(text_table *t, char *text);
void text_table_add(text_table *t, const char *text);

typedef enum text_table_style { TEXT_TABLE_MARKDOWN, TEXT_TABLE_PLAIN } text_table_style;
void text_table_append(const text_table *t, text_table_style style, GString *out);

#endif
