/*
 * Log-linear histogram of non-negative integers: 2^10 steps per power of two, so that a quantile is
 * off by less than 0.1 % and its first three digits are right, at 432 KiB, of which only what is
 * used costs memory; values below 2048 are exact. Count, mean, least and greatest are
 * exact. Merging two gives the histogram of the union.
 */
#ifndef DASIM_BASE_HISTOGRAM_H
#define DASIM_BASE_HISTOGRAM_H

#include <stdint.h>

typedef struct histogram histogram;

histogram *histogram_new(void);
void histogram_free(histogram *h);
void histogram_reset(histogram *h);

void histogram_add(histogram *h, int64_t value); /* negative counts as 0 */
void histogram_merge(histogram *into, const histogram *from);

uint64_t histogram_count(const histogram *h);
int64_t histogram_least(const histogram *h); /* 0 where empty; so with all below */
int64_t histogram_most(const histogram *h);
int64_t histogram_mean(const histogram *h); /* exact sum / count, rounded to nearest */
unsigned __int128 histogram_sum(const histogram *h);

/* The least recorded value v such that at least ppm / 10^6 of all values are at most v, or up to
 * 1/1024 more: the end of its step, never beyond the greatest value. ppm 0 .. 10^6, more counts as
 * 10^6. */
int64_t histogram_quantile(const histogram *h, uint32_t ppm);

#endif
