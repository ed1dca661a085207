/*
 * The part of a run that somebody wants to see: a span of time, some nodes, some types. Everything
 * is in it unless said otherwise.
 */
#ifndef DASIM_OBSERVE_WINDOW_H
#define DASIM_OBSERVE_WINDOW_H

#include "kernel/world.h"

#include <glib.h>

/* Nodes from .. until, both included. */
typedef struct node_span {
    uint32_t from, until;
} node_span;

typedef struct window {
    int64_t from, until; /* true time, ns; both ends are inside */
    GArray *nodes;       /* node_span; empty: all */
    GPtrArray *types;    /* char *, owned; empty: all */
} window;

void window_init(window *x); /* the whole run */
void window_clear(window *x);
bool window_is_whole(const window *x);

/* Adds "0,3,5..7" to the nodes. False where that is no such list. */
bool window_add_nodes(window *x, const char *list);
/* Adds "REQUEST,CRASH": names of messages, operations and timers (record_type_name) or kinds of
 * records (record_kind_name). */
void window_add_types(window *x, const char *list);
/* Does the world know these nodes and types? NULL, or what is wrong: one sentence, to be freed. */
char *window_fault(const window *x, const world_config *config);

bool window_has_node(const window *x, uint32_t node);
/* Does any part of from .. to lie within the span of time? */
bool window_overlaps(const window *x, int64_t from, int64_t to);
/* Is the record in it? One of links is where either end is; NOBODY stands for any node. */
bool window_selects(const window *x, const world *w, const record *r);

#endif
