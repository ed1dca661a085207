/*
 * Mutual exclusion by a central coordinator.
 *
 * After: A. Tanenbaum, M. van Steen, "Distributed Systems", 3rd ed., 2017, section 6.3 ("a
 * centralized algorithm").
 *
 * Idea: one node, the coordinator, keeps for each resource who holds it and a queue of who waits.
 * Who wants a resource sends it a REQUEST. If the resource is free, the coordinator answers with a
 * GRANT at once; otherwise it puts the request into the queue and stays silent: the requester is
 * blocked. The holder gives the resource back with a RELEASE, and the coordinator grants it to the
 * first in the queue. Entries are granted in the order in which requests reach the coordinator.
 *
 * Cost:     3 messages per entry (0 on the coordinator itself); synchronisation delay 2T,
 *           response when idle 2T.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: mutual exclusion; every request is granted. Not: the order of happened-before.
 *
 * This is the plain version: a lost message blocks, a duplicated RELEASE lets two in, the
 * coordinator is a single point of failure.
 */
#include <dasim.h>

enum message { REQUEST, GRANT, RELEASE };

typedef struct lock_message {
    uint32_t resource;
} lock_message;

static const dasim_field lock_message_fields[] = {
    {"resource", DASIM_U32, offsetof(lock_message, resource), .help = "which one"},
    {0},
};

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(lock_message), lock_message_fields, "may I enter?"},
    [GRANT] = {"GRANT", sizeof(lock_message), lock_message_fields, "you may"},
    [RELEASE] = {"RELEASE", sizeof(lock_message), lock_message_fields, "I have left"},
    {0},
};

enum param { COORDINATOR };

static const dasim_param params[] = {
    [COORDINATOR] = {"coordinator", DASIM_COUNT, 0, 0, UINT32_MAX - 1,
                     "id of the coordinating node (modulo the number of nodes)"},
    {0},
};

/* The coordinator's book about one resource. Behind the books: a ring of `nodes` waiting ids for
 * each resource. */
typedef struct book {
    uint32_t holder; /* DASIM_NOBODY: free */
    uint32_t first;  /* of the ring */
    uint32_t waiting;
} book;

typedef struct state {
    bool coordinates; /* this node is the coordinator */
    book books[];     /* [resource] */
} state;

static const dasim_field state_fields[] = {
    {"coordinates", DASIM_BOOL, offsetof(state, coordinates), .role = "coordinator",
     .help = "this node keeps the books"},
    {"holder", DASIM_NODE, offsetof(state, books) + offsetof(book, holder), DASIM_PER_RESOURCE,
     sizeof(book), .help = "who has the resource, by the coordinator's book"},
    {"first", DASIM_U32, offsetof(state, books) + offsetof(book, first), DASIM_PER_RESOURCE,
     sizeof(book), .help = "where the queue's ring begins"},
    {"waiting", DASIM_U32, offsetof(state, books) + offsetof(book, waiting), DASIM_PER_RESOURCE,
     sizeof(book), .help = "requests in the queue"},
    {"queue", DASIM_NODE, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE, .help = "the queue's ring"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    size_t ring = config->nodes * sizeof(uint32_t);
    return sizeof(state) + config->resources * (sizeof(book) + ring);
}

static uint32_t *ring_of(dasim_node *self, uint32_t resource)
{
    state *my = self->state;
    return (uint32_t *)&my->books[self->resources] + (size_t)resource * self->nodes;
}

static uint32_t coordinator_of(const dasim_node *self)
{
    return (uint32_t)(self->params[COORDINATOR] % self->nodes);
}

static void send(dasim_node *self, uint32_t to, enum message type, uint32_t resource)
{
    dasim_send(self, to, type, &(lock_message){resource}, sizeof(lock_message));
}

static void entered(dasim_node *self, uint32_t resource)
{
    dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource}, sizeof(dasim_lock));
}

/* ---- the coordinator */

static void grant(dasim_node *self, uint32_t to, uint32_t resource)
{
    state *my = self->state;
    my->books[resource].holder = to;
    if (to == self->id) {
        entered(self, resource);
    } else {
        send(self, to, GRANT, resource);
    }
}

static void requested(dasim_node *self, uint32_t from, uint32_t resource)
{
    state *my = self->state;
    book *b = &my->books[resource];
    if (b->holder == DASIM_NOBODY) {
        grant(self, from, resource);
    } else if (b->waiting < self->nodes) { /* more would be duplicates */
        ring_of(self, resource)[(b->first + b->waiting++) % self->nodes] = from;
    }
}

static void released(dasim_node *self, uint32_t resource)
{
    state *my = self->state;
    book *b = &my->books[resource];
    b->holder = DASIM_NOBODY;
    if (b->waiting > 0) {
        uint32_t next = ring_of(self, resource)[b->first];
        b->first = (b->first + 1) % self->nodes;
        b->waiting--;
        grant(self, next, resource);
    }
}

/* ---- every node */

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* a coordinator that comes back has forgotten its books */
    state *my = self->state;
    my->coordinates = self->id == coordinator_of(self);
    for (uint32_t r = 0; r < self->resources; r++) {
        my->books[r].holder = DASIM_NOBODY;
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_lock *lock = arg;
    state *my = self->state;
    if (op == DASIM_ACQUIRE && my->coordinates) {
        requested(self, self->id, lock->resource);
    } else if (op == DASIM_ACQUIRE) {
        send(self, coordinator_of(self), REQUEST, lock->resource);
    } else if (my->coordinates) {
        released(self, lock->resource);
    } else {
        send(self, coordinator_of(self), RELEASE, lock->resource);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const lock_message *m = message->body;
    switch (message->type) {
    case REQUEST:
        requested(self, message->from, m->resource);
        break;
    case RELEASE:
        released(self, m->resource);
        break;
    default: /* GRANT */
        entered(self, m->resource);
    }
}

DASIM_ALGORITHM(
        .name = "coordinator", .title = "mutual exclusion by a central coordinator",
        .reference = "A. Tanenbaum, M. van Steen, Distributed Systems, 3rd ed., 2017, section 6.3",
        .about =
            "One node keeps for each resource its holder and a queue of those who wait. REQUEST\n"
            "asks it, GRANT lets in, RELEASE gives back; requests are granted in the order in\n"
            "which they reach the coordinator, which is a single point of failure.",
        .provides = DASIM_MUTEX, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "3", "always"},
                                      {"synchronisation delay", "2*T", "saturated"},
                                      {"waiting time", "2*T", "isolated"},
                                      {"waiting time", "n*(E+2*T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message);
