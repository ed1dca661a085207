/* Plays histories to one property and asks for its verdict. */
#ifndef DASIM_TESTS_JUDGING_H
#define DASIM_TESTS_JUDGING_H

#include "../history.h"

#include "check/property.h"

#include <string.h>

typedef struct judged_case {
    const char *claim, *history;
    verdict expected;
    uint64_t record;
    int64_t at;
    const char *reason; /* whole; NULL: none */
} judged_case;

#define HOLDS(claim, history)                                                                      \
    {                                                                                              \
        claim, history, VERDICT_HOLDS, 0, 0, NULL                                                  \
    }

static inline finding judged_of(uint32_t nodes, uint32_t resources, const property *p,
                                const char *text, bool settled)
{
    const dasim_algorithm *top = p->service == DASIM_ELECTION ? &stub_election : &stub_lock;
    history h = history_of_stack(nodes, resources, NULL, top);
    h.self = p->make(h.world);
    h.watch = p->on_record;
    history_play(&h, text);
    finding f;
    p->judge(h.self, h.world, (run_end){.settled = settled}, &f);
    p->destroy(h.self);
    history_end(&h);
    return f;
}

/* Four nodes and three resources are enough for every case. */
static inline void judge_all(const property *p, const judged_case *cases, size_t count,
                             bool settled)
{
    for (size_t i = 0; i < count; i++) {
        const judged_case *c = &cases[i];
        finding f = judged_of(4, 3, p, c->history, settled);
        cr_expect_eq(f.verdict, c->expected, "%s: verdict %d, %s", c->claim, (int)f.verdict,
                     f.reason ? f.reason : "no reason");
        cr_expect_eq(f.record, c->record, "%s: record %u", c->claim, (unsigned)f.record);
        cr_expect_eq(f.at, c->at, "%s: at %d", c->claim, (int)f.at);
        cr_expect(g_strcmp0(f.reason, c->reason) == 0, "%s: %s", c->claim,
                  f.reason ? f.reason : "no reason");
        finding_clear(&f);
        cr_expect_null(f.reason);
    }
}

#define JUDGE_ALL(p, cases, settled) judge_all(p, cases, sizeof(cases) / sizeof *(cases), settled)

#endif
