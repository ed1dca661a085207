/*
 * Threads: functions that stop in their middle and go on later. A thread shares the allocator with
 * the state, and the sandbox through its extra space; hooks are each thread's own, so whoever runs
 * is given one, with a fresh count: a thread that runs shorter than the hook's interval is counted
 * by what it calls only, and the next passage has a budget of its own.
 *
 * An error leaves a dead thread with the object on its stack and the frames still in place, so that
 * the line is found there. What is to be said about it is made on the state itself: nothing runs in
 * a dead thread.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>

void sandbox_allow_threads(sandbox *s, uint32_t count)
{
    g_assert(count <= SANDBOX_THREADS_MOST);
    s->most = SANDBOX_MEMORY_MOST + (size_t)count * SANDBOX_THREAD_MEMORY;
}

/* Inside: argument 1 is the place for the thread, 2 its function, the rest that one's arguments. */
static int make_thread(lua_State *lua)
{
    sandbox_thread *made = lua_touserdata(lua, 1);
    lua_State *thread = lua_newthread(lua);
    made->anchor = luaL_ref(lua, LUA_REGISTRYINDEX);
    made->lua = thread;
    int values = lua_gettop(lua) - 1;
    luaL_checkstack(thread, values, NULL);
    lua_xmove(lua, thread, values);
    return 0;
}

bool sandbox_thread_new(sandbox *s, int arguments, sandbox_thread *thread, GError **error)
{
    *thread = (sandbox_thread){NULL, LUA_NOREF};
    lua_checkstack(s->lua, 4);
    lua_pushcfunction(s->lua, make_thread);
    lua_insert(s->lua, -(arguments + 2));
    lua_pushlightuserdata(s->lua, thread);
    lua_insert(s->lua, -(arguments + 2));
    if (sandbox_call(s, arguments + 2, 0, SANDBOX_CALLBACK_INSTRUCTIONS, error))
        return true;
    sandbox_thread_drop(s, thread);
    return false;
}

void sandbox_thread_drop(sandbox *s, sandbox_thread *thread)
{
    if (thread->anchor != LUA_NOREF)
        luaL_unref(s->lua, LUA_REGISTRYINDEX, thread->anchor);
    *thread = (sandbox_thread){NULL, LUA_NOREF};
}

/* The error object goes to the state, where there is a stack that works. */
static void take_error(sandbox *s, lua_State *thread)
{
    if (s->end == RUNS_ON)
        sandbox_where(thread, s->where);
    lua_checkstack(s->lua, 8);
    lua_xmove(thread, s->lua, 1);
    sandbox_switch(s, s->lua);
    if (s->end == RUNS_ON)
        sandbox_error_text(s);
}

sandbox_outcome sandbox_resume(sandbox *s, sandbox_thread *thread, uint64_t instructions,
                               GError **error)
{
    lua_State *lua = thread->lua;
    bool goes_on = instructions == 0;
    int results = 0, arguments = lua_status(lua) == LUA_OK ? lua_gettop(lua) - 1 : 0;
    locale_t locale = sandbox_open_door(s, lua, goes_on ? s->thread_budget : instructions);
    s->left = goes_on ? s->thread_left : s->left;
    int status = lua_resume(lua, s->lua, arguments, &results);
    bool failed = status != LUA_OK && status != LUA_YIELD;
    if (failed) {
        take_error(s, lua);
        if (s->end == RUNS_ON && sandbox_is_no_memory(s->lua, status))
            s->end = NO_MEMORY;
    } else {
        lua_pop(lua, results);
        sandbox_look_at_budget(s);
    }
    s->thread_budget = s->budget;
    s->thread_left = s->left;
    sandbox_close_door(s, locale);
    if (!failed && s->end == RUNS_ON)
        return status == LUA_YIELD ? THREAD_YIELDED : THREAD_ENDED;
    if (!failed)
        lua_pushnil(s->lua);
    sandbox_set_error(s, SANDBOX_ERROR_RAISED, error);
    return THREAD_FAILED;
}
