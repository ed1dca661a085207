/*
 * The queue from inside: its buckets. Only queue.c and queue_image.c include this.
 *
 * Keys are 96 bits: at, then tie. An entry lies in the bucket of the highest bit in which its key
 * differs from the floor (bucket 0: equal to it); the floor is never above a key in a bucket. When
 * the floor rises to the least key of the lowest bucket, only that bucket's entries move, all of
 * them downwards; entries with equal keys always share a bucket, in the order of their insertion.
 *
 * A bucket is a chain of chunks out of one pool; chunks are numbered, 0 ends a chain.
 */
#ifndef DASIM_BASE_QUEUE_INTERNAL_H
#define DASIM_BASE_QUEUE_INTERNAL_H

#include "base/queue.h"

#include <stdlib.h>

enum { BUCKETS = 97, CHUNK_ENTRIES = 31, NONE = 0 };

typedef unsigned __int128 wide;

typedef struct chunk {
    uint32_t next, count;
    uint64_t unused;
    queue_entry entries[CHUNK_ENTRIES];
} chunk;

_Static_assert(sizeof(chunk) == 512, "chunks fill cache lines");

typedef struct bucket {
    uint32_t head, tail;
    uint64_t count;
} bucket;

struct queue {
    uint64_t count;
    wide floor;   /* of the buckets */
    wide last;    /* key popped last */
    wide limit;   /* the front's range ends here, inclusive */
    bool limited; /* limit means something: the front takes pushes */
    uint32_t front_first, front_end, front_capacity;
    queue_entry *front;
    chunk *pool;
    uint32_t pool_capacity, pool_used, pool_live, free_head;
    uint64_t low_mask, high_mask; /* non-empty buckets 0..63, 64..96 */
    bucket buckets[BUCKETS];
};

static inline wide key_of(queue_entry e)
{
    return (wide)(uint64_t)e.at << 32 | e.tie;
}

/* Enlarges the pool. */
void queue_pool_grow(queue *q);
/* Makes room in the front for `capacity` entries in all. */
void queue_front_reserve(queue *q, uint32_t capacity);

static inline uint32_t bucket_of(const queue *q, wide key)
{
    wide differs = key ^ q->floor;
    uint64_t high = (uint64_t)(differs >> 64), low = (uint64_t)differs;
    if (high) {
        return 128 - (uint32_t)__builtin_clzll(high);
    }
    return low ? 64 - (uint32_t)__builtin_clzll(low) : 0;
}

static inline uint32_t chunk_take(queue *q)
{
    uint32_t c = q->free_head;
    if (c != NONE) {
        q->free_head = q->pool[c].next;
    } else {
        if (q->pool_used == q->pool_capacity) {
            queue_pool_grow(q);
        }
        c = q->pool_used++;
    }
    q->pool_live++;
    q->pool[c].next = NONE;
    q->pool[c].count = 0;
    return c;
}

static inline void chunk_give(queue *q, uint32_t c)
{
    q->pool[c].next = q->free_head;
    q->pool[c].count = 0;
    q->free_head = c;
    q->pool_live--;
}

static inline void append(queue *q, uint32_t number, queue_entry e)
{
    bucket *b = &q->buckets[number];
    if (b->tail == NONE || q->pool[b->tail].count == CHUNK_ENTRIES) {
        uint32_t c = chunk_take(q);
        if (b->tail == NONE) {
            b->head = c;
            if (number < 64) {
                q->low_mask |= UINT64_C(1) << number;
            } else {
                q->high_mask |= UINT64_C(1) << (number - 64);
            }
        } else {
            q->pool[b->tail].next = c;
        }
        b->tail = c;
    }
    chunk *tail = &q->pool[b->tail];
    tail->entries[tail->count++] = e;
    b->count++;
}

/* Takes the bucket's list away; the caller gives its chunks back. */
static inline uint32_t detach(queue *q, uint32_t number)
{
    uint32_t head = q->buckets[number].head;
    q->buckets[number] = (bucket){0};
    if (number < 64) {
        q->low_mask &= ~(UINT64_C(1) << number);
    } else {
        q->high_mask &= ~(UINT64_C(1) << (number - 64));
    }
    return head;
}

/* The lowest bucket that is not empty; BUCKETS where all are. */
static inline uint32_t lowest(const queue *q)
{
    if (q->low_mask) {
        return (uint32_t)__builtin_ctzll(q->low_mask);
    }
    return q->high_mask ? 64 + (uint32_t)__builtin_ctzll(q->high_mask) : BUCKETS;
}

#endif
