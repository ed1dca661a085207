#include "../history.h"

#include "check/property.h"

#include <string.h>

static const dasim_algorithm stub_memory = STUB(.name = "stub_memory", .provides = DASIM_MEMORY);

/* At `at` ns on `node`: a Read or Write of `object` with `tag` is asked for, or Done ('r', 'w'), or
 * the node crashes ('X'). */
typedef struct moment {
    int64_t at;
    char what;
    uint32_t node, object, tag;
} moment;

static void happen(history *h, const moment *m)
{
    dasim_access access = {.object = m->object, .tag = m->tag};
    record r = {.at = m->at, .node = m->node, .peer = NOBODY, .kind = RECORD_CRASH};
    if (m->what != 'X') {
        bool asks = m->what == 'R' || m->what == 'W', reads = m->what == 'R' || m->what == 'r';
        r.kind = asks ? RECORD_REQUEST : RECORD_INDICATION;
        r.type = asks ? (reads ? DASIM_READ : DASIM_WRITE)
                      : (reads ? DASIM_READ_DONE : DASIM_WRITE_DONE);
        r.size = sizeof access;
        r.body = &access;
        r.component = (uint8_t)h->component;
    }
    history_record(h, r);
}

static finding judged(const moment *moments, bool settled)
{
    history h = history_of_stack(4, 3, NULL, &stub_memory);
    h.self = every_access_completed.make(h.world);
    h.watch = every_access_completed.on_record;
    for (; moments->what; moments++) {
        happen(&h, moments);
    }
    finding f;
    every_access_completed.judge(h.self, h.world, (run_end){.settled = settled}, &f);
    every_access_completed.destroy(h.self);
    history_end(&h);
    return f;
}

typedef struct access_case {
    const char *claim;
    moment moments[12];
    uint64_t record; /* 0: it holds */
    const char *reason;
} access_case;

static const access_case cases[] = {
    {"nothing happens", {{0}}, 0, NULL},
    {"asked and done",
     {{1, 'R', 0, 1, 7}, {2, 'r', 0, 1, 7}, {3, 'W', 0, 1, 8}, {3, 'w', 0, 1, 8}},
     0,
     NULL},
    {"several at once, done in another order",
     {{1, 'R', 0, 1, 7}, {1, 'W', 0, 1, 8}, {2, 'w', 0, 1, 8}, {3, 'r', 0, 1, 7}},
     0,
     NULL},
    {"a crash ends them", {{1, 'R', 2, 1, 7}, {2, 'W', 2, 0, 8}, {3, 'X', 2, 0, 0}}, 0, NULL},
    {"one is left",
     {{1, 'R', 0, 1, 7}, {1234567890, 'W', 1, 2, 7}, {4, 'r', 0, 1, 7}},
     2,
     "node 1 writes object 2 since 1.234567890 s"},
    {"what is done once too often is no other access",
     {{1, 'R', 0, 1, 7}, {2, 'r', 0, 1, 7}, {3, 'r', 0, 1, 7}, {4, 'R', 0, 1, 8}},
     4,
     "node 0 reads object 1 since 0.000000004 s"},
    {"another's answer is none",
     {{1, 'R', 0, 1, 7}, {2, 'r', 1, 1, 7}, {3, 'w', 0, 1, 7}},
     1,
     "node 0 reads object 1 since 0.000000001 s"},
    {"another's crash ends nothing",
     {{5, 'W', 0, 1, 7}, {6, 'X', 1, 0, 0}},
     1,
     "node 0 writes object 1 since 0.000000005 s"},
    {"who waits longest comes first, no more than five are named",
     {{1, 'R', 0, 0, 1},
      {2, 'R', 1, 1, 1},
      {3, 'W', 2, 2, 1},
      {4, 'R', 3, 0, 1},
      {5, 'R', 0, 1, 2},
      {6, 'R', 0, 1, 3},
      {7, 'R', 0, 1, 4}},
     1,
     "node 0 reads object 0 since 0.000000001 s, node 1 reads object 1 since 0.000000002 s, node 2 "
     "writes object 2 since 0.000000003 s, node 3 reads object 0 since 0.000000004 s, node 0 reads "
     "object 1 since 0.000000005 s, and 2 more"},
};

Test (every_access_completed, is_violated_where_an_access_is_left) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const access_case *c = &cases[i];
        finding f = judged(c->moments, true);
        cr_expect_eq(f.verdict, c->record > 0 ? VERDICT_VIOLATED : VERDICT_HOLDS, "%s", c->claim);
        cr_expect_eq(f.record, c->record, "%s: record %d", c->claim, (int)f.record);
        cr_expect(g_strcmp0(f.reason, c->reason) == 0, "%s: %s", c->claim, f.reason);
        finding_clear(&f);
    }
}

Test (every_access_completed, is_open_where_the_run_ended_too_early) {
    finding f = judged(cases[4].moments, false);
    cr_expect_eq(f.verdict, VERDICT_INCONCLUSIVE);
    cr_expect_str_eq(f.reason,
                     "node 1 writes object 2 since 1.234567890 s; the run ended before it "
                     "was clear whether in vain");
    finding_clear(&f);
}
