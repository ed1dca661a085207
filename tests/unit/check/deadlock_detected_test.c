#include "judging.h"

/* Nodes 0 and 1 wait for each other from 6 on. */
#define OPPOSITE "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6A1.0 "
#define SENTENCE                                                                                   \
    " s node 0 holds resource 0 and waits for resource 1, which node 1 holds, which waits for "    \
    "resource 0, and none has found it"

Test (deadlock_detected, holds_where_each_cycle_is_found_or_gone) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("one waits for another", "1A0 2G0 3A1"),
        HOLDS("a cycle that is gone", OPPOSITE "7E0.0 8G1.0"),
        HOLDS("a phantom, and no deadlock", "1A0 2G0 3A1 4V1"),
        {"one finds it", OPPOSITE "7V1.1", VERDICT_HOLDS, 0, 0,
         "found once, by node 1 at 0.000000007 s"},
        {"both find it", OPPOSITE "7V1.1 9V0.0", VERDICT_HOLDS, 0, 0,
         "found 2 times, first by node 1 at 0.000000007 s"},
        {"the victim", OPPOSITE "7V0.0 8E0.0 9G1.0", VERDICT_HOLDS, 0, 0,
         "found once, by node 0 at 0.000000007 s"},
    };
    JUDGE_ALL(&deadlock_detected, cases, true);
    JUDGE_ALL(&deadlock_detected, cases, false);
}

Test (deadlock_detected, is_violated_by_a_cycle_that_nobody_in_it_has_found) {
    static const judged_case cases[] = {
        {"nobody", OPPOSITE "9M2>3", VERDICT_VIOLATED, 0, 0, "at 0.000000000" SENTENCE},
        {"somebody who is not in it", OPPOSITE "7A2.0 8V2.0", VERDICT_VIOLATED, 0, 0,
         "at 0.000000000" SENTENCE},
        {"before it was there", "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6V0.0 7A1.0", VERDICT_VIOLATED, 0, 0,
         "at 0.000000000" SENTENCE},
        {"when there was another one", OPPOSITE "7V0.0 8E1.1 9G0.1 10R0.1 11A1.1 12G1.1 13A0.1",
         VERDICT_VIOLATED, 0, 0, "at 0.000000000" SENTENCE},
    };
    JUDGE_ALL(&deadlock_detected, cases, true);
}

Test (deadlock_detected, a_run_that_ended_early_is_inconclusive) {
    finding f = judged_of(4, 3, &deadlock_detected, OPPOSITE, false);
    cr_expect_eq(f.verdict, VERDICT_INCONCLUSIVE);
    finding_clear(&f);
}
