/*
 * Records as text for people, and as JSON Lines for programs: one line each, the same bytes on
 * every machine.
 */
#ifndef DASIM_OBSERVE_TEXT_TRACE_H
#define DASIM_OBSERVE_TEXT_TRACE_H

#include "kernel/world.h"

#include <glib.h>
#include <stdio.h>

typedef enum trace_format {
    TRACE_TEXT,      /* aligned columns: time, number, node, what, peer, body, cause */
    TRACE_JSON_LINES /* one object a record, fixed key order, integer ns */
} trace_format;

typedef struct text_trace text_trace;

/* Writes to `file`, which stays the caller's. Errors of writing are kept: text_trace_close. */
text_trace *text_trace_new(FILE *file, trace_format format);
observer text_trace_observer(text_trace *t);
/* Writes what is buffered; false and errno where any write failed. Frees. */
bool text_trace_close(text_trace *t);

#endif
