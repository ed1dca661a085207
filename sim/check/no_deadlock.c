/*
 * No deadlock: nobody waits for a resource that is held by somebody who waits, in the end, for a
 * resource that the first one holds. A cycle in the wait-for graph.
 *
 * A client is a node: it waits from ACQUIRE to GRANTED, and holds from there to RELEASE, to the
 * loss of its lease or to its crash. Where several programs run on a node, each is a client:
 * records of their own (RECORD_CLIENT) tell who waits and who holds, and who has given up. A grant that it did not ask
 * for a client does not hold: it would never give it back. It waits for all who hold what it asks
 * for (several, where mutual exclusion is violated), not for those who stand before it in a queue.
 * A cycle that a lost lease or a crash breaks up later has been one: whether all are served in the
 * end is another question.
 *
 * Edges come with who begins to wait and with who begins to hold: a new cycle leads through that
 * client, which must hold something and wait for something.
 */
#include "check/lock_history.h"

enum { NAMED_MOST = 8 };

typedef struct wait_edge {
    uint32_t client, resource; /* `client` waits for `resource`, which the next one holds */
} wait_edge;

/* Clients are numbered: the nodes, then those that share a node. */
typedef struct waiting {
    uint32_t component, resources, nodes, clients;
    uint32_t *node_of;       /* by each client */
    bool *is_shared;         /* by each node: its clients are told apart */
    GArray **held, **wanted; /* uint32_t: resources of each client; NULL: none so far */
    GArray **holders;        /* uint32_t: clients of each resource; NULL: none so far */
    uint64_t *seen;          /* by each client: the search that reached it last ... */
    wait_edge *reached;      /* ... and from where */
    uint64_t searches;
    GArray *queue;
    finding violation;
} waiting;

/* Room for so many clients. */
static void need_clients(waiting *self, uint32_t count)
{
    self->node_of = g_renew(uint32_t, self->node_of, count);
    self->held = g_renew(GArray *, self->held, count);
    self->wanted = g_renew(GArray *, self->wanted, count);
    self->seen = g_renew(uint64_t, self->seen, count);
    self->reached = g_renew(wait_edge, self->reached, count);
    for (; self->clients < count; self->clients++) {
        self->node_of[self->clients] = self->clients < self->nodes ? self->clients : NOBODY;
        self->held[self->clients] = self->wanted[self->clients] = NULL;
        self->seen[self->clients] = 0;
    }
}

static void *make(const world *w)
{
    waiting *self = g_new0(waiting, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->nodes = world_nodes(w);
    self->is_shared = g_new0(bool, self->nodes);
    self->holders = g_new0(GArray *, self->resources);
    need_clients(self, self->nodes);
    self->queue = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return self;
}

/* ------------------------------------------------------------------------- small sets of ids */

static guint count_of(const GArray *set)
{
    return set ? set->len : 0;
}

static uint32_t at(const GArray *set, guint i)
{
    return g_array_index(set, uint32_t, i);
}

static bool contains(const GArray *set, uint32_t id)
{
    guint i = 0;
    while (i < count_of(set) && at(set, i) != id) {
        i++;
    }
    return i < count_of(set);
}

static void add(GArray **set, uint32_t id)
{
    if (*set == NULL) {
        *set = g_array_new(FALSE, FALSE, sizeof id);
    }
    g_array_append_val(*set, id);
}

/* Keeps the order of the others. */
static bool take_out(GArray *set, uint32_t id)
{
    for (guint i = 0; i < count_of(set); i++) {
        if (at(set, i) == id) {
            g_array_remove_index(set, i);
            return true;
        }
    }
    return false;
}

/* -------------------------------------------------------------------------------- the cycle */

/* Those who hold what `client` waits for: true where one of them is `target`. */
static bool reach_holders(waiting *self, uint32_t client, uint32_t target, wait_edge *last)
{
    for (guint i = 0; i < count_of(self->wanted[client]); i++) {
        uint32_t resource = at(self->wanted[client], i);
        const GArray *holders = self->holders[resource];
        for (guint k = 0; k < count_of(holders); k++) {
            uint32_t holder = at(holders, k);
            if (holder == target) {
                *last = (wait_edge){client, resource};
                return true;
            }
            if (self->seen[holder] != self->searches) {
                self->seen[holder] = self->searches;
                self->reached[holder] = (wait_edge){client, resource};
                g_array_append_val(self->queue, holder);
            }
        }
    }
    return false;
}

/* A shortest cycle through `client`, nearest first: edges in the order of waiting. NULL: none. */
static GArray *cycle_through(waiting *self, uint32_t client)
{
    wait_edge last = {client, 0};
    guint next = 0;
    self->searches++;
    self->seen[client] = self->searches;
    g_array_set_size(self->queue, 0);
    g_array_append_val(self->queue, client);
    while (next < self->queue->len && !reach_holders(self, at(self->queue, next), client, &last)) {
        next++;
    }
    if (next == self->queue->len) {
        return NULL;
    }
    GArray *cycle = g_array_new(FALSE, FALSE, sizeof(wait_edge));
    g_array_append_val(cycle, last);
    while (last.client != client) {
        last = self->reached[last.client];
        g_array_prepend_val(cycle, last);
    }
    return cycle;
}

/* "node 3", "client 7 of node 3" */
static void append_client(const waiting *self, GString *text, uint32_t client)
{
    if (client >= self->nodes) {
        g_string_append_printf(text, "client %" PRIu32 " of ", client - self->nodes);
    }
    g_string_append_printf(text, "node %" PRIu32, self->node_of[client]);
}

/* From the lowest one on. */
static char *sentence(const waiting *self, const GArray *cycle, int64_t now)
{
    GString *text = g_string_new(NULL);
    guint first = 0, count = cycle->len;
    for (guint i = 1; i < count; i++) {
        bool lower = g_array_index(cycle, wait_edge, i).client <
                     g_array_index(cycle, wait_edge, first).client;
        first = lower ? i : first;
    }
    const wait_edge *one = &g_array_index(cycle, wait_edge, first);
    const wait_edge *last = &g_array_index(cycle, wait_edge, (first + count - 1) % count);
    g_string_append_printf(text, "at " SECONDS " s ", SECONDS_OF(now));
    append_client(self, text, one->client);
    if (count == 1) {
        g_string_append_printf(text, " waits for resource %" PRIu32 ", which it holds itself",
                               one->resource);
        return g_string_free(text, FALSE);
    }
    g_string_append_printf(text, " holds resource %" PRIu32 " and waits for resource %" PRIu32,
                           last->resource, one->resource);
    for (guint i = 1; i < count && i < NAMED_MOST; i++) {
        one = &g_array_index(cycle, wait_edge, (first + i) % count);
        g_string_append(text, ", which ");
        append_client(self, text, one->client);
        g_string_append_printf(text, " holds, which waits for resource %" PRIu32, one->resource);
    }
    if (count > NAMED_MOST) {
        g_string_append_printf(text, ", and so on, a cycle of %u %s", count,
                               self->clients > self->nodes ? "clients" : "nodes");
    }
    return g_string_free(text, FALSE);
}

static void look_for_cycle(waiting *self, const record *r, uint32_t client)
{
    if (count_of(self->held[client]) == 0 || count_of(self->wanted[client]) == 0) {
        return;
    }
    GArray *cycle = cycle_through(self, client);
    if (cycle) {
        self->violation =
            (finding){VERDICT_VIOLATED, r->number, r->at, sentence(self, cycle, r->at)};
        g_array_free(cycle, TRUE);
    }
}

/* --------------------------------------------------------------------------------- records */

static void begins_to_wait(waiting *self, const record *r, uint32_t client, uint32_t resource)
{
    if (!contains(self->wanted[client], resource)) {
        add(&self->wanted[client], resource);
        look_for_cycle(self, r, client);
    }
}

static void begins_to_hold(waiting *self, const record *r, uint32_t client, uint32_t resource)
{
    if (!take_out(self->wanted[client], resource)) {
        return;
    }
    if (!contains(self->held[client], resource)) {
        add(&self->held[client], resource);
        add(&self->holders[resource], client);
        look_for_cycle(self, r, client);
    }
}

/* Whoever of the node holds it: one client does. */
static void give_back(waiting *self, uint32_t node, uint32_t resource)
{
    const GArray *holders = self->holders[resource];
    for (guint i = 0; i < count_of(holders); i++) {
        uint32_t client = at(holders, i);
        if (self->node_of[client] == node) {
            take_out(self->held[client], resource);
            take_out(self->holders[resource], client);
            return;
        }
    }
}

static void end_client(waiting *self, uint32_t client)
{
    while (count_of(self->held[client]) > 0) {
        give_back(self, self->node_of[client], at(self->held[client], 0));
    }
    if (self->wanted[client]) {
        g_array_set_size(self->wanted[client], 0);
    }
}

static void on_crash(waiting *self, uint32_t node)
{
    end_client(self, node);
    for (uint32_t i = self->nodes; self->is_shared[node] && i < self->clients; i++) {
        if (self->node_of[i] == node) {
            end_client(self, i);
        }
    }
}

/* The client that a RECORD_CLIENT is about: the only one of its node, or one of several. */
static uint32_t client_of(waiting *self, const record *r, int32_t number)
{
    if (number < 0) {
        return r->node;
    }
    uint32_t client = self->nodes + (uint32_t)number;
    if (client >= self->clients) {
        need_clients(self, MAX(client + 1, self->clients + self->clients / 2));
    }
    self->is_shared[r->node] = true;
    self->node_of[client] = r->node;
    return client;
}

static void on_client(waiting *self, const record *r)
{
    const client_body *what = r->body;
    if (what->resource >= self->resources) {
        return;
    }
    uint32_t client = client_of(self, r, what->client);
    if (r->type == CLIENT_WAITS) {
        begins_to_wait(self, r, client, what->resource);
    } else if (r->type == CLIENT_HOLDS) {
        begins_to_hold(self, r, client, what->resource);
    } else {
        take_out(self->wanted[client], what->resource);
    }
}

static void on_record(void *state, const world *w, const record *r)
{
    waiting *self = state;
    uint32_t resource;
    if (self->violation.verdict == VERDICT_VIOLATED) {
        return;
    }
    if (r->kind == RECORD_CLIENT) {
        on_client(self, r);
        return;
    }
    switch (lock_step_of(w, self->component, r, &resource)) {
    case LOCK_ACQUIRE:
        if (!self->is_shared[r->node]) {
            begins_to_wait(self, r, r->node, resource);
        }
        break;
    case LOCK_GRANTED:
        if (!self->is_shared[r->node]) {
            begins_to_hold(self, r, r->node, resource);
        }
        break;
    case LOCK_RELEASE:
        give_back(self, r->node, resource);
        break;
    case LOCK_CRASH:
        on_crash(self, r->node);
        break;
    default:
        break;
    }
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    const waiting *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
}

static void free_sets(GArray **sets, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (sets[i]) {
            g_array_free(sets[i], TRUE);
        }
    }
    g_free(sets);
}

static void destroy(void *state)
{
    waiting *self = state;
    free_sets(self->held, self->clients);
    free_sets(self->wanted, self->clients);
    free_sets(self->holders, self->resources);
    g_free(self->node_of);
    g_free(self->is_shared);
    g_free(self->seen);
    g_free(self->reached);
    g_array_free(self->queue, TRUE);
    finding_clear(&self->violation);
    g_free(self);
}

const property no_deadlock = {
    .name = "no_deadlock",
    .statement = "nobody waits for somebody who waits, in the end, for the first: the wait-for "
                 "graph has no cycle",
    .reference = "E. Coffman, M. Elphick, A. Shoshani, \"System Deadlocks\", ACM Computing Surveys "
                 "3(2), 1971",
    .liveness = false,
    .service = DASIM_MUTEX,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
