#include "check/process_order.h"

#include <criterion/criterion.h>

static process_order *o;

static void begin(void)
{
    o = process_order_new(1 << 20);
}

static void end(void)
{
    process_order_free(o);
}

TestSuite(process_order, .init = begin, .fini = end);

Test (process_order, a_process_knows_what_it_did_itself) {
    uint32_t a = process_order_begin(o, ORDER_NOTHING), b = process_order_begin(o, ORDER_NOTHING);
    cr_expect(process_order_knows(o, a, process_order_now(o, a)));
    cr_expect_not(process_order_knows(o, a, process_order_now(o, b)));
    cr_expect_not(process_order_knows(o, b, process_order_now(o, a)));
}

Test (process_order, who_acquires_knows_what_was_released_and_no_more) {
    uint32_t a = process_order_begin(o, ORDER_NOTHING), b = process_order_begin(o, ORDER_NOTHING);
    uint32_t lock = process_order_thing(o), other = process_order_thing(o);
    moment before = process_order_now(o, a);
    process_order_release(o, a, lock);
    moment after = process_order_now(o, a);
    process_order_acquire(o, b, other);
    cr_expect_not(process_order_knows(o, b, before));
    process_order_acquire(o, b, lock);
    cr_expect(process_order_knows(o, b, before));
    cr_expect_not(process_order_knows(o, b, after));
}

Test (process_order, a_thing_knows_all_who_released_it) {
    uint32_t thing = process_order_thing(o), all[40];
    moment moments[40];
    for (uint32_t i = 0; i < 40; i++) {
        all[i] = process_order_begin(o, ORDER_NOTHING);
        moments[i] = process_order_now(o, all[i]);
        process_order_release(o, all[i], thing);
    }
    uint32_t last = process_order_begin(o, thing);
    for (uint32_t i = 0; i < 40; i++) {
        cr_expect(process_order_knows(o, last, moments[i]));
        cr_expect_not(process_order_knows(o, last, process_order_now(o, all[i])));
        cr_expect_not(process_order_knows(o, all[(i + 1) % 40], moments[i]));
    }
}

Test (process_order, children_know_their_parents_parents_those_they_waited_for) {
    uint32_t parent = process_order_begin(o, ORDER_NOTHING);
    moment before = process_order_now(o, parent);
    uint32_t child = process_order_fork(o, parent);
    moment childs = process_order_now(o, child), after = process_order_now(o, parent);
    cr_expect(process_order_knows(o, child, before));
    cr_expect_not(process_order_knows(o, child, after));
    cr_expect_not(process_order_knows(o, parent, childs));
    process_order_join(o, parent, child);
    cr_expect(process_order_knows(o, parent, childs));
}

Test (process_order, memory_is_bounded) {
    process_order *small = process_order_new(1000);
    for (uint32_t i = 0; i < 21; i++) { /* 1 + 2 + ... + 21 counts of 4 bytes: 924 */
        process_order_begin(small, ORDER_NOTHING);
        cr_expect_not(process_order_is_full(small));
    }
    uint32_t last = process_order_begin(small, ORDER_NOTHING);
    cr_expect(process_order_is_full(small));
    process_order_release(small, last, process_order_thing(small));
    process_order_acquire(small, last, 0);
    process_order_join(small, last, process_order_fork(small, 0));
    cr_expect(process_order_is_full(small));
    process_order_free(small);
}
