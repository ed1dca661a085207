/* Who has a link to whom, as the nodes themselves see it. */
#include "stage.h"

#include <string.h>

enum { NODES_MOST = 40 };

static bool linked[NODES_MOST][NODES_MOST];
static uint32_t degree[NODES_MOST];

static void look(dasim_node *self, bool recovering)
{
    (void)recovering;
    uint32_t count, last = 0;
    const uint32_t *list = dasim_neighbours(self, &count);
    cr_assert_not_null(list);
    for (uint32_t i = 0; i < count; i++) {
        cr_assert(list[i] < self->nodes && list[i] != self->id);
        cr_assert(i == 0 || list[i] > last, "they ascend, each once");
        last = list[i];
        linked[self->id][last] = true;
    }
    degree[self->id] = count;
}

static void build_seeded(uint32_t nodes, topology shape, uint64_t seed)
{
    world_config c = plain(nodes);
    c.seed = seed;
    c.network.shape = shape;
    memset(linked, 0, sizeof linked);
    memset(degree, 0, sizeof degree);
    part[0].on_boot = look;
    keep_records = false;
    world_free(begin(&c));
    for (uint32_t a = 0; a < nodes; a++) {
        for (uint32_t b = 0; b < nodes; b++) {
            cr_assert_eq(linked[a][b], linked[b][a], "both ways: %u, %u", a, b);
        }
    }
}

static void build(uint32_t nodes, topology_kind kind, uint32_t a)
{
    build_seeded(nodes, (topology){.kind = kind, .a = a}, 1);
}

static uint32_t reached(uint32_t nodes)
{
    bool visited[NODES_MOST] = {true};
    uint32_t waiting[NODES_MOST] = {0}, count = 1;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t b = 0; b < nodes; b++) {
            if (linked[waiting[i]][b] && !visited[b]) {
                visited[b] = true;
                waiting[count++] = b;
            }
        }
    }
    return count;
}

static uint32_t edges(uint32_t nodes)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < nodes; i++) {
        sum += degree[i];
    }
    return sum / 2;
}

Test (topology, shapes_have_their_number_of_links_and_are_connected) {
    static const struct {
        topology_kind kind;
        uint32_t nodes, a, edges;
    } all[] = {
        {TOPOLOGY_RING, 1, 0, 0},   {TOPOLOGY_RING, 2, 0, 1},   {TOPOLOGY_RING, 3, 0, 3},
        {TOPOLOGY_RING, 40, 0, 40}, {TOPOLOGY_LINE, 1, 0, 0},   {TOPOLOGY_LINE, 40, 0, 39},
        {TOPOLOGY_STAR, 1, 0, 0},   {TOPOLOGY_STAR, 40, 0, 39}, {TOPOLOGY_TREE, 40, 1, 39},
        {TOPOLOGY_TREE, 40, 2, 39}, {TOPOLOGY_TREE, 7, 100, 6}, {TOPOLOGY_GRID, 12, 4, 17},
        {TOPOLOGY_GRID, 11, 4, 15}, {TOPOLOGY_GRID, 5, 100, 4}, {TOPOLOGY_TORUS, 12, 4, 24},
        {TOPOLOGY_TORUS, 9, 3, 18}, {TOPOLOGY_TORUS, 4, 2, 4},  {TOPOLOGY_TORUS, 5, 1, 5},
        {TOPOLOGY_TORUS, 1, 1, 0},  {TOPOLOGY_GRID, 1, 1, 0},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        build(all[i].nodes, all[i].kind, all[i].a);
        cr_expect_eq(edges(all[i].nodes), all[i].edges, "number %zu has %u", i,
                     edges(all[i].nodes));
        cr_expect_eq(reached(all[i].nodes), all[i].nodes, "number %zu", i);
    }
}

Test (topology, neighbours_are_where_they_should_be) {
    build(6, TOPOLOGY_RING, 0);
    cr_expect(linked[0][5] && linked[0][1] && degree[0] == 2);
    build(6, TOPOLOGY_STAR, 0);
    cr_expect(degree[0] == 5 && degree[3] == 1 && linked[3][0]);
    build(7, TOPOLOGY_TREE, 2);
    cr_expect(linked[0][1] && linked[0][2] && linked[2][5] && linked[2][6] && degree[2] == 3);
    build(12, TOPOLOGY_GRID, 4);
    cr_expect(linked[5][4] && linked[5][6] && linked[5][1] && linked[5][9]);
    cr_expect(degree[0] == 2 && degree[3] == 2 && !linked[3][4]);
    build(12, TOPOLOGY_TORUS, 4);
    cr_expect(linked[0][3] && linked[0][8] && linked[3][0] && linked[11][3]);
}

Test (topology, a_random_graph_is_connected_and_follows_its_seed_and_probability) {
    uint32_t before = 0, sparse = 0, same = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        build_seeded(40, (topology){.kind = TOPOLOGY_RANDOM, .probability = percent(10)}, seed);
        cr_assert_eq(reached(40), 40);
        same += edges(40) == before;
        before = edges(40);
        sparse += before;
    }
    /* 39 edges of the tree and a tenth of the other 741 pairs: 113.1 on average. */
    cr_expect(sparse > 50 * 108 && sparse < 50 * 118, "%u", sparse);
    cr_expect_lt(same, 15);
    build_seeded(40, (topology){.kind = TOPOLOGY_RANDOM, .probability = 0}, 1);
    cr_expect(edges(40) == 39 && reached(40) == 40);
    build_seeded(40, (topology){.kind = TOPOLOGY_RANDOM, .probability = UINT64_MAX}, 1);
    cr_expect_eq(edges(40), 780);
}

Test (topology, edges_named_twice_or_either_way_round_count_once) {
    static const uint32_t list[][2] = {{0, 1}, {1, 0}, {3, 1}, {0, 1}};
    build_seeded(5, (topology){.kind = TOPOLOGY_EDGES, .edges = list, .edge_count = 4}, 1);
    cr_expect(edges(5) == 2 && linked[0][1] && linked[1][3] && degree[4] == 0);
}

static const char *refusal(uint32_t nodes, topology shape)
{
    const char *fault = "";
    world_config c = plain(nodes);
    c.network.shape = shape;
    cr_assert_null(world_new(&c, &fault));
    return fault;
}

Test (topology, what_cannot_be_built_is_refused) {
    cr_expect_str_eq(refusal(4, (topology){.kind = TOPOLOGY_GRID}),
                     "topology: width or arity is 0");
    cr_expect_str_eq(refusal(4, (topology){.kind = TOPOLOGY_TREE}),
                     "topology: width or arity is 0");
    cr_expect_str_eq(refusal(20001, (topology){.kind = TOPOLOGY_RANDOM}),
                     "topology: a random graph has at most 20,000 nodes");
}

static void tell_two(world *w)
{
    ask(w, 0, 1, 1);
    ask(w, 0, 1, 3);
}

static void pass_to(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    uint64_t to;
    (void)op;
    memcpy(&to, arg, size);
    send_number(self, (uint32_t)to, 7);
}

Test (topology, a_message_without_a_link_is_lost_and_says_why) {
    world_config c = plain(5);
    c.network.shape.kind = TOPOLOGY_LINE;
    part[0].on_request = pass_to;
    at(5, tell_two);
    world *w = begin(&c);
    run_all(w);
    cr_expect_eq(seen_count(RECORD_RECEIVE, 1), 1);
    cr_expect_eq(seen_count(RECORD_RECEIVE, 3), 0);
    const seen *lost = seen_nth(RECORD_LOST, 0, 0);
    cr_expect(lost->r.peer == 3 && lost->r.reason == REASON_NO_LINK);
    world_free(w);
}
