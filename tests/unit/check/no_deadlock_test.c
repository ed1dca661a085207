#include "judging.h"

Test (no_deadlock, holds_while_nobody_waits_in_a_cycle) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("one waits for another", "1A0 2G0 3A1"),
        HOLDS("a line", "1A0.0 2G0.0 3A1.1 4G1.1 5A2.2 6G2.2 7A1.0 8A2.1"),
        HOLDS("opposite order, one after the other",
              "1A0.0 2G0.0 3A0.1 4G0.1 5R0.0 6R0.1 7A1.1 8G1.1 9A1.0 10G1.0"),
        HOLDS("given back in time", "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6R1.1 7A1.0"),
        HOLDS("granted in time", "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6R1.1 7G0.1 8A1.0"),
        HOLDS("those who wait for the same", "1A0 2G0 3A1 4A2 5A3"),
        HOLDS("a crash gives back", "1A0.0 2G0.0 3A1.1 4G1.1 5A1.0 6X1 7A0.1"),
        HOLDS("a crash ends waiting", "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6X0 7A1.0"),
        HOLDS("a grant that nobody asked for is not held", "1G0.0 2A1.1 3G1.1 4A0.1 5A1.0"),
        HOLDS("nor is one that was given back", "1A0 2G0 3R0 4A0 5A1"),
    };
    JUDGE_ALL(&no_deadlock, cases, true);
}

Test (no_deadlock, is_violated_by_a_cycle_of_waiting) {
    static const judged_case cases[] = {
        {"opposite order", "1A1.0 2G1.0 3A2.1 4G2.1 5A1.1 1000000006A2.0", VERDICT_VIOLATED, 6,
         1000000006,
         "at 1.000000006 s node 1 holds resource 0 and waits for resource 1, which node 2 holds, "
         "which waits for resource 0"},
        {"three", "1A3.0 2G3.0 3A1.1 4G1.1 5A2.2 6G2.2 7A3.1 8A1.2 9A2.0", VERDICT_VIOLATED, 9, 9,
         "at 0.000000009 s node 1 holds resource 1 and waits for resource 2, which node 2 holds, "
         "which waits for resource 0, which node 3 holds, which waits for resource 1"},
        {"closed by a grant", "1A0.0 2A1.0 3A1.1 4G1.1 5A0.1 6G0.0", VERDICT_VIOLATED, 6, 6,
         "at 0.000000006 s node 0 holds resource 0 and waits for resource 1, which node 1 holds, "
         "which waits for resource 0"},
        {"with oneself", "1A2.1 2G2.1 3A2.1", VERDICT_VIOLATED, 3, 3,
         "at 0.000000003 s node 2 waits for resource 1, which it holds itself"},
        {"through one of two holders", "1A0.0 2G0.0 3A1.0 4G1.0 5A2.1 6G2.1 7A2.0 8A1.1",
         VERDICT_VIOLATED, 8, 8,
         "at 0.000000008 s node 1 holds resource 0 and waits for resource 1, which node 2 holds, "
         "which waits for resource 0"},
        {"through one of two that a node waits for",
         "1A0.0 2G0.0 3A1.1 4G1.1 5A2.2 6G2.2 7A0.1 8A0.2 9A2.0", VERDICT_VIOLATED, 9, 9,
         "at 0.000000009 s node 0 holds resource 0 and waits for resource 2, which node 2 holds, "
         "which waits for resource 0"},
        {"what a crash breaks up later", "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6A1.0 7X0",
         VERDICT_VIOLATED, 6, 6,
         "at 0.000000006 s node 0 holds resource 0 and waits for resource 1, which node 1 holds, "
         "which waits for resource 0"},
    };
    JUDGE_ALL(&no_deadlock, cases, true);
    JUDGE_ALL(&no_deadlock, cases, false);
}

/* Node 1 asks and holds for its clients a and b, node 2 for itself. */
Test (no_deadlock, clients_of_one_node_are_told_apart) {
    static const judged_case fine[] = {
        HOLDS("one holds, the other waits for who waits for the first",
              "1Wa1.0 1A1.0 2G1.0 2Ha1.0 3A2.1 4G2.1 5A2.0 6Wb1.1 6A1.1"),
        HOLDS("one gives up", "1Wa1.0 1A1.0 2G1.0 2Ha1.0 3A2.1 4G2.1 5Wa1.1 5A1.1 6Qa1.1 7A2.0"),
        HOLDS("one gives back what it held",
              "1Wa1.0 1A1.0 2G1.0 2Ha1.0 3A2.1 4G2.1 5R1.0 6Wa1.1 6A1.1 7A2.0"),
        HOLDS("the only one of a node gives up", "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6Q0.1 7A1.0"),
        HOLDS("what it gave up and is granted it does not hold", "1A0.0 2Q0.0 3G0.0 4A1.1 5G1.1 "
                                                                 "6A0.1 7A1.0"),
        HOLDS("a crash ends all of them",
              "1Wa1.0 1A1.0 2G1.0 2Ha1.0 3Wb1.1 3A1.1 4G1.1 4Hb1.1 5Wa1.1 6X1 7Wb1.0 7A1.0"),
    };
    static const judged_case cases[] = {
        {"within a node", "1Wa1.0 1A1.0 2G1.0 2Ha1.0 3Wb1.1 3A1.1 4G1.1 4Hb1.1 5Wa1.1 6Wb1.0",
         VERDICT_VIOLATED, 10, 6,
         "at 0.000000006 s client 0 of node 1 holds resource 0 and waits for resource 1, which "
         "client 1 of node 1 holds, which waits for resource 0"},
        {"with another node", "1Wb1.0 1A1.0 2G1.0 2Hb1.0 3A2.1 4G2.1 5Wb1.1 5A1.1 6A2.0",
         VERDICT_VIOLATED, 9, 6,
         "at 0.000000006 s node 2 holds resource 1 and waits for resource 0, which client 1 of "
         "node 1 holds, which waits for resource 1"},
        {"with one that has given up and waits again",
         "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6Q0.1 7W0.1 8A1.0", VERDICT_VIOLATED, 8, 8,
         "at 0.000000008 s node 0 holds resource 0 and waits for resource 1, which node 1 holds, "
         "which waits for resource 0"},
        {"closed by a grant to one of them",
         "1Wa1.0 1A1.0 2A2.1 3G2.1 4A2.0 5Wa1.1 5A1.1 6G1.0 "
         "6Ha1.0",
         VERDICT_VIOLATED, 9, 6,
         "at 0.000000006 s node 2 holds resource 1 and waits for resource 0, which client 0 of "
         "node 1 holds, which waits for resource 1"},
    };
    JUDGE_ALL(&no_deadlock, fine, true);
    JUDGE_ALL(&no_deadlock, cases, true);
}

Test (no_deadlock, of_a_long_cycle_eight_nodes_are_named) {
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < 10; i++) {
        g_string_append_printf(text, "1A%u.%u 1G%u.%u ", i, i, i, i);
    }
    for (uint32_t i = 0; i < 10; i++) {
        g_string_append_printf(text, "2A%u.%u%s", i, (i + 1) % 10, i < 9 ? " " : "");
    }
    finding f = judged_of(10, 10, &no_deadlock, text->str, true);
    cr_assert_eq(f.verdict, VERDICT_VIOLATED);
    cr_expect_not_null(strstr(f.reason, "which node 7 holds, which waits for resource 8, and so "
                                        "on, a cycle of 10 nodes"),
                       "%s", f.reason);
    cr_expect_null(strstr(f.reason, "node 8"));
    finding_clear(&f);
    g_string_free(text, TRUE);
}
