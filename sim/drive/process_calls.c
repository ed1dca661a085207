/*
 * System calls, and children. A call is asked of its component and answered by an indication of the
 * same number for the same process: each call has one answer, also one that was given up.
 *
 * A child's place:
 *
 *   free -> asked for (all channel components are asked for DASIM_FORK) -> lives -> over -> free
 *                     (one refused: the others are told DASIM_EXIT) -> free
 *
 * One that is over keeps its place until its parent has waited for it, or is over too; a place
 * whose last process still holds a lock is not free.
 */
#include "drive/process_internal.h"

#include <errno.h>

static bool is_free(const task *t)
{
    return t->phase == PHASE_NEW && t->parent == 0 && t->holds == 0;
}

/* NOBODY: no process of the node has this number. */
static uint32_t process_of_rank(const processes *p, const process_state *s, uint32_t node,
                                uint32_t rank)
{
    uint32_t place = p->place_of[node], own = p->first[place + 1] - p->first[place];
    if (rank < own) {
        return p->order[p->first[place] + rank];
    }
    uint32_t number = p->config.count + (rank - own);
    bool is_there = rank - own < p->config.children && s->tasks[number].node == node;
    return is_there ? number : NOBODY;
}

/* --------------------------------------------------------------------------------------- asking */

static bool ask(const processes *p, world *w, uint32_t node, uint32_t component, uint32_t op,
                dasim_call call, const char *text)
{
    call.size = text ? call.size : 0;
    g_byte_array_set_size(p->asked, 0);
    g_byte_array_append(p->asked, (const guint8 *)&call, sizeof call);
    g_byte_array_append(p->asked, (const guint8 *)text, call.size);
    return world_request(w, node, component, op, p->asked->data, p->asked->len);
}

static void take_answer(const processes *p, world *w, uint32_t number, const dasim_call *reply)
{
    p->config.answered(p->config.context, number, reply);
    process_answer(p, w, number, 0);
}

void process_call(const processes *p, world *w, uint32_t number, const operation *o)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[number];
    dasim_call call = {.process = process_rank(p, s, number),
                       .descriptor = o->descriptor,
                       .value = (int64_t)o->value,
                       .flags = o->flags,
                       .size = (uint32_t)o->size};
    t->call = o->call;
    t->known |= 1u << o->object;
    if (!ask(p, w, process_node(p, s, number), o->object, o->call, call, o->text)) {
        call = (dasim_call){.process = call.process, .descriptor = -1, .value = -ENOSYS};
        take_answer(p, w, number, &call);
    }
}

void process_give_up(const processes *p, world *w, uint32_t number)
{
    process_state *s = process_state_of(p, w);
    const task *t = &s->tasks[number];
    dasim_call call = {.process = process_rank(p, s, number),
                       .descriptor = -1,
                       .flags = PROCESS_GIVE_UP};
    ask(p, w, process_node(p, s, number), t->object, t->call, call, NULL);
}

/* -------------------------------------------------------------------------------------- the end */

/* The components that have heard of the process hear that it is over. */
static void leave(const processes *p, world *w, uint32_t number, uint32_t status)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[number];
    dasim_call call = {.process = process_rank(p, s, number), .descriptor = -1, .value = status};
    for (uint32_t i = 0; i < STACK_MOST; i++) {
        if (t->known >> i & 1) {
            ask(p, w, process_node(p, s, number), i, DASIM_EXIT, call, NULL);
        }
    }
    t->known = 0;
}

static void free_place(process_state *s, task *t)
{
    process_change(s, t, PHASE_NEW, t->holds);
    t->parent = 0;
}

/* Nobody waits for the children of a process that is over. */
static void orphan(const processes *p, process_state *s, uint32_t parent)
{
    for (uint32_t i = p->config.count; i < p->tasks && s->tasks[parent].has_forked; i++) {
        task *t = &s->tasks[i];
        if (t->parent == parent + 1) {
            t->parent = 0;
            if (t->phase == PHASE_OVER) {
                free_place(s, t);
            }
        }
    }
}

/* The parent will learn of the end of its child. Until it goes on, the place stays the child's. */
static void tell_end(const processes *p, world *w, uint32_t parent, uint32_t child)
{
    uint32_t status = process_state_of(p, w)->tasks[child].status;
    process_answer(p, w, parent, (uint64_t)status << 32 | child);
}

void process_bury(const processes *p, world *w, uint32_t number)
{
    process_state *s = process_state_of(p, w);
    uint32_t child = (uint32_t)s->tasks[number].value;
    if (child != NOBODY) {
        world_client(w, process_node(p, s, number), CLIENT_JOINS,
                     (client_body){(int32_t)process_rank(p, s, number), process_rank(p, s, child)});
        free_place(s, &s->tasks[child]);
    }
}

void process_await(const processes *p, world *w, uint32_t number, uint32_t child)
{
    process_state *s = process_state_of(p, w);
    bool has_one = false;
    s->tasks[number].object = child;
    for (uint32_t i = p->config.count; i < p->tasks; i++) {
        const task *t = &s->tasks[i];
        if (t->parent != number + 1 || (child != NOBODY && child != i)) {
            continue;
        }
        if (t->phase == PHASE_OVER) {
            tell_end(p, w, number, i);
            return;
        }
        has_one = true;
    }
    if (!has_one) {
        process_answer(p, w, number, NOBODY);
    }
}

void process_end(const processes *p, world *w, uint32_t number, uint32_t status)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[number];
    process_change(s, t, PHASE_OVER, t->holds);
    leave(p, w, number, status);
    orphan(p, s, number);
    if (number < p->config.count) {
        return;
    }
    t->status = status;
    if (t->parent == 0) {
        free_place(s, t);
        return;
    }
    uint32_t parent = t->parent - 1;
    const task *its = &s->tasks[parent];
    if (its->phase == PHASE_WAITING && its->kind == OPERATION_AWAIT &&
        (its->object == NOBODY || its->object == number)) {
        tell_end(p, w, parent, number);
    }
}

/* ------------------------------------------------------------------------------------- forking */

/* All components agree: the child begins, the parent goes on. */
static void begin(const processes *p, world *w, uint32_t parent, uint32_t child)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[child];
    if (!s->tasks[parent].has_forked) {
        s->tasks[parent].has_forked = true;
        process_tell_held(p, w, parent);
    }
    t->turn++;
    t->known = p->channels;
    process_change(s, t, PHASE_STARTING, 0);
    p->config.forked(p->config.context, parent, child);
    process_answer(p, w, parent, child);
    process_wake(p, w, child, 0);
}

void process_fork(const processes *p, world *w, uint32_t number)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[number];
    uint32_t child = p->config.count, node = process_node(p, s, number);
    while (child < p->tasks && !is_free(&s->tasks[child])) {
        child++;
    }
    if (child == p->tasks) {
        process_answer(p, w, number, NOBODY);
        return;
    }
    s->tasks[child].parent = number + 1;
    s->tasks[child].node = node;
    s->tasks[child].has_forked = false;
    t->call = child + 1;
    t->object = 0; /* answers that are to come */
    t->value = 0;
    dasim_call call = {.process = process_rank(p, s, number),
                       .descriptor = -1,
                       .value = process_rank(p, s, child)};
    for (uint32_t i = 0; i < STACK_MOST; i++) {
        if (p->channels >> i & 1) {
            t->known |= 1u << i;
            t->object += ask(p, w, node, i, DASIM_FORK, call, NULL);
        }
    }
    if (t->object == 0) {
        begin(p, w, number, child);
    }
}

/* One component has answered the FORK. */
static void count_fork(const processes *p, world *w, uint32_t number, int64_t value)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[number];
    uint32_t child = t->call - 1;
    if (value < 0 && value != -ENOSYS) {
        t->value = (uint64_t)value;
    }
    if (--t->object > 0) {
        return;
    }
    if (t->value == 0) {
        begin(p, w, number, child);
        return;
    }
    s->tasks[child].known = p->channels;
    leave(p, w, child, 0);
    free_place(s, &s->tasks[child]);
    process_answer(p, w, number, t->value);
}

void process_called(const processes *p, world *w, uint32_t node, uint32_t component, uint32_t op,
                    const dasim_call *reply, size_t size)
{
    const process_state *s = process_state_of(p, w);
    uint32_t number = process_of_rank(p, s, node, reply->process);
    if (number == NOBODY || reply->size > size - sizeof *reply) {
        return;
    }
    const task *t = &s->tasks[number];
    if (t->phase != PHASE_WAITING) {
        return;
    }
    if (t->kind == OPERATION_CALL && t->object == component && t->call == op) {
        take_answer(p, w, number, reply);
    } else if (t->kind == OPERATION_FORK && op == DASIM_FORK) {
        count_fork(p, w, number, reply->value);
    }
}

void process_forget_children(const processes *p, world *w, uint32_t node)
{
    process_state *s = process_state_of(p, w);
    for (uint32_t i = p->config.count; i < p->tasks; i++) {
        task *t = &s->tasks[i];
        if (t->node != node || is_free(t)) {
            continue;
        }
        if (process_is_alive(t)) {
            process_change(s, t, PHASE_DEAD, 0);
            p->config.dead(p->config.context, i);
        }
        process_change(s, t, PHASE_NEW, 0);
        t->parent = 0;
    }
}
