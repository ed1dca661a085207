/*
 * Agreement: once faults have stopped and the network has healed, all live nodes name the same live
 * node, the highest of them.
 *
 * Cachin, Guerraoui and Rodrigues call this eventual leader detection (Omega), with the bully's
 * choice of the node. What a node named before its crash counts for nothing.
 */
#include "check/lock_history.h"
#include "check/property.h"

#include "observe/leadership.h"

enum { NAMED_MOST = 5 };

typedef struct agreement {
    leadership *history; /* NULL: no election in the stack */
    uint64_t last;       /* record that changed something last */
    int64_t at;
} agreement;

static void *make(const world *w)
{
    agreement *self = g_new0(agreement, 1);
    self->history = leadership_new(w);
    return self;
}

static void on_record(void *state, const world *w, const record *r)
{
    (void)w;
    agreement *self = state;
    dasim_leader named;
    if (self->history && leadership_record(self->history, r, &named) != LEADER_OTHER) {
        self->last = r->number;
        self->at = r->at;
    }
}

/* "node 0 names node 4, which is down" */
static void append_opinion(GString *text, const leadership *l, uint32_t node)
{
    uint32_t leader = leadership_of(l, node);
    g_string_append_printf(text, "%snode %" PRIu32 " names ", text->len > 0 ? ", " : "", node);
    if (leader == NOBODY) {
        g_string_append(text, "nobody");
        return;
    }
    g_string_append_printf(text, "node %" PRIu32, leader);
    if (!leadership_lives(l, leader)) {
        g_string_append(text, ", which is down");
    }
}

static char *sentence(const agreement *self, uint32_t nodes, uint32_t highest, bool settled)
{
    const leadership *l = self->history;
    GString *text = g_string_new(NULL);
    uint32_t wrong = 0;
    for (uint32_t node = 0; node < nodes; node++) {
        if (leadership_lives(l, node) && leadership_of(l, node) != highest &&
            ++wrong <= NAMED_MOST) {
            append_opinion(text, l, node);
        }
    }
    if (wrong > NAMED_MOST) {
        g_string_append_printf(text, ", and %" PRIu32 " more are wrong", wrong - NAMED_MOST);
    }
    g_string_append_printf(text,
                           "; the highest that lives is node %" PRIu32
                           ", and nothing has changed since " SECONDS " s",
                           highest, SECONDS_OF(self->at));
    g_string_append(text, settled ? "" : "; the run ended before it was clear whether for good");
    return g_string_free(text, FALSE);
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    const agreement *self = state;
    *result = (finding){.verdict = VERDICT_HOLDS};
    uint32_t highest = self->history ? leadership_highest(self->history) : NOBODY;
    if (highest == NOBODY || leadership_agreed(self->history) == highest) {
        return;
    }
    result->verdict = end.settled ? VERDICT_VIOLATED : VERDICT_INCONCLUSIVE;
    result->record = self->last;
    result->at = self->at;
    result->reason = sentence(self, world_nodes(w), highest, end.settled);
}

static void destroy(void *state)
{
    agreement *self = state;
    leadership_free(self->history);
    g_free(self);
}

const property agreement_on_leader = {
    .name = "agreement_on_leader",
    .statement = "once faults have stopped, all live nodes name the same live node, the highest",
    .reference = "H. Garcia-Molina, \"Elections in a Distributed Computing System\", IEEE "
                 "Transactions on Computers C-31(1), 1982",
    .liveness = true,
    .service = DASIM_ELECTION,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
