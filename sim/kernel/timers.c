/*
 * Timers: named slots on local time. A pending timer event is valid while its generation is that
 * of its slot; arming anew, disarming and crashing only advance the generation. Void events are
 * skipped when they come up and swept out when they are the greater part of what is pending.
 */
#include "kernel/internal.h"

enum { SWEEP_LEAST = 4096, COMPACT_LEAST = 65536 };

static timer_slot *slot_of(const world *w, core *c, uint32_t component, uint32_t timer)
{
    return &timers_of(w, c)[w->stack[component].timer_first + timer];
}

static bool is_void(void *context, const queue_entry *entry)
{
    world *w = context;
    const event *e = event_at(w, entry->item);
    if (e->kind != EVENT_TIMER || timer_is_valid(w, e)) {
        return false;
    }
    event_drop(w, entry->item);
    w->g.stale--;
    return true;
}

/* One more pending event is void. */
static void count_stale(world *w)
{
    if (UNLIKELY(++w->g.stale > w->compact_at)) {
        if (w->g.stale > queue_count(w->pending) / 2) {
            queue_sweep(w->pending, is_void, NULL, w);
        }
        w->compact_at = w->g.stale * 2 > SWEEP_LEAST ? w->g.stale * 2 : SWEEP_LEAST;
    }
}

static void schedule(world *w, uint32_t node, uint32_t component, uint32_t timer,
                     const timer_slot *slot)
{
    event e = {.node = node,
               .peer = NOBODY,
               .generation = slot->generation,
               .type = (uint16_t)timer,
               .kind = EVENT_TIMER,
               .component = (uint8_t)component};
    event_new(w, clock_true(w, node, slot->deadline), &e);
}

bool timer_is_valid(const world *w, const event *e)
{
    const timer_slot *slot = slot_of(w, core_of(w, e->node), e->component, e->type);
    return slot->armed != TIMER_IDLE && slot->generation == e->generation;
}

void timer_arm(world *w, uint32_t node, core *c, uint32_t component, uint32_t timer,
               int64_t deadline, uint64_t cause)
{
    timer_slot *slot = slot_of(w, c, component, timer);
    bool replaces = slot->armed == TIMER_ARMED;
    slot->deadline = deadline;
    slot->cause = cause;
    slot->generation++;
    slot->armed = TIMER_ARMED;
    schedule(w, node, component, timer, slot);
    if (replaces) {
        count_stale(w);
    }
}

void timer_disarm(world *w, core *c, uint32_t component, uint32_t timer)
{
    timer_slot *slot = slot_of(w, c, component, timer);
    bool is_pending = slot->armed == TIMER_ARMED;
    slot->armed = TIMER_IDLE;
    if (is_pending) {
        count_stale(w);
    }
}

void timers_move(world *w, uint32_t node)
{
    core *c = core_of(w, node);
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        for (uint32_t t = 0; t < w->stack[i].timer_count; t++) {
            timer_slot *slot = slot_of(w, c, i, t);
            if (slot->armed == TIMER_ARMED) {
                slot->generation++;
                schedule(w, node, i, t, slot);
                count_stale(w);
            }
        }
    }
}

/* ------------------------------------------------------------------ memory of a burst */

typedef struct renumbering {
    world *w;
    const uint32_t *moved;
} renumbering;

static uint32_t new_slot(void *context, const queue_entry *entry)
{
    return ((renumbering *)context)->moved[entry->item];
}

static void renumber_chains(world *w, const uint32_t *moved)
{
    for (uint32_t i = 0; i < w->node_count; i++) {
        core *c = core_of(w, i);
        if (c->wait_head == SLAB_NONE) {
            continue;
        }
        c->wait_head = moved[c->wait_head];
        c->wait_tail = moved[c->wait_tail];
        for (uint32_t slot = c->wait_head; slot != SLAB_NONE; slot = event_at(w, slot)->next) {
            event *e = event_at(w, slot);
            e->next = e->next == SLAB_NONE ? SLAB_NONE : moved[e->next];
        }
    }
}

static void renumber_parcels(world *w, const uint32_t *moved)
{
    for (uint32_t slot = 0; slot < w->events.used; slot++) {
        if (slab_is_live(&w->events, slot) && event_at(w, slot)->size > w->inline_size) {
            uint32_t *parcel = (uint32_t *)(void *)(event_at(w, slot) + 1);
            *parcel = moved[*parcel];
        }
    }
}

void events_compact(world *w)
{
    if (w->events.capacity >= COMPACT_LEAST) {
        uint32_t *moved = slab_compact(&w->events);
        if (moved) {
            queue_sweep(w->pending, NULL, new_slot, &(renumbering){w, moved});
            renumber_chains(w, moved);
            free(moved);
        }
    }
    if (w->parcels.stride > 0 && w->parcels.capacity >= SWEEP_LEAST) {
        uint32_t *moved = slab_compact(&w->parcels);
        if (moved) {
            renumber_parcels(w, moved);
            free(moved);
        }
    }
}
