/*
 * table.sort: a merge sort. Elements that compare equal keep their order, the comparisons made
 * depend on nothing but the elements, and a comparator that contradicts itself can do no harm.
 * What it leaves is checked: where a neighbour is less than the one before it, the comparator is
 * no order, and that is an error each time, not now and then.
 *
 * The elements are copied to arrays of our own; the script's table changes only at the end.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>

enum { TABLE = 1, COMPARATOR, FROM, TO }; /* places on the stack */

/* The elements at places -2 and -1. */
static bool is_less(lua_State *lua)
{
    if (lua_isnil(lua, COMPARATOR))
        return lua_compare(lua, -2, -1, LUA_OPLT);
    lua_pushvalue(lua, COMPARATOR);
    lua_pushvalue(lua, -3);
    lua_pushvalue(lua, -3);
    lua_call(lua, 2, 1);
    bool less = lua_toboolean(lua, -1);
    lua_pop(lua, 1);
    return less;
}

/* Is element `i` of array `from` less than element `j`? */
static bool element_is_less(lua_State *lua, int from, lua_Integer i, lua_Integer j)
{
    sandbox_charge(lua, 4);
    lua_rawgeti(lua, from, i);
    lua_rawgeti(lua, from, j);
    bool less = is_less(lua);
    lua_pop(lua, 2);
    return less;
}

static void copy_element(lua_State *lua, int from, lua_Integer i, int to, lua_Integer j)
{
    lua_rawgeti(lua, from, i);
    lua_rawseti(lua, to, j);
}

/* Merges [i, middle) and [middle, end). */
static void merge(lua_State *lua, int from, int to, lua_Integer i, lua_Integer middle,
                  lua_Integer end)
{
    lua_Integer j = middle;
    sandbox_charge(lua, (uint64_t)(end - i) * 2);
    for (lua_Integer k = i; k < end; k++) {
        bool right = i >= middle || (j < end && element_is_less(lua, from, j, i));
        copy_element(lua, from, right ? j++ : i++, to, k);
    }
}

/* Returns the place of the sorted array. */
static int merge_all(lua_State *lua, lua_Integer n)
{
    int from = FROM, to = TO;
    for (lua_Integer width = 1; width < n; width *= 2) {
        for (lua_Integer i = 1; i <= n; i += 2 * width)
            merge(lua, from, to, i, MIN(i + width, n + 1), MIN(i + 2 * width, n + 1));
        int swap = from;
        from = to;
        to = swap;
    }
    return from;
}

int safe_sort(lua_State *lua)
{
    luaL_checktype(lua, TABLE, LUA_TTABLE);
    lua_Integer n = luaL_len(lua, TABLE);
    if (n < 2)
        return 0;
    luaL_argcheck(lua, n < INT32_MAX, TABLE, "array too big");
    if (!lua_isnoneornil(lua, COMPARATOR))
        luaL_checktype(lua, COMPARATOR, LUA_TFUNCTION);
    lua_settop(lua, COMPARATOR);
    sandbox_charge(lua, (uint64_t)n * 8);
    lua_createtable(lua, (int)n, 0);
    lua_createtable(lua, (int)n, 0);
    for (lua_Integer i = 1; i <= n; i++) {
        sandbox_charge(lua, 0);
        lua_geti(lua, TABLE, i);
        lua_rawseti(lua, FROM, i);
    }
    int sorted = merge_all(lua, n);
    for (lua_Integer i = 2; i <= n; i++)
        if (element_is_less(lua, sorted, i, i - 1))
            return luaL_error(lua, "invalid order function for sorting: it says that of two "
                                   "neighbours the second is less, whichever comes first");
    for (lua_Integer i = 1; i <= n; i++) {
        sandbox_charge(lua, 0);
        lua_rawgeti(lua, sorted, i);
        lua_seti(lua, TABLE, i);
    }
    return 0;
}
