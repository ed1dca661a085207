#include "loading.h"

#include "drive/lock_clients.h"

#define MS INT64_C(1000000)

static const lock_clients_config *config_of(const scenario *s)
{
    return s->workload.config;
}

Test (workload, every_key_of_lock_clients_arrives) {
    scenario *s =
        load_parts("resources = 3, workload = lock_clients { think = exponential(\"40ms\"), "
                   "hold = \"5ms\", start = uniform(0, \"1ms\"), entries = 50, clients = { 3, "
                   "0, 2 }, isolated = true, pick = 2, together = 3, ordered = true }");
    const lock_clients_config *w = config_of(s);
    const uint32_t clients[] = {0, 2, 3};
    cr_assert(s->workload.make);
    cr_expect_eq(w->think.kind, DISTRIBUTION_EXPONENTIAL);
    cr_expect_eq(w->hold.a, 5 * MS);
    cr_expect_eq(w->start.b, MS);
    cr_expect_eq(w->entries, 50);
    cr_expect(w->isolated);
    cr_expect(w->pick == PICK_FIXED && w->resource == 2);
    cr_expect(w->together == 3 && w->ordered);
    cr_assert_eq(w->client_count, 3);
    cr_expect_arr_eq(w->clients, clients, sizeof clients);
    scenario_free(s);
}

Test (workload, what_is_absent_has_its_default) {
    scenario *s = load_parts("workload = lock_clients {}");
    const lock_clients_config *w = config_of(s);
    cr_expect(s->workload.make && w->clients == NULL && w->entries == 0 && !w->isolated);
    cr_expect(w->pick == PICK_ROUND_ROBIN && w->think.a == 0 && w->hold.a == 0);
    cr_expect(w->together == 1 && !w->ordered);
    scenario_free(s);
    s = load_parts("");
    cr_expect_not(s->workload.make);
    scenario_free(s);
}

Test (workload, without_a_number_of_entries_only_the_duration_ends_it) {
    static const char *const endless[] = {"lock_clients {}", "lock_clients { entries = 0 }"};
    for (size_t i = 0; i < G_N_ELEMENTS(endless); i++) {
        char parts[100], text[200];
        g_snprintf(parts, sizeof parts, "workload = %s", endless[i]);
        scenario *s = load_parts(parts);
        cr_expect(s->workload.make && config_of(s)->entries == 0);
        scenario_free(s);
        g_snprintf(text, sizeof text,
                   "return scenario { nodes = 5, run = mutex.coordinator {}, %s }", parts);
        refuses_text(text, "case.lua:1: found no duration in scenario, expected duration = \"60s\" "
                           "(or a workload with entries, which ends by itself)");
    }
}

Test (workload, resources_are_picked_in_turn_or_by_chance) {
    scenario *s = load_parts("workload = lock_clients { pick = \"random\" }");
    cr_expect_eq(config_of(s)->pick, PICK_RANDOM);
    scenario_free(s);
    s = load_parts("workload = lock_clients { pick = \"round_robin\" }");
    cr_expect_eq(config_of(s)->pick, PICK_ROUND_ROBIN);
    scenario_free(s);
}

static const struct {
    const char *text, *message;
} wrong[] = {
    {"lock_clients { think = \"-1ms\" }", "found \"-1ms\" for think of lock_clients, expected a "
                                          "duration such as \"250ms\", 0 or more"},
    {"lock_clients { entries = -1 }", "found -1 for entries of lock_clients, expected a whole "
                                      "number, 0 or more"},
    {"lock_clients { clients = { 5 } }",
     "found node 5 in clients of lock_clients, expected 0 .. 4"},
    {"lock_clients { clients = { 1, 1 } }",
     "found node 1 twice in clients, expected each node once"},
    {"lock_clients { clients = {} }",
     "found a table for clients of lock_clients, expected a list of "
     "at least one node"},
    {"lock_clients { clients = { \"all\" } }", "found \"all\" for entry 1 of clients, expected a "
                                               "whole number, 0 .. 1073741823"},
    {"lock_clients { clients = 3 }",
     "found 3 for clients of lock_clients, expected a table { ... }"},
    {"lock_clients { pick = 1 }", "found pick = 1 in lock_clients, expected a resource, 0 .. 0"},
    {"lock_clients { pick = \"randm\" }", "found \"randm\" for pick of lock_clients, expected "
                                          "\"round_robin\" or \"random\"; did you mean 'random'?"},
    {"lock_clients { together = 0 }",
     "found 0 for together of lock_clients, expected a whole number, 1 .. 64"},
    {"lock_clients { together = 65 }",
     "found 65 for together of lock_clients, expected a whole number, 1 .. 64"},
    {"lock_clients { together = 2 }", "found together = 2 in lock_clients, expected no more than "
                                      "the resources: 1 .. 1"},
    {"lock_clients { ordered = 1 }", "found 1 for ordered of lock_clients, expected true or false"},
    {"lock_clients { isolated = 1 }", "found 1 for isolated of lock_clients, expected true or "
                                      "false"},
    {"lock_clients", "found a function for workload of scenario, expected lock_clients { ... }"},
    {"lock_clients(5)",
     "found 5 for argument 1 of lock_clients(), expected a table: lock_clients { "
     "... }"},
    {"lock_clients()", "found nothing for argument 1 of lock_clients(), expected a table: "
                       "lock_clients { ... }"},
    {"{}", "found a table for workload of scenario, expected lock_clients { ... }"},
};

Test (workload, what_clients_cannot_do_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char parts[200], message[300];
        g_snprintf(parts, sizeof parts, "workload = %s", wrong[i].text);
        g_snprintf(message, sizeof message, "case.lua:2: %s", wrong[i].message);
        refuses_parts(parts, message);
    }
}
