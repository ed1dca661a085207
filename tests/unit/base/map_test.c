#include "base/map.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 512, STEPS = 200000 };

Test (map, agrees_with_an_array) {
    map *m = map_new();
    bool there[KEYS] = {false};
    int64_t values[KEYS] = {0}, value;
    rng_key random = rng_key_of(7, 0, 0);
    uint64_t count = 0;
    for (uint64_t step = 0; step < STEPS; step++) {
        uint64_t key = rng_draw(random, 3 * step) % KEYS;
        /* Fills up and empties in turn. */
        bool put = rng_draw(random, 3 * step + 1) % 100 < (step / 20000 % 2 ? 20 : 80);
        value = -1;
        if (put) {
            map_put(m, key, (int64_t)step);
            count += !there[key];
            there[key] = true;
            values[key] = (int64_t)step;
        } else {
            cr_assert_eq(map_take(m, key, &value), there[key]);
            cr_assert_eq(value, there[key] ? values[key] : -1);
            count -= there[key];
            there[key] = false;
        }
        key = rng_draw(random, 3 * step + 2) % KEYS;
        value = -1;
        cr_assert_eq(map_get(m, key, &value), there[key], "step %u", (unsigned)step);
        cr_assert_eq(map_get(m, key, NULL), there[key]);
        cr_assert_eq(value, there[key] ? values[key] : -1);
        cr_assert_eq(map_count(m), count);
    }
    map_free(m);
}

static void add(void *context, uint64_t key, int64_t value)
{
    uint64_t *sums = context;
    sums[0] += key;
    sums[1] += (uint64_t)value;
}

Test (map, visits_every_entry_once) {
    map *m = map_new();
    uint64_t sums[2] = {0, 0};
    map_each(m, add, sums);
    cr_expect_eq(sums[0], 0);
    for (uint64_t i = 1; i <= 1000; i++) {
        map_put(m, i, (int64_t)i * 3);
    }
    map_each(m, add, sums);
    cr_expect_eq(sums[0], 500500);
    cr_expect_eq(sums[1], 1501500);
    map_free(m);
}

/* The keys are what the kernel uses: a pair of small numbers. */
Test (map, is_at_most_half_full_and_gives_memory_back) {
    map *m = map_new();
    cr_expect_eq(map_bytes(m), 0);
    for (uint64_t i = 0; i < 100000; i++) {
        map_put(m, i << 32, 0);
    }
    cr_expect_geq(map_bytes(m), 200000 * 16);
    cr_expect_leq(map_bytes(m), 400000 * 16);
    for (uint64_t i = 0; i < 100000; i++) {
        cr_assert(map_take(m, i << 32, NULL));
        cr_assert(map_bytes(m) <= 16 * 16 || map_bytes(m) <= 8 * 16 * map_count(m));
    }
    cr_expect_leq(map_bytes(m), 16 * 16);
    map_free(m);
    map_free(NULL);
}

Test (map, an_empty_one_answers) {
    map *m = map_new();
    cr_expect_not(map_get(m, 0, NULL));
    cr_expect_not(map_take(m, 0, NULL));
    cr_expect_null(map_find(m, 0));
    cr_expect_eq(map_count(m), 0);
    map_free(m);
}

Test (map, the_greatest_key_is_never_there) {
    map *m = map_new();
    map_put(m, 0, 4);
    cr_expect_not(map_get(m, UINT64_MAX, NULL));
    cr_expect_not(map_take(m, UINT64_MAX, NULL));
    map_put(m, UINT64_MAX - 1, 5);
    cr_expect(map_take(m, UINT64_MAX - 1, NULL));
    map_free(m);
}

Test (map, adding_the_greatest_key_aborts, .signal = SIGABRT) {
    map_put(map_new(), UINT64_MAX, 0);
}

Test (map, a_value_size_that_is_no_multiple_of_8_aborts, .signal = SIGABRT) {
    map m;
    map_init(&m, 12);
}

/* ---------------------------------------------------------------------- values of any size */

typedef struct wide_value {
    uint64_t a, b, c;
} wide_value;

static map wide_map(uint64_t keys, uint64_t stride)
{
    map m;
    map_init(&m, sizeof(wide_value));
    for (uint64_t i = 0; i < keys; i++) {
        uint64_t key = i * stride % keys;
        wide_value *value = map_at(&m, key);
        *value = (wide_value){key, ~key, key * 3};
    }
    return m;
}

Test (map, a_new_value_is_zero_and_stays_in_place_of_its_key) {
    map m = wide_map(1000, 7);
    wide_value *fresh = map_at(&m, 5000);
    cr_expect(fresh->a == 0 && fresh->b == 0 && fresh->c == 0);
    for (uint64_t key = 0; key < 1000; key += 2) {
        wide_value taken;
        cr_assert(map_take(&m, key, &taken));
        cr_assert(taken.a == key && taken.b == ~key && taken.c == key * 3);
    }
    for (uint64_t key = 0; key < 1000; key++) {
        const wide_value *value = map_find(&m, key);
        cr_assert_eq(value != NULL, key % 2);
        cr_assert(value == NULL || (value->a == key && value->b == ~key && value->c == key * 3));
    }
    fresh = map_at(&m, 0); /* nothing is left of what was taken */
    cr_expect(fresh->a == 0 && fresh->b == 0 && fresh->c == 0);
    map_clear(&m);
    cr_expect_eq(map_count(&m), 0);
    cr_expect_null(map_find(&m, 1));
    cr_expect_not_null(map_at(&m, 1));
    map_clear(&m);
}

Test (map, hash_depends_on_the_entries_and_not_on_how_they_came) {
    map one = wide_map(1000, 1), two = wide_map(1000, 333);
    cr_expect_eq(map_hash(&one), map_hash(&two));
    map_at(&two, 4444); /* zeros do not count */
    cr_expect_eq(map_hash(&one), map_hash(&two));
    for (uint64_t key = 2000; key < 5000; key++) { /* nor does what has gone */
        ((wide_value *)map_at(&two, key))->a = 1;
    }
    for (uint64_t key = 2000; key < 5000; key++) {
        map_take(&two, key, NULL);
    }
    cr_expect_eq(map_hash(&one), map_hash(&two));
    ((wide_value *)map_at(&two, 77))->c ^= 1;
    cr_expect_neq(map_hash(&one), map_hash(&two));
    ((wide_value *)map_at(&two, 77))->c ^= 1;
    wide_value moved;
    map_take(&two, 77, &moved);
    *(wide_value *)map_at(&two, 7777) = moved;
    cr_expect_neq(map_hash(&one), map_hash(&two));
    map_clear(&one);
    map_clear(&two);
}

Test (map, an_image_restores_the_same_bytes) {
    static const uint64_t sizes[] = {0, 1, 1000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        map one = wide_map(sizes[s], 1), two = wide_map(50, 1);
        size_t size = map_image_size(&one);
        unsigned char *image = malloc(size), *again = malloc(size);
        map_save(&one, image);
        map_load(&two, image);
        cr_assert_eq(map_image_size(&two), size);
        cr_assert_eq(map_count(&two), sizes[s]);
        map_save(&two, again);
        cr_expect(memcmp(image, again, size) == 0);
        cr_expect_eq(map_hash(&one), map_hash(&two));
        cr_expect_eq(map_find(&two, 999) != NULL, sizes[s] == 1000);
        free(image);
        free(again);
        map_clear(&one);
        map_clear(&two);
    }
}

Test (map, an_image_of_another_value_size_aborts, .signal = SIGABRT) {
    map one = wide_map(3, 1);
    void *image = malloc(map_image_size(&one));
    map_save(&one, image);
    map_load(map_new(), image);
}
