#include "../history.h"

#include "observe/intervals.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

typedef struct listing {
    intervals *intervals;
    GString *text;
} listing;

static void append(GString *text, const char *name, uint32_t id)
{
    if (id == NOBODY) {
        g_string_append_printf(text, " %s any", name);
    } else {
        g_string_append_printf(text, " %s %" PRIu32, name, id);
    }
}

static void on_interval(void *self, const interval *one)
{
    listing *l = self;
    g_string_append(l->text, interval_name(one->kind));
    append(l->text, "node", one->node);
    if (one->kind == INTERVAL_CUT) {
        append(l->text, "peer", one->peer);
    }
    g_string_append_printf(l->text,
                           " resource %" PRIu32 " client %" PRId32 " %" PRId64 "..%" PRId64
                           " #%" PRIu64 "..%" PRIu64 "\n",
                           one->resource, one->client, one->from, one->to, one->first, one->last);
}

static void on_record(void *self, const world *w, const record *r)
{
    (void)w;
    intervals_record(((listing *)self)->intervals, r);
}

static void expect(const char *played, void (*more)(history *h), int64_t end, const char *expected)
{
    history h = history_of(4, 3);
    listing l = {.text = g_string_new(NULL)};
    l.intervals = intervals_new(h.world, on_interval, &l);
    h.watch = on_record;
    h.self = &l;
    history_play(&h, played);
    if (more) {
        more(&h);
    }
    intervals_end(l.intervals, end);
    cr_expect_str_eq(l.text->str, expected, "\n%s\n%s", l.text->str, expected);
    intervals_free(l.intervals);
    g_string_free(l.text, TRUE);
    history_end(&h);
}

Test (intervals, of_a_lock_begin_and_end_with_what_its_client_is_told) {
    expect("10A1.2 20G1.2 30R1.2 40A1.2", NULL, 50,
           "waiting node 1 resource 2 client -1 10..20 #1..2\n"
           "holding node 1 resource 2 client -1 20..30 #2..3\n"
           "waiting node 1 resource 2 client -1 40..50 #4..0\n");
}

Test (intervals, a_grant_that_nobody_asked_for_is_held_and_a_lease_ends) {
    expect("20G0 30E0", NULL, 50, "holding node 0 resource 0 client -1 20..30 #1..2\n");
}

Test (intervals, a_crash_ends_what_its_node_waits_for_and_holds_until_it_boots) {
    expect("10A1.2 20A1.0 25G1.0 26A2 30X1 60B1", NULL, 70,
           "waiting node 1 resource 0 client -1 20..25 #2..3\n"
           "waiting node 1 resource 2 client -1 10..30 #1..5\n"
           "holding node 1 resource 0 client -1 25..30 #3..5\n"
           "crashed node 1 resource 0 client -1 30..60 #5..6\n"
           "waiting node 2 resource 0 client -1 26..70 #4..0\n");
}

Test (intervals, processes_of_a_node_are_told_apart) {
    expect("10Wa1.2 10A1.2 11Wb1.2 20G1.2 20Ha1.2 30R1.2 30Hb1.2 40R1.2 50Wa1.2 60Qa1.2", NULL, 70,
           "waiting node 1 resource 2 client 0 10..20 #1..5\n"
           "holding node 1 resource 2 client 0 20..30 #5..6\n"
           "waiting node 1 resource 2 client 1 11..30 #3..7\n"
           "holding node 1 resource 2 client 1 30..40 #7..8\n"
           "waiting node 1 resource 2 client 0 50..60 #9..10\n");
}

static void link(history *h, int64_t at, uint32_t from, uint32_t to, record_reason what)
{
    history_record(h, (record){.at = at,
                               .node = from,
                               .peer = to,
                               .kind = RECORD_LINKS,
                               .reason = (uint8_t)what});
}

static void partition(history *h, int64_t at, const uint16_t groups[4])
{
    history_record(h, (record){.at = at,
                               .node = NOBODY,
                               .peer = NOBODY,
                               .kind = RECORD_LINKS,
                               .reason = REASON_PARTITION,
                               .size = 8,
                               .body = groups});
}

static void network(history *h)
{
    link(h, 10, 1, NOBODY, REASON_CUT);
    link(h, 20, 2, 3, REASON_CUT);
    link(h, 25, 1, NOBODY, REASON_HEAL);
    partition(h, 30, (const uint16_t[]){0, 0, 1, 1});
    partition(h, 40, (const uint16_t[]){0, 1, 1, 1});
    link(h, 50, NOBODY, NOBODY, REASON_HEAL);
    history_record(h, (record){.at = 60, .kind = RECORD_PAUSE, .node = 3, .peer = NOBODY});
    history_record(h, (record){.at = 70, .kind = RECORD_RESUME, .node = 3, .peer = NOBODY});
}

Test (intervals, of_the_network_end_with_what_heals_it) {
    expect("", network, 90,
           "cut node 1 peer any resource 0 client -1 10..25 #1..3\n"
           "partitioned node 0 resource 0 client -1 30..40 #4..5\n"
           "partitioned node 1 resource 0 client -1 30..40 #4..5\n"
           "partitioned node 2 resource 1 client -1 30..40 #4..5\n"
           "partitioned node 3 resource 1 client -1 30..40 #4..5\n"
           "cut node 2 peer 3 resource 0 client -1 20..50 #2..6\n"
           "partitioned node 0 resource 0 client -1 40..50 #5..6\n"
           "partitioned node 1 resource 1 client -1 40..50 #5..6\n"
           "partitioned node 2 resource 1 client -1 40..50 #5..6\n"
           "partitioned node 3 resource 1 client -1 40..50 #5..6\n"
           "paused node 3 resource 0 client -1 60..70 #7..8\n");
}
