#include "judging.h"

Test (mutual_exclusion, holds_while_nobody_overlaps) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("one after the other", "1A0 2A1 3G0 4R0 5G1 6R1"),
        HOLDS("hand-over at one instant, release first", "1A0 2A1 3G0 9R0 9G1 9R1"),
        HOLDS("resources are independent", "1A0.0 1A1.1 2G0.0 2G1.1 3G0.2"),
        HOLDS("a crash ends what its node held", "1A0 2G0 2G0.1 3X0 3G1 3G2.1"),
        HOLDS("a recovered node may ask again", "1A0 2G0 3X0 4B0 5A0 6G0 7R0"),
        HOLDS("the last one may hold to the end", "1A0 2G0 3R0 4A0 5G0"),
    };
    JUDGE_ALL(&mutual_exclusion, cases, true);
}

Test (mutual_exclusion, is_violated_by_two_holders) {
    static const judged_case cases[] = {
        {"overlap", "1A2 1A3 2G3 1234567890G2 3R3", VERDICT_VIOLATED, 4, 1234567890,
         "nodes 2 and 3 both hold resource 0 at 1.234567890 s"},
        {"one instant, granted before the release", "3G0 9G1 9R0", VERDICT_VIOLATED, 2, 9,
         "nodes 0 and 1 both hold resource 0 at 0.000000009 s"},
        {"a grant that nobody asked for counts", "1G0.2 2G1.2", VERDICT_VIOLATED, 2, 2,
         "nodes 0 and 1 both hold resource 2 at 0.000000002 s"},
        {"the crash of another frees nothing", "1G0 2X1 3G1", VERDICT_VIOLATED, 3, 3,
         "nodes 0 and 1 both hold resource 0 at 0.000000003 s"},
        {"a release by another frees nothing", "1G0 2R1 3G1", VERDICT_VIOLATED, 3, 3,
         "nodes 0 and 1 both hold resource 0 at 0.000000003 s"},
        {"granted twice", "1A0 2G0 3G0", VERDICT_VIOLATED, 3, 3,
         "node 0 was granted resource 0 twice without a release, again at 0.000000003 s"},
        {"the first violation is told", "1G0 2G1 3R1 4R0 5G2 6G3", VERDICT_VIOLATED, 2, 2,
         "nodes 0 and 1 both hold resource 0 at 0.000000002 s"},
    };
    JUDGE_ALL(&mutual_exclusion, cases, true);
    JUDGE_ALL(&mutual_exclusion, cases, false);
}
