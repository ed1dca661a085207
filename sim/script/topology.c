/* topology = ring(), grid(8), edges { {0, 1}, {1, 2} }, ... */
#include "script/script.h"

#include <string.h>

enum { EDGES_MOST = 4000000 };

typedef struct topology_handle {
    handle head;
    topology shape;
} topology_handle;

typedef struct form {
    const char *name;
    topology_kind kind;
    enum { PART_NONE, PART_COUNT, PART_CHANCE } part;
    const char *example;
} form;

static const form forms[] = {
    {"full", TOPOLOGY_FULL, PART_NONE, "full()"},
    {"ring", TOPOLOGY_RING, PART_NONE, "ring()"},
    {"line", TOPOLOGY_LINE, PART_NONE, "line()"},
    {"star", TOPOLOGY_STAR, PART_NONE, "star()"},
    {"tree", TOPOLOGY_TREE, PART_COUNT, "tree(2)"},
    {"grid", TOPOLOGY_GRID, PART_COUNT, "grid(8)"},
    {"torus", TOPOLOGY_TORUS, PART_COUNT, "torus(8)"},
    {"random_graph", TOPOLOGY_RANDOM, PART_CHANCE, "random_graph(\"10%\")"},
};

static int make_form(lua_State *L)
{
    const form *f = &forms[lua_tointeger(L, lua_upvalueindex(1))];
    int wanted = f->part == PART_NONE ? 0 : 1;
    if (lua_gettop(L) != wanted) {
        fail_count(L, lua_gettop(L), f->name, f->example);
    }
    topology_handle *h = handle_new(L, HANDLE_TOPOLOGY, sizeof *h);
    place p = argument_of(L, f->name, 1);
    h->shape.kind = f->kind;
    if (f->part == PART_COUNT) {
        h->shape.a = (uint32_t)take_integer(L, 1, &p, 1, 1 << 30);
    } else if (f->part == PART_CHANCE) {
        h->shape.probability = take_probability(L, 1, &p);
    }
    return 1;
}

static uint32_t take_end(const reader *edge, size_t number)
{
    place p;
    if (!reader_entry(edge, number, &p)) {
        fail_at(edge->L, edge->line, "found an edge with one end, expected two: {0, 1}");
    }
    uint32_t node = (uint32_t)take_integer(edge->L, -1, &p, 0, 1 << 30);
    lua_pop(edge->L, 1);
    return node;
}

static int make_edges(lua_State *L)
{
    only_in_file(L, "edges");
    reader r = reader_of_argument(L, 1, "edges", NULL, true);
    size_t count = lua_rawlen(L, 1);
    if (count > EDGES_MOST) {
        fail_at(L, r.line, "found %zu edges in edges(), expected at most 4000000", count);
    }
    uint32_t(*edges)[2] = script_allocate(L, (count + 1) * sizeof *edges);
    place p;
    for (size_t i = 0; i < count && reader_entry(&r, i + 1, &p); i++) {
        reader edge = reader_of_value(L, -1, &p, NULL, true);
        edges[i][0] = take_end(&edge, 1);
        edges[i][1] = take_end(&edge, 2);
        if (lua_rawlen(L, -1) != 2 || edges[i][0] == edges[i][1]) {
            fail_value(L, -1, &p, "", "two different nodes: {0, 1}");
        }
        lua_pop(L, 1);
    }
    topology_handle *h = handle_new(L, HANDLE_TOPOLOGY, sizeof *h);
    h->shape = (topology){.kind = TOPOLOGY_EDGES, .edges = edges, .edge_count = (uint32_t)count};
    return 1;
}

void topology_read(const reader *r, scenario *out)
{
    place p;
    if (!reader_get(r, "topology", &p)) {
        return;
    }
    const topology_handle *h = handle_at(r->L, -1, HANDLE_TOPOLOGY);
    if (h == NULL) {
        fail_value(r->L, -1, &p, "", "ring(), line(), star(), tree(2), grid(8), torus(8), %s",
                   "random_graph(\"10%\"), edges { {0, 1} } or full()");
    }
    for (uint32_t i = 0; i < h->shape.edge_count; i++) {
        const uint32_t *edge = h->shape.edges[i];
        uint32_t node = edge[0] > edge[1] ? edge[0] : edge[1];
        if (node >= out->world.nodes) {
            fail_at(r->L, h->head.line, "found node %u in edges(), expected 0 .. %u", node,
                    out->world.nodes - 1);
        }
    }
    out->world.network.shape = h->shape;
    lua_pop(r->L, 1);
}

void topology_open(lua_State *L)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        lua_pushinteger(L, (lua_Integer)i);
        lua_pushcclosure(L, make_form, 1);
        lua_setfield(L, -2, forms[i].name);
    }
    lua_pushcfunction(L, make_edges);
    lua_setfield(L, -2, "edges");
}
