/* The figures of the token locks that know where to ask (Suzuki-Kasami, Raymond, Naimi-Trehel), met
 * exactly: no bounds, no tolerance. */
#include "figures.h"

/* ------------------------------------------------------------------------------- isolated */

/* A single request of one node, node 0 being the holder: its messages. */
static uint64_t price(const char *lock, int nodes, int client)
{
    outcome o = load("return scenario { nodes = %d, run = %s, links = { latency = '1ms' }, "
                     "workload = lock_clients { clients = { %d }, entries = 1 } }",
                     nodes, lock, client);
    uint64_t sent = metrics_sent(o.result->metrics);
    outcome_clear(&o);
    return sent;
}

Test (figures_tree, suzuki_kasami_costs_nothing_or_n) {
    for (int nodes = 1; nodes <= 32; nodes++) {
        outcome o = isolated(nodes, "mutex.suzuki_kasami {}",
                             "function cost(node)\n"
                             "  if node == holder then return 0, 0 end\n"
                             "  return n, 2\n"
                             "end",
                             100);
        cr_expect_eq(metrics_entries(o.result->metrics), 100);
        outcome_clear(&o);
    }
}

/* n requesters, each as likely as any other: n(n-1) messages, n-1 in the mean. */
Test (figures_tree, suzuki_kasami_costs_n_less_one_in_the_mean) {
    for (int nodes = 2; nodes <= 16; nodes++) {
        uint64_t sum = 0;
        for (int client = 0; client < nodes; client++) {
            sum += price("mutex.suzuki_kasami {}", nodes, client);
        }
        cr_expect_eq(sum, (uint64_t)(nodes * (nodes - 1)), "%d nodes", nodes);
    }
}

Test (figures_tree, raymond_costs_two_messages_for_each_edge_to_the_token) {
    for (int nodes = 1; nodes <= 12; nodes++) {
        for (int arity = 1; arity < nodes || arity == 1; arity++) {
            char *lock = g_strdup_printf("mutex.raymond { arity = %d }", arity);
            char *model = g_strdup_printf("function cost(node)\n"
                                          "  local a, b, edges = node, holder, 0\n"
                                          "  while a ~= b do\n"
                                          "    if a < b then a, b = b, a end\n"
                                          "    a, edges = (a - 1) // %d, edges + 1\n"
                                          "  end\n"
                                          "  return 2 * edges, 2 * edges\n"
                                          "end",
                                          arity);
            outcome o = isolated(nodes, lock, model, 60);
            cr_expect_eq(metrics_entries(o.result->metrics), 60);
            outcome_clear(&o);
            g_free(model);
            g_free(lock);
        }
    }
}

static const char *const path_reversal = "local last = {} for i = 0, n - 1 do last[i] = 0 end\n"
                                         "function cost(node)\n"
                                         "  local edges, at = 0, node\n"
                                         "  while last[at] ~= at do\n"
                                         "    at, last[at], edges = last[at], node, edges + 1\n"
                                         "  end\n"
                                         "  last[at] = node\n"
                                         "  local messages = edges > 0 and edges + 1 or 0\n"
                                         "  return messages, messages\n"
                                         "end";

Test (figures_tree, naimi_trehel_costs_the_path_and_the_token) {
    for (int nodes = 1; nodes <= 32; nodes++) {
        outcome o = isolated(nodes, "mutex.naimi_trehel {}", path_reversal, 200);
        cr_expect_eq(metrics_entries(o.result->metrics), 200);
        outcome_clear(&o);
    }
}

/* A message is a delay: the longest wait is n delays. */
Test (figures_tree, naimi_trehel_costs_n_messages_at_worst) {
    for (int nodes = 2; nodes <= 5; nodes++) {
        outcome o = isolated(nodes, "mutex.naimi_trehel {}", path_reversal, 2000);
        cr_expect_eq(histogram_most(metrics_waiting(o.result->metrics)), nodes * ms);
        cr_expect_eq(histogram_least(metrics_waiting(o.result->metrics)), 0);
        outcome_clear(&o);
    }
}

/* -------------------------------------------------------- Naimi-Trehel: the mean is H(n-1) */

/*
 * The model above is what the runs do, message by message. Its states are the rooted trees on n
 * nodes; with each node equally likely to ask next they are a Markov chain. Its stationary
 * distribution is the solution of linear equations with rational coefficients: solved here modulo
 * a prime, so that the mean cost can be compared with H(n-1) for equality.
 */
enum { TREE_NODES_MOST = 5, TREES_MOST = 3125 };

static const uint64_t prime = (UINT64_C(1) << 61) - 1;

typedef struct chain {
    int nodes, trees;
    int parents[TREES_MOST][TREE_NODES_MOST];
    int number[TREES_MOST]; /* of a code; -1: not a tree */
} chain;

static uint64_t times(uint64_t a, uint64_t b)
{
    return (uint64_t)((unsigned __int128)a * b % prime);
}

static uint64_t inverse(uint64_t a)
{
    uint64_t result = 1;
    for (uint64_t e = prime - 2; e > 0; e >>= 1) {
        result = e & 1 ? times(result, a) : result;
        a = times(a, a);
    }
    return result;
}

static int code_of(const chain *c, const int *parents)
{
    int code = 0;
    for (int i = 0; i < c->nodes; i++) {
        code = code * c->nodes + parents[i];
    }
    return code;
}

/* Every node's way ends at the same root. */
static bool is_tree(const int *parents, int nodes)
{
    int root = -1;
    for (int i = 0; i < nodes; i++) {
        int at = i;
        for (int steps = 0; steps < nodes; steps++) {
            at = parents[at];
        }
        if (parents[at] != at || (root >= 0 && root != at)) {
            return false;
        }
        root = at;
    }
    return true;
}

static void list_trees(chain *c, int nodes)
{
    int codes = 1;
    c->nodes = nodes;
    c->trees = 0;
    for (int i = 0; i < nodes; i++) {
        codes *= nodes;
    }
    for (int code = 0; code < codes; code++) {
        int *parents = c->parents[c->trees];
        for (int i = nodes, rest = code; i-- > 0; rest /= nodes) {
            parents[i] = rest % nodes;
        }
        c->number[code] = is_tree(parents, nodes) ? c->trees++ : -1;
    }
}

/* Node `node` asks: messages, and the tree afterwards. */
static uint64_t ask(const chain *c, int tree, int node, int *next)
{
    int parents[TREE_NODES_MOST];
    uint64_t edges = 0;
    memcpy(parents, c->parents[tree], sizeof parents);
    int at = node;
    for (; parents[at] != at; edges++) {
        int up = parents[at];
        parents[at] = node;
        at = up;
    }
    parents[at] = node;
    *next = c->number[code_of(c, parents)];
    return edges > 0 ? edges + 1 : 0;
}

/* Solves rows of `trees` coefficients and a right side, modulo the prime; column `trees` is the
 * solution then. */
static void solve(uint64_t *m, int trees)
{
    int width = trees + 1;
    for (int i = 0; i < trees; i++) {
        int pivot = i;
        while (m[pivot * width + i] == 0) {
            cr_assert_lt(++pivot, trees, "no unique solution");
        }
        for (int k = i; k < width; k++) {
            uint64_t swap = m[pivot * width + k];
            m[pivot * width + k] = m[i * width + k];
            m[i * width + k] = swap;
        }
        uint64_t scale = inverse(m[i * width + i]);
        for (int k = i; k < width; k++) {
            m[i * width + k] = times(m[i * width + k], scale);
        }
        for (int j = 0; j < trees; j++) {
            uint64_t factor = j != i && m[j * width + i] ? prime - m[j * width + i] : 0;
            for (int k = i; factor > 0 && k < width; k++) {
                m[j * width + k] = (m[j * width + k] + times(factor, m[i * width + k])) % prime;
            }
        }
    }
}

/* Mean number of messages, modulo the prime. */
static uint64_t mean_cost(const chain *c)
{
    int width = c->trees + 1, next;
    uint64_t *m = g_new0(uint64_t, (gsize)c->trees * width), sum = 0;
    for (int tree = 0; tree < c->trees; tree++) { /* sum of what comes in = n times what is there */
        m[tree * width + tree] = prime - (uint64_t)c->nodes;
    }
    for (int tree = 0; tree < c->trees; tree++) {
        for (int node = 0; node < c->nodes; node++) {
            ask(c, tree, node, &next);
            m[next * width + tree] = (m[next * width + tree] + 1) % prime;
        }
    }
    for (int k = 0; k < width; k++) { /* one equation follows from the others: the sum is 1 */
        m[k] = 1;
    }
    solve(m, c->trees);
    for (int tree = 0; tree < c->trees; tree++) {
        for (int node = 0; node < c->nodes; node++) {
            sum = (sum + times(m[tree * width + c->trees], ask(c, tree, node, &next))) % prime;
        }
    }
    g_free(m);
    return times(sum, inverse((uint64_t)c->nodes));
}

Test (figures_tree, naimi_trehel_costs_the_harmonic_number_in_the_mean) {
    static chain c;
    uint64_t harmonic = 0;
    for (int nodes = 2; nodes <= TREE_NODES_MOST; nodes++) {
        list_trees(&c, nodes);
        harmonic = (harmonic + inverse((uint64_t)nodes - 1)) % prime;
        cr_expect_eq(mean_cost(&c), harmonic, "%d nodes, %d trees", nodes, c.trees);
    }
}

/* ------------------------------------------------------------------------------ saturated */

Test (figures_tree, saturated_suzuki_kasami_and_naimi_trehel_wait_as_long_as_the_formula) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        expect_turns("mutex.suzuki_kasami {}", nodes);
        expect_turns("mutex.naimi_trehel {}", nodes);
    }
}

/* The first entry is the holder's. */
Test (figures_tree, saturated_suzuki_kasami_costs_n_messages) {
    for (int nodes = 2; nodes <= 32; nodes++) {
        outcome o = saturated("mutex.suzuki_kasami {}", nodes, "duration = '2s',");
        const metrics *m = o.result->metrics;
        cr_expect_eq(metrics_sent(m), (uint64_t)nodes * (metrics_entries(m) - 1));
        outcome_clear(&o);
    }
}

/* In one round of the token over all 2(n-1) edges all enter once: a run that is longer by a round
 * has n entries and 4(n-1) messages more, the delay between two entries is 2(n-1)/n T in the mean,
 * and each waits for the round less its own section. */
static void expect_rounds(int nodes, int arity)
{
    int round = nodes * hold + 2 * (nodes - 1);
    char *lock = g_strdup_printf("mutex.raymond { arity = %d }", arity);
    uint64_t sent[2], entries[2];
    for (int i = 0; i < 2; i++) {
        char *more = g_strdup_printf("warm_up = '2s', duration = '%dms',", 4000 + i * round);
        outcome o = saturated(lock, nodes, more);
        sent[i] = metrics_sent(o.result->metrics);
        entries[i] = metrics_entries(o.result->metrics);
        expect_all(metrics_waiting(o.result->metrics), (round - hold) * ms, lock);
        outcome_clear(&o);
        g_free(more);
    }
    cr_expect_eq(entries[1] - entries[0], (uint64_t)nodes, "%s, %d nodes", lock, nodes);
    cr_expect_eq(sent[1] - sent[0], (uint64_t)(4 * (nodes - 1)), "%s, %d nodes", lock, nodes);
    g_free(lock);
}

Test (figures_tree, saturated_raymond_costs_the_same_on_every_tree) {
    for (int nodes = 2; nodes <= 12; nodes++) {
        for (int arity = 1; arity < nodes; arity++) {
            expect_rounds(nodes, arity);
        }
    }
    expect_rounds(32, 2);
}

Test (figures_tree, saturated_raymond_with_seven_nodes_waits_72) {
    outcome o = saturated("mutex.raymond {}", 7, "warm_up = '2s', duration = '4s',");
    expect_all(metrics_waiting(o.result->metrics), 72 * ms, "N 7, E 10, T 1");
    outcome_clear(&o);
}
