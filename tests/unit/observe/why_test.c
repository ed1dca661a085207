#include "../history.h"

#include "observe/why.h"

#include <string.h>

static void on_record(void *self, const world *w, const record *r)
{
    (void)w;
    why_record(self, r);
}

static why *ask(history *h, const char *played, uint64_t number, int64_t end)
{
    why *y = why_new(h->world, number);
    h->self = y;
    h->watch = on_record;
    history_play(h, played);
    why_end(y, end);
    return y;
}

static void expect_waits(const char *played, uint64_t number, const char *expected)
{
    history h = history_of(4, 3);
    why *y = ask(&h, played, number, 99);
    GString *text = g_string_new(NULL);
    why_append_waits(y, text);
    cr_expect_str_eq(text->str, expected, "\n%s\n%s", text->str, expected);
    g_string_free(text, TRUE);
    why_free(y);
    history_end(&h);
}

#define S "0.0000000"

Test (why, the_chain_of_causes_leads_back_to_the_first) {
    history h = history_of(4, 1);
    why *y = why_new(h.world, 6);
    h.self = y;
    h.watch = on_record;
    static const uint64_t causes[] = {0, 1, 0, 2, 3, 4, 6};
    for (size_t i = 0; i < G_N_ELEMENTS(causes); i++) {
        history_message(&h, (int64_t)i, RECORD_SEND, 1, 2, causes[i], REASON_NONE);
    }
    why_end(y, 9);
    cr_expect(why_is_known(y));
    for (uint64_t number = 1; number <= G_N_ELEMENTS(causes); number++) {
        bool expected = number == 1 || number == 2 || number == 4 || number == 6;
        cr_expect_eq(why_is_cause(y, number), expected, "record %d", (int)number);
    }
    why_free(y);
    history_end(&h);
}

Test (why, a_record_that_never_came_is_unknown) {
    history h = history_of(4, 1);
    why *y = ask(&h, "10A1 20G1", 3, 30);
    cr_expect_not(why_is_known(y));
    cr_expect_not(why_is_cause(y, 3));
    why_free(y);
    history_end(&h);
}

Test (why, who_holds_what_a_request_waits_for_is_named_in_order) {
    expect_waits("10A1 11G1 12A2 20R1 21A3 22G3 30R3 31G2", 3,
                 "n2 waits for resource 0 from " S "12 s (#3) to " S "31 s (#8)\n"
                 "  held by n1 from " S "11 s (#2) to " S "20 s (#4)\n"
                 "  held by n3 from " S "22 s (#6) to " S "30 s (#7)\n");
}

Test (why, who_does_not_wait_gets_no_answer) {
    expect_waits("10A1 11G1 12R1 13A2", 3, "");
}

Test (why, a_deadlock_is_followed_until_it_closes) {
    expect_waits("10A1.0 11G1.0 12A2.1 13G2.1 14A1.1 15A2.0", 5,
                 "n1 waits for resource 1 from " S "14 s (#5) to the end\n"
                 "  held by n2 from " S "13 s (#4) to the end\n"
                 "n2 waits for resource 0 from " S "15 s (#6) to the end\n"
                 "  held by n1 from " S "11 s (#2) to the end\n"
                 "and so on: they wait for each other\n");
}

Test (why, what_nobody_holds_is_told) {
    expect_waits("10A1", 1,
                 "n1 waits for resource 0 from " S "10 s (#1) to the end\n"
                 "  held by nobody meanwhile\n");
}
