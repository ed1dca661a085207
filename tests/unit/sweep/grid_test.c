#include "sweep/grid.h"

#include <criterion/criterion.h>

static char *values_of(const char *text)
{
    grid *g = grid_new();
    GString *all = g_string_new(NULL);
    if (grid_add_axis(g, text, NULL)) {
        const grid_axis *axis = &g_array_index(g->axes, grid_axis, 0);
        g_string_append(all, axis->name);
        for (guint i = 0; i < axis->values->len; i++) {
            g_string_append_printf(all, " %s", (const char *)axis->values->pdata[i]);
        }
    }
    grid_free(g);
    return g_string_free(all, FALSE);
}

Test (grid, values_are_lists_and_ranges) {
    static const char *const cases[][2] = {
        {"nodes=2..64*2", "nodes 2 4 8 16 32 64"},
        {"nodes=2..70*2", "nodes 2 4 8 16 32 64"},
        {"a=1..4", "a 1 2 3 4"},
        {"a=1..10+4", "a 1 5 9"},
        {"loss=0,1%,5%", "loss 0 1% 5%"},
        {"a=-2..2+2", "a -2 0 2"},
        {"think=1ms..64ms*4", "think 1ms 4ms 16ms 64ms"},
        {"loss=1%..5%+2%", "loss 1% 3% 5%"},
        {"a=1,1..3,x,1", "a 1 2 3 x"},
        {"a=9223372036854775806..9223372036854775807", "a 9223372036854775806 9223372036854775807"},
        {"a=1..9223372036854775807*4611686018427387904", "a 1 4611686018427387904"},
        {"text=a=b", "text a=b"},
        /* none of these */
        {"nodes", ""},
        {"=1", ""},
        {"a=", ""},
        {"a=1,,2", ""},
        {"a=3..1", ""},
        {"a=1..9*1", ""},
        {"a=0..9*2", ""},
        {"a=1..9+0", ""},
        {"a=1ms..4s", ""},
        {"a=1..9+1ms", ""},
        {"a=x..y", ""},
        {"a=1..", ""},
        {"a=1..99999", ""},
        {"a=1..99999999999999999999", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *found = values_of(cases[i][0]);
        cr_expect_str_eq(found, cases[i][1], "%s gives '%s'", cases[i][0], found);
        g_free(found);
    }
}

Test (grid, seeds_are_ascending_and_each_counts_once) {
    grid *g = grid_new();
    cr_assert(grid_set_seeds(g, "7,1..3,3..5,20", NULL));
    static const uint64_t wanted[] = {1, 2, 3, 4, 5, 7, 20};
    cr_assert_eq(g->seed_count, G_N_ELEMENTS(wanted));
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        cr_expect_eq(grid_seed(g, i), wanted[i]);
    }
    cr_assert(grid_set_seeds(g, "0..9223372036854775807", NULL));
    cr_expect_eq(g->seed_count, UINT64_C(1) << 63);
    static const char *const bad[] = {"", "x", "3..1", "-1", "1ms", "1..", "9223372036854775808"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        cr_expect_not(grid_set_seeds(g, bad[i], NULL), "%s", bad[i]);
    }
    grid_free(g);
}

Test (grid, cells_are_all_combinations_the_last_parameter_fastest) {
    static const char *const labels[] = {"a=1 b=x", "a=1 b=y", "a=2 b=x",
                                         "a=2 b=y", "a=3 b=x", "a=3 b=y"};
    grid *g = grid_new();
    scenario_setting fixed = {"c", "9"};
    g_array_append_val(g->fixed, fixed);
    cr_assert_eq(grid_cells(g), 1);
    cr_assert(grid_add_axis(g, "a=1..3", NULL));
    cr_assert(grid_add_axis(g, "b=x,y", NULL));
    cr_assert_not(grid_add_axis(g, "a=4", NULL), "a parameter twice");
    cr_assert_eq(grid_cells(g), G_N_ELEMENTS(labels));
    for (uint32_t cell = 0; cell < G_N_ELEMENTS(labels); cell++) {
        char *label = grid_label(g, cell);
        GArray *settings = grid_settings(g, cell);
        cr_expect_str_eq(label, labels[cell]);
        cr_assert_eq(settings->len, 3);
        cr_expect_str_eq(g_array_index(settings, scenario_setting, 0).name, "c");
        g_array_free(settings, TRUE);
        g_free(label);
    }
    grid_free(g);
}
