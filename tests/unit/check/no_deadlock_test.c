#include "judging.h"

#include <stdio.h>

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
         "at 0.000000006 s process 0 of node 1 holds resource 0 and waits for resource 1, which "
         "process 1 of node 1 holds, which waits for resource 0"},
        {"with another node", "1Wb1.0 1A1.0 2G1.0 2Hb1.0 3A2.1 4G2.1 5Wb1.1 5A1.1 6A2.0",
         VERDICT_VIOLATED, 9, 6,
         "at 0.000000006 s node 2 holds resource 1 and waits for resource 0, which process 1 of "
         "node 1 holds, which waits for resource 1"},
        {"with one that has given up and waits again",
         "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6Q0.1 7W0.1 8A1.0", VERDICT_VIOLATED, 8, 8,
         "at 0.000000008 s node 0 holds resource 0 and waits for resource 1, which node 1 holds, "
         "which waits for resource 0"},
        {"closed by a grant to one of them",
         "1Wa1.0 1A1.0 2A2.1 3G2.1 4A2.0 5Wa1.1 5A1.1 6G1.0 "
         "6Ha1.0",
         VERDICT_VIOLATED, 9, 6,
         "at 0.000000006 s node 2 holds resource 1 and waits for resource 0, which process 0 of "
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
                                        "on, a cycle of 10"),
                       "%s", f.reason);
    cr_expect_null(strstr(f.reason, "node 8"));
    finding_clear(&f);
    g_string_free(text, TRUE);
}

/* ------------------------------------------------------------------- several processes a node */

/* Steps of processes beside those of history_play: 10w7.1@2 process 7 of node 2 waits for resource
 * 1 at 10; 10h7.1@2 holds it; 10q7.1@2 waits no longer. */
static void play_processes(history *h, const char *text)
{
    char **steps = g_strsplit(text, " ", -1);
    for (char **one = steps; *one; one++) {
        char what = '\0';
        unsigned when, process, resource, node;
        if (sscanf(*one, "%u%c%u.%u@%u", &when, &what, &process, &resource, &node) == 5) {
            client_body body = {(int32_t)process, resource};
            history_record(h, (record){.at = when,
                                       .node = node,
                                       .peer = NOBODY,
                                       .type = what == 'w'   ? CLIENT_WAITS
                                               : what == 'h' ? CLIENT_HOLDS
                                                             : CLIENT_QUITS,
                                       .size = sizeof body,
                                       .kind = RECORD_CLIENT,
                                       .body = &body});
        } else {
            history_play(h, *one);
        }
    }
    g_strfreev(steps);
}

typedef struct process_case {
    const char *claim, *text;
    uint64_t number;    /* of the record; 0: holds */
    const char *reason; /* whole */
} process_case;

static const process_case process_cases[] = {
    {"two of one node, opposite order",
     "1w5.0@0 1A0.0 2G0.0 2h5.0@0 3w6.1@0 3A0.1 4G0.1 4h6.1@0 5w5.1@0 6w6.0@0", 10,
     "at 0.000000006 s process 5 of node 0 holds resource 0 and waits for resource 1, which "
     "process "
     "6 of node 0 holds, which waits for resource 0"},
    {"one of them holds, the other waits: no cycle of nodes is one of processes",
     "1w5.0@0 2h5.0@0 3w8.1@1 4h8.1@1 5w6.1@0 6w9.0@1", 0, NULL},
    {"a process and a node", "1A0.0 2G0.0 3w8.1@1 4h8.1@1 5w8.0@1 6A0.1", 6,
     "at 0.000000006 s node 0 holds resource 0 and waits for resource 1, which process 8 of node 1 "
     "holds, which waits for resource 0"},
    {"the release is recorded behind the next wish, of the same go",
     "1A1.1 2G1.1 3w5.0@0 3h5.0@0 4A1.0 5w5.1@0 5R0.0 5A0.1 6G1.0", 0, NULL},
    {"... and the same resource again", "1w5.0@0 2h5.0@0 3w5.0@0 3R0.0 3A0.0 4B1", 0, NULL},
    {"without the release", "1A1.1 2G1.1 3w5.0@0 3h5.0@0 4A1.0 5w5.1@0 5A0.1 6B2", 6,
     "at 0.000000005 s node 1 holds resource 1 and waits for resource 0, which process 5 of node 0 "
     "holds, which waits for resource 1"},
    {"who has given up does not wait", "1w5.0@0 2h5.0@0 3w6.1@0 4h6.1@0 5w5.1@0 6q5.1@0 7w6.0@0", 0,
     NULL},
    {"a crash ends all of a node", "1w5.0@0 2h5.0@0 3A1.1 4G1.1 5w5.1@0 6X0 7A1.0", 0, NULL},
    {"a lost lease is held no longer", "1w5.0@0 2h5.0@0 3A1.1 4G1.1 5w5.1@0 6E0.0 7A1.0", 0, NULL},
};

Test (no_deadlock, processes_that_share_a_node_are_told_apart) {
    for (size_t i = 0; i < sizeof process_cases / sizeof *process_cases; i++) {
        const process_case *c = &process_cases[i];
        history h = history_of(4, 3);
        h.self = no_deadlock.make(h.world);
        h.watch = no_deadlock.on_record;
        play_processes(&h, c->text);
        finding f;
        no_deadlock.judge(h.self, h.world, (run_end){.settled = true}, &f);
        cr_expect_eq(f.record, c->number, "%s: record %u", c->claim, (unsigned)f.record);
        cr_expect(g_strcmp0(f.reason, c->reason) == 0, "%s: %s", c->claim, f.reason);
        finding_clear(&f);
        no_deadlock.destroy(h.self);
        history_end(&h);
    }
}
