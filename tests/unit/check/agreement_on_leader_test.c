#include "judging.h"

Test (agreement_on_leader, holds_where_all_live_nodes_name_the_highest) {
    static const judged_case cases[] = {
        HOLDS("nobody lives", ""),
        HOLDS("all name the highest", "0B0 0B1 0B3 1N3.3 1N0.3 2N1.3"),
        HOLDS("opinions may change", "0B0 0B1 1N0.0 1N1.0 2N1.1 3N0.1"),
        HOLDS("who is down need not agree", "0B0 0B1 0B2 1N0.2 1N1.2 1N2.0 2N2.2 3X1"),
        HOLDS("the next highest after a crash", "0B0 0B1 0B2 1N0.2 1N1.2 1N2.2 5X2 6N1.1 7N0.1"),
        HOLDS("the highest again when it is back", "0B0 0B1 1N0.1 1N1.1 5X1 6N0.0 7B1 8N1.1 9N0.1"),
        HOLDS("one alone", "0B2 1N2.2"),
        HOLDS("terms do not matter", "0B0 0B1 1Nc0.1 1Na1.1"),
        HOLDS("a leader that is no node is not believed", "0B0 0B1 1N0.1 1N1.1 2N0.9"),
    };
    JUDGE_ALL(&agreement_on_leader, cases, true);
    JUDGE_ALL(&agreement_on_leader, cases, false);
}

Test (agreement_on_leader, is_violated_by_who_names_another_in_a_settled_world) {
    static const judged_case cases[] = {
        {"nobody was elected", "0B0 0B1", VERDICT_VIOLATED, 2, 0,
         "node 0 names nobody, node 1 names nobody; the highest that lives is node 1, and nothing "
         "has changed since 0.000000000 s"},
        {"two opinions", "0B0 0B1 1N1.1 5N0.0", VERDICT_VIOLATED, 4, 5,
         "node 0 names node 0; the highest that lives is node 1, and nothing has changed since "
         "0.000000005 s"},
        {"a dead leader", "0B0 0B1 0B2 1N0.2 1N1.2 1N2.2 7X2", VERDICT_VIOLATED, 7, 7,
         "node 0 names node 2, which is down, node 1 names node 2, which is down; the highest "
         "that lives is node 1, and nothing has changed since 0.000000007 s"},
        {"all agree on one that is not the highest", "0B0 0B1 1N0.0 2N1.0", VERDICT_VIOLATED, 4, 2,
         "node 0 names node 0, node 1 names node 0; the highest that lives is node 1, and nothing "
         "has changed since 0.000000002 s"},
        {"who comes back has forgotten", "0B0 0B1 1N0.1 1N1.1 5X0 6B0", VERDICT_VIOLATED, 6, 6,
         "node 0 names nobody; the highest that lives is node 1, and nothing has changed since "
         "0.000000006 s"},
    };
    JUDGE_ALL(&agreement_on_leader, cases, true);
}

Test (agreement_on_leader, is_inconclusive_where_no_time_was_given) {
    static const judged_case cases[] = {
        {"two opinions", "0B0 0B1 1N1.1 5N0.0", VERDICT_INCONCLUSIVE, 4, 5,
         "node 0 names node 0; the highest that lives is node 1, and nothing has changed since "
         "0.000000005 s; the run ended before it was "
         "clear whether for good"},
    };
    JUDGE_ALL(&agreement_on_leader, cases, false);
}

Test (agreement_on_leader, names_five_and_counts_the_others) {
    finding f =
        judged_of(9, 1, &agreement_on_leader, "0B0 0B1 0B2 0B3 0B4 0B5 0B6 0B7 1N7.7", true);
    cr_expect_str_eq(f.reason, "node 0 names nobody, node 1 names nobody, node 2 names nobody, "
                               "node 3 names nobody, node 4 names nobody, and 2 more are wrong; "
                               "the highest that lives is node 7, and nothing has changed since "
                               "0.000000001 s");
    finding_clear(&f);
}
