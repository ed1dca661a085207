#include "judging.h"

/* Where it holds it may tell how many late accesses were refused. */
#define HOLDS_AND_TELLS(claim, history, reason)                                                    \
    {                                                                                              \
        claim, history, VERDICT_HOLDS, 0, 0, reason                                                \
    }

Test (fencing_safe, holds_while_nobody_overlaps) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("no tokens, one after the other", "1A0 2A1 3G0 4R0 5G1 6R1"),
        HOLDS("hand-over at one instant, release first", "1A0 2A1 3G0 9R0 9G1 9R1"),
        HOLDS("one token, one after the other", "1G0#7 2R0 3G1#7 4R1"),
        HOLDS("resources are independent", "1G0.0#3 1G1.1#3 2G2.2 3R0.0 3R1.1 3R2.2"),
        HOLDS("a crash ends what its node held", "1G0 1G0.1#4 2X0 3G1 3G2.1#4 4R1 4R2.1"),
        HOLDS("so does the end of a lease", "1G0 2E0 3G1 4R1"),
        HOLDS("granted twice is still one client", "1G0#5 2G0#5 3R0"),
        HOLDS("the release of another is no access", "1G0#5 2R1 3R0"),
    };
    JUDGE_ALL(&fencing_safe, cases, true);
}

Test (fencing_safe, holds_where_the_resource_can_tell_two_holders_apart) {
    static const judged_case cases[] = {
        HOLDS_AND_TELLS("who comes later shuts the earlier out", "1G0#5 2G1#6 3R0 4R1",
                        "1 late access was refused, the first of node 0 with token 5 at resource "
                        "0 at 0.000000003 s, which had seen 6"),
        HOLDS_AND_TELLS("who comes with an old token is refused at once", "1G1.1#6 2G0.1#5 3R1.1",
                        "1 late access was refused, the first of node 0 with token 5 at resource "
                        "1 at 0.000000002 s, which had seen 6"),
        HOLDS_AND_TELLS("who has no token is refused where others have one", "1G1#1 2G0 3R0 4R1",
                        "2 late accesses were refused, the first of node 0 with token 0 at "
                        "resource 0 at 0.000000002 s, which had seen 1"),
        HOLDS_AND_TELLS("two who were both refused may have one token", "1G0#9 2G1#3 3G2#3 4R0",
                        "2 late accesses were refused, the first of node 1 with token 3 at "
                        "resource 0 at 0.000000002 s, which had seen 9"),
        HOLDS_AND_TELLS("tokens of epochs are told as such", "1G0#30064771073 2G1#25769803780",
                        "1 late access was refused, the first of node 1 with token 6 * 2^32 + 4 at "
                        "resource 0 at 0.000000002 s, which had seen 7 * 2^32 + 1"),
        HOLDS("who has lost its lease makes no access", "1G0#5 2G1#6 3E0 4R1"),
        HOLDS("who has crashed makes none", "1G0#5 2G1#6 3X0 4R1"),
        HOLDS_AND_TELLS("a second grant is a new token", "1G0#5 2G0#6 3G1#5 4R0",
                        "1 late access was refused, the first of node 1 with token 5 at resource "
                        "0 at 0.000000003 s, which had seen 6"),
    };
    JUDGE_ALL(&fencing_safe, cases, true);
    JUDGE_ALL(&fencing_safe, cases, false);
}

Test (fencing_safe, is_violated_where_it_cannot) {
    static const judged_case cases[] = {
        {"no tokens", "1A2 1A3 2G3 1234567890G2 3R3", VERDICT_VIOLATED, 4, 1234567890,
         "resource 0 accepted node 2 at 1.234567890 s while node 3 was inside, and could not tell "
         "them apart: neither has a fencing token"},
        {"equal tokens", "1G0.2#5 2G1.2#5", VERDICT_VIOLATED, 2, 2,
         "resource 2 accepted node 1 at 0.000000002 s while node 0 was inside, and could not tell "
         "them apart: both have the fencing token 5"},
        {"one instant, granted before the release", "3G0 9G1 9R0", VERDICT_VIOLATED, 2, 9,
         "resource 0 accepted node 1 at 0.000000009 s while node 0 was inside, and could not tell "
         "them apart: neither has a fencing token"},
        {"behind one that was told apart", "1G0#5 2G1#6 3G2#6", VERDICT_VIOLATED, 3, 3,
         "resource 0 accepted node 2 at 0.000000003 s while node 1 was inside, and could not tell "
         "them apart: both have the fencing token 6"},
        {"a second grant with the token of another", "1G0#5 2G1#6 3G0#6", VERDICT_VIOLATED, 3, 3,
         "resource 0 accepted node 0 at 0.000000003 s while node 1 was inside, and could not tell "
         "them apart: both have the fencing token 6"},
        {"the crash of another frees nothing", "1G0 2X1 3G1", VERDICT_VIOLATED, 3, 3,
         "resource 0 accepted node 1 at 0.000000003 s while node 0 was inside, and could not tell "
         "them apart: neither has a fencing token"},
        {"the first violation is told", "1G0 2G1 3R1 4R0 5G2 6G3", VERDICT_VIOLATED, 2, 2,
         "resource 0 accepted node 1 at 0.000000002 s while node 0 was inside, and could not tell "
         "them apart: neither has a fencing token"},
    };
    JUDGE_ALL(&fencing_safe, cases, true);
    JUDGE_ALL(&fencing_safe, cases, false);
}
