/*
 * The functions of a scenario are a driver like any other: on() is shown each record after the
 * fact, and the actions that it asks for are carried out when the event is over.
 */
#include "run/session.h"

#include "drive/chaos.h"
#include "observe/names.h"

static void carry_out(session *s)
{
    for (guint i = 0; i < s->actions->len; i++) {
        action what = g_array_index(s->actions, action, i);
        faults_act(s->faults, s->world, &what);
    }
    g_array_set_size(s->actions, 0);
}

static void fail(session *s)
{
    s->failed = true;
    g_array_set_size(s->actions, 0);
    world_stop(s->world);
}

static void on_record(void *self, world *w, const record *r)
{
    session *s = self;
    bool idle = s->actions->len == 0;
    if (s->failed) {
        return;
    }
    if (!scenario_show(s->scenario, w, r, s->actions)) {
        fail(s);
    } else if (idle && s->actions->len > 0) {
        world_post(w, s->watcher, 0);
    }
}

static void on_post(void *self, world *w, uint64_t data)
{
    (void)w;
    (void)data;
    carry_out(self);
}

/* ACTION_CALL of a fault: the drivers of faults call this between events. */
static void on_call(void *context, world *w, int function)
{
    session *s = context;
    if (s->failed) {
        return;
    }
    if (!scenario_call(s->scenario, w, function, s->actions)) {
        fail(s);
        return;
    }
    if (s->actions->len > 0) {
        world_post(w, s->watcher, 0);
    }
}

/* Lets a process go on. */
static void on_resume(void *context, world *w, uint32_t process, const answer *last,
                      operation *next)
{
    session *s = context;
    if (s->failed) {
        next->kind = OPERATION_FAIL;
        return;
    }
    scenario_resume(s->scenario, w, process, last, next, s->actions);
    if (next->kind == OPERATION_FAIL) {
        fail(s);
    } else if (s->actions->len > 0) {
        world_post(w, s->watcher, 0);
    }
}

static void on_dead(void *context, uint32_t process)
{
    scenario_process_dead(((session *)context)->scenario, process);
}

static void on_answered(void *context, uint32_t process, const dasim_call *reply)
{
    scenario_answered(((session *)context)->scenario, process, reply);
}

static void on_forked(void *context, uint32_t parent, uint32_t child)
{
    scenario_forked(((session *)context)->scenario, parent, child);
}

static void add_clients(session *s)
{
    scenario *of = s->scenario;
    if (of->workload.make) {
        s->load = of->workload.make(s->world, of->workload.config);
        s->loads[s->load_count++] = s->load;
    }
    if (of->process_count > 0) {
        processes_config config = {.processes = of->processes,
                                   .count = of->process_count,
                                   .children = of->child_count,
                                   .resume = on_resume,
                                   .dead = on_dead,
                                   .answered = on_answered,
                                   .forked = on_forked,
                                   .context = s};
        s->processes = processes_new(s->world, &config);
        s->loads[s->load_count++] = processes_load(s->processes);
    }
}

static void add_drivers(session *s)
{
    scenario *of = s->scenario;
    const GArray *list = s->chaos ? s->chaos : of->faults;
    add_clients(s);
    faults_config config = {
        .faults = (const fault *)(const void *)list->data,
        .fault_count = list->len,
        .rules = (const message_rule *)(const void *)of->rules->data,
        .rule_count = of->rules->len,
        .call = on_call,
        .context = s,
        .type_name = record_type_name,
    };
    s->faults = faults_new(s->world, &config);
    driver watcher = {
        .self = s,
        .on_record = scenario_watches(of) ? on_record : NULL,
        .on_post = on_post,
    };
    s->watcher = world_drive(s->world, &watcher);
}

session *session_new(scenario *of, uint64_t seed, uint32_t chaos, const char **refusal)
{
    world_config config = of->world;
    config.seed = seed;
    world *w = world_new(&config, refusal);
    if (w == NULL) {
        return NULL;
    }
    session *s = g_new0(session, 1);
    s->world = w;
    s->scenario = of;
    s->actions = g_array_new(FALSE, FALSE, sizeof(action));
    if (chaos) {
        s->chaos = g_array_new(FALSE, FALSE, sizeof(fault));
        if (of->faults->len > 0) {
            g_array_append_vals(s->chaos, of->faults->data, of->faults->len);
        }
        chaos_draw(chaos, seed, s->chaos);
    }
    add_drivers(s);
    return s;
}

void session_free(session *s)
{
    if (s == NULL) {
        return;
    }
    for (uint32_t i = 0; i < s->load_count; i++) {
        s->loads[i]->free(s->loads[i]);
    }
    faults_free(s->faults);
    if (s->chaos) {
        g_array_free(s->chaos, TRUE);
    }
    world_free(s->world);
    g_array_free(s->actions, TRUE);
    g_free(s);
}

bool session_is_complete(const session *s)
{
    bool complete = s->load_count > 0;
    for (uint32_t i = 0; i < s->load_count; i++) {
        complete &= s->loads[i]->is_complete(s->loads[i], s->world);
    }
    return complete;
}

bool session_is_idle(const session *s)
{
    bool idle = true;
    for (uint32_t i = 0; i < s->load_count; i++) {
        idle &= s->loads[i]->is_idle(s->loads[i], s->world);
    }
    return idle;
}

void session_drain(session *s)
{
    for (uint32_t i = 0; i < s->load_count; i++) {
        s->loads[i]->drain(s->loads[i], s->world);
    }
}
