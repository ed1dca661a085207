/*
 * Mutual exclusion by a queue that every node keeps for itself, and all keep alike.
 *
 * After: L. Lamport, "Time, clocks, and the ordering of events in a distributed system",
 * Communications of the ACM 21(7), 1978, pp. 558-565: the paper's example for logical clocks.
 *
 * Idea: each node has a queue of requests for each resource, ordered by (timestamp, node id). Who
 * wants the resource puts its request into its own queue and sends it to all others, which put it
 * into theirs and acknowledge it. It enters when its request is the first in its own queue and all
 * others have acknowledged it: no message overtakes another, so whatever was asked for earlier has
 * come by then. Who leaves takes its request out of its own queue and tells all others to do so.
 * Nobody decides: all see the same requests, order them alike, and find out alone whose turn it is.
 *
 * The paper lets any later message stand for an acknowledgement. Here it is the answer to this very
 * request, which costs nothing more (all are answered anyway) and bounds how often one who waits is
 * overtaken: another node can have one request that is acknowledged already, and one more that it
 * made before the REQUEST reached it; what it asks for afterwards is later in the order.
 *
 * Cost:     3(n-1) messages per entry; synchronisation delay T, response when idle 2T.
 * Assumes:  messages arrive, once, in the order of sending (per pair of nodes); no node fails.
 * Promises: mutual exclusion; every request is granted; in the order of (timestamp, id), hence of
 *           happened-before; while one waits no other enters more than twice.
 *
 * Ricart and Agrawala's method is this one with RELEASE and acknowledgement made one message. It
 * does without the order of messages, too: what an ACK that overtakes a REQUEST does here is in
 * scenarios/faults/lamport_reorder.lua.
 */
#include <dasim.h>

enum message { REQUEST, ACK, RELEASE };

typedef struct queue_message {
    uint64_t timestamp;
    uint32_t resource;
    uint32_t unused;
} queue_message;

static const dasim_field queue_message_fields[] = {
    {"timestamp", DASIM_U64, offsetof(queue_message, timestamp),
     .help = "logical time of sending; of a REQUEST its place in the queues"},
    {"resource", DASIM_U32, offsetof(queue_message, resource), .help = "which one"},
    {0},
};

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(queue_message), queue_message_fields, "queue me"},
    [ACK] = {"ACK", sizeof(queue_message), queue_message_fields, "your REQUEST is in my queue"},
    [RELEASE] = {"RELEASE", sizeof(queue_message), queue_message_fields, "I have left: unqueue me"},
    {0},
};

/* Behind it for each resource and node: when that node has acknowledged; for each resource: whether
 * this node is inside. */
typedef struct state {
    uint64_t clock;
    uint64_t queue[]; /* [resource][node]: timestamp of the request; 0: none */
} state;

static const dasim_field state_fields[] = {
    {"clock", DASIM_U64, offsetof(state, clock), .help = "logical time of the last event"},
    {"queue", DASIM_U64, offsetof(state, queue), DASIM_PER_RESOURCE_AND_NODE,
     .help = "timestamp of each node's request; 0: it has none"},
    {"acknowledged", DASIM_U64, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "timestamp of each node's last ACK"},
    {"inside", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE, .help = "the own client is inside"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    size_t pairs = (size_t)config->resources * config->nodes;
    return sizeof(state) + 2 * pairs * sizeof(uint64_t) + config->resources;
}

static uint64_t *queue_of(dasim_node *self, uint32_t resource)
{
    return ((state *)self->state)->queue + (size_t)resource * self->nodes;
}

static uint64_t *acknowledged_of(dasim_node *self, uint32_t resource)
{
    return queue_of(self, self->resources) + (size_t)resource * self->nodes;
}

static bool *inside_of(dasim_node *self, uint32_t resource)
{
    return (bool *)acknowledged_of(self, self->resources) + resource;
}

/* ---- the clock: it ticks at every event, and is never behind what it has heard */

static uint64_t tick(dasim_node *self)
{
    return ++((state *)self->state)->clock;
}

static void hear(dasim_node *self, uint64_t timestamp)
{
    state *my = self->state;
    my->clock = (timestamp > my->clock ? timestamp : my->clock) + 1;
}

/* ---- the queue */

/* The total order: by timestamp, equal ones by node. */
static bool precedes(uint64_t timestamp, uint32_t node, uint64_t other, uint32_t other_node)
{
    return timestamp < other || (timestamp == other && node < other_node);
}

/* Is the own request first, and does everybody know of it? */
static bool may_enter(dasim_node *self, uint32_t resource)
{
    const uint64_t *queue = queue_of(self, resource), own = queue[self->id];
    const uint64_t *acknowledged = acknowledged_of(self, resource);
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (node == self->id) {
            continue;
        }
        if (acknowledged[node] <= own ||
            (queue[node] != 0 && precedes(queue[node], node, own, self->id))) {
            return false;
        }
    }
    return true;
}

static void enter_if_first(dasim_node *self, uint32_t resource)
{
    bool *inside = inside_of(self, resource);
    if (queue_of(self, resource)[self->id] != 0 && !*inside && may_enter(self, resource)) {
        *inside = true;
        dasim_lock lock = {.resource = resource};
        dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
    }
}

/* ---- what happens */

static void acquire(dasim_node *self, uint32_t resource)
{
    queue_message m = {.timestamp = tick(self), .resource = resource};
    queue_of(self, resource)[self->id] = m.timestamp;
    dasim_broadcast(self, REQUEST, &m, sizeof m);
    enter_if_first(self, resource);
}

static void release(dasim_node *self, uint32_t resource)
{
    queue_message m = {.timestamp = tick(self), .resource = resource};
    *inside_of(self, resource) = false;
    queue_of(self, resource)[self->id] = 0;
    dasim_broadcast(self, RELEASE, &m, sizeof m);
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
    const queue_message *m = message->body;
    uint32_t from = message->from, resource = m->resource;
    hear(self, m->timestamp);
    if (message->type == REQUEST) {
        queue_of(self, resource)[from] = m->timestamp;
        queue_message ack = {.timestamp = tick(self), .resource = resource};
        dasim_send(self, from, ACK, &ack, sizeof ack);
    } else if (message->type == ACK) {
        acknowledged_of(self, resource)[from] = m->timestamp;
        enter_if_first(self, resource);
    } else { /* RELEASE */
        queue_of(self, resource)[from] = 0;
        enter_if_first(self, resource);
    }
}

DASIM_ALGORITHM(
        .name = "lamport", .title = "mutual exclusion by a queue that all nodes keep alike",
        .reference = "L. Lamport, CACM 21(7), 1978, pp. 558-565",
        .about =
            "A REQUEST with a logical timestamp goes into the queues of all nodes, which send an\n"
            "ACK. Whose request is first in its own queue, by (timestamp, id), and acknowledged\n"
            "by all enters; RELEASE takes it out of all queues. Messages must not overtake.",
        .provides = DASIM_MUTEX,
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_FIFO | DASIM_NO_CRASH,
        .promises = (const char *const[]){"bounded_bypass", "every_request_granted",
                                          "granted_in_order", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "3*(n-1)", "always"},
                                      {"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "2*T", "isolated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .state_size = state_size,
        .on_request = on_request, .on_message = on_message);
