/*
 * Election of the highest node on a ring.
 *
 * After: E. Chang, R. Roberts, "An improved algorithm for decentralized extrema-finding in circular
 * configurations of processes", Communications of the ACM 22(5), 1979, pp. 281-283.
 *
 * Idea: messages travel one way round a ring. Who starts sends ELECTION with its own id to the next
 * node. Who gets an ELECTION passes on the higher ids, and swallows the lower ones, because it is
 * the better candidate itself: if it has not sent its own id yet, it does so now. An id that comes
 * back to its owner has met nobody higher: the owner leads, and says ELECTED once round the ring.
 *
 * Cost:     where all start at once, ELECTION 2n-1 at best (ids ascend round the ring), n(n+1)/2 at
 *           worst (they descend), n(1 + 1/2 + ... + 1/n) in the mean over all arrangements; ELECTED
 *           n.
 * Assumes:  messages arrive, once; no node fails. (Where messages overtake each other, an election
 *           may take place twice.)
 * Promises: once somebody has asked for an election, all name the highest node.
 *
 * At the start nobody leads. With a failure detector, who is suspected is left out of the ring, and
 * messages about it are swallowed; `patience` starts anew where no ELECTED comes.
 */
#include <dasim.h>

enum message { ELECTION, ELECTED };

typedef struct candidate {
    uint32_t node;
} candidate;

static const dasim_field candidate_fields[] = {
    {"node", DASIM_NODE, offsetof(candidate, node), .help = "who would lead, or leads"},
    {0},
};

static const dasim_message messages[] = {
    [ELECTION] = {"ELECTION", sizeof(candidate), candidate_fields, "is anybody higher?"},
    [ELECTED] = {"ELECTED", sizeof(candidate), candidate_fields, "nobody was: this node leads"},
    {0},
};

#define HOUR (INT64_C(3600000) * DASIM_MS)

enum param { ARRANGEMENT, DESCENDING, PATIENCE };

static const dasim_param params[] = {
    [ARRANGEMENT] = {"arrangement", DASIM_COUNT, 0, 0, INT64_MAX,
                     "of the ids round the ring: number in the lexicographic order of all "
                     "permutations, modulo how many there are; 0: ascending"},
    [DESCENDING] = {"descending", DASIM_SWITCH, 0, 0, 1,
                    "send the other way round: arrangement 0 then descends"},
    [PATIENCE] = {"patience", DASIM_DURATION, 0, 0, HOUR,
                  "no ELECTED for so long: start anew; 0: wait for ever"},
    {0},
};

enum timer { NO_LEADER };

typedef struct state {
    uint32_t leader; /* DASIM_NOBODY: not known */
    bool takes_part; /* has sent or passed on an ELECTION, and heard no ELECTED since */
    bool leads;
    bool suspected[]; /* [node]: by the failure detector, where there is one */
} state;

static const dasim_field state_fields[] = {
    {"leader", DASIM_NODE, offsetof(state, leader), .help = "who leads, as far as it knows"},
    {"takes_part", DASIM_BOOL, offsetof(state, takes_part), .help = "in an election"},
    {"leads", DASIM_BOOL, offsetof(state, leads), .role = "leader", .help = "takes itself for it"},
    {"suspected", DASIM_BOOL, offsetof(state, suspected), DASIM_PER_NODE,
     .help = "taken for dead by the failure detector"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->nodes;
}

/* ---- the ring */

enum { TAIL_MOST = 21 }; /* 20! is the last factorial below 2^63: only so many places change */

/* The last `length` places of the arrangement: a permutation of the highest ids. */
static void arrange(const dasim_node *self, uint32_t tail[TAIL_MOST], uint32_t length)
{
    int64_t rank = self->params[ARRANGEMENT], below = 1; /* below: permutations of what follows */
    for (uint32_t i = 2; i < length; i++) {
        below *= i;
    }
    for (uint32_t i = 0; i < length; i++) {
        tail[i] = self->nodes - length + i;
    }
    for (uint32_t i = 0; i + 1 < length; i++) {
        uint32_t left = length - i, chosen = (uint32_t)(rank / below % left);
        uint32_t id = tail[i + chosen];
        for (uint32_t k = chosen; k > 0; k--) {
            tail[i + k] = tail[i + k - 1];
        }
        tail[i] = id;
        rank %= below;
        below /= left - 1;
    }
}

/* Who comes behind `node` on the ring, or before it where it goes the other way round. */
static uint32_t neighbour(const dasim_node *self, uint32_t node)
{
    uint32_t tail[TAIL_MOST], n = self->nodes;
    uint32_t length = n < TAIL_MOST ? n : TAIL_MOST, fixed = n - length, place = node;
    arrange(self, tail, length);
    for (uint32_t i = 0; i < length; i++) {
        place = tail[i] == node ? fixed + i : place;
    }
    place = (place + (self->params[DESCENDING] ? n - 1 : 1)) % n;
    return place < fixed ? place : tail[place - fixed];
}

static void pass_on(dasim_node *self, enum message type, uint32_t node)
{
    const state *my = self->state;
    uint32_t to = neighbour(self, self->id);
    while (to != self->id && my->suspected[to]) {
        to = neighbour(self, to);
    }
    dasim_send(self, to, type, &(candidate){node}, sizeof(candidate));
}

/* ---- the election */

static void take_part(dasim_node *self, uint32_t node)
{
    state *my = self->state;
    my->takes_part = true;
    pass_on(self, ELECTION, node);
    if (self->params[PATIENCE] > 0) {
        dasim_arm(self, NO_LEADER, self->params[PATIENCE]);
    }
}

static void follow(dasim_node *self, uint32_t leader)
{
    state *my = self->state;
    my->leader = leader;
    my->leads = leader == self->id;
    my->takes_part = false;
    dasim_disarm(self, NO_LEADER);
    dasim_indicate(self, DASIM_LEADER, &(dasim_leader){.leader = leader}, sizeof(dasim_leader));
}

static void on_boot(dasim_node *self, bool recovering)
{
    state *my = self->state;
    my->leader = DASIM_NOBODY;
    if (recovering) {
        take_part(self, self->id);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    const state *my = self->state;
    if (!my->takes_part) {
        take_part(self, self->id);
    }
}

/* The leader has died, or somebody better has come back. */
static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    (void)from, (void)size;
    state *my = self->state;
    uint32_t node = *(const uint32_t *)arg;
    my->suspected[node] = op == DASIM_SUSPECT;
    bool matters = op == DASIM_SUSPECT ? node == my->leader : node > my->leader;
    if (matters && !my->takes_part) {
        take_part(self, self->id);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const state *my = self->state;
    uint32_t node = ((const candidate *)message->body)->node;
    if (my->suspected[node]) {
        return; /* else it would go round for ever */
    }
    if (message->type == ELECTED) {
        if (node != self->id) {
            follow(self, node);
            pass_on(self, ELECTED, node);
        }
    } else if (node > self->id) {
        take_part(self, node);
    } else if (node == self->id) {
        follow(self, node);
        pass_on(self, ELECTED, node);
    } else if (!my->takes_part) {
        take_part(self, self->id);
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    take_part(self, self->id);
}

DASIM_ALGORITHM(
        .name = "chang_roberts", .title = "election of the highest node on a ring",
        .reference = "E. Chang, R. Roberts, CACM 22(5), 1979, pp. 281-283",
        .about =
            "ELECTION carries ids one way round a ring. Each node passes on higher ids and\n"
            "swallows lower ones, sending its own instead. An id that comes back to its owner\n"
            "has won: ELECTED says so once round the ring.",
        .provides = DASIM_ELECTION,
        .may_use = (const dasim_service[]){DASIM_DETECTOR, DASIM_NO_SERVICE},
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"agreement_on_leader", NULL},
        .costs = (const dasim_cost[]){{"ELECTION messages", "2*n-1", "best"},
                                      {"ELECTION messages", "n*H(n)", "mean"},
                                      {"ELECTION messages", "n*(n+1)/2", "worst"},
                                      {"ELECTED messages", "n", "always"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params,
        .timers = (const char *const[]){[NO_LEADER] = "no_leader", NULL}, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_indication = on_indication,
        .on_message = on_message, .on_timer = on_timer);
