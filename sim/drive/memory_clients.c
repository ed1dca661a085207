/*
 * Memory clients. All accesses of a client have the same tag, 0, by which a node's clients are told
 * apart: it has one under way at a time.
 *
 * A turn begins with an alarm of its node, also where there is no time to think: an access that
 * takes no time is then at least an event, and a run of them cannot stop the world.
 */
#include "drive/memory_clients.h"

#include <dasim.h>
#include <glib.h>

/* Of world_choose(): those of lock clients are below, those of faults from + 16 on. */
enum { PURPOSE_START = PURPOSE_DRIVER + 8, PURPOSE_THINK, PURPOSE_PICK, PURPOSE_WRITE };

/* Times the node's id + 1: where its values begin. */
static const uint64_t values_of_a_node = 1000000000;

typedef enum client_phase {
    PHASE_OFF,      /* its node is down, or it is no client */
    PHASE_THINKING, /* its alarm will come */
    PHASE_WAITING,  /* for the access to be done */
    PHASE_RESTING   /* nothing to do: all accesses done, or drained */
} client_phase;

typedef struct client {
    uint64_t done, turns, writes;
    uint32_t phase, op, object, unused;
} client;

/* The driver's state: flat, no pointers. */
typedef struct load_state {
    uint32_t unfinished; /* clients on live nodes that have accesses left */
    uint32_t busy;       /* clients that wait */
    uint32_t draining, unused;
    client clients[]; /* by node */
} load_state;

typedef struct memory_clients {
    client_load as_load; /* first */
    memory_config config;
    uint32_t number;
    uint32_t component; /* that is asked; STACK_MOST: nothing provides a memory */
    bool *is_client;    /* by node */
} memory_clients;

static load_state *state_of(const memory_clients *m, const world *w)
{
    return world_driver_state((world *)(uintptr_t)w, m->number);
}

/* A draw in ns, never negative. */
static int64_t draw(world *w, const distribution *d, uint32_t purpose, uint32_t node, uint64_t n)
{
    uint64_t u = d->kind == DISTRIBUTION_FIXED ? 0 : world_choose(w, purpose, node, n, 0);
    int64_t value = distribution_sample(d, u);
    return value > 0 ? value : 0;
}

static bool has_finished(const memory_clients *m, const client *c)
{
    return m->config.accesses > 0 && c->done >= m->config.accesses;
}

/* The run may be over: let whoever runs the world look. */
static void look(const memory_clients *m, const load_state *s, world *w)
{
    bool complete = m->config.accesses > 0 && s->unfinished == 0;
    if (complete || (s->draining && s->busy == 0)) {
        world_stop(w);
    }
}

static void think(memory_clients *m, world *w, uint32_t node, load_state *s, int64_t after)
{
    client *c = &s->clients[node];
    if (s->draining) {
        c->phase = PHASE_RESTING;
        return;
    }
    c->turns++;
    c->phase = PHASE_THINKING;
    after += draw(w, &m->config.think, PURPOSE_THINK, node, c->turns);
    int64_t now = world_now(w);
    world_alarm(w, m->number, after < INT64_MAX - now ? now + after : INT64_MAX, node, c->turns);
}

static uint32_t pick(const memory_clients *m, world *w, uint32_t node, const client *c)
{
    uint32_t objects = world_config_of(w)->resources;
    switch (m->config.pick) {
    case PICK_RANDOM:
        return (uint32_t)world_choose(w, PURPOSE_PICK, node, c->turns, objects);
    case PICK_FIXED:
        return m->config.object;
    default:
        return (uint32_t)((c->done + node) % objects);
    }
}

static bool is_write(const memory_clients *m, world *w, uint32_t node, const client *c)
{
    uint64_t probability = m->config.writes;
    return probability == UINT64_MAX ||
           (probability > 0 && world_choose(w, PURPOSE_WRITE, node, c->turns, 0) < probability);
}

static void on_alarm(void *self, world *w, uint32_t node, uint64_t data)
{
    memory_clients *m = self;
    load_state *s = state_of(m, w);
    client *c = &s->clients[node];
    if (data != c->turns || s->draining) {
        c->phase = PHASE_RESTING;
        return;
    }
    dasim_access access = {.object = pick(m, w, node, c)};
    c->object = access.object;
    c->op = is_write(m, w, node, c) ? DASIM_WRITE : DASIM_READ;
    if (c->op == DASIM_WRITE) {
        access.value = (node + 1) * values_of_a_node + ++c->writes;
    }
    bool asked = m->component < STACK_MOST &&
                 world_request(w, node, m->component, c->op, &access, sizeof access);
    c->phase = asked ? PHASE_WAITING : PHASE_RESTING; /* nobody takes requests */
    s->busy += asked;
}

static void on_indication(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                          const void *arg, size_t size)
{
    memory_clients *m = self;
    load_state *s = state_of(m, w);
    client *c = &s->clients[node];
    const dasim_access *access = arg;
    uint32_t awaited = c->op == DASIM_WRITE ? DASIM_WRITE_DONE : DASIM_READ_DONE;
    if (component != m->component || c->phase != PHASE_WAITING || op != awaited ||
        size < sizeof *access || access->tag != 0 || access->object != c->object) {
        return;
    }
    c->done++;
    s->busy--;
    if (has_finished(m, c)) {
        c->phase = PHASE_RESTING;
        s->unfinished--;
    } else {
        think(m, w, node, s, 0);
    }
    look(m, s, w);
}

static void on_boot(void *self, world *w, uint32_t node, bool recovering)
{
    memory_clients *m = self;
    load_state *s = state_of(m, w);
    client *c = &s->clients[node];
    if (!m->is_client[node]) {
        return;
    }
    c->phase = PHASE_RESTING;
    if (!has_finished(m, c)) {
        s->unfinished++;
        think(m, w, node, s, recovering ? 0 : draw(w, &m->config.start, PURPOSE_START, node, 0));
    }
}

static void on_crash(void *self, world *w, uint32_t node)
{
    memory_clients *m = self;
    load_state *s = state_of(m, w);
    client *c = &s->clients[node];
    if (c->phase == PHASE_OFF) {
        return;
    }
    s->busy -= c->phase == PHASE_WAITING;
    s->unfinished -= !has_finished(m, c);
    c->phase = PHASE_OFF;
    look(m, s, w);
}

/* ---------------------------------------------------------------------------------- as a load */

static void drain(client_load *self, world *w)
{
    state_of((memory_clients *)self, w)->draining = true;
}

static bool is_complete(const client_load *self, const world *w)
{
    const memory_clients *m = (const memory_clients *)self;
    return m->config.accesses > 0 && state_of(m, w)->unfinished == 0;
}

static bool is_idle(const client_load *self, const world *w)
{
    return state_of((const memory_clients *)self, w)->busy == 0;
}

static void destroy(client_load *self)
{
    memory_clients *m = (memory_clients *)self;
    g_free(m->is_client);
    g_free(m);
}

client_load *memory_clients_make(world *w, const void *config)
{
    uint32_t nodes = world_nodes(w);
    memory_clients *m = g_new0(memory_clients, 1);
    m->config = *(const memory_config *)config;
    m->component = world_component(w, DASIM_MEMORY);
    m->is_client = g_new0(bool, nodes);
    for (uint32_t i = 0; i < (m->config.clients ? m->config.client_count : nodes); i++) {
        uint32_t node = m->config.clients ? m->config.clients[i] : i;
        g_assert(node < nodes);
        m->is_client[node] = true;
    }
    driver d = {.self = m,
                .state_bytes = sizeof(load_state) + nodes * sizeof(client),
                .on_boot = on_boot,
                .on_crash = on_crash,
                .on_indication = on_indication,
                .on_alarm = on_alarm};
    m->number = world_drive(w, &d);
    m->as_load = (client_load){.drain = drain,
                               .is_complete = is_complete,
                               .is_idle = is_idle,
                               .free = destroy};
    return &m->as_load;
}

bool memory_clients_has_client(const void *config, uint32_t node)
{
    const memory_config *its = config;
    return load_has_client(its->clients, its->client_count, node);
}
