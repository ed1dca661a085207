#include "judging.h"

Test (one_leader_per_term, holds_while_each_term_has_one) {
    static const judged_case cases[] = {
        HOLDS("nothing happened", ""),
        HOLDS("one declares itself, the others follow", "0B0 0B1 0B2 1Na2.2 2Na0.2 2Na1.2"),
        HOLDS("two leaders of two terms live side by side", "0B0 0B1 1Na0.0 2Nb1.1"),
        HOLDS("the same node again", "0B1 1Na1.1 2Na1.1 3X1 4B1 5Na1.1"),
        HOLDS("naming another is no declaration", "0B0 0B1 0B2 1Na0.1 2Na1.2 3Na2.2"),
        HOLDS("without terms, one after the other", "0B0 0B1 1N0.0 2N0.1 3N1.1"),
        HOLDS("without terms, a crash ends it", "0B0 0B1 1N0.0 2X0 3N1.1"),
        HOLDS("without terms, a restart begins without it", "0B0 0B1 1N0.0 2X0 3N1.1 4B0 5N0.1"),
        HOLDS("a term and none are not compared", "0B0 0B1 1N0.0 2Na1.1"),
        HOLDS("whoever goes over to terms leads no more without", "0B0 0B1 1N0.0 2Na0.0 3N1.1"),
    };
    JUDGE_ALL(&one_leader_per_term, cases, true);
}

Test (one_leader_per_term, is_violated_by_two_of_one_term) {
    static const judged_case cases[] = {
        {"at any time", "0B0 0B1 1000000000Nb0.0 2500000000Nb1.1 3N1.0", VERDICT_VIOLATED, 4,
         2500000000,
         "node 0 at 1.000000000 s and node 1 at 2.500000000 s declared themselves leader of "
         "term 2"},
        {"also after the death of the first", "0B0 0B1 1Nb0.0 2X0 3Nb1.1", VERDICT_VIOLATED, 5, 3,
         "node 0 at 0.000000001 s and node 1 at 0.000000003 s declared themselves leader of "
         "term 2"},
        {"the first violation is told", "0B0 0B1 0B2 1Nb0.0 3Nb1.1 4Nb2.2", VERDICT_VIOLATED, 5, 3,
         "node 0 at 0.000000001 s and node 1 at 0.000000003 s declared themselves leader of "
         "term 2"},
        {"without terms, side by side", "0B0 0B1 0B2 1N2.2 2N0.2 9N1.1", VERDICT_VIOLATED, 6, 9,
         "nodes 1 and 2 both take themselves for the leader at 0.000000009 s"},
        {"without terms, until it names another", "0B0 0B1 1N0.0 2N0.1 3N0.0 4N1.1",
         VERDICT_VIOLATED, 6, 4,
         "nodes 0 and 1 both take themselves for the leader at 0.000000004 s"},
    };
    JUDGE_ALL(&one_leader_per_term, cases, true);
    JUDGE_ALL(&one_leader_per_term, cases, false);
}
