#include "stage.h"

#include <criterion/criterion.h>
#include <string.h>

static outcome small(const char *more)
{
    char *text =
        g_strconcat("-- Does it work?\nlocal n = param('nodes', 3) return scenario { nodes = n, "
                    "run = mutex.coordinator {}, links = { latency = '1ms' }, "
                    "workload = lock_clients { clients = { 1, 2 }, think = '10ms', "
                    "hold = '5ms', entries = 2 } ",
                    more, " }", NULL);
    outcome o = perform(text, 7, NULL);
    g_free(text);
    return o;
}

static void expect_part(const GString *text, const char *part)
{
    cr_expect_not_null(strstr(text->str, part), "expected \"%s\" in:\n%s", part, text->str);
}

Test (report, page_shows_question_verdicts_figures_and_digest) {
    outcome o = small("");
    GString *text = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    const char *parts[] = {"Does it work?",
                           "mutex.coordinator",
                           "3 nodes",
                           "seed 7",
                           "nodes = 3",
                           "mutual_exclusion",
                           "holds",
                           "as expected",
                           "messages per entry",
                           "3.000 = REQUEST 1.000, GRANT 1.000, RELEASE 1.000",
                           "waiting time",
                           "p99",
                           "2.00 ms",
                           "synchronisation delay",
                           "digest"};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        expect_part(text, parts[i]);
    }
    cr_expect_null(strchr(text->str, '\033'));
    cr_expect_null(strstr(text->str, "to do this run again"));
    g_string_free(text, TRUE);
    outcome_clear(&o);
}

Test (report, a_stack_without_a_lock_has_no_figures_of_locks) {
    outcome o = perform("return scenario { nodes = 4, run = election.bully { timeout = '50ms' }, "
                        "links = { latency = '10ms' }, duration = '1s', "
                        "faults = { at('100ms', crash(3)), at('150ms', elect(0)) } }",
                        1, NULL);
    GString *text = g_string_new(NULL), *json = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    report_json(o.scenario, o.result, json);
    expect_part(text, "leaders declared        2\n");
    expect_part(text, "messages                ELECTION 6, OK 3, COORDINATOR 2; lost 3\n");
    expect_part(text, "time to agree             120 ms    120 ms");
    expect_part(text, "message delay ");
    static const char *const of_locks[] = {"entries", "per entry",       "waiting",
                                           "section", "synchronisation", "fairness"};
    for (size_t i = 0; i < G_N_ELEMENTS(of_locks); i++) {
        cr_expect_null(strstr(text->str, of_locks[i]), "%s in\n%s", of_locks[i], text->str);
    }
    expect_part(json,
                "\"leaders_declared\":2,\"time_to_agree_ns\":{\"count\":1,\"mean\":120000000");
    g_string_free(text, TRUE);
    g_string_free(json, TRUE);
    outcome_clear(&o);
}

Test (report, a_memory_has_figures_of_reads_and_writes_and_the_outcome_of_its_programs) {
    outcome o =
        perform("return scenario { nodes = 4, objects = 2, run = memory.write_invalidate {}, "
                "workload = programs { [1] = { write(0, 7), wait('10ms') }, "
                "[2] = { wait('5ms'), read(0), read(1) } } }",
                1, NULL);
    GString *text = g_string_new(NULL), *json = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    report_json(o.scenario, o.result, json);
    expect_part(text, "node 2 read             [0] = 7, [1] = 0\n");
    expect_part(text, "accesses                3 completed, 2 reads and 1 write, ");
    expect_part(text, "messages per access     3.333 = ASK_READ 0.667, ASK_WRITE 0.333, ");
    expect_part(text, "  because of a read     3.500\n");
    expect_part(text, "  because of a write    3.000\n");
    expect_part(text, "  time of a write          2.00 ms   2.00 ms");
    expect_part(json, "\"outcome\":[{\"node\":2,\"object\":0,\"value\":7},"
                      "{\"node\":2,\"object\":1,\"value\":0}]");
    expect_part(json, "\"messages_per_access\":3.333,");
    expect_part(json, "\"reads\":{\"requests\":2,\"completed\":2,\"messages\":7,\"time_ns\":{");
    g_string_free(text, TRUE);
    g_string_free(json, TRUE);
    outcome_clear(&o);
}

Test (report, what_was_not_read_is_not_told) {
    outcome o = perform("return scenario { nodes = 3, run = memory.write_invalidate {}, "
                        "workload = programs { [1] = { read(0), read(0) } }, "
                        "faults = { drop('PAGE', nth(1)) }, "
                        "expect = { every_access_completed = 'fails' } }",
                        1, NULL);
    GString *text = g_string_new(NULL), *json = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    report_json(o.scenario, o.result, json);
    expect_part(text, "node 1 read             [0] = ?, [0] = ?\n");
    expect_part(json, "\"outcome\":[{\"node\":1,\"object\":0,\"value\":null},");
    cr_expect_eq(run_exit_status(o.result), 0);
    g_string_free(text, TRUE);
    g_string_free(json, TRUE);
    outcome_clear(&o);
}

Test (report, verdicts_stand_below_each_other) {
    outcome o = perform("return scenario { nodes = 3, run = memory.write_invalidate {}, "
                        "workload = programs { [0] = { write(0, 1) } } }",
                        1, NULL);
    GString *text = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    expect_part(text, "\n  coherent                 holds         as expected\n");
    expect_part(text, "\n  single_writer_or_readers holds         as expected\n");
    g_string_free(text, TRUE);
    outcome_clear(&o);
}

Test (report, where_nothing_was_sent_nothing_is_counted_out) {
    outcome o = perform("return scenario { nodes = 3, run = memory.write_invalidate {}, "
                        "workload = programs { [0] = { write(0, 1), wait('1ms') } } }",
                        1, NULL);
    GString *text = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    expect_part(text, "\n  messages per access     0.000\n");
    g_string_free(text, TRUE);
    outcome_clear(&o);
}

Test (report, who_waits_in_vain_is_told_that_nothing_is_left_to_happen) {
    outcome waits = small(", faults = { drop('GRANT', nth(1)) }"), served = small("");
    GString *text = g_string_new(NULL), *json = g_string_new(NULL);
    report_text(waits.scenario, waits.result, false, text);
    report_json(waits.scenario, waits.result, json);
    expect_part(text, "ended at                11.0 ms with 4 events; nothing is left to happen\n");
    expect_part(json, "\"nothing_is_left_to_happen\":true,");
    g_string_truncate(text, 0);
    report_text(served.scenario, served.result, false, text);
    cr_expect_null(strstr(text->str, "nothing is left"), "%s", text->str);
    g_string_free(text, TRUE);
    g_string_free(json, TRUE);
    outcome_clear(&waits);
    outcome_clear(&served);
}

Test (report, entries_that_their_lease_has_ended_are_told) {
    outcome o = perform("return scenario { nodes = 2, run = mutex.coordinator { coordinator = 0, "
                        "request_timeout = '1s', lease = '20ms' }, links = { latency = '1ms' }, "
                        "workload = lock_clients { clients = { 1 }, think = '10ms', hold = '10ms', "
                        "entries = 1 }, faults = { delay('GRANT', nth(1), '15ms') } }",
                        1, NULL);
    GString *text = g_string_new(NULL), *json = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    report_json(o.scenario, o.result, json);
    expect_part(text, "entries                 1 completed, 1 ended with the lease, ");
    expect_part(json, "\"entries\":1,\"leases_over\":1,");
    g_string_free(text, TRUE);
    g_string_free(json, TRUE);
    outcome_clear(&o);
}

Test (report, lines_fit_the_page) {
    outcome o = small(", faults = { drop('GRANT', nth(1)) }");
    GString *text = g_string_new(NULL);
    report_text(o.scenario, o.result, false, text);
    char **lines = g_strsplit(text->str, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!strstr(*line, "dasim run") && !strstr(*line, ".lua")) { /* names of any length */
            cr_expect_leq(g_utf8_strlen(*line, -1), 100, "%s", *line);
        }
    }
    expect_part(text, "violated");
    expect_part(text, "expected to hold");
    expect_part(text, "dasim run ");
    expect_part(text, "--seed 7");
    g_strfreev(lines);
    g_string_free(text, TRUE);
    outcome_clear(&o);
}

Test (report, colour_is_only_escape_sequences) {
    outcome o = small("");
    GString *plain = g_string_new(NULL), *coloured = g_string_new(NULL), *stripped;
    report_text(o.scenario, o.result, false, plain);
    report_text(o.scenario, o.result, true, coloured);
    stripped = g_string_new(NULL);
    for (const char *c = coloured->str; *c; c++) {
        if (*c == '\033') {
            c = strchr(c, 'm');
        } else {
            g_string_append_c(stripped, *c);
        }
    }
    cr_expect_str_neq(coloured->str, plain->str);
    cr_expect_str_eq(stripped->str, plain->str);
    g_string_free(plain, TRUE);
    g_string_free(coloured, TRUE);
    g_string_free(stripped, TRUE);
    outcome_clear(&o);
}

Test (report, json_is_one_balanced_object_in_one_line) {
    outcome o = small("");
    GString *text = g_string_new(NULL);
    report_json(o.scenario, o.result, text);
    int depth = 0;
    bool quoted = false;
    for (const char *c = text->str; *c; c++) {
        quoted ^= *c == '"' && (c == text->str || c[-1] != '\\');
        depth += !quoted && (*c == '{' || *c == '[');
        depth -= !quoted && (*c == '}' || *c == ']');
        cr_expect_geq(depth, 0);
    }
    cr_expect_eq(depth, 0);
    cr_expect_eq(strchr(text->str, '\n'), text->str + text->len - 1);
    const char *parts[] = {"\"seed\":7",
                           "\"nodes\":3",
                           "\"messages_per_entry\":3.000",
                           ("\"mutual_exclusion\":{\"verdict\":\"holds\",\"expected\":\"holds\","
                            "\"met\":true}"),
                           "\"waiting_ns\":{\"count\":4,",
                           "\"exit_status\":0",
                           "\"question\":\"Does"};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        expect_part(text, parts[i]);
    }
    cr_expect_null(strstr(text->str, ",,"));
    cr_expect_null(strstr(text->str, "{,"));
    cr_expect_null(strstr(text->str, "[,"));
    g_string_free(text, TRUE);
    outcome_clear(&o);
}

/* The coordinator sleeps from 10.5 ms to 30.5 ms: the grant comes 1 ms later. Then it dies, for the
 * second entries in vain. */
Test (report, times_to_recover_are_told_and_faults_without_recovery_counted) {
    outcome o = small(", faults = { at('10500us', pause(0, { lasts = '20ms' })), "
                      "at('45ms', crash(0)) }, expect = { every_request_granted = 'fails' }");
    GString *page = g_string_new(NULL), *json = g_string_new(NULL);
    report_text(o.scenario, o.result, false, page);
    report_json(o.scenario, o.result, json);
    expect_part(page, "time to recover          21.0 ms   21.0 ms   21.0 ms   21.0 ms");
    expect_part(page, "never recovered from    1 fault\n");
    expect_part(json, "\"time_to_recover_ns\":{\"count\":1,\"mean\":21000000,");
    expect_part(json, "\"not_recovered\":1,");
    g_string_free(page, TRUE);
    g_string_free(json, TRUE);
    outcome_clear(&o);
}

Test (report, numbers_are_grouped_by_thousands) {
    static const struct {
        uint64_t value;
        const char *words;
    } table[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1,000"},
                 {123456, "123,456"},
                 {1234567, "1,234,567"},
                 {UINT64_MAX, "18,446,744,073,709,551,615"}};
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        GString *text = g_string_new(NULL);
        append_grouped(text, table[i].value);
        cr_expect_str_eq(text->str, table[i].words);
        g_string_free(text, TRUE);
    }
}
