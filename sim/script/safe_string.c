/*
 * The string library, of our own throughout: Lua's has a matcher that nobody can stop, formats
 * with the C library, and adds arithmetic on texts. Letters are those of ASCII in every locale.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>
#include <string.h>

/* From 1, or from the end where negative, cut to 1 .. size + 1. */
static size_t first_place(lua_Integer i, size_t size)
{
    if (i > 0)
        return (size_t)i;
    return i == 0 || i < -(lua_Integer)size ? 1 : size + (size_t)i + 1;
}

/* The same for the end of a range, cut to 0 .. size. */
static size_t last_place(lua_Integer i, size_t size)
{
    if (i > (lua_Integer)size)
        return size;
    if (i >= 0)
        return (size_t)i;
    return i < -(lua_Integer)size ? 0 : size + (size_t)i + 1;
}

static int length(lua_State *lua)
{
    size_t size;
    luaL_checklstring(lua, 1, &size);
    lua_pushinteger(lua, (lua_Integer)size);
    return 1;
}

static int sub(lua_State *lua)
{
    size_t size;
    const char *s = luaL_checklstring(lua, 1, &size);
    size_t first = first_place(luaL_checkinteger(lua, 2), size);
    size_t last = last_place(luaL_optinteger(lua, 3, -1), size);
    if (first > last)
        lua_pushliteral(lua, "");
    else
        lua_pushlstring(lua, s + first - 1, last - first + 1);
    return 1;
}

static int byte(lua_State *lua)
{
    size_t size;
    const char *s = luaL_checklstring(lua, 1, &size);
    lua_Integer start = luaL_optinteger(lua, 2, 1);
    size_t first = first_place(start, size);
    size_t last = last_place(luaL_optinteger(lua, 3, start), size);
    if (first > last)
        return 0;
    size_t n = last - first + 1;
    sandbox_charge(lua, n);
    if (n > SAFE_VALUES_MOST || !lua_checkstack(lua, (int)n))
        return luaL_error(lua, "string slice too long: expected at most %d bytes",
                          SAFE_VALUES_MOST);
    for (size_t i = first - 1; i < last; i++)
        lua_pushinteger(lua, (unsigned char)s[i]);
    return (int)n;
}

static int of_bytes(lua_State *lua)
{
    int n = lua_gettop(lua);
    sandbox_charge(lua, (uint64_t)n);
    luaL_Buffer text;
    char *to = luaL_buffinitsize(lua, &text, (size_t)n);
    for (int i = 1; i <= n; i++) {
        lua_Unsigned c = (lua_Unsigned)luaL_checkinteger(lua, i);
        luaL_argcheck(lua, c <= 255, i, "value out of range");
        to[i - 1] = (char)c;
    }
    luaL_pushresultsize(&text, (size_t)n);
    return 1;
}

static int map_bytes(lua_State *lua, char (*map)(char))
{
    size_t size;
    const char *s = luaL_checklstring(lua, 1, &size);
    sandbox_charge(lua, size / 4);
    sandbox_make_room(lua, 2 * size);
    luaL_Buffer text;
    char *to = luaL_buffinitsize(lua, &text, size);
    for (size_t i = 0; i < size; i++)
        to[i] = map(s[i]);
    luaL_pushresultsize(&text, size);
    return 1;
}

static int upper(lua_State *lua)
{
    return map_bytes(lua, g_ascii_toupper);
}

static int lower(lua_State *lua)
{
    return map_bytes(lua, g_ascii_tolower);
}

static int reverse(lua_State *lua)
{
    size_t size;
    const char *s = luaL_checklstring(lua, 1, &size);
    sandbox_charge(lua, size / 4);
    sandbox_make_room(lua, 2 * size);
    luaL_Buffer text;
    char *to = luaL_buffinitsize(lua, &text, size);
    for (size_t i = 0; i < size; i++)
        to[i] = s[size - 1 - i];
    luaL_pushresultsize(&text, size);
    return 1;
}

/* A text that does not fit into the memory at all ends the script before anything is written. */
static int repeat(lua_State *lua)
{
    size_t size, between;
    const char *s = luaL_checklstring(lua, 1, &size);
    lua_Integer n = luaL_checkinteger(lua, 2);
    const char *separator = luaL_optlstring(lua, 3, "", &between);
    size_t each = size + between;
    if (n <= 0 || each == 0) {
        lua_pushliteral(lua, "");
        return 1;
    }
    if ((uint64_t)n > SANDBOX_MEMORY_MOST / each + 1)
        return sandbox_no_memory(lua);
    size_t total = (size_t)n * each - between;
    sandbox_charge(lua, (uint64_t)n / 4 + total / 16);
    sandbox_make_room(lua, 2 * total);
    luaL_Buffer text;
    char *to = luaL_buffinitsize(lua, &text, total);
    for (lua_Integer i = 0; i < n; i++) {
        memcpy(to, s, size);
        to += size;
        if (i + 1 < n) {
            memcpy(to, separator, between);
            to += between;
        }
    }
    luaL_pushresultsize(&text, total);
    return 1;
}

/* The metatable of all texts: s:rep(3) works, and nothing else does. Scripts do not get at it. */
static void set_metatable(lua_State *lua)
{
    lua_pushliteral(lua, "");
    lua_createtable(lua, 0, 2);
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "__index");
    lua_pushboolean(lua, false);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2);
    lua_pop(lua, 1);
}

void safe_string_open(lua_State *lua)
{
    static const luaL_Reg own[] = {{"byte", byte},          {"char", of_bytes},
                                   {"find", safe_find},     {"format", safe_format},
                                   {"gmatch", safe_gmatch}, {"gsub", safe_gsub},
                                   {"len", length},         {"lower", lower},
                                   {"match", safe_match},   {"rep", repeat},
                                   {"reverse", reverse},    {"sub", sub},
                                   {"upper", upper},        {NULL, NULL}};
    static const char *const absent[] = {"dump", "pack", "packsize", "unpack", NULL};
    lua_newtable(lua);
    luaL_setfuncs(lua, own, 0);
    safe_absent(lua, "string.", absent, "scenarios have no use for binary data");
    set_metatable(lua);
    lua_setglobal(lua, "string");
}
