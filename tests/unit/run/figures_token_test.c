/* The figures of the locks that pass a token, met exactly: no bounds, no tolerance. */
#include "figures.h"

static const int64_t us = 1000;

/* ------------------------------------------------------------------------------ token ring */

/* The token does not stop at its first node: nobody has asked when it sets out. */
Test (figures_token, saturated_token_ring_costs_one_message_an_entry) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        outcome o = saturated("mutex.token_ring {}", nodes, "duration = '4s',");
        const metrics *m = o.result->metrics;
        cr_expect_gt(metrics_entries(m), 300);
        cr_expect_eq(metrics_sent(m), metrics_entries(m) + 1, "%d nodes", nodes);
        outcome_clear(&o);
    }
}

Test (figures_token, saturated_token_ring_waits_as_long_as_the_formula_for_any_n) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        expect_turns("mutex.token_ring {}", nodes);
    }
}

Test (figures_token, saturated_rings_that_detect_a_loss_wait_no_longer) {
    for (int nodes = 2; nodes <= 16; nodes++) {
        expect_turns("mutex.token_ring { acknowledge = '5ms', regenerate = '5s', silence = '1s', "
                     "recall = true, fencing = true }",
                     nodes);
        expect_turns("mutex.two_tokens {}", nodes);
    }
}

/* TOKEN and TAKEN, each once an entry; TAKEN of the last entry comes after the end. */
Test (figures_token, an_acknowledged_hand_over_costs_two_messages) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        outcome o =
            saturated("mutex.token_ring { acknowledge = '5ms' }", nodes, "duration = '4s',");
        const metrics *m = o.result->metrics;
        cr_expect_eq(metrics_sent(m), 2 * metrics_entries(m) + 1, "%d nodes", nodes);
        outcome_clear(&o);
    }
}

/* T..nT: a step for each node from the one that leaves to the one that waits. */
Test (figures_token, token_ring_takes_a_step_for_each_node_between_leaver_and_entrant) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        for (int far = 1; far < nodes; far++) {
            outcome o =
                load("return scenario { nodes = %d, run = mutex.token_ring {}, links = { latency = "
                     "'1ms' }, warm_up = '1s', duration = '2s', workload = lock_clients { clients "
                     "= { 0, %d }, think = 0, hold = '10ms', entries = 0 } }",
                     nodes, far);
            const histogram *h = metrics_synchronisation(o.result->metrics);
            cr_expect_eq(histogram_least(h), MIN(far, nodes - far) * ms, "n %d, %d", nodes, far);
            cr_expect_eq(histogram_most(h), MAX(far, nodes - far) * ms, "n %d, %d", nodes, far);
            outcome_clear(&o);
        }
    }
}

/* One requester, at the time `(k + 1/2) T`, and no other: the token is between nodes k and k + 1
 * then. The sum of the waiting times, in ns, over all k. */
static int64_t waits_of(const char *lock, int nodes, int client)
{
    int64_t sum = 0;
    for (int k = 0; k < nodes; k++) {
        outcome o =
            load("return scenario { nodes = %d, run = %s, links = { latency = '1ms' }, "
                 "workload = lock_clients { clients = { %d }, start = '%d.5ms', hold = '10ms', "
                 "entries = 1 } }",
                 nodes, lock, client, k);
        const metrics *m = o.result->metrics;
        int64_t steps = (client - k - 1 + nodes) % nodes;
        cr_expect_eq(metrics_entries(m), 1);
        expect_all(metrics_waiting(m), steps * ms + 500 * us, "response when idle");
        sum += histogram_least(metrics_waiting(m));
        outcome_clear(&o);
    }
    return sum;
}

/* 0..nT, each as likely as any other where the token is anywhere: the mean is nT/2. */
Test (figures_token, idle_token_ring_answers_after_half_a_lap_in_the_mean) {
    for (int nodes = 2; nodes <= 12; nodes++) {
        for (int client = 0; client < nodes; client++) {
            int64_t sum = waits_of("mutex.token_ring {}", nodes, client);
            cr_expect_eq(sum * 2, nodes * (nodes * ms), "n %d, client %d", nodes, client);
        }
    }
    cr_expect_eq(waits_of("mutex.two_tokens {}", 7, 3) * 2, 7 * 7 * ms);
}

/* It has just gone, or just comes. */
Test (figures_token, idle_token_ring_answers_between_at_once_and_after_a_lap) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        for (int late = 0; late < 2; late++) {
            outcome o =
                load("return scenario { nodes = %d, run = mutex.token_ring {}, links = { latency = "
                     "'1ms' }, workload = lock_clients { clients = { 1 }, start = '%dns', "
                     "entries = 1 } }",
                     nodes, 1000000 - 1 + 2 * late);
            expect_all(metrics_waiting(o.result->metrics), late ? nodes * ms - 1 : 1, "response");
            outcome_clear(&o);
        }
    }
}
