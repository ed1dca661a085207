/*
 * Safety of a fenced resource: it may be late holders that reach it, but it can refuse them.
 *
 * The resource is modelled as one that remembers the largest fencing token it has seen and refuses
 * an access with a smaller one. A client accesses it with the token of its grant when it enters and
 * when it releases. Two who are inside at once do no harm as long as their tokens differ: the first
 * access with the larger one shuts the other out. With equal tokens, or with none (0), the resource
 * accepts both and cannot tell them apart: that is the violation. How many late accesses it refused
 * is told where the property holds.
 */
#include "check/lock_history.h"

typedef struct visitor {
    uint32_t node;
    bool accepted; /* its last access was */
    uint64_t token;
} visitor;

/* What guards one resource. */
typedef struct guard {
    uint64_t largest; /* token seen */
    GArray *inside;   /* visitor; NULL: none so far */
} guard;

typedef struct fencing {
    uint32_t component, resources;
    guard *guards;
    uint64_t held; /* visitors in all of them */
    uint64_t refused;
    char *first_refused; /* as text */
    finding violation;
} fencing;

static void *make(const world *w)
{
    fencing *self = g_new0(fencing, 1);
    self->component = lock_component(w);
    self->resources = world_config_of(w)->resources;
    self->guards = g_new0(guard, self->resources);
    return self;
}

static visitor *visitor_at(const guard *g, guint i)
{
    return &g_array_index(g->inside, visitor, i);
}

/* Place of the node among those inside; G_MAXUINT: it is not. */
static guint find(const guard *g, uint32_t node)
{
    for (guint i = 0; g->inside && i < g->inside->len; i++) {
        if (visitor_at(g, i)->node == node) {
            return i;
        }
    }
    return G_MAXUINT;
}

/* "3"; of those that count the grants of an epoch "2 * 2^32 + 3". To be freed. */
static char *token_text(uint64_t token)
{
    uint32_t epoch = (uint32_t)(token >> 32), count = (uint32_t)token;
    return epoch > 0 ? g_strdup_printf("%" PRIu32 " * 2^32 + %" PRIu32, epoch, count)
                     : g_strdup_printf("%" PRIu32, count);
}

static void violate(fencing *self, const record *r, uint32_t resource, uint64_t token,
                    uint32_t other)
{
    self->violation = (finding){.verdict = VERDICT_VIOLATED, .record = r->number, .at = r->at};
    char *both = token_text(token);
    char *tokens = token == 0 ? g_strdup("neither has a fencing token")
                              : g_strdup_printf("both have the fencing token %s", both);
    self->violation.reason =
        g_strdup_printf("resource %" PRIu32 " accepted node %" PRIu32 " at " SECONDS
                        " s while node %" PRIu32 " was inside, and could not tell them apart: %s",
                        resource, r->node, SECONDS_OF(r->at), other, tokens);
    g_free(tokens);
    g_free(both);
}

static void refuse(fencing *self, const record *r, uint32_t resource, uint64_t token)
{
    if (self->refused++ == 0) {
        char *shown = token_text(token), *seen = token_text(self->guards[resource].largest);
        self->first_refused = g_strdup_printf("node %" PRIu32 " with token %s at resource %" PRIu32
                                              " at " SECONDS " s, which had seen %s",
                                              r->node, shown, resource, SECONDS_OF(r->at), seen);
        g_free(shown);
        g_free(seen);
    }
}

static void access_by(fencing *self, const record *r, uint32_t resource, visitor *who)
{
    guard *g = &self->guards[resource];
    who->accepted = who->token >= g->largest;
    if (!who->accepted) {
        refuse(self, r, resource, who->token);
        return;
    }
    g->largest = who->token;
    for (guint i = 0; i < g->inside->len; i++) {
        const visitor *other = visitor_at(g, i);
        if (other != who && other->accepted && other->token == who->token) {
            violate(self, r, resource, who->token, other->node);
            return;
        }
    }
}

/* Who is granted twice goes on with the later token. */
static void on_granted(fencing *self, const record *r, uint32_t resource)
{
    guard *g = &self->guards[resource];
    guint place = find(g, r->node);
    if (g->inside == NULL) {
        g->inside = g_array_new(FALSE, FALSE, sizeof(visitor));
    }
    if (place == G_MAXUINT) {
        place = g->inside->len;
        g_array_append_val(g->inside, (visitor){.node = r->node});
        self->held++;
    }
    visitor_at(g, place)->token = ((const dasim_lock *)r->body)->fencing;
    access_by(self, r, resource, visitor_at(g, place));
}

static void leave(fencing *self, uint32_t resource, guint place)
{
    if (place != G_MAXUINT) {
        g_array_remove_index(self->guards[resource].inside, place);
        self->held--;
    }
}

/* A release is a last access; who has lost its lease does not come back. */
static void on_release(fencing *self, const record *r, uint32_t resource)
{
    guard *g = &self->guards[resource];
    guint place = find(g, r->node);
    if (place != G_MAXUINT && r->kind == RECORD_REQUEST) {
        access_by(self, r, resource, visitor_at(g, place));
    }
    leave(self, resource, place);
}

static void on_record(void *state, const world *w, const record *r)
{
    fencing *self = state;
    uint32_t resource;
    if (self->violation.verdict == VERDICT_VIOLATED) {
        return;
    }
    switch (lock_step_of(w, self->component, r, &resource)) {
    case LOCK_GRANTED:
        on_granted(self, r, resource);
        break;
    case LOCK_RELEASE:
        on_release(self, r, resource);
        break;
    case LOCK_CRASH:
        for (resource = 0; self->held > 0 && resource < self->resources; resource++) {
            leave(self, resource, find(&self->guards[resource], r->node));
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
    const fencing *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
    if (result->verdict == VERDICT_HOLDS && self->refused > 0) {
        result->reason =
            g_strdup_printf("%" PRIu64 " late access%s refused, the first of %s", self->refused,
                            self->refused == 1 ? " was" : "es were", self->first_refused);
    }
}

static void destroy(void *state)
{
    fencing *self = state;
    for (uint32_t i = 0; i < self->resources; i++) {
        if (self->guards[i].inside) {
            g_array_free(self->guards[i].inside, TRUE);
        }
    }
    finding_clear(&self->violation);
    g_free(self->first_refused);
    g_free(self->guards);
    g_free(self);
}

const property fencing_safe = {
    .name = "fencing_safe",
    .statement = "a resource that refuses all tokens smaller than the largest it has seen never "
                 "accepts two clients at once that it cannot tell apart",
    .reference = "M. Burrows, \"The Chubby Lock Service for Loosely-Coupled Distributed Systems\", "
                 "OSDI 2006, section 2.4",
    .liveness = false,
    .service = DASIM_MUTEX,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
