/*
 * dasim.h: the contract between the simulator and an algorithm.
 *
 * An algorithm is one C file that includes only this header, fills one DASIM_ALGORITHM(...), and
 * is built as a shared object: algorithms/README.md does it step by step. It describes itself
 * (messages, state, parameters) and reacts: the kernel calls its handlers, one at a time, and they
 * call the functions at the end of this file. Rules that hold everywhere:
 *  - One copy of the module serves all nodes: everything an algorithm remembers lives in its state
 *    (lost in a crash, zeroed at every boot) or its stable storage (zeroed once, kept over
 *    crashes). Both must be free of pointers. Static variables are refused.
 *  - A handler runs to completion at one instant and is never re-entered. What it asks of other
 *    components on its node happens after it has returned, in the order it asked.
 *  - Times are int64_t ns on the node's own clock, which may drift. True time is not to be had.
 *  - A module links against nothing: rand(), time(), malloc() fail to link. memcpy(), memmove(),
 *    memset() and memcmp() are there, because compilers call them unasked.
 */
#ifndef DASIM_H
#define DASIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DASIM_MAGIC 0x4D534144u /* "DASM" */
#define DASIM_ABI 1u            /* changes whenever a structure of this file does */

#define DASIM_NOBODY UINT32_MAX /* no node */
#define DASIM_MS INT64_C(1000000)

typedef struct dasim_node dasim_node;

/* ------------------------------------------------------------------ services and their requests
 * A component *provides* a service to those above it (or to the clients) and may *use* those of
 * components below. Requests go down, indications come up. Terms: Cachin, Guerraoui, Rodrigues,
 * "Introduction to Reliable and Secure Distributed Programming", 2nd ed., 2011. */
typedef enum dasim_service {
    DASIM_NO_SERVICE,  /* ends a list */
    DASIM_APPLICATION, /* acts by itself: no requests, no indications */
    DASIM_MUTEX,       /* mutual exclusion over config.resources resources */
    DASIM_ELECTION,    /* one leader known to all */
    DASIM_MEMORY,      /* distributed shared memory */
    DASIM_CHANNEL,     /* pipes, sockets, memory within a machine: what processes ask a kernel */
    DASIM_DETECTOR,    /* which nodes are suspected to have crashed; takes no requests */
    DASIM_TRANSPORT,   /* frames between nodes: each one arrives once, in order */
    DASIM_SERVICES     /* how many there are */
} dasim_service;

/* DASIM_MUTEX. At most one request or lock per client and resource; a LOST one is not released. */
enum { DASIM_ACQUIRE = 1, DASIM_RELEASE = 2 };          /* requests */
enum { DASIM_GRANTED = 1, DASIM_LOST, DASIM_DEADLOCK }; /* entered; lease over; waits in a cycle */
typedef struct dasim_lock {
    uint32_t resource, reserved; /* 0 .. resources-1; 0 */
    uint64_t fencing;            /* GRANTED: token, larger at each grant of the resource; 0: none */
} dasim_lock;

/* DASIM_ELECTION. ELECT: the current leader is suspected; LEADER: this node takes him for it. */
enum { DASIM_ELECT = 1, DASIM_LEADER = 1 }; /* a request without argument; an indication */
typedef struct dasim_leader {
    uint32_t leader, reserved; /* id; 0 */
    uint64_t term;             /* larger at each election; 0 where the algorithm knows no terms */
} dasim_leader;

/* DASIM_DETECTOR. Indications about a node: its id, a uint32_t. */
enum { DASIM_SUSPECT = 1, DASIM_RESTORE = 2 };

/* DASIM_CHANNEL: system calls of the processes of a node, as POSIX names them; a process has one
 * under way at most. The answer is an indication of the same number, at once or later. What a
 * module knows, and what value and flags mean there, stands in its file; the rest is ENOSYS. */
enum { DASIM_FORK = 1, DASIM_EXIT, DASIM_CLOSE, DASIM_DUP, DASIM_OPTION, DASIM_SELECT };
enum { DASIM_PIPE = 16, DASIM_MKFIFO, DASIM_OPEN, DASIM_INPUT, DASIM_OUTPUT }; /* read, write */
enum { DASIM_SOCKET = 32, DASIM_BIND, DASIM_LISTEN, DASIM_CONNECT, DASIM_ACCEPT, DASIM_SHUTDOWN };
enum { DASIM_ATTACH = 48, DASIM_DETACH, DASIM_LOAD, DASIM_STORE, DASIM_WAIT, DASIM_POST };
typedef struct dasim_call {
    uint32_t process;     /* of its node: 0, 1, ... */
    int32_t descriptor;   /* file, socket or segment; -1: none */
    int64_t value;        /* asked: a count, an address, ...; answered: the result, or -errno */
    uint32_t flags, size; /* size: bytes of text, right behind this structure */
} dasim_call;

/* DASIM_TRANSPORT: a dasim_call each, `process` is the other node. OUTPUT, INPUT there: a frame.
 * Told: OUTPUT, `value` frames have room; CLOSE, what was under way is lost, `value` is why. */

/* DASIM_MEMORY: config.resources objects, 0 at first. `tag` tells a client's accesses apart. */
enum { DASIM_READ = 1, DASIM_WRITE, DASIM_READ_DONE = 1, DASIM_WRITE_DONE }; /* DONE: in effect */
typedef struct dasim_access {
    uint32_t object, tag; /* 0 .. resources-1; the client's, handed back */
    uint64_t value;       /* WRITE: to be written; READ_DONE: what was read */
} dasim_access;

/* --------------------------------------------------------------------- what a module declares */

/* What a scenario says of the world: handed to state_size and stable_size. */
typedef struct dasim_config {
    uint32_t nodes;        /* 1 or more */
    uint32_t resources;    /* locks of a lock service, objects of a memory; 1 or more */
    const int64_t *params; /* one value per declared parameter, within least..most */
} dasim_config;

/* BOOL: one byte, 0 or 1. NODE: uint32_t, an id or DASIM_NOBODY. TIME: int64_t, local ns. */
typedef enum dasim_type {
    /* clang-format off */
    DASIM_BOOL, DASIM_U8, DASIM_U16, DASIM_U32, DASIM_U64, DASIM_I32, DASIM_I64, DASIM_NODE,
    DASIM_TIME, DASIM_TYPES
    /* clang-format on */
} dasim_type;

/* How many values a field has, where the number depends on the scenario. */
#define DASIM_PER_NODE UINT32_C(0xFFFFFF01)
#define DASIM_PER_RESOURCE UINT32_C(0xFFFFFF02)
#define DASIM_PER_RESOURCE_AND_NODE UINT32_C(0xFFFFFF03) /* [resource][node] */

/* One field of a message body, of the state or of the stable storage, for traces, scenarios and
 * viewers. Value number i is at byte offset + i * stride. */
typedef struct dasim_field {
    const char *name; /* [a-z][a-z0-9_]*; NULL ends a list */
    dasim_type type;
    uint32_t offset;  /* bytes from the start, or DASIM_AFTER */
    uint32_t count;   /* values; 0 is read as 1; or DASIM_PER_... */
    uint32_t stride;  /* bytes from one value to the next; 0: the size of the type */
    const char *role; /* what the node is where the value is not 0 ("leader"): faults aim at it */
    const char *help;
} dasim_field;

#define DASIM_AFTER UINT32_MAX /* right behind the field declared before it, aligned */

/* A message type; its index in `messages` is its number. No padding in bodies: name the gaps. */
typedef struct dasim_message {
    const char *name;          /* [A-Z][A-Z0-9_]*; NULL ends the list */
    uint32_t size;             /* bytes of the longest body, 0 .. 65536 */
    const dasim_field *fields; /* of the body; NULL: none */
    const char *help;
    bool token; /* carries the token of the resource in its field `resource`; without one: of 0 */
} dasim_message;

/* A plain number; false or true; ns, written "250ms" in scenarios; parts per billion, written "1%"
 * or "50ppm"; written "4KiB". */
typedef enum dasim_unit {
    /* clang-format off */
    DASIM_COUNT, DASIM_SWITCH, DASIM_DURATION, DASIM_RATIO, DASIM_BYTES, DASIM_UNITS
    /* clang-format on */
} dasim_unit;

/* A parameter that a scenario may set. Its index in `params` is its number. */
typedef struct dasim_param {
    const char *name; /* [a-z][a-z0-9_]*; NULL ends the list */
    dasim_unit unit;
    int64_t value, least, most; /* the default and the bounds, in the unit; both ends allowed */
    const char *help;
} dasim_param;

/* A published cost in Lua: n nodes, T (delay), E (time in section), H(n) = 1 + 1/2 + ... + 1/n. */
typedef struct dasim_cost {
    const char *measure; /* "messages per entry"; NULL ends the list */
    const char *formula; /* "2*(n-1)" */
    const char *when;    /* "always", "isolated", "saturated", "best", "mean", "worst" */
} dasim_cost;

/* What an algorithm takes for granted of the world. */
enum {
    DASIM_RELIABLE = 1,        /* every message arrives */
    DASIM_NO_DUPLICATES = 2,   /* ... once */
    DASIM_FIFO = 4,            /* ... in the order of sending, per pair of nodes */
    DASIM_NO_CRASH = 8,        /* nodes do not fail */
    DASIM_SEES_CORRUPTION = 16 /* a wish: hand me corrupted messages, flagged, do not lose them */
};

typedef struct dasim_envelope {
    uint32_t from, type, size; /* node id; index in `messages`; bytes of the body */
    bool corrupted;
    const void *body; /* aligned to 16; valid until the handler returns */
} dasim_envelope;

typedef struct dasim_algorithm {
    uint32_t magic, abi, size; /* filled by DASIM_ALGORITHM */
    const char *name;          /* [a-z][a-z0-9_]*, as in the file's name */
    const char *title;         /* one line */
    const char *reference;     /* the paper or book it follows */
    const char *about;         /* the idea, in a few lines; what `dasim doc` prints */
    dasim_service provides;
    const dasim_service *uses;    /* ends with DASIM_NO_SERVICE; NULL: none */
    const dasim_service *may_use; /* the same, where the scenario gives one: dasim_has() */
    uint32_t assumes;             /* DASIM_RELIABLE | ... */
    const char *const *promises;  /* names of properties that hold under `assumes`; NULL-ended */
    const dasim_cost *costs;      /* NULL: none; so with all lists below */
    const dasim_message *messages;
    const dasim_field *state, *stable;
    const dasim_param *params;
    const char *const *timers; /* names; the index is the timer's number; NULL-ended */
    /* Bytes that one node needs, by the configuration alone; at most 1 GiB. NULL: none. */
    size_t (*state_size)(const dasim_config *config);
    size_t (*stable_size)(const dasim_config *config);
    void (*on_boot)(dasim_node *self, bool recovering); /* for the first time, or again */
    /* The component above (or a client) asks; a component below, providing `from`, tells. */
    void (*on_request)(dasim_node *self, uint32_t op, const void *arg, size_t size);
    void (*on_indication)(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size);
    void (*on_message)(dasim_node *self, const dasim_envelope *message);
    void (*on_timer)(dasim_node *self, uint32_t timer);
} dasim_algorithm;

/* Defines the one symbol that a module exports. */
#define DASIM_ALGORITHM(...)                                                                       \
    __attribute__((visibility("default"))) extern const dasim_algorithm dasim_module;              \
    const dasim_algorithm dasim_module = {.magic = DASIM_MAGIC,                                    \
                                          .abi = DASIM_ABI,                                        \
                                          .size = sizeof(dasim_algorithm),                         \
                                          __VA_ARGS__}

/* ------------------------------------------------- what a handler may call: the functions below */
typedef struct dasim_api {
    void (*send)(dasim_node *self, uint32_t to, uint32_t type, const void *body, size_t size);
    void (*broadcast)(dasim_node *self, uint32_t type, const void *body, size_t size);
    void (*arm)(dasim_node *self, uint32_t timer, int64_t after);
    void (*disarm)(dasim_node *self, uint32_t timer);
    int64_t (*clock)(dasim_node *self);
    uint64_t (*random)(dasim_node *self, uint64_t bound);
    const uint32_t *(*neighbours)(dasim_node *self, uint32_t *count);
    void (*request)(dasim_node *self, dasim_service service, uint32_t op, const void *arg,
                    size_t size);
    void (*indicate)(dasim_node *self, uint32_t op, const void *arg, size_t size);
    void (*fail)(dasim_node *self, const char *condition, uint32_t line);
} dasim_api;

struct dasim_node {
    const dasim_api *api;
    void *state;           /* state_size bytes, aligned to 16 */
    void *stable;          /* stable_size bytes, aligned to 16 */
    const int64_t *params; /* by number */
    uint32_t id;           /* 0 .. nodes-1 */
    uint32_t nodes;
    uint32_t resources;
    uint32_t below; /* bit per service that a component below provides to this one */
};

/* Send what is declared; to oneself it travels in no time, over no link. The body is copied. */
static inline void dasim_send(dasim_node *self, uint32_t to, uint32_t type, const void *body,
                              size_t size)
{
    self->api->send(self, to, type, body, size);
}

/* Send to every other node, in the order of their ids: nodes - 1 messages. */
static inline void dasim_broadcast(dasim_node *self, uint32_t type, const void *body, size_t size)
{
    self->api->broadcast(self, type, body, size);
}

/* on_timer comes once, `after` ns (0 or more) later by the node's clock. Arming again replaces. */
static inline void dasim_arm(dasim_node *self, uint32_t timer, int64_t after)
{
    self->api->arm(self, timer, after);
}

static inline void dasim_disarm(dasim_node *self, uint32_t timer)
{
    self->api->disarm(self, timer);
}

/* The node's own clock. Never runs backwards, unless the scenario steps it. */
static inline int64_t dasim_clock(dasim_node *self)
{
    return self->api->clock(self);
}

/* A number in 0 .. bound-1 from this node's own stream; bound 0 stands for 2^64. */
static inline uint64_t dasim_random(dasim_node *self, uint64_t bound)
{
    return self->api->random(self, bound);
}

/* The nodes that this one has a link to, in ascending order; NULL with count nodes - 1: all. */
static inline const uint32_t *dasim_neighbours(dasim_node *self, uint32_t *count)
{
    return self->api->neighbours(self, count);
}

/* Did the scenario give this component one of the services that it may use? */
static inline bool dasim_has(const dasim_node *self, dasim_service service)
{
    return self->below >> service & 1;
}

/* Ask the nearest component below that provides it. Arguments, here too: 1 MiB at most. */
static inline void dasim_request(dasim_node *self, dasim_service service, uint32_t op,
                                 const void *arg, size_t size)
{
    self->api->request(self, service, op, arg, size);
}

/* Tell those above, or the client. */
static inline void dasim_indicate(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    self->api->indicate(self, op, arg, size);
}

/* The algorithm's own belief: if false, the run ends after this handler, which goes on: return. */
#define DASIM_CHECK(self, condition)                                                               \
    ((condition) ? (void)0 : (self)->api->fail((self), #condition, __LINE__))

#endif
