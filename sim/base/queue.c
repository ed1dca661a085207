/*
 * A radix heap with a sorted run in front.
 *
 * Keys are 96 bits: at, then tie. An entry lies in the bucket of the highest bit in which its key
 * differs from the floor (bucket 0: equal to it); the floor is never above a key in a bucket. When
 * the floor rises to the least key of the lowest bucket, only that bucket's entries move, all of
 * them downwards; entries with equal keys always share a bucket, in the order of their insertion.
 *
 * A small bucket is not spread but sorted into the front. While the front is not empty, what is
 * pushed within its range is inserted there. All lower buckets are empty then, so that a front that
 * grows too long can be spilled back into them.
 */
#include "base/queue.h"

#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS = 97,
    CHUNK_ENTRIES = 31,
    FRONT_FILL = 48,  /* a bucket of at most that many is sorted */
    FRONT_SPILL = 96, /* a front that has grown to more is spilled */
    NONE = 0          /* chunk 0 is never used */
};

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

static wide key_of(queue_entry e)
{
    return (wide)(uint64_t)e.at << 32 | e.tie;
}

static void *checked(void *bytes)
{
    if (bytes == NULL) {
        abort();
    }
    return bytes;
}

/* ------------------------------------------------------------------------------ buckets */

static uint32_t bucket_of(const queue *q, wide key)
{
    wide differs = key ^ q->floor;
    uint64_t high = (uint64_t)(differs >> 64), low = (uint64_t)differs;
    if (high) {
        return 128 - (uint32_t)__builtin_clzll(high);
    }
    return low ? 64 - (uint32_t)__builtin_clzll(low) : 0;
}

static uint32_t chunk_take(queue *q)
{
    uint32_t c = q->free_head;
    if (c != NONE) {
        q->free_head = q->pool[c].next;
    } else {
        if (q->pool_used == q->pool_capacity) {
            q->pool_capacity *= 2;
            q->pool = checked(realloc(q->pool, q->pool_capacity * sizeof *q->pool));
        }
        c = q->pool_used++;
        memset(&q->pool[c], 0, sizeof q->pool[c]);
    }
    q->pool_live++;
    q->pool[c].next = NONE;
    q->pool[c].count = 0;
    return c;
}

static void chunk_give(queue *q, uint32_t c)
{
    q->pool[c].next = q->free_head;
    q->pool[c].count = 0;
    q->free_head = c;
    q->pool_live--;
}

static void append(queue *q, uint32_t number, queue_entry e)
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
static uint32_t detach(queue *q, uint32_t number)
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
static uint32_t lowest(const queue *q)
{
    if (q->low_mask) {
        return (uint32_t)__builtin_ctzll(q->low_mask);
    }
    return q->high_mask ? 64 + (uint32_t)__builtin_ctzll(q->high_mask) : BUCKETS;
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

/* -------------------------------------------------------------------------------- front */

static void front_reserve(queue *q, uint32_t capacity)
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
        front_reserve(q, q->front_end + 1);
    }
    wide key = key_of(e);
    uint32_t i = q->front_end++;
    for (; i > q->front_first && key < key_of(q->front[i - 1]); i--) {
        q->front[i] = q->front[i - 1];
    }
    q->front[i] = e;
}

/* All entries of the front go back into the buckets below the range's. */
static void spill(queue *q)
{
    q->floor = q->last;
    q->limited = false;
    uint32_t end = q->front_end;
    for (uint32_t i = q->front_first; i < end; i++) {
        append(q, bucket_of(q, key_of(q->front[i])), q->front[i]);
    }
    q->front_first = q->front_end = 0;
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

/* Gives half of the pool back where less than an eighth is used. */
static void trim(queue *q)
{
    uint32_t capacity = q->pool_capacity / 2;
    chunk *pool = checked(calloc(capacity, sizeof *pool));
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
    if (q->pool_capacity > 1024 && q->pool_live < q->pool_capacity / 8) {
        trim(q);
    }
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
    q->front_capacity = 2 * FRONT_SPILL;
    q->front = checked(calloc(q->front_capacity, sizeof *q->front));
    q->pool_capacity = 16;
    q->pool_used = 1;
    q->pool = checked(calloc(q->pool_capacity, sizeof *q->pool));
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
}

size_t queue_bytes(const queue *q)
{
    return sizeof *q + q->front_capacity * sizeof *q->front + q->pool_capacity * sizeof *q->pool;
}

/* ------------------------------------------------------------------------------- images */

/* In front of the entries: what is needed to go on exactly as the original would. */
typedef struct image_head {
    uint64_t count, front_count, limited, bucket_count[BUCKETS];
    wide floor, last, limit;
} image_head;

size_t queue_image_size(const queue *q)
{
    return sizeof(image_head) + q->count * sizeof(queue_entry);
}

void queue_save(const queue *q, void *image)
{
    image_head head;
    memset(&head, 0, sizeof head);
    head.count = q->count;
    head.front_count = q->front_end - q->front_first;
    head.limited = q->limited;
    head.floor = q->floor;
    head.last = q->last;
    head.limit = q->limit;
    unsigned char *to = (unsigned char *)image + sizeof head;
    memcpy(to, q->front + q->front_first, head.front_count * sizeof *q->front);
    to += head.front_count * sizeof *q->front;
    for (uint32_t number = 0; number < BUCKETS; number++) {
        head.bucket_count[number] = q->buckets[number].count;
        for (uint32_t c = q->buckets[number].head; c != NONE; c = q->pool[c].next) {
            memcpy(to, q->pool[c].entries, q->pool[c].count * sizeof(queue_entry));
            to += q->pool[c].count * sizeof(queue_entry);
        }
    }
    memcpy(image, &head, sizeof head);
}

void queue_load(queue *q, const void *image, size_t size)
{
    image_head head;
    memcpy(&head, image, sizeof head);
    if (size != sizeof head + head.count * sizeof(queue_entry)) {
        abort();
    }
    for (uint32_t number = 0; number < BUCKETS; number++) {
        for (uint32_t c = detach(q, number); c != NONE;) {
            uint32_t next = q->pool[c].next;
            chunk_give(q, c);
            c = next;
        }
    }
    const unsigned char *from = (const unsigned char *)image + sizeof head;
    front_reserve(q, (uint32_t)head.front_count);
    memcpy(q->front, from, head.front_count * sizeof *q->front);
    from += head.front_count * sizeof *q->front;
    q->front_first = 0;
    q->front_end = (uint32_t)head.front_count;
    q->count = head.count;
    q->limited = head.limited != 0;
    q->floor = head.floor;
    q->last = head.last;
    q->limit = head.limit;
    for (uint32_t number = 0; number < BUCKETS; number++) {
        for (uint64_t i = 0; i < head.bucket_count[number]; i++, from += sizeof(queue_entry)) {
            queue_entry e;
            memcpy(&e, from, sizeof e);
            append(q, number, e);
        }
    }
}
