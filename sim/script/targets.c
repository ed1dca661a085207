/* Whom an action hits: a number, or coordinator(), random_node(), sender(), ... */
#include "script/script.h"

#include <string.h>

static const struct {
    const char *name;
    target_kind kind;
    const char *role;
} plain[] = {
    {"any", TARGET_ANY, NULL},
    {"all", TARGET_ANY, NULL},
    {"random_node", TARGET_RANDOM, NULL},
    {"sender", TARGET_SENDER, NULL},
    {"receiver", TARGET_RECEIVER, NULL},
    {"self", TARGET_SELF, NULL},
    {"last", TARGET_LAST, NULL},
    {"coordinator", TARGET_ROLE, "coordinator"},
    {"leader", TARGET_ROLE, "leader"},
    {"token_holder", TARGET_ROLE, "token_holder"},
};

static void set_role(target_plan *plan, const char *role)
{
    plan->target.kind = TARGET_ROLE;
    g_strlcpy(plan->role, role, sizeof plan->role);
}

/* The optional number: which resource's token, ... */
static void take_number(lua_State *L, int index, const char *name, target_plan *plan)
{
    if (!lua_isnoneornil(L, index)) {
        place p = argument_of(L, name, index);
        plan->target.number = (uint32_t)take_integer(L, index, &p, 0, UINT32_MAX - 1);
    }
}

static int make_plain(lua_State *L)
{
    size_t i = (size_t)lua_tointeger(L, lua_upvalueindex(1));
    int most = plain[i].role ? 1 : 0;
    if (lua_gettop(L) > most) {
        fail_count(L, lua_gettop(L), plain[i].name, most ? "a number at most" : "none");
    }
    lua_settop(L, 1);
    target_handle *h = handle_new(L, HANDLE_TARGET, sizeof *h);
    h->plan.target.kind = plain[i].kind;
    if (plain[i].role) {
        set_role(&h->plan, plain[i].role);
        take_number(L, 1, plain[i].name, &h->plan);
    }
    return 1;
}

static int make_role(lua_State *L)
{
    place p = argument_of(L, "role", 1);
    const char *role = take_text(L, 1, &p);
    lua_settop(L, 2);
    target_handle *h = handle_new(L, HANDLE_TARGET, sizeof *h);
    set_role(&h->plan, role);
    take_number(L, 2, "role", &h->plan);
    return 1;
}

void target_take(lua_State *L, int index, const place *p, target_plan *plan)
{
    const target_handle *h = handle_at(L, index, HANDLE_TARGET);
    if (h) {
        *plan = h->plan;
    } else if (lua_type(L, index) == LUA_TNUMBER) {
        int64_t most = script_of(L)->out->world.nodes;
        most = most > 0 ? most - 1 : (1 << 30) - 1;
        *plan = (target_plan){.target.kind = TARGET_NODE};
        plan->target.number = (uint32_t)take_integer(L, index, p, 0, most);
    } else {
        fail_value(L, index, p, "",
                   "a node: a number, coordinator(), leader(), token_holder(), role(\"name\"), "
                   "random_node(), last(), or in when() sender(), receiver(), self()");
    }
}

void targets_open(lua_State *L)
{
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
        lua_pushinteger(L, (lua_Integer)i);
        lua_pushcclosure(L, make_plain, 1);
        lua_setfield(L, -2, plain[i].name);
    }
    lua_pushcfunction(L, make_role);
    lua_setfield(L, -2, "role");
}
