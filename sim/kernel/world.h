/*
 * The world of one run: nodes, their stacks of components, links, clocks, pending events.
 *
 * Flow of one event: queue_pop -> now -> the event's handler (module or driver) -> its sends pass
 * the link model and become events; its requests and indications are carried out after it has
 * returned, in order -> records go to the observers as things happen.
 *
 * Everything that can change is held in blocks of bytes without pointers: a crash zeroes a piece,
 * world_save() copies, world_hash() hashes. Who watches (observer) sees a const world; who acts is
 * a driver.
 */
#ifndef DASIM_KERNEL_WORLD_H
#define DASIM_KERNEL_WORLD_H

#include "kernel/config.h"
#include "kernel/record.h"

#include "base/digest.h"

typedef struct world world;

typedef struct observer {
    void *self;
    void (*on_record)(void *self, const world *w, const record *r);
} observer;

/* What a driver may do to a message that is about to leave. */
typedef struct interception {
    bool drop, duplicate;
    int64_t delay; /* added, ns, 0 or more */
} interception;

/* Who acts on the world: clients, faults. Every callback may be NULL. Callbacks run to completion;
 * what they ask of components happens afterwards, in order. A driver keeps what it must remember
 * in world_driver_state(), so that it is saved and restored with the world. */
typedef struct driver {
    void *self;
    size_t state_bytes;
    void (*on_start)(void *self, world *w); /* at time 0, after all nodes have booted */
    void (*on_boot)(void *self, world *w, uint32_t node, bool recovering);
    void (*on_crash)(void *self, world *w, uint32_t node);
    /* A component of `node` that clients hear (world_is_heard) tells them. */
    void (*on_indication)(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                          const void *arg, size_t size);
    void (*on_alarm)(void *self, world *w, uint32_t node, uint64_t data);
    /* Sees each record; may only call world_post(). */
    void (*on_record)(void *self, world *w, const record *r);
    /* What was posted, when the event that led to it is over: all handlers that follow from it on
     * its node have run. */
    void (*on_post)(void *self, world *w, uint64_t data);
    /* A message is about to leave (`send` is its SEND record). */
    void (*on_send)(void *self, world *w, const record *send, interception *what);
} driver;

/* A choice that the kernel leaves to chance: which of 0 .. bound-1 (bound 0: of 2^64)? Drawn from
 * (seed, purpose, who, n) unless a chooser takes its place. */
typedef enum purpose_kind {
    PURPOSE_NODE = 1, /* dasim_random; who: node and component */
    PURPOSE_DELAY,    /* links; who: source, destination; n: message of the source, see links.c */
    PURPOSE_LOSS,
    PURPOSE_BURST,
    PURPOSE_DUPLICATE,
    PURPOSE_REORDER,
    PURPOSE_CORRUPT,
    PURPOSE_BASE, /* once per pair */
    PURPOSE_CLOCK,
    PURPOSE_SERVICE,
    PURPOSE_TIE,
    PURPOSE_TOPOLOGY,
    PURPOSE_DRIVER = 64 /* and above: drivers, world_choose() */
} purpose_kind;

typedef uint64_t (*chooser)(void *context, uint32_t purpose, uint64_t who, uint64_t n,
                            uint64_t bound);

typedef enum world_status {
    WORLD_LIMIT,   /* the given time was reached; events are pending */
    WORLD_IDLE,    /* nothing is pending */
    WORLD_STOPPED, /* world_stop(), or a module's DASIM_CHECK failed */
    WORLD_EVENTS,  /* the given number of events was handled */
    WORLD_STUCK    /* ten million events at one instant: time does not advance */
} world_status;

/* Copies `config` itself, borrows what it points to. NULL and a message (static, or in a buffer
 * until the next call) where the configuration cannot be: state too large, stack incomplete. */
world *world_new(const world_config *config, const char **fault);
void world_free(world *w);

/* Before world_start(). The structures are copied. Returns the driver's number. */
void world_observe(world *w, const observer *o);
uint32_t world_drive(world *w, const driver *d);
/* Every record is added to `d` (kernel/pack.h), which stays the caller's: the digest of the run. */
void world_set_digest(world *w, digest *d);
void world_set_chooser(world *w, chooser choose, void *context);

/* Boots all nodes at time 0 in the order of their ids, then calls the drivers' on_start. */
void world_start(world *w);

/* Handles all events up to and including time `limit`, at most `events` of them; the time is
 * `limit` where it ended with WORLD_LIMIT. world_stop() ends it after the current event (or the
 * next one before its first); a later world_run() goes on. */
world_status world_run(world *w, int64_t limit, uint64_t events);
void world_stop(world *w);

/* ------------------------------------------------------------------- looking (observers, all) */

int64_t world_now(const world *w);
uint64_t world_events(const world *w);  /* handled so far */
uint64_t world_records(const world *w); /* number of the last record */
const world_config *world_config_of(const world *w);
uint32_t world_nodes(const world *w);
uint32_t world_incarnation(const world *w, uint32_t node); /* lives so far: 0 before the first */
bool world_is_up(const world *w, uint32_t node);
bool world_is_paused(const world *w, uint32_t node);
int64_t world_local_time(const world *w, uint32_t node);
const void *world_state(const world *w, uint32_t node, uint32_t component);
const void *world_stable(const world *w, uint32_t node, uint32_t component);
bool world_is_reachable(const world *w, uint32_t from, uint32_t to); /* no cut, no partition */
/* Do clients hear this component? Those that no other uses, and those that are offered. */
bool world_is_heard(const world *w, uint32_t component);
/* The component whose clients a driver of `service` plays and a property of it judges: the
 * uppermost that provides it, of those that clients hear if there is one; STACK_MOST: none does. */
uint32_t world_component(const world *w, dasim_service service);
/* Bit per component that `component` makes use of, itself and those further below included. */
uint32_t world_below(const world *w, uint32_t component);
/* Condition and line of the DASIM_CHECK that failed, node that found it; false: none did. */
bool world_failed_check(const world *w, uint32_t *node, uint32_t *component, const char **condition,
                        uint32_t *line);

/* Do records tell a local time that may differ from the true one? Before the start: will they? */
bool world_keeps_clocks(const world *w);
/* False where it is replayed without the states of its components: they are all zero. */
bool world_has_states(const world *w);

/* Value number `index` of a declared field in `block` (a body, a state, a stable storage), sign
 * extended; how many values the field has in this world. */
int64_t field_value(const void *block, const dasim_field *field, uint32_t offset, uint32_t index);
uint32_t field_count(const dasim_field *field, uint32_t nodes, uint32_t resources);
/* Byte offset of field number `which` of a list, DASIM_AFTER resolved. */
uint32_t field_offset(const dasim_field *fields, uint32_t which, uint32_t nodes,
                      uint32_t resources);
/* Bytes that the list covers: what a block must have at least. */
size_t fields_extent(const dasim_field *fields, uint32_t nodes, uint32_t resources);

/* The lowest live node whose state says that it plays `role` (field.role; value number `index` is
 * not 0), from the top component down; NOBODY where none does. */
uint32_t world_role(const world *w, const char *role, uint32_t index);
bool world_has_role(const world *w, const char *role); /* some component declares it */

/* --------------------------------------------------------------------------- acting (drivers) */

void *world_driver_state(world *w, uint32_t number); /* zeroed at the start; may not be kept over
                                                      * world_restore() */

/* Ask a component of a live node; false (nothing happens) where the node is down or the component
 * takes no requests. Carried out when the current callback has returned. `size` at most
 * ARGUMENT_MOST. */
bool world_request(world *w, uint32_t node, uint32_t component, uint32_t op, const void *arg,
                   size_t size);

/* Leaves a RECORD_NOTE of `node`: what its client wants to be known. Not from on_record. */
void world_note(world *w, uint32_t node, uint32_t client, const char *text, size_t size);
/* Leaves a RECORD_CLIENT. */
void world_client(world *w, uint32_t node, client_step step, client_body what);

/* on_alarm(node, data) at true time `at` (not before now). With a node: dropped if the node
 * crashes before, waits while it is paused. NOBODY: always comes. */
void world_alarm(world *w, uint32_t number, int64_t at, uint32_t node, uint64_t data);

/* on_post(data) as soon as the current event is over. */
void world_post(world *w, uint32_t number, uint64_t data);

/* A draw of a driver's own: purpose PURPOSE_DRIVER or above. */
uint64_t world_choose(world *w, uint32_t purpose, uint64_t who, uint64_t n, uint64_t bound);

/* Faults. All take effect at once; ids out of range abort. Faults that change nothing (crash of a
 * node that is down) leave no record. Not from on_record. */
void world_crash(world *w, uint32_t node, bool lose_stable);
void world_recover(world *w, uint32_t node); /* also: a late node joins */
void world_pause(world *w, uint32_t node);
void world_resume(world *w, uint32_t node);
void world_slow(world *w, uint32_t node, int64_t service_ns); /* per handler; 0: normal again */
/* The next handler of the node that sends more than `sends` messages is cut behind that many: the
 * node crashes there, and nothing that the handler did afterwards has happened. */
void world_crash_in_broadcast(world *w, uint32_t node, uint32_t sends);
void world_clock_step(world *w, uint32_t node, int64_t by);  /* ns */
void world_clock_rate(world *w, uint32_t node, int64_t ppb); /* drift from now on */

/* One-way cut of from -> to; NOBODY for any. Messages under way are lost on arrival. */
void world_cut(world *w, uint32_t from, uint32_t to);
void world_mend(world *w, uint32_t from, uint32_t to); /* undoes exactly that cut */
/* group[i] of each node; messages pass within a group only. A new one replaces the old. */
void world_partition(world *w, const uint16_t *group);
void world_heal(world *w); /* all cuts and partitions end */
/* From now on the parts of `quality` named by `mask` (QUALITY_...) apply to all links from -> to
 * (NOBODY: any); what else was said of these links stays. What is said of a group of links goes for
 * those of which more was said, too. */
void world_set_quality(world *w, uint32_t from, uint32_t to, uint32_t mask,
                       const link_quality *quality);
const link_quality *world_quality(const world *w, uint32_t from, uint32_t to);
/* Faults stop: heal, resume all paused nodes, no loss, duplication, corruption, reordering, slow
 * nodes from now on. Crashed nodes stay down. */
void world_calm(world *w);

/* ---------------------------------------------------------------------------- replay (traces) */

/* A world that records lead: observers see it as it was when the records were made. Links are
 * followed as far as world_is_reachable() goes; a local time between two records of a node as far
 * as its rate is known. Algorithms need no functions. States begin with zeros; those of a world
 * without them stay so. NULL and a message as world_new() has them. world_free(), world_observe()
 * and world_set_digest() go with it, and all that looks. */
world *world_replay_new(const world_config *config, bool with_states, const char **fault);
void world_replay_clocks(world *w); /* it keeps clocks from the start */
/* The next record, whose number is one more than the last one's, and whose nodes exist. */
void world_replay(world *w, const record *r);
/* What a handler changed: the value of a declared field. */
void world_replay_set(world *w, uint32_t node, uint32_t component, bool stable, uint32_t field,
                      uint32_t index, int64_t value);
void world_replay_until(world *w, int64_t at); /* time goes on without records */

/* ------------------------------------------------------------------------- save, restore, hash */

/* All that can change, as one flat block: bytes needed, copy out, copy in. An image fits worlds
 * made from an equal configuration with equal drivers. Between world_run() calls only. */
size_t world_image_size(const world *w);
void world_save(const world *w, void *image);
void world_restore(world *w, const void *image, size_t size);

/* Hash of the state: equal for worlds that will do the same things at the same times. */
digest_value world_hash(const world *w);

/* Bytes held now. */
size_t world_bytes(const world *w);

#endif
