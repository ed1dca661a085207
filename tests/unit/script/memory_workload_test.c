#include "loading.h"

#include "drive/memory_clients.h"
#include "drive/programs.h"

#define MS INT64_C(1000000)
#define MEMORY "run = memory.write_update {}, objects = 4, "

static const memory_config *clients_of(const scenario *s)
{
    cr_assert_eq(s->workload.make, memory_clients_make);
    return s->workload.config;
}

static const programs_config *programs_of(const scenario *s)
{
    cr_assert_eq(s->workload.make, programs_make);
    return s->workload.config;
}

Test (memory_workload, every_key_of_memory_clients_arrives) {
    const uint32_t clients[] = {0, 2, 3};
    scenario *s =
        load_parts(MEMORY "workload = memory_clients { think = exponential('40ms'), "
                          "start = uniform(0, '1ms'), accesses = 50, writes = '25%', pick = 3, "
                          "clients = { 3, 0, 2 } }");
    const memory_config *m = clients_of(s);
    cr_expect_eq(s->world.resources, 4);
    cr_expect(s->workload.ends);
    cr_expect_eq(m->think.kind, DISTRIBUTION_EXPONENTIAL);
    cr_expect_eq(m->start.b, MS);
    cr_expect_eq(m->accesses, 50);
    cr_expect_eq(m->writes, UINT64_C(1) << 62);
    cr_expect(m->pick == PICK_FIXED && m->object == 3);
    cr_assert_eq(m->client_count, 3);
    cr_expect_arr_eq(m->clients, clients, sizeof clients);
    scenario_free(s);
}

Test (memory_workload, what_is_absent_has_its_default) {
    scenario *s = load_parts(MEMORY "workload = memory_clients {}");
    const memory_config *m = clients_of(s);
    cr_expect(m->clients == NULL && m->accesses == 0 && m->writes == 0 && m->think.a == 0);
    cr_expect_eq(m->pick, PICK_RANDOM);
    cr_expect_not(s->workload.ends);
    scenario_free(s);
    refuses_text("return scenario { nodes = 2, run = memory.write_update {}, "
                 "workload = memory_clients { accesses = 0 } }",
                 "case.lua:1: found no duration in scenario, expected duration = \"60s\" (or a "
                 "workload with entries, which ends by itself)");
}

Test (memory_workload, programs_arrive_in_the_order_of_their_nodes) {
    scenario *s = load_parts(MEMORY "workload = programs { [3] = { read(2) }, [0] = {}, "
                                    "[1] = { write(1, 7), wait('5ms'), read(0) } }");
    const programs_config *p = programs_of(s);
    cr_expect(s->workload.ends);
    cr_assert_eq(p->count, 3);
    cr_expect(p->programs[0].node == 0 && p->programs[0].count == 0);
    cr_assert(p->programs[1].node == 1 && p->programs[1].count == 3);
    cr_assert(p->programs[2].node == 3 && p->programs[2].count == 1);
    const program_step *steps = p->programs[1].steps;
    cr_expect(steps[0].kind == STEP_WRITE && steps[0].object == 1 && steps[0].value == 7);
    cr_expect(steps[1].kind == STEP_WAIT && steps[1].wait == 5 * MS);
    cr_expect(steps[2].kind == STEP_READ && steps[2].object == 0);
    cr_expect(p->programs[2].steps->kind == STEP_READ && p->programs[2].steps->object == 2);
    scenario_free(s);
}

/* Lua's own way to number a list. */
Test (memory_workload, programs_without_a_node_begin_with_node_1) {
    scenario *s = load_parts(MEMORY "workload = programs { { read(2) }, { read(3) } }");
    const programs_config *p = programs_of(s);
    cr_assert_eq(p->count, 2);
    cr_expect(p->programs[0].node == 1 && p->programs[1].node == 2);
    scenario_free(s);
}

Test (memory_workload, steps_may_be_computed) {
    scenario *s = load_parts(MEMORY "workload = programs { [0] = (function() local all = {} "
                                    "for i = 1, 100 do all[i] = write(i % 4, i) end return all "
                                    "end)() }");
    const programs_config *p = programs_of(s);
    cr_assert_eq(p->programs[0].count, 100);
    cr_expect_eq(p->programs[0].steps[99].value, 100);
    cr_expect_eq(p->programs[0].steps[99].object, 0);
    scenario_free(s);
}

Test (memory_workload, resources_and_objects_are_the_same) {
    scenario *s = load_parts("objects = 7");
    cr_expect_eq(s->world.resources, 7);
    scenario_free(s);
    refuses_parts("objects = 7, resources = 7",
                  "case.lua:2: found resources and objects in scenario, expected one of them: they "
                  "are the same");
}

static const struct {
    const char *text, *message;
} wrong[] = {
    {"memory_clients { think = 5 }",
     "found 5 for think of memory_clients, expected a duration such "
     "as \"250ms\"; did you mean \"5ms\"?"},
    {"memory_clients { writes = '200%' }",
     "found \"200%\" for writes of memory_clients, expected a ratio such as \"1%\" or \"50ppm\", "
     "100% or less"},
    {"memory_clients { clients = { 5 } }",
     "found node 5 in clients of memory_clients, expected 0 .. 4"},
    {"memory_clients { pick = 4 }", "found pick = 4 in memory_clients, expected an object, 0 .. 3"},
    {"programs { [-1] = { read(0) } }",
     "found key -1 in programs, expected numbers of nodes: programs { [0] = { write(0, 1), read(1) "
     "} }"},
    {"programs { [0] = { [2] = read(0) } }", "found unknown key [2] in [0], expected a list"},
    {"programs { [0] = { read(4) } }", "found object 4 in a program, expected 0 .. 3"},
    {"programs { [0] = { crash(0) } }",
     "found an action for entry 1 of program [0], expected read(0), "
     "write(0, 1) or wait(\"5ms\")"},
    {"programs(5)", "found 5 for argument 1 of programs(), expected a table: programs { [0] = { "
                    "write(0, 1), read(1) } }"},
    {"read(0)",
     "found a step of a program for workload of scenario, expected memory_clients { ... } "
     "or programs { ... }"},
    {"programs { [0] = { read() } }", "found 0 arguments of read(), expected read(0)"},
};

Test (memory_workload, what_cannot_be_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char parts[200], message[300];
        g_snprintf(parts, sizeof parts, "run = memory.write_update {}, objects = 4, workload = %s",
                   wrong[i].text);
        g_snprintf(message, sizeof message, "case.lua:2: %s", wrong[i].message);
        refuses_parts(parts, message);
    }
}
