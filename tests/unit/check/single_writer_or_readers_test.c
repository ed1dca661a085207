/* Worlds that run: what a node may do is in its state. */
#include "../history.h"

#include "check/property.h"

#include <string.h>

enum { PAGES = 3, READ = 1, WRITE = 2, FOR_A_MOMENT = 4, CRASH = 8, RECOVER = 16 };

typedef struct rights {
    bool valid[PAGES], writable[PAGES];
} rights;

static const dasim_field rights_fields[] = {
    {.name = "valid", .type = DASIM_BOOL, .count = PAGES, .role = "reader"},
    {.name = "writable",
     .type = DASIM_BOOL,
     .offset = offsetof(rights, writable),
     .count = PAGES,
     .role = "writer"},
    {.name = NULL},
};

static size_t rights_size(const dasim_config *config)
{
    (void)config;
    return sizeof(rights);
}

/* The request says what the node may do from now on; or, while it sends a message, for a moment. */
static void take_rights(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)size;
    const dasim_access *its = arg;
    rights *my = self->state;
    my->valid[its->object] = its->value & READ;
    my->writable[its->object] = its->value & WRITE;
    if (its->value & FOR_A_MOMENT) {
        dasim_broadcast(self, STUB_ANSWER, NULL, 0);
        my->valid[its->object] = my->writable[its->object] = false;
    }
}

static const dasim_algorithm stub_pages = {
    .magic = DASIM_MAGIC,
    .abi = DASIM_ABI,
    .size = sizeof(dasim_algorithm),
    .name = "stub_pages",
    .title = "a stub",
    .provides = DASIM_MEMORY,
    .messages = stub_messages,
    .state = rights_fields,
    .state_size = rights_size,
    .on_request = take_rights,
    .on_message = stub_on_message,
};

/* At `at` ns, `node` gets rights on `page`, crashes or recovers. */
typedef struct change {
    int64_t at;
    uint32_t node, page, what;
} change;

typedef struct pages_case {
    const char *claim;
    change changes[6];
    int64_t violated_at; /* -1: it holds */
    const char *reason;
} pages_case;

static uint32_t number;

static void on_start(void *self, world *w)
{
    const pages_case *c = self;
    for (uint32_t i = 0; c->changes[i].at > 0; i++) {
        world_alarm(w, number, c->changes[i].at, NOBODY, i);
    }
}

static void on_alarm(void *self, world *w, uint32_t node, uint64_t i)
{
    (void)node;
    const change *c = &((const pages_case *)self)->changes[i];
    dasim_access access = {.object = c->page, .value = c->what};
    if (c->what == CRASH) {
        world_crash(w, c->node, false);
    } else if (c->what == RECOVER) {
        world_recover(w, c->node);
    } else {
        world_request(w, c->node, 0, DASIM_WRITE, &access, sizeof access);
    }
}

static finding judged(const dasim_algorithm *memory, const pages_case *c)
{
    const char *refusal = NULL;
    world_config config = {.nodes = 4, .resources = PAGES, .seed = 1, .stack_size = 1};
    config.stack[0].algorithm = memory;
    world *w = world_new(&config, &refusal);
    cr_assert_not_null(w, "%s", refusal);
    const property *p = &single_writer_or_readers;
    driver d = {.self = (void *)(uintptr_t)c, .on_start = on_start, .on_alarm = on_alarm};
    observer o = {p->make(w), p->on_record};
    number = world_drive(w, &d);
    world_observe(w, &o);
    world_start(w);
    world_run(w, INT64_MAX, UINT64_MAX);
    finding f;
    p->judge(o.self, w, (run_end){.settled = true}, &f);
    p->destroy(o.self);
    world_free(w);
    return f;
}

static void judge_cases(const pages_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const pages_case *c = &cases[i];
        finding f = judged(&stub_pages, c);
        cr_expect_eq(f.verdict, c->violated_at < 0 ? VERDICT_HOLDS : VERDICT_VIOLATED, "%s: %s",
                     c->claim, f.reason);
        cr_expect_eq(f.at, c->violated_at < 0 ? 0 : c->violated_at, "%s: at %d", c->claim,
                     (int)f.at);
        cr_expect(g_strcmp0(f.reason, c->reason) == 0, "%s: %s", c->claim, f.reason);
        cr_expect_eq(f.record > 0, c->violated_at >= 0);
        finding_clear(&f);
    }
}

Test (single_writer_or_readers, holds_while_who_writes_is_alone) {
    static const pages_case cases[] = {
        {"nothing happens", {{0}}, -1, NULL},
        {"many readers", {{1, 0, 1, READ}, {2, 1, 1, READ}, {3, 3, 1, READ}}, -1, NULL},
        {"one writer", {{1, 2, 1, READ | WRITE}}, -1, NULL},
        {"pages are independent", {{1, 0, 0, WRITE}, {2, 1, 1, WRITE}, {3, 2, 2, READ}}, -1, NULL},
        {"handed over", {{1, 0, 0, READ | WRITE}, {2, 0, 0, 0}, {3, 1, 0, WRITE}}, -1, NULL},
        {"a writer becomes one of the readers",
         {{1, 0, 0, READ | WRITE}, {2, 0, 0, READ}, {3, 1, 0, READ}},
         -1,
         NULL},
        {"who is down may do nothing",
         {{1, 0, 0, WRITE}, {2, 0, 0, CRASH}, {3, 1, 0, WRITE}},
         -1,
         NULL},
        {"who comes back has nothing",
         {{1, 0, 0, WRITE}, {2, 0, 0, CRASH}, {3, 1, 0, WRITE}, {4, 0, 0, RECOVER}},
         -1,
         NULL},
        {"what is true in the middle of a handler was never true",
         {{1, 0, 0, READ}, {2, 1, 0, WRITE | FOR_A_MOMENT}, {3, 0, 0, READ}},
         -1,
         NULL},
    };
    judge_cases(cases, sizeof cases / sizeof *cases);
}

Test (single_writer_or_readers, is_violated_by_a_writer_who_is_not_alone) {
    static const pages_case cases[] = {
        {"a reader beside a writer",
         {{1, 2, 1, READ}, {1234567890, 0, 1, READ | WRITE}},
         1234567890,
         "node 0 may write page 1 while node 2 may read it at 1.234567890 s"},
        {"the reader comes later",
         {{1, 3, 0, WRITE}, {7, 1, 0, READ}, {9, 1, 0, 0}},
         7,
         "node 3 may write page 0 while node 1 may read it at 0.000000007 s"},
        {"two writers",
         {{1, 1, 2, WRITE}, {5, 3, 2, READ | WRITE}},
         5,
         "node 1 may write page 2 while node 3 may write it at 0.000000005 s"},
        {"the first violation is told",
         {{1, 0, 0, WRITE}, {2, 1, 0, READ}, {3, 2, 1, WRITE}, {4, 3, 1, WRITE}},
         2,
         "node 0 may write page 0 while node 1 may read it at 0.000000002 s"},
        {"at the very end",
         {{1, 0, 0, READ}, {2, 1, 0, WRITE}},
         2,
         "node 1 may write page 0 while node 0 may read it at 0.000000002 s"},
        {"the crash of another takes nothing away",
         {{1, 0, 0, WRITE}, {2, 2, 0, CRASH}, {3, 1, 0, READ}},
         3,
         "node 0 may write page 0 while node 1 may read it at 0.000000003 s"},
    };
    judge_cases(cases, sizeof cases / sizeof *cases);
}

Test (single_writer_or_readers, applies_where_somebody_says_who_may_do_what) {
    dasim_algorithm silent = stub_pages;
    silent.state = NULL;
    world_config config = {.nodes = 3,
                           .resources = 1,
                           .stack = {{.algorithm = &stub_pages}},
                           .stack_size = 1};
    cr_expect(single_writer_or_readers.applies(&config));
    config.stack[0].algorithm = &silent;
    cr_expect_not(single_writer_or_readers.applies(&config));
}
