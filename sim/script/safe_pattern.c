/*
 * Reads a Lua pattern into a list of elements, so that a mistake in it is found whether or not the
 * subject gets there, and so that which capture closes where is known before the match.
 */
#include "script/safe_pattern.h"

#include <lauxlib.h>
#include <string.h>

typedef struct reader {
    lua_State *lua;
    const char *at, *end;
    pattern *pattern;
    int repeats, open_captures;
    unsigned char open[CAPTURES_MOST]; /* those that are not closed yet */
    bool is_closed[CAPTURES_MOST];
} reader;

static void set_add(uint64_t set[4], unsigned char c)
{
    set[c / 64] |= UINT64_C(1) << c % 64;
}

/* ASCII, whatever the locale. */
static bool is_of_class(char class, unsigned char c)
{
    char k = (char)c;
    switch (g_ascii_tolower(class)) {
    case 'a':
        return g_ascii_isalpha(k);
    case 'c':
        return c < 0x80 && g_ascii_iscntrl(k);
    case 'd':
        return g_ascii_isdigit(k);
    case 'g':
        return g_ascii_isgraph(k);
    case 'l':
        return g_ascii_islower(k);
    case 'p':
        return g_ascii_ispunct(k);
    case 's':
        return g_ascii_isspace(k) || c == '\v';
    case 'u':
        return g_ascii_isupper(k);
    case 'w':
        return g_ascii_isalnum(k);
    default:
        return g_ascii_isxdigit(k); /* x */
    }
}

/* %a and its like; any other character stands for itself. */
static void set_add_escape(uint64_t set[4], char class)
{
    if (class == 0 || !strchr("acdglpsuwx", g_ascii_tolower(class))) {
        set_add(set, (unsigned char)class);
        return;
    }
    bool inverted = g_ascii_isupper(class);
    for (int c = 0; c < 256; c++)
        if (is_of_class(class, (unsigned char)c) != inverted)
            set_add(set, (unsigned char)c);
}

static char next_of(reader *r, const char *mistake)
{
    if (r->at >= r->end)
        luaL_error(r->lua, "malformed pattern (%s)", mistake);
    return *r->at++;
}

/* After `[`. As in Lua, a `]` that comes first stands for itself. */
static void read_set(reader *r, uint64_t set[4])
{
    bool inverted = r->at < r->end && *r->at == '^';
    r->at += inverted;
    bool is_first = true;
    for (;; is_first = false) {
        char c = next_of(r, "missing ']'");
        if (c == ']' && !is_first)
            break;
        if (c == '%') {
            set_add_escape(set, next_of(r, "missing ']'"));
        } else if (r->end - r->at >= 2 && r->at[0] == '-' && r->at[1] != ']') {
            for (int i = (unsigned char)c; i <= (unsigned char)r->at[1]; i++)
                set_add(set, (unsigned char)i);
            r->at += 2;
        } else {
            set_add(set, (unsigned char)c);
        }
    }
    for (int i = 0; inverted && i < 4; i++)
        set[i] = ~set[i];
}

static void read_capture(reader *r, element *e)
{
    if (r->pattern->captures >= CAPTURES_MOST)
        luaL_error(r->lua, "too many captures");
    int i = r->pattern->captures++;
    e->a = (unsigned char)i;
    if (r->at < r->end && *r->at == ')') {
        r->at++;
        e->kind = PLACE;
        r->pattern->is_place[i] = true;
    } else {
        e->kind = OPEN;
        r->open[r->open_captures++] = (unsigned char)i;
    }
}

static void read_close(reader *r, element *e)
{
    if (r->open_captures == 0)
        luaL_error(r->lua, "invalid pattern capture");
    e->kind = CLOSE;
    e->a = r->open[--r->open_captures];
    r->is_closed[e->a] = true;
}

static void read_count(reader *r, element *e)
{
    if (r->at >= r->end)
        return;
    switch (*r->at) {
    case '?':
        e->count = AT_MOST_ONCE;
        break;
    case '*':
        e->count = GREEDY;
        break;
    case '+':
        e->count = GREEDY_FROM_ONE;
        break;
    case '-':
        e->count = LAZY;
        break;
    default:
        return;
    }
    r->at++;
    if (++r->repeats > REPEATS_MOST)
        luaL_error(r->lua, "pattern too complex");
}

static void read_escape(reader *r, element *e)
{
    char c = next_of(r, "ends with '%'");
    if (c == 'b') {
        e->kind = BALANCE;
        e->a = (unsigned char)next_of(r, "missing arguments to '%b'");
        e->b = (unsigned char)next_of(r, "missing arguments to '%b'");
    } else if (c == 'f') {
        e->kind = FRONTIER;
        if (next_of(r, "missing '[' after '%f'") != '[')
            luaL_error(r->lua, "malformed pattern (missing '[' after '%%f')");
        read_set(r, e->set);
    } else if (g_ascii_isdigit(c)) {
        int i = c - '1';
        if (i < 0 || i >= r->pattern->captures || (!r->is_closed[i] && !r->pattern->is_place[i]))
            luaL_error(r->lua, "invalid capture index %%%d in pattern", i + 1);
        e->kind = REFERENCE;
        e->a = (unsigned char)i;
    } else {
        set_add_escape(e->set, c);
        read_count(r, e);
    }
}

static void read_element(reader *r, element *e)
{
    memset(e, 0, sizeof *e);
    char c = *r->at++;
    switch (c) {
    case '(':
        read_capture(r, e);
        return;
    case ')':
        read_close(r, e);
        return;
    case '%':
        read_escape(r, e);
        return;
    case '$':
        if (r->at == r->end) {
            e->kind = END;
            return;
        }
        set_add(e->set, '$');
        break;
    case '[':
        read_set(r, e->set);
        break;
    case '.':
        memset(e->set, 0xff, sizeof e->set);
        break;
    default:
        set_add(e->set, (unsigned char)c);
    }
    read_count(r, e);
}

pattern *pattern_read(lua_State *lua, const char *text, size_t size, bool anchors)
{
    sandbox_charge(lua, 4 + size);
    if (size > SANDBOX_MEMORY_MOST / sizeof(element))
        luaL_error(lua, "pattern too long");
    pattern *p = lua_newuserdatauv(lua, sizeof *p + size * sizeof(element), 0);
    memset(p, 0, sizeof *p);
    reader r = {.lua = lua, .at = text, .end = text + size, .pattern = p};
    if (anchors && size > 0 && *text == '^') {
        p->is_anchored = true;
        r.at++;
    }
    while (r.at < r.end)
        read_element(&r, &p->elements[p->length++]);
    if (r.open_captures > 0)
        luaL_error(lua, "unfinished capture");
    return p;
}
