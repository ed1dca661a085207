/*
 * Mutual exclusion on a ring with a second token that tells when the first one is lost.
 *
 * After: J. Misra, "Detecting termination of distributed computations using markers", PODC 1983,
 * pp. 290-294.
 *
 * Idea: TOKEN goes round the ring as in token_ring.c: who has it may enter. PONG goes round, too,
 * and waits for nobody. Both carry the number of times that they met in a node, PONG with a minus
 * sign, and each node remembers the number that came last. Neither can pass the other but by
 * meeting it in a node, which changes both numbers. So who sees a number twice in a row knows that
 * nothing has come between: the other token has been lost, and is made anew here. No clock is
 * needed, and a token is missed after two laps of the other.
 *
 * Cost:     as the token ring, and a message for each hop of PONG, for ever.
 * Assumes:  links take time and deliver in the order of sending (FIFO): a token that overtakes the
 *           other on a link is taken for two rounds, and a second TOKEN made. Messages arrive once;
 *           one of the two may be lost at a time, not both. Nodes do not stay down: no ring repair.
 * Promises: mutual exclusion; every request is granted. Not: any order.
 */
#include <dasim.h>

enum message { TOKEN, PONG };

typedef struct ring_message {
    uint32_t resource;
    int32_t number;
} ring_message;

static const dasim_field ring_fields[] = {
    {"resource", DASIM_U32, offsetof(ring_message, resource), .help = "which one"},
    {"number", DASIM_I32, offsetof(ring_message, number), .help = "how often the two met"},
    {0},
};

static const dasim_message messages[] = {
    [TOKEN] = {"TOKEN", sizeof(ring_message), ring_fields, "who has it may enter", .token = true},
    [PONG] = {"PONG", sizeof(ring_message), ring_fields, "TOKEN was there, or I miss it"},
    {0},
};

/* What this node knows of one resource. */
typedef struct place {
    int32_t last;   /* number of the token that came last */
    int32_t number; /* of TOKEN, while it is here */
    bool token;
    bool wanted, inside;
    uint8_t unused;
} place;

typedef struct state {
    uint64_t regenerated; /* tokens made anew here */
    place places[];
} state;

#define PLACE(member)                                                                              \
    offsetof(state, places) + offsetof(place, member), DASIM_PER_RESOURCE, sizeof(place)

static const dasim_field state_fields[] = {
    {"regenerated", DASIM_U64, offsetof(state, regenerated), .help = "tokens made anew here"},
    {"last", DASIM_I32, PLACE(last), .help = "number of the token that came last"},
    {"number", DASIM_I32, PLACE(number), .help = "of TOKEN, while it is here"},
    {"token", DASIM_BOOL, PLACE(token), .role = "token_holder", .help = "TOKEN is here"},
    {"wanted", DASIM_BOOL, PLACE(wanted), .help = "the client waits"},
    {"inside", DASIM_BOOL, PLACE(inside), .help = "the client is in its section"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->resources * sizeof(place);
}

static place *place_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->places[resource];
}

static void send_on(dasim_node *self, enum message type, uint32_t resource, int32_t number)
{
    ring_message m = {resource, number};
    if (self->nodes > 1) { /* else it stays */
        dasim_send(self, (self->id + 1) % self->nodes, type, &m, sizeof m);
    }
}

static void hand_on(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    p->token = self->nodes == 1;
    send_on(self, TOKEN, resource, p->number);
}

/* TOKEN is here. */
static void arrived(dasim_node *self, uint32_t resource, int32_t number)
{
    place *p = place_of(self, resource);
    p->token = true;
    p->number = number;
    if (p->wanted) {
        p->wanted = false;
        p->inside = true;
        dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource},
                       sizeof(dasim_lock));
    } else if (!p->inside) {
        hand_on(self, resource);
    }
}

static void got_token(dasim_node *self, uint32_t resource, int32_t number)
{
    place *p = place_of(self, resource);
    if (p->last != number) {
        p->last = number;
        arrived(self, resource, number);
        return;
    }
    ((state *)self->state)->regenerated++; /* PONG is lost: here it is, and meets TOKEN */
    arrived(self, resource, number + 1);
    send_on(self, PONG, resource, -(number + 1));
}

static void got_pong(dasim_node *self, uint32_t resource, int32_t number)
{
    place *p = place_of(self, resource);
    bool token_is_lost = p->last == number && !p->token;
    p->last = number;
    if (p->token) { /* they meet */
        p->number++;
        number--;
    } else if (token_is_lost) { /* here it is, and they meet */
        ((state *)self->state)->regenerated++;
        number--;
        arrived(self, resource, -number);
    }
    send_on(self, PONG, resource, number);
}

static void on_boot(dasim_node *self, bool recovering)
{
    for (uint32_t r = 0; r < self->resources; r++) {
        if (!recovering && self->id == r % self->nodes) {
            arrived(self, r, 1);
            send_on(self, PONG, r, -1);
        }
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_lock *lock = arg;
    place *p = place_of(self, lock->resource);
    if (op == DASIM_RELEASE) {
        p->inside = false;
        hand_on(self, lock->resource);
        return;
    }
    p->wanted = true;
    if (p->token && !p->inside) { /* a single node */
        arrived(self, lock->resource, p->number);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const ring_message *m = message->body;
    if (message->type == TOKEN) {
        got_token(self, m->resource, m->number);
    } else {
        got_pong(self, m->resource, m->number);
    }
}

DASIM_ALGORITHM(
        .name = "two_tokens", .title = "mutual exclusion on a ring with Misra's two tokens",
        .reference = "J. Misra, PODC 1983, pp. 290-294",
        .about = "TOKEN goes round a ring, who has it may enter; PONG follows it. Both count how\n"
                 "often they met. Who sees a number twice in a row makes the other token anew: a\n"
                 "loss is detected without time-outs, if links are FIFO and only one was lost.",
        .provides = DASIM_MUTEX, .assumes = DASIM_FIFO | DASIM_NO_DUPLICATES,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "n*T/2", "isolated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .state_size = state_size, .on_boot = on_boot,
        .on_request = on_request, .on_message = on_message);
