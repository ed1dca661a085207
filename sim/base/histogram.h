/*
 * Log-linear histogram of non-negative integers: 2^10 steps per power of two, so that a quantile is
 * off by less than 0.1 % and its first three digits are right; values below 2048 are exact. Count,
 * sum, mean, least and greatest are exact. Merging two gives the histogram of the union. Up to 4096
 * values cost two bytes each, more of them 432 KiB, of which only what is used costs memory.
 */
#ifndef DASIM_BASE_HISTOGRAM_H
#define DASIM_BASE_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
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

/* As bytes, the same for equal histograms; numbers as in base/varint.h: count; and where it is not
 * 0 the sum (low 64 bits, high 64 bits), least, greatest, and for each step in use, ascending, how
 * many steps it lies behind the one before (the first: behind step 0), and its count. */
size_t histogram_pack_size(const histogram *h); /* at most */
size_t histogram_pack(const histogram *h, void *bytes);
/* Merges a packed one. False where the bytes are none: nothing was merged. */
bool histogram_merge_packed(histogram *into, const void *bytes, size_t size);

#endif
