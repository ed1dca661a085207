/*
 * Bounded bypass (k-bounded waiting): while a client waits for a resource, no other client enters
 * it more than `BYPASS_MOST` times. Stronger than that every request is granted in the end: it says
 * how unfair the wait may be.
 *
 * Counted are grants between the ACQUIRE and the GRANTED of who waits; an entry that began before
 * the ACQUIRE is not among them, nor is the own one. What passes counts by node, over its crashes,
 * asked for or not. A crash of who waits withdraws its request.
 *
 * One rule suffices: at a grant, the node's grant `BYPASS_MOST` entries ago must not be later than
 * any request that still waits. So each client remembers its last grants, and each resource those
 * who wait in the order of asking, of which only the first can be violated.
 */
#include "check/lock_history.h"

#include "base/map.h"

/* Two: with Lamport's queues and Ricart and Agrawala's replies, another node can have one request
 * that is agreed upon already and one more that it made before it heard of this one. (A token that
 * goes round a ring passes once.) */
enum { BYPASS_MOST = 2 };

/* One node at one resource. Who waits is in the resource's list, doubly linked by places. */
typedef struct client {
    uint64_t grants[BYPASS_MOST]; /* records of its last entries, a ring; 0: none */
    uint64_t request;             /* record of the ACQUIRE while it waits; 0: it does not */
    int64_t since;
    uint32_t node, next_grant;
    uint32_t before, after; /* in the list; 0: none */
} client;

typedef struct bypassing {
    uint32_t component, resources;
    map *places;      /* node and resource -> place in `clients`, from 1 */
    GArray *clients;  /* place 0 is nobody's */
    uint32_t *oldest; /* per resource: place of who waits longest; 0: nobody waits */
    uint32_t *newest; /* per resource */
    uint64_t waiting; /* at all resources */
    finding violation;
} bypassing;

static void *make(const world *w)
{
    bypassing *self = g_new0(bypassing, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->places = map_new();
    self->clients = g_array_new(FALSE, TRUE, sizeof(client));
    g_array_set_size(self->clients, 1);
    self->oldest = g_new0(uint32_t, self->resources);
    self->newest = g_new0(uint32_t, self->resources);
    return self;
}

static client *client_at(const bypassing *self, uint32_t place)
{
    return &g_array_index(self->clients, client, place);
}

/* 0: it has not asked and not entered so far. */
static uint32_t find(const bypassing *self, uint32_t node, uint32_t resource)
{
    int64_t place = 0;
    map_get(self->places, (uint64_t)node * self->resources + resource, &place);
    return (uint32_t)place;
}

static uint32_t find_or_add(bypassing *self, uint32_t node, uint32_t resource)
{
    uint32_t place = find(self, node, resource);
    if (place == 0) {
        place = self->clients->len;
        g_array_set_size(self->clients, place + 1);
        client_at(self, place)->node = node;
        map_put(self->places, (uint64_t)node * self->resources + resource, place);
    }
    return place;
}

/* Where the client waits already, its first request counts. */
static void on_acquire(bypassing *self, const record *r, uint32_t resource)
{
    uint32_t place = find_or_add(self, r->node, resource);
    client *one = client_at(self, place);
    if (one->request != 0) {
        return;
    }
    one->request = r->number;
    one->since = r->at;
    one->after = 0;
    one->before = self->newest[resource];
    *(one->before ? &client_at(self, one->before)->after : &self->oldest[resource]) = place;
    self->newest[resource] = place;
    self->waiting++;
}

/* It waits no longer. */
static void withdraw(bypassing *self, uint32_t node, uint32_t resource)
{
    client *one = client_at(self, find(self, node, resource));
    if (one->request == 0) {
        return;
    }
    *(one->before ? &client_at(self, one->before)->after : &self->oldest[resource]) = one->after;
    *(one->after ? &client_at(self, one->after)->before : &self->newest[resource]) = one->before;
    one->request = 0;
    self->waiting--;
}

static void violate(bypassing *self, const record *r, uint32_t resource, const client *passed)
{
    self->violation = (finding){.verdict = VERDICT_VIOLATED, .record = r->number, .at = r->at};
    self->violation.reason =
        g_strdup_printf("node %" PRIu32 " waits for resource %" PRIu32 " since " SECONDS
                        " s, and node %" PRIu32
                        " has entered it %d times since then, the last time at " SECONDS
                        " s, expected %d at most",
                        passed->node, resource, SECONDS_OF(passed->since), r->node, BYPASS_MOST + 1,
                        SECONDS_OF(r->at), BYPASS_MOST);
}

static void on_granted(bypassing *self, const record *r, uint32_t resource)
{
    client *who = client_at(self, find_or_add(self, r->node, resource));
    withdraw(self, r->node, resource);
    uint64_t *grant = &who->grants[who->next_grant];
    const client *first = client_at(self, self->oldest[resource]);
    if (self->oldest[resource] != 0 && first->request < *grant) {
        violate(self, r, resource, first);
    }
    *grant = r->number;
    who->next_grant = (who->next_grant + 1) % BYPASS_MOST;
}

static void on_record(void *state, const world *w, const record *r)
{
    bypassing *self = state;
    uint32_t resource;
    if (self->violation.verdict == VERDICT_VIOLATED) {
        return;
    }
    switch (lock_step_of(w, self->component, r, &resource)) {
    case LOCK_ACQUIRE:
        on_acquire(self, r, resource);
        break;
    case LOCK_GRANTED:
        on_granted(self, r, resource);
        break;
    case LOCK_CRASH:
        for (resource = 0; self->waiting > 0 && resource < self->resources; resource++) {
            withdraw(self, r->node, resource);
        }
        break;
    default:
        break;
    }
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    const bypassing *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
}

static void destroy(void *state)
{
    bypassing *self = state;
    finding_clear(&self->violation);
    map_free(self->places);
    g_array_free(self->clients, TRUE);
    g_free(self->oldest);
    g_free(self->newest);
    g_free(self);
}

const property bounded_bypass = {
    .name = "bounded_bypass",
    .statement = "while a client waits for a resource, no other client enters it more than twice",
    .reference = "J. E. Burns, P. Jackson, N. A. Lynch, M. J. Fischer, G. L. Peterson, \"Data "
                 "Requirements for Implementation of N-Process Mutual Exclusion Using a Single "
                 "Shared Variable\", JACM 29(1), 1982 (bounded waiting); M. Raynal, \"Concurrent "
                 "Programming: Algorithms, Principles, and Foundations\", 2013",
    .liveness = false,
    .service = DASIM_MUTEX,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
