/*
 * Failure detection by heartbeats.
 *
 * After: T. D. Chandra, S. Toueg, "Unreliable failure detectors for reliable distributed systems",
 * Journal of the ACM 43(2), 1996, pp. 225-267; C. Cachin, R. Guerraoui, L. Rodrigues, "Introduction
 * to Reliable and Secure Distributed Programming", 2nd ed., 2011, section 2.6.
 *
 * Idea: every node says HEARTBEAT to all that it has a link to, once per `interval`, and listens.
 * Who has not been heard for `timeout` is suspected: it may be dead, slow, or cut off, and nobody
 * can tell which. Whoever is suspected and heard again is restored: the suspicion was a mistake, or
 * the node has come back. With `grow`, each such mistake makes the time-out of that node longer, so
 * that where delays have a bound, known or not, there is a last mistake.
 *
 * Cost:     one message per interval and directed link: n(n-1) in a full mesh.
 * Assumes:  nothing. (Perfect where interval + the greatest difference of two delays < timeout.)
 * Promises: complete: who is dead is suspected by everybody in the end, at the latest `timeout`
 *           after its last heartbeat came. Accurate only where the time-out is long enough;
 *           eventually so with `grow`.
 */
#include <dasim.h>

enum message { HEARTBEAT };

static const dasim_message messages[] = {
    [HEARTBEAT] = {"HEARTBEAT", 0, NULL, "I am alive"},
    {0},
};

#define HOUR (INT64_C(3600000) * DASIM_MS)

enum param { INTERVAL, TIMEOUT, GROW };

static const dasim_param params[] = {
    [INTERVAL] = {"interval", DASIM_DURATION, 50 * DASIM_MS, 1, HOUR, "between two heartbeats"},
    [TIMEOUT] = {"timeout", DASIM_DURATION, 200 * DASIM_MS, 1, HOUR,
                 "who has not been heard for so long is suspected"},
    [GROW] = {"grow", DASIM_DURATION, 0, 0, HOUR,
              "each mistake about a node makes its time-out longer by so much"},
    {0},
};

enum timer { BEAT, WATCH };

#define UNWATCHED INT64_MAX

/* What this node believes of another one. */
typedef struct peer {
    int64_t deadline; /* silent until then: suspected. UNWATCHED: no link, or this node itself */
    int64_t timeout;
    bool suspected;
    uint8_t unused[7];
} peer;

/* The state: a peer for each node. */
static const dasim_field state_fields[] = {
    {"deadline", DASIM_TIME, offsetof(peer, deadline), DASIM_PER_NODE, sizeof(peer),
     .help = "silent until then, by the own clock: suspected"},
    {"timeout", DASIM_TIME, offsetof(peer, timeout), DASIM_PER_NODE, sizeof(peer),
     .help = "how long the node may be silent"},
    {"suspected", DASIM_BOOL, offsetof(peer, suspected), DASIM_PER_NODE, sizeof(peer),
     .help = "the node is taken for dead"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return config->nodes * sizeof(peer);
}

static void beat(dasim_node *self)
{
    uint32_t count;
    const uint32_t *neighbours = dasim_neighbours(self, &count);
    if (neighbours == NULL) {
        dasim_broadcast(self, HEARTBEAT, NULL, 0);
    }
    for (uint32_t i = 0; neighbours && i < count; i++) {
        dasim_send(self, neighbours[i], HEARTBEAT, NULL, 0);
    }
    dasim_arm(self, BEAT, self->params[INTERVAL]);
}

/* Suspects whose deadline is over, and sleeps until the next one. Deadlines only move on, but for
 * that of a node that was suspected: the timer never comes too late. */
static void watch(dasim_node *self)
{
    peer *peers = self->state;
    int64_t now = dasim_clock(self), next = UNWATCHED;
    for (uint32_t node = 0; node < self->nodes; node++) {
        peer *p = &peers[node];
        if (p->suspected || p->deadline == UNWATCHED) {
            continue;
        }
        if (p->deadline <= now) {
            p->suspected = true;
            dasim_indicate(self, DASIM_SUSPECT, &node, sizeof node);
        } else if (p->deadline < next) {
            next = p->deadline;
        }
    }
    if (next != UNWATCHED) {
        dasim_arm(self, WATCH, next - now);
    }
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* it trusts everybody again, and finds out */
    peer *peers = self->state;
    uint32_t count;
    const uint32_t *neighbours = dasim_neighbours(self, &count);
    int64_t deadline = dasim_clock(self) + self->params[TIMEOUT];
    for (uint32_t node = 0; node < self->nodes; node++) {
        bool linked = neighbours == NULL && node != self->id;
        peers[node] = (peer){linked ? deadline : UNWATCHED, self->params[TIMEOUT], false, {0}};
    }
    for (uint32_t i = 0; neighbours && i < count; i++) {
        peers[neighbours[i]].deadline = deadline;
    }
    beat(self);
    watch(self);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    peer *peers = self->state;
    uint32_t from = message->from;
    peer *p = &peers[from];
    bool mistaken = p->suspected;
    p->suspected = false;
    p->timeout += mistaken ? self->params[GROW] : 0;
    p->deadline = dasim_clock(self) + p->timeout;
    if (mistaken) {
        dasim_indicate(self, DASIM_RESTORE, &from, sizeof from);
        watch(self);
    } /* else the timer comes too early, which does no harm */
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    if (timer == BEAT) {
        beat(self);
    } else {
        watch(self);
    }
}

DASIM_ALGORITHM(
        .name = "heartbeat", .title = "failure detection by heartbeats",
        .reference = "T. D. Chandra, S. Toueg, JACM 43(2), 1996, pp. 225-267",
        .about =
            "Every node says HEARTBEAT to all that it has a link to, once per interval. Who has\n"
            "not been heard for the time-out is suspected; who is heard again is restored, and\n"
            "may get a longer time-out.",
        .provides = DASIM_DETECTOR,
        .costs = (const dasim_cost[]){{"messages per interval", "n*(n-1)", "always"}, {0}},
        .messages = messages, .state = state_fields, .params = params,
        .timers = (const char *const[]){[BEAT] = "beat", [WATCH] = "watch", NULL},
        .state_size = state_size, .on_boot = on_boot, .on_message = on_message,
        .on_timer = on_timer);
