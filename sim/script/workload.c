/* workload = lock_clients { think = exponential("40ms"), hold = "5ms", entries = 50 };
 * no entries, or 0: as many as the duration allows. What all kinds of clients have in common. */
#include "script/script.h"

#include "drive/lock_clients.h"

#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
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

/* -------------------------------------------------------------------- for all kinds of clients */

workload_handle *workload_new_handle(lua_State *L, const char *name, dasim_service service)
{
    workload_handle *h = handle_new(L, HANDLE_WORKLOAD, sizeof *h);
    h->name = name;
    h->service = service;
    return h;
}

void clients_read(const reader *r, const uint32_t **clients, uint32_t *count)
{
    place p;
    if (!reader_get(r, "clients", &p)) {
        return;
    }
    *clients = nodes_take(r->L, -1, &p, count);
    if (*count == 0) {
        fail_value(r->L, -1, &p, "", "a list of at least one node");
    }
    lua_pop(r->L, 1);
}

void pick_read(const reader *r, load_pick *pick, uint32_t *number)
{
    static const char *const ways[] = {"round_robin", "random", NULL};
    place p;
    if (!reader_get(r, "pick", &p)) {
        return;
    }
    if (lua_type(r->L, -1) == LUA_TNUMBER) {
        *pick = PICK_FIXED;
        *number = (uint32_t)take_integer(r->L, -1, &p, 0, UINT32_MAX - 1);
    } else {
        size_t way = take_choice(r->L, -1, &p, ways);
        *pick = way == 0 ? PICK_ROUND_ROBIN : PICK_RANDOM;
    }
    lua_pop(r->L, 1);
}

void clients_check(lua_State *L, const workload_handle *h, const uint32_t *clients, uint32_t count,
                   const scenario *out)
{
    uint32_t last = clients ? clients[count - 1] : 0;
    if (last >= out->world.nodes) {
        fail_at(L, h->head.line, "found node %u in clients of %s, expected 0 .. %u", last, h->name,
                out->world.nodes - 1);
    }
}

void pick_check(lua_State *L, const workload_handle *h, load_pick pick, uint32_t number,
                const char *what, const scenario *out)
{
    if (pick == PICK_FIXED && number >= out->world.resources) {
        fail_at(L, h->head.line, "found pick = %u in %s, expected %s, 0 .. %u", number, h->name,
                what, out->world.resources - 1);
    }
}

void workload_read(const reader *r, scenario *out)
{
    place p;
    if (!reader_get(r, "workload", &p)) {
        return;
    }
    const workload_handle *h = handle_at(r->L, -1, HANDLE_WORKLOAD);
    const dasim_algorithm *top = out->world.stack[out->world.stack_size - 1].algorithm;
    if (h == NULL) {
        bool memory = top->provides == DASIM_MEMORY;
        fail_value(r->L, -1, &p, "", "%s",
                   memory ? "memory_clients { ... } or programs { ... }" : "lock_clients { ... }");
    }
    if (!scenario_offers(out, h->service)) {
        fail_at(r->L, h->head.line, "found %s over %s.%s, expected run = %s.NAME", h->name,
                service_name(top->provides), top->name, service_name(h->service));
    }
    h->check(r->L, h, out);
    out->workload = h->plan;
    lua_pop(r->L, 1);
}

/* -------------------------------------------------------------------------------- lock_clients */

static void check_lock_clients(lua_State *L, const workload_handle *h, const scenario *out)
{
    const lock_clients_config *config = h->plan.config;
    clients_check(L, h, config->clients, config->client_count, out);
    pick_check(L, h, config->pick, config->resource, "a resource", out);
    if (config->together > out->world.resources) {
        fail_at(L, h->head.line,
                "found together = %u in %s, expected no more than the resources: 1 .. %u",
                config->together, h->name, out->world.resources);
    }
}

static int make_lock_clients(lua_State *L)
{
    static const char *const keys[] = {"think",    "hold", "start",    "entries", "clients",
                                       "isolated", "pick", "together", "ordered", NULL};
    only_in_file(L, "lock_clients");
    lua_settop(L, 1);
    workload_handle *h = workload_new_handle(L, "lock_clients", DASIM_MUTEX);
    reader r = reader_of_argument(L, 1, "lock_clients", keys, false);
    lock_clients_config *config = script_allocate(L, sizeof *config);
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
    clients_read(&r, &config->clients, &config->client_count);
    pick_read(&r, &config->pick, &config->resource);
    h->plan =
        (load_plan){lock_clients_make, config, entries > 0, DASIM_MUTEX, lock_clients_has_client};
    h->check = check_lock_clients;
    lua_settop(L, 2);
    return 1;
}

void workload_open(lua_State *L)
{
    lua_pushcfunction(L, make_lock_clients);
    lua_setfield(L, -2, "lock_clients");
}
