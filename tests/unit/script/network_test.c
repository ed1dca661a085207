/* links, matrix(), topology, clocks. */
#include "loading.h"

#define MS INT64_C(1000000)

static const network_config *network_of(const scenario *s)
{
    return &s->world.network;
}

Test (network, a_link_takes_a_millisecond_unless_told) {
    static const struct {
        const char *parts;
        int64_t delay;
    } defaults[] = {
        {"", MS},
        {"links = {}", MS},
        {"links = { loss = \"1%\" }", MS},
        {"links = { latency = 0 }", 0},
        {"links = { base = \"5ms\" }", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++) {
        scenario *s = load_parts(defaults[i].parts);
        cr_expect_eq(network_of(s)->usual.delay.a, defaults[i].delay, "%s", defaults[i].parts);
        scenario_free(s);
    }
}

Test (network, every_key_of_links_arrives) {
    scenario *s =
        load_parts("links = { latency = \"2ms\", loss = \"1%\", duplicate = \"2%\", "
                   "corrupt = \"100%\", reorder = { probability = \"3%\", by = \"7ms\" }, "
                   "burst = { enter = \"4%\", leave = \"5%\", loss = \"6%\" }, "
                   "fifo = true, bandwidth = \"8kbit/s\", queue = \"4KiB\", header = \"28B\", "
                   "base = uniform(\"1ms\", \"2ms\"), symmetric = true }");
    const link_quality *q = &network_of(s)->usual;
    cr_expect_eq(q->delay.a, 2 * MS);
    cr_expect_eq(q->loss, probability_of_ppb(10000000));
    cr_expect_eq(q->duplicate, probability_of_ppb(20000000));
    cr_expect_eq(q->corrupt, UINT64_MAX);
    cr_expect_eq(q->reorder, probability_of_ppb(30000000));
    cr_expect_eq(q->reorder_by.a, 7 * MS);
    cr_expect_eq(q->burst_enter, probability_of_ppb(40000000));
    cr_expect_eq(q->burst_leave, probability_of_ppb(50000000));
    cr_expect_eq(q->burst_loss, probability_of_ppb(60000000));
    cr_expect(q->fifo);
    cr_expect_eq(q->bytes_per_second, 1000);
    cr_expect_eq(q->queue_bytes, 4096);
    cr_expect_eq(q->header_bytes, 28);
    cr_expect_eq(q->base.b, 2 * MS);
    cr_expect(q->base_symmetric);
    cr_expect_not(q->use_matrix);
    scenario_free(s);
}

Test (network, an_entry_sets_what_it_says_and_keeps_the_rest) {
    scenario *s =
        load_parts("links = { latency = \"2ms\", loss = \"1%\", "
                   "link(0, 1, { latency = \"80ms\" }), "
                   "link(1, any(), { loss = \"5%\", both = true }), "
                   "link(any(), 2, { reorder = \"1%\", fifo = true, base = \"3ms\", "
                   "bandwidth = \"1kB/s\", burst = { enter = \"1%\", leave = \"1%\", loss = "
                   "\"1%\" }, duplicate = \"1%\", corrupt = \"1%\" }) }");
    const network_config *n = network_of(s);
    cr_assert_eq(n->rule_count, 4);
    cr_expect(n->rules[0].from == 0 && n->rules[0].to == 1);
    cr_expect_eq(n->rules[0].quality.delay.a, 80 * MS);
    cr_expect_eq(n->rules[0].quality.loss, n->usual.loss);
    cr_expect(n->rules[1].from == 1 && n->rules[1].to == NOBODY);
    cr_expect(n->rules[2].from == NOBODY && n->rules[2].to == 1);
    cr_expect_eq(n->rules[2].quality.loss, probability_of_ppb(50000000));
    cr_expect_eq(n->rules[2].quality.delay.a, 2 * MS);
    const link_quality *last = &n->rules[3].quality;
    cr_expect(last->reorder > 0 && last->reorder_by.kind == DISTRIBUTION_EXPONENTIAL);
    cr_expect(last->fifo && last->base.a == 3 * MS && last->bytes_per_second == 1000);
    cr_expect(last->burst_enter > 0 && last->duplicate > 0 && last->corrupt > 0);
    scenario_free(s);
}

static const struct {
    const char *parts, *message;
} wrong[] = {
    {"links = { link(0, 5, {}) }", "case.lua:2: found node 5 for link(), expected 0 .. 4 or any()"},
    {"links = { link(0, coordinator(), {}) }",
     "case.lua:2: found a role for link(), expected 0 .. 4 or any()"},
    {"links = { link(0, 1) }", "case.lua:2: found 2 arguments of link(), expected link(from, to, { "
                               "latency = \"80ms\" })"},
    {"links = { crash(0) }",
     "case.lua:2: found an action for entry 1 of links, expected link(from, "
     "to, { ... })"},
    {"links = { queue = \"4KiB\" }",
     "case.lua:2: found queue or header without bandwidth in links, "
     "expected bandwidth = \"10Mbit/s\""},
    {"links = { burst = { enter = \"1%\" } }", "case.lua:2: found no leave in burst, expected "
                                               "burst = { enter = \"1%\", leave = \"10%\", loss = "
                                               "\"50%\" }"},
    {"links = { reorder = {} }",
     "case.lua:2: found no probability in reorder, expected reorder = { probability = \"5%\" }"},
    {"links = { bandwidth = 0 }",
     "case.lua:2: found 0 for bandwidth of links, expected a rate such "
     "as \"10Mbit/s\", 1B/s or more"},
    {"links = { matrix = 5 }", "case.lua:2: found 5 for matrix of links, expected "
                               "matrix(\"regions.csv\", { unit = \"ms\", half = true })"},
    {"topology = tree(0)", "case.lua:2: found 0 for argument 1 of tree(), expected a whole number, "
                           "1 .. 1073741824"},
    {"topology = ring(5)", "case.lua:2: found 1 argument of ring(), expected ring()"},
    {"topology = edges { { 0, 1 }, { 2 } }",
     "case.lua:2: found an edge with one end, expected two: {0, 1}"},
    {"topology = edges { { 0, 1, 2 } }",
     "case.lua:2: found a table for entry 1 of edges, expected two different nodes: {0, 1}"},
    {"topology = edges { { 0, 9 } }", "case.lua:2: found node 9 in edges(), expected 0 .. 4"},
    {"clocks = { wander = { by = \"1ppm\" } }", "case.lua:2: found no every in wander, expected "
                                                "wander = { every = \"1s\", by = normal(\"0ppm\", "
                                                "\"1ppm\") }"},
    {"clocks = { sync = { every = \"0s\" } }",
     "case.lua:2: found \"0s\" for every of sync, expected a duration such as \"250ms\", 1ns or "
     "more"},
    {"clocks = { drift = \"1ms\" }",
     "case.lua:2: found \"1ms\" for drift of clocks, expected a ratio "
     "such as \"1%\" or \"50ppm\""},
};

Test (network, what_cannot_be_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        refuses_parts(wrong[i].parts, wrong[i].message);
    }
}

/* ---------------------------------------------------------------------------------- matrix() */

#define SQUARE "from,A,\"B, C\"\nA, 0 , 10.5\n\"B, C\",20,1\n"

static const struct {
    const char *options;
    uint32_t place[5];
    int64_t delay; /* from the first place to the second */
} matrices[] = {
    {"", {0, 1, 0, 1, 0}, 10500000},
    {", { unit = \"us\" }", {0, 1, 0, 1, 0}, 10500},
    {", { half = true }", {0, 1, 0, 1, 0}, 5250000},
    {", { places = { \"B, C\", \"A\", \"A\" } }", {1, 0, 0, 1, 0}, 10500000},
};

Test (network, a_matrix_is_read_with_its_options) {
    case_data("data.csv", SQUARE);
    for (size_t i = 0; i < G_N_ELEMENTS(matrices); i++) {
        char parts[200];
        g_snprintf(parts, sizeof parts, "links = { matrix = matrix(\"data.csv\"%s) }",
                   matrices[i].options);
        scenario *s = load_parts(parts);
        const network_config *n = network_of(s);
        cr_assert_not_null(n->matrix);
        cr_expect(n->usual.use_matrix);
        cr_expect_eq(n->usual.delay.a, 0);
        cr_assert_eq(n->matrix->places, 2);
        cr_expect_eq(n->matrix->delay[1], matrices[i].delay, "%s", matrices[i].options);
        for (uint32_t node = 0; node < 5; node++) {
            uint32_t place = n->places ? n->places[node] : node % 2;
            cr_expect_eq(place, matrices[i].place[node], "%s: node %u", matrices[i].options, node);
        }
        scenario_free(s);
    }
}

static const struct {
    const char *data, *message;
} tables[] = {
    {"from,A\n", "found the end of the file in data.csv:2, expected as many rows as places (a "
                 "square)"},
    {"from,A,B\nA,0,1\n",
     "found the end of the file in data.csv:3, expected as many rows as places "
     "(a square)"},
    {"from,A,B\nA,0\nB,0,1\n", "found the end of a row in data.csv:2, expected as many delays as "
                               "places (a square)"},
    {"from,A\nA,0,1\n", "found one more cell in data.csv:2, expected as many delays as places (a "
                        "square)"},
    {"from,A\nA,0\nB,0\n", "found \"B\" in data.csv:3, expected as many rows as places (a square)"},
    {"from,A\nB,0\n",
     "found \"B\" in data.csv:2, expected the places in the order of the first row"},
    {"from,A\nA,x\n", "found \"x\" in data.csv:2, expected a plain number, 0 or more"},
    {"from,A\nA,-1\n", "found \"-1\" in data.csv:2, expected a plain number, 0 or more"},
    {"from,A\nA,\n", "found \"\" in data.csv:2, expected a plain number, 0 or more"},
    {"from,A\nA,4000000000000\n",
     "found \"4000000000000\" in data.csv:2, expected a number that is "
     "not as large"},
    {"", "found the end of the file in data.csv:1, expected a first row such as from,Tokyo,Paris"},
    {"from\n", "found \"from\" in data.csv:1, expected a first row such as from,Tokyo,Paris"},
};

Test (network, a_matrix_that_is_none_is_refused_with_row_and_cell) {
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        char message[300];
        case_data("data.csv", tables[i].data);
        g_snprintf(message, sizeof message, "case.lua:2: %s", tables[i].message);
        refuses_parts("links = { matrix = matrix(\"data.csv\") }", message);
        cr_expect_eq(load_code, SCENARIO_ERROR_BAD);
    }
}

Test (network, a_data_file_that_cannot_be_read_is_told_apart) {
    refuses_parts("links = { matrix = matrix(\"none.csv\") }",
                  "case.lua:2: found \"none.csv\" for argument 1 of matrix(), expected a file that "
                  "can be read (No such file or directory)");
    cr_expect_eq(load_code, SCENARIO_ERROR_UNREADABLE);
}

/* -------------------------------------------------------------------------- topology, clocks */

static const struct {
    const char *text;
    topology_kind kind;
    uint32_t a;
    uint64_t probability;
} shapes[] = {
    {"full()", TOPOLOGY_FULL, 0, 0},    {"ring()", TOPOLOGY_RING, 0, 0},
    {"line()", TOPOLOGY_LINE, 0, 0},    {"star()", TOPOLOGY_STAR, 0, 0},
    {"tree(2)", TOPOLOGY_TREE, 2, 0},   {"grid(3)", TOPOLOGY_GRID, 3, 0},
    {"torus(4)", TOPOLOGY_TORUS, 4, 0}, {"random_graph(\"100%\")", TOPOLOGY_RANDOM, 0, UINT64_MAX},
};

Test (network, each_topology_has_its_shape) {
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        char parts[100];
        g_snprintf(parts, sizeof parts, "topology = %s", shapes[i].text);
        scenario *s = load_parts(parts);
        const topology *t = &network_of(s)->shape;
        cr_expect_eq(t->kind, shapes[i].kind, "%s", shapes[i].text);
        cr_expect_eq(t->a, shapes[i].a, "%s", shapes[i].text);
        cr_expect_eq(t->probability, shapes[i].probability, "%s", shapes[i].text);
        scenario_free(s);
    }
}

Test (network, edges_are_kept_as_they_are_listed) {
    scenario *s = load_parts("topology = edges { { 3, 1 }, { 0, 4 } }");
    const topology *t = &network_of(s)->shape;
    cr_assert_eq(t->kind, TOPOLOGY_EDGES);
    cr_assert_eq(t->edge_count, 2);
    cr_expect(t->edges[0][0] == 3 && t->edges[0][1] == 1 && t->edges[1][1] == 4);
    scenario_free(s);
}

Test (network, clocks_have_offset_drift_wander_and_discipline) {
    scenario *s =
        load_parts("clocks = { offset = normal(0, \"5ms\"), drift = \"20ppm\", "
                   "wander = { every = \"1s\", by = \"1ppm\" }, sync = { every = \"16s\", "
                   "error = \"1ms\", step = \"128ms\", slew = \"500ppm\" } }");
    const clock_config *c = &s->world.clocks;
    cr_expect_eq(c->offset.b, 5 * MS);
    cr_expect_eq(c->drift.a, 20000);
    cr_expect_eq(c->wander_every, 1000 * MS);
    cr_expect_eq(c->wander.a, 1000);
    cr_expect_eq(c->sync_every, 16000 * MS);
    cr_expect_eq(c->sync_error.a, MS);
    cr_expect_eq(c->sync_step, 128 * MS);
    cr_expect_eq(c->sync_slew, 500000);
    scenario_free(s);
}
