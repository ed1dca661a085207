/*
 * Fair order: if one request happened before another for the same resource, it is granted first.
 *
 * Lamport's condition II. Requests that are concurrent may be granted in any order: no algorithm
 * can tell which came first. Each request keeps the vector clock of its node at that moment; at
 * every grant, all that still wait for the resource are compared with it. A crash withdraws what
 * its node had asked for.
 */
#include "check/lock_history.h"

#include "check/causality.h"

static const size_t memory_most = (size_t)256 << 20;

typedef struct wish {
    uint32_t node;
    uint32_t index; /* among all requests of the node */
    uint32_t clock; /* of the node, this request included */
    uint64_t record;
    int64_t at;
} wish;

typedef struct ordering {
    uint32_t component, resources, nodes;
    causality *past;  /* NULL: too many nodes */
    GArray **wishes;  /* per resource; NULL: none so far. In the order of asking */
    uint64_t waiting; /* in all of them */
    finding violation;
} ordering;

static void *make(const world *w)
{
    ordering *self = g_new0(ordering, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->nodes = world_nodes(w);
    self->wishes = g_new0(GArray *, self->resources);
    if (self->nodes <= CAUSALITY_NODES_MOST) {
        self->past = causality_new(self->nodes, memory_most);
    }
    return self;
}

static wish *wish_of(const ordering *self, uint32_t resource, guint i)
{
    return &g_array_index(self->wishes[resource], wish, i);
}

/* Place of the node's request among those for the resource; G_MAXUINT: it has none. */
static guint find(const ordering *self, uint32_t node, uint32_t resource)
{
    for (guint i = 0; self->wishes[resource] && i < self->wishes[resource]->len; i++) {
        if (wish_of(self, resource, i)->node == node) {
            return i;
        }
    }
    return G_MAXUINT;
}

static void withdraw(ordering *self, uint32_t node, uint32_t resource)
{
    guint i = find(self, node, resource);
    if (i != G_MAXUINT) {
        causality_drop(self->past, wish_of(self, resource, i)->clock);
        g_array_remove_index(self->wishes[resource], i);
        self->waiting--;
    }
}

static void on_acquire(ordering *self, const record *r, uint32_t resource)
{
    if (find(self, r->node, resource) != G_MAXUINT) {
        return;
    }
    if (self->wishes[resource] == NULL) {
        self->wishes[resource] = g_array_new(FALSE, FALSE, sizeof(wish));
    }
    wish one = {.node = r->node, .record = r->number, .at = r->at};
    one.index = causality_mark(self->past, r->node);
    one.clock = causality_keep(self->past, r->node);
    g_array_append_val(self->wishes[resource], one);
    self->waiting++;
}

static void violate(ordering *self, const record *r, uint32_t resource, const wish *earlier,
                    const wish *later)
{
    self->violation = (finding){.verdict = VERDICT_VIOLATED, .record = r->number, .at = r->at};
    self->violation.reason =
        g_strdup_printf("node %" PRIu32 " was granted resource %" PRIu32 " at " SECONDS
                        " s, although its request "
                        "(record %" PRIu64 ") was made after that of node %" PRIu32
                        " (record %" PRIu64 ", at " SECONDS
                        " s), which still waits: happened-before, Lamport 1978",
                        later->node, resource, SECONDS_OF(r->at), later->record, earlier->node,
                        earlier->record, SECONDS_OF(earlier->at));
}

static void on_granted(ordering *self, const record *r, uint32_t resource)
{
    guint place = find(self, r->node, resource);
    if (place == G_MAXUINT) {
        return; /* nobody asked for it: no order to keep */
    }
    const wish *granted = wish_of(self, resource, place);
    for (guint i = 0; i < self->wishes[resource]->len; i++) {
        const wish *other = wish_of(self, resource, i);
        if (i != place &&
            causality_knows(self->past, granted->clock, other->node) >= other->index) {
            violate(self, r, resource, other, granted);
            break;
        }
    }
    withdraw(self, r->node, resource);
}

static void on_record(void *state, const world *w, const record *r)
{
    ordering *self = state;
    uint32_t resource;
    if (self->violation.verdict == VERDICT_VIOLATED || self->past == NULL ||
        causality_is_full(self->past)) {
        return;
    }
    if (r->component == self->component) {
        causality_record(self->past, r);
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
    const ordering *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
    if (result->verdict == VERDICT_VIOLATED) {
        return;
    }
    if (self->past == NULL) {
        result->verdict = VERDICT_INCONCLUSIVE;
        result->reason = g_strdup_printf("%" PRIu32 " nodes are too many to follow "
                                         "happened-before: at most %d",
                                         self->nodes, CAUSALITY_NODES_MOST);
    } else if (causality_is_full(self->past)) {
        result->verdict = VERDICT_INCONCLUSIVE;
        result->reason =
            g_strdup_printf("following happened-before takes more than %zu MiB", memory_most >> 20);
    }
}

static void destroy(void *state)
{
    ordering *self = state;
    for (uint32_t i = 0; i < self->resources; i++) {
        if (self->wishes[i]) {
            g_array_free(self->wishes[i], TRUE);
        }
    }
    finding_clear(&self->violation);
    causality_free(self->past);
    g_free(self->wishes);
    g_free(self);
}

const property granted_in_order = {
    .name = "granted_in_order",
    .statement = "of two requests for a resource, one made after the other (happened-before), the "
                 "earlier is granted first",
    .reference = "L. Lamport, \"Time, Clocks, and the Ordering of Events in a Distributed "
                 "System\", CACM 21(7), 1978, condition II",
    .liveness = false,
    .service = DASIM_MUTEX,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
