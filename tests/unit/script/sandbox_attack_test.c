/*
 * Scripts that want to do harm, or run on for ever. Each ends with the error that it deserves
 * within two seconds of processor time, and the sandbox works afterwards.
 */
#include "script/sandbox.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

enum {
    SOURCE = SANDBOX_ERROR_SOURCE,
    RAISED = SANDBOX_ERROR_RAISED,
    BUDGET = SANDBOX_ERROR_INSTRUCTIONS,
    MEMORY = SANDBOX_ERROR_MEMORY,
    HARMLESS = -1 /* no error at all */
};

typedef struct attack {
    const char *name, *source;
    int code;
    const char *says; /* part of the message */
} attack;

#define ENDLESS "endless loop: "

/* ------------------------------------------------------------------------- loops that hide */

static const attack LOOPS[] = {
    {"loop", "while true do end", BUDGET, "a.lua:1: endless loop: 1,000,000 instructions used up"},
    {"loop by goto", "::a:: goto a", BUDGET, "a.lua:1: " ENDLESS},
    {"loop in pcall", "while true do pcall(function() while true do end end) end", BUDGET, ENDLESS},
    {"pcall in a loop", "while true do pcall(error) end", BUDGET, ENDLESS},
    {"pcall of pcall", "while true do pcall(pcall, pcall, error, 'x') end", BUDGET, ENDLESS},
    {"loop in a handler", "xpcall(error, function() while true do end end)", BUDGET, ENDLESS},
    {"loop in the handler of a limit",
     "xpcall(function() while true do end end, function() while true do end end)", BUDGET, ENDLESS},
    {"error in a handler", "while true do xpcall(error, function() error('y') end) end", BUDGET,
     ENDLESS},
    {"handler that recurses",
     "local function h() xpcall(error, h) end while true do xpcall(error, h) end", BUDGET, ENDLESS},
    {"loop in __close",
     "while true do pcall(function() local x <close> = setmetatable({}, {__close = function() "
     "while true do end end}) error('x') end) end",
     BUDGET, ENDLESS},
    {"loop in __index",
     "local t = setmetatable({}, {__index = function() while true do end end}) "
     "while true do pcall(function() return t.x end) end",
     BUDGET, ENDLESS},
    {"loop in __tostring of an error",
     "error(setmetatable({}, {__tostring = function() while true do end end}))", BUDGET, ENDLESS},
    {"loop in __tostring",
     "tostring(setmetatable({}, {__tostring = function() while true do end "
     "end}))",
     BUDGET, ENDLESS},
    {"loop in __eq, __lt, __concat, __len",
     "local f = function() while true do end end local m = {__eq = f, __lt = f, __concat = f, "
     "__len = f} local a, b = setmetatable({}, m), setmetatable({}, m) "
     "pcall(function() return a < b end) pcall(function() return a .. b end) "
     "pcall(function() return #a end) return a == b",
     BUDGET, ENDLESS},
    {"loop in __pairs",
     "for k in pairs(setmetatable({}, {__pairs = function() while true do end "
     "end})) do end",
     BUDGET, ENDLESS},
    {"iterator without end", "for x in function() return 1 end do end", BUDGET, ENDLESS},
    {"loop in a comparator", "table.sort({3, 2, 1}, function() while true do end end)", BUDGET,
     ENDLESS},
    {"loop in gsub", "('aaa'):gsub('a', function() while true do end end)", BUDGET, ENDLESS},
    {"gmatch for ever", "while true do for w in ('a b c'):gmatch('%a') do end end", BUDGET,
     ENDLESS},
    {"numbers without end", "for i = 1, math.huge do end", BUDGET, ENDLESS},
    {"tail calls for ever", "local function f() return f() end f()", BUDGET, ENDLESS},
    {"pcall as a tail call", "local function f() return pcall(f) end while true do f() end", BUDGET,
     ENDLESS},
};

/* ------------------------------------------------------------ work out of sight of the hook */

static const attack HIDDEN_WORK[] = {
    {"chain of __index",
     "local t = {} for i = 1, 1990 do t = setmetatable({}, {__index = t}) end "
     "while true do local x = t.a end",
     BUDGET, ENDLESS},
    {"chain of __index under move",
     "local t = {} for i = 1, 1990 do t = setmetatable({}, "
     "{__index = t}) end table.move(t, 1, 1e7 // 1 | 0, 1, {})",
     BUDGET, ENDLESS},
    {"loop of __index",
     "local a, b = {}, {} setmetatable(a, {__index = b}) setmetatable(b, "
     "{__index = a}) return a.x",
     RAISED, "'__index' chain too long; possible loop"},
    {"chain of __newindex",
     "local t = {} for i = 1, 1990 do t = setmetatable({}, {__newindex = t})"
     " end while true do t.a = nil end",
     BUDGET, ENDLESS},
    {"comparing long texts",
     "local a = ('x'):rep(1e7) local b = a .. 'y' a = a .. 'x' "
     "while true do local c = a < b end",
     BUDGET, ENDLESS},
    {"comparing long zeros",
     "local a = ('\\0'):rep(1e7) local b = a .. 'y' a = a .. 'x' "
     "while true do local c = a < b end",
     BUDGET, ENDLESS},
    {"equal long texts",
     "local a = ('x'):rep(1e7) local b = a .. 'y' a = a .. 'z' "
     "while true do local c = a == b end",
     BUDGET, ENDLESS},
    {"long keys", "local s, t = ('a'):rep(1e6), {} for i = 1, 1e9 do local x = t[s .. i] end",
     BUDGET, ENDLESS},
    {"sorting long texts",
     "local t, p = {}, ('x'):rep(10000) for i = 1, 1000 do t[p .. i] = 1 end "
     "while true do for k in pairs(t) do end end",
     BUDGET, ENDLESS},
    {"many values",
     "local t = {} for i = 1, 99999 do t[i] = 1 end local function g() end local "
     "function f(...) while true do g(...) end end f(table.unpack(t))",
     BUDGET, ENDLESS},
    {"next of an empty shell",
     "local t = {} for i = 1, 30000 do t['k' .. i] = 1 end "
     "for i = 1, 30000 do t['k' .. i] = nil end while true do next(t) end",
     BUDGET, ENDLESS},
    {"pairs of an empty shell",
     "local t = {} for i = 1, 300000 do t[i] = 1 end "
     "for i = 1, 300000 do t[i] = nil end while true do for k in pairs(t) do end end",
     BUDGET, ENDLESS},
    {"keys that come and go",
     "local t = {} for i = 1, 16000 do t['k' .. i] = 1 end local i = 16001"
     " while true do t['k' .. i] = 1 t['k' .. (i - 16000)] = nil i = i + 1 end",
     BUDGET, ENDLESS},
    {"keys that collide later",
     "local t, m = {}, 32767 for i = 1, 30000 do t[i * m] = 1 end "
     "local i = 30001 while true do t[i * m] = 1 t[(i - 30000) * m] = nil i = i + 1 end",
     SANDBOX_ERROR_CPU, "a.lua:1: too slow: 1.5 seconds of processor time used up"},
    {"more keys than a table holds", "local t = {} for i = 1, 1e6 do t[i * 262143 | 0] = 1 end",
     MEMORY, "a.lua:1: found a table of more than 32768 keys"},
    {"long numerals", "local a = ('0'):rep(1e7 // 1 | 0) while true do tonumber(a) end", BUDGET,
     ENDLESS},
    {"numbers to texts", "while true do local s = 1.1 .. '' end", BUDGET, ENDLESS},
    {"powers", "local x = 1.5 while true do local y = x ^ 0.3 end", BUDGET, ENDLESS},
    {"long formats", "while true do local x = string.format('%99.99f', 1e308) end", BUDGET,
     ENDLESS},
    {"names in errors", "while true do pcall(function() local x = nil + 1 end) end", BUDGET,
     ENDLESS},
    {"much alive, much garbage",
     "local t = {} for i = 1, 300000 do t[i] = {i} end "
     "while true do local x = {} end",
     BUDGET, ENDLESS},
};

/* -------------------------------------------------------------------------------- patterns */

static const attack PATTERNS[] = {
    {"a?a?a?aaa", "local n = 30 ('a'):rep(n):find(('a?'):rep(n) .. ('a'):rep(n) .. 'b')", BUDGET,
     ENDLESS},
    {".-.-.-b", "('a'):rep(1e6):find('.-.-.-.-b')", BUDGET, ENDLESS},
    {".*.*.*b", "('a'):rep(1e6):find('.*.*.*.*b')", BUDGET, ENDLESS},
    {"in pcall", "while true do pcall(string.find, ('a'):rep(1e6), '.-.-.-b') end", BUDGET,
     ENDLESS},
    {"gsub", "while true do ('a'):rep(1e6):gsub('.-b', '') end", BUDGET, ENDLESS},
    {"gmatch", "for x in ('a'):rep(1e6):gmatch('a-b') do end", BUDGET, ENDLESS},
    {"%b", "while true do ('('):rep(1e6):find('%b()') end", BUDGET, ENDLESS},
    {"back references", "('a'):rep(1e5):find('(.-)(.-)%1%2b')", BUDGET, ENDLESS},
    {"plain text in vain", "while true do ('a'):rep(1e6):find(('a'):rep(1e5) .. 'b', 1, true) end",
     BUDGET, ENDLESS},
    {"too complex", "('a'):find(('a*'):rep(1000))", RAISED, "a.lua:1: pattern too complex"},
    {"many captures", "('a'):find(('()'):rep(33))", RAISED, "too many captures"},
    {"unclosed capture", "('a'):find('(a')", RAISED, "unfinished capture"},
    {"unopened capture", "('a'):match('a)')", RAISED, "invalid pattern capture"},
    {"unclosed set", "('a'):find('[a')", RAISED, "malformed pattern (missing ']')"},
    {"ends with %", "('a'):find('%')", RAISED, "malformed pattern (ends with '%')"},
    {"reference to an open capture", "('a'):find('(%1)')", RAISED, "invalid capture index %1"},
};

/* ------------------------------------------------------------------------- memory and depth */

static const attack MEMORY_BOMBS[] = {
    {"doubling text", "local s = 'x' while true do s = s .. s end", MEMORY,
     "a.lua:1: out of memory: more than 64 MiB"},
    {"doubling text in pcall", "local s = 'x' while true do pcall(function() s = s .. s end) end",
     MEMORY, "out of memory"},
    {"rep", "local s = string.rep('x', 1e10)", MEMORY, "a.lua:1: out of memory"},
    {"method rep", "local s = ('x'):rep(1 << 40)", MEMORY, "out of memory"},
    {"rep with a separator", "local s = (''):rep(1 << 62, 'abc')", MEMORY, "out of memory"},
    {"rep in pcall", "while true do pcall(string.rep, 'x', 1 << 62) end", MEMORY, "out of memory"},
    {"rep of rep", "local s = ('x'):rep(1e7):rep(1e7)", MEMORY, "out of memory"},
    {"growing table", "local t = {} while true do t[#t + 1] = {} end", MEMORY, "out of memory"},
    {"growing table in pcall",
     "local t = {} while true do pcall(function() while true do t[#t + 1] = {} end end) end",
     MEMORY, "out of memory"},
    {"growing texts", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(100000) .. i end", MEMORY,
     "out of memory"},
    {"gsub that grows", "local s = ('x'):rep(100) while true do s = s:gsub('.+', '%0%0%0') end",
     MEMORY, "out of memory"},
    {"concat that grows",
     "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1e5) end local "
     "s = table.concat(t)",
     MEMORY, "out of memory"},
    {"recursion", "local function f() return 1 + f() end f()", MEMORY,
     "a.lua:1: endless recursion"},
    {"recursion in pcall", "local function f() return 1 + f() end while true do pcall(f) end",
     MEMORY, "endless recursion"},
    {"recursion with many locals",
     "local function f(a, b, c, d, e, g, h) local x = f(a, b, c, d, e, g, h) return x end f()",
     RAISED, "stack overflow"},
    {"recursion through pcall", "local function f() pcall(f) end f()", HARMLESS, NULL},
    {"recursion through metamethods",
     "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. 'x'] "
     "end return t.x",
     RAISED, "C stack overflow"},
    {"recursion through gsub", "local function f() return (('x'):gsub('x', f)) end f()", RAISED,
     "C stack overflow"},
    {"recursion through sort", "local function f() table.sort({1, 2}, f) return true end f()",
     RAISED, "C stack overflow"},
    {"recursion through tostring",
     "local t t = setmetatable({}, {__tostring = function() return tostring(t) end}) tostring(t)",
     RAISED, "C stack overflow"},
};

/* ------------------------------------------------------------------- ranges and bad arguments */

static const attack RANGES[] = {
    {"unpack of everything", "table.unpack({}, 1, 1 << 62)", RAISED, "too many results to unpack"},
    {"unpack round the corner", "table.unpack({}, math.mininteger, math.maxinteger)", RAISED,
     "too many results to unpack"},
    {"unpack in pcall", "while true do pcall(table.unpack, {}, 1, 99999) end", BUDGET, ENDLESS},
    {"concat of everything", "table.concat({}, '', 1, math.maxinteger)", BUDGET, ENDLESS},
    {"concat of a hole", "table.concat({1, nil, 3}, ',', 1, 3)", RAISED,
     "a.lua:1: invalid value (at index 2) in table for 'concat': a nil"},
    {"move of everything", "table.move({}, 1, math.maxinteger, 2)", RAISED, "a.lua:1: "},
    {"move of much", "table.move({}, 1, 1 << 50, 2)", BUDGET, ENDLESS},
    {"insert into a lie",
     "table.insert(setmetatable({}, {__len = function() return 1 << 60 end}), "
     "1, 'x')",
     BUDGET, ENDLESS},
    {"remove from a lie",
     "table.remove(setmetatable({}, {__len = function() return 1 << 60 end}), "
     "1)",
     BUDGET, ENDLESS},
    {"sort of a lie", "table.sort(setmetatable({}, {__len = function() return 1 << 60 end}))",
     RAISED, "array too big"},
    {"sort of a smaller lie",
     "table.sort(setmetatable({}, {__len = function() return 1 << 30 end}))", BUDGET, ENDLESS},
    {"length that is no number",
     "table.insert(setmetatable({}, {__len = function() return 'x' "
     "end}), 1)",
     RAISED, "object length is not an integer"},
    {"comparator that contradicts itself",
     "table.sort({3, 1, 2, 5, 4}, function() return true end)", RAISED,
     "invalid order function for sorting"},
    {"comparator by chance",
     "local t = {} for i = 1, 1000 do t[i] = i end table.sort(t, function() "
     "return math.random() < 0.5 end)",
     RAISED, "invalid order function for sorting"},
    {"comparing apples", "table.sort({1, 'x'})", RAISED, "attempt to compare"},
    {"wide format", "string.format('%99999d', 1)", RAISED, "invalid conversion '%99999d"},
    {"precise format", "string.format('%.100f', 1)", RAISED, "invalid conversion"},
    {"format without an argument", "string.format('%d')", RAISED, "a.lua:1: "},
    {"format of an address", "string.format('%p', {})", RAISED, "'%p' is not available"},
    {"format of a fraction", "string.format('%d', 1.5)", RAISED,
     "number has no integer representation"},
    {"unfinished format", "string.format('%')", RAISED, "invalid conversion '%'"},
    {"many bytes", "('x'):rep(1e6):byte(1, -1)", RAISED, "string slice too long"},
    {"byte out of range", "string.char(256)", RAISED, "value out of range"},
    {"random from nothing", "math.random(2, 1)", RAISED, "interval is empty"},
    {"select with a lie", "select(0)", RAISED, "index out of range"},
};

/* -------------------------------------------------------------------------- ways out, sources */

static const attack WAYS_OUT[] = {
    {"load", "load('return 1')()", RAISED, "a.lua:1: load is not available"},
    {"loadstring", "loadstring('return 1')", RAISED, "loadstring is not available"},
    {"require", "require 'os'", RAISED, "require is not available: a scenario is one file"},
    {"dofile", "dofile('/etc/passwd')", RAISED, "dofile is not available"},
    {"io", "io.open('/etc/passwd')", RAISED, "io is not available"},
    {"os", "os.exit(0)", RAISED, "os is not available"},
    {"os by its name", "return _G['o' .. 's']", RAISED, "os is not available"},
    {"debug", "debug.sethook()", RAISED, "debug is not available"},
    {"package", "package.loadlib('x', 'y')", RAISED, "package is not available"},
    {"coroutine", "coroutine.wrap(function() end)", RAISED, "coroutine is not available"},
    {"collectgarbage", "collectgarbage('stop')", RAISED, "collectgarbage is not available"},
    {"string.dump", "string.dump(function() end)", RAISED, "string.dump is not available"},
    {"string.pack", "string.pack('i4', 1)", RAISED, "string.pack is not available"},
    {"math.randomseed", "math.randomseed(1)", RAISED, "math.randomseed is not available"},
    {"math.sin", "math.sin(1)", RAISED,
     "math.sin is not available: its last digits differ between machines"},
    {"__gc", "setmetatable({}, {__gc = function() while true do end end})", RAISED,
     "found __gc in a metatable"},
    {"__mode", "setmetatable({}, {__mode = 'k'})", RAISED, "found __mode in a metatable"},
    {"metatable of texts", "getmetatable('').__index = nil", RAISED, "attempt to index a boolean"},
    {"metatable of globals", "setmetatable(_G, {})", RAISED, "cannot change a protected metatable"},
    {"two keys without an order", "for k in pairs({[{}] = 1, [{}] = 2}) do end", RAISED,
     "a.lua:1: found two or more keys that are of type table"},
    {"error that is a table", "error({})", RAISED,
     "a.lua:1: found an error that is a table, expected a text"},
    {"error with control characters", "error('a\\nb\\27[31m', 0)", RAISED, "a.lua:1: a b [31m"},
    {"long error", "error(('x'):rep(1e6))", RAISED, "xxx..."},
    {"bytecode", "\033LuaS", SOURCE, "a.lua: found a compiled Lua chunk, expected Lua source"},
    {"no text", "return '\xff'", SOURCE, "a.lua:1: found a byte 0xFF, expected text in UTF-8"},
    {"no Lua", "return return", SOURCE, "a.lua:1: "},
    {"goto nowhere", "goto x", SOURCE, "a.lua:1: no visible label 'x'"},
};

/* ------------------------------------------------------------------------------------ running */

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check_usable(sandbox *s, const char *name)
{
    static const char source[] = "local t = {} for i = 1, 100 do t[i] = i end return #t";
    GError *error = NULL;
    bool works = sandbox_load(s, "b.lua", source, sizeof source - 1, &error) &&
                 sandbox_call(s, 0, 1, SANDBOX_CALLBACK_INSTRUCTIONS, &error);
    cr_assert(works, "after %s: %s", name, error ? error->message : "?");
    cr_expect(lua_tointeger(sandbox_lua(s), -1) == 100, "after %s", name);
    lua_pop(sandbox_lua(s), 1);
    cr_expect(lua_gettop(sandbox_lua(s)) == 0, "after %s: the stack", name);
}

static void check_attack(sandbox *s, const attack *a, uint64_t budget)
{
    GError *error = NULL;
    double start = cpu_seconds();
    if (sandbox_load(s, "a.lua", a->source, strlen(a->source), &error))
        sandbox_call(s, 0, 0, budget, &error);
    double seconds = cpu_seconds() - start;
    const char *message = error ? error->message : "no error";
    cr_expect(seconds < 2, "%s: took %.1f s", a->name, seconds);
#ifdef DASIM_INSTRUMENTED /* slower by factors that the budget does not know */
    bool too_slow = error && error->code == SANDBOX_ERROR_CPU;
#else
    bool too_slow = false;
#endif
    if (!too_slow) {
        cr_expect((error ? error->code : HARMLESS) == a->code, "%s: %s", a->name, message);
        cr_expect(!a->says || strstr(message, a->says), "%s: %s", a->name, message);
    }
    cr_expect(!strstr(message, "0x0") && !strstr(message, "0x5"), "an address: %s", message);
    cr_expect(!strchr(message, '\n') && strlen(message) < 500, "%s: %s", a->name, message);
    g_clear_error(&error);
    check_usable(s, a->name);
}

static void check_attacks(const attack *attacks, size_t n, uint64_t budget)
{
    for (size_t i = 0; i < n; i++) {
        sandbox *s = sandbox_new(1);
        check_attack(s, &attacks[i], budget);
        sandbox_free(s);
    }
}

Test (sandbox_attack, loops_end_wherever_they_hide) {
    check_attacks(LOOPS, G_N_ELEMENTS(LOOPS), SANDBOX_CALLBACK_INSTRUCTIONS);
}

Test (sandbox_attack, work_of_the_interpreter_is_paid) {
    check_attacks(HIDDEN_WORK, G_N_ELEMENTS(HIDDEN_WORK), SANDBOX_LOAD_INSTRUCTIONS);
}

Test (sandbox_attack, patterns_are_paid_by_the_step) {
    check_attacks(PATTERNS, G_N_ELEMENTS(PATTERNS), SANDBOX_LOAD_INSTRUCTIONS / 5);
}

Test (sandbox_attack, memory_and_depth_are_bounded) {
    check_attacks(MEMORY_BOMBS, G_N_ELEMENTS(MEMORY_BOMBS), SANDBOX_LOAD_INSTRUCTIONS);
}

Test (sandbox_attack, ranges_and_lengths_may_lie) {
    check_attacks(RANGES, G_N_ELEMENTS(RANGES), SANDBOX_LOAD_INSTRUCTIONS);
}

Test (sandbox_attack, no_way_leads_out) {
    check_attacks(WAYS_OUT, G_N_ELEMENTS(WAYS_OUT), SANDBOX_LOAD_INSTRUCTIONS);
}

/* One sandbox takes them all, one after the other. */
Test (sandbox_attack, a_sandbox_survives_many_attacks) {
    sandbox *s = sandbox_new(1);
    for (int round = 0; round < 2; round++) {
        check_attack(s, &MEMORY_BOMBS[0], SANDBOX_LOAD_INSTRUCTIONS);
        check_attack(s, &MEMORY_BOMBS[13], SANDBOX_LOAD_INSTRUCTIONS);
        check_attack(s, &LOOPS[2], SANDBOX_LOAD_INSTRUCTIONS);
        check_attack(s, &LOOPS[9], SANDBOX_LOAD_INSTRUCTIONS);
        check_attack(s, &WAYS_OUT[23], SANDBOX_LOAD_INSTRUCTIONS);
    }
    cr_expect(sandbox_memory(s) < SANDBOX_MEMORY_MOST);
    sandbox_free(s);
}
