/*
 * Mutual exclusion by a token that goes round a logical ring.
 *
 * After: G. Le Lann, "Distributed systems: towards a formal approach", IFIP Congress 1977, pp.
 * 155-160.
 *
 * Idea: there is one token for each resource. Who has it may enter; who does not want to, or has
 * left, hands it to its successor: node i to i+1, the last one to node 0. The token of resource r
 * starts at node r (modulo n) and goes round for ever, whether somebody wants it or not.
 *
 * Hardening, off by default (two_tokens.c is another way). The token then carries (epoch, count):
 * who made it, and the steps it has gone since. A node remembers the highest that it has seen, over
 * crashes, and refuses what is not higher: duplicates, tokens of old. Both together name a node,
 * (epoch + count) mod n, so that no two nodes ever grant with the same pair.
 *  - acknowledge: TAKEN answers TOKEN, which is sent again until then. Who does not answer is
 *    skipped (ring repair) until a message of it comes; who recovers, or misses the token for
 *    `silence`, says ALIVE.
 *  - regenerate: who misses the token for so long makes another one under a new epoch. The lowest
 *    live id comes first: node i waits i+1 times as long.
 *  - recall: before that, and instead of skipping a node that may have handed it on, all nodes give
 *    up the old token: RECALL is sent again until GIVEN_UP comes from all, or they are held dead.
 *  - fencing: each grant carries epoch << 32 | count, so that a resource can refuse a late holder.
 *
 * Cost:     1 message an entry when saturated (2 with acknowledge); idle, one for each hop, for
 *           ever. Synchronisation delay T when saturated, T to nT else; response when idle 0 to nT.
 * Assumes:  links take time (else the idle token goes round in no time); messages arrive, once, in
 *           any order; no node fails. With acknowledge and regenerate: messages are lost, doubled
 *           and overtaken, nodes crash and keep their stable storage; but `regenerate` is more than
 *           two laps, sections and repetitions included, by each clock, and who does not answer for
 *           acknowledge x retries is dead, with nothing of it under way. With recall only this.
 * Promises: mutual exclusion; every request is granted. Not: any order. Where the assumptions about
 *           time are wrong there are two tokens, and two in the section, epochs or not: then only
 *           fencing keeps the resource safe.
 */
#include <dasim.h>

enum message { TOKEN, TAKEN, RECALL, GIVEN_UP, ALIVE };

/* The plain token is its resource alone. */
typedef struct ring_message {
    uint32_t resource;
    uint32_t epoch;
    uint32_t count; /* of GIVEN_UP: 1 if not yet, a client is inside */
} ring_message;

static const dasim_field ring_fields[] = {
    {"resource", DASIM_U32, offsetof(ring_message, resource), .help = "which one"},
    {"epoch", DASIM_U32, offsetof(ring_message, epoch), .help = "modulo n: who made the token"},
    {"count", DASIM_U32, offsetof(ring_message, count), .help = "its steps; or: still inside"},
    {0},
};

static const dasim_message messages[] = {
    [TOKEN] = {"TOKEN", sizeof(ring_message), ring_fields, "who has it may enter", .token = true},
    [TAKEN] = {"TAKEN", sizeof(ring_message), ring_fields, "I have it, or refuse it: enough"},
    [RECALL] = {"RECALL", sizeof(ring_message), ring_fields, "give up what is below this epoch"},
    [GIVEN_UP] = {"GIVEN_UP", sizeof(ring_message), ring_fields, "I accept nothing below it"},
    [ALIVE] = {"ALIVE", 0, NULL, "I am here, do not skip me"},
    {0},
};

enum param { ACKNOWLEDGE, RETRIES, SILENCE, REGENERATE, RECALLS, FENCING };

#define HOUR (3600000 * DASIM_MS)

static const dasim_param params[] = {
    [ACKNOWLEDGE] = {"acknowledge", DASIM_DURATION, 0, 0, HOUR,
                     "a hand-over is repeated after so long without an answer; 0: no answers"},
    [RETRIES] = {"retries", DASIM_COUNT, 8, 1, 1000000,
                 "who has not answered so many times is taken for dead"},
    [SILENCE] = {"silence", DASIM_DURATION, 0, 0, HOUR,
                 "who has seen no token for so long tells all that it lives; 0: never"},
    [REGENERATE] = {"regenerate", DASIM_DURATION, 0, 0, HOUR,
                    "a token not seen for so long is made anew, by node 0; 0: never"},
    [RECALLS] = {"recall", DASIM_SWITCH, 0, 0, 1,
                 "all give up the old token before there is a new one (needs acknowledge)"},
    [FENCING] = {"fencing", DASIM_SWITCH, 0, 0, 1, "grants carry a fencing token"},
    {0},
};

enum timer { WAKE };

static const int64_t never = INT64_MAX;

/* What this node knows of one resource. Behind these: who is taken for dead, [node]; who has
 * answered the RECALL, [resource][node]. */
typedef struct place {
    int64_t repeat_at;   /* local time: TOKEN or RECALL is sent again */
    int64_t deadline;    /* ... the token is taken for lost */
    uint32_t passing_to; /* sent TOKEN, not answered yet; DASIM_NOBODY: none */
    uint32_t tries;
    bool token; /* is here */
    bool wanted, inside;
    bool void_after; /* ... but was given up: ends when the client leaves */
    bool recalling;  /* for the epoch in stable storage */
    uint8_t unused[3];
} place;

typedef struct state {
    int64_t call_at; /* local time: say ALIVE */
    place places[];
} state;

/* Stable: the highest token seen or promised to wait for, by (epoch, count). If the token is here
 * it is this one. */
typedef struct sight {
    uint32_t epoch, count;
} sight;

#define PLACE(member)                                                                              \
    offsetof(state, places) + offsetof(place, member), DASIM_PER_RESOURCE, sizeof(place)

static const dasim_field state_fields[] = {
    {"call_at", DASIM_TIME, offsetof(state, call_at), .help = "when it says ALIVE"},
    {"repeat_at", DASIM_TIME, PLACE(repeat_at), .help = "when it sends TOKEN or RECALL again"},
    {"deadline", DASIM_TIME, PLACE(deadline), .help = "when it takes the token for lost"},
    {"passing_to", DASIM_NODE, PLACE(passing_to), .help = "who has not acknowledged yet"},
    {"tries", DASIM_U32, PLACE(tries), .help = "how often in vain"},
    {"token", DASIM_BOOL, PLACE(token), .role = "token_holder", .help = "it is here"},
    {"wanted", DASIM_BOOL, PLACE(wanted), .help = "the client waits"},
    {"inside", DASIM_BOOL, PLACE(inside), .help = "the client is in its section"},
    {"void_after", DASIM_BOOL, PLACE(void_after), .help = "the token here was given up"},
    {"recalling", DASIM_BOOL, PLACE(recalling), .help = "waits until all have given it up"},
    {"suspected", DASIM_BOOL, DASIM_AFTER, DASIM_PER_NODE, .help = "taken for dead: skipped"},
    {"given_up", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "who has answered the RECALL"},
    {0},
};

static const dasim_field stable_fields[] = {
    {"epoch", DASIM_U32, offsetof(sight, epoch), DASIM_PER_RESOURCE, sizeof(sight),
     .help = "highest seen"},
    {"count", DASIM_U32, offsetof(sight, count), DASIM_PER_RESOURCE, sizeof(sight),
     .help = "highest seen in it"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    size_t flags = config->nodes + (size_t)config->resources * config->nodes;
    return sizeof(state) + config->resources * sizeof(place) + flags;
}

static size_t stable_size(const dasim_config *config)
{
    return config->resources * sizeof(sight);
}

static place *place_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->places[resource];
}

static sight *sight_of(dasim_node *self, uint32_t resource)
{
    return &((sight *)self->stable)[resource];
}

static bool *suspected_of(dasim_node *self)
{
    return (bool *)place_of(self, self->resources);
}

static bool *given_up_of(dasim_node *self, uint32_t resource)
{
    return suspected_of(self) + self->nodes * ((size_t)resource + 1);
}

/* Does the token carry (epoch, count)? */
static bool is_numbered(const dasim_node *self)
{
    return self->params[ACKNOWLEDGE] > 0 || self->params[REGENERATE] > 0 || self->params[FENCING];
}

static int64_t in(dasim_node *self, int64_t after)
{
    return after > 0 ? dasim_clock(self) + after : never;
}

static uint32_t distance_to(const dasim_node *self, uint32_t node)
{
    return (node + self->nodes - self->id) % self->nodes;
}

static void send(dasim_node *self, uint32_t to, enum message type, ring_message m)
{
    dasim_send(self, to, type, &m, is_numbered(self) ? sizeof m : offsetof(ring_message, epoch));
}

/* ---- the token comes and goes */

/* From now on the node waits for it. Without recall a new token must have come round before the
 * next node, too, would make one. */
static void await(dasim_node *self, uint32_t resource)
{
    int64_t after = self->params[REGENERATE];
    int64_t later = self->params[self->params[RECALLS] ? ACKNOWLEDGE : REGENERATE];
    place_of(self, resource)->deadline = after ? in(self, after + later * self->id) : never;
}

static uint32_t successor_of(dasim_node *self)
{
    uint32_t next = (self->id + 1) % self->nodes;
    while (next != self->id && suspected_of(self)[next]) {
        next = (next + 1) % self->nodes;
    }
    return next;
}

/* Once more, or for the first time. */
static void offer(dasim_node *self, uint32_t resource, uint32_t to)
{
    place *p = place_of(self, resource);
    const sight *s = sight_of(self, resource);
    ring_message m = {resource, s->epoch, s->count + distance_to(self, to)};
    send(self, to, TOKEN, m);
    if (self->params[ACKNOWLEDGE]) {
        p->passing_to = to;
        p->repeat_at = in(self, self->params[ACKNOWLEDGE]);
    }
}

static void hand_on(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    uint32_t next = successor_of(self);
    if (next == self->id) {
        return; /* nobody else lives: it stays here */
    }
    p->token = false;
    p->tries = 0;
    offer(self, resource, next);
    await(self, resource);
}

static void enter(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    const sight *s = sight_of(self, resource);
    dasim_lock lock = {.resource = resource};
    if (self->params[FENCING]) {
        lock.fencing = (uint64_t)s->epoch << 32 | s->count;
    }
    p->wanted = false;
    p->inside = true;
    dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
}

/* The token is here. */
static void arrived(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    p->token = true;
    p->recalling = p->void_after = false;
    p->passing_to = DASIM_NOBODY;
    p->repeat_at = p->deadline = never;
    if (p->wanted) {
        enter(self, resource);
    } else if (!p->inside) {
        hand_on(self, resource);
    }
}

/* It has gone round alone, over no link. */
static void came_round(dasim_node *self, uint32_t resource)
{
    sight_of(self, resource)->count += self->nodes;
    arrived(self, resource);
}

static void acquire(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    p->wanted = true;
    if (p->token && !p->inside) {
        came_round(self, resource);
    }
}

static void release(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    p->inside = false;
    if (!p->void_after) {
        hand_on(self, resource);
        return;
    }
    p->void_after = p->token = false;
    await(self, resource);
}

static void got_token(dasim_node *self, uint32_t from, const ring_message *m)
{
    sight *s = sight_of(self, m->resource);
    if (self->params[ACKNOWLEDGE]) {
        send(self, from, TAKEN, *m);
    }
    if (m->epoch < s->epoch || (m->epoch == s->epoch && m->count <= s->count)) {
        return; /* a second copy, or one of old */
    }
    DASIM_CHECK(self, ((uint64_t)m->epoch + m->count) % self->nodes == self->id);
    *s = (sight){m->epoch, m->count};
    ((state *)self->state)->call_at = in(self, self->params[SILENCE]);
    arrived(self, m->resource);
}

static void taken(dasim_node *self, uint32_t from, const ring_message *m)
{
    place *p = place_of(self, m->resource);
    const sight *s = sight_of(self, m->resource);
    if (from == p->passing_to && m->epoch == s->epoch &&
        m->count == s->count + distance_to(self, from)) {
        p->passing_to = DASIM_NOBODY;
        p->repeat_at = never;
        await(self, m->resource);
    }
}

/* ---- the token is lost */

static uint32_t next_epoch(const dasim_node *self, uint32_t after)
{
    return (after / self->nodes + 1) * self->nodes + self->id;
}

/* From now on nothing below `epoch` is accepted here, nor handed on. */
static void give_up(dasim_node *self, uint32_t resource, uint32_t epoch)
{
    place *p = place_of(self, resource);
    *sight_of(self, resource) = (sight){epoch, 0};
    p->void_after = p->token && p->inside;
    p->token = p->void_after;
    p->recalling = false;
    p->passing_to = DASIM_NOBODY;
    p->repeat_at = never;
    await(self, resource);
}

static void repeat_recall(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    bool *given_up = given_up_of(self, resource), *suspected = suspected_of(self);
    bool last = p->tries++ == self->params[RETRIES], all = true;
    ring_message m = {resource, sight_of(self, resource)->epoch, 0};
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (node == self->id || given_up[node]) {
            continue;
        }
        all = false;
        if (last) {
            suspected[node] = true;
        } else {
            send(self, node, RECALL, m);
        }
    }
    p->repeat_at = in(self, self->params[ACKNOWLEDGE]);
    if (all || last) {
        arrived(self, resource);
    }
}

/* Makes a new token here; with recall only when the old one has been given up by all. */
static void regenerate(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    give_up(self, resource, next_epoch(self, sight_of(self, resource)->epoch));
    if (!self->params[RECALLS]) {
        arrived(self, resource);
        return;
    }
    for (uint32_t node = 0; node < self->nodes; node++) {
        given_up_of(self, resource)[node] = false;
    }
    p->recalling = true;
    p->tries = 0;
    p->deadline = never;
    repeat_recall(self, resource);
}

static void recalled(dasim_node *self, uint32_t from, const ring_message *m)
{
    const place *p = place_of(self, m->resource);
    const sight *s = sight_of(self, m->resource);
    if (m->epoch > s->epoch) {
        give_up(self, m->resource, m->epoch);
    }
    send(self, from, GIVEN_UP, (ring_message){m->resource, s->epoch, p->void_after});
}

static void given_up(dasim_node *self, uint32_t from, const ring_message *m)
{
    place *p = place_of(self, m->resource);
    const sight *s = sight_of(self, m->resource);
    if (m->epoch > s->epoch) {
        give_up(self, m->resource, m->epoch); /* somebody else's recall */
    } else if (p->recalling && m->epoch == s->epoch && m->count > 0) {
        p->tries = 0; /* a live client: wait */
    } else if (p->recalling && m->epoch == s->epoch) {
        given_up_of(self, m->resource)[from] = true;
        uint32_t missing = 0;
        for (uint32_t node = 0; node < self->nodes; node++) {
            missing += node != self->id && !given_up_of(self, m->resource)[node];
        }
        if (missing == 0) {
            arrived(self, m->resource);
        }
    }
}

/* ---- nodes die and come back */

static void repeat_offer(dasim_node *self, uint32_t resource)
{
    place *p = place_of(self, resource);
    if (++p->tries < self->params[RETRIES]) {
        offer(self, resource, p->passing_to);
        return;
    }
    suspected_of(self)[p->passing_to] = true;
    if (self->params[RECALLS]) {
        regenerate(self, resource); /* it may have handed the token on before it died */
    } else {
        came_round(self, resource);
    }
}

static void heard_from(dasim_node *self, uint32_t node)
{
    if (!suspected_of(self)[node]) {
        return;
    }
    suspected_of(self)[node] = false;
    for (uint32_t r = 0; r < self->resources; r++) {
        const place *p = place_of(self, r);
        if (p->token && !p->inside) { /* it stayed because nobody else lived */
            hand_on(self, r);
        }
    }
}

static void wake(dasim_node *self)
{
    state *my = self->state;
    int64_t now = dasim_clock(self);
    if (my->call_at <= now) {
        dasim_broadcast(self, ALIVE, NULL, 0);
        my->call_at = in(self, self->params[SILENCE]);
    }
    for (uint32_t r = 0; r < self->resources; r++) {
        const place *p = place_of(self, r);
        if (p->repeat_at <= now && p->recalling) {
            repeat_recall(self, r);
        } else if (p->repeat_at <= now) {
            repeat_offer(self, r);
        } else if (p->deadline <= now) {
            regenerate(self, r);
        }
    }
}

static void arm(dasim_node *self)
{
    const state *my = self->state;
    int64_t first = my->call_at;
    for (uint32_t r = 0; r < self->resources; r++) {
        const place *p = place_of(self, r);
        first = p->repeat_at < first ? p->repeat_at : first;
        first = p->deadline < first ? p->deadline : first;
    }
    if (first < never) {
        dasim_arm(self, WAKE, first - dasim_clock(self));
    } else {
        dasim_disarm(self, WAKE);
    }
}

/* ---- every node */

static void on_boot(dasim_node *self, bool recovering)
{
    state *my = self->state;
    DASIM_CHECK(self, !self->params[RECALLS] || self->params[ACKNOWLEDGE] > 0);
    my->call_at = in(self, self->params[SILENCE]);
    for (uint32_t r = 0; r < self->resources; r++) {
        place *p = place_of(self, r);
        p->passing_to = DASIM_NOBODY;
        p->repeat_at = p->deadline = never;
        await(self, r);
        if (!recovering && self->id == r % self->nodes) {
            sight_of(self, r)->epoch = next_epoch(self, 0);
            arrived(self, r);
        }
    }
    if (recovering && self->params[ACKNOWLEDGE]) {
        dasim_broadcast(self, ALIVE, NULL, 0);
    }
    arm(self);
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
    arm(self);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const ring_message *m = message->body;
    heard_from(self, message->from);
    switch (message->type) {
    case TOKEN:
        if (is_numbered(self)) {
            got_token(self, message->from, m);
        } else {
            arrived(self, m->resource);
        }
        break;
    case TAKEN:
        taken(self, message->from, m);
        break;
    case RECALL:
        recalled(self, message->from, m);
        break;
    case GIVEN_UP:
        given_up(self, message->from, m);
        break;
    default: /* ALIVE: it was heard */
        break;
    }
    arm(self);
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    wake(self);
    arm(self);
}

DASIM_ALGORITHM(
        .name = "token_ring", .title = "mutual exclusion by a token that goes round a ring",
        .reference = "G. Le Lann, IFIP Congress 1977, pp. 155-160",
        .about =
            "A token for each resource goes round the ring 0, 1, ..., n-1 for ever; who has it\n"
            "may enter. Its loss blocks all, unless it is detected: by time-outs with epochs\n"
            "(acknowledge, regenerate, recall, fencing) or by Misra's two tokens.",
        .provides = DASIM_MUTEX, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "1", "saturated"},
                                      {"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "n*T/2", "isolated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .stable = stable_fields, .params = params,
        .timers = (const char *const[]){[WAKE] = "wake", NULL}, .state_size = state_size,
        .stable_size = stable_size, .on_boot = on_boot, .on_request = on_request,
        .on_message = on_message, .on_timer = on_timer);
