/*
 * Actions: whom they hit is found when they happen, what they do ends by an alarm of its own.
 *
 * An end is 64 bits of alarm data, so that nothing has to be kept for it: what, node, number. The
 * number tells whether it is still that crash, pause, slowness or partition; another that has
 * begun meanwhile has its own end. A cut's end names both nodes and has no number: if the same cut
 * was mended and made anew meanwhile, it ends that. An action that changes nothing (a crash of a
 * node that is down) has no end.
 *
 * A request for an election is no end, but an alarm of its node like those of clients: it waits
 * where the node is paused.
 *
 *   63..60 what (not 0) | 59..30 node or source | 29..0 number or destination
 */
#include "drive/fault_internal.h"

#define ID_BITS 30
#define ID_MASK ((UINT32_C(1) << ID_BITS) - 1)

enum { END_CRASH = 1, END_PAUSE, END_SLOW, END_CUT, END_PARTITION, REQUEST_ELECTION };

static node_mark *mark_of(const faults *f, world *w, uint32_t node)
{
    fault_state *s = fault_state_of(f, w);
    node_mark *marks = (node_mark *)(void *)&s->slots[f->config.fault_count + f->config.rule_count];
    return &marks[node];
}

/* ------------------------------------------------------------------------------------- ends */

static void end_after(faults *f, world *w, int64_t lasts, unsigned what, uint32_t a, uint32_t b)
{
    fault_state *s = fault_state_of(f, w);
    int64_t now = world_now(w);
    int64_t at = lasts < INT64_MAX - now ? now + lasts : INT64_MAX;
    uint64_t data = (uint64_t)what << 2 * ID_BITS;
    data |= (uint64_t)(a & ID_MASK) << ID_BITS | (b & ID_MASK);
    s->last_end = at > s->last_end ? at : s->last_end;
    world_alarm(w, f->number, at, NOBODY, data);
}

static uint32_t id_of(uint64_t bits)
{
    uint32_t id = (uint32_t)bits & ID_MASK;
    return id == ID_MASK ? NOBODY : id;
}

void fault_end(faults *f, world *w, uint64_t data)
{
    uint32_t a = id_of(data >> ID_BITS), number = (uint32_t)data & ID_MASK;
    switch (data >> 2 * ID_BITS) {
    case END_CRASH:
        if (!world_is_up(w, a) && (world_incarnation(w, a) & ID_MASK) == number) {
            world_recover(w, a);
        }
        break;
    case END_PAUSE:
        if ((mark_of(f, w, a)->pauses & ID_MASK) == number) {
            world_resume(w, a);
        }
        break;
    case END_SLOW:
        if ((mark_of(f, w, a)->slows & ID_MASK) == number) {
            world_slow(w, a, 0);
        }
        break;
    case END_CUT:
        world_mend(w, a, id_of(data));
        break;
    case REQUEST_ELECTION:
        world_request(w, a, f->election, DASIM_ELECT, NULL, 0);
        break;
    default:
        if ((fault_state_of(f, w)->partitions & ID_MASK) == number) {
            world_heal(w);
        }
    }
}

void fault_crashed(faults *f, world *w, uint32_t node)
{
    node_mark *mark = mark_of(f, w, node);
    if (mark->down_for > 0) {
        end_after(f, w, mark->down_for, END_CRASH, node, world_incarnation(w, node));
        mark->down_for = 0;
    }
}

bool action_has_end(const action *a)
{
    bool ends = a->kind == ACTION_CRASH || a->kind == ACTION_PAUSE || a->kind == ACTION_SLOW ||
                a->kind == ACTION_CUT || a->kind == ACTION_PARTITION;
    return ends && a->lasts > 0;
}

/* ---------------------------------------------------------------------------------- targets */

/* May chance hit this node? Who is to recover or resume must be down or paused. */
static bool is_candidate(const world *w, const action *a, uint32_t node, uint32_t except)
{
    if (a->kind == ACTION_RECOVER) {
        return !world_is_up(w, node);
    }
    if (a->kind == ACTION_RESUME) {
        return world_is_paused(w, node);
    }
    return world_is_up(w, node) && node != except;
}

static uint32_t random_node(world *w, const action *a, uint32_t except, slot *s, uint64_t who)
{
    uint32_t nodes = world_nodes(w), count = 0;
    for (uint32_t i = 0; i < nodes; i++) {
        count += is_candidate(w, a, i, except);
    }
    if (count == 0) {
        return NOBODY;
    }
    uint64_t left = world_choose(w, PURPOSE_TARGET, who, s->draws++, count);
    for (uint32_t i = 0; i < nodes; i++) {
        if (is_candidate(w, a, i, except) && left-- == 0) {
            return i;
        }
    }
    return NOBODY;
}

/* False where there is nobody to be hit. TARGET_ANY gives NOBODY, as links take it. */
static bool resolve(const faults *f, world *w, const action *a, const target *t,
                    const occasion *event, uint32_t except, slot *s, uint64_t who, uint32_t *node)
{
    switch (t->kind) {
    case TARGET_NODE:
        *node = t->number;
        break;
    case TARGET_ANY:
        *node = NOBODY;
        return true;
    case TARGET_ROLE:
        *node = world_role(w, t->role, t->number);
        break;
    case TARGET_RANDOM:
        *node = random_node(w, a, except, s, who);
        break;
    case TARGET_SENDER:
        *node = event->sender;
        break;
    case TARGET_RECEIVER:
        *node = event->receiver;
        break;
    case TARGET_SELF:
        *node = event->self;
        break;
    default:
        *node = fault_state_of(f, w)->last - 1; /* 0 - 1 is NOBODY */
    }
    return *node < world_nodes(w);
}

/* ---------------------------------------------------------------------------------- actions */

static void crash(faults *f, world *w, const action *a, uint32_t node)
{
    bool up = world_is_up(w, node);
    if (up && a->in_broadcast) {
        mark_of(f, w, node)->down_for = a->lasts;
        world_crash_in_broadcast(w, node, a->sends);
        fault_state_of(f, w)->done++; /* it leaves a record only when it happens */
    } else if (up) {
        mark_of(f, w, node)->down_for = 0;
        world_crash(w, node, a->lose_stable);
        if (a->lasts > 0) {
            end_after(f, w, a->lasts, END_CRASH, node, world_incarnation(w, node));
        }
    }
}

static void pause(faults *f, world *w, const action *a, uint32_t node)
{
    if (world_is_up(w, node) && !world_is_paused(w, node)) {
        uint32_t number = ++mark_of(f, w, node)->pauses;
        world_pause(w, node);
        if (a->lasts > 0) {
            end_after(f, w, a->lasts, END_PAUSE, node, number);
        }
    }
}

static void slow(faults *f, world *w, const action *a, uint32_t node)
{
    uint32_t number = ++mark_of(f, w, node)->slows;
    world_slow(w, node, a->amount);
    if (a->lasts > 0) {
        end_after(f, w, a->lasts, END_SLOW, node, number);
    }
}

static void elect(faults *f, world *w, uint32_t node)
{
    uint64_t data = (uint64_t)REQUEST_ELECTION << 2 * ID_BITS | (uint64_t)node << ID_BITS;
    if (f->election < STACK_MOST && world_is_up(w, node)) {
        world_alarm(w, f->number, world_now(w), node, data);
    }
}

static void act_on_node(faults *f, world *w, const action *a, uint32_t node)
{
    switch (a->kind) {
    case ACTION_CRASH:
        crash(f, w, a, node);
        break;
    case ACTION_RECOVER:
        world_recover(w, node);
        break;
    case ACTION_PAUSE:
        pause(f, w, a, node);
        break;
    case ACTION_RESUME:
        world_resume(w, node);
        break;
    case ACTION_SLOW:
        slow(f, w, a, node);
        break;
    case ACTION_STEP:
        world_clock_step(w, node, a->amount);
        break;
    case ACTION_ELECT:
        elect(f, w, node);
        break;
    default:
        world_clock_rate(w, node, a->amount);
    }
}

static void cut(faults *f, world *w, const action *a, uint32_t from, uint32_t to)
{
    uint64_t before = world_records(w);
    world_cut(w, from, to);
    if (a->lasts > 0 && world_records(w) != before) {
        end_after(f, w, a->lasts, END_CUT, from, to);
    }
}

static void act_on_links(faults *f, world *w, const action *a, uint32_t from, uint32_t to)
{
    bool back = a->both && from != to;
    if (a->kind == ACTION_QUALITY) {
        world_set_quality(w, from, to, a->quality_mask, &a->quality);
    } else if (a->kind == ACTION_CUT) {
        cut(f, w, a, from, to);
        if (back) {
            cut(f, w, a, to, from);
        }
    } else {
        world_mend(w, from, to);
        if (back) {
            world_mend(w, to, from);
        }
    }
}

static void partition(faults *f, world *w, const action *a)
{
    fault_state *s = fault_state_of(f, w);
    const uint16_t *groups = a->groups;
    if (groups == NULL) {
        uint64_t n = s->groupings++;
        for (uint32_t i = 0; i < world_nodes(w); i++) {
            f->groups[i] = (uint16_t)world_choose(w, PURPOSE_GROUP, i, n, 2);
        }
        groups = f->groups;
    }
    uint32_t number = ++s->partitions;
    world_partition(w, groups);
    if (a->lasts > 0) {
        end_after(f, w, a->lasts, END_PARTITION, 0, number);
    }
}

static void act_on_nodes(faults *f, world *w, const action *a, uint32_t who)
{
    uint32_t first = who == NOBODY ? 0 : who;
    uint32_t end = who == NOBODY ? world_nodes(w) : who + 1;
    for (uint32_t node = first; node < end; node++) {
        act_on_node(f, w, a, node);
    }
}

/* Nodes or links; nothing where nobody is there to be hit. */
static void act_on_targets(faults *f, world *w, const action *a, const occasion *event, slot *s,
                           uint64_t who)
{
    bool links = a->kind == ACTION_CUT || a->kind == ACTION_MEND || a->kind == ACTION_QUALITY;
    uint32_t first, second = NOBODY;
    if (!resolve(f, w, a, &a->who, event, NOBODY, s, who, &first) ||
        (links && !resolve(f, w, a, &a->whom, event, first, s, who, &second))) {
        return;
    }
    if (first != NOBODY) {
        fault_state_of(f, w)->last = first + 1;
    }
    if (links) {
        act_on_links(f, w, a, first, second);
    } else {
        act_on_nodes(f, w, a, first);
    }
}

void fault_act(faults *f, world *w, const action *a, const occasion *event, slot *s, uint64_t who)
{
    fault_state *state = fault_state_of(f, w);
    uint64_t before = world_records(w);
    if (state->stopped) {
        return;
    }
    switch (a->kind) {
    case ACTION_PARTITION:
        partition(f, w, a);
        break;
    case ACTION_HEAL:
        state->partitions++; /* what the latest one's end was to do is done */
        world_heal(w);
        break;
    case ACTION_CALL:
        state->done++;
        f->config.call(f->config.context, w, a->function);
        return; /* what it did has been counted */
    default:
        act_on_targets(f, w, a, event, s, who);
    }
    state->done += world_records(w) != before; /* every fault that changes something leaves one */
}

const char *action_name(action_kind kind)
{
    static const char *const names[ACTION_KINDS] = {
        [ACTION_CRASH] = "crash",     [ACTION_RECOVER] = "recover",
        [ACTION_PAUSE] = "pause",     [ACTION_RESUME] = "resume",
        [ACTION_SLOW] = "slow",       [ACTION_CUT] = "cut",
        [ACTION_MEND] = "mend",       [ACTION_PARTITION] = "partition",
        [ACTION_HEAL] = "heal",       [ACTION_QUALITY] = "set_links",
        [ACTION_STEP] = "step_clock", [ACTION_DRIFT] = "set_drift",
        [ACTION_ELECT] = "elect",     [ACTION_CALL] = "call",
    };
    return (unsigned)kind < ACTION_KINDS ? names[kind] : "?";
}
