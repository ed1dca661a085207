/* System calls as methods: p:pipe(), p:read(d, 100), p:write(d, "text"), ... The answer waits in
 * the process's call_state until the process goes on. A call that no descriptor is part of is made
 * of one channel component after the other, until one knows it. */
#include "script/process_calls.h"

#include "script/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SIGPIPE_RAISED = 1, READ_USUAL = 4096, KEPT_MOST = 4096, CHARGE_BYTES = 8 };

struct call_state {
    call_asked asked;
    uint32_t component;           /* that is asked */
    descriptor_handle descriptor; /* asked.descriptor, if there is one */
    int64_t refusal;              /* of a component that was asked before; 0: none */
    dasim_call answer;
    char *text; /* of the answer */
    size_t room;
};

/* ----------------------------------------------------------------------------------- errors */

typedef struct error_name {
    int number;
    const char *name;
} error_name;

/* The numbers of Linux, which modules answer with everywhere. */
static const error_name error_names[] = {
    {1, "EPERM"},
    {2, "ENOENT"},
    {3, "ESRCH"},
    {4, "EINTR"},
    {5, "EIO"},
    {6, "ENXIO"},
    {7, "E2BIG"},
    {9, "EBADF"},
    {10, "ECHILD"},
    {11, "EAGAIN"},
    {12, "ENOMEM"},
    {13, "EACCES"},
    {14, "EFAULT"},
    {16, "EBUSY"},
    {17, "EEXIST"},
    {19, "ENODEV"},
    {20, "ENOTDIR"},
    {21, "EISDIR"},
    {22, "EINVAL"},
    {23, "ENFILE"},
    {24, "EMFILE"},
    {25, "ENOTTY"},
    {27, "EFBIG"},
    {28, "ENOSPC"},
    {29, "ESPIPE"},
    {30, "EROFS"},
    {32, "EPIPE"},
    {34, "ERANGE"},
    {35, "EDEADLK"},
    {36, "ENAMETOOLONG"},
    {37, "ENOLCK"},
    {38, "ENOSYS"},
    {43, "EIDRM"},
    {75, "EOVERFLOW"},
    {88, "ENOTSOCK"},
    {89, "EDESTADDRREQ"},
    {90, "EMSGSIZE"},
    {91, "EPROTOTYPE"},
    {92, "ENOPROTOOPT"},
    {93, "EPROTONOSUPPORT"},
    {94, "ESOCKTNOSUPPORT"},
    {95, "EOPNOTSUPP"},
    {97, "EAFNOSUPPORT"},
    {98, "EADDRINUSE"},
    {99, "EADDRNOTAVAIL"},
    {100, "ENETDOWN"},
    {101, "ENETUNREACH"},
    {103, "ECONNABORTED"},
    {104, "ECONNRESET"},
    {105, "ENOBUFS"},
    {106, "EISCONN"},
    {107, "ENOTCONN"},
    {108, "ESHUTDOWN"},
    {110, "ETIMEDOUT"},
    {111, "ECONNREFUSED"},
    {113, "EHOSTUNREACH"},
    {114, "EALREADY"},
    {115, "EINPROGRESS"},
    {130, "EOWNERDEAD"},
    {131, "ENOTRECOVERABLE"},
};

int call_push_error(lua_State *L, int64_t value)
{
    char unknown[32];
    snprintf(unknown, sizeof unknown, "E%lld", (long long)-value);
    const char *name = unknown;
    for (size_t i = 0; i < G_N_ELEMENTS(error_names); i++) {
        name = error_names[i].number == -value ? error_names[i].name : name;
    }
    lua_pushnil(L);
    lua_pushstring(L, name);
    return 2;
}

/* ------------------------------------------------------------------------------- arguments */

const descriptor_handle *descriptor_at(lua_State *L, int index)
{
    return handle_at(L, index, HANDLE_DESCRIPTOR);
}

const descriptor_handle *take_descriptor(lua_State *L, int index, const char *method)
{
    const descriptor_handle *d = descriptor_at(L, index);
    if (d == NULL) {
        place p = method_argument(method, index - 1);
        fail_value(L, index, &p, "", "a descriptor: what p:pipe() and the like return");
    }
    return d;
}

const char *take_bytes(lua_State *L, int index, const char *method, size_t *size)
{
    place p = method_argument(method, index - 1);
    const char *text = take_text(L, index, &p);
    lua_tolstring(L, index, size);
    if (*size > PROCESS_TEXT_MOST) {
        fail_at(L, line_of_caller(L), "found a text of %zu bytes for %s(), expected %d at most",
                *size, method, PROCESS_TEXT_MOST);
    }
    return text;
}

/* ------------------------------------------------------------------------ stopping, going on */

static bool is_channel(const scenario *out, uint32_t component)
{
    const component_config *c = &out->world.stack[component];
    return c->offered && c->algorithm->provides == DASIM_CHANNEL;
}

/* The first channel component from `component` on; stack_size: there is none. */
static uint32_t next_channel(const scenario *out, uint32_t component)
{
    while (component < out->world.stack_size && !is_channel(out, component)) {
        component++;
    }
    return component;
}

static int go_on(lua_State *L, int status, lua_KContext unused);

static int ask(lua_State *L, const call_state *c)
{
    const call_asked *a = &c->asked;
    operation o = {OPERATION_CALL,
                   .object = c->component,
                   .value = (uint64_t)a->value,
                   .call = a->call,
                   .flags = a->flags,
                   .descriptor = a->descriptor ? a->descriptor->number : -1,
                   .timeout = a->timeout,
                   .text = a->text,
                   .size = a->size};
    return method_stop(L, a->method, o, go_on);
}

/* Another component may know more. A name that is not there may be there for another one. */
static bool is_unknown(const call_state *c)
{
    int64_t value = c->answer.value;
    return c->asked.descriptor == NULL &&
           (value == -ENOSYS || (value == -ENOENT && c->asked.call == DASIM_OPEN));
}

static int go_on(lua_State *L, int status, lua_KContext unused)
{
    (void)status;
    (void)unused;
    const script *s = script_of(L);
    call_state *c = s->running->call;
    if (is_unknown(c)) {
        uint32_t next = next_channel(s->out, c->component + 1);
        if (c->refusal == 0 || c->answer.value != -ENOSYS) {
            c->refusal = c->answer.value;
        }
        if (next < s->out->world.stack_size) {
            c->component = next;
            return ask(L, c);
        }
        c->answer.value = c->refusal; /* it says more than that nobody knows the call */
    }
    if (c->answer.value < 0 && !c->asked.fails) {
        return call_push_error(L, c->answer.value);
    }
    sandbox_charge(L, c->answer.size / CHARGE_BYTES);
    return c->asked.finish(L, &c->asked, &c->answer, c->text);
}

int call_stop(lua_State *L, const call_asked *asked)
{
    const script *s = script_of(L);
    process_handle *h = s->running;
    uint32_t first = asked->descriptor ? asked->descriptor->component : next_channel(s->out, 0);
    if (first == s->out->world.stack_size) {
        fail_at(L, line_of_caller(L),
                "found %s() without channel, expected run = channel.NAME { ... }, or a list with "
                "one",
                asked->method);
    }
    sandbox_charge(L, asked->size / CHARGE_BYTES);
    h->call = h->call ? h->call : g_new0(call_state, 1);
    h->call->asked = *asked;
    h->call->component = first;
    h->call->refusal = 0;
    if (asked->descriptor) {
        h->call->descriptor = *asked->descriptor;
        h->call->asked.descriptor = &h->call->descriptor;
    }
    return ask(L, h->call);
}

descriptor_handle *call_push_descriptor(lua_State *L, int32_t number)
{
    uint32_t component = script_of(L)->running->call->component;
    descriptor_handle *d = handle_new(L, HANDLE_DESCRIPTOR, sizeof *d);
    d->component = component;
    d->number = number;
    return d;
}

int call_push_true(lua_State *L, const call_asked *asked, const dasim_call *reply, const char *text)
{
    (void)asked, (void)reply, (void)text;
    lua_pushboolean(L, true);
    return 1;
}

int call_push_value(lua_State *L, const call_asked *asked, const dasim_call *reply,
                    const char *text)
{
    (void)asked, (void)text;
    lua_pushinteger(L, reply->value);
    return 1;
}

static int push_text(lua_State *L, const call_asked *asked, const dasim_call *reply,
                     const char *text)
{
    (void)asked;
    lua_pushlstring(L, reply->size > 0 ? text : "", reply->size);
    return 1;
}

/* ----------------------------------------------------------------------- outside of the door */

void scenario_answered(scenario *of, uint32_t process, const dasim_call *reply)
{
    call_state *c = of->script->processes[process]->call;
    c->answer = *reply;
    if (c->room < reply->size || c->room > KEPT_MOST) {
        c->room = reply->size;
        c->text = g_realloc(c->text, c->room);
    }
    if (reply->size > 0) {
        memcpy(c->text, reply + 1, reply->size);
    }
}

void process_forget_call(process_handle *h)
{
    if (h->call) {
        g_free(h->call->text);
        g_free(h->call);
        h->call = NULL;
    }
}

char *scenario_process_call(const scenario *of, uint32_t process)
{
    const call_asked *a = &of->script->processes[process]->call->asked;
    char words[128] = "";
    if (a->descriptor) {
        descriptor_words(of->script, a->descriptor, words);
    } else if (a->shows_text) {
        quote(a->text, a->size, words);
    }
    return g_strdup_printf("%s(%s)", a->method, words);
}

/* -------------------------------------------------------------------------------- the methods */

int call_read(lua_State *L)
{
    static const char example[] = "p:read(d, 100) or p:read(d, 100, { timeout = \"1s\" })";
    place p = method_argument("p:read", 2);
    method_check_count(L, 1, 3, "p:read", example);
    call_asked a = {"p:read", DASIM_INPUT, take_descriptor(L, 2, "p:read"), .finish = push_text};
    a.value = lua_isnoneornil(L, 3) ? READ_USUAL : take_integer(L, 3, &p, 0, PROCESS_TEXT_MOST);
    a.timeout = method_timeout(L, 4, "p:read");
    return call_stop(L, &a);
}

int call_push_written(lua_State *L, const call_asked *asked, const dasim_call *reply,
                      const char *text)
{
    if (reply->flags & SIGPIPE_RAISED) {
        return signal_broken_pipe(L, reply->value);
    }
    if (reply->value < 0) {
        return call_push_error(L, reply->value);
    }
    return call_push_value(L, asked, reply, text);
}

int call_write(lua_State *L)
{
    static const char example[] =
        "p:write(d, \"text\") or p:write(d, \"text\", { timeout = \"1s\" })";
    method_check_count(L, 2, 3, "p:write", example);
    call_asked a = {"p:write", DASIM_OUTPUT, take_descriptor(L, 2, "p:write"),
                    .finish = call_push_written, .fails = true};
    a.text = take_bytes(L, 3, "p:write", &a.size);
    a.timeout = method_timeout(L, 4, "p:write");
    return call_stop(L, &a);
}

static int push_pipe(lua_State *L, const call_asked *asked, const dasim_call *reply,
                     const char *text)
{
    (void)asked, (void)text;
    call_push_descriptor(L, reply->descriptor);
    call_push_descriptor(L, (int32_t)reply->value);
    return 2;
}

static int ask_pipe(lua_State *L)
{
    method_script(L, "pipe");
    method_check_count(L, 0, 0, "p:pipe", "p:pipe()");
    call_asked a = {"p:pipe", DASIM_PIPE, .timeout = -1, .finish = push_pipe};
    return call_stop(L, &a);
}

static int ask_mkfifo(lua_State *L)
{
    method_script(L, "mkfifo");
    method_check_count(L, 1, 1, "p:mkfifo", "p:mkfifo(\"name\")");
    call_asked a = {"p:mkfifo", DASIM_MKFIFO, .timeout = -1, .finish = call_push_true};
    a.text = take_bytes(L, 2, "p:mkfifo", &a.size);
    return call_stop(L, &a);
}

static int push_opened(lua_State *L, const call_asked *asked, const dasim_call *reply,
                       const char *text)
{
    (void)asked, (void)text;
    call_push_descriptor(L, reply->descriptor);
    return 1;
}

static int ask_open(lua_State *L)
{
    static const char *const modes[] = {"r", "w", "rw", NULL};
    static const char *const options[] = {"nonblock", "timeout", NULL};
    static const char example[] =
        "p:open(\"name\", \"r\") or p:open(\"name\", \"w\", { nonblock = true })";
    place mode = method_argument("p:open", 2);
    bool nonblock = false;
    method_script(L, "open");
    method_check_count(L, 2, 3, "p:open", example);
    call_asked a = {"p:open", DASIM_OPEN, .timeout = -1, .finish = push_opened, .shows_text = true};
    a.text = take_bytes(L, 2, "p:open", &a.size);
    a.value = (int64_t)take_choice(L, 3, &mode, modes);
    if (!lua_isnone(L, 4)) {
        reader r = reader_of_argument(L, 4, "p:open", options, false);
        read_switch(&r, "nonblock", &nonblock);
        read_duration(&r, "timeout", &a.timeout);
    }
    a.flags = nonblock;
    return call_stop(L, &a);
}

static int ask_close(lua_State *L)
{
    method_script(L, "close");
    method_check_count(L, 1, 1, "p:close", "p:close(d)");
    call_asked a = {"p:close", DASIM_CLOSE, take_descriptor(L, 2, "p:close"), .timeout = -1,
                    .finish = call_push_true};
    return call_stop(L, &a);
}

static int ask_dup(lua_State *L)
{
    method_script(L, "dup");
    method_check_count(L, 1, 1, "p:dup", "p:dup(d)");
    call_asked a = {"p:dup", DASIM_DUP, take_descriptor(L, 2, "p:dup"), .timeout = -1,
                    .finish = push_opened};
    return call_stop(L, &a);
}

/* DASIM_OPTION: `flags` says which. */
static int ask_nonblock(lua_State *L)
{
    place p = method_argument("p:nonblock", 2);
    method_script(L, "nonblock");
    method_check_count(L, 2, 2, "p:nonblock", "p:nonblock(d, true)");
    call_asked a = {"p:nonblock",
                    DASIM_OPTION,
                    take_descriptor(L, 2, "p:nonblock"),
                    .timeout = -1,
                    .flags = OPTION_NONBLOCK,
                    .finish = call_push_true};
    a.value = take_switch(L, 3, &p);
    return call_stop(L, &a);
}

static int ask_available(lua_State *L)
{
    method_script(L, "available");
    method_check_count(L, 1, 1, "p:available", "p:available(d)");
    call_asked a = {"p:available",
                    DASIM_OPTION,
                    take_descriptor(L, 2, "p:available"),
                    .timeout = -1,
                    .flags = OPTION_AVAILABLE,
                    .finish = call_push_value};
    return call_stop(L, &a);
}

/* The node that `to` means, and which of its processes from bit 32 on; 0: any. */
static int64_t take_receiver(lua_State *L)
{
    const script *s = script_of(L);
    place p = method_argument("p:send", 1);
    if (lua_type(L, 2) == LUA_TNUMBER) {
        return take_integer(L, 2, &p, 0, s->out->world.nodes - 1);
    }
    const process_handle *to = handle_at(L, 2, HANDLE_PROCESS);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;
    for (uint32_t i = 0; name && to == NULL && i < s->out->process_count; i++) {
        to = strcmp(s->processes[i]->name, name) == 0 ? s->processes[i] : NULL;
    }
    if (to == NULL || to->number >= s->out->process_count) {
        fail_value(L, 2, &p, "", "a node, or the name of one of `processes`");
    }
    int64_t rank = 0;
    sandbox_charge(L, to->number);
    for (uint32_t i = 0; i < to->number; i++) {
        rank += s->processes[i]->node == to->node;
    }
    return (rank + 1) << 32 | to->node;
}

static int ask_send(lua_State *L)
{
    method_script(L, "send");
    if (descriptor_at(L, 2)) {
        return call_write(L);
    }
    method_check_count(L, 2, 2, "p:send", "p:send(1, \"text\")");
    call_asked a = {"p:send", DASIM_OUTPUT, .timeout = -1, .finish = call_push_value};
    a.value = take_receiver(L);
    a.text = take_bytes(L, 3, "p:send", &a.size);
    return call_stop(L, &a);
}

static int push_received(lua_State *L, const call_asked *asked, const dasim_call *reply,
                         const char *text)
{
    push_text(L, asked, reply, text);
    lua_pushinteger(L, reply->value);
    return 2;
}

static int ask_receive(lua_State *L)
{
    method_script(L, "receive");
    if (descriptor_at(L, 2)) {
        return call_read(L);
    }
    method_check_count(L, 0, 1, "p:receive", "p:receive() or p:receive({ timeout = \"1s\" })");
    call_asked a = {"p:receive", DASIM_INPUT, .finish = push_received};
    a.timeout = method_timeout(L, 2, "p:receive");
    return call_stop(L, &a);
}

const luaL_Reg call_methods[] = {
    {"available", ask_available},
    {"close", ask_close},
    {"dup", ask_dup},
    {"mkfifo", ask_mkfifo},
    {"nonblock", ask_nonblock},
    {"open", ask_open},
    {"pipe", ask_pipe},
    {"receive", ask_receive},
    {"send", ask_send},
    {NULL, NULL},
};
