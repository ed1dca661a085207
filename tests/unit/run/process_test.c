/* Processes of scenarios, run: what they say in notes, what is said of them when they fail, and of
 * those that wait at the end. */
#include "stage.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Text and node of each RECORD_NOTE, as "n0 p1: one;n1 ...;". */
static char *notes_of(const char *text, const run_options *more)
{
    char *trace = NULL;
    size_t size = 0;
    run_options o;
    run_options_init(&o);
    if (more) {
        o = *more;
    }
    o.trace = open_memstream(&trace, &size);
    o.trace_format = TRACE_JSON_LINES;
    outcome done = perform(text, 1, &o);
    cr_expect_eq(done.result->status, RUN_DONE, "%s", done.result->explanation);
    outcome_clear(&done);
    fclose(o.trace);
    GString *found = g_string_new(NULL);
    for (const char *line = trace; (line = strstr(line, "\"kind\":\"NOTE\"")); line++) {
        const char *words = strstr(line, "\"text\":\"") + 8;
        g_string_append_printf(found, "n%d %.*s;", atoi(strstr(line, "\"node\":") + 7),
                               (int)(strstr(words, "\"}") - words), words);
    }
    free(trace);
    return g_string_free(found, FALSE);
}

static char *scenario_with(const char *keys, const char *bodies)
{
    return g_strdup_printf("local ms2 = 2 * ms\nreturn scenario { nodes = 4, resources = 3, "
                           "links = { latency = \"1ms\" }, %s,\nprocesses = {\n%s } }",
                           keys, bodies);
}

static void expect_notes(const char *keys, const char *bodies, const char *expected)
{
    char *text = scenario_with(keys, bodies), *found = notes_of(text, NULL);
    cr_expect_str_eq(found, expected, "%s\n  found    %s\n  expected %s", bodies, found, expected);
    g_free(found);
    g_free(text);
}

#define LOCK "run = mutex.coordinator { coordinator = 0 }"
#define MEMORY "run = memory.write_invalidate {}"

Test (process_run, says_what_it_is_and_what_time_it_is) {
    expect_notes(LOCK ", clocks = { offset = \"1s\" }",
                 "process(2, { name = \"a\" }, function(p)\n"
                 "  p:sleep(\"5ms\") p:sleep(ms2)\n"
                 "  p:note(p.name .. p.node) p:note(p:now()) p:note(p:clock()) p:note(p:now() > 6 "
                 "* ms) end)",
                 "n2 a: a2;n2 a: 7ms;n2 a: 1.007s;n2 a: true;");
}

Test (process_run, locks_and_unlocks) {
    expect_notes(LOCK,
                 "process(1, function(p) p:note(p:lock(1)) p:sleep(\"5ms\") p:note(p:unlock(1)) "
                 "end),\n"
                 "process(2, function(p) p:sleep(\"1ms\") p:note(p:lock(1, { timeout = \"3ms\" })) "
                 "p:note(p:lock(1, {})) p:unlock(1) p:note(p:lock(1, { timeout = \"1s\" })) end)",
                 "n1 p1: true;n2 p2: false;n1 p1: true;n2 p2: true;n2 p2: true;");
}

Test (process_run, tries_without_waiting) {
    expect_notes(LOCK,
                 "process(0, function(p) p:note(p:try_lock(1)) p:sleep(\"5ms\") p:unlock(1) end),\n"
                 "process(0, function(p) p:sleep(\"1ms\") p:note(p:try_lock(1)) "
                 "p:note(p:try_lock(2)) end),\n"
                 "process(1, function(p) p:note(p:try_lock(0)) end)",
                 "n0 p1: true;n1 p3: false;n0 p2: false;n0 p2: true;");
}

Test (process_run, a_lock_with_tokens_gives_its_token) {
    expect_notes("run = mutex.coordinator { coordinator = 0, fencing = true }",
                 "process(1, function(p) for i = 1, 2 do p:note(p:lock(0)) p:unlock(0) end end)",
                 "n1 p1: 1;n1 p1: 2;");
}

Test (process_run, a_lease_that_is_over_is_told_by_unlock) {
    expect_notes("run = mutex.coordinator { request_timeout = \"5ms\", lease = \"10ms\" }",
                 "process(1, function(p) p:lock(0) p:sleep(\"50ms\") p:note(p:unlock(0)) end)",
                 "n1 p1: false;");
}

Test (process_run, reads_what_another_wrote) {
    expect_notes(
        MEMORY,
        "process(1, function(p) p:write(2, -7) p:note(p:read(2)) end),\n"
        "process(2, function(p) p:sleep(\"50ms\") p:note(p:read(2)) p:note(p:read(0)) end)",
        "n1 p1: -7;n2 p2: -7;n2 p2: 0;");
}

Test (process_run, elects_and_knows_who_leads) {
    expect_notes("run = election.bully {}, settle = \"1s\"",
                 "process(1, function(p) p:note(p:elect()) p:note(p:leader()) end),\n"
                 "process(0, function(p) p:note(p:elect({ timeout = \"1us\" })) p:sleep(\"9s\") "
                 "p:note(p:leader()) end)",
                 "n0 p2: false;n1 p1: 3;n1 p1: 3;n0 p2: 3;");
}

Test (process_run, a_node_may_offer_a_lock_and_a_memory) {
    expect_notes("run = { mutex.coordinator {}, memory.write_invalidate {} }",
                 "process(1, function(p) p:lock(0) p:write(1, 1 + p:read(1)) p:unlock(0) end),\n"
                 "process(2, function(p) p:lock(0) p:write(1, 1 + p:read(1)) p:unlock(0) end),\n"
                 "process(3, function(p) p:sleep(\"1s\") p:note(p:read(1)) end)",
                 "n3 p3: 2;");
}

Test (process_run, draws_are_within_their_bounds_and_its_own) {
    char *text = scenario_with(LOCK, "process(1, function(p) for i = 1, 200 do local x = "
                                     "p:random(3) p:note(x) end end)");
    char *found = notes_of(text, NULL);
    int counts[5] = {0};
    for (const char *c = found; (c = strstr(c, "p1: ")); c += 4) {
        counts[CLAMP(c[4] - '0', 0, 4)]++;
    }
    cr_expect(counts[0] == 0 && counts[4] == 0);
    for (int i = 1; i <= 3; i++) {
        cr_expect_gt(counts[i], 40);
    }
    g_free(found);
    g_free(text);
    expect_notes(LOCK,
                 "process(1, function(p) p:sleep(uniform(\"1ms\", \"2ms\")) p:note(p:now() "
                 ">= 1 * ms and p:now() <= ms2 and p:now() ~= 1 * ms) end)",
                 "n1 p1: true;");
}

Test (process_run, acts_and_looks_as_functions_of_on_do) {
    expect_notes(LOCK,
                 "process(1, function(p) p:sleep(\"5ms\") act(crash(2)) p:sleep(\"1ms\") "
                 "p:note(state(0, \"waiting\")) p:note(now()) end),\n"
                 "process(2, function(p) p:sleep(\"9ms\") p:note(\"lives\") end)",
                 "n1 p1: 0;n1 p1: 6ms;");
}

Test (process_run, stops_inside_of_its_own_functions_pcall_and_iterators) {
    expect_notes(
        LOCK,
        "process(1, function(p)\n"
        "  local function twice(f) f() f() end\n"
        "  twice(function() p:sleep(\"1ms\") end)\n"
        "  local fine, why = pcall(function() p:sleep(\"1ms\") error(\"oh\", 0) end)\n"
        "  p:note(tostring(fine) .. why)\n"
        "  for i in function(_, i) p:sleep(\"1ms\") return i < 2 and i + 1 or nil end, nil, 0 do "
        "p:note(i) end\n"
        "  p:note(p:now()) end)",
        "n1 p1: falseoh;n1 p1: 1;n1 p1: 2;n1 p1: 6ms;");
}

Test (process_run, starts_anew_with_its_node) {
    expect_notes(LOCK ", faults = { at(\"5ms\", crash(1, { lasts = \"3ms\" })) }",
                 "process(1, { on_recover = true }, function(p) p:note(p:now()) "
                 "p:sleep(\"9ms\") p:lock(0) p:unlock(0) p:note(\"done\") end),\n"
                 "process(1, function(p) p:sleep(\"9ms\") p:note(\"never\") end)",
                 "n1 p1: 0ns;n1 p1: 8ms;n1 p1: done;");
}

Test (process_run, a_note_may_be_watched_and_aimed_at) {
    char *text = g_strdup("on(\"note\", function(e) if e.text == \"p1: now\" then act(crash(2)) "
                          "end end)\n"
                          "return scenario { nodes = 3, run = mutex.coordinator {},\n"
                          "faults = { when(\"note\", nth(2), crash(self())) },\n"
                          "processes = { process(1, function(p) p:note(\"now\") p:note(\"and\") "
                          "p:sleep(\"1ms\") p:note(\"never\") end),\n"
                          "process(2, function(p) p:sleep(\"1ms\") p:note(\"never\") end) } }");
    char *found = notes_of(text, NULL);
    cr_expect_str_eq(found, "n1 p1: now;n1 p1: and;");
    g_free(found);
    g_free(text);
}

Test (process_run, goes_on_where_the_world_was_moved) {
    static const char *const body =
        "process(1, function(p) for i = 1, 5 do p:lock(0) p:note(p:random(1000)) "
        "p:sleep(uniform(\"1ms\", \"9ms\")) p:unlock(0) end end),\n"
        "process(1, function(p) while p:now() < 90 * ms do p:lock(0) p:note(p:now()) "
        "p:sleep(ms2) p:unlock(0) end end),\n"
        "process(3, { on_recover = true }, function(p) p:note(p:now()) p:sleep(\"18ms\") "
        "p:note(p:now()) end),\n"
        "process(2, function(p) p:lock(1) p:note(p:lock(0, { timeout = \"3ms\" })) end)";
    char *text =
        scenario_with(LOCK ", faults = { at(\"15ms\", crash(3, { lasts = \"3ms\" })) }", body);
    char *plain = notes_of(text, NULL);
    cr_expect_gt(strlen(plain), 100);
    for (uint64_t events = 1; events < 60; events += 7) {
        run_options moved;
        run_options_init(&moved);
        moved.restore_after = events;
        char *found = notes_of(text, &moved);
        cr_expect_str_eq(found, plain, "after %d events: %s", (int)events, found);
        g_free(found);
    }
    g_free(plain);
    g_free(text);
}

/* The digest: all records are the same, one by one. */
Test (process_run, one_that_does_what_a_client_does_leaves_the_same_records) {
    outcome a = perform("return scenario { nodes = 4, run = mutex.ricart_agrawala {}, workload = "
                        "lock_clients { think = \"3ms\", hold = \"2ms\", entries = 10 } }",
                        1, NULL);
    outcome b = perform("local all = {}\n"
                        "for node = 0, 3 do all[node + 1] = process(node, function(p)\n"
                        "for i = 1, 10 do p:sleep(\"3ms\") p:lock(0) p:sleep(\"2ms\") p:unlock(0) "
                        "end end) end\n"
                        "return scenario { nodes = 4, run = mutex.ricart_agrawala {}, processes = "
                        "all }",
                        1, NULL);
    cr_expect_eq(a.result->digest.high, b.result->digest.high);
    cr_expect_eq(a.result->digest.low, b.result->digest.low);
    cr_expect_eq(metrics_entries(b.result->metrics), 40);
    outcome_clear(&a);
    outcome_clear(&b);
}

/* -------------------------------------------------------------------------- those that wait */

static const char *const opposite = "process(1, { name = \"left\" }, function(p)\n"
                                    "  p:lock(0) p:sleep(\"5ms\")\n"
                                    "  p:lock(1) end),\n"
                                    "process(2, { name = \"right\" }, function(p)\n"
                                    "  p:lock(1) p:sleep(\"5ms\")\n"
                                    "  local function inner() p:lock(0) end\n"
                                    "  inner() end),\n"
                                    "process(3, function(p) p:sleep(\"1ms\") end)";

Test (process_run, who_waits_at_the_end_is_told_with_its_line_and_with_who_holds) {
    char *text = scenario_with(LOCK, opposite);
    outcome o = perform(text, 1, NULL);
    GString *page = g_string_new(NULL);
    cr_assert_eq(o.result->waits->len, 2);
    const run_wait *w = &g_array_index(o.result->waits, run_wait, 1);
    cr_expect(g_str_equal(w->process, "right") && w->node == 2 &&
              g_str_equal(w->call, "p:lock(0)"));
    cr_expect(w->line == 9 && w->since == 7000000);
    cr_expect(g_str_equal(w->holder, "left") && w->holder_node == 1);
    report_text(o.scenario, o.result, false, page);
    cr_expect(strstr(page->str, "  process 'left' on node 1 waits in p:lock(1), line 6, since "
                                "7.00 ms; 'right' (node 2) holds it\n"),
              "%s", page->str);
    g_string_truncate(page, 0);
    report_json(o.scenario, o.result, page);
    cr_expect(strstr(page->str,
                     "\"waiting\":[{\"process\":\"left\",\"node\":1,\"call\":\"p:lock(1)\","
                     "\"line\":6,\"since_ns\":7000000,\"holder\":\"right\",\"holder_node\":2},"),
              "%s", page->str);
    cr_expect_eq(run_exit_status(o.result), 1, "what the lock promised does not hold");
    g_string_free(page, TRUE);
    outcome_clear(&o);
    g_free(text);
}

Test (process_run, nobody_waits_where_all_go_on) {
    static const char *const keys[] = {LOCK ", duration = \"6ms\"", MEMORY};
    static const char *const bodies[] =
        {"process(1, function(p) while true do p:lock(0) p:sleep(\"1ms\") p:unlock(0) end end),\n"
         "process(2, function(p) while true do p:lock(0) p:unlock(0) end end)",
         "process(1, function(p) p:write(1, 1) end)"};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        char *text = scenario_with(keys[i], bodies[i]);
        outcome o = perform(text, 1, NULL);
        cr_expect_eq(o.result->waits->len, 0);
        cr_expect_eq(run_exit_status(o.result), 0);
        cr_expect_lt(o.result->ended_at, INT64_C(1000000000));
        outcome_clear(&o);
        g_free(text);
    }
}

/* Node 1 holds what node 2 wants and wants what node 2 holds, but nobody waits in a circle. */
Test (process_run, a_cycle_of_nodes_is_no_deadlock_of_their_processes) {
    static const struct {
        const char *second;
        verdict expected;
    } cases[] = {
        {"process(1, function(p) p:sleep(\"5ms\") p:lock(1) p:unlock(1) end)", VERDICT_HOLDS},
        {"process(1, function(p) p:lock(2) p:sleep(\"5ms\") p:lock(1) p:unlock(1) p:unlock(2) "
         "end),\n"
         "process(3, function(p) p:sleep(\"9ms\") p:lock(2) end)",
         VERDICT_HOLDS},
        {"process(1, function(p) p:lock(2) p:sleep(\"15ms\") p:lock(0) end)", VERDICT_VIOLATED},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *bodies = g_strdup_printf(
            "process(1, function(p) p:lock(0) p:sleep(\"20ms\") %sp:unlock(0) end),\n"
            "process(2, function(p) p:lock(1) p:sleep(\"8ms\") p:lock(0) p:unlock(0) "
            "p:unlock(1) end),\n%s",
            cases[i].expected == VERDICT_HOLDS ? "" : "p:lock(2) ", cases[i].second);
        char *text = scenario_with(LOCK, bodies);
        outcome o = perform(text, 1, NULL);
        const finding *found = &verdict_of(&o, "no_deadlock")->finding;
        cr_expect_eq(found->verdict, cases[i].expected, "%zu: %s", i, found->reason);
        cr_expect_eq(o.result->waits->len > 0, cases[i].expected == VERDICT_VIOLATED);
        outcome_clear(&o);
        g_free(text);
        g_free(bodies);
    }
}

Test (process_run, many_that_wait_are_counted) {
    char *text = g_strdup("local all = { process(0, function(p) p:lock(0) end) }\n"
                          "for i = 2, 16 do all[i] = process(1, function(p) p:sleep(\"1ms\") "
                          "p:lock(0) end) end\n"
                          "return scenario { nodes = 2, run = mutex.coordinator {}, processes = "
                          "all, expect = { every_request_granted = \"fails\" } }");
    outcome o = perform(text, 1, NULL);
    GString *page = g_string_new(NULL);
    report_text(o.scenario, o.result, false, page);
    cr_expect_eq(o.result->waits->len, 15);
    cr_expect(strstr(page->str, "\n  and 5 more processes wait\n"), "%s", page->str);
    cr_expect(strstr(page->str, "; 'p1' (node 0) holds it\n"), "one that is over still does");
    g_string_free(page, TRUE);
    outcome_clear(&o);
    g_free(text);
}

/* ---------------------------------------------------------------------------------- failures */

/* Line 4 is the body of process 'a' on node 1. `keys` as above. */
static const struct {
    const char *keys, *body, *message;
} failures[] = {
    {LOCK, "nothing()",
     "found unknown name \"nothing\", expected a name of the language or of this file; did you "
     "mean 'string'?"},
    {LOCK, "local x = nil + 1", "attempt to perform arithmetic on a nil value"},
    {LOCK, "error(\"oh\")", "oh"},
    {LOCK, "p:sleep(\"1ms\") error({})", "found an error that is a table, expected a text"},
    {LOCK, "p:sleep(\"1ms\") while true do end", "endless loop: 1,000,000 instructions used up"},
    {LOCK, "while true do p:note(1) end", "endless loop: 1,000,000 instructions used up"},
    {LOCK, "while true do pcall(p.note, p, 1) end", "endless loop: 1,000,000 instructions used up"},
    {LOCK, "while true do pcall(p.sleep) end", "endless loop: 1,000,000 instructions used up"},
    {LOCK, "p:slep(\"1ms\")",
     "found unknown name \"slep\" of a process, expected one of scenarios/README.md; did you mean "
     "'sleep'?"},
    {LOCK, "p.x = 1", "found a change of \"x\" of a process, expected a local variable"},
    {LOCK, "p.sleep(\"1ms\")",
     "found \"1ms\" as the process of p:sleep(), expected p:sleep(...), with a colon"},
    {LOCK, "p:sleep()", "found 0 arguments of p:sleep(), expected p:sleep(\"5ms\")"},
    {LOCK, "p:sleep(5)",
     "found 5 for argument 1 of p:sleep(), expected a duration such as "
     "\"250ms\"; did you mean \"5ms\"?"},
    {LOCK, "p:sleep(\"-1s\")",
     "found \"-1s\" for argument 1 of p:sleep(), expected a duration such "
     "as \"250ms\", 0 or more"},
    {LOCK, "p:lock()",
     "found 0 arguments of p:lock(), expected p:lock(0) or p:lock(0, { timeout = \"1s\" })"},
    {LOCK, "p:lock(3)", "found 3 for argument 1 of p:lock(), expected a whole number, 0 .. 2"},
    {LOCK, "p:lock(0) p:lock(0)",
     "found p:lock(0), which the process holds, expected p:unlock(0) before"},
    {LOCK, "p:unlock(0)",
     "found p:unlock(0), which the process does not hold, expected p:lock(0) before"},
    {LOCK, "p:lock(0, 5)",
     "found 5 for argument 2 of p:lock(), expected options: { timeout = \"1s\" }"},
    {LOCK, "p:lock(0, { timout = \"1s\" })",
     "found unknown key \"timout\" in the options of p:lock(), expected timeout; did you mean "
     "'timeout'?"},
    {LOCK, "p:lock(0, { \"1s\" })",
     "found unknown key 1 in the options of p:lock(), expected timeout"},
    {LOCK, "p:lock(0, { timeout = 1 })",
     "found 1 for argument 2 of p:lock(), expected a duration such as \"250ms\"; did you mean "
     "\"1ms\"?"},
    {LOCK, "p:read(0)",
     "found p:read() without memory, expected run = memory.NAME { ... }, or a list with one"},
    {MEMORY, "p:lock(0)",
     "found p:lock() without mutex, expected run = mutex.NAME { ... }, or a list with one"},
    {LOCK, "p:leader()",
     "found p:leader() without election, expected run = election.NAME { ... }, "
     "or a list with one"},
    {MEMORY, "p:write(0)", "found 1 argument of p:write(), expected p:write(0, 42)"},
    {MEMORY, "p:write(0, 1.5)", "found 1.5 for argument 2 of p:write(), expected a whole number"},
    {LOCK, "p:random(0)",
     "found 0 for argument 1 of p:random(), expected a whole number, 1 or more"},
    {LOCK, "table.sort({ 2, 1 }, function() p:sleep(\"1ms\") end)",
     "found p:sleep() inside of a function that Lua calls for sort, gsub, tostring or the like, "
     "expected it outside"},
    {LOCK, "other = p p:sleep(\"9ms\")",
     "found process 'a' in process 'b' for p:sleep(), expected its own p"},
    {LOCK, "scenario {}",
     "found scenario() during the run, expected it in the file, outside of the "
     "functions of on() and call()"},
    {LOCK ", workload = lock_clients { clients = { 1, 2 }, entries = 1 }", "p:lock(0)",
     "found p:lock() on node 1, where the workload has a client, expected a process on another "
     "node"},
    {LOCK, "coroutine.yield()",
     "coroutine is not available: process() makes what waits and goes "
     "on"},
};

Test (process_run, what_fails_is_told_with_its_line_and_the_process) {
    for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
        bool other = strstr(failures[i].message, "'b'") != NULL;
        char *text = g_strdup_printf(
            "local other\nreturn scenario { nodes = 4, resources = 3, %s,\nprocesses = { "
            "process(1, { name = \"a\" }, function(p)\n%s end),\n"
            "process(0, { name = \"b\" }, function(p) p:sleep(\"2ms\")\n%s end) } }",
            failures[i].keys, failures[i].body, other ? "other:sleep(\"1ms\")" : "");
        outcome o = perform(text, 1, NULL);
        const char *found = o.result->explanation ? o.result->explanation : "nothing";
        const char *place = strstr(found, ".lua:");
        char *expected = g_strdup_printf(".lua:%d: %s (process '%s' on node %d)", other ? 6 : 4,
                                         failures[i].message, other ? "b" : "a", other ? 0 : 1);
        cr_expect_eq(o.result->status, RUN_CALLBACK, "%s", failures[i].body);
        cr_expect_eq(run_exit_status(o.result), 2);
        cr_expect_str_eq(place ? place : found, expected, "\n  found    %s\n  expected %s", found,
                         expected);
        g_free(expected);
        outcome_clear(&o);
        g_free(text);
    }
}

Test (process_run, p_means_nothing_outside) {
    outcome o = perform("local other\n"
                        "return scenario { nodes = 2, run = mutex.coordinator {},\n"
                        "faults = { at(\"2ms\", call(function() other:note(1) end)) },\n"
                        "processes = { process(1, function(p) other = p end) } }",
                        1, NULL);
    cr_expect(g_str_has_suffix(o.result->explanation,
                               ".lua:3: found p:note() outside of the function of a process, "
                               "expected it inside"),
              "%s", o.result->explanation);
    outcome_clear(&o);
}

Test (process_run, memory_has_room_for_each_process_but_not_for_more) {
    outcome o =
        perform("local all = {}\n"
                "for i = 1, 1000 do all[i] = process(0, function(p) local t = {}\n"
                "p:sleep(\"1ms\") for k = 1, 9999 do t[k] = k end p:sleep(\"1s\") end) end\n"
                "return scenario { nodes = 1, run = mutex.coordinator {}, processes = all "
                "}",
                1, NULL);
    cr_expect_eq(o.result->status, RUN_CALLBACK);
    cr_expect(strstr(o.result->explanation, ".lua:3: out of memory: more than 65 MiB (process"),
              "%s", o.result->explanation);
    outcome_clear(&o);
}

Test (process_run, time_that_does_not_advance_is_inconclusive) {
    outcome o = perform("return scenario { nodes = 1, run = mutex.coordinator {}, processes = { "
                        "process(0, function(p) while true do p:lock(0) p:unlock(0) end end) } }",
                        1, NULL);
    cr_expect_eq(o.result->status, RUN_LIMIT);
    cr_expect_eq(run_exit_status(o.result), 3);
    outcome_clear(&o);
}
