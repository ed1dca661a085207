/*
 * The string library does what Lua's own does, wherever it does not refuse: both run the same
 * calls. And it formats numbers in one way.
 */
#include "base/rng.h"
#include "script/sandbox.h"

#include <criterion/criterion.h>
#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

/* Calls f(...) and shows all results, or that it failed. */
static const char SHOW[] =
    "local function show(ok, ...)\n"
    "    local t = {...}\n"
    "    for i = 1, select('#', ...) do t[i] = tostring(t[i]) end\n"
    "    return ok and table.concat(t, '|') or 'error'\n"
    "end\n"
    "local function words(...)\n"
    "    local t, n = {}, 0\n"
    "    for a, b in string.gmatch(...) do t[#t + 1] = a .. '/' .. tostring(b) end\n"
    "    return table.concat(t, ' ')\n"
    "end\n"
    "return function(name, ...) return show(pcall(name == 'words' and words or string[name], ...)) "
    "end\n";

typedef struct pair {
    lua_State *plain;
    sandbox *safe;
} pair;

static pair pair_new(void)
{
    pair p = {luaL_newstate(), sandbox_new(1)};
    luaL_openlibs(p.plain);
    cr_assert(luaL_dostring(p.plain, SHOW) == LUA_OK);
    cr_assert(sandbox_load(p.safe, "show.lua", SHOW, sizeof SHOW - 1, NULL));
    cr_assert(sandbox_call(p.safe, 0, 1, 1000, NULL));
    return p;
}

static void pair_free(pair p)
{
    lua_close(p.plain);
    sandbox_free(p.safe);
}

static void push(lua_State *lua, const char *name, const char *const *arguments, int n)
{
    lua_pushvalue(lua, 1);
    lua_pushstring(lua, name);
    for (int i = 0; i < n; i++)
        if (g_ascii_isdigit(arguments[i][0]) || (arguments[i][0] == '-' && arguments[i][1]))
            lua_pushinteger(lua, g_ascii_strtoll(arguments[i], NULL, 10));
        else
            lua_pushstring(lua, arguments[i]);
}

/* False where the sandbox refused, which `strictly` it must not unless Lua does as well. */
static bool compare(pair p, const char *name, const char *const *arguments, int n, bool strictly)
{
    lua_State *safe = sandbox_lua(p.safe);
    push(p.plain, name, arguments, n);
    cr_assert(lua_pcall(p.plain, n + 1, 1, 0) == LUA_OK);
    push(safe, name, arguments, n);
    GError *error = NULL;
    cr_assert(sandbox_call(p.safe, n + 1, 1, SANDBOX_CALLBACK_INSTRUCTIONS, &error), "%s: %s", name,
              error ? error->message : "?");
    bool refused = strcmp(lua_tostring(safe, -1), "error") == 0;
    if (strictly || !refused)
        cr_expect_str_eq(lua_tostring(safe, -1), lua_tostring(p.plain, -1),
                         "%s(%s, %s, %s): found %s, expected %s", name, arguments[0], arguments[1],
                         n > 2 ? arguments[2] : "", lua_tostring(safe, -1),
                         lua_tostring(p.plain, -1));
    lua_settop(safe, 1);
    lua_settop(p.plain, 1);
    return !refused;
}

static const char *const CALLS[][7] = {
    {"find", "hello world", "o w"},
    {"find", "hello world", "o", "6"},
    {"find", "hello", "l", "-2"},
    {"find", "hello", "", "6"},
    {"find", "hello", "", "7"},
    {"find", "hello", "xyz"},
    {"find", "a.b", ".", "2"},
    {"find", "a+b", "+", "1", "yes"},
    {"find", "key = value", "(%w+)%s*=%s*(%w+)"},
    {"match", "key = value", "(%w+)%s*=%s*(%w+)"},
    {"match", "2024-01-31", "(%d+)-(%d+)-(%d+)"},
    {"match", "  trim  ", "^%s*(.-)%s*$"},
    {"match", "hello", "()ll()"},
    {"match", "f(a(b)c)d", "%b()"},
    {"match", "abcabc", "(abc)%1"},
    {"match", "\"it's\"", "([\"'])(.-)%1"},
    {"match", "THE (quick) fox", "%f[%a]%a+%f[%A]", "6"},
    {"match", "x", "[]x]"},
    {"match", "a-z", "[a%-z]+"},
    {"match", "a]b", "[^]]+"},
    {"match", "a^b", "[b^]"},
    {"match", "abc", "a-c"},
    {"match", "abc", "[a-]+"},
    {"match", "", "^$"},
    {"match", "a$b", "a$b"},
    {"match", "a", "a$"},
    {"match", "\xc3\xa4", "%a"},
    {"match", "0x1F", "%x+$"},
    {"match", "x", "%g%c?"},
    {"match", "a\vb", "%s"},
    {"gsub", "hello world", "o", "0"},
    {"gsub", "abc", "", "-"},
    {"gsub", "abc", "%w", "%0%0"},
    {"gsub", "hello world", "(%w+) (%w+)", "%2 %1"},
    {"gsub", "abc", "b*", "x"},
    {"gsub", "abc", "^a", "x"},
    {"gsub", "aaa", "^a", "x"},
    {"gsub", "aaa", "a", "b"},
    {"gsub", "aaa", "a", "%%"},
    {"gsub", "aaa", "a", "%2"},
    {"gsub", "aaa", "a", "%"},
    {"gsub", "aaa", "(a)", "%x"},
    {"gsub", "aaa", "a", "b"},
    {"gsub", "abc", "()", "%1"},
    {"words", "one two", "%a+"},
    {"words", "a=1, b=2", "(%w)=(%w)"},
    {"words", "abc", ""},
    {"words", "aaa", "a*"},
    {"words", "abc", "^a"},
    {"words", "abcabc", "b", "3"},
    {"sub", "hello", "2", "3"},
    {"sub", "hello", "-3", "-2"},
    {"sub", "hello", "0"},
    {"sub", "hello", "10", "20"},
    {"sub", "hello", "-100", "2"},
    {"sub", "hello", "3", "-100"},
    {"byte", "hello", "2"},
    {"byte", "hello", "2", "4"},
    {"byte", "hello", "-1"},
    {"byte", "hello", "0"},
    {"byte", "hello", "0", "2"},
    {"byte", "hello", "6"},
    {"byte", "hello", "-9", "-4"},
    {"byte", "hello", "-9"},
    {"char", "72", "105"},
    {"char", "256", "1"},
    {"rep", "ab", "3"},
    {"rep", "ab", "3", ","},
    {"rep", "ab", "0"},
    {"rep", "ab", "-1"},
    {"upper", "aBc\xc3\xa4", "1"},
    {"lower", "aBc\xc3\x84", "1"},
    {"reverse", "abc", "1"},
    {"len", "abc", "1"},
    {"format", "%5d|%-5d|%05d", "42", "42", "42"},
    {"format", "%x %X %#x", "255", "255", "255"},
    {"format", "%o %#o", "8", "8"},
    {"format", "%+d % d", "5", "5"},
    {"format", "%.3d|%5.3d", "5", "5"},
    {"format", "%05.3d", "5"},
    {"format", "%d", "-9223372036854775808"},
    {"format", "%x", "-1"},
    {"format", "%5.2s|", "abc"},
    {"format", "%-5s|", "abc"},
    {"format", "%.0f %5.1f %e", "2", "3", "4"},
    {"format", "%g %G %#g", "100000", "1000000", "5"},
    {"format", "%c%c", "72", "0"},
    {"format", "%q", "a\nb\"c\\\r"},
    {"format", "%5c|%-5c|", "72", "72"},
    {"format", "%%%d", "1"},
    {"format", "%y", "1"},
    {"format", "%100d", "1"},
    {"format", "%.100d", "1"},
    {"format", "%--d", "1"},
    {"format", "%#d", "1"},
    {"format", "%d", "x"},
    {"format", "%i", "-7"},
    {"format", "%.d|%.0d", "0", "0"},
    {"format", "%+.3f|% .3f|%-9.2f|%09.2f", "1", "2", "3", "-4"},
};

Test (safe_string, does_what_lua_does) {
    pair p = pair_new();
    for (size_t i = 0; i < G_N_ELEMENTS(CALLS); i++) {
        int n = 0;
        while (n < 5 && CALLS[i][n + 1])
            n++;
        compare(p, CALLS[i][0], &CALLS[i][1], n, true);
    }
    pair_free(p);
}

/* A text of pieces, chosen by draws. */
static void make(char *text, uint64_t *n, const char *const *pieces, size_t count, int most)
{
    rng_key key = rng_key_of(1, 1, 1);
    text[0] = 0;
    for (int i = (int)rng_below(rng_draw(key, (*n)++), (uint64_t)most + 1); i > 0; i--)
        strcat(text, pieces[rng_below(rng_draw(key, (*n)++), count)]);
}

/* A malformed pattern is an error here even where Lua does not get as far as the mistake. */
Test (safe_string, patterns_by_chance_match_as_in_lua) {
    static const char *const letters[] = {"a", "b", "c", "1", " ", "(", ")", ".", "-", "]"};
    static const char *const parts[] = {"a",    "b",     "c",  ".",  "%a",   "%d",    "%s",
                                        "[ab]", "[^a]",  "*",  "+",  "-",    "?",     "(",
                                        ")",    "()",    "%1", "%2", "%b()", "%f[a]", "^",
                                        "$",    "[a-c]", "%(", "%.", "]",    "[%w]",  "%f[^a]",
                                        "[]a]", "%",     "[",  "%S", "%A"};
    static const char *const names[] = {"find", "match", "gsub", "words"};
    pair p = pair_new();
    uint64_t n = 0;
    int valid = 0;
    char subject[64], pattern[64];
    for (int i = 0; i < 8000; i++) {
        make(subject, &n, letters, G_N_ELEMENTS(letters), 12);
        make(pattern, &n, parts, G_N_ELEMENTS(parts), 6);
        const char *arguments[] = {subject, pattern, "<%0>"};
        if (g_ascii_isdigit(subject[0]) || subject[0] == '-' || strstr(pattern, "%]"))
            continue; /* would be a number; an escaped bracket is not told apart by find */
        for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
            valid += compare(p, names[k], arguments, k == 2 ? 3 : 2, false);
    }
    cr_expect(valid > 10000, "only %d comparisons", valid);
    pair_free(p);
}
