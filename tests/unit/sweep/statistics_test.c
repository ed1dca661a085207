/* Against published tables, textbook examples, and slow ways to the same result. */
#include "sweep/statistics.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void expect_near(double found, double wanted, double off, const char *what)
{
    cr_expect(fabs(found - wanted) <= off, "%s: %.12g, expected %.12g", what, found, wanted);
}

/* --------------------------------------------------------------------------------- Student's t */

/* R. Fisher, F. Yates, "Statistical Tables", table III. */
Test (student, quantiles_are_those_of_the_published_table) {
    static const struct {
        uint64_t degrees;
        double at_95, at_99;
    } table[] = {
        {1, 12.706, 63.657}, {2, 4.303, 9.925},      {3, 3.182, 5.841},          {4, 2.776, 4.604},
        {5, 2.571, 4.032},   {6, 2.447, 3.707},      {7, 2.365, 3.499},          {8, 2.306, 3.355},
        {9, 2.262, 3.250},   {10, 2.228, 3.169},     {11, 2.201, 3.106},         {12, 2.179, 3.055},
        {13, 2.160, 3.012},  {14, 2.145, 2.977},     {15, 2.131, 2.947},         {20, 2.086, 2.845},
        {25, 2.060, 2.787},  {30, 2.042, 2.750},     {40, 2.021, 2.704},         {60, 2.000, 2.660},
        {120, 1.980, 2.617}, {100000, 1.960, 2.576}, {UINT64_MAX, 1.960, 2.576},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_near(student_quantile(0.95, table[i].degrees), table[i].at_95, 0.0005001, "95 %");
        expect_near(student_quantile(0.99, table[i].degrees), table[i].at_99, 0.0005001, "99 %");
    }
}

/* One degree is Cauchy's distribution, two and four have closed forms. */
Test (student, closed_forms_are_met) {
    for (int i = 1; i < 200; i++) {
        double t = i * 0.1, s = t / sqrt(4 + t * t);
        expect_near(student_tail(t, 1), 1 - 2 / M_PI * atan(t), 1e-13, "1");
        expect_near(student_tail(t, 2), 1 - t / sqrt(2 + t * t), 1e-13, "2");
        expect_near(student_tail(t, 4), 1 - s * (1 + 0.5 * (1 - s * s)), 1e-13, "4");
    }
    expect_near(student_quantile(0.95, 2), 1.9 * sqrt(2 / (4 * 0.975 * 0.025)) / 2, 1e-12, "2");
}

Test (student, tail_of_a_quantile_is_what_the_quantile_leaves) {
    for (uint64_t degrees = 1; degrees < 3000; degrees = degrees * 3 / 2 + 1) {
        for (int percent = 50; percent < 100; percent += 7) {
            double t = student_quantile(percent / 100.0, degrees);
            expect_near(student_tail(t, degrees), 1 - percent / 100.0, 1e-11, "tail");
        }
    }
    cr_expect_eq(student_tail(0, 7), 1);
    cr_expect_eq(student_tail(INFINITY, 7), 0);
}

/* --------------------------------------------------------------------------------- wide numbers */

static int64_t draw_any(rng_key key, uint64_t i)
{
    uint64_t draw = rng_draw(key, i);
    return (int64_t)draw >> (rng_draw(key, i + (UINT64_C(1) << 32)) % 63);
}

static __int128 low_half(wide a)
{
    return (__int128)((unsigned __int128)a.part[1] << 64 | a.part[0]);
}

Test (wide, agrees_with_128_bits_where_these_suffice) {
    rng_key key = rng_key_of(1, 1, 1);
    for (uint64_t i = 0; i < 20000; i += 3) {
        int64_t a = draw_any(key, i), b = draw_any(key, i + 1), c = draw_any(key, i + 2);
        wide product = wide_multiply(wide_of(a), wide_of(b));
        __int128 wanted = (__int128)a * b;
        cr_assert(low_half(product) == wanted);
        cr_assert(low_half(wide_add(product, wide_of(c))) == wanted + c);
        cr_assert(low_half(wide_subtract(product, wide_of(c))) == wanted - c);
        cr_assert_eq(wide_is_zero(wide_subtract(product, product)), true);
        double found = wide_to_double(product);
        cr_assert(fabs(found - (double)wanted) <= fabs((double)wanted) * 0x1p-52);
    }
}

Test (wide, powers_of_two_are_exact_up_to_the_top) {
    wide power = wide_of(1), two = wide_of(2);
    double wanted = 1;
    for (int i = 0; i < 575; i++) {
        cr_assert_eq(wide_to_double(power), wanted, "2^%d", i);
        cr_assert_eq(wide_to_double(wide_subtract(wide_of(0), power)), -wanted);
        power = wide_multiply(power, two);
        wanted *= 2;
    }
}

/* -------------------------------------------------------------------------------------- moments */

Test (moments, any_division_into_jobs_in_any_order_gives_the_same_bytes) {
    enum { COUNT = 500 };
    rng_key key = rng_key_of(1, 2, 3);
    moments all = {0};
    observation runs[COUNT];
    for (uint64_t i = 0; i < COUNT; i++) {
        runs[i] = (observation){draw_any(key, i) >> 2,
                                (int64_t)(rng_draw(key, i + 7 * COUNT) >> (2 + i % 60))};
        moments_add(&all, runs[i]);
    }
    for (uint64_t jobs = 1; jobs <= 9; jobs++) {
        moments parts[9] = {0}, joined = {0};
        for (uint64_t i = COUNT; i-- > 0;) {
            moments_add(&parts[rng_draw(key, i + jobs * COUNT) % jobs], runs[i]);
        }
        for (uint64_t job = jobs; job-- > 0;) {
            moments_merge(&joined, &parts[job]);
        }
        cr_expect_eq(memcmp(&joined, &all, sizeof all), 0, "%d jobs", (int)jobs);
    }
}

Test (moments, mean_of_symmetric_values_has_the_plain_t_interval) {
    static const observation values[] = {{-3, 1}, {-1, 1}, {0, 1}, {1, 1}, {3, 1}};
    estimate e = observations_estimate(values, 5);
    double half = 2.7764451052 * sqrt(20.0 / 4 / 5);
    cr_expect_eq(e.runs, 5);
    cr_expect_eq(e.value, 0);
    expect_near(e.high, half, 1e-9, "high");
    expect_near(e.low, -half, 1e-9, "low");
}

/* sum (x - R y)^2 the long way. */
Test (moments, ratio_has_the_variance_of_its_residuals) {
    static const observation values[] = {{30, 10}, {66, 20}, {24, 10}, {60, 20}};
    estimate e = observations_estimate(values, 4);
    double r = 180.0 / 60, squares = 0 + 36 + 36 + 0, mean = 15;
    cr_expect_eq(e.value, r);
    expect_near(e.high - e.value, 3.1824463053 * sqrt(squares / 3 / 4) / mean, 1e-9, "half");
}

Test (moments, skewed_values_have_the_longer_arm_where_their_tail_is) {
    observation values[] = {{1, 1}, {2, 1}, {1, 1}, {3, 1}, {1, 1}, {2, 1}, {20, 1}, {1, 1}};
    estimate e = observations_estimate(values, 8);
    cr_expect_gt(e.high - e.value, e.value - e.low);
    cr_expect_eq(estimate_half_width(e), e.high - e.value);
    for (size_t i = 0; i < 8; i++) {
        values[i].numerator = -values[i].numerator;
    }
    estimate mirrored = observations_estimate(values, 8);
    cr_expect_eq(mirrored.low, -e.high);
    cr_expect_eq(mirrored.high, -e.low);
}

Test (moments, runs_that_are_all_alike_have_an_interval_of_no_width) {
    observation values[20];
    for (int i = 0; i < 20; i++) {
        values[i] = (observation){(INT64_C(1) << 48) / (i + 1) / 7 * 7, 0};
        values[i].denominator = values[i].numerator / 7;
    }
    estimate e = observations_estimate(values, 20);
    cr_expect(e.value == 7 && e.low == 7 && e.high == 7, "%g %g %g", e.low, e.value, e.high);
}

Test (moments, too_few_runs_know_no_interval) {
    static const observation one = {6, 2}, nothing = {0, 0};
    estimate e = observations_estimate(NULL, 0);
    cr_expect(e.runs == 0 && e.value == 0 && e.low == -INFINITY && e.high == INFINITY);
    e = observations_estimate(&one, 1);
    cr_expect(e.runs == 1 && e.value == 3 && e.low == -INFINITY && e.high == INFINITY);
    e = observations_estimate(&nothing, 1);
    cr_expect(e.value == 0 && e.low == -INFINITY);
}

Test (moments, a_run_in_which_nothing_happened_moves_no_ratio) {
    static const observation with[] = {{30, 10}, {0, 0}, {20, 10}},
                             without[] = {{30, 10}, {20, 10}};
    cr_expect_eq(observations_estimate(with, 3).value, observations_estimate(without, 2).value);
}

/* ------------------------------------------------------------------------------------ quantiles */

/* W. Conover, "Practical Nonparametric Statistics", 3rd ed., table A3 and its binomial tails. */
Test (quantiles, ranks_for_the_median_are_the_published_ones) {
    static const uint64_t table[][3] = {{6, 1, 6},    {7, 1, 7},    {8, 1, 8},    {9, 2, 8},
                                        {10, 2, 9},   {12, 3, 10},  {15, 4, 12},  {20, 6, 15},
                                        {25, 8, 18},  {30, 10, 21}, {40, 14, 27}, {50, 18, 33},
                                        {100, 40, 61}};
    uint64_t low, high;
    for (uint64_t count = 0; count < 6; count++) {
        cr_expect_not(order_ranks(count, 500000, &low, &high));
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        cr_assert(order_ranks(table[i][0], 500000, &low, &high));
        cr_expect(low == table[i][1] && high == table[i][2], "%d: %d %d", (int)table[i][0],
                  (int)low, (int)high);
    }
}

/* P(low <= B < high) by all binomial weights; the next narrower ones would not do. */
Test (quantiles, ranks_are_the_narrowest_with_two_and_a_half_percent_beyond_each) {
    static const uint32_t shares[] = {50000, 250000, 500000, 900000, 990000};
    for (uint64_t count = 1; count < 1000; count += 13) {
        for (size_t s = 0; s < 5; s++) {
            uint64_t low, high;
            double p = shares[s] / 1e6, below = 0, above = 0, last = 0;
            if (!order_ranks(count, shares[s], &low, &high)) {
                continue;
            }
            for (uint64_t k = 0; k <= count; k++) {
                double weight = exp(lgamma((double)count + 1) - lgamma((double)k + 1) -
                                    lgamma((double)(count - k) + 1) + (double)k * log(p) +
                                    (double)(count - k) * log(1 - p));
                below += k < low ? weight : 0;
                above += k >= high ? weight : 0;
                last = k == low ? weight : last;
            }
            cr_expect(below <= 0.025 && below + last > 0.025, "%d %d", (int)count, (int)low);
            cr_expect(above <= 0.025 && high <= count, "%d %d", (int)count, (int)high);
        }
    }
}

Test (quantiles, median_is_between_the_middle_two) {
    int64_t values[] = {9, 1, 8, 2, 7, 3, 5, 4};
    estimate e = median_estimate(values, 8);
    cr_expect(e.value == 4.5 && e.low > 1 && e.low < 2 && e.high > 8 && e.high < 9);
    int64_t six[] = {1, 2, 3, 4, 5, 6}; /* (1, 6) holds it with 31/32, (2, 5) with 25/32 */
    double part = (31.0 / 32 - 0.95) / (6.0 / 32), inner = 5 * part / (1 + 4 * part);
    e = median_estimate(six, 6);
    expect_near(e.low, 1 + inner, 1e-12, "low");
    expect_near(e.high, 6 - inner, 1e-12, "high");
    e = median_estimate(values, 5);
    cr_expect(e.value == 3 && e.low == -INFINITY && e.high == INFINITY);
}

/* -------------------------------------------------------------------------------------- warm-up */

static void noise(int64_t *values, size_t count, uint64_t who)
{
    rng_key key = rng_key_of(1, 77, who);
    for (size_t i = 0; i < count; i++) {
        values[i] = 10000 + (int64_t)(rng_draw(key, i) % 2000);
    }
}

Test (warm_up, a_start_that_is_higher_is_left_out_and_little_else) {
    int64_t values[1000];
    for (uint64_t who = 0; who < 50; who++) {
        noise(values, 1000, who);
        for (int i = 0; i < 100; i++) {
            values[i] += 100 * (100 - i);
        }
        size_t cut = warm_up_length(values, 1000);
        cr_expect(cut % 5 == 0 && cut >= 75 && cut < 300, "%zu", cut);
    }
}

Test (warm_up, a_series_that_still_climbs_is_too_short) {
    int64_t values[200];
    for (int i = 0; i < 200; i++) {
        values[i] = 1000 * i;
    }
    cr_expect_eq(warm_up_length(values, 200), 200);
    cr_expect_eq(warm_up_length(values, 49), 49);
}

Test (warm_up, a_constant_series_keeps_all) {
    int64_t values[200] = {0};
    cr_expect_eq(warm_up_length(values, 200), 0);
}
