/*
 * Linearizability: each access has its effect at one instant between the moment it is asked for and
 * the moment it is done, and every read returns what was written last by then. That is sequential
 * consistency whose order keeps real time, too. It is local (theorem 1 of the paper): a history is
 * linearizable if and only if that of each object is.
 */
#include "check/memory_history.h"

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    memory_history_judge(state, MEMORY_LINEARIZABLE, MEMORY_EFFORT, NULL, result);
}

const property linearizable = {
    .name = "linearizable",
    .statement = "every access has its effect at one instant between its request and its end",
    .reference = "M. Herlihy, J. Wing, \"Linearizability: A Correctness Condition for Concurrent "
                 "Objects\", ACM TOPLAS 12(3), 1990",
    .liveness = false,
    .service = DASIM_MEMORY,
    .make = memory_history_make,
    .on_record = memory_history_record,
    .judge = judge,
    .destroy = memory_history_free,
};
