/*
 * The two ends of a stream, which talk in frames, and how they find each other.
 *
 * Internet: IDLE -> (LISTENING) -> CONNECTING -> CONNECTED -> CLOSED. An end is CLOSED when both
 * have said that nothing more will come, or when one has reset it. What is sent to an end that is
 * no more is answered with RESET. UNIX: CONNECTED at once, and for ever.
 */
#include "socket.h"

void frame_say(dasim_node *self, uint32_t node, const frame *f, const void *bytes, uint32_t size)
{
    if (node == self->id) {
        frame_hear(self, node, f, bytes, size);
        return;
    }
    dasim_call c = {.process = node, .descriptor = -1, .flags = f->kind >= PACKET};
    uint32_t *allowed = socket_allowed(self, node);
    *allowed -= *allowed > 0 && f->kind < PACKET;
    c.size = sizeof *f + size;
    uint8_t *out = socket_region(self, FRAME);
    __builtin_memcpy(out, &c, sizeof c);
    __builtin_memcpy(out + sizeof c, f, sizeof *f);
    if (size > 0) {
        __builtin_memcpy(out + sizeof c + sizeof *f, bytes, size);
    }
    dasim_request(self, DASIM_TRANSPORT, DASIM_OUTPUT, out, sizeof c + c.size);
}

static void tell(dasim_node *self, const socket *s, uint32_t kind, uint64_t value)
{
    frame f = {kind, kind == OPEN ? s->far : s->remote, s->id, s->port, value};
    frame_say(self, s->node, &f, NULL, 0);
}

void stream_lose(socket *s, uint32_t error)
{
    if (s->phase == WAITING) {
        *s = (socket){0};
    } else if (s->phase == CONNECTING || s->phase == CONNECTED) {
        s->error = error;
        s->shut = BOTH;
        s->phase = CLOSED;
        s->remote = 0;
    }
}

socket *stream_pending(dasim_node *self, const socket *l, bool complete, uint32_t *count)
{
    socket *oldest = NULL;
    *count = 0;
    for (uint32_t i = 0; i < self->params[SOCKETS]; i++) {
        socket *s = &socket_state(self)->sockets[i];
        if (s->id && s->parent == l->id && (s->phase != WAITING) == complete) {
            oldest = oldest == NULL || s->id < oldest->id ? s : oldest;
            ++*count;
        }
    }
    return oldest;
}

static bool is_full(dasim_node *self, const socket *l)
{
    uint32_t count;
    stream_pending(self, l, true, &count);
    return count > l->backlog;
}

/* A connection to the listener, complete where it has room for one. NULL: too many sockets. */
static socket *admit(dasim_node *self, const socket *l, uint32_t node, uint32_t far,
                     uint32_t remote, uint64_t limit)
{
    bool full = is_full(self, l);
    socket *s = socket_make(self, l->domain, STREAM);
    if (s) {
        s->phase = full ? WAITING : CONNECTED;
        s->parent = l->id;
        s->name = l->name;
        s->port = l->port;
        s->node = node;
        s->far = far;
        s->remote = remote;
        s->limit = limit;
    }
    return s;
}

static void hear_open(dasim_node *self, uint32_t node, const frame *f)
{
    const socket *l = port_find(self, STREAM, f->to, LISTENING);
    const socket *s = l ? admit(self, l, node, f->port, f->from, f->value) : NULL;
    if (s == NULL) {
        frame no = {.kind = RESET, .to = f->from};
        frame_say(self, node, &no, NULL, 0);
    } else if (s->phase == CONNECTED) {
        tell(self, s, OPENED, s->told);
    }
}

static void hear_data(dasim_node *self, socket *s, const void *bytes, uint32_t size)
{
    if (s->domain == INTERNET && s->shut == BOTH) { /* nobody will ever read it */
        tell(self, s, RESET, 0);
        stream_lose(s, CONNRESET);
    } else {
        ring_put(self, s, bytes, size);
    }
}

void frame_hear(dasim_node *self, uint32_t node, const frame *f, const void *bytes, uint32_t size)
{
    if (f->kind == OPEN) {
        hear_open(self, node, f);
        return;
    }
    if (f->kind >= PACKET) {
        datagram_hear(self, node, f, bytes, size);
        return;
    }
    socket *s = socket_find(self, f->to);
    bool due = s && s->node == node && s->remote == (f->kind == OPENED ? 0 : f->from);
    if (!due && (f->kind == DATA || f->kind == OPENED)) {
        frame no = {.kind = RESET, .to = f->from, .from = f->to};
        frame_say(self, node, &no, NULL, 0);
    }
    if (!due) {
        return;
    }
    switch (f->kind) {
    case OPENED:
        s->phase = CONNECTED;
        s->remote = f->from;
        s->limit = f->value;
        break;
    case DATA:
        hear_data(self, s, bytes, size);
        break;
    case WINDOW:
        s->limit = f->value;
        break;
    case SHUT:
        s->shut |= (uint8_t)f->value;
        s->ended = s->domain == INTERNET;
        s->phase = s->ended && (s->shut & OUTPUT) ? CLOSED : s->phase;
        break;
    default: /* RESET */
        if (s->domain == INTERNET) {
            stream_lose(s, s->phase == CONNECTING ? CONNREFUSED : s->ended ? PIPED : CONNRESET);
        } else {
            s->error = CONNRESET;
        }
    }
}

static int64_t connect_to_name(dasim_node *self, const wait *w, socket *s, const uint8_t *text)
{
    int64_t error;
    const socket *l = name_find(self, text, w->asked.size, STREAM, &error);
    if (l == NULL || l->phase != LISTENING || (l->shut & INPUT)) {
        return l ? -CONNREFUSED : error;
    }
    if (is_full(self, l)) {
        return BLOCKED;
    }
    if (s->phase != IDLE) {
        return s->phase == CONNECTED ? -ISCONN : -INVAL;
    }
    socket *other = admit(self, l, self->id, s->name, s->id, s->told);
    if (other == NULL) {
        return -NFILE;
    }
    s->phase = CONNECTED;
    s->remote = other->id;
    s->far = other->name;
    s->limit = other->told;
    return 0;
}

static int64_t connect_to_port(dasim_node *self, const wait *w, socket *s)
{
    uint64_t node = (uint64_t)w->asked.value >> 16;
    bool waits = socket_waits(s, &w->asked), begins = s->phase == IDLE;
    if (begins) {
        if (node >= self->nodes || (node != self->id && !dasim_has(self, DASIM_TRANSPORT))) {
            return -NETUNREACH;
        }
        port_bind_any(self, s);
        s->node = (uint32_t)node;
        s->far = (uint32_t)w->asked.value & 65535;
        s->phase = CONNECTING;
        s->fresh = true;
        tell(self, s, OPEN, s->told);
    }
    if (!s->fresh) {
        return -ISCONN;
    }
    if (!waits && (begins || s->phase == CONNECTING)) {
        return begins ? -INPROGRESS : -ALREADY;
    }
    if (s->phase == CONNECTING) {
        return BLOCKED;
    }
    s->fresh = false;
    if (s->phase == CONNECTED) {
        return 0;
    }
    s->phase = IDLE; /* it may be tried again */
    s->shut = 0;
    return s->error ? socket_take_error(s) : -CONNABORTED;
}

int64_t stream_connect(dasim_node *self, const wait *w, socket *s, const uint8_t *text)
{
    return s->domain == UNIX ? connect_to_name(self, w, s, text) : connect_to_port(self, w, s);
}

int64_t stream_listen(dasim_node *self, const dasim_call *c, socket *s)
{
    if (s->type != STREAM) {
        return -OPNOTSUPP;
    }
    if ((s->phase != IDLE && s->phase != LISTENING) || (s->domain == UNIX && s->name == 0)) {
        return -INVAL;
    }
    if (s->domain == INTERNET) {
        port_bind_any(self, s);
    }
    s->phase = LISTENING;
    s->backlog = (uint32_t)c->value;
    return 0;
}

int64_t stream_accept(dasim_node *self, const dasim_call *c, socket *s)
{
    uint32_t count;
    if (s->type != STREAM || s->phase != LISTENING) {
        return s->type != STREAM ? -OPNOTSUPP : -INVAL;
    }
    socket *its = stream_pending(self, s, true, &count);
    int64_t error = its ? socket_describe(self, c->process, its) : BLOCKED;
    if (error) {
        return error;
    }
    its->parent = 0;
    socket *next = stream_pending(self, s, false, &count);
    if (next && !is_full(self, s)) {
        next->phase = CONNECTED;
        tell(self, next, OPENED, next->told);
    }
    return 0;
}

int64_t socket_shut(dasim_node *self, const dasim_call *c, socket *s)
{
    uint8_t ways = (uint8_t)(c->value + 1);
    if (c->value < 0 || c->value > 2) {
        return -INVAL;
    }
    bool tells = s->type == STREAM && s->phase == CONNECTED, writes = !(s->shut & OUTPUT);
    s->fresh = s->fresh && !tells;
    s->shut |= ways;
    if (s->domain == UNIX) {
        if (tells) { /* the other end: what is output here is input there */
            tell(self, s, SHUT, (ways & INPUT) << 1 | ways >> 1);
        }
        return 0;
    }
    if (tells && writes && (ways & OUTPUT)) {
        tell(self, s, SHUT, INPUT);
        s->phase = s->ended ? CLOSED : s->phase;
    }
    return tells || (s->type != STREAM && s->far) ? 0 : -NOTCONN;
}

void socket_close(dasim_node *self, socket *s)
{
    uint32_t count;
    socket *its;
    if (--s->users > 0) {
        return;
    }
    for (int complete = 0; complete < 2 && s->phase == LISTENING; complete++) {
        while ((its = stream_pending(self, s, complete, &count)) != NULL) {
            tell(self, its, RESET, 0);
            tell(self, its, SHUT, BOTH);
            *its = (socket){0};
        }
    }
    if (s->type == STREAM && s->phase == CONNECTED) {
        if (s->used) {
            tell(self, s, RESET, 0);
        }
        if (s->domain == UNIX || !(s->shut & OUTPUT)) {
            tell(self, s, SHUT, s->domain == UNIX ? BOTH : INPUT);
        }
    }
    *s = (socket){0};
}

uint32_t stream_room(dasim_node *self, const socket *s)
{
    uint64_t frames = s->node == self->id ? UINT32_MAX : *socket_allowed(self, s->node);
    return lesser(s->limit - s->sent, frames * DATA_MOST);
}

/* So many bytes, cut into frames. One that is reset has taken them all, too. */
static void send_all(dasim_node *self, socket *s, const uint8_t *text, uint32_t size)
{
    s->sent += size;
    for (uint32_t at = 0; at < size && s->phase == CONNECTED; at += DATA_MOST) {
        frame f = {DATA, s->remote, s->id, s->port, 0};
        frame_say(self, s->node, &f, text + at, lesser(DATA_MOST, size - at));
    }
}

int64_t stream_send(dasim_node *self, wait *w, socket *s, const uint8_t *text)
{
    uint32_t size = w->asked.size;
    if (s->domain == UNIX && s->phase != CONNECTED) {
        return -NOTCONN;
    }
    if (s->error == 0 && !(s->shut & OUTPUT) && s->phase == CONNECTED) {
        uint32_t part = lesser(stream_room(self, s), size - w->done);
        w->done += part;
        send_all(self, s, text + (w->done - part - w->base), part);
        bool over = w->done == size || (w->done > 0 && !socket_waits(s, &w->asked));
        return over ? w->done : BLOCKED;
    }
    if (w->done) {
        return w->done;
    }
    if (s->phase == CONNECTING) {
        return BLOCKED;
    }
    int64_t error = s->error && s->domain == INTERNET ? socket_take_error(s) : -PIPED;
    socket_state(self)->reply.flags = error == -PIPED ? SIGNAL : 0;
    return error;
}

int64_t stream_receive(dasim_node *self, const dasim_call *c, socket *s)
{
    uint32_t size = lesser(lesser((uint64_t)c->value, s->used), socket_room(self));
    if (s->domain == UNIX && s->phase != CONNECTED) {
        return -INVAL;
    }
    if (size == 0) {
        bool never = s->phase == IDLE || s->phase == LISTENING || s->phase == CLOSED;
        return s->ended          ? 0
               : s->error        ? socket_take_error(s)
               : s->shut & INPUT ? 0
               : never           ? -NOTCONN
                                 : BLOCKED;
    }
    ring_get(self, s, socket_region(self, REPLY), size);
    socket_state(self)->reply.size = size;
    s->taken += size;
    uint64_t now = s->taken + socket_room(self);
    bool local = s->node == self->id;
    if (s->remote && !s->ended && (local || now - s->told >= socket_room(self) / 2)) {
        s->told = now;
        tell(self, s, WINDOW, now);
    }
    return size;
}
