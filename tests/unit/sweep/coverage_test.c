/*
 * How often does a 95 % interval hold the truth? A thousand experiments each, with truths that are
 * known. By chance alone the count lies within 950 +- 14 two times in three; a fixed seed makes it
 * the same each time. sim/sweep/STATISTICS.md has the figures.
 */
#include "sweep/statistics.h"

#include "base/rng.h"
#include "base/sample.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EXPERIMENTS = 1000, RUNS_MOST = 1000, LEAST = 930, MOST = 970 };

static bool holds(estimate e, double truth)
{
    return e.low <= truth && truth <= e.high;
}

static void expect_coverage(int count, const char *what, size_t runs)
{
    fprintf(stderr, "coverage: %-32s n = %3zu  %.1f %%\n", what, runs, count * 100.0 / EXPERIMENTS);
    cr_expect(count >= LEAST && count <= MOST, "%s, %zu runs: %d of %d", what, runs, count,
              EXPERIMENTS);
}

typedef struct population {
    const char *name;
    distribution from;
    double mean;
} population;

#define WITHIN .least = 0, .most = INT64_MAX
static const int64_t unit = 1000000, one = 1000000000; /* one: of shapes, in ppb */

enum { POPULATIONS = 6 };

static const population *populations(void)
{
    static population all[POPULATIONS];
    distribution d[POPULATIONS] = {
        {DISTRIBUTION_UNIFORM, 0, 2 * unit, WITHIN},
        {DISTRIBUTION_NORMAL, unit, unit / 10, WITHIN},
        {DISTRIBUTION_EXPONENTIAL, unit, 0, WITHIN},
        {DISTRIBUTION_LOG_NORMAL, unit, one / 2, WITHIN},
        {DISTRIBUTION_WEIBULL, unit, one * 7 / 10, WITHIN},
        {DISTRIBUTION_LOG_NORMAL, unit, one, WITHIN},
    };
    static const char *const names[] = {"uniform",         "normal",       "exponential",
                                        "log-normal, 0.5", "Weibull, 0.7", "log-normal, 1"};
    const double means[] = {1, 1, 1, exp(0.125), tgamma(1 + 1 / 0.7), exp(0.5)};
    for (int i = 0; i < POPULATIONS; i++) {
        all[i] = (population){names[i], d[i], means[i] * (double)unit};
    }
    return all;
}

static int64_t draw(const population *p, rng_key key, uint64_t i)
{
    return distribution_sample(&p->from, rng_draw(key, i));
}

/* The last one, skewness 6, needs a hundred runs; it is what that many are for. */
Test (coverage, of_means) {
    static const size_t runs[] = {10, 20, 30, 100, 300};
    static observation all[RUNS_MOST];
    const population *p = populations();
    for (int k = 0; k < POPULATIONS; k++) {
        for (size_t r = k < 4 ? 0 : k < 5 ? 1 : 3; r < 5; r++) {
            int count = 0;
            for (uint64_t i = 0; i < EXPERIMENTS; i++) {
                rng_key key = rng_key_of((uint64_t)k, (uint32_t)r, i);
                for (size_t n = 0; n < runs[r]; n++) {
                    all[n] = (observation){draw(&p[k], key, n), 1};
                }
                count += holds(observations_estimate(all, runs[r]), p[k].mean);
            }
            expect_coverage(count, p[k].name, runs[r]);
        }
    }
}

/* Like messages per entry: each entry costs 4, or 40 with one chance in ten, and how many entries a
 * run has is chance, too. */
static observation run_of_entries(rng_key key)
{
    observation one_run = {0, 5 + (int64_t)(rng_draw(key, 0) % 40)};
    for (int64_t entry = 1; entry <= one_run.denominator; entry++) {
        one_run.numerator += rng_draw(key, (uint64_t)entry) % 10 == 0 ? 40 : 4;
    }
    return one_run;
}

Test (coverage, of_ratios) {
    static const size_t runs[] = {10, 20, 30, 100};
    static observation all[RUNS_MOST];
    for (size_t r = 0; r < 4; r++) {
        int count = 0;
        for (uint64_t i = 0; i < EXPERIMENTS; i++) {
            rng_key key = rng_key_of(9, (uint32_t)r, i);
            for (size_t n = 0; n < runs[r]; n++) {
                all[n] = run_of_entries(rng_key_for(key, n));
            }
            count += holds(observations_estimate(all, runs[r]), 7.6);
        }
        expect_coverage(count, "messages per entry", runs[r]);
    }
}

/* The second algorithm waits a tenth longer for the same luck, and has some of its own. */
Test (coverage, of_paired_differences) {
    static const size_t runs[] = {10, 30, 100};
    static observation first[RUNS_MOST], second[RUNS_MOST];
    const population *common = &populations()[2], *own = &populations()[1];
    for (size_t r = 0; r < 3; r++) {
        int count = 0;
        for (uint64_t i = 0; i < EXPERIMENTS; i++) {
            rng_key key = rng_key_of(10, (uint32_t)r, i);
            for (size_t n = 0; n < runs[r]; n++) {
                int64_t luck = draw(common, key, n), entries = 50 + (int64_t)(n % 7);
                first[n] = (observation){entries * (luck + draw(own, key, n + 1000)), entries};
                second[n] = (observation){entries * (luck + draw(own, key, n + 2000)), entries};
            }
            count += holds(paired_difference(first, runs[r], second, runs[r]).by, 0);
        }
        expect_coverage(count, "paired difference of ratios", runs[r]);
    }
}

/* A run of waiting times that depend on each other: each is that before it with an even chance. */
Test (coverage, of_quantiles_of_dependent_values) {
    enum { RUNS = 30, VALUES = 200 };
    static const uint32_t shares[] = {500000, 900000};
    const population *p = &populations()[2];
    for (int s = 0; s < 2; s++) {
        int count = 0;
        for (uint64_t i = 0; i < EXPERIMENTS; i++) {
            static int64_t values[RUNS * VALUES], sorted[VALUES], per_run[RUNS];
            rng_key key = rng_key_of(11, (uint32_t)s, i);
            for (uint64_t n = 0; n < RUNS * VALUES; n++) {
                bool again = n % VALUES > 0 && rng_draw(key, n + RUNS * VALUES) % 2 == 0;
                values[n] = again ? values[n - 1] : draw(p, key, n);
            }
            for (int run = 0; run < RUNS; run++) {
                memcpy(sorted, values + run * VALUES, sizeof sorted);
                median_estimate(sorted, VALUES); /* sorts */
                per_run[run] = sorted[(size_t)(VALUES * (uint64_t)shares[s] / 1000000)];
            }
            median_estimate(values, (size_t)RUNS * VALUES);
            int64_t merged = values[(size_t)(RUNS * VALUES * (uint64_t)shares[s] / 1000000)];
            count += holds(quantile_estimate(merged, per_run, RUNS),
                           (double)unit * -log(1 - shares[s] / 1e6));
        }
        expect_coverage(count, s ? "90th percentile by sections" : "median by sections", RUNS);
    }
}

Test (coverage, of_medians_of_runs) {
    static const size_t runs[] = {20, 50, 100};
    static int64_t values[RUNS_MOST];
    for (size_t r = 0; r < 3; r++) {
        int count = 0;
        for (uint64_t i = 0; i < EXPERIMENTS; i++) {
            for (size_t n = 0; n < runs[r]; n++) {
                values[n] = draw(&populations()[5], rng_key_of(12, (uint32_t)r, i), n);
            }
            count += holds(median_estimate(values, runs[r]), (double)unit);
        }
        expect_coverage(count, "median by order statistics", runs[r]);
    }
}

/* Stopped where the interval is within 10 % (n: the mean number of runs that took). */
Test (coverage, of_runs_that_go_on_until_the_interval_is_narrow) {
    static const int from[] = {0, 1, 2, 3};
    static observation all[RUNS_MOST];
    for (size_t k = 0; k < 4; k++) {
        const population *p = &populations()[from[k]];
        int count = 0;
        size_t sum = 0, most = RUNS_MOST;
        for (uint64_t i = 0; i < EXPERIMENTS; i++) {
            rng_key key = rng_key_of(13, (uint32_t)k, i);
            for (size_t n = 0; n < most; n++) {
                all[n] = (observation){draw(p, key, n), 1};
            }
            size_t stop = precision_runs(all, most, 100000);
            cr_assert_gt(stop, 0);
            estimate e = observations_estimate(all, stop);
            cr_expect_leq(estimate_half_width(e), 0.1 * e.value);
            count += holds(e, p->mean);
            sum += stop;
        }
        char *what = g_strdup_printf("until 10 %%: %s", p->name);
        expect_coverage(count, what, sum / EXPERIMENTS);
        g_free(what);
    }
}
