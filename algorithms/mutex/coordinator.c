/*
 * Mutual exclusion by a central coordinator.
 *
 * After: A. Tanenbaum, M. van Steen, "Distributed Systems", 3rd ed., 2017, section 6.3 ("a
 * centralized algorithm"); leases: C. Gray, D. Cheriton, SOSP 1989; epochs and fencing tokens
 * ("sequencers"): M. Burrows, "The Chubby lock service", OSDI 2006.
 *
 * Idea: one node, the coordinator, keeps for each resource who holds it and a queue of who waits.
 * Who wants a resource sends it a REQUEST. If the resource is free, the coordinator answers with a
 * GRANT at once; otherwise it puts the request into the queue and stays silent: the requester is
 * blocked. The holder gives the resource back with a RELEASE, and the coordinator grants it to the
 * first in the queue. Entries are granted in the order in which requests reach the coordinator.
 *
 * Cost:     3 messages per entry (0 on the coordinator itself); synchronisation delay 2T,
 *           response when idle 2T.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: mutual exclusion; every request is granted. Not: the order of happened-before.
 *
 * So far the plain version: a lost message blocks, a duplicated RELEASE lets two in, the
 * coordinator is a single point of failure. The hardened one (parameters, off by default) has one
 * more rule: *impatience drives everything*. Who waits repeats its REQUEST. The coordinator says
 * WAIT, which shows that it lives, and asks whom it waits for itself. QUERY: do you live, hold it,
 * want it, by which request? The answer is HOLD, REQUEST or RELEASE; who gives none for long enough
 * is given up. A new coordinator knows nothing, therefore waits for everybody, and its QUERY to all
 * rebuilds the books. Requests are numbered, so that old copies are known; a GRANT that its
 * receiver does not wait for is answered with a RELEASE. Each rebuilding begins an epoch: who has
 * answered in the new one refuses grants of the old one.
 *
 * Cost:     3 messages per entry; each repetition 4 more; a new coordinator 2(n-1).
 * Assumes:  messages may be lost, duplicated, reordered, nodes crash and come back with their
 *           stable storage. In the end messages arrive, and a coordinator lives.
 * Promises: every request is granted. With fencing and epochs: no two grants have one token
 *           (fencing_safe), whatever happens. With epochs and a lease, where clocks drift by no
 *           more than `drift`: mutual exclusion, as long as no node is paused, nor are a former
 *           and a new coordinator cut apart for a whole lease while both live. With alive_timeout
 *           instead of a lease: as long as nobody who lives is given up.
 */
#include <dasim.h>

enum message { REQUEST, GRANT, RELEASE, WAIT, QUERY, HOLD };

/* The plain version sends `resource` only. */
typedef struct lock_message {
    uint32_t resource;
    uint32_t id;    /* of the request that it is about; RELEASE: and all earlier ones */
    uint32_t epoch; /* the latest that the sender knows */
    uint32_t grant; /* GRANT: its number in the epoch */
    int64_t asked;  /* REQUEST: when it was sent, by the client's clock. GRANT: an echo of that */
} lock_message;

/* Each kind of message shows its tail of this list. */
static const dasim_field fields[] = {
    {"grant", DASIM_U32, offsetof(lock_message, grant), .help = "its number in the epoch"},
    {"asked", DASIM_TIME, offsetof(lock_message, asked), .help = "by the client's clock"},
    {"id", DASIM_U32, offsetof(lock_message, id), .help = "of the client's request"},
    {"epoch", DASIM_U32, offsetof(lock_message, epoch), .help = "the latest that is known"},
    {"resource", DASIM_U32, offsetof(lock_message, resource), .help = "which one"},
    {0},
};

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(lock_message), &fields[1], "may I enter?"},
    [GRANT] = {"GRANT", sizeof(lock_message), &fields[0], "you may"},
    [RELEASE] = {"RELEASE", sizeof(lock_message), &fields[2], "I am not inside"},
    [WAIT] = {"WAIT", sizeof(lock_message), &fields[2], "you are in the queue"},
    [QUERY] = {"QUERY", sizeof(lock_message), &fields[3], "do you hold it or want it?"},
    [HOLD] = {"HOLD", sizeof(lock_message), &fields[2], "I am inside"},
    {0},
};

#define HOUR (INT64_C(3600000) * DASIM_MS)

enum param { COORDINATOR, REQUEST_TIMEOUT, ALIVE_TIMEOUT, LEASE, DRIFT, FENCING, EPOCHS };

static const dasim_param params[] = {
    [COORDINATOR] = {"coordinator", DASIM_COUNT, 0, 0, UINT32_MAX - 1,
                     "id of the coordinating node (modulo the number of nodes), unless elected"},
    [REQUEST_TIMEOUT] = {"request_timeout", DASIM_DURATION, 0, 0, HOUR,
                         "who waits asks again after so long; 0: never. All but fencing needs it"},
    [ALIVE_TIMEOUT] = {"alive_timeout", DASIM_DURATION, 0, 0, HOUR,
                       "who leaves a QUERY unanswered for so long is given up; 0: nobody is"},
    [LEASE] = {"lease", DASIM_DURATION, 0, 0, HOUR,
               "so long after it asked a holder has lost the resource, and knows it; who does not "
               "answer is given up then, not before; 0: never"},
    [DRIFT] = {"drift", DASIM_RATIO, 0, 0, 333333333,
               "bound on the drift of clocks: so much more patient is the coordinator of a lease"},
    [FENCING] = {"fencing", DASIM_SWITCH, 0, 0, 1, "number the grants: epoch * 2^32 + count"},
    [EPOCHS] = {"epochs", DASIM_SWITCH, 0, 0, 1, "refuse grants of former coordinators"},
    {0},
};

enum timer { DUE }; /* of the client only: the coordinator has none */
enum phase { IDLE, WAITING, HOLDING };

#define NEVER INT64_MAX
#define TRIES 3 /* unanswered requests before the coordinator is suspected */

/* What a node keeps of one resource. Behind these, for each resource and node: `asked`, `queue`,
 * `id`, `silent`. */
typedef struct lock {
    /* The client's part. */
    int64_t due;   /* WAITING: ask again. HOLDING: the lease is over */
    int64_t asked; /* when it asked last */
    uint32_t phase;
    uint32_t request; /* its id; 0 in the plain version */
    uint32_t tries;   /* without an answer */
    /* The coordinator's book. */
    uint32_t holder; /* DASIM_NOBODY: free */
    uint32_t first;  /* of the ring of those who wait */
    uint32_t waiting;
    uint32_t grants;  /* in this epoch */
    uint32_t missing; /* nodes that are `silent`: have a QUERY to answer before the next GRANT */
    int64_t since;    /* for so long nothing has come from them */
} lock;

typedef struct state {
    int64_t alarm;    /* what the timer is set to: the earliest `due` */
    uint32_t leader;  /* whom the election or the scenario names; DASIM_NOBODY: unknown */
    bool coordinates; /* this node keeps the books */
    uint8_t unused[3];
    lock locks[1]; /* [resource] */
} state;

typedef struct stable {
    uint32_t requests; /* made so far */
    uint32_t epoch;    /* the latest heard of; modulo the number of nodes: whose it is */
} stable;

#define BEHIND DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE
#define LOCK_FIELD(member)                                                                         \
    offsetof(state, locks) + offsetof(lock, member), DASIM_PER_RESOURCE, sizeof(lock)

static const dasim_field state_fields[] = {
    {"coordinates", DASIM_BOOL, offsetof(state, coordinates), .role = "coordinator",
     .help = "this node keeps the books"},
    {"leader", DASIM_NODE, offsetof(state, leader), .help = "whom it asks"},
    {"phase", DASIM_U32, LOCK_FIELD(phase), .help = "0 idle, 1 waiting, 2 holding"},
    {"request", DASIM_U32, LOCK_FIELD(request), .help = "id of the own request"},
    {"tries", DASIM_U32, LOCK_FIELD(tries), .help = "requests without an answer"},
    {"due", DASIM_TIME, LOCK_FIELD(due), .help = "time to ask again, or end of the lease"},
    {"holder", DASIM_NODE, LOCK_FIELD(holder), .help = "who has it, by the coordinator's book"},
    {"first", DASIM_U32, LOCK_FIELD(first), .help = "where the queue's ring begins"},
    {"waiting", DASIM_U32, LOCK_FIELD(waiting), .help = "requests in the queue"},
    {"grants", DASIM_U32, LOCK_FIELD(grants), .help = "in this epoch"},
    {"missing", DASIM_U32, LOCK_FIELD(missing), .help = "nodes that must answer a QUERY first"},
    {"since", DASIM_TIME, LOCK_FIELD(since), .help = "nothing has come from these"},
    {"asked", DASIM_TIME, BEHIND, .help = "when the node asked last, by its clock"},
    {"queue", DASIM_NODE, BEHIND, .help = "the ring of those who wait"},
    {"id", DASIM_U32, BEHIND, .help = "of the request that waits or holds; 0: none does"},
    {"silent", DASIM_BOOL, BEHIND, .help = "the node has a QUERY to answer"},
    {0},
};

static const dasim_field stable_fields[] = {
    {"requests", DASIM_U32, offsetof(stable, requests), .help = "made so far"},
    {"epoch", DASIM_U32, offsetof(stable, epoch), .help = "the latest heard of"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    size_t per_node = sizeof(int64_t) + 2 * sizeof(uint32_t) + sizeof(bool);
    return offsetof(state, locks) + config->resources * (sizeof(lock) + config->nodes * per_node);
}

static size_t stable_size(const dasim_config *config)
{
    (void)config;
    return sizeof(stable);
}

static lock *lock_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->locks[resource];
}

/* All about one resource, as the coordinator sees it. */
typedef struct book {
    lock *its;
    int64_t *asked;  /* [node] */
    uint32_t *queue; /* [place in the ring] */
    uint32_t *id;    /* [node] */
    bool *silent;    /* [node] */
} book;

static book book_of(dasim_node *self, uint32_t resource)
{
    size_t all = (size_t)self->resources * self->nodes, here = (size_t)resource * self->nodes;
    int64_t *asked = (int64_t *)(void *)lock_of(self, self->resources);
    uint32_t *queue = (uint32_t *)(void *)(asked + all), *id = queue + all;
    bool *silent = (bool *)(id + all);
    return (book){lock_of(self, resource), asked + here, queue + here, id + here, silent + here};
}

static bool is_hardened(const dasim_node *self)
{
    return self->params[REQUEST_TIMEOUT] > 0;
}

static void receive(dasim_node *self, uint32_t from, uint32_t type, const lock_message *m);

/* To the node itself: at once, and no message. */
static void send(dasim_node *self, uint32_t to, enum message type, lock_message m)
{
    bool is_plain = !is_hardened(self) && !self->params[FENCING];
    m.epoch = ((stable *)self->stable)->epoch;
    if (to == self->id) {
        receive(self, to, type, &m);
    } else if (to != DASIM_NOBODY) {
        dasim_send(self, to, type, &m, is_plain ? sizeof m.resource : sizeof m);
    }
}

/* ---- the client */

static void wake_at(dasim_node *self, lock *l, int64_t at)
{
    state *my = self->state;
    l->due = at;
    if (at < my->alarm) {
        my->alarm = at;
        dasim_arm(self, DUE, at - dasim_clock(self));
    }
}

/* For the first time, or again. */
static void ask(dasim_node *self, uint32_t resource)
{
    const state *my = self->state;
    lock *l = lock_of(self, resource);
    l->asked = dasim_clock(self);
    if (is_hardened(self)) {
        wake_at(self, l, l->asked + self->params[REQUEST_TIMEOUT]);
    }
    send(self, my->leader, REQUEST, (lock_message){resource, .id = l->request, .asked = l->asked});
}

static void acquire(dasim_node *self, uint32_t resource)
{
    stable *kept = self->stable;
    lock *l = lock_of(self, resource);
    l->phase = WAITING;
    l->request = is_hardened(self) ? ++kept->requests : 0;
    l->tries = 0;
    ask(self, resource);
}

static void granted(dasim_node *self, uint32_t from, const lock_message *m)
{
    lock *l = lock_of(self, m->resource);
    int64_t lease = self->params[LEASE], ends = lease > 0 ? m->asked + lease : NEVER;
    if (is_hardened(self)) {
        bool is_current = l->phase != IDLE && l->request == m->id;
        if (!is_current) { /* a late copy, or from a former life */
            send(self, from, RELEASE, (lock_message){m->resource, .id = m->id});
        }
        if (!is_current || l->phase == HOLDING || ends <= dasim_clock(self)) {
            return; /* too late for the lease: ask again, when it is due */
        }
        wake_at(self, l, ends);
    }
    l->phase = HOLDING;
    dasim_lock entered = {.resource = m->resource};
    entered.fencing = self->params[FENCING] ? (uint64_t)m->epoch << 32 | m->grant : 0;
    dasim_indicate(self, DASIM_GRANTED, &entered, sizeof entered);
}

static void release(dasim_node *self, uint32_t resource)
{
    const state *my = self->state;
    lock *l = lock_of(self, resource);
    l->phase = IDLE;
    l->due = NEVER;
    send(self, my->leader, RELEASE, (lock_message){resource, .id = l->request});
}

/* The answer to a QUERY, and to who does not know the latest epoch. */
static void report(dasim_node *self, uint32_t to, uint32_t resource)
{
    const stable *kept = self->stable;
    lock *l = lock_of(self, resource);
    lock_message m = {resource, .id = l->request, .asked = l->asked};
    l->tries = 0;
    if (l->phase == IDLE) {
        m.id = kept->requests; /* none of all those that it has made */
    }
    send(self, to, l->phase == IDLE ? RELEASE : l->phase == HOLDING ? HOLD : REQUEST, m);
}

static void overdue(dasim_node *self, uint32_t resource)
{
    lock *l = lock_of(self, resource);
    if (l->phase == HOLDING) {
        dasim_lock over = {.resource = resource};
        dasim_indicate(self, DASIM_LOST, &over, sizeof over);
        release(self, resource);
        return;
    }
    if (++l->tries >= TRIES && dasim_has(self, DASIM_ELECTION)) {
        l->tries = 0;
        dasim_request(self, DASIM_ELECTION, DASIM_ELECT, NULL, 0);
    }
    ask(self, resource);
}

/* ---- the coordinator */

static void send_grant(dasim_node *self, uint32_t resource)
{
    book b = book_of(self, resource);
    uint32_t to = b.its->holder;
    lock_message m = {resource, .id = b.id[to], .grant = b.its->grants, .asked = b.asked[to]};
    send(self, to, GRANT, m);
}

/* The first in the queue enters, if nobody is inside, nor may be. */
static void serve(dasim_node *self, uint32_t resource)
{
    book b = book_of(self, resource);
    if (b.its->holder == DASIM_NOBODY && b.its->missing == 0 && b.its->waiting > 0) {
        b.its->holder = b.queue[b.its->first];
        b.its->first = (b.its->first + 1) % self->nodes;
        b.its->waiting--;
        b.its->grants++;
        send_grant(self, resource);
    }
}

/* How long to wait for an answer; 0: for ever. A lease by a slow clock, measured by a fast one, is
 * longer by (1 + drift) / (1 - drift), which is at most 1 + 3 drift. */
static int64_t patience_of(const dasim_node *self)
{
    int64_t lease = self->params[LEASE], alive = self->params[ALIVE_TIMEOUT];
    if (lease > 0) {
        lease += lease / 1000 * 3 * self->params[DRIFT] / 1000000 + 1000;
    }
    return alive > lease ? alive : lease;
}

/* Who owes an answer is dead, and its lease is over. */
static void give_up(dasim_node *self, uint32_t resource)
{
    book b = book_of(self, resource);
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (b.silent[node] && b.its->holder == node) {
            b.its->holder = DASIM_NOBODY;
            b.id[node] = 0;
        }
        b.silent[node] = false;
    }
    b.its->missing = 0;
    serve(self, resource);
}

/* Somebody is impatient: so is the coordinator with those whom it waits for. */
static void press(dasim_node *self, uint32_t resource)
{
    book b = book_of(self, resource);
    int64_t now = dasim_clock(self), patience = patience_of(self);
    if (b.its->holder != DASIM_NOBODY && !b.silent[b.its->holder]) {
        b.silent[b.its->holder] = true;
        b.its->missing++;
        b.its->since = now;
    }
    if (patience > 0 && now - b.its->since >= patience) {
        give_up(self, resource);
        return;
    }
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (b.silent[node]) {
            send(self, node, QUERY, (lock_message){resource});
        }
    }
}

/* Patience with the others begins anew: this one may have coordinated, and granted, until now. */
static void has_answered(dasim_node *self, const book *b, uint32_t node)
{
    if (b->silent[node]) {
        b->silent[node] = false;
        b->its->missing--;
        b->its->since = dasim_clock(self);
    }
}

/* Sorts out repeated and outdated requests (hardened). True: this one is new and must be queued. */
static bool is_new(dasim_node *self, uint32_t from, const lock_message *m)
{
    book b = book_of(self, m->resource);
    uint32_t known = b.id[from];
    if (m->id < known) {
        return false;
    }
    has_answered(self, &b, from);
    if (m->id == known && m->asked <= b.asked[from]) {
        return false; /* a copy, or an answer to QUERY: nobody has become impatient */
    }
    b.asked[from] = m->asked;
    b.id[from] = m->id;
    if (b.its->holder != from && m->id == known) {
        send(self, from, WAIT, *m);
        press(self, m->resource);
    } else if (b.its->holder == from && m->id == known) { /* the GRANT was lost, or is on its way */
        send_grant(self, m->resource);
    } else if (b.its->holder == from) { /* it has left: the RELEASE was lost, or it has crashed */
        b.its->holder = DASIM_NOBODY;
        return true;
    }
    return known == 0;
}

static void requested(dasim_node *self, uint32_t from, const lock_message *m)
{
    book b = book_of(self, m->resource);
    if (is_hardened(self) && !is_new(self, from, m)) {
        return;
    }
    if (b.its->waiting < self->nodes) { /* more would be duplicates */
        b.queue[(b.its->first + b.its->waiting++) % self->nodes] = from;
    }
    serve(self, m->resource);
}

static void released(dasim_node *self, uint32_t from, const lock_message *m)
{
    book b = book_of(self, m->resource);
    bool is_late = m->id < b.id[from];
    if (is_hardened(self) && !is_late) {
        has_answered(self, &b, from);
    }
    if (!is_hardened(self) || (b.its->holder == from && !is_late)) {
        b.its->holder = DASIM_NOBODY;
        b.id[from] = 0;
    }
    serve(self, m->resource);
}

/* It is inside, as the book says, or as a new coordinator learns. A second holder does not get into
 * the book, but stays `silent` for as long as the first one is inside. */
static void holds(dasim_node *self, uint32_t from, const lock_message *m)
{
    book b = book_of(self, m->resource);
    bool may_be_noted = b.its->holder == DASIM_NOBODY || b.its->holder == from;
    if (!b.silent[from] || m->id < b.id[from]) {
        return;
    }
    b.its->since = dasim_clock(self);
    if (may_be_noted) {
        b.its->holder = from;
        b.id[from] = m->id;
        has_answered(self, &b, from);
    }
}

/* A new coordinator does not rely on what it may remember: it asks everybody, in a new epoch. */
static void take_over(dasim_node *self, uint64_t term)
{
    state *my = self->state;
    stable *kept = self->stable;
    uint32_t known = term > kept->epoch ? (uint32_t)term : kept->epoch;
    my->coordinates = true;
    if (self->params[EPOCHS]) { /* one that no other node can take */
        kept->epoch = (known / self->nodes + 1) * self->nodes + self->id;
    }
    for (uint32_t r = 0; r < self->resources; r++) {
        book b = book_of(self, r);
        b.its->holder = DASIM_NOBODY;
        b.its->first = b.its->waiting = b.its->grants = 0;
        b.its->missing = is_hardened(self) ? self->nodes : 0;
        b.its->since = dasim_clock(self);
        for (uint32_t node = 0; node < self->nodes; node++) {
            b.id[node] = 0;
            b.silent[node] = is_hardened(self);
        }
        press(self, r);
    }
}

/* ---- every node */

static void on_boot(dasim_node *self, bool recovering)
{
    state *my = self->state;
    bool has_election = dasim_has(self, DASIM_ELECTION);
    DASIM_CHECK(self, is_hardened(self) || (patience_of(self) == 0 && !self->params[EPOCHS]));
    my->alarm = NEVER;
    for (uint32_t r = 0; r < self->resources; r++) {
        lock_of(self, r)->due = NEVER;
        lock_of(self, r)->holder = DASIM_NOBODY;
    }
    my->leader = has_election ? DASIM_NOBODY : (uint32_t)(self->params[COORDINATOR] % self->nodes);
    my->coordinates = my->leader == self->id;
    if (my->coordinates && recovering) {
        take_over(self, 0);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    uint32_t resource = ((const dasim_lock *)arg)->resource;
    if (op == DASIM_ACQUIRE) {
        acquire(self, resource);
    } else if (!is_hardened(self) || lock_of(self, resource)->phase == HOLDING) {
        release(self, resource);
    }
}

/* The election has a result. */
static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    (void)from, (void)op, (void)size;
    const dasim_leader *now = arg;
    state *my = self->state;
    my->leader = now->leader;
    my->coordinates = false;
    if (my->leader == self->id) {
        take_over(self, now->term);
    }
}

static void receive(dasim_node *self, uint32_t from, uint32_t type, const lock_message *m)
{
    state *my = self->state;
    stable *kept = self->stable;
    if (m->epoch > kept->epoch) { /* others have coordinated since: does this one still? */
        kept->epoch = m->epoch;
        if (my->coordinates && dasim_has(self, DASIM_ELECTION)) {
            my->coordinates = false;
            dasim_request(self, DASIM_ELECTION, DASIM_ELECT, NULL, 0);
        } else if (my->coordinates) {
            take_over(self, 0);
        }
    }
    bool is_old = m->epoch < kept->epoch;
    if (type == QUERY || (type == GRANT && is_old)) {
        report(self, from, m->resource);
    } else if (type == GRANT) {
        granted(self, from, m);
    } else if (type == WAIT) {
        lock_of(self, m->resource)->tries = 0;
    } else if (my->coordinates && is_old) {
        send(self, from, QUERY, (lock_message){m->resource});
    } else if (my->coordinates && type == REQUEST) {
        requested(self, from, m);
    } else if (my->coordinates && type == RELEASE) {
        released(self, from, m);
    } else if (my->coordinates) {
        holds(self, from, m);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    lock_message m = {.resource = *(const uint32_t *)message->body};
    if (message->size == sizeof m) {
        m = *(const lock_message *)message->body;
    }
    receive(self, message->from, message->type, &m);
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    state *my = self->state;
    int64_t now = dasim_clock(self);
    my->alarm = NEVER;
    for (uint32_t r = 0; r < self->resources; r++) {
        lock *l = lock_of(self, r);
        if (l->due <= now) {
            overdue(self, r);
        } else {
            wake_at(self, l, l->due);
        }
    }
}

DASIM_ALGORITHM(
        .name = "coordinator", .title = "mutual exclusion by a central coordinator",
        .reference = "A. Tanenbaum, M. van Steen, Distributed Systems, 3rd ed., 2017, section 6.3",
        .about =
            "One node keeps for each resource its holder and a queue of those who wait. REQUEST\n"
            "asks it, GRANT lets in, RELEASE gives back; requests are granted in the order in\n"
            "which they reach it. Hardened, who waits repeats its REQUEST; the coordinator says\n"
            "WAIT and asks the holder (QUERY); a new one asks everybody, in a new epoch.",
        .provides = DASIM_MUTEX,
        .may_use = (const dasim_service[]){DASIM_ELECTION, DASIM_NO_SERVICE},
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "3", "always"},
                                      {"synchronisation delay", "2*T", "saturated"},
                                      {"waiting time", "2*T", "isolated"},
                                      {"waiting time", "n*(E+2*T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .stable = stable_fields, .params = params,
        .timers = (const char *const[]){"due", NULL}, .state_size = state_size,
        .stable_size = stable_size, .on_boot = on_boot, .on_request = on_request,
        .on_indication = on_indication, .on_message = on_message, .on_timer = on_timer);
