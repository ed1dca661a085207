/*
 * A radix heap (queue_internal.h) with a sorted run in front.
 *
 * A small bucket is not spread but sorted into the front. While the front is not empty, what is
 * pushed within its range is inserted there. All lower buckets are empty then, so that a front that
 * grows too long can be spilled back into them. What is pushed below the floor (at the time of what
 * was popped last, with a smaller tie) also goes into the front, and is never spilled.
 */
#include "base/queue_internal.h"

#include <string.h>

enum {
    FRONT_FILL = 48,  /* a bucket of at most that many is sorted */
    FRONT_SPILL = 96, /* a front that has grown to more is spilled */
    FRONT_CAPACITY = 2 * FRONT_SPILL,
    POOL_LEAST = 16,
    POOL_KEPT = 256 /* a pool of that many chunks is not worth giving back */
};

static void *checked(void *bytes)
{
    if (bytes == NULL) {
        abort();
    }
    return bytes;
}

void queue_pool_grow(queue *q)
{
    q->pool_capacity *= 2;
    q->pool = checked(realloc(q->pool, q->pool_capacity * sizeof *q->pool));
}

static wide least_of(const queue *q, uint32_t number)
{
    wide least = ~(wide)0;
    for (uint32_t c = q->buckets[number].head; c != NONE; c = q->pool[c].next) {
        for (uint32_t i = 0; i < q->pool[c].count; i++) {
            wide key = key_of(q->pool[c].entries[i]);
            least = key < least ? key : least;
        }
    }
    return least;
}

void queue_front_reserve(queue *q, uint32_t capacity)
{
    if (capacity > q->front_capacity) {
        while (q->front_capacity < capacity) {
            q->front_capacity *= 2;
        }
        q->front = checked(realloc(q->front, q->front_capacity * sizeof *q->front));
    }
}

/* Behind all that are less or equal. */
static void front_insert(queue *q, queue_entry e)
{
    if (q->front_end == q->front_capacity) {
        memmove(q->front, q->front + q->front_first,
                (q->front_end - q->front_first) * sizeof *q->front);
        q->front_end -= q->front_first;
        q->front_first = 0;
        queue_front_reserve(q, q->front_end + 1);
    }
    wide key = key_of(e);
    uint32_t i = q->front_end++;
    for (; i > q->front_first && key < key_of(q->front[i - 1]); i--) {
        q->front[i] = q->front[i - 1];
    }
    q->front[i] = e;
}

/* The front goes back into the buckets below the range's, but for what lies below the new floor. */
static void spill(queue *q)
{
    uint32_t kept = q->front_first, end = q->front_end;
    while (kept < end && key_of(q->front[kept]) < q->last) {
        kept++;
    }
    q->floor = q->last;
    q->limited = false;
    q->front_end = kept;
    for (uint32_t i = kept; i < end; i++) {
        append(q, bucket_of(q, key_of(q->front[i])), q->front[i]);
    }
}

static void sort_front(queue *q)
{
    for (uint32_t i = 1; i < q->front_end; i++) {
        queue_entry e = q->front[i];
        wide key = key_of(e);
        uint32_t k = i;
        for (; k > 0 && key < key_of(q->front[k - 1]); k--) {
            q->front[k] = q->front[k - 1];
        }
        q->front[k] = e;
    }
}

/* Bucket 0 holds what equals the floor: one chunk at a time. */
static void fill_with_equals(queue *q)
{
    bucket *b = &q->buckets[0];
    uint32_t c = b->head;
    chunk *first = &q->pool[c];
    memcpy(q->front, first->entries, first->count * sizeof *q->front);
    q->front_end = first->count;
    b->count -= first->count;
    b->head = first->next;
    if (b->head == NONE) {
        detach(q, 0);
    }
    chunk_give(q, c);
    q->limited = false; /* what equals them comes behind the rest of the bucket */
}

static void fill_sorted(queue *q, uint32_t number)
{
    wide range = ((wide)1 << (number - 1)) - 1;
    for (uint32_t c = detach(q, number); c != NONE;) {
        const chunk *from = &q->pool[c];
        memcpy(q->front + q->front_end, from->entries, from->count * sizeof *q->front);
        q->front_end += from->count;
        uint32_t next = from->next;
        chunk_give(q, c);
        c = next;
    }
    sort_front(q);
    q->floor = key_of(q->front[0]);
    q->limit = q->floor | range;
    q->limited = true;
}

static void spread(queue *q, uint32_t number, wide least)
{
    q->floor = least;
    for (uint32_t c = detach(q, number); c != NONE;) {
        uint32_t count = q->pool[c].count;
        for (uint32_t i = 0; i < count; i++) {
            queue_entry e = q->pool[c].entries[i];
            append(q, bucket_of(q, key_of(e)), e);
        }
        uint32_t next = q->pool[c].next;
        chunk_give(q, c);
        c = next;
    }
}

/* Gives memory back, down to the next power of two of which at least an eighth is used. */
static void trim(queue *q)
{
    uint32_t capacity = q->pool_capacity;
    while (capacity > POOL_KEPT && q->pool_live < capacity / 8) {
        capacity /= 2;
    }
    if (capacity == q->pool_capacity) {
        return;
    }
    chunk *pool = checked(malloc(capacity * sizeof *pool));
    uint32_t used = 1;
    for (uint32_t number = 0; number < BUCKETS; number++) {
        uint32_t *link = &q->buckets[number].head;
        for (uint32_t c = *link; c != NONE; c = q->pool[c].next) {
            pool[used] = q->pool[c];
            *link = used;
            q->buckets[number].tail = used;
            link = &pool[used++].next;
        }
    }
    free(q->pool);
    q->pool = pool;
    q->pool_capacity = capacity;
    q->pool_used = used;
    q->free_head = NONE;
}

/* False where the first entry lies behind `limit`: then nothing has changed. */
static bool refill(queue *q, int64_t limit)
{
    q->front_first = q->front_end = 0;
    if (q->front_capacity > FRONT_CAPACITY) {
        free(q->front);
        q->front_capacity = FRONT_CAPACITY;
        q->front = checked(malloc(q->front_capacity * sizeof *q->front));
    }
    for (;;) {
        uint32_t number = lowest(q);
        if (number == BUCKETS) {
            return false;
        }
        if (number == 0) {
            if ((int64_t)(q->floor >> 32) > limit) {
                return false;
            }
            fill_with_equals(q);
            break;
        }
        bool small = q->buckets[number].count <= FRONT_FILL;
        wide least = small && limit == INT64_MAX ? 0 : least_of(q, number);
        if ((int64_t)(least >> 32) > limit) {
            return false;
        }
        if (small) {
            fill_sorted(q, number);
            break;
        }
        spread(q, number, least);
    }
    trim(q);
    return true;
}

static bool survives(queue *q, queue_entry *e, queue_dead dead, queue_move move, void *context)
{
    if (dead && dead(context, e)) {
        q->count--;
        return false;
    }
    e->item = move ? move(context, e) : e->item;
    return true;
}

/* ------------------------------------------------------------------------------- public */

queue *queue_new(void)
{
    queue *q = checked(calloc(1, sizeof *q));
    q->front_capacity = FRONT_CAPACITY;
    q->front = checked(malloc(q->front_capacity * sizeof *q->front));
    q->pool_capacity = POOL_LEAST;
    q->pool_used = 1;
    q->pool = checked(malloc(q->pool_capacity * sizeof *q->pool));
    return q;
}

void queue_free(queue *q)
{
    if (q) {
        free(q->front);
        free(q->pool);
        free(q);
    }
}

uint64_t queue_count(const queue *q)
{
    return q->count;
}

void queue_push(queue *q, queue_entry entry)
{
    wide key = key_of(entry);
    q->count++;
    if (q->front_first < q->front_end && q->limited && key <= q->limit) {
        if (q->front_end - q->front_first < FRONT_SPILL || q->last < q->floor) {
            front_insert(q, entry);
            return;
        }
        spill(q);
    }
    if (key < q->floor) { /* at `now`, with a smaller tie than what was popped */
        q->limited &= q->front_first < q->front_end;
        front_insert(q, entry);
    } else {
        append(q, bucket_of(q, key), entry);
    }
}

bool queue_pop(queue *q, int64_t limit, queue_entry *entry)
{
    if (q->front_first == q->front_end && !refill(q, limit)) {
        return false;
    }
    const queue_entry *first = &q->front[q->front_first];
    if (first->at > limit) {
        return false;
    }
    *entry = *first;
    q->last = key_of(*first);
    q->front_first++;
    q->count--;
    return true;
}

const queue_entry *queue_ahead(const queue *q, uint32_t ahead)
{
    return ahead < q->front_end - q->front_first ? &q->front[q->front_first + ahead] : NULL;
}

int64_t queue_first(const queue *q)
{
    if (q->front_first < q->front_end) {
        return q->front[q->front_first].at;
    }
    uint32_t number = lowest(q);
    return number == BUCKETS ? INT64_MAX : (int64_t)(least_of(q, number) >> 32);
}

void queue_each(const queue *q, void (*visit)(void *context, const queue_entry *entry),
                void *context)
{
    for (uint32_t i = q->front_first; i < q->front_end; i++) {
        visit(context, &q->front[i]);
    }
    for (uint32_t number = 0; number < BUCKETS; number++) {
        for (uint32_t c = q->buckets[number].head; c != NONE; c = q->pool[c].next) {
            for (uint32_t i = 0; i < q->pool[c].count; i++) {
                visit(context, &q->pool[c].entries[i]);
            }
        }
    }
}

void queue_sweep(queue *q, queue_dead dead, queue_move move, void *context)
{
    uint32_t kept = q->front_first;
    for (uint32_t i = q->front_first; i < q->front_end; i++) {
        queue_entry e = q->front[i];
        if (survives(q, &e, dead, move, context)) {
            q->front[kept++] = e;
        }
    }
    q->front_end = kept;
    for (uint32_t number = 0; number < BUCKETS; number++) {
        for (uint32_t c = detach(q, number); c != NONE;) {
            uint32_t count = q->pool[c].count;
            for (uint32_t i = 0; i < count; i++) {
                queue_entry e = q->pool[c].entries[i];
                if (survives(q, &e, dead, move, context)) {
                    append(q, number, e);
                }
            }
            uint32_t next = q->pool[c].next;
            chunk_give(q, c);
            c = next;
        }
    }
    trim(q);
}

size_t queue_bytes(const queue *q)
{
    return sizeof *q + q->front_capacity * sizeof *q->front + q->pool_capacity * sizeof *q->pool;
}
