/*
 * Datagrams: each one is a record in the ring of its receiver. Between machines it may be lost,
 * come twice, or overtake another one; on one machine a full ring makes a UNIX sender wait, and
 * loses a packet of the Internet.
 */
#include "socket.h"

/* In the ring: this, and the bytes. */
typedef struct record {
    uint32_t size;
    uint32_t node, from; /* the sender's port; UNIX: its id */
} record;

static bool enqueue(dasim_node *self, socket *s, record r, const void *bytes)
{
    if (s->used + sizeof r + r.size > socket_room(self)) {
        return false;
    }
    ring_put(self, s, &r, sizeof r);
    ring_put(self, s, bytes, r.size);
    s->packets++;
    return true;
}

uint32_t datagram_first_size(dasim_node *self, const socket *s)
{
    record r = {0};
    if (s->packets) {
        ring_look(self, s, &r, sizeof r);
    }
    return r.size;
}

/* Writes the sender's address; its size. The name is that of now. */
static uint32_t address_of(dasim_node *self, const socket *s, const record *r, uint8_t *to)
{
    if (s->domain == UNIX) {
        return name_text(self, r->from, to);
    }
    int64_t address = (int64_t)r->node << 16 | r->from;
    __builtin_memcpy(to, &address, sizeof address);
    return sizeof address;
}

int64_t datagram_receive(dasim_node *self, const dasim_call *c, socket *s)
{
    dasim_call *reply = &socket_state(self)->reply;
    uint8_t *text = socket_region(self, REPLY);
    record r;
    if (s->error) {
        return socket_take_error(s);
    }
    if (s->packets == 0) {
        return (s->shut & INPUT) && socket_waits(s, c) ? 0 : BLOCKED;
    }
    ring_get(self, s, &r, sizeof r);
    uint32_t size = lesser((uint64_t)c->value, r.size);
    ring_get(self, s, text, size);
    ring_get(self, s, NULL, r.size - size);
    s->packets--;
    reply->flags = size < r.size ? TRUNCATED : 0;
    reply->size = size;
    if (c->flags & ADDRESS) {
        reply->flags |= s->domain == UNIX ? ADDRESS : 0;
        reply->size += address_of(self, s, &r, text + size);
    }
    return c->flags & TRUNCATED ? r.size : size;
}

/* ---- UNIX */

/* May it send to this one? Who is connected hears nobody else. */
static bool hears(const socket *s, const socket *from)
{
    return s->remote == 0 || s->remote == from->id;
}

static bool is_full(const socket *s, const socket *from)
{
    return s->remote != from->id && s->packets > QUEUE_MOST;
}

bool datagram_is_writable(dasim_node *self, const socket *s)
{
    const socket *to = s->domain == UNIX ? socket_find(self, s->remote) : NULL;
    return to == NULL || !is_full(to, s);
}

static int64_t send_to_name(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text)
{
    bool given = c->flags & ADDRESS;
    uint32_t name_size = given ? lesser((uint64_t)c->value, c->size) : 0;
    uint32_t size = c->size - name_size;
    int64_t error = -CONNREFUSED;
    if (size > socket_room(self) - sizeof(record)) {
        return -MSGSIZE;
    }
    if (s->error) {
        return socket_take_error(s);
    }
    if (s->shut & OUTPUT) {
        return -PIPED;
    }
    if (!given && s->remote == 0) {
        return -NOTCONN;
    }
    socket *to =
        given ? name_find(self, text, name_size, DATAGRAM, &error) : socket_find(self, s->remote);
    if (to == NULL && !given) { /* it is gone, and with it what came from it */
        s->remote = s->first = s->used = s->packets = 0;
        s->phase = IDLE;
    }
    if (to == NULL) {
        return error;
    }
    if (!hears(to, s) || (to->shut & INPUT)) {
        return hears(to, s) ? -PIPED : -PERM;
    }
    record r = {size, self->id, s->id};
    bool taken = !is_full(to, s) && enqueue(self, to, r, text + name_size);
    return taken ? size : BLOCKED;
}

/* ---- Internet */

void datagram_hear(dasim_node *self, uint32_t node, const frame *f, const void *bytes,
                   uint32_t size)
{
    uint32_t type = f->port & 255;
    record r = {size, node, f->from};
    for (uint32_t i = 0; type == RAW && i < self->params[SOCKETS]; i++) {
        socket *s = &socket_state(self)->sockets[i];
        if (s->id && s->domain == INTERNET && s->type == RAW && s->protocol == f->port >> 8 &&
            (s->phase == IDLE || s->node == node)) {
            enqueue(self, s, r, bytes);
        }
    }
    if (type == RAW) {
        return;
    }
    socket *s = port_find(self, DATAGRAM, f->to, FREE);
    bool is_its = s && s->phase == CONNECTED && s->node == node && s->far == f->from;
    if (f->kind == NOBODY_THERE) {
        if (is_its) {
            s->error = CONNREFUSED;
        }
    } else if (is_its || (s && s->phase == IDLE)) {
        enqueue(self, s, r, bytes);
    } else {
        frame no = {.kind = NOBODY_THERE, .to = f->from, .from = f->to, .port = f->port};
        frame_say(self, node, &no, NULL, 0);
    }
}

static int64_t send_to_port(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text)
{
    bool given = c->flags & ADDRESS;
    uint64_t node = given ? (uint64_t)c->value >> 16 : s->node;
    uint32_t port = given ? (uint32_t)c->value & 65535 : s->far;
    if (s->type == DATAGRAM) {
        port_bind_any(self, s); /* even if nothing is sent */
    }
    if (!given && s->phase != CONNECTED) {
        return c->size > 65535 ? -MSGSIZE : -DESTADDRREQ;
    }
    if (port == 0 && s->type == DATAGRAM) {
        return -INVAL;
    }
    if (node >= self->nodes || (node != self->id && !dasim_has(self, DASIM_TRANSPORT))) {
        return -NETUNREACH;
    }
    if (c->size > lesser(PACKET_MOST, socket_room(self) - sizeof(record))) {
        return -MSGSIZE;
    }
    if (s->error) {
        return socket_take_error(s);
    }
    if (s->shut & OUTPUT) {
        return -PIPED;
    }
    frame f = {PACKET, port, s->port, s->type | s->protocol << 8, 0};
    frame_say(self, (uint32_t)node, &f, text, c->size);
    return c->size;
}

/* ---- both */

int64_t datagram_send(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text)
{
    return s->domain == UNIX ? send_to_name(self, c, s, text) : send_to_port(self, c, s, text);
}

int64_t datagram_connect(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text)
{
    int64_t error;
    if (s->domain == UNIX) {
        const socket *to = name_find(self, text, c->size, DATAGRAM, &error);
        if (to == NULL || !hears(to, s)) {
            return to ? -PERM : error;
        }
        s->remote = to->id;
    } else {
        if ((uint64_t)c->value >> 16 >= self->nodes) {
            return -NETUNREACH;
        }
        s->node = (uint32_t)(c->value >> 16);
        s->far = (uint32_t)c->value & 65535;
        if (s->type == DATAGRAM) {
            port_bind_any(self, s);
        }
    }
    s->phase = CONNECTED;
    return 0;
}
