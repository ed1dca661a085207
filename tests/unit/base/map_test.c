#include "base/map.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { KEYS = 512, STEPS = 200000 };

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

Test (map, agrees_with_an_array) {
    map *m = map_new();
    bool there[KEYS] = {false};
    int64_t values[KEYS] = {0}, value;
    uint64_t random = 7, count = 0;
    for (uint64_t step = 0; step < STEPS; step++) {
        uint64_t key = next(&random) % KEYS;
        /* Fills up and empties in turn. */
        bool put = next(&random) % 100 < (step / 20000 % 2 ? 20 : 80);
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
        key = next(&random) % KEYS;
        value = -1;
        cr_assert_eq(map_get(m, key, &value), there[key], "step %u", (unsigned)step);
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

Test (map, gives_memory_back) {
    map *m = map_new();
    size_t least = map_bytes(m);
    for (uint64_t i = 0; i < 100000; i++) {
        map_put(m, i << 32, 0);
    }
    cr_expect_geq(map_bytes(m), 200000 * 16);
    for (uint64_t i = 0; i < 100000; i++) {
        cr_assert(map_take(m, i << 32, NULL));
    }
    cr_expect_eq(map_bytes(m), least);
    map_free(m);
    map_free(NULL);
}

Test (map, has_no_key_that_it_cannot_hold) {
    map *m = map_new();
    cr_expect_not(map_get(m, UINT64_MAX, NULL));
    cr_expect_not(map_take(m, UINT64_MAX, NULL));
    map_put(m, UINT64_MAX - 1, 5);
    cr_expect(map_take(m, UINT64_MAX - 1, NULL));
    map_free(m);
}
