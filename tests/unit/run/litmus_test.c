/*
 * Litmus tests: small programs, each with one outcome that no order of their steps explains. Under
 * each protocol, over many runs with random delays, that outcome never shows or does show, as the
 * protocol's consistency has it. What chance would show too seldom is forced by delays of single
 * messages.
 *
 * x is object 0, y is object 1. Programs run on nodes 1 to 4; node 0 manages.
 */
#include "stage.h"

#include "run/session.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

enum { READS_MOST = 6, RUNS = 400 };

typedef struct litmus {
    const char *name, *programs;
    uint32_t reads;
    uint64_t weak[READS_MOST]; /* the outcome that is not sequentially consistent */
} litmus;

static const litmus store_buffering = {"store buffering",
                                       "[1] = { write(0, 1), read(1) }, "
                                       "[2] = { write(1, 1), read(0) }",
                                       2,
                                       {0, 0}};
static const litmus message_passing = {"message passing",
                                       "[1] = { write(0, 1), write(1, 1) }, "
                                       "[2] = { wait('4ms'), read(1), read(0) }",
                                       2,
                                       {1, 0}};
static const litmus load_buffering = {"load buffering",
                                      "[1] = { wait('4ms'), read(0), write(1, 1) }, "
                                      "[2] = { read(1), write(0, 1) }",
                                      2,
                                      {1, 1}};
static const litmus iriw = {"independent reads of independent writes",
                            "[1] = { write(0, 1) }, [2] = { write(1, 1) }, "
                            "[3] = { wait('4ms'), read(0), read(1) }, "
                            "[4] = { wait('4ms'), read(1), read(0) }",
                            4,
                            {1, 0, 1, 0}};
static const litmus read_read = {"coherence of two reads",
                                 "[1] = { write(0, 1) }, "
                                 "[2] = { wait('4ms'), read(0), wait('2ms'), read(0) }",
                                 2,
                                 {1, 0}};
static const litmus write_order = {"coherence of two writers",
                                   "[1] = { write(0, 1) }, [2] = { write(0, 2) }, "
                                   "[3] = { wait('6ms'), read(0), wait('4ms'), read(0) }, "
                                   "[4] = { wait('6ms'), read(0), wait('4ms'), read(0) }",
                                   4,
                                   {1, 2, 2, 1}};

/* ------------------------------------------------------------------------------------- runs */

static scenario *load(const litmus *l, const char *run, const char *more)
{
    char *text = g_strdup_printf("return scenario { nodes = 5, objects = 2, run = %s, "
                                 "links = { latency = exponential('4ms'), fifo = %s }, "
                                 "workload = programs { %s }, duration = '10s', settle = '1s' %s }",
                                 run, strstr(run, "sequencer") ? "true" : "false", l->programs,
                                 more ? more : "");
    scenario *s = scenario_of_text(text, 1);
    g_free(text);
    return s;
}

/* Of how many runs... */
typedef struct tally {
    uint32_t weak;     /* ... does the weak outcome show? */
    uint32_t finished; /* ... did all programs end? */
    uint32_t in_order; /* ... does sequential consistency hold? */
} tally;

static bool is_sequential(const run_result *r)
{
    for (guint i = 0; i < r->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(r->verdicts, run_verdict, i);
        if (g_str_equal(v->property->name, "sequentially_consistent")) {
            cr_assert_neq(v->finding.verdict, VERDICT_INCONCLUSIVE);
            return v->finding.verdict == VERDICT_HOLDS;
        }
    }
    cr_assert_fail("it was not judged");
    return false;
}

static void add_run(tally *t, const litmus *l, const run_result *r)
{
    const client_load *clients = r->session->load;
    bool all_done = true, is_weak = true;
    reading one;
    for (uint32_t i = 0; i < l->reads; i++) {
        cr_assert(clients->outcome(clients, r->world, i, &one));
        all_done = all_done && one.done;
        is_weak = is_weak && one.done && one.value == l->weak[i];
    }
    t->finished += all_done;
    t->weak += is_weak;
    t->in_order += is_sequential(r);
    cr_expect_not(is_weak && is_sequential(r), "%s: seed %" PRIu64 " is weak and explained",
                  l->name, r->seed);
}

static tally count_runs(const litmus *l, scenario *s, uint32_t runs)
{
    tally t = {0};
    run_options options;
    run_options_init(&options);
    for (uint64_t seed = 1; seed <= runs; seed++) {
        GError *error = NULL;
        run_result *r = run_scenario(s, seed, &options, &error);
        cr_assert_not_null(r, "%s", error ? error->message : "");
        add_run(&t, l, r);
        run_result_free(r);
    }
    scenario_free(s);
    return t;
}

/* `ends`: all programs end in every run. */
static void expect_never_if(const litmus *l, const char *run, bool ends)
{
    tally t = count_runs(l, load(l, run, NULL), RUNS);
    cr_expect_eq(t.weak, 0, "%s under %s: in %" PRIu32 " of %d runs", l->name, run, t.weak, RUNS);
    cr_expect(t.finished == RUNS || (!ends && t.finished > 0),
              "%s under %s: only %" PRIu32 " ended", l->name, run, t.finished);
}

static void expect_never(const litmus *l, const char *run)
{
    expect_never_if(l, run, true);
}

static void expect_some(const litmus *l, const char *run)
{
    tally t = count_runs(l, load(l, run, NULL), RUNS);
    cr_expect_gt(t.weak, 0, "%s under %s: never", l->name, run);
    cr_expect_eq(t.finished, RUNS, "%s under %s: only %" PRIu32 " ended", l->name, run, t.finished);
}

/* Delays of 1 ms, and of some messages more: the same outcome whatever the seed is. */
static scenario *load_forced(const litmus *l, const char *run, const char *delays)
{
    char *text = g_strdup_printf("return scenario { nodes = 5, objects = 2, run = %s, "
                                 "workload = programs { %s }, links = { latency = '1ms' }, "
                                 "faults = { %s } }",
                                 run, l->programs, delays);
    scenario *s = scenario_of_text(text, 1);
    g_free(text);
    return s;
}

static void expect_forced(const litmus *l, const char *run, const char *delays)
{
    tally t = count_runs(l, load_forced(l, run, delays), 3);
    cr_expect_eq(t.weak, 3, "%s under %s is not forced", l->name, run);
}

static const litmus *const all[] = {&store_buffering, &message_passing, &load_buffering, &iriw,
                                    &read_read,       &write_order};

static void expect_sequential(const char *run)
{
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        tally t = count_runs(all[i], load(all[i], run, NULL), RUNS);
        cr_expect_eq(t.weak, 0, "%s under %s: in %" PRIu32, all[i]->name, run, t.weak);
        cr_expect_eq(t.finished, RUNS, "%s under %s", all[i]->name, run);
        cr_expect_eq(t.in_order, RUNS, "%s under %s", all[i]->name, run);
    }
}

/* ------------------------------------------------------------------------------- each protocol */

Test (litmus, write_invalidate_shows_nothing_weak) {
    expect_sequential("memory.write_invalidate {}");
}

Test (litmus, hardened_write_invalidate_shows_nothing_weak) {
    expect_sequential("memory.write_invalidate { retransmit = '10ms', durable = true }");
}

Test (litmus, write_invalidate_in_one_page_shows_nothing_weak) {
    expect_sequential("memory.write_invalidate { object_size = '8B' }");
}

Test (litmus, write_invalidate_without_copies_shows_nothing_weak) {
    expect_sequential("memory.write_invalidate { copy_on_read = false }");
}

Test (litmus, improved_manager_shows_nothing_weak) {
    expect_sequential("memory.improved_manager {}");
}

Test (litmus, fixed_distributed_manager_shows_nothing_weak) {
    expect_sequential("memory.improved_manager { distributed = true, manager = 1 }");
}

Test (litmus, probable_owner_shows_nothing_weak) {
    expect_sequential("memory.probable_owner {}");
}

Test (litmus, broadcast_manager_shows_nothing_weak) {
    expect_sequential("memory.broadcast_manager {}");
}

Test (litmus, write_update_with_a_sequencer_shows_nothing_weak) {
    expect_sequential("memory.write_update { sequencer = true }");
}

Test (litmus, write_update_shows_all_but_what_would_need_a_read_to_be_ahead_of_its_time) {
    const char *run = "memory.write_update {}";
    expect_some(&store_buffering, run);
    expect_some(&message_passing, run);
    expect_never(&load_buffering, run);
    expect_some(&iriw, run);
    expect_never(&read_read, run);
    expect_some(&write_order, run);
}

Test (litmus, acknowledged_write_update_still_shows_what_two_writers_can_do) {
    const char *run = "memory.write_update { acknowledge = true }";
    expect_never(&store_buffering, run);
    expect_never(&message_passing, run);
    expect_never(&load_buffering, run);
    expect_some(&iriw, run);
    expect_never(&read_read, run);
    expect_some(&write_order, run);
}

/* ------------------------------------------------------- write-invalidate, and less than that */

/* A copy of what is written now is on its way, and is taken for valid when it comes: 0 at first. */
static const litmus stale_store_buffering =
    {"store buffering with old copies",
     "[1] = { read(1), wait('40ms'), write(0, 1), read(1) }, "
     "[2] = { read(0), wait('40ms'), write(1, 1), read(0) }, "
     "[3] = { wait('10ms'), write(0, 5), write(1, 5) }",
     4,
     {0, 0, 0, 0}};
static const litmus stale_message_passing = {"message passing with an old copy",
                                             "[1] = { wait('10ms'), write(0, 1), write(1, 1) }, "
                                             "[2] = { read(0), wait('40ms'), read(1), read(0) }",
                                             3,
                                             {0, 1, 0}};
static const litmus stale_iriw = {"independent reads with old copies",
                                  "[1] = { wait('10ms'), write(0, 1) }, "
                                  "[2] = { wait('10ms'), write(1, 1) }, "
                                  "[3] = { read(1), wait('40ms'), read(0), read(1) }, "
                                  "[4] = { read(0), wait('40ms'), read(1), read(0) }",
                                  6,
                                  {0, 1, 0, 0, 1, 0}};

static const char *const late_pages = "delay('PAGE', nth(1), '30ms', { to = 1 }), "
                                      "delay('PAGE', nth(1), '30ms', { to = 2 })";

Test (litmus, without_confirmation_old_copies_are_read) {
    const char *run = "memory.write_invalidate { confirm = false }";
    expect_forced(&stale_store_buffering, run, late_pages);
    expect_forced(&stale_message_passing, run, "delay('PAGE', nth(1), '30ms', { to = 2 })");
    expect_forced(&stale_iriw, run,
                  "delay('PAGE', nth(1), '30ms', { to = 3 }), "
                  "delay('PAGE', nth(1), '30ms', { to = 4 })");
    expect_never_if(&load_buffering, run, false);
    expect_never_if(&read_read, run, false);
    expect_never_if(&write_order, run, false);
}

Test (litmus, without_acknowledgements_old_copies_are_read) {
    const char *run = "memory.write_invalidate { acknowledge = false }";
    const litmus *const shows[] = {&stale_store_buffering, &stale_message_passing, &stale_iriw};
    for (size_t i = 0; i < G_N_ELEMENTS(shows); i++) {
        expect_forced(shows[i], run, "delay('INVALIDATE', each(), '100ms')");
    }
    expect_never(&load_buffering, run);
    expect_never(&read_read, run);
    expect_never(&write_order, run);
}

/* The same delays do nothing to the whole protocol. */
Test (litmus, with_both_they_are_not) {
    const litmus *const shows[] = {&stale_store_buffering, &stale_message_passing, &stale_iriw};
    const char *late = "delay('PAGE', nth(1), '30ms', { to = 1 }), "
                       "delay('PAGE', nth(1), '30ms', { to = 2 }), "
                       "delay('PAGE', nth(1), '30ms', { to = 3 }), "
                       "delay('PAGE', nth(1), '30ms', { to = 4 }), "
                       "delay('INVALIDATE', each(), '100ms')";
    for (size_t i = 0; i < G_N_ELEMENTS(shows); i++) {
        tally t =
            count_runs(shows[i], load_forced(shows[i], "memory.write_invalidate {}", late), 3);
        cr_expect_eq(t.weak, 0, "%s", shows[i]->name);
        cr_expect_eq(t.finished, 3);
        cr_expect_eq(t.in_order, 3);
    }
}
