/* workload = lock_clients { think = exponential("40ms"), hold = "5ms", entries = 50 };
 * no entries, or 0: as many as the duration allows. */
#include "script/script.h"

#include <stdlib.h>
#include <string.h>

typedef struct workload_handle {
    handle head;
    workload_config config;
} workload_handle;

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void clients_read(const reader *r, workload_config *config)
{
    place p;
    if (!reader_get(r, "clients", &p)) {
        return;
    }
    config->clients = nodes_take(r->L, -1, &p, &config->client_count);
    if (config->client_count == 0) {
        fail_value(r->L, -1, &p, "", "a list of at least one node");
    }
    lua_pop(r->L, 1);
}

static void pick_read(const reader *r, workload_config *config)
{
    static const char *const ways[] = {"round_robin", "random", NULL};
    place p;
    if (!reader_get(r, "pick", &p)) {
        return;
    }
    if (lua_type(r->L, -1) == LUA_TNUMBER) {
        config->pick = PICK_FIXED;
        config->resource = (uint32_t)take_integer(r->L, -1, &p, 0, UINT32_MAX - 1);
    } else {
        size_t way = take_choice(r->L, -1, &p, ways);
        config->pick = way == 0 ? PICK_ROUND_ROBIN : PICK_RANDOM;
    }
    lua_pop(r->L, 1);
}

static int make_clients(lua_State *L)
{
    static const char *const keys[] = {"think",    "hold", "start",    "entries", "clients",
                                       "isolated", "pick", "together", "ordered", NULL};
    only_in_file(L, "lock_clients");
    lua_settop(L, 1);
    workload_handle *h = handle_new(L, HANDLE_WORKLOAD, sizeof *h);
    reader r = reader_of_argument(L, 1, "lock_clients", keys, false);
    workload_config *config = &h->config;
    int64_t entries = 0, together = 1;
    read_distribution(&r, "think", DIMENSION_DURATION, false, &config->think);
    read_distribution(&r, "hold", DIMENSION_DURATION, false, &config->hold);
    read_distribution(&r, "start", DIMENSION_DURATION, false, &config->start);
    read_integer(&r, "entries", 0, INT64_C(1) << 53, &entries);
    config->entries = (uint64_t)entries;
    read_switch(&r, "isolated", &config->isolated);
    read_integer(&r, "together", 1, TOGETHER_MOST, &together);
    config->together = (uint32_t)together;
    read_switch(&r, "ordered", &config->ordered);
    clients_read(&r, config);
    pick_read(&r, config);
    lua_settop(L, 2);
    return 1;
}

/* A list of nodes, each once, in any order: ascending, kept with the scenario. */
uint32_t *nodes_take(lua_State *L, int index, const place *p, uint32_t *count)
{
    reader r = reader_of_value(L, index, p, NULL, true);
    size_t length = lua_rawlen(L, index);
    uint32_t *nodes = script_allocate(L, (length + 1) * sizeof *nodes);
    place one;
    for (size_t i = 0; i < length && reader_entry(&r, i + 1, &one); i++) {
        nodes[i] = (uint32_t)take_integer(L, -1, &one, 0, (1 << 30) - 1);
        lua_pop(L, 1);
    }
    qsort(nodes, length, sizeof *nodes, ascending);
    for (size_t i = 1; i < length; i++) {
        if (nodes[i] == nodes[i - 1]) {
            fail_at(L, place_line(L, p), "found node %u twice in %s, expected each node once",
                    nodes[i], p->name);
        }
    }
    *count = (uint32_t)length;
    return nodes;
}

void workload_read(const reader *r, scenario *out)
{
    place p;
    if (!reader_get(r, "workload", &p)) {
        return;
    }
    const workload_handle *h = handle_at(r->L, -1, HANDLE_WORKLOAD);
    if (h == NULL) {
        fail_value(r->L, -1, &p, "", "lock_clients { ... }");
    }
    const dasim_algorithm *top = out->world.stack[out->world.stack_size - 1].algorithm;
    const workload_config *config = &h->config;
    if (top->provides != DASIM_MUTEX) {
        fail_at(r->L, h->head.line, "found lock_clients over %s.%s, expected run = mutex.NAME",
                service_name(top->provides), top->name);
    }
    uint32_t last = config->clients ? config->clients[config->client_count - 1] : 0;
    if (last >= out->world.nodes) {
        fail_at(r->L, h->head.line, "found node %u in clients of lock_clients, expected 0 .. %u",
                last, out->world.nodes - 1);
    }
    if (config->pick == PICK_FIXED && config->resource >= out->world.resources) {
        fail_at(r->L, h->head.line, "found pick = %u in lock_clients, expected a resource, 0 .. %u",
                config->resource, out->world.resources - 1);
    }
    if (config->together > out->world.resources) {
        fail_at(r->L, h->head.line,
                "found together = %u in lock_clients, expected no more than the resources: 1 .. %u",
                config->together, out->world.resources);
    }
    out->has_workload = true;
    out->workload = *config;
    lua_pop(r->L, 1);
}

void workload_open(lua_State *L)
{
    lua_pushcfunction(L, make_clients);
    lua_setfield(L, -2, "lock_clients");
}
