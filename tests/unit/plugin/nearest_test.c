#include "plugin/plugin.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *const names[] = {"latency", "loss", "duplicates", "hold", "holds", "think"};

typedef struct nearest_case {
    const char *found, *nearest; /* NULL: none is near */
} nearest_case;

static void check(const nearest_case *cases, size_t count)
{
    for (const nearest_case *c = cases; c < cases + count; c++) {
        const char *nearest = nearest_name(c->found, names, G_N_ELEMENTS(names));
        cr_expect(g_strcmp0(nearest, c->nearest) == 0, "%s: found %s, expected %s", c->found,
                  nearest ? nearest : "none", c->nearest ? c->nearest : "none");
    }
}

#define CHECK(...)                                                                                 \
    static const nearest_case cases[] = {__VA_ARGS__};                                             \
    check(cases, G_N_ELEMENTS(cases))

Test (nearest, one_slip_is_forgiven) {
    CHECK({"latncy", "latency"}, {"latenccy", "latency"}, {"latemcy", "latency"},
          {"latecny", "latency"}, {"loss", "loss"});
}

Test (nearest, a_swap_of_neighbours_counts_once) {
    const char *const pair[] = {"abcdef", "badcfe"};
    cr_expect_str_eq(nearest_name("badcfe", pair, 1), "abcdef"); /* three swaps */
    const char *const far[] = {"abcdefgh"};
    cr_expect_null(nearest_name("badcfehg", far, 1)); /* four */
}

Test (nearest, the_first_of_equally_near_ones_is_taken) {
    const char *const equal[] = {"cat", "bat", "rat"};
    cr_expect_str_eq(nearest_name("hat", equal, 3), "cat");
    CHECK({"holdx", "hold"}, {"holdss", "holds"});
}

Test (nearest, what_is_far_is_not_near) {
    CHECK({"bandwidth", NULL}, {"latxxxxy", NULL}, {"duplixxxes", "duplicates"},
          {"dupliyxxxs", NULL});
}

Test (nearest, a_name_is_not_replaced_as_a_whole) {
    CHECK({"", NULL}, {"x", NULL}, {"xy", NULL}, {"xyz", NULL}, {"los", "loss"});
}

Test (nearest, long_names_are_left_alone) {
    char longest[65], longer[66];
    memset(longest, 'a', 64);
    longest[64] = '\0';
    memset(longer, 'a', 65);
    longer[65] = '\0';
    const char *const both[] = {longer, longest};
    cr_expect_eq(nearest_name(longest, both, 2), longest);
    cr_expect_null(nearest_name(longer, both, 2));
    cr_expect_null(nearest_name(longest, both, 1));
}

Test (nearest, no_names_have_no_nearest) {
    cr_expect_null(nearest_name("loss", NULL, 0));
}
