/*
 * Sockets: streams and datagrams between the processes of a machine, or of two.
 *
 * After: W. R. Stevens, B. Fenner, A. Rudoff, "UNIX Network Programming", vol. 1, 3rd ed., 2004;
 * POSIX.1-2017, chapter 2.10; answers, error numbers and masks as Linux gives them.
 *
 * Idea: a socket has a ring of `buffer` bytes for what came and was not read. A stream is two
 * sockets that know each other by id and talk in frames: OPEN asks a listener, OPENED is its yes,
 * DATA carries bytes, WINDOW allows more of them, SHUT ends a direction, RESET both. On one machine
 * a frame is a function call; between machines it goes through a transport that keeps order, so
 * that a stream needs no numbers of its own. A PACKET (datagram) goes past that, over links that
 * lose, duplicate and reorder. Every call is an attempt: what cannot be done yet is put aside, and
 * attempted again whenever something has happened, in the order of asking.
 *
 * Calls, what is asked -> answered; README.md has those that all channels share. `value`:
 *   SOCKET    domain + 256 * type + 65536 * protocol -> descriptor. PAIR: two of the domain UNIX,
 *             connected -> descriptor; the value is the other one
 *   BIND      port, 0: any free one; UNIX: the name is the text. CONNECT: address, or name
 *   LISTEN    b: b + 1 connections are complete before somebody accepts them. ACCEPT -> descriptor
 *   OUTPUT    text -> bytes. ADDRESS, value: where to; UNIX: the size of the name that the text
 *             begins with. Answered EPIPE with SIGNAL: SIGPIPE is due
 *   INPUT     the most -> bytes; ADDRESS: behind them in the text the sender's address (8 bytes)
 *             or name; TRUNCATED: the size before it was cut. Answered TRUNCATED: it was cut
 *   SHUTDOWN  0 reading, 1 writing, 2 both
 *   CLOSE     without a descriptor: unlink the name that is the text
 *   DUP       -1, or which descriptor it is to be -> descriptor
 *   OPTION    flags: which of enum option; NONBLOCKING: value. NAME -> address, or the text is a
 *             name (ADDRESS)
 * An address is 65536 * node + port. WAIT_NOT: rather EAGAIN than to wait.
 *
 * Cost:     between machines 2 messages per frame, 1 per datagram.
 * Assumes:  between machines, a transport below.
 * Promises: the bytes of a stream arrive once and in order, until it ends or is reset.
 */
#include "socket/socket.h"

static const dasim_param params[] = {
    [SOCKETS] = {"sockets", DASIM_COUNT, 32, 2, SOCKETS_MOST, "per node, and names of them"},
    [BUFFER] = {"buffer", DASIM_BYTES, 8192, 2048, 1 << 20, "what a socket takes until it is read"},
    {0},
};

static const dasim_field state_fields[] = {
    {"waiting", DASIM_U32, offsetof(state, waiting), .help = "processes that wait"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + socket_regions_size(config->params) + config->nodes * sizeof(uint32_t);
}

/* ---- sockets and their rings */

socket *socket_find(dasim_node *self, uint32_t id)
{
    for (uint32_t i = 0; id && i < self->params[SOCKETS]; i++) {
        if (socket_state(self)->sockets[i].id == id) {
            return &socket_state(self)->sockets[i];
        }
    }
    return NULL;
}

socket *socket_make(dasim_node *self, uint32_t domain, uint32_t type)
{
    for (uint32_t i = 0; i < self->params[SOCKETS]; i++) {
        socket *s = &socket_state(self)->sockets[i];
        if (s->id == 0) {
            *s = (socket){++socket_state(self)->ids, (uint8_t)domain, (uint8_t)type, IDLE};
            s->node = self->id;
            s->told = socket_room(self);
            return s;
        }
    }
    return NULL;
}

socket *socket_described(dasim_node *self, const dasim_call *c)
{
    uint32_t d = (uint32_t)c->descriptor - FIRST_DESCRIPTOR;
    uint32_t number = d < DESCRIPTORS ? socket_state(self)->files[c->process][d] : 0;
    return number ? &socket_state(self)->sockets[number - 1] : NULL;
}

int64_t socket_describe(dasim_node *self, uint32_t process, socket *s)
{
    uint16_t *files = socket_state(self)->files[process];
    for (uint32_t d = 0; d < DESCRIPTORS; d++) {
        if (files[d] == 0) {
            files[d] = (uint16_t)(s - socket_state(self)->sockets + 1);
            s->users++;
            socket_state(self)->reply.descriptor = (int32_t)d + FIRST_DESCRIPTOR;
            return 0;
        }
    }
    return -MFILE;
}

void ring_put(dasim_node *self, socket *s, const void *bytes, uint32_t size)
{
    uint8_t *ring = socket_region(self, RINGS + (uint32_t)(s - socket_state(self)->sockets));
    uint32_t at = (s->first + s->used) % socket_room(self),
             part = lesser(size, socket_room(self) - at);
    DASIM_CHECK(self, s->used + size <= socket_room(self));
    __builtin_memcpy(ring + at, bytes, part);
    __builtin_memcpy(ring, (const uint8_t *)bytes + part, size - part);
    s->used += size;
}

void ring_look(dasim_node *self, const socket *s, void *to, uint32_t size)
{
    const uint8_t *ring = socket_region(self, RINGS + (uint32_t)(s - socket_state(self)->sockets));
    uint32_t part = lesser(size, socket_room(self) - s->first);
    __builtin_memcpy(to, ring + s->first, part);
    __builtin_memcpy((uint8_t *)to + part, ring, size - part);
}

void ring_get(dasim_node *self, socket *s, void *to, uint32_t size)
{
    if (to) {
        ring_look(self, s, to, size);
    }
    s->first = (s->first + size) % socket_room(self);
    s->used -= size;
}

int64_t socket_take_error(socket *s)
{
    int64_t error = s->error;
    s->error = 0;
    return -error;
}

/* ---- calls */

static void close_descriptor(dasim_node *self, uint32_t process, int32_t descriptor)
{
    dasim_call c = {.process = process, .descriptor = descriptor};
    socket *s = socket_described(self, &c);
    if (s) {
        socket_state(self)->files[process][descriptor - FIRST_DESCRIPTOR] = 0;
        socket_close(self, s);
    }
}

static int64_t create(dasim_node *self, const dasim_call *c)
{
    uint32_t domain = c->value & 255, type = c->value >> 8 & 255;
    bool pair = c->flags & PAIR;
    if (domain != UNIX && domain != INTERNET) {
        return -AFNOSUPPORT;
    }
    if (type < STREAM || type > RAW || (pair && domain != UNIX)) {
        return type < STREAM || type > RAW ? -SOCKTNOSUPPORT : -OPNOTSUPP;
    }
    type = domain == UNIX && type == RAW ? DATAGRAM : type;
    socket *s[2] = {NULL, NULL};
    int32_t descriptor[2] = {-1, -1};
    for (int i = 0; i <= pair; i++) {
        s[i] = socket_make(self, domain, type);
        int64_t error = s[i] ? socket_describe(self, c->process, s[i]) : -NFILE;
        if (error && s[i]) {
            *s[i] = (socket){0};
        }
        if (error) {
            close_descriptor(self, c->process, descriptor[0]);
            return error;
        }
        descriptor[i] = socket_state(self)->reply.descriptor;
        s[i]->protocol = (uint32_t)(c->value >> 16 & 255);
        s[i]->nonblocking = c->flags & WAIT_NOT;
    }
    for (int i = 0; i < 2 && pair; i++) {
        s[i]->phase = CONNECTED;
        s[i]->remote = s[1 - i]->id;
        s[i]->limit = s[1 - i]->told;
    }
    socket_state(self)->reply.descriptor = descriptor[0];
    return pair ? descriptor[1] : 0;
}

static int64_t duplicate(dasim_node *self, const dasim_call *c, socket *s)
{
    dasim_call to = {.process = c->process, .descriptor = (int32_t)c->value};
    if (c->value < 0) {
        return socket_describe(self, c->process, s);
    }
    if (c->value < FIRST_DESCRIPTOR || c->value >= FIRST_DESCRIPTOR + DESCRIPTORS) {
        return -BADF;
    }
    if (socket_described(self, &to) != s) {
        s->users++;
        close_descriptor(self, c->process, to.descriptor);
        socket_state(self)->files[c->process][to.descriptor - FIRST_DESCRIPTOR] =
            (uint16_t)(s - socket_state(self)->sockets + 1);
    }
    socket_state(self)->reply.descriptor = to.descriptor;
    return 0;
}

static int64_t inherit(dasim_node *self, const dasim_call *c)
{
    state *my = self->state;
    if (c->value < 0 || c->value >= PROCESSES) {
        return -AGAIN;
    }
    for (uint32_t d = 0; d < DESCRIPTORS; d++) {
        my->files[c->value][d] = my->files[c->process][d];
        if (my->files[c->value][d]) {
            my->sockets[my->files[c->value][d] - 1].users++;
        }
    }
    return 0;
}

/* The mask of poll(). */
static uint32_t readiness(dasim_node *self, const socket *s)
{
    uint32_t count, mask = s->error ? ERR : 0;
    if (s->phase == LISTENING) {
        mask |= stream_pending(self, s, true, &count) ? IN : 0;
    }
    if (s->phase == LISTENING && s->domain == INTERNET) {
        return mask;
    }
    bool idle = s->type == STREAM && (s->phase == IDLE || s->phase == CLOSED);
    mask |= s->shut & INPUT ? IN | READ_HUP : 0;
    mask |= s->shut == BOTH || idle ? HUP : 0;
    mask |= s->used ? IN : 0;
    if (s->type != STREAM) {
        return mask | (datagram_is_writable(self, s) ? OUT : 0);
    }
    if (s->phase == CONNECTING || s->phase == LISTENING) {
        return mask;
    }
    return mask | (idle || s->shut & OUTPUT || stream_room(self, s) > 0 ? OUT : 0);
}

typedef struct entry { /* struct pollfd */
    int32_t descriptor;
    uint16_t wanted, found;
} entry;

static int64_t select(dasim_node *self, const dasim_call *c, const uint8_t *text)
{
    dasim_call one = *c, *reply = &socket_state(self)->reply;
    int64_t ready = 0;
    entry e;
    reply->size = lesser(c->size - c->size % sizeof e, socket_room(self));
    for (uint32_t at = 0; at < reply->size; at += sizeof e) {
        __builtin_memcpy(&e, text + at, sizeof e);
        one.descriptor = e.descriptor;
        const socket *s = socket_described(self, &one);
        uint32_t found = s ? readiness(self, s) & (e.wanted | ERR | HUP) : NO_FILE;
        e.found = (uint16_t)found;
        ready += found != 0;
        __builtin_memcpy(socket_region(self, REPLY) + at, &e, sizeof e);
    }
    return ready > 0 || (c->flags & WAIT_NOT) ? ready : BLOCKED;
}

static int64_t name_of(dasim_node *self, const socket *s)
{
    dasim_call *reply = &socket_state(self)->reply;
    if (s->domain == INTERNET) {
        return (int64_t)self->id << 16 | s->port;
    }
    reply->flags = ADDRESS;
    if (s->name) {
        uint32_t id = socket_state(self)->named[s->name - 1].socket;
        reply->size = name_text(self, id, socket_region(self, REPLY));
    }
    return reply->size;
}

static int64_t unread(dasim_node *self, const socket *s)
{
    return s->type == STREAM ? s->used : datagram_first_size(self, s);
}

static int64_t option(dasim_node *self, const dasim_call *c, socket *s)
{
    switch (c->flags) {
    case NONBLOCKING:
        s->nonblocking = c->value != 0;
        return 0;
    case ERROR:
        return -socket_take_error(s);
    case UNREAD:
        return s->phase == LISTENING ? -INVAL : unread(self, s);
    case NAME:
        return name_of(self, s);
    default:
        return -INVAL;
    }
}

static int64_t attempt_on(dasim_node *self, wait *w, socket *s, const uint8_t *text)
{
    const dasim_call *c = &w->asked;
    bool stream = s->type == STREAM;
    switch (w->op) {
    case DASIM_CLOSE:
        close_descriptor(self, c->process, c->descriptor);
        return 0;
    case DASIM_DUP:
        return duplicate(self, c, s);
    case DASIM_OPTION:
        return option(self, c, s);
    case DASIM_BIND:
        return socket_bind(self, c, s, text);
    case DASIM_LISTEN:
        return stream_listen(self, c, s);
    case DASIM_ACCEPT:
        return stream_accept(self, c, s);
    case DASIM_CONNECT:
        return stream ? stream_connect(self, w, s, text) : datagram_connect(self, c, s, text);
    case DASIM_OUTPUT:
        return stream ? stream_send(self, w, s, text) : datagram_send(self, c, s, text);
    case DASIM_INPUT:
        return stream ? stream_receive(self, c, s) : datagram_receive(self, c, s);
    case DASIM_SHUTDOWN:
        return socket_shut(self, c, s);
    default:
        return -NOSYS;
    }
}

static int64_t attempt(dasim_node *self, wait *w, const uint8_t *text)
{
    const dasim_call *c = &w->asked;
    switch (w->op) {
    case DASIM_SOCKET:
        return create(self, c);
    case DASIM_FORK:
        return inherit(self, c);
    case DASIM_EXIT:
        for (int32_t d = 0; d < DESCRIPTORS; d++) {
            close_descriptor(self, c->process, FIRST_DESCRIPTOR + d);
        }
        return 0;
    case DASIM_SELECT:
        return select(self, c, text);
    default:
        break;
    }
    if (w->op == DASIM_CLOSE && c->descriptor < 0 && c->size > 0) {
        return name_unlink(self, text, c->size);
    }
    socket *s = socket_described(self, c);
    if (s == NULL) {
        return c->descriptor < 0 ? -NOSYS : -BADF;
    }
    int64_t value = attempt_on(self, w, s, text);
    return value == BLOCKED && !socket_waits(s, c) ? -AGAIN : value;
}

/* ---- who waits */

static void answer(dasim_node *self, const wait *w, int64_t value)
{
    dasim_call *reply = &socket_state(self)->reply;
    reply->process = w->asked.process;
    reply->value = value;
    dasim_indicate(self, w->op, reply, sizeof *reply + reply->size);
}

/* False: it has to wait. */
static bool serve(dasim_node *self, wait *w, const uint8_t *text)
{
    socket_state(self)->reply = (dasim_call){.descriptor = -1};
    int64_t value = attempt(self, w, text);
    if (value != BLOCKED) {
        answer(self, w, value);
    }
    return value != BLOCKED;
}

static uint8_t *text_of(dasim_node *self, uint32_t process)
{
    return socket_region(self, TEXTS + process);
}

/* Puts a call aside; of the bytes of an OUTPUT as many as there is room for. */
static void put_aside(dasim_node *self, wait w, const uint8_t *text)
{
    state *my = self->state;
    uint32_t process = w.asked.process;
    w.base = w.op == DASIM_OUTPUT ? w.done : 0;
    uint32_t kept = lesser(w.asked.size - w.base, socket_room(self));
    if (kept > 0) {
        __builtin_memcpy(text_of(self, process), text + w.base, kept);
    }
    w.asked.size = w.base + kept;
    my->waits[process] = w;
    my->order[my->waiting++] = process;
}

static void leave(dasim_node *self, uint32_t place)
{
    state *my = self->state;
    my->waits[my->order[place]].op = 0;
    my->waiting--;
    for (uint32_t i = place; i < my->waiting; i++) {
        my->order[i] = my->order[i + 1];
    }
}

/* Serves all who can be served now, longest waiting first. */
static void settle(dasim_node *self)
{
    state *my = self->state;
    uint32_t i = 0;
    while (i < my->waiting) {
        uint32_t process = my->order[i];
        wait w = my->waits[process];
        bool served = serve(self, &w, text_of(self, process));
        my->waits[process] = w;
        if (served) {
            leave(self, i);
        }
        i = served ? 0 : i + 1;
    }
}

/* The call that is under way has lasted long enough, or its process is over. */
static void give_up(dasim_node *self, uint32_t process, bool answered)
{
    state *my = self->state;
    for (uint32_t i = 0; i < my->waiting; i++) {
        wait w = my->waits[process];
        if (my->order[i] == process) {
            my->reply = (dasim_call){.descriptor = -1};
            leave(self, i);
            if (answered) {
                bool some = w.done > 0 || w.op == DASIM_SELECT;
                answer(self, &w, some ? (int64_t)w.done : -TIMEDOUT);
            }
        }
    }
}

/* ---- handlers */

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    wait w = {.op = op};
    DASIM_CHECK(self, size >= sizeof w.asked);
    __builtin_memcpy(&w.asked, arg, sizeof w.asked);
    DASIM_CHECK(self, size == sizeof w.asked + w.asked.size);
    const uint8_t *text = (const uint8_t *)arg + sizeof w.asked;
    uint32_t process = w.asked.process;
    socket_state(self)->reply = (dasim_call){.descriptor = -1};
    if (process >= PROCESSES) {
        answer(self, &w, -AGAIN);
        return;
    }
    if (w.asked.flags & GIVE_UP) {
        give_up(self, process, true);
        return;
    }
    if (op == DASIM_EXIT) { /* has no answer */
        give_up(self, process, false);
        attempt(self, &w, text);
    } else if (!serve(self, &w, text)) {
        put_aside(self, w, text);
    }
    settle(self);
}

static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    (void)from, (void)size;
    const dasim_call *c = arg;
    frame f;
    if (op == DASIM_INPUT) {
        __builtin_memcpy(&f, c + 1, sizeof f);
        frame_hear(self, c->process, &f, (const uint8_t *)(c + 1) + sizeof f, c->size - sizeof f);
    }
    if (op == DASIM_OUTPUT || op == DASIM_CLOSE) {
        *socket_allowed(self, c->process) = op == DASIM_OUTPUT ? (uint32_t)c->value : 0;
    }
    for (uint32_t i = 0; op == DASIM_CLOSE && i < self->params[SOCKETS]; i++) {
        socket *s = &socket_state(self)->sockets[i];
        if (s->domain == INTERNET && s->type == STREAM && s->node == c->process) {
            stream_lose(s, (uint32_t)-c->value);
        }
    }
    settle(self);
}

DASIM_ALGORITHM(
        .name = "socket", .title = "sockets: streams and datagrams, on one machine and between two",
        .reference = "W. R. Stevens, B. Fenner, A. Rudoff, UNIX Network Programming 1, 2004; "
                     "POSIX.1-2017, 2.10",
        .about =
            "A stream is two sockets with a ring of bytes each, which tell each other what comes,\n"
            "how much more may come, and that no more will. Between machines their frames go\n"
            "through a transport that keeps order; datagrams go past it.",
        .provides = DASIM_CHANNEL,
        .may_use = (const dasim_service[]){DASIM_TRANSPORT, DASIM_NO_SERVICE},
        .state = state_fields, .params = params, .state_size = state_size, .on_request = on_request,
        .on_indication = on_indication);
