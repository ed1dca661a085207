/* Every reader of values, seen through the scenario that it reads: what is found, what is expected,
 * and where. */
#include "loading.h"

static const struct {
    const char *parts, *message;
} wrong[] = {
    {"nodes = \"5\"", "case.lua:2: found \"5\" for nodes of scenario, expected a whole number, "
                      "1 .. 1073741824"},
    {"nodes = {}", "case.lua:2: found a table for nodes of scenario, expected a whole number, "
                   "1 .. 1073741824"},
    {"nodes = 1/0", "case.lua:2: found inf for nodes of scenario, expected a whole number, "
                    "1 .. 1073741824"},
    {"shuffle_ties = 1",
     "case.lua:2: found 1 for shuffle_ties of scenario, expected true or false"},
    {"duration = true", "case.lua:2: found true for duration of scenario, expected a duration such "
                        "as \"250ms\""},
    {"duration = 5 * MiB", "case.lua:2: found 5MiB for duration of scenario, expected a duration "
                           "such as \"250ms\""},
    {"settle = \"-1s\"",
     "case.lua:2: found \"-1s\" for settle of scenario, expected a duration such "
     "as \"250ms\", 0 or more"},
    {"links = { loss = 100.1 * percent }", "case.lua:2: found 100.1% for loss of links, expected a "
                                           "ratio such as \"1%\" or \"50ppm\", 100% or less"},
    {"links = { loss = ring() }",
     "case.lua:2: found a topology for loss of links, expected a ratio "
     "such as \"1%\" or \"50ppm\""},
    {"links = { loss = \"5 %\\n\" }",
     "case.lua:2: found \"5 % \" for loss of links, expected a ratio "
     "such as \"1%\" or \"50ppm\"; did you mean '%'?"},
    {"expect = { x = 5 }",
     "case.lua:2: found 5 for x of expect, expected \"holds\" or \"fails\" or \"any\""},
    {"links = { header = \"70kB\", bandwidth = \"1B/s\" }",
     "case.lua:2: found \"70kB\" for header of links, expected a size such as \"4KiB\", 64KiB or "
     "less"},
    {"run = lock_clients {}", "case.lua:2: found a workload for run of scenario, expected an "
                              "algorithm: mutex.NAME { ... }"},
    {"run = crash(0)", "case.lua:2: found an action for run of scenario, expected an algorithm: "
                       "mutex.NAME { ... }"},
    {"run = crash", "case.lua:2: found a function for run of scenario, expected an algorithm: "
                    "mutex.NAME { ... }"},
    {"run = nth(1)", "case.lua:2: found nth() for run of scenario, expected an algorithm: "
                     "mutex.NAME { ... }"},
    {"run = any()", "case.lua:2: found a target for run of scenario, expected an algorithm: "
                    "mutex.NAME { ... }"},
    {"run = fixed(0)",
     "case.lua:2: found a distribution for run of scenario, expected an algorithm: "
     "mutex.NAME { ... }"},
    {"run = link(0, 1, {})", "case.lua:2: found a link for run of scenario, expected an algorithm: "
                             "mutex.NAME { ... }"},
    {"topology = mutex.coordinator {}",
     "case.lua:2: found an algorithm for topology of scenario, expected ring(), line(), star(), "
     "tree(2), grid(8), torus(8), random_graph(\"10%\"), edges { {0, 1} } or full()"},
    {"workload = heal() == nil", "case.lua:2: found false for workload of scenario, expected "
                                 "lock_clients { ... }"},
};

Test (values, messages_say_what_was_found_and_expected) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        refuses_parts(wrong[i].parts, wrong[i].message);
        cr_expect_eq(load_code, SCENARIO_ERROR_BAD);
    }
}

static const struct {
    const char *text, *message;
} places[] = {
    {"return scenario {\n  nodes = 5,\n  run = mutex.coordinator {},\n  links = {\n"
     "    loss = \"1%\",\n    latency = 5,\n  },\n}",
     "case.lua:6: found 5 for latency of links, expected a duration such as \"250ms\"; did you "
     "mean "
     "\"5ms\"?"},
    {"local l = {\n  latency = 5 }\nreturn scenario { nodes = 5, run = mutex.coordinator {},\n"
     "  links = l }",
     "case.lua:4: found 5 for latency of links, expected a duration such as \"250ms\"; did you "
     "mean "
     "\"5ms\"?"},
    {"return scenario {\n nodes = 5, duration = \"1s\",\n run = mutex.coordinator {},\n faults = "
     "{\n"
     "  at(\"1s\", heal()),\n  heal(),\n } }",
     "case.lua:6: found an action for entry 2 of faults, expected when it happens: at(\"1s\", "
     "crash(3))"},
    {"return scenario {\n nodes = 5, duration = \"1s\",\n run = mutex.coordinator {},\n faults = "
     "{\n"
     "  at(\"1s\", heal()),\n  at(\"1s\",\n   crash(7)),\n } }",
     "case.lua:7: found node 7 for crash(), expected 0 .. 4"},
    {"local function faulty(n)\n  return at(\"1s\", crash(n))\nend\nreturn scenario { nodes = 5,\n"
     " duration = \"1s\", run = mutex.coordinator {}, faults = { faulty(7) } }",
     "case.lua:2: found node 7 for crash(), expected 0 .. 4"},
};

Test (values, messages_name_the_line_where_a_value_is_written) {
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        refuses_text(places[i].text, places[i].message);
    }
}

static const struct {
    const char *expression, *duration; /* or the message */
} sums[] = {
    {"5 * ms", "5ms"},
    {"ms * 5", "5ms"},
    {"5 * ms + \"2ms\"", "7ms"},
    {"\"2ms\" + 5 * ms", "7ms"},
    {"s - 1 * ms", "999ms"},
    {"-(-5 * ms)", "5ms"},
    {"s / 4", "250ms"},
    {"0 + 5 * ms", "5ms"},
    {"2.5 * ms", "2500us"},
    {"1 * s / (2 * ms) * ms", "500ms"},
    {"(s > 999 * ms and s >= \"1s\" and s ~= 2 * s and s == 1000 * ms) and 7 * ms", "7ms"},
    {"(1 / 3) * s", "333333333ns"},
};

Test (values, quantities_can_be_reckoned_with) {
    for (size_t i = 0; i < G_N_ELEMENTS(sums); i++) {
        char parts[300], wanted[40];
        g_snprintf(parts, sizeof parts, "duration = %s, settle = \"%s\"", sums[i].expression,
                   sums[i].duration);
        g_snprintf(wanted, sizeof wanted, "%s", sums[i].duration);
        scenario *s = load_parts(parts);
        cr_expect_eq(s->duration, s->settle, "%s is %lld ns", sums[i].expression,
                     (long long)s->duration);
        scenario_free(s);
    }
}

static const struct {
    const char *expression, *message;
} unsound[] = {
    {"5 * ms + 2 * ppm", "case.lua:2: found 5ms together with 2ppm, expected values of one kind"},
    {"5 * ms < 2 * ppm", "case.lua:2: found 5ms together with 2ppm, expected values of one kind"},
    {"5 * ms + 1", "case.lua:2: found 1, expected a value with a unit such as 5 * ms"},
    {"5 * ms + {}", "case.lua:2: found a table, expected a value with a unit such as 5 * ms"},
    {"5 * ms * ms", "case.lua:2: found 1ms, expected a plain number as the other factor"},
    {"1e300 * s", "case.lua:2: found a result that is too large, expected a duration such as "
                  "\"250ms\""},
    {"(0/0) * s", "case.lua:2: found a result that is too large, expected a duration such as "
                  "\"250ms\""},
    {"(1 << 40) * s", "case.lua:2: found a result that is too large, expected a duration such as "
                      "\"250ms\""},
    {"s / 0",
     "case.lua:2: found a result that is too large, expected a duration such as \"250ms\""},
    {"s / (0 * ms)", "case.lua:2: found a division by 0, expected another divisor"},
    {"3000000000 * s + 3000000000 * s", "case.lua:2: found a result that is too large, expected a "
                                        "duration such as \"250ms\""},
};

Test (values, what_cannot_be_reckoned_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(unsound); i++) {
        char parts[200];
        g_snprintf(parts, sizeof parts, "duration = %s", unsound[i].expression);
        refuses_parts(parts, unsound[i].message);
    }
}

Test (values, values_are_shown_without_addresses) {
    refuses_text("error(tostring(5 * ms) .. \" \" .. tostring(ring()) .. \" \" .. "
                 "tostring(mutex.coordinator {}))",
                 "case.lua:1: 5ms a topology an algorithm");
}

Test (values, metatables_of_values_are_out_of_reach) {
    refuses_text("error(tostring(getmetatable(ms)) .. tostring(getmetatable(mutex)))",
                 "case.lua:1: falsefalse");
    refuses_text("mutex.own = 5", "case.lua:1: found a change of the table mutex, expected "
                                  "mutex.NAME { ... }");
}
