/*
 * Start-up self-test: was Lua linked such that lua_wraps.c took the place of its hidden seeds?
 * Where not, runs would differ from process to process, so dasim does not start.
 */
#include "script/lua_wraps.h"
#include "script/safe_power.h"
#include "script/scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The order in which Lua itself walks through a table of texts: it shows the seed. */
static const char *const KEYS[] = {"lamport", "ricart", "maekawa", "raymond", "suzuki", "naimi",
                                   "bully",   "ring",   "raft",    "paxos",   "swim",   "chord"};
#define EXPECTED_ORDER                                                                             \
    "naimi paxos ring swim ricart chord suzuki maekawa raymond bully lamport raft "

static char *walk_order(lua_State *lua)
{
    GString *order = g_string_new(NULL);
    lua_newtable(lua);
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        lua_pushboolean(lua, true);
        lua_setfield(lua, -2, KEYS[i]);
    }
    for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1))
        g_string_append_printf(order, "%s ", lua_tostring(lua, -2));
    lua_pop(lua, 1);
    return g_string_free(order, FALSE);
}

static bool negative_nan_shows_no_sign(lua_State *lua)
{
    lua_pushnumber(lua, -(double)NAN);
    bool same = strcmp(lua_tostring(lua, -1), "nan") == 0;
    lua_pop(lua, 1);
    return same;
}

static bool tables_have_room(lua_State *lua)
{
    lua_createtable(lua, 5, 9);
    bool same = sandbox_table_room(lua, -1) == 16 + 2 * 5;
    lua_pop(lua, 1);
    return same;
}

static const char *mistake_of(sandbox *s)
{
    static const char program[] = "local x, y = ... return x ^ y";
    lua_State *lua = sandbox_lua(s);
    char *order = walk_order(lua);
    bool same = strcmp(order, EXPECTED_ORDER) == 0;

    g_free(order);
    if (!same)
        return "the seed of its tables";
    if (!negative_nan_shows_no_sign(lua))
        return "its way to write numbers";
    if (!tables_have_room(lua))
        return "its tables";
    if (!sandbox_load(s, "self-test", program, sizeof program - 1, NULL))
        return "its parser";
    lua_pushnumber(lua, 10);
    lua_pushnumber(lua, 0.3);
    same = sandbox_call(s, 2, 1, 1000, NULL) && lua_tonumber(lua, -1) == safe_power(10, 0.3) &&
           s->left < 1000 - 200; /* our power was charged */
    return same ? NULL : "its powers";
}

void script_self_test(void)
{
    sandbox *s = sandbox_new(0);
    const char *mistake = mistake_of(s);
    sandbox_free(s);
    if (!mistake)
        return;
    fprintf(stderr,
            "dasim: a bug: Lua was linked such that %s cannot be replaced; link the static "
            "library with the --wrap options of the Makefile\n",
            mistake);
    exit(70);
}
