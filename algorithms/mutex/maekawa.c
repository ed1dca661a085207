/*
 * Mutual exclusion by votes of quorums, any two of which have a node in common.
 *
 * After: M. Maekawa, "A sqrt(N) algorithm for mutual exclusion in decentralized systems", ACM
 * Transactions on Computer Systems 3(2), 1985, pp. 145-159; as corrected by B. Sanders, "The
 * information structure of distributed mutual exclusion algorithms", ACM TOCS 5(3), 1987.
 *
 * Idea: each node has a quorum of K nodes, itself among them, and needs the votes of all of them
 * to enter. Two quorums share a node, and a node has one vote: that is the exclusion. A node votes
 * for the first REQUEST and queues the others by (timestamp, id). Votes that are given crosswise
 * would block all, so an earlier request may take a vote back: the voter sends INQUIRE to the one
 * it voted for, who answers YIELD as soon as it knows that it cannot win now: some voter has told
 * it FAILED, which all are told that are not the earliest at that voter, also the one that was
 * until an earlier came. Who is inside does not yield: RELEASE ends it. Quorums are the row and
 * column of a node in a grid, K = 2k-1 where n = k*k, or, with `plane`, the lines of a finite
 * projective plane.
 *
 * Cost:     3(K-1) messages an entry without contention; saturated 4(K-1) and more. Synchronisation
 *           delay 2T, or T where leaver or entrant is the voter they share; response when idle 2T.
 * Assumes:  messages arrive, once, in the order of sending (FIFO): an INQUIRE says that the vote
 *           has come. No node fails.
 * Promises: mutual exclusion; every request is granted. Not: the order of the requests.
 */
#include <dasim.h>

enum message { REQUEST, VOTE, FAILED, INQUIRE, YIELD, RELEASE };

typedef struct quorum_message {
    uint64_t timestamp;
    uint32_t resource;
    uint32_t unused;
} quorum_message;

static const dasim_field quorum_fields[] = {
    {"timestamp", DASIM_U64, offsetof(quorum_message, timestamp), .help = "of the request"},
    {"resource", DASIM_U32, offsetof(quorum_message, resource), .help = "which one"},
    {0},
};

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(quorum_message), quorum_fields, "your vote, please"},
    [VOTE] = {"VOTE", sizeof(quorum_message), quorum_fields, "you have it"},
    [FAILED] = {"FAILED", sizeof(quorum_message), quorum_fields, "an earlier one comes first"},
    [INQUIRE] = {"INQUIRE", sizeof(quorum_message), quorum_fields, "can you give it back?"},
    [YIELD] = {"YIELD", sizeof(quorum_message), quorum_fields, "I cannot win now: take it"},
    [RELEASE] = {"RELEASE", sizeof(quorum_message), quorum_fields, "I have left"},
    {0},
};

enum param { PLANE, VOTE_TIMEOUT };

static const dasim_param params[] = {
    [PLANE] = {"plane", DASIM_SWITCH, 0, 0, 1,
               "quorums of a projective plane; for 3, 7, 13, 21 or 31 nodes, else a grid"},
    [VOTE_TIMEOUT] = {"vote_timeout", DASIM_DURATION, 0, 0, INT64_C(3600000) * DASIM_MS,
                      "a voter takes who has had its vote so long for dead; 0: never"},
    {0},
};

enum timer { TOO_LONG };

enum phase { RELEASED, WANTED, HELD };
enum answer { NONE, VOTED, REFUSED };

/* What this node knows of one resource. Behind these, for each resource: as a voter the timestamps
 * of those who wait; as a requester the answers, and the inquiries that wait for one. */
typedef struct section {
    uint64_t timestamp; /* of the own request, while not RELEASED */
    uint64_t voted;     /* timestamp of the request that has the vote */
    uint32_t voted_for; /* DASIM_NOBODY: the vote is free */
    uint32_t phase;
    bool inquired; /* whether it can be given back */
    uint8_t unused[7];
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
    {"voted", DASIM_U64, SECTION(voted), .help = "timestamp of the request that has the vote"},
    {"voted_for", DASIM_NODE, SECTION(voted_for), .help = "who has the vote"},
    {"phase", DASIM_U32, SECTION(phase), .help = "0 released, 1 wanted, 2 held"},
    {"inquired", DASIM_BOOL, SECTION(inquired), .help = "whether the vote can be given back"},
    {"waiting", DASIM_U64, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "timestamps of those who wait for the vote; 0: does not"},
    {"answers", DASIM_U8, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "0 none, 1 voted, 2 refused or given back"},
    {"inquiries", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "voters that wait for YIELD or RELEASE"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    size_t pairs = (size_t)config->resources * config->nodes;
    return sizeof(state) + config->resources * sizeof(section) +
           pairs * (sizeof(uint64_t) + sizeof(uint8_t) + sizeof(bool));
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->sections[resource];
}

static uint64_t *waiting_of(dasim_node *self, uint32_t resource)
{
    return (uint64_t *)section_of(self, self->resources) + (size_t)resource * self->nodes;
}

static uint8_t *answers_of(dasim_node *self, uint32_t resource)
{
    return (uint8_t *)waiting_of(self, self->resources) + (size_t)resource * self->nodes;
}

static bool *inquiries_of(dasim_node *self, uint32_t resource)
{
    return (bool *)answers_of(self, self->resources) + (size_t)resource * self->nodes;
}

/* ---- quorums */

/* Perfect difference sets: the differences of two members are all numbers but 0, each once. */
typedef struct difference_set {
    uint32_t nodes, size, members[6];
} difference_set;

static const difference_set planes[] = {
    {3, 2, {0, 1}},
    {7, 3, {0, 1, 3}},
    {13, 4, {0, 1, 3, 9}},
    {21, 5, {0, 3, 4, 9, 11}},
    {31, 6, {0, 4, 10, 23, 24, 26}},
};

/* Is the node in this one's quorum? In a grid whose last row is not full two quorums still share
 * the one or the other corner. */
static bool is_voter(const dasim_node *self, uint32_t node)
{
    for (uint32_t i = 0; self->params[PLANE] && i < sizeof planes / sizeof *planes; i++) {
        for (uint32_t k = 0; self->nodes == planes[i].nodes && k < planes[i].size; k++) {
            if ((self->id + planes[i].members[k]) % self->nodes == node) {
                return true;
            }
        }
        if (self->nodes == planes[i].nodes) {
            return false;
        }
    }
    uint32_t width = 1;
    while (width * width < self->nodes) {
        width++;
    }
    return node / width == self->id / width || node % width == self->id % width;
}

static void send(dasim_node *self, uint32_t to, enum message type, uint32_t resource,
                 uint64_t timestamp)
{
    quorum_message m = {.timestamp = timestamp, .resource = resource};
    dasim_send(self, to, type, &m, sizeof m);
}

static void send_to_voters(dasim_node *self, enum message type, uint32_t resource)
{
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (is_voter(self, node)) {
            send(self, node, type, resource, section_of(self, resource)->timestamp);
        }
    }
}

/* ---- the voter */

static bool precedes(uint64_t timestamp, uint32_t node, uint64_t than, uint32_t other)
{
    return timestamp < than || (timestamp == than && node < other);
}

/* The earliest of those who wait; DASIM_NOBODY: none does. */
static uint32_t first_of(dasim_node *self, uint32_t resource)
{
    const uint64_t *waiting = waiting_of(self, resource);
    uint32_t first = DASIM_NOBODY;
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (waiting[node] &&
            (first == DASIM_NOBODY || precedes(waiting[node], node, waiting[first], first))) {
            first = node;
        }
    }
    return first;
}

static void vote(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    uint64_t *waiting = waiting_of(self, resource);
    s->voted_for = first_of(self, resource);
    s->inquired = false;
    if (s->voted_for != DASIM_NOBODY) {
        s->voted = waiting[s->voted_for];
        waiting[s->voted_for] = 0;
        send(self, s->voted_for, VOTE, resource, s->voted);
        if (self->params[VOTE_TIMEOUT] > 0) {
            dasim_arm(self, TOO_LONG, self->params[VOTE_TIMEOUT]);
        }
    }
}

static void requested(dasim_node *self, uint32_t from, uint32_t resource, uint64_t timestamp)
{
    state *my = self->state;
    section *s = section_of(self, resource);
    uint64_t *waiting = waiting_of(self, resource);
    uint32_t first = first_of(self, resource);
    my->clock = timestamp > my->clock ? timestamp : my->clock;
    waiting[from] = timestamp;
    if (s->voted_for == DASIM_NOBODY) {
        vote(self, resource);
    } else if (first_of(self, resource) != from ||
               precedes(s->voted, s->voted_for, timestamp, from)) {
        send(self, from, FAILED, resource, timestamp);
    } else if (s->inquired) { /* for who was the first until now */
        send(self, first, FAILED, resource, waiting[first]);
    } else {
        s->inquired = true;
        send(self, s->voted_for, INQUIRE, resource, s->voted);
    }
}

static void yielded(dasim_node *self, uint32_t from, uint32_t resource)
{
    waiting_of(self, resource)[from] = section_of(self, resource)->voted;
    vote(self, resource);
}

/* ---- the requester */

static bool has_answer(dasim_node *self, uint32_t resource, enum answer which)
{
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (is_voter(self, node) && answers_of(self, resource)[node] == which) {
            return true;
        }
    }
    return false;
}

/* Gives back the votes that are inquired for, if it cannot win now. */
static void yield(dasim_node *self, uint32_t resource)
{
    bool *inquiries = inquiries_of(self, resource);
    bool cannot_win = has_answer(self, resource, REFUSED);
    for (uint32_t node = 0; cannot_win && node < self->nodes; node++) {
        if (inquiries[node]) {
            inquiries[node] = false;
            answers_of(self, resource)[node] = REFUSED;
            send(self, node, YIELD, resource, section_of(self, resource)->timestamp);
        }
    }
}

static void acquire(dasim_node *self, uint32_t resource)
{
    state *my = self->state;
    section *s = section_of(self, resource);
    s->phase = WANTED;
    s->timestamp = ++my->clock;
    for (uint32_t node = 0; node < self->nodes; node++) {
        answers_of(self, resource)[node] = NONE;
        inquiries_of(self, resource)[node] = false;
    }
    send_to_voters(self, REQUEST, resource);
}

static void release(dasim_node *self, uint32_t resource)
{
    section_of(self, resource)->phase = RELEASED;
    send_to_voters(self, RELEASE, resource);
}

static void answered(dasim_node *self, uint32_t from, uint32_t resource, enum answer which)
{
    section *s = section_of(self, resource);
    if (s->phase != WANTED) {
        return;
    }
    answers_of(self, resource)[from] = which;
    if (which == REFUSED) {
        yield(self, resource);
    } else if (!has_answer(self, resource, NONE) && !has_answer(self, resource, REFUSED)) {
        s->phase = HELD;
        dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource},
                       sizeof(dasim_lock));
    }
}

/* About a request that was served meanwhile: RELEASE is on its way. */
static void inquired(dasim_node *self, uint32_t from, uint32_t resource, uint64_t timestamp)
{
    const section *s = section_of(self, resource);
    if (s->phase == WANTED && s->timestamp == timestamp) {
        inquiries_of(self, resource)[from] = true;
        yield(self, resource);
    }
}

/* ---- every node */

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* who comes back has forgotten for whom it voted */
    for (uint32_t r = 0; r < self->resources; r++) {
        section_of(self, r)->voted_for = DASIM_NOBODY;
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
    const quorum_message *m = message->body;
    switch (message->type) {
    case REQUEST:
        requested(self, message->from, m->resource, m->timestamp);
        break;
    case VOTE:
        answered(self, message->from, m->resource, VOTED);
        break;
    case FAILED:
        answered(self, message->from, m->resource, REFUSED);
        break;
    case INQUIRE:
        inquired(self, message->from, m->resource, m->timestamp);
        break;
    case YIELD:
        yielded(self, message->from, m->resource);
        break;
    default: /* RELEASE */
        vote(self, m->resource);
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    for (uint32_t r = 0; r < self->resources; r++) {
        if (section_of(self, r)->voted_for != DASIM_NOBODY) {
            vote(self, r);
        }
    }
}

DASIM_ALGORITHM(
        .name = "maekawa", .title = "mutual exclusion by votes of quorums",
        .reference = "M. Maekawa, ACM TOCS 3(2), 1985, pp. 145-159",
        .about =
            "A node enters with the votes of its quorum: a row and a column of a grid, or a line\n"
            "of a projective plane. Any two quorums share a node, which has one vote. An earlier\n"
            "request may take a vote back (INQUIRE, YIELD) from one that cannot win (FAILED).",
        .provides = DASIM_MUTEX,
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_FIFO | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "6*(n^0.5-1)", "isolated"},
                                      {"messages per entry", "8*(n^0.5-1)", "saturated"},
                                      {"synchronisation delay", "2*T", "worst"},
                                      {"waiting time", "2*T", "isolated"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params,
        .timers = (const char *const[]){[TOO_LONG] = "too_long", NULL}, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message,
        .on_timer = on_timer);
