#include "sweep/work.h"

#include "sweep/statistics.h"

#include <criterion/criterion.h>

static grid *grid_of(const char *axis, const char *seeds)
{
    grid *g = grid_new();
    cr_assert(grid_add_axis(g, axis, NULL));
    cr_assert(grid_set_seeds(g, seeds, NULL));
    return g;
}

/* Takes all, in units of `most`; what was taken as "cell:seed". */
static char *take_all(work *w, uint32_t most)
{
    GString *taken = g_string_new(NULL);
    unit u;
    while (work_take(w, most, &u)) {
        for (uint32_t i = 0; i < u.count; i++) {
            g_string_append_printf(taken, "%u:%d ", u.cell, (int)u.seeds[i]);
        }
        for (uint32_t i = 0; i < u.count; i++) {
            work_done(w, u.cell, false);
        }
    }
    return g_string_free(taken, FALSE);
}

Test (work, what_is_done_is_not_done_again) {
    grid *g = grid_of("a=1,2", "1..4");
    work *w = work_new(g, 0, 1);
    work_skip(w, 0, 2, false);
    work_skip(w, 0, 2, false); /* twice is once */
    work_skip(w, 1, 4, true);
    work_skip(w, 1, 77, false); /* not wanted */
    cr_expect_eq(work_skipped(w), 2);
    char *taken = take_all(w, 3);
    cr_expect_str_eq(taken, "0:1 0:3 0:4 1:1 1:2 1:3 ");
    cr_expect(work_is_over(w));
    cr_expect_eq(work_failures(w), 1);
    g_free(taken);
    work_free(w);
    grid_free(g);
}

Test (work, shards_are_all_seeds_and_none_twice) {
    grid *g = grid_of("a=1", "1..5,9,20");
    static const char *const wanted[] = {"0:1 0:4 0:20 ", "0:2 0:5 ", "0:3 0:9 "};
    for (uint32_t shard = 0; shard < 3; shard++) {
        work *w = work_new(g, shard, 3);
        char *taken = take_all(w, 8);
        cr_expect_str_eq(taken, wanted[shard]);
        cr_expect(work_is_over(w));
        g_free(taken);
        work_free(w);
    }
    grid_free(g);
}

Test (work, what_comes_back_is_handed_out_alone_and_in_its_order) {
    grid *g = grid_of("a=1", "1..5");
    work *w = work_new(g, 0, 1);
    unit u;
    cr_assert(work_take(w, 4, &u));
    u.reported = 1;
    work_done(w, 0, false);
    work_return(w, &u);
    for (int seed = 2; seed <= 4; seed++) {
        cr_assert(work_take(w, 4, &u));
        cr_assert(u.careful);
        cr_assert_eq(u.count, 1);
        cr_assert_eq(u.seeds[0], seed);
        work_done(w, 0, false);
    }
    cr_assert(work_take(w, 4, &u));
    cr_assert_not(u.careful);
    cr_assert_eq(u.seeds[0], 5);
    work_free(w);
    grid_free(g);
}

static bool enough_at_14(void *context, uint32_t cell, uint64_t count)
{
    ++*(int *)context;
    return cell == 1 || count >= 14;
}

/* Cell 0 wants 14 runs, cell 1 the least. */
Test (work, in_steps_a_cell_ends_when_it_has_enough) {
    grid *g = grid_of("a=1,2", "1..100");
    work *w = work_new(g, 0, 1);
    int asked = 0;
    unit u;
    work_skip(w, 0, 11, false);
    work_skip(w, 0, 12, false);
    work_in_steps(w, enough_at_14, &asked);
    cr_assert(work_take(w, 64, &u));
    cr_assert_eq(u.count, PRECISION_LEAST);
    uint32_t others = 0;
    unit other;
    cr_assert(work_take(w, 64, &other));
    cr_assert_eq(other.cell, 1);
    cr_assert_eq(other.count, PRECISION_LEAST);
    cr_assert_not(work_take(w, 64, &other), "nobody knows yet whether more are wanted");
    for (uint32_t i = 0; i < PRECISION_LEAST; i++) {
        work_done(w, 0, false);
        work_done(w, 1, false);
    }
    while (work_take(w, 64, &u)) {
        cr_assert_eq(u.cell, 0);
        others += u.count;
        for (uint32_t i = 0; i < u.count; i++) {
            work_done(w, 0, false);
        }
    }
    cr_expect_eq(others, 2); /* 13 and 14: 11 and 12 were there */
    cr_expect(work_is_over(w));
    cr_expect_eq(work_total(w), 14 + PRECISION_LEAST);
    work_free(w);
    grid_free(g);
}
