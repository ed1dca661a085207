/*
 * The seats: each resource as the processes of one node see it. One of them holds it, others queue;
 * while nobody holds it and somebody waits, the component has one request of the node.
 */
#include "drive/process_internal.h"

static seat *seat_of(const processes *p, process_state *s, uint32_t node, uint32_t resource)
{
    uint32_t *leaders = (uint32_t *)(void *)&s->tasks[p->tasks];
    seat *all = (seat *)(void *)&leaders[p->places];
    return &all[(size_t)p->place_of[node] * p->resources + resource];
}

size_t process_seats_size(const processes *p)
{
    return p->mutex < STACK_MOST ? (size_t)p->places * p->resources * sizeof(seat) : 0;
}

static void request(const processes *p, world *w, uint32_t node, uint32_t op, uint32_t resource)
{
    dasim_lock lock = {.resource = resource};
    world_request(w, node, p->mutex, op, &lock, sizeof lock);
}

/* Asks for the node, if somebody waits and it has not asked. */
static void ask(const processes *p, world *w, uint32_t node, uint32_t resource)
{
    seat *its = seat_of(p, process_state_of(p, w), node, resource);
    if (its->first && !its->holder && !its->asked) {
        its->asked = true;
        process_state_of(p, w)->asked++;
        request(p, w, node, DASIM_ACQUIRE, resource);
    }
}

/* Where a node has several processes, its requests do not tell which of them it is. `anyway`: this
 * they do not tell of a single one, either. */
static void tell(const processes *p, world *w, uint32_t number, client_step step, uint32_t resource,
                 bool anyway)
{
    const process_state *s = process_state_of(p, w);
    uint32_t node = process_node(p, s, number), place = p->place_of[node];
    uint32_t first = p->first[place];
    bool several = p->first[place + 1] - first > 1 || s->tasks[p->order[first]].has_forked;
    if (several || anyway) {
        world_client(w, node, step, (client_body){several ? (int32_t)number : -1, resource});
    }
}

/* The holder has it no longer. */
static void vacate(process_state *s, seat *its)
{
    task *t = &s->tasks[its->holder - 1];
    process_change(s, t, t->phase, t->holds - 1);
    its->holder = 0;
}

void process_lock(const processes *p, world *w, uint32_t number, uint32_t resource)
{
    process_state *s = process_state_of(p, w);
    seat *its = seat_of(p, s, process_node(p, s, number), resource);
    task *t = &s->tasks[number];
    t->previous = its->last;
    t->next = 0;
    *(its->last ? &s->tasks[its->last - 1].next : &its->first) = number + 1;
    its->last = number + 1;
    tell(p, w, number, CLIENT_WAITS, resource, its->asked);
    ask(p, w, process_node(p, s, number), resource);
}

static void dequeue(process_state *s, seat *its, uint32_t number)
{
    const task *t = &s->tasks[number];
    *(t->previous ? &s->tasks[t->previous - 1].next : &its->first) = t->next;
    *(t->next ? &s->tasks[t->next - 1].previous : &its->last) = t->previous;
}

void process_withdraw(const processes *p, world *w, uint32_t number, uint32_t resource)
{
    process_state *s = process_state_of(p, w);
    dequeue(s, seat_of(p, s, process_node(p, s, number), resource), number);
    tell(p, w, number, CLIENT_QUITS, resource, true);
}

bool process_unlock(const processes *p, world *w, uint32_t number, uint32_t resource)
{
    process_state *s = process_state_of(p, w);
    uint32_t node = process_node(p, s, number);
    seat *its = seat_of(p, s, node, resource);
    if (its->holder != number + 1) {
        return false;
    }
    vacate(s, its);
    request(p, w, node, DASIM_RELEASE, resource);
    ask(p, w, node, resource); /* behind the release that is on its way */
    process_look(s, w);
    return true;
}

void process_granted(const processes *p, world *w, uint32_t node, const dasim_lock *lock)
{
    process_state *s = process_state_of(p, w);
    seat *its = seat_of(p, s, node, lock->resource);
    if (!its->asked) {
        return; /* a client believes only the grant that it waits for */
    }
    its->asked = false;
    s->asked--;
    if (its->first == 0) { /* all who wanted it have given up */
        request(p, w, node, DASIM_RELEASE, lock->resource);
        process_look(s, w);
        return;
    }
    uint32_t number = its->first - 1;
    task *t = &s->tasks[number];
    dequeue(s, its, number);
    its->holder = number + 1;
    tell(p, w, number, CLIENT_HOLDS, lock->resource, false);
    process_change(s, t, t->phase, t->holds + 1);
    process_answer(p, w, number, lock->fencing);
}

void process_lost(const processes *p, world *w, uint32_t node, const dasim_lock *lock)
{
    process_state *s = process_state_of(p, w);
    seat *its = seat_of(p, s, node, lock->resource);
    if (its->holder) {
        vacate(s, its);
        ask(p, w, node, lock->resource);
        process_look(s, w);
    }
}

void process_forget_locks(const processes *p, world *w, uint32_t node)
{
    process_state *s = process_state_of(p, w);
    for (uint32_t i = 0; p->mutex < STACK_MOST && i < p->resources; i++) {
        seat *its = seat_of(p, s, node, i);
        s->asked -= its->asked;
        *its = (seat){0};
    }
}

void process_tell_held(const processes *p, world *w, uint32_t number)
{
    process_state *s = process_state_of(p, w);
    uint32_t node = process_node(p, s, number);
    for (uint32_t i = 0; p->mutex < STACK_MOST && i < p->resources; i++) {
        if (seat_of(p, s, node, i)->holder == number + 1) {
            tell(p, w, number, CLIENT_HOLDS, i, true);
        }
    }
}

uint32_t process_holder(const processes *p, const world *w, uint32_t resource)
{
    for (uint32_t place = 0; place < p->places; place++) {
        uint32_t node = process_node(p, process_state_of(p, w), p->order[p->first[place]]);
        const seat *its = seat_of(p, process_state_of(p, w), node, resource);
        if (its->holder) {
            return its->holder - 1;
        }
    }
    return NOBODY;
}
