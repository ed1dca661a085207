/*
 * Datagrams: each one is a record in the ring of its receiver. Between machines it may be lost,
 * come twice, or overtake another one; on one machine a full ring makes a UNIX sender wait, and
 * loses a packet of the Internet.
 */
#include "socket.h"

/* In the ring: this, the sender's address, the bytes. */
typedef struct record {
    uint32_t size, address;
} record;

enum { MOST_ADDRESS = NAME_MOST };

static bool enqueue(dasim_node *self, socket *s, const void *address, uint32_t address_size,
                    const void *bytes, uint32_t size)
{
    record r = {size, address_size};
    if (s->used + sizeof r + address_size + size > socket_room(self)) {
        return false;
    }
    ring_put(self, s, &r, sizeof r);
    ring_put(self, s, address, address_size);
    ring_put(self, s, bytes, size);
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

int64_t datagram_receive(dasim_node *self, const dasim_call *c, socket *s)
{
    dasim_call *reply = &socket_state(self)->reply;
    uint8_t *text = socket_region(self, REPLY), address[MOST_ADDRESS];
    record r;
    if (s->error) {
        return socket_take_error(s);
    }
    if (s->packets == 0) {
        bool waits = !s->nonblocking && !(c->flags & WAIT_NOT);
        return (s->shut & INPUT) && waits ? 0 : BLOCKED;
    }
    ring_get(self, s, &r, sizeof r);
    ring_get(self, s, address, r.address);
    uint32_t size = lesser((uint64_t)c->value, r.size);
    ring_get(self, s, text, size);
    ring_get(self, s, NULL, r.size - size);
    s->packets--;
    reply->flags = size < r.size ? TRUNCATED : 0;
    reply->size = size;
    if (c->flags & ADDRESS) {
        __builtin_memcpy(text + size, address, r.address);
        reply->size += r.address;
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
    if (size > socket_room(self) - sizeof(record) - MOST_ADDRESS) {
        return -MSGSIZE;
    }
    if (!given && s->remote == 0) {
        return -NOTCONN;
    }
    if (s->error) {
        return socket_take_error(s);
    }
    if (s->shut & OUTPUT) {
        return -PIPED;
    }
    socket *to =
        given ? name_find(self, text, name_size, DATAGRAM, &error) : socket_find(self, s->remote);
    if (to == NULL) {
        s->remote = given ? s->remote : 0;
        return error;
    }
    if (!hears(to, s) || (to->shut & INPUT)) {
        return hears(to, s) ? -PIPED : -PERM;
    }
    const char *from = s->name ? socket_state(self)->named[s->name - 1].text : "";
    uint32_t length = 0;
    while (from[length]) {
        length++;
    }
    bool taken = !is_full(to, s) && enqueue(self, to, from, length, text + name_size, size);
    return taken ? size : BLOCKED;
}

/* ---- Internet */

void datagram_hear(dasim_node *self, uint32_t node, const frame *f, const void *bytes,
                   uint32_t size)
{
    int64_t address = (int64_t)node << 16 | f->from;
    uint32_t type = f->port & 255;
    for (uint32_t i = 0; type == RAW && i < self->params[SOCKETS]; i++) {
        socket *s = &socket_state(self)->sockets[i];
        if (s->id && s->domain == INTERNET && s->type == RAW && s->protocol == f->port >> 8 &&
            (s->phase == IDLE || s->node == node)) {
            enqueue(self, s, &address, sizeof address, bytes, size);
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
        enqueue(self, s, &address, sizeof address, bytes, size);
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
    if (c->size > lesser(PACKET_MOST, socket_room(self) - sizeof(record) - sizeof c->value)) {
        return -MSGSIZE;
    }
    if (!given && s->phase != CONNECTED) {
        return -DESTADDRREQ;
    }
    if (port == 0 && s->type == DATAGRAM) {
        return -INVAL;
    }
    if (node >= self->nodes || (node != self->id && !dasim_has(self, DASIM_TRANSPORT))) {
        return -NETUNREACH;
    }
    if (s->error) {
        return socket_take_error(s);
    }
    if (s->shut & OUTPUT) {
        return -PIPED;
    }
    frame f = {.kind = PACKET, .to = port, .port = s->type | s->protocol << 8};
    if (s->type == DATAGRAM) {
        port_bind_any(self, s);
        f.from = s->port;
    }
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
