/* crash(3), cut(0, 1, { both = true }), partition({0, 1}, {2, 3}), ...: what a fault does. A plan
 * is checked against the scenario when it is put to use. */
#include "script/script.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { MEMBERS_MOST = 1 << 22, GROUPS_MOST = 65535, FUNCTIONS_MOST = 100000 };

/* What the third kind of argument of an action is. */
typedef enum second { SECOND_NONE, SECOND_NODE, SECOND_TIME, SECOND_DRIFT } second;

typedef struct form {
    const char *name;
    action_kind kind;
    second second;
    const char *const *options; /* NULL: none */
    const char *example;
} form;

static const char *const lasting[] = {"lasts", NULL};
static const char *const crashing[] = {"lasts", "stable", "after_sends", NULL};
static const char *const cutting[] = {"lasts", "both", NULL};
static const char *const mending[] = {"both", NULL};

static const form forms[] = {
    {"crash", ACTION_CRASH, SECOND_NONE, crashing, "crash(3) or crash(3, { lasts = \"1s\" })"},
    {"recover", ACTION_RECOVER, SECOND_NONE, NULL, "recover(3)"},
    {"join", ACTION_RECOVER, SECOND_NONE, NULL, "join(3)"},
    {"pause", ACTION_PAUSE, SECOND_NONE, lasting, "pause(3) or pause(3, { lasts = \"1s\" })"},
    {"resume", ACTION_RESUME, SECOND_NONE, NULL, "resume(3)"},
    {"slow", ACTION_SLOW, SECOND_TIME, lasting, "slow(3, \"5ms\")"},
    {"cut", ACTION_CUT, SECOND_NODE, cutting, "cut(0, 1) or cut(0, 1, { both = true })"},
    {"mend", ACTION_MEND, SECOND_NODE, mending, "mend(0, 1)"},
    {"heal", ACTION_HEAL, SECOND_NONE, NULL, "heal()"},
    {"step_clock", ACTION_STEP, SECOND_TIME, NULL, "step_clock(3, \"-1s\")"},
    {"elect", ACTION_ELECT, SECOND_NONE, NULL, "elect(3) or elect(any())"},
    {"set_drift", ACTION_DRIFT, SECOND_DRIFT, NULL, "set_drift(3, \"200ppm\")"},
};

static action_handle *new_action(lua_State *L, const char *name, action_kind kind, size_t members)
{
    action_handle *h = handle_new(L, HANDLE_ACTION, sizeof *h + members * sizeof h->members[0]);
    h->plan.line = h->head.line;
    h->plan.name = name;
    h->plan.action.kind = kind;
    return h;
}

static void lasts_read(const reader *r, action *a)
{
    place p;
    if (reader_get(r, "lasts", &p)) {
        a->lasts = take_quantity(r->L, -1, &p, DIMENSION_DURATION, 1, INT64_MAX);
        lua_pop(r->L, 1);
    }
}

static void options_read(lua_State *L, int index, const form *f, action *a)
{
    static const char *const stable[] = {"kept", "lost", NULL};
    reader r = reader_of_argument(L, index, f->name, f->options, false);
    place p;
    lasts_read(&r, a);
    read_switch(&r, "both", &a->both);
    if (reader_get(&r, "stable", &p)) {
        a->lose_stable = take_choice(L, -1, &p, stable) == 1;
        lua_pop(L, 1);
    }
    if (reader_get(&r, "after_sends", &p)) {
        a->in_broadcast = true;
        a->sends = (uint32_t)take_integer(L, -1, &p, 0, 1 << 30);
        lua_pop(L, 1);
    }
}

static void second_take(lua_State *L, const form *f, action_plan *plan)
{
    place p = argument_of(L, f->name, 2);
    bool negative = f->kind == ACTION_STEP;
    if (f->second == SECOND_NODE) {
        target_take(L, 2, &p, &plan->whom);
    } else if (f->second == SECOND_TIME) {
        plan->action.amount =
            take_quantity(L, 2, &p, DIMENSION_DURATION, negative ? INT64_MIN : 0, INT64_MAX);
    } else if (f->second == SECOND_DRIFT) {
        plan->action.amount = take_quantity(L, 2, &p, DIMENSION_RATIO, -500000000, 500000000);
    }
}

static int make_form(lua_State *L)
{
    const form *f = &forms[lua_tointeger(L, lua_upvalueindex(1))];
    int given = lua_gettop(L), least = f->kind == ACTION_HEAL ? 0 : 1;
    least += f->second != SECOND_NONE;
    if (given < least || given > least + (f->options != NULL)) {
        fail_count(L, given, f->name, f->example);
    }
    action_handle *h = new_action(L, f->name, f->kind, 0);
    place p = argument_of(L, f->name, 1);
    if (least > 0) {
        target_take(L, 1, &p, &h->plan.who);
        second_take(L, f, &h->plan);
    }
    if (given > least) {
        options_read(L, least + 1, f, &h->plan.action);
    }
    return 1;
}

/* -------------------------------------------------------------------------------- partition */

static bool is_options(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TTABLE) {
        return false;
    }
    lua_pushstring(L, "lasts");
    bool is = lua_rawget(L, index) != LUA_TNIL;
    lua_pop(L, 1);
    return is;
}

static uint32_t members_take(lua_State *L, int index, uint32_t group, uint32_t (*members)[2])
{
    reader r = reader_of_argument(L, index, "partition", NULL, true);
    place p;
    uint32_t count = 0;
    for (; reader_entry(&r, count + 1, &p); count++) {
        int64_t most = script_of(L)->out->world.nodes;
        most = most > 0 ? most - 1 : (1 << 30) - 1;
        members[count][0] = (uint32_t)take_integer(L, -1, &p, 0, most);
        members[count][1] = group;
        lua_pop(L, 1);
    }
    if (count == 0) {
        fail_at(L, r.line, "found an empty group in partition(), expected nodes: {0, 1}");
    }
    return count;
}

static int make_partition(lua_State *L)
{
    int given = lua_gettop(L), groups = given;
    groups -= given > 1 && is_options(L, given);
    if (groups < 1 || groups > GROUPS_MOST) {
        fail_at(L, line_of_caller(L), "found %d groups in partition(), expected %s", groups,
                "partition({0, 1}, {2, 3})");
    }
    size_t members = 0;
    for (int i = 1; i <= groups; i++) {
        members += lua_type(L, i) == LUA_TTABLE ? lua_rawlen(L, i) : 0;
    }
    if (members > MEMBERS_MOST) {
        fail_at(L, line_of_caller(L), "found %zu nodes in partition(), expected at most %d",
                members, MEMBERS_MOST);
    }
    action_handle *h = new_action(L, "partition", ACTION_PARTITION, members);
    for (int i = 1; i <= groups; i++) {
        h->plan.member_count +=
            members_take(L, i, (uint32_t)i - 1, &h->members[h->plan.member_count]);
    }
    h->plan.members = h->members;
    if (groups < given) {
        reader r = reader_of_argument(L, given, "partition", lasting, false);
        lasts_read(&r, &h->plan.action);
    }
    return 1;
}

/* ------------------------------------------------------------------------------- links, calls */

/* set_links({ loss = "5%" }, { from = 0, to = 1 }) */
static int make_quality(lua_State *L)
{
    static const char *const keys[] = {"latency", "loss",    "burst", "duplicate",
                                       "reorder", "corrupt", "fifo",  "bandwidth",
                                       "queue",   "header",  NULL};
    static const char *const ends[] = {"from", "to", NULL};
    int given = lua_gettop(L);
    if (given < 1 || given > 2) {
        fail_count(L, given, "set_links", "set_links({ loss = \"5%\" }, { from = 0, to = 1 })");
    }
    action_handle *h = new_action(L, "set_links", ACTION_QUALITY, 0);
    h->plan.who.target.kind = h->plan.whom.target.kind = TARGET_ANY;
    reader r = reader_of_argument(L, 1, "set_links", keys, false);
    quality_read(&r, &h->plan.action.quality, &h->plan.action.quality_mask);
    if (h->plan.action.quality_mask == 0) {
        fail_at(L, r.line, "found nothing to set in set_links(), expected %s",
                "set_links({ loss = \"5%\" })");
    }
    place p;
    if (given == 2) {
        reader options = reader_of_argument(L, 2, "set_links", ends, false);
        if (reader_get(&options, "from", &p)) {
            target_take(L, -1, &p, &h->plan.who);
            lua_pop(L, 1);
        }
        if (reader_get(&options, "to", &p)) {
            target_take(L, -1, &p, &h->plan.whom);
            lua_pop(L, 1);
        }
    }
    return 1;
}

static int make_call(lua_State *L)
{
    script *s = script_of(L);
    place p = argument_of(L, "call", 1);
    only_in_file(L, "call");
    if (lua_type(L, 1) != LUA_TFUNCTION || lua_gettop(L) != 1) {
        fail_value(L, 1, &p, "", "a function: call(function() act(crash(0)) end)");
    }
    if (s->functions->len == FUNCTIONS_MOST) {
        fail_at(L, p.line, "found more than %d uses of call(), expected fewer", FUNCTIONS_MOST);
    }
    action_handle *h = new_action(L, "call", ACTION_CALL, 0);
    h->plan.action.function = (int)s->functions->len;
    lua_pushvalue(L, 1);
    int reference = luaL_ref(L, LUA_REGISTRYINDEX);
    g_array_append_val(s->functions, reference);
    return 1;
}

action_plan *action_take(lua_State *L, int index, const place *p)
{
    action_handle *h = handle_at(L, index, HANDLE_ACTION);
    if (h == NULL) {
        fail_value(L, index, p, "", "an action such as crash(3) or heal()");
    }
    return &h->plan;
}

void actions_open(lua_State *L)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        lua_pushinteger(L, (lua_Integer)i);
        lua_pushcclosure(L, make_form, 1);
        lua_setfield(L, -2, forms[i].name);
    }
    lua_pushcfunction(L, make_partition);
    lua_setfield(L, -2, "partition");
    lua_pushcfunction(L, make_quality);
    lua_setfield(L, -2, "set_links");
    lua_pushcfunction(L, make_call);
    lua_setfield(L, -2, "call");
}
