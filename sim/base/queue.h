/*
 * Monotone radix queue: the pending events, earliest first.
 *
 * Keys are (at, tie). Entries with equal keys come out in the order of their insertion. `at` must
 * not lie before the entry that was popped last; `tie` is free. Looking does not change what may
 * be pushed: only pop moves the floor.
 *
 * No allocation once it has grown to the working size; memory of a burst is given back as it drains
 * or is swept: whenever less than an eighth is used, half of it or more, down to 128 KiB.
 */
#ifndef DASIM_BASE_QUEUE_H
#define DASIM_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct queue queue;

typedef struct queue_entry {
    int64_t at;    /* 0 .. INT64_MAX */
    uint32_t tie;  /* smaller first among equal `at` */
    uint32_t item; /* the caller's */
} queue_entry;

queue *queue_new(void);
void queue_free(queue *q);

uint64_t queue_count(const queue *q);
void queue_push(queue *q, queue_entry entry);

/* Takes the first entry if its `at` is at most `limit`; false otherwise (nothing changes). */
bool queue_pop(queue *q, int64_t limit, queue_entry *entry);

/* `at` of the first entry, INT64_MAX where the queue is empty. May scan; not for the hot path. */
int64_t queue_first(const queue *q);

/* The entry that will be popped as number `ahead` from now (0: next) as far as that is known
 * without work, for prefetching; NULL otherwise. */
const queue_entry *queue_ahead(const queue *q, uint32_t ahead);

/* Drops all entries for which `dead` says true and rewrites items by `move` (either may be NULL),
 * keeping the order. For compaction of cancelled timers and of the slab behind the items. */
typedef bool (*queue_dead)(void *context, const queue_entry *entry);
typedef uint32_t (*queue_move)(void *context, const queue_entry *entry);
void queue_sweep(queue *q, queue_dead dead, queue_move move, void *context);

/* Calls `visit` for each entry in no particular order. */
void queue_each(const queue *q, void (*visit)(void *context, const queue_entry *entry),
                void *context);

/* Bytes allocated now. */
size_t queue_bytes(const queue *q);

/* The queue as bytes: writes queue_image_size() bytes; load replaces what the queue held. */
size_t queue_image_size(const queue *q);
void queue_save(const queue *q, void *image);
void queue_load(queue *q, const void *image, size_t size);

#endif
