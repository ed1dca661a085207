#include "../history.h"

#include "observe/names.h"

#include <locale.h>
#include <string.h>

static const dasim_lock lock = {.resource = 2, .fencing = 9};
static const stub_body ask = {.clock = UINT64_MAX,
                              .resource = 3,
                              .to = 4,
                              .urgent = 1,
                              .path = {7, 8, 9}};
static const stub_body ask_nobody = {.clock = 7, .to = NOBODY};
static const int64_t slow = 5000000;
static const int64_t step[2] = {-250, 50000};
static const uint16_t groups[3] = {0, 0, 1};
static const client_body client = {.client = 5, .resource = 3};
static const unsigned char blob[40] = {0x0a, 0xff};

typedef struct names_case {
    const char *claim;
    record r;
    const char *type, *text, *json;
} names_case;

#define BODY(b) .size = sizeof(b), .body = &(b)

static const names_case cases[] = {
    {"a message",
     {.kind = RECORD_SEND, .type = STUB_ASK, BODY(ask)},
     "ASK",
     "clock=18446744073709551615 resource=3 to=n4 urgent=true path=[7 8 9]",
     "{\"clock\":18446744073709551615,\"resource\":3,\"to\":4,\"urgent\":true,\"path\":[7,8,9]}"},
    {"nobody",
     {.kind = RECORD_RECEIVE, .type = STUB_ASK, .size = 16, .body = &ask_nobody},
     "ASK",
     "clock=7 resource=0 to=-",
     "{\"clock\":7,\"resource\":0,\"to\":null}"},
    {"a body that ends within a field",
     {.kind = RECORD_RECEIVE, .type = STUB_ASK, .size = 11, .body = &ask_nobody},
     "ASK",
     "clock=7",
     "{\"clock\":7}"},
    {"a body that ends within an array",
     {.kind = RECORD_RECEIVE, .type = STUB_ASK, .size = 19, .body = &ask},
     "ASK",
     "clock=18446744073709551615 resource=3 to=n4 urgent=true path=[7 8]",
     "{\"clock\":18446744073709551615,\"resource\":3,\"to\":4,\"urgent\":true,\"path\":[7,8]}"},
    {"no body", {.kind = RECORD_LOST, .type = STUB_ANSWER}, "ANSWER", "", "null"},
    {"a body that nobody declared",
     {.kind = RECORD_SEND, .type = STUB_BLOB, .size = 3, .body = blob},
     "BLOB",
     "bytes=0aff00",
     "{\"bytes\":\"0aff00\"}"},
    {"an unknown message", {.kind = RECORD_SEND, .type = 3}, "?", "", "null"},
    {"a timer", {.kind = RECORD_TIMER, .type = 1}, "give_up", "", "null"},
    {"an unknown timer", {.kind = RECORD_TIMER, .type = 2}, "?", "", "null"},
    {"a request",
     {.kind = RECORD_REQUEST, .type = DASIM_ACQUIRE, BODY(lock)},
     "ACQUIRE",
     NULL,
     NULL},
    {"a request",
     {.kind = RECORD_REQUEST, .type = DASIM_RELEASE, BODY(lock)},
     "RELEASE",
     NULL,
     NULL},
    {"an indication",
     {.kind = RECORD_INDICATION, .type = DASIM_GRANTED, BODY(lock)},
     "GRANTED",
     NULL,
     NULL},
    {"the first boot", {.kind = RECORD_BOOT}, "", "", "null"},
    {"a later boot", {.kind = RECORD_BOOT, .type = 1}, "RECOVERING", "", "null"},
    {"a crash", {.kind = RECORD_CRASH}, "", "", "null"},
    {"a crash that takes all", {.kind = RECORD_CRASH, .type = 1}, "STABLE_LOST", "", "null"},
    {"a slow node",
     {.kind = RECORD_SLOW, BODY(slow)},
     "",
     "service=0.005000000s",
     "{\"service\":5000000}"},
    {"a clock",
     {.kind = RECORD_CLOCK, BODY(step)},
     "",
     "step=-250 rate=50000",
     "{\"step\":-250,\"rate\":50000}"},
    {"a partition",
     {.kind = RECORD_LINKS, .reason = REASON_PARTITION, BODY(groups)},
     "",
     "group=[0 0 1]",
     "{\"group\":[0,0,1]}"},
    {"links that heal", {.kind = RECORD_LINKS, .reason = REASON_HEAL}, "", "", "null"},
    {"a belief",
     {.kind = RECORD_CHECK, .type = 12, .size = 13, .body = "a == \"\\\n\" \xc3\xa9?"},
     "",
     "a == \"\\\\u000a\" \xc3\xa9?",
     "{\"condition\":\"a == \\\"\\\\\\u000a\\\" \xc3\xa9?\",\"line\":12}"},
    {"a belief cut within a character",
     {.kind = RECORD_CHECK, .type = 1, .size = 2, .body = "a\xc3"},
     "",
     "a\xef\xbf\xbd",
     "{\"condition\":\"a\xef\xbf\xbd\",\"line\":1}"},
    {"a note",
     {.kind = RECORD_NOTE, .type = 2, .size = 8, .body = "a: \"b\" \xc3\xa9"},
     "",
     "a: \"b\" \xef\xbf\xbd",
     "{\"text\":\"a: \\\"b\\\" \xef\xbf\xbd\"}"},
    {"a client that waits",
     {.kind = RECORD_CLIENT, .type = CLIENT_WAITS, BODY(client)},
     "WAITS",
     "client=5 resource=3",
     "{\"client\":5,\"resource\":3}"},
    {"a client that quits",
     {.kind = RECORD_CLIENT, .type = CLIENT_QUITS, BODY(client)},
     "QUITS",
     "client=5 resource=3",
     NULL},
    {"a process that has waited for its child",
     {.kind = RECORD_CLIENT, .type = CLIENT_JOINS, BODY(client)},
     "JOINS",
     "process=5 child=3",
     "{\"process\":5,\"child\":3}"},
    {"a step that is none", {.kind = RECORD_CLIENT, .type = 9, BODY(client)}, "?", NULL, NULL},
};

Test (names, records_are_called_by_what_declares_them) {
    history h = history_of(3, 4);
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const names_case *c = &cases[i];
        cr_expect_str_eq(record_type_name(h.world, &c->r), c->type, "%s: %s", c->claim,
                         record_type_name(h.world, &c->r));
        g_string_truncate(text, 0);
        record_append_body(h.world, &c->r, text);
        cr_expect(c->text == NULL || strcmp(text->str, c->text) == 0, "%s: %s", c->claim,
                  text->str);
        g_string_truncate(text, 0);
        record_append_json(h.world, &c->r, text);
        cr_expect(c->json == NULL || strcmp(text->str, c->json) == 0, "%s: %s", c->claim,
                  text->str);
    }
    g_string_free(text, TRUE);
    history_end(&h);
}

Test (names, arguments_of_operations_have_fields) {
    history h = history_of(3, 4);
    record granted = {.kind = RECORD_INDICATION, .type = DASIM_GRANTED, BODY(lock)};
    GString *text = g_string_new(NULL);
    record_append_body(h.world, &granted, text);
    cr_expect(g_str_has_prefix(text->str, "resource=2"), "%s", text->str);
    g_string_free(text, TRUE);
    history_end(&h);
}

Test (names, components_are_named_where_a_record_is_about_one) {
    history h = history_of_stack(3, 1, &stub_lock, &stub_application);
    record lower = {.kind = RECORD_SEND, .component = 0},
           upper = {.kind = RECORD_TIMER, .component = 1};
    record node = {.kind = RECORD_CRASH}, unknown = {.kind = RECORD_SEND, .component = 2};
    cr_expect_str_eq(record_component_name(h.world, &lower), "stub_lock");
    cr_expect_str_eq(record_component_name(h.world, &upper), "stub_application");
    cr_expect_null(record_component_name(h.world, &node));
    cr_expect_null(record_component_name(h.world, &unknown));
    cr_expect_str_eq(record_type_name(h.world, &unknown), "");
    cr_expect_null(record_fields(h.world, &unknown));
    history_end(&h);
}

/* The line is their text; of one without, nothing is said. */
Test (names, accesses_to_shared_memory_have_a_word_and_a_line) {
    static const dasim_algorithm channel = STUB(.name = "memory", .provides = DASIM_CHANNEL);
    static const struct {
        dasim_call call;
        uint32_t line;
    } access = {{1, 2, -7, 5, 4}, 17};
    history h = history_of_stack(1, 1, NULL, &channel);
    record load = {.kind = RECORD_INDICATION, .type = DASIM_LOAD, .size = 28, .body = &access};
    record store = {.kind = RECORD_REQUEST, .type = DASIM_STORE, .size = 24, .body = &access};
    GString *text = g_string_new(NULL);
    cr_expect_str_eq(record_type_name(h.world, &load), "LOAD");
    record_append_body(h.world, &load, text);
    cr_expect_str_eq(text->str, "process=1 descriptor=2 word=5 value=-7 line=17");
    g_string_truncate(text, 0);
    record_append_json(h.world, &load, text);
    cr_expect_str_eq(text->str,
                     "{\"process\":1,\"descriptor\":2,\"word\":5,\"value\":-7,\"line\":17}");
    g_string_truncate(text, 0);
    record_append_body(h.world, &store, text);
    cr_expect_str_eq(text->str, "process=1 descriptor=2 word=5 value=-7");
    g_string_free(text, TRUE);
    history_end(&h);
}

Test (names, long_arrays_and_bytes_are_cut_for_people_only) {
    history h = history_of(70, 1);
    uint16_t group[70];
    for (uint16_t i = 0; i < 70; i++) {
        group[i] = i % 10;
    }
    record partition = {.kind = RECORD_LINKS, .reason = REASON_PARTITION, BODY(group)};
    record bytes = {.kind = RECORD_SEND, .type = STUB_BLOB, BODY(blob)};
    GString *text = g_string_new(NULL);
    record_append_body(h.world, &partition, text);
    cr_expect(g_str_has_suffix(text->str, " 0 1 2 3 and 6 more]"), "%s", text->str);
    g_string_truncate(text, 0);
    record_append_json(h.world, &partition, text);
    cr_expect(g_str_has_suffix(text->str, ",8,9]}"), "%s", text->str);
    g_string_truncate(text, 0);
    record_append_body(h.world, &bytes, text);
    cr_expect_eq(text->len, strlen("bytes=...") + 64);
    cr_expect(g_str_has_suffix(text->str, "00..."), "%s", text->str);
    g_string_truncate(text, 0);
    record_append_json(h.world, &bytes, text);
    cr_expect_eq(text->len, strlen("{\"bytes\":\"\"}") + 80);
    g_string_free(text, TRUE);
    history_end(&h);
}

static void expect_text(void (*append)(GString *, int64_t), int64_t ns, const char *expected)
{
    GString *text = g_string_new(NULL);
    append(text, ns);
    cr_expect_str_eq(text->str, expected, "%s instead of %s", text->str, expected);
    g_string_free(text, TRUE);
}

Test (names, seconds_have_nine_digits_in_every_locale) {
    setlocale(LC_ALL, "de_DE.UTF-8");
    expect_text(append_seconds, 0, "0.000000000");
    expect_text(append_seconds, 1000000000, "1.000000000");
    expect_text(append_seconds, 12345678, "0.012345678");
    expect_text(append_seconds, -1, "-0.000000001");
    expect_text(append_seconds, INT64_MAX, "9223372036.854775807");
    expect_text(append_seconds, INT64_MIN, "-9223372036.854775808");
}

Test (names, durations_have_three_digits) {
    static const struct {
        int64_t ns;
        const char *text;
    } table[] = {
        {0, "0"},
        {1, "1 ns"},
        {250, "250 ns"},
        {999, "999 ns"},
        {-7, "-7 ns"},
        {1000, "1.00 us"},
        {1004, "1.00 us"},
        {1005, "1.01 us"},
        {9994, "9.99 us"},
        {9995, "10.0 us"},
        {99949, "99.9 us"},
        {99950, "100 us"},
        {999499, "999 us"},
        {999500, "1.00 ms"},
        {1500000, "1.50 ms"},
        {-1500000, "-1.50 ms"},
        {74000000000, "74.0 s"},
        {999499999999, "999 s"},
        {999500000000, "1000 s"},
        {1234567890123, "1235 s"},
        {INT64_MAX, "9223372037 s"},
        {INT64_MIN, "-9223372037 s"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_text(append_duration, table[i].ns, table[i].text);
    }
}
