/*
 * What takes the place of functions that Lua calls. The linker does it (--wrap): a call of X from
 * another object file arrives at __wrap_X, and __real_X is the function itself. So this only works
 * with the static library, and script_self_test() finds out where it did not.
 *
 * Two kinds: what would differ between processes or machines is made constant, and what the
 * interpreter does out of sight of the count hook is charged. Charges do not raise here, because
 * Lua is not always in a state for it; the next instruction does.
 *
 * Values of Lua are seen as lobject.h of 5.4 lays them out: eight bytes, then a byte with the type.
 */
#include "script/lua_wraps.h"
#include "script/safe_power.h"

#include <math.h>
#include <string.h>

#define POWER_UNITS 400
#define FLOAT_TEXT_UNITS 60
#define CHAIN_UNITS 2

typedef struct lua_value {
    union {
        double number;
        void *pointer;
    } as;
    unsigned char type;
} lua_value;

#define TYPE_FLOAT (LUA_TNUMBER | 1 << 4)
#define EVENT_MODE 3 /* TM_MODE in ltm.h */

static void spend(uint64_t units)
{
    if (sandbox_running)
        sandbox_spend(sandbox_running, units);
}

/* ------------------------------------------------------------------------------- made constant */

/* Called for the seed only, of addresses and the time; texts are hashed inside of lstring.c. */
unsigned __wrap_luaS_hash(const char *text, size_t size, unsigned seed)
{
    (void)text, (void)size, (void)seed;
    return __real_luaS_hash("dasim", 5, 0x5eed);
}

time_t __wrap_time(time_t *result)
{
    if (!sandbox_running)
        return __real_time(result);
    if (result)
        *result = 0;
    return 0;
}

clock_t __wrap_clock(void)
{
    return sandbox_running ? 0 : __real_clock();
}

/* x^y, also of constants that the compiler folds. */
double __wrap_pow(double x, double y)
{
    spend(POWER_UNITS);
    return safe_power(x, y);
}

/* A number becomes a text. The sign of "not a number" depends on the processor. */
void __wrap_luaO_tostring(lua_State *lua, struct lua_value *value)
{
    spend(value->type == TYPE_FLOAT ? FLOAT_TEXT_UNITS : FLOAT_TEXT_UNITS / 4);
    if (value->type == TYPE_FLOAT && isnan(value->as.number))
        value->as.number = fabs(value->as.number);
    __real_luaO_tostring(lua, value);
}

/* ------------------------------------------------------------------------------------- charged */

size_t __wrap_luaO_str2num(const char *text, struct lua_value *value)
{
    if (sandbox_running)
        spend(strlen(text) / 4);
    return __real_luaO_str2num(text, value);
}

int __wrap_memcmp(const void *a, const void *b, size_t size)
{
    spend(size / 16);
    return __real_memcmp(a, b, size);
}

/* In the locale "C", which the door has set, this is strcmp. */
int __wrap_strcoll(const char *a, const char *b)
{
    if (!sandbox_running)
        return __real_strcoll(a, b);
    spend(2 + strlen(a) / 16);
    return strcmp(a, b);
}

/* Once for each link of a chain of __index or __newindex. Weak tables do not exist: what has been
 * collected, and when, must not matter. */
const struct lua_value *__wrap_luaT_gettm(struct lua_table *events, int event,
                                          struct lua_string *name)
{
    if (event == EVENT_MODE)
        return NULL;
    spend(CHAIN_UNITS);
    return __real_luaT_gettm(events, event, name);
}

/* Copies values: what lies on the stack now is at least their number. */
void __wrap_luaT_getvarargs(lua_State *lua, struct lua_call *call, struct lua_value *where,
                            int wanted)
{
    __real_luaT_getvarargs(lua, call, where, wanted);
    if (wanted < 0)
        spend((uint64_t)lua_gettop(lua) / 2);
}

/* The head of a table. `limit`: of the sequence; the room may be up to twice of it. */
typedef struct table_head {
    void *next;
    unsigned char type, marked, flags, log_size;
    unsigned limit;
} table_head;

size_t sandbox_table_room(lua_State *lua, int index)
{
    const table_head *table = lua_topointer(lua, index);
    return ((size_t)1 << table->log_size) + 2 * (size_t)table->limit;
}

/* A block without a type is a vector, and of new ones only the hash part of a table gets large.
 * Numbers can be chosen such that they all collide once a table has grown to a given size; then
 * moving them there takes the square of their number, and nothing can stop it. */
void *__wrap_luaM_malloc_(lua_State *lua, size_t size, int type)
{
    if (type == 0 && sandbox_running)
        sandbox_before_table(lua, size);
    return __real_luaM_malloc_(lua, size, type);
}
