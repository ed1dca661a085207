/*
 * Where a socket is found: by a name in the file system of its machine, or by a port. A name stays
 * when its socket is closed, until it is unlinked, as files do.
 */
#include "socket.h"

static name *look_up(dasim_node *self, const uint8_t *text, uint32_t size)
{
    state *my = self->state;
    for (uint32_t i = 0; i < my->names && size < NAME_MOST; i++) {
        name *n = &my->named[i];
        if (!n->unlinked && n->text[size] == 0 && __builtin_memcmp(n->text, text, size) == 0) {
            return n;
        }
    }
    return NULL;
}

socket *name_find(dasim_node *self, const uint8_t *text, uint32_t size, uint32_t type,
                  int64_t *error)
{
    const name *n = look_up(self, text, size);
    socket *s = n ? socket_find(self, n->socket) : NULL;
    *error = n == NULL ? -NOENT : s == NULL ? -CONNREFUSED : s->type != type ? -PROTOTYPE : 0;
    return *error ? NULL : s;
}

uint32_t name_text(dasim_node *self, uint32_t id, uint8_t *to)
{
    const state *my = self->state;
    uint32_t size = 0;
    for (uint32_t i = 0; i < my->names; i++) {
        for (const char *text = my->named[i].text; my->named[i].socket == id && *text; text++) {
            to[size++] = (uint8_t)*text;
        }
    }
    return size;
}

int64_t name_unlink(dasim_node *self, const uint8_t *text, uint32_t size)
{
    name *n = look_up(self, text, size);
    if (n) {
        n->unlinked = 1;
    }
    return n ? 0 : -NOENT;
}

socket *port_find(dasim_node *self, uint32_t type, uint32_t port, uint32_t phase)
{
    for (uint32_t i = 0; i < self->params[SOCKETS]; i++) {
        socket *s = &socket_state(self)->sockets[i];
        if (s->id && s->domain == INTERNET && s->type == type && s->port == port &&
            (phase == FREE || s->phase == phase)) {
            return s;
        }
    }
    return NULL;
}

void port_bind_any(dasim_node *self, socket *s)
{
    state *my = self->state;
    while (s->port == 0) {
        my->port = my->port < EPHEMERAL || my->port == 65535 ? EPHEMERAL : my->port + 1;
        s->port = port_find(self, s->type, my->port, FREE) ? 0 : my->port;
    }
}

static int64_t bind_to_name(dasim_node *self, socket *s, const uint8_t *text, uint32_t size)
{
    state *my = self->state;
    uint32_t i = my->names;
    if (size == 0 || size >= NAME_MOST) {
        return -INVAL;
    }
    if (look_up(self, text, size) || s->name) { /* a name that is taken is noticed first */
        return look_up(self, text, size) ? -ADDRINUSE : -INVAL;
    }
    if (my->names < self->params[SOCKETS]) {
        my->names++;
    } else { /* one that nobody uses any more */
        i = 0;
        while (i < my->names &&
               (!my->named[i].unlinked || socket_find(self, my->named[i].socket))) {
            i++;
        }
    }
    if (i == self->params[SOCKETS]) {
        return -NOSPC;
    }
    my->named[i] = (name){.socket = s->id};
    __builtin_memcpy(my->named[i].text, text, size);
    s->name = i + 1;
    return 0;
}

int64_t socket_bind(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text)
{
    uint32_t port = (uint32_t)c->value;
    if (s->domain == UNIX) {
        return bind_to_name(self, s, text, c->size);
    }
    if (s->port || s->phase != IDLE || c->value < 0 || c->value > 65535) {
        return -INVAL;
    }
    if (port && port_find(self, s->type, port, FREE)) {
        return -ADDRINUSE;
    }
    s->port = port;
    port_bind_any(self, s);
    return 0;
}
