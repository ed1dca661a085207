/* Keys: each table knows its own, at every depth, and names the nearest. */
#include "loading.h"

static const struct {
    const char *parts, *message;
} wrong[] = {
    {"clock = {}",
     "case.lua:2: found unknown key 'clock' in scenario, expected one of nodes, "
     "resources, objects, run, links, clocks, topology, workload, processes, children, "
     "faults, expect, duration, settle, warm_up, service_time, shuffle_ties, late, events; did you "
     "mean "
     "'clocks'?"},
    {"clocks = { ofset = 0 }", "case.lua:2: found unknown key 'ofset' in clocks, expected one of "
                               "offset, drift, wander, sync; did you mean 'offset'?"},
    {"clocks = { sync = { evry = \"1s\" } }",
     "case.lua:2: found unknown key 'evry' in sync, expected one of every, error, step, slew; did "
     "you mean 'every'?"},
    {"links = { reorder = { chance = \"1%\" } }",
     "case.lua:2: found unknown key 'chance' in reorder, expected one of probability, by"},
    {"links = { burst = { enter = \"1%\", leaves = \"1%\", loss = 0 } }",
     "case.lua:2: found unknown key 'leaves' in burst, expected one of enter, leave, loss; did you "
     "mean 'leave'?"},
    {"run = mutex.lamport { timeout = 5 }",
     "case.lua:2: found unknown key 'timeout' in lamport, expected an empty table"},
    {"links = { [true] = 5 }",
     "case.lua:2: found unknown key [true] in links, expected one of latency, loss, burst, "
     "duplicate, reorder, corrupt, fifo, bandwidth, queue, header, base, symmetric, matrix"},
    {"faults = { [2] = heal() }", "case.lua:2: found unknown key [2] in faults, expected a list"},
    {"faults = { x = heal() }", "case.lua:2: found unknown key 'x' in faults, expected a list"},
    {"links = { [\"late\\nncy\"] = 5 }",
     "case.lua:2: found unknown key 'late ncy' in links, expected one of latency, loss, burst, "
     "duplicate, reorder, corrupt, fifo, bandwidth, queue, header, base, symmetric, matrix, or "
     "list "
     "entries; did you mean 'latency'?"},
};

Test (tables, unknown_keys_are_refused_with_the_nearest) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        refuses_parts(wrong[i].parts, wrong[i].message);
    }
}

Test (tables, of_several_wrong_keys_the_first_one_written_is_told) {
    refuses_text(
        "return scenario {\n zebra = 1,\n apple = 2,\n nodes = 5 }",
        "case.lua:2: found unknown key 'zebra' in scenario, expected one of nodes, "
        "resources, objects, run, links, clocks, topology, workload, processes, children, "
        "faults, expect, duration, settle, warm_up, service_time, shuffle_ties, late, events");
}

Test (tables, metatables_do_not_make_keys) {
    scenario *s = load_parts("links = setmetatable({}, { __index = { loss = \"100%\" } })");
    cr_expect_eq(s->world.network.usual.loss, 0);
    scenario_free(s);
}

Test (tables, a_hole_ends_a_list_and_what_follows_is_refused) {
    refuses_parts("faults = { at(\"1s\", heal()), nil, at(\"1s\", heal()) }",
                  "case.lua:2: found unknown key [3] in faults, expected a list");
}

Test (tables, a_value_that_is_nil_is_absent) {
    scenario *s = load_parts("links = nil, late = nil");
    cr_expect_eq(s->world.network.usual.delay.a, 1000000);
    scenario_free(s);
}

Test (tables, known_names_of_the_language_are_suggested) {
    refuses_text("return scenaro {}", "case.lua:1: found unknown name \"scenaro\", expected a name "
                                      "of the language or of this file; did you mean 'scenario'?");
    refuses_text("return zzzzzzzzzz",
                 "case.lua:1: found unknown name \"zzzzzzzzzz\", expected a name "
                 "of the language or of this file");
}

Test (tables, names_of_the_file_are_known) {
    scenario *s = load_text("count = 3\nfunction nodes() return count end\n"
                            "return scenario { nodes = nodes(), run = mutex.coordinator {},\n"
                            "  duration = \"1s\" }");
    cr_assert_not_null(s, "%s", load_message);
    cr_expect_eq(s->world.nodes, 3);
    scenario_free(s);
}
