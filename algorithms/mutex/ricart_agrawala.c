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
 * every message carries the clock, as Lamport has it. It also bounds how often one who waits is
 * overtaken by one other node: once with a request that it has agreed to already, and once with
 * one that was made before the other heard of this one; the REPLY to that tells it.
 *
 * Cost:     2(n-1) messages per entry; synchronisation delay T, response when idle 2T.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: mutual exclusion; every request is granted; in the order of (timestamp, id), hence of
 *           happened-before; while one waits no other enters more than twice.
 *
 * Hardening. Off by default; each parameter includes `echo`, and so does a failure detector.
 *  - echo: a REPLY says which request it answers, and each node's counts once; of two requests of
 *    one node the later one stays deferred. Copies of old messages do no harm any more.
 *  - request_timeout: who has not replied is asked again. Lost messages, cuts and partitions then
 *    only take time.
 *  - stable_clock: the clock is in stable storage, written before any message that follows from it.
 *    Who comes back without it asks with timestamps earlier than what it has agreed to: two are
 *    inside. Nothing else need be kept: a crash ends what the node wanted and held, and what it had
 *    deferred is asked for again. Who finds its stable storage empty (a lost disk) neither asks nor
 *    answers ever again: it cannot know what it has agreed to.
 *  - failure_detector: suspected nodes leave the membership. Their REPLYs are not waited for, and
 *    they get none until they are restored. Who was left out and then asks with an earlier
 *    timestamp goes first, and must agree after all.
 *  - rejoin_after: who comes back asks for nothing that long. With a detector it must exceed the
 *    detectors' time-out plus the longest delay: a suspicion of the node's former life that comes
 *    late would leave it out while it holds others' REPLYs.
 *
 * What holds when, for any order of messages, any delays and drifting clocks:
 *
 *   messages      nodes                  with                      holds
 *   twice         live                   echo                      all promises
 *   + lost, cut   live                   request_timeout           all promises
 *   + lost, cut   crash, all come back   + stable_clock            all promises
 *   + lost        crash, some for good   + detector that suspects  all promises; order and bypass
 *                                        nobody who lives, and     not towards who has just come
 *                                        rejoin_after              back and keeps quiet
 *   any           a disk is lost         stable_clock              exclusion and order: all wait
 *   any           live, are suspected    a detector                no exclusion: a partition, a
 *                                                                  pause or a short time-out lets
 *                                                                  two in
 */
#include <dasim.h>

enum message { REQUEST, REPLY };

typedef struct request_message {
    uint64_t timestamp;
    uint32_t resource;
    uint32_t unused;
    uint64_t clock; /* later than `timestamp` where it is asked again; the plain one ends before */
} request_message;

typedef struct reply_message {
    uint64_t clock;
    uint32_t resource;
    uint32_t unused;
    uint64_t timestamp; /* echo; the plain one ends before */
} reply_message;

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(request_message),
                 (const dasim_field[]){{"timestamp", DASIM_U64,
                                        offsetof(request_message, timestamp),
                                        .help = "logical time of the request"},
                                       {"resource", DASIM_U32, offsetof(request_message, resource),
                                        .help = "which one"},
                                       {"clock", DASIM_U64, offsetof(request_message, clock),
                                        .help = "logical time of sending (echo)"},
                                       {0}},
                 "may I enter?"},
    [REPLY] = {"REPLY", sizeof(reply_message),
               (const dasim_field[]){{"clock", DASIM_U64, offsetof(reply_message, clock),
                                      .help = "logical time of the reply"},
                                     {"resource", DASIM_U32, offsetof(reply_message, resource),
                                      .help = "which one"},
                                     {"timestamp", DASIM_U64, offsetof(reply_message, timestamp),
                                      .help = "of the request that it answers (echo)"},
                                     {0}},
               "you may, as far as I am concerned"},
    {0},
};

enum param { ECHO, REQUEST_TIMEOUT, STABLE_CLOCK, REJOIN_AFTER };

#define HOUR (INT64_C(3600000) * DASIM_MS)

static const dasim_param params[] = {
    [ECHO] = {"echo", DASIM_SWITCH, 0, 0, 1, "REPLYs say what they answer, and count once"},
    [REQUEST_TIMEOUT] = {"request_timeout", DASIM_DURATION, 0, 0, HOUR,
                         "ask those again that have not replied; 0: never"},
    [STABLE_CLOCK] = {"stable_clock", DASIM_SWITCH, 0, 0, 1, "the clock survives a crash"},
    [REJOIN_AFTER] = {"rejoin_after", DASIM_DURATION, 0, 0, HOUR,
                      "who recovers asks for nothing that long; with a detector more than its "
                      "time-out"},
    {0},
};

enum timer { RETRY, REJOIN };

enum phase { RELEASED, WANTED, HELD };

/* What another node has said to the own request, while WANTED. */
enum standing { AGREED, OWES, LEFT_OUT /* suspected: not waited for */ };

/* What this node knows of one resource. */
typedef struct section {
    uint64_t timestamp; /* of the own request, while WANTED or HELD */
    uint32_t phase;
    uint32_t missing; /* replies that have not come, while WANTED */
} section;

/* Behind the sections: for each resource and node the timestamp that is deferred and the standing;
 * for each node whether it is suspected. */
typedef struct state {
    uint64_t clock; /* Lamport's: the highest timestamp seen or used */
    uint8_t retrying, resting, amnesic;
    uint8_t unused[5];
    section sections[];
} state;

/* What survives a crash. */
typedef struct memory {
    uint64_t clock;
    uint64_t kept; /* 1; 0 where the storage was lost */
} memory;

#define SECTION_FIELD(member) offsetof(state, sections) + offsetof(section, member)

static const dasim_field state_fields[] = {
    {"clock", DASIM_U64, offsetof(state, clock), .help = "highest timestamp seen or used"},
    {"resting", DASIM_BOOL, offsetof(state, resting), .help = "rejoin_after is not over"},
    {"amnesic", DASIM_BOOL, offsetof(state, amnesic), .help = "stays out: its storage was lost"},
    {"timestamp", DASIM_U64, SECTION_FIELD(timestamp), DASIM_PER_RESOURCE, sizeof(section),
     .help = "of the own request"},
    {"phase", DASIM_U32, SECTION_FIELD(phase), DASIM_PER_RESOURCE, sizeof(section),
     .help = "0 released, 1 wanted, 2 held"},
    {"missing", DASIM_U32, SECTION_FIELD(missing), DASIM_PER_RESOURCE, sizeof(section),
     .help = "replies that have not come yet"},
    {"deferred", DASIM_U64, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "timestamp of the request that gets a REPLY when this node leaves; 0: none"},
    {"standing", DASIM_U8, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "to the own request: 0 agreed, 1 owes a REPLY, 2 left out"},
    {"suspected", DASIM_BOOL, DASIM_AFTER, DASIM_PER_NODE, .help = "by the failure detector"},
    {0},
};

static const dasim_field stable_fields[] = {
    {"clock", DASIM_U64, offsetof(memory, clock), .help = "stable_clock: as in the state"},
    {"kept", DASIM_U64, offsetof(memory, kept), .help = "0: the storage was lost"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    size_t pairs = (size_t)config->resources * config->nodes;
    return sizeof(state) + config->resources * sizeof(section) + pairs * (sizeof(uint64_t) + 1) +
           config->nodes;
}

static size_t stable_size(const dasim_config *config)
{
    (void)config;
    return sizeof(memory);
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->sections[resource];
}

static uint64_t *deferred_of(dasim_node *self, uint32_t resource)
{
    return (uint64_t *)section_of(self, self->resources) + (size_t)resource * self->nodes;
}

static uint8_t *standing_of(dasim_node *self, uint32_t resource)
{
    return (uint8_t *)deferred_of(self, self->resources) + (size_t)resource * self->nodes;
}

static bool *suspected_of(dasim_node *self)
{
    return (bool *)standing_of(self, self->resources);
}

/* Does a REPLY say what it answers? */
static bool echoes(const dasim_node *self)
{
    return self->params[ECHO] || self->params[REQUEST_TIMEOUT] || self->params[STABLE_CLOCK] ||
           self->params[REJOIN_AFTER] || dasim_has(self, DASIM_DETECTOR);
}

/* Lamport's rule: the own clock is never behind what it has heard. */
static void hear(dasim_node *self, uint64_t clock)
{
    state *my = self->state;
    my->clock = clock > my->clock ? clock : my->clock;
    if (self->params[STABLE_CLOCK]) {
        ((memory *)self->stable)->clock = my->clock;
    }
}

/* ---- who wants to enter */

static void ask(dasim_node *self, uint32_t node, uint32_t resource)
{
    const state *my = self->state;
    request_message m = {section_of(self, resource)->timestamp, resource, 0, my->clock};
    if (!my->resting) {
        dasim_send(self, node, REQUEST, &m,
                   echoes(self) ? sizeof m : offsetof(request_message, clock));
    }
}

/* Asks all that have not replied. */
static void ask_missing(dasim_node *self, uint32_t resource)
{
    const uint8_t *standing = standing_of(self, resource);
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (standing[node] == OWES) {
            ask(self, node, resource);
        }
    }
}

static void retry_later(dasim_node *self)
{
    state *my = self->state;
    if (self->params[REQUEST_TIMEOUT] > 0 && !my->retrying) {
        my->retrying = true;
        dasim_arm(self, RETRY, self->params[REQUEST_TIMEOUT]);
    }
}

static void enter_if_agreed(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    if (s->phase == WANTED && s->missing == 0) {
        s->phase = HELD;
        dasim_lock lock = {.resource = resource};
        dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
    }
}

static void acquire(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    uint8_t *standing = standing_of(self, resource);
    hear(self, ((const state *)self->state)->clock + 1);
    s->phase = WANTED;
    s->timestamp = ((const state *)self->state)->clock;
    s->missing = 0;
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (node != self->id) {
            standing[node] = suspected_of(self)[node] ? LEFT_OUT : OWES;
            s->missing += standing[node] == OWES;
        }
    }
    ask_missing(self, resource);
    retry_later(self);
    enter_if_agreed(self, resource);
}

static void replied(dasim_node *self, uint32_t from, const reply_message *m)
{
    section *s = section_of(self, m->resource);
    uint8_t *standing = &standing_of(self, m->resource)[from];
    hear(self, m->clock);
    if (s->phase != WANTED ||
        (echoes(self) && (m->timestamp != s->timestamp || *standing != OWES))) {
        return;
    }
    *standing = AGREED;
    s->missing--;
    enter_if_agreed(self, m->resource);
}

/* ---- who is asked */

static void reply(dasim_node *self, uint32_t to, uint32_t resource, uint64_t timestamp)
{
    const state *my = self->state;
    reply_message m = {my->clock, resource, 0, timestamp};
    dasim_send(self, to, REPLY, &m, echoes(self) ? sizeof m : offsetof(reply_message, timestamp));
}

/* Is this node's own request earlier in the total order? */
static bool precedes(const dasim_node *self, const section *s, uint64_t timestamp, uint32_t from)
{
    return s->timestamp < timestamp || (s->timestamp == timestamp && self->id < from);
}

/* Replies to a request or defers it. */
static void consider(dasim_node *self, uint32_t from, uint32_t resource, uint64_t timestamp)
{
    section *s = section_of(self, resource);
    uint64_t *deferred = &deferred_of(self, resource)[from];
    uint8_t *standing = &standing_of(self, resource)[from];
    if (s->phase == HELD || (s->phase == WANTED && precedes(self, s, timestamp, from)) ||
        suspected_of(self)[from]) {
        *deferred = timestamp > *deferred ? timestamp : *deferred; /* a late one is an old one */
        return;
    }
    reply(self, from, resource, timestamp);
    if (s->phase == WANTED && *standing == LEFT_OUT) { /* it goes first: wait for it after all */
        *standing = OWES;
        s->missing++;
        ask(self, from, resource);
    }
}

static void requested(dasim_node *self, uint32_t from, const request_message *m)
{
    hear(self, echoes(self) ? m->clock : m->timestamp);
    consider(self, from, m->resource, m->timestamp);
}

/* Looks once more at what was deferred. */
static void reconsider(dasim_node *self, uint32_t node, uint32_t resource)
{
    uint64_t *deferred = &deferred_of(self, resource)[node], timestamp = *deferred;
    if (timestamp != 0) {
        *deferred = 0;
        consider(self, node, resource, timestamp);
    }
}

static void release(dasim_node *self, uint32_t resource)
{
    section_of(self, resource)->phase = RELEASED;
    for (uint32_t node = 0; node < self->nodes; node++) {
        reconsider(self, node, resource);
    }
}

/* ---- membership */

static void suspect(dasim_node *self, uint32_t node)
{
    suspected_of(self)[node] = true;
    for (uint32_t resource = 0; resource < self->resources; resource++) {
        section *s = section_of(self, resource);
        uint8_t *standing = &standing_of(self, resource)[node];
        if (s->phase == WANTED && *standing == OWES) {
            *standing = LEFT_OUT;
            s->missing--;
            enter_if_agreed(self, resource);
        }
    }
}

static void restore(dasim_node *self, uint32_t node)
{
    suspected_of(self)[node] = false;
    for (uint32_t resource = 0; resource < self->resources; resource++) {
        reconsider(self, node, resource);
    }
}

static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    (void)from, (void)size;
    const uint32_t *node = arg;
    if (op == DASIM_SUSPECT) {
        suspect(self, *node);
    } else {
        restore(self, *node);
    }
}

/* ---- */

static void on_boot(dasim_node *self, bool recovering)
{
    state *my = self->state;
    memory *stable = self->stable;
    if (self->params[STABLE_CLOCK]) {
        stable->kept |= !recovering;
        my->amnesic = !stable->kept;
        my->clock = stable->clock;
    }
    if (recovering && self->params[REJOIN_AFTER] > 0) {
        my->resting = true;
        dasim_arm(self, REJOIN, self->params[REJOIN_AFTER]);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const state *my = self->state;
    const dasim_lock *lock = arg;
    if (my->amnesic) {
        return;
    }
    if (op == DASIM_ACQUIRE) {
        acquire(self, lock->resource);
    } else {
        release(self, lock->resource);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const state *my = self->state;
    if (my->amnesic) {
        return;
    }
    if (message->type == REQUEST) {
        requested(self, message->from, message->body);
    } else {
        replied(self, message->from, message->body);
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    state *my = self->state;
    my->resting = my->resting && timer != REJOIN;
    my->retrying = my->retrying && timer != RETRY;
    for (uint32_t resource = 0; resource < self->resources; resource++) {
        if (section_of(self, resource)->phase == WANTED) {
            ask_missing(self, resource);
            retry_later(self);
        }
    }
}

DASIM_ALGORITHM(
        .name = "ricart_agrawala", .title = "mutual exclusion by agreement of all nodes",
        .reference = "G. Ricart, A. Agrawala, CACM 24(1), 1981, pp. 9-17",
        .about =
            "A REQUEST with a logical timestamp goes to all others; the section is entered when\n"
            "all have sent a REPLY. Who wants the resource itself and asked earlier, by\n"
            "(timestamp, id), or is in the section defers its REPLY until it leaves.",
        .provides = DASIM_MUTEX,
        .may_use = (const dasim_service[]){DASIM_DETECTOR, DASIM_NO_SERVICE},
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"bounded_bypass", "every_request_granted",
                                          "granted_in_order", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "2*(n-1)", "always"},
                                      {"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "2*T", "isolated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .stable = stable_fields, .params = params,
        .timers = (const char *const[]){[RETRY] = "retry", [REJOIN] = "rejoin", NULL},
        .state_size = state_size, .stable_size = stable_size, .on_boot = on_boot,
        .on_request = on_request, .on_indication = on_indication, .on_message = on_message,
        .on_timer = on_timer);
