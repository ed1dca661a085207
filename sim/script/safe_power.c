/*
 * The idea: a sum of two doubles carries about 106 bits. The logarithm and the exponential are
 * series in such sums, good to about 95 bits, so that rounding the result is as good as exact.
 *
 * frexp, ldexp and the like are used because they only move bits; they round nothing (ldexp does
 * where the result is subnormal, in a way that IEEE 754 fixes as well).
 */
#include "script/safe_power.h"

#include <math.h>
#include <stdbool.h>

typedef struct sum { /* high + low, where |low| is at most half a unit of high */
    double high, low;
} sum;

static const sum LN2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
static const double LN2_THIRD = 0x1.7b57a079a1934p-111; /* what LN2 leaves out */

static sum add_exactly(double a, double b)
{
    double high = a + b, part = high - a;
    return (sum){high, (a - (high - part)) + (b - part)};
}

/* Dekker's: splits the factors in halves of 26 bits. */
static sum multiply_exactly(double a, double b)
{
    double ta = 134217729.0 * a, tb = 134217729.0 * b;
    double ah = ta - (ta - a), bh = tb - (tb - b), al = a - ah, bl = b - bh;
    double high = a * b;
    return (sum){high, ((ah * bh - high) + ah * bl + al * bh) + al * bl};
}

static sum add(sum a, sum b)
{
    sum s = add_exactly(a.high, b.high), t = add_exactly(a.low, b.low);
    s = add_exactly(s.high, s.low + t.high);
    return add_exactly(s.high, s.low + t.low);
}

static sum multiply(sum a, sum b)
{
    sum s = multiply_exactly(a.high, b.high);
    return add_exactly(s.high, s.low + (a.high * b.low + a.low * b.high));
}

static sum divide(sum a, sum b)
{
    double q = a.high / b.high;
    sum product = multiply(b, (sum){q, 0});
    sum rest = add(a, (sum){-product.high, -product.low});
    double r = rest.high / b.high;
    product = multiply(b, (sum){r, 0});
    rest = add(rest, (sum){-product.high, -product.low});
    sum s = add_exactly(q, r);
    return add(s, (sum){rest.high / b.high, 0});
}

/* Of a finite x > 0: x = m * 2^e, log m = 2 (z + z^3/3 + z^5/5 + ...) with z = (m-1) / (m+1). */
static sum logarithm(double x)
{
    int e;
    double m = frexp(x, &e);
    if (m < 0x1.6a09e667f3bcdp-1) {
        m *= 2;
        e--;
    }
    sum z = divide((sum){m - 1, 0}, add_exactly(m, 1));
    sum square = multiply(z, z), series = {0, 0};
    for (int k = 43; k >= 1; k -= 2) /* |z| < 0.172: the next term is below 2^-110 */
        series = add(multiply(series, square), divide((sum){1, 0}, (sum){k, 0}));
    series = multiply(series, z);
    series = (sum){2 * series.high, 2 * series.low};
    sum whole = multiply(LN2, (sum){e, 0});
    whole = add(whole, (sum){e * LN2_THIRD, 0});
    return add(whole, series);
}

/* exp(t) = 2^k * exp(r / 16)^16 */
static double exponential(sum t)
{
    if (t.high > 720)
        return INFINITY;
    if (t.high < -760)
        return 0;
    double k = floor(t.high / LN2.high + 0.5);
    sum whole = multiply(LN2, (sum){-k, 0});
    whole = add(whole, (sum){-k * LN2_THIRD, 0});
    sum r = add(t, whole), series = {1, 0};
    r = (sum){r.high / 16, r.low / 16};
    for (int n = 16; n >= 1; n--) /* |r| < 0.022: the next term is below 2^-130 */
        series = add(divide(multiply(series, r), (sum){n, 0}), (sum){1, 0});
    for (int i = 0; i < 4; i++)
        series = multiply(series, series);
    return ldexp(series.high + series.low, (int)k);
}

static bool is_whole(double y)
{
    return floor(y) == y;
}

static bool is_odd(double y)
{
    return isfinite(y) && is_whole(y) && fmod(y, 2) != 0;
}

/* What C says about zero, infinity and the like, for x >= 0; true where that is the answer. */
static bool is_special(double x, double y, double *result)
{
    if (x == 0 || isinf(x))
        *result = (x == 0) == (y > 0) ? 0 : INFINITY;
    else if (isinf(y))
        *result = x == 1 ? 1 : (x > 1) == (y > 0) ? INFINITY : 0;
    else
        return false;
    return true;
}

double safe_power(double x, double y)
{
    if (y == 0 || x == 1)
        return 1;
    if (isnan(x) || isnan(y) || (x < 0 && !isinf(x) && !is_whole(y)))
        return NAN;
    double result;
    if (!is_special(fabs(x), y, &result)) {
        sum t = logarithm(fabs(x));
        /* Far outside of what a double holds; keeps the product finite. */
        double limited = fmin(fmax(y, -0x1p70), 0x1p70);
        result = exponential(multiply(t, (sum){limited, 0}));
    }
    return signbit(x) && is_odd(y) ? -result : result;
}

double safe_exponential(double x)
{
    return isnan(x) ? NAN : exponential((sum){x, 0});
}

double safe_logarithm(double x)
{
    if (isnan(x) || x < 0)
        return NAN;
    if (x == 0 || isinf(x))
        return x == 0 ? -INFINITY : x;
    sum s = logarithm(x);
    return s.high + s.low;
}

double safe_logarithm_to(double x, double base)
{
    double log_x = safe_logarithm(x), log_base = safe_logarithm(base);
    if (!isfinite(log_x) || !isfinite(log_base) || log_base == 0)
        return log_x / log_base;
    sum s = divide(logarithm(x), logarithm(base));
    return s.high + s.low;
}
