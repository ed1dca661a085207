/* param("nodes", 6, "how many take part"): a value that --set can replace. The default says what
 * kind of value it is; what --set gives must be of that kind. */
#include "script/script.h"

#include <lauxlib.h>
#include <string.h>

enum { PARAMS_MOST = 1000, VALUE_MOST = 1000 };

typedef enum kind { KIND_WHOLE, KIND_NUMBER, KIND_SWITCH, KIND_TEXT, KIND_QUANTITY } kind;

/* What the default at argument 2 is, and its dimension where it has a unit. */
static kind kind_of_default(lua_State *L, dimension *d)
{
    quantity q;
    const quantity_handle *h = handle_at(L, 2, HANDLE_QUANTITY);
    place p = argument_of(L, "param", 2);
    *d = h ? h->quantity.dimension : DIMENSION_NUMBER;
    if (h) {
        return KIND_QUANTITY;
    }
    switch (lua_type(L, 2)) {
    case LUA_TNUMBER:
        return lua_isinteger(L, 2) ? KIND_WHOLE : KIND_NUMBER;
    case LUA_TBOOLEAN:
        return KIND_SWITCH;
    case LUA_TSTRING:
        if (quantity_parse(lua_tostring(L, 2), &q, NULL) == UNITS_FINE) {
            *d = q.dimension;
        }
        return *d == DIMENSION_NUMBER ? KIND_TEXT : KIND_QUANTITY;
    default:
        fail_value(L, 2, &p, "",
                   "a default: a number, true or false, a text, or a value with a "
                   "unit");
    }
}

static bool is_number(const char *text, bool whole)
{
    size_t digits, at = text[0] == '-';
    at += digits = strspn(text + at, "0123456789");
    if (whole || digits == 0) {
        return digits > 0 && text[at] == '\0';
    }
    if (text[at] == '.') {
        at += digits = 1 + strspn(text + at + 1, "0123456789");
        if (digits == 1) {
            return false;
        }
    }
    if (text[at] == 'e' || text[at] == 'E') {
        at++;
        at += text[at] == '-' || text[at] == '+';
        at += digits = strspn(text + at, "0123456789");
    }
    return digits > 0 && text[at] == '\0';
}

/* Pushes what `text` of --set stands for; false and nothing pushed where it is of another kind. */
static bool push_setting(lua_State *L, const char *text, kind wanted, dimension d)
{
    quantity q;
    switch (wanted) {
    case KIND_WHOLE:
    case KIND_NUMBER:
        if (!is_number(text, wanted == KIND_WHOLE) || lua_stringtonumber(L, text) == 0) {
            return false;
        }
        if (wanted == KIND_WHOLE && !lua_isinteger(L, -1)) { /* does not fit */
            lua_pop(L, 1);
            return false;
        }
        return true;
    case KIND_SWITCH:
        lua_pushboolean(L, strcmp(text, "true") == 0);
        if (!lua_toboolean(L, -1) && strcmp(text, "false") != 0) {
            lua_pop(L, 1);
            return false;
        }
        return true;
    case KIND_QUANTITY:
        if (quantity_parse(text, &q, NULL) != UNITS_FINE ||
            (q.dimension != d && q.dimension != DIMENSION_NUMBER)) {
            return false;
        }
        if (handle_at(L, 2, HANDLE_QUANTITY)) {
            quantity_push(L, (quantity){d, q.value});
            return true;
        }
        break;
    case KIND_TEXT:
        break;
    }
    lua_pushstring(L, text);
    return true;
}

static const char *expected_words(kind wanted, dimension d)
{
    switch (wanted) {
    case KIND_WHOLE:
        return "a whole number";
    case KIND_NUMBER:
        return "a number";
    case KIND_SWITCH:
        return "true or false";
    case KIND_QUANTITY:
        return dimension_expected(d);
    default:
        return "a text";
    }
}

/* A value as --set would write it. */
static char *text_of(lua_State *L, int index)
{
    char words[128];
    if (lua_type(L, index) == LUA_TSTRING) {
        return g_strdup(lua_tostring(L, index));
    }
    return g_strdup(describe(L, index, words));
}

/* The last --set of this name, or NULL. */
static const char *setting_of(const script *s, const char *name)
{
    for (guint i = s->settings->len; i-- > 0;) {
        const scenario_setting *one = &g_array_index(s->settings, scenario_setting, i);
        if (strcmp(one->name, name) == 0) {
            return one->value;
        }
    }
    return NULL;
}

static const char *take_name(lua_State *L)
{
    place p = argument_of(L, "param", 1);
    const char *name = take_text(L, 1, &p);
    size_t fine = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (name[0] == '\0' || g_ascii_isdigit(name[0]) || name[fine] || fine >= NAME_MOST ||
        fine != lua_rawlen(L, 1)) {
        fail_value(L, 1, &p, "", "a name of small letters, digits and _, at most %d",
                   NAME_MOST - 1);
    }
    return name;
}

/* The same parameter may be asked for again, with the same default. */
static bool is_known(lua_State *L, const char *name)
{
    const GArray *params = script_of(L)->out->params;
    for (guint i = 0; i < params->len; i++) {
        const scenario_param *one = &g_array_index(params, scenario_param, i);
        if (strcmp(one->name, name) != 0) {
            continue;
        }
        char *fallback = text_of(L, 2);
        bool same = strcmp(fallback, one->fallback) == 0;
        g_free(fallback);
        if (!same) {
            fail_at(L, line_of_caller(L),
                    "found another default of parameter %s, expected the "
                    "same as in line %d",
                    name, one->line);
        }
        return true;
    }
    return false;
}

/* The value on top of the stack is what the parameter has in this run. */
static void add_param(lua_State *L, const char *name, bool is_set)
{
    scenario *out = script_of(L)->out;
    if (is_known(L, name)) {
        return;
    }
    if (out->params->len == PARAMS_MOST) {
        fail_at(L, line_of_caller(L), "found more than %d parameters, expected fewer", PARAMS_MOST);
    }
    scenario_param one = {
        .name = g_strdup(name),
        .value = text_of(L, -1),
        .fallback = text_of(L, 2),
        .help = lua_type(L, 3) == LUA_TSTRING ? g_strdup(lua_tostring(L, 3)) : g_strdup(""),
        .is_set = is_set,
        .line = line_of_caller(L),
    };
    g_array_append_val(out->params, one);
}

static int make_param(lua_State *L)
{
    script *s = script_of(L);
    dimension d;
    char found[128];
    int given = lua_gettop(L);
    only_in_file(L, "param");
    if (given < 2 || given > 3) {
        fail_count(L, given, "param",
                   "param(\"name\", default) or param(\"name\", default, \"what it is\")");
    }
    lua_settop(L, 3);
    const char *name = take_name(L);
    kind wanted = kind_of_default(L, &d);
    place help = argument_of(L, "param", 3);
    if (!lua_isnil(L, 3)) {
        take_text(L, 3, &help);
    }
    const char *setting = setting_of(s, name);
    if (setting == NULL) {
        lua_pushvalue(L, 2);
    } else if (strlen(setting) > VALUE_MOST || !g_utf8_validate(setting, -1, NULL) ||
               !push_setting(L, setting, wanted, d)) {
        fail_at(L, line_of_caller(L), "found --set %s=%s, expected %s", name,
                quote(setting, strlen(setting), found), expected_words(wanted, d));
    }
    add_param(L, name, setting != NULL);
    return 1;
}

bool params_check(const script *s, GError **error)
{
    const GArray *params = s->out->params;
    const char **names = g_new0(const char *, params->len + 1);
    const char *unknown = NULL;
    for (guint i = 0; i < params->len; i++) {
        names[i] = g_array_index(params, scenario_param, i).name;
    }
    for (guint i = 0; i < s->settings->len && unknown == NULL; i++) {
        const char *name = g_array_index(s->settings, scenario_setting, i).name;
        unknown = g_strv_contains(names, name) ? NULL : name;
    }
    if (unknown) {
        char found[128], hint[96];
        char *list = g_strjoinv(", ", (char **)(void *)names);
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_BAD,
                    "%s: found --set of unknown parameter %s, expected %s%.300s%s", s->out->file,
                    quote(unknown, strlen(unknown), found),
                    params->len ? "one of " : "none: it has no parameters", list,
                    did_you_mean(unknown, names, hint));
        g_free(list);
    }
    g_free(names);
    return unknown == NULL;
}

void params_open(lua_State *L)
{
    lua_pushcfunction(L, make_param);
    lua_setfield(L, -2, "param");
}
