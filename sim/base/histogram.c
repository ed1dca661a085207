/*
 * A value below 2048 has a step of its own. Of a greater one the highest eleven bits count: 1024
 * steps in each power of two, of which the first follows the last of the power before without a
 * gap. Steps that nothing falls into are never touched, and cost no memory.
 */
#include "base/histogram.h"

#include <stdlib.h>
#include <string.h>

enum {
    STEP_BITS = 10,
    EXACT = 2 << STEP_BITS, /* values below are steps themselves */
    POWERS = 63 - STEP_BITS - 1,
    STEPS = EXACT + (POWERS << STEP_BITS),
    PPM = 1000000
};

struct histogram {
    unsigned __int128 sum;
    uint64_t count;
    int64_t least, most; /* mean nothing where count is 0 */
    uint64_t steps[STEPS];
};

static uint32_t step_of(int64_t value)
{
    if (value < EXACT) {
        return (uint32_t)value;
    }
    uint32_t shift = 63 - STEP_BITS - (uint32_t)__builtin_clzll((uint64_t)value);
    return (shift << STEP_BITS) + (uint32_t)((uint64_t)value >> shift);
}

/* The greatest value of a step. */
static int64_t end_of(uint32_t step)
{
    if (step < EXACT) {
        return step;
    }
    uint32_t shift = (step >> STEP_BITS) - 1;
    uint64_t top = step - (shift << STEP_BITS);
    return (int64_t)(((top + 1) << shift) - 1);
}

histogram *histogram_new(void)
{
    histogram *h = calloc(1, sizeof *h);
    if (h == NULL) {
        abort();
    }
    return h;
}

void histogram_free(histogram *h)
{
    free(h);
}

void histogram_reset(histogram *h)
{
    memset(h, 0, sizeof *h);
}

void histogram_add(histogram *h, int64_t value)
{
    value = value < 0 ? 0 : value;
    h->least = h->count == 0 || value < h->least ? value : h->least;
    h->most = value > h->most ? value : h->most;
    h->sum += (uint64_t)value;
    h->count++;
    h->steps[step_of(value)]++;
}

void histogram_merge(histogram *into, const histogram *from)
{
    if (from->count == 0) {
        return;
    }
    into->least = into->count == 0 || from->least < into->least ? from->least : into->least;
    into->most = from->most > into->most ? from->most : into->most;
    into->sum += from->sum;
    into->count += from->count;
    for (uint32_t step = 0; step < STEPS; step++) {
        into->steps[step] += from->steps[step];
    }
}

uint64_t histogram_count(const histogram *h)
{
    return h->count;
}

int64_t histogram_least(const histogram *h)
{
    return h->least;
}

int64_t histogram_most(const histogram *h)
{
    return h->most;
}

int64_t histogram_mean(const histogram *h)
{
    return h->count ? (int64_t)((h->sum + h->count / 2) / h->count) : 0;
}

unsigned __int128 histogram_sum(const histogram *h)
{
    return h->sum;
}

int64_t histogram_quantile(const histogram *h, uint32_t ppm)
{
    if (h->count == 0) {
        return 0;
    }
    unsigned __int128 share = (unsigned __int128)h->count * (ppm < PPM ? ppm : PPM);
    uint64_t rank = (uint64_t)((share + PPM - 1) / PPM);
    uint32_t step = step_of(h->least);
    for (uint64_t seen = h->steps[step]; seen < rank; seen += h->steps[step]) {
        step++;
    }
    return end_of(step) < h->most ? end_of(step) : h->most;
}
