/*
 * No deadlock: nobody waits for a resource that is held by somebody who waits, in the end, for a
 * resource that the first one holds. A cycle in the wait-for graph.
 *
 * A cycle that a lost lease, a crash or a victim breaks up later has been one: whether all are
 * served in the end is another question.
 */
#include "check/wait_graph.h"

static void *make(const world *w)
{
    return wait_graph_new(w);
}

static void on_record(void *state, const world *w, const record *r)
{
    wait_graph_record(state, w, r);
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    *result = *wait_graph_first_cycle(state);
    result->reason = g_strdup(result->reason);
}

static void destroy(void *state)
{
    wait_graph_free(state);
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
