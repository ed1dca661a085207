/*
 * pairs() and next() in a fixed order: numbers ascending, false, true, strings by bytes, then at
 * most one key that only has an identity. Two of those have no order that is the same in each
 * process, so they are refused.
 *
 * pairs() takes the keys when it is called: what is assigned during the traversal is not visited,
 * what is removed is skipped, and neither is an error.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

typedef enum rank { RANK_NUMBER, RANK_FALSE, RANK_TRUE, RANK_STRING, RANK_IDENTITY } rank;

/* A key as it is compared. A string's bytes stay where they are while the table holds it. */
typedef struct key {
    rank rank;
    uint32_t place; /* in the array of keys, from 1 */
    bool is_integer;
    union {
        lua_Integer integer;
        lua_Number number;
        struct {
            const char *bytes;
            size_t size;
        } string;
    } as;
} key;

/* Exact: a 64-bit integer does not fit into a double. */
static bool integer_before_float(lua_Integer i, lua_Number x)
{
    if (x >= 0x1p63)
        return true;
    if (x < -0x1p63)
        return false;
    return i < (lua_Integer)ceil(x); /* i < x exactly where i < ceil(x) */
}

static bool number_before(const key *a, const key *b)
{
    if (a->is_integer && b->is_integer)
        return a->as.integer < b->as.integer;
    if (a->is_integer)
        return integer_before_float(a->as.integer, b->as.number);
    if (b->is_integer) /* never equal: Lua keeps a float key that is integral as an integer */
        return !integer_before_float(b->as.integer, a->as.number);
    return a->as.number < b->as.number;
}

static bool string_before(const key *a, const key *b)
{
    size_t n = MIN(a->as.string.size, b->as.string.size);
    int order = memcmp(a->as.string.bytes, b->as.string.bytes, n); /* charges by itself */
    return order != 0 ? order < 0 : a->as.string.size < b->as.string.size;
}

static bool before(const key *a, const key *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank;
    if (a->rank == RANK_NUMBER)
        return number_before(a, b);
    return a->rank == RANK_STRING && string_before(a, b);
}

static key read_key(lua_State *lua, int index)
{
    key k = {.rank = RANK_IDENTITY};
    switch (lua_type(lua, index)) {
    case LUA_TNUMBER:
        k.rank = RANK_NUMBER;
        k.is_integer = lua_isinteger(lua, index);
        if (k.is_integer)
            k.as.integer = lua_tointeger(lua, index);
        else
            k.as.number = lua_tonumber(lua, index);
        break;
    case LUA_TBOOLEAN:
        k.rank = lua_toboolean(lua, index) ? RANK_TRUE : RANK_FALSE;
        break;
    case LUA_TSTRING:
        k.rank = RANK_STRING;
        k.as.string.bytes = lua_tolstring(lua, index, &k.as.string.size);
        break;
    }
    return k;
}

static void refuse_identities(lua_State *lua, int count, int type)
{
    if (count > 1)
        luaL_error(lua,
                   "found two or more keys that are of type %s (or the like), expected "
                   "numbers, booleans and strings: other keys have no order that is the "
                   "same in every run",
                   lua_typename(lua, type));
}

/* Merges sorted runs of growing width; returns where the result is. No two keys are equal. */
static key *sort_keys(key *from, key *to, size_t n)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t start = 0; start < n; start += 2 * width) {
            size_t middle = MIN(start + width, n), end = MIN(start + 2 * width, n);
            size_t i = start, j = middle;
            for (size_t k = start; k < end; k++)
                to[k] =
                    i < middle && (j >= end || !before(&from[j], &from[i])) ? from[i++] : from[j++];
        }
        key *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static size_t count_keys(lua_State *lua, int table)
{
    size_t n = 0;
    sandbox_charge(lua, sandbox_table_room(lua, table) / 4);
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1))
        n++;
    return n;
}

/* Reads the keys of `table` into the array `keys` and into `list`; true if they came in order. */
static bool collect(lua_State *lua, int table, int list, key *keys)
{
    size_t n = 0;
    int identities = 0, type = LUA_TNIL;
    bool sorted = true;
    for (lua_pushnil(lua); lua_next(lua, table); n++) {
        lua_pop(lua, 1);
        keys[n] = read_key(lua, -1);
        keys[n].place = (uint32_t)(n + 1);
        if (keys[n].rank == RANK_IDENTITY) {
            identities++;
            type = lua_type(lua, -1);
        }
        sorted = sorted && (n == 0 || before(&keys[n - 1], &keys[n]));
        lua_pushvalue(lua, -1);
        lua_rawseti(lua, list, (lua_Integer)n + 1);
    }
    refuse_identities(lua, identities, type);
    return sorted;
}

size_t sandbox_keys(lua_State *lua, int index)
{
    int table = lua_absindex(lua, index);
    luaL_checkstack(lua, 8, NULL);
    size_t n = count_keys(lua, table);
    sandbox_charge(lua, 16 * n); /* the sort's part included */
    if (n > INT32_MAX / sizeof(key))
        luaL_error(lua, "found a table of %I keys, expected fewer", (lua_Integer)n);
    key *keys = lua_newuserdatauv(lua, 2 * n * sizeof *keys, 0);
    lua_createtable(lua, (int)n, 0);
    int list = lua_gettop(lua);
    if (!collect(lua, table, list, keys)) {
        key *sorted = sort_keys(keys, keys + n, n);
        lua_createtable(lua, (int)n, 0);
        for (size_t i = 0; i < n; i++) {
            lua_rawgeti(lua, list, sorted[i].place);
            lua_rawseti(lua, list + 1, (lua_Integer)i + 1);
        }
        lua_replace(lua, list);
    }
    lua_remove(lua, -2);
    return n;
}

/* ---------------------------------------------------------------------------------- pairs */

/* Upvalues: the table, its keys, the place in them. What the loop passes is not looked at. */
static int next_pair(lua_State *lua)
{
    lua_Integer i = lua_tointeger(lua, lua_upvalueindex(3));
    for (;;) {
        if (lua_rawgeti(lua, lua_upvalueindex(2), ++i) == LUA_TNIL)
            return 1;
        lua_pushvalue(lua, -1);
        if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL)
            break;
        lua_pop(lua, 2);
    }
    lua_pushinteger(lua, i);
    lua_replace(lua, lua_upvalueindex(3));
    return 2;
}

static int pairs(lua_State *lua)
{
    luaL_checkany(lua, 1);
    if (luaL_getmetafield(lua, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(lua, 1);
        lua_call(lua, 1, 3);
        return 3;
    }
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 1);
    lua_pushvalue(lua, 1);
    sandbox_keys(lua, 1);
    lua_pushinteger(lua, 0);
    lua_pushcclosure(lua, next_pair, 3);
    lua_pushvalue(lua, 1);
    lua_pushnil(lua);
    return 3;
}

/* ----------------------------------------------------------------------------------- next */

/* The least key above `last` (the least of all without one). As slow as the table is long. */
static int next(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 2); /* 1 the table, 2 the last key, 3 the best so far */
    bool has_last = !lua_isnil(lua, 2), found = false;
    key last = {.rank = RANK_NUMBER}, best = last;
    if (has_last)
        last = read_key(lua, 2);
    lua_pushnil(lua);
    int identities = 0, type = LUA_TNIL;
    uint64_t n = 0;
    sandbox_charge(lua, sandbox_table_room(lua, 1) / 8);
    for (lua_pushnil(lua); lua_next(lua, 1); n++) {
        lua_pop(lua, 1);
        key k = read_key(lua, 4);
        if (k.rank == RANK_IDENTITY) {
            identities++;
            type = lua_type(lua, 4);
        }
        if ((!has_last || before(&last, &k)) && (!found || before(&k, &best))) {
            best = k;
            found = true;
            lua_copy(lua, 4, 3);
        }
    }
    sandbox_charge(lua, 2 * n);
    refuse_identities(lua, identities, type);
    if (!found)
        return 1;
    lua_pushvalue(lua, 3);
    lua_rawget(lua, 1);
    return 2;
}

void safe_pairs_open(lua_State *lua)
{
    lua_register(lua, "pairs", pairs);
    lua_register(lua, "next", next);
}
