/*
 * The loop: take the earliest event, let its node or driver handle it, carry out what the handler
 * asked of other components, repeat.
 *
 * An event's slot is given back before its handler runs: the handler's first send takes the same
 * slot, which is still in the cache.
 */
#include "kernel/internal.h"

enum { COMPACT_EVERY = 1 << 20, AHEAD_EVENT = 4, AHEAD_NODE = 2 };

/* Room for an event with its inline body. */
typedef struct event_copy {
    event head;
    _Alignas(16) unsigned char body[INLINE_MOST];
} event_copy;

/* ------------------------------------------------------------------------- pending events */

uint32_t event_new(world *w, int64_t at, const event *head)
{
    uint32_t slot = slab_take(&w->events);
    event *e = event_at(w, slot);
    *e = *head;
    if (UNLIKELY(head->size > w->inline_size)) {
        uint32_t parcel = slab_take(&w->parcels);
        memcpy(e + 1, &parcel, sizeof parcel);
    }
    uint32_t tie = 0;
    if (UNLIKELY(w->config.shuffle_ties)) {
        tie = (uint32_t)choose(w, PURPOSE_TIE, 0, w->g.ties++, UINT64_C(1) << 32);
    }
    queue_push(w->pending, (queue_entry){at, tie, slot});
    return slot;
}

void *event_body(world *w, uint32_t slot)
{
    event *e = event_at(w, slot);
    if (LIKELY(e->size <= w->inline_size)) {
        return e + 1;
    }
    uint32_t parcel;
    memcpy(&parcel, e + 1, sizeof parcel);
    return slab_at(&w->parcels, parcel);
}

void event_drop(world *w, uint32_t slot)
{
    event *e = event_at(w, slot);
    if (UNLIKELY(e->size > w->inline_size)) {
        uint32_t parcel;
        memcpy(&parcel, e + 1, sizeof parcel);
        slab_give(&w->parcels, parcel);
    }
    slab_give(&w->events, slot);
}

/* Moves a pending event out of the slab; where its body is now. */
static const void *event_take(world *w, uint32_t slot, event_copy *copy)
{
    const event *e = event_at(w, slot);
    const void *body = copy->body;
    if (LIKELY(e->size <= INLINE_LEAST)) {
        memcpy(copy, e, sizeof(event) + INLINE_LEAST);
    } else if (e->size <= w->inline_size) {
        memcpy(copy, e, sizeof(event) + e->size);
    } else {
        copy->head = *e;
        body = memcpy(w->scratch, event_body(w, slot), e->size);
    }
    event_drop(w, slot);
    return body;
}

/* ------------------------------------------------------------------- events that must wait */

void node_wake(world *w, uint32_t node, core *c)
{
    if (c->wait_head == SLAB_NONE || c->wake_pending || (c->flags & CORE_PAUSED)) {
        return;
    }
    int64_t service = 0;
    if (c->flags & CORE_SLOW) {
        service = c->service;
        if (service == 0) {
            uint64_t draw = choose(w, PURPOSE_SERVICE, node, c->served++, 0);
            service = distribution_sample(&w->config.service_time, draw);
        }
    }
    event e = {.node = node, .peer = NOBODY, .generation = c->incarnation, .kind = EVENT_WAKE};
    c->wake_pending = 1;
    event_new(w, w->g.now + (service > 0 ? service : 0), &e);
}

void chain_put(world *w, core *c, uint32_t node, uint32_t slot)
{
    event_at(w, slot)->next = SLAB_NONE;
    if (c->wait_head == SLAB_NONE) {
        c->wait_head = slot;
    } else {
        event_at(w, c->wait_tail)->next = slot;
    }
    c->wait_tail = slot;
    c->flags |= CORE_WAITING;
    node_wake(w, node, c);
}

static uint32_t chain_take(world *w, core *c)
{
    uint32_t slot = c->wait_head;
    c->wait_head = event_at(w, slot)->next;
    if (c->wait_head == SLAB_NONE) {
        c->wait_tail = SLAB_NONE;
        c->flags &= (uint8_t)~CORE_WAITING;
    }
    return slot;
}

/* ----------------------------------------------------------------------- one event's handler */

static void handle_message(world *w, core *c, uint32_t slot)
{
    event_copy e;
    const void *body = event_take(w, slot, &e);
    uint32_t component = e.head.component;
    bool corrupted = (e.head.kind & EVENT_CORRUPTED) != 0;
    w->cause = emit(w, RECORD_RECEIVE, component, e.head.node, e.head.peer, e.head.type,
                    e.head.cause, body, e.head.size, corrupted ? REASON_CORRUPT : REASON_NONE);
    dasim_envelope m = {.from = e.head.peer,
                        .type = e.head.type,
                        .size = e.head.size,
                        .corrupted = corrupted,
                        .body = body};
    handler_begin(w, c, e.head.node, component);
    w->stack[component].algorithm->on_message(&w->handler.view, &m);
    handler_end(w);
}

static timer_slot *timer_of(const world *w, core *c, const event *e)
{
    return &timers_of(w, c)[w->stack[e->component].timer_first + e->type];
}

static void handle_timer(world *w, core *c, uint32_t slot)
{
    event e = *event_at(w, slot);
    event_drop(w, slot);
    if (!timer_is_valid(w, &e)) { /* disarmed while it waited */
        return;
    }
    timer_slot *timer = timer_of(w, c, &e);
    timer->armed = TIMER_IDLE;
    w->cause = emit(w, RECORD_TIMER, e.component, e.node, NOBODY, e.type, timer->cause, NULL, 0,
                    REASON_NONE);
    handler_begin(w, c, e.node, e.component);
    w->stack[e.component].algorithm->on_timer(&w->handler.view, e.type);
    handler_end(w);
}

static void handle_alarm(world *w, uint32_t slot)
{
    event_copy e;
    uint64_t data;
    memcpy(&data, event_take(w, slot, &e), sizeof data);
    w->cause = e.head.cause;
    driver *d = &w->drivers[e.head.component];
    d->on_alarm(d->self, w, e.head.node, data);
}

static void handle_one(world *w, core *c, uint32_t slot)
{
    switch (event_at(w, slot)->kind & ~EVENT_CORRUPTED) {
    case EVENT_MESSAGE:
        handle_message(w, c, slot);
        break;
    case EVENT_TIMER:
        handle_timer(w, c, slot);
        break;
    default:
        handle_alarm(w, slot);
    }
}

/* A busy node has served one event; a resumed one takes all that waited. */
static void handle_wake(world *w, core *c, uint32_t slot)
{
    event e = *event_at(w, slot);
    event_drop(w, slot);
    if (!(c->flags & CORE_UP) || e.generation != c->incarnation) {
        return;
    }
    c->wake_pending = 0;
    bool again = !(c->flags & CORE_PAUSED);
    while (again && c->wait_head != SLAB_NONE) {
        uint32_t incarnation = c->incarnation;
        handle_one(w, c, chain_take(w, c));
        calls_drain(w);
        again = c->incarnation == incarnation && !(c->flags & (CORE_PAUSED | CORE_SLOW)) &&
                !w->g.check_failed;
    }
    if (c->flags & CORE_UP) {
        node_wake(w, e.node, c);
    }
}

static void lose_on_arrival(world *w, uint32_t slot, record_reason reason)
{
    event_copy e;
    const void *body = event_take(w, slot, &e);
    emit(w, RECORD_LOST, e.head.component, e.head.peer, e.head.node, e.head.type, e.head.cause,
         body, e.head.size, reason);
}

static void arrive(world *w, uint32_t slot)
{
    const event *e = event_at(w, slot);
    core *c = core_of(w, e->node);
    record_reason reason = REASON_NONE;
    if (UNLIKELY(w->blocked) && e->node != e->peer) {
        reason = link_block(w, e->peer, e->node);
    }
    if (UNLIKELY(!(c->flags & CORE_UP))) {
        reason = REASON_DOWN;
    }
    if (UNLIKELY((e->kind & EVENT_CORRUPTED) && reason == REASON_NONE) &&
        !(w->stack[e->component].algorithm->assumes & DASIM_SEES_CORRUPTION)) {
        reason = REASON_CORRUPT;
    }
    if (UNLIKELY(reason != REASON_NONE)) {
        lose_on_arrival(w, slot, reason);
    } else if (LIKELY(c->flags == CORE_UP)) {
        handle_message(w, c, slot);
    } else {
        chain_put(w, c, e->node, slot);
    }
}

static void alarm(world *w, uint32_t slot)
{
    const event *e = event_at(w, slot);
    if (e->node == NOBODY) {
        handle_alarm(w, slot);
        return;
    }
    core *c = core_of(w, e->node);
    if (!(c->flags & CORE_UP) || c->incarnation != e->generation) {
        event_drop(w, slot);
    } else if ((c->flags & CORE_PAUSED) ||
               (c->flags & (CORE_WAITING | CORE_SLOW)) == CORE_WAITING) {
        chain_put(w, c, e->node, slot); /* behind those that waited while it was paused */
    } else {
        handle_alarm(w, slot);
    }
}

/* Everything but messages. */
static void handle_other(world *w, uint32_t slot, event_kind kind)
{
    const event *e = event_at(w, slot);
    uint32_t node = e->node;
    core *c = node == NOBODY ? NULL : core_of(w, node);
    switch (kind) {
    case EVENT_TIMER:
        if (!timer_is_valid(w, e)) {
            w->g.stale--;
            event_drop(w, slot);
        } else if (c->flags == CORE_UP) {
            handle_timer(w, c, slot);
        } else {
            timer_of(w, c, e)->armed = TIMER_DUE;
            chain_put(w, c, node, slot);
        }
        break;
    case EVENT_ALARM:
        alarm(w, slot);
        break;
    case EVENT_WAKE:
        handle_wake(w, c, slot);
        break;
    default:
        event_drop(w, slot);
        w->g.background--;
        w->cause = 0;
        if (kind == EVENT_WANDER) {
            clock_wander(w, node);
        } else {
            clock_sync(w, node);
        }
    }
}

/* What comes next is known: let its memory be fetched meanwhile. */
static void prefetch(world *w)
{
    const queue_entry *next = queue_ahead(w->pending, AHEAD_EVENT);
    if (next) {
        __builtin_prefetch(event_at(w, next->item), 1);
    }
    next = queue_ahead(w->pending, AHEAD_NODE);
    if (next) {
        uint32_t node = event_at(w, next->item)->node;
        if (LIKELY(node < w->node_count)) {
            const char *piece = (const char *)core_of(w, node);
            __builtin_prefetch(piece, 1);
            __builtin_prefetch(piece + 64, 1);
        }
    }
}

static world_status none_left(const world *w, int64_t limit)
{
    return limit < INT64_MAX && queue_count(w->pending) > w->g.background + w->g.stale ? WORLD_LIMIT
                                                                                       : WORLD_IDLE;
}

static world_status handle_all(world *w, int64_t limit, uint64_t events)
{
    queue_entry next;
    for (uint64_t left = events; !w->g.stopped; left--) {
        if (UNLIKELY(w->g.background > 0) &&
            queue_count(w->pending) <= w->g.background + w->g.stale) {
            return WORLD_IDLE;
        }
        if (UNLIKELY(left == 0)) {
            return w->g.at_instant > STUCK_AFTER ? WORLD_STUCK : WORLD_EVENTS;
        }
        if (UNLIKELY(!queue_pop(w->pending, limit, &next))) {
            world_status status = none_left(w, limit);
            if (status == WORLD_LIMIT && limit > w->g.now) {
                w->g.now = limit;
                w->g.at_instant = 0;
            }
            return status;
        }
        if (LIKELY(next.at != w->g.now)) {
            w->g.now = next.at;
            w->g.at_instant = 0;
        } else if (UNLIKELY(++w->g.at_instant > STUCK_AFTER)) {
            left = 1; /* this one still happens: it has left the queue */
        }
        prefetch(w);
        event_kind kind = event_at(w, next.item)->kind & ~EVENT_CORRUPTED;
        if (LIKELY(kind == EVENT_MESSAGE)) {
            arrive(w, next.item);
        } else {
            handle_other(w, next.item, kind);
        }
        if (w->call_count | w->post_count) {
            calls_drain(w);
        }
        if (UNLIKELY(++w->g.events % COMPACT_EVERY == 0)) {
            events_compact(w);
        }
    }
    return WORLD_STOPPED;
}

world_status world_run(world *w, int64_t limit, uint64_t events)
{
    ALWAYS(w->g.started);
    calls_drain(w);
    world_status status = handle_all(w, limit, events);
    w->g.stopped = w->g.check_failed;
    w->cause = 0; /* what is done to the world from outside has no cause in it */
    return status;
}
