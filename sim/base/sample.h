/*
 * Distributions by inversion, in integers only: one 64-bit draw gives one value, the same on every
 * machine, compiler and optimisation level. No libm, no floating point.
 *
 * A distribution is plain data without pointers but for the immutable empirical table.
 */
#ifndef DASIM_BASE_SAMPLE_H
#define DASIM_BASE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum distribution_kind {
    DISTRIBUTION_FIXED,       /* a */
    DISTRIBUTION_UNIFORM,     /* a .. b, both ends included */
    DISTRIBUTION_EXPONENTIAL, /* mean a */
    DISTRIBUTION_NORMAL,      /* mean a, standard deviation b */
    DISTRIBUTION_LOG_NORMAL,  /* median a, sigma of the logarithm b ppb */
    DISTRIBUTION_PARETO,      /* least value a, shape b ppb */
    DISTRIBUTION_WEIBULL,     /* scale a, shape b ppb */
    DISTRIBUTION_EMPIRICAL,   /* table: linear between its points */
    DISTRIBUTION_KINDS
} distribution_kind;

/* Quantiles at equal steps: value[0] is the least, value[count - 1] the greatest; ascending. */
typedef struct distribution_table {
    uint32_t count; /* 2 or more */
    int64_t value[];
} distribution_table;

typedef struct distribution {
    distribution_kind kind;
    int64_t a, b;
    int64_t least, most; /* what is drawn is clamped to least .. most */
    const distribution_table *table;
} distribution;

/* "exponential", ...: the name that scenarios use ("log_normal"). */
const char *distribution_name(distribution_kind kind);

/* NULL, or what is wrong with the parameters ("standard deviation is negative"). Limits: fixed and
 * uniform: |a|, |b| <= 2^62; others: 0 <= a <= 2^53 (normal: |a|), 0 <= b <= 2^53 for a standard
 * deviation; shapes and sigmas 0.01 .. 100 (10^7 .. 10^11 ppb; sigma also 0). */
const char *distribution_fault(const distribution *d);

/* The quantile function at (u + 1/2) / 2^64, rounded to an integer, then clamped. Beside the
 * rounding: a normal is off by up to 10^-12 standard deviations, the logarithm of a log-normal by
 * 10^-12 sigma + 10^-13, and exponential, Pareto and Weibull are what a probability off by 2^-55
 * and a relative error of 10^-14 would give; fixed, uniform and empirical are exact. So the last
 * never fall as u rises; the others may, within these errors. Beyond INT64_MAX counts as that. */
int64_t distribution_sample(const distribution *d, uint64_t u);

/* The mean before clamping, rounded down, where it is cheap: fixed, uniform, exponential, normal,
 * empirical. INT64_MAX otherwise. */
int64_t distribution_mean(const distribution *d);

#endif
