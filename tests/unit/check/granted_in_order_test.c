#include "judging.h"

Test (granted_in_order, holds_where_no_order_is_broken) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("the order of asking", "1A0 2M0>1 3A1 4G0 5R0 6G1"),
        HOLDS("concurrent requests, in any order", "1A0 2A1 3G1 4R1 5G0"),
        HOLDS("the message was sent before the request", "1Sa0>1 2A0 3Ta 4A1 5G1 6R1 7G0"),
        HOLDS("the message arrived after the request", "1A0 2Sa0>1 3A1 4Ta 5G1 6R1 7G0"),
        HOLDS("the message was lost", "1A0 2Sa0>1 3La 4A1 5G1 6R1 7G0"),
        HOLDS("the receiver was down", "1A0 2Sa0>1 3Da 4A1 5G1 6R1 7G0"),
        HOLDS("who knows the request but asks for something else",
              "1A0.0 2M0>1 3A1.1 4G1.1 5R1.1 6G0.0"),
        HOLDS("a crash withdraws the earlier request", "1A0 2M0>1 3X0 4A1 5G1"),
        HOLDS("what is asked after recovery is later", "1A0 2M0>1 3X0 4A1 5B0 6A0 7G1 8R1 9G0"),
        HOLDS("an earlier request that was served already",
              "1A0 2M0>1 3G0 4R0 5A0 6A1 7G1 8R1 9G0"),
        HOLDS("a grant that nobody asked for", "1A0 2M0>1 3G1 4G0"),
        HOLDS("a message to oneself tells nothing", "1A0 2Sa1>1 3Ta 4A1 5G1 6G0"),
    };
    JUDGE_ALL(&granted_in_order, cases, true);
    JUDGE_ALL(&granted_in_order, cases, false);
}

#define REASON(later, at, later_record, earlier, earlier_record, earlier_at)                       \
    "node " later " was granted resource 0 at " at                                                 \
    " s, although its request (record " later_record ") was made after that of node " earlier      \
    " (record " earlier_record ", at " earlier_at                                                  \
    " s), which still waits: happened-before, Lamport 1978"

Test (granted_in_order, is_violated_by_who_overtakes_what_it_knew) {
    static const judged_case cases[] = {
        {"one message", "1A0 2M0>1 3A1 4G1 5R1 6G0", VERDICT_VIOLATED, 5, 4,
         REASON("1", "0.000000004", "4", "0", "1", "0.000000001")},
        {"a chain of messages", "1A0 2M0>3 3M3>2 4M2>1 5A1 6G1", VERDICT_VIOLATED, 9, 6,
         REASON("1", "0.000000006", "8", "0", "1", "0.000000001")},
        {"the news of two are joined", "1A2 2A3 3M2>1 4M3>1 5A1 6G2 7R2 8G1", VERDICT_VIOLATED, 10,
         8, REASON("1", "0.000000008", "7", "3", "2", "0.000000002")},
        {"the second copy of a message whose first was lost", "1A0 2Sa0>1 3Da 4Ta 5A1 6G1",
         VERDICT_VIOLATED, 6, 6, REASON("1", "0.000000006", "5", "0", "1", "0.000000001")},
        {"what was known before a crash", "1A0 2M0>1 3X1 4B1 5A1 6G1", VERDICT_VIOLATED, 7, 6,
         REASON("1", "0.000000006", "6", "0", "1", "0.000000001")},
        {"the second request of a node", "1A0 2G0 3R0 4A0 5M0>1 6A1 7G1", VERDICT_VIOLATED, 8, 7,
         REASON("1", "0.000000007", "7", "0", "4", "0.000000004")},
    };
    JUDGE_ALL(&granted_in_order, cases, true);
    JUDGE_ALL(&granted_in_order, cases, false);
}

Test (granted_in_order, is_inconclusive_with_too_many_nodes) {
    finding f = judged_of(4097, 1, &granted_in_order, "1A0 2M0>1 3A1 4G1", true);
    cr_expect_eq(f.verdict, VERDICT_INCONCLUSIVE);
    cr_expect_str_eq(f.reason, "4097 nodes are too many to follow happened-before: at most 4096");
    finding_clear(&f);
    f = judged_of(4096, 1, &granted_in_order, "1A0 2M0>1 3A1 4G1", true);
    cr_expect_eq(f.verdict, VERDICT_VIOLATED);
    finding_clear(&f);
}

/* The lock is above another component, which tells its fellow on node 1 something. */
Test (granted_in_order, knows_only_the_order_that_the_messages_of_the_lock_make) {
    for (uint32_t component = 0; component < 2; component++) {
        history h = history_of_stack(2, 1, &stub_application, &stub_lock);
        h.self = granted_in_order.make(h.world);
        h.watch = granted_in_order.on_record;
        history_play(&h, "1A0");
        h.component = component;
        history_play(&h, "2M0>1");
        h.component = 1;
        history_play(&h, "3A1 4G1");
        finding f;
        granted_in_order.judge(h.self, h.world, (run_end){.settled = true}, &f);
        cr_expect_eq(f.verdict, component == 1 ? VERDICT_VIOLATED : VERDICT_HOLDS);
        finding_clear(&f);
        granted_in_order.destroy(h.self);
        history_end(&h);
    }
}
