/*
 * Functions that Lua calls, as the linker names their replacements and the originals.
 */
#ifndef DASIM_SCRIPT_LUA_WRAPS_H
#define DASIM_SCRIPT_LUA_WRAPS_H

#include "script/sandbox_internal.h"

#include <time.h>

/* Lua's TValue, Table, TString and CallInfo. */
struct lua_value;
struct lua_table;
struct lua_string;
struct lua_call;

unsigned __wrap_luaS_hash(const char *text, size_t size, unsigned seed);
unsigned __real_luaS_hash(const char *text, size_t size, unsigned seed);
time_t __wrap_time(time_t *result);
time_t __real_time(time_t *result);
clock_t __wrap_clock(void);
clock_t __real_clock(void);
double __wrap_pow(double x, double y);
void __wrap_luaO_tostring(lua_State *lua, struct lua_value *value);
void __real_luaO_tostring(lua_State *lua, struct lua_value *value);

size_t __wrap_luaO_str2num(const char *text, struct lua_value *value);
size_t __real_luaO_str2num(const char *text, struct lua_value *value);
int __wrap_memcmp(const void *a, const void *b, size_t size);
int __real_memcmp(const void *a, const void *b, size_t size);
int __wrap_strcoll(const char *a, const char *b);
int __real_strcoll(const char *a, const char *b);
const struct lua_value *__wrap_luaT_gettm(struct lua_table *events, int event,
                                          struct lua_string *name);
const struct lua_value *__real_luaT_gettm(struct lua_table *events, int event,
                                          struct lua_string *name);
void __wrap_luaT_getvarargs(lua_State *lua, struct lua_call *call, struct lua_value *where,
                            int wanted);
void __real_luaT_getvarargs(lua_State *lua, struct lua_call *call, struct lua_value *where,
                            int wanted);
void *__wrap_luaM_malloc_(lua_State *lua, size_t size, int type);
void *__real_luaM_malloc_(lua_State *lua, size_t size, int type);

#endif
