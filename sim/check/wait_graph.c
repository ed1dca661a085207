/*
 * Edges come when a client asks, from it, and when it is granted something, to it: a new cycle
 * leads through that client, which must hold something and wait for something. What a process does
 * at one go is recorded before the releases among it: its cycles are looked for after those.
 */
#include "check/wait_graph.h"

#include "check/lock_history.h"

enum { NAMED_MOST = 8 };

typedef struct client {
    uint32_t node;
    bool is_shared;        /* a node whose processes are clients of their own */
    GArray *held, *wanted; /* uint32_t: resources; NULL: none so far */
    uint64_t seen;         /* the search that reached it last ... */
    wait_edge reached;     /* ... and from where */
} client;

/* A process that may have closed a cycle. */
typedef struct suspect {
    uint32_t client;
    uint64_t record;
    int64_t at;
} suspect;

struct wait_graph {
    uint32_t component, resources, nodes;
    GArray *clients;  /* client: the nodes, then the processes by their numbers */
    GArray **holders; /* uint32_t: clients of each resource; NULL: none so far */
    GArray *suspects; /* suspect: all of one node */
    uint64_t searches;
    GArray *queue;
    finding first;
};

static void add_client(wait_graph *self, uint32_t node)
{
    client one = {.node = node};
    g_array_append_val(self->clients, one);
}

wait_graph *wait_graph_new(const world *w)
{
    wait_graph *self = g_new0(wait_graph, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->nodes = world_nodes(w);
    self->clients = g_array_new(FALSE, FALSE, sizeof(client));
    for (uint32_t node = 0; node < self->nodes; node++) {
        add_client(self, node);
    }
    self->holders = g_new0(GArray *, self->resources);
    self->suspects = g_array_new(FALSE, FALSE, sizeof(suspect));
    self->queue = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return self;
}

/* Valid until a client is added. */
static client *client_at(const wait_graph *self, uint32_t id)
{
    return &g_array_index(self->clients, client, id);
}

/* Of the client that a RECORD_CLIENT is about: one of several, or the only one of its node. */
static uint32_t process_id(wait_graph *self, uint32_t node, int32_t number)
{
    if (number < 0) {
        return node;
    }
    uint32_t id = self->nodes + (uint32_t)number;
    while (self->clients->len <= id) {
        add_client(self, NOBODY);
    }
    client_at(self, id)->node = node;
    client_at(self, node)->is_shared = true;
    return id;
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

/* Those who hold what client `id` waits for: true where one of them is `target`. */
static bool reach_holders(wait_graph *self, uint32_t id, uint32_t target, wait_edge *last)
{
    const GArray *wanted = client_at(self, id)->wanted;
    for (guint i = 0; i < count_of(wanted); i++) {
        const GArray *holders = self->holders[at(wanted, i)];
        for (guint k = 0; k < count_of(holders); k++) {
            client *holder = client_at(self, at(holders, k));
            if (at(holders, k) == target) {
                *last = (wait_edge){id, at(wanted, i)};
                return true;
            }
            if (holder->seen != self->searches) {
                holder->seen = self->searches;
                holder->reached = (wait_edge){id, at(wanted, i)};
                add(&self->queue, at(holders, k));
            }
        }
    }
    return false;
}

/* A shortest cycle through a client, nearest first: edges in the order of waiting. NULL: none. */
GArray *wait_graph_cycle(wait_graph *self, uint32_t id)
{
    wait_edge last = {id, 0};
    guint next = 0;
    self->searches++;
    client_at(self, id)->seen = self->searches;
    g_array_set_size(self->queue, 0);
    add(&self->queue, id);
    while (next < self->queue->len && !reach_holders(self, at(self->queue, next), id, &last)) {
        next++;
    }
    if (next == self->queue->len) {
        return NULL;
    }
    GArray *cycle = g_array_new(FALSE, FALSE, sizeof(wait_edge));
    g_array_append_val(cycle, last);
    while (last.client != id) {
        last = client_at(self, last.client)->reached;
        g_array_prepend_val(cycle, last);
    }
    return cycle;
}

static void name(const wait_graph *self, GString *text, uint32_t id)
{
    if (id < self->nodes) {
        g_string_append_printf(text, "node %" PRIu32, id);
    } else {
        g_string_append_printf(text, "process %" PRIu32 " of node %" PRIu32, id - self->nodes,
                               client_at(self, id)->node);
    }
}

/* From the lowest client on. */
char *wait_graph_sentence(const wait_graph *self, const GArray *cycle, int64_t now)
{
    GString *text = g_string_new(NULL);
    const wait_edge *all = (const wait_edge *)(const void *)cycle->data;
    guint first = 0, count = cycle->len;
    for (guint i = 1; i < count; i++) {
        first = all[i].client < all[first].client ? i : first;
    }
    g_string_append_printf(text, "at " SECONDS " s ", SECONDS_OF(now));
    name(self, text, all[first].client);
    if (count == 1) {
        g_string_append_printf(text, " waits for resource %" PRIu32 ", which it holds itself",
                               all[first].resource);
        return g_string_free(text, FALSE);
    }
    g_string_append_printf(text, " holds resource %" PRIu32 " and waits for resource %" PRIu32,
                           all[(first + count - 1) % count].resource, all[first].resource);
    for (guint i = 1; i < count && i < NAMED_MOST; i++) {
        const wait_edge *one = &all[(first + i) % count];
        g_string_append(text, ", which ");
        name(self, text, one->client);
        g_string_append_printf(text, " holds, which waits for resource %" PRIu32, one->resource);
    }
    if (count > NAMED_MOST) {
        g_string_append_printf(text, ", and so on, a cycle of %u", count);
    }
    return g_string_free(text, FALSE);
}

static void look_for_cycle(wait_graph *self, const suspect *s)
{
    const client *one = client_at(self, s->client);
    if (self->first.verdict != VERDICT_HOLDS || count_of(one->held) == 0 ||
        count_of(one->wanted) == 0) {
        return;
    }
    GArray *cycle = wait_graph_cycle(self, s->client);
    if (cycle) {
        self->first =
            (finding){VERDICT_VIOLATED, s->record, s->at, wait_graph_sentence(self, cycle, s->at)};
        g_array_free(cycle, TRUE);
    }
}

/* Of processes the releases are still to come: the cycle is looked for before the next record that
 * is no request, of another node or of another time. */
static void suspect_client(wait_graph *self, uint32_t id, const record *r)
{
    suspect one = {id, r->number, r->at};
    if (r->kind != RECORD_CLIENT) {
        look_for_cycle(self, &one);
    } else {
        g_array_append_val(self->suspects, one);
    }
}

/* The last one first: it is the one that closed the cycle, if it is part of it. */
static void look_at_suspects(wait_graph *self)
{
    for (guint i = self->suspects->len; i-- > 0;) {
        look_for_cycle(self, &g_array_index(self->suspects, suspect, i));
    }
    g_array_set_size(self->suspects, 0);
}

static bool may_release(const wait_graph *self, const record *r)
{
    const suspect *s = &g_array_index(self->suspects, suspect, 0);
    return (r->kind == RECORD_REQUEST || r->kind == RECORD_CLIENT) && r->at == s->at &&
           r->node == client_at(self, s->client)->node;
}

/* --------------------------------------------------------------------------------- records */

static void on_wait(wait_graph *self, uint32_t id, const record *r, uint32_t resource)
{
    client *one = client_at(self, id);
    if (!contains(one->wanted, resource)) {
        add(&one->wanted, resource);
        suspect_client(self, id, r);
    }
}

static void on_hold(wait_graph *self, uint32_t id, const record *r, uint32_t resource)
{
    client *one = client_at(self, id);
    if (take_out(one->wanted, resource) && !contains(one->held, resource)) {
        add(&one->held, resource);
        add(&self->holders[resource], id);
        suspect_client(self, id, r);
    }
}

static void give_back(wait_graph *self, uint32_t id, uint32_t resource)
{
    if (take_out(client_at(self, id)->held, resource)) {
        take_out(self->holders[resource], id);
    }
}

/* Whoever of the node holds the resource. */
static void on_release(wait_graph *self, uint32_t node, uint32_t resource)
{
    const GArray *holders = self->holders[resource];
    for (guint i = 0; i < count_of(holders); i++) {
        if (client_at(self, at(holders, i))->node == node) {
            give_back(self, at(holders, i), resource);
            return;
        }
    }
}

static void forget(wait_graph *self, uint32_t id)
{
    client *one = client_at(self, id);
    while (count_of(one->held) > 0) {
        give_back(self, id, at(one->held, 0));
    }
    if (one->wanted) {
        g_array_set_size(one->wanted, 0);
    }
}

static void on_crash(wait_graph *self, uint32_t node)
{
    forget(self, node);
    for (uint32_t id = self->nodes; id < self->clients->len; id++) {
        if (client_at(self, id)->node == node) {
            forget(self, id);
        }
    }
}

static void on_process(wait_graph *self, const record *r)
{
    const client_body *body = r->body;
    if (body == NULL || r->size < sizeof *body || body->resource >= self->resources ||
        r->type == CLIENT_JOINS) {
        return;
    }
    uint32_t id = process_id(self, r->node, body->client);
    switch (r->type) {
    case CLIENT_WAITS:
        on_wait(self, id, r, body->resource);
        break;
    case CLIENT_HOLDS:
        on_hold(self, id, r, body->resource);
        break;
    default:
        take_out(client_at(self, id)->wanted, body->resource);
    }
}

void wait_graph_record(wait_graph *self, const world *w, const record *r)
{
    uint32_t resource;
    if (self->suspects->len > 0 && !may_release(self, r)) {
        look_at_suspects(self);
    }
    if (r->kind == RECORD_CLIENT) {
        on_process(self, r);
        return;
    }
    lock_step step = lock_step_of(w, self->component, r, &resource);
    bool is_client = step != LOCK_OTHER && !client_at(self, r->node)->is_shared;
    if (step == LOCK_ACQUIRE && is_client) {
        on_wait(self, r->node, r, resource);
    } else if (step == LOCK_GRANTED && is_client) {
        on_hold(self, r->node, r, resource);
    } else if (step == LOCK_RELEASE) {
        on_release(self, r->node, resource);
    } else if (step == LOCK_CRASH) {
        on_crash(self, r->node);
    }
}

/* ------------------------------------------------------------------------------- questions */

const finding *wait_graph_first_cycle(wait_graph *self)
{
    look_at_suspects(self);
    return &self->first;
}

uint32_t wait_graph_clients(const wait_graph *self)
{
    return self->clients->len;
}

uint32_t wait_graph_node(const wait_graph *self, uint32_t id)
{
    return client_at(self, id)->node;
}

bool wait_graph_waits(const wait_graph *self, uint32_t id)
{
    return count_of(client_at(self, id)->wanted) > 0;
}

uint32_t wait_graph_end(const wait_graph *self, uint32_t id)
{
    for (uint32_t i = 0; i < self->clients->len; i++) {
        const GArray *wanted = client_at(self, id)->wanted;
        guint k = 0;
        while (k < count_of(wanted) && count_of(self->holders[at(wanted, k)]) == 0) {
            k++;
        }
        if (k == count_of(wanted)) {
            return id;
        }
        id = at(self->holders[at(wanted, k)], 0);
    }
    return NOBODY;
}

bool wait_graph_in_cycle(wait_graph *self, uint32_t node)
{
    for (uint32_t id = 0; id < self->clients->len; id++) {
        GArray *cycle = client_at(self, id)->node == node ? wait_graph_cycle(self, id) : NULL;
        if (cycle) {
            g_array_free(cycle, TRUE);
            return true;
        }
    }
    return false;
}

static void free_set(GArray *set)
{
    if (set) {
        g_array_free(set, TRUE);
    }
}

void wait_graph_free(wait_graph *self)
{
    if (self == NULL) {
        return;
    }
    for (uint32_t i = 0; i < self->clients->len; i++) {
        free_set(client_at(self, i)->held);
        free_set(client_at(self, i)->wanted);
    }
    for (uint32_t i = 0; i < self->resources; i++) {
        free_set(self->holders[i]);
    }
    g_free(self->holders);
    g_array_free(self->clients, TRUE);
    g_array_free(self->suspects, TRUE);
    g_array_free(self->queue, TRUE);
    finding_clear(&self->first);
    g_free(self);
}
