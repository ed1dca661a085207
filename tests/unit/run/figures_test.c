/* The figures of the literature, met exactly: no bounds, no tolerance. */
#include "stage.h"

#include <criterion/criterion.h>
#include <inttypes.h>

static const int64_t ms = 1000000;

static outcome load(const char *format, ...) G_GNUC_PRINTF(1, 2);

static outcome load(const char *format, ...)
{
    va_list more;
    va_start(more, format);
    char *text = g_strdup_vprintf(format, more);
    va_end(more);
    outcome o = perform(text, 1, NULL);
    g_free(text);
    cr_assert_eq(o.result->status, RUN_DONE);
    cr_assert_eq(run_exit_status(o.result), 0);
    return o;
}

/* Every value of the histogram is `value`. */
static void expect_all(const histogram *h, int64_t value, const char *what)
{
    cr_expect_gt(histogram_count(h), 0, "%s", what);
    cr_expect_eq(histogram_least(h), value, "%s: least %" PRId64, what, histogram_least(h));
    cr_expect_eq(histogram_most(h), value, "%s: most %" PRId64, what, histogram_most(h));
}

/* Messages of each type are so many times the entries, to the last one. */
static void expect_messages(const metrics *m, uint64_t per_entry)
{
    cr_expect_eq(metrics_sent(m), per_entry * metrics_entries(m),
                 "%" PRIu64 " messages, %" PRIu64 " entries", metrics_sent(m), metrics_entries(m));
}

Test (figures, coordinator_costs_three_messages_and_two_delays) {
    for (int clients = 1; clients <= 31; clients++) { /* and the coordinator: n = 2 .. 32 */
        outcome o =
            load("local c = {} for i = 1, %d do c[i] = i end "
                 "return scenario { nodes = %d, run = mutex.coordinator { coordinator = 0 }, "
                 "links = { latency = '1ms' }, workload = lock_clients { clients = c, "
                 "think = '5ms', hold = '10ms', entries = 100, isolated = true } }",
                 clients, clients + 1);
        const metrics *m = o.result->metrics;
        cr_expect_eq(metrics_entries(m), 100);
        expect_messages(m, 3);
        expect_all(metrics_waiting(m), 2 * ms, "response when idle");
        outcome_clear(&o);
    }
}

Test (figures, coordinator_as_its_own_client_costs_nothing) {
    for (int nodes = 1; nodes <= 32; nodes++) {
        outcome o = load("return scenario { nodes = %d, run = mutex.coordinator { coordinator = "
                         "%d }, workload = lock_clients { clients = { %d }, think = '5ms', "
                         "hold = '10ms', entries = 100 } }",
                         nodes, nodes / 2, nodes / 2);
        cr_expect_eq(metrics_entries(o.result->metrics), 100);
        expect_messages(o.result->metrics, 0);
        expect_all(metrics_waiting(o.result->metrics), 0, "response");
        outcome_clear(&o);
    }
}

/* Hardening costs nothing as long as nothing goes wrong and nobody waits for long. */
#define HARDENED                                                                                   \
    "mutex.coordinator { coordinator = 0, request_timeout = '200ms', lease = '1s', "               \
    "drift = '200ppm', fencing = true, epochs = true }"

Test (figures, hardened_coordinator_costs_three_messages_and_two_delays) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        outcome o = load("return scenario { nodes = %d, run = " HARDENED ", "
                         "links = { latency = '1ms' }, workload = lock_clients { clients = { %d }, "
                         "think = '5ms', hold = '10ms', entries = 100 } }",
                         nodes, nodes - 1);
        cr_expect_eq(metrics_entries(o.result->metrics), 100);
        expect_messages(o.result->metrics, 3);
        expect_all(metrics_waiting(o.result->metrics), 2 * ms, "response when idle");
        outcome_clear(&o);
    }
}

/* Node 2 asks at 1 ms, when node 1 has entered, and waits until 501 ms: it asks again at 201 and
 * 401 ms, and each time there are REQUEST, WAIT, QUERY and HOLD. */
Test (figures, hardened_coordinator_asks_the_holder_each_time_that_somebody_asks_again) {
    outcome o = load("return scenario { nodes = 3, run = " HARDENED ", "
                     "links = { latency = '1ms' }, workload = lock_clients { clients = { 1, 2 }, "
                     "start = fixed('1ms'), hold = '500ms', entries = 1 } }");
    cr_expect_eq(metrics_entries(o.result->metrics), 2);
    cr_expect_eq(metrics_sent(o.result->metrics), 2 * 3 + 2 * 4);
    outcome_clear(&o);
}

/* QUERY to all others, and what they answer. */
Test (figures, new_coordinator_asks_all_others_once) {
    for (uint64_t nodes = 2; nodes <= 32; nodes++) {
        outcome o = load("return scenario { nodes = %d, run = " HARDENED ", duration = '1s', "
                         "faults = { at('500ms', crash(0, { lasts = '10ms' })) } }",
                         (int)nodes);
        cr_expect_eq(metrics_sent(o.result->metrics), 2 * (nodes - 1));
        outcome_clear(&o);
    }
}

/* One request at a time, from 2 to 32 nodes: `per_other` messages for each other node. */
static void expect_isolated(const char *run, int per_other)
{
    for (int nodes = 2; nodes <= 32; nodes++) {
        outcome o = load("return scenario { nodes = %d, run = %s, links = { latency = '1ms', "
                         "fifo = true }, workload = lock_clients { think = '5ms', "
                         "hold = '10ms', entries = 100, isolated = true } }",
                         nodes, run);
        const metrics *m = o.result->metrics;
        cr_expect_eq(metrics_entries(m), 100);
        expect_messages(m, (uint64_t)(per_other * (nodes - 1)));
        expect_all(metrics_waiting(m), 2 * ms, "response when idle");
        outcome_clear(&o);
    }
}

Test (figures, ricart_agrawala_costs_two_messages_for_each_other_node_and_two_delays) {
    expect_isolated("mutex.ricart_agrawala {}", 2);
}

/* Where nothing goes wrong, what hardening costs is the detector's heartbeats. */
Test (figures, hardened_ricart_agrawala_costs_no_message_more) {
    expect_isolated("mutex.ricart_agrawala { echo = true }", 2);
    expect_isolated("mutex.ricart_agrawala { stable_clock = true, request_timeout = '3ms' }", 2);
}

Test (figures, lamport_costs_three_messages_for_each_other_node_and_two_delays) {
    expect_isolated("mutex.lamport {}", 3);
}

/* ------------------------------------------------------------------------------ saturated */

typedef struct saturated {
    const char *run, *clients;      /* clients: "" for all nodes */
    int nodes, asking, hold, delay; /* ms */
    int synchronisation;            /* ms: 2T or T */
    uint64_t messages;              /* an entry */
} saturated;

static outcome saturate(const saturated *s, const char *warm_up)
{
    return load(
        "return scenario { nodes = %d, run = %s, links = { latency = '%dms', fifo = true }, "
        "warm_up = '%s', duration = '10s', workload = lock_clients { %s think = 0, "
        "hold = '%dms', entries = 0 } }",
        s->nodes, s->run, s->delay, warm_up, s->clients, s->hold);
}

/* From the first entry, 2T after the start, to the last release nothing is lost: 1/(SD+E) entries
 * per time. */
static void expect_throughput(const saturated *s, const run_result *r)
{
    int64_t entries = (int64_t)metrics_entries(r->metrics);
    int64_t busy = entries * (s->hold + s->synchronisation) - s->synchronisation;
    cr_expect_eq(r->ended_at, (2 * s->delay + busy) * ms, "%" PRId64 " entries until %" PRId64,
                 entries, r->ended_at);
}

/* Everyone asks again at once: each waits N(E+SD)-E, in turn. */
static void expect_saturated(const saturated *s)
{
    int64_t waits = s->asking * (int64_t)(s->hold + s->synchronisation) - s->hold;
    uint64_t least = UINT64_MAX, most = 0;
    outcome o = saturate(s, "2s");
    const metrics *m = o.result->metrics;
    expect_all(metrics_synchronisation(m), s->synchronisation * ms, s->run);
    expect_all(metrics_waiting(m), waits * ms, s->run);
    for (int node = s->nodes - s->asking; node < s->nodes; node++) {
        uint64_t entries = metrics_entries_of(m, (uint32_t)node);
        least = MIN(least, entries);
        most = MAX(most, entries);
    }
    cr_expect_leq(most - least, 1, "entries from %" PRIu64 " to %" PRIu64, least, most);
    outcome_clear(&o);
    o = saturate(s, "0s");
    expect_messages(o.result->metrics, s->messages);
    expect_throughput(s, o.result);
    outcome_clear(&o);
}

Test (figures, saturated_coordinator_with_seven_clients_waits_74) {
    expect_saturated(&(saturated){"mutex.coordinator { coordinator = 0 }",
                                  "clients = { 1, 2, 3, 4, 5, 6, 7 },", 8, 7, 10, 1, 2, 3});
}

Test (figures, saturated_ricart_agrawala_with_seven_nodes_waits_67) {
    expect_saturated(&(saturated){"mutex.ricart_agrawala {}", "", 7, 7, 10, 1, 1, 12});
}

Test (figures, saturated_ricart_agrawala_waits_as_long_as_the_formula_for_any_n) {
    for (int n = 2; n <= 32; n++) {
        expect_saturated(
            &(saturated){"mutex.ricart_agrawala {}", "", n, n, 10, 1, 1, (uint64_t)(2 * (n - 1))});
    }
}

Test (figures, saturated_lamport_waits_as_long_as_the_formula_for_any_n) {
    for (int n = 2; n <= 32; n++) {
        expect_saturated(
            &(saturated){"mutex.lamport {}", "", n, n, 10, 1, 1, (uint64_t)(3 * (n - 1))});
    }
}

Test (figures, saturated_coordinator_waits_as_long_as_the_formula_for_any_n) {
    for (int n = 2; n <= 32; n++) {
        GString *clients = g_string_new("clients = { ");
        for (int i = 1; i <= n; i++) {
            g_string_append_printf(clients, "%d, ", i);
        }
        g_string_append(clients, "},");
        expect_saturated(&(saturated){"mutex.coordinator { coordinator = 0 }", clients->str, n + 1,
                                      n, 10, 1, 2, 3});
        g_string_free(clients, TRUE);
    }
}
