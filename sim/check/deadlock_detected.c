/*
 * Every deadlock is detected: of those who wait in a cycle at the end of a run, one at least has
 * said so (DEADLOCK), while it was in a cycle and since it began to wait.
 */
#include "check/lock_history.h"
#include "check/wait_graph.h"

typedef struct found {
    int64_t at; /* when it was first said; -1: it never was */
    uint32_t node;
    uint64_t times;
} found;

typedef struct detecting {
    wait_graph *graph;
    uint32_t component, nodes;
    bool *knows; /* by node: it has said so, and waits since */
    found found;
} detecting;

static void *make(const world *w)
{
    detecting *self = g_new0(detecting, 1);
    self->graph = wait_graph_new(w);
    self->component = lock_component(w);
    self->nodes = world_nodes(w);
    self->knows = g_new0(bool, self->nodes);
    return self;
}

static void on_record(void *state, const world *w, const record *r)
{
    detecting *self = state;
    uint32_t resource;
    wait_graph_record(self->graph, w, r);
    switch (lock_step_of(w, self->component, r, &resource)) {
    case LOCK_DEADLOCK:
        if (wait_graph_in_cycle(self->graph, r->node)) {
            self->knows[r->node] = true;
            self->found = self->found.times > 0 ? self->found : (found){r->at, r->node, 0};
            self->found.times++;
        }
        break;
    case LOCK_GRANTED:
        self->knows[r->node] = self->knows[r->node] && wait_graph_waits(self->graph, r->node);
        break;
    case LOCK_CRASH:
        self->knows[r->node] = false;
        break;
    default:
        break;
    }
}

/* Has one of them found it? */
static bool is_known(const detecting *self, const GArray *cycle)
{
    for (guint i = 0; i < cycle->len; i++) {
        uint32_t client = g_array_index(cycle, wait_edge, i).client;
        if (self->knows[wait_graph_node(self->graph, client)]) {
            return true;
        }
    }
    return false;
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    detecting *self = state;
    *result = (finding){.verdict = VERDICT_HOLDS};
    for (uint32_t id = 0; id < wait_graph_clients(self->graph); id++) {
        GArray *cycle = wait_graph_cycle(self->graph, id);
        if (cycle && !is_known(self, cycle)) {
            char *text = wait_graph_sentence(self->graph, cycle, world_now(w));
            *result = (finding){end.settled ? VERDICT_VIOLATED : VERDICT_INCONCLUSIVE, 0,
                                world_now(w), g_strconcat(text, ", and none has found it", NULL)};
            g_free(text);
            g_array_free(cycle, TRUE);
            return;
        }
        if (cycle) {
            g_array_free(cycle, TRUE);
        }
    }
    if (self->found.times > 0) {
        char *times = self->found.times == 1
                          ? g_strdup("once,")
                          : g_strdup_printf("%" PRIu64 " times, first", self->found.times);
        result->reason = g_strdup_printf("found %s by node %" PRIu32 " at " SECONDS " s", times,
                                         self->found.node, SECONDS_OF(self->found.at));
        g_free(times);
    }
}

static void destroy(void *state)
{
    detecting *self = state;
    wait_graph_free(self->graph);
    g_free(self->knows);
    g_free(self);
}

const property deadlock_detected = {
    .name = "deadlock_detected",
    .statement = "of those who wait for each other in a cycle for ever, one finds out",
    .reference = "K. M. Chandy, J. Misra, L. M. Haas, \"Distributed Deadlock Detection\", ACM TOCS "
                 "1(2), 1983",
    .liveness = true,
    .service = DASIM_MUTEX,
    .applies = deadlock_detector,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
