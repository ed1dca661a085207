/*
 * Coherence: for each object there is one order of the accesses to it that keeps the order of each
 * client and in which every read returns what was written last. That is sequential consistency of
 * each object by itself; of several objects together it says nothing.
 */
#include "check/memory_history.h"

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    memory_history_judge(state, MEMORY_COHERENT, MEMORY_EFFORT, NULL, result);
}

const property coherent = {
    .name = "coherent",
    .statement = "for each object, one order of the accesses to it explains what every client read",
    .reference = "J. Cantin, M. Lipasti, J. Smith, \"The Complexity of Verifying Memory Coherence "
                 "and Consistency\", IEEE TPDS 16(7), 2005",
    .liveness = false,
    .service = DASIM_MEMORY,
    .make = memory_history_make,
    .on_record = memory_history_record,
    .judge = judge,
    .destroy = memory_history_free,
};
