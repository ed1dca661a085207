#include "memory_judging.h"

#include <glib.h>

/* --------------------------------------------------------------------------- litmus tests */

typedef struct litmus {
    const char *claim, *history;
    bool coherent, sequential, linearizable;
} litmus;

#define YES true
#define NO false

static const litmus all[] = {
    {"nothing happened", "", YES, YES, YES},
    {"an object is 0 at first", "0x?0", YES, YES, YES},
    {"one node", "0x=1 0x?1 0x=2 0x?2", YES, YES, YES},
    {"store buffering, both read 0", "(0x=1 (1y=1 0) 1) (0y?0 (1x?0 0) 1)", YES, NO, NO},
    {"store buffering, one reads 0", "(0x=1 (1y=1 0) 0y?0 1) 1x?1", YES, YES, YES},
    {"message passing, the message is not there", "0x=1 0y=1 | 1y?1 1x?0", YES, NO, NO},
    {"message passing", "0x=1 0y=1 | 1y?1 1x?1", YES, YES, YES},
    {"load buffering, both read 1", "0x?1 0y=1 | 1y?1 1x=1", YES, NO, NO},
    {"independent reads of independent writes", "0x=1 1y=1 | 2x?1 2y?0 | 3y?1 3x?0", YES, NO, NO},
    {"... in one order", "0x=1 1y=1 | 2x?1 2y?0 | 3y?1 3x?1", YES, YES, NO},
    {"write to read causality", "0x=1 | 1x?1 1y=1 | 2y?1 2x?0", YES, NO, NO},
    {"a value is there and gone", "0x=1 | 1x?1 1x?0", NO, NO, NO},
    {"writes in two orders", "0x=1 1x=2 | 2x?1 2x?2 | 3x?2 3x?1", NO, NO, NO},
    {"writes in one order", "0x=1 1x=2 | 2x?1 2x?2 | 3x?1 3x?2", YES, YES, NO},
    {"the own write is not there", "0x=1 0x?0", NO, NO, NO},
    {"the own write is there before", "0x?1 0x=1", NO, NO, NO},
    {"what nobody wrote", "0x=1 1x?2", NO, NO, NO},
    /* real time */
    {"a stale value", "0x=1 1x?0", YES, YES, NO},
    {"a value while it is written", "(0x=1 1x?0 0)", YES, YES, YES},
    {"two values while it is written", "(0x=1 1x?0 1x?1 0)", YES, YES, YES},
    {"the new one and then the old one", "(0x=1 1x?1 2x?0 0)", YES, YES, NO},
    {"a value that is written later", "0x?1 1x=1", YES, YES, NO},
    {"each object by itself is not enough", "0x=1 1y=1 | 2x?0 2y?1", YES, YES, NO},
    /* one value, several writers */
    {"twice the same value", "0x=1 0x=2 1x=1 | 2x?1 2x?2 2x?1", YES, YES, NO},
    {"once the same value", "0x=1 0x=2 | 2x?1 2x?2 2x?1", NO, NO, NO},
    {"0 may be written, too", "0x=1 0x=0 | 1x?0 1x?1 1x?0", YES, YES, NO},
    {"two pairs make no more", "0x=1 0x=2 1x=1 1x=2 | 2x?2 2x?1 2x?2 2x?1", NO, NO, NO},
    /* what was never done */
    {"a write that is under way has an effect", "(0x=1 1x?1", YES, YES, YES},
    {"... or has none", "(0x=1 1x?0", YES, YES, YES},
    {"... but not forth and back", "(0x=1 1x?1 1x?0", NO, NO, NO},
    {"a read that is under way says nothing", "0x=1 (0x?0", YES, YES, YES},
    {"a crashed node's write has its effect late", "(0x=1 0! 1x?0 1x?1", YES, YES, YES},
    {"... also after the node asked for more", "(0x=1 0! 0x?0 0x?1", YES, YES, YES},
    {"... but after what came before it", "0y=1 (0x=1 0! 1x?1 1y?0", YES, NO, NO},
    {"a crash undoes nothing", "0x=1 0! 0x?0", NO, NO, NO},
    {"a node that is asked anew gave up", "(0x=1 (0y=1 0) 1x?0 1x?1", YES, YES, YES},
    {"an end that nobody waits for is none", "(0x=1 0! 0) 1x?0 1x?1", YES, YES, YES},
    /* several programs a node */
    {"tags are programs of their own", "0.1x=1 0.2x?0", YES, YES, NO},
    {"a tag is one program", "0.1x=1 0.1x?0", NO, NO, NO},
    {"tags overlap", "(0.1x=1 (0.2x=2 0.1) 0.2) | 1x?2 1x?1", YES, YES, NO},
    {"... and are ordered by themselves", "(0.1x=1 0.2x=2 0.1) 0.2x?1 0.1x?2", NO, NO, NO},
};

Test (memory_history, litmus_tests_have_their_known_verdicts) {
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        const bool expected[] = {all[i].coherent, all[i].sequential, all[i].linearizable};
        for (memory_model m = MEMORY_COHERENT; m <= MEMORY_LINEARIZABLE; m++) {
            finding f = memory_judged(all[i].history, m);
            cr_expect_eq(f.verdict, expected[m] ? VERDICT_HOLDS : VERDICT_VIOLATED,
                         "%s: model %d: verdict %d, %s", all[i].claim, (int)m, (int)f.verdict,
                         f.reason ? f.reason : "no reason");
            cr_expect_eq(f.reason == NULL, f.verdict == VERDICT_HOLDS);
            finding_clear(&f);
        }
    }
}

/* -------------------------------------------------------------------------------- sentences */

static void expect_reason(const char *text, memory_model model, uint64_t number, const char *reason)
{
    finding f = memory_judged(text, model);
    cr_expect_eq(f.verdict, VERDICT_VIOLATED);
    cr_expect_eq(f.record, number, "%s: record %u", text, (unsigned)f.record);
    cr_expect_eq(f.at, (int64_t)number);
    cr_expect_str_eq(f.reason, reason, "%s: %s", text, f.reason);
    finding_clear(&f);
}

Test (memory_history, the_earliest_read_without_explanation_is_named) {
    expect_reason("0x=1 0x=2 | 1x?2 1x?1 1x?2 | 0x?7", MEMORY_COHERENT, 8,
                  "node 1 read 1 from object 0 at 0.000000008 s, which no order of the accesses to "
                  "this object explains: node 0's write of 1 to object 0 (record 1) before its "
                  "write of 2 to object 0 (record 3) before [as node 1's read of 1 from object 0 "
                  "(record 8) shows] that write");
    expect_reason("0x?7 1x?8", MEMORY_COHERENT, 2,
                  "node 0 read 7 from object 0 at 0.000000002 s, which nobody ever wrote");
}

Test (memory_history, a_contradiction_is_told_as_a_cycle) {
    expect_reason("0x=1 1y=1 0y?0 1x?0", MEMORY_SEQUENTIAL, 8,
                  "node 1 read 0 from object 0 at 0.000000008 s, which no order of all accesses "
                  "explains: node 0's write of 1 to object 0 (record 1) before its read of 0 from "
                  "object 1 (record 6) before node 1's write of 1 to object 1 (record 3) before "
                  "its read of 0 from object 0 (record 8) before that write");
    expect_reason("0x=1 1x?0", MEMORY_LINEARIZABLE, 4,
                  "node 1 read 0 from object 0 at 0.000000004 s, which no order of the accesses to "
                  "this object that keeps real time explains: node 0's write of 1 to object 0 "
                  "(record 1) before node 1's read of 0 from object 0 (record 4) before that "
                  "write");
}

Test (memory_history, what_only_the_search_finds_is_told_without_a_cycle) {
    expect_reason("0x=1 0x=2 1x=1 1x=2 | 2x?2 2x?1 2x?2 2x?1", MEMORY_COHERENT, 16,
                  "node 2 read 1 from object 0 at 0.000000016 s, which no order of the accesses to "
                  "this object explains");
}

Test (memory_history, of_several_objects_the_earliest_read_counts) {
    finding f = memory_judged("0z=1 0z?0 | 0x=1 0x?0", MEMORY_COHERENT);
    cr_expect_eq(f.record, 4);
    finding_clear(&f);
}

Test (memory_history, without_effort_left_the_verdict_is_inconclusive) {
    memory_player p = memory_player_new();
    finding f;
    memory_play(&p, "0x=1 0x=2 1x=1 1x=2 | 2x?2 2x?1 2x?2 2x?1");
    memory_history_judge(p.h.self, MEMORY_COHERENT, 8, NULL, &f);
    cr_expect_eq(f.verdict, VERDICT_INCONCLUSIVE);
    cr_expect_str_eq(f.reason, "the search was given up: of 4 reads that must be explained "
                               "together, only the first 0 were");
    finding_clear(&f);
    memory_player_end(&p);
}

/* -------------------------------------------------------------------------------- collecting */

Test (memory_history, only_the_answer_to_what_is_asked_ends_an_access) {
    memory_player p = memory_player_new();
    dasim_access x = {.object = 0, .value = 5}, y = {.object = 1, .value = 5}, far = {.object = 3};
    memory_play(&p, "(0x?0");
    history_access(&p.h, 2, RECORD_INDICATION, DASIM_READ_DONE, 0, y);
    history_access(&p.h, 3, RECORD_INDICATION, DASIM_WRITE_DONE, 0, x);
    history_access(&p.h, 4, RECORD_INDICATION, DASIM_READ_DONE, 1, x);
    history_access(&p.h, 5, RECORD_REQUEST, DASIM_WRITE, 2, far);
    history_access(&p.h, 6, RECORD_REQUEST, DASIM_WRITE + 1, 2, x);
    p.h.component++;
    history_access(&p.h, 7, RECORD_REQUEST, DASIM_WRITE, 2, x);
    history_access(&p.h, 8, RECORD_INDICATION, DASIM_READ_DONE, 0, x);
    p.h.component--;
    uint32_t count;
    const memory_access *found = memory_history_accesses(p.h.self, &count);
    cr_assert_eq(count, 1);
    cr_expect_eq(found[0].done, MEMORY_NEVER);
    history_access(&p.h, 9, RECORD_INDICATION, DASIM_READ_DONE, 0, x);
    cr_expect_eq(found[0].done, 9);
    cr_expect_eq(found[0].done_at, 9);
    cr_expect_eq(found[0].value, 5);
    memory_player_end(&p);
}

Test (memory_history, the_uppermost_memory_counts) {
    memory_player p = {.h = history_of_stack(2, 3, &stub_memory, &stub_memory)};
    p.h.self = memory_history_make(p.h.world);
    p.h.watch = memory_history_record;
    uint32_t count;
    memory_play(&p, "0x=1 1x?1");
    memory_history_accesses(p.h.self, &count);
    cr_expect_eq(count, 2);
    p.h.component = 0;
    memory_play(&p, "0x=2 1x?2");
    memory_history_accesses(p.h.self, &count);
    cr_expect_eq(count, 2);
    memory_player_end(&p);
}

Test (memory_history, each_property_judges_by_its_own_model) {
    static const struct {
        const property *property;
        const char *right, *wrong;
    } each[] = {{&coherent, "0x=1 0y=1 | 1y?1 1x?0", "0x=1 | 1x?1 1x?0"},
                {&sequentially_consistent, "0x=1 1x?0", "0x=1 0y=1 | 1y?1 1x?0"},
                {&linearizable, "(0x=1 1x?0 0)", "0x=1 1x?0"}};
    for (size_t i = 0; i < G_N_ELEMENTS(each); i++) {
        const property *p = each[i].property;
        for (int wrong = 0; wrong < 2; wrong++) {
            memory_player player = {.h = history_of_stack(10, 3, NULL, &stub_memory)};
            player.h.self = p->make(player.h.world);
            player.h.watch = p->on_record;
            memory_play(&player, wrong ? each[i].wrong : each[i].right);
            finding f;
            p->judge(player.h.self, player.h.world, (run_end){.settled = true}, &f);
            cr_expect_eq(f.verdict, wrong ? VERDICT_VIOLATED : VERDICT_HOLDS, "%s", p->name);
            finding_clear(&f);
            p->destroy(player.h.self);
            history_end(&player.h);
        }
    }
}
