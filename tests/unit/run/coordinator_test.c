/* What the hardening of the coordinator lock costs where it is off, and what it refuses. */
#include "stage.h"

#include <criterion/criterion.h>

static outcome one_client(const char *arguments)
{
    char *text = g_strdup_printf("return scenario { nodes = 3, run = mutex.coordinator { %s }, "
                                 "links = { latency = '1ms' }, workload = lock_clients { "
                                 "clients = { 1 }, hold = '10ms', entries = 10 } }",
                                 arguments);
    outcome o = perform(text, 1, NULL);
    g_free(text);
    return o;
}

static void expect_bytes(const char *arguments, uint64_t each)
{
    outcome o = one_client(arguments);
    uint32_t count;
    uint64_t bytes = 0;
    const message_count *all = metrics_messages(o.result->metrics, &count);
    for (uint32_t i = 0; i < count; i++) {
        bytes += all[i].bytes;
    }
    cr_expect_eq(metrics_sent(o.result->metrics), 30);
    cr_expect_eq(bytes, 30 * each, "%s: %d bytes", arguments, (int)bytes);
    outcome_clear(&o);
}

Test (coordinator, plain_messages_carry_the_resource_and_nothing_else) {
    expect_bytes("", 4);
    expect_bytes("fencing = true", 24);
    expect_bytes("request_timeout = '50ms'", 24);
}

Test (coordinator, hardening_that_needs_another_is_refused) {
    static const char *const refused[] = {"lease = '1s'", "alive_timeout = '1s'", "epochs = true"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        outcome o = one_client(refused[i]);
        cr_expect_eq(o.result->status, RUN_CHECK, "%s", refused[i]);
        outcome_clear(&o);
    }
}

/* 1, 2; then the coordinator dies and is back in epoch 2, the first one after 0 that is its own. */
Test (coordinator, tokens_grow_with_each_grant_and_each_epoch) {
    outcome o =
        perform("local tokens, n = { 1, 2, 2 * 2^32 + 1 }, 0 "
                "on({ indication = 'GRANTED' }, function(e) "
                "  n = n + 1 "
                "  if e.body.fencing ~= tokens[n] then error('token ' .. e.body.fencing) end "
                "end) "
                "return scenario { nodes = 2, run = mutex.coordinator { "
                "request_timeout = '50ms', fencing = true, epochs = true }, "
                "links = { latency = '1ms' }, faults = { at('250ms', crash(0, { lasts = "
                "'1ms' })) }, workload = lock_clients { clients = { 1 }, think = '100ms', "
                "hold = '10ms', entries = 3 } }",
                1, NULL);
    cr_expect_eq(o.result->status, RUN_DONE, "%s", o.result->explanation);
    cr_expect_eq(metrics_entries(o.result->metrics), 3);
    outcome_clear(&o);
}
