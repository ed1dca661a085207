/*
 * Mutual exclusion, in true time and per resource: from GRANTED to RELEASE, or to the holder's
 * crash, nobody else is granted the resource, nor the holder once more.
 *
 * Records come in the order in which things happen, also at one instant: where the RELEASE comes
 * first, the next may enter at the same time. Whether anybody had asked does not matter: who was
 * told GRANTED is in the section. Only the first violation counts, so one holder per resource is
 * all there is to remember.
 */
#include "check/lock_history.h"

typedef struct exclusion {
    uint32_t component, resources;
    uint32_t *holder; /* per resource; NOBODY: free */
    uint32_t held;    /* resources that somebody holds */
    finding violation;
} exclusion;

static void *make(const world *w)
{
    exclusion *self = g_new0(exclusion, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->holder = g_new(uint32_t, self->resources);
    for (uint32_t i = 0; i < self->resources; i++) {
        self->holder[i] = NOBODY;
    }
    return self;
}

static void set_holder(exclusion *self, uint32_t resource, uint32_t node)
{
    self->held += (node != NOBODY) - (uint32_t)(self->holder[resource] != NOBODY);
    self->holder[resource] = node;
}

static void on_granted(exclusion *self, const record *r, uint32_t resource)
{
    uint32_t holder = self->holder[resource];
    if (holder == NOBODY) {
        set_holder(self, resource, r->node);
        return;
    }
    finding *f = &self->violation;
    *f = (finding){.verdict = VERDICT_VIOLATED, .record = r->number, .at = r->at};
    if (holder == r->node) {
        f->reason = g_strdup_printf("node %" PRIu32 " was granted resource %" PRIu32
                                    " twice without a release, again at " SECONDS " s",
                                    holder, resource, SECONDS_OF(r->at));
    } else {
        f->reason = g_strdup_printf("nodes %" PRIu32 " and %" PRIu32 " both hold resource %" PRIu32
                                    " at " SECONDS " s",
                                    MIN(holder, r->node), MAX(holder, r->node), resource,
                                    SECONDS_OF(r->at));
    }
}

static void on_record(void *state, const world *w, const record *r)
{
    exclusion *self = state;
    uint32_t resource;
    if (self->violation.verdict == VERDICT_VIOLATED) {
        return;
    }
    switch (lock_step_of(w, self->component, r, &resource)) {
    case LOCK_GRANTED:
        on_granted(self, r, resource);
        break;
    case LOCK_RELEASE:
        if (self->holder[resource] == r->node) {
            set_holder(self, resource, NOBODY);
        }
        break;
    case LOCK_CRASH:
        for (resource = 0; self->held > 0 && resource < self->resources; resource++) {
            if (self->holder[resource] == r->node) {
                set_holder(self, resource, NOBODY);
            }
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
    const exclusion *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
}

static void destroy(void *state)
{
    exclusion *self = state;
    finding_clear(&self->violation);
    g_free(self->holder);
    g_free(self);
}

const property mutual_exclusion = {
    .name = "mutual_exclusion",
    .statement = "at no true time do two clients hold one resource",
    .reference = "E. W. Dijkstra, \"Solution of a Problem in Concurrent Programming Control\", "
                 "CACM 8(9), 1965",
    .liveness = false,
    .service = DASIM_MUTEX,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
