/* Chance for tests: the same numbers everywhere. */
#ifndef DASIM_TESTS_DICE_H
#define DASIM_TESTS_DICE_H

#include <stdint.h>

typedef struct dice {
    uint64_t state;
} dice;

static inline uint32_t roll(dice *d, uint32_t sides)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((d->state >> 33) % sides);
}

#endif
