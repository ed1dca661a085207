/*
 * The state and its limits. The idea: whatever a script does is paid in units from one budget. The
 * hook takes an instruction each, the allocator takes some for each block, library functions take
 * theirs with sandbox_charge(), and what the interpreter does out of our sight (comparing long
 * strings, following chains of metatables) is charged by the wraps of lua_wraps.c.
 *
 * Invariant: once `end` is set, no code of the script runs for more than one instruction until
 * the door is closed. The hook fires at each instruction, and pcall, xpcall and their handlers
 * raise again instead of returning to the script.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOOK_INTERVAL 1000
#define BLOCK_UNITS 16          /* for a block of memory, its collection included */
#define BYTES_PER_UNIT 16       /* for its size */
#define BYTES_PER_TEXT_UNIT 8   /* of a text, which may be hashed once */
#define NODE_BYTES 24           /* of the hash part of a table, each key */
#define DEPTH_SUSPECT 100000    /* so many calls are what used up the memory */
#define COLLECTIONS_MOST 8      /* each walks through 64 MiB of objects */
#define PURPOSE_SCRIPT 0x4c7561 /* "Lua" */

_Thread_local sandbox *sandbox_running;

static int64_t cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Is less left than `needed`? */
static bool cpu_is_used_up(sandbox *s, int64_t needed)
{
    int64_t now = cpu_now();
    if (s->cpu_start < 0)
        s->cpu_start = now;
    return now - s->cpu_start > SANDBOX_CPU_NS - needed;
}

void sandbox_where(lua_State *lua, char where[static SANDBOX_WHERE_MOST])
{
    lua_Debug at;
    where[0] = 0;
    for (int level = 0; level < 250 && lua_getstack(lua, level, &at); level++) {
        lua_getinfo(lua, "Sl", &at);
        if (at.currentline > 0) {
            snprintf(where, SANDBOX_WHERE_MOST, "%s:%d", at.short_src, at.currentline);
            return;
        }
    }
}

/* -------------------------------------------------------------------------- ending a script */

static void on_count(lua_State *lua, lua_Debug *event);

static int raise_end(lua_State *lua)
{
    lua_pushlightuserdata(lua, NULL); /* needs no memory; nobody gets to see it */
    return lua_error(lua);
}

static void set_end(sandbox *s, sandbox_end end)
{
    if (s->end != RUNS_ON)
        return;
    lua_Debug at;
    s->end = end == NO_MEMORY && lua_getstack(s->running, DEPTH_SUSPECT, &at) ? NO_DEPTH : end;
    sandbox_where(s->running, s->where);
    lua_sethook(s->running, on_count, LUA_MASKCOUNT, 1);
}

static void on_count(lua_State *lua, lua_Debug *event)
{
    (void)event;
    sandbox *s = sandbox_of(lua);
    s->left -= s->hurry ? 1 : s->interval;
    if (s->left <= 0)
        set_end(s, NO_INSTRUCTIONS);
    else if (cpu_is_used_up(s, 0))
        set_end(s, NO_CPU);
    if (s->end != RUNS_ON)
        raise_end(lua);
}

void sandbox_spend(sandbox *s, uint64_t units)
{
    if (!s->is_open)
        return;
    s->left = units < (uint64_t)INT64_MAX / 2 && s->left >= 0 ? s->left - (int64_t)units : -1;
    if (s->left < 0 && !s->hurry) {
        s->hurry = true;
        lua_sethook(s->running, on_count, LUA_MASKCOUNT, 1);
    }
}

void sandbox_charge(lua_State *lua, uint64_t units)
{
    sandbox *s = sandbox_of(lua);
    sandbox_spend(s, units);
    if (s->is_open && s->left < 0)
        set_end(s, NO_INSTRUCTIONS);
    sandbox_go_on(lua);
}

void sandbox_go_on(lua_State *lua)
{
    if (sandbox_of(lua)->end != RUNS_ON)
        raise_end(lua);
}

int sandbox_no_memory(lua_State *lua)
{
    set_end(sandbox_of(lua), NO_MEMORY);
    return raise_end(lua);
}

void sandbox_before_table(lua_State *lua, size_t size)
{
    sandbox *s = sandbox_of(lua);
    int64_t keys = (int64_t)(size / NODE_BYTES);
    if (keys > SANDBOX_KEYS_MOST)
        set_end(s, NO_KEYS);
    else if (keys >= 1024 && cpu_is_used_up(s, keys * keys))
        set_end(s, NO_CPU);
    sandbox_go_on(lua);
}

bool sandbox_is_no_memory(lua_State *lua, int status)
{
    if (status == LUA_ERRMEM)
        return true;
    return lua_type(lua, -1) == LUA_TSTRING && sandbox_of(lua)->collections > 0 &&
           strcmp(lua_tostring(lua, -1), "not enough memory") == 0; /* lauxlib's */
}

void sandbox_make_room(lua_State *lua, size_t size)
{
    sandbox *s = sandbox_of(lua);
    if (s->used + size <= s->most)
        return;
    if (++s->collections > COLLECTIONS_MOST)
        sandbox_no_memory(lua);
    lua_gc(lua, LUA_GCCOLLECT);
}

/* Lua asks a second time after it has collected all garbage; a second refusal of the same request
 * is final. The last collections allowed are final at once: each costs as much as a hundred
 * thousand instructions, and a script that lives at the limit would do little else. */
static void *refuse(sandbox *s, size_t size)
{
    bool again = s->refused == size;
    s->refused = size;
    s->collections += again ? 0 : 1;
    if (again || s->collections > COLLECTIONS_MOST)
        set_end(s, NO_MEMORY);
    return NULL;
}

static void *allocate(void *data, void *block, size_t old, size_t size)
{
    sandbox *s = data;
    int type = block ? LUA_TNONE : (int)(old & 0x0f); /* Lua passes that of a new object */
    if (!block)
        old = 0;
    if (size == 0) {
        s->used -= old;
        g_free(block);
        return NULL;
    }
    if (size > old && s->is_open) {
        if (s->used - old + size > s->most)
            return refuse(s, size);
        s->refused = 0;
        sandbox_spend(s, BLOCK_UNITS +
                             size / (type == LUA_TSTRING ? BYTES_PER_TEXT_UNIT : BYTES_PER_UNIT));
    }
    s->used += size - old;
    return g_realloc(block, size);
}

/* ------------------------------------------------------------------------------- for the door */

void sandbox_switch(sandbox *s, lua_State *thread)
{
    s->running = thread;
    lua_sethook(thread, on_count, LUA_MASKCOUNT, s->hurry ? 1 : s->interval);
}

void sandbox_start(sandbox *s, lua_State *thread, uint64_t instructions)
{
    g_assert(!s->is_open && !sandbox_running);
    s->budget = MIN(instructions, (uint64_t)INT64_MAX / 2);
    s->left = (int64_t)s->budget;
    s->interval = (int)CLAMP(s->budget, 1, HOOK_INTERVAL);
    s->cpu_start = -1;
    s->end = RUNS_ON;
    s->hurry = false;
    s->refused = 0;
    s->collections = 0;
    s->where[0] = 0;
    s->is_open = true;
    sandbox_running = s;
    sandbox_switch(s, thread);
}

void sandbox_stop(sandbox *s)
{
    s->is_open = false;
    sandbox_running = NULL;
    lua_sethook(s->running, NULL, 0, 0);
}

void sandbox_look_at_budget(sandbox *s)
{
    if (s->left < 0)
        set_end(s, NO_INSTRUCTIONS);
}

void sandbox_look(sandbox *s)
{
    sandbox_look_at_budget(s);
    if (cpu_is_used_up(s, 0))
        set_end(s, NO_CPU);
    sandbox_go_on(s->lua);
}

/* ---------------------------------------------------------------------------- the state itself */

static int on_panic(lua_State *lua)
{
    const char *text = lua_tostring(lua, -1);
    fprintf(stderr, "dasim: a bug: Lua error outside of the sandbox: %s\n", text ? text : "?");
    exit(70);
}

void safe_copy(lua_State *lua, lua_CFunction open, const char *const *names)
{
    lua_pushcfunction(lua, open);
    lua_call(lua, 0, 1);
    for (; *names; names++) {
        int type = lua_getfield(lua, -1, *names);
        g_assert(type != LUA_TNIL);
        lua_setfield(lua, -3, *names);
    }
    lua_pop(lua, 1);
}

static int refuse_absent(lua_State *lua)
{
    return luaL_error(lua, "%s is not available: %s", lua_tostring(lua, lua_upvalueindex(1)),
                      lua_tostring(lua, lua_upvalueindex(2)));
}

void safe_absent(lua_State *lua, const char *library, const char *const *names, const char *why)
{
    for (; *names; names++) {
        lua_pushfstring(lua, "%s%s", library, *names);
        lua_pushstring(lua, why);
        lua_pushcclosure(lua, refuse_absent, 2);
        lua_setfield(lua, -2, *names);
    }
}

sandbox *sandbox_new(uint64_t seed)
{
    sandbox *s = g_new0(sandbox, 1);
    s->chance = rng_key_of(seed, PURPOSE_SCRIPT, 0);
    s->most = SANDBOX_MEMORY_MOST;
    s->lua = lua_newstate(allocate, s);
    g_assert(s->lua);
    s->running = s->lua;
    lua_atpanic(s->lua, on_panic);
    *(sandbox **)lua_getextraspace(s->lua) = s;
    safe_base_open(s->lua);
    safe_pairs_open(s->lua);
    safe_string_open(s->lua);
    safe_table_open(s->lua);
    safe_math_open(s->lua);
    g_assert(lua_gettop(s->lua) == 0);
    return s;
}

void sandbox_free(sandbox *s)
{
    if (!s)
        return;
    lua_close(s->lua);
    g_assert(s->used == 0);
    g_free(s->file);
    g_free(s->chunk);
    g_free(s);
}

lua_State *sandbox_lua(sandbox *s)
{
    return s->lua;
}

sandbox *sandbox_of(lua_State *lua)
{
    return *(sandbox **)lua_getextraspace(lua);
}

void sandbox_set_host(sandbox *s, void *host)
{
    s->host = host;
}

void *sandbox_host(const sandbox *s)
{
    return s->host;
}

void sandbox_on_print(sandbox *s, sandbox_print_function print, void *data)
{
    s->print = print;
    s->print_data = data;
}

uint64_t sandbox_draws(const sandbox *s)
{
    return s->draws;
}

size_t sandbox_memory(const sandbox *s)
{
    return s->used;
}
