#include "cast.h"

#include "drive/programs.h"

#include <stdlib.h>
#include <string.h>

static client_load *load;

/* Object o holds 100 + o; an access takes as many ms as its object's number. */
static void answer_later(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_access *access = arg;
    memory *my = self->state;
    my->value[0] = op;
    my->value[1] = access->tag;
    my->value[2] = access->object;
    if (access->object == 0) {
        dasim_access done = {.object = 0, .tag = access->tag, .value = 100};
        dasim_indicate(self, op == DASIM_WRITE ? DASIM_WRITE_DONE : DASIM_READ_DONE, &done,
                       sizeof done);
    } else if (access->object < 9) {
        dasim_arm(self, FIRST, access->object * ms);
    } /* who asks for 9 is never answered */
}

static void answer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    const memory *my = self->state;
    dasim_access access = {(uint32_t)my->value[2], (uint32_t)my->value[1], 100 + my->value[2]};
    dasim_indicate(self, my->value[0] == DASIM_WRITE ? DASIM_WRITE_DONE : DASIM_READ_DONE, &access,
                   sizeof access);
}

static world *stage(const world_config *config, const programs_config *programs)
{
    part[0].provides = DASIM_MEMORY;
    part[0].on_request = answer_later;
    part[0].on_timer = answer;
    world *w = prepare(config);
    load = programs_make(w, programs);
    world_start(w);
    return w;
}

static void leave(world *w)
{
    load->free(load);
    world_free(w);
}

#define PROGRAM(of, list)                                                                          \
    {                                                                                              \
        .node = of, .count = sizeof(list) / sizeof *(list), .steps = list                          \
    }

static const program_step longer[] = {{.kind = STEP_WRITE, .object = 3, .value = 7},
                                      {.kind = STEP_WAIT, .wait = 10 * 1000000},
                                      {.kind = STEP_READ, .object = 2},
                                      {.kind = STEP_READ, .object = 0},
                                      {.kind = STEP_READ, .object = 1}};
static const program_step shorter[] = {{.kind = STEP_READ, .object = 4}};
static const program both[] = {PROGRAM(1, longer), PROGRAM(2, shorter)};
static const programs_config two = {both, 2};

static void expect_reading(const world *w, uint32_t i, uint32_t node, uint32_t object,
                           uint64_t value, bool done)
{
    reading r;
    cr_assert(load->outcome(load, w, i, &r));
    cr_expect_eq(r.node, node);
    cr_expect_eq(r.object, object);
    cr_expect_eq(r.done, done);
    cr_expect_eq(r.value, value);
}

Test (programs, each_step_begins_when_the_one_before_is_done) {
    world_config c = plain(3);
    c.resources = 10;
    world *w = stage(&c, &two);
    cr_expect_not(load->is_complete(load, w));
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_expect(load->is_complete(load, w) && load->is_idle(load, w));
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_WRITE, 0), 0);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_READ, 0), 13 * ms);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_READ, 1), 15 * ms);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_READ, 2), 15 * ms);
    cr_expect_eq(time_of(RECORD_INDICATION, 1, DASIM_READ_DONE, 2), 16 * ms);
    cr_expect_eq(time_of(RECORD_REQUEST, 2, DASIM_READ, 0), 0);
    cr_expect_eq(seen_count(RECORD_REQUEST, 0), 0);
    leave(w);
}

Test (programs, the_outcome_is_what_was_read) {
    world_config c = plain(3);
    reading r;
    c.resources = 10;
    world *w = stage(&c, &two);
    expect_reading(w, 0, 1, 2, 0, false);
    run_all(w);
    expect_reading(w, 0, 1, 2, 102, true);
    expect_reading(w, 1, 1, 0, 100, true);
    expect_reading(w, 2, 1, 1, 101, true);
    expect_reading(w, 3, 2, 4, 104, true);
    cr_expect_not(load->outcome(load, w, 4, &r));
    leave(w);
}

static const program_step endless[] = {{.kind = STEP_READ, .object = 9},
                                       {.kind = STEP_READ, .object = 1}};
static const program stuck[] = {PROGRAM(0, endless), PROGRAM(1, longer)};
static const programs_config stuck_and_not = {stuck, 2};

static void crash_0(world *w)
{
    world_crash(w, 0, false);
}

static void recover_0(world *w)
{
    world_recover(w, 0);
}

Test (programs, a_process_that_has_crashed_is_gone) {
    world_config c = plain(2);
    c.resources = 10;
    at(5 * ms, crash_0);
    at(10 * ms, recover_0);
    world *w = stage(&c, &stuck_and_not);
    run_until(w, 4 * ms);
    cr_expect_not(load->is_idle(load, w));
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_expect(load->is_complete(load, w) && load->is_idle(load, w));
    cr_expect_eq(seen_count(RECORD_REQUEST, 0), 1, "it does not go on");
    expect_reading(w, 0, 0, 9, 0, false);
    leave(w);
}

Test (programs, when_drained_what_is_under_way_is_done_and_nothing_more_begun) {
    world_config c = plain(3);
    c.resources = 10;
    world *w = stage(&c, &two);
    run_until(w, 2 * ms);
    load->drain(load, w);
    cr_assert_eq(run_until(w, 6 * ms), WORLD_STOPPED);
    cr_expect(load->is_idle(load, w));
    cr_expect_eq(seen_count(RECORD_REQUEST, NOBODY), 2);
    cr_expect_eq(seen_count(RECORD_INDICATION, NOBODY), 2);
    leave(w);
}

Test (programs, one_that_waits_for_ever_is_not_idle) {
    world_config c = plain(2);
    c.resources = 10;
    world *w = stage(&c, &stuck_and_not);
    cr_expect_eq(run_all(w), WORLD_IDLE);
    cr_expect_not(load->is_complete(load, w));
    cr_expect_not(load->is_idle(load, w));
    leave(w);
}

Test (programs, those_of_a_late_node_begin_when_it_joins) {
    static const uint32_t late[] = {0};
    world_config c = plain(2);
    c.resources = 10;
    c.late = late;
    c.late_count = 1;
    at(50 * ms, recover_0);
    world *w = stage(&c, &stuck_and_not);
    run_until(w, 49 * ms);
    cr_expect_eq(seen_count(RECORD_REQUEST, 0), 0);
    run_all(w);
    run_all(w);
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_READ, 0), 50 * ms);
    leave(w);
}

Test (programs, a_restored_world_goes_on_as_the_saved_one_did) {
    world_config c = plain(3);
    c.resources = 10;
    world *w = stage(&c, &two);
    run_until(w, 14 * ms);
    size_t size = world_image_size(w);
    void *image = malloc(size);
    world_save(w, image);
    forget();
    run_all(w);
    digest_value first = seen_digest();
    leave(w);
    w = stage(&c, &two);
    world_restore(w, image, size);
    free(image);
    forget();
    run_all(w);
    same_digest(seen_digest(), first);
    expect_reading(w, 3, 2, 4, 104, true);
    leave(w);
}
