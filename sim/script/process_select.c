/* p:select({ a, b }, { c }, { timeout = "1s" }): which of a, b can be read without blocking, and
 * whether c can be written. What is asked and answered looks like POSIX's struct pollfd. */
#include "script/process_calls.h"

#include "script/sandbox.h"

#include <string.h>

enum { READABLE = 1, WRITABLE = 4, TROUBLE = 8 | 16 | 32, SELECT_MOST = 1024, AT_ONCE = 1 };

typedef struct poll_entry {
    int32_t descriptor;
    uint16_t wanted, found;
} poll_entry;

/* The lists are arguments 2 and 3 of the stack. */
static const int lists[] = {2, 3};
static const uint16_t wanted[] = {READABLE, WRITABLE};

/* How many descriptors list number `which` has. */
static size_t list_size(lua_State *L, int which)
{
    place p = method_argument("p:select", which + 1);
    if (lua_type(L, lists[which]) != LUA_TTABLE) {
        fail_value(L, lists[which], &p, "", "a list of descriptors");
    }
    size_t count = lua_rawlen(L, lists[which]);
    if (count > SELECT_MOST) {
        fail_at(L, line_of_caller(L), "found %zu descriptors for p:select(), expected %d at most",
                count, SELECT_MOST);
    }
    sandbox_charge(L, count);
    return count;
}

/* What the list asks for; *first is a descriptor of the component, once there is one. */
static void take_list(lua_State *L, int which, poll_entry *entries, size_t count,
                      const descriptor_handle **first)
{
    place p = method_argument("p:select", which + 1);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, lists[which], (lua_Integer)i + 1);
        const descriptor_handle *d = descriptor_at(L, -1);
        if (d == NULL) {
            fail_value(L, -1, &p, "", "a list of descriptors alone");
        }
        *first = *first ? *first : d;
        if (d->component != (*first)->component) {
            char one[128], other[128];
            const script *s = script_of(L);
            fail_at(L, line_of_caller(L),
                    "found %s and %s in one p:select(), expected descriptors of one kind",
                    descriptor_words(s, *first, one), descriptor_words(s, d, other));
        }
        entries[i] = (poll_entry){.descriptor = d->number, .wanted = wanted[which]};
        lua_pop(L, 1);
    }
}

/* Pushes those of the list that are ready, as they were given. */
static void push_ready(lua_State *L, int which, const poll_entry *entries, size_t count)
{
    lua_Integer found = 0;
    lua_newtable(L);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].found & (wanted[which] | TROUBLE)) {
            lua_rawgeti(L, lists[which], (lua_Integer)i + 1);
            lua_rawseti(L, -2, ++found);
        }
    }
}

static int push_selected(lua_State *L, const call_asked *asked, const dasim_call *reply,
                         const char *text)
{
    (void)asked;
    size_t count = reply->size / sizeof(poll_entry);
    poll_entry *entries = lua_newuserdatauv(L, reply->size + 1, 0);
    memcpy(entries, text ? text : "", reply->size);
    size_t readers = MIN(count, lua_rawlen(L, lists[0])), writers = lua_rawlen(L, lists[1]);
    push_ready(L, 0, entries, readers);
    push_ready(L, 1, entries + readers, MIN(writers, count - readers));
    return 2;
}

static int ask_select(lua_State *L)
{
    const descriptor_handle *first = NULL;
    method_script(L, "select");
    method_check_count(L, 1, 3, "p:select",
                       "p:select({ a, b }) or p:select({ a }, { b }, { timeout = \"1s\" })");
    call_asked a = {"p:select", DASIM_SELECT, .finish = push_selected};
    a.timeout = method_timeout(L, 4, "p:select");
    a.flags = a.timeout == 0 ? AT_ONCE : 0;
    lua_settop(L, 3);
    if (lua_isnil(L, 3)) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    size_t readers = list_size(L, 0), writers = list_size(L, 1);
    a.size = (readers + writers) * sizeof(poll_entry);
    poll_entry *entries = lua_newuserdatauv(L, a.size + 1, 0);
    take_list(L, 0, entries, readers, &first);
    take_list(L, 1, entries + readers, writers, &first);
    if (first == NULL) {
        fail_at(L, line_of_caller(L), "found no descriptor for p:select(), expected one or more");
    }
    a.text = (const char *)entries;
    a.descriptor = first;
    return call_stop(L, &a);
}

const luaL_Reg select_methods[] = {{"select", ask_select}, {NULL, NULL}};
