/* Quantiles and their intervals, and where a series has settled. */
#include "sweep/statistics.h"

#include <math.h>
#include <stdlib.h>

enum { PPM = 1000000, BATCH = 5, BATCHES_LEAST = 10 };

static const double tail = (1 - STATISTICS_CONFIDENCE) / 2;

estimate quantile_estimate(int64_t merged, const int64_t *per_run, size_t runs)
{
    estimate e = {.runs = runs, .value = (double)merged, .low = -INFINITY, .high = INFINITY};
    if (runs < 2) {
        return e;
    }
    double squares = 0, n = (double)runs;
    for (size_t i = 0; i < runs; i++) {
        double off = (double)((__int128)per_run[i] - merged);
        squares += off * off;
    }
    double half = student_quantile(STATISTICS_CONFIDENCE, runs - 1) * sqrt(squares / (n - 1) / n);
    e.low = e.value - half;
    e.high = e.value + half;
    return e;
}

/* Weight of k + 1 over weight of k, of a binomial distribution. */
static double step(uint64_t n, double p, uint64_t k)
{
    return (double)(n - k) / (double)(k + 1) * (p / (1 - p));
}

/* The binomial weights relative to that of the mode, summed from it downwards (itself included)
 * and upwards (without it), until nothing is left to add. */
static void sum_weights(uint64_t n, double p, uint64_t mode, double *down, double *up)
{
    double weight = 1;
    *down = 1;
    *up = 0;
    for (uint64_t k = mode; k > 0 && weight > 0x1p-80; k--) {
        weight /= step(n, p, k - 1);
        *down += weight;
    }
    weight = 1;
    for (uint64_t k = mode; k < n && weight > 0x1p-80; k++) {
        weight *= step(n, p, k);
        *up += weight;
    }
}

/* The greatest k with P(B <= k) <= 2.5 %, below the mode; that probability, and that of k + 1.
 * False where there is none. */
static bool lower_tail(uint64_t n, double p, uint64_t mode, double down, double all, uint64_t *k,
                       double tails[2])
{
    double weight = 1;
    tails[0] = tails[1] = down / all;
    for (*k = mode; *k > 0 && tails[0] > tail; --*k) {
        tails[1] = tails[0];
        tails[0] -= weight / all;
        weight /= step(n, p, *k - 1);
    }
    return tails[0] <= tail;
}

/* B: how many of n values lie below the quantile. Value number r is above it where B < r, value
 * number s is below it where B >= s. */
static bool ranks(uint64_t n, uint32_t ppm, uint64_t *low, uint64_t *high, double tails[2])
{
    if (n == 0 || ppm == 0 || ppm >= PPM) {
        return false;
    }
    double p = (double)ppm / PPM, down, up;
    uint64_t mode = (uint64_t)((unsigned __int128)(n + 1) * ppm / PPM), k;
    mode = mode > n ? n : mode;
    sum_weights(n, p, mode, &down, &up);
    if (!lower_tail(n, p, mode, down, down + up, &k, tails)) {
        return false;
    }
    *low = k + 1;
    double above = up / (down + up), weight = 1; /* P(B >= k + 1) */
    for (k = mode; k < n && above > tail; k++) {
        weight *= step(n, p, k);
        above -= weight / (down + up);
    }
    *high = k + 1;
    return k < n;
}

bool order_ranks(uint64_t count, uint32_t ppm, uint64_t *low, uint64_t *high)
{
    double tails[2];
    return ranks(count, ppm, low, high, tails);
}

static int ascending(const void *first, const void *second)
{
    int64_t a = *(const int64_t *)first, b = *(const int64_t *)second;
    return (a > b) - (a < b);
}

estimate median_estimate(int64_t *values, size_t count)
{
    estimate e = {.runs = count, .low = -INFINITY, .high = INFINITY};
    uint64_t low, high;
    double tails[2], n = (double)count;
    if (count == 0) {
        return e;
    }
    qsort(values, count, sizeof *values, ascending);
    e.value = ((double)values[(count - 1) / 2] + (double)values[count / 2]) / 2;
    if (ranks(count, PPM / 2, &low, &high, tails)) {
        double d = (double)low, part = (tail - tails[0]) / (tails[1] - tails[0]);
        double inner = (n - d) * part / (d + (n - 2 * d) * part);
        e.low = (1 - inner) * (double)values[low - 1] + inner * (double)values[low];
        e.high = (1 - inner) * (double)values[high - 1] + inner * (double)values[high - 2];
    }
    return e;
}

/* From the end, so that each cut adds one batch to mean and squares (Welford's recurrence). */
size_t warm_up_length(const int64_t *values, size_t count)
{
    size_t batches = count / BATCH, best = 0;
    double mean = 0, squares = 0, least = INFINITY;
    if (batches < BATCHES_LEAST) {
        return count;
    }
    for (size_t cut = batches; cut-- > 0;) {
        double sum = 0, left = (double)(batches - cut);
        for (size_t i = 0; i < BATCH; i++) {
            sum += (double)values[cut * BATCH + i];
        }
        double off = sum / BATCH - mean;
        mean += off / left;
        squares += off * (sum / BATCH - mean);
        if (cut <= batches / 2 && squares / (left * left) <= least) {
            least = squares / (left * left);
            best = cut;
        }
    }
    return best == batches / 2 ? count : best * BATCH;
}
