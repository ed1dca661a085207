/* Every complaint about a scenario is one line, "FILE:LINE: found X, expected Y", and is raised as
 * a Lua error with that text. Texts are built in buffers on the stack: an error jumps. */
#include "script/script.h"

#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MOST = 1000, QUOTE_MOST = 60 };

int line_of_caller(lua_State *L)
{
    lua_Debug frame;
    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "l", &frame);
        if (frame.currentline > 0) {
            return frame.currentline;
        }
    }
    return 1;
}

/* Control characters would break the line, or the terminal. */
static void make_plain(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7F) {
            *text = ' ';
        }
    }
}

/* The file is called what Lua calls it: the door puts the whole name in its place. */
static void raise_at(lua_State *L, int line, char message[MESSAGE_MOST])
{
    lua_Debug frame;
    const char *file = NULL;
    make_plain(message);
    for (int level = 0; !file && lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        file = frame.currentline > 0 ? frame.short_src : NULL;
    }
    lua_pushfstring(L, "%s:%d: %s", file ? file : script_of(L)->out->file, line, message);
    lua_error(L);
}

void fail_at(lua_State *L, int line, const char *format, ...)
{
    char message[MESSAGE_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    raise_at(L, line, message);
    abort(); /* lua_error() does not return */
}

const char *did_you_mean(const char *found, const char *const *names, char buffer[96])
{
    size_t count = 0;
    while (names && names[count]) {
        count++;
    }
    const char *near = count > 0 ? nearest_name(found, names, count) : NULL;
    buffer[0] = '\0';
    if (near) {
        snprintf(buffer, 96, "; did you mean '%.60s'?", near);
    }
    return buffer;
}

const char *quote(const char *text, size_t size, char buffer[128])
{
    size_t kept = size > QUOTE_MOST ? QUOTE_MOST : size;
    while (kept > 0 && kept < size && ((unsigned char)text[kept] & 0xC0) == 0x80) {
        kept--; /* not in the middle of a character */
    }
    snprintf(buffer, 128, "\"%.*s%s\"", (int)kept, text, kept < size ? "..." : "");
    make_plain(buffer);
    return buffer;
}

const char *descriptor_words(const script *s, const descriptor_handle *h, char buffer[128])
{
    static const char *const words[] = {[DESCRIPTOR_SEGMENT] = "segment",
                                        [DESCRIPTOR_FILE] = "file",
                                        [DESCRIPTOR_SEMAPHORE] = "semaphore",
                                        [DESCRIPTOR_MUTEX] = "mutex",
                                        [DESCRIPTOR_MONITOR] = "monitor"};
    const char *kind = words[h->kind];
    kind = kind ? kind : s->out->world.stack[h->component].algorithm->name;
    snprintf(buffer, 128, "%.64s %d", kind, h->number);
    return buffer;
}

static const char *handle_words(lua_State *L, int index, char buffer[128])
{
    static const char *const words[HANDLE_KINDS] = {
        [HANDLE_DISTRIBUTION] = "a distribution",
        [HANDLE_MATRIX] = "a matrix",
        [HANDLE_TOPOLOGY] = "a topology",
        [HANDLE_LINK] = "a link",
        [HANDLE_WORKLOAD] = "a workload",
        [HANDLE_STEP] = "a step of a program",
        [HANDLE_COMPONENT] = "an algorithm",
        [HANDLE_TARGET] = "a target",
        [HANDLE_ACTION] = "an action",
        [HANDLE_NTH] = "nth()",
        [HANDLE_FAULT] = "a fault",
        [HANDLE_PROCESS] = "a process",
        [HANDLE_DESCRIPTOR] = "a descriptor",
        [HANDLE_SCENARIO] = "a scenario",
    };
    for (int kind = 0; kind < HANDLE_KINDS; kind++) {
        const void *found = handle_at(L, index, (handle_kind)kind);
        if (found && kind == HANDLE_QUANTITY) {
            return quantity_format(((const quantity_handle *)found)->quantity, buffer);
        }
        if (found && kind == HANDLE_DESCRIPTOR) {
            return descriptor_words(script_of(L), found, buffer);
        }
        if (found) {
            return words[kind];
        }
    }
    return "a userdata";
}

const char *describe(lua_State *L, int index, char buffer[128])
{
    size_t size;
    const char *text;
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &size);
        return quote(text, size, buffer);
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            snprintf(buffer, 128, "%lld", (long long)lua_tointeger(L, index));
        } else {
            double value = lua_tonumber(L, index);
            snprintf(buffer, 128, "%.14g", value);
            if (value != value) {
                snprintf(buffer, 128, "nan"); /* its sign differs from machine to machine */
            }
        }
        return buffer;
    case LUA_TBOOLEAN:
        return lua_toboolean(L, index) ? "true" : "false";
    case LUA_TUSERDATA:
        return handle_words(L, index, buffer);
    case LUA_TTABLE:
        return "a table";
    case LUA_TFUNCTION:
        return "a function";
    default:
        return "nothing";
    }
}

place argument_of(lua_State *L, const char *function, int number)
{
    return (place){.name = function, .number = (size_t)number, .line = line_of_caller(L)};
}

int place_line(lua_State *L, const place *p)
{
    if (p->table == NULL) {
        return p->line > 0 ? p->line : line_of_caller(L);
    }
    if (p->table->inside == SOURCE_NOWHERE) {
        return p->line;
    }
    const source *text = &script_of(L)->text;
    size_t at = p->name ? source_key(text, p->table->inside, p->name)
                        : source_entry(text, p->table->inside, p->number);
    return at == SOURCE_NOWHERE ? p->line : source_line(text, at);
}

void fail_count(lua_State *L, int given, const char *function, const char *example)
{
    fail_at(L, line_of_caller(L), "found %d argument%s of %s(), expected %s", given,
            given == 1 ? "" : "s", function, example);
}

static void say_place(const place *p, char words[160])
{
    if (p->table == NULL) {
        snprintf(words, 160, "argument %zu of %s()", p->number, p->name);
    } else if (p->name) {
        snprintf(words, 160, "%.60s of %.60s", p->name, p->table->name);
    } else {
        snprintf(words, 160, "entry %zu of %.60s", p->number, p->table->name);
    }
}

void fail_value(lua_State *L, int index, const place *p, const char *hint, const char *format, ...)
{
    char expected[512], words[160], found[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    say_place(p, words);
    fail_at(L, place_line(L, p), "found %s for %s, expected %s%s", describe(L, index, found), words,
            expected, hint);
}
