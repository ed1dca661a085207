#include "judging.h"

/* Nodes 0 and 1 wait for each other from 6 on. */
#define OPPOSITE "1A0.0 2G0.0 3A1.1 4G1.1 5A0.1 6A1.0 "

Test (no_phantom_deadlock, holds_where_who_says_so_is_in_a_cycle) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("a cycle that nobody finds", OPPOSITE),
        HOLDS("one finds it", OPPOSITE "7V0.0"),
        HOLDS("both find it", OPPOSITE "7V0.0 7V1.1"),
        HOLDS("a process of the node is in it",
              "1Wa1.0 1A1.0 2G1.0 2Ha1.0 3A2.1 4G2.1 5A2.0 6Wb1.2 7Hb1.2 8Wa1.1 9B3 10V1.0"),
    };
    JUDGE_ALL(&no_phantom_deadlock, cases, true);
}

Test (no_phantom_deadlock, is_violated_by_who_says_so_and_is_in_none) {
    static const judged_case cases[] = {
        {"does not wait", "1A0 2G0 3V0", VERDICT_VIOLATED, 3, 3,
         "at 0.000000003 s node 0 takes itself for deadlocked, but does not wait"},
        {"waits for one that works", "1A0.0 2G0.0 3A1.1 4G1.1 5A1.0 6A2.1 7V2.1", VERDICT_VIOLATED,
         7, 7,
         "at 0.000000007 s node 2 takes itself for deadlocked, but waits, in the end, for node 0, "
         "which waits for nobody"},
        {"waits for what has been given back", OPPOSITE "7R1.1 8V0.0", VERDICT_VIOLATED, 8, 8,
         "at 0.000000008 s node 0 takes itself for deadlocked, but nobody holds what it waits for"},
        {"the second victim", OPPOSITE "7V0.0 8E0.0 9V1.1", VERDICT_VIOLATED, 9, 9,
         "at 0.000000009 s node 1 takes itself for deadlocked, but nobody holds what it waits for"},
        {"waits for those in a cycle", OPPOSITE "7A2.1 8V2.1", VERDICT_VIOLATED, 8, 8,
         "at 0.000000008 s node 2 takes itself for deadlocked, but is in none of the cycles"},
        {"of two phantoms the first", "1A0 2G0 3V0 4V0", VERDICT_VIOLATED, 3, 3,
         "at 0.000000003 s node 0 takes itself for deadlocked, but does not wait"},
    };
    JUDGE_ALL(&no_phantom_deadlock, cases, true);
    JUDGE_ALL(&no_phantom_deadlock, cases, false);
}
