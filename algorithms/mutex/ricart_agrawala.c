/*
 * Mutual exclusion by agreement of all: the fully distributed method.
 *
 * After: G. Ricart, A. Agrawala, "An optimal algorithm for mutual exclusion in computer networks",
 * Communications of the ACM 24(1), 1981, pp. 9-17.
 *
 * Idea: who wants a resource sends a REQUEST with the time of its logical clock to all others and
 * enters when all have sent a REPLY. Who is asked replies at once, unless it is in the section
 * itself or wants it, too, and asked earlier: then it defers the REPLY until it leaves. "Earlier"
 * is the total order of (timestamp, node id), after L. Lamport, "Time, clocks, and the ordering of
 * events in a distributed system", CACM 21(7), 1978: equal timestamps are decided by the id. So of
 * any two who want the resource exactly one waits for the other.
 *
 * The paper puts the clock into the REQUEST only. Then a request can be older than what its node
 * has heard of by way of REPLYs, and the order of timestamps is not that of happened-before. Here
 * every message carries the clock, as Lamport has it.
 *
 * Cost:     2(n-1) messages per entry; synchronisation delay T, response when idle 2T.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: mutual exclusion; every request is granted; in the order of (timestamp, id), hence of
 *           happened-before.
 */
#include <dasim.h>

enum message { REQUEST, REPLY };

typedef struct request_message {
    uint64_t timestamp;
    uint32_t resource;
    uint32_t unused;
} request_message;

typedef struct reply_message {
    uint64_t clock;
    uint32_t resource;
    uint32_t unused;
} reply_message;

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(request_message),
                 (const dasim_field[]){{"timestamp", DASIM_U64,
                                        offsetof(request_message, timestamp),
                                        .help = "logical time of the request"},
                                       {"resource", DASIM_U32, offsetof(request_message, resource),
                                        .help = "which one"},
                                       {0}},
                 "may I enter?"},
    [REPLY] = {"REPLY", sizeof(reply_message),
               (const dasim_field[]){{"clock", DASIM_U64, offsetof(reply_message, clock),
                                      .help = "logical time of the reply"},
                                     {"resource", DASIM_U32, offsetof(reply_message, resource),
                                      .help = "which one"},
                                     {0}},
               "you may, as far as I am concerned"},
    {0},
};

enum phase { RELEASED, WANTED, HELD };

/* What this node knows of one resource. Behind these: a deferred flag for each node. */
typedef struct section {
    uint64_t timestamp; /* of the own request, while WANTED or HELD */
    uint32_t phase;
    uint32_t missing; /* replies that have not come, while WANTED */
} section;

typedef struct state {
    uint64_t clock; /* Lamport's: the highest timestamp seen or used */
    section sections[];
} state;

#define SECTION_FIELD(member) offsetof(state, sections) + offsetof(section, member)

static const dasim_field state_fields[] = {
    {"clock", DASIM_U64, offsetof(state, clock), .help = "highest timestamp seen or used"},
    {"timestamp", DASIM_U64, SECTION_FIELD(timestamp), DASIM_PER_RESOURCE, sizeof(section),
     .help = "of the own request"},
    {"phase", DASIM_U32, SECTION_FIELD(phase), DASIM_PER_RESOURCE, sizeof(section),
     .help = "0 released, 1 wanted, 2 held"},
    {"missing", DASIM_U32, SECTION_FIELD(missing), DASIM_PER_RESOURCE, sizeof(section),
     .help = "replies that have not come yet"},
    {"deferred", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "who gets a REPLY when this node leaves"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->resources * (sizeof(section) + config->nodes);
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->sections[resource];
}

static bool *deferred_of(dasim_node *self, uint32_t resource)
{
    return (bool *)section_of(self, self->resources) + (size_t)resource * self->nodes;
}

static void reply(dasim_node *self, uint32_t to, uint32_t resource)
{
    const state *my = self->state;
    reply_message m = {.clock = my->clock, .resource = resource};
    dasim_send(self, to, REPLY, &m, sizeof m);
}

/* Lamport's rule: the own clock is never behind what it has heard. */
static void hear(dasim_node *self, uint64_t clock)
{
    state *my = self->state;
    my->clock = clock > my->clock ? clock : my->clock;
}

static void enter(dasim_node *self, uint32_t resource)
{
    section_of(self, resource)->phase = HELD;
    dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource}, sizeof(dasim_lock));
}

static void acquire(dasim_node *self, uint32_t resource)
{
    state *my = self->state;
    section *s = section_of(self, resource);
    s->phase = WANTED;
    s->timestamp = ++my->clock;
    s->missing = self->nodes - 1;
    request_message m = {.timestamp = s->timestamp, .resource = resource};
    dasim_broadcast(self, REQUEST, &m, sizeof m);
    if (s->missing == 0) { /* nobody to ask */
        enter(self, resource);
    }
}

static void release(dasim_node *self, uint32_t resource)
{
    bool *deferred = deferred_of(self, resource);
    section_of(self, resource)->phase = RELEASED;
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (deferred[node]) {
            deferred[node] = false;
            reply(self, node, resource);
        }
    }
}

/* Is this node's own request earlier in the total order? */
static bool precedes(const dasim_node *self, const section *s, uint64_t timestamp, uint32_t from)
{
    return s->timestamp < timestamp || (s->timestamp == timestamp && self->id < from);
}

static void requested(dasim_node *self, uint32_t from, const request_message *m)
{
    const section *s = section_of(self, m->resource);
    hear(self, m->timestamp);
    if (s->phase == HELD || (s->phase == WANTED && precedes(self, s, m->timestamp, from))) {
        deferred_of(self, m->resource)[from] = true;
    } else {
        reply(self, from, m->resource);
    }
}

static void replied(dasim_node *self, const reply_message *m)
{
    section *s = section_of(self, m->resource);
    hear(self, m->clock);
    if (s->phase == WANTED && --s->missing == 0) {
        enter(self, m->resource);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_lock *lock = arg;
    if (op == DASIM_ACQUIRE) {
        acquire(self, lock->resource);
    } else {
        release(self, lock->resource);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    if (message->type == REQUEST) {
        requested(self, message->from, message->body);
    } else {
        replied(self, message->body);
    }
}

DASIM_ALGORITHM(
        .name = "ricart_agrawala", .title = "mutual exclusion by agreement of all nodes",
        .reference = "G. Ricart, A. Agrawala, CACM 24(1), 1981, pp. 9-17",
        .about =
            "A REQUEST with a logical timestamp goes to all others; the section is entered when\n"
            "all have sent a REPLY. Who wants the resource itself and asked earlier, by\n"
            "(timestamp, id), or is in the section defers its REPLY until it leaves.",
        .provides = DASIM_MUTEX, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "granted_in_order",
                                          "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "2*(n-1)", "always"},
                                      {"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "2*T", "isolated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .state_size = state_size,
        .on_request = on_request, .on_message = on_message);
