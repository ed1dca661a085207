/*
 * What the parser gets to see: sources of ordinary make, and sources that want to keep it busy or
 * to overflow its stack.
 */
#include "script/sandbox.h"

#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* head, then `piece` until the source has `most` bytes (or `times` pieces), then tail. */
typedef struct bomb {
    const char *name, *head, *piece, *tail;
    int times;        /* 0: as many as fit */
    const char *says; /* NULL: it is fine */
} bomb;

static const bomb BOMBS[] = {
    {"parentheses", "return ", "(", "", 0, "C stack overflow"},
    {"braces", "return ", "{", "", 0, "C stack overflow"},
    {"negations", "return ", "not ", "true", 0, "C stack overflow"},
    {"minuses", "return ", "- ", "1", 0, "C stack overflow"},
    {"powers", "return 1", "^1", "", 0, "C stack overflow"},
    {"concatenations", "return x", "..x", "", 0, "C stack overflow"},
    {"blocks", "", "do ", "", 0, "C stack overflow"},
    {"whiles", "", "while x do ", "", 0, "C stack overflow"},
    {"functions", "", "return function() ", "", 0, "16 functions inside of each other"},
    {"calls", "f", "(1)", "", 0, NULL},
    {"fields", "x = a", ".b", "", 0, NULL},
    {"or", "x = x", " or x", "", 0, "more than 4,000 'and' and 'or'"},
    {"and", "x = x", " and x", "", 0, "more than 4,000 'and' and 'or'"},
    {"as many or as may be", "x = x", " or x", "", 3999, NULL},
    {"gotos", "", "goto a ", "::a::", 0, "more than 2,000 'goto', 'break' and labels"},
    {"breaks", "while x do ", "if x then break end ", "end", 1999, NULL},
    {"elseifs", "if x then ", "elseif x then ", "end", 0, NULL},
    {"sums", "x = 1", "+x", "", 0, NULL},
    {"comparisons", "x = 1", "==x", "", 0, NULL},
    {"locals", "", "local a ", "", 0, "too many local variables"},
    {"texts", "x = {", "'a',", "}", 0, NULL},
    {"numbers", "x = {", "1.5,", "}", 0, NULL},
    {"empty statements", "", ";", "", 0, NULL},
    {"long text", "x = [[", "a", "]]", 0, NULL},
    {"long comment", "--[==[", "]]", "]==]", 0, NULL},
    {"unfinished comment", "--[==[", "]]", "", 0, "unfinished long comment"},
    {"unfinished text", "x = '", "a", "", 0, "unfinished string"},
    {"long name", "x = ", "a", "", 0, NULL},
    {"long number", "x = ", "1", "", 0, NULL},
    {"long exponent", "x = 1e", "1", "", 0, NULL},
    {"assignments", "x", ",x", " = 1", 0, "C stack overflow"},
    {"words in texts", "x = '", " or function ", "'", 0, NULL},
    {"words in comments", "--", " or function ", "", 0, NULL},
};

static char *source_of(const bomb *b, size_t *size)
{
    GString *source = g_string_new(b->head);
    size_t most = SANDBOX_SOURCE_MOST - strlen(b->tail) - strlen(b->piece);
    for (int i = 0; (b->times == 0 || i < b->times) && source->len <= most; i++)
        g_string_append(source, b->piece);
    g_string_append(source, b->tail);
    *size = source->len;
    return g_string_free(source, FALSE);
}

static void check_bomb(const bomb *b)
{
    size_t size;
    char *source = source_of(b, &size);
    sandbox *s = sandbox_new(1);
    GError *error = NULL;
    double start = cpu_seconds();
    bool loads = sandbox_load(s, "a.lua", source, size, &error);
    double seconds = cpu_seconds() - start;
    const char *message = error ? error->message : "no error";
    cr_expect(seconds < 2, "%s: took %.1f s", b->name, seconds);
    cr_expect(loads == !b->says, "%s: %s", b->name, message);
    if (!loads) {
        cr_expect(error->code == SANDBOX_ERROR_SOURCE, "%s: %s", b->name, message);
        cr_expect(b->says && strstr(message, b->says), "%s: %s", b->name, message);
        cr_expect(g_str_has_prefix(message, "a.lua:1: "), "%s: %s", b->name, message);
        cr_expect(lua_gettop(sandbox_lua(s)) == 0, "%s: something is on the stack", b->name);
    }
    g_clear_error(&error);
    sandbox_free(s);
    g_free(source);
}

Test (sandbox_source, parser_bombs_end_soon) {
    for (size_t i = 0; i < G_N_ELEMENTS(BOMBS); i++)
        check_bomb(&BOMBS[i]);
}

typedef struct source_case {
    const char *source;
    size_t size; /* 0: strlen */
    const char *says;
} source_case;

static const source_case SOURCES[] = {
    {"return 1", 0, NULL},
    {"\357\273\277return 1", 0, NULL},
    {"#!/usr/bin/env dasim\nreturn 1", 0, NULL},
    {"return\r\n1\r\n", 0, NULL},
    {"", 0, NULL},
    {"-- \303\244\303\266\303\274\nreturn 1", 0, NULL},
    {"#!x\n\nreturn return", 0, "a.lua:3: "},
    {"return 'a\0b'", 12, "a.lua:1: found a byte 0x00, expected text in UTF-8"},
    {"return 1\n\n'\xc3'", 0, "a.lua:3: found a byte 0xC3, expected text in UTF-8"},
    {"\033Lua", 0, "a.lua: found a compiled Lua chunk, expected Lua source as text"},
    {"x = = 1", 0, "a.lua:1: unexpected symbol near '='"},
    {"return 1 +", 0, "a.lua:1: unexpected symbol near <eof>"},
    {"local x <const> = 1 x = 2", 0, "a.lua:1: attempt to assign to const variable 'x'"},
    {"break", 0, "a.lua:1: break outside loop at line 1"},
};

Test (sandbox_source, sources_are_text_and_mistakes_have_a_line) {
    sandbox *s = sandbox_new(1);
    for (size_t i = 0; i < G_N_ELEMENTS(SOURCES); i++) {
        const source_case *c = &SOURCES[i];
        GError *error = NULL;
        bool loads =
            sandbox_load(s, "a.lua", c->source, c->size ? c->size : strlen(c->source), &error);
        cr_expect(loads == !c->says, "%s: %s", c->source, error ? error->message : "no error");
        if (!loads)
            cr_expect(c->says && g_str_has_prefix(error->message, c->says), "%s: %s", c->source,
                      error->message);
        g_clear_error(&error);
        lua_settop(sandbox_lua(s), 0);
    }
    sandbox_free(s);
}

Test (sandbox_source, a_source_of_128_KiB_is_fine_and_one_byte_more_is_not) {
    sandbox *s = sandbox_new(1);
    char *source = g_strnfill(SANDBOX_SOURCE_MOST + 1, ' ');
    cr_expect(sandbox_load(s, "a.lua", source, SANDBOX_SOURCE_MOST, NULL));
    GError *error = NULL;
    cr_expect(!sandbox_load(s, "a.lua", source, SANDBOX_SOURCE_MOST + 1, &error));
    cr_assert(error);
    cr_expect_str_eq(error->message,
                     "a.lua: found 131073 bytes, expected a source of at most 128 KiB");
    g_error_free(error);
    g_free(source);
    sandbox_free(s);
}

Test (sandbox_source, long_names_of_files_appear_in_full) {
    static const char name[] = "scenarios/a/very/long/folder/that/lua/would/cut/in/two/because/"
                               "it/is/longer/than/sixty/bytes.lua";
    sandbox *s = sandbox_new(1);
    GError *error = NULL;
    cr_assert(sandbox_load(s, name, "\nerror('x')", 11, &error));
    cr_expect(!sandbox_call(s, 0, 0, 1000, &error));
    cr_assert(error);
    char *expected = g_strconcat(name, ":2: x", NULL);
    cr_expect_str_eq(error->message, expected);
    g_free(expected);
    g_error_free(error);
    sandbox_free(s);
}
