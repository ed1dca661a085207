/* Which records a fault, a rule or a watcher is about: "GRANT" (such a message is received), a kind
 * of record in small letters ("crash"), or a table: { request = "ACQUIRE", node = 3 }. */
#include "script/script.h"

#include <string.h>

static const struct {
    const char *key;
    record_kind kind;
    named named;
} keys[] = {
    {"received", RECORD_RECEIVE, NAMED_MESSAGE},
    {"sent", RECORD_SEND, NAMED_MESSAGE},
    {"lost", RECORD_LOST, NAMED_MESSAGE},
    {"request", RECORD_REQUEST, NAMED_REQUEST},
    {"indication", RECORD_INDICATION, NAMED_INDICATION},
    {"timer", RECORD_TIMER, NAMED_TIMER},
    {"boot", RECORD_BOOT, NAMED_NOTHING},
    {"crash", RECORD_CRASH, NAMED_NOTHING},
    {"pause", RECORD_PAUSE, NAMED_NOTHING},
    {"resume", RECORD_RESUME, NAMED_NOTHING},
    {"slow", RECORD_SLOW, NAMED_NOTHING},
    {"clock", RECORD_CLOCK, NAMED_NOTHING},
    {"links", RECORD_LINKS, NAMED_NOTHING},
    {"note", RECORD_NOTE, NAMED_NOTHING},
};

static const char *const table_keys[] = {"received", "sent",  "lost",  "request", "indication",
                                         "timer",    "boot",  "crash", "pause",   "resume",
                                         "slow",     "clock", "links", "note",    "from",
                                         "to",       "node",  NULL};
static const char *const words[] = {"received", "sent",  "lost",  "request", "indication",
                                    "timer",    "boot",  "crash", "pause",   "resume",
                                    "slow",     "clock", "links", "note",    NULL};

static void set_type(lua_State *L, const place *p, pattern_plan *plan, const char *type)
{
    if (strlen(type) >= sizeof plan->type || type[0] == '\0') {
        fail_value(L, -1, p, "", "the name of a message, a request, an indication or a timer");
    }
    g_strlcpy(plan->type, type, sizeof plan->type);
}

static void take_end(lua_State *L, const place *p, target *end)
{
    target_plan plan;
    target_take(L, -1, p, &plan);
    if (plan.target.kind != TARGET_NODE && plan.target.kind != TARGET_ANY) {
        fail_value(L, -1, p, "", "the number of a node, or any()");
    }
    *end = plan.target;
}

void pattern_ends(const reader *r, pattern_plan *plan)
{
    place p;
    if (reader_get(r, "from", &p)) {
        take_end(r->L, &p, &plan->event.from);
        lua_pop(r->L, 1);
    }
    if (reader_get(r, "to", &p)) {
        take_end(r->L, &p, &plan->event.to);
        lua_pop(r->L, 1);
    }
}

/* node=: where it happens. Of a received message that is the receiver. */
static void node_read(const reader *r, pattern_plan *plan)
{
    place p;
    if (reader_get(r, "node", &p)) {
        bool receiver = plan->event.kind == RECORD_RECEIVE;
        take_end(r->L, &p, receiver ? &plan->event.to : &plan->event.from);
        lua_pop(r->L, 1);
    }
}

static void table_take(lua_State *L, int index, const place *p, pattern_plan *plan)
{
    reader r = p->table ? reader_of_value(L, index, p, table_keys, false)
                        : reader_of_argument(L, index, p->name, table_keys, false);
    int found = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        place one;
        if (!reader_get(&r, keys[i].key, &one)) {
            continue;
        }
        found++;
        plan->event.kind = keys[i].kind;
        plan->named = keys[i].named;
        if (lua_type(L, -1) == LUA_TSTRING && keys[i].named != NAMED_NOTHING) {
            set_type(L, &one, plan, lua_tostring(L, -1));
        } else if (lua_type(L, -1) != LUA_TBOOLEAN || !lua_toboolean(L, -1)) {
            fail_value(L, -1, &one, "", "%strue", keys[i].named ? "a name, or " : "");
        }
        lua_pop(L, 1);
    }
    if (found != 1) {
        fail_at(L, r.line, "found a pattern with %d kinds of records, expected one such as %s",
                found, "{ received = \"GRANT\" }");
    }
    pattern_ends(&r, plan);
    node_read(&r, plan);
}

void pattern_take(lua_State *L, int index, const place *p, record_kind usual, pattern_plan *plan)
{
    *plan = (pattern_plan){.line = place_line(L, p), .event.kind = usual, .named = NAMED_MESSAGE};
    plan->event.from.kind = plan->event.to.kind = TARGET_ANY;
    plan->event.nth = plan->event.times = 1;
    if (lua_type(L, index) == LUA_TTABLE) {
        table_take(L, index, p, plan);
        return;
    }
    const char *text = take_text(L, index, p);
    if (!g_ascii_islower(text[0])) {
        lua_pushvalue(L, index);
        set_type(L, p, plan, text);
        lua_pop(L, 1);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(text, keys[i].key) == 0) {
            plan->event.kind = keys[i].kind;
            plan->named = keys[i].named;
            return;
        }
    }
    char hint[96];
    fail_value(L, index, p, did_you_mean(text, words, hint),
               "a message such as \"GRANT\", a kind of record such as \"crash\" or a table such as "
               "{ received = \"GRANT\", to = 3 }");
}

/* nth(3), nth(3, 2): the third, and one more; each(): all. */
static int make_nth(lua_State *L)
{
    int given = lua_gettop(L);
    if (given < 1 || given > 2) {
        fail_count(L, given, "nth", "nth(3) or nth(3, 2)");
    }
    place first = argument_of(L, "nth", 1), times = argument_of(L, "nth", 2);
    nth_handle *h = handle_new(L, HANDLE_NTH, sizeof *h);
    h->nth = (uint64_t)take_integer(L, 1, &first, 1, INT64_C(1) << 53);
    h->times = given == 2 ? (uint64_t)take_integer(L, 2, &times, 1, INT64_C(1) << 53) : 1;
    return 1;
}

static int make_each(lua_State *L)
{
    if (lua_gettop(L) != 0) {
        fail_count(L, lua_gettop(L), "each", "each()");
    }
    nth_handle *h = handle_new(L, HANDLE_NTH, sizeof *h);
    h->nth = 1;
    h->times = UINT64_MAX;
    return 1;
}

void patterns_open(lua_State *L)
{
    lua_pushcfunction(L, make_nth);
    lua_setfield(L, -2, "nth");
    lua_pushcfunction(L, make_each);
    lua_setfield(L, -2, "each");
}
