/* System calls of processes, run with the modules of algorithms/channel: what the calls return, how
 * children begin and end, what is said of wrong calls and of those who wait, what traces show. */
#include "stage.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define BOTH "run = { channel.pipe {}, channel.mailbox {} }"

static char *scenario_with(const char *keys, const char *list)
{
    return g_strdup_printf("return scenario { nodes = 2, links = { latency = \"1ms\" }, %s,\n"
                           "processes = {\n%s } }",
                           keys, list);
}

/* What is written down, in lines; the caller frees. */
static char *trace_of(const char *text, trace_format format, uint64_t restore_after)
{
    char *trace = NULL;
    size_t size = 0;
    run_options o;
    run_options_init(&o);
    o.restore_after = restore_after;
    o.trace = open_memstream(&trace, &size);
    o.trace_format = format;
    outcome done = perform(text, 1, &o);
    cr_expect_eq(done.result->status, RUN_DONE, "%s", done.result->explanation);
    outcome_clear(&done);
    fclose(o.trace);
    return trace;
}

/* "a: one;b: two;" */
static char *notes_of(const char *text, uint64_t restore_after)
{
    char *trace = trace_of(text, TRACE_JSON_LINES, restore_after);
    GString *found = g_string_new(NULL);
    for (const char *line = trace; (line = strstr(line, "\"kind\":\"NOTE\"")); line++) {
        const char *words = strstr(line, "\"text\":\"") + 8;
        g_string_append_printf(found, "%.*s;", (int)(strstr(words, "\"}") - words), words);
    }
    free(trace);
    return g_string_free(found, FALSE);
}

static void expect_notes(const char *keys, const char *list, const char *expected)
{
    char *text = scenario_with(keys, list), *found = notes_of(text, 0);
    cr_expect_str_eq(found, expected, "%s\n  found    %s\n  expected %s", list, found, expected);
    g_free(found);
    g_free(text);
}

#define PROCESS(body) "process(0, { name = \"a\" }, function(p) " body " end)"

/* One process, and what it notes. */
static const struct {
    const char *body, *notes;
} alone[] = {
    {"local r, w = p:pipe() p:note(r) p:note(w) p:note(p:dup(r))",
     "a: pipe 3;a: pipe 4;a: pipe 5;"},
    {"local r, w = p:pipe() p:note(p:write(w, \"hello\")) p:note(p:available(r)) "
     "p:note(p:read(r, 2)) p:note(p:read(r))",
     "a: 5;a: 5;a: he;a: llo;"},
    {"local r, w = p:pipe() p:nonblock(r, true) local x, e = p:read(r) p:note(x) p:note(e) "
     "p:close(w) p:note(#p:read(r))",
     "a: nil;a: EAGAIN;a: 0;"},
    {"local r, w = p:pipe() local x, e = p:write(r, \"x\") p:note(e) p:close(w) x, e = "
     "p:close(w) p:note(e) p:note(w)",
     "a: EBADF;a: EBADF;a: pipe 4;"},
    {"local r, w = p:pipe() local x, e = p:read(r, 9, { timeout = \"3ms\" }) p:note(e) "
     "p:note(p:now()) p:write(w, \"12\") p:note(p:read(r, 9, { timeout = \"3ms\" })) "
     "p:sleep(\"9ms\") p:note(p:now())",
     "a: ETIMEDOUT;a: 3ms;a: 12;a: 12ms;"},
    {"local r, w = p:pipe() p:note(p:write(w, string.rep(\"x\", 100000), { timeout = \"2ms\" }))",
     "a: 65536;"},
    {"local r, w = p:pipe() local v, z = p:pipe() local x, y = p:select({ r, v }, nil, { timeout "
     "= \"2ms\" }) p:note(#x + #y) p:write(z, \"1\") x, y = p:select({ r, v }, { w }) "
     "p:note(x[1]) p:note(y[1]) p:note(#x)",
     "a: 0;a: pipe 5;a: pipe 4;a: 1;"},
    {"p:note(p:mkfifo(\"f\")) local x, e = p:mkfifo(\"f\") p:note(e) x, e = p:open(\"g\", \"r\") "
     "p:note(e) x, e = p:open(\"f\", \"w\", { nonblock = true }) p:note(e) x, e = p:open(\"f\", "
     "\"r\", { timeout = \"1ms\" }) p:note(e) p:note(p:open(\"f\", \"rw\"))",
     "a: true;a: EEXIST;a: ENOENT;a: ENXIO;a: ETIMEDOUT;a: pipe 3;"},
    {"local x, e = p:wait() p:note(e) p:send(0, \"to me\") p:note((p:receive()))",
     "a: ECHILD;a: to me;"},
    {"local r, w = p:pipe() p:close(r) p:signal(\"SIGPIPE\", \"ignore\") local x, e = "
     "p:write(w, \"x\") p:note(e) p:signal(\"SIGPIPE\", function(s) p:note(s) p:sleep(\"1ms\") "
     "end) x, e = p:write(w, \"x\") p:note(e) p:note(p:write(w, \"\")) p:signal(\"SIGPIPE\", "
     "\"default\") p:write(w, \"x\") p:note(\"not reached\")",
     "a: EPIPE;a: SIGPIPE;a: EPIPE;a: 0;a: killed by SIGPIPE;"},
    {"p:note(1) p:exit(2) p:note(2)", "a: 1;"},
};

Test (system_calls, of_one_process_return_what_posix_says) {
    for (size_t i = 0; i < G_N_ELEMENTS(alone); i++) {
        char *list = g_strdup_printf(PROCESS("%s"), alone[i].body);
        expect_notes(BOTH, list, alone[i].notes);
        g_free(list);
    }
}

Test (system_calls, a_number_is_of_a_memory_and_a_descriptor_of_a_channel) {
    expect_notes("run = { channel.pipe {}, memory.write_invalidate {} }",
                 PROCESS("local r, w = p:pipe() p:write(0, 42) p:write(w, \"bytes\") "
                         "p:note(p:read(0)) p:note(p:read(r))"),
                 "a: 42;a: bytes;");
}

Test (system_calls, go_to_the_first_module_that_knows_them) {
    expect_notes("run = { channel.mailbox {}, channel.pipe {} }",
                 PROCESS("p:note((p:pipe())) local x, e = p:open(\"f\", \"r\") p:note(e) "
                         "p:send(0, \"x\") p:note((p:receive()))"),
                 "a: pipe 3;a: ENOENT;a: x;");
    expect_notes("run = channel.mailbox {}", PROCESS("local x, e = p:pipe() p:note(e)"),
                 "a: ENOSYS;");
}

Test (system_calls, texts_reach_nodes_and_processes) {
    expect_notes("run = channel.mailbox {}",
                 "process(0, { name = \"a\" }, function(p) p:send(\"c\", \"for c\") p:send(1, "
                 "\"for any\") p:sleep(\"1s\") end),\n"
                 "process(1, { name = \"b\" }, function(p) local t, n = p:receive() p:note(t) "
                 "p:note(n) end),\n"
                 "process(1, { name = \"c\" }, function(p) p:sleep(\"5ms\") p:note((p:receive())) "
                 "end)",
                 "b: for any;b: 0;c: for c;");
}

/* ---------------------------------------------------------------------------------- children */

Test (system_calls, children_end_in_any_order_and_are_waited_for) {
    expect_notes(BOTH,
                 PROCESS("local r, w = p:pipe()\n"
                         "local one = p:fork(function(c) c:sleep(\"4ms\") c:exit(4) end)\n"
                         "local two = p:fork({ name = \"kid\" }, function(c) c:write(w, c.name) "
                         "c:sleep(\"2ms\") end)\n"
                         "p:close(w) p:note(p:read(r)) local c, s = p:wait(two) p:note(p:now()) "
                         "p:note(c.name) p:note(s)\n"
                         "p:note(p:read(r)) c, s = p:wait() p:note(p:now()) p:note(c == one) "
                         "p:note(s) c, s = p:wait(two) p:note(s)"),
                 "a: kid;a: 2ms;a: kid;a: 0;a: ;a: 4ms;a: true;a: 4;a: ECHILD;");
}

/* The child ends, another process forks, the parent goes on: all at one instant. */
Test (system_calls, a_child_keeps_its_place_until_its_parent_goes_on) {
    expect_notes("run = channel.pipe {}, children = 2",
                 "process(0, { name = \"a\" }, function(p) p:fork(function(c) c:sleep(\"1ms\") "
                 "c:exit(5) end) local c, s = p:wait() p:note(c.name) p:note(s) end),\n"
                 "process(1, { name = \"b\" }, function(p) p:sleep(\"1ms\") "
                 "p:note(p:fork(function(c) c:sleep(\"1ms\") end).name) end)",
                 "b: b.1;a: a.1;a: 5;");
}

Test (system_calls, orphans_live_on_and_places_are_free_again) {
    expect_notes(BOTH ", children = 2",
                 PROCESS("for i = 1, 5 do p:fork(function(c) c:fork(function(d) d:sleep(\"1ms\") "
                         "d:note(i) end) end) p:wait() p:sleep(\"2ms\") end"),
                 "a.1.1: 1;a.2.1: 2;a.3.1: 3;a.4.1: 4;a.5.1: 5;");
}

Test (system_calls, a_module_may_have_no_room_for_a_child) {
    expect_notes("run = { channel.mailbox {}, channel.pipe { processes = 2 } }",
                 PROCESS("p:fork(function(c) c:sleep(\"1ms\") end) local x, e = "
                         "p:fork(function(c) c:note(\"never\") end) p:note(x) p:note(e) p:wait() "
                         "p:note(p:fork(function(c) end).name)"),
                 "a: nil;a: EAGAIN;a: a.3;");
}

Test (system_calls, children_lock_as_processes_of_their_own) {
    char *text =
        scenario_with("run = { mutex.coordinator { coordinator = 1 }, channel.pipe {} }",
                      PROCESS(
                          "p:lock(0) p:fork(function(c) c:lock(0) c:note(c:now()) c:unlock(0) end) "
                          "p:sleep(\"5ms\") p:unlock(0) p:wait() p:note(\"over\")"));
    outcome o = perform(text, 1, NULL);
    cr_expect_eq(run_exit_status(o.result), 0);
    outcome_clear(&o);
    char *found = notes_of(text, 0);
    cr_expect_str_eq(found, "a.1: 9ms;a: over;", "%s", found);
    g_free(found);
    g_free(text);
}

Test (system_calls, a_crash_ends_parents_and_children) {
    expect_notes(
        BOTH ", faults = { at(\"3ms\", crash(0)), at(\"6ms\", recover(0)) }",
        "process(0, { name = \"a\", on_recover = true }, function(p) local r, w = p:pipe() "
        "p:note(r) p:fork(function(c) c:note(\"begins\") c:read(r) c:note(\"reads\") end) "
        "p:sleep(\"4ms\") p:write(w, \"x\") p:note(p:now()) p:close(w) p:exit() end)",
        "a: pipe 3;a.1: begins;a: pipe 3;a.2: begins;a.2: reads;a: 10ms;");
}

/* The world is saved behind each event and goes on in another one. */
Test (system_calls, go_on_in_another_world) {
    char *text = scenario_with(
        BOTH, PROCESS("local r, w = p:pipe() p:fork(function(c) c:close(w) local n = 0 repeat "
                      "local t = c:read(r, 5000) n = n + #t c:sleep(\"1ms\") until t == \"\" "
                      "c:note(n) c:exit(3) end) p:close(r) p:write(w, string.rep(\"y\", 100000)) "
                      "p:close(w) local c, s = p:wait() p:note(s)"));
    for (uint64_t after = 1; after < 50; after += 3) {
        char *found = notes_of(text, after);
        cr_expect_str_eq(found, "a.1: 100000;a: 3;", "%s", found);
        g_free(found);
    }
    g_free(text);
}

Test (system_calls, of_more_processes_than_a_module_has_places_for_fail) {
    expect_notes("run = { channel.mailbox { processes = 1 }, channel.pipe { processes = 1 } }",
                 "process(0, function(p) p:note((p:pipe())) end),\n"
                 "process(0, { name = \"b\" }, function(p) local x, e = p:pipe() p:note(e) x, e = "
                 "p:send(0, \"x\") p:note(e) end)",
                 "b: ENFILE;p1: pipe 3;b: ENFILE;");
}

/* -------------------------------------------------------------------------- who waits, traces */

Test (system_calls, who_waits_in_vain_is_told_with_the_call) {
    char *text = scenario_with(
        BOTH,
        "process(0, { name = \"a\" }, function(p) local r, w = p:pipe() p:read(r) end),\n"
        "process(0, { name = \"b\" }, function(p) p:mkfifo(\"f\") p:open(\"f\", \"r\") end),\n"
        "process(1, { name = \"c\" }, function(p) p:fork(function(c) c:receive() end) "
        "p:wait() end)");
    outcome o = perform(text, 1, NULL);
    static const char *const calls[] = {"p:read(pipe 3)", "p:open(\"f\")", "p:wait()",
                                        "p:receive()"};
    static const char *const who[] = {"a", "b", "c", "c.1"};
    static const int lines[] = {3, 4, 5, 5};
    cr_assert_eq(o.result->waits->len, 4);
    for (guint i = 0; i < 4; i++) {
        const run_wait *one = &g_array_index(o.result->waits, run_wait, i);
        cr_expect_str_eq(one->call, calls[i]);
        cr_expect_str_eq(one->process, who[i]);
        cr_expect_eq(one->line, lines[i]);
        cr_expect_null(one->holder);
    }
    outcome_clear(&o);
    g_free(text);
}

Test (system_calls, who_waits_for_one_that_stands_still_does_not_wait_in_vain) {
    char *text = scenario_with(BOTH ", duration = \"10ms\"",
                               PROCESS("local r, w = p:pipe() p:fork(function(c) while "
                                       "c:read(r) do end end) while true do p:sleep(\"1ms\") "
                                       "p:write(w, \"x\") end"));
    outcome o = perform(text, 1, NULL);
    cr_expect_eq(o.result->waits->len, 0);
    outcome_clear(&o);
    g_free(text);
}

Test (system_calls, traces_show_bytes_as_text) {
    char *text = scenario_with(BOTH, PROCESS("local r, w = p:pipe() p:write(w, "
                                             "\"a\\\"b\\\\\\n\\0\\255\" .. string.rep(\"z\", 50)) "
                                             "p:write(w, \"c\")"));
    char *plain = trace_of(text, TRACE_TEXT, 0), *json = trace_of(text, TRACE_JSON_LINES, 0);
    cr_expect(strstr(plain, "OUTPUT{process=0 descriptor=4 value=0 text=\"a\\\"b\\\\\\n\\x00\\xff"
                            "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\" and 9 more}"),
              "%s", plain);
    cr_expect(strstr(plain, "OUTPUT{process=0 descriptor=4 value=0 text=\"c\"}"));
    cr_expect(strstr(plain, "OUTPUT{process=0 descriptor=-1 value=1} "));
    cr_expect(strstr(json, "{\"process\":0,\"descriptor\":4,\"value\":0,"
                           "\"text\":\"a\\\"b\\\\\\n\\u0000\\u00ffzz"),
              "%s", json);
    cr_expect(strstr(json, "zzz\"}"));
    free(plain);
    free(json);
    g_free(text);
}

/* ------------------------------------------------------------------------------- what is wrong */

/* Line 3 is the body. */
static const struct {
    const char *keys, *body, *message;
} failures[] = {
    {"run = mutex.coordinator {}", "p:pipe()",
     "found p:pipe() without channel, expected run = channel.NAME { ... }, or a list with one"},
    {BOTH, "p:read({})",
     "found p:read() without memory, expected run = memory.NAME { ... }, or a list with one"},
    {BOTH, "p:close(3)",
     "found 3 for argument 1 of p:close(), expected a descriptor: what p:pipe() and the like "
     "return"},
    {BOTH, "p:dup()", "found 0 arguments of p:dup(), expected p:dup(d)"},
    {BOTH, "local r = p:pipe() p:read(r, -1)",
     "found -1 for argument 2 of p:read(), expected a whole number, 0 .. 1048512"},
    {BOTH, "local r, w = p:pipe() p:write(w, 5)",
     "found 5 for argument 2 of p:write(), expected a text in quotes"},
    {BOTH, "local r, w = p:pipe() p:write(w, string.rep(\"x\", 1048513))",
     "found a text of 1048513 bytes for p:write(), expected 1048512 at most"},
    {BOTH, "p:open(\"f\", \"x\")",
     "found \"x\" for argument 2 of p:open(), expected \"r\" or \"w\" or \"rw\""},
    {BOTH, "p:open(\"f\", \"r\", { nonblok = true })",
     "found unknown key 'nonblok' in p:open, expected one of nonblock, timeout; did you mean "
     "'nonblock'?"},
    {BOTH, "p:select({})", "found no descriptor for p:select(), expected one or more"},
    {BOTH, "p:select({ 3 })",
     "found 3 for argument 1 of p:select(), expected a list of descriptors alone"},
    {BOTH, "p:send(2, \"x\")",
     "found 2 for argument 1 of p:send(), expected a whole number, 0 .. 1"},
    {BOTH, "p:send(\"nobody\", \"x\")",
     "found \"nobody\" for argument 1 of p:send(), expected a node, or the name of one of "
     "`processes`"},
    {BOTH, "p:fork(7)",
     "found 7 for argument 1 of p:fork(), expected a function: p:fork(function(c) ... end)"},
    {BOTH ", children = 2", "while true do p:fork(function(c) end) end",
     "found no room for a child of process 'a': all 2 are alive, or waited for by nobody; expected "
     "p:wait(), or children = 3 or more in scenario { ... }"},
    {BOTH, "p:wait(3)",
     "found 3 for argument 1 of p:wait(), expected a child: what p:fork() returns"},
    {BOTH, "p:exit(256)",
     "found 256 for argument 1 of p:exit(), expected a whole number, 0 .. 255"},
    {BOTH, "p:signal(\"SIGPIP\", \"ignore\")",
     "found \"SIGPIP\" for argument 1 of p:signal(), expected \"SIGPIPE\"; did you mean "
     "'SIGPIPE'?"},
    {BOTH, "p:signal(\"SIGPIPE\", 1)",
     "found 1 for argument 2 of p:signal(), expected \"default\", \"ignore\" or a function"},
    {BOTH, "local r = p:pipe() r.x = 1", "attempt to index a userdata value (local 'r')"},
};

Test (system_calls, what_is_wrong_with_them_is_told_with_its_line) {
    for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
        char *list = g_strdup_printf(PROCESS("%s"), failures[i].body);
        char *text = scenario_with(failures[i].keys, list);
        outcome o = perform(text, 1, NULL);
        const char *found = o.result->explanation ? o.result->explanation : "nothing";
        const char *place = strstr(found, ".lua:");
        char *expected = g_strdup_printf(".lua:3: %s (process 'a' on node 0)", failures[i].message);
        cr_expect_eq(o.result->status, RUN_CALLBACK, "%s", failures[i].body);
        cr_expect_str_eq(place ? place : found, expected, "\n  found    %s\n  expected %s", found,
                         expected);
        g_free(expected);
        outcome_clear(&o);
        g_free(text);
        g_free(list);
    }
}
