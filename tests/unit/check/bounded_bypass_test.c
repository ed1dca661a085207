#include "judging.h"

Test (bounded_bypass, holds_where_nobody_passes_three_times) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("nobody waits", "1A0 2G0 3R0 4A0 5G0 6R0 7A0 8G0 9R0"),
        HOLDS("two entries while one waits", "1A0 2A1 3G1 4R1 5A1 6G1 7R1 8G0"),
        HOLDS("two of each other", "1A0 2G1 3R1 4G2 5R2 6G1 7R1 8G2 9R2 10G3 11R3 12G3 13R3 14G0"),
        HOLDS("the first entry had begun before the request",
              "1A1 2G1 3A0 4R1 5A1 6G1 7R1 8A1 9G1 10R1 11G0"),
        HOLDS("the first began in the instant of the request, before it",
              "1G1 1A0 2R1 3G1 4R1 5G1 6R1 7G0"),
        HOLDS("another resource is entered",
              "1A0.0 2G1.1 3R1.1 4G1.1 5R1.1 6G1.1 7R1.1 8G1.2 9R1.2 10G1.0 11G0.0"),
        HOLDS("two waits in a row, two entries in each",
              "1A0 2G1 3R1 4G1 5R1 6G0 7R0 8A0 9G1 10R1 11G1 12R1 13G0"),
        HOLDS("a crash withdraws the request", "1A0 2G1 3R1 4G1 5R1 6X0 7G1"),
        HOLDS("what is asked after recovery is counted anew",
              "1A0 2G1 3R1 4G1 5R1 6X0 7B0 8A0 9G1 10R1 11G1 12R1 13G0"),
        HOLDS("its own entries do not pass it", "1A0 2G0 3G0 4G0 5G0"),
        HOLDS("who was passed has been granted since", "1A0 2G1 3R1 4G1 5R1 6G0 7R0 8G1"),
    };
    JUDGE_ALL(&bounded_bypass, cases, true);
    JUDGE_ALL(&bounded_bypass, cases, false);
}

#define REASON(passed, resource, since, who, at)                                                   \
    "node " passed " waits for resource " resource " since " since " s, and node " who             \
    " has entered it 3 times since then, the last time at " at " s, expected 2 at most"

Test (bounded_bypass, is_violated_by_the_third_entry_of_one_node) {
    static const judged_case cases[] = {
        {"three in a row", "1A0 2G1 3R1 4G1 5R1 6G1 7R1 8G0", VERDICT_VIOLATED, 6, 6,
         REASON("0", "0", "0.000000001", "1", "0.000000006")},
        {"others in between", "1A0 2G1 3R1 4G2 5R2 6G1 7R1 8G3 9R3 10G1", VERDICT_VIOLATED, 10, 10,
         REASON("0", "0", "0.000000001", "1", "0.000000010")},
        {"three after one that had begun before", "1G1 2A0 3R1 4G1 5R1 6G1 7R1 8G1",
         VERDICT_VIOLATED, 8, 8, REASON("0", "0", "0.000000002", "1", "0.000000008")},
        {"of several that wait, who waits longest is named", "1A3 2A0 3A2 4G1 5R1 6G1 7R1 8X3 9G1",
         VERDICT_VIOLATED, 9, 9, REASON("0", "0", "0.000000002", "1", "0.000000009")},
        {"who came later waits on when the longest was granted",
         "1A3 2A0 3G1 4R1 5G3 6R3 7G1 8R1 9G1", VERDICT_VIOLATED, 9, 9,
         REASON("0", "0", "0.000000002", "1", "0.000000009")},
        {"its own resource", "1A0.2 2G1.2 3G1.0 4R1.2 5G1.2 6R1.2 7G1.2", VERDICT_VIOLATED, 7, 7,
         REASON("0", "2", "0.000000001", "1", "0.000000007")},
        {"a second request while it waits changes nothing", "1A0 2G1 3R1 4A0 5G1 6R1 7G1",
         VERDICT_VIOLATED, 7, 7, REASON("0", "0", "0.000000001", "1", "0.000000007")},
        {"a crash of who passes changes nothing", "1A0 2G1 3X1 4B1 5G1 6X1 7B1 8G1",
         VERDICT_VIOLATED, 8, 8, REASON("0", "0", "0.000000001", "1", "0.000000008")},
        {"the first violation counts", "1A0 2G1 3G1 4G1 5G1 6G2 7G2 8G2", VERDICT_VIOLATED, 4, 4,
         REASON("0", "0", "0.000000001", "1", "0.000000004")},
    };
    JUDGE_ALL(&bounded_bypass, cases, true);
    JUDGE_ALL(&bounded_bypass, cases, false);
}
