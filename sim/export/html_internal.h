/* A run as columns: what html_run.c fills and html_about.c describes. Private to sim/export. */
#ifndef DASIM_EXPORT_HTML_INTERNAL_H
#define DASIM_EXPORT_HTML_INTERNAL_H

#include "export/html.h"
#include "export/spans.h"

/* Each is a stream of bytes; numbers are LEB128, signed ones zigzag. "Place": a kept record's, from
 * 0. plots/viewer/data.js reads the same list. */
typedef enum html_column {
    COLUMN_NUMBER, /* difference to the number of the one before */
    COLUMN_AT,     /* ... to its true time */
    COLUMN_SKEW,   /* signed: local - true time, difference to that of the node's last record */
    COLUMN_WHAT,   /* place in the list `what` */
    COLUMN_NODE,   /* plus 1; 0: none */
    COLUMN_PEER,   /* the same */
    COLUMN_CAUSE,  /* how many numbers back; 0: none */
    COLUMN_BODY,   /* 0: none; 1: that of its cause; else length of its text plus 2 */
    COLUMN_TEXT,   /* UTF-8, one behind the other */
    COLUMN_CHANGE_PLACE, /* record that brought it: difference of places to the one before, times 2,
                          * plus 1 where a record behind it that was left out brought it */
    COLUMN_CHANGE_NODE,
    COLUMN_CHANGE_SLOT,  /* which value of the node, counted as html_about.c lists the fields */
    COLUMN_CHANGE_VALUE, /* signed: the new one */
    COLUMN_SPAN_KIND,    /* span_kind */
    COLUMN_SPAN_NODE,
    COLUMN_SPAN_CLIENT, /* signed */
    COLUMN_SPAN_RESOURCE,
    COLUMN_SPAN_FROM,    /* place; signed difference to the one before */
    COLUMN_SPAN_TO,      /* places behind `from`, plus 1; 0: it lasts */
    COLUMN_SPAN_FROM_AT, /* true time; signed difference to the one before */
    COLUMN_SPAN_TO_AT,   /* behind from_at */
    COLUMNS
} html_column;

typedef struct html_bytes {
    guint8 *data;
    size_t size, room;
} html_bytes;

/* What a record is: one of the few combinations that occur. */
typedef struct html_what {
    uint32_t type;
    uint16_t kind;
    uint8_t component, reason;
    const char *name; /* borrowed */
    bool has_component, token;
} html_what;

struct html_run {
    html_bytes columns[COLUMNS];
    GArray *what; /* html_what */
    char *scenario, *question, *settings;
    int64_t from, until; /* of the window */
    uint64_t seed, kept, changed;
    size_t spans;
    GString *about; /* JSON; filled by html_run_end */
    struct html_collector *collector;
};

const char *html_column_name(html_column column);

/* First slot of a field: place of its first value among all values of a node. */
uint32_t html_slots(const world *w, uint32_t component, bool stable, uint32_t field);

/* Fills h->about. */
void html_describe(html_run *h, const world *w, const export_end *how);

/* The page as it was built in, with the places for the runs: html_page.c, made from plots/viewer by
 * the Makefile. Not terminated. */
extern const unsigned char html_page[];
extern const size_t html_page_size;

#endif
