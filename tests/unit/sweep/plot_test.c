/* Where names stand, which axis a parameter becomes, what is drawn of a sweep. */
#include "sweep/plot_internal.h"

#include <criterion/criterion.h>

/* A small keyed sequence: the same in each run of the test. */
static double part_of(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (double)(1 << 24);
}

Test (plot, names_never_touch_and_never_leave_the_picture) {
    uint64_t state = 1;
    for (int round = 0; round < 2000; round++) {
        double heights[12], before[12];
        size_t count = 1 + (size_t)(part_of(&state) * 12);
        double bunch = part_of(&state);
        for (size_t i = 0; i < count; i++) {
            before[i] = heights[i] = round % 2 ? part_of(&state) : bunch;
        }
        plot_part(heights, count, 0.05);
        for (size_t i = 0; i < count; i++) {
            cr_assert(heights[i] >= -1e-9 && heights[i] <= 1 + 1e-9, "%f", heights[i]);
            for (size_t k = 0; k < count; k++) {
                double apart = heights[i] - heights[k];
                cr_assert(i == k || apart >= 0.05 - 1e-9 || -apart >= 0.05 - 1e-9);
                cr_assert(before[i] >= before[k] || heights[i] < heights[k], "order");
            }
        }
    }
}

Test (plot, names_that_do_not_touch_stay_where_they_are) {
    double heights[] = {0.9, 0.1, 0.5};
    plot_part(heights, 3, 0.05);
    cr_expect_float_eq(heights[0], 0.9, 1e-9);
    cr_expect_float_eq(heights[1], 0.1, 1e-9);
    cr_expect_float_eq(heights[2], 0.5, 1e-9);
}

Test (plot, two_that_touch_part_evenly) {
    double heights[] = {0.5, 0.51};
    plot_part(heights, 2, 0.05);
    cr_expect_float_eq(heights[0], 0.48, 1e-9);
    cr_expect_float_eq(heights[1], 0.53, 1e-9);
}

Test (plot, words_are_quoted_for_gnuplot) {
    GString *text = g_string_new(NULL);
    plot_append_quoted(text, "it's");
    cr_expect_str_eq(text->str, "'it''s'");
    g_string_free(text, TRUE);
}

Test (plot, a_long_question_takes_two_lines) {
    GString *text = g_string_new(NULL);
    plot_append_title(text,
                      "What does a central lock cost when its clients sit in ten cloud regions all "
                      "over the world?",
                      "seed=1");
    cr_expect_str_eq(text->str,
                     "set title 'What does a central lock cost when its clients sit in ten cloud' "
                     ". \"\\n\" . 'regions all over the world?' . \"\\n\" . 'seed=1'\n");
    g_string_free(text, TRUE);
}

Test (plot, a_wide_range_is_logarithmic) {
    cr_expect(plot_is_wide(1, 21));
    cr_expect_not(plot_is_wide(1, 20));
    cr_expect_not(plot_is_wide(0, 1000));
}

/* ------------------------------------------------------------------------------- of a database */

static analysis_cell *cell(const char *algorithm, const char *think)
{
    analysis_cell *c = g_new0(analysis_cell, 1);
    c->settable = g_ptr_array_new();
    const char *const all[] = {"algorithm", algorithm, "think", think};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_ptr_array_add(c->settable, (char *)(uintptr_t)all[i]);
    }
    return c;
}

static analysis *two_by_three(void)
{
    static const char *const algorithms[] = {"raymond", "coordinator"};
    static const char *const thinks[] = {"10s", "20ms", "0"};
    analysis *a = g_new0(analysis, 1);
    a->question = "?";
    a->cells = g_ptr_array_new();
    a->measures = g_ptr_array_new();
    a->varied = g_ptr_array_new();
    for (size_t i = 0; i < 6; i++) {
        g_ptr_array_add(a->cells, cell(algorithms[i / 3], thinks[i % 3]));
    }
    g_ptr_array_add(a->varied, "algorithm");
    g_ptr_array_add(a->varied, "think");
    return a;
}

static void drop(analysis *a)
{
    for (guint i = 0; i < a->cells->len; i++) {
        g_ptr_array_free(((analysis_cell *)a->cells->pdata[i])->settable, TRUE);
        g_free(a->cells->pdata[i]);
    }
    g_ptr_array_free(a->cells, TRUE);
    g_ptr_array_free(a->measures, TRUE);
    g_ptr_array_free(a->varied, TRUE);
    g_free(a);
}

Test (plot, the_parameter_of_numbers_goes_to_the_right_in_their_order) {
    analysis *a = two_by_three();
    plot_choice choice = {0};
    plot_frame f;
    cr_assert(plot_frame_init(&f, a, &choice, NULL));
    cr_assert_str_eq(f.x->name, "think");
    cr_expect_str_eq(f.x->unit, "s");
    cr_assert_eq(f.series->len, 2);
    const plot_series *first = f.series->pdata[0];
    cr_expect_str_eq(first->name, "coordinator");
    cr_assert_eq(first->points->len, 3);
    const double wanted[] = {0, 0.02, 10};
    for (guint i = 0; i < 3; i++) {
        cr_expect_float_eq(g_array_index(first->points, plot_point, i).x, wanted[i], 1e-12);
        cr_expect_eq(g_array_index(first->points, plot_point, i).cell, 5 - i);
    }
    plot_frame_clear(&f);
    drop(a);
}

Test (plot, where_leaves_one_line_and_x_must_be_numbers) {
    analysis *a = two_by_three();
    const char *const where[] = {"algorithm=raymond", NULL};
    plot_choice choice = {.where = where};
    GError *error = NULL;
    plot_frame f;
    cr_assert(plot_frame_init(&f, a, &choice, NULL));
    cr_expect_eq(f.series->len, 1);
    cr_expect_str_eq(((plot_series *)f.series->pdata[0])->name, "");
    plot_frame_clear(&f);
    choice = (plot_choice){.x = "algorithm"};
    cr_expect_not(plot_frame_init(&f, a, &choice, &error));
    cr_expect(g_error_matches(error, PLOT_ERROR, PLOT_ERROR_CHOICE));
    plot_frame_clear(&f);
    g_error_free(error);
    drop(a);
}
