/* workload = memory_clients { think = exponential("40ms"), accesses = 50, writes = "30%" }
 * workload = programs { [0] = { write(0, 1), wait("5ms"), read(1) }, [1] = { ... } } */
#include "script/sandbox.h"
#include "script/script.h"

#include "drive/memory_clients.h"
#include "drive/programs.h"

enum { NODE_MOST = (1 << 30) - 1 };

/* ------------------------------------------------------------------------------ memory_clients */

static void check_memory_clients(lua_State *L, const workload_handle *h, const scenario *out)
{
    const memory_config *config = h->plan.config;
    clients_check(L, h, config->clients, config->client_count, out);
    pick_check(L, h, config->pick, config->object, "an object", out);
}

static int make_memory_clients(lua_State *L)
{
    static const char *const keys[] = {"think", "start",   "accesses", "writes",
                                       "pick",  "clients", NULL};
    only_in_file(L, "memory_clients");
    lua_settop(L, 1);
    workload_handle *h = workload_new_handle(L, "memory_clients", DASIM_MEMORY);
    reader r = reader_of_argument(L, 1, "memory_clients", keys, false);
    memory_config *config = script_allocate(L, sizeof *config);
    int64_t accesses = 0;
    config->pick = PICK_RANDOM;
    read_distribution(&r, "think", DIMENSION_DURATION, false, &config->think);
    read_distribution(&r, "start", DIMENSION_DURATION, false, &config->start);
    read_integer(&r, "accesses", 0, INT64_C(1) << 53, &accesses);
    config->accesses = (uint64_t)accesses;
    read_probability(&r, "writes", &config->writes);
    clients_read(&r, &config->clients, &config->client_count);
    pick_read(&r, &config->pick, &config->object);
    h->plan = (load_plan){memory_clients_make, config, accesses > 0, DASIM_MEMORY,
                          memory_clients_has_client};
    h->check = check_memory_clients;
    lua_settop(L, 2);
    return 1;
}

/* --------------------------------------------------------------------------------------- steps */

typedef struct step_handle {
    handle head;
    program_step step;
} step_handle;

static step_handle *new_step(lua_State *L, const char *name, step_kind kind, int arguments,
                             const char *example)
{
    int given = lua_gettop(L);
    only_in_file(L, name);
    if (given != arguments) {
        fail_count(L, given, name, example);
    }
    step_handle *h = handle_new(L, HANDLE_STEP, sizeof *h);
    h->step.kind = kind;
    h->step.line = h->head.line;
    return h;
}

/* read(object) */
static int make_read(lua_State *L)
{
    step_handle *h = new_step(L, "read", STEP_READ, 1, "read(0)");
    place p = argument_of(L, "read", 1);
    h->step.object = (uint32_t)take_integer(L, 1, &p, 0, NODE_MOST);
    return 1;
}

/* write(object, value) */
static int make_write(lua_State *L)
{
    step_handle *h = new_step(L, "write", STEP_WRITE, 2, "write(0, 1)");
    place object = argument_of(L, "write", 1), value = argument_of(L, "write", 2);
    h->step.object = (uint32_t)take_integer(L, 1, &object, 0, NODE_MOST);
    h->step.value = (uint64_t)take_integer(L, 2, &value, 0, INT64_MAX);
    return 1;
}

/* wait("5ms") */
static int make_wait(lua_State *L)
{
    step_handle *h = new_step(L, "wait", STEP_WAIT, 1, "wait(\"5ms\")");
    place p = argument_of(L, "wait", 1);
    h->step.wait = take_duration(L, 1, &p);
    return 1;
}

/* ------------------------------------------------------------------------------------ programs */

static const char programs_example[] = "programs { [0] = { write(0, 1), read(1) } }";

static void check_programs(lua_State *L, const workload_handle *h, const scenario *out)
{
    const programs_config *config = h->plan.config;
    for (uint32_t i = 0; i < config->count; i++) {
        const program *its = &config->programs[i];
        if (its->node >= out->world.nodes) {
            fail_at(L, h->head.line, "found node %u in programs, expected 0 .. %u", its->node,
                    out->world.nodes - 1);
        }
        for (uint32_t step = 0; step < its->count; step++) {
            if (its->steps[step].object >= out->world.resources) {
                fail_at(L, its->steps[step].line, "found object %u in a program, expected 0 .. %u",
                        its->steps[step].object, out->world.resources - 1);
            }
        }
    }
}

/* The key on top of the stack. */
static uint32_t take_node(lua_State *L, const reader *r)
{
    char found[128];
    lua_Integer node = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : -1;
    if (node < 0 || node > NODE_MOST) {
        fail_at(L, r->line, "found key %s in programs, expected numbers of nodes: %s",
                describe(L, -1, found), programs_example);
    }
    return (uint32_t)node;
}

/* The list of steps on top of the stack; `key`: its node, as it is written. */
static void take_steps(lua_State *L, const reader *r, const char *key, program *its)
{
    place p = {.table = r, .name = key, .line = r->line}, one;
    size_t length = lua_type(L, -1) == LUA_TTABLE ? lua_rawlen(L, -1) : 0;
    reader list = reader_of_value(L, -1, &p, NULL, true);
    char name[40];
    g_snprintf(name, sizeof name, "program %s", key);
    list.name = name;
    program_step *steps = script_allocate(L, (length + 1) * sizeof *steps);
    for (size_t i = 0; i < length && reader_entry(&list, i + 1, &one); i++) {
        const step_handle *h = handle_at(L, -1, HANDLE_STEP);
        if (h == NULL) {
            fail_value(L, -1, &one, "", "read(0), write(0, 1) or wait(\"5ms\")");
        }
        steps[its->count++] = h->step;
        lua_pop(L, 1);
    }
    its->steps = steps;
}

static int make_programs(lua_State *L)
{
    only_in_file(L, "programs");
    lua_settop(L, 1);
    place p = argument_of(L, "programs", 1);
    if (lua_type(L, 1) != LUA_TTABLE) {
        fail_value(L, 1, &p, "", "a table: %s", programs_example);
    }
    reader r = {L, 1, p.line, source_table(&script_of(L)->text, p.line, "programs"), "programs"};
    size_t count = sandbox_keys(L, 1);
    program *all = script_allocate(L, (count + 1) * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        char key[24];
        lua_rawgeti(L, 2, (lua_Integer)i + 1);
        all[i].node = take_node(L, &r);
        lua_rawget(L, 1);
        g_snprintf(key, sizeof key, "[%u]", all[i].node);
        take_steps(L, &r, key, &all[i]);
        lua_pop(L, 1);
    }
    if (count == 0) {
        fail_value(L, 1, &p, "", "at least one program: %s", programs_example);
    }
    programs_config *config = script_allocate(L, sizeof *config);
    *config = (programs_config){all, (uint32_t)count};
    workload_handle *h = workload_new_handle(L, "programs", DASIM_MEMORY);
    h->plan = (load_plan){programs_make, config, true, DASIM_MEMORY, programs_has_client};
    h->check = check_programs;
    return 1;
}

void memory_workload_open(lua_State *L)
{
    static const struct {
        const char *name;
        lua_CFunction make;
    } functions[] = {
        {"memory_clients", make_memory_clients},
        {"programs", make_programs},
        {"read", make_read},
        {"write", make_write},
        {"wait", make_wait},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
        lua_pushcfunction(L, functions[i].make);
        lua_setfield(L, -2, functions[i].name);
    }
}
