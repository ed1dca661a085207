#include "faulty.h"

static const dasim_field roles[] = {
    {"leads", DASIM_U64, 0, 2, .role = "leader"},
    {0},
};
uint32_t names_asked;
faults *its;

static void start_ticking(dasim_node *self, bool recovering)
{
    (void)recovering;
    dasim_arm(self, FIRST, 10 * ms);
}

static void tick(dasim_node *self, uint32_t timer)
{
    (void)timer;
    send_number(self, (self->id + 1) % self->nodes, self->id);
    dasim_arm(self, FIRST, 10 * ms);
}

/* ACQUIRE of a number: the node sends it to everybody. */
static void shout(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op;
    dasim_broadcast(self, NUMBER, arg, size);
}

static const char *name_of(const world *w, const record *r)
{
    const dasim_algorithm *a = world_config_of(w)->stack[r->component].algorithm;
    names_asked++;
    if (r->kind == RECORD_TIMER) {
        return a->timers[r->type];
    }
    return r->kind == RECORD_REQUEST ? "ACQUIRE" : a->messages[r->type].name;
}

uint32_t calls, called;
bool call_acts;

static void call(void *context, world *w, int function)
{
    cr_assert_eq(context, &calls);
    calls++;
    called = (uint32_t)function;
    if (call_acts) {
        action what = {.kind = ACTION_CRASH, .who = {TARGET_NODE, 2, NULL}};
        faults_act(its, w, &what);
    }
}

world_config ticking(uint32_t nodes)
{
    part[0].on_boot = start_ticking;
    part[0].on_timer = tick;
    part[0].on_request = shout;
    part[0].state = roles;
    return plain(nodes);
}

world *stage_rules(const world_config *c, const fault *list, uint32_t count,
                   const message_rule *rules, uint32_t rule_count)
{
    faults_config config = {list, count, rules, rule_count, call, &calls, name_of};
    world *w = prepare(c);
    its = faults_new(w, &config);
    world_start(w);
    return w;
}

world *stage(const world_config *c, const fault *list, uint32_t count)
{
    return stage_rules(c, list, count, NULL, 0);
}

void leave(world *w)
{
    faults_free(its);
    world_free(w);
}

target node(uint32_t number)
{
    return (target){TARGET_NODE, number, NULL};
}

target some(target_kind kind)
{
    return (target){kind, 0, NULL};
}

action to(action_kind kind, target who)
{
    return (action){.kind = kind, .who = who};
}

action lasting(action_kind kind, target who, int64_t lasts)
{
    return (action){.kind = kind, .who = who, .lasts = lasts};
}

fault once(int64_t when, action what)
{
    return (fault){.trigger = TRIGGER_AT, .at = when, .action = what};
}

event_pattern on(record_kind kind, const char *type, uint64_t nth, uint64_t times)
{
    return (event_pattern){kind, type, some(TARGET_ANY), some(TARGET_ANY), nth, times};
}

fault when(event_pattern event, action what)
{
    return (fault){.trigger = TRIGGER_WHEN, .event = event, .action = what};
}

fault every(distribution period, action what)
{
    return (fault){.trigger = TRIGGER_EVERY,
                   .until = INT64_MAX,
                   .every = period,
                   .times = UINT64_MAX,
                   .action = what};
}

int64_t first_time(record_kind kind, uint32_t where)
{
    return seen_count(kind, where) ? seen_nth(kind, where, 0)->r.at : -1;
}
