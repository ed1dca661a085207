/* A table's inside is walked token by token with a depth that counts brackets and blocks; an entry
 * begins behind '{', ',' or ';' at depth 0. */
#include "script/source.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef struct token {
    size_t at, size;
    bool is_name, is_string, is_number; /* else one character; a number: its digits */
} token;

static bool is_name_start(char c)
{
    return g_ascii_isalpha(c) || c == '_';
}

/* Behind the long bracket that opens at `at`, or `at` itself where none does. */
static size_t skip_long(const source *s, size_t at)
{
    size_t level = 0, c = at + 1;
    while (c < s->size && s->text[c] == '=') {
        level++;
        c++;
    }
    if (c >= s->size || s->text[c] != '[') {
        return at;
    }
    for (c++; c + level + 1 < s->size; c++) {
        if (s->text[c] == ']' && s->text[c + level + 1] == ']' &&
            strspn(s->text + c + 1, "=") == level) {
            return c + level + 2;
        }
    }
    return s->size;
}

static size_t skip_blank(const source *s, size_t at)
{
    while (at < s->size) {
        if (g_ascii_isspace(s->text[at])) {
            at++;
        } else if (at + 1 < s->size && s->text[at] == '-' && s->text[at + 1] == '-') {
            size_t begin = at + 2, end = begin;
            if (begin < s->size && s->text[begin] == '[') {
                end = skip_long(s, begin);
            }
            while (end == begin && at < s->size && s->text[at] != '\n') {
                at++;
            }
            at = end == begin ? at : end;
        } else {
            break;
        }
    }
    return at;
}

/* The token at or behind `at`; false at the end of the text. */
static bool next(const source *s, size_t at, token *t)
{
    at = skip_blank(s, at);
    *t = (token){.at = at, .size = 1};
    if (at >= s->size) {
        return false;
    }
    char c = s->text[at];
    size_t end = at + 1;
    if (is_name_start(c)) {
        t->is_name = true;
        while (end < s->size && (is_name_start(s->text[end]) || g_ascii_isdigit(s->text[end]))) {
            end++;
        }
    } else if (g_ascii_isdigit(c)) {
        t->is_number = true;
        while (end < s->size && g_ascii_isdigit(s->text[end])) {
            end++;
        }
    } else if (c == '"' || c == '\'') {
        t->is_string = true;
        while (end < s->size && s->text[end] != c && s->text[end] != '\n') {
            end += s->text[end] == '\\' ? 2 : 1;
        }
        end = MIN(end + 1, s->size);
    } else if (c == '[') {
        size_t behind = skip_long(s, at);
        t->is_string = behind > at;
        end = MAX(behind, end);
    } else if (c == '=' && end < s->size && s->text[end] == '=') {
        end++;
    }
    t->size = end - at;
    return true;
}

static bool is(const source *s, const token *t, const char *text)
{
    return !t->is_string && strlen(text) == t->size && memcmp(s->text + t->at, text, t->size) == 0;
}

static bool is_any(const source *s, const token *t, const char *const *texts)
{
    for (; *texts; texts++) {
        if (is(s, t, *texts)) {
            return true;
        }
    }
    return false;
}

size_t source_table(const source *s, int line, const char *name)
{
    size_t at = 0;
    for (int l = 1; l < line && at < s->size; at++) {
        l += s->text[at] == '\n';
    }
    token t;
    for (; next(s, at, &t); at = t.at + t.size) {
        if (!t.is_name || !is(s, &t, name)) {
            continue;
        }
        token open;
        bool found = next(s, t.at + t.size, &open);
        if (found && is(s, &open, "(")) {
            found = next(s, open.at + 1, &open);
        }
        if (found && is(s, &open, "{")) {
            return open.at + 1;
        }
    }
    return SOURCE_NOWHERE;
}

/* Is the entry at `at` written `key = ...`, `["key"] = ...` or `[7] = ...`? Sets where the value
 * begins and whether the entry has a key at all; to who counts entries (no key), [7] is none. */
static bool is_keyed(const source *s, size_t at, const char *key, bool *keyed, size_t *value)
{
    token first, t, equals;
    *keyed = false;
    if (!next(s, at, &first) || !next(s, first.at + first.size, &t)) {
        return false;
    }
    token word = first;
    if (is(s, &first, "[")) {
        word = t;
        if (!next(s, t.at + t.size, &t) || !is(s, &t, "]") || !next(s, t.at + 1, &equals)) {
            return false;
        }
    } else {
        equals = t;
    }
    if (!is(s, &equals, "=") || !(word.is_name || word.is_string || (word.is_number && key))) {
        return false;
    }
    *keyed = true;
    *value = skip_blank(s, equals.at + 1);
    size_t quote = word.is_string ? 1 : 0, bracket = word.is_number ? 1 : 0;
    return key && word.size + 2 * bracket == strlen(key) + 2 * quote &&
           (bracket == 0 || key[0] == '[') &&
           memcmp(s->text + word.at + quote, key + bracket, word.size - 2 * quote) == 0;
}

static int depth_change(const source *s, const token *t)
{
    static const char *const opens[] = {"{", "(", "[", "function", "if", "do", "repeat", NULL};
    static const char *const closes[] = {"}", ")", "]", "end", "until", NULL};
    return is_any(s, t, opens) ? 1 : is_any(s, t, closes) ? -1 : 0;
}

/* The value of `key`, or the entry without key number `index`. */
static size_t find(const source *s, size_t inside, const char *key, size_t index)
{
    int depth = 0;
    bool at_entry = true;
    token t;
    for (size_t at = inside; at != SOURCE_NOWHERE && next(s, at, &t); at = t.at + t.size) {
        bool keyed;
        size_t value;
        if (at_entry && !is(s, &t, "}")) {
            if (is_keyed(s, t.at, key, &keyed, &value)) {
                return value;
            }
            if (!keyed && !key && --index == 0) {
                return t.at;
            }
        }
        depth += depth_change(s, &t);
        if (depth < 0) {
            break;
        }
        at_entry = depth == 0 && (is(s, &t, ",") || is(s, &t, ";"));
    }
    return SOURCE_NOWHERE;
}

size_t source_key(const source *s, size_t inside, const char *key)
{
    return find(s, inside, key, 0);
}

size_t source_entry(const source *s, size_t inside, size_t index)
{
    return find(s, inside, NULL, index);
}

size_t source_inside(const source *s, size_t offset)
{
    token t;
    bool open = offset != SOURCE_NOWHERE && next(s, offset, &t) && is(s, &t, "{");
    return open ? t.at + 1 : SOURCE_NOWHERE;
}

int source_line(const source *s, size_t offset)
{
    int line = 1;
    for (size_t i = 0; i < offset && i < s->size; i++) {
        line += s->text[i] == '\n';
    }
    return line;
}

char *source_question(const source *s)
{
    GString *words = g_string_new(NULL);
    size_t at = 0;
    while (at < s->size && g_ascii_isspace(s->text[at])) {
        at++;
    }
    while (at + 1 < s->size && s->text[at] == '-' && s->text[at + 1] == '-') {
        size_t begin = at + 2, end = begin;
        while (end < s->size && s->text[end] != '\n') {
            end++;
        }
        char *line = g_strndup(s->text + begin, end - begin);
        g_strstrip(line + strspn(line, "-"));
        bool empty = line[strspn(line, "- ")] == '\0';
        if (!empty) {
            g_string_append_printf(words, "%s%s", words->len ? " " : "", line + strspn(line, "- "));
        }
        g_free(line);
        if (empty && words->len > 0) {
            break;
        }
        at = MIN(end + 1, s->size);
        while (at < s->size && (s->text[at] == ' ' || s->text[at] == '\t')) {
            at++;
        }
    }
    return g_string_free(words, FALSE);
}
