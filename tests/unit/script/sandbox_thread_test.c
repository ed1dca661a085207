/* Threads of the sandbox: they stop and go on, and no limit is weaker in them. */
#include "script/sandbox.h"

#include <criterion/criterion.h>
#include <lauxlib.h>
#include <string.h>
#include <time.h>

static sandbox *box;
static char message[1000];

static int pause_thread(lua_State *lua)
{
    sandbox_charge(lua, 50);
    return lua_yield(lua, 0);
}

static void begin(void)
{
    box = sandbox_new(1);
    lua_register(sandbox_lua(box), "pause", pause_thread);
}

static void end(void)
{
    cr_expect_eq(lua_gettop(sandbox_lua(box)), 0);
    sandbox_free(box);
}

static bool load(const char *source)
{
    GError *error = NULL;
    message[0] = '\0';
    bool loaded = sandbox_load(box, "a.lua", source, strlen(source), &error);
    cr_assert(loaded, "%s", error ? error->message : "");
    return loaded;
}

/* A thread that will run `source`. */
static sandbox_thread thread_of(const char *source)
{
    sandbox_thread t;
    GError *error = NULL;
    load(source);
    cr_assert(sandbox_thread_new(box, 0, &t, &error), "%s", error ? error->message : "");
    return t;
}

static sandbox_outcome resume(sandbox_thread *t, uint64_t instructions)
{
    GError *error = NULL;
    sandbox_outcome outcome = sandbox_resume(box, t, instructions, &error);
    cr_assert_eq(outcome == THREAD_FAILED, error != NULL);
    g_strlcpy(message, error ? error->message : "", sizeof message);
    g_clear_error(&error);
    cr_assert_eq(lua_gettop(sandbox_lua(box)), 0);
    return outcome;
}

static int64_t global(const char *name)
{
    lua_getglobal(sandbox_lua(box), name);
    int64_t value = lua_tointeger(sandbox_lua(box), -1);
    lua_pop(sandbox_lua(box), 1);
    return value;
}

Test (sandbox_thread, stops_and_goes_on_where_it_was) {
    begin();
    sandbox_thread t = thread_of("x = 1 pause() x = 2 for i = 1, 2 do pause() x = x + i end");
    for (int64_t i = 1; i <= 4; i++) {
        sandbox_outcome outcome = resume(&t, 1000);
        cr_expect_eq(outcome, i < 4 ? THREAD_YIELDED : THREAD_ENDED);
        cr_expect_eq(global("x"), ((int64_t[]){1, 2, 3, 5})[i - 1]);
    }
    sandbox_thread_drop(box, &t);
    end();
}

Test (sandbox_thread, several_take_turns) {
    begin();
    sandbox_thread all[100];
    load("x = 0");
    cr_assert(sandbox_call(box, 0, 0, 1000, NULL));
    for (int i = 0; i < 100; i++) {
        all[i] = thread_of("local mine = x x = x + 1 pause() x = x + mine");
    }
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 100; i++) {
            cr_assert_eq(resume(&all[i], 1000), round ? THREAD_ENDED : THREAD_YIELDED);
        }
    }
    cr_expect_eq(global("x"), 100 + 4950);
    for (int i = 0; i < 100; i++) {
        sandbox_thread_drop(box, &all[i]);
    }
    end();
}

static int begin_with(lua_State *lua)
{
    lua_pushinteger(lua, luaL_checkinteger(lua, 1) + luaL_checkinteger(lua, 2));
    lua_setglobal(lua, "x");
    return lua_yield(lua, 0);
}

Test (sandbox_thread, begins_with_its_arguments) {
    begin();
    sandbox_thread t;
    lua_State *lua = sandbox_lua(box);
    lua_pushcfunction(lua, begin_with);
    lua_pushinteger(lua, 40);
    lua_pushinteger(lua, 2);
    cr_assert(sandbox_thread_new(box, 2, &t, NULL));
    cr_expect_eq(resume(&t, 1000), THREAD_YIELDED);
    cr_expect_eq(global("x"), 42);
    sandbox_thread_drop(box, &t);
    sandbox_thread_drop(box, &t); /* there is none any more */
    end();
}

Test (sandbox_thread, stops_inside_of_pcall_and_xpcall) {
    begin();
    sandbox_thread t = thread_of("local fine, why = pcall(function() pause() error('a', 0) end) "
                                 "x = (not fine and why == 'a') and 1 or 0 "
                                 "fine, why = xpcall(function() pause() error('b', 0) end, "
                                 "function(e) return e .. 'c' end) "
                                 "x = x + ((not fine and why == 'bc') and 10 or 0) "
                                 "x = x + select('#', pcall(function() pause() return 1, 2 end))");
    cr_expect_eq(resume(&t, 10000), THREAD_YIELDED);
    cr_expect_eq(resume(&t, 10000), THREAD_YIELDED);
    cr_expect_eq(global("x"), 1);
    cr_expect_eq(resume(&t, 10000), THREAD_YIELDED);
    cr_expect_eq(resume(&t, 10000), THREAD_ENDED, "%s", message);
    cr_expect_eq(global("x"), 14);
    sandbox_thread_drop(box, &t);
    end();
}

Test (sandbox_thread, one_that_was_dropped_runs_nothing_any_more) {
    begin();
    sandbox_thread t = thread_of(
        "x = 1 local y <close> = setmetatable({}, {__close = function() x = 2 end}) pause()");
    cr_expect_eq(resume(&t, 1000), THREAD_YIELDED);
    sandbox_thread_drop(box, &t);
    load("for i = 1, 100000 do local t = {i} end"); /* and it is collected */
    cr_assert(sandbox_call(box, 0, 0, 10000000, NULL));
    cr_expect_eq(global("x"), 1);
    end();
}

/* ---------------------------------------------------------------------------------- attacks */

typedef struct attack {
    const char *name, *source;
    const char *says; /* part of the message */
} attack;

/* All begin by stopping once, so that what follows runs in a second passage. */
static const attack ATTACKS[] = {
    {"loop", "while true do end", "a.lua:1: endless loop: 50,000,000 instructions used up"},
    {"loop in pcall", "while true do pcall(function() while true do end end) end",
     "endless loop: "},
    {"loop in pcall that stopped", "pcall(function() pause() while true do end end) x = 7",
     "endless loop: "},
    {"loop in xpcall that stopped",
     "xpcall(function() pause() while true do end end, function() while true do end end) x = 7",
     "endless loop: "},
    {"loop in a handler",
     "xpcall(function() pause() error() end, function() while true do end end)", "endless loop: "},
    {"loop in __close",
     "pcall(function() local c <close> = setmetatable({}, {__close = function() while true do end "
     "end}) pause() error('x') end) x = 7",
     "endless loop: "},
    {"loop in __tostring of an error",
     "error(setmetatable({}, {__tostring = function() while true do end end}))", "endless loop: "},
    {"memory", "local s = 'x' while true do s = s .. s end",
     "a.lua:1: out of memory: more than 64 MiB"},
    {"memory in pcall that stopped",
     "pcall(function() pause() local s = 'x' while true do s = s .. s end end) x = 7",
     "out of memory: more than 64 MiB"},
    {"rep", "local s = string.rep('x', 1e10)", "out of memory"},
    {"growing table", "local t = {} while true do t[#t + 1] = {} end", "out of memory"},
    {"recursion", "local function f() return 1 + f() end f()", "a.lua:1: "},
    {"keys", "local t = {} for i = 1, 1e6 do t[i * 262143 | 0] = 1 end",
     "found a table of more than 32768 keys"},
    {"stopping in a comparator", "table.sort({2, 1}, function() pause() end)",
     "attempt to yield across a C-call boundary"},
    {"stopping in gsub", "local s = ('a'):gsub('a', pause)",
     "attempt to yield across a C-call boundary"},
    {"stopping in __tostring", "tostring(setmetatable({}, {__tostring = pause}))",
     "attempt to yield across a C-call boundary"},
    {"error", "error('oh')", "a.lua:1: oh"},
    {"error that is a table", "error({})",
     "a.lua:1: found an error that is a table, expected a text"},
    {"error with __tostring",
     "error(setmetatable({}, {__tostring = function() return 'oh\\n1' end}))", "a.lua:1: oh 1"},
    {"error with an error in __tostring", "error(setmetatable({}, {__tostring = error}))",
     "a.lua:1: found an error that is a table"},
    {"error that is nothing", "error()", "a.lua:1: found an error that is a nil"},
    {"nil", "local a = nil + 1", "a.lua:1: attempt to perform arithmetic on a nil value"},
    {"coroutine", "coroutine.yield()", "coroutine is not available"},
};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check_attack(const attack *a)
{
    char *source = g_strconcat("x = 0 pause() ", a->source, NULL);
    sandbox_thread t = thread_of(source);
    double start = cpu_seconds();
    sandbox_outcome outcome = resume(&t, SANDBOX_LOAD_INSTRUCTIONS);
    cr_assert_eq(outcome, THREAD_YIELDED, "%s: %s", a->name, message);
    for (int i = 0; i < 3 && outcome == THREAD_YIELDED; i++) {
        outcome = resume(&t, SANDBOX_LOAD_INSTRUCTIONS);
    }
    cr_expect_eq(outcome, THREAD_FAILED, "%s", a->name);
    cr_expect(cpu_seconds() - start < 2, "%s: took long", a->name);
#ifdef DASIM_INSTRUMENTED
    if (!strstr(message, "too slow"))
#endif
        cr_expect(strstr(message, a->says), "%s: %s", a->name, message);
    cr_expect(!strchr(message, '\n') && !strstr(message, "0x"), "%s: %s", a->name, message);
    cr_expect_eq(global("x"), 0, "%s: went on", a->name);
    sandbox_thread_drop(box, &t);
    g_free(source);
}

Test (sandbox_thread, attacks_end_as_they_do_elsewhere) {
    for (size_t i = 0; i < G_N_ELEMENTS(ATTACKS); i++) {
        begin();
        check_attack(&ATTACKS[i]);
        load("return 1"); /* it works as before */
        cr_assert(sandbox_call(box, 0, 0, 1000, NULL), "after %s", ATTACKS[i].name);
        end();
    }
}

Test (sandbox_thread, one_sandbox_takes_all_attacks) {
    begin();
    for (size_t i = 0; i < G_N_ELEMENTS(ATTACKS); i++) {
        check_attack(&ATTACKS[i]);
    }
    end();
}

Test (sandbox_thread, who_goes_on_at_once_has_what_is_left_of_the_budget) {
    begin();
    sandbox_thread t = thread_of("while true do pause() end");
    cr_assert_eq(resume(&t, 10000), THREAD_YIELDED);
    int passages = 1;
    while (resume(&t, 0) == THREAD_YIELDED) {
        passages++;
        load("return 1"); /* what else runs meanwhile is not counted */
        cr_assert(sandbox_call(box, 0, 0, 1000000, NULL));
    }
    cr_expect(passages > 190 && passages <= 10000 / 50, "%d", passages);
    cr_expect_str_eq(message, "a.lua:1: endless loop: 10,000 instructions used up");
    sandbox_thread_drop(box, &t);
    end();
}

/* A hundred thousand, each stopped inside of a function that it called. */
Test (sandbox_thread, many_fit_into_what_they_are_allowed) {
    enum { MANY = 100000 };
    begin();
    sandbox_thread *all = g_new(sandbox_thread, MANY);
    lua_State *lua = sandbox_lua(box);
    sandbox_allow_threads(box, MANY);
    load("function body() local function inner(a, b) pause() return a + b end inner(1, 2) end");
    cr_assert(sandbox_call(box, 0, 0, 1000, NULL));
    for (int i = 0; i < MANY; i++) {
        lua_getglobal(lua, "body");
        cr_assert(sandbox_thread_new(box, 0, &all[i], NULL));
        cr_assert_eq(resume(&all[i], 1000), THREAD_YIELDED, "%s", message);
    }
    cr_expect_lt(sandbox_memory(box), (size_t)MANY * SANDBOX_THREAD_MEMORY, "%zu bytes each",
                 sandbox_memory(box) / MANY);
    for (int i = 0; i < MANY; i++) {
        cr_assert_eq(resume(&all[i], 1000), THREAD_ENDED);
        sandbox_thread_drop(box, &all[i]);
    }
    g_free(all);
    end();
}

Test (sandbox_thread, more_than_are_allowed_run_out_of_memory) {
    begin();
    sandbox_thread *all = g_new0(sandbox_thread, 200000);
    lua_State *lua = sandbox_lua(box);
    GError *error = NULL;
    int made = 0;
    load("function body() end");
    cr_assert(sandbox_call(box, 0, 0, 1000, NULL));
    for (; made < 200000 && error == NULL; made++) {
        lua_getglobal(lua, "body");
        sandbox_thread_new(box, 0, &all[made], &error);
    }
    cr_assert(error && strstr(error->message, "out of memory: more than 64 MiB"));
    cr_expect_gt(made, 30000);
    cr_expect_eq(lua_gettop(lua), 0);
    for (int i = 0; i < made; i++) {
        sandbox_thread_drop(box, &all[i]);
    }
    g_clear_error(&error);
    g_free(all);
    end();
}
