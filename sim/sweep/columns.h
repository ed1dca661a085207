/*
 * Tables of texts, with columns as wide as they need: as Markdown, which is readable as it is, or
 * with blanks between the columns, for terminals.
 */
#ifndef DASIM_SWEEP_COLUMNS_H
#define DASIM_SWEEP_COLUMNS_H

#include <glib.h>
#include <stdbool.h>

typedef struct columns columns;

/* `align`: a letter for each column, 'l' or 'r'. */
columns *columns_new(const char *align);
void columns_free(columns *t);

/* The next cell, from left to right and row by row; the first row is the head. Takes `text`
 * (g_free); a bar in it is written such that Markdown shows it. */
void columns_take(columns *t, char *text);
void columns_add(columns *t, const char *text);

typedef enum columns_style { COLUMNS_MARKDOWN, COLUMNS_PLAIN } columns_style;
void columns_append(const columns *t, columns_style style, GString *out);

#endif
