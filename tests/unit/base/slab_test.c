#include "base/slab.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 3000 };

static void write_at(slab *s, uint32_t slot, uint64_t value)
{
    memcpy(slab_at(s, slot), &value, sizeof value);
}

static uint64_t read_at(const slab *s, uint32_t slot)
{
    uint64_t value;
    memcpy(&value, slab_at(s, slot), sizeof value);
    return value;
}

Test (slab, slots_keep_their_content_while_others_come_and_go) {
    slab s;
    slab_init(&s, 24);
    uint32_t slots[MOST], count = 0;
    uint64_t values[MOST];
    rng_key key = rng_key_of(1, 0, 0);
    for (uint32_t step = 0; step < 200000; step++) {
        uint64_t random = rng_draw(key, step);
        if (count == 0 || (count < MOST && random % 100 < (step / 20000 % 2 ? 45 : 55))) {
            slots[count] = slab_take(&s);
            values[count] = random;
            write_at(&s, slots[count++], random);
        } else {
            uint32_t which = (uint32_t)rng_below(random, count);
            cr_assert(slab_is_live(&s, slots[which]));
            cr_assert_eq(read_at(&s, slots[which]), values[which]);
            slab_give(&s, slots[which]);
            cr_assert_not(slab_is_live(&s, slots[which]));
            slots[which] = slots[--count];
            values[which] = values[count];
        }
        cr_assert_eq(s.live, count);
    }
    cr_assert_leq(s.used, MOST);
    slab_clear(&s);
}

Test (slab, numbers_start_at_0_and_a_freed_slot_is_the_next) {
    slab s;
    slab_init(&s, 1);
    for (uint32_t i = 0; i < 200; i++) {
        cr_assert_eq(slab_take(&s), i);
    }
    slab_give(&s, 7);
    slab_give(&s, 150);
    cr_expect_eq(slab_take(&s), 150);
    cr_expect_eq(slab_take(&s), 7);
    cr_expect_eq(slab_take(&s), 200);
    slab_clear(&s);
}

Test (slab, a_generation_tells_a_slot_from_its_successor) {
    slab s;
    slab_init(&s, 16);
    uint32_t slot = slab_take(&s), last = s.generations[slot];
    for (uint32_t i = 0; i < 1000; i++) {
        cr_assert_eq(last & 1, 1);
        slab_give(&s, slot);
        cr_assert_eq(s.generations[slot], last + 1);
        cr_assert_eq(slab_take(&s), slot);
        cr_assert_eq(s.generations[slot], last + 2);
        last += 2;
    }
    slab_clear(&s);
}

Test (slab, slots_are_aligned_to_16_and_a_multiple_of_64_to_a_cache_line) {
    for (size_t size = 0; size <= 200; size++) {
        slab s;
        slab_init(&s, size);
        cr_assert(s.stride >= size && s.stride % 16 == 0 && s.stride <= size + 16);
        for (uint32_t i = 0; i < 100; i++) {
            slab_take(&s);
            cr_assert_eq((uintptr_t)slab_at(&s, i) % (s.stride % 64 ? 16 : 64), 0);
        }
        slab_clear(&s);
    }
}

Test (slab, a_cleared_one_starts_again) {
    slab s;
    slab_init(&s, 40);
    slab_take(&s);
    slab_clear(&s);
    cr_expect_eq(s.capacity, 0);
    cr_expect_not(slab_is_live(&s, 0));
    cr_expect_eq(slab_take(&s), 0);
    slab_clear(&s);
}

/* --------------------------------------------------------------------------------- compaction */

Test (slab, compaction_keeps_content_generations_and_order) {
    enum { SLOTS = 10000 };
    slab s;
    slab_init(&s, 16);
    for (uint32_t i = 0; i < SLOTS; i++) {
        write_at(&s, slab_take(&s), i);
    }
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (i % 10 != 3) {
            slab_give(&s, i);
        } else if (i % 20 == 3) { /* a later generation */
            slab_give(&s, i);
            write_at(&s, slab_take(&s), i);
        }
    }
    uint32_t capacity = s.capacity, next = 0;
    uint32_t *moved = slab_compact(&s);
    cr_assert_not_null(moved);
    cr_expect_lt(s.capacity, capacity / 2);
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (i % 10 != 3) {
            cr_assert_eq(moved[i], SLAB_NONE);
            continue;
        }
        cr_assert_eq(moved[i], next);
        cr_assert(slab_is_live(&s, next));
        cr_assert_eq(read_at(&s, next), i);
        cr_assert_eq(s.generations[next], i % 20 == 3 ? 3 : 1);
        next++;
    }
    cr_expect_eq(s.live, next);
    cr_expect_eq(slab_take(&s), next);
    free(moved);
    slab_clear(&s);
}

Test (slab, compaction_does_nothing_where_nothing_is_gained) {
    slab s;
    slab_init(&s, 16);
    cr_expect_null(slab_compact(&s));
    for (uint32_t i = 0; i < 1024; i++) {
        slab_take(&s);
    }
    for (uint32_t i = 256; i < 1024; i++) {
        slab_give(&s, i);
    }
    cr_expect_eq(s.capacity, 1024);
    cr_expect_null(slab_compact(&s), "a quarter is used");
    slab_give(&s, 0);
    uint32_t *moved = slab_compact(&s);
    cr_expect_not_null(moved, "less than a quarter is used");
    free(moved);
    slab_clear(&s);
}

/* ------------------------------------------------------------------------------------- images */

static void *image_of(const slab *s)
{
    void *image = malloc(slab_image_size(s));
    memset(image, 0x55, slab_image_size(s));
    slab_save(s, image);
    return image;
}

static void scatter(slab *s, uint64_t garbage)
{
    for (uint32_t i = 0; i < 500; i++) {
        slab_take(s);
        for (uint32_t byte = 0; byte < s->stride; byte++) {
            ((unsigned char *)slab_at(s, i))[byte] =
                (unsigned char)(i % 3 ? i + byte : garbage + byte);
        }
    }
    for (uint32_t i = 0; i < 167; i++) { /* every third, in no simple order */
        slab_give(s, i * 7 % 167 * 3);
    }
}

Test (slab, a_restored_one_goes_on_as_the_original) {
    slab s, other;
    slab_init(&s, 30);
    slab_init(&other, 30);
    slab_take(&other);
    scatter(&s, 9);
    void *image = image_of(&s);
    slab_load(&other, image, slab_image_size(&s));
    for (uint32_t i = 0; i < 500; i++) {
        cr_assert_eq(other.generations[i], s.generations[i]);
        cr_assert(!slab_is_live(&s, i) ||
                  memcmp(slab_at(&s, i), slab_at(&other, i), s.stride) == 0);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        cr_assert_eq(slab_take(&other), slab_take(&s));
    }
    free(image);
    slab_clear(&s);
    slab_clear(&other);
}

Test (slab, an_image_shows_nothing_of_freed_slots) {
    slab one, two;
    slab_init(&one, 48);
    slab_init(&two, 48);
    scatter(&one, 1);
    scatter(&two, 77);
    void *a = image_of(&one), *b = image_of(&two);
    cr_expect(memcmp(a, b, slab_image_size(&one)) == 0);
    free(a);
    free(b);
    slab_clear(&one);
    slab_clear(&two);
}

Test (slab, an_empty_one_can_be_saved) {
    slab s, other;
    slab_init(&s, 48);
    slab_init(&other, 48);
    slab_take(&other);
    void *image = image_of(&s);
    slab_load(&other, image, slab_image_size(&s));
    cr_expect_eq(other.live, 0);
    cr_expect_eq(slab_take(&other), 0);
    free(image);
    slab_clear(&other);
}

/* ----------------------------------------------------------------------------------- refusals */

Test (slab, giving_a_slot_twice_aborts, .signal = SIGABRT) {
    slab s;
    slab_init(&s, 16);
    slab_give(&s, slab_take(&s));
    slab_give(&s, 0);
}

Test (slab, giving_what_was_never_taken_aborts, .signal = SIGABRT) {
    slab s;
    slab_init(&s, 16);
    slab_take(&s);
    slab_give(&s, 1);
}

Test (slab, an_image_of_another_stride_aborts, .signal = SIGABRT) {
    slab s, other;
    slab_init(&s, 16);
    slab_init(&other, 32);
    void *image = image_of(&s);
    slab_load(&other, image, slab_image_size(&s));
}

Test (slab, a_truncated_image_aborts, .signal = SIGABRT) {
    slab s;
    slab_init(&s, 16);
    slab_take(&s);
    void *image = image_of(&s);
    slab_load(&s, image, slab_image_size(&s) - 1);
}
