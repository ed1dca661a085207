/* Plans meet the scenario: nodes, roles and names must be there. Afterwards actions and patterns
 * point to static text of modules and to memory of the scenario only. */
#include "script/script.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_MOST = 256, OPERATIONS_MOST = 64 };

typedef struct names {
    const char *list[NAMES_MOST + 1];
    size_t count;
} names;

static void add_name(names *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->list[i], name) == 0) {
            return;
        }
    }
    if (all->count < NAMES_MOST) {
        all->list[all->count++] = name;
    }
}

/* The one of the names that is `wanted`, or NULL. */
static const char *find_name(const names *all, const char *wanted)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->list[i], wanted) == 0) {
            return all->list[i];
        }
    }
    return NULL;
}

static const char *list_names(const names *all, char words[200])
{
    size_t used = 0;
    snprintf(words, 200, "none: there are none");
    for (size_t i = 0; i < all->count && used < 180; i++) {
        used += (size_t)snprintf(words + used, 200 - used, "%s%s", i ? ", " : "", all->list[i]);
    }
    return words;
}

/* ------------------------------------------------------------------------------------ targets */

static void collect_roles(const scenario *out, names *roles)
{
    for (uint32_t i = 0; i < out->world.stack_size; i++) {
        const dasim_field *field = out->world.stack[i].algorithm->state;
        for (; field && field->name; field++) {
            if (field->role) {
                add_name(roles, field->role);
            }
        }
    }
}

static void resolve_role(lua_State *L, const action_plan *plan, const target_plan *from, target *to)
{
    names roles = {0};
    char words[200], hint[96];
    collect_roles(script_of(L)->out, &roles);
    to->role = find_name(&roles, from->role);
    if (to->role == NULL) {
        fail_at(L, plan->line,
                "found role %.40s for %s(), expected a role of the algorithms that "
                "run, %s%s",
                from->role, plan->name, list_names(&roles, words),
                did_you_mean(from->role, roles.list, hint));
    }
}

static void refuse_partner(lua_State *L, const action_plan *plan, const char *which,
                           event_scope scope)
{
    if (scope == SCOPE_NONE) {
        fail_at(L, plan->line,
                "found %s for %s() outside of when(), expected a node, a role or "
                "random_node()",
                which, plan->name);
    }
    fail_at(L, plan->line,
            "found %s for %s() in a when() that is not about a message, expected "
            "self()",
            which, plan->name);
}

static void resolve_target(lua_State *L, const action_plan *plan, const target_plan *from,
                           event_scope scope, bool any, target *to)
{
    uint32_t nodes = script_of(L)->out->world.nodes;
    *to = from->target;
    switch (to->kind) {
    case TARGET_NODE:
        if (to->number >= nodes) {
            fail_at(L, plan->line, "found node %u for %s(), expected 0 .. %u", to->number,
                    plan->name, nodes - 1);
        }
        break;
    case TARGET_ANY:
        if (!any) {
            fail_at(L, plan->line, "found all() for %s(), expected one node", plan->name);
        }
        break;
    case TARGET_ROLE:
        resolve_role(L, plan, from, to);
        break;
    case TARGET_SENDER:
    case TARGET_RECEIVER:
        if (scope != SCOPE_MESSAGE) {
            refuse_partner(L, plan, to->kind == TARGET_SENDER ? "sender()" : "receiver()", scope);
        }
        break;
    case TARGET_SELF:
        if (scope == SCOPE_NONE) {
            refuse_partner(L, plan, "self()", scope);
        }
        break;
    default:
        break;
    }
}

/* One group number per node; equal ones are kept once, so that callbacks can ask for ever. */
static const uint16_t *resolve_groups(lua_State *L, const action_plan *plan)
{
    script *s = script_of(L);
    uint32_t nodes = s->out->world.nodes;
    size_t size = nodes * sizeof(uint16_t);
    uint16_t *groups = lua_newuserdatauv(L, size, 0);
    memset(groups, 0xFF, size);
    uint32_t last = 0;
    for (uint32_t i = 0; i < plan->member_count; i++) {
        uint32_t node = plan->members[i][0], group = plan->members[i][1];
        if (node >= nodes) {
            fail_at(L, plan->line, "found node %u for partition(), expected 0 .. %u", node,
                    nodes - 1);
        }
        if (groups[node] != UINT16_MAX) {
            fail_at(L, plan->line, "found node %u twice in partition(), expected each node once",
                    node);
        }
        groups[node] = (uint16_t)group;
        last = group > last ? group : last;
    }
    for (uint32_t i = 0; i < nodes; i++) {
        groups[i] = groups[i] == UINT16_MAX ? (uint16_t)(last + 1) : groups[i];
    }
    for (guint i = 0; i < s->partitions->len; i++) {
        if (memcmp(s->partitions->pdata[i], groups, size) == 0) {
            lua_pop(L, 1);
            return s->partitions->pdata[i];
        }
    }
    uint16_t *kept = script_allocate(L, size);
    memcpy(kept, groups, size);
    g_ptr_array_add(s->partitions, kept);
    lua_pop(L, 1);
    return kept;
}

/* elect() asks what clients use, which must be an election. */
static void need_election(lua_State *L, const action_plan *plan)
{
    const scenario *out = script_of(L)->out;
    const dasim_algorithm *top = out->world.stack[out->world.stack_size - 1].algorithm;
    if (!scenario_offers(out, DASIM_ELECTION)) {
        fail_at(L, plan->line,
                "found elect() with %s.%s at the top, expected run = election.NAME { ... }",
                service_name(top->provides), top->name);
    }
}

void action_resolve(lua_State *L, const action_plan *plan, event_scope scope, action *out)
{
    *out = plan->action;
    bool links = out->kind == ACTION_CUT || out->kind == ACTION_MEND || out->kind == ACTION_QUALITY;
    bool any =
        links || out->kind == ACTION_STEP || out->kind == ACTION_DRIFT || out->kind == ACTION_ELECT;
    if (out->kind == ACTION_ELECT) {
        need_election(L, plan);
    }
    if (out->kind == ACTION_PARTITION) {
        out->groups = plan->member_count > 0 ? resolve_groups(L, plan) : NULL;
    } else if (out->kind != ACTION_HEAL && out->kind != ACTION_CALL) {
        resolve_target(L, plan, &plan->who, scope, any, &out->who);
    }
    if (links) {
        resolve_target(L, plan, &plan->whom, scope, any, &out->whom);
    }
}

/* ----------------------------------------------------------------------------------- patterns */

static void collect_operations(dasim_service service, named what, names *all)
{
    for (uint32_t op = 1; op < OPERATIONS_MOST; op++) {
        const char *name = what == NAMED_REQUEST ? service_request_name(service, op)
                                                 : service_indication_name(service, op);
        if (name[0] != '?') {
            add_name(all, name);
        }
    }
}

static void collect_names(const scenario *out, named what, names *all)
{
    for (uint32_t i = 0; i < out->world.stack_size; i++) {
        const dasim_algorithm *a = out->world.stack[i].algorithm;
        for (uint32_t t = 0; what == NAMED_MESSAGE && a->messages && a->messages[t].name; t++) {
            add_name(all, a->messages[t].name);
        }
        for (uint32_t t = 0; what == NAMED_TIMER && a->timers && a->timers[t]; t++) {
            add_name(all, a->timers[t]);
        }
        if (what == NAMED_REQUEST || what == NAMED_INDICATION) {
            collect_operations(a->provides, what, all);
        }
    }
}

static void resolve_end(lua_State *L, const pattern_plan *plan, const target *end)
{
    uint32_t nodes = script_of(L)->out->world.nodes;
    if (end->kind == TARGET_NODE && end->number >= nodes) {
        fail_at(L, plan->line, "found node %u in a pattern, expected 0 .. %u", end->number,
                nodes - 1);
    }
}

void pattern_resolve(lua_State *L, const pattern_plan *plan, event_pattern *out)
{
    static const char *const kinds[] = {"", "message", "request", "indication", "timer"};
    *out = plan->event;
    resolve_end(L, plan, &plan->event.from);
    resolve_end(L, plan, &plan->event.to);
    if (plan->named == NAMED_NOTHING || plan->type[0] == '\0') {
        return;
    }
    names all = {0};
    char words[200], hint[96];
    collect_names(script_of(L)->out, plan->named, &all);
    out->type = find_name(&all, plan->type);
    if (out->type == NULL) {
        fail_at(L, plan->line, "found %s %.40s, expected one of the algorithms that run, %s%s",
                kinds[plan->named], plan->type, list_names(&all, words),
                did_you_mean(plan->type, all.list, hint));
    }
}
