/* on("GRANT", function(e) ... end) watches records, call(function() ... end) is an action. Both run
 * while the simulation does, see the world as it is at that moment, and act only by act(). */
#include "script/sandbox.h"
#include "script/script.h"

#include "observe/names.h"

#include <lauxlib.h>
#include <string.h>

enum { WATCHERS_MOST = 1000, ACTIONS_MOST = 100000 };

/* on(pattern, function) */
static int make_watcher(lua_State *L)
{
    script *s = script_of(L);
    place pattern = argument_of(L, "on", 1), function = argument_of(L, "on", 2);
    only_in_file(L, "on");
    if (s->scenario_line > 0) {
        fail_at(L, pattern.line, "found on() behind scenario { ... }, expected it before line %d",
                s->scenario_line);
    }
    if (lua_gettop(L) != 2) {
        fail_count(L, lua_gettop(L), "on", "on(\"GRANT\", function(e) ... end)");
    }
    watcher one = {.function = LUA_NOREF};
    if (lua_type(L, 1) == LUA_TSTRING && strcmp(lua_tostring(L, 1), "any") == 0) {
        one.plan = (pattern_plan){.line = pattern.line, .any_kind = true};
        one.plan.event.from.kind = one.plan.event.to.kind = TARGET_ANY;
    } else {
        pattern_take(L, 1, &pattern, RECORD_RECEIVE, &one.plan);
    }
    if (lua_type(L, 2) != LUA_TFUNCTION) {
        fail_value(L, 2, &function, "", "a function: on(\"GRANT\", function(e) ... end)");
    }
    if (s->watchers->len == WATCHERS_MOST) {
        fail_at(L, pattern.line, "found more than %d uses of on(), expected fewer", WATCHERS_MOST);
    }
    lua_pushvalue(L, 2);
    one.function = luaL_ref(L, LUA_REGISTRYINDEX);
    g_array_append_val(s->watchers, one);
    return 0;
}

void callbacks_resolve(lua_State *L)
{
    script *s = script_of(L);
    for (guint i = 0; i < s->watchers->len; i++) {
        watcher *one = &g_array_index(s->watchers, watcher, i);
        pattern_resolve(L, &one->plan, &one->plan.event);
        s->kinds |= one->plan.any_kind ? UINT64_MAX : UINT64_C(1) << one->plan.event.kind;
    }
}

/* ------------------------------------------------------------------------ the event's table */

static void set_number(lua_State *L, const char *key, uint64_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, key);
}

static void set_node(lua_State *L, const char *key, uint32_t node)
{
    if (node != NOBODY) {
        set_number(L, key, node);
    }
}

static void set_text(lua_State *L, const char *key, const char *text)
{
    if (text && text[0]) {
        lua_pushstring(L, text);
        lua_setfield(L, -2, key);
    }
}

static void push_duration(lua_State *L, int64_t ns)
{
    quantity_push(L, (quantity){DIMENSION_DURATION, ns});
}

static void push_value(lua_State *L, dasim_type type, int64_t value)
{
    if (type == DASIM_BOOL) {
        lua_pushboolean(L, value != 0);
    } else if (type == DASIM_TIME) {
        push_duration(L, value);
    } else if (type == DASIM_NODE && (uint32_t)value == NOBODY) {
        lua_pushnil(L);
    } else {
        lua_pushinteger(L, value);
    }
}

static uint32_t size_of_type(dasim_type type)
{
    switch (type) {
    case DASIM_BOOL:
    case DASIM_U8:
        return 1;
    case DASIM_U16:
        return 2;
    case DASIM_U32:
    case DASIM_I32:
    case DASIM_NODE:
        return 4;
    default:
        return 8;
    }
}

/* One field of a body: a value, or a list where it has several. What lies behind the end of the
 * body is left out. */
static void set_field(lua_State *L, const world *w, const record *r, const dasim_field *fields,
                      uint32_t which)
{
    const world_config *config = world_config_of(w);
    const dasim_field *field = &fields[which];
    uint32_t offset = field_offset(fields, which, config->nodes, config->resources);
    uint32_t count = field_count(field, config->nodes, config->resources);
    uint32_t size = size_of_type(field->type), stride = field->stride ? field->stride : size;
    bool is_list = field->count > 1;
    if (is_list) {
        lua_newtable(L);
    }
    for (uint32_t i = 0; i < count; i++) {
        if ((uint64_t)offset + (uint64_t)i * stride + size > r->size) {
            break;
        }
        sandbox_charge(L, 5);
        push_value(L, field->type, field_value(r->body, field, offset, i));
        if (is_list) {
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        } else {
            lua_setfield(L, -2, field->name);
        }
    }
    if (is_list) {
        lua_setfield(L, -2, field->name);
    }
}

static void set_body(lua_State *L, const world *w, const record *r)
{
    const dasim_field *fields = r->body && r->size > 0 ? record_fields(w, r) : NULL;
    if (fields) {
        lua_newtable(L);
        for (uint32_t i = 0; fields[i].name; i++) {
            set_field(L, w, r, fields, i);
        }
        lua_setfield(L, -2, "body");
    }
}

static const char *kind_word(record_kind kind)
{
    static const char *const words[RECORD_KINDS] = {
        [RECORD_BOOT] = "boot",       [RECORD_CRASH] = "crash",
        [RECORD_PAUSE] = "pause",     [RECORD_RESUME] = "resume",
        [RECORD_SEND] = "sent",       [RECORD_RECEIVE] = "received",
        [RECORD_LOST] = "lost",       [RECORD_TIMER] = "timer",
        [RECORD_REQUEST] = "request", [RECORD_INDICATION] = "indication",
        [RECORD_SLOW] = "slow",       [RECORD_CLOCK] = "clock",
        [RECORD_LINKS] = "links",     [RECORD_CHECK] = "check",
        [RECORD_NOTE] = "note",       [RECORD_CLIENT] = "client",
    };
    return words[kind];
}

static void push_event(lua_State *L, const world *w, const record *r)
{
    bool arrives = r->kind == RECORD_RECEIVE;
    bool travels =
        arrives || r->kind == RECORD_SEND || r->kind == RECORD_LOST || r->kind == RECORD_LINKS;
    lua_createtable(L, 0, 12);
    set_text(L, "kind", kind_word((record_kind)r->kind));
    set_text(L, "name", record_type_name(w, r));
    set_text(L, "algorithm", record_component_name(w, r));
    set_number(L, "number", r->number);
    if (r->cause > 0) {
        set_number(L, "cause", r->cause);
    }
    push_duration(L, r->at);
    lua_setfield(L, -2, "at");
    push_duration(L, r->local);
    lua_setfield(L, -2, "local_time");
    set_node(L, "node", r->node);
    if (travels) {
        set_node(L, "from", arrives ? r->peer : r->node);
        set_node(L, "to", arrives ? r->node : r->peer);
    }
    if (r->reason != REASON_NONE) {
        set_text(L, "reason", record_reason_name((record_reason)r->reason));
    }
    if (r->kind == RECORD_NOTE) {
        lua_pushlstring(L, r->body, r->size);
        lua_setfield(L, -2, "text");
    }
    set_body(L, w, r);
}

/* ------------------------------------------------------------------------ during the run */

/* The script while a function of it runs; an error elsewhere. */
static script *running(lua_State *L, const char *function)
{
    script *s = script_of(L);
    if (s->world == NULL) {
        fail_at(L, line_of_caller(L),
                "found %s() outside of a function of on() or call(), expected "
                "it inside",
                function);
    }
    return s;
}

/* act(crash(0), ...): carried out when the event is over. */
static int make_act(lua_State *L)
{
    script *s = running(L, "act");
    int given = lua_gettop(L);
    for (int i = 1; i <= MAX(given, 1); i++) {
        place p = argument_of(L, "act", i);
        const action_plan *plan = action_take(L, i, &p);
        action what;
        sandbox_charge(L, 50);
        if (plan->action.kind == ACTION_CALL) {
            fail_at(L, p.line, "found call() in act(), expected an action such as crash(3)");
        }
        action_resolve(L, plan, SCOPE_NONE, &what);
        if (s->acted_at != world_now(s->world)) {
            s->acted_at = world_now(s->world);
            s->acts = 0;
        }
        if (++s->acts > ACTIONS_MOST) {
            fail_at(L, p.line,
                    "found more than %d actions at one instant, expected time to advance",
                    ACTIONS_MOST);
        }
        g_array_append_val(s->actions, what);
    }
    return 0;
}

static void push_state(lua_State *L, const world *w, const void *block, const dasim_field *fields,
                       uint32_t which)
{
    const world_config *config = world_config_of(w);
    place p = argument_of(L, "state", 3);
    uint32_t count = field_count(&fields[which], config->nodes, config->resources);
    int64_t index = lua_isnoneornil(L, 3) ? 0 : take_integer(L, 3, &p, 0, (int64_t)count - 1);
    uint32_t offset = field_offset(fields, which, config->nodes, config->resources);
    int64_t value = field_value(block, &fields[which], offset, (uint32_t)index);
    push_value(L, fields[which].type, value);
}

/* Pushes the field's value where the list has it. */
static bool find_state(lua_State *L, const world *w, const void *block, const dasim_field *fields,
                       const char *wanted)
{
    for (uint32_t i = 0; fields && fields[i].name; i++) {
        sandbox_charge(L, 1);
        if (strcmp(fields[i].name, wanted) == 0) {
            push_state(L, w, block, fields, i);
            return true;
        }
    }
    return false;
}

G_GNUC_NORETURN static void fail_field(lua_State *L, const world *w, const place *p)
{
    enum { NAMES_MOST = 256 };
    const char *names[NAMES_MOST + 1] = {NULL};
    const world_config *config = world_config_of(w);
    size_t count = 0;
    char hint[96];
    for (uint32_t c = config->stack_size; c-- > 0;) {
        const dasim_algorithm *a = config->stack[c].algorithm;
        const dasim_field *const lists[] = {a->state, a->stable};
        for (int i = 0; i < 2; i++) {
            for (const dasim_field *f = lists[i]; f && f->name && count < NAMES_MOST; f++) {
                names[count++] = f->name;
            }
        }
    }
    fail_value(L, 2, p, did_you_mean(lua_tostring(L, 2), names, hint),
               "a field of the state of the algorithms that run (`dasim doc`)");
}

/* state(node, "holder"[, index]): what a live node's algorithm, the top one first, remembers in
 * that field; nil for nobody and for what a node that is down has lost. */
static int make_state(lua_State *L)
{
    const world *w = running(L, "state")->world;
    const world_config *config = world_config_of(w);
    place node = argument_of(L, "state", 1), field = argument_of(L, "state", 2);
    lua_settop(L, 3);
    uint32_t who = (uint32_t)take_integer(L, 1, &node, 0, (int64_t)config->nodes - 1);
    const char *wanted = take_text(L, 2, &field);
    for (uint32_t c = config->stack_size; c-- > 0;) {
        const dasim_algorithm *a = config->stack[c].algorithm;
        if (find_state(L, w, world_state(w, who, c), a->state, wanted)) {
            if (!world_is_up(w, who)) {
                lua_pushnil(L);
            }
            return 1;
        }
        if (find_state(L, w, world_stable(w, who, c), a->stable, wanted)) {
            return 1;
        }
    }
    fail_field(L, w, &field);
}

/* now(): true time. */
static int make_now(lua_State *L)
{
    push_duration(L, world_now(running(L, "now")->world));
    return 1;
}

void callbacks_open(lua_State *L)
{
    lua_pushcfunction(L, make_watcher);
    lua_setfield(L, -2, "on");
    lua_pushcfunction(L, make_act);
    lua_setfield(L, -2, "act");
    lua_pushcfunction(L, make_state);
    lua_setfield(L, -2, "state");
    lua_pushcfunction(L, make_now);
    lua_setfield(L, -2, "now");
}

/* -------------------------------------------------------------------------- called by the run */

/* Inside the door: argument 1 is the reference of a function, 2 the record for it, or NULL. */
static int call_function(lua_State *L)
{
    const record *r = lua_touserdata(L, 2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, lua_tointeger(L, 1));
    if (r) {
        push_event(L, script_of(L)->world, r);
    }
    lua_call(L, r ? 1 : 0, 0);
    return 0;
}

static bool run_function(script *s, const world *w, int reference, const record *r, GArray *actions)
{
    GError *error = NULL;
    s->world = w;
    s->actions = actions;
    lua_checkstack(s->L, 8);
    lua_pushcfunction(s->L, call_function);
    lua_pushinteger(s->L, reference);
    lua_pushlightuserdata(s->L, (void *)r);
    bool fine = sandbox_call(s->box, 2, 0, SANDBOX_CALLBACK_INSTRUCTIONS, &error);
    s->world = NULL;
    s->actions = NULL;
    if (!fine) {
        g_clear_error(&s->failure);
        s->failure = g_error_new_literal(SCENARIO_ERROR, SCENARIO_ERROR_CALLBACK, error->message);
        g_error_free(error);
    }
    return fine;
}

static bool is_end(const target *t, uint32_t node)
{
    return t->kind == TARGET_ANY || t->number == node;
}

static bool is_watched(const pattern_plan *plan, const world *w, const record *r)
{
    bool arrives = r->kind == RECORD_RECEIVE;
    if (plan->any_kind) {
        return true;
    }
    if (plan->event.kind != r->kind || !is_end(&plan->event.from, arrives ? r->peer : r->node) ||
        !is_end(&plan->event.to, arrives ? r->node : r->peer)) {
        return false;
    }
    const char *name = plan->event.type ? record_type_name(w, r) : NULL;
    return plan->event.type == NULL || (name && strcmp(name, plan->event.type) == 0);
}

bool scenario_watches(const scenario *s)
{
    return s->script->watchers->len > 0;
}

bool scenario_show(scenario *of, const world *w, const record *r, GArray *actions)
{
    script *s = of->script;
    if (!(s->kinds >> r->kind & 1)) {
        return true;
    }
    for (guint i = 0; i < s->watchers->len; i++) {
        const watcher *one = &g_array_index(s->watchers, watcher, i);
        if (is_watched(&one->plan, w, r) && !run_function(s, w, one->function, r, actions)) {
            return false;
        }
    }
    return true;
}

bool scenario_call(scenario *of, const world *w, int function, GArray *actions)
{
    script *s = of->script;
    return run_function(s, w, g_array_index(s->functions, int, function), NULL, actions);
}

const GError *scenario_callback_error(const scenario *s)
{
    return s->script->failure;
}
