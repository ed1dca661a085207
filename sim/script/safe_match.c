/*
 * string.find, match, gmatch and gsub. The matcher backtracks as Lua's does, but it pays for each
 * step, so that a pattern that explodes costs its author the budget and nobody any time.
 *
 * Captures need no undo: their order is fixed in the pattern, so a path that succeeds has written
 * each one after all paths that failed.
 */
#define _GNU_SOURCE /* memmem, which is linear */
#include "script/safe_pattern.h"

#include <lauxlib.h>
#include <string.h>

#define STEPS_PER_UNIT 4
#define STEPS_UNTIL_LOOK 16384 /* the processor's time is asked for so often */

static const char *match_from(matching *m, const char *s, size_t i);

void pattern_pay(matching *m)
{
    uint64_t units = m->steps / STEPS_PER_UNIT;
    m->steps = 0;
    sandbox_charge(m->lua, units);
}

static void step(matching *m, uint64_t steps)
{
    m->steps += steps;
    if (m->steps >= STEPS_UNTIL_LOOK) {
        pattern_pay(m);
        sandbox_look(sandbox_of(m->lua));
    }
}

static bool is_in(const uint64_t set[4], unsigned char c)
{
    return set[c / 64] >> c % 64 & 1;
}

static bool fits(const matching *m, const element *e, const char *s)
{
    return s < m->end && is_in(e->set, (unsigned char)*s);
}

static const char *match_greedy(matching *m, const char *s, size_t i, bool needs_one)
{
    const element *e = &m->pattern->elements[i];
    const char *last = s;
    while (fits(m, e, last))
        last++;
    step(m, (uint64_t)(last - s));
    for (; last >= s + needs_one; last--) {
        const char *end = match_from(m, last, i + 1);
        if (end)
            return end;
    }
    return NULL;
}

static const char *match_lazy(matching *m, const char *s, size_t i)
{
    for (;; s++) {
        const char *end = match_from(m, s, i + 1);
        if (end)
            return end;
        if (!fits(m, &m->pattern->elements[i], s))
            return NULL;
    }
}

static const char *match_repeated(matching *m, const char *s, size_t i)
{
    const element *e = &m->pattern->elements[i];
    if (e->count == LAZY)
        return match_lazy(m, s, i);
    if (e->count == AT_MOST_ONCE) {
        const char *end = fits(m, e, s) ? match_from(m, s + 1, i + 1) : NULL;
        return end ? end : match_from(m, s, i + 1);
    }
    return match_greedy(m, s, i, e->count == GREEDY_FROM_ONE);
}

static const char *match_balance(matching *m, const char *s, const element *e)
{
    if (s >= m->end || (unsigned char)*s != e->a)
        return NULL;
    int64_t depth = 1;
    const char *start = s;
    for (s++; s < m->end; s++) {
        if ((unsigned char)*s == e->b) {
            if (--depth == 0)
                break;
        } else if ((unsigned char)*s == e->a) {
            depth++;
        }
    }
    step(m, (uint64_t)(s - start));
    return s < m->end ? s + 1 : NULL;
}

static const char *match_reference(matching *m, const char *s, const element *e)
{
    if (m->pattern->is_place[e->a])
        return NULL; /* as in Lua: a position has no text */
    size_t n = (size_t)(m->captures[e->a].end - m->captures[e->a].start);
    if ((size_t)(m->end - s) < n)
        return NULL;
    step(m, n / 8);
    return memcmp(m->captures[e->a].start, s, n) == 0 ? s + n : NULL;
}

static bool is_frontier(const matching *m, const char *s, const element *e)
{
    unsigned char before = s == m->start ? 0 : (unsigned char)s[-1];
    unsigned char after = s == m->end ? 0 : (unsigned char)*s;
    return !is_in(e->set, before) && is_in(e->set, after);
}

/* An element that matches in one way only. */
static const char *match_once(matching *m, const char *s, const element *e)
{
    switch (e->kind) {
    case CHARACTER:
        return fits(m, e, s) ? s + 1 : NULL;
    case OPEN:
        m->captures[e->a].start = s;
        return s;
    case CLOSE:
        m->captures[e->a].end = s;
        return s;
    case PLACE:
        m->captures[e->a].start = s;
        return s;
    case REFERENCE:
        return match_reference(m, s, e);
    case BALANCE:
        return match_balance(m, s, e);
    case FRONTIER:
        return is_frontier(m, s, e) ? s : NULL;
    case END:
        return s == m->end ? s : NULL;
    }
    g_assert_not_reached();
}

static const char *match_from(matching *m, const char *s, size_t i)
{
    step(m, 2);
    for (; s && i < m->pattern->length; i++) {
        const element *e = &m->pattern->elements[i];
        if (e->kind == CHARACTER && e->count != ONCE)
            return match_repeated(m, s, i);
        step(m, 1);
        s = match_once(m, s, e);
    }
    return s;
}

const char *pattern_match(matching *m, const char *from)
{
    return match_from(m, from, 0);
}

void pattern_push(matching *m, int i, const char *from, const char *end)
{
    if (i >= m->pattern->captures) {
        if (i > 0)
            luaL_error(m->lua, "invalid capture index %%%d", i + 1);
        lua_pushlstring(m->lua, from, (size_t)(end - from));
    } else if (m->pattern->is_place[i]) {
        lua_pushinteger(m->lua, m->captures[i].start - m->start + 1);
    } else {
        const capture *c = &m->captures[i];
        lua_pushlstring(m->lua, c->start, (size_t)(c->end - c->start));
    }
}

int pattern_push_all(matching *m, const char *from, const char *end)
{
    int n = MAX(m->pattern->captures, 1);
    luaL_checkstack(m->lua, n, "too many captures");
    for (int i = 0; i < n; i++)
        pattern_push(m, i, from, end);
    return n;
}

/* ------------------------------------------------------------------------- find and match */

static bool is_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] == 0 || strchr("^$*+?.([%-", text[i]))
            return text[i] == 0 ? is_plain(text + i + 1, size - i - 1) : false;
    return true;
}

/* From 1, or from the end where negative; 0 or less stands for 1. */
static size_t start_argument(lua_State *lua, int index, size_t size)
{
    lua_Integer i = luaL_optinteger(lua, index, 1);
    if (i < 0)
        i = -i > (lua_Integer)size || i == LUA_MININTEGER ? 1 : (lua_Integer)size + i + 1;
    return i <= 1 ? 0 : (size_t)i - 1;
}

static int find_plain(lua_State *lua, const char *s, size_t size, const char *text, size_t n)
{
    sandbox_charge(lua, (size + n) / 8);
    size_t start = start_argument(lua, 3, size);
    const char *found = memmem(s + start, size - start, text, n);
    if (!found) {
        lua_pushnil(lua);
        return 1;
    }
    lua_pushinteger(lua, found - s + 1);
    lua_pushinteger(lua, found - s + (lua_Integer)n);
    return 2;
}

static int find_or_match(lua_State *lua, bool is_find)
{
    size_t size, n;
    const char *s = luaL_checklstring(lua, 1, &size), *text = luaL_checklstring(lua, 2, &n);
    size_t start = start_argument(lua, 3, size);
    if (start > size) {
        lua_pushnil(lua);
        return 1;
    }
    sandbox_charge(lua, n / 8);
    if (is_find && (lua_toboolean(lua, 4) || is_plain(text, n)))
        return find_plain(lua, s, size, text, n);
    matching m = {.lua = lua, .start = s, .end = s + size};
    m.pattern = pattern_read(lua, text, n, true);
    for (const char *from = s + start; from <= m.end; from++) {
        const char *end = pattern_match(&m, from);
        if (end) {
            pattern_pay(&m);
            if (!is_find)
                return pattern_push_all(&m, from, end);
            lua_pushinteger(lua, from - s + 1);
            lua_pushinteger(lua, end - s);
            return 2 + (m.pattern->captures > 0 ? pattern_push_all(&m, from, end) : 0);
        }
        if (m.pattern->is_anchored)
            break;
    }
    pattern_pay(&m);
    lua_pushnil(lua);
    return 1;
}

int safe_find(lua_State *lua)
{
    return find_or_match(lua, true);
}

int safe_match(lua_State *lua)
{
    return find_or_match(lua, false);
}

/* --------------------------------------------------------------------------------- gmatch */

/* Upvalues: the subject, the pattern, the place to go on, and the end of the last match or -1. */
static int next_match(lua_State *lua)
{
    size_t size;
    const char *s = lua_tolstring(lua, lua_upvalueindex(1), &size);
    matching m = {.lua = lua, .start = s, .end = s + size};
    m.pattern = lua_touserdata(lua, lua_upvalueindex(2));
    lua_Integer start = lua_tointeger(lua, lua_upvalueindex(3));
    lua_Integer last = lua_tointeger(lua, lua_upvalueindex(4));
    for (; start <= (lua_Integer)size; start++) {
        const char *end = pattern_match(&m, s + start);
        if (!end || end - s == last)
            continue;
        pattern_pay(&m);
        lua_pushinteger(lua, end - s);
        lua_copy(lua, -1, lua_upvalueindex(3));
        lua_replace(lua, lua_upvalueindex(4));
        return pattern_push_all(&m, s + start, end);
    }
    pattern_pay(&m);
    lua_pushinteger(lua, start);
    lua_replace(lua, lua_upvalueindex(3));
    return 0;
}

int safe_gmatch(lua_State *lua)
{
    size_t size, n;
    luaL_checklstring(lua, 1, &size);
    const char *text = luaL_checklstring(lua, 2, &n);
    size_t start = start_argument(lua, 3, size);
    lua_settop(lua, 2);
    pattern_read(lua, text, n, false);
    lua_replace(lua, 2);
    lua_pushinteger(lua, (lua_Integer)MIN(start, size + 1));
    lua_pushinteger(lua, -1);
    lua_pushcclosure(lua, next_match, 4);
    return 1;
}
