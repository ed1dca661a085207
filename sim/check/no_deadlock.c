/*
 * No deadlock: nobody waits for a resource that is held by somebody who waits, in the end, for a
 * resource that the first one holds. A cycle in the wait-for graph.
 *
 * A client is a node, also where several programs run on it: it waits from ACQUIRE to GRANTED, and
 * holds from there to RELEASE, to the loss of its lease or to its crash. A grant that it did not
 * ask for it does not hold: it would never give it back. It waits for all who hold what it asks for
 * (several, where mutual exclusion is violated), not for those who stand before it in a queue. A
 * cycle that a lost lease or a crash breaks up later has been one: whether all are served in the
 * end is another question.
 *
 * Edges come with an ACQUIRE, from the node that asks, and with a GRANTED, to the node that is
 * granted: a new cycle leads through that node, which must hold something and wait for something.
 */
#include "check/lock_history.h"

enum { NAMED_MOST = 8 };

typedef struct wait_edge {
    uint32_t node, resource; /* `node` waits for `resource`, which the next one holds */
} wait_edge;

typedef struct waiting {
    uint32_t component, resources, nodes;
    GArray **held, **wanted; /* uint32_t: resources of each node; NULL: none so far */
    GArray **holders;        /* uint32_t: nodes of each resource; NULL: none so far */
    uint64_t *seen;          /* by each node: the search that reached it last ... */
    wait_edge *reached;      /* ... and from where */
    uint64_t searches;
    GArray *queue;
    finding violation;
} waiting;

static void *make(const world *w)
{
    waiting *self = g_new0(waiting, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->nodes = world_nodes(w);
    self->held = g_new0(GArray *, self->nodes);
    self->wanted = g_new0(GArray *, self->nodes);
    self->holders = g_new0(GArray *, self->resources);
    self->seen = g_new0(uint64_t, self->nodes);
    self->reached = g_new(wait_edge, self->nodes);
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

/* Those who hold what `node` waits for: true where one of them is `target`. */
static bool reach_holders(waiting *self, uint32_t node, uint32_t target, wait_edge *last)
{
    for (guint i = 0; i < count_of(self->wanted[node]); i++) {
        uint32_t resource = at(self->wanted[node], i);
        const GArray *holders = self->holders[resource];
        for (guint k = 0; k < count_of(holders); k++) {
            uint32_t holder = at(holders, k);
            if (holder == target) {
                *last = (wait_edge){node, resource};
                return true;
            }
            if (self->seen[holder] != self->searches) {
                self->seen[holder] = self->searches;
                self->reached[holder] = (wait_edge){node, resource};
                g_array_append_val(self->queue, holder);
            }
        }
    }
    return false;
}

/* A shortest cycle through `node`, nearest first: edges in the order of waiting. NULL: none. */
static GArray *cycle_through(waiting *self, uint32_t node)
{
    wait_edge last = {node, 0};
    guint next = 0;
    self->searches++;
    self->seen[node] = self->searches;
    g_array_set_size(self->queue, 0);
    g_array_append_val(self->queue, node);
    while (next < self->queue->len && !reach_holders(self, at(self->queue, next), node, &last)) {
        next++;
    }
    if (next == self->queue->len) {
        return NULL;
    }
    GArray *cycle = g_array_new(FALSE, FALSE, sizeof(wait_edge));
    g_array_append_val(cycle, last);
    while (last.node != node) {
        last = self->reached[last.node];
        g_array_prepend_val(cycle, last);
    }
    return cycle;
}

/* From the lowest node on. */
static char *sentence(const GArray *cycle, int64_t now)
{
    GString *text = g_string_new(NULL);
    guint first = 0, count = cycle->len;
    for (guint i = 1; i < count; i++) {
        bool lower =
            g_array_index(cycle, wait_edge, i).node < g_array_index(cycle, wait_edge, first).node;
        first = lower ? i : first;
    }
    const wait_edge *one = &g_array_index(cycle, wait_edge, first);
    const wait_edge *last = &g_array_index(cycle, wait_edge, (first + count - 1) % count);
    g_string_append_printf(text, "at " SECONDS " s node %" PRIu32, SECONDS_OF(now), one->node);
    if (count == 1) {
        g_string_append_printf(text, " waits for resource %" PRIu32 ", which it holds itself",
                               one->resource);
        return g_string_free(text, FALSE);
    }
    g_string_append_printf(text, " holds resource %" PRIu32 " and waits for resource %" PRIu32,
                           last->resource, one->resource);
    for (guint i = 1; i < count && i < NAMED_MOST; i++) {
        one = &g_array_index(cycle, wait_edge, (first + i) % count);
        g_string_append_printf(text,
                               ", which node %" PRIu32 " holds, which waits for resource %" PRIu32,
                               one->node, one->resource);
    }
    if (count > NAMED_MOST) {
        g_string_append_printf(text, ", and so on, a cycle of %u nodes", count);
    }
    return g_string_free(text, FALSE);
}

static void look_for_cycle(waiting *self, const record *r)
{
    if (count_of(self->held[r->node]) == 0 || count_of(self->wanted[r->node]) == 0) {
        return;
    }
    GArray *cycle = cycle_through(self, r->node);
    if (cycle) {
        self->violation = (finding){VERDICT_VIOLATED, r->number, r->at, sentence(cycle, r->at)};
        g_array_free(cycle, TRUE);
    }
}

/* --------------------------------------------------------------------------------- records */

static void on_acquire(waiting *self, const record *r, uint32_t resource)
{
    if (!contains(self->wanted[r->node], resource)) {
        add(&self->wanted[r->node], resource);
        look_for_cycle(self, r);
    }
}

static void on_granted(waiting *self, const record *r, uint32_t resource)
{
    if (!take_out(self->wanted[r->node], resource)) {
        return;
    }
    if (!contains(self->held[r->node], resource)) {
        add(&self->held[r->node], resource);
        add(&self->holders[resource], r->node);
        look_for_cycle(self, r);
    }
}

static void give_back(waiting *self, uint32_t node, uint32_t resource)
{
    if (take_out(self->held[node], resource)) {
        take_out(self->holders[resource], node);
    }
}

static void on_crash(waiting *self, uint32_t node)
{
    while (count_of(self->held[node]) > 0) {
        give_back(self, node, at(self->held[node], 0));
    }
    if (self->wanted[node]) {
        g_array_set_size(self->wanted[node], 0);
    }
}

static void on_record(void *state, const world *w, const record *r)
{
    waiting *self = state;
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
    free_sets(self->held, self->nodes);
    free_sets(self->wanted, self->nodes);
    free_sets(self->holders, self->resources);
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
