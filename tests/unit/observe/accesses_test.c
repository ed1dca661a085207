#include "../history.h"

#include "observe/metrics.h"

static const dasim_algorithm stub_memory = STUB(.name = "stub_memory", .provides = DASIM_MEMORY);

static history h;
static metrics *m;

static void begin(int64_t warm_up, const dasim_algorithm *top)
{
    h = history_of_stack(4, 3, NULL, top);
    m = metrics_new(h.world, warm_up);
    observer o = metrics_observer(m);
    h.self = o.self;
    h.watch = o.on_record;
}

static void end(void)
{
    metrics_free(m);
    history_end(&h);
}

static uint64_t access_record(int64_t at, record_kind kind, uint32_t op, uint32_t node,
                              uint32_t tag, uint64_t cause)
{
    dasim_access access = {.object = 1, .tag = tag};
    return history_record(&h, (record){.at = at,
                                       .node = node,
                                       .peer = NOBODY,
                                       .type = op,
                                       .size = sizeof access,
                                       .kind = (uint16_t)kind,
                                       .cause = cause,
                                       .component = (uint8_t)h.component,
                                       .body = &access});
}

static uint64_t asked(int64_t at, uint32_t op, uint32_t node, uint32_t tag)
{
    return access_record(at, RECORD_REQUEST, op, node, tag, 0);
}

static uint64_t done(int64_t at, uint32_t op, uint32_t node, uint32_t tag, uint64_t cause)
{
    return access_record(at, RECORD_INDICATION, op, node, tag, cause);
}

/* Sent because of `cause` and received; returns the number of the RECEIVE. */
static uint64_t message(int64_t at, uint32_t from, uint32_t to, uint64_t cause)
{
    uint64_t sent = history_message(&h, at, RECORD_SEND, from, to, cause, REASON_NONE);
    return history_message(&h, at + 1, RECORD_RECEIVE, to, from, sent, REASON_NONE);
}

static void expect(access_kind kind, uint64_t requests, uint64_t completed, uint64_t messages)
{
    const accesses *a = metrics_accesses(m);
    cr_expect_eq(accesses_asked(a, kind), requests);
    cr_expect_eq(accesses_completed(a, kind), completed);
    cr_expect_eq(accesses_messages(a, kind), messages, "%d", (int)accesses_messages(a, kind));
}

Test (accesses, messages_count_for_the_access_that_led_to_them) {
    begin(0, &stub_memory);
    uint64_t read = asked(0, DASIM_READ, 0, 1), write = asked(0, DASIM_WRITE, 1, 1);
    uint64_t r = message(1, 0, 2, read), w = message(1, 1, 2, write);
    message(3, 2, 3, w);
    message(3, 2, 3, w);
    r = message(3, 2, 0, r);
    done(7, DASIM_READ_DONE, 0, 1, r);
    done(9, DASIM_WRITE_DONE, 1, 1, w);
    message(20, 3, 2, 0); /* because of nothing */
    expect(ACCESS_READ, 1, 1, 2);
    expect(ACCESS_WRITE, 1, 1, 3);
    cr_expect_eq(metrics_messages_per_access(m), 3000, "all that were sent: 6 for 2");
    cr_expect_eq(histogram_most(accesses_time(metrics_accesses(m), ACCESS_READ)), 7);
    cr_expect_eq(histogram_most(accesses_time(metrics_accesses(m), ACCESS_WRITE)), 9);
    end();
}

Test (accesses, a_message_to_oneself_costs_nothing_and_hands_on_what_led_to_it) {
    begin(0, &stub_memory);
    uint64_t write = asked(0, DASIM_WRITE, 1, 1);
    message(2, 1, 0, message(0, 1, 1, write));
    expect(ACCESS_WRITE, 1, 0, 1);
    end();
}

Test (accesses, an_access_begun_in_an_answer_begins_anew) {
    begin(0, &stub_memory);
    uint64_t write = asked(0, DASIM_WRITE, 1, 1);
    uint64_t answer = done(1, DASIM_WRITE_DONE, 1, 1, message(0, 1, 2, write));
    uint64_t read = access_record(1, RECORD_REQUEST, DASIM_READ, 1, 2, answer);
    message(1, 1, 2, read);
    message(1, 1, 3, read);
    expect(ACCESS_WRITE, 1, 1, 1);
    expect(ACCESS_READ, 1, 0, 2);
    end();
}

Test (accesses, what_came_before_the_warm_up_is_left_out) {
    begin(100, &stub_memory);
    uint64_t early = asked(99, DASIM_READ, 0, 1);
    message(99, 0, 1, early);
    done(101, DASIM_READ_DONE, 0, 1, 0);
    uint64_t late = asked(100, DASIM_READ, 0, 2);
    message(100, 0, 1, late);
    done(150, DASIM_READ_DONE, 0, 2, 0);
    expect(ACCESS_READ, 1, 1, 1);
    cr_expect_eq(histogram_most(accesses_time(metrics_accesses(m), ACCESS_READ)), 50);
    end();
}

Test (accesses, a_crash_completes_nothing_and_tells_lives_apart) {
    begin(0, &stub_memory);
    asked(1, DASIM_READ, 0, 1);
    asked(1, DASIM_READ, 1, 1);
    history_record(&h, (record){.at = 2, .node = 0, .peer = NOBODY, .kind = RECORD_CRASH});
    done(9, DASIM_READ_DONE, 0, 1, 0);
    done(9, DASIM_READ_DONE, 1, 1, 0);
    expect(ACCESS_READ, 2, 1, 0);
    end();
}

Test (accesses, rates_are_those_of_completed_accesses) {
    begin(0, &stub_memory);
    cr_expect_eq(metrics_messages_per_access(m), -1);
    cr_expect_eq(metrics_access_rate(m), -1);
    for (uint32_t i = 0; i < 3; i++) {
        asked(i, DASIM_READ, 0, i);
        done(i, DASIM_READ_DONE, 0, i, 0);
    }
    asked(INT64_C(2000000000), DASIM_WRITE, 0, 9);
    cr_expect_eq(metrics_access_rate(m), 1500);
    end();
}

Test (accesses, there_are_none_without_a_memory) {
    begin(0, &stub_lock);
    cr_expect_null(metrics_accesses(m));
    cr_expect_eq(metrics_messages_per_access(m), -1);
    end();
}
