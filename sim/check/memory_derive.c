/*
 * What must be in order, because otherwise a read would not have returned what it did. Where r
 * reads what w wrote, and v writes to the same object, too:
 *  - w precedes r;
 *  - where v precedes r, v precedes w;
 *  - where w precedes v, r precedes v; what was there at first precedes all.
 * Applied until nothing new follows ("saturation": R. Biswas, C. Enea, "On the Complexity of
 * Checking Transactional Consistency", OOPSLA 2019). Only reads whose write is known tell anything.
 */
#include "check/memory_order.h"

#include <stdlib.h>
#include <string.h>

/* Steps of one kind by group and place. */
typedef struct listing {
    uint32_t *steps;
    uint32_t *first; /* of each group; groups + 1 */
} listing;

typedef struct derivation {
    memory_order *o;
    uint64_t *effort;
    listing writes; /* by chain; in each by object, then place. Without optional ones */
    listing reads;  /* by value; in each by chain, then place */
} derivation;

static void spend(uint64_t *effort, uint64_t units)
{
    *effort -= MIN(*effort, units);
}

static bool requires(memory_order *o, uint32_t later, uint32_t earlier)
{
    const step *e = &o->steps[earlier];
    uint32_t *cell = &memory_row(o, o->direct, later)[e->chain];
    if (memory_row(o, o->before, later)[e->chain] > e->place || *cell > e->place) {
        return false;
    }
    *cell = e->place + 1;
    return true;
}

/* -------------------------------------------------------------------------------- listings */

static void list_by_group(listing *l, const memory_order *o, bool writes)
{
    uint32_t groups = writes ? o->chain_count : o->value_count;
    l->first = g_new0(uint32_t, groups + 1);
    l->steps = g_new(uint32_t, o->step_count + 1);
    uint32_t *next = g_new(uint32_t, groups + 1);
    for (int filling = 0; filling < 2; filling++) {
        for (uint32_t i = 0; i < o->step_count; i++) {
            const step *s = &o->steps[i];
            uint32_t group = writes ? s->chain : s->value;
            if (s->is_write != writes || s->is_optional) {
                continue;
            }
            if (filling) {
                l->steps[next[group]++] = i;
            } else {
                l->first[group + 1]++;
            }
        }
        for (uint32_t g = 0; !filling && g < groups; g++) {
            next[g] = l->first[g];
            l->first[g + 1] += l->first[g];
        }
    }
    g_free(next);
}

static int by_object_and_place(const void *a, const void *b, void *context)
{
    const memory_order *o = context;
    const step *x = &o->steps[*(const uint32_t *)a], *y = &o->steps[*(const uint32_t *)b];
    if (x->object != y->object) {
        return x->object < y->object ? -1 : 1;
    }
    return (x->place > y->place) - (x->place < y->place);
}

/* The first write of the chain in its listing that is not before (object, place). */
static uint32_t search_writes(const derivation *d, uint32_t chain, uint32_t object, uint32_t place)
{
    uint32_t low = d->writes.first[chain], high = d->writes.first[chain + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const step *s = &d->o->steps[d->writes.steps[middle]];
        if (s->object < object || (s->object == object && s->place < place)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The last write to the object among the first `places` steps of the chain. */
static uint32_t last_write(const derivation *d, uint32_t chain, uint32_t object, uint32_t places)
{
    uint32_t at = search_writes(d, chain, object, places);
    if (at == d->writes.first[chain]) {
        return NO_STEP;
    }
    uint32_t found = d->writes.steps[at - 1];
    return d->o->steps[found].object == object ? found : NO_STEP;
}

/* The first write to the object of the chain that comes after `w`; NO_STEP as w: the first. */
static uint32_t first_write_after(const derivation *d, uint32_t chain, uint32_t object, uint32_t w)
{
    memory_order *o = d->o;
    uint32_t low = search_writes(d, chain, object, 0), end = d->writes.first[chain + 1];
    uint32_t high = search_writes(d, chain, object, UINT32_MAX);
    while (w != NO_STEP && low < high) {
        uint32_t middle = low + (high - low) / 2;
        const uint32_t *row = memory_row(o, o->before, d->writes.steps[middle]);
        if (row[o->steps[w].chain] > o->steps[w].place) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    bool found = low < end && o->steps[d->writes.steps[low]].object == object;
    return found ? d->writes.steps[low] : NO_STEP;
}

/* ----------------------------------------------------------------------------------- rules */

static bool is_known_initial(const stored_value *v)
{
    return v->is_initial && v->writes == 0;
}

static void know_reads(derivation *d)
{
    memory_order *o = d->o;
    for (uint32_t i = 0; i < o->step_count; i++) {
        const step *s = &o->steps[i];
        if (!s->is_write && o->values[s->value].writer != NO_STEP) {
            requires(o, i, o->values[s->value].writer);
        }
    }
}

/* All writes that precede the read precede the one that it read. */
static bool put_before_write(derivation *d, uint32_t read)
{
    memory_order *o = d->o;
    const step *r = &o->steps[read];
    uint32_t w = o->values[r->value].writer;
    bool is_new = false;
    for (uint32_t c = 0; w != NO_STEP && c < o->chain_count; c++) {
        uint32_t places = memory_row(o, o->before, read)[c];
        uint32_t other = places > 0 ? last_write(d, c, r->object, places) : NO_STEP;
        if (other != NO_STEP && other != w) {
            is_new |= requires(o, w, other);
        }
    }
    return is_new;
}

/* All reads of a value precede the writes that come after that one's. */
static bool put_before_next(derivation *d, uint32_t value)
{
    memory_order *o = d->o;
    const stored_value *v = &o->values[value];
    bool is_new = false;
    uint32_t first = d->reads.first[value], end = d->reads.first[value + 1];
    if (first == end || (v->writer == NO_STEP && !is_known_initial(v))) {
        return false;
    }
    for (uint32_t c = 0; c < o->chain_count; c++) {
        uint32_t next = first_write_after(d, c, v->object, v->writer);
        for (uint32_t i = first; next != NO_STEP && i < end; i++) {
            uint32_t read = d->reads.steps[i];
            bool is_last =
                i + 1 == end || o->steps[d->reads.steps[i + 1]].chain != o->steps[read].chain;
            if (is_last) { /* of its chain: it stands for those before */
                is_new |= requires(o, next, read);
            }
        }
        spend(d->effort, 4 + (end - first));
    }
    return is_new;
}

static bool derive_once(derivation *d)
{
    memory_order *o = d->o;
    bool is_new = false;
    for (uint32_t i = 0; i < o->step_count; i++) {
        if (!o->steps[i].is_write) {
            is_new |= put_before_write(d, i);
            spend(d->effort, 4 * (uint64_t)o->chain_count);
        }
    }
    for (uint32_t i = 0; i < o->value_count; i++) {
        is_new |= put_before_next(d, i);
    }
    return is_new;
}

/* --------------------------------------------------------------------- what follows of them */

typedef struct passage {
    memory_order *o;
    uint32_t *passed;  /* steps of each chain */
    uint32_t *blocker; /* of each chain: the first one that its next step may wait for */
} passage;

static bool may_pass(passage *p, uint32_t chain, const uint32_t *row)
{
    for (uint32_t *c = &p->blocker[chain]; *c < p->o->chain_count; (*c)++) {
        if (row[*c] > p->passed[*c]) {
            return false;
        }
    }
    return true;
}

static void inherit(uint32_t *row, const uint32_t *from, uint32_t count)
{
    for (uint32_t c = 0; c < count; c++) {
        row[c] = MAX(row[c], from[c]);
    }
}

static uint32_t pass(passage *p, uint32_t chain)
{
    memory_order *o = p->o;
    uint32_t number = o->first[chain] + p->passed[chain]++, count = o->chain_count, rows = 1;
    uint32_t *row = memory_row(o, o->before, number);
    const uint32_t *direct = memory_row(o, o->direct, number);
    if (o->steps[number].place > 0) {
        memcpy(row, memory_row(o, o->before, number - 1), count * sizeof *row);
    }
    row[chain] = o->steps[number].place;
    for (uint32_t c = 0; c < count; c++) {
        if (direct[c] > row[c]) {
            inherit(row, memory_row(o, o->before, o->first[c] + direct[c] - 1), count);
            row[c] = MAX(row[c], direct[c]);
            rows++;
        }
    }
    p->blocker[chain] = 0;
    return rows;
}

/* Passes all steps, each behind those that must precede it, and computes `before` on the way. False
 * where they wait for each other. */
static bool close_rows(passage *p, uint64_t *effort)
{
    memory_order *o = p->o;
    uint32_t passed = 0;
    memset(p->passed, 0, o->chain_count * sizeof *p->passed);
    memset(p->blocker, 0, o->chain_count * sizeof *p->blocker);
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t c = 0; c < o->chain_count; c++) {
            while (o->first[c] + p->passed[c] < o->first[c + 1] &&
                   may_pass(p, c, memory_row(o, o->direct, o->first[c] + p->passed[c]))) {
                spend(effort, 2 + (uint64_t)pass(p, c) * (1 + o->chain_count / 8));
                passed++;
                moved = true;
            }
        }
        spend(effort, o->chain_count);
    }
    return passed == o->step_count;
}

/* --------------------------------------------------------------------------- contradictions */

/* Why must one write precede the other? A read of the latter that comes after the former. */
static const memory_access *reason_of(derivation *d, uint32_t earlier, uint32_t later)
{
    memory_order *o = d->o;
    const step *e = &o->steps[earlier], *l = &o->steps[later];
    bool is_program = e->chain == l->chain && e->place < l->place;
    if (!e->is_write || !l->is_write || e->object != l->object || is_program) {
        return NULL;
    }
    for (uint32_t i = d->reads.first[l->value]; i < d->reads.first[l->value + 1]; i++) {
        uint32_t read = d->reads.steps[i];
        if (memory_row(o, o->before, read)[e->chain] > e->place) {
            return o->steps[read].access;
        }
    }
    return NULL;
}

static void name_step(derivation *d, GArray *list, uint32_t number)
{
    const memory_access *access = d->o->steps[number].access;
    if (list->len == 0 || g_array_index(list, memory_precedence, list->len - 1).access != access) {
        memory_precedence one = {.access = access};
        g_array_append_val(list, one);
    }
}

/* The chains of a cycle of waiting, from `chain` on: each one's next step waits for the next one.
 * `seen`: when each chain was looked at first, by a time that goes on. */
static void follow(const passage *p, uint32_t chain, uint64_t *seen, uint64_t *time, GArray *cycle)
{
    uint64_t start = *time + 1;
    g_array_set_size(cycle, 0);
    while (seen[chain] == 0) {
        seen[chain] = ++*time;
        g_array_append_val(cycle, chain);
        chain = p->blocker[chain];
    }
    if (seen[chain] < start) {
        g_array_set_size(cycle, 0); /* known from an earlier start */
    } else {
        g_array_remove_range(cycle, 0, (guint)(seen[chain] - start));
    }
}

static uint32_t next_of(const passage *p, uint32_t chain)
{
    return p->o->first[chain] + p->passed[chain];
}

/* The next step of chains[i] waits for a step of chains[i + 1], which is that chain's next one or
 * comes after it. Told in the order of precedence, that is backwards. */
static void tell(derivation *d, const passage *p, const GArray *chains)
{
    memory_order *o = d->o;
    GArray *list = o->contradiction;
    for (guint i = chains->len; i-- > 0;) {
        uint32_t waiting = g_array_index(chains, uint32_t, i);
        uint32_t awaited = g_array_index(chains, uint32_t, (i + 1) % chains->len);
        uint32_t count = memory_row(o, o->direct, next_of(p, waiting))[awaited];
        uint32_t last = o->first[awaited] + count - 1;
        name_step(d, list, next_of(p, awaited));
        name_step(d, list, last);
        g_array_index(list, memory_precedence, list->len - 1).shown_by =
            reason_of(d, last, next_of(p, waiting));
    }
    const memory_precedence *end = &g_array_index(list, memory_precedence, list->len - 1);
    if (list->len > 1 && end->access == g_array_index(list, memory_precedence, 0).access) {
        g_array_set_size(list, list->len - 1);
    }
}

/* The shortest cycle among those that following who waits for whom leads to. */
static void contradict(derivation *d, const passage *p)
{
    memory_order *o = d->o;
    GArray *cycle = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *best = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint64_t *seen = g_new0(uint64_t, o->chain_count), time = 0;
    for (uint32_t c = 0; c < o->chain_count; c++) {
        if (next_of(p, c) < o->first[c + 1] && seen[c] == 0) {
            follow(p, c, seen, &time, cycle);
            if (cycle->len > 0 && (best->len == 0 || cycle->len < best->len)) {
                GArray *swapped = best;
                best = cycle;
                cycle = swapped;
            }
        }
    }
    tell(d, p, best);
    g_free(seen);
    g_array_free(cycle, TRUE);
    g_array_free(best, TRUE);
}

bool memory_order_derive(memory_order *o, uint64_t *effort)
{
    derivation d = {.o = o, .effort = effort};
    passage p = {o, g_new(uint32_t, o->chain_count + 1), g_new(uint32_t, o->chain_count + 1)};
    bool possible = o->contradiction->len == 0;
    list_by_group(&d.writes, o, true);
    list_by_group(&d.reads, o, false);
    for (uint32_t c = 0; c < o->chain_count; c++) {
        g_qsort_with_data(d.writes.steps + d.writes.first[c],
                          (gint)(d.writes.first[c + 1] - d.writes.first[c]), sizeof(uint32_t),
                          by_object_and_place, o);
    }
    know_reads(&d);
    for (bool more = possible; more;) {
        possible = close_rows(&p, effort);
        if (!possible) {
            contradict(&d, &p);
        }
        more = possible && *effort > 0 && derive_once(&d);
    }
    g_free(p.passed);
    g_free(p.blocker);
    g_free(d.writes.steps);
    g_free(d.writes.first);
    g_free(d.reads.steps);
    g_free(d.reads.first);
    return possible;
}
