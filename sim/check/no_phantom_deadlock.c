/*
 * No phantom deadlock: who says that it waits in a cycle (DEADLOCK) does so, at that moment.
 *
 * Judged by the wait-for graph as it is in true time, which no detector sees.
 */
#include "check/lock_history.h"
#include "check/wait_graph.h"

typedef struct watching {
    wait_graph *graph;
    uint32_t component;
    uint64_t declared;
    finding violation;
} watching;

static void *make(const world *w)
{
    watching *self = g_new0(watching, 1);
    self->graph = wait_graph_new(w);
    self->component = lock_component(w);
    return self;
}

static char *sentence(const wait_graph *graph, const record *r)
{
    uint32_t end = wait_graph_end(graph, r->node);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "at " SECONDS " s node %" PRIu32 " takes itself for deadlocked, ",
                           SECONDS_OF(r->at), r->node);
    if (!wait_graph_waits(graph, r->node)) {
        g_string_append(text, "but does not wait");
    } else if (end == NOBODY) {
        g_string_append(text, "but is in none of the cycles");
    } else if (end == r->node) {
        g_string_append(text, "but nobody holds what it waits for");
    } else {
        g_string_append_printf(text,
                               "but waits, in the end, for node %" PRIu32
                               ", which waits for nobody",
                               wait_graph_node(graph, end));
    }
    return g_string_free(text, FALSE);
}

static void on_record(void *state, const world *w, const record *r)
{
    watching *self = state;
    uint32_t resource;
    wait_graph_record(self->graph, w, r);
    if (lock_step_of(w, self->component, r, &resource) != LOCK_DEADLOCK) {
        return;
    }
    self->declared++;
    if (self->violation.verdict == VERDICT_HOLDS && !wait_graph_in_cycle(self->graph, r->node)) {
        self->violation = (finding){VERDICT_VIOLATED, r->number, r->at, sentence(self->graph, r)};
    }
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    watching *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
}

static void destroy(void *state)
{
    watching *self = state;
    wait_graph_free(self->graph);
    finding_clear(&self->violation);
    g_free(self);
}

const property no_phantom_deadlock = {
    .name = "no_phantom_deadlock",
    .statement = "who takes itself for deadlocked is, at that moment, in a cycle of the wait-for "
                 "graph",
    .reference = "K. M. Chandy, J. Misra, L. M. Haas, \"Distributed Deadlock Detection\", ACM TOCS "
                 "1(2), 1983",
    .liveness = false,
    .service = DASIM_MUTEX,
    .applies = deadlock_detector,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
