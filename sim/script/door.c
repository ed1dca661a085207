/*
 * The door into Lua: opens the limits, makes the one protected call, closes them, and turns
 * whatever came out into one line that names its place.
 */
#include "script/sandbox_internal.h"

#include <lauxlib.h>
#include <locale.h>
#include <string.h>

G_DEFINE_QUARK(dasim - sandbox - error, sandbox_error)

static locale_t c_locale(void)
{
    static locale_t locale;
    if (g_once_init_enter(&locale))
        g_once_init_leave(&locale, newlocale(LC_ALL_MASK, "C", (locale_t)0));
    return locale;
}

locale_t sandbox_open_door(sandbox *s, lua_State *thread, uint64_t instructions)
{
    sandbox_start(s, thread, instructions);
    return uselocale(c_locale());
}

void sandbox_close_door(sandbox *s, locale_t locale)
{
    uselocale(locale);
    sandbox_stop(s);
}

static int text_of_error(lua_State *lua)
{
    luaL_tolstring(lua, 1, NULL); /* calls __tostring, there is one */
    return 1;
}

/* Makes a text of the error object on top of the stack, where it has one. */
static void to_text(lua_State *lua)
{
    int index = lua_gettop(lua);
    if (lua_type(lua, index) != LUA_TSTRING &&
        luaL_getmetafield(lua, index, "__tostring") != LUA_TNIL) {
        lua_pushcfunction(lua, text_of_error);
        lua_pushvalue(lua, index);
        if (lua_pcall(lua, 1, 1, 0) == LUA_OK)
            lua_copy(lua, -1, index);
        lua_settop(lua, index);
    }
}

/* Handler of the door: notes the place, and makes a text of what has one. */
static int on_error(lua_State *lua)
{
    sandbox *s = sandbox_of(lua);
    if (s->end != RUNS_ON)
        return 1;
    sandbox_where(lua, s->where);
    to_text(lua);
    sandbox_go_on(lua);
    return 1;
}

static int make_text(lua_State *lua)
{
    to_text(lua);
    return 1;
}

void sandbox_error_text(sandbox *s)
{
    lua_pushcfunction(s->lua, make_text);
    lua_pushvalue(s->lua, -2);
    if (lua_pcall(s->lua, 1, 1, 0) == LUA_OK)
        lua_replace(s->lua, -2);
    else
        lua_pop(s->lua, 1);
}

char *sandbox_printable(const char *text, size_t size, size_t most)
{
    char *valid = g_utf8_make_valid(text, (gssize)MIN(size, most));
    GString *line = g_string_sized_new(strlen(valid));
    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        gunichar u = g_utf8_get_char(c);
        if (g_unichar_iscntrl(u))
            g_string_append_c(line, ' ');
        else
            g_string_append_unichar(line, u);
    }
    g_free(valid);
    if (size > most) {
        if (g_str_has_suffix(line->str, "\357\277\275")) /* a character that was cut in two */
            g_string_truncate(line, line->len - 3);
        g_string_append(line, "...");
    }
    return g_string_free(line, FALSE);
}

/* Lua cuts long names of files; here the whole name comes back. */
static char *with_file(const sandbox *s, const char *place)
{
    size_t n = s->chunk ? strlen(s->chunk) : 0;
    if (n > 0 && strncmp(place, s->chunk, n) == 0 && place[n] == ':')
        return g_strconcat(s->file, place + n, NULL);
    return g_strdup(place);
}

static bool names_its_place(const sandbox *s, const char *text)
{
    const char *colon = strrchr(s->where, ':');
    size_t n = colon ? (size_t)(colon - s->where) : 0;
    return !colon || (strncmp(text, s->where, n + 1) == 0 && g_ascii_isdigit(text[n + 1]));
}

static void set_raised(const sandbox *s, const char *place, int code, GError **error)
{
    lua_State *lua = s->lua;
    size_t size;
    int type = lua_type(lua, -1);
    if (type != LUA_TSTRING && type != LUA_TNUMBER) {
        g_set_error(error, SANDBOX_ERROR, code, "%s%sfound an error that is a %s, expected a text",
                    place, *place ? ": " : "", lua_typename(lua, type));
        return;
    }
    const char *text = lua_tolstring(lua, -1, &size);
    bool placed = names_its_place(s, text);
    char *line = sandbox_printable(text, size, 400);
    char *full = placed ? with_file(s, line) : g_strdup(line);
    g_set_error(error, SANDBOX_ERROR, code, "%s%s%s", placed ? "" : place, placed ? "" : ": ",
                full);
    g_free(full);
    g_free(line);
}

void sandbox_set_error(sandbox *s, int code, GError **error)
{
    char *place = with_file(s, s->where);
    const char *colon = *place ? ": " : "";
    char digits[32];
    switch (s->end) {
    case NO_INSTRUCTIONS:
        g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, s->budget);
        GString *grouped = g_string_new(digits);
        for (gssize i = (gssize)grouped->len - 3; i > 0; i -= 3)
            g_string_insert_c(grouped, i, ',');
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_INSTRUCTIONS,
                    "%s%sendless loop: %s instructions used up", place, colon, grouped->str);
        g_string_free(grouped, TRUE);
        break;
    case NO_MEMORY:
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_MEMORY,
                    "%s%sout of memory: more than %zu MiB", place, colon, s->most / (1024 * 1024));
        break;
    case NO_CPU:
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_CPU,
                    "%s%stoo slow: %.1f seconds of processor time used up", place, colon,
                    SANDBOX_CPU_NS / 1e9);
        break;
    case NO_DEPTH:
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_MEMORY,
                    "%s%sendless recursion: more than %zu MiB of calls inside of each other", place,
                    colon, s->most / (1024 * 1024));
        break;
    case NO_KEYS:
        g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_MEMORY,
                    "%s%sfound a table of more than %d keys beside 1, 2, 3, ..., expected fewer",
                    place, colon, SANDBOX_KEYS_MOST);
        break;
    case RUNS_ON:
        set_raised(s, place, code, error);
    }
    g_free(place);
    lua_pop(s->lua, 1);
}

bool sandbox_call(sandbox *s, int arguments, int results, uint64_t instructions, GError **error)
{
    int base = lua_gettop(s->lua) - arguments;
    g_assert(base >= 1);
    lua_checkstack(s->lua, 8);
    lua_pushcfunction(s->lua, on_error);
    lua_insert(s->lua, base);
    locale_t locale = sandbox_open_door(s, s->lua, instructions);
    int status = lua_pcall(s->lua, arguments, results, base);
    sandbox_close_door(s, locale);
    lua_remove(s->lua, base);
    if (status != LUA_OK && s->end == RUNS_ON && sandbox_is_no_memory(s->lua, status))
        s->end = NO_MEMORY;
    if (status == LUA_OK && s->end == RUNS_ON)
        return true;
    if (status == LUA_OK) { /* the budget went below zero with the last instruction */
        lua_settop(s->lua, base - 1);
        lua_pushnil(s->lua);
    }
    sandbox_set_error(s, SANDBOX_ERROR_RAISED, error);
    return false;
}

/* -------------------------------------------------------------------------------- loading */

typedef struct source {
    sandbox *sandbox;
    const char *text;
    size_t left;
    int line; /* of the piece that the parser has */
    bool is_line_done;
} source;

/* In small pieces: no hook runs while the parser works, so the limits are looked at here. No piece
 * has more than one line, so that errors without a place get one. */
static const char *next_piece(lua_State *lua, void *data, size_t *size)
{
    (void)lua;
    source *from = data;
    sandbox *s = from->sandbox;
    sandbox_look(s);
    from->line += from->is_line_done;
    *size = MIN(from->left, 256);
    const char *piece = from->text, *newline = memchr(piece, '\n', *size);
    if (newline)
        *size = (size_t)(newline - piece) + 1;
    from->is_line_done = newline != NULL;
    from->text += *size;
    from->left -= *size;
    return *size > 0 ? piece : NULL;
}

/* Lua shows at most 59 bytes of a name. */
static void set_names(sandbox *s, const char *file)
{
    g_free(s->file);
    g_free(s->chunk);
    s->file = g_strdup(file);
    s->chunk = strlen(file) <= 55 ? g_strdup(file) : g_path_get_basename(file);
    if (strlen(s->chunk) > 55)
        s->chunk[55] = 0;
}

bool sandbox_load(sandbox *s, const char *file, const char *text, size_t size, GError **error)
{
    if (!source_check(file, &text, &size, error))
        return false;
    set_names(s, file);
    s->source += size;
    char *name = g_strconcat("@", s->chunk, NULL);
    source from = {.sandbox = s, .text = text, .left = size, .line = 1};
    lua_checkstack(s->lua, 8);
    locale_t locale = sandbox_open_door(s, s->lua, SANDBOX_LOAD_INSTRUCTIONS);
    int status = lua_load(s->lua, next_piece, &from, name, "t");
    sandbox_close_door(s, locale);
    g_free(name);
    if (status == LUA_OK && s->end == RUNS_ON)
        return true;
    if (!s->where[0])
        g_snprintf(s->where, sizeof s->where, "%s:%d", s->chunk, from.line);
    sandbox_set_error(s, SANDBOX_ERROR_SOURCE, error);
    return false;
}
