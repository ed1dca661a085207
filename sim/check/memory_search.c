/*
 * The search for an order: depth first, with what was seen remembered.
 *
 * A state is how far each chain has got and what lies in each object. What does no harm is done at
 * once and not chosen: a read of what lies there; a write that nobody reads, over a value that
 * nobody reads any more. So only writes are chosen, those that were done first before others, and
 * never one that overwrites a value which is still to be read and is not written again. What lies
 * in an object and is not read any more is no part of the state.
 *
 * States are remembered as 128 random bits each: that two have the same is not to be expected.
 */
#include "check/memory_order.h"

#include <string.h>

static const uint64_t states_most = UINT64_C(1) << 21;

typedef struct key {
    uint64_t high, low;
} key;

typedef struct seen_states {
    key *keys; /* both 0: free */
    uint64_t capacity, count;
} seen_states;

typedef struct taken {
    uint32_t chain;
    uint32_t overwritten; /* value; of a read: what lies there */
} taken;

/* A state with the choices in it: those from `next` on are still to be tried. */
typedef struct frame {
    uint32_t taken, next, end;
} frame;

typedef struct search {
    const memory_order *o;
    uint64_t *effort;
    uint32_t *passed;  /* steps of each chain */
    uint32_t *blocker; /* of each chain: the one that its next step waited for last */
    uint32_t *current; /* value of each object */
    uint32_t *counted; /* the one that is part of the state; NO_STEP: none */
    uint32_t *reads_left, *writes_left; /* of each value */
    uint32_t left;                      /* steps that may not be left out */
    key state;
    GArray *taken, *frames, *choices; /* taken; frame; uint32_t: chains */
    seen_states seen;
} search;

/* ------------------------------------------------------------------------------------ states */

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void count_in(search *s, uint32_t kind, uint32_t which, uint32_t what, int sign)
{
    uint64_t x = ((uint64_t)which << 32 | what) + UINT64_C(0x9E3779B97F4A7C15) * (kind + 1);
    uint64_t high = mix(x), low = mix(high ^ UINT64_C(0xD1B54A32D192ED03));
    s->state.high += sign > 0 ? high : -high;
    s->state.low += sign > 0 ? low : -low;
}

/* The object's part of the state, after its value or who still reads it has changed. */
static void refresh(search *s, uint32_t object)
{
    uint32_t value = s->reads_left[s->current[object]] > 0 ? s->current[object] : NO_STEP;
    if (value == s->counted[object]) {
        return;
    }
    if (s->counted[object] != NO_STEP) {
        count_in(s, 1, object, s->counted[object], -1);
    }
    if (value != NO_STEP) {
        count_in(s, 1, object, value, +1);
    }
    s->counted[object] = value;
}

static key *place_in(const seen_states *seen, key k)
{
    uint64_t at = k.low & (seen->capacity - 1);
    while ((seen->keys[at].high | seen->keys[at].low) != 0 &&
           (seen->keys[at].high != k.high || seen->keys[at].low != k.low)) {
        at = (at + 1) & (seen->capacity - 1);
    }
    return &seen->keys[at];
}

static void grow(seen_states *seen)
{
    seen_states old = *seen;
    seen->capacity = old.capacity ? 2 * old.capacity : 1024;
    seen->keys = g_new0(key, seen->capacity);
    for (uint64_t i = 0; i < old.capacity; i++) {
        if ((old.keys[i].high | old.keys[i].low) != 0) {
            *place_in(seen, old.keys[i]) = old.keys[i];
        }
    }
    g_free(old.keys);
}

/* False where the state was seen before. */
static bool is_new(search *s)
{
    key k = s->state;
    k.low += (k.high | k.low) == 0; /* that one stands for free */
    if (2 * s->seen.count >= s->seen.capacity) {
        grow(&s->seen);
    }
    key *at = place_in(&s->seen, k);
    if ((at->high | at->low) != 0) {
        return false;
    }
    *at = k;
    s->seen.count++;
    return true;
}

/* ------------------------------------------------------------------------------------- steps */

static void spend(search *s, uint64_t units)
{
    *s->effort -= MIN(*s->effort, units);
}

static uint32_t next_of(const search *s, uint32_t chain)
{
    return s->o->first[chain] + s->passed[chain];
}

static bool has_next(const search *s, uint32_t chain)
{
    return next_of(s, chain) < s->o->first[chain + 1];
}

/* Has all that must precede the chain's next step been passed? */
static bool is_due(search *s, uint32_t chain)
{
    const memory_order *o = s->o;
    const uint32_t *row = memory_row(o, o->before, next_of(s, chain));
    uint32_t *blocker = &s->blocker[chain];
    if (row[*blocker] > s->passed[*blocker]) {
        return false;
    }
    for (uint32_t c = 0; c < o->chain_count; c++) {
        if (row[c] > s->passed[c]) {
            *blocker = c;
            return false;
        }
    }
    spend(s, o->chain_count);
    return true;
}

static void take(search *s, uint32_t chain)
{
    const step *t = &s->o->steps[next_of(s, chain)];
    taken done = {chain, s->current[t->object]};
    count_in(s, 0, chain, ++s->passed[chain], +1);
    s->left -= !t->is_optional;
    if (t->is_write) {
        s->writes_left[t->value]--;
        s->current[t->object] = t->value;
    } else {
        s->reads_left[t->value]--;
    }
    refresh(s, t->object);
    g_array_append_val(s->taken, done);
}

static void take_back(search *s, uint32_t until)
{
    while (s->taken->len > until) {
        taken last = g_array_index(s->taken, taken, s->taken->len - 1);
        count_in(s, 0, last.chain, s->passed[last.chain]--, -1);
        const step *t = &s->o->steps[next_of(s, last.chain)];
        s->left += !t->is_optional;
        s->current[t->object] = last.overwritten;
        if (t->is_write) {
            s->writes_left[t->value]++;
        } else {
            s->reads_left[t->value]++;
        }
        refresh(s, t->object);
        g_array_set_size(s->taken, s->taken->len - 1);
    }
}

/* Does it no harm to take the step now, whatever comes? */
static bool is_harmless(const search *s, const step *t)
{
    uint32_t current = s->current[t->object];
    if (!t->is_write) {
        return t->value == current;
    }
    return !t->is_optional && s->reads_left[t->value] == 0 && s->reads_left[current] == 0;
}

static void take_harmless(search *s)
{
    const memory_order *o = s->o;
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t c = 0; c < o->chain_count; c++) {
            while (has_next(s, c) && is_harmless(s, &o->steps[next_of(s, c)]) && is_due(s, c)) {
                take(s, c);
                moved = true;
            }
        }
        spend(s, 2 * (uint64_t)o->chain_count);
    }
}

/* ----------------------------------------------------------------------------------- choices */

static bool is_choice(const search *s, const step *t)
{
    uint32_t current = s->current[t->object];
    if (!t->is_write || (t->is_optional && s->reads_left[t->value] == 0)) {
        return false;
    }
    return t->value == current || s->reads_left[current] == 0 || s->writes_left[current] > 0;
}

static uint64_t done_at(const search *s, uint32_t chain)
{
    return s->o->steps[next_of(s, chain)].access->done;
}

/* Opens the state as it is: its choices, what was done first first. */
static void open_state(search *s)
{
    frame f = {.taken = s->taken->len, .next = s->choices->len};
    for (uint32_t c = 0; c < s->o->chain_count; c++) {
        if (has_next(s, c) && is_choice(s, &s->o->steps[next_of(s, c)]) && is_due(s, c)) {
            g_array_append_val(s->choices, c);
            uint32_t *all = &g_array_index(s->choices, uint32_t, 0), i = s->choices->len - 1;
            for (; i > f.next && done_at(s, all[i - 1]) > done_at(s, c); i--) {
                all[i] = all[i - 1];
            }
            all[i] = c;
        }
    }
    spend(s, 8 + 2 * (uint64_t)s->o->chain_count);
    f.end = s->choices->len;
    g_array_append_val(s->frames, f);
}

static memory_answer run(search *s)
{
    take_harmless(s);
    is_new(s);
    open_state(s);
    while (s->left > 0) {
        if (s->frames->len == 0) {
            return MEMORY_CONTRADICTORY;
        }
        if (*s->effort == 0 || s->seen.count >= states_most) {
            return MEMORY_UNKNOWN;
        }
        frame *f = &g_array_index(s->frames, frame, s->frames->len - 1);
        take_back(s, f->taken);
        if (f->next == f->end) {
            g_array_set_size(s->frames, s->frames->len - 1);
            continue;
        }
        g_array_set_size(s->choices, f->end);
        take(s, g_array_index(s->choices, uint32_t, f->next++));
        take_harmless(s);
        if (is_new(s)) {
            open_state(s);
        }
    }
    return MEMORY_EXPLAINED;
}

/* -------------------------------------------------------------------------------------- life */

static void begin(search *s)
{
    const memory_order *o = s->o;
    s->passed = g_new0(uint32_t, o->chain_count + 1);
    s->blocker = g_new0(uint32_t, o->chain_count + 1);
    s->current = g_new(uint32_t, o->object_count + 1);
    s->counted = g_new(uint32_t, o->object_count + 1);
    s->reads_left = g_new(uint32_t, o->value_count + 1);
    s->writes_left = g_new(uint32_t, o->value_count + 1);
    s->taken = g_array_new(FALSE, FALSE, sizeof(taken));
    s->frames = g_array_new(FALSE, FALSE, sizeof(frame));
    s->choices = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < o->value_count; i++) {
        s->reads_left[i] = o->values[i].reads;
        s->writes_left[i] = o->values[i].writes;
    }
    for (uint32_t i = 0; i < o->step_count; i++) {
        s->left += !o->steps[i].is_optional;
    }
    for (uint32_t i = 0; i < o->object_count; i++) {
        s->current[i] = o->initial[i];
        s->counted[i] = NO_STEP;
        refresh(s, i);
    }
}

static void end(search *s)
{
    g_free(s->passed);
    g_free(s->blocker);
    g_free(s->current);
    g_free(s->counted);
    g_free(s->reads_left);
    g_free(s->writes_left);
    g_free(s->seen.keys);
    g_array_free(s->taken, TRUE);
    g_array_free(s->frames, TRUE);
    g_array_free(s->choices, TRUE);
}

memory_answer memory_order_search(const memory_order *o, uint64_t *effort, GArray *witness)
{
    if (o->is_too_large) {
        return MEMORY_UNKNOWN;
    }
    search s = {.o = o, .effort = effort};
    begin(&s);
    memory_answer answer = run(&s);
    memset(s.passed, 0, o->chain_count * sizeof *s.passed);
    for (guint i = 0; witness && answer == MEMORY_EXPLAINED && i < s.taken->len; i++) {
        uint32_t chain = g_array_index(s.taken, taken, i).chain, number = next_of(&s, chain);
        g_array_append_val(witness, number);
        s.passed[chain]++;
    }
    end(&s);
    return answer;
}
