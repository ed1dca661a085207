/*
 * Save, restore, hash. The image is the scalar part followed by every block, each with its own
 * size in front; nothing in it is an address.
 */
#include "kernel/internal.h"

/* One part of the image: how to measure, write and read it. */
typedef struct cursor {
    unsigned char *to;         /* writing */
    const unsigned char *from; /* reading */
    const unsigned char *end;  /* reading */
    size_t size;               /* measuring, when both are NULL */
} cursor;

static size_t padded(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

static void bytes(cursor *c, void *block, size_t size)
{
    if (c->to) {
        memcpy(c->to, block, size);
        memset(c->to + size, 0, padded(size) - size);
        c->to += padded(size);
    } else if (c->from) {
        ALWAYS((size_t)(c->end - c->from) >= padded(size));
        memcpy(block, c->from, size);
        c->from += padded(size);
    } else {
        c->size += padded(size);
    }
}

/* The size of a part, in front of it: what is saved or what was. */
static size_t prefix(cursor *c, size_t size)
{
    uint64_t stored[2] = {size, 0};
    bytes(c, stored, sizeof stored);
    return (size_t)stored[0];
}

static void part_queue(cursor *c, queue *q)
{
    size_t size = prefix(c, c->from ? 0 : queue_image_size(q));
    if (c->to) {
        queue_save(q, c->to);
        c->to += padded(size);
    } else if (c->from) {
        queue_load(q, c->from, size);
        c->from += padded(size);
    } else {
        c->size += padded(size);
    }
}

static void part_slab(cursor *c, slab *s)
{
    size_t size = prefix(c, c->from ? 0 : slab_image_size(s));
    if (c->to) {
        slab_save(s, c->to);
        c->to += padded(size);
    } else if (c->from) {
        slab_load(s, c->from, size);
        c->from += padded(size);
    } else {
        c->size += padded(size);
    }
}

static void part_map(cursor *c, map *m)
{
    size_t size = prefix(c, c->from ? 0 : map_image_size(m));
    if (c->to) {
        map_save(m, c->to);
        c->to += padded(size);
    } else if (c->from) {
        map_load(m, c->from);
        c->from += padded(size);
    } else {
        c->size += padded(size);
    }
}

static void part_clocks(cursor *c, world *w)
{
    bool has = prefix(c, w->clocks != NULL) != 0;
    if (c->from && has) {
        clocks_need(w);
    } else if (c->from) {
        free(w->clocks);
        w->clocks = NULL;
    }
    if (has) {
        bytes(c, w->clocks, w->node_count * sizeof *w->clocks);
    }
}

/* All parts in order, for whichever of the three purposes. */
static void walk(world *w, cursor *c)
{
    bytes(c, &w->g, sizeof w->g);
    bytes(c, w->nodes, (size_t)w->node_count * w->node_stride);
    bytes(c, w->stable, (size_t)w->node_count * w->stable_stride);
    part_clocks(c, w);
    part_queue(c, w->pending);
    part_slab(c, &w->events);
    part_slab(c, &w->parcels);
    part_map(c, &w->quality_index);
    part_map(c, &w->pairs);
    part_map(c, &w->cuts);
    uint32_t qualities = (uint32_t)prefix(c, w->quality_count);
    qualities_reserve(w, qualities);
    w->quality_count = qualities;
    bytes(c, w->qualities, w->quality_count * sizeof *w->qualities);
    for (uint32_t i = 0; i < w->driver_count; i++) {
        bytes(c, w->driver_state[i], w->drivers[i].state_bytes);
    }
}

size_t world_image_size(const world *w)
{
    cursor c = {.size = 0};
    walk((world *)(uintptr_t)w, &c); /* measuring and writing leave the world as it is */
    return c.size;
}

void world_save(const world *w, void *image)
{
    ALWAYS(w->call_count == 0 && w->post_count == 0);
    cursor c = {.to = image};
    walk((world *)(uintptr_t)w, &c);
}

void world_restore(world *w, const void *image, size_t size)
{
    cursor c = {.from = image, .end = (const unsigned char *)image + size};
    walk(w, &c);
    ALWAYS(c.from == c.end);
    w->blocked = w->g.cuts > 0 || w->g.partitioned;
    calls_forget(w);
    w->compact_at = 0;
}

/* ---------------------------------------------------------------------------------- hash */

static void hash_node(const world *w, digest *d, uint32_t node)
{
    core *c = core_of(w, node);
    core plain = *c;
    plain.wait_head = plain.wait_tail = c->wait_head != SLAB_NONE; /* slot numbers tell nothing */
    digest_add(d, &plain, sizeof plain);
    digest_add(d, draws_of(w, c), w->config.stack_size * sizeof(uint64_t));
    for (uint32_t i = 0; i < w->timer_count; i++) {
        const timer_slot *slot = &timers_of(w, c)[i];
        int64_t armed[2] = {slot->armed, slot->armed ? slot->deadline : 0};
        digest_add(d, armed, sizeof armed);
    }
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        digest_add(d, world_state(w, node, i), w->stack[i].state_size);
        digest_add(d, world_stable(w, node, i), w->stack[i].stable_size);
    }
}

/* Will this event do anything when its time comes? */
static bool is_live(const world *w, const event *e)
{
    switch (e->kind) {
    case EVENT_TIMER:
        return timer_is_valid(w, e);
    case EVENT_ALARM:
        return e->node == NOBODY || lives(core_of(w, e->node), e->generation);
    case EVENT_WAKE:
        return lives(core_of(w, e->node), e->generation);
    default:
        return true;
    }
}

/* What an event will do; not by which record it was caused, nor where it lies. */
static void hash_event(const world *w, digest *d, int64_t at, uint32_t slot)
{
    const event *e = event_at(w, slot);
    if (!is_live(w, e)) {
        return;
    }
    uint32_t generation = e->kind == EVENT_TIMER ? 0 : e->generation;
    uint64_t head[4] = {(uint64_t)at, pair_key(e->node, e->peer), pair_key(e->size, generation),
                        (uint64_t)e->type << 16 | (uint64_t)e->kind << 8 | e->component};
    digest_add(d, head, sizeof head);
    if (e->size > 0) {
        digest_add(d, event_body((world *)(uintptr_t)w, slot), e->size);
    }
}

/* In the order in which they will happen: on a copy of the queue. */
static void hash_pending(const world *w, digest *d)
{
    size_t size = queue_image_size(w->pending);
    void *image = kernel_allocate(size);
    queue *copy = queue_new();
    queue_entry next;
    queue_save(w->pending, image);
    queue_load(copy, image, size);
    while (queue_pop(copy, INT64_MAX, &next)) {
        hash_event(w, d, next.at, next.item);
    }
    queue_free(copy);
    free(image);
}

static void hash_distribution(digest *d, const distribution *what)
{
    int64_t values[5] = {what->kind, what->a, what->b, what->least, what->most};
    digest_add(d, values, sizeof values);
    if (what->kind == DISTRIBUTION_EMPIRICAL) {
        digest_add(d, what->table->value, what->table->count * sizeof what->table->value[0]);
    }
}

static void hash_links(const world *w, digest *d)
{
    uint64_t maps[3] = {map_hash(&w->pairs), map_hash(&w->cuts), w->g.partitioned};
    digest_add(d, maps, sizeof maps);
    for (uint32_t i = 0; i < w->quality_count; i++) {
        const quality_rule *rule = &w->qualities[i];
        const link_quality *q = &rule->quality;
        uint64_t values[] = {pair_key(rule->from, rule->to),
                             rule->features,
                             q->loss,
                             q->burst_enter,
                             q->burst_leave,
                             q->burst_loss,
                             q->duplicate,
                             q->reorder,
                             q->corrupt,
                             q->bytes_per_second,
                             q->queue_bytes,
                             q->header_bytes,
                             q->base_symmetric};
        digest_add(d, values, sizeof values);
        hash_distribution(d, &q->delay);
        hash_distribution(d, &q->base);
        hash_distribution(d, &q->reorder_by);
    }
}

digest_value world_hash(const world *w)
{
    digest *d = digest_new();
    digest_add(d, &w->g.now, sizeof w->g.now);
    digest_add(d, &w->g.ties, sizeof w->g.ties);
    for (uint32_t i = 0; i < w->node_count; i++) {
        hash_node(w, d, i);
        for (uint32_t slot = core_of(w, i)->wait_head; slot != SLAB_NONE;
             slot = event_at(w, slot)->next) {
            hash_event(w, d, 0, slot);
        }
    }
    if (w->clocks) {
        digest_add(d, w->clocks, w->node_count * sizeof *w->clocks);
    }
    hash_pending(w, d);
    hash_links(w, d);
    for (uint32_t i = 0; i < w->driver_count; i++) {
        digest_add(d, w->driver_state[i], w->drivers[i].state_bytes);
    }
    digest_value value = digest_now(d);
    digest_free(d);
    return value;
}
