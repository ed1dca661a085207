/* Forking, waiting, ending, signals. A child is a process of the same node, with the descriptors of
 * its parent under the same numbers. Its function sees the variables around it, which, unlike those
 * of a forked process elsewhere, it shares with its parent. */
#include "script/process_calls.h"

#include "script/sandbox.h"

#include <stdio.h>
#include <string.h>

enum {
    STATUS_MOST = 255,
    STATUS_SIGNAL = 256,
    SIGNAL_PIPE = 13,
    ERROR_CHILD = 10,
};

/* ------------------------------------------------------------------------------------- p:fork */

static int forked(lua_State *L, int status, lua_KContext unused)
{
    (void)status;
    (void)unused;
    const script *s = script_of(L);
    uint64_t value = s->answer.value;
    if (value == NOBODY) {
        fail_at(L, line_of_caller(L),
                "found no room for a child of process '%s': all %u are alive, or waited for by "
                "nobody; expected p:wait(), or children = %u or more in scenario { ... }",
                s->running->name, s->out->child_count, s->out->child_count + 1);
    }
    if ((int64_t)value < 0) {
        return call_push_error(L, (int64_t)value);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->processes[value]->self);
    return 1;
}

/* A signal's function belongs to both from now on. */
static int inherit(lua_State *L, int what)
{
    if (what > SIGNAL_IGNORE) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, what - SIGNAL_HANDLERS);
        what = luaL_ref(L, LUA_REGISTRYINDEX) + SIGNAL_HANDLERS;
    }
    return what;
}

static int ask_fork(lua_State *L)
{
    static const char *const options[] = {"name", NULL};
    int given = lua_gettop(L);
    const script *s = method_script(L, "fork");
    process_handle *parent = s->running;
    place body = method_argument("p:fork", given - 1);
    method_check_count(L, 1, 2, "p:fork", "p:fork(function(c) ... end)");
    if (lua_type(L, given) != LUA_TFUNCTION) {
        fail_value(L, given, &body, "", "a function: p:fork(function(c) ... end)");
    }
    process_handle *h = process_new_handle(L, parent->node);
    h->taken = parent->taken;
    snprintf(h->name, sizeof h->name, "%.36s.%u", parent->name, ++parent->forks);
    if (given == 3) {
        reader r = reader_of_argument(L, 2, "p:fork", options, false);
        process_take_name(&r, h);
    }
    h->on_broken_pipe = inherit(L, parent->on_broken_pipe);
    lua_pushvalue(L, given);
    h->function = luaL_ref(L, LUA_REGISTRYINDEX);
    luaL_unref(L, LUA_REGISTRYINDEX, parent->child);
    parent->child = luaL_ref(L, LUA_REGISTRYINDEX);
    return method_stop(L, "p:fork", (operation){OPERATION_FORK, .timeout = -1}, forked);
}

/* ---------------------------------------------------------------------------- p:wait, p:exit */

static int waited(lua_State *L, int status, lua_KContext unused)
{
    (void)status;
    (void)unused;
    const script *s = script_of(L);
    uint32_t child = (uint32_t)s->answer.value, end = (uint32_t)(s->answer.value >> 32);
    if (child == NOBODY) {
        return call_push_error(L, -ERROR_CHILD);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->processes[child]->self);
    if (end >= STATUS_SIGNAL) {
        lua_pushstring(L, "SIGPIPE");
    } else {
        lua_pushinteger(L, end);
    }
    return 2;
}

static int ask_wait(lua_State *L)
{
    place p = method_argument("p:wait", 1);
    operation o = {OPERATION_AWAIT, .value = NOBODY, .timeout = -1};
    method_script(L, "wait");
    if (is_memory(L, 2, "p:wait")) {
        return memory_wait(L);
    }
    method_check_count(L, 0, 1, "p:wait", "p:wait() or p:wait(child)");
    if (lua_gettop(L) > 1) {
        const process_handle *child = handle_at(L, 2, HANDLE_PROCESS);
        if (child == NULL) {
            fail_value(L, 2, &p, "", "a child: what p:fork() returns");
        }
        const script *s = script_of(L);
        bool is_there = s->processes[child->number] == child;
        o.value = is_there ? child->number : s->running->number; /* never a child of itself */
    }
    return method_stop(L, "p:wait", o, waited);
}

/* Never goes on. */
static int end(lua_State *L, const char *method, uint32_t status)
{
    return method_stop(L, method, (operation){OPERATION_END, .value = status, .timeout = -1}, NULL);
}

static int ask_exit(lua_State *L)
{
    place p = method_argument("p:exit", 1);
    int64_t status = 0;
    method_script(L, "exit");
    method_check_count(L, 0, 1, "p:exit", "p:exit() or p:exit(1)");
    if (lua_gettop(L) > 1) {
        status = take_integer(L, 2, &p, 0, STATUS_MOST);
    }
    return end(L, "p:exit", (uint32_t)status);
}

/* ------------------------------------------------------------------------------------ signals */

static int ask_signal(lua_State *L)
{
    static const char *const signals[] = {"SIGPIPE", NULL};
    static const char *const actions[] = {"default", "ignore", NULL};
    static const char example[] = "p:signal(\"SIGPIPE\", \"ignore\")";
    place which = method_argument("p:signal", 1), how = method_argument("p:signal", 2);
    process_handle *h = method_script(L, "signal")->running;
    if (is_memory(L, 2, "p:signal")) {
        return memory_signal(L);
    }
    method_check_count(L, 2, 2, "p:signal", example);
    take_choice(L, 2, &which, signals);
    int old = h->on_broken_pipe;
    if (lua_type(L, 3) == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        h->on_broken_pipe = luaL_ref(L, LUA_REGISTRYINDEX) + SIGNAL_HANDLERS;
    } else if (lua_type(L, 3) == LUA_TSTRING) {
        h->on_broken_pipe = (int)take_choice(L, 3, &how, actions);
    } else {
        fail_value(L, 3, &how, "", "\"default\", \"ignore\" or a function");
    }
    if (old > SIGNAL_IGNORE) {
        luaL_unref(L, LUA_REGISTRYINDEX, old - SIGNAL_HANDLERS);
    }
    return 0;
}

static int push_broken(lua_State *L, int status, lua_KContext value)
{
    (void)status;
    if (value < 0) {
        return call_push_error(L, value);
    }
    lua_pushinteger(L, value);
    return 1;
}

static int die(lua_State *L, int status, lua_KContext unused)
{
    (void)status;
    (void)unused;
    return end(L, "SIGPIPE", STATUS_SIGNAL + SIGNAL_PIPE);
}

int signal_broken_pipe(lua_State *L, int64_t value)
{
    script *s = script_of(L);
    int what = s->running->on_broken_pipe;
    if (what == SIGNAL_IGNORE) {
        return push_broken(L, LUA_OK, (lua_KContext)value);
    }
    if (what == SIGNAL_DEFAULT) {
        g_string_printf(s->note, "%s: killed by SIGPIPE", s->running->name);
        operation o = {OPERATION_NOTE, .timeout = -1, .text = s->note->str, .size = s->note->len};
        return method_stop(L, "SIGPIPE", o, die);
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, what - SIGNAL_HANDLERS);
    lua_pushstring(L, "SIGPIPE");
    lua_callk(L, 1, 0, (lua_KContext)value, push_broken);
    return push_broken(L, LUA_OK, (lua_KContext)value);
}

const luaL_Reg life_methods[] = {
    {"exit", ask_exit}, {"fork", ask_fork}, {"signal", ask_signal},
    {"wait", ask_wait}, {NULL, NULL},
};
