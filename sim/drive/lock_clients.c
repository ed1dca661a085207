/*
 * Lock clients. What a client does next is kept in `phase`; what wakes it is an alarm of its node,
 * so that a crash ends it and a pause delays it.
 *
 * Draws are keyed by (what, client, number of its turn): what one client draws never shifts what
 * another draws. A client believes only the grant that it waits for: a second GRANTED for the same
 * request, one for another resource or one after a crash changes nothing.
 *
 * Isolated: a turn belongs to the system. It draws a client; where that one's node is down, the
 * next higher live one (around the end) takes its place. Where none lives, the next one that boots
 * starts the turn.
 */
#include "drive/lock_clients.h"

#include <dasim.h>
#include <glib.h>

/* Of world_choose(): fault.c has those from PURPOSE_DRIVER + 16 on. */
enum {
    PURPOSE_START = PURPOSE_DRIVER,
    PURPOSE_THINK,
    PURPOSE_HOLD,
    PURPOSE_PICK,
    PURPOSE_TURN,
    PURPOSE_PICK_MORE
};

/* Data of an alarm of the system; that of a client is the number of the turn that it belongs to. */
static const uint64_t alarm_turn = UINT64_MAX;

typedef enum client_phase {
    PHASE_OFF,      /* its node is down, or it is no client */
    PHASE_THINKING, /* its alarm will come */
    PHASE_WAITING,  /* for the grant of number `place` of what it takes */
    PHASE_HOLDING,  /* its alarm will come */
    PHASE_RESTING   /* nothing to do: all entries done, drained, or not its turn */
} client_phase;

typedef struct client {
    uint64_t entries; /* completed */
    uint64_t turns;   /* begun: n of its draws */
    uint64_t held;    /* bit per place of what it takes: granted and not given back */
    uint32_t place;
    uint32_t phase;
    uint32_t is_broken; /* it has lost something while it waited for more */
    uint32_t unused;
} client;

/* The driver's state: flat, no pointers. Behind the clients: what each takes, `together` a node. */
typedef struct load_state {
    uint64_t total;      /* entries of all */
    uint64_t turns;      /* isolated: n of the turns' draws */
    uint32_t unfinished; /* clients on live nodes that have entries left */
    uint32_t busy;       /* clients that wait or hold */
    uint32_t draining;
    uint32_t is_turn; /* isolated: a turn is under way, or its alarm will come */
    client clients[]; /* by node */
} load_state;

struct lock_clients {
    client_load as_load; /* first */
    lock_clients_config config;
    uint32_t number, client_count;
    uint32_t component; /* that is asked; STACK_MOST: nothing provides locks */
    bool *is_client;    /* by node */
};

static load_state *state_of(const lock_clients *load, const world *w)
{
    return world_driver_state((world *)(uintptr_t)w, load->number);
}

static uint32_t *taken_by(const lock_clients *load, const world *w, load_state *s, uint32_t node)
{
    uint32_t *all = (uint32_t *)(void *)&s->clients[world_nodes(w)];
    return all + (size_t)node * load->config.together;
}

/* A draw in ns, never negative. */
static int64_t draw(world *w, const distribution *d, uint32_t purpose, uint64_t who, uint64_t n)
{
    uint64_t u = d->kind == DISTRIBUTION_FIXED ? 0 : world_choose(w, purpose, who, n, 0);
    int64_t value = distribution_sample(d, u);
    return value > 0 ? value : 0;
}

static void wake_after(lock_clients *load, world *w, uint32_t node, int64_t after, uint64_t data)
{
    int64_t now = world_now(w);
    world_alarm(w, load->number, after < INT64_MAX - now ? now + after : INT64_MAX, node, data);
}

/* Has this client nothing more to ask for? */
static bool has_finished(const lock_clients *load, const load_state *s, const client *c)
{
    if (load->config.entries == 0) {
        return false;
    }
    return (load->config.isolated ? s->total : c->entries) >= load->config.entries;
}

/* The run may be over: let whoever runs the world look. */
static void look(const load_state *s, const lock_clients *load, world *w)
{
    bool isolated = load->config.isolated;
    bool complete = isolated ? has_finished(load, s, NULL) : s->unfinished == 0;
    if ((load->config.entries > 0 && complete) || (s->draining && s->busy == 0)) {
        world_stop(w);
    }
}

static uint32_t pick(const lock_clients *load, world *w, uint32_t node, const client *c)
{
    uint32_t resources = world_config_of(w)->resources;
    switch (load->config.pick) {
    case PICK_RANDOM:
        return (uint32_t)world_choose(w, PURPOSE_PICK, node, c->turns, resources);
    case PICK_FIXED:
        return load->config.resource;
    default:
        return (uint32_t)((c->entries + node) % resources);
    }
}

/* Puts `value` into the first `count` values, which ascend. */
static void insert(uint32_t *values, uint32_t count, uint32_t value)
{
    for (; count > 0 && values[count - 1] > value; count--) {
        values[count] = values[count - 1];
    }
    values[count] = value;
}

/* The client decides what to take, and in which order. */
static void pick_all(const lock_clients *load, world *w, uint32_t node, const client *c,
                     uint32_t *taken)
{
    uint32_t sorted[TOGETHER_MOST], count = load->config.together;
    uint32_t resources = world_config_of(w)->resources;
    taken[0] = sorted[0] = pick(load, w, node, c);
    for (uint32_t i = 1; i < count; i++) {
        taken[i] = (taken[0] + i) % resources;
        if (load->config.pick == PICK_RANDOM) { /* one of those that are left */
            taken[i] = (uint32_t)world_choose(w, PURPOSE_PICK_MORE, node, c->turns * count + i,
                                              resources - i);
            for (uint32_t k = 0; k < i; k++) {
                taken[i] += sorted[k] <= taken[i];
            }
        }
        insert(sorted, i, taken[i]);
    }
    for (uint32_t i = 0; load->config.ordered && i < count; i++) {
        taken[i] = sorted[i];
    }
}

static bool acquire(lock_clients *load, world *w, uint32_t node, load_state *s)
{
    dasim_lock lock = {.resource = taken_by(load, w, s, node)[s->clients[node].place]};
    return load->component < STACK_MOST &&
           world_request(w, node, load->component, DASIM_ACQUIRE, &lock, sizeof lock);
}

static void ask(lock_clients *load, world *w, uint32_t node, load_state *s)
{
    client *c = &s->clients[node];
    pick_all(load, w, node, c, taken_by(load, w, s, node));
    c->place = 0;
    c->held = 0;
    c->is_broken = false;
    if (acquire(load, w, node, s)) {
        c->phase = PHASE_WAITING;
        s->busy++;
    } else {
        c->phase = PHASE_RESTING; /* nobody takes requests */
    }
}

static void give_back(lock_clients *load, world *w, uint32_t node, load_state *s)
{
    client *c = &s->clients[node];
    for (uint32_t i = 0; i < load->config.together; i++) {
        if (c->held >> i & 1) {
            dasim_lock lock = {.resource = taken_by(load, w, s, node)[i]};
            world_request(w, node, load->component, DASIM_RELEASE, &lock, sizeof lock);
        }
    }
    c->held = 0;
}

/* The next round of a client begins. Without a time to think it asks at once, behind the release
 * that may be on its way. */
static void think(lock_clients *load, world *w, uint32_t node, load_state *s, int64_t after)
{
    client *c = &s->clients[node];
    c->turns++;
    after += draw(w, &load->config.think, PURPOSE_THINK, node, c->turns);
    if (s->draining) {
        c->phase = PHASE_RESTING;
    } else if (after == 0 && c->phase == PHASE_HOLDING) {
        ask(load, w, node, s);
    } else {
        c->phase = PHASE_THINKING;
        wake_after(load, w, node, after, c->turns);
    }
}

/* --------------------------------------------------------------------------------- isolated */

static void next_turn(lock_clients *load, world *w, load_state *s)
{
    if (s->draining || has_finished(load, s, NULL)) {
        return;
    }
    int64_t after = draw(w, &load->config.think, PURPOSE_THINK, NOBODY, s->turns);
    if (s->turns == 0) {
        after += draw(w, &load->config.start, PURPOSE_START, NOBODY, 0);
    }
    s->is_turn = true;
    wake_after(load, w, NOBODY, after, alarm_turn);
}

static uint32_t nth_client(const lock_clients *load, uint64_t n)
{
    return load->config.clients ? load->config.clients[n] : (uint32_t)n;
}

static void take_turn(lock_clients *load, world *w, load_state *s)
{
    uint64_t count = load->client_count;
    s->is_turn = false;
    uint64_t first = world_choose(w, PURPOSE_TURN, 0, s->turns++, count);
    for (uint64_t i = 0; i < count && !s->draining; i++) {
        uint32_t node = nth_client(load, (first + i) % count);
        if (world_is_up(w, node)) {
            s->is_turn = true;
            s->clients[node].phase = PHASE_THINKING;
            /* waits where the node is paused */
            wake_after(load, w, node, 0, ++s->clients[node].turns);
            return;
        }
    }
}

/* ---------------------------------------------------------------------------------- callbacks */

static void released(lock_clients *load, world *w, uint32_t node, load_state *s)
{
    client *c = &s->clients[node];
    give_back(load, w, node, s);
    c->entries++;
    s->total++;
    s->busy--;
    if (load->config.isolated) {
        c->phase = PHASE_RESTING;
        s->is_turn = false;
        next_turn(load, w, s);
    } else if (has_finished(load, s, c)) {
        c->phase = PHASE_RESTING;
        s->unfinished--;
    } else {
        think(load, w, node, s, 0);
    }
    look(s, load, w);
}

static void on_alarm(void *self, world *w, uint32_t node, uint64_t data)
{
    lock_clients *load = self;
    load_state *s = state_of(load, w);
    if (data == alarm_turn) {
        take_turn(load, w, s);
    } else if (data != s->clients[node].turns) {
        return; /* the client has lost the lock since */
    } else if (s->clients[node].phase == PHASE_HOLDING) {
        released(load, w, node, s);
    } else if (s->draining) {
        s->clients[node].phase = PHASE_RESTING;
    } else {
        ask(load, w, node, s);
    }
}

/* A lease is over before the client has finished: it has not entered, and tries once more. */
static void lost(lock_clients *load, world *w, uint32_t node, load_state *s)
{
    give_back(load, w, node, s);
    s->busy--;
    if (load->config.isolated) {
        s->clients[node].turns++; /* the alarm of this one comes in vain */
        s->clients[node].phase = PHASE_RESTING;
        s->is_turn = false;
        next_turn(load, w, s);
    } else {
        think(load, w, node, s, 0);
    }
    look(s, load, w);
}

static void on_granted(lock_clients *load, world *w, uint32_t node, load_state *s)
{
    client *c = &s->clients[node];
    c->held |= UINT64_C(1) << c->place++;
    if (c->is_broken) {
        lost(load, w, node, s);
    } else if (c->place < load->config.together) {
        acquire(load, w, node, s);
    } else {
        c->phase = PHASE_HOLDING;
        wake_after(load, w, node, draw(w, &load->config.hold, PURPOSE_HOLD, node, c->turns),
                   c->turns);
    }
}

/* What it waits for it cannot call off: so it goes on waiting, and gives back what it gets. */
static void on_lost(lock_clients *load, world *w, uint32_t node, load_state *s, uint32_t place)
{
    client *c = &s->clients[node];
    c->held &= ~(UINT64_C(1) << place);
    if (c->phase == PHASE_HOLDING) {
        lost(load, w, node, s);
    } else {
        c->is_broken = true;
    }
}

static void on_indication(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                          const void *arg, size_t size)
{
    lock_clients *load = self;
    load_state *s = state_of(load, w);
    client *c = &s->clients[node];
    const dasim_lock *lock = arg;
    if (component != load->component || size < sizeof *lock ||
        (c->phase != PHASE_WAITING && c->phase != PHASE_HOLDING)) {
        return;
    }
    uint32_t place = 0;
    const uint32_t *taken = taken_by(load, w, s, node);
    while (place < load->config.together && taken[place] != lock->resource) {
        place++;
    }
    if (op == DASIM_LOST && place < load->config.together && (c->held >> place & 1)) {
        on_lost(load, w, node, s, place);
    } else if (op == DASIM_GRANTED && c->phase == PHASE_WAITING && place == c->place) {
        on_granted(load, w, node, s);
    }
}

static void on_boot(void *self, world *w, uint32_t node, bool recovering)
{
    lock_clients *load = self;
    load_state *s = state_of(load, w);
    client *c = &s->clients[node];
    if (!load->is_client[node]) {
        return;
    }
    c->phase = PHASE_RESTING;
    if (load->config.isolated) {
        if (!s->is_turn) {
            next_turn(load, w, s);
        }
    } else if (!has_finished(load, s, c)) {
        s->unfinished++;
        think(load, w, node, s,
              recovering ? 0 : draw(w, &load->config.start, PURPOSE_START, node, 0));
    }
}

static void on_crash(void *self, world *w, uint32_t node)
{
    lock_clients *load = self;
    load_state *s = state_of(load, w);
    client *c = &s->clients[node];
    uint32_t phase = c->phase;
    if (phase == PHASE_OFF) {
        return;
    }
    c->phase = PHASE_OFF;
    c->held = 0;
    s->busy -= phase == PHASE_WAITING || phase == PHASE_HOLDING;
    if (!load->config.isolated) {
        s->unfinished -= !has_finished(load, s, c);
    } else if (phase != PHASE_RESTING) { /* it was its turn */
        s->is_turn = false;
        next_turn(load, w, s);
    }
    look(s, load, w);
}

lock_clients *lock_clients_new(world *w, const lock_clients_config *config)
{
    uint32_t nodes = world_nodes(w);
    lock_clients *load = g_new0(lock_clients, 1);
    load->config = *config;
    load->component = world_component(w, DASIM_MUTEX);
    load->config.together = MAX(config->together, 1);
    g_assert(load->config.together <= MIN(TOGETHER_MOST, world_config_of(w)->resources));
    load->client_count = config->clients ? config->client_count : nodes;
    load->is_client = g_new0(bool, nodes);
    for (uint32_t i = 0; i < load->client_count; i++) {
        g_assert(nth_client(load, i) < nodes);
        load->is_client[nth_client(load, i)] = true;
    }
    driver d = {.self = load,
                .state_bytes = sizeof(load_state) + nodes * sizeof(client) +
                               (size_t)nodes * load->config.together * sizeof(uint32_t),
                .on_boot = on_boot,
                .on_crash = on_crash,
                .on_indication = on_indication,
                .on_alarm = on_alarm};
    load->number = world_drive(w, &d);
    return load;
}

void lock_clients_free(lock_clients *load)
{
    if (load) {
        g_free(load->is_client);
        g_free(load);
    }
}

void lock_clients_drain(lock_clients *load, world *w)
{
    state_of(load, w)->draining = true;
}

bool lock_clients_is_complete(const lock_clients *load, const world *w)
{
    const load_state *s = state_of(load, w);
    if (load->config.isolated) {
        return has_finished(load, s, NULL);
    }
    return load->config.entries > 0 && s->unfinished == 0;
}

bool lock_clients_is_idle(const lock_clients *load, const world *w)
{
    return state_of(load, w)->busy == 0;
}

/* ---------------------------------------------------------------------------------- as a load */

static void load_drain(client_load *self, world *w)
{
    lock_clients_drain((lock_clients *)self, w);
}

static bool load_is_complete(const client_load *self, const world *w)
{
    return lock_clients_is_complete((const lock_clients *)self, w);
}

static bool load_is_idle(const client_load *self, const world *w)
{
    return lock_clients_is_idle((const lock_clients *)self, w);
}

static void load_free(client_load *self)
{
    lock_clients_free((lock_clients *)self);
}

client_load *lock_clients_make(world *w, const void *config)
{
    lock_clients *made = lock_clients_new(w, config);
    made->as_load = (client_load){.drain = load_drain,
                                  .is_complete = load_is_complete,
                                  .is_idle = load_is_idle,
                                  .free = load_free};
    return &made->as_load;
}

bool lock_clients_has_client(const void *config, uint32_t node)
{
    const lock_clients_config *its = config;
    return load_has_client(its->clients, its->client_count, node);
}
