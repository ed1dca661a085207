/*
 * Locks that find deadlocks, above another lock: a circle of 2 .. n nodes, each of which holds its
 * resource and asks for the next one's. The first one looks before the others do, and gives way:
 * the probes of its search are all that there are.
 */
#include "sweep/complexity_internal.h"

static uint64_t circles(const cost_bench *b, uint32_t n)
{
    (void)b;
    return n - 1;
}

static bool measure_search(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                           char **trouble)
{
    cost_stage stage;
    char *words = cost_run_words(b, "delay = '10s', preempt = true, mutex = mutex.coordinator {}");
    char *text = g_strdup_printf("local circle, all = %u, {}\n"
                                 "for i = 0, circle - 1 do\n"
                                 "  all[i + 1] = process(i, function(p)\n"
                                 "    local next = (i + 1) %% circle\n"
                                 "    p:lock(i)\n"
                                 "    p:sleep((i == 0 and 50 or 5000) * ms - p:now())\n"
                                 "    p:lock(next) p:unlock(next) p:unlock(i)\n"
                                 "  end)\n"
                                 "end\n"
                                 "return scenario { nodes = %u, resources = %u, run = %s, "
                                 "links = { latency = '1ms', fifo = true }, processes = all, "
                                 "expect = { no_deadlock = 'fails' } }",
                                 (uint32_t)run + 2, n, n, words);
    bool fine = cost_stage_run(b, text, 1, NULL, &stage, trouble);
    if (fine) {
        cost_sample_add(s, cost_stage_sent(&stage, "PROBE"));
        cost_stage_clear(&stage);
    }
    g_free(text);
    g_free(words);
    return fine;
}

const cost_method cost_methods_of_deadlocks[] = {
    {DASIM_MUTEX, "probes of one search", false, false, 2, circles, measure_search},
    {0},
};
