#include "judging.h"

Test (every_request_granted, holds_when_nobody_waits) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("all granted", "1A0 2A1 3G0 4R0 5G1"),
        HOLDS("a crash withdraws the request", "1A0 2A1 2A1.2 3G0 4X1"),
        HOLDS("what is asked anew is granted", "1A1 2X1 3B1 4A1 5G1"),
        HOLDS("resources in any order", "1A0.0 2A0.1 3G0.1 4G0.0"),
    };
    JUDGE_ALL(&every_request_granted, cases, true);
    JUDGE_ALL(&every_request_granted, cases, false);
}

Test (every_request_granted, is_violated_by_who_waits_in_a_settled_world) {
    static const judged_case cases[] = {
        {"one waits", "1A0 2A1 3G0 4R0", VERDICT_VIOLATED, 2, 2,
         "node 1 waits for resource 0 since 0.000000002 s"},
        {"the grant of another resource does not help", "1A0.0 2A0.1 3G0.1", VERDICT_VIOLATED, 1, 1,
         "node 0 waits for resource 0 since 0.000000001 s"},
        {"the grant of another node does not help", "7A0 8G1", VERDICT_VIOLATED, 1, 7,
         "node 0 waits for resource 0 since 0.000000007 s"},
        {"the new life's request counts", "1A1 2X1 3B1 4A1", VERDICT_VIOLATED, 4, 4,
         "node 1 waits for resource 0 since 0.000000004 s"},
        {"longest first, also where places were used before",
         "1A3 2A2 3G3 4A1 5A0 6G2 1500000000A2.1", VERDICT_VIOLATED, 4, 4,
         "node 1 waits for resource 0 since 0.000000004 s, node 0 waits for resource 0 "
         "since 0.000000005 s, node 2 waits for resource 1 since 1.500000000 s"},
        {"asking twice is one request", "1A0 2A0 3A0.1", VERDICT_VIOLATED, 1, 1,
         "node 0 waits for resource 0 since 0.000000001 s, node 0 waits for resource 1 "
         "since 0.000000003 s"},
        {"five are named, the others counted", "1A0.0 2A1.0 3A2.0 4A3.0 5A0.1 6A1.1 7A2.1",
         VERDICT_VIOLATED, 1, 1,
         "node 0 waits for resource 0 since 0.000000001 s, node 1 waits for resource 0 "
         "since 0.000000002 s, node 2 waits for resource 0 since 0.000000003 s, node 3 "
         "waits for resource 0 since 0.000000004 s, node 0 waits for resource 1 since "
         "0.000000005 s, and 2 more"},
    };
    JUDGE_ALL(&every_request_granted, cases, true);
}

Test (every_request_granted, is_inconclusive_where_the_run_was_cut_short) {
    static const judged_case cases[] = {
        {"one waits", "1A0 2A1 3G0", VERDICT_INCONCLUSIVE, 2, 2,
         "node 1 waits for resource 0 since 0.000000002 s; the run ended before it was "
         "clear whether in vain"},
    };
    JUDGE_ALL(&every_request_granted, cases, false);
}
