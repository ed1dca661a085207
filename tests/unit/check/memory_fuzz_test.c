/*
 * Random small histories, judged by the search and by trying all orders, one after the other. They
 * must agree on the verdict and on the read where it shows.
 */
#include "dice.h"
#include "memory_judging.h"

#include <glib.h>

enum { CASES = 4000, ACCESSES_MOST = 10 };

/* ---------------------------------------------------------------------------- all orders */

typedef struct attempt {
    const memory_access *all[ACCESSES_MOST];
    uint32_t count;
    uint64_t until; /* reads that were done after this record are left out */
    bool real_time;
} attempt;

static bool is_certain(const attempt *t, uint32_t i)
{
    return t->all[i]->done <= (t->all[i]->is_write ? MEMORY_NEVER - 1 : t->until);
}

static bool may_come(const attempt *t, uint32_t i, uint32_t placed)
{
    const memory_access *a = t->all[i];
    if (!a->is_write && !is_certain(t, i)) {
        return false;
    }
    for (uint32_t k = 0; k < t->count; k++) {
        bool ordered = t->real_time || t->all[k]->client == a->client;
        if (ordered && is_certain(t, k) && t->all[k]->done < a->asked && !(placed >> k & 1)) {
            return false;
        }
    }
    return true;
}

static bool try_all(const attempt *t, uint32_t placed, const uint64_t *values)
{
    bool complete = true;
    for (uint32_t i = 0; i < t->count; i++) {
        complete &= (placed >> i & 1) || !is_certain(t, i);
    }
    for (uint32_t i = 0; !complete && i < t->count; i++) {
        const memory_access *a = t->all[i];
        if ((placed >> i & 1) || !may_come(t, i, placed) ||
            (!a->is_write && values[a->object] != a->value)) {
            continue;
        }
        uint64_t after[3] = {values[0], values[1], values[2]};
        after[a->object] = a->value;
        complete = try_all(t, placed | 1u << i, after);
    }
    return complete;
}

/* Record of the first read that has no explanation; 0: all have. */
static uint64_t reference(const memory_history *h, memory_model model)
{
    uint32_t count;
    const memory_access *all = memory_history_accesses(h, &count);
    uint64_t worst = 0;
    for (uint32_t object = 0; object < (model == MEMORY_COHERENT ? 3 : 1); object++) {
        attempt t = {.real_time = model == MEMORY_LINEARIZABLE};
        for (uint32_t i = 0; i < count; i++) {
            if (model != MEMORY_COHERENT || all[i].object == object) {
                t.all[t.count++] = &all[i];
            }
        }
        for (t.until = 1; t.until <= 3 * ACCESSES_MOST; t.until++) {
            if (!try_all(&t, 0, (const uint64_t[3]){0})) {
                worst = worst == 0 ? t.until : MIN(worst, t.until);
                break;
            }
        }
    }
    return worst;
}

/* ------------------------------------------------------------------------ random histories */

typedef struct invention {
    uint32_t nodes, tags, objects, values; /* values 0: each write has another one */
    uint32_t writes;                       /* so many in 8 accesses */
    uint32_t care;                         /* so many in 8 reads return the latest value */
    bool copies;                           /* reads go to a node's copy: coherent, mostly */
} invention;

/* What a read returns: something that was written to the object, mostly. */
static uint64_t returned(dice *d, const invention *v, const memory_history *h, uint32_t object)
{
    uint32_t count;
    const memory_access *all = memory_history_accesses(h, &count);
    bool careful = roll(d, 8) < v->care;
    uint64_t value = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (all[i].is_write && all[i].object == object && (careful || roll(d, 2))) {
            value = all[i].value;
        }
    }
    return value;
}

/* Each node has a copy of each object, which lags behind but never goes back. */
static uint64_t copied(dice *d, const memory_history *h, uint32_t node, uint32_t object,
                       uint32_t *copy)
{
    uint32_t count, passed = 0;
    const memory_access *all = memory_history_accesses(h, &count);
    uint64_t value = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (all[i].is_write && all[i].object == object) {
            passed++;
            if (passed <= *copy || all[i].node == node || roll(d, 3) == 0) {
                value = all[i].value;
                *copy = MAX(*copy, passed);
            }
        }
    }
    return value;
}

static void invent(dice *d, const invention *v, memory_player *p)
{
    bool busy[10][10] = {{false}};
    uint32_t copies[10][3] = {{0}};
    uint32_t asked = 0, least = 4 + roll(d, ACCESSES_MOST - 3);
    for (uint32_t steps = 0; steps < 3 * ACCESSES_MOST && asked < least + 2; steps++) {
        uint32_t node = roll(d, v->nodes), tag = roll(d, v->tags);
        const dasim_access *open = &p->open[node][tag];
        if (roll(d, 40) == 0) {
            memory_play(p, (const char[]){(char)('0' + node), '!', '\0'});
            memset(busy[node], 0, sizeof busy[node]);
        } else if (busy[node][tag]) {
            if (!p->is_write[node][tag]) {
                p->open[node][tag].value = v->copies ? copied(d, p->h.self, node, open->object,
                                                              &copies[node][open->object])
                                                     : returned(d, v, p->h.self, open->object);
            }
            memory_end(p, node, tag);
            busy[node][tag] = false;
        } else if (asked < least && asked < ACCESSES_MOST) {
            bool is_write = roll(d, 8) < v->writes;
            uint64_t value = v->values ? roll(d, v->values) : asked + 1;
            memory_ask(p, node, tag, roll(d, v->objects), is_write, value);
            busy[node][tag] = true;
            asked++;
        }
    }
}

static const invention inventions[] = {
    /* values tell their writers */
    {2, 1, 2, 0, 4, 2},
    {2, 1, 1, 0, 4, 1},
    {3, 1, 3, 0, 3, 0},
    {4, 1, 2, 0, 3, 2},
    /* several wrote the same, or 0 */
    {2, 1, 2, 4, 3, 1},
    {3, 1, 2, 5, 3, 0},
    {3, 1, 1, 3, 2, 1},
    /* copies that lag behind */
    {2, 1, 2, 0, 4, 0, true},
    {3, 1, 3, 0, 4, 0, true},
    {4, 1, 2, 3, 3, 0, true},
    /* several programs a node */
    {2, 2, 2, 4, 3, 1},
};

/* What was found, of all cases: by whether it is coherent, sequential, linearizable. */
typedef struct tally {
    uint32_t found[2][2][2];
} tally;

static bool agree(const memory_player *p, memory_model model, const char *where)
{
    uint64_t expected = reference(p->h.self, model);
    finding f;
    memory_history_judge(p->h.self, model, MEMORY_EFFORT, NULL, &f);
    cr_assert_eq(f.verdict, expected ? VERDICT_VIOLATED : VERDICT_HOLDS, "%s: model %d: %d", where,
                 (int)model, (int)f.verdict);
    cr_assert_eq(f.record, expected, "%s: model %d: record %u, expected %u", where, (int)model,
                 (unsigned)f.record, (unsigned)expected);
    cr_assert((f.reason != NULL) == (expected > 0));
    finding_clear(&f);
    return expected == 0;
}

static void invent_and_agree(const invention *v, uint64_t seed, tally *t)
{
    dice d = {seed};
    for (uint32_t i = 0; i < CASES; i++) {
        char where[64];
        memory_player p = memory_player_new();
        g_snprintf(where, sizeof where, "seed %u, case %u", (unsigned)seed, i);
        invent(&d, v, &p);
        bool coherent_one = agree(&p, MEMORY_COHERENT, where);
        bool sequential_one = agree(&p, MEMORY_SEQUENTIAL, where);
        t->found[coherent_one][sequential_one][agree(&p, MEMORY_LINEARIZABLE, where)]++;
        memory_player_end(&p);
    }
}

/* Linearizability by all objects at once in the reference: it is local. */
Test (memory_fuzz, verdicts_are_those_of_trying_all_orders) {
    tally t = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(inventions); i++) {
        invent_and_agree(&inventions[i], 1000 * i + 7, &t);
    }
    /* Each of the four kinds that there are is frequent. */
    cr_expect_gt(t.found[0][0][0], 3000);
    cr_expect_gt(t.found[1][0][0], 300);
    cr_expect_gt(t.found[1][1][0], 3000);
    cr_expect_gt(t.found[1][1][1], 3000);
    cr_expect_eq(t.found[0][0][1] + t.found[0][1][0] + t.found[0][1][1] + t.found[1][0][1], 0,
                 "the models imply each other");
}
