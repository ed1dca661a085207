/*
 * To find the earliest read that cannot be explained, the history is judged with the later reads
 * left out: with twice as many reads each time until there is no explanation, then by halves. An
 * order that explains reads explains each part of them.
 */
#include "check/memory_order.h"

#include "check/lock_history.h"

#include "base/map.h"

#include <stdlib.h>

enum { READS_LEAST = 16, NAMED_MOST = 8 };

/* ---------------------------------------------------------------------------------- judging */

/* Accesses that are judged together. */
typedef struct part {
    const memory_access **accesses; /* in the order of asking */
    uint32_t count;
    const memory_access **reads; /* those that are done, in the order of their ends */
    uint32_t read_count;
    uint64_t slack;   /* 0: real time must be kept; MEMORY_NEVER: need not */
    uint64_t clients; /* how many there are, in all of the history */
    uint64_t *effort;
    uint32_t explained; /* so many reads, at least */
    uint32_t refused;   /* so many reads are too many; UINT32_MAX: not known of any */
} part;

static int by_end(const void *a, const void *b)
{
    uint64_t x = (*(const memory_access *const *)a)->done;
    uint64_t y = (*(const memory_access *const *)b)->done;
    return (x > y) - (x < y);
}

static memory_order *order_of(const part *p, uint32_t reads, uint64_t slack)
{
    return memory_order_new(p->accesses, p->count, p->reads[reads - 1]->done, slack);
}

/* Spends `effort` at most. */
static memory_answer attempt(part *p, uint32_t reads, uint64_t slack, uint64_t effort)
{
    uint64_t left = effort;
    memory_answer answer = MEMORY_UNKNOWN;
    memory_order *o = order_of(p, reads, slack);
    if (!o->is_too_large) {
        answer = memory_order_derive(o, &left) ? memory_order_search(o, &left, NULL)
                                               : MEMORY_CONTRADICTORY;
    }
    memory_order_free(o);
    *p->effort -= effort - left;
    return answer;
}

/* Where the search as such does not come to an end soon, explanations are looked for that do not go
 * far from real time: there is less to choose from then. That there is none proves nothing. */
static memory_answer explain_reads(part *p, uint32_t reads, uint64_t effort)
{
    uint64_t rest = *p->effort - effort, slack = p->clients;
    memory_answer answer = attempt(p, reads, p->slack, effort / 8), near = MEMORY_CONTRADICTORY;
    while (answer == MEMORY_UNKNOWN && p->slack > slack && near == MEMORY_CONTRADICTORY) {
        near = attempt(p, reads, slack, (*p->effort - rest) / 2);
        answer = near == MEMORY_EXPLAINED ? MEMORY_EXPLAINED : MEMORY_UNKNOWN;
        slack += slack / 2 + 1;
    }
    if (answer == MEMORY_UNKNOWN) {
        answer = attempt(p, reads, p->slack, *p->effort - rest);
    }
    return answer;
}

/* Judges the first reads; spends a part of the effort that is left at most. */
static void judge_reads(part *p, uint32_t reads, uint32_t parts)
{
    memory_answer answer = explain_reads(p, reads, *p->effort / parts);
    if (answer == MEMORY_EXPLAINED) {
        p->explained = MAX(p->explained, reads);
    } else if (answer == MEMORY_CONTRADICTORY) {
        p->refused = MIN(p->refused, reads);
    }
}

static void judge_part(part *p)
{
    qsort(p->reads, p->read_count, sizeof *p->reads, by_end);
    p->refused = UINT32_MAX;
    if (p->read_count == 0) {
        return;
    }
    judge_reads(p, p->read_count, 2);
    if (p->explained == p->read_count) {
        return;
    }
    uint32_t low = 0;
    for (uint32_t reads = READS_LEAST; reads < MIN(p->refused, p->read_count); reads *= 2) {
        low = p->explained;
        judge_reads(p, reads, 4);
    }
    uint32_t high = p->refused;
    while (high != UINT32_MAX && high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        judge_reads(p, middle, 4);
        high = p->refused == middle ? middle : high;
        low = p->refused == middle ? low : middle;
    }
}

/* --------------------------------------------------------------------------------- sentences */

static const char *kind_of(const memory_access *a)
{
    return a->is_write ? "write" : "read";
}

/* `previous`: the access named before, or NULL. */
static void append_access(GString *text, const memory_access *a, const memory_access *previous)
{
    if (previous && previous->node == a->node) {
        g_string_append(text, "its");
    } else {
        g_string_append_printf(text, "node %" PRIu32 "'s", a->node);
    }
    g_string_append_printf(text, " %s of %" PRIu64 " %s object %" PRIu32 " (record %" PRIu64 ")",
                           kind_of(a), a->value, a->is_write ? "to" : "from", a->object,
                           a->is_write ? a->asked : a->done);
}

/* "A before B before [as R shows] that write", as far as fits a sentence. */
static void append_contradiction(GString *text, const GArray *all)
{
    const memory_access *previous = NULL;
    const memory_precedence *list = (const memory_precedence *)(const void *)all->data;
    g_string_append(text, ": ");
    for (guint i = 0; i < all->len && i < NAMED_MOST; i++) {
        append_access(text, list[i].access, previous);
        g_string_append(text, " before ");
        previous = list[i].access;
        if (list[i].shown_by) {
            g_string_append(text, "[as ");
            append_access(text, list[i].shown_by, previous);
            g_string_append(text, " shows] ");
            previous = NULL;
        }
    }
    if (all->len > NAMED_MOST) {
        g_string_append_printf(text, "and so on, a cycle of %u", all->len);
    } else {
        g_string_append_printf(text, "that %s", kind_of(list[0].access));
    }
}

static const char *demand_of(memory_model model)
{
    return model == MEMORY_COHERENT     ? "of the accesses to this object"
           : model == MEMORY_SEQUENTIAL ? "of all accesses"
                                        : "of the accesses to this object that keeps real time";
}

static char *sentence(const part *p, memory_model model)
{
    const memory_access *last = p->reads[p->refused - 1];
    GString *text = g_string_new(NULL);
    uint64_t effort = *p->effort / 4;
    memory_order *o = order_of(p, p->refused, p->slack);
    g_string_append_printf(text,
                           "node %" PRIu32 " read %" PRIu64 " from object %" PRIu32 " at " SECONDS
                           " s",
                           last->node, last->value, last->object, SECONDS_OF(last->done_at));
    bool is_derived = !memory_order_derive(o, &effort);
    const GArray *why = o->contradiction;
    if (is_derived && why->len == 1 && g_array_index(why, memory_precedence, 0).access == last) {
        g_string_append(text, ", which nobody ever wrote");
    } else {
        g_string_append_printf(text, ", which no order %s explains", demand_of(model));
        if (is_derived) {
            append_contradiction(text, why);
        }
    }
    memory_order_free(o);
    return g_string_free(text, FALSE);
}

/* ------------------------------------------------------------------------------------ verdict */

typedef struct judgement {
    const memory_history *h;
    memory_model model;
    uint64_t effort;
    finding *result;
    uint32_t explained, of; /* reads of the first part that stayed open */
    bool is_linearizable;   /* as far as the parts were looked at */
} judgement;

static void conclude(judgement *j, part *p)
{
    finding *f = j->result;
    judge_part(p);
    if (p->refused != UINT32_MAX) {
        const memory_access *last = p->reads[p->refused - 1];
        if (f->verdict != VERDICT_VIOLATED || last->done < f->record) {
            finding_clear(f);
            *f = (finding){VERDICT_VIOLATED, last->done, last->done_at, sentence(p, j->model)};
        }
    } else if (p->explained < p->read_count && f->verdict == VERDICT_HOLDS) {
        f->verdict = VERDICT_INCONCLUSIVE;
        j->explained = p->explained;
        j->of = p->read_count;
    }
}

static void linearize(judgement *j, part *p)
{
    qsort(p->reads, p->read_count, sizeof *p->reads, by_end);
    j->is_linearizable =
        j->is_linearizable &&
        (p->read_count == 0 || attempt(p, p->read_count, 0, *p->effort / 4) == MEMORY_EXPLAINED);
}

/* All accesses, or those to each object. */
static void judge_parts(judgement *j, bool by_object, uint64_t slack,
                        void (*visit)(judgement *j, part *p))
{
    uint32_t count, parts = by_object ? j->h->objects : 1;
    const memory_access *all = memory_history_accesses(j->h, &count);
    uint32_t *first = g_new0(uint32_t, parts + 2);
    const memory_access **sorted = g_new(const memory_access *, count + 1);
    const memory_access **reads = g_new(const memory_access *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        first[(by_object ? all[i].object : 0) + 2]++;
    }
    for (uint32_t i = 0; i < parts; i++) {
        first[i + 2] += first[i + 1];
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[first[(by_object ? all[i].object : 0) + 1]++] = &all[i];
    }
    for (uint32_t i = 0; i < parts; i++) {
        part p = {.accesses = sorted + first[i],
                  .count = first[i + 1] - first[i],
                  .reads = reads,
                  .slack = slack,
                  .clients = map_count(j->h->clients),
                  .effort = &j->effort};
        for (uint32_t k = 0; k < p.count; k++) {
            if (!p.accesses[k]->is_write && p.accesses[k]->done != MEMORY_NEVER) {
                reads[p.read_count++] = p.accesses[k];
            }
        }
        visit(j, &p);
    }
    g_free(first);
    g_free(sorted);
    g_free(reads);
}

/* What is linearizable, object by object, is sequentially consistent, and that is found quickly. */
static void judge(judgement *j)
{
    if (j->model == MEMORY_SEQUENTIAL) {
        j->is_linearizable = true;
        judge_parts(j, true, 0, linearize);
        if (!j->is_linearizable) {
            judge_parts(j, false, MEMORY_NEVER, conclude);
        }
    } else {
        judge_parts(j, true, j->model == MEMORY_LINEARIZABLE ? 0 : MEMORY_NEVER, conclude);
    }
}

void memory_history_judge(const memory_history *h, memory_model model, uint64_t effort,
                          uint64_t *spent, finding *result)
{
    judgement j = {.h = h, .model = model, .effort = effort, .result = result};
    *result = (finding){.verdict = VERDICT_HOLDS};
    judge(&j);
    if (result->verdict == VERDICT_INCONCLUSIVE) {
        result->reason = g_strdup_printf("the search was given up: of %" PRIu32 " reads that must "
                                         "be explained together, only the first %" PRIu32 " were",
                                         j.of, j.explained);
    } else if (result->verdict == VERDICT_HOLDS && h->is_full) {
        result->verdict = VERDICT_INCONCLUSIVE;
        result->reason = g_strdup_printf("only the first %" PRIu32 " accesses were looked at, and "
                                         "they can be explained",
                                         MEMORY_ACCESSES_MOST);
    }
    if (spent) {
        *spent += effort - j.effort;
    }
}
