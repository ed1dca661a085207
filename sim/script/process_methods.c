/* What a process may ask: p:sleep("5ms"), p:lock(1), ... Each puts its operation into s->next and
 * stops; when the driver has the answer, the function goes on in finish(). */
#include "script/process_calls.h"
#include "script/sandbox.h"

#include <stdio.h>
#include <string.h>

enum { OPERATION_UNITS = 50, NOTE_MOST = 1000, MEMBERS_MOST = 128 };

/* ---------------------------------------------------------------------------- who is asked */

G_GNUC_NORETURN static void fail_self(lua_State *L, const char *method)
{
    const script *s = script_of(L);
    const process_handle *h = handle_at(L, 1, HANDLE_PROCESS);
    char found[128];
    int line = line_of_caller(L);
    if (h == NULL) {
        fail_at(L, line, "found %s as the process of p:%s(), expected p:%s(...), with a colon",
                describe(L, 1, found), method, method);
    }
    if (s->running == NULL) {
        fail_at(L, line, "found p:%s() outside of the function of a process, expected it inside",
                method);
    }
    fail_at(L, line, "found process '%s' in process '%s' for p:%s(), expected its own p", h->name,
            s->running->name, method);
}

script *method_script(lua_State *L, const char *method)
{
    script *s = script_of(L);
    if (s->running == NULL || lua_touserdata(L, 1) != s->running) {
        fail_self(L, method);
    }
    return s;
}

place method_argument(const char *method, int number)
{
    return (place){.name = method, .number = (size_t)number};
}

void method_check_count(lua_State *L, int least, int most, const char *method, const char *example)
{
    int given = lua_gettop(L) - 1;
    if (given < least || given > most) {
        fail_count(L, given, method, example);
    }
}

/* A component of a node has one client: a process, or one of the workload. */
static void need_service(lua_State *L, dasim_service service, const char *method)
{
    const script *s = script_of(L);
    if (!scenario_offers(s->out, service)) {
        fail_at(L, line_of_caller(L),
                "found %s() without %s, expected run = %s.NAME { ... }, or a list with one", method,
                service_name(service), service_name(service));
    }
    if (s->running->taken == service) {
        fail_at(L, line_of_caller(L),
                "found %s() on node %u, where the workload has a client, expected a process on "
                "another node",
                method, s->running->node);
    }
}

static uint32_t take_object(lua_State *L, const char *method)
{
    place p = method_argument(method, 1);
    uint32_t most = script_of(L)->out->world.resources - 1;
    return (uint32_t)take_integer(L, 2, &p, 0, most);
}

int64_t method_timeout(lua_State *L, int index, const char *method)
{
    static const char *const keys[] = {"timeout", NULL};
    char found[128], hint[96];
    place p = method_argument(method, index - 1);
    if (lua_isnone(L, index)) {
        return -1;
    }
    if (lua_type(L, index) != LUA_TTABLE) {
        fail_value(L, index, &p, "", "options: { timeout = \"1s\" }");
    }
    luaL_checkstack(L, 8, NULL);
    size_t count = sandbox_keys(L, index);
    for (size_t i = 1; i <= count; i++) {
        bool is_text = lua_rawgeti(L, -1, (lua_Integer)i) == LUA_TSTRING;
        if (!is_text || strcmp(lua_tostring(L, -1), "timeout") != 0) {
            fail_at(L, line_of_caller(L),
                    "found unknown key %s in the options of %s(), expected timeout%s",
                    describe(L, -1, found), method,
                    is_text ? did_you_mean(lua_tostring(L, -1), keys, hint) : "");
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    if (count == 0) {
        return -1;
    }
    lua_pushstring(L, "timeout");
    lua_rawget(L, index);
    int64_t timeout = take_duration(L, -1, &p);
    lua_pop(L, 1);
    return timeout;
}

/* ------------------------------------------------------------------------ what is held */

static uint32_t *held_at(const process_handle *h, uint32_t resource)
{
    for (uint32_t i = 0; i < h->held_count; i++) {
        if (h->held[i] == resource) {
            return &h->held[i];
        }
    }
    return NULL;
}

static void hold(process_handle *h, uint32_t resource)
{
    if (h->held_count == h->held_room) {
        h->held_room = h->held_room ? h->held_room * 2 : 4;
        h->held = g_renew(uint32_t, h->held, h->held_room);
    }
    h->held[h->held_count++] = resource;
}

static void let_go(process_handle *h, uint32_t resource)
{
    uint32_t *last = held_at(h, resource);
    *last = h->held[--h->held_count];
}

/* ------------------------------------------------------------------------- stopping, going on */

/* Pushes what the method returns. */
static int push_answer(lua_State *L, script *s, operation_kind kind)
{
    uint64_t value = s->answer.value;
    if (s->answer.kind == ANSWER_TIMED_OUT) {
        lua_pushboolean(L, false);
        return 1;
    }
    switch (kind) {
    case OPERATION_LOCK:
        hold(s->running, (uint32_t)lua_tointeger(L, 2));
        if (value == 0) { /* the algorithm has no tokens */
            lua_pushboolean(L, true);
            return 1;
        }
        break;
    case OPERATION_UNLOCK:
        let_go(s->running, (uint32_t)lua_tointeger(L, 2));
        lua_pushboolean(L, value != 0);
        return 1;
    case OPERATION_LEADER:
        if (value == NOBODY) {
            lua_pushnil(L);
            return 1;
        }
        break;
    case OPERATION_RANDOM:
        value++;
        break;
    case OPERATION_READ:
    case OPERATION_ELECT:
        break;
    default:
        return 0;
    }
    lua_pushinteger(L, (lua_Integer)value);
    return 1;
}

static int finish(lua_State *L, int status, lua_KContext kind)
{
    (void)status;
    return push_answer(L, script_of(L), (operation_kind)kind);
}

int method_stop(lua_State *L, const char *method, operation what, lua_KFunction its_finish)
{
    script *s = script_of(L);
    sandbox_charge(L, OPERATION_UNITS);
    if (!lua_isyieldable(L)) {
        fail_at(L, line_of_caller(L),
                "found %s() inside of a function that Lua calls for sort, gsub, tostring or the "
                "like, expected it outside",
                method);
    }
    *s->next = what;
    return lua_yieldk(L, 0, (lua_KContext)what.kind, its_finish);
}

static int stop(lua_State *L, const char *method, operation what)
{
    return method_stop(L, method, what, finish);
}

/* -------------------------------------------------------------------------------- the methods */

static int ask_sleep(lua_State *L)
{
    operation o = {OPERATION_SLEEP, .timeout = -1};
    place p = method_argument("p:sleep", 1);
    method_script(L, "sleep");
    method_check_count(L, 1, 1, "p:sleep", "p:sleep(\"5ms\")");
    take_distribution(L, 2, &p, DIMENSION_DURATION, false, &o.time);
    return stop(L, "p:sleep", o);
}

static int lock(lua_State *L, const char *method, int64_t timeout)
{
    const script *s = method_script(L, method + 2);
    if (is_memory(L, 2, method)) {
        return memory_lock(L, method, timeout);
    }
    need_service(L, DASIM_MUTEX, method);
    operation o = {OPERATION_LOCK, .object = take_object(L, method), .timeout = timeout};
    if (held_at(s->running, o.object)) {
        fail_at(L, line_of_caller(L),
                "found %s(%u), which the process holds, expected p:unlock(%u) "
                "before",
                method, o.object, o.object);
    }
    lua_pushinteger(L, o.object);
    lua_replace(L, 2);
    return stop(L, method, o);
}

static int ask_lock(lua_State *L)
{
    method_script(L, "lock");
    method_check_count(L, 1, 2, "p:lock", "p:lock(0) or p:lock(0, { timeout = \"1s\" })");
    return lock(L, "p:lock", method_timeout(L, 3, "p:lock"));
}

static int ask_try_lock(lua_State *L)
{
    method_script(L, "try_lock");
    method_check_count(L, 1, 1, "p:try_lock", "p:try_lock(0)");
    return lock(L, "p:try_lock", 0);
}

static int ask_unlock(lua_State *L)
{
    const script *s = method_script(L, "unlock");
    if (is_memory(L, 2, "p:unlock")) {
        return memory_unlock(L);
    }
    method_check_count(L, 1, 1, "p:unlock", "p:unlock(0)");
    operation o = {OPERATION_UNLOCK, .object = take_object(L, "p:unlock"), .timeout = -1};
    if (!held_at(s->running, o.object)) {
        fail_at(L, line_of_caller(L),
                "found p:unlock(%u), which the process does not hold, expected p:lock(%u) before",
                o.object, o.object);
    }
    lua_pushinteger(L, o.object);
    lua_replace(L, 2);
    return stop(L, "p:unlock", o);
}

static int ask_read(lua_State *L)
{
    method_script(L, "read");
    if (is_memory(L, 2, "p:read")) {
        return memory_read(L);
    }
    if (descriptor_at(L, 2)) {
        return call_read(L);
    }
    method_check_count(L, 1, 1, "p:read", "p:read(0)");
    need_service(L, DASIM_MEMORY, "p:read");
    operation o = {OPERATION_READ, .object = take_object(L, "p:read"), .timeout = -1};
    return stop(L, "p:read", o);
}

static int ask_write(lua_State *L)
{
    place p = method_argument("p:write", 2);
    method_script(L, "write");
    if (is_memory(L, 2, "p:write")) {
        return memory_write(L);
    }
    if (descriptor_at(L, 2)) {
        return call_write(L);
    }
    method_check_count(L, 2, 2, "p:write", "p:write(0, 42)");
    need_service(L, DASIM_MEMORY, "p:write");
    operation o = {OPERATION_WRITE, .object = take_object(L, "p:write"), .timeout = -1};
    int exact = 0;
    o.value = (uint64_t)(lua_type(L, 3) == LUA_TNUMBER ? lua_tointegerx(L, 3, &exact) : 0);
    if (!exact) {
        fail_value(L, 3, &p, "", "a whole number");
    }
    return stop(L, "p:write", o);
}

static int ask_elect(lua_State *L)
{
    method_script(L, "elect");
    method_check_count(L, 0, 1, "p:elect", "p:elect() or p:elect({ timeout = \"1s\" })");
    need_service(L, DASIM_ELECTION, "p:elect");
    operation o = {OPERATION_ELECT, .timeout = method_timeout(L, 2, "p:elect")};
    return stop(L, "p:elect", o);
}

static int ask_leader(lua_State *L)
{
    method_script(L, "leader");
    method_check_count(L, 0, 0, "p:leader", "p:leader()");
    need_service(L, DASIM_ELECTION, "p:leader");
    return stop(L, "p:leader", (operation){OPERATION_LEADER, .timeout = -1});
}

static int ask_random(lua_State *L)
{
    place p = method_argument("p:random", 1);
    method_script(L, "random");
    method_check_count(L, 1, 1, "p:random", "p:random(6)");
    operation o = {OPERATION_RANDOM, .timeout = -1};
    o.value = (uint64_t)take_integer(L, 2, &p, 1, INT64_MAX);
    return stop(L, "p:random", o);
}

static int ask_note(lua_State *L)
{
    script *s = method_script(L, "note");
    size_t size;
    method_check_count(L, 1, 1, "p:note", "p:note(\"here\")");
    const char *text = sandbox_tostring(L, 2, &size);
    sandbox_charge(L, MIN(size, NOTE_MOST) / 8);
    char *plain = sandbox_printable(text, size, NOTE_MOST);
    g_string_printf(s->note, "%s: %s", s->running->name, plain);
    g_free(plain);
    operation o = {OPERATION_NOTE, .timeout = -1, .text = s->note->str, .size = s->note->len};
    return stop(L, "p:note", o);
}

/* True time, and what the node's clock shows: known without the driver. */
static int ask_now(lua_State *L)
{
    const script *s = method_script(L, "now");
    method_check_count(L, 0, 0, "p:now", "p:now()");
    quantity_push(L, (quantity){DIMENSION_DURATION, world_now(s->world)});
    return 1;
}

static int ask_clock(lua_State *L)
{
    const script *s = method_script(L, "clock");
    method_check_count(L, 0, 0, "p:clock", "p:clock()");
    quantity_push(L, (quantity){DIMENSION_DURATION, world_local_time(s->world, s->running->node)});
    return 1;
}

/* ---------------------------------------------------------------------------------- the table */

static const luaL_Reg methods[] = {
    {"clock", ask_clock}, {"elect", ask_elect},       {"leader", ask_leader}, {"lock", ask_lock},
    {"note", ask_note},   {"now", ask_now},           {"random", ask_random}, {"read", ask_read},
    {"sleep", ask_sleep}, {"try_lock", ask_try_lock}, {"unlock", ask_unlock}, {"write", ask_write},
    {NULL, NULL},
};

static const luaL_Reg *const tables[] = {methods,        call_methods,   life_methods,
                                         memory_methods, select_methods, socket_methods};

G_GNUC_NORETURN static void fail_member(lua_State *L)
{
    const char *names[MEMBERS_MOST + 1] = {"name", "node"};
    char found[128], hint[96];
    size_t count = 2;
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (const luaL_Reg *one = tables[i]; one->name && count < MEMBERS_MOST; one++) {
            names[count++] = one->name;
        }
    }
    bool is_text = lua_type(L, 2) == LUA_TSTRING;
    fail_at(L, line_of_caller(L),
            "found unknown name %s of a process, expected one of scenarios/README.md%s",
            describe(L, 2, found), is_text ? did_you_mean(lua_tostring(L, 2), names, hint) : "");
}

/* __index: argument 1 is the process, 2 the name; the methods are an upvalue. */
static int find_member(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
        return 1;
    }
    const process_handle *h = handle_at(L, 1, HANDLE_PROCESS);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (strcmp(name, "node") == 0) {
        lua_pushinteger(L, h->node);
    } else if (strcmp(name, "name") == 0) {
        lua_pushstring(L, h->name);
    } else {
        fail_member(L);
    }
    return 1;
}

static int refuse_change(lua_State *L)
{
    char found[128];
    fail_at(L, line_of_caller(L), "found a change of %s of a process, expected a local variable",
            describe(L, 2, found));
}

void process_methods_open(lua_State *L)
{
    handle_metatable(L, HANDLE_PROCESS);
    lua_newtable(L);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        luaL_setfuncs(L, tables[i], 0);
    }
    lua_pushcclosure(L, find_member, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_change);
    lua_setfield(L, -2, "__newindex");
    lua_pop(L, 1);
}
