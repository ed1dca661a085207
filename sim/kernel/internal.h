/*
 * The world from inside. Only sim/kernel includes this.
 *
 * Blocks (all without pointers, so that they can be copied and hashed):
 *   nodes     one piece of `node_stride` bytes a node: core, draw counters, timers, the volatile
 *             states of its components; adjacent, so that one event touches neighbouring lines
 *   stable    the stable storages
 *   clocks    only once a clock differs from true time
 *   events    slab of pending events; `pending` orders their slots by time
 *   parcels   slab of the bodies that do not fit into an event
 *   pairs, cuts, qualities: links; driver states
 */
#ifndef DASIM_KERNEL_INTERNAL_H
#define DASIM_KERNEL_INTERNAL_H

#include "kernel/pack.h"
#include "kernel/world.h"

#include "base/map.h"
#include "base/queue.h"
#include "base/rng.h"
#include "base/slab.h"

#include <stdlib.h>
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* An invariant that holds in every build. */
#define ALWAYS(condition) (LIKELY(condition) ? (void)0 : kernel_abort(#condition, __LINE__))
_Noreturn void kernel_abort(const char *condition, int line);

enum { STUCK_AFTER = 10000000, INLINE_LEAST = 32, INLINE_MOST = 224, ARGUMENT_INLINE = 64 };

/* A node with CORE_UP and nothing else takes events at once. */
enum core_flag { CORE_UP = 1, CORE_PAUSED = 2, CORE_SLOW = 4, CORE_WAITING = 8 };

typedef struct core {
    uint64_t sent;   /* messages handed to links so far: n of the link draws */
    int64_t service; /* ns a handler, set by world_slow; 0: the configured distribution */
    uint32_t incarnation;
    uint32_t cut_after; /* sends of the next handler that leave, + 1; 0: all */
    uint32_t wait_head; /* events that wait for a paused or busy node, first to last */
    uint32_t wait_tail;
    uint32_t served; /* n of the service time draws */
    uint16_t group;  /* of the current partition */
    uint8_t flags;
    uint8_t wake_pending; /* an EVENT_WAKE of this incarnation is under way */
} core;

typedef struct timer_slot {
    int64_t deadline;    /* local time */
    uint64_t cause;      /* record under which it was armed */
    uint32_t generation; /* of the pending event; older ones are void */
    uint32_t armed;      /* timer_phase */
} timer_slot;

/* TIMER_DUE: its time has come, the event waits in the chain of a paused or busy node. */
enum timer_phase { TIMER_IDLE, TIMER_ARMED, TIMER_DUE };

typedef struct node_clock {
    int64_t true_anchor, local_anchor; /* at the last change of rate */
    int64_t rate;                      /* ppb faster than true time, correction included */
    int64_t drift;                     /* ppb of the oscillator alone */
    uint64_t draws;
} node_clock;

typedef enum event_kind {
    EVENT_MESSAGE, /* node <- peer; type; body */
    EVENT_TIMER,   /* type: timer; component; generation */
    EVENT_ALARM,   /* component: driver; body: data; generation: incarnation, if a node */
    EVENT_WAKE,    /* the node can go on with what waits; generation: incarnation */
    EVENT_WANDER,  /* the node's drift changes */
    EVENT_SYNC     /* the node's clock is disciplined */
} event_kind;

typedef struct event {
    uint64_t cause; /* number of the record that led to it (of a message: its SEND) */
    uint32_t node, peer;
    uint32_t next; /* chain of waiting events */
    uint32_t size; /* of the body */
    uint32_t generation;
    uint16_t type;
    uint8_t kind;
    uint8_t component;
    /* the body follows: inline, or the number of a parcel; see body_is_inline() */
} event;

_Static_assert(sizeof(event) == 32, "bodies start at a multiple of 16");

enum { EVENT_CORRUPTED = 0x80 }; /* in `kind` */

/* What never changes about one layer of the stack. */
typedef struct layer {
    const dasim_algorithm *algorithm;
    const int64_t *params;
    uint32_t state_offset;  /* in a node's piece */
    uint32_t stable_offset; /* in a node's stable piece */
    uint32_t state_size, stable_size;
    uint32_t timer_first, timer_count;
    uint32_t message_count;
    uint32_t below;                /* bit per service that is provided to this one */
    uint8_t lower[DASIM_SERVICES]; /* component that provides a service to this one; 0xFF: none */
    uint8_t upper[STACK_MOST];     /* who uses this one, bottom first */
    uint8_t upper_count;
    bool is_heard; /* by clients */
} layer;

/* A request or indication that waits until the current handler has returned. Calls never outlive
 * an event, so a long argument may lie in a block of its own. */
typedef struct call {
    uint64_t cause;
    uint32_t node, incarnation;
    uint32_t op, size;
    uint8_t component; /* that provides the service */
    uint8_t is_request, unused[6];
    union {
        _Alignas(16) unsigned char arg[ARGUMENT_INLINE];
        void *block; /* where size > ARGUMENT_INLINE */
    };
} call;

typedef struct post {
    uint64_t cause, data;
    uint32_t driver;
} post;

/* What a handler sees, and what the kernel knows about the handler. The first member is what the
 * module is given. */
typedef struct handler {
    dasim_node view;
    world *world;
    core *core;
    uint32_t component;
    uint32_t sends_left; /* of a handler that is to be cut; UINT32_MAX: not */
    bool is_cut;
} handler;

typedef struct quality_rule {
    uint32_t from, to;
    uint32_t features; /* FEATURE_...: which of the fields below matter */
    uint32_t unused;
    link_quality quality;
} quality_rule;

enum {
    FEATURE_BASE = 1,
    FEATURE_MATRIX = 2,
    FEATURE_LOSS = 4,
    FEATURE_BURST = 8,
    FEATURE_DUPLICATE = 16,
    FEATURE_REORDER = 32,
    FEATURE_CORRUPT = 64,
    FEATURE_FIFO = 128,
    FEATURE_BANDWIDTH = 256
};

/* State of a directed pair, once a feature needs it. */
typedef struct pair_state {
    int64_t last_arrival; /* FIFO */
    int64_t wire_free;    /* bandwidth: when the wire has sent all that waits */
    uint64_t in_burst;
} pair_state;

/* Everything scalar that changes: part of the image as it is. */
typedef struct globals {
    int64_t now;
    uint64_t records, events;
    uint64_t stale;      /* events in the queue of timers that were disarmed or armed anew */
    uint64_t at_instant; /* events handled at `now` */
    uint64_t cuts;       /* how many cuts are in force */
    uint64_t ties;       /* n of the tie draws */
    uint64_t background; /* pending events of clocks: they alone do not keep a world going */
    uint32_t partitioned, stopped, started;
    uint32_t check_failed, check_node, check_component, check_line;
    char check_condition[128];
} globals;

/* Is the world led by records (replay.c), and do the states in it mean anything? */
typedef enum world_mode { WORLD_LIVES, WORLD_REPLAYS, WORLD_REPLAYS_BARE } world_mode;

struct world {
    globals g;
    uint64_t cause; /* record that the running handler handles */
    unsigned char *nodes;
    unsigned char *stable;
    node_clock *clocks;
    queue *pending;
    slab events;
    slab parcels; /* stride 0: every body fits */
    uint32_t node_stride, stable_stride, draws_offset, timers_offset, timer_count;
    uint32_t inline_size;
    uint32_t node_count;
    bool blocked; /* a cut or partition is in force */
    world_mode replays;
    uint64_t compact_at; /* stale events beyond which a sweep pays */

    layer stack[STACK_MOST];
    handler handler;
    rng_key keys[PURPOSE_DRIVER];
    chooser choose;
    void *choose_context;

    quality_rule *qualities; /* 0: the usual; later ones win */
    uint32_t quality_count, quality_capacity;
    map quality_index;                      /* pair -> number of its rule */
    map pairs;                              /* pair -> pair_state */
    map cuts;                               /* pair -> uint64_t: cut or not */
    uint32_t *neighbour_first, *neighbours; /* NULL: full mesh */

    digest *digest;
    observer observers[OBSERVERS_MOST];
    driver drivers[DRIVERS_MOST];
    unsigned char *driver_state[DRIVERS_MOST];
    uint32_t observer_count, driver_count;
    bool watched; /* some observer or driver wants records */
    bool intercepted;

    call *calls; /* ring; empty between events */
    uint32_t call_first, call_count, call_capacity;
    post *posts;
    uint32_t post_count, post_capacity;

    unsigned char *scratch;     /* body of the message being handled, where it came in a parcel */
    unsigned char *stable_copy; /* of a node whose handler was cut */
    world_config config;
};

/* -------------------------------------------------------------------------- small helpers */

static inline core *core_of(const world *w, uint32_t node)
{
    return (core *)(void *)(w->nodes + (size_t)node * w->node_stride);
}

/* Is this still the life that was number `incarnation`? */
static inline bool lives(const core *c, uint32_t incarnation)
{
    return (c->flags & CORE_UP) && c->incarnation == incarnation;
}

static inline uint64_t *draws_of(const world *w, core *c)
{
    return (uint64_t *)(void *)((unsigned char *)c + w->draws_offset);
}

static inline timer_slot *timers_of(const world *w, core *c)
{
    return (timer_slot *)(void *)((unsigned char *)c + w->timers_offset);
}

static inline event *event_at(const world *w, uint32_t slot)
{
    return slab_at(&w->events, slot);
}

static inline uint64_t pair_key(uint32_t from, uint32_t to)
{
    return (uint64_t)from << 32 | to;
}

/* Of a pattern, where either may be NOBODY: keys of tables are less than 2^64 - 1. */
static inline uint64_t pattern_key(uint32_t from, uint32_t to)
{
    return pair_key(from & INT32_MAX, to & INT32_MAX);
}

/* Every choice of the kernel passes here, so that an explorer can take chance's place. */
static inline uint64_t choose(world *w, uint32_t purpose, uint64_t who, uint64_t n, uint64_t bound)
{
    if (UNLIKELY(w->choose != NULL)) {
        return w->choose(w->choose_context, purpose, who, n, bound);
    }
    return rng_below(rng_draw(rng_key_for(w->keys[purpose], who), n), bound);
}

void *kernel_allocate(size_t size); /* zeroed; aborts without memory */
world *world_build(const world_config *config, world_mode mode, const char **fault);
void field_set(void *block, const dasim_field *field, uint32_t offset, uint32_t index,
               int64_t value);

/* ---------------------------------------------------------------------------- the loop */

/* A new pending event at `at`; its slot. The body may still be written through event_body(). */
uint32_t event_new(world *w, int64_t at, const event *head);
void *event_body(world *w, uint32_t slot);
void event_drop(world *w, uint32_t slot); /* gives slot and parcel back */

void calls_drain(world *w);
void calls_forget(world *w); /* none of those that wait is carried out */
void call_push(world *w, uint32_t node, uint32_t component, bool is_request, uint32_t op,
               const void *arg, size_t size);
/* Around every call of a module's handler: points the view at the node's component; carries out
 * the crash of a handler that was cut. */
void handler_begin(world *w, core *c, uint32_t node, uint32_t component);
void handler_end(world *w);
void node_wake(world *w, uint32_t node, core *c); /* go on with what waits, if anything does */
void chain_put(world *w, core *c, uint32_t node, uint32_t slot); /* an event begins to wait */

extern const dasim_api kernel_api;

/* ----------------------------------------------------------------------------- clocks */

bool clocks_are_wanted(const clock_config *c);
void clocks_init(world *w);
void clocks_need(world *w); /* from now on clocks are kept */
int64_t clock_local(const world *w, uint32_t node, int64_t at);
/* First true time, not before now, at which the node's clock shows `local` or more. */
int64_t clock_true(const world *w, uint32_t node, int64_t local);
/* EVENT_WANDER and EVENT_SYNC; each schedules its successor. */
void clock_wander(world *w, uint32_t node);
void clock_sync(world *w, uint32_t node);

static inline int64_t local_now(const world *w, uint32_t node)
{
    return LIKELY(w->clocks == NULL) ? w->g.now : clock_local(w, node, w->g.now);
}

/* ---------------------------------------------------------------------------- records */

void show(world *w, const record *r); /* to observers and drivers */

/* Number of the new record; the record itself is built for those who watch. */
__attribute__((always_inline)) static inline uint64_t emit(world *w, record_kind kind,
                                                           uint32_t component, uint32_t node,
                                                           uint32_t peer, uint32_t type,
                                                           uint64_t cause, const void *body,
                                                           uint32_t size, record_reason reason)
{
    uint64_t number = ++w->g.records;
    if (w->digest == NULL && !w->watched) {
        return number;
    }
    record r = {.at = w->g.now,
                .local = node == NOBODY ? w->g.now : local_now(w, node),
                .number = number,
                .cause = cause,
                .node = node,
                .peer = peer,
                .type = type,
                .size = size,
                .kind = (uint16_t)kind,
                .reason = (uint8_t)reason,
                .component = (uint8_t)component,
                .body = body};
    if (w->digest) {
        record_pack(w->digest, &r, w->clocks != NULL);
    }
    if (w->watched) {
        record copy = r; /* so that `r` itself can stay in registers */
        show(w, &copy);
    }
    return number;
}

/* ------------------------------------------------------------------------------ links */

void links_init(world *w);
void links_free(world *w);
uint32_t link_features(const link_quality *q);
void links_index(world *w);                       /* after rules have changed places */
void qualities_reserve(world *w, uint32_t count); /* room for so many rules */
/* A message leaves `from`, whose SEND record is made here. */
void link_send(world *w, core *c, uint32_t from, uint32_t to, uint32_t component, uint32_t type,
               const void *body, uint32_t size);
/* Why a message from -> to cannot pass now; REASON_NONE: it can. */
record_reason link_block(const world *w, uint32_t from, uint32_t to);
/* NULL and NULL, or the neighbours of all nodes as offsets and one list. */
const char *topology_build(world *w);

/* ----------------------------------------------------------------------------- timers */

void timer_arm(world *w, uint32_t node, core *c, uint32_t component, uint32_t timer,
               int64_t deadline, uint64_t cause);
void timer_disarm(world *w, core *c, uint32_t component, uint32_t timer);
/* Is this pending event its timer's latest? */
bool timer_is_valid(const world *w, const event *e);
/* After a change of the node's clock: pending timers move to their new true times. */
void timers_move(world *w, uint32_t node);
/* Gives back memory of a past burst of events, if much of it lies idle. */
void events_compact(world *w);

void node_boot(world *w, uint32_t node, bool recovering);

#endif
