/*
 * The math library: what is exact on every machine is Lua's; exponentials and logarithms are our
 * own; chance comes from the seed of the run; the rest is not there, and says so.
 */
#include "script/sandbox_internal.h"

#include "script/safe_power.h"

#include <lauxlib.h>
#include <lualib.h>

#define POWER_UNITS 400

/* random(): [0, 1) in steps of 2^-53; random(n): 1..n; random(m, n): m..n; random(0): 64 bits. */
static int random_number(lua_State *lua)
{
    sandbox *s = sandbox_of(lua);
    lua_Integer low = 1, high = 0;
    int n = lua_gettop(lua);
    if (n == 1) {
        high = luaL_checkinteger(lua, 1);
    } else if (n == 2) {
        low = luaL_checkinteger(lua, 1);
        high = luaL_checkinteger(lua, 2);
    } else if (n > 2) {
        return luaL_error(lua, "wrong number of arguments");
    }
    bool is_whole_range = n == 1 && high == 0;
    luaL_argcheck(lua, n == 0 || is_whole_range || low <= high, n, "interval is empty");
    uint64_t draw = rng_draw(s->chance, s->draws++);
    if (n == 0)
        lua_pushnumber(lua, (lua_Number)(draw >> 11) * 0x1p-53);
    else if (is_whole_range)
        lua_pushinteger(lua, (lua_Integer)draw);
    else /* a range of 2^64 becomes 0, which stands for it */
        lua_pushinteger(lua, (lua_Integer)((uint64_t)low +
                                           rng_below(draw, (uint64_t)high - (uint64_t)low + 1)));
    return 1;
}

static int exponential(lua_State *lua)
{
    sandbox_charge(lua, POWER_UNITS);
    lua_pushnumber(lua, safe_exponential(luaL_checknumber(lua, 1)));
    return 1;
}

static int logarithm(lua_State *lua)
{
    sandbox_charge(lua, POWER_UNITS);
    double x = luaL_checknumber(lua, 1);
    lua_pushnumber(lua, lua_isnoneornil(lua, 2) ? safe_logarithm(x)
                                                : safe_logarithm_to(x, luaL_checknumber(lua, 2)));
    return 1;
}

void safe_math_open(lua_State *lua)
{
    static const char *const exact[] = {"abs",  "ceil", "deg",        "floor", "fmod",
                                        "huge", "max",  "maxinteger", "min",   "mininteger",
                                        "modf", "pi",   "rad",        "sqrt",  "tointeger",
                                        "type", "ult",  NULL};
    static const luaL_Reg own[] = {{"random", random_number},
                                   {"exp", exponential},
                                   {"log", logarithm},
                                   {NULL, NULL}};
    static const char *const inexact[] = {"sin", "cos", "tan", "asin", "acos", "atan", NULL};
    static const char *const seeded[] = {"randomseed", NULL};
    lua_newtable(lua);
    safe_copy(lua, luaopen_math, exact);
    luaL_setfuncs(lua, own, 0);
    safe_absent(lua, "math.", inexact, "its last digits differ between machines");
    safe_absent(lua, "math.", seeded, "the seed of the run decides");
    lua_setglobal(lua, "math");
}
