/* Schoolbook arithmetic, modulo 2^576. */
#include "sweep/wide.h"

enum { PART_BITS = 64 };

static bool is_negative(wide a)
{
    return a.part[WIDE_PARTS - 1] >> (PART_BITS - 1);
}

wide wide_of(int64_t value)
{
    wide a;
    a.part[0] = (uint64_t)value;
    for (int i = 1; i < WIDE_PARTS; i++) {
        a.part[i] = value < 0 ? UINT64_MAX : 0;
    }
    return a;
}

wide wide_add(wide a, wide b)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < WIDE_PARTS; i++) {
        carry += (unsigned __int128)a.part[i] + b.part[i];
        a.part[i] = (uint64_t)carry;
        carry >>= PART_BITS;
    }
    return a;
}

wide wide_subtract(wide a, wide b)
{
    for (int i = 0; i < WIDE_PARTS; i++) {
        b.part[i] = ~b.part[i];
    }
    return wide_add(wide_add(a, b), wide_of(1));
}

wide wide_multiply(wide a, wide b)
{
    wide product = {{0}};
    for (int i = 0; i < WIDE_PARTS; i++) {
        unsigned __int128 carry = 0;
        for (int k = 0; i + k < WIDE_PARTS; k++) {
            carry += (unsigned __int128)a.part[i] * b.part[k] + product.part[i + k];
            product.part[i + k] = (uint64_t)carry;
            carry >>= PART_BITS;
        }
    }
    return product;
}

bool wide_is_zero(wide a)
{
    uint64_t any = 0;
    for (int i = 0; i < WIDE_PARTS; i++) {
        any |= a.part[i];
    }
    return any == 0;
}

double wide_to_double(wide a)
{
    bool negative = is_negative(a);
    wide size = negative ? wide_subtract(wide_of(0), a) : a;
    int top = WIDE_PARTS - 1;
    while (top > 0 && size.part[top] == 0) {
        top--;
    }
    int shift = size.part[top] ? __builtin_clzll(size.part[top]) : 0;
    uint64_t bits = size.part[top] << shift;
    if (shift > 0 && top > 0) {
        bits |= size.part[top - 1] >> (PART_BITS - shift);
    }
    double value = (double)bits;
    for (int i = 0; i < top; i++) {
        value *= 0x1p64;
    }
    for (int i = 0; i < shift; i++) {
        value *= 0.5;
    }
    return negative ? -value : value;
}
