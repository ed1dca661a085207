/*
 * Tables as RFC 4180 has them: fields separated by commas, lines ended by CR LF, quotes where a
 * field needs them. Private to the csv_*.c files.
 */
#ifndef DASIM_EXPORT_CSV_H
#define DASIM_EXPORT_CSV_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

typedef struct csv {
    FILE *file;
    GString *text;    /* not written yet */
    GString *scratch; /* for a field that is put together */
} csv;

csv *csv_new(FILE *file, const char *header); /* "number,at_ns": writes the first line */
void csv_close(csv *c);                       /* writes the rest and frees */

/* Each adds one field. */
void csv_word(csv *c, const char *word); /* a name: of letters, digits, underscores; NULL: empty */
void csv_text(csv *c, const GString *text); /* any text */
void csv_count(csv *c, uint64_t value);
void csv_number(csv *c, int64_t value);
void csv_node(csv *c, uint32_t node);     /* NOBODY: empty */
void csv_record(csv *c, uint64_t number); /* 0: empty */
void csv_time(csv *c, int64_t ns);        /* two fields: ns, and seconds with nine digits */
void csv_no_time(csv *c);                 /* the same, empty */
void csv_row(csv *c);                     /* ends the line */

#endif
