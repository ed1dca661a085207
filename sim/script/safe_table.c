/*
 * The table library. Each function asks for the length once and pays for the whole range before it
 * walks through it, so that a length that lies costs its author the budget and nobody any time.
 * What chains of metatables cost on the way is paid by lua_wraps.c; sandbox_charge(lua, 0) is where
 * that raises.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>
#include <lualib.h>

/* The length of the first argument, which is a table or behaves like one. */
static lua_Integer length_of(lua_State *lua)
{
    if (lua_type(lua, 1) != LUA_TTABLE && luaL_getmetafield(lua, 1, "__index") == LUA_TNIL)
        luaL_checktype(lua, 1, LUA_TTABLE);
    return luaL_len(lua, 1);
}

/* Pays for first..last; the count, 0 where there is nothing. */
static uint64_t pay_range(lua_State *lua, lua_Integer first, lua_Integer last, uint64_t each)
{
    if (first > last)
        return 0;
    uint64_t n = (uint64_t)last - (uint64_t)first;
    sandbox_charge(lua, n < UINT64_MAX / 64 ? (n + 1) * each : UINT64_MAX);
    return n + 1;
}

static int insert(lua_State *lua)
{
    lua_Integer size = length_of(lua);
    lua_Integer end = (lua_Integer)((lua_Unsigned)size + 1), place = end;
    lua_settop(lua, MIN(lua_gettop(lua), 4));
    switch (lua_gettop(lua)) {
    case 2:
        break;
    case 3:
        place = luaL_checkinteger(lua, 2);
        luaL_argcheck(lua, (lua_Unsigned)place - 1 < (lua_Unsigned)end, 2,
                      "position out of bounds");
        pay_range(lua, place, size, 4);
        for (lua_Integer i = end; i > place; i--) {
            sandbox_charge(lua, 0);
            lua_geti(lua, 1, i - 1);
            lua_seti(lua, 1, i);
        }
        break;
    default:
        return luaL_error(lua, "wrong number of arguments to 'insert'");
    }
    lua_seti(lua, 1, place);
    return 0;
}

static int remove_at(lua_State *lua)
{
    lua_Integer size = length_of(lua);
    lua_Integer place = luaL_optinteger(lua, 2, size);
    lua_settop(lua, 2);
    if (!lua_isnil(lua, 2))
        luaL_argcheck(lua,
                      (lua_Unsigned)size + 1 - (lua_Unsigned)place <= (lua_Unsigned)size ||
                          place == size || size + 1 == place,
                      2, "position out of bounds");
    lua_geti(lua, 1, place);
    pay_range(lua, place, size, 4);
    for (; place < size; place++) {
        sandbox_charge(lua, 0);
        lua_geti(lua, 1, place + 1);
        lua_seti(lua, 1, place);
    }
    lua_pushnil(lua);
    lua_seti(lua, 1, place);
    return 1;
}

static int move(lua_State *lua)
{
    lua_Integer first = luaL_checkinteger(lua, 2), last = luaL_checkinteger(lua, 3);
    lua_Integer to = luaL_checkinteger(lua, 4);
    int target = lua_isnoneornil(lua, 5) ? 1 : 5;
    luaL_checktype(lua, 1, LUA_TTABLE);
    luaL_checktype(lua, target, LUA_TTABLE);
    if (first <= last) {
        luaL_argcheck(lua, first > 0 || last < LUA_MAXINTEGER + first, 3,
                      "too many elements to move");
        lua_Integer n = last - first + 1;
        luaL_argcheck(lua, to <= LUA_MAXINTEGER - n + 1, 4, "destination wrap around");
        pay_range(lua, first, last, 4);
        bool upwards =
            to > last || to <= first || (target != 1 && !lua_compare(lua, 1, 5, LUA_OPEQ));
        for (lua_Integer i = 0; i < n; i++) {
            lua_Integer k = upwards ? i : n - 1 - i;
            sandbox_charge(lua, 0);
            lua_geti(lua, 1, first + k);
            lua_seti(lua, target, to + k);
        }
    }
    lua_pushvalue(lua, target);
    return 1;
}

static int concat(lua_State *lua)
{
    lua_Integer size = length_of(lua);
    size_t separator_size;
    const char *separator = luaL_optlstring(lua, 2, "", &separator_size);
    lua_Integer first = luaL_optinteger(lua, 3, 1), last = luaL_optinteger(lua, 4, size);
    uint64_t n = pay_range(lua, first, last, 4);
    lua_settop(lua, 4);
    luaL_Buffer text;
    luaL_buffinit(lua, &text);
    for (uint64_t k = 0; k < n; k++) {
        lua_Integer i = (lua_Integer)((uint64_t)first + k);
        if (k > 0)
            luaL_addlstring(&text, separator, separator_size);
        sandbox_charge(lua, 0);
        lua_geti(lua, 1, i);
        if (!lua_isstring(lua, -1))
            return luaL_error(lua, "invalid value (at index %I) in table for 'concat': a %s", i,
                              luaL_typename(lua, -1));
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    return 1;
}

static int unpack(lua_State *lua)
{
    lua_Integer first = luaL_optinteger(lua, 2, 1);
    lua_Integer last = lua_isnoneornil(lua, 3) ? luaL_len(lua, 1) : luaL_checkinteger(lua, 3);
    if (first > last)
        return 0;
    uint64_t n = (uint64_t)last - (uint64_t)first;
    if (n >= SAFE_VALUES_MOST || !lua_checkstack(lua, (int)n + 1))
        return luaL_error(lua, "too many results to unpack: expected at most %d", SAFE_VALUES_MOST);
    pay_range(lua, first, last, 2);
    for (uint64_t k = 0; k <= n; k++) {
        sandbox_charge(lua, 0);
        lua_geti(lua, 1, (lua_Integer)((uint64_t)first + k));
    }
    return (int)n + 1;
}

void safe_table_open(lua_State *lua)
{
    static const luaL_Reg own[] = {{"concat", concat},    {"insert", insert},  {"move", move},
                                   {"remove", remove_at}, {"sort", safe_sort}, {"unpack", unpack},
                                   {NULL, NULL}};
    static const char *const harmless[] = {"pack", NULL};
    lua_newtable(lua);
    safe_copy(lua, luaopen_table, harmless);
    luaL_setfuncs(lua, own, 0);
    lua_setglobal(lua, "table");
}
