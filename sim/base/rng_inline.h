/*
 * Bodies of rng.h; include that.
 *
 * Every step multiplies by an odd number that is not chosen by what is being mixed: a product that
 * is zero for one value of 2^64 is chance, one that is zero for a whole key would be a defect.
 */
#ifndef DASIM_BASE_RNG_INLINE_H
#define DASIM_BASE_RNG_INLINE_H

#include "base/rng.h"

/* Those of wyhash: odd, half of the bits set. */
#define RNG_SECRET_0 UINT64_C(0xA0761D6478BD642F)
#define RNG_SECRET_1 UINT64_C(0xE7037ED1A0B428DB)
#define RNG_SECRET_2 UINT64_C(0x8EBC6AF09C88C6E3)
#define RNG_SECRET_3 UINT64_C(0x589965CC75374CC3)
#define RNG_GOLDEN UINT64_C(0x9E3779B97F4A7C15)

static inline uint64_t rng_mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline rng_key rng_key_for(rng_key key, uint64_t who)
{
    uint64_t a = rng_mix(key.a ^ who, key.b);
    uint64_t b = rng_mix((a + who) ^ RNG_SECRET_2, RNG_SECRET_3);
    return (rng_key){a, b | 1};
}

static inline rng_key rng_key_of(uint64_t seed, uint32_t purpose, uint64_t who)
{
    uint64_t a = rng_mix(seed ^ RNG_SECRET_0, RNG_SECRET_1);
    uint64_t b = rng_mix((a + purpose) ^ RNG_SECRET_1, RNG_SECRET_2);
    return rng_key_for((rng_key){a + b, rng_mix(b ^ seed, RNG_SECRET_3) | 1}, who);
}

static inline uint64_t rng_draw(rng_key key, uint64_t n)
{
    uint64_t x = n * RNG_GOLDEN + key.a;
    return rng_mix(rng_mix(x, key.b) ^ x, RNG_SECRET_1);
}

static inline uint64_t rng_below(uint64_t draw, uint64_t bound)
{
    return bound == 0 ? draw : (uint64_t)(((unsigned __int128)draw * bound) >> 64);
}

#endif
