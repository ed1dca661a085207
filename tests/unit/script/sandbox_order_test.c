/*
 * What a script sees is the same in every process and on every machine: orders, texts, numbers.
 */
#include "script/sandbox.h"
#include "script/scenario.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <string.h>

/* The result of a script, as a text of its own; free with g_free(). */
static char *run(uint64_t seed, const char *source)
{
    sandbox *s = sandbox_new(seed);
    GError *error = NULL;
    char *result = NULL;
    if (sandbox_load(s, "a.lua", source, strlen(source), &error) &&
        sandbox_call(s, 0, 1, SANDBOX_CALLBACK_INSTRUCTIONS, &error)) {
        const char *text = lua_tostring(sandbox_lua(s), -1);
        result = g_strdup(text ? text : "no text");
    } else {
        result = g_strdup(error->message);
        g_error_free(error);
    }
    sandbox_free(s);
    return result;
}

typedef struct golden {
    const char *source, *expected;
} golden;

static void check(const golden *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *result = run(1, cases[i].source);
        cr_expect_str_eq(result, cases[i].expected, "%s: found %s, expected %s", cases[i].source,
                         result, cases[i].expected);
        g_free(result);
    }
}

static const golden ORDERS[] = {
    {"local s = '' for k in pairs({z = 1, a = 1, [2] = 1, [1] = 1, [1.5] = 1, [-3] = 1, "
     "[true] = 1, [false] = 1, B = 1, [''] = 1, [2^53] = 1, [-math.huge] = 1}) do "
     "s = s .. tostring(k) .. ' ' end return s",
     "-inf -3 1 1.5 2 9007199254740992 false true  B a z "},
    {"local s, t = '', {b = 1, a = 2, c = 3} local k, v = next(t) while k do s = s .. k .. v "
     "k, v = next(t, k) end return s",
     "a2b1c3"},
    {"return tostring(next({}))", "nil"},
    {"local t, s = {}, '' for i = 200, 1, -1 do t['k' .. i % 100] = i end local last = '' "
     "for k in pairs(t) do if k <= last then return 'disorder' end last = k end return last",
     "k99"},
    {"local t = {a = 1, b = 2, c = 3} local s = '' for k, v in pairs(t) do s = s .. k "
     "t[k] = nil t.d = 4 end return s .. tostring(t.d)",
     "abc4"},
    {"local f = function() end local s = '' for k in pairs({[f] = 1, x = 1}) do s = s .. "
     "tostring(k) .. ' ' end return s",
     "x function "},
    {"local t = {} for i = 1, 100 do t[i] = {i % 7, i} end table.sort(t, function(a, b) "
     "return a[1] < b[1] end) for i = 2, 100 do local a, b = t[i - 1], t[i] "
     "if a[1] > b[1] or (a[1] == b[1] and a[2] > b[2]) then return 'unstable' end end "
     "return 'stable'",
     "stable"},
    {"local t = {'b', 'B', 'a', 'A', '\303\244', '10', '9'} table.sort(t) "
     "return table.concat(t, ' ')",
     "10 9 A B a b \303\244"},
    {"local mt = {} local t = setmetatable({}, mt) mt.__mode = 'k' t[{}] = 1 "
     "for i = 1, 20000 do local x = {i} end return tostring(next(t))",
     "table"},
    {"local t, n = {5, 2, 9, 1}, 0 table.sort(t, function(a, b) n = n + 1 return a < b end) "
     "return n .. table.concat(t)",
     "81259"},
};

Test (sandbox_order, traversals_and_sorts_have_one_order) {
    check(ORDERS, G_N_ELEMENTS(ORDERS));
}

static const golden TEXTS[] = {
    {"return tostring({})", "table"},
    {"return tostring(print)", "function"},
    {"return tostring(function() end)", "function"},
    {"return string.format('%s %s %s', {}, print, nil)", "table function nil"},
    {"return tostring(setmetatable({}, {__name = 'lock'}))", "lock"},
    {"return tostring(setmetatable({}, {__tostring = function() return 'me' end}))", "me"},
    {"return tostring(0/0) .. ' ' .. tostring(-(0/0)) .. ' ' .. 0/0 .. ' ' .. -(0/0)",
     "nan nan nan nan"},
    {"return string.format('%f %g %e %5.1f %F', 0/0, -(0/0), 0/0, -(0/0), 0/0)",
     "nan nan nan   nan NAN"},
    {"return string.format('%f %5.1f %+g %05d %05.1f', 1/0, -1/0, 1/0, -42, 1/0)",
     "inf  -inf +inf -0042   inf"},
    {"return 1e15 .. ' ' .. 1e100 .. ' ' .. 0.1 .. ' ' .. 1/3 .. ' ' .. -0.0 .. ' ' .. 2^63",
     "1e+15 1e+100 0.1 0.33333333333333 -0.0 9.2233720368548e+18"},
    {"return 3 / 2 .. ' ' .. 4 / 2 .. ' ' .. 7 // 2 .. ' ' .. -7 % 3 .. ' ' .. 7.5 // 2",
     "1.5 2.0 3 2 3.0"},
    {"error({})", "a.lua:1: found an error that is a table, expected a text"},
    {"error(print)", "a.lua:1: found an error that is a function, expected a text"},
    {"error()", "a.lua:1: found an error that is a nil, expected a text"},
    {"\n\nlocal x = nil + 1", "a.lua:3: attempt to perform arithmetic on a nil value"},
    {"\nlocal t = {} t.x.y = 1", "a.lua:2: attempt to index a nil value (field 'x')"},
    {"local t = {} return t .. 'x'", "a.lua:1: attempt to concatenate a table value (local 't')"},
    {"return {} < {}", "a.lua:1: attempt to compare two table values"},
    {"local _, e = pcall(error, 'x') return e", "x"},
    {"local _, e = pcall(function() error('x') end) return e", "a.lua:1: x"},
    {"return select(2, pcall(string.rep))",
     "bad argument #1 to '?' (string expected, got no value)"},
    {"return select(2, xpcall(function() error('x', 0) end, function(m) return m .. '!' end))",
     "x!"},
};

Test (sandbox_order, texts_show_no_address_and_errors_have_a_line) {
    check(TEXTS, G_N_ELEMENTS(TEXTS));
}

/* Where the machine has such a locale; "C" always. */
Test (sandbox_order, the_locale_changes_nothing) {
    static const char *const locales[] = {"C", "de_DE.UTF-8", "de_DE", "fr_FR.UTF-8",
                                          "tr_TR.UTF-8"};
    static const char source[] = "return string.format('%5.1f|%g|', 2.5, 1e6) .. 1.5 .. '|' .. "
                                 "tostring(tonumber('2.5')) .. '|' .. ('i'):upper() .. "
                                 "tostring('a' < 'B') .. #('\303\244'):match('%a*')";
    for (size_t i = 0; i < G_N_ELEMENTS(locales); i++) {
        if (!setlocale(LC_ALL, locales[i]))
            continue;
        char *result = run(1, source);
        cr_expect_str_eq(result, "  2.5|1e+06|1.5|2.5|Ifalse0", "%s: found %s", locales[i], result);
        g_free(result);
    }
    setlocale(LC_ALL, "C");
}

Test (sandbox_order, the_same_seed_gives_the_same_memory_and_budget) {
    static const char source[] = "local t = {} for i = 1, 1000 do t['k' .. i] = {i} end return #t";
    size_t first = 0;
    for (int i = 0; i < 3; i++) {
        sandbox *s = sandbox_new(1);
        cr_assert(sandbox_load(s, "a.lua", source, sizeof source - 1, NULL));
        cr_assert(sandbox_call(s, 0, 0, SANDBOX_CALLBACK_INSTRUCTIONS, NULL));
        cr_expect(i == 0 || sandbox_memory(s) == first);
        first = sandbox_memory(s);
        sandbox_free(s);
    }
}

static void keep_line(const char *where, const char *text, void *data)
{
    g_string_append_printf(data, "[%s|%s]", where, text);
}

Test (sandbox_order, print_shows_one_line_with_its_place) {
    static const char source[] = "print('a', 1, nil, {})\nprint('b\\nc\\27')";
    sandbox *s = sandbox_new(1);
    GString *lines = g_string_new(NULL);
    sandbox_on_print(s, keep_line, lines);
    cr_assert(sandbox_load(s, "a.lua", source, sizeof source - 1, NULL));
    cr_assert(sandbox_call(s, 0, 0, 10000, NULL));
    cr_expect_str_eq(lines->str, "[a.lua:1|a 1 nil table][a.lua:2|b c ]");
    g_string_free(lines, TRUE);
    sandbox_free(s);
}

Test (sandbox_order, results_and_arguments_pass_the_door) {
    sandbox *s = sandbox_new(1);
    lua_State *lua = sandbox_lua(s);
    cr_assert(sandbox_load(s, "a.lua", "local a, b = ... return b, a, 3", 31, NULL));
    lua_pushinteger(lua, 1);
    lua_pushinteger(lua, 2);
    cr_assert(sandbox_call(s, 2, LUA_MULTRET, 1000, NULL));
    cr_assert(lua_gettop(lua) == 3);
    cr_expect(lua_tointeger(lua, 1) == 2 && lua_tointeger(lua, 2) == 1);
    int host;
    sandbox_set_host(s, &host);
    cr_expect(sandbox_host(sandbox_of(lua)) == &host);
    sandbox_free(s);
    sandbox_free(NULL);
}

Test (sandbox_order, the_self_test_passes_here) {
    script_self_test();
}
