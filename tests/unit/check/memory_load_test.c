/*
 * Long histories of memories that are right or wrong by construction: the verdict, and that it
 * takes little of the effort that there is.
 */
#include "dice.h"
#include "memory_judging.h"

#include <glib.h>

enum { NODES_MOST = 128, OBJECTS = 8 };

/* Each node does one access after the other; each step of the simulation moves one node on. */
typedef struct write_of {
    uint32_t object, node;
    uint64_t value;
} write_of;

typedef struct simulated {
    history h;
    dice d;
    uint32_t nodes, values; /* values 0: each write has another one */
    bool is_busy[NODES_MOST], has_effect[NODES_MOST];
    bool is_write[NODES_MOST];
    dasim_access open[NODES_MOST];
    uint64_t copies[NODES_MOST][OBJECTS];  /* [0]: the only one, where there is only one */
    GArray *log;                           /* write_of: all writes that took effect */
    uint32_t applied[NODES_MOST][OBJECTS]; /* so many of the log; where it is one log, [0] */
    uint64_t effective_at[NODES_MOST];     /* place in the log of the own write, + 1 */
} simulated;

static void report(simulated *s, uint32_t node, bool is_request)
{
    bool w = s->is_write[node];
    uint32_t op =
        is_request ? (w ? DASIM_WRITE : DASIM_READ) : (w ? DASIM_WRITE_DONE : DASIM_READ_DONE);
    history_access(&s->h, (int64_t)s->h.number + 1, is_request ? RECORD_REQUEST : RECORD_INDICATION,
                   op, node, s->open[node]);
}

static void ask_anything(simulated *s, uint32_t node)
{
    s->is_write[node] = roll(&s->d, 3) == 0;
    s->open[node] = (dasim_access){.object = roll(&s->d, OBJECTS)};
    if (s->is_write[node]) {
        s->open[node].value = s->values ? roll(&s->d, s->values) : s->h.number + 1;
    }
    s->is_busy[node] = true;
    s->has_effect[node] = false;
    report(s, node, true);
}

static void finish(simulated *s, uint32_t node)
{
    s->is_busy[node] = false;
    report(s, node, false);
}

static void log_write(simulated *s, uint32_t node)
{
    write_of one = {s->open[node].object, node, s->open[node].value};
    g_array_append_val(s->log, one);
    s->effective_at[node] = s->log->len;
    s->has_effect[node] = true;
}

/* One copy; each access takes effect at some moment between question and answer. */
static void move_central(simulated *s, uint32_t node)
{
    dasim_access *a = &s->open[node];
    if (!s->has_effect[node]) {
        if (s->is_write[node]) {
            s->copies[0][a->object] = a->value;
        } else {
            a->value = s->copies[0][a->object];
        }
        s->has_effect[node] = true;
    } else {
        finish(s, node);
    }
}

/* One order of writes, which each copy follows in its own time; reads are local. A write is done
 * when its own node has it. H. Attiya, J. Welch, "Sequential Consistency versus Linearizability",
 * ACM TOCS 12(2), 1994: local reads. */
static void move_sequenced(simulated *s, uint32_t node)
{
    dasim_access *a = &s->open[node];
    if (!s->is_write[node]) {
        a->value = s->copies[node][a->object];
        finish(s, node);
    } else if (!s->has_effect[node]) {
        log_write(s, node);
    } else if (s->applied[node][0] >= s->effective_at[node]) {
        finish(s, node);
    }
}

static void follow_log(simulated *s, uint32_t node)
{
    for (uint32_t n = roll(&s->d, 4); n > 0 && s->applied[node][0] < s->log->len; n--) {
        const write_of *w = &g_array_index(s->log, write_of, s->applied[node][0]++);
        s->copies[node][w->object] = w->value;
    }
}

/* As before, but each object is followed by itself: coherent, and no more. */
static void move_by_object(simulated *s, uint32_t node)
{
    dasim_access *a = &s->open[node];
    if (s->is_write[node] && !s->has_effect[node]) {
        log_write(s, node);
    } else if (!s->is_write[node] || s->applied[node][a->object] >= s->effective_at[node]) {
        a->value = s->is_write[node] ? a->value : s->copies[node][a->object];
        finish(s, node);
    }
}

static void follow_one_object(simulated *s, uint32_t node)
{
    uint32_t object = roll(&s->d, OBJECTS), *applied = &s->applied[node][object];
    for (; *applied < s->log->len; (*applied)++) {
        const write_of *w = &g_array_index(s->log, write_of, *applied);
        if (w->object == object) {
            s->copies[node][object] = w->value;
        }
    }
}

/* Writes are done at once in the own copy, and come to the others later, in the order of each
 * writer: R. Lipton, J. Sandberg, "PRAM: A Scalable Shared Memory", Princeton TR-180-88, 1988. */
static void move_pipelined(simulated *s, uint32_t node)
{
    dasim_access *a = &s->open[node];
    if (s->is_write[node]) {
        log_write(s, node);
        s->copies[node][a->object] = a->value;
    } else {
        a->value = s->copies[node][a->object];
    }
    finish(s, node);
}

static void follow_one_writer(simulated *s, uint32_t node)
{
    uint32_t writer = roll(&s->d, MIN(s->nodes, OBJECTS)), *applied = &s->applied[node][writer];
    for (; *applied < s->log->len && roll(&s->d, 16) > 0; (*applied)++) {
        const write_of *w = &g_array_index(s->log, write_of, *applied);
        if (w->node == writer && writer != node) {
            s->copies[node][w->object] = w->value;
        }
    }
}

typedef struct kind_of_memory {
    void (*move)(simulated *s, uint32_t node);
    void (*follow)(simulated *s, uint32_t node);
} kind_of_memory;

static const kind_of_memory central = {move_central, NULL};
static const kind_of_memory sequenced = {move_sequenced, follow_log};
static const kind_of_memory by_object = {move_by_object, follow_one_object};
static const kind_of_memory pipelined = {move_pipelined, follow_one_writer};

static void simulate(simulated *s, const kind_of_memory *kind, uint32_t accesses)
{
    uint32_t asked = 0, busy = 0;
    s->h = history_of_stack(NODES_MOST, OBJECTS, NULL, &stub_memory);
    s->h.self = memory_history_make(s->h.world);
    s->h.watch = memory_history_record;
    s->log = g_array_new(FALSE, FALSE, sizeof(write_of));
    while (asked < accesses || busy > 0) {
        uint32_t node = roll(&s->d, s->nodes);
        if (kind->follow && roll(&s->d, 2)) {
            kind->follow(s, node);
        } else if (s->is_busy[node]) {
            kind->move(s, node);
            busy -= !s->is_busy[node];
        } else if (asked < accesses) {
            ask_anything(s, node);
            asked++;
            busy++;
        }
    }
    g_array_free(s->log, TRUE);
}

typedef struct load_case {
    const char *claim;
    const kind_of_memory *kind;
    uint32_t nodes, accesses, values;
    verdict coherent, sequential, linearizable;
} load_case;

static simulated *simulated_new(const load_case *c)
{
    simulated *s = g_new0(simulated, 1);
    s->d.state = 4711;
    s->nodes = c->nodes;
    s->values = c->values;
    simulate(s, c->kind, c->accesses);
    return s;
}

static void simulated_free(simulated *s)
{
    memory_history_free(s->h.self);
    history_end(&s->h);
    g_free(s);
}

static void judge_load(const load_case *c)
{
    const verdict expected[] = {c->coherent, c->sequential, c->linearizable};
    simulated *s = simulated_new(c);
    for (memory_model m = MEMORY_COHERENT; m <= MEMORY_LINEARIZABLE; m++) {
        finding f;
        uint64_t spent = 0;
        memory_history_judge(s->h.self, m, MEMORY_EFFORT, &spent, &f);
        cr_expect_eq(f.verdict, expected[m], "%s: model %d: verdict %d, %s", c->claim, (int)m,
                     (int)f.verdict, f.reason ? f.reason : "no reason");
        cr_expect_lt(spent, MEMORY_EFFORT / 5, "%s: model %d: effort %u", c->claim, (int)m,
                     (unsigned)spent);
        finding_clear(&f);
    }
    simulated_free(s);
}

#define YES VERDICT_HOLDS
#define NO VERDICT_VIOLATED

static const load_case loads[] = {
    {"one copy", &central, 8, 10000, 0, YES, YES, YES},
    {"one copy, few values", &central, 8, 10000, 3, YES, YES, YES},
    {"one copy, many nodes", &central, 100, 10000, 0, YES, YES, YES},
    {"sequenced writes, local reads", &sequenced, 8, 10000, 0, YES, YES, NO},
    {"sequenced writes, few values", &sequenced, 8, 500, 3, YES, YES, NO},
    {"objects by themselves", &by_object, 8, 10000, 0, YES, NO, NO},
    {"writers by themselves", &pipelined, 8, 10000, 0, NO, NO, NO},
};

Test (memory_load, ten_thousand_accesses_are_decided_with_little_effort) {
    for (size_t i = 0; i < G_N_ELEMENTS(loads); i++) {
        judge_load(&loads[i]);
    }
}

/* Stale reads of values that many wrote: here it is NP-complete indeed. */
Test (memory_load, the_search_ends_with_the_effort_that_it_was_given) {
    static const load_case hard = {.kind = &sequenced, .nodes = 8, .accesses = 10000, .values = 3};
    simulated *s = simulated_new(&hard);
    finding f;
    uint64_t spent = 0, effort = 5000000;
    memory_history_judge(s->h.self, MEMORY_SEQUENTIAL, effort, &spent, &f);
    cr_expect_eq(f.verdict, VERDICT_INCONCLUSIVE);
    cr_expect(spent > effort / 2 && spent <= effort, "%u", (unsigned)spent);
    cr_expect_not_null(strstr(f.reason, "of 6630 reads"), "%s", f.reason);
    finding_clear(&f);
    simulated_free(s);
}
