/* faults: triggers, actions, targets, patterns, rules. */
#include "loading.h"

#include <string.h>

#define MS INT64_C(1000000)
#define S INT64_C(1000000000)

static scenario *with_faults(const char *list)
{
    char parts[600];
    g_snprintf(parts, sizeof parts, "faults = { %s }", list);
    return load_parts(parts);
}

static const fault *fault_of(const scenario *s, guint i)
{
    cr_assert_lt(i, s->faults->len);
    return &g_array_index(s->faults, fault, i);
}

static const struct {
    const char *text;
    action_kind kind;
    target_kind who;
    uint32_t number;
    int64_t amount, lasts;
} actions[] = {
    {"crash(3)", ACTION_CRASH, TARGET_NODE, 3, 0, 0},
    {"crash(3, { lasts = \"1s\" })", ACTION_CRASH, TARGET_NODE, 3, 0, S},
    {"crash(coordinator())", ACTION_CRASH, TARGET_ROLE, 0, 0, 0},
    {"crash(coordinator(2))", ACTION_CRASH, TARGET_ROLE, 2, 0, 0},
    {"crash(role(\"coordinator\"))", ACTION_CRASH, TARGET_ROLE, 0, 0, 0},
    {"crash(random_node())", ACTION_CRASH, TARGET_RANDOM, 0, 0, 0},
    {"recover(last())", ACTION_RECOVER, TARGET_LAST, 0, 0, 0},
    {"join(4)", ACTION_RECOVER, TARGET_NODE, 4, 0, 0},
    {"pause(0, { lasts = 5 * ms })", ACTION_PAUSE, TARGET_NODE, 0, 0, 5 * MS},
    {"resume(0)", ACTION_RESUME, TARGET_NODE, 0, 0, 0},
    {"slow(1, \"5ms\", { lasts = \"1s\" })", ACTION_SLOW, TARGET_NODE, 1, 5 * MS, S},
    {"slow(1, 0)", ACTION_SLOW, TARGET_NODE, 1, 0, 0},
    {"heal()", ACTION_HEAL, TARGET_NODE, 0, 0, 0},
    {"step_clock(2, \"-1s\")", ACTION_STEP, TARGET_NODE, 2, -S, 0},
    {"step_clock(all(), \"1s\")", ACTION_STEP, TARGET_ANY, 0, S, 0},
    {"set_drift(2, \"-200ppm\")", ACTION_DRIFT, TARGET_NODE, 2, -200000, 0},
    {"partition()", ACTION_KINDS, TARGET_NODE, 0, 0, 0},
    {"partition({ 0 }, { lasts = \"1s\" })", ACTION_PARTITION, TARGET_NODE, 0, 0, S},
};

Test (faults, each_action_becomes_data) {
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        char text[100];
        if (actions[i].kind == ACTION_KINDS) {
            continue;
        }
        g_snprintf(text, sizeof text, "at(\"1s\", %s)", actions[i].text);
        scenario *s = with_faults(text);
        const fault *f = fault_of(s, 0);
        cr_expect_eq(f->trigger, TRIGGER_AT);
        cr_expect_eq(f->at, S);
        cr_expect_eq(f->line, 2);
        cr_expect_eq(f->action.kind, actions[i].kind, "%s", actions[i].text);
        cr_expect_eq(f->action.who.kind, actions[i].who, "%s", actions[i].text);
        cr_expect_eq(f->action.who.number, actions[i].number, "%s", actions[i].text);
        cr_expect_eq(f->action.amount, actions[i].amount, "%s", actions[i].text);
        cr_expect_eq(f->action.lasts, actions[i].lasts, "%s", actions[i].text);
        if (actions[i].who == TARGET_ROLE) {
            cr_expect_str_eq(f->action.who.role, "coordinator");
        }
        scenario_free(s);
    }
}

Test (faults, elect_asks_one_node_or_all) {
    scenario *s = load_parts("run = election.bully {}, faults = { at(\"1s\", elect(3)), "
                             "when(\"OK\", nth(2), elect(any()), elect(leader())) }");
    cr_expect_eq(fault_of(s, 0)->action.kind, ACTION_ELECT);
    cr_expect_eq(fault_of(s, 0)->action.who.number, 3);
    cr_expect_eq(fault_of(s, 1)->action.who.kind, TARGET_ANY);
    cr_expect_str_eq(fault_of(s, 2)->action.who.role, "leader");
    scenario_free(s);
}

Test (faults, a_crash_can_lose_the_storage_or_come_within_a_broadcast) {
    scenario *s = with_faults("at(\"1s\", crash(0), crash(1, { stable = \"lost\" }), "
                              "crash(2, { after_sends = 2 }), crash(3, { stable = \"kept\" }))");
    cr_assert_eq(s->faults->len, 4);
    cr_expect_not(fault_of(s, 0)->action.lose_stable);
    cr_expect(fault_of(s, 1)->action.lose_stable);
    cr_expect(fault_of(s, 2)->action.in_broadcast);
    cr_expect_eq(fault_of(s, 2)->action.sends, 2);
    cr_expect_not(fault_of(s, 3)->action.lose_stable);
    scenario_free(s);
}

Test (faults, cuts_have_two_ends) {
    scenario *s = with_faults("at(0, cut(0, 1), cut(all(), 2, { both = true }), mend(0, 1), "
                              "cut(random_node(), random_node(), { lasts = \"1s\" }))");
    cr_expect_eq(fault_of(s, 0)->action.whom.number, 1);
    cr_expect_not(fault_of(s, 0)->action.both);
    cr_expect_eq(fault_of(s, 1)->action.who.kind, TARGET_ANY);
    cr_expect(fault_of(s, 1)->action.both);
    cr_expect_eq(fault_of(s, 2)->action.kind, ACTION_MEND);
    cr_expect_eq(fault_of(s, 3)->action.whom.kind, TARGET_RANDOM);
    scenario_free(s);
}

Test (faults, nodes_of_no_group_are_one_more_group) {
    scenario *s =
        with_faults("at(0, partition({ 0, 3 }, { 1 })), at(0, partition({ 0, 3 }, { 1 }))");
    const uint16_t *groups = fault_of(s, 0)->action.groups;
    const uint16_t wanted[] = {0, 1, 2, 0, 2};
    cr_expect_arr_eq(groups, wanted, sizeof wanted);
    cr_expect_eq(fault_of(s, 1)->action.groups, groups, "equal ones are kept once");
    scenario_free(s);
}

Test (faults, set_links_says_what_it_sets) {
    scenario *s =
        with_faults("at(0, set_links({ loss = \"5%\", latency = \"9ms\" }, { from = 0, to = "
                    "any() }), set_links({ fifo = false }))");
    const action *a = &fault_of(s, 0)->action;
    cr_expect_eq(a->kind, ACTION_QUALITY);
    cr_expect_eq(a->quality_mask, QUALITY_LOSS | QUALITY_DELAY);
    cr_expect_eq(a->quality.loss, probability_of_ppb(50000000));
    cr_expect_eq(a->quality.delay.a, 9 * MS);
    cr_expect(a->who.kind == TARGET_NODE && a->whom.kind == TARGET_ANY);
    cr_expect_eq(fault_of(s, 1)->action.quality_mask, QUALITY_FIFO);
    cr_expect_eq(fault_of(s, 1)->action.who.kind, TARGET_ANY);
    scenario_free(s);
}

Test (faults, every_draws_first_unless_it_begins_at_a_time) {
    scenario *s =
        with_faults("every(exponential(\"5s\"), crash(0)), "
                    "every(\"5s\", crash(0), heal(), { from = \"1s\", until_ = \"9s\", times "
                    "= 3 })");
    cr_assert_eq(s->faults->len, 3);
    const fault *first = fault_of(s, 0), *last = fault_of(s, 2);
    cr_expect(first->draw_first && first->at == 0 && first->until == INT64_MAX);
    cr_expect_eq(first->times, UINT64_MAX);
    cr_expect_eq(first->every.least, 1);
    cr_expect(!last->draw_first && last->at == S && last->until == 9 * S && last->times == 3);
    scenario_free(s);
}

Test (faults, chaos_becomes_a_fault_for_each_part) {
    scenario *s = with_faults("chaos { crash = { every = exponential(\"5s\"), down = \"500ms\" }, "
                              "partition = { every = \"7s\", lasts = \"1s\" }, "
                              "pause = { every = \"1s\", down = \"1ms\" }, "
                              "cut = { every = \"1s\", lasts = \"1ms\" }, until_ = \"60s\" }");
    const action_kind kinds[] = {ACTION_CRASH, ACTION_PAUSE, ACTION_PARTITION, ACTION_CUT};
    cr_assert_eq(s->faults->len, 4);
    for (guint i = 0; i < 4; i++) {
        cr_expect_eq(fault_of(s, i)->action.kind, kinds[i]);
        cr_expect_eq(fault_of(s, i)->trigger, TRIGGER_EVERY);
        cr_expect_eq(fault_of(s, i)->until, 60 * S);
        cr_expect_gt(fault_of(s, i)->action.lasts, 0);
        /* a partition has groups, not a target */
        cr_expect_eq(fault_of(s, i)->action.who.kind,
                     kinds[i] == ACTION_PARTITION ? TARGET_NODE : TARGET_RANDOM);
    }
    cr_expect_eq(fault_of(s, 3)->action.whom.kind, TARGET_RANDOM);
    cr_expect_null(fault_of(s, 2)->action.groups);
    scenario_free(s);
}

static const struct {
    const char *text;
    record_kind kind;
    const char *type;  /* NULL: any */
    uint32_t from, to; /* NOBODY: any */
} patterns[] = {
    {"\"GRANT\"", RECORD_RECEIVE, "GRANT", NOBODY, NOBODY},
    {"\"received\"", RECORD_RECEIVE, NULL, NOBODY, NOBODY},
    {"\"sent\"", RECORD_SEND, NULL, NOBODY, NOBODY},
    {"{ sent = \"GRANT\", from = 0, to = 2 }", RECORD_SEND, "GRANT", 0, 2},
    {"{ received = \"GRANT\", node = 2 }", RECORD_RECEIVE, "GRANT", NOBODY, 2},
    {"{ sent = true, node = 2 }", RECORD_SEND, NULL, 2, NOBODY},
    {"{ lost = true, to = any() }", RECORD_LOST, NULL, NOBODY, NOBODY},
    {"{ request = \"ACQUIRE\", node = 3 }", RECORD_REQUEST, "ACQUIRE", 3, NOBODY},
    {"{ indication = \"GRANTED\" }", RECORD_INDICATION, "GRANTED", NOBODY, NOBODY},
    {"\"timer\"", RECORD_TIMER, NULL, NOBODY, NOBODY},
    {"\"boot\"", RECORD_BOOT, NULL, NOBODY, NOBODY},
    {"{ crash = true, node = 1 }", RECORD_CRASH, NULL, 1, NOBODY},
    {"\"pause\"", RECORD_PAUSE, NULL, NOBODY, NOBODY},
    {"\"resume\"", RECORD_RESUME, NULL, NOBODY, NOBODY},
    {"\"slow\"", RECORD_SLOW, NULL, NOBODY, NOBODY},
    {"\"clock\"", RECORD_CLOCK, NULL, NOBODY, NOBODY},
    {"\"links\"", RECORD_LINKS, NULL, NOBODY, NOBODY},
};

static void expect_end(const target *end, uint32_t wanted, const char *text)
{
    cr_expect_eq(end->kind, wanted == NOBODY ? TARGET_ANY : TARGET_NODE, "%s", text);
    cr_expect_eq(wanted == NOBODY ? NOBODY : end->number, wanted, "%s", text);
}

Test (faults, each_pattern_means_its_records) {
    for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
        char text[200];
        g_snprintf(text, sizeof text, "when(%s, nth(3, 2), crash(0))", patterns[i].text);
        scenario *s = with_faults(text);
        const event_pattern *e = &fault_of(s, 0)->event;
        cr_expect_eq(e->kind, patterns[i].kind, "%s", text);
        cr_expect_eq(e->type != NULL, patterns[i].type != NULL, "%s", text);
        if (e->type && patterns[i].type) {
            cr_expect_str_eq(e->type, patterns[i].type);
        }
        expect_end(&e->from, patterns[i].from, text);
        expect_end(&e->to, patterns[i].to, text);
        cr_expect(e->nth == 3 && e->times == 2);
        scenario_free(s);
    }
}

Test (faults, when_takes_ends_and_several_actions) {
    scenario *s = with_faults("when(\"GRANT\", each(), { from = 0, to = 1 }, crash(receiver()), "
                              "pause(sender()))");
    cr_assert_eq(s->faults->len, 2);
    cr_expect_eq(fault_of(s, 0)->action.who.kind, TARGET_RECEIVER);
    cr_expect_eq(fault_of(s, 1)->action.who.kind, TARGET_SENDER);
    cr_expect_eq(fault_of(s, 1)->event.times, UINT64_MAX);
    cr_expect_eq(fault_of(s, 1)->event.to.number, 1);
    scenario_free(s);
}

Test (faults, when_means_the_first_unless_told) {
    scenario *s = with_faults("when(\"GRANT\", crash(0), heal()), "
                              "when(\"GRANT\", { from = 0, to = 1 }, crash(receiver()))");
    cr_assert_eq(s->faults->len, 3);
    for (guint i = 0; i < 3; i++) {
        const event_pattern *e = &fault_of(s, i)->event;
        cr_expect(e->nth == 1 && e->times == 1);
        expect_end(&e->to, i < 2 ? NOBODY : 1, "to");
    }
    cr_expect_eq(fault_of(s, 1)->action.kind, ACTION_HEAL);
    scenario_free(s);
}

Test (faults, rules_drop_duplicate_and_delay_what_is_sent) {
    scenario *s =
        with_faults("drop(\"GRANT\", nth(1)), duplicate({ sent = \"RELEASE\" }, each(), { "
                    "from = 2 }), delay(\"REQUEST\", nth(2), \"5s\")");
    cr_assert_eq(s->faults->len, 0);
    cr_assert_eq(s->rules->len, 3);
    const message_rule *r = (const message_rule *)(const void *)s->rules->data;
    cr_expect(r[0].what.drop && !r[0].what.duplicate && r[0].event.kind == RECORD_SEND);
    cr_expect(r[1].what.duplicate && r[1].event.from.number == 2);
    cr_expect_str_eq(r[1].event.type, "RELEASE");
    cr_expect(r[2].what.delay == 5 * S && r[2].event.nth == 2);
    scenario_free(s);
}

static const struct {
    const char *text, *message;
} wrong[] = {
    {"at(\"1s\")", "found no action for at(), expected one such as crash(3)"},
    {"at(\"-1s\", heal())", "found \"-1s\" for argument 1 of at(), expected a duration such as "
                            "\"250ms\", 0 or more"},
    {"at(1, heal())",
     "found 1 for argument 1 of at(), expected a duration such as \"250ms\"; did you "
     "mean \"1ms\"?"},
    {"at(\"1s\", 5)", "found 5 for argument 2 of at(), expected an action such as crash(3) or "
                      "heal()"},
    {"at(\"1s\", crash())", "found 0 arguments of crash(), expected crash(3) or crash(3, { lasts = "
                            "\"1s\" })"},
    {"at(\"1s\", crash(\"3\"))",
     "found \"3\" for argument 1 of crash(), expected a node: a number, coordinator(), leader(), "
     "token_holder(), role(\"name\"), random_node(), last(), or in when() sender(), receiver(), "
     "self()"},
    {"at(\"1s\", crash(1.5))", "found 1.5 for argument 1 of crash(), expected a whole number, 0 .. "
                               "1073741823"},
    {"at(\"1s\", crash(5))", "found node 5 for crash(), expected 0 .. 4"},
    {"at(\"1s\", crash(all()))", "found all() for crash(), expected one node"},
    {"at(\"1s\", crash(0, { stable = \"gone\" }))",
     "found \"gone\" for stable of crash, expected \"kept\" or \"lost\"; did you mean 'lost'?"},
    {"at(\"1s\", crash(0, { lasts = 0 }))",
     "found 0 for lasts of crash, expected a duration such as "
     "\"250ms\", 1ns or more"},
    {"at(\"1s\", crash(leader()))",
     "found role leader for crash(), expected a role of the algorithms "
     "that run, coordinator"},
    {"at(\"1s\", crash(role(5)))", "found 5 for argument 1 of role(), expected a text in quotes"},
    {"at(\"1s\", crash(self()))", "found self() for crash() outside of when(), expected a node, a "
                                  "role or random_node()"},
    {"at(\"1s\", crash(random_node(1)))", "found 1 argument of random_node(), expected none"},
    {"at(\"1s\", cut(0))",
     "found 1 argument of cut(), expected cut(0, 1) or cut(0, 1, { both = true "
     "})"},
    {"at(\"1s\", cut(0, 9))", "found node 9 for cut(), expected 0 .. 4"},
    {"at(\"1s\", slow(0, \"-1ms\"))",
     "found \"-1ms\" for argument 2 of slow(), expected a duration "
     "such as \"250ms\", 0 or more"},
    {"at(\"1s\", set_drift(0, \"60%\"))", "found \"60%\" for argument 2 of set_drift(), expected a "
                                          "ratio such as \"1%\" or \"50ppm\", 50% or less"},
    {"at(\"1s\", elect(0))",
     "found elect() with mutex.coordinator at the top, expected run = election.NAME { ... }"},
    {"at(\"1s\", elect())", "found 0 arguments of elect(), expected elect(3) or elect(any())"},
    {"at(\"1s\", set_links({}))",
     "found nothing to set in set_links(), expected set_links({ loss = "
     "\"5%\" })"},
    {"at(\"1s\", set_links({ loss = 0 }, { from = 7 }))",
     "found node 7 for set_links(), expected 0 .. 4"},
    {"at(\"1s\", set_links())", "found 0 arguments of set_links(), expected set_links({ loss = "
                                "\"5%\" }, { from = 0, to = 1 })"},
    {"at(\"1s\", partition())",
     "found 0 groups in partition(), expected partition({0, 1}, {2, 3})"},
    {"at(\"1s\", partition({ 9 }))", "found node 9 for partition(), expected 0 .. 4"},
    {"at(\"1s\", partition({ 0 }, { 0 }))", "found node 0 twice in partition(), expected each node "
                                            "once"},
    {"at(\"1s\", partition({}))", "found an empty group in partition(), expected nodes: {0, 1}"},
    {"every(0, heal())", "found 0 for argument 1 of every(), expected a time of more than 0"},
    {"every(\"1s\", heal(), { from = \"2s\", until_ = \"1s\" })",
     "found until_ before from in every, expected it after"},
    {"chaos { crash = { every = \"1s\" } }",
     "found no down in crash, expected crash = { every = exponential(\"5s\"), down = \"500ms\" }"},
    {"chaos {}",
     "found an empty chaos, expected chaos { crash = { every = exponential(\"5s\"), down = "
     "\"500ms\" } }"},
    {"when(\"GRANT\", 3, heal())",
     "found 3 for argument 2 of when(), expected nth(3), each() or an "
     "action such as crash(3)"},
    {"when(\"GRANT\")", "found no action for when(), expected one such as crash(3)"},
    {"when(\"GRANT\", { from = 0 })", "found no action for when(), expected one such as crash(3)"},
    {"when(\"GRANT\", heal(), nth(2))",
     "found nth() for argument 3 of when(), expected an action such as crash(3) or heal()"},
    {"when(\"GRNT\", nth(1), heal())", "found message GRNT, expected one of the algorithms that "
                                       "run, REQUEST, GRANT, RELEASE, WAIT, QUERY, HOLD; "
                                       "did you mean 'GRANT'?"},
    {"when({ timer = \"T\" }, nth(1), heal())",
     "found timer T, expected one of the algorithms that run, due"},
    {"when({ request = \"LOCK\" }, nth(1), heal())",
     "found request LOCK, expected one of the algorithms that run, ACQUIRE, RELEASE"},
    {"when({ received = \"GRANT\", node = 5 }, nth(1), heal())",
     "found node 5 in a pattern, expected 0 .. 4"},
    {"when({ received = \"GRANT\", from = random_node() }, nth(1), heal())",
     "found a target for from of when, expected the number of a node, or any()"},
    {"when({ node = 1 }, nth(1), heal())", "found a pattern with 0 kinds of records, expected one "
                                           "such as { received = \"GRANT\" }"},
    {"when({ sent = true, lost = true }, nth(1), heal())",
     "found a pattern with 2 kinds of records, expected one such as { received = \"GRANT\" }"},
    {"when({ crash = \"GRANT\" }, nth(1), heal())",
     "found \"GRANT\" for crash of when, expected true"},
    {"when({ sent = false }, nth(1), heal())",
     "found false for sent of when, expected a name, or true"},
    {"when({ sent = \"\" }, nth(1), heal())",
     "found \"\" for sent of when, expected the name of a message, a request, an indication or a "
     "timer"},
    {"when(\"crash\", nth(1), recover(sender()))",
     "found sender() for recover() in a when() that is not about a message, expected self()"},
    {"when(\"crash\", nth(1, 0), heal())",
     "found 0 for argument 2 of nth(), expected a whole number, 1 or more"},
    {"when(\"crash\", nth(), heal())", "found 0 arguments of nth(), expected nth(3) or nth(3, 2)"},
    {"when(\"crash\", each(1), heal())", "found 1 argument of each(), expected each()"},
    {"drop(\"crash\", nth(1))",
     "found \"crash\" for argument 1 of drop(), expected a message that is "
     "sent: \"GRANT\" or { sent = \"GRANT\" }"},
    {"drop(\"GRANT\")", "found 1 argument of drop(), expected drop(\"GRANT\", nth(1))"},
    {"delay(\"GRANT\", nth(1), \"-1s\")", "found \"-1s\" for argument 3 of delay(), expected a "
                                          "duration such as \"250ms\", 0 or more"},
    {"\"crash\"",
     "found \"crash\" for entry 1 of faults, expected at(), every(), when(), chaos {}, "
     "delay(), drop() or duplicate()"},
};

Test (faults, what_cannot_happen_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char parts[300], message[500];
        g_snprintf(parts, sizeof parts, "faults = { %s }", wrong[i].text);
        g_snprintf(message, sizeof message, "case.lua:2: %s", wrong[i].message);
        refuses_parts(parts, message);
    }
}
