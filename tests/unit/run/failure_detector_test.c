/* Whom the detector suspects and restores, to the nanosecond. */
#include "stage.h"

#include <criterion/criterion.h>

/* What on() has heard until `end` must be `expected`. */
static void expect_heard(const char *rest, const char *end, const char *expected)
{
    char *text = g_strdup_printf(
        "local heard = {} "
        "local function note(e) heard[#heard + 1] = e.node .. ' ' .. e.name .. ' ' .. e.body.peer "
        ".. ' ' .. tostring(e.at) end "
        "on({ indication = 'SUSPECT' }, note) on({ indication = 'RESTORE' }, note) "
        "local check = at('%s', call(function() local all = table.concat(heard, ', ') "
        "if all ~= '%s' then error('heard: ' .. all) end end)) %s",
        end, expected, rest);
    outcome o = perform(text, 1, NULL);
    cr_expect_eq(o.result->status, RUN_DONE, "%s", o.result->explanation);
    outcome_clear(&o);
    g_free(text);
}

#define BEATS(more)                                                                                \
    "return scenario { nodes = 2, run = failure_detector.heartbeat { interval = '50ms', "          \
    "timeout = '200ms' " more " duration = '10s' }"

Test (heartbeat, suspects_who_was_silent_for_the_time_out_and_restores_who_is_heard) {
    expect_heard(BEATS("}, links = { latency = '1ms' }, "
                       "faults = { check, at('300ms', crash(1, { lasts = '700ms' })) },"),
                 "9s", "0 SUSPECT 1 451ms, 0 RESTORE 1 1.001s");
}

Test (heartbeat, suspects_nobody_where_the_time_out_is_long_enough) {
    expect_heard(BEATS("}, links = { latency = uniform('0ms', '149ms') }, faults = { check },"),
                 "9s", "");
}

Test (heartbeat, suspects_a_cut_in_one_direction_on_one_side) {
    expect_heard(BEATS("}, links = { latency = '1ms' }, "
                       "faults = { check, at('300ms', cut(0, 1, { lasts = '500ms' })) },"),
                 "9s", "1 SUSPECT 0 451ms, 1 RESTORE 0 801ms");
}

Test (heartbeat, a_mistake_makes_the_time_out_longer_where_it_may_grow) {
    const char *pauses = "at('300ms', pause(1, { lasts = '240ms' })), "
                         "at('1300ms', pause(1, { lasts = '240ms' })), "
                         "at('2300ms', pause(1, { lasts = '500ms' }))";
    char *plain = g_strdup_printf(BEATS("}, faults = { check, %s },"), pauses);
    char *growing = g_strdup_printf(BEATS(", grow = '100ms' }, faults = { check, %s },"), pauses);
    expect_heard(plain, "9s",
                 "0 SUSPECT 1 451ms, 0 RESTORE 1 541ms, 0 SUSPECT 1 1.491s, 0 RESTORE 1 1.541s, "
                 "0 SUSPECT 1 2.491s, 0 RESTORE 1 2.801s");
    expect_heard(growing, "9s",
                 "0 SUSPECT 1 451ms, 0 RESTORE 1 541ms, 0 SUSPECT 1 2.591s, 0 RESTORE 1 2.801s");
    g_free(plain);
    g_free(growing);
}

Test (heartbeat, counts_the_time_out_by_its_own_clock) {
    expect_heard(BEATS("}, clocks = { drift = '-50%' }, "
                       "faults = { check, at('300ms', crash(1)) },"),
                 "9s", "0 SUSPECT 1 601ms"); /* last heard at 201 ms; 400 ms are 200 to it */
}

Test (heartbeat, only_neighbours_are_watched) {
    expect_heard("return scenario { nodes = 5, run = failure_detector.heartbeat {}, "
                 "topology = ring(), faults = { check, at('310ms', crash(2)) }, "
                 "duration = '10s' }",
                 "9s", "1 SUSPECT 2 501ms, 3 SUSPECT 2 501ms");
}

Test (heartbeat, costs_a_message_for_each_interval_and_directed_link) {
    for (int nodes = 1; nodes <= 6; nodes++) {
        char *text =
            g_strdup_printf("return scenario { nodes = %d, run = failure_detector.heartbeat { "
                            "interval = '50ms' }, duration = '999ms' }",
                            nodes);
        outcome o = perform(text, 1, NULL);
        cr_expect_eq(metrics_sent(o.result->metrics), (uint64_t)(20 * nodes * (nodes - 1)));
        outcome_clear(&o);
        g_free(text);
    }
}
