/* Processes whose functions are lists of operations, on nodes that offer a lock, a memory and an
 * election. What each was answered, and when, is written down. */
#include "cast.h"

#include "drive/process.h"

#include <stdio.h>
#include <string.h>

enum { PROCESSES = 6, STEPS = 12 };

typedef struct program {
    operation steps[STEPS];
    size_t at;
} program;

static program programs[PROCESSES];
static process_config configs[PROCESSES];
static uint32_t count;
static processes *made;
static uint32_t deaths;
static char log_text[2000];

/* ------------------------------------------------------------------------------ operations */

static operation sleeping(int64_t for_ms)
{
    return (operation){OPERATION_SLEEP, .timeout = -1, .time = fixed(for_ms * ms)};
}

static operation on_resource(operation_kind kind, uint32_t resource)
{
    return (operation){kind, .object = resource, .timeout = -1};
}

static operation locking(uint32_t resource)
{
    return on_resource(OPERATION_LOCK, resource);
}

static operation locking_for(uint32_t resource, int64_t timeout)
{
    return (operation){OPERATION_LOCK, .object = resource, .timeout = timeout};
}

static operation unlocking(uint32_t resource)
{
    return on_resource(OPERATION_UNLOCK, resource);
}

static operation writing(uint32_t object, uint64_t value)
{
    return (operation){OPERATION_WRITE, .object = object, .value = value, .timeout = -1};
}

static operation plain_operation(operation_kind kind, uint64_t value)
{
    return (operation){kind, .value = value, .timeout = -1};
}

/* ------------------------------------------------------------------------------ the programs */

static void write_down(const world *w, uint32_t process, const answer *a)
{
    static const char *const kinds[] = {"start", "", "late"};
    char words[60];
    int64_t now = world_now(w);
    snprintf(words, sizeof words, "%c%d.%d:%s%s%.0d ", 'A' + (int)process, (int)(now / ms),
             (int)(now % ms / 100000), kinds[a->kind], a->at_once ? "!" : "", (int)a->value);
    strcat(log_text, words);
    cr_assert_lt(strlen(log_text), sizeof log_text - sizeof words);
}

static void resume(void *context, world *w, uint32_t process, const answer *last, operation *next)
{
    program *its = &programs[process];
    cr_assert_eq(context, &deaths);
    its->at = last->kind == ANSWER_START ? 0 : its->at;
    write_down(w, process, last);
    *next = its->steps[its->at++];
    if (next->kind == OPERATION_FAIL + 1) { /* behind the last step */
        next->kind = OPERATION_END;
    }
}

static void dead(void *context, uint32_t process)
{
    (void)context;
    deaths++;
    programs[process].at = 0;
}

/* Another process: its steps. */
#define PROCESS(on, recovers, ...)                                                                 \
    add_process(on, recovers, (const operation[]){__VA_ARGS__},                                    \
                sizeof((const operation[]){__VA_ARGS__}) / sizeof(operation))

static void add_process(uint32_t node, bool recovers, const operation *steps, size_t how_many)
{
    cr_assert(count < PROCESSES && how_many < STEPS);
    program *its = &programs[count];
    memcpy(its->steps, steps, how_many * sizeof *steps);
    its->steps[how_many].kind = OPERATION_FAIL + 1;
    configs[count++] = (process_config){node, recovers};
}

/* ---------------------------------------------------------------------------- the components */

typedef struct lock_part {
    uint32_t waiting[8], head, tail, held;
} lock_part;

/* One lock for the whole world, whose answers take no time, granted in the order of asking. */
static lock_part the_lock;
static bool answers = true;

static void grant_next(dasim_node *self)
{
    if (answers && !the_lock.held && the_lock.head != the_lock.tail) {
        dasim_lock lock = {.resource = the_lock.waiting[the_lock.head++ % 8], .fencing = 7};
        the_lock.held = 1;
        dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
    }
}

static void lock_asked(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_lock *lock = arg;
    if (op == DASIM_ACQUIRE) {
        the_lock.waiting[the_lock.tail++ % 8] = lock->resource;
    } else {
        the_lock.held = 0;
    }
    grant_next(self);
}

/* Accesses are answered by a timer, the last one first. */
static dasim_access accesses[8];
static uint32_t access_ops[8], access_count;

static void memory_asked(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    access_ops[access_count] = op;
    accesses[access_count++] = *(const dasim_access *)arg;
    dasim_arm(self, FIRST, ms);
}

static void memory_answers(dasim_node *self, uint32_t timer)
{
    (void)timer;
    while (access_count > 0) {
        dasim_access *access = &accesses[--access_count];
        if (access_ops[access_count] == DASIM_READ) {
            access->value = 100 + access->object;
        }
        dasim_indicate(self,
                       access_ops[access_count] == DASIM_READ ? DASIM_READ_DONE : DASIM_WRITE_DONE,
                       access, sizeof *access);
    }
}

static uint32_t elections;

static void election_asked(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    cr_assert_eq(op, DASIM_ELECT);
    elections++;
    dasim_arm(self, FIRST, ms);
}

static void election_answers(dasim_node *self, uint32_t timer)
{
    (void)timer;
    dasim_leader leader = {.leader = elections};
    dasim_indicate(self, DASIM_LEADER, &leader, sizeof leader);
}

static world_config all_services(uint32_t nodes)
{
    world_config c = plain(nodes);
    c.resources = 4;
    c.stack[1].algorithm = &part[1];
    c.stack[2].algorithm = &part[2];
    c.stack_size = 3;
    part[0].on_request = lock_asked;
    part[1].provides = DASIM_MEMORY;
    part[1].on_request = memory_asked;
    part[1].on_timer = memory_answers;
    part[2].provides = DASIM_ELECTION;
    part[2].on_request = election_asked;
    part[2].on_timer = election_answers;
    return c;
}

static world *with_processes(const world_config *c)
{
    world *w = prepare(c);
    processes_config config = {configs, count, resume, dead, &deaths};
    made = processes_new(w, &config);
    world_start(w);
    return w;
}

static void play(const world_config *c, const char *expected)
{
    world *w = with_processes(c);
    world_status status = run_all(w);
    cr_expect(status == WORLD_IDLE || status == WORLD_STOPPED);
    cr_expect_str_eq(log_text, expected, "\n  found    %s\n  expected %s", log_text, expected);
    processes_free(made);
    world_free(w);
}

static void drain_now(world *w)
{
    processes_load(made)->drain(processes_load(made), w);
}

static bool is_complete(const world *w)
{
    return processes_load(made)->is_complete(processes_load(made), w);
}

static bool is_idle(const world *w)
{
    return processes_load(made)->is_idle(processes_load(made), w);
}

/* "W0.2 H0.2 ": client 0 waits for resource 2, holds it. */
static const char *client_records(void)
{
    static char words[400];
    words[0] = '\0';
    for (size_t i = 0; i < seen_count(RECORD_CLIENT, NOBODY); i++) {
        const seen *it = seen_nth(RECORD_CLIENT, NOBODY, i);
        client_body body;
        char one[20];
        memcpy(&body, it->kept, sizeof body);
        snprintf(one, sizeof one, "%c%d.%u ", ".WHQ"[it->r.type], body.client, body.resource);
        strcat(words, one);
    }
    return words;
}

/* ------------------------------------------------------------------------------------- tests */

Test (process, goes_from_one_operation_to_the_next) {
    world_config c = all_services(2);
    PROCESS(0, false, sleeping(3), locking(1), sleeping(2), unlocking(1), sleeping(1));
    PROCESS(1, false, sleeping(1));
    play(&c, "A0.0:start B0.0:start B1.0: A3.0: A3.0:7 A5.0: A5.0:!1 A6.0: ");
}

Test (process, begins_when_all_nodes_have_booted) {
    world_config c = all_services(3);
    PROCESS(0, false, plain_operation(OPERATION_NOTE, 0), sleeping(1));
    world *w = with_processes(&c);
    run_all(w);
    cr_expect_eq(seen_nth(RECORD_NOTE, 0, 0)->r.number, 4);
    cr_expect(is_complete(w));
    processes_free(made);
    world_free(w);
}

Test (process, those_of_a_node_queue_and_the_first_asks_for_all) {
    world_config c = all_services(1);
    PROCESS(0, false, locking(2), sleeping(5), unlocking(2));
    PROCESS(0, false, sleeping(2), locking(2), sleeping(5), unlocking(2));
    PROCESS(0, false, sleeping(1), locking(2), sleeping(5), unlocking(2));
    play(&c, "A0.0:start B0.0:start C0.0:start A0.0:7 C1.0: B2.0: A5.0: A5.0:!1 C5.0:7 C10.0: "
             "C10.0:!1 B10.0:7 B15.0: B15.0:!1 ");
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_ACQUIRE), 3);
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_ACQUIRE, 1), 5 * ms);
}

Test (process, several_on_a_node_leave_records_of_who_waits_and_who_holds) {
    world_config c = all_services(2);
    PROCESS(0, false, locking(2), sleeping(5), unlocking(2));
    PROCESS(0, false, locking_for(2, 2 * ms));
    PROCESS(0, false, sleeping(1), locking(2), unlocking(2));
    PROCESS(1, false, sleeping(9)); /* alone on its node */
    world *w = with_processes(&c);
    run_all(w);
    cr_expect_str_eq(client_records(), "W0.2 H0.2 W1.2 W2.2 Q1.2 H2.2 ", "%s", client_records());
    processes_free(made);
    world_free(w);
}

Test (process, one_that_is_alone_on_its_node_is_told_apart_by_the_node) {
    world_config c = all_services(1);
    PROCESS(0, false, locking(2), unlocking(2));
    world *w = with_processes(&c);
    run_all(w);
    cr_expect_eq(seen_count(RECORD_CLIENT, NOBODY), 0);
    cr_expect_eq(count_of(RECORD_INDICATION, 0, DASIM_GRANTED), 1);
    processes_free(made);
    world_free(w);
}

Test (process, waits_no_longer_than_its_time_out) {
    world_config c = all_services(1);
    PROCESS(0, false, locking(2), sleeping(10), unlocking(2));
    PROCESS(0, false, locking_for(2, 4 * ms), sleeping(1));
    PROCESS(0, false, locking_for(2, 20 * ms), unlocking(2)); /* B has left the queue before it */
    play(&c, "A0.0:start B0.0:start C0.0:start A0.0:7 B4.0:late B5.0: A10.0: A10.0:!1 C10.0:7 "
             "C10.0:!1 ");
}

static void answer_now(world *w)
{
    answers = true;
    cr_assert(world_request(w, 0, 0, DASIM_RELEASE, &(dasim_lock){0}, sizeof(dasim_lock)));
}

Test (process, a_grant_that_nobody_waits_for_any_more_is_released_at_once) {
    world_config c = all_services(1);
    answers = false;
    PROCESS(0, false, locking_for(3, 2 * ms), sleeping(8));
    at(5 * ms, answer_now);
    play(&c, "A0.0:start A2.0:late A10.0: ");
    cr_expect_eq(time_of(RECORD_INDICATION, 0, DASIM_GRANTED, 0), 5 * ms);
    cr_expect_eq(time_of(RECORD_REQUEST, 0, DASIM_RELEASE, 1), 5 * ms); /* 0: that of the test */
}

Test (process, a_request_that_was_given_up_is_waited_for_before_all_is_idle) {
    world_config c = all_services(1);
    answers = false;
    PROCESS(0, false, locking_for(3, 2 * ms));
    at(5 * ms, answer_now);
    world *w = with_processes(&c);
    cr_expect_eq(run_all(w), WORLD_STOPPED);
    cr_expect(is_complete(w) && !is_idle(w));
    drain_now(w);
    cr_expect_eq(run_all(w), WORLD_STOPPED);
    cr_expect_eq(world_now(w), 5 * ms);
    cr_expect(is_idle(w));
    processes_free(made);
    world_free(w);
}

Test (process, who_comes_later_takes_over_a_request_that_timed_out) {
    world_config c = all_services(1);
    answers = false;
    PROCESS(0, false, locking_for(3, 2 * ms), sleeping(1), locking(3), unlocking(3));
    at(5 * ms, answer_now);
    play(&c, "A0.0:start A2.0:late A3.0: A5.0:7 A5.0:!1 ");
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_ACQUIRE), 1);
    cr_expect_str_eq(client_records(), "Q-1.3 W-1.3 ", "%s", client_records());
}

Test (process, without_time_to_wait_has_what_is_granted_at_this_instant) {
    world_config c = all_services(1);
    PROCESS(0, false, locking_for(0, 0), sleeping(5), unlocking(0));
    PROCESS(0, false, sleeping(1), locking_for(0, 0), sleeping(1));
    play(&c, "A0.0:start B0.0:start A0.0:7 B1.0: B1.0:late B2.0: A5.0: A5.0:!1 ");
}

static void lose_lease(dasim_node *self, uint32_t timer)
{
    (void)timer;
    the_lock.held = 0;
    dasim_indicate(self, DASIM_LOST, &(dasim_lock){.resource = 2}, sizeof(dasim_lock));
    grant_next(self);
}

static void lock_with_lease(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    if (op == DASIM_ACQUIRE && the_lock.tail == 0) {
        dasim_arm(self, FIRST, 3 * ms); /* only the first lease is ever over */
    }
    lock_asked(self, op, arg, size);
}

Test (process, a_lost_lock_is_told_by_unlock_and_the_next_one_asks) {
    world_config c = all_services(1);
    part[0].on_request = lock_with_lease;
    part[0].on_timer = lose_lease;
    PROCESS(0, false, locking(2), sleeping(6), unlocking(2), sleeping(1));
    PROCESS(0, false, sleeping(1), locking(2), sleeping(9), unlocking(2));
    play(&c, "A0.0:start B0.0:start A0.0:7 B1.0: B3.0:7 A6.0: A6.0:! A7.0: B12.0: B12.0:!1 ");
    cr_expect_eq(count_of(RECORD_REQUEST, 0, DASIM_RELEASE), 1);
}

static void read_and_write(void)
{
    PROCESS(0, false, on_resource(OPERATION_READ, 1), writing(2, 9));
    PROCESS(0, false, writing(3, 5), on_resource(OPERATION_READ, 3));
}

Test (process, each_has_the_answers_to_its_own_accesses) {
    world_config c = all_services(1);
    read_and_write();
    play(&c, "A0.0:start B0.0:start B1.0:5 A1.0:101 A2.0:9 B2.0:103 ");
    const dasim_access *write = (const void *)seen_nth(RECORD_REQUEST, 0, 1)->kept;
    cr_expect(write->object == 3 && write->tag == 1 && write->value == 5);
}

Test (process, all_who_elect_hear_of_the_next_leader_and_others_know_it) {
    world_config c = all_services(1);
    PROCESS(0, false, plain_operation(OPERATION_LEADER, 0), plain_operation(OPERATION_ELECT, 0));
    PROCESS(0, false, plain_operation(OPERATION_ELECT, 0));
    PROCESS(0, false, sleeping(2), plain_operation(OPERATION_LEADER, 0));
    PROCESS(0, false, (operation){OPERATION_ELECT, .timeout = ms / 2});
    play(&c, "A0.0:start A0.0:!-1 B0.0:start C0.0:start D0.0:start D0.5:late A1.0:3 B1.0:3 C2.0: "
             "C2.0:!3 ");
}

/* ----------------------------------------------------------------------------------- faults */

static void crash_0(world *w)
{
    world_crash(w, 0, false);
    the_lock = (lock_part){.held = 0};
}

static void recover_0(world *w)
{
    world_recover(w, 0);
}

Test (process, a_crash_ends_it_and_it_starts_anew_where_it_is_to) {
    world_config c = all_services(2);
    PROCESS(0, true, locking(1), sleeping(9), unlocking(1));
    PROCESS(0, false, locking(1), unlocking(1));
    PROCESS(0, true, sleeping(1)); /* is over before */
    PROCESS(1, false, sleeping(30));
    at(5 * ms, crash_0);
    at(8 * ms, recover_0);
    play(&c, "A0.0:start B0.0:start C0.0:start D0.0:start A0.0:7 C1.0: A8.0:start A8.0:7 A17.0: "
             "A17.0:!1 D30.0: ");
    cr_expect_eq(deaths, 2);
}

Test (process, the_dead_do_not_keep_the_others_from_being_complete) {
    world_config c = all_services(2);
    PROCESS(0, true, sleeping(50));
    PROCESS(1, false, sleeping(7));
    at(5 * ms, crash_0);
    world *w = with_processes(&c);
    cr_expect_not(is_complete(w));
    cr_expect_eq(run_all(w), WORLD_STOPPED);
    cr_expect_eq(world_now(w), 7 * ms);
    cr_expect(is_complete(w));
    processes_free(made);
    world_free(w);
}

static void pause_0(world *w)
{
    world_pause(w, 0);
}

static void resume_0(world *w)
{
    world_resume(w, 0);
}

Test (process, waits_while_its_node_is_paused) {
    world_config c = all_services(2);
    PROCESS(0, false, sleeping(3), locking(1), sleeping(1), unlocking(1));
    PROCESS(1, false, sleeping(4));
    at(2 * ms, pause_0);
    at(6 * ms, resume_0);
    play(&c, "A0.0:start B0.0:start B4.0: A6.0: A6.0:7 A7.0: A7.0:!1 ");
}

Test (process, on_a_late_node_begins_when_that_joins) {
    static const uint32_t late[] = {0};
    world_config c = all_services(2);
    c.late = late;
    c.late_count = 1;
    PROCESS(0, false, sleeping(1));
    PROCESS(1, false, sleeping(20));
    at(8 * ms, recover_0);
    play(&c, "B0.0:start A8.0:start A9.0: B20.0: ");
}

/* ---------------------------------------------------------------------------------- drained */

Test (process, drained_ones_that_hold_nothing_ask_for_nothing) {
    world_config c = all_services(1);
    PROCESS(0, false, locking(1), sleeping(4), on_resource(OPERATION_READ, 0), unlocking(1),
            locking(2), sleeping(100)); /* holds: may still read */
    PROCESS(0, false, sleeping(3), on_resource(OPERATION_READ, 1), sleeping(100));
    PROCESS(0, false, sleeping(1), locking(1), unlocking(1)); /* waits already */
    at(2 * ms, drain_now);
    world *w = with_processes(&c);
    cr_expect_eq(run_all(w), WORLD_STOPPED);
    cr_expect_str_eq(log_text,
                     "A0.0:start B0.0:start C0.0:start A0.0:7 C1.0: B3.0: A4.0: "
                     "A5.0:100 A5.0:!1 C5.0:7 C5.0:!1 ",
                     "%s", log_text);
    cr_expect(is_idle(w) && !is_complete(w));
    processes_free(made);
    world_free(w);
}

/* --------------------------------------------------------------------------------- looking */

Test (process, who_waits_for_whom_is_known) {
    world_config c = all_services(2);
    PROCESS(0, false, locking(1), sleeping(2), on_resource(OPERATION_READ, 3));
    PROCESS(0, false, sleeping(1), locking(1));
    PROCESS(1, false, sleeping(50));
    part[1].on_timer = election_answers; /* nothing that a reader waits for */
    world *w = with_processes(&c);
    process_wait wait;
    run_until(w, 9 * ms);
    cr_assert(process_waits(made, w, 0, &wait));
    cr_expect(wait.kind == OPERATION_READ && wait.object == 3 && wait.since == 2 * ms &&
              wait.holder == NOBODY);
    cr_assert(process_waits(made, w, 1, &wait));
    cr_expect(wait.kind == OPERATION_LOCK && wait.object == 1 && wait.since == ms &&
              wait.holder == 0);
    cr_expect_not(process_waits(made, w, 2, &wait));
    cr_expect_not(is_idle(w));
    processes_free(made);
    world_free(w);
}

static uint64_t drawn[PROCESSES];

static void keep_draw(void *context, world *w, uint32_t process, const answer *last,
                      operation *next)
{
    (void)context, (void)w;
    *next = plain_operation(last->kind == ANSWER_START ? OPERATION_RANDOM : OPERATION_END, 0);
    drawn[process] = last->value;
}

static void draw_all(const world_config *c)
{
    world *w = prepare(c);
    processes_config config = {configs, count, keep_draw, dead, &deaths};
    made = processes_new(w, &config);
    world_start(w);
    run_all(w);
    processes_free(made);
    world_free(w);
}

Test (process, draws_are_its_own_whoever_else_there_is) {
    world_config c = all_services(3);
    PROCESS(1, false, sleeping(1));
    PROCESS(1, false, sleeping(1));
    draw_all(&c);
    uint64_t first = drawn[0], second_one = drawn[1];
    count = 0;
    PROCESS(0, false, sleeping(1));
    PROCESS(1, false, sleeping(1));
    PROCESS(2, false, sleeping(1));
    PROCESS(1, false, sleeping(1));
    draw_all(&c);
    cr_expect(drawn[1] == first && drawn[3] == second_one);
    for (uint32_t i = 0; i < 4; i++) {
        for (uint32_t k = 0; k < i; k++) {
            cr_expect_neq(drawn[i], drawn[k]);
        }
    }
}

Test (process, a_world_that_was_saved_goes_on_in_another_one) {
    world_config c = all_services(2);
    PROCESS(0, false, locking(1), sleeping(4), unlocking(1), locking(1), unlocking(1));
    PROCESS(0, false, sleeping(1), locking(1), sleeping(2), unlocking(1));
    PROCESS(0, false, sleeping(2), locking_for(1, ms), sleeping(9));
    world *w = with_processes(&c);
    run_until(w, 2 * ms);
    size_t size = world_image_size(w);
    void *image = malloc(size);
    world_save(w, image);
    world *other = prepare(&c);
    processes_config config = {configs, count, resume, dead, &deaths};
    processes *moved = processes_new(other, &config);
    world_restore(other, image, size);
    processes_free(made);
    world_free(w);
    free(image);
    run_all(other);
    cr_expect_str_eq(log_text,
                     "A0.0:start B0.0:start C0.0:start A0.0:7 B1.0: C2.0: C3.0:late "
                     "A4.0: A4.0:!1 B4.0:7 B6.0: B6.0:!1 A6.0:7 A6.0:!1 C12.0: ",
                     "%s", log_text);
    processes_free(moved);
    world_free(other);
}
