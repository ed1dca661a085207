/* Tables are read raw (no metamethods) and strictly: every key must be one that the reader names.
 * Of several wrong keys the one that is written first is reported. */
#include "script/sandbox.h"
#include "script/script.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { WRONG_MOST = 16 };

static bool is_known(const char *key, const char *const *keys)
{
    for (; keys && *keys; keys++) {
        if (strcmp(key, *keys) == 0) {
            return true;
        }
    }
    return false;
}

/* What an unknown key is called in the message; where it is written, as far as that is known. */
typedef struct wrong_key {
    char name[128];
    size_t at;
    bool is_name;
} wrong_key;

/* Is the key on the stack below the value allowed? If not, fills `wrong`. */
static bool key_is_fine(const reader *r, const char *const *keys, bool lists, lua_Integer length,
                        wrong_key *wrong)
{
    lua_State *L = r->L;
    *wrong = (wrong_key){.at = SOURCE_NOWHERE};
    if (lua_type(L, -2) == LUA_TSTRING) {
        const char *key = lua_tostring(L, -2);
        if (is_known(key, keys)) {
            return true;
        }
        wrong->is_name = strlen(key) < sizeof wrong->name;
        snprintf(wrong->name, sizeof wrong->name, "%s", key);
        if (r->inside != SOURCE_NOWHERE) {
            wrong->at = source_key(&script_of(L)->text, r->inside, key);
        }
        return false;
    }
    if (lua_isinteger(L, -2) && lists) {
        lua_Integer i = lua_tointeger(L, -2);
        if (i >= 1 && i <= length) {
            return true;
        }
    }
    char text[128];
    snprintf(wrong->name, sizeof wrong->name, "[%.100s]", describe(L, -2, text));
    if (lua_isinteger(L, -2) && r->inside != SOURCE_NOWHERE) {
        wrong->at = source_entry(&script_of(L)->text, r->inside, (size_t)lua_tointeger(L, -2));
    }
    return false;
}

static bool comes_before(const wrong_key *a, const wrong_key *b)
{
    return a->at != b->at ? a->at < b->at : strcmp(a->name, b->name) < 0;
}

static void fail_key(const reader *r, const wrong_key *wrong, const char *const *keys, bool lists)
{
    char list[240] = "", hint[96] = "", found[128];
    size_t used = 0;
    bool fits = true;
    for (size_t i = 0; keys && keys[i] && fits; i++) {
        fits = used + strlen(keys[i]) < 200;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                 fits ? keys[i] : "...");
    }
    if (wrong->is_name) {
        did_you_mean(wrong->name, keys, hint);
    }
    int line =
        wrong->at == SOURCE_NOWHERE ? r->line : source_line(&script_of(r->L)->text, wrong->at);
    bool number = wrong->name[0] == '[';
    const char *name = wrong->name;
    if (!number) {
        name = quote(wrong->name, strlen(wrong->name), found);
        found[0] = found[strlen(found) - 1] = '\'';
    }
    if (keys == NULL || keys[0] == NULL) {
        fail_at(r->L, line, "found unknown key %s in %.60s, expected %s", name, r->name,
                lists ? "a list" : "an empty table");
    }
    fail_at(r->L, line, "found unknown key %s in %.60s, expected one of %s%s%s", name, r->name,
            list, lists && !number ? ", or list entries" : "", hint);
}

static void check_keys(const reader *r, const char *const *keys, bool lists)
{
    lua_State *L = r->L;
    lua_Integer length = 0;
    while (lists && lua_rawgeti(L, r->table, length + 1) != LUA_TNIL) {
        length++;
        lua_pop(L, 1);
        sandbox_charge(L, 2);
    }
    lua_pop(L, lists ? 1 : 0);
    wrong_key first = {.at = SOURCE_NOWHERE}, other;
    int found = 0;
    for (lua_pushnil(L); lua_next(L, r->table); lua_pop(L, 1)) {
        sandbox_charge(L, 2);
        if (key_is_fine(r, keys, lists, length, &other)) {
            continue;
        }
        if (found == 0 || comes_before(&other, &first)) {
            first = other;
        }
        if (++found == WRONG_MOST) {
            break; /* looking for where each is written takes time */
        }
    }
    if (found > 0) {
        fail_key(r, &first, keys, lists);
    }
}

reader reader_of_argument(lua_State *L, int index, const char *function, const char *const *keys,
                          bool lists)
{
    place p = argument_of(L, function, index);
    if (lua_type(L, index) != LUA_TTABLE) {
        fail_value(L, index, &p, "", "a table: %s { ... }", function);
    }
    luaL_checkstack(L, 20, "too many values");
    reader r = {L, lua_absindex(L, index), p.line, SOURCE_NOWHERE, function};
    r.inside = source_table(&script_of(L)->text, p.line, function);
    check_keys(&r, keys, lists);
    return r;
}

reader reader_of_value(lua_State *L, int index, const place *p, const char *const *keys, bool lists)
{
    const char *name = p->name ? p->name : p->table->name;
    if (lua_type(L, index) != LUA_TTABLE) {
        fail_value(L, index, p, "", "a table { ... }");
    }
    luaL_checkstack(L, 20, "too many values");
    reader r = {L, lua_absindex(L, index), p->line, SOURCE_NOWHERE, name};
    if (p->table && p->table->inside != SOURCE_NOWHERE) {
        const source *text = &script_of(L)->text;
        size_t at = p->name ? source_key(text, p->table->inside, p->name)
                            : source_entry(text, p->table->inside, p->number);
        r.line = at == SOURCE_NOWHERE ? p->line : source_line(text, at);
        r.inside = source_inside(text, at);
    }
    check_keys(&r, keys, lists);
    return r;
}

bool reader_get(const reader *r, const char *key, place *p)
{
    *p = (place){.table = r, .name = key, .line = r->line};
    lua_pushstring(r->L, key);
    if (lua_rawget(r->L, r->table) == LUA_TNIL) {
        lua_pop(r->L, 1);
        return false;
    }
    return true;
}

void reader_need(const reader *r, const char *key, const char *example, place *p)
{
    if (!reader_get(r, key, p)) {
        fail_at(r->L, r->line, "found no %s in %.60s, expected %s", key, r->name, example);
    }
}

bool reader_entry(const reader *r, size_t number, place *p)
{
    *p = (place){.table = r, .number = number, .line = r->line};
    if (lua_rawgeti(r->L, r->table, (lua_Integer)number) == LUA_TNIL) {
        lua_pop(r->L, 1);
        return false;
    }
    return true;
}

void read_integer(const reader *r, const char *key, int64_t least, int64_t most, int64_t *value)
{
    place p;
    if (reader_get(r, key, &p)) {
        *value = take_integer(r->L, -1, &p, least, most);
        lua_pop(r->L, 1);
    }
}

void read_duration(const reader *r, const char *key, int64_t *value)
{
    place p;
    if (reader_get(r, key, &p)) {
        *value = take_duration(r->L, -1, &p);
        lua_pop(r->L, 1);
    }
}

void read_probability(const reader *r, const char *key, uint64_t *value)
{
    place p;
    if (reader_get(r, key, &p)) {
        *value = take_probability(r->L, -1, &p);
        lua_pop(r->L, 1);
    }
}

void read_switch(const reader *r, const char *key, bool *value)
{
    place p;
    if (reader_get(r, key, &p)) {
        *value = take_switch(r->L, -1, &p);
        lua_pop(r->L, 1);
    }
}

bool read_distribution(const reader *r, const char *key, dimension d, bool negative,
                       distribution *value)
{
    place p;
    if (!reader_get(r, key, &p)) {
        return false;
    }
    take_distribution(r->L, -1, &p, d, negative, value);
    lua_pop(r->L, 1);
    return true;
}
