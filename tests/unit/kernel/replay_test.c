/* A world that records lead answers as the one did whose records they are. */
#include "kernel/world.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 4, RECORDS_MOST = 400, ANSWER_MOST = 300 };

static const dasim_message messages[] = {{.name = "PING", .size = 8}, {.name = NULL}};
static const char *const timers[] = {"tick", NULL};

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    dasim_arm(self, 0, 1000);
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    uint64_t body = self->id;
    dasim_broadcast(self, 0, &body, sizeof body);
    dasim_arm(self, timer, 1000);
    (void)DASIM_CHECK(self, dasim_clock(self) < 12000);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self;
    (void)message;
}

static const dasim_algorithm ticking = {.magic = DASIM_MAGIC,
                                        .abi = DASIM_ABI,
                                        .size = sizeof(dasim_algorithm),
                                        .name = "ticking",
                                        .provides = DASIM_APPLICATION,
                                        .messages = messages,
                                        .timers = timers,
                                        .on_boot = on_boot,
                                        .on_timer = on_timer,
                                        .on_message = on_message};

typedef struct answers {
    record records[RECORDS_MOST];
    unsigned char bodies[RECORDS_MOST][64];
    char said[RECORDS_MOST][ANSWER_MOST];
    uint32_t count;
    bool keeps; /* records, too */
} answers;

/* All that an observer may ask, in words. */
static void question(const world *w, const record *r, char *text)
{
    uint32_t node, component, line;
    const char *condition;
    int used =
        snprintf(text, ANSWER_MOST, "#%" PRIu64 " at %" PRId64 ":", world_records(w), world_now(w));
    for (uint32_t i = 0; i < NODES; i++) {
        used += snprintf(text + used, (size_t)(ANSWER_MOST - used), " %d%d%" PRIu32 "(",
                         world_is_up(w, i), world_is_paused(w, i), world_incarnation(w, i));
        for (uint32_t k = 0; k < NODES; k++) {
            used += snprintf(text + used, (size_t)(ANSWER_MOST - used), "%d",
                             world_is_reachable(w, i, k));
        }
        used += snprintf(text + used, (size_t)(ANSWER_MOST - used), ")");
    }
    if (r->node != NOBODY) {
        used += snprintf(text + used, (size_t)(ANSWER_MOST - used), " clock %" PRId64,
                         world_local_time(w, r->node));
    }
    if (world_failed_check(w, &node, &component, &condition, &line)) {
        snprintf(text + used, (size_t)(ANSWER_MOST - used), " %s of %" PRIu32 " in %" PRIu32,
                 condition, node, line);
    }
}

static void on_record(void *self, const world *w, const record *r)
{
    answers *a = self;
    cr_assert_lt(a->count, RECORDS_MOST);
    question(w, r, a->said[a->count]);
    if (a->keeps) {
        cr_assert_leq(r->size, sizeof a->bodies[0]);
        a->records[a->count] = *r;
        if (r->size > 0) {
            memcpy(a->bodies[a->count], r->body, r->size);
        }
    }
    a->count++;
}

static world_config config_of(void)
{
    world_config config = {.nodes = NODES, .resources = 1, .seed = 1, .stack_size = 1};
    config.stack[0].algorithm = &ticking;
    config.network.usual.delay.a = 100;
    return config;
}

static void play(world *w)
{
    world_start(w);
    world_run(w, 2500, UINT64_MAX);
    world_crash(w, 1, false);
    world_pause(w, 2);
    world_cut(w, 0, 3);
    world_cut(w, 2, NOBODY);
    world_run(w, 4500, UINT64_MAX);
    world_mend(w, 0, 3);
    world_recover(w, 1);
    world_partition(w, (const uint16_t[NODES]){0, 0, 7, 7});
    world_crash(w, 2, true);
    world_run(w, 6500, UINT64_MAX);
    world_heal(w);
    world_recover(w, 2);
    world_clock_step(w, 3, 500);
    world_clock_rate(w, 0, 100000000);
    world_run(w, 8500, UINT64_MAX);
    world_resume(w, 2);
    world_run(w, INT64_MAX, UINT64_MAX);
}

Test (replay, whatever_observers_may_ask_is_answered_as_in_the_live_run) {
    static answers live = {.keeps = true}, replayed;
    const char *fault;
    world_config config = config_of();
    world *w = world_new(&config, &fault);
    digest *a = digest_new(), *b = digest_new();
    world_set_digest(w, a);
    world_observe(w, &(observer){&live, on_record});
    play(w);
    world *led = world_replay_new(&config, true, &fault);
    cr_assert_not_null(led, "%s", fault);
    world_set_digest(led, b);
    world_observe(led, &(observer){&replayed, on_record});
    for (uint32_t i = 0; i < live.count; i++) {
        live.records[i].body = live.bodies[i];
        world_replay(led, &live.records[i]);
    }
    cr_expect_gt(live.count, 100);
    cr_expect_eq(live.count, replayed.count);
    for (uint32_t i = 0; i < live.count; i++) {
        cr_expect_str_eq(live.said[i], replayed.said[i], "\n%s\n%s", live.said[i],
                         replayed.said[i]);
    }
    cr_expect(strstr(live.said[live.count - 1], "dasim_clock(self) < 12000"), "%s",
              live.said[live.count - 1]);
    digest_value x = digest_now(a), y = digest_now(b);
    cr_expect(x.high == y.high && x.low == y.low);
    digest_free(a);
    digest_free(b);
    world_free(w);
    world_free(led);
}

static const dasim_field fields[] =
    {{.name = "low", .type = DASIM_U8},
     {.name = "each", .type = DASIM_I32, .offset = 4, .count = DASIM_PER_NODE},
     {.name = NULL}};

Test (replay, states_are_what_is_set_and_bare_worlds_have_none) {
    dasim_algorithm a = {.name = "a",
                         .provides = DASIM_APPLICATION,
                         .state = fields,
                         .stable = fields};
    world_config config = config_of();
    const char *fault;
    config.stack[0].algorithm = &a;
    world *w = world_replay_new(&config, true, &fault),
          *bare = world_replay_new(&config, false, &fault);
    cr_assert(w && bare);
    cr_expect(world_has_states(w) && !world_has_states(bare));
    world_replay_set(w, 2, 0, false, 1, 3, -5);
    world_replay_set(w, 2, 0, true, 0, 0, 200);
    cr_expect_eq(field_value(world_state(w, 2, 0), &fields[1], 4, 3), -5);
    cr_expect_eq(field_value(world_state(w, 2, 0), &fields[1], 4, 2), 0);
    cr_expect_eq(field_value(world_state(w, 1, 0), &fields[1], 4, 3), 0);
    cr_expect_eq(field_value(world_stable(w, 2, 0), &fields[0], 0, 0), 200);
    cr_expect_eq(field_value(world_state(bare, 2, 0), &fields[1], 4, 3), 0);
    world_replay_until(w, 77);
    cr_expect_eq(world_now(w), 77);
    world_free(w);
    world_free(bare);
}

Test (replay, clocks_are_kept_from_the_start_or_from_the_first_that_is_set) {
    world_config config = config_of();
    const char *fault;
    world *plain = world_new(&config, &fault), *led = world_replay_new(&config, true, &fault);
    config.clocks.drift.a = 5;
    world *drifting = world_new(&config, &fault);
    cr_expect_not(world_keeps_clocks(plain));
    cr_expect(world_keeps_clocks(drifting));
    cr_expect_not(world_keeps_clocks(led));
    world_replay_clocks(led);
    cr_expect(world_keeps_clocks(led));
    world_start(plain);
    cr_expect_not(world_keeps_clocks(plain));
    world_clock_step(plain, 0, 3);
    cr_expect(world_keeps_clocks(plain));
    world_free(plain);
    world_free(led);
    world_free(drifting);
}
