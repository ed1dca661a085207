/* The figures of elections in the literature, met exactly. Its processes are numbered 1 .. N, ours
 * 0 .. N-1: process i is node i - 1. */
#include "stage.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

static const int64_t ms = 1000000;

static scenario *scenario_of(const char *format, ...) G_GNUC_PRINTF(1, 2);

static scenario *scenario_of(const char *format, ...)
{
    va_list more;
    va_start(more, format);
    char *text = g_strdup_vprintf(format, more);
    va_end(more);
    scenario *s = scenario_of_text(text, 1);
    g_free(text);
    return s;
}

static run_result *run_once(scenario *s)
{
    GError *error = NULL;
    run_options options;
    run_options_init(&options);
    run_result *r = run_scenario(s, 1, &options, &error);
    cr_assert_not_null(r, "%s", error ? error->message : "");
    cr_assert_eq(r->status, RUN_DONE);
    cr_assert_eq(run_exit_status(r), 0, "all agree in the end");
    return r;
}

static int64_t sent(const scenario *s, const run_result *r, const char *message)
{
    uint32_t count;
    const message_count *all = metrics_messages(r->metrics, &count);
    for (uint32_t i = 0; i < count; i++) {
        const dasim_algorithm *a = s->stack[all[i].component].algorithm;
        if (strcmp(a->messages[all[i].type].name, message) == 0) {
            return (int64_t)all[i].sent;
        }
    }
    cr_assert_fail("no message %s", message);
    return -1;
}

static void expect_sent(const scenario *s, const run_result *r, const char *message, int64_t wanted,
                        const char *what)
{
    int64_t found = sent(s, r, message);
    cr_expect_eq(found, wanted, "%s: %" PRId64 " %s, expected %" PRId64, what, found, message,
                 wanted);
}

/* ---------------------------------------------------------------------------------- bully */

enum { NODES_MOST = 32 };

#define BULLY                                                                                      \
    "return scenario { nodes = %d, links = { latency = '10ms' }, duration = '10s', "               \
    "run = election.bully { timeout = '25ms' }, "

/* Process N has died, and process `i` finds out. */
static void expect_election(const scenario *s, const run_result *r, int64_t n, int64_t i)
{
    char *what = g_strdup_printf("%d processes, %d finds out", (int)n, (int)i);
    expect_sent(s, r, "ELECTION", (n - i) * (n - i + 1) / 2, what);
    expect_sent(s, r, "OK", (n - i) * (n - i - 1) / 2, what);
    expect_sent(s, r, "COORDINATOR", n - 2, what);
    cr_expect_eq(metrics_sent(r->metrics), (uint64_t)((n - i) * (n - i) + n - 2), "%s", what);
    g_free(what);
}

Test (figures_bully, one_finds_out_for_every_n_and_i) {
    for (int n = 2; n <= NODES_MOST; n++) {
        scenario *s =
            scenario_of(BULLY "faults = { at('10ms', crash(leader())), at('20ms', elect(0)) } }",
                        n);
        for (int i = 1; i < n; i++) {
            g_array_index(s->faults, fault, 1).action.who.number = (uint32_t)i - 1;
            run_result *r = run_once(s);
            expect_election(s, r, n, i);
            run_result_free(r);
        }
        scenario_free(s);
    }
}

Test (figures_bully, all_find_out_at_once_and_it_is_as_if_the_lowest_had) {
    for (int n = 2; n <= NODES_MOST; n++) {
        scenario *s =
            scenario_of(BULLY
                        "faults = { at('10ms', crash(leader())), at('20ms', elect(any())) } }",
                        n);
        run_result *r = run_once(s);
        expect_election(s, r, n, 1);
        cr_expect_eq(metrics_sent(r->metrics), (uint64_t)(n * n - n - 1));
        run_result_free(r);
        scenario_free(s);
    }
}

Test (figures_bully, detectors_find_out_at_once_too) {
    for (int n = 2; n <= 9; n++) {
        scenario *s = scenario_of(
            "return scenario { nodes = %d, links = { latency = '10ms' }, duration = '2s', "
            "run = election.bully { timeout = '25ms', failure_detector = "
            "failure_detector.heartbeat {} }, faults = { at('990ms', crash(leader())) } }",
            n);
        run_result *r = run_once(s);
        int64_t without_beats = (int64_t)metrics_sent(r->metrics) - sent(s, r, "HEARTBEAT");
        cr_expect_eq(without_beats, n * n - n - 1);
        run_result_free(r);
        scenario_free(s);
    }
}

Test (figures_bully, the_highest_takes_over_at_once_when_it_comes_back) {
    for (int n = 2; n <= NODES_MOST; n++) {
        scenario *s =
            scenario_of(BULLY "warm_up = '200ms', faults = { at('10ms', crash(leader())), "
                              "at('20ms', elect(0)), at('300ms', recover(%d)) } }",
                        n, n - 1);
        run_result *r = run_once(s);
        expect_sent(s, r, "COORDINATOR", n - 1, "recovery");
        cr_expect_eq(metrics_sent(r->metrics), (uint64_t)n - 1);
        cr_expect_eq(histogram_most(metrics_agreeing(r->metrics)), 10 * ms, "one delay later");
        run_result_free(r);
        scenario_free(s);
    }
}

/* T detection, then the next highest waits for its own time-out, then one delay. */
Test (figures_bully, takes_one_delay_one_time_out_and_one_delay) {
    scenario *s =
        scenario_of(BULLY "faults = { at('10ms', crash(leader())), at('10ms', elect(0)) } }", 7);
    run_result *r = run_once(s);
    cr_expect_eq(histogram_most(metrics_agreeing(r->metrics)), (10 + 25 + 10) * ms);
    run_result_free(r);
    scenario_free(s);
}

/* Who named whom and when, "node leader time", in the order of the records, as a function of the
 * scenario saw it; what was said at the start is left out. */
static void expect_named(const char *rest, const char *expected)
{
    scenario *s = scenario_of(
        "local heard = {} on({ indication = 'LEADER' }, function(e) if e.at > 0 * ms then "
        "heard[#heard + 1] = e.node .. ' ' .. e.body.leader .. ' ' .. tostring(e.at) end end) "
        "local check = at('50s', call(function() local all = table.concat(heard, ', ') "
        "if all ~= '%s' then error('heard: ' .. all) end end)) return scenario { nodes = 3, "
        "run = election.bully { timeout = '2s' }, links = { latency = '3s' }, duration = '60s', "
        "faults = { check, %s } }",
        expected, rest);
    GError *error = NULL;
    run_options options;
    run_options_init(&options);
    run_result *r = run_scenario(s, 1, &options, &error);
    cr_expect_eq(r->status, RUN_DONE, "%s", r->explanation);
    run_result_free(r);
    scenario_free(s);
}

Test (figures_bully, with_a_time_out_below_two_delays_two_lead_side_by_side) {
    expect_named("at(0, crash(2), elect(0), elect(1))",
                 "0 0 2s, 1 1 2s, 0 1 5s, 1 1 5s, 0 1 8s");              /* on [2,5) */
    expect_named("at(0, crash(2), elect(0))", "0 0 2s, 1 1 5s, 0 1 8s"); /* on [5,8) */
}

Test (figures_bully, an_election_at_every_election_is_exponential) {
    for (int n = 2; n <= 16; n++) {
        scenario *s = scenario_of(
            "return scenario { nodes = %d, links = { latency = '10ms' }, duration = '10s', "
            "run = election.bully { timeout = '25ms', eager = true }, "
            "faults = { at('10ms', crash(leader())), at('20ms', elect(0)) } }",
            n);
        run_result *r = run_once(s);
        expect_sent(s, r, "ELECTION", (INT64_C(1) << (n - 1)) - 1, "eager");
        run_result_free(r);
        scenario_free(s);
    }
}

/* ------------------------------------------------------------------------- Chang and Roberts */

#define RING                                                                                       \
    "return scenario { nodes = %d, links = { latency = '10ms' }, duration = '10s', "               \
    "run = election.chang_roberts { %s }, faults = { at('10ms', elect(any())) } }"

static int64_t elections_on_ring(scenario *s, int64_t arrangement)
{
    s->stack[0].params[0] = arrangement;
    run_result *r = run_once(s);
    int64_t elections = sent(s, r, "ELECTION");
    cr_assert_eq(sent(s, r, "ELECTED"), s->world.nodes, "the announcement adds n");
    cr_assert_eq(metrics_leaders(r->metrics), 1);
    run_result_free(r);
    return elections;
}

Test (figures_ring, best_where_ids_ascend_and_worst_where_they_descend) {
    for (int64_t n = 2; n <= NODES_MOST; n++) {
        scenario *best = scenario_of(RING, (int)n, "");
        scenario *worst = scenario_of(RING, (int)n, "descending = true");
        cr_expect_eq(elections_on_ring(best, 0), 2 * n - 1);
        cr_expect_eq(elections_on_ring(worst, 0), n * (n + 1) / 2);
        scenario_free(best);
        scenario_free(worst);
    }
}

static int64_t factorial(int64_t n)
{
    return n < 2 ? 1 : n * factorial(n - 1);
}

/* n! H(n), a whole number. */
static int64_t harmonic(int64_t n)
{
    int64_t sum = 0;
    for (int64_t k = 1; k <= n; k++) {
        sum += factorial(n) / k;
    }
    return sum;
}

/* Mean n H(n): the sum over all n! permutations is n! n H(n). */
Test (figures_ring, mean_over_all_permutations_is_n_times_the_harmonic_number) {
    for (int64_t n = 2; n <= 7; n++) {
        scenario *s = scenario_of(RING, (int)n, "");
        int64_t sum = 0, least = INT64_MAX, most = 0;
        for (int64_t i = 0; i < factorial(n); i++) {
            int64_t elections = elections_on_ring(s, i);
            sum += elections;
            least = MIN(least, elections);
            most = MAX(most, elections);
        }
        cr_expect_eq(sum, n * harmonic(n), "%d nodes: %" PRId64, (int)n, sum);
        cr_expect_eq(least, 2 * n - 1);
        cr_expect_eq(most, n * (n + 1) / 2);
        scenario_free(s);
    }
}

/* Turning the ring changes nothing: the first (n-1)! permutations, which begin with node 0, are all
 * rings. Each stands for n permutations. */
Test (figures_ring, mean_over_all_rings_of_eight_is_the_same) {
    scenario *s = scenario_of(RING, 8, "");
    int64_t sum = 0;
    for (int64_t i = 0; i < factorial(7); i++) {
        sum += elections_on_ring(s, i);
    }
    cr_expect_eq(8 * sum, 8 * harmonic(8), "%" PRId64, sum);
    scenario_free(s);
}

Test (figures_ring, every_permutation_is_another_ring_or_the_same_one_turned) {
    scenario *s = scenario_of(RING, 5, "");
    int64_t sum = 0;
    for (int64_t i = 0; i < 24; i++) {
        sum += elections_on_ring(s, i);
        cr_expect_eq(elections_on_ring(s, i), elections_on_ring(s, i + 120), "modulo n!");
    }
    int64_t turned = 0; /* those that begin with node 3 */
    for (int64_t i = 72; i < 96; i++) {
        turned += elections_on_ring(s, i);
    }
    cr_expect_eq(sum, turned);
    scenario_free(s);
}
