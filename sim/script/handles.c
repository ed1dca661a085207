/* Handles are full userdata with one metatable per kind, kept in the registry under the address of
 * its slot here. Scripts cannot reach the metatables. Only quantities can be reckoned with. */
#include "script/script.h"

#include <lauxlib.h>
#include <string.h>

static const char keys[HANDLE_KINDS]; /* addresses only */

void *handle_new(lua_State *L, handle_kind kind, size_t size)
{
    handle *h = lua_newuserdatauv(L, size, 0);
    memset(h, 0, size);
    h->kind = kind;
    h->line = line_of_caller(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &keys[kind]);
    lua_setmetatable(L, -2);
    return h;
}

void *handle_at(lua_State *L, int index, handle_kind kind)
{
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) {
        return NULL;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &keys[kind]);
    bool is = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return is ? lua_touserdata(L, index) : NULL;
}

void handle_metatable(lua_State *L, handle_kind kind)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &keys[kind]);
}

void quantity_push(lua_State *L, quantity q)
{
    quantity_handle *h = lua_newuserdatauv(L, sizeof *h, 0);
    *h = (quantity_handle){.head = {.kind = HANDLE_QUANTITY}, .quantity = q};
    lua_rawgetp(L, LUA_REGISTRYINDEX, &keys[HANDLE_QUANTITY]);
    lua_setmetatable(L, -2);
}

/* ------------------------------------------------------------------------------- arithmetic */

/* The operand as a quantity: a handle, or a text with a unit; else an error. */
static quantity operand(lua_State *L, int index)
{
    const quantity_handle *h = handle_at(L, index, HANDLE_QUANTITY);
    if (h) {
        return h->quantity;
    }
    quantity q = {DIMENSION_NUMBER, 0};
    char found[128];
    if (lua_type(L, index) == LUA_TSTRING &&
        quantity_parse(lua_tostring(L, index), &q, NULL) == UNITS_FINE) {
        return q;
    }
    if (!(lua_type(L, index) == LUA_TNUMBER && lua_tonumber(L, index) == 0)) {
        fail_at(L, line_of_caller(L), "found %s, expected a value with a unit such as 5 * ms",
                describe(L, index, found));
    }
    return q;
}

/* Both operands, which must have the same dimension (a bare 0 has any). */
static dimension operands(lua_State *L, quantity *a, quantity *b)
{
    *a = operand(L, 1);
    *b = operand(L, 2);
    dimension d = a->dimension == DIMENSION_NUMBER ? b->dimension : a->dimension;
    if (b->dimension != d && b->dimension != DIMENSION_NUMBER) {
        char left[32], right[32];
        fail_at(L, line_of_caller(L), "found %s together with %s, expected values of one kind",
                quantity_format(*a, left), quantity_format(*b, right));
    }
    return d;
}

static int push_checked(lua_State *L, quantity q)
{
    if (!quantity_fits(q)) {
        fail_at(L, line_of_caller(L), "found a result that is too large, expected %s",
                dimension_expected(q.dimension));
    }
    quantity_push(L, q);
    return 1;
}

static int add(lua_State *L)
{
    quantity a, b;
    dimension d = operands(L, &a, &b);
    return push_checked(L, (quantity){d, a.value + b.value});
}

static int subtract(lua_State *L)
{
    quantity a, b;
    dimension d = operands(L, &a, &b);
    return push_checked(L, (quantity){d, a.value - b.value});
}

static int negate(lua_State *L)
{
    quantity a = operand(L, 1);
    return push_checked(L, (quantity){a.dimension, -a.value});
}

/* The nearest whole number; INT64_MAX where it is too large, or not a number. */
static int64_t nearest_whole(double value)
{
    bool fits = value > -4.6e18 && value < 4.6e18;
    return fits ? (int64_t)(value < 0 ? value - 0.5 : value + 0.5) : INT64_MAX;
}

/* value * factor, to the nearest whole; integers exactly. */
static int scale(lua_State *L, quantity q, int factor)
{
    char found[128];
    if (lua_type(L, factor) != LUA_TNUMBER) {
        fail_at(L, line_of_caller(L), "found %s, expected a plain number as the other factor",
                describe(L, factor, found));
    }
    if (lua_isinteger(L, factor)) {
        int64_t product;
        bool over = __builtin_mul_overflow(q.value, (int64_t)lua_tointeger(L, factor), &product);
        return push_checked(L, (quantity){q.dimension, over ? INT64_MAX : product});
    }
    volatile double product = (double)q.value * lua_tonumber(L, factor); /* no fused rounding */
    return push_checked(L, (quantity){q.dimension, nearest_whole(product)});
}

static int multiply(lua_State *L)
{
    const quantity_handle *left = handle_at(L, 1, HANDLE_QUANTITY);
    return left ? scale(L, left->quantity, 2) : scale(L, operand(L, 2), 1);
}

/* By a number: a quantity; by a quantity of its kind: a number. */
static int divide(lua_State *L)
{
    if (lua_type(L, 2) == LUA_TNUMBER) {
        quantity a = operand(L, 1);
        double quotient = lua_tonumber(L, 2) == 0 ? 1e300 : (double)a.value / lua_tonumber(L, 2);
        return push_checked(L, (quantity){a.dimension, nearest_whole(quotient)});
    }
    quantity a, b;
    operands(L, &a, &b);
    if (b.value == 0) {
        fail_at(L, line_of_caller(L), "found a division by 0, expected another divisor");
    }
    lua_pushnumber(L, (double)a.value / (double)b.value);
    return 1;
}

static int is_equal(lua_State *L)
{
    quantity a, b;
    operands(L, &a, &b);
    lua_pushboolean(L, a.value == b.value);
    return 1;
}

static int is_less(lua_State *L)
{
    quantity a, b;
    operands(L, &a, &b);
    lua_pushboolean(L, a.value < b.value);
    return 1;
}

static int is_at_most(lua_State *L)
{
    quantity a, b;
    operands(L, &a, &b);
    lua_pushboolean(L, a.value <= b.value);
    return 1;
}

/* Without addresses: "5ms", "a distribution". */
static int as_text(lua_State *L)
{
    char words[128];
    lua_pushstring(L, describe(L, 1, words));
    return 1;
}

void handles_open(lua_State *L)
{
    static const luaL_Reg arithmetic[] = {
        {"__add", add},      {"__sub", subtract},  {"__unm", negate},
        {"__mul", multiply}, {"__div", divide},    {"__eq", is_equal},
        {"__lt", is_less},   {"__le", is_at_most}, {NULL, NULL},
    };
    for (int kind = 0; kind < HANDLE_KINDS; kind++) {
        lua_newtable(L);
        lua_pushcfunction(L, as_text);
        lua_setfield(L, -2, "__tostring");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
        if (kind == HANDLE_QUANTITY) {
            luaL_setfuncs(L, arithmetic, 0);
        }
        lua_rawsetp(L, LUA_REGISTRYINDEX, &keys[kind]);
    }
    const char *name;
    quantity q;
    for (size_t i = 0; (i = unit_constant(i, &name, &q)) > 0;) {
        quantity_push(L, q);
        lua_setfield(L, -2, name);
    }
}
