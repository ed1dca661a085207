/*
 * Sequential consistency: there is one order of all accesses that keeps the order of each client
 * and in which every read returns what was written last.
 */
#include "check/memory_history.h"

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    memory_history_judge(state, MEMORY_SEQUENTIAL, MEMORY_EFFORT, NULL, result);
}

const property sequentially_consistent = {
    .name = "sequentially_consistent",
    .statement = "one order of all accesses that keeps each client's explains what they all read",
    .reference = "L. Lamport, \"How to Make a Multiprocessor Computer That Correctly Executes "
                 "Multiprocess Programs\", IEEE Trans. Computers C-28(9), 1979",
    .liveness = false,
    .service = DASIM_MEMORY,
    .make = memory_history_make,
    .on_record = memory_history_record,
    .judge = judge,
    .destroy = memory_history_free,
};
