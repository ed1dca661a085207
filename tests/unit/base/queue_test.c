#include "base/queue.h"

#include "base/heap.h"
#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- random operations, and the heap */

/* The queue and its reference, driven alike. */
typedef struct twins {
    queue *queue;
    heap *heap;
    rng_key key;
    uint64_t draws;
    int64_t now;
    uint32_t next_item;
} twins;

typedef struct load {
    const char *name;
    uint32_t delay_bits; /* delays are below 2^(0 .. delay_bits) */
    uint32_t tie_bits;   /* and ties below 2^tie_bits */
    uint32_t pending;    /* wavers up to about that many */
} load;

static uint64_t draw(twins *t, uint64_t bound)
{
    return rng_below(rng_draw(t->key, t->draws++), bound);
}

static twins twins_new(uint64_t seed)
{
    return (twins){queue_new(), heap_new(), rng_key_of(seed, 1, 0), 0, 0, 0};
}

static void twins_free(twins *t)
{
    queue_free(t->queue);
    heap_free(t->heap);
}

static void push(twins *t, const load *l)
{
    uint64_t delay = draw(t, UINT64_C(1) << draw(t, l->delay_bits + 1));
    uint32_t tie = (uint32_t)draw(t, UINT64_C(1) << l->tie_bits);
    queue_entry e = {t->now + (int64_t)delay, tie, t->next_item++};
    queue_push(t->queue, e);
    heap_push(t->heap, e);
}

static void pop(twins *t, int64_t limit)
{
    queue_entry expected, found = {-1, 0, 0};
    bool any = heap_pop(t->heap, limit, &expected);
    if (any) {
        cr_assert_eq(queue_first(t->queue), expected.at);
        const queue_entry *ahead = queue_ahead(t->queue, 0);
        cr_assert(ahead == NULL || ahead->item == expected.item);
        t->now = expected.at;
    } else {
        cr_assert(heap_count(t->heap) == 0 ? queue_first(t->queue) == INT64_MAX
                                           : queue_first(t->queue) > limit);
    }
    cr_assert_eq(queue_pop(t->queue, limit, &found), any);
    cr_assert(any ? found.at == expected.at && found.tie == expected.tie &&
                        found.item == expected.item
                  : found.at == -1);
}

/* Through an image into a queue that is new or holds something else. */
static void restore(twins *t)
{
    size_t size = queue_image_size(t->queue);
    unsigned char *image = malloc(size), *again = malloc(size);
    queue *other = queue_new();
    for (uint64_t i = draw(t, 2) * draw(t, 1000); i > 0; i--) {
        queue_push(other, (queue_entry){(int64_t)draw(t, 5000), 0, 0});
    }
    memset(image, 0x55, size);
    queue_save(t->queue, image);
    queue_load(other, image, size);
    cr_assert_eq(queue_image_size(other), size);
    memset(again, 0xAA, size);
    queue_save(other, again);
    cr_assert(memcmp(image, again, size) == 0);
    queue_free(t->queue);
    t->queue = other;
    free(image);
    free(again);
}

static bool is_dead(void *context, const queue_entry *e)
{
    return e->item % 8 == *(const uint32_t *)context;
}

static uint32_t renamed(void *context, const queue_entry *e)
{
    (void)context;
    return e->item ^ 0x100;
}

static void sweep(twins *t)
{
    uint32_t dying = (uint32_t)draw(t, 8);
    bool kill = draw(t, 4) != 0, rename = draw(t, 4) != 0;
    queue_sweep(t->queue, kill ? is_dead : NULL, rename ? renamed : NULL, &dying);
    heap *swept = heap_new();
    queue_entry e;
    while (heap_pop(t->heap, INT64_MAX, &e)) {
        if (!kill || !is_dead(&dying, &e)) {
            e.item = rename ? renamed(NULL, &e) : e.item;
            heap_push(swept, e);
        }
    }
    heap_free(t->heap);
    t->heap = swept;
}

static void drive(const load *l, uint32_t operations)
{
    twins t = twins_new(operations ^ l->delay_bits << 8 ^ l->tie_bits);
    bool growing = true;
    for (uint32_t i = 0; i < operations; i++) {
        uint64_t what = draw(&t, 1000);
        if (queue_count(t.queue) >= l->pending) {
            growing = false;
        } else if (queue_count(t.queue) == 0) {
            growing = true;
        }
        if (what < (growing ? 550 : 430)) {
            push(&t, l);
        } else if (what < 960) {
            pop(&t, INT64_MAX);
        } else if (what < 999) {
            pop(&t, t.now + (int64_t)draw(&t, UINT64_C(1) << draw(&t, l->delay_bits + 1)));
        } else if (draw(&t, 16) == 0) {
            restore(&t);
        } else if (draw(&t, 64) == 0) {
            sweep(&t);
        }
        cr_assert_eq(queue_count(t.queue), heap_count(t.heap));
    }
    while (queue_count(t.queue) > 0) {
        pop(&t, INT64_MAX);
    }
    pop(&t, INT64_MAX);
    twins_free(&t);
}

Test (queue, agrees_with_the_heap_over_random_operations) {
    static const load loads[] = {
        {"everything at once", 0, 0, 2000},   {"ties of few kinds", 0, 3, 1000},
        {"ties of all kinds", 1, 32, 1000},   {"near", 4, 0, 300},
        {"near, with ties", 4, 4, 300},       {"microseconds to seconds", 30, 0, 3000},
        {"the same with ties", 30, 32, 3000}, {"very far", 58, 0, 500},
        {"very far with ties", 58, 32, 500},  {"a handful", 20, 1, 8},
        {"tens of thousands", 24, 0, 15000},
    };
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        drive(&loads[i], 120000);
    }
}

/* Bursts at one instant whose ties lie on both sides of what was popped last. */
Test (queue, smaller_ties_than_the_last_at_the_same_time_still_come_first) {
    twins t = twins_new(7);
    load now = {"now", 0, 5, 0};
    for (uint32_t round = 0; round < 500; round++) {
        for (uint64_t i = draw(&t, 300); i > 0; i--) {
            push(&t, &now);
        }
        for (uint64_t i = draw(&t, 200); i > 0 && queue_count(t.queue) > 0; i--) {
            pop(&t, INT64_MAX);
        }
        t.now += (int64_t)(draw(&t, 4) == 0 && queue_count(t.queue) == 0);
    }
    while (queue_count(t.queue) > 0) {
        pop(&t, INT64_MAX);
    }
    twins_free(&t);
}

/* ---------------------------------------------------------------------------------- one by one */

static queue_entry popped(queue *q)
{
    queue_entry e = {-1, 0, 0};
    queue_pop(q, INT64_MAX, &e);
    return e;
}

Test (queue, equal_times_pop_in_schedule_order) {
    queue *q = queue_new();
    for (uint32_t i = 0; i < 5000; i++) {
        queue_push(q, (queue_entry){1000 + i % 3, 0, i});
    }
    for (uint32_t residue = 0; residue < 3; residue++) {
        for (uint32_t i = residue; i < 5000; i += 3) {
            cr_assert_eq(popped(q).item, i);
            if (i % 5 == 0) { /* what is added while they pop comes behind them */
                queue_push(q, (queue_entry){1002, 0, 10000 + 1000 * residue + i / 5});
            }
        }
    }
    uint32_t last = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        uint32_t item = popped(q).item;
        cr_assert_gt(item, last);
        last = item;
    }
    cr_assert_eq(queue_count(q), 0);
    queue_free(q);
}

Test (queue, smaller_ties_pop_first_among_equal_times) {
    queue *q = queue_new();
    static const uint32_t ties[] = {UINT32_MAX, 7, 0, 7, UINT32_MAX, 0};
    static const uint32_t order[] = {2, 5, 1, 3, 0, 4};
    for (uint32_t i = 0; i < 6; i++) {
        queue_push(q, (queue_entry){INT64_MAX, ties[i], i});
    }
    for (uint32_t i = 0; i < 6; i++) {
        cr_expect_eq(popped(q).item, order[i]);
    }
    queue_free(q);
}

Test (queue, times_from_0_to_the_greatest_are_held) {
    queue *q = queue_new();
    for (uint32_t bit = 0; bit < 64; bit++) {
        queue_push(q, (queue_entry){(int64_t)(UINT64_MAX >> 1 >> bit), 0, bit});
    }
    for (uint32_t bit = 64; bit-- > 0;) {
        queue_entry e = popped(q);
        cr_expect_eq(e.item, bit);
        cr_expect_eq(e.at, (int64_t)(UINT64_MAX >> 1 >> bit));
    }
    queue_free(q);
}

/* Looking far ahead, by first, ahead or a pop that is refused, must not raise the floor. */
Test (queue, looking_ahead_does_not_forbid_earlier_entries) {
    static const uint32_t sizes[] = {1, 2, 40, 48, 49, 1000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        queue *q = queue_new();
        queue_entry e = {0, 0, 0};
        for (uint32_t i = 0; i < sizes[s]; i++) {
            queue_push(q, (queue_entry){1000000 + 7 * i, 0, i});
        }
        for (int64_t at = 999999; at > 0; at -= 31337) {
            cr_assert_not(queue_pop(q, at, &e));
            cr_assert_eq(queue_count(q), sizes[s]);
            queue_push(q, (queue_entry){at, 0, 5});
            cr_assert_eq(queue_first(q), at);
            cr_assert_not(queue_pop(q, at - 1, &e));
            queue_push(q, (queue_entry){at - 1, 0, 6});
            cr_assert(queue_pop(q, at - 1, &e) && e.item == 6);
            cr_assert(queue_pop(q, at, &e) && e.item == 5);
            queue_free(q);
            q = queue_new();
            for (uint32_t i = 0; i < sizes[s]; i++) {
                queue_push(q, (queue_entry){1000000 + 7 * i, 0, i});
            }
        }
        queue_free(q);
    }
}

Test (queue, what_is_known_ahead_is_what_pops) {
    queue *q = queue_new();
    rng_key key = rng_key_of(3, 0, 0);
    uint32_t known = 0;
    for (uint32_t i = 0; i < 2000; i++) {
        queue_push(q, (queue_entry){(int64_t)(rng_draw(key, i) >> 40), 0, i});
    }
    while (queue_count(q) > 0) {
        uint32_t items[4], seen = 0;
        for (const queue_entry *e; seen < 4 && (e = queue_ahead(q, seen)) != NULL; seen++) {
            items[seen] = e->item;
        }
        known += seen;
        for (uint32_t i = 0; i < seen; i++) {
            cr_assert_eq(popped(q).item, items[i]);
        }
        if (seen == 0) {
            popped(q);
        }
    }
    cr_expect_gt(known, 1000);
    queue_free(q);
}

/* ----------------------------------------------------------------------------- each and sweep */

static void mark(void *context, const queue_entry *e)
{
    ((unsigned char *)context)[e->item]++;
}

Test (queue, each_visits_every_entry_once) {
    queue *q = queue_new();
    unsigned char seen[3000] = {0};
    for (uint32_t i = 0; i < 3000; i++) {
        queue_push(q, (queue_entry){(int64_t)i * i % 4001, 0, i});
    }
    for (uint32_t i = 0; i < 700; i++) {
        seen[popped(q).item]++;
    }
    queue_each(q, mark, seen);
    for (uint32_t i = 0; i < 3000; i++) {
        cr_assert_eq(seen[i], 1);
    }
    queue_free(q);
}

/* ------------------------------------------------------------------------------------- memory */

static bool always(void *context, const queue_entry *e)
{
    (void)context;
    return e->item != 0;
}

static queue *burst(uint32_t size, uint64_t span)
{
    queue *q = queue_new();
    rng_key key = rng_key_of(11, 0, 0);
    for (uint32_t i = 0; i < size; i++) {
        queue_push(q, (queue_entry){(int64_t)rng_below(rng_draw(key, i), span), 0, i});
    }
    return q;
}

Test (queue, memory_of_a_burst_is_given_back_as_it_drains) {
    for (uint64_t span = 1; span < UINT64_C(1) << 60; span <<= 12) {
        queue *q = burst(200000, span);
        size_t most = queue_bytes(q);
        cr_assert_geq(most, 200000 * sizeof(queue_entry));
        cr_assert_leq(most, 4 * 200000 * sizeof(queue_entry));
        for (uint32_t i = 0; i < 199000; i++) {
            popped(q);
        }
        cr_assert_leq(queue_bytes(q), most / 4, "span %llu", (unsigned long long)span);
        while (queue_count(q) > 0) {
            popped(q);
        }
        cr_assert_leq(queue_bytes(q), 150000);
        queue_free(q);
    }
}

Test (queue, memory_of_swept_entries_is_given_back_at_once) {
    queue *q = burst(200000, 1 << 20);
    queue_sweep(q, always, NULL, NULL);
    cr_expect_eq(queue_count(q), 1);
    cr_expect_leq(queue_bytes(q), 150000);
    cr_expect_eq(popped(q).item, 0);
    queue_free(q);
}

Test (queue, memory_of_entries_below_the_last_tie_is_given_back) {
    queue *q = queue_new();
    size_t least = queue_bytes(q);
    queue_push(q, (queue_entry){5, 20000, 0});
    popped(q);
    for (uint32_t i = 0; i < 20000; i++) {
        queue_push(q, (queue_entry){5, i, i});
    }
    for (uint32_t i = 0; i < 20000; i++) {
        cr_assert_eq(popped(q).item, i);
    }
    queue_push(q, (queue_entry){6, 0, 0});
    popped(q);
    cr_expect_leq(queue_bytes(q), 2 * least);
    queue_free(q);
}

Test (queue, a_steady_load_allocates_nothing_more) {
    queue *q = burst(10000, 1000000);
    rng_key key = rng_key_of(12, 0, 0);
    size_t most = 0;
    for (uint32_t i = 0; i < 200000; i++) {
        queue_entry e = popped(q);
        e.at += (int64_t)(rng_draw(key, i) >> 44);
        queue_push(q, e);
        if (i == 20000) {
            most = queue_bytes(q);
        }
    }
    cr_expect_eq(queue_bytes(q), most);
    queue_free(q);
}

Test (queue, nothing_is_freed_by_freeing_nothing) {
    queue_free(NULL);
    heap_free(NULL);
}
