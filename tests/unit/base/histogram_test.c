#include "base/histogram.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { COUNT = 100000 };

static int ascending(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The least value that at least ppm of all do not exceed, by the definition. */
static int64_t exact(const int64_t *sorted, uint64_t count, uint32_t ppm)
{
    uint64_t rank = (count * ppm + 999999) / 1000000;
    return sorted[rank ? rank - 1 : 0];
}

static void fill(int64_t *values, uint32_t bits, uint64_t seed)
{
    rng_key key = rng_key_of(seed, bits, 0);
    for (uint64_t i = 0; i < COUNT; i++) {
        uint64_t width = rng_below(rng_draw(key, 2 * i), bits) + 1;
        values[i] = (int64_t)(rng_draw(key, 2 * i + 1) >> (64 - width));
    }
}

Test (histogram, quantiles_are_exact_or_up_to_one_1024th_more) {
    static const uint32_t widths[] = {4, 8, 9, 20, 40, 63};
    static const uint32_t shares[] = {0,      1,      10,     1000,   50000,  250000,
                                      500000, 900000, 990000, 999000, 999999, 1000000};
    int64_t *values = malloc(COUNT * sizeof *values);
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        histogram *h = histogram_new();
        fill(values, widths[w], 1);
        for (uint32_t i = 0; i < COUNT; i++) {
            histogram_add(h, values[i]);
        }
        qsort(values, COUNT, sizeof *values, ascending);
        for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
            int64_t wanted = exact(values, COUNT, shares[s]);
            int64_t found = histogram_quantile(h, shares[s]);
            cr_assert_geq(found, wanted);
            cr_assert_leq(found - wanted, wanted < 2048 ? 0 : wanted / 1024, "%u bits, %u ppm",
                          widths[w], shares[s]);
            cr_assert_leq(found, values[COUNT - 1]);
        }
        cr_assert_eq(histogram_least(h), values[0]);
        cr_assert_eq(histogram_most(h), values[COUNT - 1]);
        cr_assert_eq(histogram_quantile(h, 1000000), values[COUNT - 1]);
        cr_assert_eq(histogram_quantile(h, UINT32_MAX), values[COUNT - 1]);
        histogram_free(h);
    }
    free(values);
}

/* Each end of a step, and what is one before and after: no gap between powers of two. */
Test (histogram, no_single_value_is_off_by_more_than_one_1024th) {
    for (uint32_t bit = 0; bit < 63; bit++) {
        for (int64_t off = -2; off <= 2; off++) {
            for (int64_t eighth = 8; eighth < 16; eighth++) {
                int64_t value = (int64_t)(((uint64_t)eighth << bit) >> 3) + off;
                if (value < 0) {
                    continue;
                }
                histogram *h = histogram_new();
                histogram_add(h, value);
                histogram_add(h, INT64_MAX);
                int64_t found = histogram_quantile(h, 500000);
                cr_assert(found >= value && found - value <= (value < 2048 ? 0 : value / 1024),
                          "%lld gives %lld", (long long)value, (long long)found);
                histogram_free(h);
            }
        }
    }
}

Test (histogram, count_mean_least_and_most_are_exact) {
    histogram *h = histogram_new();
    histogram_add(h, INT64_MAX);
    histogram_add(h, INT64_MAX);
    histogram_add(h, INT64_MAX - 4);
    cr_expect_eq(histogram_count(h), 3);
    cr_expect_eq(histogram_mean(h), INT64_MAX - 1); /* 1 1/3 less, rounded */
    cr_expect_eq(histogram_least(h), INT64_MAX - 4);
    cr_expect_eq(histogram_most(h), INT64_MAX);
    cr_expect_eq(histogram_quantile(h, 0), INT64_MAX);
    histogram_reset(h);
    histogram_add(h, 1);
    histogram_add(h, 2);
    cr_expect_eq(histogram_mean(h), 2);
    cr_expect_eq(histogram_most(h), 2);
    histogram_free(h);
}

Test (histogram, a_negative_value_counts_as_0) {
    histogram *h = histogram_new();
    histogram_add(h, INT64_MIN);
    cr_expect_eq(histogram_count(h), 1);
    cr_expect_eq(histogram_least(h), 0);
    cr_expect_eq(histogram_most(h), 0);
    cr_expect_eq(histogram_mean(h), 0);
    cr_expect_eq(histogram_quantile(h, 1000000), 0);
    histogram_free(h);
}

static void expect_empty(const histogram *h)
{
    cr_expect_eq(histogram_count(h), 0);
    cr_expect_eq(histogram_least(h), 0);
    cr_expect_eq(histogram_most(h), 0);
    cr_expect_eq(histogram_mean(h), 0);
    cr_expect_eq(histogram_quantile(h, 500000), 0);
}

Test (histogram, an_empty_one_says_0) {
    histogram *h = histogram_new();
    expect_empty(h);
    histogram_add(h, 77);
    histogram_reset(h);
    expect_empty(h);
    histogram_free(h);
    histogram_free(NULL);
}

Test (histogram, merging_gives_the_histogram_of_the_union) {
    int64_t *values = malloc(COUNT * sizeof *values);
    fill(values, 50, 2);
    histogram *all = histogram_new(), *left = histogram_new(), *right = histogram_new();
    for (uint32_t i = 0; i < COUNT; i++) {
        histogram_add(all, values[i]);
        histogram_add(i % 3 ? left : right, values[i]);
    }
    histogram *merged = histogram_new();
    histogram_merge(merged, merged);
    expect_empty(merged);
    histogram_merge(merged, left); /* into an empty one: its least is not 0 */
    cr_expect_eq(histogram_least(merged), histogram_least(left));
    histogram_merge(merged, right);
    cr_expect_eq(histogram_count(merged), COUNT);
    cr_expect_eq(histogram_least(merged), histogram_least(all));
    cr_expect_eq(histogram_most(merged), histogram_most(all));
    cr_expect_eq(histogram_mean(merged), histogram_mean(all));
    for (uint32_t ppm = 0; ppm <= 1000000; ppm += 12345) {
        cr_assert_eq(histogram_quantile(merged, ppm), histogram_quantile(all, ppm));
    }
    histogram_free(all);
    histogram_free(left);
    histogram_free(right);
    histogram_free(merged);
    free(values);
}

/* Few values are kept as a list, many as a table: what they say must not differ. */
Test (histogram, the_table_says_what_the_list_says) {
    int64_t values[5000];
    rng_key key = rng_key_of(5, 0, 0);
    for (size_t i = 0; i < 5000; i++) {
        values[i] = (int64_t)(rng_draw(key, i) >> (1 + i % 60));
    }
    for (size_t count = 4090; count <= 4100; count += 2) {
        histogram *few = histogram_new(), *halves = histogram_new(), *half = histogram_new();
        for (size_t i = 0; i < count; i++) {
            histogram_add(few, values[i]);
            histogram_add(i % 2 ? half : halves, values[i]);
        }
        histogram_merge(halves, half);
        for (uint32_t ppm = 0; ppm <= 1000000; ppm += 10000) {
            cr_assert_eq(histogram_quantile(few, ppm), histogram_quantile(halves, ppm));
        }
        cr_assert_eq(histogram_sum(few), histogram_sum(halves));
        histogram_merge(half, half);
        cr_assert_eq(histogram_count(half), count);
        histogram_free(few);
        histogram_free(halves);
        histogram_free(half);
    }
}

Test (histogram, the_sum_is_exact) {
    histogram *h = histogram_new();
    cr_assert(histogram_sum(h) == 0);
    for (int i = 0; i < 4; i++) {
        histogram_add(h, INT64_MAX);
    }
    cr_assert(histogram_sum(h) == (unsigned __int128)INT64_MAX * 4);
    histogram_free(h);
}

static unsigned char *packed(const histogram *h, size_t *size)
{
    unsigned char *bytes = malloc(histogram_pack_size(h));
    *size = histogram_pack(h, bytes);
    cr_assert_leq(*size, histogram_pack_size(h));
    return bytes;
}

Test (histogram, packing_keeps_everything) {
    static const uint32_t counts[] = {0, 1, 2, 100, 4096, 4097, COUNT};
    int64_t *values = malloc(COUNT * sizeof *values);
    fill(values, 63, 3);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        histogram *h = histogram_new(), *again = histogram_new();
        size_t size, size_again;
        for (uint32_t i = 0; i < counts[c]; i++) {
            histogram_add(h, values[i]);
        }
        unsigned char *bytes = packed(h, &size);
        cr_assert(histogram_merge_packed(again, bytes, size));
        unsigned char *bytes_again = packed(again, &size_again);
        cr_assert_eq(size, size_again);
        cr_assert_arr_eq(bytes, bytes_again, size);
        cr_assert(histogram_merge_packed(again, bytes, size));
        cr_assert_eq(histogram_count(again), 2 * (uint64_t)counts[c]);
        histogram_free(h);
        histogram_free(again);
        free(bytes);
        free(bytes_again);
    }
    free(values);
}

Test (histogram, the_packed_form_is_the_one_that_is_written_down) {
    histogram *h = histogram_new();
    histogram_add(h, 300);
    histogram_add(h, 2);
    histogram_add(h, 300);
    const unsigned char wanted[] = {3, 0xDA, 4, 0, 2, 0xAC, 2, 2, 1, 0xAA, 2, 2};
    size_t size;
    unsigned char *bytes = packed(h, &size);
    cr_assert_eq(size, sizeof wanted);
    cr_assert_arr_eq(bytes, wanted, size);
    free(bytes);
    histogram_free(h);
}

Test (histogram, what_is_not_packed_is_refused) {
    static const struct {
        unsigned char bytes[12];
        size_t size;
    } bad[] = {
        {{0}, 0},                                            /* nothing */
        {{0, 0}, 2},                                         /* more than nothing */
        {{3, 0xDA, 4, 0, 2, 0xAC, 2, 2, 1, 0xAA, 2}, 11},    /* cut off */
        {{3, 0xDA, 4, 0, 2, 0xAC, 2, 2, 1, 0xAA, 2, 1}, 12}, /* fewer values than its count */
        {{3, 0xDA, 4, 0, 2, 0xAC, 2, 2, 1, 0xAA, 2, 3}, 12}, /* more */
        {{2, 4, 0, 2, 2, 2, 1, 0, 1}, 9},                    /* a step twice */
        {{2, 4, 0, 3, 2, 2, 2}, 7},                          /* least beyond most */
        {{1, 2, 0, 2, 2, 0xFF, 0xFF, 0x7F, 1}, 9},           /* a step that is not there */
        {{1, 2, 0, 2, 2, 2, 1, 5, 0}, 9},                    /* a step without values */
    };
    histogram *h = histogram_new();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_assert_not(histogram_merge_packed(h, bad[i].bytes, bad[i].size), "case %zu", i);
    }
    expect_empty(h);
    histogram_free(h);
}
