/*
 * What many runs of one experiment say together: means, ratios and quantiles with their intervals,
 * comparisons, when to stop.
 *
 * A run is the unit that is independent of the others. What happens within one is not: waiting
 * times follow each other. So every interval here comes from one number, or one pair of numbers,
 * for each run (replications: A. Law, "Simulation Modeling and Analysis", 5th ed., 2015, 9.4.1).
 *
 * All functions are pure and use +, -, *, / and sqrt of doubles only, in a fixed order: the same
 * bits from every compiler and C library. Sums are integers without rounding, so that how the runs
 * were divided among jobs, and which was ready first, shows in nothing.
 */
#ifndef DASIM_SWEEP_STATISTICS_H
#define DASIM_SWEEP_STATISTICS_H

#include "base/histogram.h"
#include "sweep/wide.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATISTICS_CONFIDENCE 0.95

/*
 * What one run measured: messages and entries, the sum of waiting times and their number. What is
 * one number by itself (the greatest waiting time) has the denominator 1. |numerator| below 2^62,
 * denominator 0 .. 2^62 - 1; 0 / 0 is fine: nothing happened in that run.
 */
typedef struct observation {
    int64_t numerator, denominator;
} observation;

/* An estimate with its interval. Of fewer than two runs, or where all denominators are 0, it is not
 * known: `low` is -INFINITY, `high` INFINITY; and value 0 where there is nothing at all. */
typedef struct estimate {
    uint64_t runs;
    double value, low, high; /* low <= value <= high */
} estimate;

/* The longer of the two arms of the interval. */
double estimate_half_width(estimate e);

/* ------------------------------------------------------------------------------ running moments
 * Exact sums of products of numerators x and denominators y, up to the third degree. Up to 2^32
 * runs. A zeroed structure is empty. Adding and merging commute: any order, the same bytes. */
typedef struct moments {
    uint64_t count;
    wide x, y, xx, xy, yy, xxx, xxy, xyy, yyy;
} moments;

void moments_add(moments *m, observation one);
void moments_merge(moments *into, const moments *from);

/*
 * The ratio of sums R = sum(x) / sum(y), or with all y = 1 the mean, and its 95 % interval.
 *
 * Why the ratio of sums, not the mean of the ratios of the runs: each entry counts alike, a run
 * without entries does no harm, and its bias falls as 1/n where that of the mean of ratios stays
 * (W. Cochran, "Sampling Techniques", 3rd ed., 1977, ch. 6; M. Crane, D. Iglehart, "Simulating
 * stable stochastic systems III", Operations Research 23, 1975). Its variance is that of the
 * residuals e = x - R y, to the first order.
 *
 * The interval is Student's t with n - 1 degrees of freedom, corrected for the skewness of e by
 * Hall's transformation as in R. Willink, "A confidence interval and test for the mean of an
 * asymmetric distribution", Communications in Statistics 34, 2005 (after P. Hall, J. Royal
 * Statistical Society B 54, 1992); the same correction is in Skart (A. Tafazzoli, J. Wilson, IIE
 * Transactions 43, 2011). Where e is symmetric it is the plain interval. With the plain one, 20
 * exponential values would miss the truth about 8 times in 100; STATISTICS.md has the figures.
 */
estimate moments_estimate(const moments *m);
/* With another confidence, 0.5 .. 0.9999. */
estimate moments_interval(const moments *m, double confidence);

/* The 95 % interval of a list. */
estimate observations_estimate(const observation *all, size_t count);

/* ------------------------------------------------------------------------------------ quantiles */

/*
 * The quantile of all values of all runs: `merged` is that of the merged histogram, per_run[i] that
 * of run i. The interval is by sectioning, with the runs as sections: t with the deviations of the
 * runs from the merged value (S. Asmussen, P. Glynn, "Stochastic Simulation", 2007, III.5; M.
 * Nakayama, ACM TOMACS 24(4), 2014). It holds although values within a run depend on each other.
 */
estimate quantile_estimate(int64_t merged, const int64_t *per_run, size_t runs);

/*
 * The interval from order statistics, free of any distribution (H. David, H. Nagaraja, "Order
 * Statistics", 3rd ed., 2003, 7.1): of `count` *independent* values in ascending order, number *low
 * and number *high (1 .. count) enclose the quantile of ppm / 10^6 with 95 % or more. False where
 * there are too few values: fewer than 6 for the median.
 */
bool order_ranks(uint64_t count, uint32_t ppm, uint64_t *low, uint64_t *high);

/* The median of independent values, one for each run; `values` are sorted in place. Whole ranks
 * would hold it too often: the interval lies between two neighbouring ones on each side, after T.
 * Hettmansperger, S. Sheather, Statistics & Probability Letters 4, 1986. */
estimate median_estimate(int64_t *values, size_t count);

/* ----------------------------------------------------------------------------------- comparison */

/*
 * Two algorithms under common random numbers: run i of both has the same seed, so the same load and
 * the same luck of the network. The interval is that of the paired differences (Law, 10.2.1 and
 * 11.2), of ratios those of the residuals of both. `p`: how likely a t as large as this one is by
 * chance, two-sided; 0 where the difference is the same in each run. As many runs as both have.
 */
typedef struct difference {
    estimate by; /* first less second */
    double p;
} difference;
difference paired_difference(const observation *first, size_t first_count,
                             const observation *second, size_t second_count);

/* Holm's step-down correction, in place: adjusted p of `count` tests together; below 0.05 means
 * that with 95 % not one of them is a false alarm, whatever depends on what (S. Holm, Scandinavian
 * J. of Statistics 6, 1979). */
void holm_adjust(double *p, size_t count);

typedef struct contender {
    const observation *runs; /* by seed; NULL: none */
    size_t count;
} contender;

/* One cell of an effect table: who is best, and by how much over the second. */
typedef struct effect {
    size_t winner, second; /* numbers of contenders; SIZE_MAX: there is none */
    difference lead;       /* of the second over the winner, as measured; p is adjusted */
    bool significant;      /* the winner differs from each other contender: p below 0.05 */
} effect;

/*
 * cells[cell * contenders + i]. The family of tests that Holm's correction is over are all pairs
 * of contenders in all cells: so the winner may be looked for first and tested then, and all cells
 * be read together. Contenders without any denominator take no part. Equal values: the first one
 * is the winner, not significantly.
 */
void effect_table(const contender *cells, size_t cell_count, size_t contenders, bool less_is_better,
                  effect *effects);

/* --------------------------------------------------------------------------------- when to stop */

/* Runs before the first look at their interval. */
#define PRECISION_LEAST 10

/*
 * Sequential procedure of A. Law, W. D. Kelton ("Simulation Modeling and Analysis", 9.4.1): of runs
 * in the order of their seeds, the least n >= PRECISION_LEAST whose interval has half_width /
 * |value| <= g / (1 + g), so that the error relative to the *truth* is g = relative_ppm / 10^6; 0
 * where there is none yet. It goes by the order of the seeds, not by who is ready first: that
 * would favour short runs, and depend on the machine. It looks after PRECISION_LEAST runs and then
 * after every eighth part more (10, 11, 12, 13, 14, 15, 16, 18, 20, ...): precision_next().
 *
 * To stop at a lucky moment costs coverage: A. Law, W. D. Kelton, L. Koenig (Comm. in Statistics
 * B 10, 1981) found it close to nominal for g <= 15 % and n >= 10; STATISTICS.md has our figures.
 */
size_t precision_runs(const observation *all, size_t count, uint32_t relative_ppm);

/* After how many runs to look again: more than `count`. */
size_t precision_next(size_t count);

/* ------------------------------------------------------------------------------ warm-up removal */

/*
 * How many of the first values of a series to leave out: MSER-5 (K. White, "An effective truncation
 * heuristic for bias reduction in simulation output", Simulation 69, 1997; K. White, M. Cobb, S.
 * Spratt, Winter Simulation Conference 2000). Means of five values each; the cut that makes the
 * squared standard error of what is left least, in the first half. A multiple of 5. `count` itself
 * where the least is at the half: the series is too short to tell.
 */
size_t warm_up_length(const int64_t *values, size_t count);

/* ------------------------------------------------------------------------------------ Student's t
 * M. Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 1964, 26.7.3 and 26.7.4: finite
 * sums for whole degrees of freedom; off by less than 10^-12. More than 100,000 degrees count as
 * 100,000: the quantiles differ by less than 3 in 10^5. */

/* How likely |T| >= t is; t >= 0. */
double student_tail(double t, uint64_t degrees);
/* The t that |T| stays below with this probability, 0.5 .. 0.9999. */
double student_quantile(double confidence, uint64_t degrees);

#endif
