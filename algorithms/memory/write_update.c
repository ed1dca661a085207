/*
 * Distributed shared memory: every node has a copy of everything, and every change is told to all.
 *
 * After: H. Attiya, J. Welch, "Sequential consistency versus linearizability", ACM Transactions on
 * Computer Systems 12(2), 1994, pp. 91-122: local reads, writes through a total order (here, of a
 * sequencer). Without the order it is the full-replication scheme of M. Stumm, S. Zhou, "Algorithms
 * implementing distributed shared memory", IEEE Computer 23(5), 1990.
 *
 * Idea: reading is looking at one's own copy, and costs nothing. Who writes changes its own copy
 * and broadcasts the UPDATE; the others do as it says, in the order in which updates reach them.
 * That order is another one at each node: of two concurrent writes to one object each may be the
 * last one somewhere, for ever. With `acknowledge` a write is done when all have done it; still,
 * everybody may see two of them in its own order. With a `sequencer` a write goes to one node, who
 * tells all, the writer too; that is everybody's order, and the write is done when it comes back.
 *
 * Cost:     no message to read; n-1 to write, 2(n-1) acknowledged; with a sequencer 1+(n-1), or n-1
 *           where it writes itself, 2T.
 * Assumes:  messages arrive, once; no node fails; with a sequencer, in the order of sending.
 * Promises: every access is completed. With a sequencer sequential consistency; without, not even
 *           that all agree on one object. There may be several writers at any time.
 */
#include <dasim.h>

enum message { SUBMIT, UPDATE, APPLIED };

typedef struct change {
    uint64_t value;
    uint32_t object;
    uint32_t writer;
    uint32_t tag; /* of the writer's access */
    uint32_t unused;
} change;

static const dasim_field change_fields[] = {
    {"object", DASIM_U32, offsetof(change, object), .help = "which one"},
    {"value", DASIM_U64, offsetof(change, value), .help = "what it becomes"},
    {"writer", DASIM_NODE, offsetof(change, writer), .help = "who writes"},
    {0},
};

typedef struct acknowledgement {
    uint32_t object;
    uint32_t tag;
} acknowledgement;

static const dasim_field applied_fields[] = {
    {"object", DASIM_U32, offsetof(acknowledgement, object), .help = "which one"},
    {0},
};

static const dasim_message messages[] = {
    [SUBMIT] = {"SUBMIT", sizeof(change), change_fields, "give this change its place"},
    [UPDATE] = {"UPDATE", sizeof(change), change_fields, "change your copy"},
    [APPLIED] = {"APPLIED", sizeof(acknowledgement), applied_fields, "it is changed"},
    {0},
};

enum param { SEQUENCER, AT, ACKNOWLEDGE };

static const dasim_param params[] = {
    [SEQUENCER] = {"sequencer", DASIM_SWITCH, 0, 0, 1, "one node gives all changes their order"},
    [AT] = {"at", DASIM_COUNT, 0, 0, UINT32_MAX - 1, "its id (modulo the number of nodes)"},
    [ACKNOWLEDGE] = {"acknowledge", DASIM_SWITCH, 0, 0, 1,
                     "a write is done when all have done it (without a sequencer)"},
    {0},
};

enum { PENDING_MOST = 32 };

/* A write of the client that is not done yet. */
typedef struct pending {
    dasim_access its;
    uint32_t missing; /* acknowledgements */
    uint32_t unused;
} pending;

typedef struct state {
    bool orders; /* this node is the sequencer */
    uint8_t unused[3];
    uint32_t count;
    pending writes[PENDING_MOST];
    uint64_t values[]; /* by object */
} state;

static const dasim_field state_fields[] = {
    {"orders", DASIM_BOOL, offsetof(state, orders), .role = "coordinator",
     .help = "this node is the sequencer"},
    {"pending", DASIM_U32, offsetof(state, count), .help = "writes that are not done yet"},
    {"value", DASIM_U64, offsetof(state, values), DASIM_PER_RESOURCE, .help = "of the object"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->resources * sizeof(uint64_t);
}

static void apply(dasim_node *self, const change *c)
{
    ((state *)self->state)->values[c->object] = c->value;
}

/* Number `i` of the pending writes is done. */
static void done(dasim_node *self, uint32_t i)
{
    state *my = self->state;
    dasim_indicate(self, DASIM_WRITE_DONE, &my->writes[i].its, sizeof(dasim_access));
    my->count--;
    for (; i < my->count; i++) {
        my->writes[i] = my->writes[i + 1];
    }
    my->writes[my->count] = (pending){0};
}

/* Which pending write is this? None: their number. */
static uint32_t find(const state *my, uint32_t tag, uint32_t object)
{
    uint32_t i = 0;
    while (i < my->count && (my->writes[i].its.tag != tag || my->writes[i].its.object != object)) {
        i++;
    }
    return i;
}

/* ---- writing */

/* The sequencer: whatever comes next here comes next everywhere. */
static void order(dasim_node *self, const change *c)
{
    apply(self, c);
    dasim_broadcast(self, UPDATE, c, sizeof *c);
    if (c->writer == self->id) {
        done(self, find(self->state, c->tag, c->object));
    }
}

static void write(dasim_node *self, const dasim_access *its)
{
    state *my = self->state;
    change c = {.value = its->value, .object = its->object, .writer = self->id, .tag = its->tag};
    bool waits = self->params[ACKNOWLEDGE] && self->nodes > 1;
    DASIM_CHECK(self, my->count < PENDING_MOST);
    if (my->count == PENDING_MOST) {
        return;
    }
    my->writes[my->count++] = (pending){.its = *its, .missing = self->nodes - 1};
    if (my->orders) {
        order(self, &c);
    } else if (self->params[SEQUENCER]) {
        dasim_send(self, (uint32_t)(self->params[AT] % self->nodes), SUBMIT, &c, sizeof c);
    } else {
        apply(self, &c);
        dasim_broadcast(self, UPDATE, &c, sizeof c);
        if (!waits) {
            done(self, my->count - 1);
        }
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    dasim_access its = *(const dasim_access *)arg;
    if (op == DASIM_WRITE) {
        write(self, &its);
    } else {
        its.value = ((state *)self->state)->values[its.object];
        dasim_indicate(self, DASIM_READ_DONE, &its, sizeof its);
    }
}

/* ---- what others write */

static void updated(dasim_node *self, const change *c)
{
    state *my = self->state;
    apply(self, c);
    if (c->writer == self->id) { /* it has come back */
        uint32_t i = find(my, c->tag, c->object);
        if (i < my->count && my->writes[i].its.value == c->value) {
            done(self, i);
        }
    } else if (self->params[ACKNOWLEDGE] && !self->params[SEQUENCER]) {
        acknowledgement m = {c->object, c->tag};
        dasim_send(self, c->writer, APPLIED, &m, sizeof m);
    }
}

static void applied(dasim_node *self, const acknowledgement *m)
{
    state *my = self->state;
    uint32_t i = find(my, m->tag, m->object);
    if (i < my->count && --my->writes[i].missing == 0) {
        done(self, i);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    switch (message->type) {
    case SUBMIT:
        order(self, message->body);
        break;
    case UPDATE:
        updated(self, message->body);
        break;
    default: /* APPLIED */
        applied(self, message->body);
    }
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* who comes back has forgotten what it knew, and is told only what is new */
    state *my = self->state;
    my->orders = self->params[SEQUENCER] && self->params[AT] % self->nodes == self->id;
}

DASIM_ALGORITHM(
        .name = "write_update",
        .title = "shared memory: a copy everywhere, every change told to all",
        .reference = "H. Attiya, J. Welch, ACM TOCS 12(2), 1994, pp. 91-122; M. Stumm, S. Zhou, "
                     "IEEE Computer 23(5), 1990",
        .about =
            "Reading is local. A write is broadcast, and each node does what it is told in the\n"
            "order in which it hears of it, which is another one everywhere; with a sequencer it\n"
            "is one order for all, and a write is done when it has come back to its writer.",
        .provides = DASIM_MEMORY,
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_FIFO | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_access_completed", NULL},
        .costs = (const dasim_cost[]){{"messages per read", "0", "always"},
                                      {"messages per write", "n-1", "always"},
                                      {"messages per write, acknowledged", "2*(n-1)", "always"},
                                      {"messages per write, with a sequencer", "1+(n-1)", "always"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message);
