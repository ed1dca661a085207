/*
 * string.gsub. What replaces a match: a text with %0 to %9, a field of a table, or the result of a
 * function; where that is false or nil the match stays.
 */
#include "script/safe_pattern.h"

#include <lauxlib.h>

enum { SUBJECT = 1, PATTERN, REPLACEMENT, COUNT }; /* arguments */

static void add_text(matching *m, luaL_Buffer *to, const char *from, const char *end)
{
    lua_State *lua = m->lua;
    size_t size;
    const char *text = lua_tolstring(lua, REPLACEMENT, &size);
    sandbox_charge(lua, size / 4);
    for (const char *c = text; c < text + size; c++) {
        if (*c != '%') {
            luaL_addchar(to, *c);
            continue;
        }
        c++;
        if (c < text + size && *c == '%') {
            luaL_addchar(to, '%');
        } else if (c < text + size && *c == '0') {
            luaL_addlstring(to, from, (size_t)(end - from));
        } else if (c < text + size && g_ascii_isdigit(*c)) {
            int i = *c - '1';
            if (i > 0 && i >= m->pattern->captures)
                luaL_error(lua, "invalid capture index %%%d in replacement string", i + 1);
            pattern_push(m, i, from, end);
            luaL_tolstring(lua, -1, NULL); /* a position is a number */
            lua_remove(lua, -2);
            luaL_addvalue(to);
        } else {
            luaL_error(lua, "invalid use of '%%' in replacement string");
        }
    }
}

static void add_replacement(matching *m, luaL_Buffer *to, const char *from, const char *end)
{
    lua_State *lua = m->lua;
    pattern_pay(m);
    sandbox_charge(lua, 4);
    switch (lua_type(lua, REPLACEMENT)) {
    case LUA_TFUNCTION:
        lua_pushvalue(lua, REPLACEMENT);
        lua_call(lua, pattern_push_all(m, from, end), 1);
        break;
    case LUA_TTABLE:
        pattern_push(m, 0, from, end);
        lua_gettable(lua, REPLACEMENT);
        break;
    default:
        add_text(m, to, from, end);
        return;
    }
    if (!lua_toboolean(lua, -1)) {
        lua_pop(lua, 1);
        luaL_addlstring(to, from, (size_t)(end - from));
    } else if (!lua_isstring(lua, -1)) {
        luaL_error(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
    } else {
        luaL_addvalue(to);
    }
}

int safe_gsub(lua_State *lua)
{
    size_t size, n;
    const char *s = luaL_checklstring(lua, SUBJECT, &size);
    const char *text = luaL_checklstring(lua, PATTERN, &n);
    int type = lua_type(lua, REPLACEMENT);
    luaL_argexpected(lua,
                     type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION ||
                         type == LUA_TTABLE,
                     REPLACEMENT, "string/function/table");
    lua_Integer most = luaL_optinteger(lua, COUNT, (lua_Integer)size + 1), done = 0;
    lua_settop(lua, COUNT);
    sandbox_charge(lua, size / 8);
    matching m = {.lua = lua, .start = s, .end = s + size};
    m.pattern = pattern_read(lua, text, n, true);
    luaL_Buffer to;
    luaL_buffinit(lua, &to);
    const char *from = s, *last = NULL;
    while (done < most) {
        const char *end = pattern_match(&m, from);
        if (end && end != last) {
            done++;
            add_replacement(&m, &to, from, end);
            from = last = end;
        } else if (from < m.end) {
            luaL_addchar(&to, *from);
            from++;
        } else {
            break;
        }
        if (m.pattern->is_anchored)
            break;
    }
    pattern_pay(&m);
    luaL_addlstring(&to, from, (size_t)(m.end - from));
    luaL_pushresult(&to);
    lua_pushinteger(lua, done);
    return 2;
}
