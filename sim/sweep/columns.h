/* Rows of texts, as wide as the widest of each column. */
#ifndef DASIM_SWEEP_COLUMNS_H
#define DASIM_SWEEP_COLUMNS_H

#include "sweep/statistics.h"

#include <glib.h>

/* The first row is that of the titles; it says how many columns there are. */
typedef struct columns {
    GPtrArray *rows; /* GPtrArray of char * */
} columns;

void columns_init(columns *c);
void columns_clear(columns *c);
GPtrArray *columns_row(columns *c); /* a new one, to append texts to (g_free'd later) */
/* Numbers and times to the right. To the left: the last column, and of the first `words` ones those
 * that have a value which is no number. */
void columns_append(const columns *c, guint words, GString *text);

/* "3.210 ms +- 0.120"; without an interval where it is not known. `unit` as in metric_kind. */
char *estimate_words(estimate e, const char *unit);

#endif
