/*
 * Keyed random draws: a draw is a function of (seed, purpose, who, n), not the next value of a
 * shared stream. What one part of a run draws never shifts what another part draws.
 *
 * A key stands for (seed, purpose, who); rng_draw(key, n) is its n-th draw, in any order, at no
 * memory. Purposes are small constants of the callers.
 */
#ifndef DASIM_BASE_RNG_H
#define DASIM_BASE_RNG_H

#include <stdint.h>

typedef struct rng_key {
    uint64_t a, b;
} rng_key;

static inline uint64_t rng_mix(uint64_t a, uint64_t b); /* 64 x 64 -> 128 multiply and fold */

/* who: up to 64 bits, for example source << 32 | destination. */
static inline rng_key rng_key_of(uint64_t seed, uint32_t purpose, uint64_t who);

/* A key below `key`: for callers that keep one key for each purpose and have many `who`. Not the
 * same as rng_key_of() with that `who`. */
static inline rng_key rng_key_for(rng_key key, uint64_t who);

/* The n-th draw: uniform over 0 .. 2^64-1. */
static inline uint64_t rng_draw(rng_key key, uint64_t n);

/* Uniform over 0 .. bound-1 out of one 64-bit draw by multiplication (bias below bound / 2^64);
 * bound 0 stands for 2^64. */
static inline uint64_t rng_below(uint64_t draw, uint64_t bound);

#include "base/rng_inline.h"

#endif
