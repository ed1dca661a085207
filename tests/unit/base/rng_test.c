#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdlib.h>

/* The four things that a draw is a function of. */
typedef struct place {
    uint64_t seed, purpose, who, n;
} place;

static uint64_t draw_at(place p)
{
    return rng_draw(rng_key_of(p.seed, (uint32_t)p.purpose, p.who), p.n);
}

static uint64_t below_at(place p)
{
    return rng_draw(rng_key_for(rng_key_of(p.seed, (uint32_t)p.purpose, 0), p.who), p.n);
}

static uint64_t *part_of(place *p, uint32_t part)
{
    return part == 0 ? &p->seed : part == 1 ? &p->purpose : part == 2 ? &p->who : &p->n;
}

/* Computed apart, with unbounded integers. A change here changes every run that was ever made. */
Test (rng, golden_values) {
    static const struct {
        place at;
        uint64_t draw, below;
    } cases[] = {
        {{0, 0, 0, 0}, 0x7BFC1B85119E7778, 0xCF2735BEFF8874BC},
        {{0, 0, 0, 1}, 0xBEA3871A05CEFE82, 0xB75068CB8DB62BB7},
        {{1, 0, 0, 0}, 0x4BFB4DB24CEF04C5, 0x1EFAFDE02E3EE1B2},
        {{0, 1, 0, 0}, 0x41813075530D86D7, 0x41B651B19EF3406E},
        {{0, 0, 1, 0}, 0x5F51F8B1F9739386, 0x6F68D1F02271A529},
        {{42, 3, 0x500000007, 1000}, 0x96454BA9BCE43782, 0xEB80AA3D3844929B},
        {{0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF},
         0x2407BB7C6A525EFD,
         0x58A4ABB9D8BCBA0E},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(draw_at(cases[i].at), cases[i].draw, "case %zu", i);
        cr_expect_eq(below_at(cases[i].at), cases[i].below, "case %zu", i);
    }
}

/* Flipping any bit of the input flips each bit of the output in half of all cases. */
Test (rng, every_bit_of_the_input_moves_every_bit_of_the_output) {
    enum { TRIALS = 1024, SIGMAS_6 = 96 }; /* the deviation of TRIALS coins is 16 */
    rng_key key = rng_key_of(99, 99, 99);
    for (uint32_t part = 0; part < 4; part++) {
        for (uint32_t bit = 0; bit < (part == 1 ? 32 : 64); bit++) {
            uint32_t flips[64] = {0};
            for (uint64_t t = 0; t < TRIALS; t++) {
                /* half of them small numbers, as they are in use */
                uint32_t shift = t % 2 ? 56 : 0;
                place p = {rng_draw(key, 4 * t) >> shift,
                           rng_draw(key, 4 * t + 1) >> 32 >> shift / 2,
                           rng_draw(key, 4 * t + 2) >> shift, rng_draw(key, 4 * t + 3) >> shift};
                uint64_t before = draw_at(p);
                *part_of(&p, part) ^= UINT64_C(1) << bit;
                uint64_t changed = before ^ draw_at(p);
                for (uint32_t out = 0; out < 64; out++) {
                    flips[out] += changed >> out & 1;
                }
            }
            for (uint32_t out = 0; out < 64; out++) {
                cr_assert(abs((int)flips[out] - TRIALS / 2) <= SIGMAS_6, "part %u bit %u -> %u: %u",
                          part, bit, out, flips[out]);
            }
        }
    }
}

/* Chi-square of the upper and the lower four bits of two neighbours' draws, 255 degrees. */
static void expect_independent(uint32_t part, uint64_t step, bool below)
{
    enum { DRAWS = 1 << 16 };
    uint32_t high[256] = {0}, low[256] = {0};
    for (uint64_t i = 0; i < DRAWS; i++) {
        place p = {1, 2, part == 3 ? 5 : i >> 8, i}, q;
        q = p;
        *part_of(&q, part) += step;
        uint64_t a = draw_at(p), b = below ? below_at(q) : draw_at(q);
        high[a >> 60 << 4 | b >> 60]++;
        low[(a & 15) << 4 | (b & 15)]++;
    }
    double chi[2] = {0, 0}, mean = DRAWS / 256.0;
    for (uint32_t i = 0; i < 256; i++) {
        chi[0] += (high[i] - mean) * (high[i] - mean) / mean;
        chi[1] += (low[i] - mean) * (low[i] - mean) / mean;
    }
    for (uint32_t i = 0; i < 2; i++) { /* 255 +- 5 deviations */
        cr_expect(chi[i] > 142 && chi[i] < 368, "part %u, step %llu: %f", part,
                  (unsigned long long)step, chi[i]);
    }
}

Test (rng, draws_of_neighbours_are_independent) {
    static const uint64_t steps[] = {1, 2, 256, 1000};
    for (uint32_t part = 0; part < 4; part++) {
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            expect_independent(part, steps[s], false);
        }
    }
    expect_independent(2, UINT64_C(1) << 32, false); /* another source */
    expect_independent(2, 0, true); /* a key below a key is not the key of that `who` */
}

static int ascending(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* 64 seeds, purposes, pairs and draws each of 16: by chance two of them agree once in 10^7. */
Test (rng, no_two_draws_of_a_run_agree) {
    enum { COUNT = 1 << 20 };
    uint64_t *draws = malloc(COUNT * sizeof *draws);
    for (uint64_t i = 0; i < COUNT; i++) {
        draws[i] = draw_at((place){i & 31, i >> 5 & 31, (i >> 10 & 31) << 32 | 7, i >> 15});
    }
    qsort(draws, COUNT, sizeof *draws, ascending);
    for (uint64_t i = 1; i < COUNT; i++) {
        cr_assert_neq(draws[i - 1], draws[i]);
    }
    free(draws);
}

/* The draws that give v start at ceil(v * 2^64 / bound): each v has as many, or one more. */
Test (rng, below_is_even_to_within_one_draw_in_2_to_the_64) {
    static const uint64_t bounds[] = {1, 2, 3, 10, 1000, 4294967295, 4294967296, UINT64_MAX};
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        uint64_t bound = bounds[b];
        cr_assert_eq(rng_below(0, bound), 0);
        cr_assert_eq(rng_below(UINT64_MAX, bound), bound - 1);
        for (uint64_t k = 1; k < 20; k++) {
            uint64_t v = bound / 20 * k + k % (bound < 20 ? bound : 20);
            if (v == 0 || v >= bound) {
                continue;
            }
            uint64_t first = (uint64_t)((((unsigned __int128)v << 64) + bound - 1) / bound);
            cr_assert_eq(rng_below(first, bound), v);
            cr_assert_eq(rng_below(first - 1, bound), v - 1);
        }
    }
    cr_expect_eq(rng_below(UINT64_MAX, 0), UINT64_MAX, "bound 0 stands for 2^64");
    cr_expect_eq(rng_below(12345, 0), 12345);
}
