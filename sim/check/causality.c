/*
 * Clocks are rows of one block, counted by reference: from the nodes whose clock they are, from
 * messages under way, from callers. A row with more than one reference never changes. Row 0 is the
 * clock of who knows nothing.
 *
 * A message is forgotten with its first RECEIVE: a duplicate brings the same news to the same node.
 * Lost on arrival it may still come as a duplicate, so that the last LOST_KEPT of these are kept;
 * of a copy that comes even later nothing is learnt, which can hide an order but not invent one.
 */
#include "check/causality.h"

#include "base/map.h"

#include <glib.h>
#include <string.h>

enum { LOST_KEPT = 4096, ROWS_FIRST = 64 };

#define NONE UINT32_MAX

struct causality {
    uint32_t nodes;
    bool is_full;
    size_t memory;
    uint32_t *rows;       /* capacity * nodes */
    uint32_t *references; /* per row; of a free row the next free one */
    uint32_t used, capacity, free_head;
    uint32_t *own;  /* per node: its row */
    map *messages;  /* number of a SEND -> row */
    uint64_t *lost; /* ring of numbers of SENDs */
    uint64_t lost_count;
};

static uint32_t *row(const causality *c, uint32_t which)
{
    return c->rows + (size_t)which * c->nodes;
}

static void forget_all(causality *c)
{
    g_clear_pointer(&c->rows, g_free);
    g_clear_pointer(&c->references, g_free);
    g_clear_pointer(&c->messages, map_free);
    g_clear_pointer(&c->lost, g_free);
}

static void grow(causality *c)
{
    size_t size = (size_t)c->nodes * sizeof *c->rows;
    uint64_t capacity = c->capacity ? (uint64_t)c->capacity * 2 : ROWS_FIRST;
    if (capacity > NONE / 2 || capacity * size + map_bytes(c->messages) > c->memory) {
        c->is_full = true;
        forget_all(c);
        return;
    }
    c->rows = g_realloc_n(c->rows, capacity, size);
    c->references = g_realloc_n(c->references, capacity, sizeof *c->references);
    c->capacity = (uint32_t)capacity;
}

/* A row with one reference and undefined content; NONE where memory is used up. */
static uint32_t row_new(causality *c)
{
    uint32_t which = c->free_head;
    if (which != NONE) {
        c->free_head = c->references[which];
    } else {
        if (c->used == c->capacity) {
            grow(c);
        }
        if (c->is_full) {
            return NONE;
        }
        which = c->used++;
    }
    c->references[which] = 1;
    return which;
}

static void row_drop(causality *c, uint32_t which)
{
    if (--c->references[which] == 0) {
        c->references[which] = c->free_head;
        c->free_head = which;
    }
}

/* The node's row, to be changed; NONE where memory is used up. */
static uint32_t row_to_change(causality *c, uint32_t node)
{
    uint32_t old = c->own[node];
    if (c->references[old] == 1) {
        return old;
    }
    uint32_t new = row_new(c);
    if (new != NONE) {
        memcpy(row(c, new), row(c, old), c->nodes * sizeof *c->rows);
        row_drop(c, old);
        c->own[node] = new;
    }
    return new;
}

/* What the message's sender knew, the node knows now. */
static void learn(causality *c, uint32_t node, uint32_t news)
{
    const uint32_t *theirs = row(c, news), *ours = row(c, c->own[node]);
    uint32_t newer = 0, older = 0;
    for (uint32_t i = 0; i < c->nodes; i++) {
        newer |= theirs[i] > ours[i];
        older |= theirs[i] < ours[i];
    }
    if (!newer) {
        return;
    }
    if (!older) {
        c->references[news]++;
        row_drop(c, c->own[node]);
        c->own[node] = news;
        return;
    }
    uint32_t which = row_to_change(c, node);
    if (which == NONE) {
        return;
    }
    uint32_t *joined = row(c, which);
    theirs = row(c, news);
    for (uint32_t i = 0; i < c->nodes; i++) {
        joined[i] = joined[i] > theirs[i] ? joined[i] : theirs[i];
    }
}

static void on_send(causality *c, const record *r)
{
    uint32_t which = c->own[r->node];
    if (which != 0) {
        c->references[which]++;
        map_put(c->messages, r->number, which);
    }
}

static void on_receive(causality *c, const record *r)
{
    int64_t which;
    if (map_take(c->messages, r->cause, &which)) {
        if (c->own[r->node] != (uint32_t)which) {
            learn(c, r->node, (uint32_t)which);
        }
        if (!c->is_full) {
            row_drop(c, (uint32_t)which);
        }
    }
}

static void forget(causality *c, uint64_t message)
{
    int64_t which;
    if (map_take(c->messages, message, &which)) {
        row_drop(c, (uint32_t)which);
    }
}

static void on_lost(causality *c, const record *r)
{
    if (r->reason != REASON_DOWN && r->reason != REASON_CUT && r->reason != REASON_PARTITION &&
        r->reason != REASON_CORRUPT) {
        forget(c, r->cause); /* it never left: no copy can come */
        return;
    }
    if (c->lost == NULL) {
        c->lost = g_new0(uint64_t, LOST_KEPT);
    }
    uint64_t *place = &c->lost[c->lost_count++ % LOST_KEPT];
    forget(c, *place);
    *place = r->cause;
}

causality *causality_new(uint32_t nodes, size_t memory)
{
    g_assert(nodes >= 1 && nodes <= CAUSALITY_NODES_MOST);
    causality *c = g_new0(causality, 1);
    c->nodes = nodes;
    c->memory = memory;
    c->free_head = NONE;
    c->own = g_new0(uint32_t, nodes);
    c->messages = map_new();
    if (row_new(c) != NONE) {
        memset(row(c, 0), 0, nodes * sizeof *c->rows);
        c->references[0] = nodes + 1; /* is never dropped */
    }
    return c;
}

void causality_free(causality *c)
{
    if (c) {
        forget_all(c);
        g_free(c->own);
        g_free(c);
    }
}

void causality_record(causality *c, const record *r)
{
    if (c->is_full || r->node == r->peer) {
        return;
    }
    if (r->kind == RECORD_SEND) {
        on_send(c, r);
    } else if (r->kind == RECORD_RECEIVE) {
        on_receive(c, r);
    } else if (r->kind == RECORD_LOST) {
        on_lost(c, r);
    }
}

uint32_t causality_mark(causality *c, uint32_t node)
{
    uint32_t which = c->is_full ? NONE : row_to_change(c, node);
    return which == NONE ? 0 : ++row(c, which)[node];
}

uint32_t causality_keep(causality *c, uint32_t node)
{
    if (c->is_full) {
        return 0;
    }
    c->references[c->own[node]]++;
    return c->own[node];
}

void causality_drop(causality *c, uint32_t clock)
{
    if (!c->is_full) {
        row_drop(c, clock);
    }
}

uint32_t causality_knows(const causality *c, uint32_t clock, uint32_t node)
{
    return c->is_full ? 0 : row(c, clock)[node];
}

bool causality_is_full(const causality *c)
{
    return c->is_full;
}
