/*
 * Election of the highest live node: the bully algorithm.
 *
 * After: H. Garcia-Molina, "Elections in a distributed computing system", IEEE Transactions on
 * Computers C-31(1), 1982, pp. 48-59, in the form of G. Coulouris et al., "Distributed Systems:
 * Concepts and Design", 5th ed., 2011, section 15.3, and A. Tanenbaum, M. van Steen.
 *
 * Idea: who finds that the leader does not answer sends ELECTION to all nodes with a higher id.
 * Who gets one says OK, "leave it to me", and holds an election of its own, unless it has one under
 * way. Who gets no OK within a time-out is the highest that lives: it tells all lower ones so by
 * COORDINATOR. Who gets an OK waits for that COORDINATOR. A node that comes back holds an election
 * too; the highest of all has nobody to ask and takes over at once: hence the name.
 *
 * Cost:     the highest of n has died and node i of 0 .. n-2 finds out, or all do (as i = 0):
 *           ELECTION (n-1-i)(n-i)/2, OK (n-2-i)(n-1-i)/2, COORDINATOR n-2, together
 *           (n-1-i)^2 + n-2. The highest comes back: n-1.
 * Assumes:  messages arrive, once; two of the longest delays and the time to answer are less than
 *           the time-out; somebody finds out that the leader has died. Nodes crash and come back,
 *           but, without `patience`, none dies between its OK and its COORDINATOR.
 * Promises: in the end all live nodes name the highest of them. With `terms`, no two nodes are ever
 *           leaders of one term, whatever happens to messages and nodes.
 *
 * At the start all know that the highest id leads. The plain version trusts every OK and every
 * COORDINATOR. Its hardening, each on its own:
 *  - `terms` number the leaders and survive crashes, so that old news is not believed. Who leads or
 *    hears the leader of the latest term then holds no election because of an ELECTION, which may
 *    be old itself: otherwise, where messages are late, elections beget elections.
 *  - `patience` bounds the wait for a COORDINATOR, after OK or from a leader that is suspected.
 *  - `contest`: COORDINATOR goes to higher ids, too, and who gets it from a lower one holds an
 *    election; who gets it with an old term says so.
 *  - `announce_every` lets the leader say again that it leads, which reaches who missed it.
 */
#include <dasim.h>

enum message { ELECTION, OK, COORDINATOR };

typedef struct news {
    uint64_t term;
} news;

static const dasim_field news_fields[] = {
    {"term", DASIM_U64, offsetof(news, term),
     .help = "of the leader (COORDINATOR), or the highest that the sender knows"},
    {0},
};

static const dasim_message messages[] = {
    [ELECTION] = {"ELECTION", sizeof(news), news_fields, "is any of you higher ones alive?"},
    [OK] = {"OK", sizeof(news), news_fields, "I am: leave it to me"},
    [COORDINATOR] = {"COORDINATOR", sizeof(news), news_fields, "I lead"},
    {0},
};

#define HOUR (INT64_C(3600000) * DASIM_MS)

enum param { TIMEOUT, TERMS, PATIENCE, CONTEST, ANNOUNCE_EVERY, EAGER };

static const dasim_param params[] = {
    [TIMEOUT] = {"timeout", DASIM_DURATION, 100 * DASIM_MS, 1, HOUR,
                 "who has not answered an ELECTION for so long is taken for dead"},
    [TERMS] = {"terms", DASIM_SWITCH, 0, 0, 1, "number the leaders; the larger term wins"},
    [PATIENCE] = {"patience", DASIM_DURATION, 0, 0, HOUR,
                  "no COORDINATOR for so long after OK: start anew; 0: wait for ever"},
    [CONTEST] = {"contest", DASIM_SWITCH, 0, 0, 1,
                 "COORDINATOR goes to higher ids, too; one from a lower id starts an election, one "
                 "of an old term is answered"},
    [ANNOUNCE_EVERY] = {"announce_every", DASIM_DURATION, 0, 0, HOUR,
                        "the leader says COORDINATOR again, so often; 0: never"},
    [EAGER] = {"eager", DASIM_SWITCH, 0, 0, 1,
               "a trap: start an election at every ELECTION, also while one is under way"},
    {0},
};

enum timer { NO_OK, NO_COORDINATOR, AGAIN };

enum phase {
    NORMAL,
    ASKING, /* has sent ELECTION, waits for OK */
    WAITING /* has got OK, waits for COORDINATOR */
};

typedef struct state {
    uint64_t term;   /* of `leader`; 0 without terms */
    uint32_t leader; /* DASIM_NOBODY: not known */
    uint8_t phase;
    bool leads;
    bool suspected[]; /* [node]: by the failure detector, where there is one */
} state;

typedef struct stable {
    uint64_t term; /* the highest heard of */
} stable;

static const dasim_field state_fields[] = {
    {"term", DASIM_U64, offsetof(state, term), .help = "of the leader"},
    {"leader", DASIM_NODE, offsetof(state, leader), .help = "who leads, as far as it knows"},
    {"phase", DASIM_U8, offsetof(state, phase),
     .help = "0 normal, 1 waits for OK, 2 waits for COORDINATOR"},
    {"leads", DASIM_BOOL, offsetof(state, leads), .role = "leader", .help = "takes itself for it"},
    {"suspected", DASIM_BOOL, offsetof(state, suspected), DASIM_PER_NODE,
     .help = "taken for dead by the failure detector"},
    {0},
};

static const dasim_field stable_fields[] = {
    {"highest_term", DASIM_U64, offsetof(stable, term), .help = "that it has heard of"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->nodes;
}

static size_t stable_size(const dasim_config *config)
{
    (void)config;
    return sizeof(stable);
}

/* The term travels only where terms are on. */
static void send(dasim_node *self, uint32_t to, enum message type, uint64_t term)
{
    dasim_send(self, to, type, &(news){term}, self->params[TERMS] ? sizeof(news) : 0);
}

static uint64_t term_in(const dasim_envelope *message)
{
    return message->size == sizeof(news) ? ((const news *)message->body)->term : 0;
}

/* From now on `leader` leads; whatever this node was waiting for is over. */
static void follow(dasim_node *self, uint32_t leader, uint64_t term)
{
    state *my = self->state;
    my->leader = leader;
    my->term = term;
    my->leads = leader == self->id;
    my->phase = NORMAL;
    dasim_disarm(self, NO_OK);
    dasim_disarm(self, NO_COORDINATOR);
    dasim_disarm(self, AGAIN);
    if (self->params[PATIENCE] > 0 && my->suspected[leader]) { /* is it news from the dead? */
        dasim_arm(self, NO_COORDINATOR, self->params[PATIENCE]);
    }
    if (self->params[ANNOUNCE_EVERY] > 0 && my->leads) {
        dasim_arm(self, AGAIN, self->params[ANNOUNCE_EVERY]);
    }
    dasim_leader now = {.leader = leader, .term = term};
    dasim_indicate(self, DASIM_LEADER, &now, sizeof now);
}

static void announce(dasim_node *self)
{
    state *my = self->state;
    uint32_t end = self->params[CONTEST] ? self->nodes : self->id;
    for (uint32_t to = 0; to < end; to++) {
        if (to != self->id) {
            send(self, to, COORDINATOR, my->term);
        }
    }
}

/* A term that no other node can take: the remainder by n is the leader's id. */
static uint64_t next_term(dasim_node *self)
{
    stable *kept = self->stable;
    if (self->params[TERMS]) {
        kept->term = (kept->term / self->nodes + 1) * self->nodes + self->id;
    }
    return kept->term;
}

static void start_election(dasim_node *self)
{
    state *my = self->state;
    const stable *kept = self->stable;
    my->phase = ASKING;
    dasim_disarm(self, NO_COORDINATOR);
    for (uint32_t to = self->id + 1; to < self->nodes; to++) {
        send(self, to, ELECTION, kept->term);
    }
    if (self->id + 1 < self->nodes) {
        dasim_arm(self, NO_OK, self->params[TIMEOUT]);
    } else { /* nobody is higher */
        follow(self, self->id, next_term(self));
        announce(self);
    }
}

static void start_if_none(dasim_node *self)
{
    const state *my = self->state;
    if (my->phase == NORMAL) {
        start_election(self);
    }
}

/* ---- what happens to a node */

static void on_boot(dasim_node *self, bool recovering)
{
    state *my = self->state;
    stable *kept = self->stable;
    my->leader = DASIM_NOBODY;
    if (recovering) {
        start_election(self);
    } else {
        uint32_t highest = self->nodes - 1;
        kept->term = self->params[TERMS] ? self->nodes + (uint64_t)highest : 0;
        follow(self, highest, kept->term);
    }
}

/* The component above suspects the leader. */
static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    start_if_none(self);
}

static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    (void)from, (void)size;
    state *my = self->state;
    uint32_t node = *(const uint32_t *)arg;
    my->suspected[node] = op == DASIM_SUSPECT;
    if (my->suspected[node] && node == my->leader) {
        start_if_none(self);
    }
}

/* Does it know, by the latest term that it has heard of, who leads, and hear from it? */
static bool is_content(const dasim_node *self)
{
    const state *my = self->state;
    bool hears = my->leads || (dasim_has(self, DASIM_DETECTOR) && my->leader != DASIM_NOBODY &&
                               !my->suspected[my->leader]);
    return hears && my->phase == NORMAL && my->term == ((const stable *)self->stable)->term;
}

static void asked(dasim_node *self, uint32_t from)
{
    const state *my = self->state;
    const stable *kept = self->stable;
    send(self, from, OK, kept->term);
    if (self->params[EAGER]) {
        start_election(self);
    } else if (!self->params[TERMS] || !is_content(self)) {
        start_if_none(self);
    } else if (my->leads) {
        send(self, from, COORDINATOR, my->term);
    }
}

static void answered(dasim_node *self)
{
    state *my = self->state;
    if (my->phase == ASKING) {
        my->phase = WAITING;
        dasim_disarm(self, NO_OK);
        if (self->params[PATIENCE] > 0) {
            dasim_arm(self, NO_COORDINATOR, self->params[PATIENCE]);
        }
    }
}

static void told(dasim_node *self, uint32_t from, uint64_t term)
{
    const state *my = self->state;
    const stable *kept = self->stable;
    bool is_lower = self->params[CONTEST] && from < self->id, is_old = term < kept->term;
    bool may_repeat = self->params[TERMS] || self->params[ANNOUNCE_EVERY] > 0;
    bool is_known = may_repeat && my->phase == NORMAL && my->leader == from && my->term == term;
    if (is_old && self->params[CONTEST] && !is_lower) {
        send(self, from, ELECTION, kept->term); /* it may not know that it is behind */
    } else if (is_lower && !is_old) {
        start_if_none(self);
    } else if (!is_lower && !is_old && !is_known) {
        follow(self, from, term);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    stable *kept = self->stable;
    uint64_t term = term_in(message);
    kept->term = term > kept->term ? term : kept->term;
    if (message->type == ELECTION) {
        asked(self, message->from);
    } else if (message->type == OK) {
        answered(self);
    } else {
        told(self, message->from, term);
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    const state *my = self->state;
    if (timer == NO_OK) {
        follow(self, self->id, next_term(self));
        announce(self);
    } else if (timer == AGAIN) {
        announce(self);
        dasim_arm(self, AGAIN, self->params[ANNOUNCE_EVERY]);
    } else if (my->phase == WAITING || my->suspected[my->leader]) {
        start_election(self);
    }
}

DASIM_ALGORITHM(
        .name = "bully", .title = "election of the highest live node by the bully algorithm",
        .reference = "H. Garcia-Molina, IEEE Transactions on Computers C-31(1), 1982, pp. 48-59",
        .about =
            "Who misses the leader sends ELECTION to all higher ids. Who gets one says OK and\n"
            "holds an election of its own; who gets no OK in time is the highest that lives and\n"
            "says COORDINATOR to all lower ones. Who comes back holds an election, too.",
        .provides = DASIM_ELECTION,
        .may_use = (const dasim_service[]){DASIM_DETECTOR, DASIM_NO_SERVICE},
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES,
        .promises = (const char *const[]){"agreement_on_leader", NULL},
        .costs = (const dasim_cost[]){{"messages per election", "n-1", "best"},
                                      {"messages per election", "n*n-n-1", "worst"},
                                      {"messages per recovery of the highest", "n-1", "always"},
                                      {0}},
        .messages = messages, .state = state_fields, .stable = stable_fields, .params = params,
        .timers =
            (const char *const[]){
                [NO_OK] = "no_ok", [NO_COORDINATOR] = "no_coordinator", [AGAIN] = "again", NULL},
        .state_size = state_size, .stable_size = stable_size, .on_boot = on_boot,
        .on_request = on_request, .on_indication = on_indication, .on_message = on_message,
        .on_timer = on_timer);
