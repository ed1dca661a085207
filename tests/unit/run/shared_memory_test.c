/* Shared memory as scenarios use it: each process says by assert() what must come out. */
#include "stage.h"

#include <criterion/criterion.h>

typedef struct lesson {
    const char *claim, *processes;
} lesson;

/* Functions of processes of node 0, one of node 1 if it begins with '!'. */
static const lesson lessons[] = {
    {"what one writes the other reads",
     "function(p) local m = p:attach('a', 'rw') assert(p:write(m, 3, -5) == true) end,"
     "function(p) local m = p:attach('a', 'r') p:sleep('1us') assert(p:read(m, 3) == -5) end"},
    {"another machine has another memory",
     "function(p) local m = p:attach('a', 'rw') p:write(m, 3, 5) end,"
     "!function(p) local m = p:attach('a', 'r') p:sleep('1us') assert(p:read(m, 3) == 0) end"},
    {"rights",
     "function(p) local m = p:attach('a', 'rw', { others = 'r' }) p:write(m, 0, 1) end,"
     "function(p) p:sleep('1us') local m, why = p:attach('a', 'rw') "
     "assert(m == nil and why == 'EACCES') m = p:attach('a', 'r') assert(p:read(m, 0) == 1) "
     "m, why = p:write(m, 0, 2) assert(m == nil and why == 'EACCES') end"},
    {"nobody else may, or may write only",
     "function(p) p:attach('a', 'rw', { others = 'none' }) p:attach('b', 'rw', { others = 'w' }) "
     "end,"
     "function(p) p:sleep('1us') assert(select(2, p:attach('a', 'r')) == 'EACCES') "
     "assert(select(2, p:attach('b', 'r')) == 'EACCES') assert(p:attach('b', 'w')) end"},
    {"only what is there, only what is not there",
     "function(p) assert(select(2, p:attach('a', 'r', { create = false })) == 'ENOENT') "
     "assert(p:attach('a', 'r', { exclusive = true })) "
     "assert(select(2, p:attach('a', 'r', { exclusive = true })) == 'EEXIST') "
     "assert(p:attach('a', 'r', { create = false })) end"},
    {"what is detached is not there any more",
     "function(p) local m = p:attach('a', 'rw') assert(p:detach(m)) "
     "assert(select(2, p:read(m, 0)) == 'EBADF') end"},
    {"a word too far", "function(p) local m = p:attach('a', 'rw') "
                       "assert(select(2, p:read(m, 64)) == 'EFAULT') end"},
    {"a semaphore", "function(p) local s = p:semaphore('s', 1) assert(p:wait(s) == true) "
                    "assert(p:try_wait(s) == false) p:sleep('1us') assert(p:post(s) == true) end,"
                    "function(p) p:sleep('500ns') local s = p:semaphore('s', 7) "
                    "assert(p:wait(s, { timeout = '100ns' }) == false) assert(p:wait(s) == true) "
                    "assert(p:now() > 1000 * ns) end"},
    {"a mutex",
     "function(p) local m = p:mutex('m') assert(p:lock(m) == true) p:sleep('1us') "
     "assert(select(2, p:lock(m)) == 'EDEADLK') assert(p:unlock(m) == true) "
     "assert(select(2, p:unlock(m)) == 'EPERM') end,"
     "function(p) local m = p:mutex('m') p:sleep('500ns') assert(p:try_lock(m) == false) "
     "assert(p:lock(m, { timeout = '100ns' }) == false) assert(p:lock(m)) p:unlock(m) end"},
    {"a robust mutex",
     "function(p) p:lock(p:mutex('m', { robust = true })) end,"
     "function(p) p:sleep('1us') local m = p:mutex('m') local got, why = p:lock(m) "
     "assert(got == true and why == 'EOWNERDEAD') assert(p:consistent(m) == true) p:unlock(m) "
     "got, why = p:lock(m) assert(got == true and why == nil) end"},
    {"a robust mutex that nobody repairs",
     "function(p) p:lock(p:mutex('m', { robust = true })) end,"
     "function(p) p:sleep('1us') local m = p:mutex('m') p:lock(m) p:unlock(m) "
     "assert(select(2, p:lock(m)) == 'ENOTRECOVERABLE') "
     "assert(select(2, p:consistent(m)) == 'EINVAL') end"},
    {"a monitor",
     "function(p) local m = p:monitor('b') p:enter(m) assert(p:wait(m, 'full') == true) "
     "assert(p:now() > 1000 * ns) p:leave(m) end,"
     "function(p) local m = p:monitor('b') p:sleep('1us') p:enter(m) "
     "assert(p:signal(m, 'full') == true) assert(p:leave(m) == true) end"},
    {"a broadcast",
     "function(p) local m = p:monitor('b') p:enter(m) p:wait(m, 'full') p:leave(m) end,"
     "function(p) local m = p:monitor('b') p:enter(m) p:wait(m, 'full') p:leave(m) end,"
     "function(p) local m = p:monitor('b') p:sleep('1us') assert(p:broadcast(m, 'full')) end"},
    {"a condition that never comes",
     "function(p) local m = p:monitor('b') p:enter(m) "
     "assert(p:wait(m, 'full', { timeout = '1us' }) == false) assert(p:leave(m) == true) end"},
    {"a file and its locks",
     "function(p) local f = p:attach('f', 'rw', { file = true }) "
     "assert(p:flock(f, 'exclusive') == true) p:write(f, 0, 1) "
     "assert(p:flock(f, 'unlock') == true) end,"
     "function(p) p:sleep('1us') local f = p:attach('f', 'rw', { file = true }) "
     "assert(p:flock(f, 'shared', { timeout = '0s' }) == false) "
     "assert(p:flock(f, 'shared') == true) assert(p:read(f, 0) == 1) end"},
    {"a child has what its parent has",
     "function(p) local m = p:attach('a', 'rw') "
     "local c = p:fork(function(c) c:write(m, 0, 7) end) p:wait(c) "
     "assert(p:read(m, 0) == 7) end"},
    {"beside other channels",
     "function(p) local m = p:attach('a', 'rw') p:send(1, 'x') p:write(m, 0, 7) end,"
     "!function(p) assert(p:receive() == 'x') end"},
};

static char *scenario_of_lesson(const lesson *l)
{
    GString *list = g_string_new(NULL);
    char **parts = g_strsplit(l->processes, "end,", -1);
    for (guint i = 0; parts[i]; i++) {
        bool elsewhere = parts[i][0] == '!';
        g_string_append_printf(list, "process(%d, %s%s), ", elsewhere, parts[i] + elsewhere,
                               parts[i + 1] ? "end" : "");
    }
    g_strfreev(parts);
    char *text = g_strdup_printf("return scenario { nodes = 2, children = 1, "
                                 "run = { channel.mailbox {}, channel.shared_memory {} }, "
                                 "processes = { %s }, expect = { race_free = 'any' } }",
                                 list->str);
    g_string_free(list, TRUE);
    return text;
}

Test (shared_memory, lessons) {
    for (size_t i = 0; i < G_N_ELEMENTS(lessons); i++) {
        char *text = scenario_of_lesson(&lessons[i]);
        outcome o = perform(text, 1, NULL);
        cr_expect_eq(o.result->status, RUN_DONE, "%s: %s", lessons[i].claim, o.result->explanation);
        outcome_clear(&o);
        g_free(text);
    }
}

static void expect_verdict(const char *body, verdict expected, const char *part)
{
    char *text = g_strdup_printf("local function body(p)\n%s\nend\n"
                                 "return scenario { nodes = 1, children = 2, "
                                 "run = channel.shared_memory {},\n"
                                 "processes = { process(0, body), process(0, body) },\n"
                                 "expect = { race_free = 'any' } }",
                                 body);
    outcome o = perform(text, 1, NULL);
    const run_verdict *v = verdict_of(&o, "race_free");
    cr_expect_eq(v->finding.verdict, expected, "%s", body);
    cr_expect(part == NULL || (v->finding.reason && strstr(v->finding.reason, part)), "%s",
              v->finding.reason ? v->finding.reason : "no reason");
    outcome_clear(&o);
    g_free(text);
}

Test (shared_memory, a_race_is_told_with_its_lines) {
    expect_verdict("local m = p:attach('a', 'rw')\nlocal x = p:read(m, 0)\np:write(m, 0, x + 1)",
                   VERDICT_VIOLATED,
                   "process 0 of node 0 (line 4) wrote [0] of segment 'a', which process 1 of node "
                   "0 (line 3) had read");
}

/* ... though luck has it that one is over before the other begins. */
Test (shared_memory, a_race_that_did_no_harm_is_one) {
    expect_verdict("local m = p:attach('a', 'rw')\nif p.name == 'p2' then p:sleep('1s') end\n"
                   "p:write(m, 0, p:read(m, 0) + 1)",
                   VERDICT_VIOLATED, "(line 4)");
}

Test (shared_memory, each_cure_is_one) {
    static const char update[] = "p:write(m, 0, p:read(m, 0) + 1)";
    static const char *const cures[] = {
        "local m, l = p:attach('a', 'rw'), p:mutex('l') p:lock(l) %s p:unlock(l)",
        "local m, s = p:attach('a', 'rw'), p:semaphore('s', 1) p:wait(s) %s p:post(s)",
        "local m, b = p:attach('a', 'rw'), p:monitor('b') p:enter(b) %s p:leave(b)",
        "local m = p:attach('a', 'rw', { file = true }) p:flock(m, 'exclusive') %s "
        "p:flock(m, 'unlock')",
        "local m = p:attach('a', 'rw', { atomic = true }) %s",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cures); i++) {
        char *body = g_strdup_printf(cures[i], update);
        expect_verdict(body, VERDICT_HOLDS, NULL);
        g_free(body);
    }
}

Test (shared_memory, a_semaphore_of_two_is_no_cure) {
    expect_verdict("local m, s = p:attach('a', 'rw'), p:semaphore('s', 2)\np:wait(s)\n"
                   "p:write(m, 0, 1)\np:post(s)",
                   VERDICT_VIOLATED, "(line 4)");
}

Test (shared_memory, who_waits_for_its_child_is_in_order_with_it) {
    expect_verdict("if p.name == 'p1' then\nlocal m = p:attach('a', 'rw')\n"
                   "local c = p:fork(function(c) c:write(m, 0, 1) end)\np:wait(c)\n"
                   "p:write(m, 0, 2) end",
                   VERDICT_HOLDS, NULL);
    expect_verdict("if p.name == 'p1' then\nlocal m = p:attach('a', 'rw')\n"
                   "local c = p:fork(function(c) c:write(m, 0, 1) end)\np:sleep('1s')\n"
                   "p:write(m, 0, 2) end",
                   VERDICT_VIOLATED, "(line 6)");
}

/* The lock service of another module orders, too. */
Test (shared_memory, a_lock_of_a_lock_service_orders) {
    outcome o = perform("local function body(p) local m = p:attach('a', 'rw') p:lock(0) "
                        "p:write(m, 0, p:read(m, 0) + 1) p:unlock(0) end "
                        "return scenario { nodes = 2, "
                        "run = { channel.shared_memory {}, mutex.coordinator {} }, "
                        "processes = { process(0, body), process(0, body) }, "
                        "expect = { race_free = 'holds' } }",
                        1, NULL);
    cr_expect_eq(verdict_of(&o, "race_free")->finding.verdict, VERDICT_HOLDS);
    outcome_clear(&o);
}

/* A crash of the machine, too. */
Test (shared_memory, files_outlive_a_crash_segments_do_not) {
    outcome o = perform("local life = 0 local function body(p) life = life + 1 "
                        "local m, f = p:attach('a', 'rw'), p:attach('a', 'rw', { file = true }) "
                        "if life == 2 then assert(p:read(f, 0) == 4 and p:read(m, 0) == 0) end "
                        "p:write(f, 0, 4) p:write(m, 0, 5) p:sleep('1s') end "
                        "return scenario { nodes = 1, run = channel.shared_memory {}, "
                        "processes = { process(0, { on_recover = true }, body) }, "
                        "faults = { at('10ms', crash(0, { lasts = '10ms' })) }, "
                        "expect = { race_free = 'holds' } }",
                        1, NULL);
    cr_expect_eq(o.result->status, RUN_DONE, "%s", o.result->explanation);
    cr_expect_eq(verdict_of(&o, "race_free")->finding.verdict, VERDICT_HOLDS);
    outcome_clear(&o);
}

/* Lamport's bakery with delays of chance in the doorway, in the section and behind it. */
static outcome bakery(const char *wait_for_choosing, uint64_t seed)
{
    char *text = g_strdup_printf(
        "local customers, drawn, served = 3, {}, {}\n"
        "local function customer(me) return function(p)\n"
        "  local choosing = p:attach('choosing', 'rw', { atomic = true })\n"
        "  local number = p:attach('number', 'rw', { atomic = true })\n"
        "  local bread = p:attach('bread', 'rw')\n"
        "  for _ = 1, 4 do\n"
        "    local before = #drawn\n"
        "    p:write(choosing, me, 1)\n"
        "    local ticket = 1\n"
        "    for i = 0, customers - 1 do ticket = math.max(ticket, p:read(number, i) + 1) end\n"
        "    p:sleep(exponential('300ns'))\n"
        "    p:write(number, me, ticket)\n"
        "    p:write(choosing, me, 0)\n"
        "    drawn[#drawn + 1] = me .. '/' .. ticket\n"
        "    for i = 0, customers - 1 do\n"
        "      while %s and p:read(choosing, i) == 1 do end\n"
        "      while true do\n"
        "        local its = p:read(number, i)\n"
        "        if its == 0 or its > ticket or its == ticket and i >= me then break end\n"
        "      end\n"
        "    end\n"
        "    if %s then for i = 1, before do assert(served[drawn[i]]) end end\n"
        "    served[me .. '/' .. ticket] = true\n"
        "    local sold = p:read(bread, 0)\n"
        "    p:sleep(exponential('100ns'))\n"
        "    p:write(bread, 0, sold + 1)\n"
        "    if me == 0 then p:note(sold + 1) end\n"
        "    p:write(number, me, 0)\n"
        "    p:sleep(exponential('500ns'))\n"
        "  end\n"
        "end end\n"
        "return scenario { nodes = 1, run = channel.shared_memory {}, processes = {\n"
        "  process(0, customer(0)), process(0, customer(1)), process(0, customer(2)) },\n"
        "  expect = { race_free = 'any' } }",
        wait_for_choosing, wait_for_choosing);
    outcome o = perform(text, seed, NULL);
    g_free(text);
    return o;
}

Test (shared_memory, the_bakery_keeps_them_apart_first_come_first_served) {
    for (uint64_t seed = 1; seed <= 60; seed++) {
        outcome o = bakery("true", seed);
        cr_expect_eq(o.result->status, RUN_DONE, "%s", o.result->explanation);
        cr_expect_eq(verdict_of(&o, "race_free")->finding.verdict, VERDICT_HOLDS);
        outcome_clear(&o);
    }
}

Test (shared_memory, a_bakery_that_does_not_wait_for_those_who_choose_lets_in_two) {
    unsigned violated = 0;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        outcome o = bakery("false", seed);
        violated += verdict_of(&o, "race_free")->finding.verdict == VERDICT_VIOLATED;
        outcome_clear(&o);
    }
    cr_expect_gt(violated, 10, "%u", violated);
}
