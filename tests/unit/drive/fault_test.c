#include "faulty.h"

#include <stdlib.h>

/* ------------------------------------------------------------------------------------- triggers */

Test (fault, a_timed_fault_happens_once_at_its_time) {
    world_config c = ticking(3);
    fault list[] = {once(25 * ms, to(ACTION_CRASH, node(1))), once(0, to(ACTION_PAUSE, node(2)))};
    world *w = stage(&c, list, 2);
    cr_expect_eq(faults_last(its), 25 * ms);
    run_until(w, 200 * ms);
    cr_expect_eq(seen_count(RECORD_CRASH, NOBODY), 1);
    cr_expect_eq(first_time(RECORD_CRASH, 1), 25 * ms);
    cr_expect_eq(first_time(RECORD_PAUSE, 2), 0);
    cr_expect_eq(faults_done(its, w), 2);
    leave(w);
}

Test (fault, a_repeated_fault_comes_from_its_first_time_until_its_last) {
    static const struct {
        int64_t at, until;
        uint64_t times;
        bool draw_first;
        size_t count;
        int64_t first, last;
    } cases[] = {
        {50, -1, UINT64_MAX, false, 26, 50, 300},
        {50, -1, UINT64_MAX, true, 25, 60, 300},
        {50, 100, UINT64_MAX, false, 6, 50, 100},
        {50, 99, UINT64_MAX, false, 5, 50, 90},
        {50, -1, 3, false, 3, 50, 70},
        {50, -1, 3, true, 3, 60, 80},
        {0, -1, 1, false, 1, 0, 0},
        {50, 59, 5, true, 0, -1, -1},
        {50, -1, 0, false, 0, -1, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world_config c = plain(2);
        fault f = every(fixed(10 * ms), to(ACTION_STEP, node(0)));
        f.action.amount = 1;
        f.at = cases[i].at * ms;
        f.until = cases[i].until < 0 ? INT64_MAX : cases[i].until * ms;
        f.times = cases[i].times;
        f.draw_first = cases[i].draw_first;
        forget();
        world *w = stage(&c, &f, 1);
        int64_t last = faults_last(its);
        bool endless = cases[i].until < 0 && cases[i].times > 3;
        int64_t bound = cases[i].times > 5 ? cases[i].until * ms : cases[i].last * ms;
        cr_expect_eq(last, endless || cases[i].count == 0 ? -1 : bound, "case %zu: %ld", i,
                     (long)last);
        run_until(w, 300 * ms);
        size_t count = seen_count(RECORD_CLOCK, 0);
        cr_expect_eq(count, cases[i].count, "case %zu: %zu", i, count);
        if (count > 0 && count == cases[i].count) {
            cr_expect_eq(seen_nth(RECORD_CLOCK, 0, 0)->r.at, cases[i].first * ms, "case %zu", i);
            cr_expect_eq(seen_nth(RECORD_CLOCK, 0, count - 1)->r.at, cases[i].last * ms, "case %zu",
                         i);
        }
        leave(w);
    }
}

Test (fault, the_last_of_a_number_of_random_times_is_known_before) {
    world_config c = plain(2);
    fault f = every((distribution){DISTRIBUTION_EXPONENTIAL, 10 * ms, 0, 1, INT64_MAX, NULL},
                    to(ACTION_STEP, node(0)));
    f.action.amount = 1;
    f.times = 200;
    f.draw_first = true;
    world *w = stage(&c, &f, 1);
    int64_t expected = faults_last(its);
    run_all(w);
    cr_expect_eq(seen_count(RECORD_CLOCK, 0), 200);
    cr_expect_eq(seen_nth(RECORD_CLOCK, 0, 199)->r.at, expected);
    cr_expect(expected > second && expected < 3 * second, "200 times 10 ms: %ld", (long)expected);
    leave(w);
}

Test (fault, a_period_of_nothing_still_lets_time_advance) {
    world_config c = plain(1);
    fault f = every(fixed(0), to(ACTION_STEP, node(0)));
    f.action.amount = 1;
    f.until = 20;
    world *w = stage(&c, &f, 1);
    cr_expect_eq(run_all(w), WORLD_IDLE);
    cr_expect_eq(seen_count(RECORD_CLOCK, 0), 21);
    leave(w);
}

Test (fault, an_event_aimed_fault_happens_at_the_nth_match_and_the_following) {
    static const uint64_t nth[][2] = {{1, 1}, {3, 1}, {2, 3}, {1, UINT64_MAX}, {5, 2}};
    for (size_t i = 0; i < 5; i++) {
        world_config c = ticking(3);
        fault f = when(on(RECORD_RECEIVE, "NUMBER", nth[i][0], nth[i][1]),
                       to(ACTION_STEP, some(TARGET_RECEIVER)));
        f.action.amount = 1;
        f.event.to = node(1);
        forget();
        world *w = stage(&c, &f, 1);
        cr_expect_eq(faults_last(its), -1);
        run_until(w, 105 * ms); /* ten messages reach node 1, at 11, 21, ... */
        uint64_t count = nth[i][1] < 10 ? nth[i][1] : 10;
        cr_expect_eq(seen_count(RECORD_CLOCK, NOBODY), count, "case %zu", i);
        cr_expect_eq(first_time(RECORD_CLOCK, 1), ((int64_t)nth[i][0] * 10 + 1) * ms, "case %zu",
                     i);
        leave(w);
    }
}

Test (fault, patterns_tell_kinds_names_and_nodes_apart) {
    static const struct {
        record_kind kind;
        const char *type;
        int from, to;
        int64_t first;
    } cases[] = {
        {RECORD_SEND, "NUMBER", -1, -1, 10}, {RECORD_SEND, "OTHER", -1, -1, -1},
        {RECORD_SEND, NULL, 1, -1, 10},      {RECORD_SEND, NULL, 1, 0, -1},
        {RECORD_SEND, NULL, 1, 2, 10},       {RECORD_RECEIVE, NULL, 1, 2, 11},
        {RECORD_RECEIVE, NULL, 2, 1, -1},    {RECORD_TIMER, "first", 2, -1, 10},
        {RECORD_TIMER, "second", 2, -1, -1}, {RECORD_PAUSE, NULL, 0, -1, 42},
        {RECORD_PAUSE, NULL, 1, -1, -1},     {RECORD_BOOT, NULL, 1, -1, 0},
        {RECORD_LINKS, NULL, -1, -1, 60},    {RECORD_LOST, "NUMBER", 0, 1, 60},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world_config c = ticking(3);
        fault list[] = {when(on(cases[i].kind, cases[i].type, 1, 1), to(ACTION_STEP, node(0))),
                        once(42 * ms, lasting(ACTION_PAUSE, node(0), 3 * ms)),
                        once(60 * ms, to(ACTION_CUT, node(0)))};
        list[0].action.amount = 1;
        list[2].action.whom = node(1);
        list[0].event.from = cases[i].from < 0 ? some(TARGET_ANY) : node((uint32_t)cases[i].from);
        list[0].event.to = cases[i].to < 0 ? some(TARGET_ANY) : node((uint32_t)cases[i].to);
        forget();
        world *w = stage(&c, list, 3);
        run_until(w, 200 * ms);
        int64_t expected = cases[i].first < 0 ? -1 : cases[i].first * ms;
        cr_expect_eq(first_time(RECORD_CLOCK, 0), expected, "case %zu: %ld", i,
                     (long)first_time(RECORD_CLOCK, 0));
        leave(w);
    }
}

Test (fault, names_are_asked_for_once_for_each_type) {
    world_config c = ticking(3);
    fault f = when(on(RECORD_SEND, "NUMBER", 1000000, 1), to(ACTION_HEAL, node(0)));
    world *w = stage(&c, &f, 1);
    run_until(w, second);
    cr_expect_gt(seen_count(RECORD_SEND, NOBODY), 200);
    cr_expect_eq(names_asked, 1);
    leave(w);
}

Test (fault, a_fault_that_answers_itself_for_ever_comes_to_an_end) {
    keep_records = false;
    world_config c = plain(2);
    fault list[] = {when(on(RECORD_PAUSE, NULL, 1, UINT64_MAX), to(ACTION_RESUME, node(0))),
                    when(on(RECORD_RESUME, NULL, 1, UINT64_MAX), to(ACTION_PAUSE, node(0))),
                    once(ms, to(ACTION_PAUSE, node(0)))};
    world *w = stage(&c, list, 3);
    cr_expect_eq(run_until(w, second), WORLD_IDLE);
    leave(w);
}

/* ----------------------------------------------------------------------------------------- stop */

Test (fault, once_stopped_nothing_happens_and_who_is_down_stays_down) {
    world_config c = ticking(4);
    message_rule rule = {.event = on(RECORD_SEND, NULL, 1, UINT64_MAX), .what = {.drop = true}};
    fault list[] = {once(10 * ms, lasting(ACTION_CRASH, node(1), 50 * ms)),
                    once(10 * ms, lasting(ACTION_PAUSE, node(2), 50 * ms)),
                    once(10 * ms, lasting(ACTION_PARTITION, node(2), 50 * ms)),
                    once(80 * ms, to(ACTION_CRASH, node(0))),
                    every(fixed(10 * ms), to(ACTION_STEP, node(0))),
                    when(on(RECORD_RESUME, NULL, 1, UINT64_MAX), to(ACTION_PAUSE, node(2)))};
    list[4].action.amount = 1;
    world *w = stage_rules(&c, list, 6, &rule, 1);
    run_until(w, 35 * ms);
    cr_expect_eq(seen_count(RECORD_CLOCK, 0), 4);
    cr_expect_eq(seen_count(RECORD_RECEIVE, NOBODY), 0);
    faults_stop(its, w);
    cr_expect_eq(faults_last(its), -1);
    cr_expect_not(world_is_paused(w, 2));
    cr_expect(world_is_reachable(w, 0, 1) && world_is_reachable(w, 1, 2));
    faults_act(its, w, &list[3].action);
    run_until(w, 300 * ms);
    cr_expect_not(world_is_up(w, 1));
    cr_expect(world_is_up(w, 0));
    cr_expect_not(world_is_paused(w, 2));
    cr_expect_eq(seen_count(RECORD_CLOCK, 0), 4);
    cr_expect_gt(seen_count(RECORD_RECEIVE, NOBODY), 20);
    leave(w);
}

/* ---------------------------------------------------------------------------------------- rules */

Test (fault, a_rule_drops_delays_or_duplicates_the_nth_and_the_following) {
    static const interception cases[] = {{.drop = true},
                                         {.delay = 3000000},
                                         {.duplicate = true},
                                         {.delay = 3000000, .duplicate = true}};
    for (size_t i = 0; i < 4; i++) {
        world_config c = ticking(2);
        message_rule rule = {.event = on(RECORD_SEND, "NUMBER", 3, 2), .what = cases[i]};
        rule.event.from = node(0);
        forget();
        world *w = stage_rules(&c, NULL, 0, &rule, 1);
        run_until(w, 75 * ms); /* seven messages each */
        cr_expect_eq(seen_count(RECORD_RECEIVE, 0), 7, "the other direction is left alone");
        cr_expect_eq(seen_count(RECORD_LOST, NOBODY), cases[i].drop ? 2 : 0);
        size_t copies = cases[i].duplicate ? 2 : cases[i].drop ? -2 : 0;
        cr_expect_eq(seen_count(RECORD_RECEIVE, 1), 7 + copies, "case %zu", i);
        if (cases[i].drop) {
            cr_expect_eq(seen_nth(RECORD_LOST, 0, 0)->r.reason, REASON_DROPPED);
            cr_expect_eq(seen_nth(RECORD_LOST, 0, 1)->r.at, 40 * ms);
        } else if (!cases[i].duplicate) {
            static const int64_t times[] = {11, 21, 34, 44, 51, 61, 71};
            for (size_t k = 0; k < 7; k++) {
                cr_expect_eq(seen_nth(RECORD_RECEIVE, 1, k)->r.at, times[k] * ms);
            }
        }
        leave(w);
    }
}

Test (fault, several_rules_add_up) {
    world_config c = ticking(2);
    message_rule rules[] = {{.event = on(RECORD_SEND, NULL, 1, 1), .what = {.delay = 2 * 1000000}},
                            {.event = on(RECORD_SEND, "NUMBER", 1, 1), .what = {.delay = 1000000}}};
    world *w = stage_rules(&c, NULL, 0, rules, 2);
    run_until(w, 19 * ms);
    cr_expect_eq(seen_nth(RECORD_RECEIVE, 1, 0)->r.at, 14 * ms);
    leave(w);
}

/* ----------------------------------------------------------------------------- save and restore */

static digest_value rest_of(world *w)
{
    forget();
    run_until(w, 3 * second);
    return seen_digest();
}

Test (fault, a_restored_world_goes_on_as_the_saved_one_did) {
    distribution soon = {DISTRIBUTION_EXPONENTIAL, 50 * ms, 0, 1, INT64_MAX, NULL};
    world_config c = ticking(6);
    message_rule rule = {.event = on(RECORD_SEND, "NUMBER", 100, 200), .what = {.delay = 12345}};
    fault list[] = {every(soon, lasting(ACTION_CRASH, some(TARGET_RANDOM), 40 * ms)),
                    every(soon, lasting(ACTION_PAUSE, some(TARGET_RANDOM), 30 * ms)),
                    every(soon, lasting(ACTION_CUT, some(TARGET_RANDOM), 30 * ms)),
                    every(soon, lasting(ACTION_PARTITION, some(TARGET_RANDOM), 20 * ms)),
                    when(on(RECORD_RECEIVE, "NUMBER", 20, 500), to(ACTION_STEP, some(TARGET_SELF))),
                    every(soon, to(ACTION_RECOVER, some(TARGET_LAST)))};
    list[2].action.whom = some(TARGET_RANDOM);
    list[4].action.amount = 1000;
    world *w = stage_rules(&c, list, 6, &rule, 1);
    faults *first = its;
    run_until(w, 700 * ms);
    size_t size = world_image_size(w);
    void *image = malloc(size);
    world_save(w, image);
    digest_value expected = rest_of(w);
    world *other = stage_rules(&c, list, 6, &rule, 1);
    run_until(other, 123 * ms);
    world_restore(other, image, size);
    same_digest(rest_of(other), expected);
    cr_expect_gt(seen_count(RECORD_CRASH, NOBODY), 15);
    cr_expect_gt(seen_count(RECORD_CLOCK, NOBODY), 300);
    cr_expect_eq(faults_done(its, other), faults_done(first, w));
    same_digest(world_hash(other), world_hash(w));
    free(image);
    faults_free(first);
    world_free(w);
    leave(other);
}

Test (fault, a_fault_more_does_not_change_the_luck_of_the_others) {
    int64_t times[2][20];
    for (uint32_t more = 0; more < 2; more++) {
        world_config c = plain(6);
        fault list[] = {every(uniform(ms, 9 * ms), to(ACTION_STEP, some(TARGET_RANDOM))),
                        every(uniform(ms, 9 * ms), to(ACTION_SLOW, some(TARGET_RANDOM)))};
        list[0].action.amount = list[1].action.amount = 1;
        forget();
        world *w = stage(&c, list, 1 + more);
        run_until(w, 300 * ms);
        for (size_t k = 0; k < 20; k++) {
            const record *r = &seen_nth(RECORD_CLOCK, NOBODY, k)->r;
            times[more][k] = r->at * 8 + r->node;
        }
        leave(w);
    }
    cr_expect_arr_eq(times[0], times[1], sizeof times[0]);
}

Test (fault, every_action_has_a_name_of_its_own) {
    for (int i = 0; i < ACTION_KINDS; i++) {
        cr_expect_str_neq(action_name(i), "?");
        for (int k = 0; k < i; k++) {
            cr_expect_str_neq(action_name(i), action_name(k));
        }
    }
    cr_expect_str_eq(action_name(ACTION_KINDS), "?");
}
