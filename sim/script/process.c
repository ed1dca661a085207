/* processes = { process(0, function(p) ... end), ... }: sequential clients, each a thread of the
 * sandbox that stops at each operation. The driver (drive/process.h) has the operation done and
 * lets it go on. What process() returns is also the `p` of its function. */
#include "script/process_calls.h"

#include "script/sandbox.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { SEATS_MOST = 1 << 26, CHILDREN = 16, CHILDREN_MOST = 4096 };

static const char *const options[] = {"name", "on_recover", NULL};

process_handle *process_new_handle(lua_State *L, uint32_t node)
{
    process_handle *h = handle_new(L, HANDLE_PROCESS, sizeof *h);
    h->node = node;
    h->thread.anchor = h->self = h->child = LUA_NOREF;
    return h;
}

void process_take_name(const reader *r, process_handle *h)
{
    place p;
    if (reader_get(r, "name", &p)) {
        const char *name = take_text(r->L, -1, &p);
        if (*name == '\0' || strlen(name) >= NAME_MOST) {
            fail_value(r->L, -1, &p, "", "a name of 1 to %d bytes", NAME_MOST - 1);
        }
        snprintf(h->name, sizeof h->name, "%s", name);
        lua_pop(r->L, 1);
    }
}

/* process(node, [{ name =, on_recover = },] function(p) ... end) */
static int make_process(lua_State *L)
{
    int given = lua_gettop(L);
    place node = argument_of(L, "process", 1), body = argument_of(L, "process", given);
    only_in_file(L, "process");
    if (given != 2 && given != 3) {
        fail_count(L, given, "process", "process(0, function(p) ... end)");
    }
    process_handle *h =
        process_new_handle(L, (uint32_t)take_integer(L, 1, &node, 0, (1 << 30) - 1));
    if (lua_type(L, given) != LUA_TFUNCTION) {
        fail_value(L, given, &body, "", "a function: process(0, function(p) ... end)");
    }
    if (given == 3) {
        reader r = reader_of_argument(L, 2, "process", options, false);
        read_switch(&r, "on_recover", &h->on_recover);
        process_take_name(&r, h);
    }
    lua_pushvalue(L, given);
    h->function = luaL_ref(L, LUA_REGISTRYINDEX);
    return 1;
}

/* ------------------------------------------------------------------------------ scenario{} */

static void add_process(lua_State *L, const place *p, scenario *out, uint32_t number)
{
    script *s = script_of(L);
    process_handle *h = handle_at(L, -1, HANDLE_PROCESS);
    if (h == NULL) {
        fail_value(L, -1, p, "", "process(0, function(p) ... end)");
    }
    if (h->self != LUA_NOREF) {
        fail_at(L, place_line(L, p), "found a process twice in processes, expected it once");
    }
    if (h->node >= out->world.nodes) {
        fail_at(L, h->head.line, "found node %u for process(), expected 0 .. %u", h->node,
                out->world.nodes - 1);
    }
    h->number = number;
    if (out->workload.make && out->workload.has_client(out->workload.config, h->node)) {
        h->taken = out->workload.service;
    }
    if (h->name[0] == '\0') {
        snprintf(h->name, sizeof h->name, "p%u", number + 1);
    }
    lua_pushvalue(L, -1);
    h->self = luaL_ref(L, LUA_REGISTRYINDEX);
    out->processes[number] = (process_config){h->node, h->on_recover};
    s->processes[number] = h;
    out->process_count = number + 1;
}

void processes_read(const reader *r, scenario *out)
{
    lua_State *L = r->L;
    script *s = script_of(L);
    place p, one;
    if (!reader_get(r, "processes", &p)) {
        return;
    }
    reader list = reader_of_value(L, -1, &p, NULL, true);
    size_t count = lua_rawlen(L, list.table);
    if (count == 0 || count > SANDBOX_THREADS_MOST) {
        fail_at(L, place_line(L, &p), "found %zu processes, expected 1 .. %d", count,
                SANDBOX_THREADS_MOST);
    }
    uint64_t places = MIN(count, out->world.nodes);
    if (scenario_offers(out, DASIM_MUTEX) && places * out->world.resources > SEATS_MOST) {
        fail_at(L, place_line(L, &p),
                "found %zu processes and %u resources, expected fewer: nodes times resources at "
                "most %d",
                count, out->world.resources, SEATS_MOST);
    }
    int64_t children = MIN(CHILDREN, SANDBOX_THREADS_MOST - (int64_t)count);
    read_integer(r, "children", 0, MIN(CHILDREN_MOST, SANDBOX_THREADS_MOST - (int64_t)count),
                 &children);
    out->child_count = (uint32_t)children;
    sandbox_allow_threads(s->box, (uint32_t)count + out->child_count);
    out->processes = script_allocate(L, count * sizeof *out->processes);
    s->processes = script_allocate(L, (count + out->child_count) * sizeof *s->processes);
    for (size_t i = 0; i < count && reader_entry(&list, i + 1, &one); i++) {
        add_process(L, &one, out, (uint32_t)i);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

void processes_open(lua_State *L)
{
    lua_pushcfunction(L, make_process);
    lua_setfield(L, -2, "process");
    process_methods_open(L);
}

/* ------------------------------------------------------------------------------ during the run */

static void fail_process(script *s, const process_handle *h, const GError *error)
{
    g_clear_error(&s->failure);
    s->failure = g_error_new(SCENARIO_ERROR, SCENARIO_ERROR_CALLBACK,
                             "%s (process '%s' on node %" G_GUINT32_FORMAT ")", error->message,
                             h->name, h->node);
}

static void forget(script *s, process_handle *h)
{
    sandbox_thread_drop(s->box, &h->thread);
    g_free(h->held);
    h->held = NULL;
    h->held_count = h->held_room = 0;
    process_forget_call(h);
}

/* The thread of a new life. */
static bool begin(script *s, process_handle *h, GError **error)
{
    forget(s, h);
    if (h->number < s->out->process_count) {
        h->on_broken_pipe = SIGNAL_DEFAULT; /* of the life before */
    }
    lua_checkstack(s->L, 8);
    lua_rawgeti(s->L, LUA_REGISTRYINDEX, h->function);
    lua_rawgeti(s->L, LUA_REGISTRYINDEX, h->self);
    return sandbox_thread_new(s->box, 1, &h->thread, error);
}

static sandbox_outcome go_on(script *s, process_handle *h, const answer *last, GError **error)
{
    if (last->kind == ANSWER_START && !begin(s, h, error)) {
        return THREAD_FAILED;
    }
    uint64_t budget = last->at_once ? 0 : SANDBOX_CALLBACK_INSTRUCTIONS;
    return sandbox_resume(s->box, &h->thread, budget, error);
}

void scenario_resume(scenario *of, const world *w, uint32_t process, const answer *last,
                     operation *next, GArray *actions)
{
    script *s = of->script;
    process_handle *h = s->processes[process];
    GError *error = NULL;
    s->world = w;
    s->actions = actions;
    s->running = h;
    s->answer = *last;
    s->next = next;
    sandbox_outcome outcome = go_on(s, h, last, &error);
    s->world = NULL;
    s->actions = NULL;
    s->running = NULL;
    s->next = NULL;
    if (outcome == THREAD_YIELDED && next->kind != OPERATION_END) {
        return;
    }
    next->kind = outcome != THREAD_FAILED ? OPERATION_END : OPERATION_FAIL;
    if (outcome == THREAD_FAILED) {
        fail_process(s, h, error);
        g_error_free(error);
    }
    forget(s, h);
}

void scenario_process_dead(scenario *of, uint32_t process)
{
    forget(of->script, of->script->processes[process]);
}

/* The child takes the place of one whose end has been waited for. */
void scenario_forked(scenario *of, uint32_t parent, uint32_t child)
{
    script *s = of->script;
    process_handle *from = s->processes[parent];
    if (s->processes[child]) {
        luaL_unref(s->L, LUA_REGISTRYINDEX, s->processes[child]->function);
        luaL_unref(s->L, LUA_REGISTRYINDEX, s->processes[child]->self);
    }
    lua_checkstack(s->L, 2);
    lua_rawgeti(s->L, LUA_REGISTRYINDEX, from->child);
    process_handle *h = lua_touserdata(s->L, -1);
    lua_pop(s->L, 1);
    h->self = from->child;
    h->number = child;
    from->child = LUA_NOREF;
    s->processes[child] = h;
}

uint32_t scenario_process_node(const scenario *of, uint32_t process)
{
    return of->script->processes[process]->node;
}

const char *scenario_process_name(const scenario *of, uint32_t process)
{
    return of->script->processes[process]->name;
}

int scenario_process_line(const scenario *of, uint32_t process)
{
    lua_State *thread = of->script->processes[process]->thread.lua;
    return thread ? line_of_caller(thread) : 0;
}

void processes_clear(script *s)
{
    uint32_t all = s->out->process_count + s->out->child_count;
    for (uint32_t i = 0; s->processes && i < all; i++) {
        if (s->processes[i]) {
            g_free(s->processes[i]->held);
            process_forget_call(s->processes[i]);
        }
    }
}
