/* What is drawn, and what may be. */
#include "drive/chaos.h"

#include <criterion/criterion.h>
#include <string.h>

static uint32_t allowed(uint32_t assumes, bool fifo)
{
    dasim_algorithm a = {.assumes = assumes};
    world_config config = {.stack = {{.algorithm = &a}}, .stack_size = 1};
    config.network.usual.fifo = fifo;
    return chaos_allowed(&config);
}

Test (chaos, only_what_assumptions_do_not_exclude_is_allowed) {
    uint32_t links = 1u << CHAOS_CUT | 1u << CHAOS_PARTITION | 1u << CHAOS_LOSS;
    cr_expect_eq(allowed(0, false), CHAOS_ALL);
    cr_expect_eq(allowed(DASIM_RELIABLE, false), CHAOS_ALL & ~(links | 1u << CHAOS_CRASH));
    cr_expect_eq(allowed(DASIM_NO_CRASH, false), CHAOS_ALL & ~(1u << CHAOS_CRASH));
    cr_expect_eq(allowed(DASIM_NO_DUPLICATES, false), CHAOS_ALL & ~(1u << CHAOS_DUPLICATE));
    cr_expect_eq(allowed(DASIM_FIFO, false),
                 CHAOS_ALL & ~(1u << CHAOS_REORDER | 1u << CHAOS_DELAY));
    cr_expect_eq(allowed(DASIM_FIFO, true), CHAOS_ALL & ~(1u << CHAOS_REORDER));
}

Test (chaos, kinds_are_named) {
    cr_expect_eq(chaos_kinds("all", NULL), CHAOS_ALL);
    cr_expect_eq(chaos_kinds("crash,loss", NULL), 1u << CHAOS_CRASH | 1u << CHAOS_LOSS);
    cr_expect_eq(chaos_kinds("crash,lost", NULL), 0);
    cr_expect_eq(chaos_kinds("", NULL), 0);
}

Test (chaos, half_of_the_kinds_are_left_out_and_each_one_as_often) {
    uint32_t on[CHAOS_KINDS] = {0};
    for (uint64_t seed = 1; seed <= 10000; seed++) {
        uint32_t kinds = chaos_on(CHAOS_ALL, seed);
        for (uint32_t kind = 0; kind < CHAOS_KINDS; kind++) {
            on[kind] += kinds >> kind & 1;
        }
    }
    for (uint32_t kind = 0; kind < CHAOS_KINDS; kind++) { /* 5,000 and four deviations of 50 */
        cr_expect(on[kind] > 4800 && on[kind] < 5200, "%s: %u", chaos_name(kind), on[kind]);
    }
}

static GArray *drawn(uint32_t kinds, uint64_t seed)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(fault));
    chaos_draw(kinds, seed, out);
    return out;
}

Test (chaos, a_kind_draws_the_same_whichever_others_are_on) {
    for (uint64_t seed = 1; seed <= 200; seed++) {
        GArray *all = drawn(CHAOS_ALL, seed);
        guint at = 0;
        for (uint32_t kind = 0; kind < CHAOS_KINDS; kind++) {
            GArray *alone = drawn(1u << kind, seed);
            cr_assert(at + alone->len <= all->len);
            for (guint i = 0; i < alone->len; i++, at++) {
                const fault *x = &g_array_index(all, fault, at);
                const fault *y = &g_array_index(alone, fault, i);
                cr_expect(x->at == y->at && x->until == y->until && x->every.a == y->every.a &&
                          x->action.kind == y->action.kind && x->action.lasts == y->action.lasts &&
                          x->action.amount == y->action.amount);
            }
            g_array_free(alone, TRUE);
        }
        cr_assert_eq(at, all->len);
        g_array_free(all, TRUE);
    }
}

Test (chaos, words_name_what_is_on_and_what_is_not) {
    char *words = chaos_words(1u << CHAOS_LOSS, 1);
    bool on = chaos_on(1u << CHAOS_LOSS, 1);
    cr_expect_eq(strncmp(words, on ? "loss " : "nothing", on ? 5 : 7), 0, "%s", words);
    cr_expect_not_null(strstr(words, "not: crash, pause, slow, cut, partition, "));
    g_free(words);
}
