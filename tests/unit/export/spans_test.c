#include "../history.h"

#include "export/spans.h"

#include <glib.h>
#include <inttypes.h>

static void on_record(void *self, const world *w, const record *r)
{
    (void)w;
    spans_record(self, r);
}

static void expect_all(spans *s, int64_t end, const char *expected)
{
    size_t count;
    const span *all = spans_all(s, end, &count);
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(text,
                               "%s n%" PRIu32 " %" PRId32 " %" PRIu32 " %" PRId64 "..%" PRId64
                               " #%" PRIu64 "..%" PRIu64 "\n",
                               span_kind_name(all[i].kind), all[i].node, all[i].client,
                               all[i].resource, all[i].from_at, all[i].to_at, all[i].from,
                               all[i].to);
    }
    cr_expect_str_eq(text->str, expected, "found\n%s\nexpected\n%s", text->str, expected);
    g_string_free(text, TRUE);
}

static void expect(const dasim_algorithm *top, const char *played, int64_t end,
                   const char *expected)
{
    history h = history_of_stack(4, 3, NULL, top);
    spans *s = spans_new(h.world);
    h.watch = on_record;
    h.self = s;
    history_play(&h, played);
    expect_all(s, end, expected);
    spans_free(s);
    history_end(&h);
}

Test (spans, of_a_lock_stand_in_the_order_of_their_beginning) {
    expect(&stub_lock, "10A1 20A2.1 30G2.1 40G1 50R2.1", 60,
           "waits n1 -1 0 10..40 #1..4\n"
           "waits n2 -1 1 20..30 #2..3\n"
           "holds n2 -1 1 30..50 #3..5\n"
           "holds n1 -1 0 40..60 #4..0\n");
}

Test (spans, processes_of_a_node_are_told_apart) {
    expect(&stub_lock, "10Wa1.2 10Wb1.2 10A1.2 20G1.2 20Ha1.2 30R1.2", 40,
           "waits n1 0 2 10..20 #1..5\n"
           "waits n1 1 2 10..40 #2..0\n"
           "holds n1 0 2 20..30 #5..6\n");
}

Test (spans, a_node_leads_from_naming_itself_until_it_names_another_or_crashes) {
    expect(&stub_election, "10N1.1 20N2.1 30N1.1 40N1.3 50N2.2 60X2 70B2", 80,
           "leads n1 -1 0 10..40 #1..4\n"
           "leads n2 -1 0 50..60 #5..6\n");
}

static const dasim_algorithm stub_memory = STUB(.name = "stub_memory", .provides = DASIM_MEMORY);
static const dasim_algorithm stub_channel = STUB(.name = "stub_channel", .provides = DASIM_CHANNEL);

static void ask(history *h, int64_t at, record_kind kind, uint32_t op, const void *body,
                uint32_t size)
{
    history_record(h, (record){.at = at,
                               .node = 1,
                               .peer = NOBODY,
                               .type = op,
                               .size = size,
                               .kind = (uint16_t)kind,
                               .body = body});
}

Test (spans, an_access_is_under_way_until_it_is_done) {
    history h = history_of_stack(2, 3, NULL, &stub_memory);
    spans *s = spans_new(h.world);
    dasim_access one = {.object = 2, .tag = 7}, other = {.object = 2, .tag = 8};
    h.watch = on_record;
    h.self = s;
    ask(&h, 10, RECORD_REQUEST, DASIM_READ, &one, sizeof one);
    ask(&h, 11, RECORD_REQUEST, DASIM_READ, &other, sizeof other);
    ask(&h, 11, RECORD_INDICATION, DASIM_READ_DONE, &other, sizeof other); /* it took no time */
    ask(&h, 30, RECORD_INDICATION, DASIM_READ_DONE, &one, sizeof one);
    expect_all(s, 40, "access n1 7 2 10..30 #1..4\n");
    spans_free(s);
    history_end(&h);
}

Test (spans, a_call_is_under_way_until_it_is_answered_or_its_node_crashes) {
    history h = history_of_stack(2, 1, NULL, &stub_channel);
    spans *s = spans_new(h.world);
    dasim_call call = {.process = 3, .descriptor = 4};
    h.watch = on_record;
    h.self = s;
    ask(&h, 10, RECORD_REQUEST, DASIM_INPUT, &call, sizeof call);
    ask(&h, 20, RECORD_INDICATION, DASIM_INPUT, &call, sizeof call);
    ask(&h, 30, RECORD_REQUEST, DASIM_INPUT, &call, sizeof call);
    history_play(&h, "50X1 60B1");
    ask(&h, 70, RECORD_REQUEST, DASIM_EXIT, &call, sizeof call);
    expect_all(s, 80,
               "call n1 3 0 10..20 #1..2\ncall n1 3 0 30..50 #3..4\ncall n1 3 0 70..70 #6..6\n");
    spans_free(s);
    history_end(&h);
}
