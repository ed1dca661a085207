/*
 * Records in words: the names of what a record is about, and its body field by field. Used by
 * every writer, so that a thing is called the same everywhere.
 */
#ifndef DASIM_OBSERVE_NAMES_H
#define DASIM_OBSERVE_NAMES_H

#include "kernel/world.h"

#include <glib.h>

/* "REQUEST" for a message type, "ACQUIRE" for a request, "GRANTED" for an indication, a timer's
 * name; "RECOVERING" for the boot of a node that lived before, "STABLE_LOST" for a crash that took
 * the stable storage; "" for everything else. Borrowed static text. */
const char *record_type_name(const world *w, const record *r);

/* Name of the algorithm that the record is about; NULL for what concerns a node or links. */
const char *record_component_name(const world *w, const record *r);

/* The fields of the body (whose block is r->body); NULL where none are declared. A body may be
 * shorter than its fields: see record_append_body. */
const dasim_field *record_fields(const world *w, const record *r);

/* Appends "clock=7 resource=0". Arrays as [1 2 3], of more than 64 values only the first; nodes as
 * n4, nobody as -; times as 0.005000000s. Fields beyond the end of the body are left out. A body
 * without declared fields: its bytes in hexadecimal, "bytes=0a01". */
void record_append_body(const world *w, const record *r, GString *text);

/* The same as a JSON object, whole; nodes as numbers, nobody and no body as null, times in ns. */
void record_append_json(const world *w, const record *r, GString *text);

/* Appends ns as seconds with nine digits, "1.000000000"; '.' in every locale. */
void append_seconds(GString *text, int64_t ns);

/* A duration for people: "0", "250 ns", "1.50 ms", "74.0 s": three significant digits, of 1,000 s
 * and more all that lie before the point. */
void append_duration(GString *text, int64_t ns);

#endif
