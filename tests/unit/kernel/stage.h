/*
 * A world for tests. Its algorithms are plain structures that a test fills with its own handlers
 * before begin(); an actor (a driver) calls the test's functions at given times; every record is
 * kept. Criterion runs each test in a process of its own, so all this starts afresh.
 */
#ifndef DASIM_TESTS_KERNEL_STAGE_H
#define DASIM_TESTS_KERNEL_STAGE_H

#include "kernel/world.h"

#include <criterion/criterion.h>

enum { LAYERS = 3, KEPT_BYTES = 64 };
enum { NUMBER, BLOB };         /* messages: a uint64_t; up to 65,536 bytes (use_blobs() first) */
enum { FIRST, SECOND, THIRD }; /* timers */
static const int64_t ms = 1000000, second = 1000000000;

/* Bottom, middle, top. Providing DASIM_MUTEX, DASIM_ELECTION, DASIM_APPLICATION; each with message
 * NUMBER, three timers, handlers that do nothing, and a `memory` of state and of stable storage. */
typedef struct memory {
    uint64_t value[4];
} memory;
extern dasim_algorithm part[LAYERS];
void use_blobs(void); /* part[0] declares BLOB as well */

/* The driver of the stage; fields may be set before begin(), but for on_start and on_alarm. */
extern driver actor;
/* Calls `act` at true time `when`. Before begin(). */
void at(int64_t when, void (*act)(world *w));
/* What `act` is told to do something to, for acts that serve several times. */
uint32_t actor_number(void);

typedef struct seen {
    record r; /* body: NULL or `kept` */
    unsigned char kept[KEPT_BYTES];
} seen;

extern bool keep_records; /* true; false: no observer is attached */

distribution fixed(int64_t value);
distribution uniform(int64_t least, int64_t most);
uint64_t percent(uint32_t p); /* as a probability */

/* n nodes with part[0] alone, links of 1 ms, seed 1. */
world_config plain(uint32_t nodes);
world *prepare(const world_config *config); /* aborts the test where the world is refused */
world *begin(const world_config *config);   /* prepare and start */
world_status run_all(world *w);             /* without limit */
world_status run_until(world *w, int64_t limit);

/* The top component of `node` is asked for operation `op` with a uint64_t. */
bool ask(world *w, uint32_t node, uint32_t op, uint64_t value);
void send_number(dasim_node *self, uint32_t to, uint64_t value);
uint64_t number_in(const dasim_envelope *m);
memory *state_of(dasim_node *self);
memory *stable_of(dasim_node *self);

/* The records so far. node NOBODY: any. */
size_t seen_count(record_kind kind, uint32_t node);
/* The nth (0: first); fails the test where there are fewer. */
const seen *seen_nth(record_kind kind, uint32_t node, size_t nth);
const seen *seen_number(uint64_t number);
uint64_t seen_value(const seen *s); /* the first 8 bytes of its body */
digest_value seen_digest(void);     /* of all fields and bodies of all records */
void forget(void);

void same_digest(digest_value a, digest_value b);
void other_digest(digest_value a, digest_value b);

/* SplitMix64: numbers for tests that try many cases. */
uint64_t next_random(uint64_t *state);

#endif
