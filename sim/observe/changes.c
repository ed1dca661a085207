/*
 * The copy holds the declared part of each node's blocks, one behind the other. It is compared
 * piece by piece, and values are looked at only where a piece differs: most handlers change little.
 */
#include "observe/changes.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 128 }; /* bytes of a long field that are compared at once, about */

/* A field with its place. */
typedef struct spot {
    const dasim_field *field;
    uint32_t offset, count;
    size_t stride, span; /* span: bytes from its first value to the end of its last */
} spot;

/* The declared part of one block of a node. */
typedef struct block {
    spot *spots;
    uint32_t count;
    size_t size, offset; /* offset: in the node's copy */
    uint8_t component;
    bool stable;
} block;

struct changes {
    block blocks[2 * STACK_MOST];
    uint32_t block_count;
    size_t stride;
    unsigned char *copies; /* a node's after the other's */
    uint32_t touched;      /* whose handler may be running; NOBODY */
    uint64_t record;       /* that it handles */
    GArray *found;         /* change */
};

static size_t size_of_one(dasim_field field)
{
    dasim_field alone[] = {field, {.name = NULL}};
    alone[0].count = 1;
    return fields_extent(alone, 1, 1);
}

static void add_block(changes *c, const world *w, uint8_t component, bool stable,
                      const dasim_field *fields)
{
    uint32_t nodes = world_nodes(w), resources = world_config_of(w)->resources;
    size_t size = fields_extent(fields, nodes, resources);
    if (size == 0) {
        return;
    }
    block *b = &c->blocks[c->block_count++];
    *b = (block){.size = size, .offset = c->stride, .component = component, .stable = stable};
    for (; fields[b->count].name; b->count++) {
    }
    b->spots = g_new0(spot, b->count);
    for (uint32_t i = 0; i < b->count; i++) {
        spot *s = &b->spots[i];
        s->field = &fields[i];
        s->offset = field_offset(fields, i, nodes, resources);
        s->count = field_count(&fields[i], nodes, resources);
        dasim_field alone[] = {fields[i], {.name = NULL}};
        alone[0].offset = 0;
        s->span = fields_extent(alone, nodes, resources);
        s->stride =
            s->count > 1 ? (s->span - size_of_one(alone[0])) / (s->count - 1) : MAX(s->span, 1);
    }
    c->stride += (size + 15) & ~(size_t)15;
}

changes *changes_new(const world *w)
{
    const world_config *config = world_config_of(w);
    changes *c = g_new0(changes, 1);
    for (uint32_t i = 0; i < config->stack_size; i++) {
        const dasim_algorithm *a = config->stack[i].algorithm;
        add_block(c, w, (uint8_t)i, false, a->state);
        add_block(c, w, (uint8_t)i, true, a->stable);
    }
    /* Memory of the system that was never written costs nothing: not g_malloc0. */
    c->copies = calloc(world_nodes(w), c->stride ? c->stride : 1);
    g_assert(c->copies != NULL);
    c->touched = NOBODY;
    c->found = g_array_new(FALSE, FALSE, sizeof(change));
    return c;
}

void changes_free(changes *c)
{
    if (c == NULL) {
        return;
    }
    for (uint32_t i = 0; i < c->block_count; i++) {
        g_free(c->blocks[i].spots);
    }
    free(c->copies);
    g_array_free(c->found, TRUE);
    g_free(c);
}

/* Values from .. until - 1 of a field. */
static void compare_values(changes *c, const block *b, uint32_t number, const void *copy,
                           const void *now, uint32_t from, uint32_t until)
{
    const spot *s = &b->spots[number];
    change one = {.record = c->record,
                  .field = s->field,
                  .node = c->touched,
                  .number = (uint16_t)number,
                  .component = b->component,
                  .stable = b->stable};
    for (uint32_t i = from; i < until; i++) {
        one.old = field_value(copy, s->field, s->offset, i);
        one.new = field_value(now, s->field, s->offset, i);
        if (one.old != one.new) {
            one.index = i;
            g_array_append_val(c->found, one);
        }
    }
}

/* Of a long field few values change. */
static void compare_field(changes *c, const block *b, uint32_t number, const unsigned char *copy,
                          const unsigned char *now)
{
    const spot *s = &b->spots[number];
    uint32_t step = s->stride < PIECE ? PIECE / (uint32_t)s->stride : 1;
    for (uint32_t from = 0; from < s->count; from += step) {
        uint32_t count = MIN(step, s->count - from);
        size_t start = s->offset + from * s->stride;
        size_t size = MIN(count * s->stride, s->span - from * s->stride);
        if (memcmp(copy + start, now + start, size) != 0) {
            compare_values(c, b, number, copy, now, from, from + count);
        }
    }
}

static void compare_block(changes *c, const world *w, const block *b)
{
    unsigned char *copy = c->copies + (size_t)c->touched * c->stride + b->offset;
    const unsigned char *now = b->stable ? world_stable(w, c->touched, b->component)
                                         : world_state(w, c->touched, b->component);
    guint before = c->found->len;
    for (uint32_t i = 0; i < b->count; i++) {
        compare_field(c, b, i, copy, now);
    }
    if (c->found->len > before) { /* not sooner: fields may lie between each other's values */
        memcpy(copy, now, b->size);
    }
}

const change *changes_end(changes *c, const world *w, size_t *count)
{
    g_array_set_size(c->found, 0);
    for (uint32_t i = 0; c->touched != NOBODY && i < c->block_count; i++) {
        compare_block(c, w, &c->blocks[i]);
    }
    c->touched = NOBODY;
    *count = c->found->len;
    return *count > 0 ? (const change *)(const void *)c->found->data : NULL;
}

const change *changes_record(changes *c, const world *w, const record *r, size_t *count)
{
    *count = 0;
    if (r->kind == RECORD_SEND || r->kind == RECORD_LOST || r->kind == RECORD_CHECK) {
        return NULL;
    }
    const change *found = changes_end(c, w, count);
    c->touched = r->kind == RECORD_LINKS ? NOBODY : r->node;
    c->record = r->number;
    return found;
}
