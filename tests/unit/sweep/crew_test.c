/* Workers that are none: frames are made here. */
#include "sweep/crew.h"

#include <criterion/criterion.h>
#include <signal.h>

typedef struct crewed {
    grid *grid;
    work *work;
    crew *crew;
    GByteArray *out;
    GString *told; /* "cell:seed" of results, "cell:seed!kind" of failures */
} crewed;

static bool on_result(void *context, uint32_t cell, const result *r, const void *packed,
                      size_t size)
{
    cr_assert_neq(packed, NULL);
    cr_assert_gt(size, 0);
    g_string_append_printf(((crewed *)context)->told, "%u:%d ", cell, (int)r->seed);
    return true;
}

static bool on_failure(void *context, uint32_t cell, uint64_t seed, failure_kind kind,
                       const char *reason)
{
    cr_assert_neq(reason, NULL);
    g_string_append_printf(((crewed *)context)->told, "%u:%d!%s ", cell, (int)seed,
                           failure_name(kind));
    return true;
}

static crewed *crewed_new(const char *seeds, uint32_t slots)
{
    crewed *c = g_new0(crewed, 1);
    const run_limits limits = {1000, 1 << 20};
    const crew_events events = {on_result, on_failure, c};
    c->grid = grid_new();
    cr_assert(grid_set_seeds(c->grid, seeds, NULL));
    c->work = work_new(c->grid, 0, 1);
    c->crew = crew_new(c->work, slots, &limits, &events);
    c->out = g_byte_array_new();
    c->told = g_string_new(NULL);
    return c;
}

static void crewed_free(crewed *c)
{
    crew_free(c->crew);
    work_free(c->work);
    grid_free(c->grid);
    g_byte_array_free(c->out, TRUE);
    g_string_free(c->told, TRUE);
    g_free(c);
}

/* How many units the slot gets. */
static int feed(crewed *c, uint32_t slot)
{
    int units = 0;
    g_byte_array_set_size(c->out, 0);
    while (crew_feed(c->crew, slot, c->out)) {
        units++;
    }
    return units;
}

static bool reply(crewed *c, uint32_t slot, uint64_t seed)
{
    GByteArray *bytes = g_byte_array_new();
    result r;
    frame f;
    bool over;
    result_init(&r);
    r.seed = seed;
    guint begin = frame_begin(bytes, FRAME_RESULT);
    frame_put_number(bytes, 0);
    result_pack_again(bytes, &r);
    frame_end(bytes, begin);
    cr_assert_eq(frame_first(bytes->data, bytes->len, &f), bytes->len);
    bool good = crew_hear(c->crew, slot, &f, &over);
    result_clear(&r);
    g_byte_array_free(bytes, TRUE);
    return good;
}

Test (crew, a_run_that_kills_alone_is_the_one_that_failed) {
    crewed *c = crewed_new("1..4", 1);
    cr_assert_eq(feed(c, 0), 2); /* seeds 1 and 2 */
    cr_assert(reply(c, 0, 1));
    cr_assert(crew_died(c->crew, 0, SIGSEGV));
    cr_assert_str_eq(c->told->str, "0:1 "); /* it was not alone: nobody is blamed yet */
    cr_assert_eq(feed(c, 0), 1);
    cr_assert(crew_died(c->crew, 0, SIGSEGV));
    cr_assert_str_eq(c->told->str, "0:1 0:2!crashed ");
    cr_assert_eq(feed(c, 0), 2);
    cr_assert(reply(c, 0, 3));
    cr_assert(reply(c, 0, 4));
    cr_assert(work_is_over(c->work));
    cr_assert_eq(work_failures(c->work), 1);
    crewed_free(c);
}

Test (crew, who_is_killed_from_outside_is_not_to_blame_before_the_fifth_time) {
    crewed *c = crewed_new("1", 1);
    for (int death = 0; death < 5; death++) {
        cr_assert_eq(feed(c, 0), 1);
        cr_assert(crew_died(c->crew, 0, SIGKILL));
        cr_assert_str_eq(c->told->str, "");
    }
    cr_assert_eq(feed(c, 0), 1);
    cr_assert(crew_died(c->crew, 0, SIGKILL));
    cr_assert_str_eq(c->told->str, "0:1!killed ");
    crewed_free(c);
}

Test (crew, time_and_memory_are_told_by_how_a_worker_ends) {
    static const struct {
        int status;
        const char *told;
    } cases[] = {{SIGPROF, "0:1!hangs "},
                 {CONFINE_NO_MEMORY << 8, "0:1!memory "},
                 {3 << 8, "0:1!crashed "},
                 {SIGFPE, "0:1!crashed "}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        crewed *c = crewed_new("1", 1);
        for (int death = 0; death < 2; death++) {
            cr_assert_eq(feed(c, 0), 1);
            cr_assert(crew_died(c->crew, 0, cases[i].status));
        }
        cr_expect_str_eq(c->told->str, cases[i].told);
        crewed_free(c);
    }
}

Test (crew, what_was_not_asked_for_is_not_believed) {
    crewed *c = crewed_new("1..9", 2);
    cr_assert_eq(feed(c, 0), 2);
    cr_assert_eq(feed(c, 1), 2);
    cr_assert_not(reply(c, 1, 1), "that is the other's");
    cr_assert_not(reply(c, 0, 2), "that is the next one");
    cr_assert(reply(c, 0, 1));
    cr_assert_not(reply(c, 0, 1), "twice");
    cr_assert_str_eq(c->told->str, "0:1 ");
    crewed_free(c);
}

Test (crew, a_frame_that_is_damaged_is_not_believed) {
    crewed *c = crewed_new("1", 1);
    const unsigned char bytes[] = {4, 0, 0, 0, FRAME_RESULT, 0, 1, 0xFF};
    frame f;
    bool over;
    cr_assert_eq(feed(c, 0), 1);
    cr_assert_eq(frame_first(bytes, sizeof bytes, &f), sizeof bytes);
    cr_assert_not(crew_hear(c->crew, 0, &f, &over));
    cr_assert_not(over);
    cr_assert_str_eq(c->told->str, "");
    crewed_free(c);
}
