/* Sockets as methods: p:socket("internet", "stream"), p:connect(s, 1, 80), ... Reading, writing,
 * closing and selecting are the same as for pipes. Numbers: algorithms/channel/socket.c. */
#include "script/process_calls.h"

#include <string.h>

enum { UNIX = 1, ADDRESS = 2, PAIR = 4, TRUNCATED = 8, PORT_MOST = 65535, ADDRESS_BYTES = 8 };
enum { OPTION_ERROR = 3, OPTION_NAME };
enum { READ_USUAL = 4096, BACKLOG_USUAL = 8, BACKLOG_MOST = 4096 };

static const char *const domains[] = {"unix", "internet", NULL};
static const char *const types[] = {"stream", "datagram", "raw", NULL};

/* ----------------------------------------------------------------------------- new ones */

static int push_new(lua_State *L, const call_asked *asked, const dasim_call *reply,
                    const char *text)
{
    (void)text;
    call_push_descriptor(L, reply->descriptor);
    if (asked->flags & PAIR) {
        call_push_descriptor(L, (int32_t)reply->value);
        return 2;
    }
    return 1;
}

static int ask_socket(lua_State *L)
{
    static const char *const options[] = {"nonblock", "protocol", NULL};
    static const char example[] = "p:socket(\"internet\", \"stream\")";
    place domain = method_argument("p:socket", 1), type = method_argument("p:socket", 2), p;
    bool nonblock = false;
    int64_t protocol = 0;
    method_script(L, "socket");
    method_check_count(L, 2, 3, "p:socket", example);
    call_asked a = {"p:socket", DASIM_SOCKET, .timeout = -1, .finish = push_new};
    a.value = (int64_t)(take_choice(L, 2, &domain, domains) + 1);
    a.value |= (int64_t)(take_choice(L, 3, &type, types) + 1) << 8;
    if (!lua_isnone(L, 4)) {
        reader r = reader_of_argument(L, 4, "p:socket", options, false);
        read_switch(&r, "nonblock", &nonblock);
        if (reader_get(&r, "protocol", &p)) {
            protocol = take_integer(L, -1, &p, 0, 255);
            lua_pop(L, 1);
        }
    }
    a.value |= protocol << 16;
    a.flags = nonblock;
    return call_stop(L, &a);
}

static int ask_socketpair(lua_State *L)
{
    place type = method_argument("p:socketpair", 1);
    method_script(L, "socketpair");
    method_check_count(L, 1, 1, "p:socketpair", "p:socketpair(\"stream\")");
    call_asked a = {"p:socketpair", DASIM_SOCKET, .timeout = -1, .flags = PAIR, .finish = push_new};
    a.value = UNIX | (int64_t)(take_choice(L, 2, &type, types) + 1) << 8;
    return call_stop(L, &a);
}

static int push_accepted(lua_State *L, const call_asked *asked, const dasim_call *reply,
                         const char *text)
{
    (void)asked, (void)text;
    call_push_descriptor(L, reply->descriptor);
    return 1;
}

static int ask_accept(lua_State *L)
{
    method_script(L, "accept");
    method_check_count(L, 1, 2, "p:accept", "p:accept(s) or p:accept(s, { timeout = \"1s\" })");
    call_asked a = {"p:accept", DASIM_ACCEPT, take_descriptor(L, 2, "p:accept"),
                    .finish = push_accepted};
    a.timeout = method_timeout(L, 3, "p:accept");
    return call_stop(L, &a);
}

/* ----------------------------------------------------------------------------- addresses */

/* An address is a name, or a node and a port: from `index` of the stack on. What is behind it. */
static int take_address(lua_State *L, int index, call_asked *a)
{
    const script *s = script_of(L);
    place node = method_argument(a->method, index - 1), port = method_argument(a->method, index);
    if (lua_type(L, index) == LUA_TSTRING) {
        a->text = take_bytes(L, index, a->method, &a->size);
        a->shows_text = true;
        return index + 1;
    }
    if (lua_type(L, index) != LUA_TNUMBER) {
        fail_value(L, index, &node, "", "a name, or a node and a port");
    }
    a->value = take_integer(L, index, &node, 0, s->out->world.nodes - 1) << 16;
    a->value |= take_integer(L, index + 1, &port, 0, PORT_MOST);
    return index + 2;
}

static int ask_bind(lua_State *L)
{
    place p = method_argument("p:bind", 2);
    method_script(L, "bind");
    method_check_count(L, 1, 2, "p:bind", "p:bind(s, 80), p:bind(s, \"name\") or p:bind(s)");
    call_asked a = {"p:bind", DASIM_BIND, take_descriptor(L, 2, "p:bind"), .timeout = -1,
                    .finish = call_push_true};
    if (lua_type(L, 3) == LUA_TSTRING) {
        a.text = take_bytes(L, 3, "p:bind", &a.size);
    } else if (!lua_isnone(L, 3)) {
        a.value = take_integer(L, 3, &p, 0, PORT_MOST);
    }
    return call_stop(L, &a);
}

static int ask_listen(lua_State *L)
{
    place p = method_argument("p:listen", 2);
    method_script(L, "listen");
    method_check_count(L, 1, 2, "p:listen", "p:listen(s) or p:listen(s, 8)");
    call_asked a = {"p:listen", DASIM_LISTEN, take_descriptor(L, 2, "p:listen"), .timeout = -1,
                    .finish = call_push_true};
    a.value = lua_isnone(L, 3) ? BACKLOG_USUAL : take_integer(L, 3, &p, 0, BACKLOG_MOST);
    return call_stop(L, &a);
}

static int ask_connect(lua_State *L)
{
    static const char example[] = "p:connect(s, 1, 80) or p:connect(s, \"name\")";
    method_script(L, "connect");
    method_check_count(L, 2, 4, "p:connect", example);
    call_asked a = {"p:connect", DASIM_CONNECT, take_descriptor(L, 2, "p:connect"),
                    .finish = call_push_true};
    a.timeout = method_timeout(L, take_address(L, 3, &a), "p:connect");
    return call_stop(L, &a);
}

/* Pushes a node and a port, or a name. */
static int push_address(lua_State *L, int64_t address, const char *name, size_t size)
{
    if (address < 0) {
        lua_pushlstring(L, size > 0 ? name : "", size);
        return 1;
    }
    lua_pushinteger(L, address >> 16);
    lua_pushinteger(L, address & PORT_MOST);
    return 2;
}

static int push_own_address(lua_State *L, const call_asked *asked, const dasim_call *reply,
                            const char *text)
{
    (void)asked;
    bool is_name = reply->flags & ADDRESS;
    return push_address(L, is_name ? -1 : reply->value, text, reply->size);
}

static int ask_address(lua_State *L)
{
    method_script(L, "address");
    method_check_count(L, 1, 1, "p:address", "p:address(s)");
    call_asked a = {"p:address",   DASIM_OPTION,         take_descriptor(L, 2, "p:address"),
                    .timeout = -1, .flags = OPTION_NAME, .finish = push_own_address};
    return call_stop(L, &a);
}

static int ask_unlink(lua_State *L)
{
    method_script(L, "unlink");
    method_check_count(L, 1, 1, "p:unlink", "p:unlink(\"name\")");
    call_asked a = {"p:unlink", DASIM_CLOSE, .timeout = -1, .finish = call_push_true};
    a.text = take_bytes(L, 2, "p:unlink", &a.size);
    return call_stop(L, &a);
}

/* ----------------------------------------------------------------------------- datagrams */

static int ask_send_to(lua_State *L)
{
    static const char example[] =
        "p:send_to(s, 1, 80, \"text\") or p:send_to(s, \"name\", \"text\")";
    size_t size;
    method_script(L, "send_to");
    method_check_count(L, 3, 5, "p:send_to", example);
    call_asked a = {"p:send_to",
                    DASIM_OUTPUT,
                    take_descriptor(L, 2, "p:send_to"),
                    .flags = ADDRESS,
                    .finish = call_push_written,
                    .fails = true};
    int at = take_address(L, 3, &a);
    const char *text = take_bytes(L, at, "p:send_to", &size);
    a.timeout = method_timeout(L, at + 1, "p:send_to");
    if (a.text) { /* the name, then the text */
        a.value = (int64_t)a.size;
        lua_pushlstring(L, a.text, a.size);
        lua_pushlstring(L, text, size);
        lua_concat(L, 2);
        text = lua_tolstring(L, -1, &size);
    }
    a.text = text;
    a.size = size;
    a.shows_text = false;
    return call_stop(L, &a);
}

/* Text, where it is from, whether it was cut. */
static int push_received_from(lua_State *L, const call_asked *asked, const dasim_call *reply,
                              const char *text)
{
    (void)asked;
    size_t size = (size_t)reply->value, rest = reply->size - size;
    int64_t address = -1;
    lua_pushlstring(L, size > 0 ? text : "", size);
    if (!(reply->flags & ADDRESS) && rest == ADDRESS_BYTES) {
        memcpy(&address, text + size, sizeof address);
    }
    int pushed = push_address(L, address, text + size, rest);
    lua_pushboolean(L, (reply->flags & TRUNCATED) != 0);
    return pushed + 2;
}

static int ask_receive_from(lua_State *L)
{
    static const char example[] = "p:receive_from(s) or p:receive_from(s, 100)";
    place p = method_argument("p:receive_from", 2);
    method_script(L, "receive_from");
    method_check_count(L, 1, 3, "p:receive_from", example);
    call_asked a = {"p:receive_from", DASIM_INPUT, take_descriptor(L, 2, "p:receive_from"),
                    .flags = ADDRESS, .finish = push_received_from};
    bool is_given = !lua_isnoneornil(L, 3);
    a.value = is_given ? take_integer(L, 3, &p, 0, PROCESS_TEXT_MOST) : READ_USUAL;
    a.timeout = method_timeout(L, 4, "p:receive_from");
    return call_stop(L, &a);
}

/* ------------------------------------------------------------------------------- the rest */

static int ask_shutdown(lua_State *L)
{
    static const char *const ways[] = {"read", "write", "both", NULL};
    place p = method_argument("p:shutdown", 2);
    method_script(L, "shutdown");
    method_check_count(L, 2, 2, "p:shutdown", "p:shutdown(s, \"write\")");
    call_asked a = {"p:shutdown", DASIM_SHUTDOWN, take_descriptor(L, 2, "p:shutdown"),
                    .timeout = -1, .finish = call_push_true};
    a.value = (int64_t)take_choice(L, 3, &p, ways);
    return call_stop(L, &a);
}

/* The error that waits for the next call, which it is taken from; nil: there is none. */
static int push_waiting_error(lua_State *L, const call_asked *asked, const dasim_call *reply,
                              const char *text)
{
    (void)asked, (void)text;
    if (reply->value == 0) {
        lua_pushnil(L);
        return 1;
    }
    call_push_error(L, -reply->value);
    return 1;
}

static int ask_error(lua_State *L)
{
    method_script(L, "error");
    method_check_count(L, 1, 1, "p:error", "p:error(s)");
    call_asked a = {"p:error",     DASIM_OPTION,          take_descriptor(L, 2, "p:error"),
                    .timeout = -1, .flags = OPTION_ERROR, .finish = push_waiting_error};
    return call_stop(L, &a);
}

const luaL_Reg socket_methods[] = {
    {"accept", ask_accept},
    {"address", ask_address},
    {"bind", ask_bind},
    {"connect", ask_connect},
    {"error", ask_error},
    {"listen", ask_listen},
    {"receive_from", ask_receive_from},
    {"send_to", ask_send_to},
    {"shutdown", ask_shutdown},
    {"socket", ask_socket},
    {"socketpair", ask_socketpair},
    {"unlink", ask_unlink},
    {NULL, NULL},
};
