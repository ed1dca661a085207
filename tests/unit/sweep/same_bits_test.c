/* Doubles that are printed must be the same from each compiler, at each level, for each C library:
 * these are their bits. */
#include "sweep/statistics.h"

#include "base/rng.h"

#include <criterion/criterion.h>

enum { COUNT = 100 };

static observation first[COUNT], second[COUNT];
static int64_t values[COUNT];

static void fill(void)
{
    for (uint64_t i = 0; i < COUNT; i++) {
        uint64_t draw = rng_draw(rng_key_of(1, 2, 3), i), high = draw >> 54;
        int64_t x = (int64_t)((draw % 100000) * high);
        first[i] = (observation){x, (int64_t)(high % 50)};
        second[i] = (observation){(int64_t)((draw % 90001) * (high / 2)), (int64_t)(high % 51)};
        values[i] = (int64_t)(draw >> 30);
    }
}

Test (same_bits, of_estimates) {
    fill();
    estimate e = observations_estimate(first, COUNT);
    cr_expect_eq(e.value, 0x1.087eaaa982555p+20, "%a", e.value);
    cr_expect_eq(e.low, 0x1.a65debddf43p+19, "%a", e.low);
    cr_expect_eq(e.high, 0x1.3fe30bde518f8p+20, "%a", e.high);
    e = quantile_estimate(values[7], values, COUNT);
    cr_expect_eq(e.low, 0x1.afbbe0bcef5c2p+32, "%a", e.low);
    cr_expect_eq(e.high, 0x1.12146d0a8851fp+33, "%a", e.high);
    e = median_estimate(values, COUNT);
    cr_expect_eq(e.value, 0x1.f0cc67cep+32, "%a", e.value);
    cr_expect_eq(e.low, 0x1.c29b99d274dd8p+32, "%a", e.low);
    cr_expect_eq(e.high, 0x1.31923e434675fp+33, "%a", e.high);
}

Test (same_bits, of_differences) {
    fill();
    difference d = paired_difference(first, COUNT, second, COUNT);
    cr_expect_eq(d.by.value, 0x1.4986c4114f837p+19, "%a", d.by.value);
    cr_expect_eq(d.by.low, 0x1.baa310e95c938p+18, "%a", d.by.low);
    cr_expect_eq(d.p, 0x1.cc0f8c2p-26, "%a", d.p);
}

Test (same_bits, of_student_s_t) {
    cr_expect_eq(student_quantile(0.95, 7), 0x1.2eac01e9f5b19p+1);
    cr_expect_eq(student_tail(2.5, 31), 0x1.259ae1066cep-6);
}
