/*
 * Mutual exclusion by a token that goes to who asks for it: broadcast of requests.
 *
 * After: I. Suzuki, T. Kasami, "A distributed mutual exclusion algorithm", ACM Transactions on
 * Computer Systems 3(4), 1985, pp. 344-349.
 *
 * Idea: who has the token may enter, as often as it likes. Who wants it sends all others a REQUEST
 * with the number of its request: 1, 2, ... Each node remembers the highest number that it has
 * heard of each other. The token carries the number of the last request of each node that was
 * served, and a queue of nodes: who leaves appends all whose latest request is the next one after
 * that, and sends the token to the first. So an old request is known for what it is, and none is
 * forgotten. Who has the token and does not need it sends it to the next who asks. Node 0 has it
 * first.
 *
 * Cost:     0 messages an entry to the holder, else n (n-1 REQUEST, 1 TOKEN); n-1 in the mean, one
 *           request at a time. Synchronisation delay T; response when idle 2T, 0 to the holder.
 * Assumes:  messages arrive, once, in any order; no node fails. At most 1024 nodes: the token
 *           carries two numbers for each.
 * Promises: mutual exclusion; every request is granted; one token. Not: the order of the requests.
 *
 * `regenerate` (off by default) is a naive time-out for lost tokens: where it is shorter than a
 * wait can be, there are two.
 */
#include <dasim.h>

enum message { REQUEST, TOKEN };
enum { NODES_MOST = 1024 };

typedef struct request_message {
    uint32_t resource;
    uint32_t number;
} request_message;

typedef struct token {
    uint32_t resource;
    uint32_t waiting;   /* nodes in the queue */
    uint32_t numbers[]; /* served[n]; the queue */
} token;

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(request_message),
                 (const dasim_field[]){{"resource", DASIM_U32, offsetof(request_message, resource),
                                        .help = "which one"},
                                       {"number", DASIM_U32, offsetof(request_message, number),
                                        .help = "of the requests of this node"},
                                       {0}},
                 "I want the token"},
    [TOKEN] = {"TOKEN", sizeof(token) + 2 * NODES_MOST * sizeof(uint32_t),
               (const dasim_field[]){{"resource", DASIM_U32, offsetof(token, resource),
                                      .help = "which one"},
                                     {"waiting", DASIM_U32, offsetof(token, waiting),
                                      .help = "nodes in the queue"},
                                     {"served", DASIM_U32, offsetof(token, numbers), DASIM_PER_NODE,
                                      .help = "requests of each node"},
                                     {0}},
               "who has it may enter", .token = true},
    {0},
};

/* What this node knows of one resource. Behind these, for each resource: requested[n], the highest
 * number heard of; and the token, with what it carried when it was here last. */
typedef struct section {
    bool has_token;
    bool wanted, inside;
    uint8_t unused;
} section;

#define SECTION(member) offsetof(section, member), DASIM_PER_RESOURCE, sizeof(section)

static const dasim_field state_fields[] = {
    {"token", DASIM_BOOL, SECTION(has_token), .role = "token_holder", .help = "it is here"},
    {"wanted", DASIM_BOOL, SECTION(wanted), .help = "the client waits"},
    {"inside", DASIM_BOOL, SECTION(inside), .help = "the client is in its section"},
    {"requested", DASIM_U32, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE, .help = "highest heard of"},
    {0},
};

static size_t token_size(uint32_t nodes)
{
    return sizeof(token) + 2 * nodes * sizeof(uint32_t);
}

static size_t state_size(const dasim_config *config)
{
    size_t requested = config->nodes * sizeof(uint32_t);
    return config->resources * (sizeof(section) + requested + token_size(config->nodes));
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((section *)self->state)[resource];
}

static uint32_t *requested_of(dasim_node *self, uint32_t resource)
{
    return (uint32_t *)section_of(self, self->resources) + (size_t)resource * self->nodes;
}

enum param { REGENERATE };

static const dasim_param params[] = {
    [REGENERATE] = {"regenerate", DASIM_DURATION, 0, 0, INT64_C(3600000) * DASIM_MS,
                    "who has waited so long takes the token for lost and makes another; 0: never"},
    {0},
};

enum timer { MISSED };

static token *token_of(dasim_node *self, uint32_t resource)
{
    unsigned char *tokens = (unsigned char *)requested_of(self, self->resources);
    return (token *)(void *)(tokens + resource * token_size(self->nodes));
}

static void enter(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    s->wanted = false;
    s->inside = true;
    dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource}, sizeof(dasim_lock));
}

/* The token, to the first in its queue. */
static void hand_on(dasim_node *self, uint32_t resource)
{
    token *t = token_of(self, resource);
    uint32_t *queue = t->numbers + self->nodes, to = queue[0];
    t->resource = resource;
    t->waiting--;
    for (uint32_t i = 0; i < t->waiting; i++) {
        queue[i] = queue[i + 1];
    }
    section_of(self, resource)->has_token = false;
    dasim_send(self, to, TOKEN, t, sizeof *t + (self->nodes + t->waiting) * sizeof(uint32_t));
}

/* Into the queue, if its latest request is the next to be served. */
static void append(dasim_node *self, uint32_t resource, uint32_t node)
{
    token *t = token_of(self, resource);
    uint32_t *queue = t->numbers + self->nodes;
    bool waits = requested_of(self, resource)[node] == t->numbers[node] + 1;
    for (uint32_t i = 0; i < t->waiting; i++) {
        waits = waits && queue[i] != node;
    }
    if (waits) {
        queue[t->waiting++] = node;
    }
}

static void acquire(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    request_message m = {resource, ++requested_of(self, resource)[self->id]};
    s->wanted = true;
    if (s->has_token) {
        enter(self, resource);
    } else {
        dasim_broadcast(self, REQUEST, &m, sizeof m);
        if (self->params[REGENERATE] > 0) {
            dasim_arm(self, MISSED, self->params[REGENERATE]);
        }
    }
}

/* A new token, of which nobody else knows: as if all had been served but their last requests. */
static void regenerate(dasim_node *self, uint32_t resource)
{
    token *t = token_of(self, resource);
    const uint32_t *requests = requested_of(self, resource);
    t->waiting = 0;
    for (uint32_t node = 0; node < self->nodes; node++) {
        t->numbers[node] = requests[node] - (requests[node] > 0);
    }
    section_of(self, resource)->has_token = true;
    enter(self, resource);
}

static void release(dasim_node *self, uint32_t resource)
{
    token *t = token_of(self, resource);
    section_of(self, resource)->inside = false;
    t->numbers[self->id] = requested_of(self, resource)[self->id];
    for (uint32_t i = 1; i < self->nodes; i++) {
        append(self, resource, (self->id + i) % self->nodes);
    }
    if (t->waiting > 0) {
        hand_on(self, resource);
    }
}

static void requested(dasim_node *self, uint32_t from, const request_message *m)
{
    const section *s = section_of(self, m->resource);
    uint32_t *highest = &requested_of(self, m->resource)[from];
    *highest = m->number > *highest ? m->number : *highest;
    if (s->has_token && !s->inside) { /* and does not need it */
        append(self, m->resource, from);
        if (token_of(self, m->resource)->waiting > 0) {
            hand_on(self, m->resource);
        }
    }
}

static void got_token(dasim_node *self, const token *m)
{
    token *t = token_of(self, m->resource);
    t->waiting = m->waiting;
    for (uint32_t i = 0; i < self->nodes + m->waiting; i++) {
        t->numbers[i] = m->numbers[i];
    }
    section_of(self, m->resource)->has_token = true;
    if (section_of(self, m->resource)->wanted) {
        enter(self, m->resource);
    }
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* who comes back has forgotten all, also where the token went */
    DASIM_CHECK(self, self->nodes <= NODES_MOST);
    for (uint32_t r = 0; r < self->resources; r++) {
        section_of(self, r)->has_token = self->id == 0;
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
        got_token(self, message->body);
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    for (uint32_t r = 0; r < self->resources; r++) {
        if (section_of(self, r)->wanted) {
            regenerate(self, r);
        }
    }
}

DASIM_ALGORITHM(
        .name = "suzuki_kasami", .title = "mutual exclusion by a token and broadcast requests",
        .reference = "I. Suzuki, T. Kasami, ACM TOCS 3(4), 1985, pp. 344-349",
        .about = "Who wants the token sends all others a numbered REQUEST. The token carries the "
                 "number\n"
                 "of each node's last request that was served, and a queue; who leaves appends all "
                 "that\n"
                 "have asked since and sends it to the first. Its holder enters without a message.",
        .provides = DASIM_MUTEX, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion",
                                          "single_token", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "n-1", "isolated"},
                                      {"messages per entry", "n", "saturated"},
                                      {"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "2*T*(n-1)/n", "isolated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params,
        .timers = (const char *const[]){[MISSED] = "missed", NULL}, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message,
        .on_timer = on_timer);
