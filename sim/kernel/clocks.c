/*
 * Local clocks: piecewise linear functions of true time, in exact integer arithmetic.
 *
 *   local(t) = local_anchor + (t - true_anchor) + floor((t - true_anchor) * rate / 10^9)
 *
 * The anchor moves whenever rate or offset changes, so a clock never runs backwards unless it is
 * stepped. Timers are kept as local deadlines and are moved to their new true times at a change.
 */
#include "kernel/internal.h"

enum { RATE_MOST = 500000000, SLEW_USUAL = 500000 };

static const int64_t billion = 1000000000;

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* n * d / 10^9, rounded towards minus infinity. */
static int64_t scaled(int64_t n, int64_t d)
{
    __int128 product = (__int128)n * d;
    __int128 quotient = product / billion;
    return (int64_t)(quotient - (product % billion < 0));
}

static int64_t clock_draw(world *w, uint32_t node, const distribution *d)
{
    return distribution_sample(d, choose(w, PURPOSE_CLOCK, node, w->clocks[node].draws++, 0));
}

/* From now on the clock has another rate and, by a step, another value. */
static void set_clock(world *w, uint32_t node, int64_t step, int64_t rate)
{
    node_clock *c = &w->clocks[node];
    c->local_anchor = clock_local(w, node, w->g.now) + step;
    c->true_anchor = w->g.now;
    c->rate = clamp(rate, -RATE_MOST, RATE_MOST);
    int64_t body[2] = {step, c->rate};
    emit(w, RECORD_CLOCK, 0, node, NOBODY, 0, w->cause, body, sizeof body, REASON_NONE);
    timers_move(w, node);
}

static bool matters(const distribution *d)
{
    return d->kind != DISTRIBUTION_FIXED || d->a != 0;
}

static void schedule(world *w, uint32_t node, event_kind kind, int64_t after)
{
    event e = {.node = node, .peer = NOBODY, .kind = (uint8_t)kind};
    event_new(w, w->g.now + after, &e);
    w->g.background++;
}

void clocks_need(world *w)
{
    if (w->clocks == NULL) {
        w->clocks = kernel_allocate(w->node_count * sizeof *w->clocks);
    }
}

bool clocks_are_wanted(const clock_config *c)
{
    return matters(&c->offset) || matters(&c->drift) || c->wander_every != 0 || c->sync_every != 0;
}

void clocks_init(world *w)
{
    const clock_config *c = &w->config.clocks;
    if (!clocks_are_wanted(c)) {
        return;
    }
    clocks_need(w);
    for (uint32_t node = 0; node < w->node_count; node++) {
        node_clock *clock = &w->clocks[node];
        clock->local_anchor = clock_draw(w, node, &c->offset);
        clock->drift = clamp(clock_draw(w, node, &c->drift), -RATE_MOST, RATE_MOST);
        clock->rate = clock->drift;
        if (c->wander_every > 0) {
            schedule(w, node, EVENT_WANDER, c->wander_every);
        }
        if (c->sync_every > 0) {
            schedule(w, node, EVENT_SYNC, c->sync_every);
        }
    }
}

int64_t clock_local(const world *w, uint32_t node, int64_t at)
{
    if (w->clocks == NULL) {
        return at;
    }
    const node_clock *c = &w->clocks[node];
    int64_t passed = at - c->true_anchor;
    return c->local_anchor + passed + scaled(passed, c->rate);
}

int64_t clock_true(const world *w, uint32_t node, int64_t local)
{
    if (w->clocks == NULL) {
        return local > w->g.now ? local : w->g.now;
    }
    const node_clock *c = &w->clocks[node];
    __int128 wanted = (__int128)(local - c->local_anchor) * billion;
    int64_t at = c->true_anchor + (int64_t)(wanted / (billion + c->rate));
    /* The division is off by rounding only: walk to the first instant that shows `local`. */
    while (at > w->g.now && clock_local(w, node, at - 1) >= local) {
        at--;
    }
    at = at < w->g.now ? w->g.now : at;
    while (clock_local(w, node, at) < local) {
        at++;
    }
    return at;
}

void clock_wander(world *w, uint32_t node)
{
    node_clock *c = &w->clocks[node];
    int64_t correction = c->rate - c->drift;
    c->drift =
        clamp(c->drift + clock_draw(w, node, &w->config.clocks.wander), -RATE_MOST, RATE_MOST);
    set_clock(w, node, 0, c->drift + correction);
    schedule(w, node, EVENT_WANDER, w->config.clocks.wander_every);
}

/* Discipline in the manner of NTP (RFC 5905): the offset is measured with an error; a large one is
 * stepped away, a small one slewed away by the time of the next measurement. */
void clock_sync(world *w, uint32_t node)
{
    const clock_config *c = &w->config.clocks;
    node_clock *clock = &w->clocks[node];
    int64_t slew_most = c->sync_slew > 0 ? c->sync_slew : SLEW_USUAL;
    int64_t ahead = clock_local(w, node, w->g.now) - w->g.now + clock_draw(w, node, &c->sync_error);
    if (c->sync_step > 0 && (ahead > c->sync_step || -ahead > c->sync_step)) {
        set_clock(w, node, -ahead, clock->drift);
    } else {
        __int128 wanted = -(__int128)ahead * billion / c->sync_every;
        int64_t slew = wanted > slew_most    ? slew_most
                       : wanted < -slew_most ? -slew_most
                                             : (int64_t)wanted;
        set_clock(w, node, 0, clock->drift + slew);
    }
    schedule(w, node, EVENT_SYNC, c->sync_every);
}

void world_clock_step(world *w, uint32_t node, int64_t by)
{
    ALWAYS(node < w->node_count);
    clocks_need(w);
    set_clock(w, node, by, w->clocks[node].rate);
}

void world_clock_rate(world *w, uint32_t node, int64_t ppb)
{
    ALWAYS(node < w->node_count);
    clocks_need(w);
    w->clocks[node].drift = clamp(ppb, -RATE_MOST, RATE_MOST);
    set_clock(w, node, 0, w->clocks[node].drift);
}

int64_t world_local_time(const world *w, uint32_t node)
{
    return local_now(w, node);
}
