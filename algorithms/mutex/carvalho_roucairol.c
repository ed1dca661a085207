/*
 * Mutual exclusion by agreement of all that have asked since: permissions are kept.
 *
 * After: O. Carvalho, G. Roucairol, "On mutual exclusion in computer networks", Communications of
 * the ACM 26(2), 1983, pp. 146-147.
 *
 * Idea: as G. Ricart and A. Agrawala's method, in which all others must have sent a REPLY; but a
 * REPLY stays good until its sender asks itself. Who wants a resource sends a REQUEST to those
 * only whose permission it does not have. Who is asked gives its permission, and loses that of the
 * other one with it, unless it is inside, or wants to enter and asked earlier by (timestamp, id):
 * then it answers when it leaves. Who wants to enter, but asked later, answers at once, and asks
 * the one that it answered, since it has that permission no longer. So for any two nodes one has
 * the permission of the other, or it is on its way: who enters again before others do asks nobody.
 *
 * Cost:     2 messages an entry for each node that has asked since one's own last entry: 0..2(n-1),
 *           n-1 in the mean one request at a time, 2(n-1) saturated. Synchronisation delay T;
 *           response when idle 2T, 0 to who entered last.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: mutual exclusion; every request is granted. Not: the order of the requests.
 */
#include <dasim.h>

enum message { REQUEST, REPLY };

typedef struct request_message {
    uint64_t timestamp;
    uint32_t resource;
    uint32_t unused;
} request_message;

typedef struct reply_message {
    uint32_t resource;
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
               (const dasim_field[]){{"resource", DASIM_U32, offsetof(reply_message, resource),
                                      .help = "which one"},
                                     {0}},
               "you may, until I ask you"},
    {0},
};

enum phase { RELEASED, WANTED, HELD };

/* What this node knows of one resource. Behind these, for each resource and node: its permission is
 * here; it gets a REPLY when this node leaves. */
typedef struct section {
    uint64_t timestamp; /* of the own request, while WANTED or HELD */
    uint32_t phase;
    uint32_t unused;
} section;

typedef struct state {
    uint64_t clock; /* Lamport's: the highest timestamp seen or used */
    section sections[];
} state;

#define SECTION(member)                                                                            \
    offsetof(state, sections) + offsetof(section, member), DASIM_PER_RESOURCE, sizeof(section)

static const dasim_field state_fields[] = {
    {"clock", DASIM_U64, offsetof(state, clock), .help = "highest timestamp seen or used"},
    {"timestamp", DASIM_U64, SECTION(timestamp), .help = "of the own request"},
    {"phase", DASIM_U32, SECTION(phase), .help = "0 released, 1 wanted, 2 held"},
    {"permitted", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "whose permission is here"},
    {"deferred", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "who gets a REPLY when this node leaves"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->resources * (sizeof(section) + 2 * (size_t)config->nodes);
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->sections[resource];
}

static bool *permitted_of(dasim_node *self, uint32_t resource)
{
    return (bool *)section_of(self, self->resources) + (size_t)resource * self->nodes;
}

static bool *deferred_of(dasim_node *self, uint32_t resource)
{
    return permitted_of(self, self->resources) + (size_t)resource * self->nodes;
}

static void ask(dasim_node *self, uint32_t to, uint32_t resource)
{
    request_message m = {.timestamp = section_of(self, resource)->timestamp, .resource = resource};
    dasim_send(self, to, REQUEST, &m, sizeof m);
}

/* With the permission given the other one's is gone. */
static void reply(dasim_node *self, uint32_t to, uint32_t resource)
{
    permitted_of(self, resource)[to] = false;
    dasim_send(self, to, REPLY, &(reply_message){resource}, sizeof(reply_message));
}

static void enter_if_permitted(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (node != self->id && !permitted_of(self, resource)[node]) {
            return;
        }
    }
    s->phase = HELD;
    dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource}, sizeof(dasim_lock));
}

static void acquire(dasim_node *self, uint32_t resource)
{
    state *my = self->state;
    section *s = section_of(self, resource);
    s->phase = WANTED;
    s->timestamp = ++my->clock;
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (node != self->id && !permitted_of(self, resource)[node]) {
            ask(self, node, resource);
        }
    }
    enter_if_permitted(self, resource);
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
    state *my = self->state;
    const section *s = section_of(self, m->resource);
    bool had_permission = permitted_of(self, m->resource)[from];
    my->clock = m->timestamp > my->clock ? m->timestamp : my->clock;
    if (s->phase == HELD || (s->phase == WANTED && precedes(self, s, m->timestamp, from))) {
        deferred_of(self, m->resource)[from] = true;
        return;
    }
    reply(self, from, m->resource);
    if (s->phase == WANTED && had_permission) { /* it was not asked */
        ask(self, from, m->resource);
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
        return;
    }
    uint32_t resource = ((const reply_message *)message->body)->resource;
    permitted_of(self, resource)[message->from] = true;
    if (section_of(self, resource)->phase == WANTED) {
        enter_if_permitted(self, resource);
    }
}

DASIM_ALGORITHM(
        .name = "carvalho_roucairol", .title = "mutual exclusion by permissions that are kept",
        .reference = "O. Carvalho, G. Roucairol, CACM 26(2), 1983, pp. 146-147",
        .about =
            "As Ricart and Agrawala's method, but a REPLY stays good until its sender asks "
            "itself:\n"
            "a REQUEST goes only to those whose permission is not here. Who enters again before\n"
            "others do asks nobody.",
        .provides = DASIM_MUTEX, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "n-1", "isolated"},
                                      {"messages per entry", "2*(n-1)", "saturated"},
                                      {"messages per entry", "0", "best"},
                                      {"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "2*T*(n-1)/n", "isolated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .state_size = state_size,
        .on_request = on_request, .on_message = on_message);
