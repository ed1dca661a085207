/* mutex.NAME { parameter = value, election = election.OTHER {} }: algorithms are looked up when
 * they are named. A component knows the components that it uses; scenario{} lays them out, bottom
 * first, one that two others share once. What `run` names is what clients use: one, or a list. */
#include "script/script.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

typedef struct component component;
struct component {
    const dasim_algorithm *algorithm;
    int64_t *params;
    component *lower[DASIM_SERVICES];
    uint32_t given; /* bit per service of may_use that it is to use */
    int line, depth;
    uint32_t layer; /* number in the stack + 1; 0: not laid out yet */
};

typedef struct component_handle {
    handle head;
    component *component;
} component_handle;

static uint32_t param_count(const dasim_algorithm *a)
{
    uint32_t count = 0;
    while (a->params && a->params[count].name) {
        count++;
    }
    return count;
}

static uint32_t service_count(const dasim_service *list)
{
    uint32_t count = 0;
    while (list && list[count] != DASIM_NO_SERVICE) {
        count++;
    }
    return count;
}

static int64_t take_param(lua_State *L, const place *p, const dasim_param *param)
{
    static const dimension dimensions[DASIM_UNITS] = {
        [DASIM_DURATION] = DIMENSION_DURATION,
        [DASIM_RATIO] = DIMENSION_RATIO,
        [DASIM_BYTES] = DIMENSION_BYTES,
    };
    switch (param->unit) {
    case DASIM_COUNT:
        return take_integer(L, -1, p, param->least, param->most);
    case DASIM_SWITCH:
        return take_switch(L, -1, p);
    default:
        return take_quantity(L, -1, p, dimensions[param->unit], param->least, param->most);
    }
}

/* The component that the value on top of the stack stands for; it must provide `service`. */
static component *take_component(lua_State *L, const place *p, dasim_service service)
{
    const component_handle *h = handle_at(L, -1, HANDLE_COMPONENT);
    if (h == NULL) {
        fail_value(L, -1, p, "", "%s.NAME { ... }", service_name(service));
    }
    const dasim_algorithm *a = h->component->algorithm;
    if (a->provides != service) {
        fail_at(L, place_line(L, p), "found %s.%s for %s, expected %s.NAME { ... }",
                service_name(a->provides), a->name, p->name, service_name(service));
    }
    return h->component;
}

/* The component that key `service` of the table names; false where there is none. */
static bool read_service(const reader *r, component *c, dasim_service service)
{
    place p;
    if (!reader_get(r, service_name(service), &p)) {
        return false;
    }
    component *lower = take_component(r->L, &p, service);
    lua_pop(r->L, 1);
    c->lower[service] = lower;
    c->depth = lower->depth >= c->depth ? lower->depth + 1 : c->depth;
    return true;
}

static void read_lower(const reader *r, component *c)
{
    const dasim_algorithm *a = c->algorithm;
    for (uint32_t i = 0; i < service_count(a->uses); i++) {
        const char *service = service_name(a->uses[i]);
        if (!read_service(r, c, a->uses[i])) {
            fail_at(r->L, c->line, "found no %s for %s.%s, expected %s = %s.NAME { ... }", service,
                    service_name(a->provides), a->name, service, service);
        }
    }
    for (uint32_t i = 0; i < service_count(a->may_use); i++) {
        c->given |= (uint32_t)read_service(r, c, a->may_use[i]) << a->may_use[i];
    }
    if (c->depth > STACK_MOST) {
        fail_at(r->L, c->line, "found a stack of more than %d algorithms, expected fewer",
                STACK_MOST);
    }
}

static const char **component_keys(lua_State *L, const dasim_algorithm *a)
{
    uint32_t params = param_count(a), uses = service_count(a->uses), n = 0;
    uint32_t may_use = service_count(a->may_use);
    const char **keys = script_allocate(L, (params + uses + may_use + 1) * sizeof *keys);
    for (uint32_t i = 0; i < params; i++) {
        keys[n++] = a->params[i].name;
    }
    for (uint32_t i = 0; i < uses; i++) {
        keys[n++] = service_name(a->uses[i]);
    }
    for (uint32_t i = 0; i < may_use; i++) {
        keys[n++] = service_name(a->may_use[i]);
    }
    return keys;
}

static int make_component(lua_State *L)
{
    const dasim_algorithm *a = lua_touserdata(L, lua_upvalueindex(1));
    uint32_t params = param_count(a);
    only_in_file(L, a->name);
    if (lua_gettop(L) == 0) {
        lua_newtable(L);
    }
    reader r = reader_of_argument(L, 1, a->name, component_keys(L, a), false);
    component *c = script_allocate(L, sizeof *c);
    *c = (component){.algorithm = a, .line = r.line, .depth = 1};
    c->params = script_allocate(L, (params + 1) * sizeof *c->params);
    for (uint32_t i = 0; i < params; i++) {
        place p;
        c->params[i] = a->params[i].value;
        if (reader_get(&r, a->params[i].name, &p)) {
            c->params[i] = take_param(L, &p, &a->params[i]);
            lua_pop(L, 1);
        }
    }
    read_lower(&r, c);
    component_handle *h = handle_new(L, HANDLE_COMPONENT, sizeof *h);
    h->component = c;
    return 1;
}

/* ----------------------------------------------------------------------------------- lookup */

G_GNUC_NORETURN static void fail_unknown(lua_State *L, const char *service, const char *name)
{
    char hint[96], found[128];
    char **names = catalogue_names(script_of(L)->modules);
    did_you_mean(name, (const char *const *)names, hint);
    g_strfreev(names);
    quote(name, strlen(name), found);
    fail_at(L, line_of_caller(L), "found unknown algorithm %s.%.*s, expected one of `dasim list`%s",
            service, (int)strlen(found) - 2, found + 1, hint);
}

static const dasim_algorithm *load(lua_State *L, const char *service, const char *name)
{
    script *s = script_of(L);
    GError *error = NULL;
    if (name[0] == '\0' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0') {
        fail_unknown(L, service, name);
    }
    const dasim_algorithm *a = catalogue_load(s->modules, name, &error);
    if (a == NULL && g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_UNKNOWN)) {
        g_error_free(error);
        fail_unknown(L, service, name);
    }
    if (a == NULL) {
        char words[400];
        s->unreadable = g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_UNREADABLE);
        snprintf(words, sizeof words, "%s", error->message);
        g_error_free(error);
        fail_at(L, line_of_caller(L), "%s.%s cannot be used: %s", service, name, words);
    }
    if (a->provides != service_of_name(service)) {
        fail_at(L, line_of_caller(L), "found %s.%s, expected %s.%s: it provides %s", service, name,
                service_name(a->provides), name, service_name(a->provides));
    }
    return a;
}

/* A promise that nobody can judge is a typing error; to leave it out would look like success. */
static void check_promises(lua_State *L, const dasim_algorithm *a)
{
    const char *const *known = script_of(L)->properties;
    for (const char *const *one = a->promises; known && one && *one; one++) {
        char hint[96], found[128];
        if (!g_strv_contains(known, *one)) {
            did_you_mean(*one, known, hint);
            fail_at(L, line_of_caller(L),
                    "found promise %s of %s.%s, expected a property of `dasim list`%s",
                    quote(*one, strlen(*one), found), service_name(a->provides), a->name, hint);
        }
    }
}

/* __index of the table of a service. */
static int find_algorithm(lua_State *L)
{
    const char *service = lua_tostring(L, lua_upvalueindex(1));
    place p = argument_of(L, service, 1);
    only_in_file(L, service);
    const dasim_algorithm *a = load(L, service, take_text(L, 2, &p));
    check_promises(L, a);
    lua_pushlightuserdata(L, (void *)a);
    lua_pushcclosure(L, make_component, 1);
    return 1;
}

static int refuse_change(lua_State *L)
{
    fail_at(L, line_of_caller(L), "found a change of the table %s, expected %s.NAME { ... }",
            lua_tostring(L, lua_upvalueindex(1)), lua_tostring(L, lua_upvalueindex(1)));
}

void stack_open(lua_State *L)
{
    for (int i = DASIM_NO_SERVICE + 1; i < DASIM_SERVICES; i++) {
        const char *service = service_name((dasim_service)i);
        lua_newtable(L);
        lua_newtable(L);
        lua_pushstring(L, service);
        lua_pushcclosure(L, find_algorithm, 1);
        lua_setfield(L, -2, "__index");
        lua_pushstring(L, service);
        lua_pushcclosure(L, refuse_change, 1);
        lua_setfield(L, -2, "__newindex");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
        lua_setmetatable(L, -2);
        lua_setfield(L, -2, service);
    }
}

/* ------------------------------------------------------------------------------------ layout */

static void lay_out(lua_State *L, component *c, scenario *out)
{
    if (c->layer > 0) {
        return;
    }
    for (int service = 0; service < DASIM_SERVICES; service++) {
        if (c->lower[service]) {
            lay_out(L, c->lower[service], out);
        }
    }
    if (out->world.stack_size == STACK_MOST) {
        fail_at(L, c->line, "found a stack of more than %d algorithms, expected fewer", STACK_MOST);
    }
    uint32_t layer = out->world.stack_size++;
    const char *file = catalogue_file(script_of(L)->modules, c->algorithm->name);
    size_t size = file ? strlen(file) + 1 : 1;
    out->world.stack[layer] = (component_config){c->algorithm, c->params, c->given};
    out->stack[layer] = (scenario_layer){c->algorithm, c->params, script_allocate(L, size)};
    memcpy(out->stack[layer].file, file ? file : "", size);
    c->layer = layer + 1;
    /* A request goes to the nearest component below that provides the service. */
    for (int service = 0; service < DASIM_SERVICES; service++) {
        const component *wanted = c->lower[service];
        uint32_t nearest = layer;
        while (wanted && nearest > 0 &&
               out->stack[nearest - 1].algorithm->provides != (dasim_service)service) {
            nearest--;
        }
        if (wanted && nearest != wanted->layer) {
            fail_at(L, c->line,
                    "found two components that provide %s, expected one that both "
                    "users share: local e = %s.NAME { ... }",
                    service_name((dasim_service)service), service_name((dasim_service)service));
        }
    }
}

bool scenario_offers(const scenario *out, dasim_service service)
{
    for (uint32_t i = 0; i < out->world.stack_size; i++) {
        if (out->world.stack[i].offered && out->world.stack[i].algorithm->provides == service) {
            return true;
        }
    }
    return false;
}

/* The component on top of the stack is for clients. A process says by its call which channel it
 * means; of other services there can be one. */
static void offer(lua_State *L, const place *p, scenario *out)
{
    const component_handle *h = handle_at(L, -1, HANDLE_COMPONENT);
    if (h == NULL) {
        fail_value(L, -1, p, "", "an algorithm: mutex.NAME { ... }");
    }
    const dasim_algorithm *a = h->component->algorithm;
    for (uint32_t i = 0; i < out->world.stack_size; i++) {
        const dasim_algorithm *other = out->world.stack[i].algorithm;
        bool differ = a->provides == DASIM_CHANNEL && strcmp(a->name, other->name) != 0;
        if (out->world.stack[i].offered && other->provides == a->provides && !differ) {
            fail_at(L, place_line(L, p), "found two that provide %s in run, expected one%s",
                    service_name(a->provides), a->provides == DASIM_CHANNEL ? " of each name" : "");
        }
    }
    lay_out(L, h->component, out);
    out->world.stack[h->component->layer - 1].offered = true;
}

/* Clients and another component may both be told of a leader or of a suspicion; whom a lock or an
 * answer is for could not be told apart. */
static void check_offers(lua_State *L, const component *c, const scenario *out)
{
    for (int service = 0; service < DASIM_SERVICES; service++) {
        const component *lower = c->lower[service];
        if (lower == NULL) {
            continue;
        }
        bool many = service == DASIM_DETECTOR || service == DASIM_ELECTION;
        if (out->world.stack[lower->layer - 1].offered && !many) {
            fail_at(L, lower->line,
                    "found %s.%s in run, which another of the list makes use of, expected one for "
                    "the clients alone",
                    service_name((dasim_service)service), lower->algorithm->name);
        }
        check_offers(L, lower, out);
    }
}

static void read_list(const reader *run, scenario *out)
{
    place p;
    size_t count = lua_rawlen(run->L, run->table);
    if (count == 0) {
        fail_at(run->L, run->line,
                "found an empty list for run, expected run = mutex.NAME { ... }");
    }
    for (size_t i = 1; i <= count && reader_entry(run, i, &p); i++) {
        offer(run->L, &p, out);
        lua_pop(run->L, 1);
    }
    for (size_t i = 1; i <= count && reader_entry(run, i, &p); i++) {
        const component_handle *h = handle_at(run->L, -1, HANDLE_COMPONENT);
        check_offers(run->L, h->component, out);
        lua_pop(run->L, 1);
    }
}

void stack_read(const reader *r, scenario *out)
{
    place p;
    reader_need(r, "run", "run = mutex.NAME { ... }", &p);
    if (lua_type(r->L, -1) == LUA_TTABLE) {
        reader run = reader_of_value(r->L, -1, &p, NULL, true);
        read_list(&run, out);
    } else {
        offer(r->L, &p, out);
    }
    lua_pop(r->L, 1);
}
