/*
 * Signed integers of 576 bits: exact sums of products, with room for 2^32 runs, until the one
 * rounding to a double at the end. Two's complement, least significant part first; no overflow is
 * looked for: statistics.h says what is small enough.
 */
#ifndef DASIM_SWEEP_WIDE_H
#define DASIM_SWEEP_WIDE_H

#include <stdbool.h>
#include <stdint.h>

enum { WIDE_PARTS = 9 };

typedef struct wide {
    uint64_t part[WIDE_PARTS];
} wide;

wide wide_of(int64_t value);
wide wide_add(wide a, wide b);
wide wide_subtract(wide a, wide b);
wide wide_multiply(wide a, wide b);
bool wide_is_zero(wide a);
/* Cut off after 64 significant bits, then rounded to nearest; no infinity for |a| < 2^575. */
double wide_to_double(wide a);

#endif
