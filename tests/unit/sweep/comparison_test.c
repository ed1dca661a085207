/* Paired differences, Holm's correction, effect tables. */
#include "sweep/statistics.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <math.h>

/* The extra sleep by two drugs, ten patients, in tenths of an hour: Student, "The probable error
 * of a mean", Biometrika 6, 1908; t = 4.0621, p = 0.002833, 0.700 .. 2.460 hours. */
static const observation laevo[] = {{19, 1}, {8, 1},  {11, 1}, {1, 1},  {-1, 1},
                                    {44, 1}, {55, 1}, {16, 1}, {46, 1}, {34, 1}};
static const observation dextro[] = {{7, 1},  {-16, 1}, {-2, 1}, {-12, 1}, {-1, 1},
                                     {34, 1}, {37, 1},  {8, 1},  {0, 1},   {20, 1}};

Test (difference, student_s_own_example) {
    difference d = paired_difference(laevo, 10, dextro, 10);
    cr_expect(fabs(d.by.value - 15.8) < 1e-12, "%.15g", d.by.value);
    cr_expect(fabs(d.p - 0.00283289) < 1e-8, "%.10g", d.p);
    cr_expect(fabs(d.by.low - 7.001142) < 1e-5, "%.10g", d.by.low);
    cr_expect(fabs(d.by.high - 24.598858) < 1e-5, "%.10g", d.by.high);
}

Test (difference, the_other_way_round_has_the_other_sign) {
    difference d = paired_difference(laevo, 10, dextro, 10);
    difference e = paired_difference(dextro, 10, laevo, 10);
    cr_expect(e.by.value == -d.by.value && e.by.low == -d.by.high && e.p == d.p);
}

Test (difference, it_pairs_as_many_runs_as_both_have) {
    difference d = paired_difference(laevo, 10, dextro, 7);
    difference e = paired_difference(laevo, 7, dextro, 7);
    cr_expect(d.by.runs == 7 && d.by.value == e.by.value && d.p == e.p);
}

/* 3 messages an entry against 8, whatever the number of entries. */
Test (difference, ratios_that_never_vary_differ_for_certain_or_not_at_all) {
    observation three[20], eight[20], other_three[20];
    for (int i = 0; i < 20; i++) {
        three[i] = (observation){3 * (100 + i % 7), 100 + i % 7};
        eight[i] = (observation){8 * (90 + i % 5), 90 + i % 5};
        other_three[i] = (observation){3 * (33 + i), 33 + i};
    }
    difference d = paired_difference(three, 20, eight, 20);
    cr_expect(d.by.value == -5 && d.by.low == -5 && d.by.high == -5 && d.p == 0);
    d = paired_difference(three, 20, other_three, 20);
    cr_expect(d.by.value == 0 && d.by.low == 0 && d.p == 1);
}

Test (difference, one_run_or_none_says_nothing) {
    difference d = paired_difference(laevo, 1, dextro, 1);
    cr_expect(d.by.value == 12 && d.by.low == -INFINITY && d.p == 1);
    d = paired_difference(laevo, 0, dextro, 0);
    cr_expect(d.by.value == 0 && d.by.high == INFINITY && d.p == 1);
}

Test (holm, adjusts_as_published) {
    double p[] = {0.03, 0.01, 0.04, 0.02}, q[] = {0.01, 0.02, 0.03, 0.04, 0.9};
    holm_adjust(p, 4);
    cr_expect(fabs(p[1] - 0.04) < 1e-12 && fabs(p[3] - 0.06) < 1e-12);
    cr_expect(fabs(p[0] - 0.06) < 1e-12 && fabs(p[2] - 0.06) < 1e-12);
    holm_adjust(q, 5);
    cr_expect(fabs(q[0] - 0.05) < 1e-12 && fabs(q[1] - 0.08) < 1e-12 && fabs(q[3] - 0.09) < 1e-12 &&
              fabs(q[4] - 0.9) < 1e-12);
    holm_adjust(q, 0);
}

/* ------------------------------------------------------------------------------- effect tables */

enum { RUNS = 20, CONTENDERS = 4, CELLS = 6 };

/* Contender i in cell c: load of the seed (common to all), noise of its own, and `gap` for each
 * contender before it. */
static void fill(observation runs[CELLS][CONTENDERS][RUNS], contender cells[CELLS * CONTENDERS],
                 uint64_t who, int64_t gap)
{
    for (uint64_t c = 0; c < CELLS; c++) {
        for (uint64_t i = 0; i < CONTENDERS; i++) {
            rng_key common = rng_key_of(1, 5, who * CELLS + c), own = rng_key_for(common, i + 1);
            for (uint64_t k = 0; k < RUNS; k++) {
                int64_t load = (int64_t)(rng_draw(common, k) % 10000);
                int64_t chance = (int64_t)(rng_draw(own, k) % 1000);
                runs[c][i][k] = (observation){100000 + load + chance + gap * (int64_t)i, 1};
            }
            cells[c * CONTENDERS + i] = (contender){runs[c][i], RUNS};
        }
    }
}

Test (effects, one_false_alarm_or_more_in_at_most_five_tables_of_a_hundred) {
    static observation runs[CELLS][CONTENDERS][RUNS];
    contender cells[CELLS * CONTENDERS];
    effect effects[CELLS];
    int alarms = 0, tables = 1000;
    for (int i = 0; i < tables; i++) {
        bool alarm = false;
        fill(runs, cells, (uint64_t)i, 0);
        effect_table(cells, CELLS, CONTENDERS, true, effects);
        for (int c = 0; c < CELLS; c++) {
            alarm |= effects[c].significant || effects[c].lead.p < 0.05;
        }
        alarms += alarm;
    }
    cr_expect_leq(alarms, tables / 20, "%d of %d", alarms, tables);
}

/* The gap is a thirtieth of what the load alone makes of it: pairing takes that out. */
Test (effects, a_gap_far_below_the_scatter_of_the_load_is_found_by_pairing) {
    static observation runs[CELLS][CONTENDERS][RUNS];
    contender cells[CELLS * CONTENDERS];
    effect effects[CELLS];
    fill(runs, cells, 1, 600);
    effect_table(cells, CELLS, CONTENDERS, true, effects);
    for (int c = 0; c < CELLS; c++) {
        estimate first = observations_estimate(cells[c * CONTENDERS].runs, RUNS);
        cr_expect(effects[c].winner == 0 && effects[c].second == 1 && effects[c].significant);
        cr_expect_gt(effects[c].lead.by.low, 0);
        cr_expect_gt(first.high, observations_estimate(cells[c * CONTENDERS + 1].runs, RUNS).low);
    }
    effect_table(cells, CELLS, CONTENDERS, false, effects);
    for (int c = 0; c < CELLS; c++) {
        cr_expect(effects[c].winner == CONTENDERS - 1 && effects[c].lead.by.high < 0);
    }
}

Test (effects, who_has_no_runs_takes_no_part) {
    static observation runs[CELLS][CONTENDERS][RUNS];
    contender cells[CELLS * CONTENDERS];
    effect effects[CELLS];
    fill(runs, cells, 1, 600);
    cells[0] = (contender){0};
    for (int i = 1; i < CONTENDERS; i++) {
        cells[CONTENDERS + i] = (contender){0};
        cells[2 * CONTENDERS + i] = (contender){0};
    }
    cells[2 * CONTENDERS] = (contender){0};
    effect_table(cells, CELLS, CONTENDERS, true, effects);
    cr_expect(effects[0].winner == 1 && effects[0].second == 2 && effects[0].significant);
    cr_expect(effects[1].winner == 0 && effects[1].second == SIZE_MAX && !effects[1].significant);
    cr_expect(effects[2].winner == SIZE_MAX && effects[2].second == SIZE_MAX);
}

Test (effects, of_equals_the_first_wins_without_significance) {
    static observation same[RUNS];
    contender cells[3];
    effect e;
    for (int i = 0; i < RUNS; i++) {
        same[i] = (observation){100 + i, 1};
    }
    for (int i = 0; i < 3; i++) {
        cells[i] = (contender){same, RUNS};
    }
    effect_table(cells, 1, 3, true, &e);
    cr_expect(e.winner == 0 && e.second == 1 && !e.significant && e.lead.p == 1);
}
