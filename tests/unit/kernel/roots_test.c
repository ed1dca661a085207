/* Several components for the clients of a node; arguments that are long; what clients remark. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

static char heard[400];

static void told(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                 const void *arg, size_t size)
{
    (void)self, (void)w, (void)arg, (void)size;
    char words[40];
    snprintf(words, sizeof words, "n%u.%u:%u ", (unsigned)node, (unsigned)component, (unsigned)op);
    strcat(heard, words);
}

static void answer(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    dasim_indicate(self, op + 100, arg, size);
}

static void ignore(dasim_node *self, dasim_service from, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)from, (void)op, (void)arg, (void)size;
}

/* Bottom to top: a mutex, an election, an application. `uses`: of the top one. */
static world_config stack_of(const dasim_service *uses)
{
    world_config c = plain(2);
    c.stack[1].algorithm = &part[1];
    c.stack[2].algorithm = &part[2];
    c.stack_size = 3;
    part[0].on_request = part[1].on_request = part[2].on_request = answer;
    part[2].on_indication = ignore;
    part[2].uses = uses;
    actor.on_indication = told;
    return c;
}

static void ask_each(world *w)
{
    for (uint32_t component = 0; component < 3; component++) {
        cr_assert(world_request(w, 1, component, component + 1, NULL, 0));
    }
}

static const dasim_service uses_nothing[] = {DASIM_NO_SERVICE};
static const dasim_service uses_mutex[] = {DASIM_MUTEX, DASIM_NO_SERVICE};
static const dasim_service uses_both[] = {DASIM_ELECTION, DASIM_MUTEX, DASIM_NO_SERVICE};

Test (roots, clients_hear_every_component_that_no_other_uses) {
    static const struct {
        const dasim_service *uses;
        bool offered; /* the election */
        const char *heard;
    } cases[] = {
        {uses_nothing, false, "n1.0:101 n1.1:102 n1.2:103 "},
        {uses_mutex, false, "n1.1:102 n1.2:103 "},
        {uses_both, false, "n1.2:103 "},
        {uses_both, true, "n1.1:102 n1.2:103 "},
    };
    at(5, ask_each);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world_config c = stack_of(cases[i].uses);
        c.stack[1].offered = cases[i].offered;
        heard[0] = '\0';
        world *w = begin(&c);
        run_all(w);
        cr_expect_str_eq(heard, cases[i].heard, "case %zu: %s", i, heard);
        world_free(w);
    }
}

Test (roots, the_component_of_a_service_is_the_uppermost_of_those_that_clients_hear) {
    world_config c = stack_of(uses_mutex);
    world *w = begin(&c);
    cr_expect_eq(world_component(w, DASIM_MUTEX), 0); /* nobody hears it, but it is the only one */
    cr_expect_eq(world_component(w, DASIM_ELECTION), 1);
    cr_expect_eq(world_component(w, DASIM_APPLICATION), 2);
    cr_expect_eq(world_component(w, DASIM_MEMORY), STACK_MOST);
    world_free(w);
    part[1].provides = DASIM_MUTEX; /* the one that the top uses */
    w = begin(&c);
    cr_expect(world_is_heard(w, 0) && !world_is_heard(w, 1));
    cr_expect_eq(world_component(w, DASIM_MUTEX), 0);
    world_free(w);
    part[2].uses = uses_nothing;
    w = begin(&c);
    cr_expect_eq(world_component(w, DASIM_MUTEX), 1);
    world_free(w);
}

Test (roots, what_lies_below_a_component_is_all_that_it_leads_to) {
    world_config c = stack_of(uses_both);
    part[1].uses = uses_mutex;
    part[1].on_indication = ignore;
    world *w = begin(&c);
    cr_expect_eq(world_below(w, 0), 1);
    cr_expect_eq(world_below(w, 1), 3);
    cr_expect_eq(world_below(w, 2), 7);
    world_free(w);
    part[1].uses = uses_nothing;
    part[2].uses = uses_mutex;
    w = begin(&c);
    cr_expect_eq(world_below(w, 1), 2);
    cr_expect_eq(world_below(w, 2), 5);
    world_free(w);
}

Test (roots, who_takes_no_requests_is_not_asked) {
    world_config c = stack_of(uses_nothing);
    part[1].on_request = NULL;
    world *w = begin(&c);
    cr_expect(world_request(w, 0, 0, 1, NULL, 0));
    cr_expect_not(world_request(w, 0, 1, 1, NULL, 0));
    run_all(w);
    cr_expect_str_eq(heard, "n0.0:101 ");
    world_free(w);
}

/* ---------------------------------------------------------------------------- long arguments */

static const size_t sizes[] = {0, 1, 63, 64, 65, 4096, ARGUMENT_MOST};
enum { SIZES = sizeof sizes / sizeof sizes[0] };
static size_t echoed;

/* Other bytes for each length. */
static void fill(unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(i * 7 + size);
    }
}

static void check_argument(const void *arg, size_t size)
{
    static unsigned char expected[ARGUMENT_MOST];
    fill(expected, size);
    cr_assert_eq(memcmp(arg, expected, size), 0, "%zu bytes", size);
    cr_assert_eq((uintptr_t)arg % 16, 0);
}

static void check_and_answer(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    check_argument(arg, size);
    dasim_indicate(self, op, arg, size);
}

static void echo(void *self, world *w, uint32_t node, uint32_t component, uint32_t op,
                 const void *arg, size_t size)
{
    (void)self, (void)w, (void)node, (void)component, (void)op;
    cr_assert_eq(size, sizes[echoed++]);
    check_argument(arg, size);
}

static void ask_long(world *w)
{
    static unsigned char bytes[ARGUMENT_MOST];
    for (size_t i = 0; i < SIZES; i++) {
        fill(bytes, sizes[i]);
        cr_assert(world_request(w, 0, 0, 1, bytes, sizes[i]));
        memset(bytes, 0, sizeof bytes);
    }
}

Test (roots, arguments_of_every_length_arrive_intact) {
    world_config c = plain(1);
    part[0].on_request = check_and_answer;
    actor.on_indication = echo;
    at(5, ask_long);
    world *w = begin(&c);
    run_all(w);
    cr_expect_eq(echoed, SIZES);
    cr_expect_eq(seen_nth(RECORD_REQUEST, 0, SIZES - 1)->r.size, ARGUMENT_MOST);
    world_free(w);
}

static void ask_long_and_crash(world *w)
{
    ask_long(w);
    world_crash(w, 0, false);
}

static void fail_when_asked(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    DASIM_CHECK(self, !"never asked");
}

/* The sanitizers of the build look for what is not given back. */
Test (roots, long_arguments_that_nobody_gets_are_given_back) {
    world_config c = plain(1);
    part[0].on_request = check_and_answer;
    actor.on_indication = echo;
    at(5, ask_long_and_crash);
    world *w = begin(&c);
    run_all(w);
    cr_expect_eq(echoed, 0);
    world_free(w);
}

Test (roots, long_arguments_behind_a_failed_check_are_given_back) {
    world_config c = plain(1);
    part[0].on_request = fail_when_asked;
    at(5, ask_long);
    world *w = begin(&c);
    cr_expect_eq(run_all(w), WORLD_STOPPED);
    world_free(w);
    w = begin(&c);
    ask_long(w); /* and is never run */
    world_free(w);
}

/* ------------------------------------------------------------------------------------ notes */

static void remark(world *w)
{
    world_note(w, 1, 7, "half done", 9);
}

Test (roots, a_note_is_a_record_with_its_text) {
    world_config c = plain(2);
    at(5, remark);
    world *w = begin(&c);
    run_all(w);
    const seen *s = seen_nth(RECORD_NOTE, 1, 0);
    cr_expect(s->r.at == 5 && s->r.type == 7 && s->r.size == 9 && s->r.peer == NOBODY);
    cr_expect_eq(memcmp(s->kept, "half done", 9), 0);
    cr_expect_eq(seen_count(RECORD_NOTE, NOBODY), 1);
    world_free(w);
}
