/*
 * The basic functions. Those that could swallow an error, show an address or reach out of the
 * sandbox are our own; the harmless ones are Lua's.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>

/* What an error can cost inside of Lua: it searches the function's code for names of variables. */
static void charge_error(lua_State *lua)
{
    sandbox_charge(lua, 500 + sandbox_of(lua)->source / 2);
}

/* After a protected call. `extra`: values below its results, as a continuation gets them. */
static int finish_call(lua_State *lua, int status, lua_KContext extra)
{
    sandbox_go_on(lua);
    if (status == LUA_OK || status == LUA_YIELD) {
        int n = lua_gettop(lua) - (int)extra;
        sandbox_charge(lua, (uint64_t)n);
        return n;
    }
    if (sandbox_is_no_memory(lua, status))
        return sandbox_no_memory(lua);
    charge_error(lua);
    lua_pushboolean(lua, false);
    lua_pushvalue(lua, -2);
    return 2;
}

static int protected_call(lua_State *lua)
{
    luaL_checkany(lua, 1);
    sandbox_charge(lua, 20);
    lua_pushboolean(lua, true);
    lua_insert(lua, 1);
    int status = lua_pcallk(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0, 0, finish_call);
    return finish_call(lua, status, 0);
}

/* In place of the script's handler. When the count hook ends a script, Lua calls the handler with
 * hooks switched off: a loop there would never end. */
static int guarded_handler(lua_State *lua)
{
    if (sandbox_of(lua)->end != RUNS_ON)
        return 1;
    sandbox_charge(lua, 20);
    lua_settop(lua, 1);
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, 1, 1);
    return 1;
}

static int protected_call_with_handler(lua_State *lua)
{
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    sandbox_charge(lua, 20);
    int n = lua_gettop(lua);
    lua_pushvalue(lua, 2);
    lua_pushcclosure(lua, guarded_handler, 1);
    lua_replace(lua, 2);
    lua_pushboolean(lua, true);
    lua_pushvalue(lua, 1);
    lua_rotate(lua, 3, 2); /* f, handler, true, f, arguments... */
    int status = lua_pcallk(lua, n - 2, LUA_MULTRET, 2, 2, finish_call);
    return finish_call(lua, status, 2);
}

const char *sandbox_tostring(lua_State *lua, int index, size_t *size)
{
    if (luaL_callmeta(lua, index, "__tostring")) {
        if (!lua_isstring(lua, -1))
            luaL_error(lua, "'__tostring' must return a string");
        return lua_tolstring(lua, -1, size);
    }
    switch (lua_type(lua, index)) {
    case LUA_TNUMBER: /* by way of luaO_tostring, which knows one NaN only */
        lua_pushvalue(lua, index);
        return lua_tolstring(lua, -1, size);
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TSTRING:
        return luaL_tolstring(lua, index, size);
    default: /* all that luaL_tolstring shows beyond this is the address */
        if (luaL_getmetafield(lua, index, "__name") == LUA_TSTRING)
            return lua_tolstring(lua, -1, size);
        lua_pushstring(lua, luaL_typename(lua, index));
        return lua_tolstring(lua, -1, size);
    }
}

static int to_string(lua_State *lua)
{
    luaL_checkany(lua, 1);
    sandbox_tostring(lua, 1, NULL);
    return 1;
}

static int to_number(lua_State *lua)
{
    size_t size = 0;
    if (lua_type(lua, 1) == LUA_TSTRING)
        lua_tolstring(lua, 1, &size);
    sandbox_charge(lua, size / 8);
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

static int set_metatable(lua_State *lua)
{
    static const char *const refused[] = {"__gc", "__mode"};
    for (size_t i = 0; i < G_N_ELEMENTS(refused) && lua_istable(lua, 2); i++) {
        lua_pushstring(lua, refused[i]);
        if (lua_rawget(lua, 2) != LUA_TNIL)
            return luaL_error(lua,
                              "found %s in a metatable, which scenarios do not have: what "
                              "is collected, and when, must not matter",
                              refused[i]);
        lua_pop(lua, 1);
    }
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

static int print(lua_State *lua)
{
    sandbox *s = sandbox_of(lua);
    int n = lua_gettop(lua);
    sandbox_charge(lua, 500);
    luaL_Buffer text;
    luaL_buffinit(lua, &text);
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&text, '\t');
        sandbox_tostring(lua, i, NULL);
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    size_t size;
    const char *all = lua_tolstring(lua, -1, &size);
    sandbox_charge(lua, MIN(size, 4000));
    char where[SANDBOX_WHERE_MOST];
    sandbox_where(lua, where);
    char *line = sandbox_printable(all, size, 2000);
    if (s->print)
        s->print(where, line, s->print_data);
    else
        fprintf(stderr, "%s: %s\n", where, line);
    g_free(line);
    return 0;
}

/* Replaces the function in the field `name` of the table on top by one that calls it. */
static void wrap(lua_State *lua, const char *name, lua_CFunction function)
{
    lua_getfield(lua, -1, name);
    lua_pushcclosure(lua, function, 1);
    lua_setfield(lua, -2, name);
}

typedef struct absent {
    const char *name, *why;
} absent;

static const absent ABSENT[] = {{"load", "a scenario is one file of Lua source"},
                                {"loadstring", "a scenario is one file of Lua source"},
                                {"loadfile", "a scenario is one file of Lua source"},
                                {"dofile", "a scenario is one file of Lua source"},
                                {"require", "a scenario is one file of Lua source"},
                                {"package", "a scenario is one file of Lua source"},
                                {"io", "a scenario reads and writes nothing; print() shows a line"},
                                {"os", "a scenario does not see the machine it runs on"},
                                {"debug", "it would reach out of the sandbox"},
                                {"coroutine", "process() makes what waits and goes on"},
                                {"collectgarbage", "what is collected, and when, must not matter"},
                                {"utf8", "texts are bytes here; string has what there is"},
                                {"unpack", "it is table.unpack"},
                                {"setfenv", "it is not in Lua 5.4"},
                                {"getfenv", "it is not in Lua 5.4"}};

/* __index of the globals: a name that is known elsewhere gets an answer. */
static int global_is_absent(lua_State *lua)
{
    const char *name = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
    for (size_t i = 0; i < G_N_ELEMENTS(ABSENT); i++)
        if (strcmp(name, ABSENT[i].name) == 0)
            return luaL_error(lua, "%s is not available: %s", name, ABSENT[i].why);
    lua_pushnil(lua);
    return 1;
}

/* Gives the table on top its metatable. */
static void explain_absent(lua_State *lua)
{
    lua_createtable(lua, 0, 2);
    lua_pushcfunction(lua, global_is_absent);
    lua_setfield(lua, -2, "__index");
    lua_pushboolean(lua, false);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2);
}

void safe_base_open(lua_State *lua)
{
    static const char *const harmless[] = {"assert",       "error",    "getmetatable",
                                           "ipairs",       "rawequal", "rawget",
                                           "rawlen",       "rawset",   "select",
                                           "setmetatable", "tonumber", "type",
                                           "_VERSION",     NULL};
    static const luaL_Reg own[] = {{"pcall", protected_call},
                                   {"xpcall", protected_call_with_handler},
                                   {"print", print},
                                   {"tostring", to_string},
                                   {NULL, NULL}};
    /* luaopen_base fills the globals, so that these are thrown away afterwards. */
    lua_newtable(lua);
    safe_copy(lua, luaopen_base, harmless);
    luaL_setfuncs(lua, own, 0);
    wrap(lua, "setmetatable", set_metatable);
    wrap(lua, "tonumber", to_number);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -2, "_G");
    explain_absent(lua);
    lua_rawseti(lua, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}
