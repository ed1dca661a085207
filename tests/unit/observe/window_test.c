#include "../history.h"

#include "observe/window.h"

#include <string.h>

Test (window, lists_of_nodes_are_read_and_others_refused) {
    static const char *const good[] = {"0", "0,3,5..7", "2..2"};
    static const char *const bad[] = {"",    ",",   "1,",         "-1",    "x",  "3..1",
                                      "1..", "..2", "4294967295", "1...3", "1 2"};
    for (size_t i = 0; i < G_N_ELEMENTS(good) + G_N_ELEMENTS(bad); i++) {
        bool is_good = i < G_N_ELEMENTS(good);
        const char *list = is_good ? good[i] : bad[i - G_N_ELEMENTS(good)];
        window x;
        window_init(&x);
        cr_expect_eq(window_add_nodes(&x, list), is_good, "%s", list);
        window_clear(&x);
    }
}

typedef struct selection {
    const char *nodes, *types; /* NULL: not said */
    int64_t from, until;
    record r;
    bool selected;
} selection;

#define MESSAGE(kind_of, at_of, from_of, to_of)                                                    \
    {                                                                                              \
        .kind = kind_of, .at = at_of, .node = from_of, .peer = to_of, .type = STUB_ASK             \
    }

static const selection selections[] = {
    {NULL, NULL, INT64_MIN, INT64_MAX, MESSAGE(RECORD_SEND, 5, 1, 2), true},
    {NULL, NULL, 5, 5, MESSAGE(RECORD_SEND, 5, 1, 2), true},
    {NULL, NULL, 6, INT64_MAX, MESSAGE(RECORD_SEND, 5, 1, 2), false},
    {NULL, NULL, INT64_MIN, 4, MESSAGE(RECORD_SEND, 5, 1, 2), false},
    {"1", NULL, 0, 9, MESSAGE(RECORD_SEND, 5, 1, 2), true},
    {"2", NULL, 0, 9, MESSAGE(RECORD_SEND, 5, 1, 2), false},
    {"0,1..2", NULL, 0, 9, MESSAGE(RECORD_RECEIVE, 5, 2, 3), true},
    {NULL, "ASK", 0, 9, MESSAGE(RECORD_SEND, 5, 1, 2), true},
    {NULL, "ANSWER,SEND", 0, 9, MESSAGE(RECORD_SEND, 5, 1, 2), true},
    {NULL, "ANSWER", 0, 9, MESSAGE(RECORD_SEND, 5, 1, 2), false},
    {"3", NULL, 0, 9, {.kind = RECORD_LINKS, .at = 5, .node = 1, .peer = 3}, true},
    {"3", NULL, 0, 9, {.kind = RECORD_LINKS, .at = 5, .node = 1, .peer = NOBODY}, true},
    {"3", NULL, 0, 9, {.kind = RECORD_LINKS, .at = 5, .node = 1, .peer = 2}, false},
};

Test (window, selects_by_time_node_and_type) {
    history h = history_of(4, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(selections); i++) {
        const selection *s = &selections[i];
        window x;
        window_init(&x);
        x.from = s->from;
        x.until = s->until;
        if (s->nodes) {
            cr_expect(window_add_nodes(&x, s->nodes));
        }
        if (s->types) {
            window_add_types(&x, s->types);
        }
        cr_expect_eq(window_selects(&x, h.world, &s->r), s->selected, "case %zu", i);
        window_clear(&x);
    }
    history_end(&h);
}

static void expect_fault(const char *nodes, const char *types, const char *expected)
{
    history h = history_of(4, 1);
    window x;
    window_init(&x);
    if (nodes) {
        cr_expect(window_add_nodes(&x, nodes));
    }
    if (types) {
        window_add_types(&x, types);
    }
    char *found = window_fault(&x, world_config_of(h.world));
    if (expected == NULL) {
        cr_expect_null(found, "%s", found);
    } else {
        cr_expect_not_null(found);
        cr_expect(found && strstr(found, expected), "%s, expected %s", found, expected);
    }
    g_free(found);
    window_clear(&x);
    history_end(&h);
}

Test (window, what_the_world_does_not_have_is_told) {
    expect_fault("0..3", "ASK,ANSWER,ACQUIRE,GRANTED,retry,CRASH,WAITS", NULL);
    expect_fault("0..4", NULL, "found --node 4, expected 0 .. 3");
    expect_fault(NULL, "ASK,ANSWRE", "did you mean 'ANSWER'?");
    expect_fault(NULL, "", "found --type ''");
}

Test (window, touches_what_overlaps_it) {
    window x;
    window_init(&x);
    cr_expect(window_is_whole(&x));
    cr_expect(window_overlaps(&x, 0, 0));
    x.from = 10;
    x.until = 20;
    cr_expect_not(window_is_whole(&x));
    cr_expect(window_overlaps(&x, 0, 10) && window_overlaps(&x, 20, 30) &&
              window_overlaps(&x, 0, 30) && window_overlaps(&x, 12, 13));
    cr_expect_not(window_overlaps(&x, 0, 9) || window_overlaps(&x, 21, 30));
    window_clear(&x);
}
