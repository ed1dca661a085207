/*
 * Mutual exclusion by a token that moves along the edges of a tree.
 *
 * After: K. Raymond, "A tree-based algorithm for distributed mutual exclusion", ACM Transactions on
 * Computer Systems 7(1), 1989, pp. 61-77.
 *
 * Idea: the nodes are a tree, in which each knows its neighbours, and which of them the token is
 * beyond. Who wants to enter puts itself into its own queue; who has a queue and not the token asks
 * the neighbour on the way to the token, once; who is asked puts that neighbour into its queue, and
 * asks on. The token comes back along the way of the requests: each node gives it to the first in
 * its queue, enters if that is itself, and asks for it again if others are left. The tree is fixed:
 * the parent of node i is (i-1) / arity, and node 0, the root, has the token first. arity 1 is a
 * line, n-1 a star.
 *
 * Cost:     2 messages for each edge between requester and token; saturated 4(n-1)/n an entry on
 *           every tree. Synchronisation delay 2(n-1)/n T in the mean when saturated; response when
 *           idle 2T for each edge.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: mutual exclusion; every request is granted; one token. Not: the order of the requests.
 */
#include <dasim.h>

enum message { REQUEST, TOKEN };

typedef struct tree_message {
    uint32_t resource;
} tree_message;

static const dasim_field tree_fields[] = {
    {"resource", DASIM_U32, offsetof(tree_message, resource), .help = "which one"},
    {0},
};

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(tree_message), tree_fields, "somebody on my side wants it"},
    [TOKEN] = {"TOKEN", sizeof(tree_message), tree_fields, "who has it may enter", .token = true},
    {0},
};

enum param { ARITY };

static const dasim_param params[] = {
    [ARITY] = {"arity", DASIM_COUNT, 2, 1, UINT32_MAX - 1, "children of a node"},
    {0},
};

/* What this node knows of one resource. Behind these, for each resource: the ring of the queue. */
typedef struct section {
    uint32_t toward;         /* neighbour that the token is beyond; this node: it is here */
    uint32_t first, waiting; /* of the queue */
    bool token;              /* is here */
    bool inside;
    bool asked; /* for the token, and it has not come yet */
    uint8_t unused;
} section;

#define SECTION(member) offsetof(section, member), DASIM_PER_RESOURCE, sizeof(section)

static const dasim_field state_fields[] = {
    {"toward", DASIM_NODE, SECTION(toward), .help = "neighbour that the token is beyond"},
    {"first", DASIM_U32, SECTION(first), .help = "where the queue's ring begins"},
    {"waiting", DASIM_U32, SECTION(waiting), .help = "neighbours in the queue, itself included"},
    {"token", DASIM_BOOL, SECTION(token), .role = "token_holder", .help = "it is here"},
    {"inside", DASIM_BOOL, SECTION(inside), .help = "the client is in its section"},
    {"asked", DASIM_BOOL, SECTION(asked), .help = "has asked, and it has not come yet"},
    {0},
};

/* The node itself, its parent and its children are in the queue once at most. */
static uint32_t ring_size(uint32_t nodes, const int64_t *given)
{
    return given[ARITY] + 2 < nodes ? (uint32_t)given[ARITY] + 2 : nodes;
}

static size_t state_size(const dasim_config *config)
{
    size_t ring = ring_size(config->nodes, config->params) * sizeof(uint32_t);
    return config->resources * (sizeof(section) + ring);
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((section *)self->state)[resource];
}

static uint32_t *ring_of(dasim_node *self, uint32_t resource)
{
    return (uint32_t *)section_of(self, self->resources) +
           (size_t)resource * ring_size(self->nodes, self->params);
}

static void append(dasim_node *self, uint32_t resource, uint32_t neighbour)
{
    section *s = section_of(self, resource);
    uint32_t size = ring_size(self->nodes, self->params);
    if (s->waiting < size) { /* more would be duplicates */
        ring_of(self, resource)[(s->first + s->waiting++) % size] = neighbour;
    }
}

static uint32_t take_first(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    uint32_t neighbour = ring_of(self, resource)[s->first];
    s->first = (s->first + 1) % ring_size(self->nodes, self->params);
    s->waiting--;
    return neighbour;
}

/* The token goes to the first in the queue, if it is here and not needed. */
static void assign_token(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    tree_message m = {resource};
    if (!s->token || s->inside || s->waiting == 0) {
        return;
    }
    s->toward = take_first(self, resource);
    s->asked = false;
    if (s->toward == self->id) {
        s->inside = true;
        dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource},
                       sizeof(dasim_lock));
    } else {
        s->token = false;
        dasim_send(self, s->toward, TOKEN, &m, sizeof m);
    }
}

/* Asks for the token, if it is needed and not here. */
static void make_request(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    tree_message m = {resource};
    if (!s->token && s->waiting > 0 && !s->asked) {
        s->asked = true;
        dasim_send(self, s->toward, REQUEST, &m, sizeof m);
    }
}

static void go_on(dasim_node *self, uint32_t resource)
{
    assign_token(self, resource);
    make_request(self, resource);
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* who comes back has forgotten all, also where the token went */
    for (uint32_t r = 0; r < self->resources; r++) {
        section *s = section_of(self, r);
        s->token = self->id == 0;
        s->toward = s->token ? self->id : (uint32_t)((self->id - 1) / self->params[ARITY]);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_lock *lock = arg;
    if (op == DASIM_ACQUIRE) {
        append(self, lock->resource, self->id);
    } else {
        section_of(self, lock->resource)->inside = false;
    }
    go_on(self, lock->resource);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const tree_message *m = message->body;
    if (message->type == REQUEST) {
        append(self, m->resource, message->from);
    } else {
        section_of(self, m->resource)->token = true;
        section_of(self, m->resource)->toward = self->id;
    }
    go_on(self, m->resource);
}

DASIM_ALGORITHM(
        .name = "raymond", .title = "mutual exclusion by a token that moves on a tree",
        .reference = "K. Raymond, ACM TOCS 7(1), 1989, pp. 61-77",
        .about =
            "The nodes are a tree; each knows which neighbour the token is beyond, and has a "
            "queue\n"
            "of neighbours that want it. Requests go toward the token, one for each edge at most,\n"
            "and the token comes back their way.",
        .provides = DASIM_MUTEX, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion",
                                          "single_token", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "4*(n-1)/n", "saturated"},
                                      {"synchronisation delay", "2*(n-1)/n*T", "saturated"},
                                      {"waiting time", "n*E+2*(n-1)*T-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message);
