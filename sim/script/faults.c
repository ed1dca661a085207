/* faults = { at("1s", crash(0)), every("5s", pause(random_node(), { lasts = "1s" })),
 * when("GRANT", nth(3), crash(receiver())), chaos { ... }, drop("REPLY", nth(1)) } */
#include "script/sandbox.h"
#include "script/script.h"

#include <string.h>

enum { FAULTS_MOST = 100000 };

static fault_handle *new_fault(lua_State *L, uint32_t fault_count, uint32_t rule_count)
{
    fault_handle *h = handle_new(L, HANDLE_FAULT, sizeof *h);
    h->faults = script_allocate(L, (fault_count + 1) * sizeof *h->faults);
    h->rules = script_allocate(L, (rule_count + 1) * sizeof *h->rules);
    h->rule_count = rule_count;
    return h;
}

/* Copies the action at `index` into one more fault that is else like `model`. */
static void add_fault(lua_State *L, fault_handle *h, const fault_plan *model, int index,
                      const place *p)
{
    const action_plan *plan = action_take(L, index, p);
    fault_plan *to = &h->faults[h->fault_count++];
    *to = *model;
    to->action = *plan;
    if (plan->member_count > 0) {
        size_t size = plan->member_count * sizeof *plan->members;
        void *members = script_allocate(L, size);
        memcpy(members, plan->members, size);
        to->action.members = members;
    }
}

/* Arguments `first` to `last`, each an action. */
static fault_handle *add_actions(lua_State *L, const char *name, const fault_plan *model, int first,
                                 int last)
{
    if (last < first) {
        fail_at(L, line_of_caller(L), "found no action for %s(), expected one such as crash(3)",
                name);
    }
    fault_handle *h = new_fault(L, (uint32_t)(last - first + 1), 0);
    for (int i = first; i <= last; i++) {
        place p = argument_of(L, name, i);
        add_fault(L, h, model, i, &p);
    }
    return h;
}

static fault_plan new_plan(lua_State *L, trigger_kind trigger)
{
    fault_plan plan = {.fault = {.trigger = trigger, .until = INT64_MAX, .times = 1}};
    plan.fault.line = line_of_caller(L);
    return plan;
}

/* at("1s", action, ...) */
static int make_at(lua_State *L)
{
    only_in_file(L, "at");
    fault_plan plan = new_plan(L, TRIGGER_AT);
    place p = argument_of(L, "at", 1);
    int given = lua_gettop(L);
    plan.fault.at = take_duration(L, 1, &p);
    add_actions(L, "at", &plan, 2, given);
    return 1;
}

/* The time between two; never none, or they would all come at once. */
static void period_take(lua_State *L, int index, const place *p, fault *f)
{
    take_distribution(L, index, p, DIMENSION_DURATION, false, &f->every);
    f->every.least = f->every.least > 0 ? f->every.least : 1;
    if ((f->every.kind == DISTRIBUTION_FIXED && f->every.a == 0) || f->every.most == 0) {
        fail_value(L, index, p, "", "a time of more than 0");
    }
    f->draw_first = true;
    f->times = UINT64_MAX;
}

static void span_read(const reader *r, fault *f)
{
    place p;
    read_duration(r, "from", &f->at);
    read_duration(r, "until_", &f->until);
    if (f->until < f->at) {
        fail_at(r->L, r->line, "found until_ before from in %s, expected it after", r->name);
    }
    if (reader_get(r, "times", &p)) {
        f->times = (uint64_t)take_integer(r->L, -1, &p, 1, INT64_C(1) << 53);
        lua_pop(r->L, 1);
    }
}

/* every("5s", action, ..., { from =, until_ =, times = }) */
static int make_every(lua_State *L)
{
    static const char *const keys[] = {"from", "until_", "times", NULL};
    only_in_file(L, "every");
    fault_plan plan = new_plan(L, TRIGGER_EVERY);
    place p = argument_of(L, "every", 1), from;
    int last = lua_gettop(L);
    period_take(L, 1, &p, &plan.fault);
    if (last > 1 && lua_type(L, last) == LUA_TTABLE) {
        reader r = reader_of_argument(L, last, "every", keys, false);
        span_read(&r, &plan.fault);
        if (reader_get(&r, "from", &from)) {
            plan.fault.draw_first = false;
            lua_pop(L, 1);
        }
        last--;
    }
    add_actions(L, "every", &plan, 2, last);
    return 1;
}

static void need_nth(lua_State *L, const char *name, pattern_plan *pattern)
{
    const nth_handle *nth = handle_at(L, 2, HANDLE_NTH);
    place p = argument_of(L, name, 2);
    if (nth == NULL) {
        fail_value(L, 2, &p, "", "nth(1), nth(3), ... or each()");
    }
    pattern->event.nth = nth->nth;
    pattern->event.times = nth->times;
}

static const char *const end_keys[] = {"from", "to", NULL};

/* when("GRANT", [nth(3),] [{ from =, to = },] action, ...); without nth() the first */
static int make_when(lua_State *L)
{
    only_in_file(L, "when");
    fault_plan plan = new_plan(L, TRIGGER_WHEN);
    place p = argument_of(L, "when", 1);
    int first = 2, last = lua_gettop(L);
    pattern_take(L, 1, &p, RECORD_RECEIVE, &plan.pattern);
    if (handle_at(L, first, HANDLE_NTH)) {
        need_nth(L, "when", &plan.pattern);
        first++;
    }
    if (lua_type(L, first) == LUA_TTABLE) {
        reader r = reader_of_argument(L, first, "when", end_keys, false);
        pattern_ends(&r, &plan.pattern);
        first++;
    }
    if (first == 2 && last > 1 && !handle_at(L, 2, HANDLE_ACTION)) {
        place second = argument_of(L, "when", 2);
        fail_value(L, 2, &second, "", "nth(3), each() or an action such as crash(3)");
    }
    add_actions(L, "when", &plan, first, last);
    return 1;
}

/* ------------------------------------------------------------------------------ message rules */

static rule_plan *make_rule(lua_State *L, const char *name, int least)
{
    only_in_file(L, name);
    int given = lua_gettop(L);
    if (given < least || given > least + 1) {
        char example[64];
        g_snprintf(example, sizeof example, "%s(\"GRANT\", nth(1)%s)", name,
                   least > 2 ? ", \"5s\"" : "");
        fail_count(L, given, name, example);
    }
    fault_handle *h = new_fault(L, 0, 1);
    place p = argument_of(L, name, 1);
    pattern_take(L, 1, &p, RECORD_SEND, &h->rules->pattern);
    if (h->rules->pattern.event.kind != RECORD_SEND) {
        fail_value(L, 1, &p, "", "a message that is sent: \"GRANT\" or { sent = \"GRANT\" }");
    }
    need_nth(L, name, &h->rules->pattern);
    if (given > least) {
        reader r = reader_of_argument(L, given, name, end_keys, false);
        pattern_ends(&r, &h->rules->pattern);
    }
    return h->rules;
}

static int make_drop(lua_State *L)
{
    make_rule(L, "drop", 2)->what.drop = true;
    return 1;
}

static int make_duplicate(lua_State *L)
{
    make_rule(L, "duplicate", 2)->what.duplicate = true;
    return 1;
}

static int make_delay(lua_State *L)
{
    rule_plan *rule = make_rule(L, "delay", 3);
    place p = argument_of(L, "delay", 3);
    rule->what.delay = take_duration(L, 3, &p);
    return 1;
}

/* -------------------------------------------------------------------------------------- chaos */

static const struct {
    const char *key, *time; /* of the part; of how long it lasts */
    action_kind kind;
} parts[] = {
    {"crash", "down", ACTION_CRASH},
    {"pause", "down", ACTION_PAUSE},
    {"partition", "lasts", ACTION_PARTITION},
    {"cut", "lasts", ACTION_CUT},
};

static void part_read(const reader *chaos, size_t i, const fault_plan *model, fault_handle *h)
{
    const char *const keys[] = {"every", parts[i].time, NULL};
    char example[80];
    place p, one;
    lua_State *L = chaos->L;
    if (!reader_get(chaos, parts[i].key, &p)) {
        return;
    }
    g_snprintf(example, sizeof example, "%s = { every = exponential(\"5s\"), %s = \"500ms\" }",
               parts[i].key, parts[i].time);
    reader part = reader_of_value(L, -1, &p, keys, false);
    fault_plan *plan = &h->faults[h->fault_count++];
    *plan = *model;
    reader_need(&part, "every", example, &one);
    period_take(L, -1, &one, &plan->fault);
    reader_need(&part, parts[i].time, example, &one);
    plan->action.action.lasts = take_quantity(L, -1, &one, DIMENSION_DURATION, 1, INT64_MAX);
    lua_pop(L, 3);
    plan->action.name = parts[i].key;
    plan->action.line = part.line;
    plan->action.action.kind = parts[i].kind;
    plan->action.who.target.kind = plan->action.whom.target.kind = TARGET_RANDOM;
}

/* chaos { crash = { every = exponential("5s"), down = "500ms" }, from =, until_ = } */
static int make_chaos(lua_State *L)
{
    static const char *const keys[] = {"crash", "pause",  "partition", "cut",
                                       "from",  "until_", NULL};
    only_in_file(L, "chaos");
    fault_plan model = new_plan(L, TRIGGER_EVERY);
    reader r = reader_of_argument(L, 1, "chaos", keys, false);
    span_read(&r, &model.fault);
    fault_handle *h = new_fault(L, G_N_ELEMENTS(parts), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        part_read(&r, i, &model, h);
    }
    if (h->fault_count == 0) {
        fail_at(L, r.line, "found an empty chaos, expected %s",
                "chaos { crash = { every = exponential(\"5s\"), down = \"500ms\" } }");
    }
    return 1;
}

/* -------------------------------------------------------------------------------- in scenario{} */

static event_scope scope_of(const fault_plan *plan)
{
    if (plan->fault.trigger != TRIGGER_WHEN || plan->fault.event.kind == RECORD_LINKS) {
        return SCOPE_NONE;
    }
    return plan->pattern.named == NAMED_MESSAGE ? SCOPE_MESSAGE : SCOPE_NODE;
}

static void append(lua_State *L, const fault_handle *h, scenario *out)
{
    sandbox_charge(L, 20 * (uint64_t)(h->fault_count + h->rule_count));
    for (uint32_t i = 0; i < h->fault_count; i++) {
        fault f = h->faults[i].fault;
        if (f.trigger == TRIGGER_WHEN) {
            pattern_resolve(L, &h->faults[i].pattern, &f.event);
        }
        action_resolve(L, &h->faults[i].action, scope_of(&h->faults[i]), &f.action);
        g_array_append_val(out->faults, f);
    }
    for (uint32_t i = 0; i < h->rule_count; i++) {
        message_rule rule = {.what = h->rules[i].what, .line = h->head.line};
        pattern_resolve(L, &h->rules[i].pattern, &rule.event);
        g_array_append_val(out->rules, rule);
    }
}

void faults_read(const reader *r, scenario *out)
{
    lua_State *L = r->L;
    place p;
    if (!reader_get(r, "faults", &p)) {
        return;
    }
    reader list = reader_of_value(L, -1, &p, NULL, true);
    for (size_t i = 1; reader_entry(&list, i, &p); i++) {
        const fault_handle *h = handle_at(L, -1, HANDLE_FAULT);
        if (h == NULL) {
            bool alone = handle_at(L, -1, HANDLE_ACTION) != NULL;
            fail_value(L, -1, &p, "", "%s",
                       alone ? "when it happens: at(\"1s\", crash(3))"
                             : "at(), every(), when(), chaos {}, delay(), "
                               "drop() or duplicate()");
        }
        append(L, h, out);
        lua_pop(L, 1);
        if (out->faults->len + out->rules->len > FAULTS_MOST) {
            fail_at(L, list.line, "found more than %d faults, expected fewer", FAULTS_MOST);
        }
    }
    lua_pop(L, 1);
}

void faults_open(lua_State *L)
{
    static const struct {
        const char *name;
        lua_CFunction make;
    } functions[] = {
        {"at", make_at},
        {"every", make_every},
        {"when", make_when},
        {"chaos", make_chaos},
        {"delay", make_delay},
        {"drop", make_drop},
        {"duplicate", make_duplicate},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
        lua_pushcfunction(L, functions[i].make);
        lua_setfield(L, -2, functions[i].name);
    }
}
