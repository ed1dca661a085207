/* What a scenario says of its processes. What they do is tested in unit/run. */
#include "loading.h"

Test (process_language, node_name_and_on_recover_arrive) {
    scenario *s = load_parts("processes = { process(3, function() end), process(0, { name = \"b\", "
                             "on_recover = true }, function() end) }");
    cr_assert_eq(s->process_count, 2);
    cr_expect(s->processes[0].node == 3 && !s->processes[0].on_recover);
    cr_expect(s->processes[1].node == 0 && s->processes[1].on_recover);
    cr_expect_str_eq(scenario_process_name(s, 0), "p1");
    cr_expect_str_eq(scenario_process_name(s, 1), "b");
    cr_expect_eq(scenario_process_line(s, 0), 0);
    scenario_free(s);
}

Test (process_language, node_and_name_may_be_read_anywhere) {
    scenario *s = load_text("local a = process(2, { name = \"x\" }, function() end)\n"
                            "return scenario { nodes = a.node + 1, duration = \"1s\", "
                            "run = mutex.coordinator {}, processes = { a }, "
                            "resources = #(a.name .. tostring(a)) }");
    cr_assert_not_null(s, "%s", load_message);
    cr_expect(s->world.nodes == 3 && s->world.resources == 10);
    scenario_free(s);
}

Test (process_language, they_end_by_themselves_beside_a_workload_that_does) {
    static const struct {
        const char *parts;
        bool needs_duration;
    } cases[] = {
        {"", false},
        {", workload = lock_clients { entries = 1 }", false},
        {", workload = lock_clients {}", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strdup_printf("return scenario { nodes = 2, run = mutex.coordinator {}, "
                                     "processes = { process(0, function() end) }%s }",
                                     cases[i].parts);
        scenario *s = load_text(text);
        cr_expect_eq(s == NULL, cases[i].needs_duration, "%s: %s", text, load_message);
        scenario_free(s);
        g_free(text);
    }
}

/* Behind "processes = ". */
static const struct {
    const char *text, *message;
} wrong[] = {
    {"{ process(0) }", "found 1 argument of process(), expected process(0, function(p) ... end)"},
    {"{ process(0, {}, print, 1) }",
     "found 4 arguments of process(), expected process(0, function(p) ... end)"},
    {"{ process(0, 5) }", "found 5 for argument 2 of process(), expected a function: process(0, "
                          "function(p) ... end)"},
    {"{ process(\"0\", print) }",
     "found \"0\" for argument 1 of process(), expected a whole number, 0 .. 1073741823"},
    {"{ process(5, print) }", "found node 5 for process(), expected 0 .. 4"},
    {"{ process(0, 7, print) }",
     "found 7 for argument 2 of process(), expected a table: process { ... }"},
    {"{ process(0, { nme = \"a\" }, print) }",
     "found unknown key 'nme' in process, expected one of name, on_recover; did you mean 'name'?"},
    {"{ process(0, { name = 7 }, print) }",
     "found 7 for name of process, expected a text in quotes"},
    {"{ process(0, { name = \"\" }, print) }",
     "found \"\" for name of process, expected a name of 1 to 47 bytes"},
    {"{ process(0, { on_recover = 1 }, print) }",
     "found 1 for on_recover of process, expected true or false"},
    {"process(0, print)", "found a process for processes of scenario, expected a table { ... }"},
    {"{}", "found 0 processes, expected 1 .. 262144"},
    {"{ print }", "found a function for entry 1 of processes, expected process(0, function(p) ... "
                  "end)"},
    {"{ lock_clients {} }",
     "found a workload for entry 1 of processes, expected process(0, function(p) ... end)"},
};

Test (process_language, what_cannot_be_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char parts[200], message[300];
        g_snprintf(parts, sizeof parts, "processes = %s", wrong[i].text);
        g_snprintf(message, sizeof message, "case.lua:2: %s", wrong[i].message);
        refuses_parts(parts, message);
    }
}

Test (process_language, one_process_is_not_two) {
    refuses_text("local a = process(0, print)\n"
                 "return scenario { nodes = 2, run = mutex.coordinator {},\n"
                 "processes = { a,\n"
                 "a } }",
                 "case.lua:4: found a process twice in processes, expected it once");
}

Test (process_language, nodes_times_resources_are_bounded) {
    refuses_text("local all = {}\n"
                 "for i = 1, 1000 do all[i] = process(i, print) end\n"
                 "return scenario { nodes = 1001, run = mutex.ricart_agrawala {},\n"
                 "resources = 100000, processes = all }",
                 "case.lua:4: found 1000 processes and 100000 resources, expected fewer: nodes "
                 "times resources at most 67108864");
}

/* --------------------------------------------------------------------------- run = { ... } */

Test (run_list, what_it_names_is_for_clients_whoever_else_uses_it) {
    scenario *s = load_text(
        "local fd = failure_detector.heartbeat {}\n"
        "local e = election.bully { failure_detector = fd }\n"
        "return scenario { nodes = 3, duration = \"1s\", run = { mutex.coordinator {}, e, fd } }");
    cr_assert_not_null(s, "%s", load_message);
    cr_assert_eq(s->world.stack_size, 3);
    cr_expect_eq(s->world.stack[0].algorithm->provides, DASIM_MUTEX);
    cr_expect_eq(s->world.stack[1].algorithm->provides, DASIM_DETECTOR);
    cr_expect_eq(s->world.stack[2].algorithm->provides, DASIM_ELECTION);
    for (uint32_t i = 0; i < 3; i++) {
        cr_expect(s->world.stack[i].offered);
    }
    scenario_free(s);
    s = load_parts("run = election.bully { failure_detector = failure_detector.heartbeat {} }");
    cr_expect(s->world.stack_size == 2 && !s->world.stack[0].offered && s->world.stack[1].offered);
    scenario_free(s);
}

Test (run_list, a_workload_asks_the_one_of_its_service) {
    scenario *s = load_parts("run = { mutex.coordinator {}, election.bully {} }, "
                             "workload = lock_clients { entries = 1 }");
    cr_expect(s->workload.make);
    scenario_free(s);
}

static const struct {
    const char *text, *message;
} wrong_lists[] = {
    {"{}", "found an empty list for run, expected run = mutex.NAME { ... }"},
    {"{ mutex.coordinator {}, mutex.ricart_agrawala {} }",
     "found two that provide mutex in run, expected one"},
    {"{ mutex.coordinator {}, 7 }",
     "found 7 for entry 2 of run, expected an algorithm: mutex.NAME { ... }"},
    {"{ mutex = mutex.coordinator {} }", "found unknown key 'mutex' in run, expected a list"},
};

Test (run_list, what_clients_could_not_tell_apart_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong_lists); i++) {
        char parts[200], message[300];
        g_snprintf(parts, sizeof parts, "run = %s", wrong_lists[i].text);
        g_snprintf(message, sizeof message, "case.lua:2: %s", wrong_lists[i].message);
        refuses_parts(parts, message);
    }
}
