/*
 * Faults: what scenarios do to nodes and links. A crash zeroes the volatile part of a node's piece
 * of the world; whatever was pending for it and belongs to its life is void by its incarnation or
 * its timers' generations.
 */
#include "kernel/internal.h"

static void drop_waiting(world *w, core *c)
{
    for (uint32_t slot = c->wait_head; slot != SLAB_NONE;) {
        event *e = event_at(w, slot);
        uint32_t next = e->next;
        if ((e->kind & ~EVENT_CORRUPTED) == EVENT_MESSAGE) {
            emit(w, RECORD_LOST, e->component, e->peer, e->node, e->type, e->cause,
                 event_body(w, slot), e->size, REASON_DOWN);
        }
        event_drop(w, slot);
        slot = next;
    }
    c->wait_head = c->wait_tail = SLAB_NONE;
    c->flags &= (uint8_t)~CORE_WAITING;
}

static void disarm_all(world *w, core *c)
{
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        for (uint32_t t = 0; t < w->stack[i].timer_count; t++) {
            timer_disarm(w, c, i, t);
        }
    }
}

static void zero_states(world *w, core *c)
{
    unsigned char *piece = (unsigned char *)c;
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        memset(piece + w->stack[i].state_offset, 0, w->stack[i].state_size);
    }
}

void world_crash(world *w, uint32_t node, bool lose_stable)
{
    ALWAYS(node < w->node_count);
    core *c = core_of(w, node);
    if (!(c->flags & CORE_UP)) {
        return;
    }
    emit(w, RECORD_CRASH, 0, node, NOBODY, lose_stable, w->cause, NULL, 0, REASON_NONE);
    c->flags &= (uint8_t) ~(CORE_UP | CORE_PAUSED);
    c->wake_pending = 0;
    c->cut_after = 0;
    disarm_all(w, c);
    drop_waiting(w, c);
    zero_states(w, c);
    if (lose_stable && w->stable_stride > 0) {
        memset(w->stable + (size_t)node * w->stable_stride, 0, w->stable_stride);
    }
    for (uint32_t i = 0; i < w->driver_count; i++) {
        if (w->drivers[i].on_crash) {
            w->drivers[i].on_crash(w->drivers[i].self, w, node);
        }
    }
}

void world_recover(world *w, uint32_t node)
{
    ALWAYS(node < w->node_count);
    core *c = core_of(w, node);
    if (!(c->flags & CORE_UP)) {
        node_boot(w, node, c->incarnation > 0);
    }
}

void world_pause(world *w, uint32_t node)
{
    ALWAYS(node < w->node_count);
    core *c = core_of(w, node);
    if ((c->flags & CORE_UP) && !(c->flags & CORE_PAUSED)) {
        c->flags |= CORE_PAUSED;
        emit(w, RECORD_PAUSE, 0, node, NOBODY, 0, w->cause, NULL, 0, REASON_NONE);
    }
}

void world_resume(world *w, uint32_t node)
{
    ALWAYS(node < w->node_count);
    core *c = core_of(w, node);
    if (c->flags & CORE_PAUSED) {
        c->flags &= (uint8_t)~CORE_PAUSED;
        emit(w, RECORD_RESUME, 0, node, NOBODY, 0, w->cause, NULL, 0, REASON_NONE);
        node_wake(w, node, c);
    }
}

void world_slow(world *w, uint32_t node, int64_t service_ns)
{
    ALWAYS(node < w->node_count && service_ns >= 0);
    core *c = core_of(w, node);
    if (c->service == service_ns) {
        return;
    }
    c->service = service_ns;
    bool slow = service_ns > 0 || w->config.service_time.kind != DISTRIBUTION_FIXED ||
                w->config.service_time.a > 0;
    c->flags = (uint8_t)(slow ? c->flags | CORE_SLOW : c->flags & ~CORE_SLOW);
    emit(w, RECORD_SLOW, 0, node, NOBODY, 0, w->cause, &service_ns, sizeof service_ns, REASON_NONE);
    if (c->flags & CORE_UP) {
        node_wake(w, node, c);
    }
}

void world_crash_in_broadcast(world *w, uint32_t node, uint32_t sends)
{
    ALWAYS(node < w->node_count && sends < UINT32_MAX);
    core *c = core_of(w, node);
    if (c->flags & CORE_UP) {
        c->cut_after = sends + 1;
    }
}

static bool is_pattern(const world *w, uint32_t node)
{
    return node == NOBODY || node < w->node_count;
}

static void links_changed(world *w, uint32_t from, uint32_t to, record_reason what)
{
    w->blocked = w->g.cuts > 0 || w->g.partitioned;
    emit(w, RECORD_LINKS, 0, from, to, 0, w->cause, NULL, 0, what);
}

void world_cut(world *w, uint32_t from, uint32_t to)
{
    ALWAYS(is_pattern(w, from) && is_pattern(w, to));
    uint64_t *cut = map_at(&w->cuts, pattern_key(from, to));
    if (*cut == 0) {
        *cut = 1;
        w->g.cuts++;
        links_changed(w, from, to, REASON_CUT);
    }
}

void world_mend(world *w, uint32_t from, uint32_t to)
{
    ALWAYS(is_pattern(w, from) && is_pattern(w, to));
    uint64_t *cut = map_find(&w->cuts, pattern_key(from, to));
    if (cut && *cut) {
        *cut = 0;
        w->g.cuts--;
        links_changed(w, from, to, REASON_HEAL);
    }
}

void world_partition(world *w, const uint16_t *group)
{
    for (uint32_t i = 0; i < w->node_count; i++) {
        core_of(w, i)->group = group[i];
    }
    w->g.partitioned = 1;
    w->blocked = true;
    emit(w, RECORD_LINKS, 0, NOBODY, NOBODY, 0, w->cause, group,
         w->node_count <= 32768 ? w->node_count * 2 : 65536, REASON_PARTITION);
}

void world_heal(world *w)
{
    if (w->g.cuts == 0 && !w->g.partitioned) {
        return;
    }
    for (uint32_t i = 0; w->g.partitioned && i < w->node_count; i++) {
        core_of(w, i)->group = 0;
    }
    map_clear(&w->cuts);
    w->g.cuts = 0;
    w->g.partitioned = 0;
    links_changed(w, NOBODY, NOBODY, REASON_HEAL);
}

static void merge(quality_rule *rule, uint32_t mask, const link_quality *q)
{
    link_quality *into = &rule->quality;
    into->delay = mask & QUALITY_DELAY ? q->delay : into->delay;
    into->loss = mask & QUALITY_LOSS ? q->loss : into->loss;
    into->duplicate = mask & QUALITY_DUPLICATE ? q->duplicate : into->duplicate;
    into->corrupt = mask & QUALITY_CORRUPT ? q->corrupt : into->corrupt;
    into->fifo = mask & QUALITY_FIFO ? q->fifo : into->fifo;
    if (mask & QUALITY_REORDER) {
        into->reorder = q->reorder;
        into->reorder_by = q->reorder_by;
    }
    if (mask & QUALITY_BURST) {
        into->burst_enter = q->burst_enter;
        into->burst_leave = q->burst_leave;
        into->burst_loss = q->burst_loss;
    }
    if (mask & QUALITY_BANDWIDTH) {
        into->bytes_per_second = q->bytes_per_second;
        into->queue_bytes = q->queue_bytes;
        into->header_bytes = q->header_bytes;
    }
    rule->features = link_features(into);
}

static bool overlap(uint32_t a, uint32_t b)
{
    return a == NOBODY || b == NOBODY || a == b;
}

/* Appends the rule for from -> to: what holds there now, with the parts named by `mask` new. */
static void add_changed(const world *w, quality_rule *rules, uint32_t *count, uint32_t from,
                        uint32_t to, uint32_t mask, const link_quality *quality)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (rules[i].from == from && rules[i].to == to) {
            return;
        }
    }
    rules[*count] = (quality_rule){from, to, 0, 0, *world_quality(w, from, to)};
    merge(&rules[(*count)++], mask, quality);
}

/* The new rule comes last, but before rules for those parts of it of which something else was said:
 * they keep the rest of what holds for them. */
static void set_some(world *w, uint32_t from, uint32_t to, uint32_t mask, const link_quality *q)
{
    uint32_t count = 0, kept = 1;
    quality_rule *changed = kernel_allocate((w->quality_count + 1) * sizeof *changed);
    add_changed(w, changed, &count, from, to, mask, q);
    for (uint32_t i = 1; i < w->quality_count; i++) {
        const quality_rule *rule = &w->qualities[i];
        if (overlap(from, rule->from) && overlap(to, rule->to)) {
            add_changed(w, changed, &count, from == NOBODY ? rule->from : from,
                        to == NOBODY ? rule->to : to, mask, q);
        }
    }
    for (uint32_t i = 1; i < w->quality_count; i++) {
        const quality_rule *rule = &w->qualities[i];
        bool replaced = (from == NOBODY || rule->from == from) && (to == NOBODY || rule->to == to);
        if (!replaced) {
            w->qualities[kept++] = *rule;
        }
    }
    qualities_reserve(w, kept + count);
    memcpy(&w->qualities[kept], changed, count * sizeof *changed);
    w->quality_count = kept + count;
    free(changed);
}

void world_set_quality(world *w, uint32_t from, uint32_t to, uint32_t mask,
                       const link_quality *quality)
{
    ALWAYS(is_pattern(w, from) && is_pattern(w, to));
    link_quality wanted = *quality; /* may be one of the rules that are about to move */
    if (from == NOBODY && to == NOBODY) {
        for (uint32_t i = 0; i < w->quality_count; i++) {
            merge(&w->qualities[i], mask, &wanted);
        }
    } else {
        set_some(w, from, to, mask, &wanted);
    }
    links_index(w);
    links_changed(w, from, to, REASON_QUALITY);
}

void world_calm(world *w)
{
    const uint32_t mask =
        QUALITY_LOSS | QUALITY_DUPLICATE | QUALITY_REORDER | QUALITY_CORRUPT | QUALITY_BURST;
    world_heal(w);
    bool troubled = false;
    for (uint32_t i = 0; i < w->quality_count; i++) {
        troubled |=
            (w->qualities[i].features & (FEATURE_LOSS | FEATURE_DUPLICATE | FEATURE_REORDER |
                                         FEATURE_CORRUPT | FEATURE_BURST)) != 0;
    }
    if (troubled) {
        world_set_quality(w, NOBODY, NOBODY, mask, &(link_quality){0});
    }
    for (uint32_t i = 0; i < w->node_count; i++) {
        core_of(w, i)->cut_after = 0;
        world_slow(w, i, 0);
        world_resume(w, i);
    }
}
