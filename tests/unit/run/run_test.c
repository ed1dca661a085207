#include "stage.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const lock =
    "local n = param('nodes', 4, 'how many') return scenario { nodes = n, "
    "run = mutex.coordinator {}, links = { latency = exponential('2ms') }, "
    "workload = lock_clients { think = exponential('10ms'), hold = '3ms', entries = 20 } ";

static outcome locks(const char *more, uint64_t seed, const run_options *options)
{
    char *text = g_strconcat(lock, more, " }", NULL);
    outcome o = perform(text, seed, options);
    g_free(text);
    return o;
}

static bool same(digest_value a, digest_value b)
{
    return a.high == b.high && a.low == b.low;
}

Test (run, promises_of_the_algorithm_are_expected_to_hold_unasked) {
    outcome o = locks("", 1, NULL);
    guint of_locks = 0;
    for (const property *const *p = property_all(); *p; p++) {
        of_locks += (*p)->service == DASIM_MUTEX && (*p)->applies == NULL;
    }
    cr_assert_eq(o.result->verdicts->len, of_locks);
    cr_expect_eq(verdict_of(&o, "mutual_exclusion")->asked, ASKED_HOLDS);
    cr_expect_eq(verdict_of(&o, "every_request_granted")->asked, ASKED_HOLDS);
    cr_expect_eq(verdict_of(&o, "granted_in_order")->asked, ASKED_NOT);
    cr_expect(verdict_of(&o, "granted_in_order")->met);
    cr_expect_eq(run_exit_status(o.result), 0);
    cr_expect_eq(metrics_entries(o.result->metrics), 80);
    outcome_clear(&o);
}

Test (run, expect_overrides_a_promise) {
    outcome o = locks(", expect = { mutual_exclusion = 'fails' }", 1, NULL);
    cr_expect_eq(verdict_of(&o, "mutual_exclusion")->asked, ASKED_FAILS);
    cr_expect_not(verdict_of(&o, "mutual_exclusion")->met);
    cr_expect_eq(run_exit_status(o.result), 1, "an expected violation did not show");
    outcome_clear(&o);
}

Test (run, expect_any_takes_a_promise_back) {
    outcome o = locks(", faults = { drop('GRANT', nth(3)) }, "
                      "expect = { every_request_granted = 'any' }",
                      1, NULL);
    cr_expect_eq(verdict_of(&o, "every_request_granted")->finding.verdict, VERDICT_VIOLATED);
    cr_expect_eq(verdict_of(&o, "every_request_granted")->asked, ASKED_NOT);
    cr_expect_eq(run_exit_status(o.result), 0);
    outcome_clear(&o);
}

Test (run, violation_of_what_was_expected_is_1_and_expected_violation_0) {
    const char *drop = ", faults = { drop('GRANT', nth(3)) }";
    char *asked = g_strconcat(drop, ", expect = { every_request_granted = 'fails' }", NULL);
    outcome o = locks(drop, 1, NULL);
    cr_expect_eq(verdict_of(&o, "every_request_granted")->finding.verdict, VERDICT_VIOLATED);
    cr_expect(o.result->settled);
    cr_expect_eq(run_exit_status(o.result), 1);
    outcome_clear(&o);
    o = locks(asked, 1, NULL);
    cr_expect_eq(run_exit_status(o.result), 0);
    outcome_clear(&o);
    g_free(asked);
}

Test (run, too_many_events_are_inconclusive) {
    outcome o = locks(", events = 50", 1, NULL);
    cr_expect_eq(o.result->status, RUN_LIMIT);
    cr_expect_eq(o.result->events, 50);
    cr_expect_eq(run_exit_status(o.result), 3);
    cr_expect_not_null(strstr(o.result->explanation, "50 events"));
    outcome_clear(&o);
}

Test (run, ends_at_its_duration_and_serves_who_waits) {
    outcome o = perform("return scenario { nodes = 5, run = mutex.ricart_agrawala {}, "
                        "links = { latency = '1ms' }, duration = '1s', workload = lock_clients { "
                        "think = 0, hold = '10ms', entries = 0 } }",
                        1, NULL);
    cr_expect(o.result->settled);
    cr_expect_gt(o.result->ended_at, INT64_C(1000000000));
    cr_expect_lt(o.result->ended_at, INT64_C(1100000000));
    cr_expect_eq(metrics_entries(o.result->metrics), metrics_requests(o.result->metrics));
    cr_expect_eq(run_exit_status(o.result), 0);
    outcome_clear(&o);
}

Test (run, waits_for_faults_that_are_certain_to_come) {
    outcome o = locks(", faults = { at('100s', pause(1, { lasts = '1s' })) }", 1, NULL);
    cr_expect_geq(o.result->ended_at, INT64_C(100000000000));
    cr_expect_geq(o.result->faults, 1);
    outcome_clear(&o);
}

Test (run, digest_depends_on_seed_and_on_nothing_else) {
    run_options bare, moved;
    run_options_init(&bare);
    bare.observers = false;
    outcome first = locks("", 1, NULL), again = locks("", 1, NULL), other = locks("", 2, NULL),
            unseen = locks("", 1, &bare);
    cr_expect(same(first.result->digest, again.result->digest));
    cr_expect(same(first.result->digest, unseen.result->digest));
    cr_expect_not(same(first.result->digest, other.result->digest));
    run_options_init(&moved);
    for (uint64_t after = 1; after < first.result->events; after += 37) {
        moved.restore_after = after;
        outcome saved = locks("", 1, &moved);
        cr_expect(same(first.result->digest, saved.result->digest), "after %d events", (int)after);
        outcome_clear(&saved);
    }
    outcome_clear(&first);
    outcome_clear(&again);
    outcome_clear(&other);
    outcome_clear(&unseen);
}

Test (run, faults_and_callbacks_survive_a_move_to_another_world) {
    const char *fit =
        "return scenario { nodes = 5, run = mutex.ricart_agrawala {}, "
        "workload = lock_clients { think = exponential('10ms'), hold = '3ms', entries = 20 }, "
        "faults = { every('50ms', crash(random_node(), { lasts = '20ms' })), "
        "when('REPLY', nth(5), pause(receiver(), { lasts = '30ms' })), "
        "duplicate('REPLY', nth(7)) }, "
        "expect = { mutual_exclusion = 'fails', every_request_granted = 'fails' }, "
        "links = { latency = uniform('1ms', '4ms'), loss = '2%', fifo = true }, "
        "clocks = { drift = uniform('-50ppm', '50ppm') }, duration = '2s', settle = '1s' }";
    outcome plain = perform(fit, 3, NULL);
    run_options moved;
    run_options_init(&moved);
    for (uint64_t after = 5; after < plain.result->events; after += 101) {
        moved.restore_after = after;
        outcome saved = perform(fit, 3, &moved);
        cr_expect(same(plain.result->digest, saved.result->digest), "after %d events", (int)after);
        outcome_clear(&saved);
    }
    outcome_clear(&plain);
}

/* A lock without tokens has none that could be doubled: nobody may take that for success. */
Test (run, what_is_asked_for_and_cannot_be_judged_is_inconclusive) {
    static const char *const asked[] = {"holds", "fails", "any"};
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        char *text = g_strdup_printf("return scenario { nodes = 2, run = mutex.coordinator {}, "
                                     "workload = lock_clients { entries = 1 }, "
                                     "expect = { single_token = '%s' } }",
                                     asked[i]);
        outcome o = perform(text, 1, NULL);
        bool is_told = i < 2;
        guint told = 0;
        for (guint k = 0; k < o.result->verdicts->len; k++) {
            const run_verdict *v = &g_array_index(o.result->verdicts, run_verdict, k);
            told += g_str_equal(v->property->name, "single_token") &&
                    v->finding.verdict == VERDICT_INCONCLUSIVE && !v->met;
        }
        cr_expect_eq(told, is_told, "%s", asked[i]);
        cr_expect_eq(run_exit_status(o.result), is_told ? 3 : 0, "%s", asked[i]);
        outcome_clear(&o);
        g_free(text);
    }
}

Test (run, failing_function_of_the_scenario_ends_the_run) {
    outcome o = perform("on('GRANT', function(e) error('stop here') end) "
                        "return scenario { nodes = 2, run = mutex.coordinator {}, "
                        "workload = lock_clients { think = '1ms', hold = '1ms', entries = 1 } }",
                        1, NULL);
    cr_expect_eq(o.result->status, RUN_CALLBACK);
    cr_expect_eq(run_exit_status(o.result), 2);
    cr_expect_not_null(strstr(o.result->explanation, "stop here"), "%s", o.result->explanation);
    outcome_clear(&o);
}

Test (run, interrupted_run_keeps_what_was_found) {
    volatile sig_atomic_t stop = 1;
    run_options options;
    run_options_init(&options);
    options.interrupted = &stop;
    outcome o = locks("", 1, &options);
    cr_expect_eq(o.result->status, RUN_INTERRUPTED);
    cr_expect_eq(run_exit_status(o.result), 3);
    outcome_clear(&o);
}
