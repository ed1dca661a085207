/*
 * Text on its way to a file: collected, written in large pieces. Private to sim/export.
 */
#ifndef DASIM_EXPORT_LINES_H
#define DASIM_EXPORT_LINES_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

typedef struct lines {
    FILE *file;
    GString *text; /* not written yet: append to it, then lines_done() */
} lines;

void lines_init(lines *x, FILE *file);
void lines_done(lines *x);  /* writes, if there is enough */
void lines_clear(lines *x); /* writes the rest */

void lines_number(lines *x, uint64_t value);
/* Nanoseconds as microseconds with three digits: "12.345". */
void lines_microseconds(lines *x, int64_t ns);
/* In quotes, as JSON has it. */
void lines_quoted(lines *x, const char *text);

#endif
