/* The second phase where the stack provides an election. */
#include "stage.h"

#include <criterion/criterion.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

#define BULLY(rest)                                                                                \
    "return scenario { nodes = 4, run = election.bully { timeout = '50ms' }, "                     \
    "links = { latency = '10ms' }, " rest " }"

#define WATCHED(rest)                                                                              \
    "return scenario { nodes = 4, run = election.bully { timeout = '50ms', "                       \
    "failure_detector = failure_detector.heartbeat {} }, links = { latency = '10ms' }, " rest " }"

static verdict agreement_in(const outcome *o)
{
    return verdict_of(o, "agreement_on_leader")->finding.verdict;
}

Test (settle, an_election_that_is_under_way_at_the_end_is_given_time) {
    outcome o = perform(BULLY("duration = '1s', faults = { at('900ms', crash(3)), "
                              "at('999ms', elect(0)) }"),
                        1, NULL);
    cr_expect(o.result->settled);
    cr_expect_eq(agreement_in(&o), VERDICT_HOLDS);
    cr_expect_eq(o.result->ended_at, SECOND + 69 * 1000000, "and ends when it is over");
    cr_expect_eq(run_exit_status(o.result), 0);
    outcome_clear(&o);
}

Test (settle, faults_end_and_the_network_heals) {
    outcome o = perform(WATCHED("duration = '2s', faults = { at('1s', partition({ 0, 1, 2 }, "
                                "{ 3 })), every('700ms', crash(0, { lasts = '1ms' })) }, "
                                "expect = { agreement_on_leader = 'fails' }"),
                        1, NULL);
    cr_expect_eq(agreement_in(&o), VERDICT_VIOLATED, "nobody tells the others of node 3");
    cr_expect_eq(o.result->faults, 3, "%d", (int)o.result->faults);
    cr_expect_eq(o.result->ended_at, 12 * SECOND);
    outcome_clear(&o);
}

Test (settle, heartbeats_do_not_make_it_longer_than_ten_seconds_or_the_duration) {
    static const struct {
        const char *rest;
        int64_t end;
    } cases[] = {{"duration = '1s'", 11},
                 {"duration = '30s'", 60},
                 {"duration = '1s', settle = '2s'", 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strdup_printf(WATCHED("%s"), cases[i].rest);
        outcome o = perform(text, 1, NULL);
        cr_expect_eq(o.result->ended_at, cases[i].end * SECOND, "%s", cases[i].rest);
        cr_expect_eq(run_exit_status(o.result), 0);
        outcome_clear(&o);
        g_free(text);
    }
}

Test (settle, a_run_in_which_nothing_happens_ends_at_once) {
    outcome o = perform(BULLY("duration = '1h'"), 1, NULL);
    cr_expect_eq(o.result->ended_at, 0);
    cr_expect_eq(agreement_in(&o), VERDICT_HOLDS);
    outcome_clear(&o);
}

Test (settle, observers_do_not_change_when_it_ends) {
    static const char *const texts[] =
        {BULLY("duration = '1s', faults = { at('900ms', crash(3)), at('999ms', elect(0)) }"),
         WATCHED("duration = '2s', faults = { at('1s', crash(3)) }")};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        run_options bare;
        run_options_init(&bare);
        bare.observers = false;
        outcome seen = perform(texts[i], 1, NULL), unseen = perform(texts[i], 1, &bare);
        cr_expect_eq(seen.result->ended_at, unseen.result->ended_at);
        cr_expect(memcmp(&seen.result->digest, &unseen.result->digest, sizeof(digest_value)) == 0);
        outcome_clear(&seen);
        outcome_clear(&unseen);
    }
}

Test (settle, without_an_election_nothing_is_changed) {
    outcome o = perform("return scenario { nodes = 3, run = failure_detector.heartbeat {}, "
                        "duration = '1s' }",
                        1, NULL);
    cr_expect_not(o.result->settled);
    cr_expect_eq(o.result->ended_at, SECOND);
    outcome_clear(&o);
}
