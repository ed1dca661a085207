#include "../history.h"

#include "observe/text_trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* What a trace of `play` looks like; the caller frees. */
static char *traced(trace_format format, const dasim_algorithm *below, void (*play)(history *h))
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    text_trace *t = text_trace_new(file, format);
    observer o = text_trace_observer(t);
    history h = history_of_stack(12, 1, below, &stub_lock);
    h.self = o.self;
    h.watch = o.on_record;
    play(&h);
    cr_expect(text_trace_close(t));
    fclose(file);
    history_end(&h);
    return text;
}

static void expect_trace(trace_format format, const dasim_algorithm *below,
                         void (*play)(history *h), const char *expected)
{
    char *text = traced(format, below, play);
    cr_expect_str_eq(text, expected, "\n%s\n%s", text, expected);
    free(text);
}

/* An ASK, or as much of it as `size` says. */
static void ask(history *h, record r, uint32_t size)
{
    stub_body body = {.clock = 7, .resource = 1, .to = NOBODY};
    r.size = size;
    r.body = &body;
    r.component = (uint8_t)h->component;
    history_record(h, r);
}

static void messages(history *h)
{
    const int64_t sent = 12345678, due = 1012345678;
    ask(h, (record){.kind = RECORD_SEND, .at = sent, .cause = 1, .node = 3, .peer = 11}, 16);
    ask(h, (record){.kind = RECORD_RECEIVE, .at = due, .cause = 2, .node = 11, .peer = 3}, 16);
    ask(h,
        (record){.kind = RECORD_LOST,
                 .at = due,
                 .cause = 2,
                 .node = 3,
                 .peer = 11,
                 .reason = REASON_QUEUE},
        16);
}

static void faults_of_nodes_and_links(history *h)
{
    int64_t slow = 5000000;
    record records[] = {
        {.kind = RECORD_SLOW, .at = 5, .node = 3, .peer = NOBODY, .size = 8, .body = &slow},
        {.kind = RECORD_LINKS, .at = 5, .node = 3, .peer = NOBODY, .reason = REASON_CUT},
        {.kind = RECORD_LINKS, .at = 5, .node = NOBODY, .peer = 4, .reason = REASON_QUALITY},
        {.kind = RECORD_LINKS, .at = 5, .node = NOBODY, .peer = NOBODY, .reason = REASON_HEAL},
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        history_record(h, records[i]);
    }
}

static void all_kinds(history *h)
{
    uint8_t c = (uint8_t)h->component;
    history_record(h, (record){.kind = RECORD_BOOT, .node = 0, .peer = NOBODY});
    messages(h);
    history_record(h, (record){.kind = RECORD_TIMER,
                               .at = INT64_C(12345012345678),
                               .local = 77,
                               .node = 3,
                               .peer = NOBODY,
                               .component = c});
    faults_of_nodes_and_links(h);
    history_record(h, (record){.kind = RECORD_CHECK,
                               .at = 6,
                               .node = 3,
                               .peer = NOBODY,
                               .type = 42,
                               .size = 5,
                               .body = "a < b",
                               .cause = 3,
                               .component = c});
    history_record(h, (record){.kind = RECORD_NOTE,
                               .at = 6,
                               .node = 3,
                               .peer = NOBODY,
                               .size = 7,
                               .body = "p1: two",
                               .cause = 3});
    history_record(h, (record){.kind = RECORD_CLIENT,
                               .at = 6,
                               .node = 3,
                               .peer = NOBODY,
                               .type = CLIENT_HOLDS,
                               .size = sizeof(client_body),
                               .body = &(client_body){.client = 1, .resource = 2},
                               .cause = 3});
    ask(h,
        (record){.kind = RECORD_RECEIVE,
                 .at = 7,
                 .cause = 2,
                 .node = 11,
                 .peer = 3,
                 .reason = REASON_CORRUPT},
        8);
}

Test (text_trace, columns_are_aligned) {
    static const char expected[] =
        "   0.000000000 #1       n0  BOOT\n"
        "   0.012345678 #2       n3  SEND       ASK{clock=7 resource=1 to=-}          -> n11 (#1)\n"
        "   1.012345678 #3       n11 RECEIVE    ASK{clock=7 resource=1 to=-}          <- n3  (#2)\n"
        "   1.012345678 #4       n3  LOST       ASK{clock=7 resource=1 to=-}          -> n11 lost: "
        "queue full (#2)\n"
        "12345.012345678 #5      n3  TIMER      retry                                  clock "
        "0.000000077\n"
        "   0.000000005 #6       n3  SLOW       {service=0.005000000s}\n"
        "   0.000000005 #7       n3  LINKS      cut                                   -> any\n"
        "   0.000000005 #8       any LINKS      quality                               -> n4\n"
        "   0.000000005 #9       -   LINKS      heal\n"
        "   0.000000006 #10      n3  CHECK      a < b is false (line 42)                     "
        "(#3)\n"
        "   0.000000006 #11      n3  NOTE       p1: two                                      "
        "(#3)\n"
        "   0.000000006 #12      n3  CLIENT     HOLDS{client=1 resource=2}                   "
        "(#3)\n"
        "   0.000000007 #13      n11 RECEIVE    ASK{clock=7}                          <- n3 "
        "corrupt (#2)\n";
    expect_trace(TRACE_TEXT, NULL, all_kinds, expected);
}

Test (text_trace, json_lines_have_fixed_keys) {
    static const char expected[] =
        "{\"number\":1,\"at\":0,\"local\":0,\"kind\":\"BOOT\",\"node\":0,\"peer\":null,"
        "\"component\":null,\"type\":null,\"body\":null,\"cause\":null}\n"
        "{\"number\":2,\"at\":12345678,\"local\":12345678,\"kind\":\"SEND\",\"node\":3,\"peer\":11,"
        "\"component\":\"stub_lock\",\"type\":\"ASK\","
        "\"body\":{\"clock\":7,\"resource\":1,\"to\":null},\"cause\":1}\n"
        "{\"number\":3,\"at\":1012345678,\"local\":1012345678,\"kind\":\"RECEIVE\",\"node\":11,"
        "\"peer\":3,\"component\":\"stub_lock\",\"type\":\"ASK\","
        "\"body\":{\"clock\":7,\"resource\":1,\"to\":null},\"cause\":2}\n"
        "{\"number\":4,\"at\":1012345678,\"local\":1012345678,\"kind\":\"LOST\",\"node\":3,"
        "\"peer\":11,\"component\":\"stub_lock\",\"type\":\"ASK\","
        "\"body\":{\"clock\":7,\"resource\":1,\"to\":null},\"reason\":\"queue full\",\"cause\":2}\n"
        "{\"number\":5,\"at\":12345012345678,\"local\":77,\"kind\":\"TIMER\",\"node\":3,"
        "\"peer\":null,\"component\":\"stub_lock\",\"type\":\"retry\",\"body\":null,"
        "\"cause\":null}\n"
        "{\"number\":6,\"at\":5,\"local\":5,\"kind\":\"SLOW\",\"node\":3,\"peer\":null,"
        "\"component\":null,\"type\":null,\"body\":{\"service\":5000000},\"cause\":null}\n"
        "{\"number\":7,\"at\":5,\"local\":5,\"kind\":\"LINKS\",\"node\":3,\"peer\":null,"
        "\"component\":null,\"type\":null,\"body\":null,\"reason\":\"cut\",\"cause\":null}\n"
        "{\"number\":8,\"at\":5,\"local\":5,\"kind\":\"LINKS\",\"node\":null,\"peer\":4,"
        "\"component\":null,\"type\":null,\"body\":null,\"reason\":\"quality\",\"cause\":null}\n"
        "{\"number\":9,\"at\":5,\"local\":5,\"kind\":\"LINKS\",\"node\":null,\"peer\":null,"
        "\"component\":null,\"type\":null,\"body\":null,\"reason\":\"heal\",\"cause\":null}\n"
        "{\"number\":10,\"at\":6,\"local\":6,\"kind\":\"CHECK\",\"node\":3,\"peer\":null,"
        "\"component\":\"stub_lock\",\"type\":null,"
        "\"body\":{\"condition\":\"a < b\",\"line\":42},\"cause\":3}\n"
        "{\"number\":11,\"at\":6,\"local\":6,\"kind\":\"NOTE\",\"node\":3,\"peer\":null,"
        "\"component\":null,\"type\":null,\"body\":{\"text\":\"p1: two\"},\"cause\":3}\n"
        "{\"number\":12,\"at\":6,\"local\":6,\"kind\":\"CLIENT\",\"node\":3,\"peer\":null,"
        "\"component\":null,\"type\":\"HOLDS\",\"body\":{\"client\":1,\"resource\":2},"
        "\"cause\":3}\n"
        "{\"number\":13,\"at\":7,\"local\":7,\"kind\":\"RECEIVE\",\"node\":11,\"peer\":3,"
        "\"component\":\"stub_lock\",\"type\":\"ASK\",\"body\":{\"clock\":7},"
        "\"reason\":\"corrupt\",\"cause\":2}\n";
    expect_trace(TRACE_JSON_LINES, NULL, all_kinds, expected);
}

static void one_timer(history *h)
{
    history_record(h, (record){.kind = RECORD_TIMER,
                               .at = 1,
                               .node = 3,
                               .peer = NOBODY,
                               .type = 1,
                               .component = 1});
}

Test (text_trace, a_stack_names_its_components) {
    expect_trace(TRACE_TEXT, &stub_application, one_timer,
                 "   0.000000001 #1       n3  TIMER      stub_lock:give_up\n");
}

static void nothing(history *h)
{
    (void)h;
}

static void many(history *h)
{
    for (int i = 0; i < 20000; i++) {
        one_timer(h);
    }
}

Test (text_trace, nothing_is_an_empty_file) {
    expect_trace(TRACE_TEXT, NULL, nothing, "");
    expect_trace(TRACE_JSON_LINES, NULL, nothing, "");
}

Test (text_trace, every_line_is_written) {
    char *text = traced(TRACE_TEXT, &stub_application, many), *line = text;
    uint64_t lines = 0;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        lines++;
        cr_assert_eq(strtoull(strchr(line, '#') + 1, NULL, 10), lines);
    }
    cr_expect_eq(lines, 20000);
    cr_expect_eq(*line, '\0');
    free(text);
}

/* /dev/full takes nothing: the failure may show while writing or at the end. */
Test (text_trace, a_full_disk_is_told) {
    void (*plays[])(history *) = {one_timer, many};
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen("/dev/full", "w");
        cr_assert_not_null(file);
        text_trace *t = text_trace_new(file, TRACE_JSON_LINES);
        observer o = text_trace_observer(t);
        history h = history_of_stack(12, 1, &stub_application, &stub_lock);
        h.self = o.self;
        h.watch = o.on_record;
        plays[i](&h);
        errno = 0;
        cr_expect_not(text_trace_close(t));
        cr_expect_eq(errno, ENOSPC, "%s", strerror(errno));
        fclose(file);
        history_end(&h);
    }
}
