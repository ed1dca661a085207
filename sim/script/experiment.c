/* scenario { ... }: all parts in the order in which they need each other. What comes first is what
 * the others are checked against: how many nodes, which algorithms. */
#include "script/sandbox.h"
#include "script/script.h"

#include <string.h>

#define SECOND INT64_C(1000000000)
#define NODES_MOST (INT64_C(1) << 30)

static const char *const keys[] = {
    "nodes",    "resources",    "objects",      "run",    "links",  "clocks",   "topology",
    "workload", "processes",    "children",     "faults", "expect", "duration", "settle",
    "warm_up",  "service_time", "shuffle_ties", "late",   "events", NULL,
};

static void sizes_read(const reader *r, scenario *out)
{
    place p;
    int64_t resources = 1;
    reader_need(r, "nodes", "nodes = 5", &p);
    out->world.nodes = (uint32_t)take_integer(r->L, -1, &p, 1, NODES_MOST);
    lua_pop(r->L, 1);
    read_integer(r, "resources", 1, NODES_MOST, &resources);
    if (reader_get(r, "objects", &p)) { /* what a memory calls its resources */
        lua_pop(r->L, 1);
        read_integer(r, "objects", 1, NODES_MOST, &resources);
        if (reader_get(r, "resources", &p)) {
            fail_at(r->L, place_line(r->L, &p),
                    "found resources and objects in scenario, expected one of them: they are the "
                    "same");
        }
    }
    out->world.resources = (uint32_t)resources;
}

static void nodes_read(const reader *r, scenario *out)
{
    world_config *config = &out->world;
    place p;
    config->service_time = (distribution){DISTRIBUTION_FIXED, 0, 0, 0, INT64_MAX, NULL};
    read_distribution(r, "service_time", DIMENSION_DURATION, false, &config->service_time);
    read_switch(r, "shuffle_ties", &config->shuffle_ties);
    if (reader_get(r, "late", &p)) {
        config->late = nodes_take(r->L, -1, &p, &config->late_count);
        uint32_t last = config->late_count ? config->late[config->late_count - 1] : 0;
        if (last >= config->nodes) {
            fail_at(r->L, place_line(r->L, &p),
                    "found node %u in late of scenario, expected "
                    "0 .. %u",
                    last, config->nodes - 1);
        }
        lua_pop(r->L, 1);
    }
}

/* Who waits for a lock is served long before; an election may go on for ever (heartbeats), so that
 * all of this time passes. */
static int64_t usual_settle(const scenario *out)
{
    const int64_t longest = INT64_MAX / 16;
    for (uint32_t i = 0; i < out->world.stack_size; i++) {
        if (out->world.stack[i].algorithm->provides == DASIM_ELECTION) {
            return MAX(10 * SECOND, MIN(out->duration, longest));
        }
    }
    return MAX(60 * SECOND, MIN(out->duration, longest) * 10);
}

static void times_read(const reader *r, scenario *out)
{
    int64_t events = 1000000000;
    place p;
    out->duration = -1;
    if (reader_get(r, "duration", &p)) {
        out->duration = take_quantity(r->L, -1, &p, DIMENSION_DURATION, 1, INT64_MAX);
        lua_pop(r->L, 1);
    } else if (out->workload.make ? !out->workload.ends : out->process_count == 0) {
        fail_at(r->L, r->line,
                "found no duration in scenario, expected duration = \"60s\" (or a "
                "workload with entries, which ends by itself)");
    }
    out->settle = usual_settle(out);
    read_duration(r, "settle", &out->settle);
    read_duration(r, "warm_up", &out->warm_up);
    if (out->duration >= 0 && out->warm_up >= out->duration && reader_get(r, "warm_up", &p)) {
        fail_value(r->L, -1, &p, "", "less than the duration");
    }
    read_integer(r, "events", 1, INT64_C(1) << 53, &events);
    out->events = (uint64_t)events;
}

/* ----------------------------------------------------------------------------- expectations */

static void add_expectation(const reader *expect, const char *property, scenario *out)
{
    static const char *const verdicts[] = {"holds", "fails", "any", NULL}; /* as the kinds */
    place p;
    if (!reader_get(expect, property, &p)) {
        return;
    }
    expectation one = {.line = place_line(expect->L, &p)};
    one.kind = (expectation_kind)take_choice(expect->L, -1, &p, verdicts);
    one.property = g_strdup(property);
    g_array_append_val(out->expectations, one);
    lua_pop(expect->L, 1);
}

/* The keys that a table has, for where any will do. */
static const char *const *own_keys(lua_State *L, int index, const place *p)
{
    if (lua_type(L, index) != LUA_TTABLE) {
        fail_value(L, index, p, "", "a table { ... }");
    }
    size_t count = sandbox_keys(L, index), used = 0;
    const char **list = script_allocate(L, (count + 1) * sizeof *list);
    for (size_t i = 1; i <= count; i++) {
        if (lua_rawgeti(L, -1, (lua_Integer)i) == LUA_TSTRING) {
            char *copy = script_allocate(L, lua_rawlen(L, -1) + 1);
            list[used++] = strcpy(copy, lua_tostring(L, -1));
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return list;
}

static int by_name(const void *a, const void *b)
{
    const expectation *x = a, *y = b;
    return strcmp(x->property, y->property);
}

static void expect_read(const reader *r, scenario *out)
{
    const char *const *known = script_of(r->L)->properties;
    place p;
    if (!reader_get(r, "expect", &p)) {
        return;
    }
    known = known ? known : own_keys(r->L, lua_gettop(r->L), &p);
    reader expect = reader_of_value(r->L, -1, &p, known, false);
    for (; *known; known++) {
        add_expectation(&expect, *known, out);
    }
    g_array_sort(out->expectations, by_name); /* names differ */
    lua_pop(r->L, 1);
}

/* ---------------------------------------------------------------------------------- scenario{} */

static int make_scenario(lua_State *L)
{
    script *s = script_of(L);
    scenario *out = s->out;
    int line = line_of_caller(L);
    only_in_file(L, "scenario");
    if (s->scenario_line > 0) {
        fail_at(L, line, "found scenario { ... } twice, expected it once (line %d has one)",
                s->scenario_line);
    }
    s->scenario_line = line;
    reader r = reader_of_argument(L, 1, "scenario", keys, false);
    sizes_read(&r, out);
    stack_read(&r, out);
    topology_read(&r, out);
    links_read(&r, out);
    clocks_read(&r, out);
    nodes_read(&r, out);
    workload_read(&r, out);
    processes_read(&r, out);
    times_read(&r, out);
    expect_read(&r, out);
    faults_read(&r, out);
    callbacks_resolve(L);
    handle_new(L, HANDLE_SCENARIO, sizeof(handle));
    return 1;
}

void experiment_open(lua_State *L)
{
    lua_pushcfunction(L, make_scenario);
    lua_setfield(L, -2, "scenario");
}
