/*
 * A world that is led by records instead of events: what observers may ask of it is true again at
 * each record, in the order in which it became true when the records were made.
 *
 * Faults of nodes take effect before their record is shown, but a crash behind it, as in faults.c.
 * Of links only cuts and partitions are followed. States are what the caller patches in: changes
 * that handlers brought are told by the trace, not by the records.
 */
#include "kernel/internal.h"

world *world_replay_new(const world_config *config, bool with_states, const char **fault)
{
    world_config plain = *config;
    plain.network = (network_config){0};
    plain.clocks = (clock_config){0};
    plain.service_time = (distribution){0};
    plain.late = NULL;
    plain.late_count = 0;
    return world_build(&plain, with_states ? WORLD_REPLAYS : WORLD_REPLAYS_BARE, fault);
}

static void follow_cut(world *w, const record *r, bool is_cut)
{
    uint64_t *cut = map_at(&w->cuts, pattern_key(r->node, r->peer));
    w->g.cuts += (uint64_t)is_cut - *cut;
    *cut = is_cut;
}

static void follow_links(world *w, const record *r)
{
    if (r->reason == REASON_CUT) {
        follow_cut(w, r, true);
    } else if (r->reason == REASON_PARTITION) {
        for (uint32_t i = 0; i < w->node_count && i < r->size / 2; i++) {
            memcpy(&core_of(w, i)->group, (const unsigned char *)r->body + (size_t)i * 2, 2);
        }
        w->g.partitioned = 1;
    } else if (r->reason == REASON_HEAL && r->node == NOBODY && r->peer == NOBODY) {
        map_clear(&w->cuts);
        w->g.cuts = 0;
        w->g.partitioned = 0;
    } else if (r->reason == REASON_HEAL) {
        follow_cut(w, r, false);
    }
    w->blocked = w->g.cuts > 0 || w->g.partitioned;
}

static void follow_check(world *w, const record *r)
{
    size_t most = sizeof w->g.check_condition - 1, length = r->size < most ? r->size : most;
    w->g.check_failed = 1;
    w->g.check_node = r->node;
    w->g.check_component = r->component;
    w->g.check_line = r->type;
    if (length > 0) {
        memcpy(w->g.check_condition, r->body, length);
    }
}

static void follow_clock(world *w, const record *r)
{
    if (r->kind == RECORD_CLOCK) {
        clocks_need(w);
    }
    if (w->clocks && r->node != NOBODY) {
        node_clock *c = &w->clocks[r->node];
        c->true_anchor = r->at;
        c->local_anchor = r->local;
        if (r->kind == RECORD_CLOCK && r->size == 2 * sizeof c->rate) {
            memcpy(&c->rate, (const unsigned char *)r->body + sizeof c->rate, sizeof c->rate);
        }
    }
}

static void follow_node(world *w, const record *r)
{
    core *c = core_of(w, r->node);
    if (r->kind == RECORD_BOOT) {
        c->flags = CORE_UP;
        c->incarnation++;
    } else if (r->kind == RECORD_PAUSE) {
        c->flags |= CORE_PAUSED;
    } else if (r->kind == RECORD_RESUME) {
        c->flags &= (uint8_t)~CORE_PAUSED;
    }
}

void world_replay(world *w, const record *r)
{
    ALWAYS(w->replays && r->number == w->g.records + 1 && r->kind < RECORD_KINDS);
    ALWAYS((r->node == NOBODY || r->node < w->node_count) &&
           (r->peer == NOBODY || r->peer < w->node_count));
    w->g.started = 1;
    w->g.now = r->at;
    w->g.records = r->number;
    follow_clock(w, r);
    if (r->kind == RECORD_LINKS) {
        follow_links(w, r);
    } else if (r->kind == RECORD_CHECK) {
        follow_check(w, r);
    } else if (r->node != NOBODY) {
        follow_node(w, r);
    }
    if (w->digest) {
        record_pack(w->digest, r, w->clocks != NULL);
    }
    show(w, r);
    if (r->kind == RECORD_CRASH && r->node != NOBODY) {
        core_of(w, r->node)->flags = 0;
    }
}

void world_replay_until(world *w, int64_t at)
{
    ALWAYS(w->replays && at >= w->g.now);
    w->g.now = at;
}

void world_replay_clocks(world *w)
{
    ALWAYS(w->replays);
    clocks_need(w);
}

/* Writes the low bytes of the value: fields are little-endian like everything here. */
void world_replay_set(world *w, uint32_t node, uint32_t component, bool stable, uint32_t field,
                      uint32_t index, int64_t value)
{
    ALWAYS(w->replays && node < w->node_count && component < w->config.stack_size);
    const dasim_algorithm *a = w->stack[component].algorithm;
    const dasim_field *fields = stable ? a->stable : a->state;
    const void *block = stable ? world_stable(w, node, component) : world_state(w, node, component);
    uint32_t offset = field_offset(fields, field, w->node_count, w->config.resources);
    ALWAYS(index < field_count(&fields[field], w->node_count, w->config.resources));
    field_set((unsigned char *)(uintptr_t)block, &fields[field], offset, index, value);
}

bool world_has_states(const world *w)
{
    return w->replays != WORLD_REPLAYS_BARE;
}

bool world_keeps_clocks(const world *w)
{
    return w->clocks != NULL || (!w->g.started && clocks_are_wanted(&w->config.clocks));
}
