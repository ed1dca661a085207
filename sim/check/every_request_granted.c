/*
 * Freedom from starvation and deadlock: in the end, every request is granted.
 *
 * Judged once faults have stopped and time was given. A crash withdraws what its node had asked
 * for: only requests of the life that still goes on count.
 */
#include "check/lock_history.h"

#include "base/map.h"

#include <stdlib.h>

enum { NAMED_MOST = 5 };

typedef struct waiting {
    uint32_t node, resource;
    uint64_t record;
    int64_t since;
} waiting;

typedef struct granting {
    uint32_t component, resources;
    map *pending;      /* node and resource -> place in `requests` */
    GArray *requests;  /* waiting; free places are chained through `since` */
    int64_t free_head; /* -1: none */
} granting;

static void *make(const world *w)
{
    granting *self = g_new0(granting, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->pending = map_new();
    self->requests = g_array_new(FALSE, FALSE, sizeof(waiting));
    self->free_head = -1;
    return self;
}

static uint64_t client_of(const granting *self, uint32_t node, uint32_t resource)
{
    return (uint64_t)node * self->resources + resource;
}

static waiting *request_at(const granting *self, int64_t place)
{
    return &g_array_index(self->requests, waiting, place);
}

/* Where the client waits already, its first request counts. */
static void ask(granting *self, const record *r, uint32_t resource)
{
    uint64_t client = client_of(self, r->node, resource);
    if (map_get(self->pending, client, NULL)) {
        return;
    }
    int64_t place = self->free_head;
    if (place < 0) {
        place = self->requests->len;
        g_array_set_size(self->requests, self->requests->len + 1);
    } else {
        self->free_head = request_at(self, place)->since;
    }
    *request_at(self, place) = (waiting){r->node, resource, r->number, r->at};
    map_put(self->pending, client, place);
}

static void forget(granting *self, uint32_t node, uint32_t resource)
{
    int64_t place;
    if (map_take(self->pending, client_of(self, node, resource), &place)) {
        request_at(self, place)->since = self->free_head;
        self->free_head = place;
    }
}

static void on_record(void *state, const world *w, const record *r)
{
    granting *self = state;
    uint32_t resource;
    switch (lock_step_of(w, self->component, r, &resource)) {
    case LOCK_ACQUIRE:
        ask(self, r, resource);
        break;
    case LOCK_GRANTED:
        forget(self, r->node, resource);
        break;
    case LOCK_CRASH:
        for (resource = 0; map_count(self->pending) > 0 && resource < self->resources; resource++) {
            forget(self, r->node, resource);
        }
        break;
    default:
        break;
    }
}

/* -------------------------------------------------------------------------------- verdict */

typedef struct collection {
    const granting *self;
    GArray *all;
} collection;

static void collect(void *context, uint64_t client, int64_t place)
{
    (void)client;
    collection *c = context;
    g_array_append_val(c->all, *request_at(c->self, place));
}

/* Who waits longest comes first. No two have the same record. */
static int by_record(const void *a, const void *b)
{
    uint64_t x = ((const waiting *)a)->record, y = ((const waiting *)b)->record;
    return (x > y) - (x < y);
}

static char *sentence(const GArray *all, bool settled)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < all->len && i < NAMED_MOST; i++) {
        const waiting *one = &g_array_index(all, waiting, i);
        g_string_append_printf(text,
                               "%snode %" PRIu32 " waits for resource %" PRIu32 " since " SECONDS
                               " s",
                               i > 0 ? ", " : "", one->node, one->resource, SECONDS_OF(one->since));
    }
    if (all->len > NAMED_MOST) {
        g_string_append_printf(text, ", and %u more", all->len - NAMED_MOST);
    }
    g_string_append(text, settled ? "" : "; the run ended before it was clear whether in vain");
    return g_string_free(text, FALSE);
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    granting *self = state;
    *result = (finding){.verdict = VERDICT_HOLDS};
    GArray *all = g_array_new(FALSE, FALSE, sizeof(waiting));
    map_each(self->pending, collect, &(collection){self, all});
    if (all->len > 0) {
        qsort(all->data, all->len, sizeof(waiting), by_record);
        const waiting *first = &g_array_index(all, waiting, 0);
        result->verdict = end.settled ? VERDICT_VIOLATED : VERDICT_INCONCLUSIVE;
        result->record = first->record;
        result->at = first->since;
        result->reason = sentence(all, end.settled);
    }
    g_array_free(all, TRUE);
}

static void destroy(void *state)
{
    granting *self = state;
    map_free(self->pending);
    g_array_free(self->requests, TRUE);
    g_free(self);
}

const property every_request_granted = {
    .name = "every_request_granted",
    .statement = "once faults have stopped, every request of a live client is granted in the end",
    .reference = "L. Lamport, \"Time, Clocks, and the Ordering of Events in a Distributed "
                 "System\", CACM 21(7), 1978, condition III",
    .liveness = true,
    .service = DASIM_MUTEX,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
