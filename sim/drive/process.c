/*
 * What wakes a process is always an alarm of its node, so that a crash ends it, a pause delays it,
 * and a process that never blocks for longer than an instant is an event each time, like everything
 * that goes on for ever without time advancing. An alarm carries the number of the turn that it
 * belongs to: once the process has gone on, the alarms of earlier turns (time-outs) are void.
 *
 *   NEW -> STARTING -> RUNNING -> SLEEPING                -> RUNNING -> ... -> OVER
 *                              -> WAITING -> READY        -> RUNNING
 *                              -> WAITING (time-out)      -> RUNNING
 *                              -> PARKED (drained: never asked)
 *   a crash: any but NEW and OVER -> DEAD (-> STARTING with on_recover)
 */
#include "drive/process_internal.h"

/* Of world_choose(): README.md tells who has which. */
enum { PURPOSE_SLEEP = PURPOSE_DRIVER + 32, PURPOSE_RANDOM };

process_state *process_state_of(const processes *p, const world *w)
{
    return world_driver_state((world *)(uintptr_t)w, p->number);
}

uint32_t process_node(const processes *p, const process_state *s, uint32_t number)
{
    return number < p->config.count ? p->config.processes[number].node : s->tasks[number].node;
}

uint32_t process_rank(const processes *p, const process_state *s, uint32_t number)
{
    if (number < p->config.count) {
        return p->rank[number];
    }
    uint32_t place = p->place_of[s->tasks[number].node];
    return p->first[place + 1] - p->first[place] + number - p->config.count;
}

static uint32_t *leader_of(const processes *p, process_state *s, uint32_t place)
{
    return (uint32_t *)(void *)&s->tasks[p->tasks] + place;
}

bool process_is_alive(const task *t)
{
    return t->phase != PHASE_NEW && t->phase != PHASE_OVER && t->phase != PHASE_DEAD;
}

static bool is_busy(const task *t)
{
    return t->phase == PHASE_WAITING || t->phase == PHASE_READY ||
           (process_is_alive(t) && t->holds > 0);
}

void process_change(process_state *s, task *t, task_phase phase, uint32_t holds)
{
    s->unfinished -= process_is_alive(t);
    s->busy -= is_busy(t);
    s->parked -= t->phase == PHASE_PARKED;
    t->phase = (uint16_t)phase;
    t->holds = holds;
    s->unfinished += process_is_alive(t);
    s->busy += is_busy(t);
    s->parked += t->phase == PHASE_PARKED;
}

void process_look(const process_state *s, world *w)
{
    if (s->unfinished == 0 || (s->draining && s->busy + s->asked == 0)) {
        world_stop(w);
    }
}

void process_wake(const processes *p, world *w, uint32_t number, int64_t after)
{
    const process_state *s = process_state_of(p, w);
    int64_t now = world_now(w), at = after < INT64_MAX - now ? now + after : INT64_MAX;
    world_alarm(w, p->number, at, process_node(p, s, number),
                (uint64_t)number << 32 | s->tasks[number].turn);
}

void process_answer(const processes *p, world *w, uint32_t number, uint64_t value)
{
    process_state *s = process_state_of(p, w);
    s->tasks[number].value = value;
    process_change(s, &s->tasks[number], PHASE_READY, s->tasks[number].holds);
    process_wake(p, w, number, 0);
}

/* ------------------------------------------------------------------------------- operations */

static uint64_t draw(const processes *p, world *w, uint32_t purpose, uint32_t number,
                     uint64_t bound)
{
    process_state *s = process_state_of(p, w);
    uint64_t who = (uint64_t)process_node(p, s, number) << 32 | process_rank(p, s, number);
    return world_choose(w, purpose, who, s->tasks[number].draws++, bound);
}

static void sleep_for(const processes *p, world *w, uint32_t number, const distribution *time)
{
    uint64_t u = time->kind == DISTRIBUTION_FIXED ? 0 : draw(p, w, PURPOSE_SLEEP, number, 0);
    int64_t after = distribution_sample(time, u);
    process_wake(p, w, number, after > 0 ? after : 0);
}

/* Asks the component; the answer comes as an indication. */
static void request(const processes *p, world *w, uint32_t number, const operation *o)
{
    uint32_t node = process_node(p, process_state_of(p, w), number);
    dasim_access access = {o->object, number, o->value};
    switch (o->kind) {
    case OPERATION_LOCK:
        process_lock(p, w, number, o->object);
        break;
    case OPERATION_READ:
        access.value = 0;
        world_request(w, node, p->memory, DASIM_READ, &access, sizeof access);
        break;
    case OPERATION_WRITE:
        world_request(w, node, p->memory, DASIM_WRITE, &access, sizeof access);
        break;
    case OPERATION_CALL:
        process_call(p, w, number, o);
        break;
    case OPERATION_FORK:
        process_fork(p, w, number);
        break;
    case OPERATION_AWAIT:
        process_await(p, w, number, (uint32_t)o->value);
        break;
    default:
        world_request(w, node, p->election, DASIM_ELECT, NULL, 0);
    }
}

/* The process stands still until an alarm. */
static void block(const processes *p, world *w, uint32_t number, const operation *o)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[number];
    t->turn++;
    t->kind = (uint16_t)o->kind;
    t->object = o->object;
    t->since = world_now(w);
    if (o->kind == OPERATION_SLEEP) {
        process_change(s, t, PHASE_SLEEPING, t->holds);
        sleep_for(p, w, number, &o->time);
    } else if (s->draining && t->holds == 0) {
        process_change(s, t, PHASE_PARKED, 0);
    } else {
        process_change(s, t, PHASE_WAITING, t->holds);
        request(p, w, number, o);
        if (o->timeout >= 0) {
            process_wake(p, w, number, o->timeout);
        }
    }
    process_look(s, w);
}

/* The answer to what is answered at once. */
static uint64_t answer_at_once(const processes *p, world *w, uint32_t number, const operation *o)
{
    uint32_t node = process_node(p, process_state_of(p, w), number);
    switch (o->kind) {
    case OPERATION_UNLOCK:
        return process_unlock(p, w, number, o->object);
    case OPERATION_LEADER:
        return *leader_of(p, process_state_of(p, w), p->place_of[node]) - 1u;
    case OPERATION_RANDOM:
        return draw(p, w, PURPOSE_RANDOM, number, o->value);
    default:
        world_note(w, node, number, o->text, o->size);
        return 0;
    }
}

static void run(const processes *p, world *w, uint32_t number, answer last)
{
    process_state *s = process_state_of(p, w);
    task *t = &s->tasks[number];
    operation next;
    process_change(s, t, PHASE_RUNNING, t->holds);
    for (;;) {
        next = (operation){.timeout = -1};
        p->config.resume(p->config.context, w, number, &last, &next);
        if (next.kind < OPERATION_UNLOCK) {
            block(p, w, number, &next);
            return;
        }
        if (next.kind >= OPERATION_END) {
            process_end(p, w, number, (uint32_t)next.value);
            process_look(s, w);
            return;
        }
        last = (answer){ANSWER_DONE, true, answer_at_once(p, w, number, &next)};
    }
}

/* -------------------------------------------------------------------------------- callbacks */

static void on_alarm(void *self, world *w, uint32_t node, uint64_t data)
{
    (void)node;
    const processes *p = self;
    process_state *s = process_state_of(p, w);
    uint32_t number = (uint32_t)(data >> 32);
    task *t = &s->tasks[number];
    if (t->turn != (uint32_t)data) {
        return; /* it has gone on since */
    }
    switch (t->phase) {
    case PHASE_STARTING:
        run(p, w, number, (answer){ANSWER_START, false, 0});
        break;
    case PHASE_SLEEPING:
        run(p, w, number, (answer){ANSWER_DONE, false, 0});
        break;
    case PHASE_READY:
        if (t->kind == OPERATION_AWAIT) {
            process_bury(p, w, number);
        }
        run(p, w, number, (answer){ANSWER_DONE, false, t->value});
        break;
    case PHASE_WAITING:
        if (t->kind == OPERATION_CALL) {
            process_give_up(p, w, number); /* and goes on waiting, for the answer to that */
            break;
        }
        if (t->kind == OPERATION_LOCK) {
            process_withdraw(p, w, number, t->object);
        }
        run(p, w, number, (answer){ANSWER_TIMED_OUT, false, 0});
        break;
    default:
        break;
    }
}

static void on_lock(const processes *p, world *w, uint32_t node, uint32_t op,
                    const dasim_lock *lock)
{
    if (lock->resource >= p->resources) {
        return;
    }
    if (op == DASIM_GRANTED) {
        process_granted(p, w, node, lock);
    } else if (op == DASIM_LOST) {
        process_lost(p, w, node, lock);
    }
}

static void on_access(const processes *p, world *w, uint32_t node, uint32_t op,
                      const dasim_access *access)
{
    operation_kind kind = op == DASIM_READ_DONE ? OPERATION_READ : OPERATION_WRITE;
    uint32_t number = access->tag;
    const process_state *s = process_state_of(p, w);
    if (number >= p->tasks || process_node(p, s, number) != node) {
        return;
    }
    const task *t = &s->tasks[number];
    if (t->phase == PHASE_WAITING && t->kind == kind && t->object == access->object) {
        process_answer(p, w, number, access->value);
    }
}

static void on_leader(const processes *p, world *w, uint32_t place, uint32_t leader)
{
    process_state *s = process_state_of(p, w);
    *leader_of(p, s, place) = leader + 1;
    for (uint32_t i = p->first[place]; i < p->first[place + 1]; i++) {
        const task *t = &s->tasks[p->order[i]];
        if (t->phase == PHASE_WAITING && t->kind == OPERATION_ELECT) {
            process_answer(p, w, p->order[i], leader);
        }
    }
    for (uint32_t i = p->config.count; i < p->tasks; i++) {
        const task *t = &s->tasks[i];
        if (t->phase == PHASE_WAITING && t->kind == OPERATION_ELECT &&
            p->place_of[t->node] == place) {
            process_answer(p, w, i, leader);
        }
    }
}

static void on_indication(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                          const void *arg, size_t size)
{
    const processes *p = self;
    uint32_t place = p->place_of[node];
    if (place == NOBODY) {
        return;
    }
    if (p->channels >> component & 1) {
        if (size >= sizeof(dasim_call)) {
            process_called(p, w, node, component, op, arg, size);
        }
    } else if (component == p->mutex && size >= sizeof(dasim_lock)) {
        on_lock(p, w, node, op, arg);
    } else if (component == p->memory && size >= sizeof(dasim_access)) {
        on_access(p, w, node, op, arg);
    } else if (component == p->election && op == DASIM_LEADER && size >= sizeof(dasim_leader)) {
        on_leader(p, w, place, ((const dasim_leader *)arg)->leader);
    }
}

static void on_boot(void *self, world *w, uint32_t node, bool recovering)
{
    (void)recovering;
    const processes *p = self;
    process_state *s = process_state_of(p, w);
    uint32_t place = p->place_of[node];
    for (uint32_t i = place == NOBODY ? 0 : p->first[place];
         place != NOBODY && i < p->first[place + 1]; i++) {
        uint32_t number = p->order[i];
        task *t = &s->tasks[number];
        if (t->phase == PHASE_NEW ||
            (t->phase == PHASE_DEAD && p->config.processes[number].on_recover)) {
            t->turn++;
            t->known = 0;
            process_change(s, t, PHASE_STARTING, 0);
            process_wake(p, w, number, 0);
        }
    }
}

static void on_crash(void *self, world *w, uint32_t node)
{
    const processes *p = self;
    process_state *s = process_state_of(p, w);
    uint32_t place = p->place_of[node];
    if (place == NOBODY) {
        return;
    }
    for (uint32_t i = p->first[place]; i < p->first[place + 1]; i++) {
        task *t = &s->tasks[p->order[i]];
        if (process_is_alive(t)) {
            process_change(s, t, PHASE_DEAD, 0);
            p->config.dead(p->config.context, p->order[i]);
        }
    }
    *leader_of(p, s, place) = 0;
    process_forget_children(p, w, node);
    process_forget_locks(p, w, node);
    process_look(s, w);
}

/* ---------------------------------------------------------------------------------- as a load */

static void drain(client_load *self, world *w)
{
    process_state_of((const processes *)self, w)->draining = true;
}

static bool is_complete(const client_load *self, const world *w)
{
    return process_state_of((const processes *)self, w)->unfinished == 0;
}

static bool is_idle(const client_load *self, const world *w)
{
    const process_state *s = process_state_of((const processes *)self, w);
    return s->busy + s->asked == 0;
}

static void destroy(client_load *self)
{
    processes_free((processes *)self);
}

client_load *processes_load(processes *p)
{
    return &p->as_load;
}

/* -------------------------------------------------------------------------------- life, looks */

/* Counts the processes of each node, then puts them in their order. */
static void sort_by_place(processes *p, uint32_t nodes)
{
    p->place_of = g_new(uint32_t, nodes);
    memset(p->place_of, 0xFF, nodes * sizeof *p->place_of);
    for (uint32_t i = 0; i < p->config.count; i++) {
        uint32_t node = p->config.processes[i].node;
        g_assert(node < nodes);
        if (p->place_of[node] == NOBODY) {
            p->place_of[node] = p->places++;
        }
    }
    p->first = g_new0(uint32_t, p->places + 2u);
    p->order = g_new(uint32_t, p->config.count + 1u);
    p->rank = g_new(uint32_t, p->config.count + 1u);
    for (uint32_t i = 0; i < p->config.count; i++) {
        p->rank[i] = p->first[p->place_of[p->config.processes[i].node] + 2]++;
    }
    for (uint32_t i = 2; i < p->places + 2; i++) {
        p->first[i] += p->first[i - 1];
    }
    for (uint32_t i = 0; i < p->config.count; i++) {
        p->order[p->first[p->place_of[p->config.processes[i].node] + 1]++] = i;
    }
}

static uint32_t heard(const world *w, dasim_service service)
{
    uint32_t component = world_component(w, service);
    return component < STACK_MOST && world_is_heard(w, component) ? component : STACK_MOST;
}

static void find_channels(processes *p, const world *w)
{
    const world_config *config = world_config_of(w);
    for (uint32_t i = 0; i < config->stack_size; i++) {
        bool is_one = config->stack[i].algorithm->provides == DASIM_CHANNEL;
        p->channels |= (uint32_t)(is_one && world_is_heard(w, i)) << i;
    }
}

processes *processes_new(world *w, const processes_config *config)
{
    processes *p = g_new0(processes, 1);
    p->as_load = (client_load){.drain = drain,
                               .is_complete = is_complete,
                               .is_idle = is_idle,
                               .free = destroy};
    p->config = *config;
    p->tasks = config->count + config->children;
    p->asked = g_byte_array_new();
    find_channels(p, w);
    p->mutex = heard(w, DASIM_MUTEX);
    p->memory = heard(w, DASIM_MEMORY);
    p->election = heard(w, DASIM_ELECTION);
    p->resources = world_config_of(w)->resources;
    sort_by_place(p, world_nodes(w));
    driver d = {.self = p,
                .state_bytes = sizeof(process_state) + p->tasks * sizeof(task) +
                               p->places * sizeof(uint32_t) + process_seats_size(p),
                .on_boot = on_boot,
                .on_crash = on_crash,
                .on_indication = on_indication,
                .on_alarm = on_alarm};
    p->number = world_drive(w, &d);
    return p;
}

void processes_free(processes *p)
{
    if (p) {
        g_free(p->place_of);
        g_free(p->first);
        g_free(p->order);
        g_free(p->rank);
        g_byte_array_free(p->asked, TRUE);
        g_free(p);
    }
}

bool process_waits(const processes *p, const world *w, uint32_t process, process_wait *out)
{
    const task *t = &process_state_of(p, w)->tasks[process];
    bool in_vain = t->kind < OPERATION_CALL || process_state_of(p, w)->parked == 0;
    if (t->phase != PHASE_WAITING || !in_vain) {
        return false;
    }
    *out = (process_wait){(operation_kind)t->kind, t->object, NOBODY, t->since};
    if (t->kind == OPERATION_LOCK) {
        out->holder = process_holder(p, w, t->object);
    }
    return true;
}
