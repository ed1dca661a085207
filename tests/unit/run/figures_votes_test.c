/* The figures of Maekawa's and of Carvalho and Roucairol's locks, met exactly: no bounds, no
 * tolerance. */
#include "figures.h"

/* ---------------------------------------------------------------------------------- Maekawa */

typedef struct quorums {
    int nodes, size; /* of a quorum, itself included */
    const char *lock;
} quorums;

#define GRID "mutex.maekawa {}"
#define PLANE "mutex.maekawa { plane = true }"

static const quorums all_quorums[] = {
    {4, 3, GRID},  {9, 5, GRID},  {16, 7, GRID},  {25, 9, GRID},  {36, 11, GRID},
    {3, 2, PLANE}, {7, 3, PLANE}, {13, 4, PLANE}, {21, 5, PLANE}, {31, 6, PLANE},
};

enum { QUORUMS = sizeof all_quorums / sizeof *all_quorums };

/* REQUEST, VOTE and RELEASE, each to K-1 others. */
Test (figures_votes, maekawa_costs_three_messages_for_each_other_voter) {
    for (int i = 0; i < QUORUMS; i++) {
        const quorums *q = &all_quorums[i];
        outcome o = load("return scenario { nodes = %d, run = %s, links = { latency = '1ms' }, "
                         "workload = lock_clients { think = '50ms', hold = '10ms', entries = 100, "
                         "isolated = true } }",
                         q->nodes, q->lock);
        const metrics *m = o.result->metrics;
        cr_expect_eq(metrics_entries(m), 100);
        cr_expect_eq(metrics_sent(m), (uint64_t)(300 * (q->size - 1)), "%d nodes", q->nodes);
        expect_all(metrics_waiting(m), 2 * ms, "response when idle");
        outcome_clear(&o);
    }
}

/* A run with twice the entries: what it costs more is FAILED as well, from each other voter. */
Test (figures_votes, saturated_maekawa_costs_four_messages_for_each_other_voter) {
    for (int i = 0; i < QUORUMS; i++) {
        const quorums *q = &all_quorums[i];
        uint64_t sent[2];
        for (int k = 0; k < 2; k++) {
            outcome o = load("return scenario { nodes = %d, run = %s, links = { latency = '1ms' }, "
                             "workload = lock_clients { think = 0, hold = '10ms', entries = %d } }",
                             q->nodes, q->lock, 20 << k);
            sent[k] = metrics_sent(o.result->metrics);
            outcome_clear(&o);
        }
        cr_expect_eq(sent[1] - sent[0], (uint64_t)(20 * q->nodes * 4 * (q->size - 1)),
                     "%s, %d nodes", q->lock, q->nodes);
    }
}

/* The vote that both need is given back and given anew: T for each of the two that is not the
 * voter's own business. Lines of a plane have one node in common. */
Test (figures_votes, maekawa_takes_one_delay_or_two_from_leaver_to_entrant) {
    static const char *const lines[] = {"0, 1", "0, 1, 3", "0, 1, 3, 9", "0, 3, 4, 9, 11",
                                        "0, 4, 10, 23, 24, 26"};
    for (int i = 0; i < 5; i++) {
        const quorums *q = &all_quorums[QUORUMS - 5 + i];
        outcome o =
            load("local n, line, left, leaver, entries = %d, { %s }, nil, nil, 0\n"
                 "local function voters(node)\n"
                 "  local set = {}\n"
                 "  for _, d in ipairs(line) do set[(node + d) %% n] = true end\n"
                 "  return set\n"
                 "end\n"
                 "on({ request = 'RELEASE' }, function(e) left, leaver = e.at, e.node end)\n"
                 "on({ indication = 'GRANTED' }, function(e)\n"
                 "  entries = entries + 1\n"
                 "  if entries < 2 * n then return end\n"
                 "  local delays, common = 0, voters(leaver)\n"
                 "  for voter in pairs(voters(e.node)) do\n"
                 "    if common[voter] then\n"
                 "      delays = (voter ~= leaver and 1 or 0) + (voter ~= e.node and 1 or 0)\n"
                 "    end\n"
                 "  end\n"
                 "  if e.at - left ~= delays * ms then error('not ' .. delays) end\n"
                 "end)\n"
                 "return scenario { nodes = n, run = %s, links = { latency = '1ms' }, "
                 "workload = lock_clients { think = 0, hold = '10ms', entries = 20 } }",
                 q->nodes, lines[i], q->lock);
        cr_expect_eq(metrics_entries(o.result->metrics), (uint64_t)(20 * q->nodes));
        outcome_clear(&o);
    }
}

/* ---------------------------------------------------------------------- Carvalho, Roucairol */

/* Two messages for each that has asked since, all at first. Once all have entered the mean over all
 * that may ask is n-1, in every state. */
static const char *const kept_permissions =
    "local turn, last = 0, {}\n"
    "local function others_since(node)\n"
    "  local count = 0\n"
    "  for other = 0, n - 1 do\n"
    "    local since = last[node] == nil or (last[other] or 0) > last[node]\n"
    "    if other ~= node and since then count = count + 1 end\n"
    "  end\n"
    "  return count\n"
    "end\n"
    "function cost(node)\n"
    "  local all, sum = true, 0\n"
    "  for other = 0, n - 1 do\n"
    "    all, sum = all and last[other], sum + 2 * others_since(other)\n"
    "  end\n"
    "  if all and sum ~= n * (n - 1) then error('mean is not n-1') end\n"
    "  local count = others_since(node)\n"
    "  turn = turn + 1\n"
    "  last[node] = turn\n"
    "  return 2 * count, count > 0 and 2 or 0\n"
    "end";

Test (figures_votes, carvalho_roucairol_asks_those_who_asked_since) {
    for (int nodes = 1; nodes <= 16; nodes++) {
        outcome o = isolated(nodes, "mutex.carvalho_roucairol {}", kept_permissions, 200);
        cr_expect_eq(metrics_entries(o.result->metrics), 200);
        outcome_clear(&o);
    }
}

Test (figures_votes, saturated_carvalho_roucairol_costs_two_messages_for_each_other_node) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        outcome o = saturated("mutex.carvalho_roucairol {}", nodes, "duration = '2s',");
        const metrics *m = o.result->metrics;
        cr_expect_eq(metrics_sent(m), (uint64_t)(2 * (nodes - 1)) * metrics_entries(m));
        outcome_clear(&o);
        expect_turns("mutex.carvalho_roucairol {}", nodes);
    }
}
