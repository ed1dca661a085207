/*
 * Programs. All accesses of a program have the tag 0, one being under way at a time. Steps are
 * numbered over all programs: step i of a program is number first + i, and what it read lies at
 * that place.
 */
#include "drive/programs.h"

#include <dasim.h>
#include <glib.h>

typedef enum process_phase {
    PHASE_NEW,     /* its node has not booted yet */
    PHASE_WAITING, /* for an alarm */
    PHASE_BUSY,    /* an access is under way */
    PHASE_OVER     /* all steps done, drained, or crashed */
} process_phase;

typedef struct process {
    uint32_t next; /* step: under way, or to come */
    uint32_t phase;
} process;

typedef struct result {
    uint64_t value;
    uint64_t done;
} result;

/* The driver's state, flat; behind it: results by step, then processes by program. */
typedef struct load_state {
    uint32_t unfinished; /* programs on live nodes that have steps left */
    uint32_t busy;       /* ... an access of which is under way */
    uint32_t draining, unused;
    result results[];
} load_state;

typedef struct programs {
    client_load as_load; /* first */
    programs_config config;
    uint32_t number, steps;
    uint32_t component; /* that is asked; STACK_MOST: nothing provides a memory */
    uint32_t *first;    /* step of each program */
    uint32_t *of_node;  /* program of each node; NOBODY: none */
} programs;

static load_state *state_of(const programs *p, const world *w)
{
    return world_driver_state((world *)(uintptr_t)w, p->number);
}

static process *process_of(const programs *p, load_state *s, uint32_t which)
{
    return (process *)(void *)&s->results[p->steps] + which;
}

/* The run may be over: let whoever runs the world look. */
static void look(const load_state *s, world *w)
{
    if (s->unfinished == 0 || (s->draining && s->busy == 0)) {
        world_stop(w);
    }
}

static void end(load_state *s, process *its, world *w)
{
    s->busy -= its->phase == PHASE_BUSY;
    s->unfinished--;
    its->phase = PHASE_OVER;
    look(s, w);
}

static void wake_after(const programs *p, world *w, uint32_t node, int64_t after, uint32_t step)
{
    int64_t now = world_now(w);
    world_alarm(w, p->number, after < INT64_MAX - now ? now + after : INT64_MAX, node, step);
}

/* Begins the process's next step. */
static void begin(const programs *p, world *w, load_state *s, uint32_t which)
{
    const program *its = &p->config.programs[which];
    process *me = process_of(p, s, which);
    if (s->draining || me->next == its->count) {
        end(s, me, w);
        return;
    }
    const program_step *step = &its->steps[me->next];
    if (step->kind == STEP_WAIT) {
        me->phase = PHASE_WAITING;
        wake_after(p, w, its->node, step->wait, ++me->next);
        return;
    }
    dasim_access access = {.object = step->object, .value = step->value};
    uint32_t op = step->kind == STEP_WRITE ? DASIM_WRITE : DASIM_READ;
    if (p->component < STACK_MOST &&
        world_request(w, its->node, p->component, op, &access, sizeof access)) {
        me->phase = PHASE_BUSY;
        s->busy++;
    } else {
        end(s, me, w); /* nobody takes requests */
    }
}

static void on_boot(void *self, world *w, uint32_t node, bool recovering)
{
    const programs *p = self;
    (void)recovering;
    if (p->of_node[node] == NOBODY) {
        return;
    }
    load_state *s = state_of(p, w);
    process *me = process_of(p, s, p->of_node[node]);
    if (me->phase == PHASE_NEW) {
        me->phase = PHASE_WAITING;
        s->unfinished++;
        wake_after(p, w, node, 0, 0);
    }
}

static void on_crash(void *self, world *w, uint32_t node)
{
    const programs *p = self;
    load_state *s = state_of(p, w);
    if (p->of_node[node] == NOBODY) {
        return;
    }
    process *me = process_of(p, s, p->of_node[node]);
    if (me->phase == PHASE_WAITING || me->phase == PHASE_BUSY) {
        end(s, me, w);
    }
}

static void on_alarm(void *self, world *w, uint32_t node, uint64_t step)
{
    const programs *p = self;
    load_state *s = state_of(p, w);
    process *me = process_of(p, s, p->of_node[node]);
    if (me->phase == PHASE_WAITING && me->next == step) {
        begin(p, w, s, p->of_node[node]);
    }
}

static void on_indication(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                          const void *arg, size_t size)
{
    const programs *p = self;
    const dasim_access *access = arg;
    uint32_t which = p->of_node[node];
    if (which == NOBODY || component != p->component || size < sizeof *access) {
        return;
    }
    load_state *s = state_of(p, w);
    process *me = process_of(p, s, which);
    if (me->phase != PHASE_BUSY) {
        return;
    }
    const program_step *step = &p->config.programs[which].steps[me->next];
    if (op != (step->kind == STEP_READ ? DASIM_READ_DONE : DASIM_WRITE_DONE) || access->tag != 0 ||
        access->object != step->object) {
        return;
    }
    s->results[p->first[which] + me->next] = (result){.value = access->value, .done = 1};
    s->busy--;
    me->phase = PHASE_WAITING;
    me->next++;
    begin(p, w, s, which);
    look(s, w);
}

/* ---------------------------------------------------------------------------------- as a load */

static void drain(client_load *self, world *w)
{
    state_of((programs *)self, w)->draining = true;
}

static bool is_complete(const client_load *self, const world *w)
{
    return state_of((const programs *)self, w)->unfinished == 0;
}

static bool is_idle(const client_load *self, const world *w)
{
    return state_of((const programs *)self, w)->busy == 0;
}

static bool outcome(const client_load *self, const world *w, uint32_t i, reading *out)
{
    const programs *p = (const programs *)self;
    const load_state *s = state_of(p, w);
    for (uint32_t which = 0; which < p->config.count; which++) {
        const program *its = &p->config.programs[which];
        for (uint32_t step = 0; step < its->count; step++) {
            if (its->steps[step].kind == STEP_READ && i-- == 0) {
                const result *r = &s->results[p->first[which] + step];
                *out = (reading){its->node, its->steps[step].object, r->value, r->done};
                return true;
            }
        }
    }
    return false;
}

static void destroy(client_load *self)
{
    programs *p = (programs *)self;
    g_free(p->first);
    g_free(p->of_node);
    g_free(p);
}

static void number_steps(programs *p, uint32_t nodes)
{
    p->first = g_new(uint32_t, p->config.count);
    p->of_node = g_new(uint32_t, nodes);
    for (uint32_t node = 0; node < nodes; node++) {
        p->of_node[node] = NOBODY;
    }
    for (uint32_t which = 0; which < p->config.count; which++) {
        g_assert(p->config.programs[which].node < nodes);
        p->first[which] = p->steps;
        p->steps += p->config.programs[which].count;
        p->of_node[p->config.programs[which].node] = which;
    }
}

client_load *programs_make(world *w, const void *config)
{
    programs *p = g_new0(programs, 1);
    p->config = *(const programs_config *)config;
    p->component = world_component(w, DASIM_MEMORY);
    number_steps(p, world_nodes(w));
    driver d = {.self = p,
                .state_bytes = sizeof(load_state) + p->steps * sizeof(result) +
                               p->config.count * sizeof(process),
                .on_boot = on_boot,
                .on_crash = on_crash,
                .on_indication = on_indication,
                .on_alarm = on_alarm};
    p->number = world_drive(w, &d);
    p->as_load = (client_load){.drain = drain,
                               .is_complete = is_complete,
                               .is_idle = is_idle,
                               .outcome = outcome,
                               .free = destroy};
    return &p->as_load;
}

bool programs_has_client(const void *config, uint32_t node)
{
    const programs_config *its = config;
    for (uint32_t i = 0; i < its->count; i++) {
        if (its->programs[i].node == node) {
            return true;
        }
    }
    return false;
}
