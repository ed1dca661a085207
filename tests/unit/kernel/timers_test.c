/* Timers that are armed again and again, and what a burst of messages leaves behind. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

static uint32_t left, fired[3];
static uint64_t received, sum;

/* THIRD ticks and each time arms FIRST anew, for longer than a tick. */
static void tick(dasim_node *self, uint32_t timer)
{
    fired[timer]++;
    if (timer == THIRD && left > 0) {
        left--;
        dasim_arm(self, FIRST, second);
        dasim_arm(self, SECOND, second / 2);
        if (left % 2 == 0) {
            dasim_disarm(self, SECOND);
        }
        dasim_arm(self, THIRD, 1000);
    }
}

static void start_to_tick(dasim_node *self, bool recovering)
{
    (void)recovering;
    dasim_arm(self, THIRD, 1000);
}

Test (timers, one_that_is_armed_a_hundred_thousand_times_comes_once) {
    world_config c = plain(1);
    part[0].on_boot = start_to_tick;
    part[0].on_timer = tick;
    left = 100001;
    world *w = begin(&c);
    run_until(w, 99 * ms);
    /* What was replaced is swept out: of 300,000 armings few are kept. */
    cr_expect_lt(world_image_size(w), 2u << 20, "%zu", world_image_size(w));
    cr_assert_eq(run_all(w), WORLD_IDLE);
    cr_expect(fired[FIRST] == 1 && fired[SECOND] == 0 && fired[THIRD] == 100002);
    cr_expect_eq(seen_nth(RECORD_TIMER, 0, 100002)->r.at, 100001 * 1000 + second);
    world_free(w);
}

/* ------------------------------------------------------------------------ memory of a burst */

enum { BURST = 200000, TICKS = 1200000 };

static const dasim_message parcels[] = {{"NUMBER", 8, NULL, NULL}, {"BLOB", 400, NULL, NULL}, {0}};

/* Longer bodies are kept apart from their events: some of each. */
static void burst(dasim_node *self, bool recovering)
{
    (void)recovering;
    unsigned char body[400] = {0};
    for (uint64_t i = 0; self->id == 0 && i < BURST; i++) {
        size_t size = i % 16 == 0 ? sizeof body : sizeof i;
        memcpy(body, &i, sizeof i);
        memcpy(body + size - sizeof i, &i, sizeof i);
        dasim_send(self, 1, BLOB, body, size);
    }
    dasim_arm(self, THIRD, 1000);
}

static void count(dasim_node *self, const dasim_envelope *message)
{
    uint64_t value, again;
    (void)self;
    memcpy(&value, message->body, sizeof value);
    memcpy(&again, (const char *)message->body + message->size - sizeof again, sizeof again);
    cr_assert_eq(value, again);
    received++;
    sum += value;
}

static void tick_on(dasim_node *self, uint32_t timer)
{
    if (left > 0) {
        left--;
        dasim_arm(self, timer, 10000);
    }
}

static digest_value rest; /* of records since it was set to 0 */

static void digest_record(void *self, const world *w, const record *r)
{
    (void)self, (void)w;
    uint64_t fields[] = {rest.high,
                         rest.low,
                         (uint64_t)r->at,
                         r->number,
                         r->cause,
                         (uint64_t)r->node << 32 | r->peer,
                         (uint64_t)r->kind << 32 | r->type};
    rest = digest_of(fields, sizeof fields);
}

/* A twentieth of the messages is still on its way when the kernel tidies up, after 2^20 events. */
static world *world_of_burst(void)
{
    world_config c = plain(3);
    c.network.usual.delay =
        (distribution){DISTRIBUTION_EXPONENTIAL, 900 * ms, 0, 0, INT64_MAX, NULL};
    part[0].messages = parcels;
    part[0].on_boot = burst;
    part[0].on_message = count;
    part[0].on_timer = tick_on;
    left = TICKS;
    received = sum = 0;
    keep_records = false;
    world *w = prepare(&c);
    world_observe(w, &(observer){NULL, digest_record});
    world_start(w);
    return w;
}

Test (timers, memory_of_a_burst_is_given_back_and_nothing_is_lost) {
    world *w = world_of_burst();
    size_t full = world_image_size(w);
    cr_assert_eq(run_all(w), WORLD_IDLE);
    cr_expect_eq(received, BURST);
    cr_expect_eq(sum, (uint64_t)BURST * (BURST - 1) / 2);
    cr_expect_lt(world_image_size(w), full / 4, "%zu of %zu", world_image_size(w), full);
    world_free(w);
}

static digest_value digest_of_rest(world *w)
{
    rest = (digest_value){0, 0};
    run_all(w);
    return rest;
}

Test (timers, a_world_saved_within_a_burst_goes_on_alike) {
    world *w = world_of_burst();
    run_until(w, 700 * ms);
    size_t size = world_image_size(w);
    void *image = malloc(size);
    world_save(w, image);
    uint64_t received_before = received, sum_before = sum;
    uint32_t left_before = left;
    digest_value first = digest_of_rest(w);
    world_free(w);
    w = world_of_burst();
    run_until(w, 100 * ms);
    world_restore(w, image, size);
    received = received_before;
    sum = sum_before;
    left = left_before;
    same_digest(first, digest_of_rest(w));
    cr_expect(received == BURST && sum == (uint64_t)BURST * (BURST - 1) / 2);
    free(image);
    world_free(w);
}
