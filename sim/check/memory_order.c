/* Which steps there are, and what of their order is given. */
#include "check/memory_order.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

/* 64 MiB each for `direct` and `before`. */
static const uint64_t cells_most = UINT64_C(1) << 24;

/* Must it be there? Otherwise it is a write that may be left out, or says nothing. */
static bool is_certain(const memory_access *a, uint64_t until)
{
    return a->done != MEMORY_NEVER && (a->is_write || a->done <= until);
}

/* ---------------------------------------------------------------------------------- values */

static int by_object_and_value(const void *a, const void *b)
{
    const stored_value *x = a, *y = b;
    if (x->id != y->id) {
        return x->id < y->id ? -1 : 1;
    }
    return (x->value > y->value) - (x->value < y->value);
}

static stored_value *value_of(const memory_order *o, const memory_access *a)
{
    stored_value key = {.id = a->object, .value = a->value};
    return bsearch(&key, o->values, o->value_count, sizeof key, by_object_and_value);
}

/* All that these accesses wrote or read, and the 0 that was there at first. */
static void collect_values(memory_order *o, const memory_access *const *accesses, uint32_t count,
                           uint64_t until)
{
    o->values = g_new0(stored_value, 2 * (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const memory_access *a = accesses[i];
        if (is_certain(a, until)) {
            o->values[o->value_count++] = (stored_value){.id = a->object, .value = a->value};
            o->values[o->value_count++] = (stored_value){.id = a->object};
        }
    }
    qsort(o->values, o->value_count, sizeof *o->values, by_object_and_value);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < o->value_count; i++) {
        if (kept == 0 || by_object_and_value(&o->values[kept - 1], &o->values[i]) != 0) {
            o->values[kept++] = o->values[i];
        }
    }
    o->value_count = kept;
    o->initial = g_new(uint32_t, kept + 1);
    for (uint32_t i = 0; i < kept; i++) {
        o->values[i].writer = NO_STEP;
        o->values[i].is_initial = o->values[i].value == 0;
        if (o->values[i].is_initial) { /* 0 is the first of each object */
            o->initial[o->object_count++] = i;
        }
        o->values[i].object = o->object_count - 1;
    }
}

/* --------------------------------------------------------------------------------- chains */

typedef struct layout {
    map *chains;      /* client -> chain */
    GArray *lengths;  /* uint32_t, a chain */
    GArray *places;   /* step without its number, in the order of asking */
    GArray *forerun;  /* uint32_t each: steps of the client's chain that come before */
    uint32_t clients; /* chains that belong to clients come first */
} layout;

static uint32_t chain_of(layout *l, const memory_access *a, bool add)
{
    int64_t chain;
    if (map_get(l->chains, a->client, &chain)) {
        return (uint32_t)chain;
    }
    if (!add) {
        return UINT32_MAX;
    }
    uint32_t none = 0;
    g_array_append_val(l->lengths, none);
    map_put(l->chains, a->client, l->lengths->len - 1);
    return l->lengths->len - 1;
}

static uint32_t *length_of(const layout *l, uint32_t chain)
{
    return &g_array_index(l->lengths, uint32_t, chain);
}

static void lay(layout *l, const memory_order *o, const memory_access *a, stored_value *v,
                uint32_t chain, uint32_t forerun)
{
    step s = {.access = a,
              .chain = chain,
              .place = (*length_of(l, chain))++,
              .object = v->object,
              .value = (uint32_t)(v - o->values),
              .is_write = a->is_write};
    v->writes += a->is_write;
    v->reads += !a->is_write;
    g_array_append_val(l->places, s);
    g_array_append_val(l->forerun, forerun);
}

/* First the accesses that are certain, then the writes that are not, if anybody read what they
 * wrote: each of those in a chain of its own, as nothing waits for it. */
static void lay_out(layout *l, memory_order *o, const memory_access *const *accesses,
                    uint32_t count, uint64_t until, GArray *unfinished)
{
    for (uint32_t i = 0; i < count; i++) {
        const memory_access *a = accesses[i];
        if (is_certain(a, until)) {
            uint32_t chain = chain_of(l, a, true);
            lay(l, o, a, value_of(o, a), chain, *length_of(l, chain));
        } else if (a->is_write) {
            uint32_t chain = chain_of(l, a, false);
            uint32_t forerun = chain == UINT32_MAX ? 0 : *length_of(l, chain);
            g_array_append_val(unfinished, i);
            g_array_append_val(unfinished, forerun);
        }
    }
    l->clients = l->lengths->len;
    for (guint i = 0; i < unfinished->len; i += 2) {
        const memory_access *a = accesses[g_array_index(unfinished, uint32_t, i)];
        stored_value *v = value_of(o, a);
        if (v && v->reads > 0) {
            uint32_t none = 0;
            g_array_append_val(l->lengths, none);
            lay(l, o, a, v, l->lengths->len - 1, g_array_index(unfinished, uint32_t, i + 1));
            g_array_index(l->places, step, l->places->len - 1).is_optional = true;
        }
    }
}

/* ------------------------------------------------------------------------ what is in order */

static uint32_t done_before(const memory_order *o, uint32_t chain, uint64_t asked)
{
    uint32_t low = o->first[chain], high = o->first[chain + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (o->steps[middle].access->done < asked) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - o->first[chain];
}

static void set_direct(memory_order *o, layout *l, uint32_t number, uint32_t forerun,
                       uint64_t slack)
{
    const step *s = &o->steps[number];
    uint32_t *row = memory_row(o, o->direct, number);
    int64_t chain;
    if (map_get(l->chains, s->access->client, &chain)) {
        row[chain] = forerun;
    }
    for (uint32_t c = 0; s->access->asked > slack && c < l->clients; c++) {
        row[c] = MAX(row[c], done_before(o, c, s->access->asked - slack));
    }
}

static void place_steps(memory_order *o, layout *l, uint64_t slack)
{
    o->chain_count = l->lengths->len;
    o->step_count = l->places->len;
    o->is_too_large = (uint64_t)o->chain_count * o->step_count > cells_most;
    if (o->is_too_large) {
        return;
    }
    o->first = g_new0(uint32_t, o->chain_count + 1);
    for (uint32_t c = 0; c < o->chain_count; c++) {
        o->first[c + 1] = o->first[c] + *length_of(l, c);
    }
    size_t cells = (size_t)o->chain_count * o->step_count;
    o->steps = g_new(step, o->step_count);
    o->direct = g_new0(uint32_t, cells);
    o->before = g_new0(uint32_t, cells);
    for (uint32_t i = 0; i < o->step_count; i++) {
        const step *s = &g_array_index(l->places, step, i);
        o->steps[o->first[s->chain] + s->place] = *s;
    }
    for (uint32_t i = 0; i < o->step_count; i++) {
        const step *s = &g_array_index(l->places, step, i);
        set_direct(o, l, o->first[s->chain] + s->place, g_array_index(l->forerun, uint32_t, i),
                   slack);
    }
}

/* Where only one write can have put what was read, it is known, and that write took effect. */
static void know_writers(memory_order *o)
{
    for (uint32_t i = 0; i < o->step_count; i++) {
        step *s = &o->steps[i];
        stored_value *v = &o->values[s->value];
        if (s->is_write && v->writes == 1 && !v->is_initial) {
            v->writer = i;
            s->is_optional = false; /* nobody would have laid it out if nobody read it */
        } else if (!s->is_write && v->writes == 0 && !v->is_initial && o->contradiction->len == 0) {
            memory_precedence read = {.access = s->access};
            g_array_append_val(o->contradiction, read);
        }
    }
}

memory_order *memory_order_new(const memory_access *const *accesses, uint32_t count, uint64_t until,
                               uint64_t slack)
{
    memory_order *o = g_new0(memory_order, 1);
    layout l = {.chains = map_new(),
                .lengths = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                .places = g_array_new(FALSE, FALSE, sizeof(step)),
                .forerun = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    GArray *unfinished = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    o->contradiction = g_array_new(FALSE, FALSE, sizeof(memory_precedence));
    collect_values(o, accesses, count, until);
    lay_out(&l, o, accesses, count, until, unfinished);
    place_steps(o, &l, slack);
    if (!o->is_too_large) {
        know_writers(o);
    }
    map_free(l.chains);
    g_array_free(l.lengths, TRUE);
    g_array_free(l.places, TRUE);
    g_array_free(l.forerun, TRUE);
    g_array_free(unfinished, TRUE);
    return o;
}

void memory_order_free(memory_order *o)
{
    g_free(o->steps);
    g_free(o->first);
    g_free(o->direct);
    g_free(o->before);
    g_free(o->values);
    g_free(o->initial);
    g_array_free(o->contradiction, TRUE);
    g_free(o);
}
