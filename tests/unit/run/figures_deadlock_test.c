/* The figures of Chandy, Misra and Haas, met exactly, above several locks. */
#include "figures.h"

static const char *const locks[] = {"mutex.coordinator {}", "mutex.ricart_agrawala {}",
                                    "mutex.suzuki_kasami {}"};

/* n nodes, each of which holds its lock and asks for the next one's: node 0 at 50 ms, the others at
 * `others`; they look 50 ms later, and HOLDER comes in 2 ms at most. At the first DEADLOCK the
 * globals `probes` and `looked` tell how many PROBEs there were and when the first left. */
static outcome circle(const char *lock, int nodes, const char *others, const char *more)
{
    return load("local n, probes, looked, found = %d, 0, nil, 0\n"
                "on({ sent = 'PROBE' }, function(e)\n"
                "  probes, looked = probes + 1, looked or e.at\n"
                "  if e.from == e.to then error('a probe that crosses no link') end\n"
                "end)\n"
                "local seats = {}\n"
                "for i = 0, n - 1 do\n"
                "  seats[i + 1] = process(i, function(p)\n"
                "    p:lock(i)\n"
                "    p:sleep((i == 0 and 50 or %s) * ms - p:now())\n"
                "    p:lock((i + 1) %% n) p:unlock((i + 1) %% n) p:unlock(i)\n"
                "  end)\n"
                "end\n"
                "on({ indication = 'DEADLOCK' }, function(e)\n"
                "  found = found + 1\n"
                "  %s\n"
                "end)\n"
                "return scenario { nodes = n, resources = n, links = { latency = '1ms' },\n"
                "  run = mutex.chandy_misra_haas { delay = '50ms', %s mutex = %s },\n"
                "  processes = seats, expect = { no_deadlock = 'fails' } }",
                nodes, others,
                strstr(more, "preempt")
                    ? "if probes ~= n then error(probes .. ' probes') end\n"
                      "if e.at - looked ~= n * ms then error('found after ' .. e.at - looked) end"
                    : "",
                more, lock);
}

static uint64_t sent(const outcome *o, uint32_t component, uint32_t type)
{
    uint32_t count;
    const message_count *all = metrics_messages(o->result->metrics, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (all[i].component == component && all[i].type == type) {
            return all[i].sent;
        }
    }
    cr_assert_fail("no such message");
    return 0;
}

enum { DETECTOR = 1, PROBE = 4 }; /* the lock is component 0 */

/* One looks first, finds the cycle, and breaks it up before the others look. */
Test (figures_deadlock, a_cycle_of_n_costs_n_probes_and_n_delays) {
    for (size_t lock = 0; lock < sizeof locks / sizeof *locks; lock++) {
        for (int nodes = 2; nodes <= 32; nodes++) {
            outcome o = circle(locks[lock], nodes, "90", "preempt = true,");
            const run_verdict *found = verdict_of(&o, "deadlock_detected");
            cr_expect_not_null(strstr(found->finding.reason, "found once, by node 0"), "%s",
                               found->finding.reason);
            cr_expect_eq(verdict_of(&o, "every_request_granted")->finding.verdict, VERDICT_HOLDS);
            cr_expect_eq(verdict_of(&o, "no_phantom_deadlock")->finding.verdict, VERDICT_HOLDS);
            cr_expect_eq(metrics_leases_over(o.result->metrics), 1, "one victim");
            outcome_clear(&o);
        }
    }
}

/* Nobody gives anything up: each finds the cycle, with a search of its own. */
Test (figures_deadlock, if_all_look_it_costs_n_probes_each) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        outcome o = circle(locks[nodes % 3], nodes, "50", "");
        uint64_t probes = sent(&o, DETECTOR, PROBE), all = (uint64_t)nodes * (uint64_t)nodes;
        cr_expect_eq(probes, all, "%d nodes: %" PRIu64, nodes, probes);
        char *words = g_strdup_printf("found %d times, first by node ", nodes);
        const run_verdict *found = verdict_of(&o, "deadlock_detected");
        cr_expect(g_str_has_prefix(found->finding.reason, words), "%s", found->finding.reason);
        cr_expect_eq(verdict_of(&o, "no_phantom_deadlock")->finding.verdict, VERDICT_HOLDS);
        g_free(words);
        outcome_clear(&o);
    }
}

/* A line of waiting is no cycle: a search goes to its end and dies there. */
Test (figures_deadlock, a_line_of_n_that_wait_costs_a_probe_for_each_edge) {
    for (int nodes = 2; nodes <= 16; nodes++) {
        outcome o =
            load("local n, seats = %d, {}\n"
                 "for i = 0, n - 1 do\n"
                 "  seats[i + 1] = process(i, function(p)\n"
                 "    p:lock(i) p:sleep(50 * ms - p:now())\n"
                 "    if i == n - 1 then p:sleep('100ms') p:unlock(i) return end\n"
                 "    p:lock(i + 1) p:unlock(i + 1) p:unlock(i)\n"
                 "  end)\n"
                 "end\n"
                 "return scenario { nodes = n, resources = n, links = { latency = '1ms' },\n"
                 "  run = mutex.chandy_misra_haas { delay = '80ms', mutex = %s },\n"
                 "  processes = seats, expect = { no_phantom_deadlock = 'holds' } }",
                 nodes, locks[nodes % 3]);
        uint64_t probes = sent(&o, DETECTOR, PROBE),
                 edges = (uint64_t)nodes * (uint64_t)(nodes - 1);
        cr_expect_eq(probes, edges / 2, "%d nodes: %" PRIu64, nodes, probes);
        cr_expect_null(verdict_of(&o, "deadlock_detected")->finding.reason);
        outcome_clear(&o);
    }
}

/* What the books cost where nobody waits: HELD, FREE, WAITS. */
Test (figures_deadlock, the_books_cost_three_messages_an_entry) {
    outcome o = load("return scenario { nodes = 5, links = { latency = '1ms' },\n"
                     "  run = mutex.chandy_misra_haas { mutex = mutex.coordinator {} },\n"
                     "  workload = lock_clients { clients = { 1, 2, 3 }, isolated = true,\n"
                     "    think = '20ms', hold = '5ms', entries = 20 } }");
    cr_expect_eq(metrics_entries(o.result->metrics), 20);
    for (uint32_t type = 0; type < 3; type++) {
        cr_expect_eq(sent(&o, DETECTOR, type), 20, "type %u", type);
    }
    cr_expect_eq(sent(&o, DETECTOR, PROBE), 0);
    outcome_clear(&o);
}
