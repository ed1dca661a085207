/* Local clocks against what they should show, and timers that follow them. */
#include "stage.h"

static const int64_t ppm = 1000;

static int64_t last_local, fired_at_local;
static bool may_turn_back; /* false */

/* A world that goes on by itself: node 0 looks at its clock each millisecond of true time. */
static void tick(void *self, world *w, uint32_t node, uint64_t data)
{
    (void)self, (void)node, (void)data;
    int64_t local = world_local_time(w, 0);
    cr_assert(may_turn_back || local >= last_local, "at %lld", (long long)world_now(w));
    last_local = local;
    world_alarm(w, actor_number(), world_now(w) + ms, NOBODY, 0);
}

static void start_ticking(void *self, world *w)
{
    (void)self;
    world_alarm(w, actor_number(), ms, NOBODY, 0);
}

static world *watched(const world_config *c)
{
    actor.on_start = start_ticking;
    actor.on_alarm = tick;
    last_local = INT64_MIN;
    return begin(c);
}

Test (clocks, offset_and_drift_are_exact) {
    world_config c = plain(2);
    c.clocks.offset = fixed(-5 * second);
    c.clocks.drift = fixed(50 * ppm);
    world *w = watched(&c);
    run_until(w, 1000 * second);
    cr_expect_eq(world_local_time(w, 0), -5 * second + 1000 * second + 50 * ms);
    cr_expect_eq(world_local_time(w, 1), world_local_time(w, 0));
    world_free(w);
}

Test (clocks, each_node_draws_its_own) {
    world_config c = plain(100);
    c.clocks.offset = uniform(-second, second);
    c.clocks.drift = uniform(-100 * ppm, 100 * ppm);
    world *w = watched(&c);
    run_until(w, second);
    uint32_t same = 0;
    for (uint32_t i = 1; i < 100; i++) {
        int64_t local = world_local_time(w, i);
        cr_expect(local >= -ms && local <= 2 * second + ms);
        same += local == world_local_time(w, i - 1);
    }
    cr_expect_eq(same, 0);
    world_free(w);
}

Test (clocks, a_drift_is_at_most_a_half_either_way) {
    world_config c = plain(1);
    c.clocks.drift = fixed(-second); /* -100 %: it would stand still */
    world *w = watched(&c);
    run_until(w, 2 * second);
    cr_expect_eq(world_local_time(w, 0), second);
    world_clock_rate(w, 0, 2 * second);
    run_until(w, 4 * second);
    cr_expect_eq(world_local_time(w, 0), 4 * second);
    world_free(w);
}

Test (clocks, a_wandering_drift_is_a_sum_of_draws_and_never_turns_back) {
    world_config c = plain(1);
    c.clocks.wander_every = second;
    c.clocks.wander = fixed(10 * ppm);
    world *w = watched(&c);
    run_until(w, 101 * second - 1);
    /* In second number k the drift is 10 ppm * k: 10 us * (1 + 2 + ... + 100), to the rounding. */
    int64_t ahead = world_local_time(w, 0) - world_now(w);
    cr_expect(ahead >= 5050 * 10000 - 1100 && ahead <= 5050 * 10000, "%lld", (long long)ahead);
    cr_expect_eq(seen_count(RECORD_CLOCK, 0), 100);
    world_free(w);
}

Test (clocks, discipline_slews_a_small_offset_away_without_a_step) {
    world_config c = plain(1);
    c.clocks.offset = fixed(20 * ms);
    c.clocks.drift = fixed(30 * ppm);
    c.clocks.sync_every = 16 * second;
    c.clocks.sync_step = 128 * ms;
    world *w = watched(&c);
    run_until(w, 600 * second);
    int64_t off = world_local_time(w, 0) - world_now(w);
    cr_expect(off > -ms && off < ms, "%lld", (long long)off); /* 30 ppm of 16 s is 0.48 ms */
    for (size_t i = 0; i < seen_count(RECORD_CLOCK, 0); i++) {
        cr_expect_eq(seen_value(seen_nth(RECORD_CLOCK, 0, i)), 0, "a step");
    }
    world_free(w);
}

Test (clocks, discipline_slews_no_faster_than_told) {
    world_config c = plain(1);
    c.clocks.offset = fixed(-second);
    c.clocks.sync_every = second;
    c.clocks.sync_slew = 100 * ppm;
    world *w = watched(&c);
    run_until(w, 101 * second);
    /* Measured first after a second: 100 s at 100 ppm. */
    cr_expect_eq(world_local_time(w, 0) - world_now(w), -second + 10 * ms);
    world_free(w);
}

Test (clocks, discipline_steps_a_large_offset) {
    world_config c = plain(1);
    c.clocks.offset = fixed(3 * second);
    c.clocks.sync_every = 10 * second;
    c.clocks.sync_step = 128 * ms;
    may_turn_back = true;
    world *w = watched(&c);
    run_until(w, 10 * second);
    cr_expect_eq(world_local_time(w, 0), 10 * second);
    cr_expect_eq((int64_t)seen_value(seen_nth(RECORD_CLOCK, 0, 0)), -3 * second);
    world_free(w);
}

Test (clocks, a_measurement_is_as_wrong_as_told) {
    world_config c = plain(1);
    c.clocks.sync_every = 10 * second;
    c.clocks.sync_step = ms;
    c.clocks.sync_error = fixed(5 * ms);
    may_turn_back = true;
    world *w = watched(&c);
    run_until(w, 10 * second);
    cr_expect_eq(world_local_time(w, 0), 10 * second - 5 * ms);
    world_free(w);
}

/* ---------------------------------------------------------------------------------- timers */

static void arm_for_a_second(dasim_node *self, bool recovering)
{
    (void)recovering;
    dasim_arm(self, FIRST, second);
}

static void note_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    fired_at_local = dasim_clock(self);
}

static void step_forward(world *w)
{
    world_clock_step(w, 0, 300 * ms);
}

static void step_back(world *w)
{
    world_clock_step(w, 0, -400 * ms);
}

static void run_fast(world *w)
{
    world_clock_rate(w, 0, 500000000);
}

static int64_t time_of_timer(int64_t when, void (*act)(world *w))
{
    world_config c = plain(1);
    part[0].on_boot = arm_for_a_second;
    part[0].on_timer = note_timer;
    at(when, act);
    world *w = begin(&c);
    run_all(w);
    cr_assert_eq(seen_count(RECORD_TIMER, 0), 1);
    int64_t fired = seen_nth(RECORD_TIMER, 0, 0)->r.at;
    world_free(w);
    return fired;
}

Test (clocks, a_timer_comes_earlier_where_its_clock_is_stepped_forward) {
    cr_expect_eq(time_of_timer(500 * ms, step_forward), 700 * ms);
    cr_expect_eq(fired_at_local, second);
}

Test (clocks, a_timer_comes_at_once_where_its_clock_is_stepped_beyond_it) {
    cr_expect_eq(time_of_timer(900 * ms, step_forward), 900 * ms);
    cr_expect_eq(fired_at_local, 1200 * ms);
}

Test (clocks, a_timer_waits_where_its_clock_is_stepped_back) {
    cr_expect_eq(time_of_timer(500 * ms, step_back), 1400 * ms);
}

Test (clocks, a_timer_follows_the_rate_of_its_clock) {
    /* At 400 ms 600 ms are left, at half as fast again: 400 ms. */
    cr_expect_eq(time_of_timer(400 * ms, run_fast), 800 * ms);
    cr_expect_eq(fired_at_local, second);
}

/* The first instant at which the clock shows the deadline, never one before, whatever the rate. */
static uint64_t chance = 1;
static int64_t deadline;

static void arm_by_chance(dasim_node *self, bool recovering)
{
    (void)recovering;
    int64_t after = (int64_t)(next_random(&chance) % 1000000);
    deadline = dasim_clock(self) + after;
    dasim_arm(self, FIRST, after);
}

static void expect_in_time(dasim_node *self, uint32_t timer)
{
    (void)timer;
    cr_assert_geq(dasim_clock(self), deadline);
    cr_assert(dasim_clock(self) - deadline <= 1, "%lld ns late",
              (long long)(dasim_clock(self) - deadline));
}

Test (clocks, a_timer_comes_at_the_first_instant_that_shows_its_deadline) {
    part[0].on_boot = arm_by_chance;
    part[0].on_timer = expect_in_time;
    keep_records = false;
    for (int i = 0; i < 3000; i++) {
        world_config c = plain(1);
        c.clocks.drift = fixed((int64_t)(next_random(&chance) % 1000000001) - 500000000);
        c.clocks.offset = fixed((int64_t)(next_random(&chance) % 2000000) - 1000000);
        world *w = prepare(&c);
        world_start(w);
        cr_assert_eq(run_all(w), WORLD_IDLE);
        world_free(w);
    }
}
