/* What the parts of channel.socket share: ../socket.c opens with the whole. */
#ifndef SOCKET_H
#define SOCKET_H

#include <dasim.h>

enum domain { UNIX = 1, INTERNET };
enum type { STREAM = 1, DATAGRAM, RAW };
enum flag { WAIT_NOT = 1, ADDRESS = 2, PAIR = 4, TRUNCATED = 8 };
enum { SIGNAL = 1 };                /* of an answer; ADDRESS: it is a name */
#define GIVE_UP (UINT32_C(1) << 31) /* the call that is under way: its time is over */
enum option { NONBLOCKING = 1, UNREAD, ERROR, NAME };
enum mask { IN = 1, OUT = 4, ERR = 8, HUP = 16, NO_FILE = 32, READ_HUP = 0x2000 };

/* Numbers of errors, as Linux has them. */
enum {
    /* clang-format off */
    PERM = 1, NOENT = 2, BADF = 9, AGAIN = 11, INVAL = 22, NFILE = 23, MFILE = 24, NOSPC = 28,
    PIPED = 32, NOSYS = 38, DESTADDRREQ = 89, MSGSIZE = 90, PROTOTYPE = 91, SOCKTNOSUPPORT = 94,
    OPNOTSUPP = 95, AFNOSUPPORT = 97, ADDRINUSE = 98, NETUNREACH = 101, CONNABORTED = 103,
    CONNRESET = 104, ISCONN = 106, NOTCONN = 107, TIMEDOUT = 110, CONNREFUSED = 111, ALREADY = 114,
    INPROGRESS = 115
    /* clang-format on */
};
#define BLOCKED INT64_MIN /* the answer of a call that has to wait */

enum {
    PROCESSES = 32,   /* per node, with children */
    DESCRIPTORS = 32, /* per process, from FIRST_DESCRIPTOR on */
    FIRST_DESCRIPTOR = 3,
    SOCKETS_MOST = 256,
    NAME_MOST = 108,
    QUEUE_MOST = 10, /* datagrams before the last one that a UNIX socket takes */
    PACKET_MOST = 65507,
    DATA_MOST = 1400, /* bytes of a frame */
    EPHEMERAL = 32768 /* the first port that is given to who does not care */
};

enum param { SOCKETS, BUFFER };

enum kind { OPEN, OPENED, DATA, WINDOW, SHUT, RESET, PACKET, NOBODY_THERE };
enum direction { INPUT = 1, OUTPUT = 2, BOTH = 3 };
enum phase { FREE, IDLE, LISTENING, CONNECTING, WAITING, CONNECTED, CLOSED };

typedef struct frame {
    uint32_t kind;
    uint32_t to, from; /* ids of sockets. OPEN, to: a port. PACKET, NOBODY_THERE: ports */
    uint32_t port;     /* OPEN: of the sender. PACKET: type + 256 * protocol */
    uint64_t value;    /* OPEN, OPENED, WINDOW: bytes allowed so far. SHUT: directions */
} frame;

typedef struct socket {
    uint32_t id; /* never used twice in a life; 0: no socket */
    uint8_t domain, type, phase;
    uint8_t shut; /* directions */
    bool ended;   /* the other end of an Internet stream has said so */
    bool fresh;   /* the outcome of its CONNECT was not told yet */
    bool nonblocking, unused;
    uint32_t users;  /* descriptors */
    uint32_t parent; /* id of the listener, until accepted */
    uint32_t backlog, protocol;
    uint32_t name;              /* its number + 1; 0: none */
    uint32_t port;              /* 0: none */
    uint32_t node, far, remote; /* the other end: node, port, id (of a UNIX datagram, too) */
    uint32_t error;             /* for the next call */
    uint32_t first, used;       /* the ring, in bytes */
    uint32_t packets;           /* in the ring */
    uint64_t sent, limit;       /* bytes so far, bytes allowed */
    uint64_t taken, told;       /* bytes read so far, bytes that the other end is allowed */
} socket;

typedef struct name {
    char text[NAME_MOST];
    uint32_t socket; /* id */
    uint32_t unlinked;
} name;

/* A call, while it is attempted. */
typedef struct wait {
    dasim_call asked;
    uint32_t op;     /* 0: the process does not wait */
    uint32_t done;   /* bytes of an OUTPUT */
    uint32_t base;   /* so many of its bytes were not kept */
    uint32_t unused; /* no padding */
} wait;

typedef struct state {
    uint32_t ids, names, waiting;
    uint32_t port;             /* the last one that was given to who did not care; 0: none so far */
    uint32_t order[PROCESSES]; /* who waits, longest first */
    wait waits[PROCESSES];
    uint16_t files[PROCESSES][DESCRIPTORS]; /* number of the socket + 1 */
    socket sockets[SOCKETS_MOST];
    name named[SOCKETS_MOST];
    dasim_call reply;
    uint8_t pool[]; /* regions; by node, frames that the transport has room for */
} state;

/* The text of `reply`, a frame, the texts of those who wait, the rings. */
enum region { REPLY, FRAME, TEXTS, RINGS = TEXTS + PROCESSES };

static inline state *socket_state(dasim_node *self)
{
    return self->state;
}

/* Bytes of a ring. */
static inline uint32_t socket_room(const dasim_node *self)
{
    return (uint32_t)self->params[BUFFER];
}

static inline uint8_t *socket_region(dasim_node *self, uint32_t which)
{
    return socket_state(self)->pool + (size_t)which * (socket_room(self) + NAME_MOST);
}

/* May the call wait? */
static inline bool socket_waits(const socket *s, const dasim_call *c)
{
    return !s->nonblocking && !(c->flags & WAIT_NOT);
}

static inline size_t socket_regions_size(const int64_t *params)
{
    size_t room = (size_t)params[BUFFER] + NAME_MOST;
    return (((size_t)params[SOCKETS] + RINGS) * room + 7) & ~(size_t)7;
}

static inline uint32_t *socket_allowed(dasim_node *self, uint32_t node)
{
    uint8_t *behind = socket_state(self)->pool + socket_regions_size(self->params);
    return (uint32_t *)(void *)behind + node;
}

static inline uint32_t lesser(uint64_t a, uint64_t b)
{
    return (uint32_t)(a < b ? a : b);
}

/* ---- socket.c: sockets and their rings */

socket *socket_find(dasim_node *self, uint32_t id);
/* A new one; NULL: there are too many. */
socket *socket_make(dasim_node *self, uint32_t domain, uint32_t type);
/* The socket of a descriptor; NULL: of none. */
socket *socket_described(dasim_node *self, const dasim_call *c);
/* Gives it the lowest descriptor that is free, which the answer names: 0; -MFILE. */
int64_t socket_describe(dasim_node *self, uint32_t process, socket *s);
/* -error, which is told once; 0: none. */
int64_t socket_take_error(socket *s);

void ring_put(dasim_node *self, socket *s, const void *bytes, uint32_t size);
/* What the next bytes are; takes them out (`to` NULL: they are lost). */
void ring_look(dasim_node *self, const socket *s, void *to, uint32_t size);
void ring_get(dasim_node *self, socket *s, void *to, uint32_t size);

/* ---- names.c */

/* The socket of a name, if it is of the type; NULL and why not. */
socket *name_find(dasim_node *self, const uint8_t *text, uint32_t size, uint32_t type,
                  int64_t *error);
/* Writes the name of the socket that has or had this id; its size. */
uint32_t name_text(dasim_node *self, uint32_t id, uint8_t *to);
int64_t name_unlink(dasim_node *self, const uint8_t *text, uint32_t size);
/* A socket of the Internet on this port, in this phase (FREE: in any). */
socket *port_find(dasim_node *self, uint32_t type, uint32_t port, uint32_t phase);
/* One that has no port gets one, the next that is free. */
void port_bind_any(dasim_node *self, socket *s);
int64_t socket_bind(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text);

/* ---- streams.c */

/* A frame for the sockets of a node; one has come. */
void frame_say(dasim_node *self, uint32_t node, const frame *f, const void *bytes, uint32_t size);
void frame_hear(dasim_node *self, uint32_t node, const frame *f, const void *bytes, uint32_t size);
/* The other end of an Internet stream is gone. */
void stream_lose(socket *s, uint32_t error);
/* The oldest connection of a listener that is complete (or is not), and how many there are. */
socket *stream_pending(dasim_node *self, const socket *l, bool complete, uint32_t *count);
int64_t stream_connect(dasim_node *self, const wait *w, socket *s, const uint8_t *text);
int64_t stream_listen(dasim_node *self, const dasim_call *c, socket *s);
int64_t stream_accept(dasim_node *self, const dasim_call *c, socket *s);
/* Bytes that may be sent now. */
uint32_t stream_room(dasim_node *self, const socket *s);
int64_t stream_send(dasim_node *self, wait *w, socket *s, const uint8_t *text);
int64_t stream_receive(dasim_node *self, const dasim_call *c, socket *s);
/* Ends directions: 1 + SHUTDOWN's value. */
int64_t socket_shut(dasim_node *self, const dasim_call *c, socket *s);
/* One descriptor less. */
void socket_close(dasim_node *self, socket *s);

/* ---- datagrams.c: datagrams and raw packets */

void datagram_hear(dasim_node *self, uint32_t node, const frame *f, const void *bytes,
                   uint32_t size);
int64_t datagram_connect(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text);
int64_t datagram_send(dasim_node *self, const dasim_call *c, socket *s, const uint8_t *text);
int64_t datagram_receive(dasim_node *self, const dasim_call *c, socket *s);
/* Would one be taken by the socket that it is connected to? */
bool datagram_is_writable(dasim_node *self, const socket *s);
uint32_t datagram_first_size(dasim_node *self, const socket *s);

#endif
