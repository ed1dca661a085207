#include "stage.h"

#include <string.h>

/* --------------------------------------------------------------------------- delivery */

static void first_sends(dasim_node *self, bool recovering)
{
    (void)recovering;
    if (self->id == 0) {
        send_number(self, 1, 5);
    }
}

Test (loop, a_message_arrives_after_its_delay_exact_to_the_nanosecond) {
    const int64_t delays[] = {0, 1, 999, 1000000, 1234567891, INT64_C(1) << 40};
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
        world_config c = plain(2);
        c.network.usual.delay = fixed(delays[i]);
        part[0].on_boot = first_sends;
        forget();
        world *w = begin(&c);
        run_all(w);
        const seen *got = seen_nth(RECORD_RECEIVE, 1, 0);
        cr_assert_eq(got->r.at, delays[i]);
        cr_assert_eq(got->r.local, delays[i]);
        cr_assert_eq(world_now(w), delays[i]);
        world_free(w);
    }
}

static void send_hundred(dasim_node *self, bool recovering)
{
    (void)recovering;
    for (uint64_t i = 0; i < 100; i++) {
        send_number(self, (uint32_t)(i % self->nodes), i);
    }
}

Test (loop, equal_times_happen_in_the_order_of_scheduling) {
    world_config c = plain(4);
    c.network.usual.delay = fixed(0); /* to oneself and to others alike */
    part[0].on_boot = send_hundred;
    world *w = begin(&c);
    run_all(w);
    cr_assert_eq(seen_count(RECORD_RECEIVE, NOBODY), 400);
    for (size_t i = 0; i < 400; i++) {
        cr_assert_eq(seen_nth(RECORD_RECEIVE, NOBODY, i)->r.cause,
                     seen_nth(RECORD_SEND, NOBODY, i)->r.number);
    }
    world_free(w);
}

static digest_value shuffled(uint64_t seed, bool shuffle)
{
    world_config c = plain(4);
    c.seed = seed;
    c.shuffle_ties = shuffle;
    part[0].on_boot = send_hundred;
    forget();
    world *w = begin(&c);
    run_all(w);
    cr_assert_eq(seen_count(RECORD_RECEIVE, NOBODY), 400);
    world_free(w);
    return seen_digest();
}

Test (loop, shuffled_ties_follow_the_seed_and_nothing_else) {
    digest_value one = shuffled(1, true), two = shuffled(2, true);
    other_digest(one, two);
    other_digest(one, shuffled(1, false));
    same_digest(one, shuffled(1, true));
    same_digest(two, shuffled(2, true));
    same_digest(shuffled(1, false), shuffled(2, false)); /* nothing else is drawn here */
}

/* --------------------------------------------------------------------------- statuses */

static void arm_far(dasim_node *self, bool recovering)
{
    (void)recovering;
    dasim_arm(self, FIRST, 10 * ms);
}

static void stop(world *w)
{
    world_stop(w);
}

static void nothing(world *w)
{
    (void)w;
}

Test (loop, a_run_ends_at_its_limit_at_its_last_event_or_when_stopped) {
    world_config c = plain(2);
    part[0].on_boot = arm_far;
    at(3, stop);
    at(3, nothing);
    world *w = begin(&c);
    cr_assert_eq(run_until(w, 2), WORLD_LIMIT);
    cr_assert(world_now(w) == 2 && world_events(w) == 0);
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_assert(world_now(w) == 3 && world_events(w) == 1);
    cr_assert_eq(world_run(w, INT64_MAX, 0), WORLD_EVENTS);
    cr_assert_eq(world_run(w, INT64_MAX, 1), WORLD_EVENTS);
    cr_assert(world_now(w) == 3 && world_events(w) == 2);
    cr_assert_eq(run_until(w, 10 * ms), WORLD_IDLE); /* events at the limit still happen */
    cr_assert_eq(seen_count(RECORD_TIMER, NOBODY), 2);
    cr_assert(world_now(w) == 10 * ms && world_events(w) == 4);
    cr_assert_eq(run_until(w, second), WORLD_IDLE);
    cr_assert_eq(world_now(w), 10 * ms); /* time stands still where nothing happens */
    world_free(w);
}

Test (loop, a_stop_from_outside_ends_the_next_run) {
    world_config c = plain(2);
    part[0].on_boot = arm_far;
    world *w = begin(&c);
    world_stop(w);
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_assert_eq(world_events(w), 0);
    cr_assert_eq(run_all(w), WORLD_IDLE);
    world_free(w);
}

static void echo_at_once(dasim_node *self, const dasim_envelope *m)
{
    send_number(self, m->from, 0);
}

Test (loop, a_world_whose_time_does_not_advance_is_stuck_and_loses_nothing) {
    world_config c = plain(2);
    c.network.usual.delay = fixed(0);
    part[0].on_boot = first_sends;
    part[0].on_message = echo_at_once;
    keep_records = false;
    world *w = begin(&c);
    cr_assert_eq(run_all(w), WORLD_STUCK);
    cr_assert(world_now(w) == 0 && world_events(w) > 10000000);
    uint64_t before = world_events(w);
    cr_assert_eq(run_all(w), WORLD_STUCK); /* the message is still under way */
    cr_assert_eq(world_events(w), before + 1);
    world_free(w);
}

/* ------------------------------------------------------------------------------ slices */

static void gossip(dasim_node *self, const dasim_envelope *m)
{
    uint64_t left = number_in(m);
    if (left > 0) {
        send_number(self, (uint32_t)dasim_random(self, self->nodes), left - 1);
        dasim_arm(self, (uint32_t)dasim_random(self, 3), (int64_t)dasim_random(self, 5 * 1000000));
    }
}

static void start_gossip(dasim_node *self, bool recovering)
{
    (void)recovering;
    send_number(self, (self->id + 1) % self->nodes, 300);
}

static void crash_2(world *w)
{
    world_crash(w, 2, false);
}

static void recover_2(world *w)
{
    world_recover(w, 2);
}

static void pause_3(world *w)
{
    world_pause(w, 3);
}

static void resume_3(world *w)
{
    world_resume(w, 3);
}

static world_config lively(void)
{
    world_config c = plain(8);
    c.network.usual.delay = uniform(0, 3 * ms);
    c.network.usual.loss = percent(1) / 4;
    c.network.usual.fifo = true;
    c.clocks.drift = uniform(-100000, 100000);
    part[0].on_boot = start_gossip;
    part[0].on_message = gossip;
    at(10 * ms, crash_2);
    at(20 * ms, recover_2);
    at(15 * ms, pause_3);
    at(25 * ms, resume_3);
    return c;
}

Test (loop, a_run_in_slices_equals_a_run_in_one_piece) {
    world_config c = lively();
    world *w = begin(&c);
    cr_assert_eq(run_all(w), WORLD_IDLE);
    digest_value whole = seen_digest();
    cr_assert_gt(world_records(w), 2000);
    cr_assert_gt(seen_count(RECORD_LOST, NOBODY), 3);
    int64_t end = world_now(w);
    world_free(w);
    const int64_t slices[] = {ms, 777777, 13 * ms};
    for (int i = 0; i < 3; i++) {
        forget();
        w = begin(&c);
        for (int64_t limit = 0; run_until(w, limit) == WORLD_LIMIT; limit += slices[i]) {
            cr_assert_eq(world_now(w), limit);
        }
        same_digest(seen_digest(), whole);
        world_free(w);
    }
    forget();
    w = begin(&c);
    while (world_run(w, INT64_MAX, 7) == WORLD_EVENTS) {
        cr_assert_eq(world_events(w) % 7, 0);
    }
    same_digest(seen_digest(), whole);
    cr_assert_eq(world_now(w), end);
    world_free(w);
}

/* ------------------------------------------------------------------------ keyed draws */

/* When the messages of node `from` to `to` arrive and which are lost. */
static digest_value luck(const world *w, uint32_t from, uint32_t to)
{
    struct {
        int64_t at;
        uint64_t lost;
    } fate[200];
    size_t count = 0;
    memset(fate, 0, sizeof fate);
    for (uint64_t i = 1; i <= world_records(w); i++) {
        const record *r = &seen_number(i)->r;
        bool is_lost = r->kind == RECORD_LOST && r->node == from && r->peer == to;
        if (is_lost || (r->kind == RECORD_RECEIVE && r->peer == from && r->node == to)) {
            cr_assert_lt(count, 200);
            fate[count].at = r->at;
            fate[count++].lost = is_lost;
        }
    }
    cr_assert(count > 50 && count < 75, "50 messages, 20 %% twice: %zu", count);
    return digest_of(fate, sizeof fate);
}

static void watch_nothing(void *self, const world *w, const record *r)
{
    (void)self, (void)w, (void)r;
}

static void tell_next(dasim_node *self, bool recovering)
{
    (void)recovering;
    for (uint64_t i = 0; i < 50; i++) {
        send_number(self, (self->id + 1) % 4, i);
        cr_assert_lt(dasim_random(self, 10), 10);
    }
}

static digest_value luck_of_link(uint32_t nodes, void (*fault)(world *w), bool watched)
{
    world_config c = plain(nodes);
    c.network.usual.delay = uniform(0, ms);
    c.network.usual.loss = percent(20);
    c.network.usual.duplicate = percent(20);
    part[0].on_boot = tell_next;
    at(0, fault);
    forget();
    world *w = prepare(&c);
    if (watched) {
        world_observe(w, &(observer){NULL, watch_nothing});
    }
    world_start(w);
    run_all(w);
    digest_value value = luck(w, 0, 1);
    world_free(w);
    return value;
}

static void disturb(world *w)
{
    world_crash(w, 3, false);
    world_recover(w, 3);
    world_slow(w, 2, 10);
    world_cut(w, 2, 3);
}

Test (loop, a_new_node_observer_or_fault_does_not_change_the_luck_of_others) {
    digest_value base = luck_of_link(4, nothing, false);
    same_digest(base, luck_of_link(9, nothing, false));
    same_digest(base, luck_of_link(4, nothing, true));
    same_digest(base, luck_of_link(4, disturb, false));
}

/* ---------------------------------------------------------------------------- causes */

static void remember_arming(dasim_node *self, const dasim_envelope *m)
{
    if (number_in(m) == 5) {
        dasim_arm(self, SECOND, ms);
    }
}

static void reply_later(dasim_node *self, uint32_t timer)
{
    cr_assert_eq(timer, SECOND);
    send_number(self, 0, 6);
}

Test (loop, each_record_names_the_one_that_led_to_it) {
    world_config c = plain(2);
    part[0].on_boot = first_sends;
    part[0].on_message = remember_arming;
    part[0].on_timer = reply_later;
    world *w = begin(&c);
    run_all(w);
    const struct {
        record_kind kind;
        uint32_t node;
        uint64_t cause;
    } expected[] = {{RECORD_BOOT, 0, 0},    {RECORD_SEND, 0, 1},  {RECORD_BOOT, 1, 0},
                    {RECORD_RECEIVE, 1, 2}, {RECORD_TIMER, 1, 4}, {RECORD_SEND, 1, 5},
                    {RECORD_RECEIVE, 0, 6}};
    cr_assert_eq(world_records(w), 7);
    for (uint64_t i = 0; i < 7; i++) {
        const record *r = &seen_number(i + 1)->r;
        cr_assert(r->kind == expected[i].kind && r->node == expected[i].node &&
                      r->cause == expected[i].cause,
                  "record %d", (int)i + 1);
    }
    world_free(w);
}

Test (loop, causes_come_before_what_they_cause) {
    world_config c = lively();
    world *w = begin(&c);
    run_all(w);
    for (uint64_t i = 1; i <= world_records(w); i++) {
        const record *r = &seen_number(i)->r, *cause = r->cause ? &seen_number(r->cause)->r : NULL;
        cr_assert_lt(r->cause, r->number);
        if (r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST) {
            cr_assert(cause && cause->kind == RECORD_SEND && cause->type == r->type);
            bool received = r->kind == RECORD_RECEIVE;
            cr_assert_eq(cause->node, received ? r->peer : r->node);
            cr_assert_eq(cause->peer, received ? r->node : r->peer);
        } else if (r->kind == RECORD_TIMER || r->kind == RECORD_SEND) {
            cr_assert(cause && cause->node == r->node);
        }
    }
    world_free(w);
}

/* --------------------------------------------------------------------- memory of a burst */

static void burst(dasim_node *self, bool recovering)
{
    (void)recovering;
    for (uint64_t i = 0; self->id == 0 && i < 1000000; i++) {
        send_number(self, 1, 0);
    }
}

static void burst_of_blobs(dasim_node *self, bool recovering)
{
    static const unsigned char body[1000];
    (void)recovering;
    for (uint64_t i = 0; self->id == 0 && i < 10000; i++) {
        dasim_send(self, 1, BLOB, body, sizeof body);
    }
    if (self->id == 0) {
        send_number(self, 1, 1);
    }
}

static void keep_one_going(dasim_node *self, const dasim_envelope *m)
{
    if (m->type == NUMBER && number_in(m) > 0) {
        send_number(self, m->from, 1);
    }
}

static void start_one(world *w)
{
    ask(w, 0, 1, 0);
}

static void send_one(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    send_number(self, 1, 1);
}

Test (loop, memory_of_a_burst_is_given_back) {
    keep_records = false;
    world_config c = plain(2);
    world *w = begin(&c);
    size_t idle = world_bytes(w);
    world_free(w);
    part[0].on_boot = burst;
    part[0].on_request = send_one;
    part[0].on_message = keep_one_going;
    at(0, start_one);
    w = begin(&c);
    cr_assert_gt(world_bytes(w), 64000000);
    world_run(w, INT64_MAX, 1 << 20);
    cr_assert_lt(world_bytes(w), idle + 1000000);
    world_run(w, INT64_MAX, 1000);
    cr_assert(world_events(w) == (1 << 20) + 1000);
    world_free(w);
}

Test (loop, memory_of_a_burst_of_long_messages_is_given_back) {
    keep_records = false;
    use_blobs();
    world_config c = plain(2);
    part[0].messages =
        (const dasim_message[]){{"NUMBER", 8, NULL, NULL}, {"BLOB", 1000, NULL, NULL}, {0}};
    part[0].on_boot = burst_of_blobs;
    part[0].on_message = keep_one_going;
    world *w = begin(&c);
    cr_assert_gt(world_bytes(w), 10000000);
    world_run(w, INT64_MAX, (1 << 20) + 10);
    cr_assert_lt(world_bytes(w), 3000000);
    world_free(w);
}
