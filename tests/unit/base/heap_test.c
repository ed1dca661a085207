#include "base/heap.h"

#include "base/rng.h"

#include <criterion/criterion.h>

/* Against the definition: the least (at, tie), of equal ones the earliest. */
Test (heap, pops_the_least_and_of_equal_ones_the_earliest) {
    enum { MOST = 60, STEPS = 20000 };
    queue_entry pending[MOST];
    uint32_t count = 0;
    heap *h = heap_new();
    rng_key key = rng_key_of(1, 0, 0);
    for (uint32_t i = 0; i < STEPS; i++) {
        uint64_t random = rng_draw(key, i);
        cr_assert_eq(heap_count(h), count);
        if (count < MOST && (count == 0 || random % 2)) {
            pending[count] = (queue_entry){(int64_t)(random >> 60), random >> 8 & 3, i};
            heap_push(h, pending[count++]);
            continue;
        }
        uint32_t least = 0;
        for (uint32_t k = 1; k < count; k++) {
            bool sooner =
                pending[k].at < pending[least].at ||
                (pending[k].at == pending[least].at && pending[k].tie < pending[least].tie);
            least = sooner ? k : least;
        }
        queue_entry e;
        cr_assert_not(heap_pop(h, pending[least].at - 1, &e));
        cr_assert(heap_pop(h, pending[least].at, &e));
        cr_assert_eq(e.item, pending[least].item);
        count--;
        for (uint32_t k = least; k < count; k++) {
            pending[k] = pending[k + 1];
        }
    }
    heap_free(h);
}

Test (heap, an_empty_one_pops_nothing) {
    heap *h = heap_new();
    queue_entry e;
    cr_expect_not(heap_pop(h, INT64_MAX, &e));
    heap_push(h, (queue_entry){INT64_MAX, 1, 2});
    cr_expect_not(heap_pop(h, INT64_MAX - 1, &e));
    cr_expect(heap_pop(h, INT64_MAX, &e));
    cr_expect_not(heap_pop(h, INT64_MAX, &e));
    heap_free(h);
}
