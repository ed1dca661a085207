/* Shared memory, call by call, against what POSIX and flock(2) say. */
#include "machine.h"

#include <criterion/criterion.h>

extern const dasim_algorithm shared_memory_module;

/* As the module's file has them. */
enum {
    SEGMENT,
    WORDS_FILE,
    SEMAPHORE,
    MUTEX,
    READS = 16,
    WRITES = 32,
    OTHERS_READ = 64,
    OTHERS_WRITE = 128,
    CREATE = 256,
    EXCLUSIVE = 512,
    ROBUST = 1024,
    PUBLIC = CREATE | READS | WRITES | OTHERS_READ | OTHERS_WRITE
};
enum { SHARED = 1, ALL = 1, TRY = 2, CONSISTENT = 3 };
#define GIVE_UP (UINT32_C(1) << 31)

static machine m;

static void begin(const char *params)
{
    machine_begin(&m, &shared_memory_module, params);
}

static void end(void)
{
    machine_end(&m);
}

TestSuite(shared_memory, .fini = end);

/* The processes 0 .. count-1 attach it, each as its next descriptor. */
static void all_attach(uint32_t count, uint32_t flags, int64_t value, const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        machine_call(&m, i, DASIM_ATTACH, -1, value, flags, name);
        machine_run(&m, m.clock);
    }
    m.log[0] = '\0';
}

static void load(uint32_t process, int32_t descriptor, uint32_t word)
{
    machine_call(&m, process, DASIM_LOAD, descriptor, 0, word, NULL);
}

static void store(uint32_t process, int32_t descriptor, uint32_t word, int64_t value)
{
    machine_call(&m, process, DASIM_STORE, descriptor, value, word, NULL);
}

static void wait_on(uint32_t process, int32_t descriptor, uint32_t flags, const char *condition)
{
    machine_call(&m, process, DASIM_WAIT, descriptor, 0, flags, condition);
}

static void post(uint32_t process, int32_t descriptor, uint32_t flags, const char *condition)
{
    machine_call(&m, process, DASIM_POST, descriptor, 0, flags, condition);
}

/* ------------------------------------------------------------------------------- segments */

Test (shared_memory, what_one_process_stores_another_loads) {
    begin("lock=25 step=100");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC, "account");
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC, "account");
    machine_run(&m, 100);
    EXPECT_ANSWERS(&m, "25:p0 ATTACH=0 25:p1 ATTACH=0 ");
    store(0, 0, 7, -42);
    machine_run(&m, 150);
    load(1, 0, 7);
    load(2, 0, 7);
    machine_run(&m, 300);
    EXPECT_ANSWERS(&m, "200:p0 STORE=0 250:p1 LOAD=-42 250:p2 LOAD=!-9 ");
}

/* Both have loaded before either has stored. */
Test (shared_memory, an_update_is_lost_between_load_and_store) {
    begin("lock=0 step=100");
    all_attach(2, SEGMENT | PUBLIC, 0, "account");
    load(0, 0, 0);
    load(1, 0, 0);
    machine_run(&m, 100);
    EXPECT_ANSWERS(&m, "100:p0 LOAD=0 100:p1 LOAD=0 ");
    store(0, 0, 0, 0 + 1);
    store(1, 0, 0, 0 + 1);
    machine_run(&m, 200);
    load(0, 0, 0);
    machine_run(&m, 300);
    EXPECT_ANSWERS(&m, "200:p0 STORE=0 200:p1 STORE=0 300:p0 LOAD=1 ");
}

Test (shared_memory, an_access_has_its_effect_at_the_end_of_its_step) {
    begin("lock=0 step=100");
    all_attach(2, SEGMENT | PUBLIC, 0, "x");
    store(0, 0, 0, 5);
    machine_run(&m, 99);
    load(1, 0, 0);
    machine_run(&m, 199);
    EXPECT_ANSWERS(&m, "100:p0 STORE=0 199:p1 LOAD=5 ");
    load(1, 0, 0);
    machine_run(&m, 250);
    store(0, 0, 0, 6);
    machine_run(&m, 400);
    EXPECT_ANSWERS(&m, "299:p1 LOAD=5 350:p0 STORE=0 ");
}

Test (shared_memory, the_line_of_an_access_comes_back) {
    begin("lock=0 step=0");
    all_attach(1, SEGMENT | PUBLIC, 0, "x");
    machine_call(&m, 0, DASIM_STORE, 0, 1, 0, "17");
    machine_call(&m, 0, DASIM_LOAD, 0, 0, 0, "18");
    EXPECT_ANSWERS(&m, "0:p0 STORE=0:17 0:p0 LOAD=1:18 ");
}

Test (shared_memory, segments_are_told_apart_by_name_words_by_number) {
    begin("lock=0 step=0 words=2");
    all_attach(1, SEGMENT | PUBLIC, 0, "a");
    all_attach(1, SEGMENT | PUBLIC, 0, "b");
    all_attach(1, WORDS_FILE | PUBLIC, 0, "a");
    store(0, 0, 0, 1);
    store(0, 0, 1, 2);
    store(0, 1, 1, 3);
    load(0, 0, 0);
    load(0, 0, 1);
    load(0, 1, 0);
    load(0, 2, 0);
    load(0, 1, 2);
    machine_run(&m, 200000);
    EXPECT_ANSWERS(&m, "0:p0 STORE=0 0:p0 STORE=0 0:p0 STORE=0 0:p0 LOAD=1 0:p0 LOAD=2 "
                       "0:p0 LOAD=0 0:p0 LOAD=!-14 ");
}

Test (shared_memory, who_may_only_read_does_not_write) {
    begin("lock=0 step=0");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | CREATE | READS | WRITES | OTHERS_READ, "a");
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, SEGMENT | READS | WRITES, "a");
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, SEGMENT | WRITES, "a");
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, SEGMENT | READS, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | WRITES, "a");
    EXPECT_ANSWERS(&m, "0:p0 ATTACH=0 0:p1 ATTACH=!-13 0:p1 ATTACH=!-13 0:p1 ATTACH=0 "
                       "0:p0 ATTACH=1 ");
    store(1, 0, 0, 1);
    load(1, 0, 0);
    store(0, 1, 0, 4);
    load(0, 1, 0);
    EXPECT_ANSWERS(&m, "0:p1 STORE=!-13 0:p1 LOAD=0 0:p0 STORE=0 0:p0 LOAD=!-13 ");
}

Test (shared_memory, what_is_not_there_is_made_only_where_asked_for) {
    begin("lock=0 objects=2");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | READS, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC | EXCLUSIVE, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC | EXCLUSIVE, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEMAPHORE | CREATE, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, MUTEX | CREATE, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, -1, SEMAPHORE | CREATE, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, 4 | CREATE, "a");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | CREATE, "");
    EXPECT_ANSWERS(&m, "0:p0 ATTACH=!-2 0:p0 ATTACH=0 0:p0 ATTACH=!-17 0:p0 ATTACH=1 "
                       "0:p0 ATTACH=!-28 0:p0 ATTACH=!-22 0:p0 ATTACH=!-22 0:p0 ATTACH=!-22 ");
}

Test (shared_memory, names_processes_and_descriptors_have_bounds) {
    begin("lock=0 processes=2 descriptors=1");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC,
                 "12345678901234567890123456789012345678901234567");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC,
                 "123456789012345678901234567890123456789012345678");
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC, "second");
    machine_call(&m, 2, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC, "second");
    machine_call(&m, 1, DASIM_DUP, 0, 0, 0, NULL);
    machine_call(&m, 1, DASIM_FORK, -1, 2, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 ATTACH=0 0:p0 ATTACH=!-36 0:p0 ATTACH=!-24 0:p2 ATTACH=!-12 "
                       "0:p1 DUP=!-38 0:p1 FORK=!-11 ");
}

Test (shared_memory, a_descriptor_that_was_detached_is_free_again) {
    begin("lock=0 step=0");
    all_attach(1, SEGMENT | PUBLIC, 0, "a");
    all_attach(1, SEGMENT | PUBLIC, 0, "b");
    store(0, 0, 0, 9);
    machine_call(&m, 0, DASIM_DETACH, 0, 0, 0, NULL);
    load(0, 0, 0);
    machine_call(&m, 0, DASIM_ATTACH, -1, 0, SEGMENT | READS, "a");
    load(0, 0, 0);
    machine_call(&m, 0, DASIM_CLOSE, 5, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 STORE=0 0:p0 DETACH=0 0:p0 LOAD=!-9 0:p0 ATTACH=0 0:p0 LOAD=9 "
                       "0:p0 CLOSE=!-9 ");
}

/* ------------------------------------------------------------------------------ semaphores */

Test (shared_memory, a_semaphore_lets_in_as_many_as_it_counts_then_in_order) {
    begin("lock=10");
    all_attach(4, SEMAPHORE | CREATE, 2, "free");
    machine_run(&m, 100);
    m.log[0] = '\0';
    for (uint32_t i = 0; i < 4; i++) {
        wait_on(3 - i, 0, 0, NULL);
    }
    machine_run(&m, 200);
    EXPECT_ANSWERS(&m, "110:p3 WAIT=0 110:p2 WAIT=0 ");
    post(2, 0, 0, NULL);
    machine_run(&m, 300);
    post(2, 0, 0, NULL);
    machine_run(&m, 400);
    EXPECT_ANSWERS(&m, "210:p2 POST=0 210:p1 WAIT=0 310:p2 POST=0 310:p0 WAIT=0 ");
}

Test (shared_memory, trying_does_not_wait_nor_overtake) {
    begin("lock=0");
    all_attach(2, SEMAPHORE | CREATE, 1, "s");
    wait_on(0, 0, TRY, NULL);
    wait_on(0, 0, TRY, NULL);
    wait_on(0, 0, 0, NULL);
    wait_on(1, 0, TRY, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p0 WAIT=!-11 0:p1 WAIT=!-11 ");
}

Test (shared_memory, who_gives_up_waits_no_longer) {
    begin("lock=0");
    all_attach(3, SEMAPHORE | CREATE, 0, "s");
    wait_on(0, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    wait_on(0, -1, GIVE_UP, NULL);
    wait_on(0, -1, GIVE_UP, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=!-110 ");
    post(2, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p2 POST=0 0:p1 WAIT=0 ");
}

Test (shared_memory, a_call_given_up_in_its_step_has_no_effect) {
    begin("lock=10");
    all_attach(1, SEMAPHORE | CREATE, 1, "s");
    machine_run(&m, 10);
    m.log[0] = '\0';
    wait_on(0, 0, 0, NULL);
    wait_on(0, -1, GIVE_UP, NULL);
    machine_run(&m, 20);
    wait_on(0, 0, 0, NULL);
    machine_run(&m, 40);
    EXPECT_ANSWERS(&m, "10:p0 WAIT=!-110 30:p0 WAIT=0 ");
}

/* --------------------------------------------------------------------------------- mutexes */

Test (shared_memory, a_mutex_has_one_owner_and_only_he_unlocks) {
    begin("lock=0");
    all_attach(3, MUTEX | CREATE, 0, "m");
    wait_on(0, 0, 0, NULL);
    wait_on(0, 0, 0, NULL);
    wait_on(2, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p0 WAIT=!-35 ");
    wait_on(1, -1, GIVE_UP, NULL);
    post(1, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    post(0, 0, 0, NULL);
    post(0, 0, 0, NULL);
    post(2, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p1 WAIT=!-110 0:p1 POST=!-1 0:p0 POST=0 0:p2 WAIT=0 0:p0 POST=!-1 "
                       "0:p2 POST=0 0:p1 WAIT=0 ");
}

Test (shared_memory, the_mutex_of_a_dead_process_stays_locked) {
    begin("lock=0");
    all_attach(3, MUTEX | CREATE, 0, "m");
    wait_on(0, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    machine_call(&m, 0, DASIM_EXIT, -1, 0, 0, NULL);
    wait_on(2, 0, TRY, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p2 WAIT=!-11 ");
    all_attach(1, MUTEX, 0, "m"); /* another process of this number is not the owner */
    post(0, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 POST=!-1 ");
}

Test (shared_memory, a_robust_mutex_tells_that_its_owner_died) {
    begin("lock=0");
    all_attach(3, MUTEX | CREATE | ROBUST, 0, "m");
    wait_on(0, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    machine_call(&m, 0, DASIM_EXIT, -1, 0, 0, NULL);
    machine_call(&m, 2, DASIM_OPTION, 0, 1, CONSISTENT, NULL);
    machine_call(&m, 1, DASIM_OPTION, 0, 1, CONSISTENT, NULL);
    post(1, 0, 0, NULL);
    wait_on(2, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p1 WAIT=-130 0:p2 OPTION=!-22 0:p1 OPTION=0 "
                       "0:p1 POST=0 0:p2 WAIT=0 ");
}

Test (shared_memory, a_robust_mutex_that_nobody_repairs_is_lost) {
    begin("lock=0");
    all_attach(3, MUTEX | CREATE | ROBUST, 0, "m");
    wait_on(0, 0, 0, NULL);
    machine_call(&m, 0, DASIM_EXIT, -1, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    wait_on(2, 0, 0, NULL);
    post(1, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p1 WAIT=-130 0:p1 POST=0 0:p2 WAIT=-131 "
                       "0:p1 WAIT=-131 ");
}

/* -------------------------------------------------------------------------------- monitors */

Test (shared_memory, who_waits_for_a_condition_leaves_the_monitor) {
    begin("lock=0");
    all_attach(2, MUTEX | CREATE, 0, "buffer");
    wait_on(0, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    wait_on(0, 0, 0, "full");
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p1 WAIT=0 ");
    post(1, 0, 0, "full");
    EXPECT_ANSWERS(&m, "0:p1 POST=0 ");
    post(1, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p1 POST=0 0:p0 WAIT=0 ");
    wait_on(1, 0, 0, "full");
    EXPECT_ANSWERS(&m, "0:p1 WAIT=!-1 ");
}

/* Mesa: p0 is signalled, but p2 is inside before it. */
Test (shared_memory, who_is_signalled_queues_behind_those_at_the_door) {
    begin("lock=0");
    all_attach(3, MUTEX | CREATE, 0, "buffer");
    wait_on(0, 0, 0, NULL);
    wait_on(0, 0, 0, "full");
    wait_on(1, 0, 0, NULL);
    wait_on(2, 0, 0, NULL);
    post(1, 0, 0, "full");
    post(1, 0, 0, NULL);
    post(2, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p1 WAIT=0 0:p1 POST=0 0:p1 POST=0 0:p2 WAIT=0 0:p2 POST=0 "
                       "0:p0 WAIT=0 ");
}

Test (shared_memory, a_signal_wakes_one_a_broadcast_all_of_that_condition) {
    begin("lock=0");
    all_attach(4, MUTEX | CREATE, 0, "buffer");
    for (uint32_t i = 0; i < 4; i++) {
        wait_on(i, 0, 0, NULL);
        wait_on(i, 0, 0, i == 1 ? "empty" : "full");
    }
    m.log[0] = '\0';
    machine_call(&m, 5, DASIM_ATTACH, -1, 0, MUTEX, "buffer");
    post(5, 0, 0, "full");
    post(5, 0, 0, "full ");
    EXPECT_ANSWERS(&m, "0:p5 ATTACH=0 0:p5 POST=0 0:p0 WAIT=0 0:p5 POST=0 ");
    post(5, 0, ALL, "full");
    post(0, 0, 0, NULL);
    post(2, 0, 0, NULL);
    post(3, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p5 POST=0 0:p0 POST=0 0:p2 WAIT=0 0:p2 POST=0 0:p3 WAIT=0 "
                       "0:p3 POST=0 ");
    post(5, 0, 0, "full");
    EXPECT_ANSWERS(&m, "0:p5 POST=0 "); /* nobody waits: it is forgotten */
}

Test (shared_memory, who_gives_up_a_condition_has_the_mutex_before_it_goes_on) {
    begin("lock=0");
    all_attach(2, MUTEX | CREATE, 0, "buffer");
    wait_on(0, 0, 0, NULL);
    wait_on(0, 0, 0, "full");
    wait_on(1, 0, 0, NULL);
    wait_on(0, -1, GIVE_UP, NULL);
    wait_on(0, -1, GIVE_UP, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p1 WAIT=0 ");
    post(1, 0, 0, NULL);
    post(0, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p1 POST=0 0:p0 WAIT=-110 0:p0 POST=0 ");
}

Test (shared_memory, only_a_monitor_has_conditions) {
    begin("lock=0");
    all_attach(1, SEMAPHORE | CREATE, 0, "s");
    all_attach(1, SEGMENT | PUBLIC, 0, "x");
    wait_on(0, 0, 0, "full");
    post(0, 0, 0, "full");
    wait_on(0, 1, 0, NULL);
    post(0, 1, 0, NULL);
    load(0, 0, 0);
    machine_run(&m, 1000);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=!-22 0:p0 POST=!-22 0:p0 WAIT=!-22 0:p0 POST=!-22 "
                       "100:p0 LOAD=!-22 ");
}

/* ----------------------------------------------------------------------------------- files */

Test (shared_memory, a_file_is_slow_and_outlives_a_crash) {
    begin("lock=0 step=1 file_step=500");
    all_attach(1, WORDS_FILE | PUBLIC, 0, "ledger");
    all_attach(1, SEGMENT | PUBLIC, 0, "ledger");
    all_attach(1, MUTEX | CREATE, 0, "ledger");
    store(0, 0, 3, 8);
    machine_run(&m, 1000);
    store(0, 1, 3, 9);
    machine_run(&m, 2000);
    wait_on(0, 2, 0, NULL);
    EXPECT_ANSWERS(&m, "500:p0 STORE=0 1001:p0 STORE=0 2000:p0 WAIT=0 ");
    machine_crash(&m);
    load(0, 0, 3);
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, WORDS_FILE | READS, "ledger");
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, SEGMENT | READS, "ledger");
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, SEGMENT | PUBLIC, "ledger");
    machine_call(&m, 1, DASIM_ATTACH, -1, 0, MUTEX | CREATE, "ledger");
    wait_on(1, 2, 0, NULL);
    load(1, 1, 3);
    machine_run(&m, 3000);
    load(1, 0, 3);
    machine_run(&m, 4000);
    EXPECT_ANSWERS(&m, "2000:p1 ATTACH=0 2000:p1 ATTACH=!-2 2000:p1 ATTACH=1 2000:p1 ATTACH=2 "
                       "2000:p1 WAIT=0 2001:p0 LOAD=!-9 2001:p1 LOAD=0 3500:p1 LOAD=8 ");
}

Test (shared_memory, a_file_lock_is_advisory) {
    begin("lock=0 file_step=0");
    all_attach(2, WORDS_FILE | PUBLIC, 0, "ledger");
    wait_on(0, 0, 0, NULL);
    store(1, 0, 0, 5);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p1 STORE=0 ");
}

Test (shared_memory, many_share_a_file_lock_or_one_has_it) {
    begin("lock=0");
    all_attach(4, WORDS_FILE | PUBLIC, 0, "ledger");
    wait_on(0, 0, SHARED, NULL);
    wait_on(1, 0, SHARED, NULL);
    wait_on(2, 0, 0, NULL);
    wait_on(3, 0, SHARED, NULL); /* behind the writer */
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p1 WAIT=0 ");
    post(0, 0, 0, NULL);
    wait_on(0, 0, SHARED | TRY, NULL);
    post(1, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 POST=0 0:p0 WAIT=!-11 0:p1 POST=0 0:p2 WAIT=0 ");
    wait_on(2, 0, SHARED, NULL); /* behind the other reader, together with it */
    EXPECT_ANSWERS(&m, "0:p3 WAIT=0 0:p2 WAIT=0 ");
}

Test (shared_memory, a_file_lock_ends_with_the_last_who_has_the_file_open) {
    begin("lock=0");
    all_attach(2, WORDS_FILE | PUBLIC, 0, "ledger");
    wait_on(0, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    machine_call(&m, 0, DASIM_FORK, -1, 2, 0, NULL);
    machine_call(&m, 0, DASIM_EXIT, -1, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p0 FORK=0 ");
    machine_call(&m, 2, DASIM_DETACH, 0, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p2 DETACH=0 0:p1 WAIT=0 ");
}

Test (shared_memory, a_child_has_what_its_parent_attached_but_not_its_locks) {
    begin("lock=0 step=0");
    all_attach(1, SEGMENT | PUBLIC, 0, "a");
    all_attach(1, MUTEX | CREATE, 0, "m");
    wait_on(0, 1, 0, NULL);
    store(0, 0, 0, 3);
    machine_call(&m, 0, DASIM_FORK, -1, 1, 0, NULL);
    load(1, 0, 0);
    post(1, 1, 0, NULL);
    machine_call(&m, 0, DASIM_EXIT, -1, 0, 0, NULL);
    load(1, 0, 0);
    EXPECT_ANSWERS(&m, "0:p0 WAIT=0 0:p0 STORE=0 0:p0 FORK=0 0:p1 LOAD=3 0:p1 POST=!-1 "
                       "0:p1 LOAD=3 ");
}

Test (shared_memory, a_process_that_is_killed_leaves_the_queue) {
    begin("lock=0");
    all_attach(3, SEMAPHORE | CREATE, 0, "s");
    wait_on(0, 0, 0, NULL);
    wait_on(1, 0, 0, NULL);
    machine_call(&m, 0, DASIM_EXIT, -1, 0, 0, NULL);
    post(2, 0, 0, NULL);
    EXPECT_ANSWERS(&m, "0:p2 POST=0 0:p1 WAIT=0 ");
}
