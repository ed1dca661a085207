#include "faulty.h"

#include <string.h>

/* -------------------------------------------------------------------------------------- targets */

static void lead(dasim_node *self, bool recovering)
{
    (void)recovering;
    state_of(self)->value[0] = self->id >= 2;
    state_of(self)->value[1] = self->id == 4;
}

Test (fault, a_role_is_looked_up_when_the_fault_happens) {
    world_config c = ticking(5);
    part[0].on_boot = lead;
    fault list[] = {once(1 * ms, to(ACTION_CRASH, (target){TARGET_ROLE, 0, "leader"})),
                    once(2 * ms, to(ACTION_CRASH, (target){TARGET_ROLE, 0, "leader"})),
                    once(3 * ms, to(ACTION_CRASH, (target){TARGET_ROLE, 1, "leader"})),
                    once(4 * ms, to(ACTION_CRASH, (target){TARGET_ROLE, 0, "leader"}))};
    world *w = stage(&c, list, 4);
    run_all(w);
    for (uint32_t i = 2; i < 5; i++) {
        cr_expect_eq(first_time(RECORD_CRASH, i), (i - 1) * ms, "node %u", i);
    }
    cr_expect_eq(seen_count(RECORD_CRASH, NOBODY), 3);
    cr_expect_eq(faults_done(its, w), 3, "where nobody leads nothing is done");
    leave(w);
}

Test (fault, random_targets_are_live_and_uniform) {
    world_config c = plain(5);
    fault list[] = {once(0, to(ACTION_CRASH, node(3))),
                    every(fixed(ms), to(ACTION_STEP, some(TARGET_RANDOM)))};
    list[1].action.amount = 1;
    list[1].at = ms;
    list[1].times = 1000;
    world *w = stage(&c, list, 2);
    run_all(w);
    cr_expect_eq(seen_count(RECORD_CLOCK, NOBODY), 1000);
    for (uint32_t i = 0; i < 5; i++) { /* 250 expected, 14 the standard deviation */
        size_t count = seen_count(RECORD_CLOCK, i);
        cr_expect(i == 3 ? count == 0 : count > 180 && count < 320, "node %u: %zu", i, count);
    }
    leave(w);
}

Test (fault, who_recovers_by_chance_is_one_of_those_that_are_down) {
    world_config c = plain(6);
    fault list[] = {once(0, to(ACTION_CRASH, node(2))), once(0, to(ACTION_CRASH, node(5))),
                    every(fixed(ms), to(ACTION_RECOVER, some(TARGET_RANDOM)))};
    list[2].at = ms;
    list[2].times = 4;
    world *w = stage(&c, list, 3);
    run_all(w);
    cr_expect(world_is_up(w, 2) && world_is_up(w, 5));
    cr_expect_leq(world_now(w), 4 * ms);
    cr_expect_eq(faults_done(its, w), 4);
    leave(w);
}

Test (fault, partners_of_the_event_are_hit) {
    static const struct {
        record_kind kind;
        target_kind who;
        uint32_t hit;
    } cases[] = {
        {RECORD_SEND, TARGET_SENDER, 1},      {RECORD_SEND, TARGET_RECEIVER, 2},
        {RECORD_SEND, TARGET_SELF, 1},        {RECORD_RECEIVE, TARGET_SENDER, 1},
        {RECORD_RECEIVE, TARGET_RECEIVER, 2}, {RECORD_RECEIVE, TARGET_SELF, 2},
    };
    for (size_t i = 0; i < 6; i++) {
        world_config c = ticking(4);
        fault f = when(on(cases[i].kind, "NUMBER", 1, 1), to(ACTION_CRASH, some(cases[i].who)));
        f.event.from = node(1);
        forget();
        world *w = stage(&c, &f, 1);
        run_until(w, 100 * ms);
        cr_expect_eq(seen_count(RECORD_CRASH, NOBODY), 1);
        cr_expect_eq(seen_nth(RECORD_CRASH, NOBODY, 0)->r.node, cases[i].hit, "case %zu", i);
        leave(w);
    }
}

Test (fault, every_match_in_one_event_keeps_its_own_partners) {
    world_config c = ticking(4);
    fault list[] = {
        when(on(RECORD_SEND, NULL, 1, UINT64_MAX), to(ACTION_PAUSE, some(TARGET_RECEIVER)))};
    world *w = stage(&c, list, 1);
    ask(w, 1, DASIM_ACQUIRE, 7); /* to 0, 2 and 3 */
    run_until(w, ms / 2);
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_eq(world_is_paused(w, i), i != 1, "node %u", i);
    }
    leave(w);
}

Test (fault, last_is_whom_the_previous_fault_hit) {
    world_config c = plain(9);
    fault list[] = {once(1 * ms, to(ACTION_RECOVER, some(TARGET_LAST))), /* nobody yet */
                    once(2 * ms, to(ACTION_CRASH, some(TARGET_RANDOM))),
                    once(3 * ms, to(ACTION_HEAL, node(0))), /* hits nobody */
                    once(4 * ms, to(ACTION_RECOVER, some(TARGET_LAST)))};
    world *w = stage(&c, list, 4);
    run_all(w);
    uint32_t hit = seen_nth(RECORD_CRASH, NOBODY, 0)->r.node;
    cr_expect_eq(seen_nth(RECORD_BOOT, hit, 1)->r.at, 4 * ms);
    cr_expect_eq(faults_done(its, w), 2);
    leave(w);
}

/* -------------------------------------------------------------------------------------- actions */

Test (fault, each_action_does_what_its_name_says) {
    static const uint16_t groups[] = {0, 1, 0};
    action list[ACTION_KINDS];
    for (int k = 0; k < ACTION_KINDS; k++) {
        list[k] = to(k, node(1));
        list[k].whom = node(2);
        list[k].amount = 5;
        list[k].function = 17;
        list[k].groups = groups;
        list[k].quality_mask = QUALITY_LOSS;
        list[k].quality.loss = 12345;
    }
    world_config c = plain(3);
    part[0].provides = DASIM_ELECTION;
    world *w = stage(&c, NULL, 0);
    faults_act(its, w, &list[ACTION_PAUSE]);
    cr_expect(world_is_paused(w, 1));
    faults_act(its, w, &list[ACTION_RESUME]);
    cr_expect_not(world_is_paused(w, 1));
    faults_act(its, w, &list[ACTION_CRASH]);
    cr_expect_not(world_is_up(w, 1));
    faults_act(its, w, &list[ACTION_CRASH]); /* changes nothing */
    faults_act(its, w, &list[ACTION_RECOVER]);
    cr_expect(world_is_up(w, 1));
    faults_act(its, w, &list[ACTION_SLOW]);
    cr_expect_eq(seen_value(seen_nth(RECORD_SLOW, 1, 0)), 5);
    faults_act(its, w, &list[ACTION_CUT]);
    cr_expect(!world_is_reachable(w, 1, 2) && world_is_reachable(w, 2, 1));
    faults_act(its, w, &list[ACTION_MEND]);
    cr_expect(world_is_reachable(w, 1, 2));
    faults_act(its, w, &list[ACTION_PARTITION]);
    cr_expect(!world_is_reachable(w, 1, 2) && world_is_reachable(w, 0, 2));
    faults_act(its, w, &list[ACTION_HEAL]);
    cr_expect(world_is_reachable(w, 1, 2));
    faults_act(its, w, &list[ACTION_QUALITY]);
    cr_expect_eq(world_quality(w, 1, 2)->loss, 12345);
    cr_expect_eq(world_quality(w, 2, 1)->loss, 0);
    faults_act(its, w, &list[ACTION_STEP]);
    cr_expect_eq(world_local_time(w, 1), 5);
    faults_act(its, w, &list[ACTION_DRIFT]);
    cr_expect_eq(seen_count(RECORD_CLOCK, 1), 2);
    faults_act(its, w, &list[ACTION_CALL]);
    cr_expect(calls == 1 && called == 17);
    faults_act(its, w, &list[ACTION_ELECT]);
    run_until(w, ms);
    cr_expect_eq(count_of(RECORD_REQUEST, 1, DASIM_ELECT), 1);
    cr_expect_eq(faults_done(its, w), 13,
                 "all but the crash of a node that was down and the election");
    leave(w);
}

Test (fault, an_election_is_asked_of_live_nodes_and_waits_for_paused_ones) {
    world_config c = plain(4);
    fault list[] = {once(0, to(ACTION_CRASH, node(1))),
                    once(0, lasting(ACTION_PAUSE, node(2), 5 * ms)),
                    once(0, lasting(ACTION_PAUSE, node(3), 5 * ms)),
                    once(1 * ms, to(ACTION_ELECT, some(TARGET_ANY))),
                    once(2 * ms, to(ACTION_CRASH, node(3)))};
    static const int64_t expected[] = {1, -1, 5, -1};
    part[0].provides = DASIM_ELECTION;
    world *w = stage(&c, list, 5);
    run_all(w);
    for (uint32_t i = 0; i < 4; i++) {
        int64_t at = time_of(RECORD_REQUEST, i, DASIM_ELECT, 0);
        cr_expect_eq(at, expected[i] < 0 ? -1 : expected[i] * ms, "node %u", i);
    }
    leave(w);
}

Test (fault, a_called_function_can_act) {
    call_acts = true;
    world_config c = plain(3);
    fault f = once(5 * ms, to(ACTION_CALL, node(0)));
    world *w = stage(&c, &f, 1);
    run_all(w);
    cr_expect_eq(first_time(RECORD_CRASH, 2), 5 * ms);
    cr_expect_eq(faults_done(its, w), 2, "the call and the crash");
    leave(w);
}

Test (fault, all_nodes_and_all_links_can_be_meant) {
    world_config c = plain(3);
    world *w = stage(&c, NULL, 0);
    action step = to(ACTION_STEP, some(TARGET_ANY));
    step.amount = -3;
    faults_act(its, w, &step);
    for (uint32_t i = 0; i < 3; i++) {
        cr_expect_eq(world_local_time(w, i), -3);
    }
    action isolate = to(ACTION_CUT, node(1));
    isolate.whom = some(TARGET_ANY);
    isolate.both = true;
    faults_act(its, w, &isolate);
    cr_expect(!world_is_reachable(w, 1, 0) && !world_is_reachable(w, 2, 1) &&
              world_is_reachable(w, 0, 2));
    isolate.kind = ACTION_MEND;
    faults_act(its, w, &isolate);
    cr_expect(world_is_reachable(w, 1, 0) && world_is_reachable(w, 2, 1));
    leave(w);
}

Test (fault, both_ends_of_a_random_cut_differ) {
    world_config c = plain(3);
    fault f = every(fixed(ms), to(ACTION_CUT, some(TARGET_RANDOM)));
    f.action.whom = some(TARGET_RANDOM);
    f.times = 300;
    world *w = stage(&c, &f, 1);
    run_all(w);
    cr_expect_eq(seen_count(RECORD_LINKS, NOBODY), 6, "each of the six links once");
    for (size_t i = 0; i < 6; i++) {
        const record *r = &seen_nth(RECORD_LINKS, NOBODY, i)->r;
        cr_expect_neq(r->node, r->peer);
    }
    leave(w);
}

Test (fault, a_random_partition_is_drawn_anew_each_time) {
    world_config c = plain(16);
    fault f = every(fixed(10 * ms), to(ACTION_PARTITION, node(0)));
    f.times = 40;
    world *w = stage(&c, &f, 1);
    run_all(w);
    size_t ones = 0, changes = 0;
    for (size_t i = 0; i < 40; i++) {
        const uint16_t *now =
            (const uint16_t *)(const void *)seen_nth(RECORD_LINKS, NOBODY, i)->kept;
        for (uint32_t k = 0; k < 16; k++) {
            cr_assert_leq(now[k], 1);
            ones += now[k];
        }
        changes += i > 0 && memcmp(now, seen_nth(RECORD_LINKS, NOBODY, i - 1)->kept, 32) != 0;
    }
    cr_expect(ones > 260 && ones < 380, "320 expected, 13 the standard deviation: %zu", ones);
    cr_expect_gt(changes, 36);
    leave(w);
}

Test (fault, a_crash_in_a_broadcast_leaves_some_behind) {
    for (uint32_t sends = 0; sends < 4; sends++) {
        world_config c = ticking(4);
        part[0].on_boot = NULL;
        fault f = once(0, lasting(ACTION_CRASH, node(0), 20 * ms));
        f.action.in_broadcast = true;
        f.action.sends = sends;
        forget();
        world *w = stage(&c, &f, 1);
        run_until(w, 5 * ms);
        cr_expect_eq(faults_done(its, w), 1);
        cr_expect_eq(seen_count(RECORD_CRASH, 0), 0, "not before it sends");
        ask(w, 0, DASIM_ACQUIRE, 7);
        run_until(w, 100 * ms);
        cr_expect_eq(seen_count(RECORD_SEND, 0), sends < 3 ? sends : 3);
        cr_expect_eq(seen_count(RECORD_CRASH, 0), sends < 3);
        cr_expect_eq(seen_count(RECORD_BOOT, 0), sends < 3 ? 2 : 1);
        if (sends < 3) {
            cr_expect_eq(seen_nth(RECORD_BOOT, 0, 1)->r.at - first_time(RECORD_CRASH, 0), 20 * ms);
        }
        leave(w);
    }
}

Test (fault, a_crash_can_take_the_stable_storage_with_it) {
    for (int lose = 0; lose < 2; lose++) {
        world_config c = plain(1);
        world *w = stage(&c, NULL, 0);
        action a = to(ACTION_CRASH, node(0));
        a.lose_stable = lose;
        faults_act(its, w, &a);
        cr_expect_eq((int)seen_nth(RECORD_CRASH, 0, 0)->r.type, lose);
        forget();
        leave(w);
    }
}

/* ----------------------------------------------------------------------------------------- ends */

Test (fault, what_lasts_ends_for_the_very_same_nodes) {
    static const struct {
        action_kind kind;
        record_kind begins, ends;
    } cases[] = {
        {ACTION_CRASH, RECORD_CRASH, RECORD_BOOT},
        {ACTION_PAUSE, RECORD_PAUSE, RECORD_RESUME},
        {ACTION_SLOW, RECORD_SLOW, RECORD_SLOW},
        {ACTION_CUT, RECORD_LINKS, RECORD_LINKS},
    };
    for (size_t i = 0; i < 4; i++) {
        world_config c = plain(9);
        fault f = once(10 * ms, lasting(cases[i].kind, some(TARGET_RANDOM), 7 * ms));
        f.action.amount = 3;
        f.action.whom = some(TARGET_RANDOM);
        forget();
        world *w = stage(&c, &f, 1);
        cr_expect_eq(faults_last(its), 17 * ms);
        cr_expect_eq(run_until(w, 12 * ms), WORLD_LIMIT);
        const record *begun = &seen_nth(cases[i].begins, NOBODY, 0)->r;
        record copy = *begun;
        cr_expect_eq(copy.at, 10 * ms);
        run_all(w);
        size_t last = seen_count(cases[i].ends, NOBODY) - 1;
        const record *ended = &seen_nth(cases[i].ends, NOBODY, last)->r;
        cr_expect(ended->at == 17 * ms && ended->node == copy.node && ended->peer == copy.peer,
                  "%s", action_name(cases[i].kind));
        cr_expect_eq(faults_done(its, w), 1, "an end is no fault");
        leave(w);
    }
}

Test (fault, a_cut_both_ways_ends_both_ways_and_spares_what_was_cut_before) {
    world_config c = plain(3);
    fault list[] = {once(1 * ms, to(ACTION_CUT, node(2))),
                    once(2 * ms, lasting(ACTION_CUT, node(1), 5 * ms))};
    list[0].action.whom = node(1);
    list[1].action.whom = node(2);
    list[1].action.both = true;
    world *w = stage(&c, list, 2);
    run_until(w, 4 * ms);
    cr_expect(!world_is_reachable(w, 1, 2) && !world_is_reachable(w, 2, 1));
    run_all(w);
    cr_expect(world_is_reachable(w, 1, 2));
    cr_expect_not(world_is_reachable(w, 2, 1), "that was cut for good before");
    leave(w);
}

Test (fault, a_partition_that_was_replaced_does_not_end_its_successor) {
    static const uint16_t first[] = {0, 1, 1}, other[] = {0, 0, 1};
    world_config c = plain(3);
    fault list[] = {once(10 * ms, lasting(ACTION_PARTITION, node(0), 10 * ms)),
                    once(15 * ms, lasting(ACTION_PARTITION, node(0), 10 * ms))};
    list[0].action.groups = first;
    list[1].action.groups = other;
    world *w = stage(&c, list, 2);
    run_until(w, 12 * ms);
    cr_expect(!world_is_reachable(w, 0, 1) && world_is_reachable(w, 1, 2));
    run_until(w, 22 * ms);
    cr_expect(world_is_reachable(w, 0, 1) && !world_is_reachable(w, 1, 2));
    run_all(w);
    cr_expect_eq(world_now(w), 25 * ms);
    cr_expect(world_is_reachable(w, 1, 2));
    leave(w);
}

Test (act, the_end_of_a_partition_that_was_healed_spares_later_cuts) {
    static const uint16_t groups[] = {0, 1};
    world_config c = plain(2);
    fault list[] = {once(1 * ms, lasting(ACTION_PARTITION, node(0), 9 * ms)),
                    once(2 * ms, to(ACTION_HEAL, node(0))), once(3 * ms, to(ACTION_CUT, node(0)))};
    list[0].action.groups = groups;
    list[2].action.whom = node(1);
    world *w = stage(&c, list, 3);
    run_all(w);
    cr_expect_not(world_is_reachable(w, 0, 1));
    leave(w);
}

Test (act, a_crash_before_the_broadcast_takes_the_place_of_the_one_in_it) {
    world_config c = plain(2);
    fault list[] = {once(1 * ms, lasting(ACTION_CRASH, node(0), 5 * ms)),
                    once(2 * ms, to(ACTION_CRASH, node(0)))};
    list[0].action.in_broadcast = true;
    world *w = stage(&c, list, 2);
    run_all(w);
    cr_expect_not(world_is_up(w, 0), "the second one is for good");
    leave(w);
}

/* What ended by other means and began anew is not ended by the first one's end. */
Test (fault, an_end_comes_only_for_what_it_belongs_to) {
    static const struct {
        action_kind begin, end;
        int64_t expected; /* ms: when the second one ends */
    } cases[] = {
        {ACTION_CRASH, ACTION_RECOVER, 35},
        {ACTION_PAUSE, ACTION_RESUME, 35},
        {ACTION_SLOW, ACTION_SLOW, 35},
    };
    for (size_t i = 0; i < 3; i++) {
        world_config c = plain(2);
        fault list[] = {once(10 * ms, lasting(cases[i].begin, node(1), 10 * ms)),
                        once(12 * ms, to(cases[i].end, node(1))),
                        once(15 * ms, lasting(cases[i].begin, node(1), 20 * ms))};
        list[0].action.amount = list[2].action.amount = 4;
        forget();
        world *w = stage(&c, list, 3);
        run_all(w);
        record_kind kind = i == 0 ? RECORD_BOOT : i == 1 ? RECORD_RESUME : RECORD_SLOW;
        size_t count = seen_count(kind, 1);
        cr_expect_eq(seen_nth(kind, 1, count - 1)->r.at, cases[i].expected * ms, "%s",
                     action_name(cases[i].begin));
        cr_expect_eq(seen_nth(kind, 1, count - 2)->r.at, i == 2 ? 15 * ms : 12 * ms);
        leave(w);
    }
}

Test (fault, a_fault_that_changes_nothing_ends_nothing) {
    world_config c = plain(2);
    fault list[] = {once(1 * ms, to(ACTION_CRASH, node(1))),
                    once(2 * ms, lasting(ACTION_CRASH, node(1), ms)),
                    once(3 * ms, to(ACTION_PAUSE, node(0))),
                    once(4 * ms, lasting(ACTION_PAUSE, node(0), ms))};
    world *w = stage(&c, list, 4);
    run_all(w);
    cr_expect_not(world_is_up(w, 1));
    cr_expect(world_is_paused(w, 0));
    cr_expect_eq(faults_done(its, w), 2);
    leave(w);
}

Test (fault, a_crash_ends_a_pause_and_the_end_of_that_pause_comes_to_nothing) {
    world_config c = plain(1);
    fault list[] = {once(1 * ms, lasting(ACTION_PAUSE, node(0), 10 * ms)),
                    once(2 * ms, lasting(ACTION_CRASH, node(0), ms)),
                    once(5 * ms, to(ACTION_PAUSE, node(0)))};
    world *w = stage(&c, list, 3);
    run_all(w);
    cr_expect(world_is_paused(w, 0));
    leave(w);
}

Test (fault, an_end_that_is_pending_is_certain_to_come) {
    world_config c = ticking(3);
    fault f = when(on(RECORD_SEND, NULL, 1, 1), lasting(ACTION_CRASH, some(TARGET_SENDER), second));
    world *w = stage(&c, &f, 1);
    run_until(w, 5 * ms);
    cr_expect_eq(faults_last(its), -1);
    run_until(w, 50 * ms);
    cr_expect_eq(faults_last(its), second + 10 * ms);
    leave(w);
}
