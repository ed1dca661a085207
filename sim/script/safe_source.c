/*
 * What is looked at before the parser sees a source: is it text, and would it keep the parser
 * busy? No hook runs while Lua parses, and three of its loops are quadratic: jump lists of `and`
 * and `or`, pending `goto`s and labels, and the search of a name through enclosing functions. So
 * their numbers are bounded here, far above what a person writes.
 */
#include "script/sandbox_internal.h"

#include <string.h>

#define OPERATORS_MOST 4000 /* and, or */
#define JUMPS_MOST 2000     /* goto, break, labels */
#define FUNCTIONS_MOST 16   /* one inside of the other */
#define BLOCKS_MOST 256     /* Lua itself stops at 200 */

/* Just enough of Lua's lexer to see keywords outside of texts and comments. Where the source is
 * not Lua, this may see anything: then the parser finds the mistake. */
typedef struct scan {
    const char *at, *end;
    int line, blocks, functions, operators, jumps;
    bool is_function[BLOCKS_MOST];
} scan;

static void count_lines(scan *s, const char *to)
{
    for (; s->at < to; s->at++)
        s->line += *s->at == '\n';
}

/* At `[`: the number of `=` of a long bracket, or -1. */
static int bracket_level(const scan *s)
{
    const char *c = s->at + 1;
    while (c < s->end && *c == '=')
        c++;
    return c < s->end && *c == '[' ? (int)(c - s->at - 1) : -1;
}

static void skip_long_bracket(scan *s, int level)
{
    for (const char *c = s->at + level + 2; c < s->end; c++) {
        if (*c != ']')
            continue;
        const char *last = c + 1;
        while (last < s->end && *last == '=')
            last++;
        if (last < s->end && *last == ']' && last - c - 1 == level) {
            count_lines(s, last + 1);
            return;
        }
        c = last - 1;
    }
    count_lines(s, s->end);
}

static void skip_comment(scan *s)
{
    s->at += 2;
    if (s->at < s->end && *s->at == '[' && bracket_level(s) >= 0) {
        skip_long_bracket(s, bracket_level(s));
        return;
    }
    while (s->at < s->end && *s->at != '\n' && *s->at != '\r')
        s->at++;
}

static void skip_text(scan *s)
{
    char quote = *s->at++;
    while (s->at < s->end && *s->at != quote && *s->at != '\n' && *s->at != '\r') {
        if (*s->at == '\\' && s->at + 1 < s->end) {
            bool skips_blanks = s->at[1] == 'z';
            count_lines(s, s->at + 2);
            while (skips_blanks && s->at < s->end && g_ascii_isspace(*s->at))
                count_lines(s, s->at + 1);
        } else {
            s->at++;
        }
    }
    if (s->at < s->end && *s->at == quote)
        s->at++;
}

static bool push_block(scan *s, bool is_function)
{
    if (s->blocks < BLOCKS_MOST)
        s->is_function[s->blocks++] = is_function;
    s->functions += is_function;
    return s->functions <= FUNCTIONS_MOST;
}

static void pop_block(scan *s)
{
    if (s->blocks > 0)
        s->functions -= s->is_function[--s->blocks];
}

/* The word that is one too many, or NULL. */
static const char *count_word(scan *s, const char *word, size_t n)
{
#define IS(keyword) (n == sizeof keyword - 1 && memcmp(word, keyword, n) == 0)
    if (IS("and") || IS("or"))
        return ++s->operators > OPERATORS_MOST ? "4,000 'and' and 'or'" : NULL;
    if (IS("goto") || IS("break"))
        return ++s->jumps > JUMPS_MOST ? "2,000 'goto', 'break' and labels" : NULL;
    if (IS("function"))
        return push_block(s, true) ? NULL : "16 functions inside of each other";
    if (IS("if") || IS("do") || IS("repeat"))
        push_block(s, false);
    else if (IS("end") || IS("until"))
        pop_block(s);
    return NULL;
#undef IS
}

static bool is_word(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

static const char *step(scan *s)
{
    char c = *s->at, next = s->at + 1 < s->end ? s->at[1] : 0;
    const char *word = s->at;
    if (c == '-' && next == '-') {
        skip_comment(s);
    } else if (c == '"' || c == '\'') {
        skip_text(s);
    } else if (c == '[' && bracket_level(s) >= 0) {
        skip_long_bracket(s, bracket_level(s));
    } else if (is_word(c)) {
        while (s->at < s->end && is_word(*s->at))
            s->at++;
        return count_word(s, word, (size_t)(s->at - word));
    } else if (c == ':' && next == ':') {
        s->at += 2;
        return ++s->jumps > JUMPS_MOST ? "2,000 'goto', 'break' and labels" : NULL;
    } else {
        count_lines(s, s->at + 1);
    }
    return NULL;
}

static bool check_counts(const char *file, const char *text, size_t size, GError **error)
{
    scan s = {.at = text, .end = text + size, .line = 1};
    while (s.at < s.end) {
        const char *what = step(&s);
        if (what) {
            g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_SOURCE,
                        "%s:%d: found more than %s, expected fewer in one file", file, s.line,
                        what);
            return false;
        }
    }
    return true;
}

static bool check_text(const char *file, const char *text, size_t size, GError **error)
{
    const char *bad = NULL;
    if (g_utf8_validate_len(text, size, &bad))
        return true;
    int line = 1;
    for (const char *c = text; c < bad; c++)
        line += *c == '\n';
    g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_SOURCE,
                "%s:%d: found a byte 0x%02X, expected text in UTF-8", file, line,
                (unsigned)(unsigned char)*bad);
    return false;
}

bool source_check(const char *file, const char **text, size_t *size, GError **error)
{
    if (*size > SANDBOX_SOURCE_MOST) {
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_SOURCE,
                    "%s: found %" G_GSIZE_FORMAT " bytes, expected a source of at most %d KiB",
                    file, *size, SANDBOX_SOURCE_MOST / 1024);
        return false;
    }
    if (*size > 0 && **text == '\033') {
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_SOURCE,
                    "%s: found a compiled Lua chunk, expected Lua source as text", file);
        return false;
    }
    if (!check_text(file, *text, *size, error))
        return false;
    if (*size >= 3 && memcmp(*text, "\357\273\277", 3) == 0) {
        *text += 3;
        *size -= 3;
    }
    if (*size > 0 && **text == '#') {
        while (*size > 0 && **text != '\n') {
            ++*text;
            --*size;
        }
    }
    return check_counts(file, *text, *size, error);
}
