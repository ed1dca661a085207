/* Clients that take several resources for one entry. */
#include "cast.h"

#include <stdlib.h>

static lock_clients *load;

static lock_clients_config taking(uint32_t together, uint64_t entries)
{
    return (lock_clients_config){.think = fixed(0),
                                 .hold = fixed(10 * ms),
                                 .start = fixed(0),
                                 .entries = entries,
                                 .together = together};
}

static world *stage(uint32_t nodes, uint32_t resources, const lock_clients_config *clients)
{
    world_config c = plain(nodes);
    static const int64_t params[16] = {0};
    c.resources = resources;
    c.stack[0].params = params;
    world *w = prepare(&c);
    load = lock_clients_new(w, clients);
    world_start(w);
    return w;
}

static void leave(world *w)
{
    lock_clients_free(load);
    world_free(w);
}

/* Resource of the nth request of that kind by the node; -1: there are fewer. */
static int64_t resource_of(uint32_t node, uint32_t op, size_t nth)
{
    for (size_t i = 0, all = seen_count(RECORD_REQUEST, node); i < all; i++) {
        const seen *s = seen_nth(RECORD_REQUEST, node, i);
        if (s->r.type == op && nth-- == 0) {
            return (int64_t)(uint32_t)seen_value(s);
        }
    }
    return -1;
}

static void expect_order(uint32_t node, const int64_t *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(resource_of(node, DASIM_ACQUIRE, i), expected[i], "taken: %zu", i);
        cr_expect_eq(resource_of(node, DASIM_RELEASE, i), expected[i], "given back: %zu", i);
    }
    cr_expect_eq(resource_of(node, DASIM_ACQUIRE, count), -1);
    cr_expect_eq(resource_of(node, DASIM_RELEASE, count), -1);
}

/* ----------------------------------------------------------------------------- what is taken */

Test (together, the_resource_picked_and_those_that_follow_are_taken_and_given_back_at_once) {
    use_easy_lock();
    lock_clients_config clients = taking(3, 2);
    world *w = stage(2, 4, &clients);
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_expect(lock_clients_is_complete(load, w));
    expect_order(1, (const int64_t[]){1, 2, 3, 2, 3, 0}, 6);
    for (size_t i = 0; i < 6; i++) {
        cr_expect_eq(time_of(RECORD_REQUEST, 1, DASIM_RELEASE, i), i < 3 ? 10 * ms : 20 * ms);
    }
    cr_expect_eq(run_all(w), WORLD_IDLE);
    leave(w);
}

Test (together, ordered_clients_take_them_in_ascending_order) {
    use_easy_lock();
    lock_clients_config clients = taking(3, 2);
    clients.ordered = true;
    world *w = stage(2, 4, &clients);
    run_all(w);
    expect_order(1, (const int64_t[]){1, 2, 3, 0, 2, 3}, 6);
    leave(w);
}

Test (together, a_fixed_pick_is_followed_by_the_next_around_the_end) {
    use_easy_lock();
    lock_clients_config clients = taking(2, 1);
    clients.pick = PICK_FIXED;
    clients.resource = 3;
    world *w = stage(1, 4, &clients);
    run_all(w);
    expect_order(0, (const int64_t[]){3, 0}, 2);
    leave(w);
}

static void expect_random(bool ordered)
{
    enum { ENTRIES = 600 };
    size_t times[3][3] = {{0}};
    lock_clients_config clients = taking(2, ENTRIES);
    clients.pick = PICK_RANDOM;
    clients.ordered = ordered;
    world *w = stage(1, 3, &clients);
    run_all(w);
    for (size_t i = 0; i < ENTRIES; i++) {
        int64_t a = resource_of(0, DASIM_ACQUIRE, 2 * i);
        int64_t b = resource_of(0, DASIM_ACQUIRE, 2 * i + 1);
        cr_assert(a >= 0 && a < 3 && b >= 0 && b < 3 && a != b);
        times[a][b]++;
    }
    for (uint32_t a = 0; a < 3; a++) { /* 100 expected, 9 the standard deviation; or 200, 12 */
        for (uint32_t b = 0; b < 3; b++) {
            size_t expected = a == b || (ordered && a > b) ? 0 : ordered ? 200 : 100;
            size_t off = times[a][b] > expected ? times[a][b] - expected : expected - times[a][b];
            cr_expect(off <= (expected ? 45 : 0), "%u, %u: %zu times", a, b, times[a][b]);
        }
    }
    leave(w);
}

Test (together, at_random_all_pairs_are_equally_frequent) {
    use_easy_lock();
    expect_random(false);
}

Test (together, at_random_and_ordered_all_ascending_pairs_are_equally_frequent) {
    use_easy_lock();
    expect_random(true);
}

/* ----------------------------------------------------------------------------- hold and wait */

/* Node 0 coordinates: to itself it would talk in no time. */
static const uint32_t clients_1_and_2[] = {1, 2};

Test (together, opposite_orders_wait_for_each_other_for_ever) {
    use_real_lock(&coordinator_module);
    lock_clients_config clients = taking(2, 5);
    clients.clients = clients_1_and_2;
    clients.client_count = 2;
    world *w = stage(3, 2, &clients);
    cr_expect_eq(run_all(w), WORLD_IDLE);
    cr_expect_not(lock_clients_is_idle(load, w));
    cr_expect_eq(count_of(RECORD_INDICATION, 1, DASIM_GRANTED), 1);
    cr_expect_eq(count_of(RECORD_INDICATION, 2, DASIM_GRANTED), 1);
    cr_expect_eq(count_of(RECORD_REQUEST, NOBODY, DASIM_ACQUIRE), 4);
    leave(w);
}

Test (together, one_order_for_all_lets_all_finish) {
    use_real_lock(&coordinator_module);
    lock_clients_config clients = taking(2, 5);
    clients.clients = clients_1_and_2;
    clients.client_count = 2;
    clients.ordered = true;
    world *w = stage(3, 2, &clients);
    cr_expect_eq(run_all(w), WORLD_STOPPED);
    cr_expect(lock_clients_is_complete(load, w) && lock_clients_is_idle(load, w));
    cr_expect_eq(count_of(RECORD_INDICATION, NOBODY, DASIM_GRANTED), 2 * 2 * 5);
    cr_expect_eq(count_of(RECORD_REQUEST, NOBODY, DASIM_RELEASE), 2 * 2 * 5);
    leave(w);
}

Test (together, who_has_begun_to_take_when_drained_takes_the_rest_and_gives_all_back) {
    use_real_lock(&coordinator_module);
    lock_clients_config clients = taking(2, 0);
    clients.ordered = true;
    world *w = stage(2, 2, &clients);
    run_until(w, ms / 2); /* node 0 is in, node 1 waits for its first */
    lock_clients_drain(load, w);
    while (run_all(w) == WORLD_STOPPED && !lock_clients_is_idle(load, w)) {
    }
    cr_expect(lock_clients_is_idle(load, w));
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_RELEASE), 2);
    cr_expect_eq(count_of(RECORD_REQUEST, 1, DASIM_RELEASE), 2);
    leave(w);
}

/* ---------------------------------------------------------------------------- leases, crashes */

static void tell(dasim_node *self, uint32_t op, uint32_t resource)
{
    dasim_lock lock = {.resource = resource};
    dasim_indicate(self, op, &lock, sizeof lock);
}

/* Resource 0 is granted at once, 1 after 5 ms; once, the lease of 0 is over after `lost_after`. */
static int64_t lost_after;

static void grant_one_late(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    uint32_t resource = ((const dasim_lock *)arg)->resource;
    if (op == DASIM_ACQUIRE && resource == 0) {
        tell(self, DASIM_GRANTED, 0);
        if (state_of(self)->value[0]++ == 0) {
            dasim_arm(self, FIRST, lost_after);
        }
    } else if (op == DASIM_ACQUIRE) {
        dasim_arm(self, SECOND, 5 * ms);
    }
}

static void grant_or_lose(dasim_node *self, uint32_t timer)
{
    tell(self, timer == FIRST ? DASIM_LOST : DASIM_GRANTED, timer == FIRST ? 0 : 1);
}

static void expect_after_loss(int64_t after, int64_t given_back)
{
    part[0].on_request = grant_one_late;
    part[0].on_timer = grant_or_lose;
    lost_after = after;
    lock_clients_config clients = taking(2, 1);
    world *w = stage(1, 2, &clients);
    cr_expect_eq(run_all(w), WORLD_STOPPED);
    cr_expect(lock_clients_is_complete(load, w) && lock_clients_is_idle(load, w));
    /* The other one is given back alone; then both are taken again, for 10 ms. */
    static const int64_t resources[] = {1, 0, 1};
    const int64_t times[] = {given_back, given_back + 15 * ms, given_back + 15 * ms};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(resource_of(0, DASIM_RELEASE, i), resources[i]);
        cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_RELEASE, i), times[i]);
    }
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_RELEASE), 3);
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_ACQUIRE), 4);
    leave(w);
}

Test (together, who_loses_one_while_waiting_gives_back_what_it_gets_and_tries_again) {
    expect_after_loss(2 * ms, 5 * ms);
}

Test (together, who_loses_one_while_holding_gives_back_the_others_at_once_and_tries_again) {
    expect_after_loss(8 * ms, 8 * ms);
}

static void crash_0(world *w)
{
    world_crash(w, 0, false);
}

static void recover_0(world *w)
{
    world_recover(w, 0);
}

Test (together, after_a_crash_a_client_begins_with_the_first_one) {
    part[0].on_request = grant_one_late;
    part[0].on_timer = grant_or_lose;
    lost_after = second;
    lock_clients_config clients = taking(2, 1);
    at(3 * ms, crash_0);
    at(20 * ms, recover_0);
    world *w = stage(1, 2, &clients);
    while (run_all(w) == WORLD_STOPPED && world_now(w) < 20 * ms) {
    }
    static const int64_t taken[] = {0, 1, 0, 1};
    for (size_t i = 0; i < 4; i++) {
        cr_expect_eq(resource_of(0, DASIM_ACQUIRE, i), taken[i]);
    }
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_ACQUIRE), 4);
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_RELEASE), 2);
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_RELEASE, 0), 35 * ms);
    leave(w);
}

static digest_value rest_of(world *w)
{
    forget();
    run_until(w, second);
    return seen_digest();
}

Test (together, a_restored_world_goes_on_as_the_saved_one_did) {
    use_real_lock(&coordinator_module);
    lock_clients_config clients = taking(2, 0);
    clients.pick = PICK_RANDOM;
    clients.ordered = true;
    clients.hold = uniform(0, 9 * ms);
    world *w = stage(5, 3, &clients);
    lock_clients *first = load;
    run_until(w, 300 * ms);
    size_t size = world_image_size(w);
    void *image = malloc(size);
    world_save(w, image);
    digest_value expected = rest_of(w);
    world *other = stage(5, 3, &clients);
    run_until(other, 50 * ms);
    world_restore(other, image, size);
    same_digest(rest_of(other), expected);
    cr_expect_gt(seen_count(RECORD_INDICATION, NOBODY), 100);
    free(image);
    lock_clients_free(first);
    world_free(w);
    leave(other);
}
