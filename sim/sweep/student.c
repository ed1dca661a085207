/*
 * Student's t for whole degrees of freedom v: P(|T| < t) is a finite sum in the powers of cos^2 a
 * where tan a = t / sqrt(v) (Abramowitz, Stegun, 26.7.3 for odd v, 26.7.4 for even). The arc
 * tangent is our own series, because that of a C library is not the same everywhere.
 */
#include "sweep/statistics.h"

#include <assert.h>
#include <math.h>

enum { DEGREES_MOST = 100000, HALVINGS = 200, ARC_HALVINGS = 4 };

static const double pi = 3.14159265358979323846;

/* Of x >= 0. Halving the angle four times leaves less than tan(pi/32) < 0.1. */
static double arc_tangent(double x)
{
    for (int i = 0; i < ARC_HALVINGS; i++) {
        x = x / (1 + sqrt(1 + x * x));
    }
    double sum = 0, power = x;
    for (int k = 1; k < 40; k += 2) {
        sum += power / k;
        power *= -x * x;
    }
    return sum * (1 << ARC_HALVINGS);
}

/* P(|T| < t). Terms: each the one before it times k/(k+1) cos^2 a. */
static double within(double t, uint64_t degrees)
{
    double v = (double)degrees, length = sqrt(v + t * t);
    double sine = t / length, squared = v / (v + t * t);
    bool is_odd = degrees % 2 == 1;
    double term = is_odd ? sqrt(squared) : 1, sum = 0;
    for (uint64_t k = is_odd ? 2 : 1; k < degrees && term > 0x1p-80; k += 2) {
        sum += term;
        term *= squared * ((double)k / (double)(k + 1));
    }
    if (!is_odd) {
        return sine * sum;
    }
    return 2 / pi * (arc_tangent(t / sqrt(v)) + sine * sum);
}

static uint64_t counted(uint64_t degrees)
{
    assert(degrees > 0);
    return degrees < DEGREES_MOST ? degrees : DEGREES_MOST;
}

double student_tail(double t, uint64_t degrees)
{
    assert(t >= 0);
    if (t > 0x1p100) {
        return 0;
    }
    double tail = 1 - within(t, counted(degrees));
    return tail > 0 ? tail : 0;
}

double student_quantile(double confidence, uint64_t degrees)
{
    assert(confidence >= 0.5 && confidence <= 0.9999);
    degrees = counted(degrees);
    double low = 0, high = 1;
    while (within(high, degrees) < confidence) {
        low = high;
        high *= 2;
    }
    for (int i = 0; i < HALVINGS; i++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) {
            break;
        }
        if (within(middle, degrees) < confidence) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}
