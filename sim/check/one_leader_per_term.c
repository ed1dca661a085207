/*
 * No two nodes declare themselves leader of the same term. A node declares itself by a LEADER that
 * names itself.
 *
 * Where the algorithm knows no terms (term 0), at no true time do two live nodes take themselves
 * for the leader: from the LEADER that names the node itself to one that names another, or to its
 * crash.
 */
#include "check/lock_history.h"
#include "check/property.h"

#include "base/map.h"
#include "observe/leadership.h"

typedef struct declaration {
    uint32_t node;
    int64_t at;
} declaration;

typedef struct leaders {
    leadership *history; /* NULL: no election in the stack */
    map *terms;          /* term -> place in `declared` */
    GArray *declared;    /* declaration: the first of each term */
    bool *leads;         /* by node: takes itself for the leader, without terms */
    uint32_t nodes, leading;
    finding violation;
} leaders;

static void *make(const world *w)
{
    leaders *self = g_new0(leaders, 1);
    self->history = leadership_new(w);
    self->terms = map_new();
    self->declared = g_array_new(FALSE, FALSE, sizeof(declaration));
    self->nodes = world_nodes(w);
    self->leads = g_new0(bool, self->nodes);
    return self;
}

static void set_leads(leaders *self, uint32_t node, bool leads)
{
    self->leading += leads;
    self->leading -= self->leads[node];
    self->leads[node] = leads;
}

static void violate(leaders *self, const record *r, char *reason)
{
    self->violation = (finding){VERDICT_VIOLATED, r->number, r->at, reason};
}

static void declared(leaders *self, const record *r, uint64_t term)
{
    int64_t place;
    if (!map_get(self->terms, term, &place)) {
        declaration one = {r->node, r->at};
        map_put(self->terms, term, self->declared->len);
        g_array_append_val(self->declared, one);
        return;
    }
    const declaration *first = &g_array_index(self->declared, declaration, place);
    if (first->node != r->node) {
        violate(self, r,
                g_strdup_printf("node %" PRIu32 " at " SECONDS " s and node %" PRIu32 " at " SECONDS
                                " s declared themselves leader of term %" PRIu64,
                                first->node, SECONDS_OF(first->at), r->node, SECONDS_OF(r->at),
                                term));
    }
}

static void declared_without_term(leaders *self, const record *r)
{
    set_leads(self, r->node, true);
    for (uint32_t node = 0; self->leading > 1 && node < self->nodes; node++) {
        if (self->leads[node] && node != r->node) {
            violate(self, r,
                    g_strdup_printf("nodes %" PRIu32 " and %" PRIu32
                                    " both take themselves for the leader at " SECONDS " s",
                                    MIN(node, r->node), MAX(node, r->node), SECONDS_OF(r->at)));
            return;
        }
    }
}

static void on_record(void *state, const world *w, const record *r)
{
    (void)w;
    leaders *self = state;
    dasim_leader named;
    if (self->history == NULL || self->violation.verdict == VERDICT_VIOLATED) {
        return;
    }
    switch (leadership_record(self->history, r, &named)) {
    case LEADER_NAMED:
        if (named.leader != r->node) {
            set_leads(self, r->node, false);
        } else if (named.term > 0) {
            set_leads(self, r->node, false);
            declared(self, r, named.term);
        } else {
            declared_without_term(self, r);
        }
        break;
    case LEADER_BOOT:
    case LEADER_CRASH:
        set_leads(self, r->node, false);
        break;
    default:
        break;
    }
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    const leaders *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
}

static void destroy(void *state)
{
    leaders *self = state;
    leadership_free(self->history);
    finding_clear(&self->violation);
    map_free(self->terms);
    g_array_free(self->declared, TRUE);
    g_free(self->leads);
    g_free(self);
}

const property one_leader_per_term = {
    .name = "one_leader_per_term",
    .statement = "no two nodes declare themselves leader of one term; without terms: at one time",
    .reference = "D. Ongaro, J. Ousterhout, \"In Search of an Understandable Consensus "
                 "Algorithm\", USENIX ATC 2014, election safety",
    .liveness = false,
    .service = DASIM_ELECTION,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
