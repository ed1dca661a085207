#include "cast.h"

#include "drive/memory_clients.h"

#include <stdlib.h>
#include <string.h>

static client_load *load;

/* A memory that answers 5 ms later, by the message of a node to its neighbour and back. */
static void answer_later(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_access *access = arg;
    memory *my = self->state;
    my->value[0] = op;
    my->value[1] = access->tag;
    my->value[2] = access->object;
    my->value[3] = access->value;
    dasim_arm(self, FIRST, 5 * ms);
}

static void answer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    const memory *my = self->state;
    dasim_access access = {(uint32_t)my->value[2], (uint32_t)my->value[1], my->value[3]};
    dasim_indicate(self, my->value[0] == DASIM_WRITE ? DASIM_WRITE_DONE : DASIM_READ_DONE, &access,
                   sizeof access);
}

static void use_slow_memory(void)
{
    part[0].provides = DASIM_MEMORY;
    part[0].on_request = answer_later;
    part[0].on_timer = answer;
}

static world *stage(const world_config *config, const memory_config *clients)
{
    world *w = prepare(config);
    load = memory_clients_make(w, clients);
    world_start(w);
    return w;
}

static void leave(world *w)
{
    load->free(load);
    world_free(w);
}

static dasim_access access_in(const seen *s)
{
    dasim_access access;
    memcpy(&access, s->kept, sizeof access);
    return access;
}

Test (memory_clients, a_client_thinks_and_accesses_as_often_as_told_one_at_a_time) {
    use_slow_memory();
    world_config c = plain(1);
    memory_config clients = {.think = fixed(3 * ms), .start = fixed(10 * ms), .accesses = 3};
    world *w = stage(&c, &clients);
    cr_assert_not(load->is_complete(load, w));
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_expect(load->is_complete(load, w) && load->is_idle(load, w));
    cr_assert_eq(seen_count(RECORD_REQUEST, 0), 3);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_READ, (size_t)i), (13 + 8 * i) * ms);
        cr_expect_eq(time_of(RECORD_INDICATION, 0, DASIM_READ_DONE, (size_t)i), (18 + 8 * i) * ms);
    }
    cr_expect_eq(run_all(w), WORLD_IDLE, "nothing was to come");
    leave(w);
}

Test (memory_clients, every_value_is_written_once) {
    use_slow_memory();
    world_config c = plain(3);
    memory_config clients = {.accesses = 20, .writes = UINT64_MAX};
    world *w = stage(&c, &clients);
    run_all(w);
    for (uint32_t node = 0; node < 3; node++) {
        cr_assert_eq(seen_count(RECORD_REQUEST, node), 20);
        for (uint32_t i = 0; i < 20; i++) {
            const seen *s = seen_nth(RECORD_REQUEST, node, i);
            cr_expect_eq(s->r.type, DASIM_WRITE);
            cr_expect_eq(access_in(s).value, (node + 1) * UINT64_C(1000000000) + i + 1);
        }
    }
    leave(w);
}

Test (memory_clients, writes_are_as_frequent_as_told_and_objects_are_picked) {
    use_slow_memory();
    uint32_t writes = 0, picked[4] = {0};
    world_config c = plain(1);
    c.resources = 4;
    memory_config clients = {.accesses = 1000, .writes = percent(30), .pick = PICK_RANDOM};
    world *w = stage(&c, &clients);
    run_all(w);
    for (size_t i = 0; i < 1000; i++) {
        const seen *s = seen_nth(RECORD_REQUEST, 0, i);
        writes += s->r.type == DASIM_WRITE;
        picked[access_in(s).object]++;
    }
    cr_expect(writes > 250 && writes < 350, "%u", writes);
    for (int object = 0; object < 4; object++) {
        cr_expect(picked[object] > 200 && picked[object] < 300, "%u", picked[object]);
    }
    leave(w);
}

Test (memory_clients, objects_are_picked_in_turn_or_fixed) {
    use_slow_memory();
    world_config c = plain(2);
    c.resources = 3;
    memory_config clients = {.accesses = 6, .pick = PICK_ROUND_ROBIN};
    world *w = stage(&c, &clients);
    run_all(w);
    for (size_t i = 0; i < 6; i++) {
        cr_expect_eq(access_in(seen_nth(RECORD_REQUEST, 1, i)).object, (i + 1) % 3);
    }
    leave(w);
    forget();
    clients.pick = PICK_FIXED;
    clients.object = 2;
    w = stage(&c, &clients);
    run_all(w);
    for (size_t i = 0; i < 6; i++) {
        cr_expect_eq(access_in(seen_nth(RECORD_REQUEST, 1, i)).object, 2);
    }
    leave(w);
}

Test (memory_clients, only_the_named_nodes_are_clients) {
    use_slow_memory();
    world_config c = plain(5);
    static const uint32_t who[] = {1, 4};
    memory_config clients = {.clients = who, .client_count = 2, .accesses = 2};
    world *w = stage(&c, &clients);
    run_all(w);
    const size_t expected[5] = {0, 2, 0, 0, 2};
    for (uint32_t i = 0; i < 5; i++) {
        cr_expect_eq(seen_count(RECORD_REQUEST, i), expected[i], "node %u", i);
    }
    leave(w);
}

Test (memory_clients, without_a_number_they_go_on_until_drained_and_what_is_under_way_is_done) {
    use_slow_memory();
    world_config c = plain(1);
    memory_config clients = {.think = fixed(ms)};
    world *w = stage(&c, &clients);
    cr_assert_eq(run_until(w, 100 * ms), WORLD_LIMIT);
    cr_expect_not(load->is_complete(load, w));
    cr_expect_not(load->is_idle(load, w));
    load->drain(load, w);
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_expect(load->is_idle(load, w));
    cr_expect_eq(seen_count(RECORD_REQUEST, 0), seen_count(RECORD_INDICATION, 0));
    leave(w);
}

static void crash_0(world *w)
{
    world_crash(w, 0, false);
}

static void recover_0(world *w)
{
    world_recover(w, 0);
}

Test (memory_clients, a_crash_ends_the_access_and_the_client_starts_anew) {
    use_slow_memory();
    world_config c = plain(1);
    memory_config clients = {.think = fixed(10 * ms), .accesses = 2};
    at(27 * ms, crash_0); /* 10 asked, 15 done, 25 asked: cut short */
    at(100 * ms, recover_0);
    world *w = stage(&c, &clients);
    cr_assert_eq(run_until(w, 50 * ms), WORLD_STOPPED);
    cr_expect(load->is_complete(load, w), "no live client has anything left");
    cr_expect(load->is_idle(load, w));
    run_until(w, 100 * ms);
    cr_expect_not(load->is_complete(load, w));
    run_all(w);
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_READ, 2), 110 * ms);
    cr_expect_eq(seen_count(RECORD_REQUEST, 0), 3);
    cr_expect_eq(seen_count(RECORD_INDICATION, 0), 2);
    leave(w);
}

/* Answers with the wrong tag, operation, size and object, and only then, twice, rightly. */
static void answer_wrongly(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    dasim_access access = *(const dasim_access *)arg, other = access;
    other.tag++;
    dasim_indicate(self, DASIM_READ_DONE, &other, sizeof other);
    dasim_indicate(self, op == DASIM_READ ? DASIM_WRITE_DONE : DASIM_READ_DONE, &access,
                   sizeof access);
    dasim_indicate(self, DASIM_READ_DONE, &access, 4);
    other = access;
    other.object++;
    dasim_indicate(self, DASIM_READ_DONE, &other, sizeof other);
    if (++((memory *)self->state)->value[0] < 3) {
        dasim_indicate(self, DASIM_READ_DONE, &access, sizeof access);
    }
}

Test (memory_clients, a_client_believes_only_what_it_waits_for) {
    part[0].provides = DASIM_MEMORY;
    part[0].on_request = answer_wrongly;
    world_config c = plain(1);
    memory_config clients = {.think = fixed(ms), .accesses = 5};
    world *w = stage(&c, &clients);
    cr_assert_eq(run_all(w), WORLD_IDLE);
    cr_expect_not(load->is_complete(load, w));
    cr_expect_not(load->is_idle(load, w), "the third waits still");
    cr_expect_eq(seen_count(RECORD_REQUEST, 0), 3);
    leave(w);
}

/* A memory that takes no time must not stop the world. */
static void answer_at_once(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op;
    dasim_indicate(self, DASIM_READ_DONE, arg, size);
}

Test (memory_clients, accesses_that_take_no_time_are_events_all_the_same) {
    part[0].provides = DASIM_MEMORY;
    part[0].on_request = answer_at_once;
    world_config c = plain(1);
    memory_config clients = {.accesses = 0};
    world *w = stage(&c, &clients);
    cr_expect_eq(world_run(w, 10 * ms, 1000), WORLD_EVENTS);
    cr_expect_eq(seen_count(RECORD_REQUEST, 0), 1000);
    leave(w);
}

Test (memory_clients, what_one_client_draws_does_not_depend_on_the_others) {
    int64_t alone[20];
    use_slow_memory();
    static const uint32_t who[] = {1};
    world_config c = plain(3);
    memory_config clients = {.clients = who,
                             .client_count = 1,
                             .think = uniform(ms, 20 * ms),
                             .accesses = 20};
    world *w = stage(&c, &clients);
    run_all(w);
    for (size_t i = 0; i < 20; i++) {
        alone[i] = seen_nth(RECORD_REQUEST, 1, i)->r.at;
    }
    leave(w);
    forget();
    clients.clients = NULL;
    w = stage(&c, &clients);
    run_all(w);
    for (size_t i = 0; i < 20; i++) {
        cr_expect_eq(seen_nth(RECORD_REQUEST, 1, i)->r.at, alone[i]);
    }
    leave(w);
}

Test (memory_clients, a_restored_world_goes_on_as_the_saved_one_did) {
    use_slow_memory();
    world_config c = plain(3);
    memory_config clients = {.think = uniform(ms, 20 * ms), .accesses = 20, .writes = percent(50)};
    world *w = stage(&c, &clients);
    run_until(w, 50 * ms);
    size_t size = world_image_size(w);
    void *image = malloc(size);
    world_save(w, image);
    forget();
    run_all(w);
    digest_value first = seen_digest();
    leave(w);
    w = stage(&c, &clients);
    world_restore(w, image, size);
    free(image);
    forget();
    run_all(w);
    same_digest(seen_digest(), first);
    cr_expect(load->is_complete(load, w));
    leave(w);
}
