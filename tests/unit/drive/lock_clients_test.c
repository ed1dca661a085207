#include "cast.h"

#include <stdlib.h>

static lock_clients *load;

static lock_clients_config saturated(int64_t hold, uint64_t entries)
{
    return (lock_clients_config){.think = fixed(0),
                                 .hold = fixed(hold),
                                 .start = fixed(0),
                                 .entries = entries};
}

static world *stage(const world_config *config, const lock_clients_config *clients)
{
    world *w = prepare(config);
    load = lock_clients_new(w, clients);
    world_start(w);
    return w;
}

static void leave(world *w)
{
    lock_clients_free(load);
    world_free(w);
}

/* ------------------------------------------------------------------------------ a client's life */

Test (lock_clients, a_client_thinks_acquires_holds_and_releases_as_often_as_told) {
    use_easy_lock();
    world_config c = plain(1);
    lock_clients_config clients = {.think = fixed(3 * ms),
                                   .hold = fixed(2 * ms),
                                   .start = fixed(10 * ms),
                                   .entries = 3};
    world *w = stage(&c, &clients);
    cr_assert_not(lock_clients_is_complete(load, w));
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_assert(lock_clients_is_complete(load, w));
    for (int i = 0; i < 3; i++) { /* 13, 18, 23 */
        cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_ACQUIRE, i), (13 + 5 * i) * ms);
        cr_expect_eq(time_of(RECORD_INDICATION, 0, DASIM_GRANTED, i), (13 + 5 * i) * ms);
        cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_RELEASE, i), (15 + 5 * i) * ms);
    }
    cr_expect_eq(seen_count(RECORD_REQUEST, NOBODY), 6);
    cr_expect_eq(run_all(w), WORLD_IDLE, "nothing was to come");
    leave(w);
}

Test (lock_clients, without_time_to_think_a_client_asks_in_the_instant_of_its_release) {
    use_easy_lock();
    world_config c = plain(1);
    lock_clients_config clients = saturated(4 * ms, 5);
    world *w = stage(&c, &clients);
    run_all(w);
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_RELEASE, i), (i + 1) * 4 * ms);
        cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_ACQUIRE, i + 1), (i + 1) * 4 * ms);
    }
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_ACQUIRE), 5);
    leave(w);
}

Test (lock_clients, only_the_named_nodes_are_clients) {
    use_easy_lock();
    world_config c = plain(5);
    static const uint32_t who[] = {1, 4};
    lock_clients_config clients = saturated(ms, 2);
    clients.clients = who;
    clients.client_count = 2;
    world *w = stage(&c, &clients);
    run_all(w);
    const size_t expected[5] = {0, 4, 0, 0, 4};
    for (uint32_t i = 0; i < 5; i++) {
        cr_expect_eq(seen_count(RECORD_REQUEST, i), expected[i], "node %u", i);
    }
    leave(w);
}

Test (lock_clients, without_a_number_of_entries_it_goes_on_until_it_is_drained) {
    use_easy_lock();
    world_config c = plain(2);
    lock_clients_config clients = saturated(2 * ms, 0);
    world *w = stage(&c, &clients);
    cr_assert_eq(run_until(w, 1001 * ms), WORLD_LIMIT);
    cr_expect_eq(count_of(RECORD_INDICATION, 0, DASIM_GRANTED), 501);
    cr_expect_not(lock_clients_is_complete(load, w));
    cr_expect_not(lock_clients_is_idle(load, w));
    lock_clients_drain(load, w);
    cr_expect_not(lock_clients_is_idle(load, w), "held locks are still to be released");
    while (run_all(w) == WORLD_STOPPED) {
    }
    cr_expect(lock_clients_is_idle(load, w));
    cr_expect_not(lock_clients_is_complete(load, w));
    cr_expect_eq(world_now(w), 1002 * ms);
    cr_expect_eq(count_of(RECORD_REQUEST, NOBODY, DASIM_ACQUIRE), 2 * 501);
    cr_expect_eq(count_of(RECORD_REQUEST, NOBODY, DASIM_RELEASE), 2 * 501);
    leave(w);
}

Test (lock_clients, who_waits_when_drained_enters_and_releases_still) {
    use_real_lock(&coordinator_module);
    static const int64_t params[16] = {0};
    world_config c = plain(3);
    c.stack[0].params = params;
    lock_clients_config clients = saturated(10 * ms, 0);
    world *w = stage(&c, &clients);
    run_until(w, 5 * ms); /* node 0 holds, 1 and 2 wait */
    lock_clients_drain(load, w);
    cr_assert_eq(run_all(w), WORLD_STOPPED, "it stops the world once all are served");
    cr_expect(lock_clients_is_idle(load, w));
    cr_expect_eq(count_of(RECORD_INDICATION, NOBODY, DASIM_GRANTED), 3);
    cr_expect_eq(count_of(RECORD_REQUEST, NOBODY, DASIM_RELEASE), 3);
    leave(w);
}

Test (lock_clients, who_thinks_when_drained_does_not_ask) {
    use_easy_lock();
    world_config c = plain(1);
    lock_clients_config clients = {.think = fixed(50 * ms), .hold = fixed(ms), .start = fixed(0)};
    world *w = stage(&c, &clients);
    run_until(w, 20 * ms);
    cr_expect(lock_clients_is_idle(load, w), "thinking is neither waiting nor holding");
    lock_clients_drain(load, w);
    cr_expect_eq(run_all(w), WORLD_IDLE);
    cr_expect_eq(seen_count(RECORD_REQUEST, NOBODY), 0);
    leave(w);
}

/* ------------------------------------------------------------------------------------ resources */

Test (lock_clients, resources_are_picked_in_turn_at_random_or_fixed) {
    use_easy_lock();
    world_config c = plain(2);
    c.resources = 3;
    for (load_pick how = PICK_ROUND_ROBIN; how <= PICK_FIXED; how++) {
        lock_clients_config clients = saturated(ms, 300);
        clients.pick = how;
        clients.resource = 2;
        forget();
        world *w = stage(&c, &clients);
        run_all(w);
        size_t times[3] = {0};
        for (size_t i = 0; i < 300; i++) {
            uint32_t resource = (uint32_t)seen_value(seen_nth(RECORD_INDICATION, 1, i));
            cr_assert_lt(resource, 3);
            times[resource]++;
            cr_assert(how != PICK_ROUND_ROBIN || resource == (i + 1) % 3);
        }
        bool fair = times[0] > 70 && times[1] > 70 && times[2] > 70;
        cr_expect_eq(fair, how != PICK_FIXED);
        cr_expect(how != PICK_FIXED || times[2] == 300);
        leave(w);
    }
}

static void grant_nonsense(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    dasim_lock other = *(const dasim_lock *)arg;
    other.resource = (other.resource + 1) % self->resources;
    dasim_indicate(self, DASIM_GRANTED, &other, sizeof other); /* not what was asked for */
    dasim_indicate(self, DASIM_GRANTED, arg, size / 2);        /* too short */
    dasim_indicate(self, DASIM_GRANTED + 1, arg, size);
    if (op == DASIM_ACQUIRE) {
        dasim_arm(self, FIRST, 7 * ms);
    }
}

static void grant_late(dasim_node *self, uint32_t timer)
{
    (void)timer;
    dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = 1}, sizeof(dasim_lock));
    dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = 1}, sizeof(dasim_lock));
}

Test (lock_clients, a_client_believes_only_the_grant_that_it_waits_for_and_only_once) {
    part[0].on_request = grant_nonsense;
    part[0].on_timer = grant_late;
    world_config c = plain(1);
    c.resources = 2;
    lock_clients_config clients = saturated(5 * ms, 1);
    clients.pick = PICK_FIXED;
    clients.resource = 1;
    world *w = stage(&c, &clients);
    run_all(w);
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_RELEASE), 1);
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_RELEASE, 0), 12 * ms);
    cr_expect_eq(run_all(w), WORLD_IDLE);
    leave(w);
}

/* -------------------------------------------------------------------------- crash, pause, late */

static void crash_1(world *w)
{
    world_crash(w, 1, false);
}

static void recover_1(world *w)
{
    world_recover(w, 1);
}

static void pause_1(world *w)
{
    world_pause(w, 1);
}

static void resume_1(world *w)
{
    world_resume(w, 1);
}

Test (lock_clients, a_crash_ends_what_the_client_did_and_it_starts_anew_thinking) {
    use_easy_lock();
    world_config c = plain(2);
    static const uint32_t who[] = {1};
    lock_clients_config clients = {.clients = who,
                                   .client_count = 1,
                                   .start = fixed(100 * ms),
                                   .think = fixed(10 * ms),
                                   .hold = fixed(10 * ms),
                                   .entries = 3};
    at(135 * ms, crash_1); /* 110 in, 120 out, 130 in: the second is cut short */
    at(200 * ms, recover_1);
    world *w = stage(&c, &clients);
    cr_assert_eq(run_until(w, 150 * ms), WORLD_STOPPED);
    cr_expect(lock_clients_is_complete(load, w), "no live client has anything left");
    cr_assert_eq(run_until(w, 205 * ms), WORLD_LIMIT);
    cr_expect_not(lock_clients_is_complete(load, w));
    run_all(w);
    cr_expect(lock_clients_is_complete(load, w));
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_ACQUIRE, 2), 210 * ms, "start counts once");
    cr_expect_eq(count_of(RECORD_INDICATION, 1, DASIM_GRANTED), 4, "one of them cut short");
    cr_expect_eq(count_of(RECORD_REQUEST, 1, DASIM_RELEASE), 3);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_RELEASE, 2), 240 * ms);
    leave(w);
}

Test (lock_clients, a_client_that_crashes_while_waiting_is_neither_waiting_nor_holding) {
    world_config c = plain(2); /* nobody is ever granted anything */
    lock_clients_config clients = saturated(ms, 1);
    at(10 * ms, crash_1);
    world *w = stage(&c, &clients);
    run_until(w, 5 * ms);
    cr_expect_not(lock_clients_is_idle(load, w));
    run_until(w, 20 * ms);
    cr_expect_not(lock_clients_is_idle(load, w), "node 0 waits still");
    world_crash(w, 0, false);
    cr_expect(lock_clients_is_idle(load, w));
    leave(w);
}

Test (lock_clients, a_paused_client_does_nothing_until_it_is_resumed) {
    use_easy_lock();
    world_config c = plain(2);
    lock_clients_config clients = {.think = fixed(10 * ms),
                                   .hold = fixed(10 * ms),
                                   .start = fixed(0),
                                   .entries = 2};
    at(15 * ms, pause_1);
    at(70 * ms, resume_1);
    world *w = stage(&c, &clients);
    run_all(w);
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_RELEASE, 0), 20 * ms);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_RELEASE, 0), 70 * ms);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_ACQUIRE, 1), 80 * ms);
    leave(w);
}

Test (lock_clients, the_client_of_a_late_node_starts_when_it_joins) {
    use_easy_lock();
    world_config c = plain(2);
    static const uint32_t late[] = {1};
    c.late = late;
    c.late_count = 1;
    lock_clients_config clients = {.think = fixed(5 * ms),
                                   .hold = fixed(ms),
                                   .start = fixed(20 * ms),
                                   .entries = 1};
    at(100 * ms, recover_1);
    world *w = stage(&c, &clients);
    while (run_all(w) == WORLD_STOPPED) {
    }
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_ACQUIRE, 0), 25 * ms);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_ACQUIRE, 0), 125 * ms);
    cr_expect(lock_clients_is_complete(load, w));
    leave(w);
}

/* ------------------------------------------------------------------------------------- isolated */

static int64_t nth_request_at(size_t nth)
{
    return seen_nth(RECORD_REQUEST, NOBODY, nth)->r.at;
}

Test (lock_clients, isolated_requests_never_overlap_and_every_client_has_its_share) {
    use_easy_lock();
    world_config c = plain(4);
    lock_clients_config clients = {.think = uniform(0, 5 * ms),
                                   .hold = uniform(0, 5 * ms),
                                   .start = fixed(0),
                                   .entries = 800,
                                   .isolated = true};
    world *w = stage(&c, &clients);
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_expect(lock_clients_is_complete(load, w));
    cr_expect_eq(seen_count(RECORD_REQUEST, NOBODY), 1600);
    for (size_t i = 0; i < 1600; i += 2) {
        const record *asked = &seen_nth(RECORD_REQUEST, NOBODY, i)->r;
        const record *gave = &seen_nth(RECORD_REQUEST, NOBODY, i + 1)->r;
        cr_assert(asked->type == DASIM_ACQUIRE && gave->type == DASIM_RELEASE &&
                  asked->node == gave->node);
    }
    for (uint32_t i = 0; i < 4; i++) { /* 200 expected, 12 the standard deviation */
        size_t its = count_of(RECORD_INDICATION, i, DASIM_GRANTED);
        cr_expect(its > 140 && its < 260, "node %u: %zu", i, its);
    }
    leave(w);
}

Test (lock_clients, the_first_isolated_turn_comes_after_start_and_think) {
    use_easy_lock();
    world_config c = plain(3);
    lock_clients_config clients = {.think = fixed(ms),
                                   .hold = fixed(2 * ms),
                                   .start = fixed(40 * ms),
                                   .entries = 2,
                                   .isolated = true};
    world *w = stage(&c, &clients);
    run_all(w);
    cr_expect_eq(nth_request_at(0), 41 * ms);
    cr_expect_eq(nth_request_at(2), 44 * ms);
    leave(w);
}

Test (lock_clients, the_turn_of_a_node_that_is_down_passes_to_the_next_one) {
    use_easy_lock();
    world_config c = plain(3);
    lock_clients_config clients = {.think = fixed(ms),
                                   .hold = fixed(ms),
                                   .start = fixed(0),
                                   .entries = 300,
                                   .isolated = true};
    at(0, crash_1);
    world *w = stage(&c, &clients);
    run_all(w);
    cr_expect_eq(count_of(RECORD_INDICATION, 1, DASIM_GRANTED), 0);
    size_t heir = count_of(RECORD_INDICATION, 2, DASIM_GRANTED);
    cr_expect(heir > 160 && heir < 240, "two thirds of 300: %zu", heir);
    leave(w);
}

static void crash_both(world *w)
{
    world_crash(w, 0, false);
    world_crash(w, 1, false);
}

Test (lock_clients, an_isolated_turn_ends_with_a_crash_and_comes_again_with_a_boot) {
    use_easy_lock();
    world_config c = plain(2);
    lock_clients_config clients = {.think = fixed(10 * ms),
                                   .hold = fixed(10 * ms),
                                   .start = fixed(0),
                                   .entries = 3,
                                   .isolated = true};
    at(15 * ms, crash_both);
    at(100 * ms, recover_1);
    world *w = stage(&c, &clients);
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_ACQUIRE,
                         count_of(RECORD_REQUEST, 1, DASIM_ACQUIRE) - 3),
                 110 * ms);
    cr_expect_eq(count_of(RECORD_REQUEST, 1, DASIM_RELEASE), 3);
    cr_expect_eq(world_now(w), 160 * ms);
    leave(w);
}

/* -------------------------------------------------------------------------------- exact figures */

/* Seven clients, E = 10 ms, T = 1 ms: N(E + SD) - E from request to grant, once the queue is full.
 * `first`: the lowest client. */
static void expect_saturated_wait(const dasim_algorithm *lock, uint32_t first, int64_t expected)
{
    static const int64_t params[16] = {0};
    static const uint32_t ids[] = {0, 1, 2, 3, 4, 5, 6, 7};
    use_real_lock(lock);
    world_config c = plain(7 + first);
    c.stack[0].params = params;
    lock_clients_config clients = saturated(10 * ms, 20);
    clients.clients = ids + first;
    clients.client_count = 7;
    world *w = stage(&c, &clients);
    run_all(w);
    cr_expect(lock_clients_is_complete(load, w));
    cr_expect_eq(count_of(RECORD_INDICATION, NOBODY, DASIM_GRANTED), 7 * 20);
    cr_expect_eq(longest_wait(), expected, "%s: %ld", lock->name, (long)longest_wait());
    leave(w);
}

Test (lock_clients, saturated_ricart_agrawala_waits_exactly_67_ms) {
    expect_saturated_wait(&ricart_agrawala_module, 0, 67 * ms);
    cr_expect_eq(shortest_wait(), 67 * ms);
}

/* The coordinator is none of the clients: to itself it would talk in no time. */
Test (lock_clients, saturated_coordinator_waits_exactly_74_ms) {
    expect_saturated_wait(&coordinator_module, 1, 74 * ms);
    cr_expect_eq(shortest_wait(), 74 * ms);
}

Test (lock_clients, a_coordinator_among_the_clients_saves_two_ms_a_round) {
    expect_saturated_wait(&coordinator_module, 0, 72 * ms);
}

/* ----------------------------------------------------------------------- luck, save and restore */

Test (lock_clients, what_one_client_draws_does_not_depend_on_the_others) {
    use_easy_lock();
    int64_t times[2][50];
    for (uint32_t i = 0; i < 2; i++) {
        world_config c = plain(1 + 4 * i);
        lock_clients_config clients = {.think = uniform(0, 9 * ms),
                                       .hold = uniform(0, 9 * ms),
                                       .start = uniform(0, 9 * ms),
                                       .entries = 50};
        forget();
        world *w = stage(&c, &clients);
        run_all(w);
        for (size_t k = 0; k < 50; k++) {
            times[i][k] = time_of(RECORD_INDICATION, 0, DASIM_GRANTED, k);
        }
        leave(w);
    }
    cr_expect_arr_eq(times[0], times[1], sizeof times[0]);
    cr_expect_neq(times[0][1] - times[0][0], times[0][2] - times[0][1]);
}

static digest_value rest_of(world *w)
{
    forget();
    run_until(w, 2 * second);
    return seen_digest();
}

static void expect_same_after_restore(bool isolated)
{
    world_config c = plain(5);
    c.resources = 2;
    static const int64_t params[16] = {0};
    use_real_lock(&coordinator_module);
    c.stack[0].params = params;
    lock_clients_config clients = {.think = uniform(0, 9 * ms),
                                   .hold = uniform(0, 9 * ms),
                                   .start = uniform(0, 9 * ms),
                                   .pick = PICK_RANDOM,
                                   .isolated = isolated};
    at(400 * ms, crash_1);
    at(900 * ms, recover_1);
    world *w = stage(&c, &clients);
    lock_clients *first = load;
    run_until(w, 500 * ms);
    size_t size = world_image_size(w);
    void *image = malloc(size);
    world_save(w, image);
    digest_value expected = rest_of(w);
    world *other = stage(&c, &clients);
    run_until(other, 123 * ms);
    world_restore(other, image, size);
    same_digest(rest_of(other), expected);
    cr_expect_gt(seen_count(RECORD_INDICATION, NOBODY), isolated ? 50 : 200);
    same_digest(world_hash(other), world_hash(w));
    free(image);
    lock_clients_free(first);
    world_free(w);
    leave(other);
}

Test (lock_clients, a_restored_world_goes_on_as_the_saved_one_did) {
    expect_same_after_restore(false);
}

Test (lock_clients, a_restored_world_of_isolated_clients_goes_on_as_the_saved_one_did) {
    expect_same_after_restore(true);
}
