/*
 * The driver of faults: triggers and rules. What a trigger of TRIGGER_WHEN saw is acted upon when
 * the event is over; until then it waits in `posted`, which needs no saving because it is empty of
 * meaning between events: its entries are numbers of posts of the event in hand.
 */
#include "drive/fault_internal.h"

#include "base/rng.h"

/* More in one event are a circle (a pause that is answered by a resume that is ...). */
enum { POSTED_MOST = 1000000 };
/* Repeated faults whose draws faults_last() adds up at most. */
enum { SUMMED_MOST = 1000000 };

typedef struct posting {
    uint32_t fault;
    occasion event;
} posting;

fault_state *fault_state_of(const faults *f, const world *w)
{
    return world_driver_state((world *)(uintptr_t)w, f->number);
}

static int64_t later(int64_t at, int64_t by)
{
    return by < INT64_MAX - at ? at + by : INT64_MAX;
}

/* ------------------------------------------------------------------------------- timed ones */

static int64_t period_of(const fault *t, uint64_t draw)
{
    int64_t value = distribution_sample(&t->every, draw);
    return value > 0 ? value : 1; /* never all at once */
}

/* The first (n 0) or a later time of a repeated fault; `from`: the one before. */
static void repeat(faults *f, world *w, uint32_t i, int64_t from, uint64_t n)
{
    const fault *t = &f->config.faults[i];
    uint64_t draw =
        t->every.kind == DISTRIBUTION_FIXED ? 0 : world_choose(w, PURPOSE_EVERY, i, n, 0);
    int64_t at = later(from, period_of(t, draw));
    if (at <= t->until) {
        world_alarm(w, f->number, at, NOBODY, i);
    }
}

static void on_start(void *self, world *w)
{
    faults *f = self;
    for (uint32_t i = 0; i < f->config.fault_count; i++) {
        const fault *t = &f->config.faults[i];
        bool repeats = t->trigger == TRIGGER_EVERY;
        if (t->trigger == TRIGGER_WHEN || (repeats && t->times == 0)) {
            continue;
        }
        if (repeats && t->draw_first) {
            repeat(f, w, i, t->at, 0);
        } else if (!repeats || t->at <= t->until) {
            world_alarm(w, f->number, t->at, NOBODY, i);
        }
    }
}

static void on_alarm(void *self, world *w, uint32_t node, uint64_t data)
{
    (void)node;
    faults *f = self;
    fault_state *s = fault_state_of(f, w);
    if (s->stopped) {
        return;
    }
    if (ALARM_IS_END(data)) {
        fault_end(f, w, data);
        return;
    }
    const fault *t = &f->config.faults[data];
    slot *its = &s->slots[data];
    its->count++;
    if (t->trigger == TRIGGER_EVERY && its->count < t->times) {
        repeat(f, w, (uint32_t)data, world_now(w), its->count);
    }
    fault_act(f, w, &t->action, &no_occasion, its, data);
}

/* ------------------------------------------------------------------------ those aimed at events */

static void post(faults *f, world *w, uint32_t i, const record *r)
{
    if (f->posted_in != world_events(w)) {
        f->posted_in = world_events(w);
        g_array_set_size(f->posted, 0);
    }
    if (f->posted->len < POSTED_MOST) {
        posting p = {i, occasion_of(r)};
        world_post(w, f->number, f->posted->len);
        g_array_append_val(f->posted, p);
    }
}

static void on_record(void *self, world *w, const record *r)
{
    const faults *f = self;
    uint32_t first = f->kinds[r->kind], end = f->kinds[r->kind + 1];
    if (first == end) {
        return;
    }
    fault_state *s = fault_state_of(f, w);
    for (uint32_t k = first; k < end && !s->stopped; k++) {
        uint32_t i = f->by_kind[k];
        matcher *m = &f->matchers[i];
        if (matcher_fits(m, &f->config, w, r) && matcher_counts(m, &s->slots[i].count)) {
            post(self, w, i, r);
        }
    }
}

static void on_post(void *self, world *w, uint64_t data)
{
    faults *f = self;
    posting p = g_array_index(f->posted, posting, data);
    fault_act(f, w, &f->config.faults[p.fault].action, &p.event,
              &fault_state_of(f, w)->slots[p.fault], p.fault);
}

static void on_send(void *self, world *w, const record *send, interception *what)
{
    faults *f = self;
    fault_state *s = fault_state_of(f, w);
    for (uint32_t i = 0; i < f->config.rule_count && !s->stopped; i++) {
        const message_rule *rule = &f->config.rules[i];
        uint32_t place = f->config.fault_count + i;
        matcher *m = &f->matchers[place];
        if (matcher_fits(m, &f->config, w, send) && matcher_counts(m, &s->slots[place].count)) {
            what->drop |= rule->what.drop;
            what->duplicate |= rule->what.duplicate;
            what->delay = later(what->delay, rule->what.delay);
        }
    }
}

static void on_crash(void *self, world *w, uint32_t node)
{
    faults *f = self;
    if (!fault_state_of(f, w)->stopped) {
        fault_crashed(f, w, node);
    }
}

/* --------------------------------------------------------------------------------- making one */

/* Faults of TRIGGER_WHEN by the kind of record that they wait for, each kind in their order. */
static bool sort_by_kind(faults *f)
{
    uint32_t count = 0;
    f->by_kind = g_new(uint32_t, f->config.fault_count + 1u);
    for (uint32_t kind = 0; kind < RECORD_KINDS; kind++) {
        f->kinds[kind] = count;
        for (uint32_t i = 0; i < f->config.fault_count; i++) {
            const fault *t = &f->config.faults[i];
            if (t->trigger == TRIGGER_WHEN && t->event.kind == (record_kind)kind) {
                f->by_kind[count++] = i;
            }
        }
    }
    f->kinds[RECORD_KINDS] = count;
    return count > 0;
}

static void make_matchers(faults *f)
{
    const faults_config *c = &f->config;
    f->matchers = g_new(matcher, c->fault_count + c->rule_count + 1u);
    for (uint32_t i = 0; i < c->fault_count; i++) {
        matcher_init(&f->matchers[i], &c->faults[i].event);
    }
    for (uint32_t i = 0; i < c->rule_count; i++) {
        g_assert(c->rules[i].event.kind == RECORD_SEND);
        matcher_init(&f->matchers[c->fault_count + i], &c->rules[i].event);
    }
}

faults *faults_new(world *w, const faults_config *config)
{
    faults *f = g_new0(faults, 1);
    uint32_t nodes = world_nodes(w);
    f->config = *config;
    f->world = w;
    f->election = world_component(w, DASIM_ELECTION);
    f->groups = g_new(uint16_t, nodes);
    f->posted = g_array_new(FALSE, FALSE, sizeof(posting));
    make_matchers(f);
    bool watches = sort_by_kind(f);
    driver d = {.self = f,
                .state_bytes = sizeof(fault_state) +
                               (config->fault_count + (size_t)config->rule_count) * sizeof(slot) +
                               nodes * sizeof(node_mark),
                .on_start = on_start,
                .on_crash = on_crash,
                .on_alarm = on_alarm,
                .on_post = on_post,
                .on_record = watches ? on_record : NULL,
                .on_send = config->rule_count > 0 ? on_send : NULL};
    f->number = world_drive(w, &d);
    return f;
}

void faults_free(faults *f)
{
    if (f) {
        g_array_free(f->posted, TRUE);
        g_free(f->groups);
        g_free(f->by_kind);
        g_free(f->matchers);
        g_free(f);
    }
}

void faults_stop(faults *f, world *w)
{
    fault_state_of(f, w)->stopped = true;
    world_calm(w);
}

/* ------------------------------------------------------------------------------------ looking */

/* Last time of a repeated fault, -1 where there is none that is certain. What it will draw is known
 * beforehand, unless somebody chooses in chance's place. */
static int64_t last_of_repeated(const faults *f, uint32_t i)
{
    const fault *t = &f->config.faults[i];
    if (t->times > SUMMED_MOST) {
        return t->until < INT64_MAX ? t->until : -1;
    }
    rng_key key = rng_key_of(world_config_of(f->world)->seed, PURPOSE_EVERY, i);
    int64_t at = t->at, last = t->draw_first ? -1 : t->at;
    for (uint64_t n = t->draw_first ? 0 : 1; n < t->times; n++) {
        at = later(at, period_of(t, rng_draw(key, n)));
        if (at > t->until) {
            break;
        }
        last = at;
    }
    return t->times > 0 && last <= t->until ? last : -1;
}

int64_t faults_last(const faults *f)
{
    const fault_state *s = fault_state_of(f, f->world);
    int64_t last = s->last_end > 0 ? s->last_end : -1;
    if (s->stopped) {
        return -1;
    }
    for (uint32_t i = 0; i < f->config.fault_count; i++) {
        const fault *t = &f->config.faults[i];
        int64_t at = -1;
        if (t->trigger == TRIGGER_AT) {
            at = t->at;
        } else if (t->trigger == TRIGGER_EVERY) {
            at = last_of_repeated(f, i);
        }
        if (at >= 0 && action_has_end(&t->action)) {
            at = later(at, t->action.lasts);
        }
        last = at > last ? at : last;
    }
    return last;
}

uint64_t faults_done(const faults *f, const world *w)
{
    return fault_state_of(f, w)->done;
}

void faults_act(faults *f, world *w, const action *a)
{
    fault_act(f, w, a, &no_occasion, &fault_state_of(f, w)->act, UINT64_MAX);
}
