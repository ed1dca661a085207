#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char trace[512];

static void note(const char *who, uint32_t what)
{
    size_t length = strlen(trace);
    snprintf(trace + length, sizeof trace - length, "%s%u ", who, what);
}

/* -------------------------------------------------------------------------- messages */

static void broadcast_at_2(dasim_node *self, bool recovering)
{
    (void)recovering;
    uint64_t value = 42;
    if (self->id == 2) {
        dasim_broadcast(self, NUMBER, &value, sizeof value);
    }
}

Test (contract, a_broadcast_sends_to_all_others_in_the_order_of_ids) {
    const uint32_t others[] = {0, 1, 3, 4};
    world_config c = plain(5);
    part[0].on_boot = broadcast_at_2;
    world *w = begin(&c);
    run_all(w);
    cr_assert_eq(seen_count(RECORD_SEND, NOBODY), 4);
    cr_assert_eq(seen_count(RECORD_RECEIVE, NOBODY), 4);
    for (size_t i = 0; i < 4; i++) {
        const seen *sent = seen_nth(RECORD_SEND, 2, i), *got = seen_nth(RECORD_RECEIVE, NOBODY, i);
        cr_assert_eq(sent->r.peer, others[i]);
        cr_assert(got->r.node == others[i] && got->r.peer == 2 && got->r.type == NUMBER);
        cr_assert(got->r.at == ms && seen_value(got) == 42);
    }
    world_free(w);
}

Test (contract, a_broadcast_of_the_only_node_sends_nothing) {
    world_config c = plain(3);
    c.nodes = 1;
    part[0].on_boot = broadcast_at_2;
    world *w = begin(&c);
    cr_assert_eq(run_all(w), WORLD_IDLE);
    cr_assert_eq(world_records(w), 1);
    world_free(w);
}

static void send_here_and_there(dasim_node *self, bool recovering)
{
    (void)recovering;
    send_number(self, 1 - self->id, 1);
    send_number(self, self->id, 2);
    send_number(self, 1 - self->id, 3);
    dasim_send(self, 1 - self->id, NUMBER, NULL, 0);
}

Test (contract, sends_leave_in_order_and_one_to_oneself_takes_no_time_over_no_link) {
    world_config c = plain(2);
    c.network.usual.loss = UINT64_MAX;
    part[0].on_boot = send_here_and_there;
    world *w = begin(&c);
    run_all(w);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(seen_value(seen_nth(RECORD_SEND, 0, i)), i + 1);
    }
    cr_assert_eq(seen_nth(RECORD_SEND, 0, 3)->r.size, 0);
    cr_assert_eq(seen_count(RECORD_LOST, NOBODY), 6);
    const seen *got = seen_nth(RECORD_RECEIVE, 0, 0);
    cr_assert(got->r.at == 0 && got->r.peer == 0 && seen_value(got) == 2);
    cr_assert_eq(got->r.cause, seen_nth(RECORD_SEND, 0, 1)->r.number);
    world_free(w);
}

static unsigned char blob[65536];

static void fill_blob(uint32_t seed)
{
    uint64_t state = seed;
    for (size_t i = 0; i < sizeof blob; i++) {
        blob[i] = (unsigned char)next_random(&state);
    }
}

static const uint32_t blob_sizes[] = {0, 1, 8, 31, 32, 33, 224, 225, 4096, 65535, 65536};
enum { BLOB_SIZES = sizeof blob_sizes / sizeof blob_sizes[0] };
static uint32_t blobs_received;

static void send_blobs(dasim_node *self, bool recovering)
{
    (void)recovering;
    for (uint32_t i = 0; self->id == 0 && i < BLOB_SIZES; i++) {
        fill_blob(i);
        dasim_send(self, 1, BLOB, blob, blob_sizes[i]);
    }
    memset(blob, 0, sizeof blob);
}

static void check_blob(dasim_node *self, const dasim_envelope *m)
{
    fill_blob(blobs_received);
    cr_assert_eq(m->size, blob_sizes[blobs_received++]);
    cr_assert(m->from == 0 && m->type == BLOB && !m->corrupted);
    cr_assert_eq((uintptr_t)m->body % 16, 0);
    cr_assert_eq(memcmp(m->body, blob, m->size), 0);
    send_number(self, self->id, 0); /* may not touch the body that is being read */
    cr_assert_eq(memcmp(m->body, blob, m->size), 0);
}

static void check_blob_or_number(dasim_node *self, const dasim_envelope *m)
{
    if (m->type == BLOB) {
        check_blob(self, m);
    }
}

Test (contract, bodies_of_every_length_arrive_intact) {
    use_blobs();
    world_config c = plain(2);
    part[0].on_boot = send_blobs;
    part[0].on_message = check_blob_or_number;
    world *w = begin(&c);
    run_all(w);
    cr_assert_eq(blobs_received, BLOB_SIZES);
    world_free(w);
}

/* ------------------------------------------------------------------ requests, indications */

static void top_asked(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    cr_assert(size == sizeof(uint64_t) && *(const uint64_t *)arg == 99);
    note("T", op);
    dasim_request(self, DASIM_ELECTION, 5, NULL, 0);
    dasim_request(self, DASIM_MUTEX, 6, NULL, 0);
    dasim_indicate(self, 7, arg, size);
    note("end", op);
}

static void middle_asked(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    note("M", op);
    dasim_request(self, DASIM_MUTEX, 8, NULL, 0);
}

static void bottom_asked(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    note("B", op);
    dasim_indicate(self, op + 3, NULL, 0);
}

static void middle_told(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                        size_t size)
{
    (void)self, (void)arg, (void)size;
    cr_assert_eq(from, DASIM_MUTEX);
    note("m", op);
}

static void top_told(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                     size_t size)
{
    (void)self, (void)arg, (void)size;
    cr_assert_eq(from, DASIM_MUTEX);
    note("t", op);
}

static void driver_told(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                        const void *arg, size_t size)
{
    (void)self, (void)w;
    cr_assert(node == 1 && component == 2);
    cr_assert(size == sizeof(uint64_t) && *(const uint64_t *)arg == 99);
    note("driver", op);
}

static void ask_top(world *w)
{
    cr_assert(ask(w, 1, 1, 99));
    note("asked", 1);
}

static world_config three_layers(void)
{
    static const dasim_service mutex[] = {DASIM_MUTEX, DASIM_NO_SERVICE};
    static const dasim_service both[] = {DASIM_ELECTION, DASIM_MUTEX, DASIM_NO_SERVICE};
    world_config c = plain(2);
    c.stack[1].algorithm = &part[1];
    c.stack[2].algorithm = &part[2];
    c.stack_size = 3;
    part[0].on_request = bottom_asked;
    part[1].on_request = middle_asked;
    part[2].on_request = top_asked;
    part[1].on_indication = middle_told;
    part[2].on_indication = top_told;
    part[1].uses = mutex;
    part[2].uses = both;
    return c;
}

Test (contract, requests_and_indications_are_carried_out_after_the_handler_in_order) {
    world_config c = three_layers();
    actor.on_indication = driver_told;
    at(5, ask_top);
    world *w = begin(&c);
    run_all(w);
    cr_assert_str_eq(trace, "asked1 T1 end1 M5 B6 driver7 B8 m9 t9 m11 t11 ");
    const struct {
        record_kind kind;
        uint32_t component, op;
        uint64_t cause; /* records are numbered from 3: two boots come first */
    } expected[] = {{RECORD_REQUEST, 2, 1, 0},    {RECORD_REQUEST, 1, 5, 3},
                    {RECORD_REQUEST, 0, 6, 3},    {RECORD_INDICATION, 2, 7, 3},
                    {RECORD_REQUEST, 0, 8, 4},    {RECORD_INDICATION, 0, 9, 5},
                    {RECORD_INDICATION, 0, 11, 7}};
    cr_assert_eq(world_records(w), 9);
    for (uint64_t i = 0; i < 7; i++) {
        const record *r = &seen_number(i + 3)->r;
        cr_assert(r->kind == expected[i].kind && r->component == expected[i].component &&
                      r->type == expected[i].op && r->cause == expected[i].cause && r->node == 1 &&
                      r->at == 5,
                  "record %d", (int)i + 3);
    }
    world_free(w);
}

Test (contract, who_does_not_care_for_indications_is_not_told) {
    world_config c = three_layers();
    part[1].on_indication = NULL;
    at(5, ask_top);
    world *w = begin(&c);
    run_all(w);
    cr_assert_str_eq(trace, "asked1 T1 end1 M5 B6 B8 t9 t11 ");
    world_free(w);
}

static void tell_what_is_below(dasim_node *self, bool recovering)
{
    (void)recovering;
    note("mutex", dasim_has(self, DASIM_MUTEX));
    note("election", dasim_has(self, DASIM_ELECTION));
}

Test (contract, a_service_that_may_be_used_is_there_only_where_it_is_given) {
    static const dasim_service election[] = {DASIM_ELECTION, DASIM_NO_SERVICE};
    static const dasim_service mutex[] = {DASIM_MUTEX, DASIM_NO_SERVICE};
    at(5, ask_top);
    for (int given = 0; given < 2; given++) {
        world_config c = three_layers();
        part[2].uses = election;
        part[2].may_use = mutex;
        part[2].on_boot = tell_what_is_below;
        c.stack[2].given = given ? 1u << DASIM_MUTEX : 0;
        trace[0] = '\0';
        world *w = begin(&c);
        run_all(w);
        uint32_t node, component, line;
        const char *condition;
        cr_expect_eq(world_failed_check(w, &node, &component, &condition, &line), !given,
                     "it asks the mutex, which it may only where it is given");
        cr_expect(strncmp(trace, given ? "mutex1 election1 " : "mutex0 election1 ", 17) == 0, "%s",
                  trace);
        cr_expect_eq(strstr(trace, "t9 ") != NULL, given, "%s", trace);
        world_free(w);
    }
}

static void indicate_at_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    note("boot", self->id);
    dasim_indicate(self, 3, &(uint64_t){99}, sizeof(uint64_t));
}

static void told_by_any(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                        const void *arg, size_t size)
{
    (void)self, (void)w, (void)component, (void)op, (void)arg, (void)size;
    note("told", node);
}

Test (contract, what_is_said_at_boot_is_heard_after_all_have_booted) {
    world_config c = plain(2);
    part[0].on_boot = indicate_at_boot;
    actor.on_indication = told_by_any;
    world *w = begin(&c);
    cr_assert_str_eq(trace, "boot0 boot1 told0 told1 ");
    cr_assert_eq(seen_nth(RECORD_INDICATION, 1, 0)->r.cause, 2);
    world_free(w);
}

static uint32_t depth;

static void ask_oneself_on(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    for (uint32_t i = 0; depth < 100 && i < 5; i++) { /* the ring of calls grows and wraps */
        dasim_indicate(self, depth++, NULL, 0);
    }
}

static void told_in_order(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                          const void *arg, size_t size)
{
    static uint32_t next;
    (void)self, (void)arg, (void)size;
    cr_assert_eq(op, next++);
    world_request(w, node, component, op, NULL, 0);
}

Test (contract, many_calls_keep_their_order) {
    world_config c = plain(1);
    part[0].on_request = ask_oneself_on;
    actor.on_indication = told_in_order;
    world *w = begin(&c);
    ask(w, 0, 0, 0);
    run_all(w);
    cr_assert_eq(seen_count(RECORD_INDICATION, 0), 100);
    cr_assert_eq(seen_count(RECORD_REQUEST, 0), 101);
    world_free(w);
}

static void ask_both(world *w)
{
    cr_assert(ask(w, 0, 1, 0));
    world_crash(w, 0, false);
    cr_assert_not(ask(w, 0, 2, 0));
    world_recover(w, 0);
    cr_assert(ask(w, 0, 3, 0));
}

Test (contract, what_was_asked_of_an_earlier_life_is_not_done) {
    world_config c = plain(1);
    part[0].on_request = bottom_asked;
    at(1, ask_both);
    world *w = begin(&c);
    run_all(w);
    cr_assert_str_eq(trace, "B3 ");
    world_free(w);
}

/* ------------------------------------------------------------------------------- checks */

static void (*misuse)(dasim_node *self);
static uint32_t line_of_check;

static void misuse_at_1(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    misuse(self);
    send_number(self, 0, 7); /* the handler goes on to its end */
}

static void belief(dasim_node *self)
{
    line_of_check = __LINE__ + 1;
    DASIM_CHECK(self, self->id == 0 && "the believed");
    DASIM_CHECK(self, !"the second is not told");
}

static void wrong_type(dasim_node *self)
{
    dasim_send(self, 0, 1, NULL, 0);
}

static void wrong_size(dasim_node *self)
{
    unsigned char body[9] = {0};
    dasim_send(self, 0, NUMBER, body, sizeof body);
}

static void wrong_receiver(dasim_node *self)
{
    dasim_send(self, self->nodes, NUMBER, NULL, 0);
}

static void wrong_broadcast(dasim_node *self)
{
    dasim_broadcast(self, 1, NULL, 0);
}

static void wrong_timer(dasim_node *self)
{
    dasim_arm(self, THIRD + 1, 5);
}

static void wrong_disarm(dasim_node *self)
{
    dasim_disarm(self, THIRD + 1);
}

static void wrong_service(dasim_node *self)
{
    dasim_request(self, DASIM_ELECTION, 1, NULL, 0);
}

static void no_service(dasim_node *self)
{
    dasim_request(self, DASIM_SERVICES, 1, NULL, 0);
}

static void long_argument(dasim_node *self)
{
    static const unsigned char arg[ARGUMENT_MOST + 1];
    dasim_indicate(self, 1, arg, sizeof arg);
}

static const struct {
    void (*misuse)(dasim_node *self);
    const char *condition;
} misuses[] = {
    {belief, "self->id == 0 && \"the believed\""},
    {wrong_type, "sent message type is declared"},
    {wrong_broadcast, "sent message type is declared"},
    {wrong_size, "sent message fits its declared size"},
    {wrong_receiver, "receiver of a message is a node"},
    {wrong_timer, "timer is declared"},
    {wrong_disarm, "timer is declared"},
    {wrong_service, "requested service is declared in uses"},
    {no_service, "requested service is declared in uses"},
    {long_argument, "argument of an indication fits 1 MiB"},
};

static void provoke(world *w)
{
    ask(w, 1, 1, 0);
    ask(w, 0, 1, 0); /* is not done any more */
}

Test (contract, a_false_belief_or_a_misuse_ends_the_run_with_node_condition_and_line) {
    world_config c = plain(2);
    part[0].on_request = misuse_at_1;
    at(5, provoke);
    for (size_t i = 0; i < sizeof misuses / sizeof misuses[0]; i++) {
        uint32_t node, component, line;
        const char *condition;
        misuse = misuses[i].misuse;
        forget();
        world *w = begin(&c);
        cr_assert_not(world_failed_check(w, &node, &component, &condition, &line));
        cr_assert_eq(run_all(w), WORLD_STOPPED);
        cr_assert(world_failed_check(w, &node, &component, &condition, &line));
        cr_assert_str_eq(condition, misuses[i].condition);
        cr_assert(node == 1 && component == 0 && line == (i == 0 ? line_of_check : 0));
        cr_assert_eq(seen_count(RECORD_CHECK, NOBODY), 1);
        const seen *s = seen_nth(RECORD_CHECK, 1, 0);
        cr_assert_eq(s->r.size, strlen(condition));
        cr_assert_eq(memcmp(s->kept, condition, s->r.size), 0);
        cr_assert(s->r.type == line && s->r.at == 5);
        cr_assert_eq(seen_count(RECORD_REQUEST, NOBODY), 1);
        cr_assert_eq(run_all(w), WORLD_STOPPED);
        cr_assert_eq(seen_count(RECORD_RECEIVE, NOBODY), 0);
        world_free(w);
    }
}

static void check_at_boot(dasim_node *self, bool recovering)
{
    DASIM_CHECK(self, recovering);
}

Test (contract, a_check_that_fails_at_boot_ends_the_run_before_its_first_event) {
    world_config c = plain(2);
    part[0].on_boot = check_at_boot;
    at(0, provoke);
    world *w = begin(&c);
    cr_assert_eq(run_all(w), WORLD_STOPPED);
    cr_assert_eq(world_events(w), 0);
    void *image = malloc(world_image_size(w));
    world_save(w, image); /* nothing is left over that could not be saved */
    free(image);
    world_free(w);
}

/* -------------------------------------------------------------------------- randomness */

static void draw_numbers(dasim_node *self, bool recovering)
{
    (void)recovering;
    state_of(self)->value[0] = dasim_random(self, 0);
    state_of(self)->value[1] = dasim_random(self, 0);
    cr_assert_eq(dasim_random(self, 1), 0);
    for (uint32_t i = 0; i < 1000; i++) {
        cr_assert_lt(dasim_random(self, 6), 6);
    }
}

static const memory *drawn(const world *w, uint32_t node)
{
    return world_state(w, node, 0);
}

Test (contract, each_node_component_and_seed_has_random_numbers_of_its_own) {
    world_config c = plain(2), more = plain(3);
    part[0].on_boot = part[1].on_boot = draw_numbers;
    more.stack[1].algorithm = &part[1];
    more.stack_size = 2;
    world *a = begin(&c), *b = begin(&more);
    more.seed = 2;
    world *other = begin(&more);
    cr_assert_eq(memcmp(drawn(a, 0), drawn(b, 0), sizeof(memory)), 0);
    cr_assert_eq(memcmp(drawn(a, 1), drawn(b, 1), sizeof(memory)), 0);
    cr_assert_neq(drawn(a, 0)->value[0], drawn(a, 0)->value[1]);
    cr_assert_neq(drawn(a, 0)->value[0], drawn(a, 1)->value[0]);
    cr_assert_neq(drawn(a, 0)->value[0], drawn(other, 0)->value[0]);
    cr_assert_neq(drawn(b, 0)->value[0], ((const memory *)world_state(b, 0, 1))->value[0]);
    world_crash(a, 0, false);
    world_recover(a, 0); /* goes on in its stream */
    cr_assert_neq(drawn(a, 0)->value[0], drawn(b, 0)->value[0]);
    world_free(a);
    world_free(b);
    world_free(other);
}
