/* A clock is as long as its highest number that is not 0. A process counts its releases, from 1:
 * what it does between two of them becomes known together. */
#include "check/process_order.h"

#include <glib.h>

typedef struct vector {
    uint32_t *counts;
    uint32_t length;
} vector;

struct process_order {
    GArray *processes, *things; /* vector */
    size_t used, most;          /* bytes */
};

static vector *process_at(const process_order *o, uint32_t process)
{
    return &g_array_index(o->processes, vector, process);
}

static vector *thing_at(const process_order *o, uint32_t thing)
{
    return &g_array_index(o->things, vector, thing);
}

static bool lengthen(process_order *o, vector *v, uint32_t length)
{
    if (length > v->length) {
        o->used += (length - v->length) * sizeof *v->counts;
        if (process_order_is_full(o)) {
            return false;
        }
        v->counts = g_renew(uint32_t, v->counts, length);
        while (v->length < length) {
            v->counts[v->length++] = 0;
        }
    }
    return true;
}

static void add(process_order *o, vector *to, const vector *from)
{
    if (process_order_is_full(o) || !lengthen(o, to, from->length)) {
        return;
    }
    for (uint32_t i = 0; i < from->length; i++) {
        to->counts[i] = MAX(to->counts[i], from->counts[i]);
    }
}

process_order *process_order_new(size_t memory)
{
    process_order *o = g_new0(process_order, 1);
    o->processes = g_array_new(FALSE, TRUE, sizeof(vector));
    o->things = g_array_new(FALSE, TRUE, sizeof(vector));
    o->most = memory;
    return o;
}

static void free_all(GArray *vectors)
{
    for (guint i = 0; i < vectors->len; i++) {
        g_free(g_array_index(vectors, vector, i).counts);
    }
    g_array_free(vectors, TRUE);
}

void process_order_free(process_order *o)
{
    if (o) {
        free_all(o->processes);
        free_all(o->things);
        g_free(o);
    }
}

/* From now on what the process does is news again. */
static void step(process_order *o, uint32_t process)
{
    vector *v = process_at(o, process);
    if (lengthen(o, v, process + 1)) {
        v->counts[process]++;
    }
}

static uint32_t begin_with(process_order *o, const vector *known)
{
    uint32_t process = o->processes->len;
    vector copy = known ? *known : (vector){NULL, 0};
    g_array_set_size(o->processes, process + 1);
    add(o, process_at(o, process), &copy);
    step(o, process);
    return process;
}

uint32_t process_order_begin(process_order *o, uint32_t thing)
{
    return begin_with(o, thing == ORDER_NOTHING ? NULL : thing_at(o, thing));
}

uint32_t process_order_fork(process_order *o, uint32_t parent)
{
    uint32_t child = begin_with(o, process_at(o, parent));
    step(o, parent);
    return child;
}

void process_order_join(process_order *o, uint32_t process, uint32_t child)
{
    add(o, process_at(o, process), process_at(o, child));
}

uint32_t process_order_thing(process_order *o)
{
    g_array_set_size(o->things, o->things->len + 1);
    return o->things->len - 1;
}

void process_order_release(process_order *o, uint32_t process, uint32_t thing)
{
    add(o, thing_at(o, thing), process_at(o, process));
    step(o, process);
}

void process_order_acquire(process_order *o, uint32_t process, uint32_t thing)
{
    add(o, process_at(o, process), thing_at(o, thing));
}

moment process_order_now(const process_order *o, uint32_t process)
{
    const vector *v = process_at(o, process);
    return (moment){process, v->length > process ? v->counts[process] : 0};
}

bool process_order_knows(const process_order *o, uint32_t process, moment m)
{
    const vector *v = process_at(o, process);
    return m.process == process || (m.process < v->length && v->counts[m.process] >= m.count);
}

bool process_order_is_full(const process_order *o)
{
    return o->used > o->most;
}
