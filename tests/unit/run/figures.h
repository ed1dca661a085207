/* What tests of the literature's figures share: runs that must go well, and values that must all be
 * alike. Links take 1 ms. */
#ifndef TESTS_UNIT_RUN_FIGURES_H
#define TESTS_UNIT_RUN_FIGURES_H

#include "stage.h"

#include <criterion/criterion.h>
#include <inttypes.h>

static const int64_t ms = 1000000;

static inline outcome load(const char *format, ...) G_GNUC_PRINTF(1, 2);

static inline outcome load(const char *format, ...)
{
    va_list more;
    va_start(more, format);
    char *text = g_strdup_vprintf(format, more);
    va_end(more);
    outcome o = perform(text, 1, NULL);
    g_free(text);
    cr_assert_eq(o.result->status, RUN_DONE, "%s", o.result->explanation);
    cr_assert_eq(run_exit_status(o.result), 0);
    return o;
}

/* Every value of the histogram is `value`. */
static inline void expect_all(const histogram *h, int64_t value, const char *what)
{
    cr_expect_gt(histogram_count(h), 0, "%s", what);
    cr_expect_eq(histogram_least(h), value, "%s: least %" PRId64, what, histogram_least(h));
    cr_expect_eq(histogram_most(h), value, "%s: most %" PRId64, what, histogram_most(h));
}

/*
 * One request at a time. `model` defines cost(node): messages and delays of a request of that node
 * now; the run fails at the first request that differs. `holder` is who entered last, `n` how many
 * nodes there are.
 */
static inline outcome isolated(int nodes, const char *lock, const char *model, int entries)
{
    return load("local n, holder = %d, 0\n%s\n"
                "local sent, due, asked, wait = 0, 0, 0 * ms, 0\n"
                "on({ sent = true }, function(e)\n"
                "  if e.from ~= e.to then sent = sent + 1 end\n"
                "end)\n"
                "on({ request = 'ACQUIRE' }, function(e)\n"
                "  local messages, delays = cost(e.node)\n"
                "  holder = e.node\n"
                "  due, wait, asked = due + messages, delays, e.at\n"
                "end)\n"
                "on({ indication = 'GRANTED' }, function(e)\n"
                "  if sent ~= due then error(sent .. ' messages, not ' .. due) end\n"
                "  if e.at - asked ~= wait * ms then error('not after ' .. wait .. ' T') end\n"
                "end)\n"
                "return scenario { nodes = n, run = %s, links = { latency = '1ms' }, "
                "workload = lock_clients { think = '50ms', hold = '10ms', entries = %d, "
                "isolated = true } }",
                nodes, model, lock, entries);
}

/* Everyone asks again at once. E is 10 ms. */
static const int hold = 10;

static inline outcome saturated(const char *lock, int nodes, const char *more)
{
    return load("return scenario { nodes = %d, run = %s, links = { latency = '1ms' }, %s "
                "workload = lock_clients { think = 0, hold = '%dms', entries = 0 } }",
                nodes, lock, more, hold);
}

/* Each waits N(E+T)-E, in turn. */
static inline void expect_turns(const char *lock, int nodes)
{
    outcome o = saturated(lock, nodes, "warm_up = '2s', duration = '4s',");
    const metrics *m = o.result->metrics;
    uint64_t least = UINT64_MAX, most = 0;
    expect_all(metrics_synchronisation(m), 1 * ms, lock);
    expect_all(metrics_waiting(m), (nodes * (int64_t)(hold + 1) - hold) * ms, lock);
    for (int node = 0; node < nodes; node++) {
        least = MIN(least, metrics_entries_of(m, (uint32_t)node));
        most = MAX(most, metrics_entries_of(m, (uint32_t)node));
    }
    cr_expect_leq(most - least, 1, "entries from %" PRIu64 " to %" PRIu64, least, most);
    outcome_clear(&o);
}

#endif
