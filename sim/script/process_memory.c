/* Memory that processes of a node share, and what keeps them apart: p:attach(), p:semaphore(), ...
 * A descriptor knows of which kind it is, so that p:read(), p:lock(), p:wait() and the like tell
 * what is meant. An access tells its line, for those who judge races. */
#include "script/process_calls.h"

#include "observe/memory_calls.h"
#include "script/sandbox.h"

#include <string.h>

enum { OWNER_DEAD = -130, TIMED_OUT = -110, WOULD_BLOCK = -11, OPTION_CONSISTENT = 3 };

#define KIND(name) (1u << DESCRIPTOR_##name)

/* The descriptor at `index`, of one of the kinds; `what` says which, for the message. */
static const descriptor_handle *take_kind(lua_State *L, int index, const char *method,
                                          uint32_t kinds, const char *what)
{
    const descriptor_handle *d = descriptor_at(L, index);
    if (d == NULL || !(kinds >> d->kind & 1)) {
        place p = method_argument(method, index - 1);
        fail_value(L, index, &p, "", "%s", what);
    }
    return d;
}

bool is_memory(lua_State *L, int index, const char *method)
{
    const descriptor_handle *d = descriptor_at(L, index);
    if (lua_isnil(L, index)) {
        place p = method_argument(method, index - 1);
        fail_value(L, index, &p, "",
                   "a descriptor or a number; p:attach() and the like return nothing but an error "
                   "where they fail");
    }
    return d && d->kind != DESCRIPTOR_BYTES;
}

/* ----------------------------------------------------------------------------------- attaching */

static int push_attached(lua_State *L, const call_asked *asked, const dasim_call *reply,
                         const char *text)
{
    static const descriptor_kind kinds[] = {[MEMORY_SEGMENT] = DESCRIPTOR_SEGMENT,
                                            [MEMORY_FILE] = DESCRIPTOR_FILE,
                                            [MEMORY_SEMAPHORE] = DESCRIPTOR_SEMAPHORE,
                                            [MEMORY_MUTEX] = DESCRIPTOR_MUTEX};
    (void)text;
    descriptor_kind kind = kinds[asked->flags & MEMORY_KIND];
    bool is_monitor = strcmp(asked->method, "p:monitor") == 0;
    call_push_descriptor(L, reply->descriptor)->kind = is_monitor ? DESCRIPTOR_MONITOR : kind;
    return 1;
}

static int attach(lua_State *L, const char *method, uint32_t flags, int64_t value)
{
    call_asked a = {method,
                    DASIM_ATTACH,
                    .value = value,
                    .flags = flags,
                    .timeout = -1,
                    .finish = push_attached,
                    .shows_text = true};
    a.text = take_bytes(L, 2, method, &a.size);
    return call_stop(L, &a);
}

static uint32_t flag(bool is_set, uint32_t its_flag)
{
    return is_set ? its_flag : 0;
}

static int ask_attach(lua_State *L)
{
    static const char *const modes[] = {"r", "w", "rw", NULL};
    static const char *const others[] = {"none", "r", "w", "rw", NULL};
    static const char *const options[] = {"atomic", "create", "exclusive", "file", "others", NULL};
    static const char example[] =
        "p:attach(\"account\", \"rw\") or p:attach(\"account\", \"rw\", { others = \"r\" })";
    static const uint32_t rights[] = {0, MEMORY_READS, MEMORY_WRITES, MEMORY_READS | MEMORY_WRITES};
    place mode = method_argument("p:attach", 2), p;
    bool atomic = false, create = true, exclusive = false, file = false;
    uint32_t for_others = 3;
    method_script(L, "attach");
    method_check_count(L, 2, 3, "p:attach", example);
    uint32_t flags = rights[take_choice(L, 3, &mode, modes) + 1];
    if (!lua_isnone(L, 4)) {
        reader r = reader_of_argument(L, 4, "p:attach", options, false);
        read_switch(&r, "atomic", &atomic);
        read_switch(&r, "create", &create);
        read_switch(&r, "exclusive", &exclusive);
        read_switch(&r, "file", &file);
        if (reader_get(&r, "others", &p)) {
            for_others = (uint32_t)take_choice(L, -1, &p, others);
            lua_pop(L, 1);
        }
    }
    flags |= rights[for_others] * (MEMORY_OTHERS_READ / MEMORY_READS);
    flags |= file ? MEMORY_FILE : MEMORY_SEGMENT;
    flags |= flag(atomic, MEMORY_ATOMIC) | flag(create, MEMORY_CREATE) |
             flag(exclusive, MEMORY_EXCLUSIVE);
    return attach(L, "p:attach", flags, 0);
}

static int ask_semaphore(lua_State *L)
{
    place p = method_argument("p:semaphore", 2);
    method_script(L, "semaphore");
    method_check_count(L, 2, 2, "p:semaphore", "p:semaphore(\"free\", 3)");
    int64_t value = take_integer(L, 3, &p, 0, INT32_MAX);
    return attach(L, "p:semaphore", MEMORY_SEMAPHORE | MEMORY_CREATE, value);
}

static int ask_mutex(lua_State *L)
{
    static const char *const options[] = {"robust", NULL};
    bool robust = false;
    method_script(L, "mutex");
    method_check_count(L, 1, 2, "p:mutex",
                       "p:mutex(\"account\") or p:mutex(\"account\", { robust = true })");
    if (!lua_isnone(L, 3)) {
        reader r = reader_of_argument(L, 3, "p:mutex", options, false);
        read_switch(&r, "robust", &robust);
    }
    return attach(L, "p:mutex", MEMORY_MUTEX | MEMORY_CREATE | flag(robust, MEMORY_ROBUST), 0);
}

static int ask_monitor(lua_State *L)
{
    method_script(L, "monitor");
    method_check_count(L, 1, 1, "p:monitor", "p:monitor(\"buffer\")");
    return attach(L, "p:monitor", MEMORY_MUTEX | MEMORY_CREATE, 0);
}

static int ask_detach(lua_State *L)
{
    uint32_t all = ~KIND(BYTES);
    method_script(L, "detach");
    method_check_count(L, 1, 1, "p:detach", "p:detach(m)");
    call_asked a = {"p:detach", DASIM_DETACH,
                    take_kind(L, 2, "p:detach", all, "what p:attach() and the like return"),
                    .timeout = -1, .finish = call_push_true};
    return call_stop(L, &a);
}

/* ------------------------------------------------------------------------------------ accesses */

/* Any value may have been loaded: that it failed says the descriptor. */
static int push_accessed(lua_State *L, const call_asked *asked, const dasim_call *reply,
                         const char *text)
{
    (void)text;
    if (reply->descriptor < 0) {
        return call_push_error(L, reply->value);
    }
    if (asked->call == DASIM_LOAD) {
        lua_pushinteger(L, reply->value);
    } else {
        lua_pushboolean(L, true);
    }
    return 1;
}

static int access_word(lua_State *L, const char *method, uint32_t call, int64_t value)
{
    place p = method_argument(method, 2);
    uint32_t line = (uint32_t)line_of_caller(L);
    call_asked a = {method,
                    call,
                    take_kind(L, 2, method, KIND(SEGMENT) | KIND(FILE),
                              "a segment or file: what p:attach() returns"),
                    .value = value,
                    .timeout = -1,
                    .finish = push_accessed,
                    .fails = true};
    a.flags = (uint32_t)take_integer(L, 3, &p, 0, INT32_MAX);
    a.text = lua_pushlstring(L, (const char *)&line, sizeof line);
    a.size = sizeof line;
    return call_stop(L, &a);
}

int memory_read(lua_State *L)
{
    method_check_count(L, 2, 2, "p:read", "p:read(m, 0)");
    return access_word(L, "p:read", DASIM_LOAD, 0);
}

int memory_write(lua_State *L)
{
    place p = method_argument("p:write", 3);
    int exact = 0;
    method_check_count(L, 3, 3, "p:write", "p:write(m, 0, 42)");
    int64_t value = lua_type(L, 4) == LUA_TNUMBER ? lua_tointegerx(L, 4, &exact) : 0;
    if (!exact) {
        fail_value(L, 4, &p, "", "a whole number");
    }
    return access_word(L, "p:write", DASIM_STORE, value);
}

/* ------------------------------------------------------------------------------ wait and post */

/* true, false where it took too long; true and "EOWNERDEAD" of a robust mutex. */
static int push_got(lua_State *L, const call_asked *asked, const dasim_call *reply,
                    const char *text)
{
    (void)asked, (void)text;
    bool is_late = reply->value == TIMED_OUT || reply->value == WOULD_BLOCK;
    if (reply->value < 0 && !is_late && reply->value != OWNER_DEAD) {
        return call_push_error(L, reply->value);
    }
    lua_pushboolean(L, !is_late);
    if (reply->value == OWNER_DEAD) {
        lua_pushstring(L, "EOWNERDEAD");
        return 2;
    }
    return 1;
}

/* Without the condition where its stack index is 0. */
static int get(lua_State *L, const char *method, const descriptor_handle *d, int condition,
               int64_t timeout, uint32_t flags)
{
    call_asked a = {method, DASIM_WAIT, d, .finish = push_got, .fails = true};
    a.flags = flags | flag(timeout == 0 && condition == 0, MEMORY_TRY);
    a.timeout = timeout == 0 && condition == 0 ? -1 : timeout;
    if (condition) {
        a.text = take_bytes(L, condition, method, &a.size);
    }
    return call_stop(L, &a);
}

static int give(lua_State *L, const char *method, const descriptor_handle *d, int condition,
                uint32_t flags)
{
    call_asked a = {method, DASIM_POST, d, .flags = flags, .timeout = -1, .finish = call_push_true};
    if (condition) {
        a.text = take_bytes(L, condition, method, &a.size);
    }
    return call_stop(L, &a);
}

static const char a_mutex[] = "a mutex: what p:mutex() returns";
static const char a_semaphore[] = "a semaphore: what p:semaphore() returns";
static const char a_monitor[] = "a monitor: what p:monitor() returns";

int memory_lock(lua_State *L, const char *method, int64_t timeout)
{
    return get(L, method, take_kind(L, 2, method, KIND(MUTEX), a_mutex), 0, timeout, 0);
}

int memory_unlock(lua_State *L)
{
    method_check_count(L, 1, 1, "p:unlock", "p:unlock(m)");
    return give(L, "p:unlock", take_kind(L, 2, "p:unlock", KIND(MUTEX), a_mutex), 0, 0);
}

static void check_condition(lua_State *L, int index, const char *method)
{
    place p = method_argument(method, index - 1);
    size_t size;
    take_text(L, index, &p);
    if (lua_tolstring(L, index, &size) == NULL || size == 0) {
        fail_value(L, index, &p, "", "the name of a condition");
    }
}

/* Of a semaphore, or of a monitor's condition. */
int memory_wait(lua_State *L)
{
    const descriptor_handle *d = take_kind(L, 2, "p:wait", KIND(SEMAPHORE) | KIND(MONITOR),
                                           "a semaphore, or a monitor and a condition");
    if (d->kind == DESCRIPTOR_SEMAPHORE) {
        method_check_count(L, 1, 2, "p:wait", "p:wait(s) or p:wait(s, { timeout = \"1s\" })");
        return get(L, "p:wait", d, 0, method_timeout(L, 3, "p:wait"), 0);
    }
    method_check_count(L, 2, 3, "p:wait",
                       "p:wait(m, \"full\") or p:wait(m, \"full\", { timeout = \"1s\" })");
    check_condition(L, 3, "p:wait");
    return get(L, "p:wait", d, 3, method_timeout(L, 4, "p:wait"), 0);
}

static int ask_try_wait(lua_State *L)
{
    method_script(L, "try_wait");
    method_check_count(L, 1, 1, "p:try_wait", "p:try_wait(s)");
    return get(L, "p:try_wait", take_kind(L, 2, "p:try_wait", KIND(SEMAPHORE), a_semaphore), 0, 0,
               0);
}

static int ask_post(lua_State *L)
{
    method_script(L, "post");
    method_check_count(L, 1, 1, "p:post", "p:post(s)");
    return give(L, "p:post", take_kind(L, 2, "p:post", KIND(SEMAPHORE), a_semaphore), 0, 0);
}

static int ask_enter(lua_State *L)
{
    method_script(L, "enter");
    method_check_count(L, 1, 2, "p:enter", "p:enter(m) or p:enter(m, { timeout = \"1s\" })");
    return get(L, "p:enter", take_kind(L, 2, "p:enter", KIND(MONITOR), a_monitor), 0,
               method_timeout(L, 3, "p:enter"), 0);
}

static int ask_leave(lua_State *L)
{
    method_script(L, "leave");
    method_check_count(L, 1, 1, "p:leave", "p:leave(m)");
    return give(L, "p:leave", take_kind(L, 2, "p:leave", KIND(MONITOR), a_monitor), 0, 0);
}

int memory_signal(lua_State *L)
{
    method_check_count(L, 2, 2, "p:signal", "p:signal(m, \"full\")");
    check_condition(L, 3, "p:signal");
    return give(L, "p:signal", take_kind(L, 2, "p:signal", KIND(MONITOR), a_monitor), 3, 0);
}

static int ask_broadcast(lua_State *L)
{
    method_script(L, "broadcast");
    method_check_count(L, 2, 2, "p:broadcast", "p:broadcast(m, \"full\")");
    check_condition(L, 3, "p:broadcast");
    return give(L, "p:broadcast", take_kind(L, 2, "p:broadcast", KIND(MONITOR), a_monitor), 3,
                MEMORY_ALL);
}

static int ask_consistent(lua_State *L)
{
    method_script(L, "consistent");
    method_check_count(L, 1, 1, "p:consistent", "p:consistent(m)");
    call_asked a = {"p:consistent",
                    DASIM_OPTION,
                    take_kind(L, 2, "p:consistent", KIND(MUTEX), a_mutex),
                    .value = 1,
                    .flags = OPTION_CONSISTENT,
                    .timeout = -1,
                    .finish = call_push_true};
    return call_stop(L, &a);
}

static int ask_flock(lua_State *L)
{
    static const char *const ways[] = {"exclusive", "shared", "unlock", NULL};
    place how = method_argument("p:flock", 2);
    method_script(L, "flock");
    method_check_count(L, 2, 3, "p:flock",
                       "p:flock(f, \"exclusive\") or p:flock(f, \"shared\", { timeout = \"1s\" })");
    const descriptor_handle *d = take_kind(L, 2, "p:flock", KIND(FILE),
                                           "a file: p:attach(\"name\", \"rw\", { file = true })");
    size_t way = take_choice(L, 3, &how, ways);
    int64_t timeout = method_timeout(L, 4, "p:flock");
    return way == 2 ? give(L, "p:flock", d, 0, 0)
                    : get(L, "p:flock", d, 0, timeout, way == 1 ? MEMORY_SHARED : 0);
}

const luaL_Reg memory_methods[] = {
    {"attach", ask_attach}, {"broadcast", ask_broadcast}, {"consistent", ask_consistent},
    {"detach", ask_detach}, {"enter", ask_enter},         {"flock", ask_flock},
    {"leave", ask_leave},   {"monitor", ask_monitor},     {"mutex", ask_mutex},
    {"post", ask_post},     {"semaphore", ask_semaphore}, {"try_wait", ask_try_wait},
    {NULL, NULL},
};
