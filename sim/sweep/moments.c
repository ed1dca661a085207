/*
 * A ratio of sums and its interval out of exact moments. With X = sum(x), Y = sum(y) and residuals
 * e = x - (X/Y) y, all of Y^2 sum(e^2) and Y^3 sum(e^3) are whole numbers: nothing cancels,
 * whatever the mean, and runs that are all alike give an interval of no width.
 */
#include "sweep/statistics.h"

#include <assert.h>
#include <math.h>

/* Newton's method; the same from every C library, unlike cbrt(). */
static double cube_root(double value)
{
    double size = value < 0 ? -value : value, root = size > 1 ? size : 1;
    if (size == 0) {
        return 0;
    }
    for (int i = 0; i < 500; i++) {
        double next = (2 * root + size / (root * root)) / 3;
        if (next >= root) {
            break;
        }
        root = next;
    }
    return value < 0 ? -root : root;
}

/* Willink's G: where the point t of a symmetric distribution lies in one with this skewness. */
static double skewed(double t, double a)
{
    return a > -0.001 && a < 0.001 ? t : (cube_root(1 + 6 * a * (t - a)) - 1) / (2 * a);
}

void moments_add(moments *m, observation one)
{
    assert(one.denominator >= 0);
    wide x = wide_of(one.numerator), y = wide_of(one.denominator);
    wide xx = wide_multiply(x, x), xy = wide_multiply(x, y), yy = wide_multiply(y, y);
    m->count++;
    m->x = wide_add(m->x, x);
    m->y = wide_add(m->y, y);
    m->xx = wide_add(m->xx, xx);
    m->xy = wide_add(m->xy, xy);
    m->yy = wide_add(m->yy, yy);
    m->xxx = wide_add(m->xxx, wide_multiply(xx, x));
    m->xxy = wide_add(m->xxy, wide_multiply(xx, y));
    m->xyy = wide_add(m->xyy, wide_multiply(xy, y));
    m->yyy = wide_add(m->yyy, wide_multiply(yy, y));
}

void moments_merge(moments *into, const moments *from)
{
    into->count += from->count;
    into->x = wide_add(into->x, from->x);
    into->y = wide_add(into->y, from->y);
    into->xx = wide_add(into->xx, from->xx);
    into->xy = wide_add(into->xy, from->xy);
    into->yy = wide_add(into->yy, from->yy);
    into->xxx = wide_add(into->xxx, from->xxx);
    into->xxy = wide_add(into->xxy, from->xxy);
    into->xyy = wide_add(into->xyy, from->xyy);
    into->yyy = wide_add(into->yyy, from->yyy);
}

/* Y^2 sum(e^2) = Y^2 xx - 2 XY xy + X^2 yy. */
static double squares(const moments *m)
{
    wide both = wide_multiply(m->x, m->y);
    wide sum = wide_subtract(wide_multiply(wide_multiply(m->y, m->y), m->xx),
                             wide_multiply(wide_add(both, both), m->xy));
    return wide_to_double(wide_add(sum, wide_multiply(wide_multiply(m->x, m->x), m->yy)));
}

/* Y^3 sum(e^3) = Y^3 xxx - 3 X Y^2 xxy + 3 X^2 Y xyy - X^3 yyy. */
static double cubes(const moments *m)
{
    wide x2 = wide_multiply(m->x, m->x), y2 = wide_multiply(m->y, m->y), three = wide_of(3);
    wide outer = wide_subtract(wide_multiply(wide_multiply(y2, m->y), m->xxx),
                               wide_multiply(wide_multiply(x2, m->x), m->yyy));
    wide inner = wide_subtract(wide_multiply(wide_multiply(x2, m->y), m->xyy),
                               wide_multiply(wide_multiply(y2, m->x), m->xxy));
    return wide_to_double(wide_add(outer, wide_multiply(three, inner)));
}

estimate moments_interval(const moments *m, double confidence)
{
    estimate e = {.runs = m->count, .low = -INFINITY, .high = INFINITY};
    if (wide_is_zero(m->y)) {
        return e;
    }
    double n = (double)m->count, y = wide_to_double(m->y), square = squares(m);
    e.value = wide_to_double(m->x) / y;
    if (m->count < 2) {
        return e;
    }
    double deviation = sqrt(square / (n - 1)); /* of Y e */
    double error = deviation * sqrt(n) / (y * y), a = 0;
    double t = student_quantile(confidence, m->count - 1);
    if (m->count > 2 && square > 0) {
        double size = deviation * deviation * deviation;
        double skewness = n / ((n - 1) * (n - 2)) * (cubes(m) / size);
        a = skewness / (6 * sqrt(n));
    }
    e.low = e.value - skewed(t, a) * error;
    e.high = e.value - skewed(-t, a) * error;
    return e;
}

estimate moments_estimate(const moments *m)
{
    return moments_interval(m, STATISTICS_CONFIDENCE);
}

estimate observations_estimate(const observation *all, size_t count)
{
    moments m = {0};
    for (size_t i = 0; i < count; i++) {
        moments_add(&m, all[i]);
    }
    return moments_estimate(&m);
}

double estimate_half_width(estimate e)
{
    double below = e.value - e.low, above = e.high - e.value;
    return below > above ? below : above;
}

size_t precision_next(size_t count)
{
    size_t more = count / 8;
    return count < PRECISION_LEAST ? PRECISION_LEAST : count + (more ? more : 1);
}

size_t precision_runs(const observation *all, size_t count, uint32_t relative_ppm)
{
    double g = (double)relative_ppm / 1000000, share = g / (1 + g);
    moments m = {0};
    size_t look = precision_next(0);
    for (size_t i = 0; i < count; i++) {
        moments_add(&m, all[i]);
        if (i + 1 == look) {
            estimate e = moments_estimate(&m);
            double size = e.value < 0 ? -e.value : e.value;
            if (estimate_half_width(e) <= share * size) {
                return look;
            }
            look = precision_next(look);
        }
    }
    return 0;
}
