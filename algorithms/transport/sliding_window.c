/*
 * Frames from node to node: each one arrives once and in order, over links that lose, duplicate and
 * reorder.
 *
 * After: N. V. Stenning, "A data transfer protocol", Computer Networks 1(2), 1976, pp. 99-110;
 * time-outs: V. Jacobson, "Congestion avoidance and control", SIGCOMM 1988, and P. Karn, C.
 * Partridge, SIGCOMM 1987; sessions: R. W. Watson, "Timer-based mechanisms in reliable transport
 * protocol connection management", Computer Networks 5, 1981 (three-way handshake).
 *
 * Idea: frames to a node are numbered. Up to `window` of them are under way at a time; the receiver
 * hands up the one that is due, keeps those that came too early, and acknowledges with the number
 * of the next one that it waits for. The sender repeats its oldest frame when the estimated
 * round-trip time is over (twice as long at each try, and only frames sent once are measured), or
 * when three acknowledgements ask for it. Two nodes are in a session: a number of the one and a
 * number of the other, each larger than all that its node has used before, in all its lives. A
 * frame says both, and one of another session is not taken, however late it comes. Who has crashed
 * or given up begins a new session: the other one notices, and both forget what was under way.
 *
 * Cost:     2 messages per frame, isolated; 1 for a frame that is sent as it is; 2 more where two
 *           nodes meet first.
 * Assumes:  a message arrives with a probability larger than 0.
 * Promises: what arrives are the frames that were sent, once, in order, without gaps, until CLOSE.
 */
#include <dasim.h>

enum message { SEGMENT, ACK, DATAGRAM };
enum { FRAME_MOST = 1460, DATAGRAM_MOST = 65536 };
enum flag {
    AS_IT_IS = 1
}; /* of OUTPUT: no matter whether it arrives, how often, and in which order */

#define NEVER INT64_MAX
#define MINUTE (INT64_C(60000) * DASIM_MS)
/* Numbers as Linux has them. */
#define TIMED_OUT (-110)
#define RESET (-104)
#define NO_BUFFERS (-105)

typedef struct segment {
    uint64_t from, to; /* session numbers of sender and receiver; to 0: not known yet */
    uint64_t number;   /* SEGMENT: of this frame. ACK: of the frame that is due */
    uint8_t frame[FRAME_MOST];
    uint8_t unused[4];
} segment;

enum { HEAD = offsetof(segment, frame) };

static const dasim_field segment_fields[] = {
    {"number", DASIM_U64, offsetof(segment, number),
     .help = "of the frame; in an ACK: that is due"},
    {"from", DASIM_U64, offsetof(segment, from), .help = "session number of the sender"},
    {"to", DASIM_U64, offsetof(segment, to), .help = "... of the receiver; 0: not known yet"},
    {0},
};

static const dasim_message messages[] = {
    [SEGMENT] = {"SEGMENT", HEAD + FRAME_MOST, segment_fields, "a frame"},
    [ACK] = {"ACK", HEAD, segment_fields, "all frames before this one are here"},
    [DATAGRAM] = {"DATAGRAM", DATAGRAM_MOST, NULL, "a frame that is sent as it is"},
    {0},
};

enum param { WINDOW, POOL, TRIES, FIRST, LEAST, MOST };

static const dasim_param params[] = {
    [WINDOW] = {"window", DASIM_COUNT, 16, 1, 1024, "frames under way to one node"},
    [POOL] =
        {"pool", DASIM_COUNT, 128, 1, 65536,
         "frames that a node has room for, sent and not acknowledged or come too early; a node "
         "for which there is no room any more is given up"},
    [TRIES] = {"tries", DASIM_COUNT, 15, 1, 1000000,
               "a node that has not acknowledged a frame after so many repetitions is given up"},
    [FIRST] = {"timeout", DASIM_DURATION, 200 * DASIM_MS, 1000, MINUTE,
               "before a frame is repeated, while nothing was measured"},
    [LEAST] = {"shortest", DASIM_DURATION, 2 * DASIM_MS, 1000, MINUTE, "time-out"},
    [MOST] = {"longest", DASIM_DURATION, 2000 * DASIM_MS, 1000, MINUTE, "time-out"},
    {0},
};

enum timer { DUE };

/* Lists are linked by index + 1; 0 ends them. */
typedef struct slot {
    uint64_t number;
    uint32_t next, size;
    uint8_t frame[FRAME_MOST];
    uint8_t unused[4];
} slot;

typedef struct peer {
    uint64_t mine, its;     /* the session; its: 0: not known yet */
    uint64_t oldest, fresh; /* numbers: not acknowledged; never sent */
    uint64_t end;           /* ... of the next frame that is handed down */
    uint64_t recover;       /* what was sent before this is repeated one by one */
    uint64_t measured;      /* number + 1 of the frame whose time is taken; 0: none */
    uint64_t expected;      /* number of the frame that is due */
    int64_t due, sent;      /* when to repeat; when the measured one left */
    int64_t mean, deviation;
    uint32_t first, last; /* frames to it, in order */
    uint32_t early;       /* frames from it that came too early, in order */
    uint32_t tries;
    uint32_t asked;   /* acknowledgements in a row that wait for the oldest */
    uint32_t allowed; /* frames that those above know there is room for */
} peer;

typedef struct state {
    int64_t alarm;     /* what the timer is set to */
    uint32_t free;     /* list of slots */
    uint32_t starved;  /* some node was allowed less because of others */
    uint32_t to, from; /* slots of frames to and from others */
    peer peers[];      /* [node], then the slots */
} state;

typedef struct stable {
    uint64_t session; /* the last number that was used */
} stable;

#define PEER_FIELD(member)                                                                         \
    offsetof(state, peers) + offsetof(peer, member), DASIM_PER_NODE, sizeof(peer)

static const dasim_field state_fields[] = {
    {"to", DASIM_U32, offsetof(state, to), .help = "frames not acknowledged"},
    {"from", DASIM_U32, offsetof(state, from), .help = "frames that came too early"},
    {"session", DASIM_U64, PEER_FIELD(mine), .help = "its number here"},
    {"its", DASIM_U64, PEER_FIELD(its), .help = "... and there; 0: not known yet"},
    {"oldest", DASIM_U64, PEER_FIELD(oldest), .help = "first frame that is not acknowledged"},
    {"end", DASIM_U64, PEER_FIELD(end), .help = "frames handed down so far"},
    {"expected", DASIM_U64, PEER_FIELD(expected), .help = "the frame that is due from there"},
    {"tries", DASIM_U32, PEER_FIELD(tries), .help = "repetitions of the oldest"},
    {0},
};

static const dasim_field stable_fields[] = {
    {"session", DASIM_U64, offsetof(stable, session), .help = "the last number used"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->nodes * sizeof(peer) +
           2 * (size_t)config->params[POOL] * sizeof(slot);
}

static size_t stable_size(const dasim_config *config)
{
    (void)config;
    return sizeof(stable);
}

static peer *peer_of(dasim_node *self, uint32_t node)
{
    return &((state *)self->state)->peers[node];
}

/* ---- room */

static slot *slot_of(dasim_node *self, uint32_t which)
{
    return &((slot *)(void *)peer_of(self, self->nodes))[which - 1];
}

/* `count` is that of the kind. 0: there is no room. */
static uint32_t take(dasim_node *self, uint32_t *count, uint64_t number, const void *frame,
                     uint32_t size)
{
    state *my = self->state;
    uint32_t which = *count < self->params[POOL] ? my->free : 0;
    if (which) {
        slot *s = slot_of(self, which);
        my->free = s->next;
        ++*count;
        s->number = number;
        s->next = 0;
        s->size = size;
        __builtin_memcpy(s->frame, frame, size);
    }
    return which;
}

/* The first one of the list goes. */
static void give_back(dasim_node *self, uint32_t *count, uint32_t *list)
{
    state *my = self->state;
    uint32_t which = *list;
    slot *s = slot_of(self, which);
    *list = s->next;
    s->next = my->free;
    my->free = which;
    --*count;
}

/* ---- sending */

static int64_t timeout_of(const dasim_node *self, const peer *p)
{
    int64_t t = p->mean ? p->mean + 4 * p->deviation : self->params[FIRST];
    t = t > self->params[LEAST] ? t : self->params[LEAST];
    for (uint32_t i = 0; i < p->tries && t < self->params[MOST]; i++) {
        t *= 2;
    }
    return t < self->params[MOST] ? t : self->params[MOST];
}

/* The oldest frame is repeated when its time is over. A timer that comes too early does no harm. */
static void await(dasim_node *self, peer *p)
{
    state *my = self->state;
    int64_t now = dasim_clock(self);
    p->due = now + timeout_of(self, p);
    if (p->due < my->alarm) {
        dasim_arm(self, DUE, p->due - now);
        my->alarm = p->due;
    }
}

static void send(dasim_node *self, uint32_t node, const slot *s)
{
    const peer *p = peer_of(self, node);
    segment m = {.from = p->mine, .to = p->its, .number = s->number};
    __builtin_memcpy(m.frame, s->frame, s->size);
    dasim_send(self, node, SEGMENT, &m, HEAD + s->size);
}

static void repeat(dasim_node *self, uint32_t node)
{
    peer *p = peer_of(self, node);
    p->measured = 0;
    p->asked = 0;
    send(self, node, slot_of(self, p->first));
    await(self, p);
}

/* What the window allows: before the session stands, one frame. */
static void advance(dasim_node *self, uint32_t node)
{
    peer *p = peer_of(self, node);
    uint64_t window = p->its ? (uint64_t)self->params[WINDOW] : 1;
    uint32_t which = p->fresh < p->end ? p->first : 0;
    while (which && slot_of(self, which)->number < p->fresh) {
        which = slot_of(self, which)->next;
    }
    for (; which && p->fresh < p->oldest + window; which = slot_of(self, which)->next) {
        send(self, node, slot_of(self, which));
        if (p->measured == 0) {
            p->measured = p->fresh + 1;
            p->sent = dasim_clock(self);
        }
        if (p->fresh++ == p->oldest) {
            await(self, p);
        }
    }
}

/* Tells those above when there is room again for frames to the node: two windows, while a quarter
 * of all the room is free, which is left for what cannot wait. */
static void allow(dasim_node *self, uint32_t node)
{
    peer *p = peer_of(self, node);
    state *my = self->state;
    uint64_t window = (uint64_t)self->params[WINDOW], waiting = p->end - p->oldest;
    int64_t free = self->params[POOL] * 3 / 4 - my->to;
    int64_t room = waiting < 2 * window ? (int64_t)(2 * window - waiting) : 0;
    my->starved |= free < room;
    room = room < free ? room : free;
    if (p->allowed < window && room > p->allowed) {
        p->allowed = (uint32_t)room;
        dasim_call c = {.process = node, .descriptor = -1, .value = room};
        dasim_indicate(self, DASIM_OUTPUT, &c, sizeof c);
    }
}

/* Frames to the node are gone. */
static void make_room(dasim_node *self, uint32_t node)
{
    state *my = self->state;
    bool all = my->starved;
    my->starved = 0;
    for (uint32_t i = 0; i < self->nodes && all; i++) {
        if (i != node && my->peers[i].end > 0) {
            allow(self, i);
        }
    }
    allow(self, node);
}

/* ---- sessions */

/* Larger than any before, even where stable storage was lost and the clock goes on. */
static uint64_t new_session(dasim_node *self)
{
    stable *kept = self->stable;
    int64_t now = dasim_clock(self);
    kept->session++;
    kept->session = now > 0 && (uint64_t)now > kept->session ? (uint64_t)now : kept->session;
    return kept->session;
}

/* Everything between the two nodes begins anew. `its` is 0 where this node has given up. */
static void begin(dasim_node *self, uint32_t node, uint64_t mine, uint64_t its)
{
    peer *p = peer_of(self, node);
    state *my = self->state;
    while (p->first) {
        give_back(self, &my->to, &p->first);
    }
    while (p->early) {
        give_back(self, &my->from, &p->early);
    }
    *p = (peer){.mine = mine, .its = its, .due = NEVER};
}

static void close(dasim_node *self, uint32_t node, int64_t why)
{
    dasim_call c = {.process = node, .descriptor = -1, .value = why};
    dasim_indicate(self, DASIM_CLOSE, &c, sizeof c);
}

static void give_up(dasim_node *self, uint32_t node, int64_t why)
{
    begin(self, node, new_session(self), 0);
    close(self, node, why);
    make_room(self, node);
}

/* A message to the session of this node shows the number of the other one. False: the message is
 * of a former session. */
static bool greet(dasim_node *self, uint32_t node, uint64_t its)
{
    peer *p = peer_of(self, node);
    if (its > p->its && p->its) { /* it has crashed, or given this node up */
        begin(self, node, p->mine, its);
        close(self, node, RESET);
    } else if (p->its == 0) {
        p->its = its;
        if (p->fresh > p->oldest) { /* the first frame was not taken: its receiver was unknown */
            repeat(self, node);
        }
    }
    return its == p->its;
}

/* ---- receiving */

static void acknowledge(dasim_node *self, uint32_t node, uint64_t from, uint64_t to, uint64_t due)
{
    segment m = {.from = from, .to = to, .number = due};
    dasim_send(self, node, ACK, &m, HEAD);
}

static void hand_up(dasim_node *self, uint32_t node, const void *frame, uint32_t size)
{
    struct {
        dasim_call call;
        uint8_t frame[DATAGRAM_MOST];
    } up;
    up.call = (dasim_call){.process = node, .descriptor = -1, .value = size, .size = size};
    __builtin_memcpy(up.frame, frame, size);
    dasim_indicate(self, DASIM_INPUT, &up, sizeof up.call + size);
}

/* One that comes too early is kept, where there is room. */
static void keep(dasim_node *self, peer *p, const segment *m, uint32_t size)
{
    uint32_t *at = &p->early;
    while (*at && slot_of(self, *at)->number < m->number) {
        at = &slot_of(self, *at)->next;
    }
    state *my = self->state;
    bool known = *at && slot_of(self, *at)->number == m->number;
    uint32_t next = *at, which = known ? 0 : take(self, &my->from, m->number, m->frame, size);
    if (which) {
        slot_of(self, which)->next = next;
        *at = which;
    }
}

static void on_segment(dasim_node *self, uint32_t node, const segment *m, uint32_t size)
{
    peer *p = peer_of(self, node);
    if (m->to != p->mine) { /* it does not know this one yet, or is of long ago */
        acknowledge(self, node, p->mine, m->from, 0);
        return;
    }
    if (!greet(self, node, m->from)) {
        return;
    }
    if (m->number == p->expected) {
        hand_up(self, node, m->frame, size);
        p->expected++;
    } else if (m->number > p->expected) {
        keep(self, p, m, size);
    }
    while (p->early && slot_of(self, p->early)->number == p->expected) {
        const slot *s = slot_of(self, p->early);
        hand_up(self, node, s->frame, s->size);
        p->expected++;
        give_back(self, &((state *)self->state)->from, &p->early);
    }
    acknowledge(self, node, p->mine, p->its, p->expected);
}

static void measure(dasim_node *self, peer *p)
{
    int64_t took = dasim_clock(self) - p->sent, off = took - p->mean;
    if (took < 0) {
        return; /* the clock was stepped */
    }
    off = off < 0 ? -off : off;
    p->deviation = p->mean ? p->deviation + (off - p->deviation) / 4 : took / 2;
    p->mean = p->mean ? p->mean + (took - p->mean) / 8 : took + 1;
    p->measured = 0;
}

static void on_ack(dasim_node *self, uint32_t node, const segment *m)
{
    peer *p = peer_of(self, node);
    if (m->to != p->mine || !greet(self, node, m->from) || m->number > p->fresh) {
        return;
    }
    if (m->number > p->oldest) {
        if (p->measured && m->number >= p->measured) {
            measure(self, p);
        }
        for (; p->oldest < m->number; p->oldest++) {
            give_back(self, &((state *)self->state)->to, &p->first);
        }
        p->tries = p->asked = 0;
        p->due = NEVER;
        if (p->oldest < p->fresh && p->oldest < p->recover) {
            repeat(self, node);
        } else if (p->oldest < p->fresh) {
            await(self, p);
        }
    } else if (m->number == p->oldest && p->oldest < p->fresh && ++p->asked == 3 &&
               p->oldest >= p->recover) {
        p->recover = p->fresh;
        repeat(self, node);
    }
    advance(self, node);
    make_room(self, node);
}

/* ---- handlers */

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    const dasim_call *c = arg;
    uint32_t most = c->flags & AS_IT_IS ? DATAGRAM_MOST : FRAME_MOST;
    bool fits = op == DASIM_OUTPUT && size == sizeof *c + c->size && c->size <= most;
    DASIM_CHECK(self, fits && c->process < self->nodes && c->process != self->id);
    if (!fits || c->process >= self->nodes || c->process == self->id) {
        return;
    }
    if (c->flags & AS_IT_IS) {
        dasim_send(self, c->process, DATAGRAM, c + 1, c->size);
        return;
    }
    peer *p = peer_of(self, c->process);
    uint32_t which = take(self, &((state *)self->state)->to, p->end, c + 1, c->size);
    if (which == 0) {
        give_up(self, c->process, NO_BUFFERS);
    } else {
        *(p->first ? &slot_of(self, p->last)->next : &p->first) = which;
        p->last = which;
        p->end++;
        p->allowed -= p->allowed > 0;
        advance(self, c->process);
        allow(self, c->process);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    segment m = {0};
    if (message->type == DATAGRAM) {
        hand_up(self, message->from, message->body, message->size);
        return;
    }
    __builtin_memcpy(&m, message->body, message->size);
    if (message->type == SEGMENT) {
        on_segment(self, message->from, &m, message->size - HEAD);
    } else {
        on_ack(self, message->from, &m);
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    int64_t now = dasim_clock(self);
    state *my = self->state;
    int64_t next = NEVER;
    my->alarm = INT64_MIN; /* not to be set before the end */
    for (uint32_t node = 0; node < self->nodes; node++) {
        peer *p = peer_of(self, node);
        if (p->due <= now && p->tries++ == (uint32_t)self->params[TRIES]) {
            give_up(self, node, TIMED_OUT);
        } else if (p->due <= now) {
            p->recover = p->fresh;
            repeat(self, node);
        }
        next = p->due < next ? p->due : next;
    }
    my->alarm = next;
    if (next != NEVER) {
        dasim_arm(self, DUE, next - now);
    }
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    state *my = self->state;
    uint64_t session = new_session(self);
    my->alarm = NEVER;
    for (uint32_t node = 0; node < self->nodes; node++) {
        my->peers[node] = (peer){.mine = session, .due = NEVER};
    }
    for (uint32_t i = 2 * (uint32_t)self->params[POOL]; i > 0; i--) {
        slot_of(self, i)->next = my->free;
        my->free = i;
    }
}

DASIM_ALGORITHM(
        .name = "sliding_window",
        .title = "frames between nodes, each once and in order, over links that are neither",
        .reference = "N. V. Stenning, Computer Networks 1(2), 1976, pp. 99-110; V. Jacobson, "
                     "SIGCOMM 1988",
        .about =
            "Frames are numbered, a window of them is under way, acknowledgements are cumulative.\n"
            "The oldest is repeated when the estimated round trip is over, twice as late each\n"
            "time. Sessions of two numbers, never used twice, keep frames of long ago away.",
        .provides = DASIM_TRANSPORT,
        .costs = (const dasim_cost[]){{"messages per frame", "2", "isolated"}, {0}},
        .messages = messages, .state = state_fields, .stable = stable_fields, .params = params,
        .timers = (const char *const[]){[DUE] = "due", NULL}, .state_size = state_size,
        .stable_size = stable_size, .on_boot = on_boot, .on_request = on_request,
        .on_message = on_message, .on_timer = on_timer);
