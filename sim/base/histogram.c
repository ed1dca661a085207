/*
 * A value below 2048 has a step of its own. Of a greater one the highest eleven bits count: 1024
 * steps in each power of two, of which the first follows the last of the power before without a
 * gap.
 *
 * While there are few values, the steps that they fall into are a list in the order of arrival:
 * runs are short, and a table of all steps takes longer to clear than such a run takes. The table
 * comes with value number FEW_MOST + 1; steps that nothing falls into are never touched.
 */
#include "base/histogram.h"

#include "base/varint.h"

#include <stdlib.h>
#include <string.h>

enum {
    STEP_BITS = 10,
    EXACT = 2 << STEP_BITS, /* values below are steps themselves */
    POWERS = 63 - STEP_BITS - 1,
    STEPS = EXACT + (POWERS << STEP_BITS),
    FEW_LEAST = 64,
    FEW_MOST = 4096,
    PPM = 1000000
};

_Static_assert(STEPS <= UINT16_MAX, "a step fits into the list");

struct histogram {
    unsigned __int128 sum;
    uint64_t count;
    int64_t least, most; /* mean nothing where count is 0 */
    uint64_t *steps;     /* STEPS of them; NULL: few */
    uint16_t *few;       /* a step for each value, while there is no table */
    uint32_t few_room;
};

typedef struct step_count {
    uint32_t step;
    uint64_t count;
} step_count;

static void *checked(void *block)
{
    if (block == NULL) {
        abort();
    }
    return block;
}

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

static void make_table(histogram *h)
{
    h->steps = checked(calloc(STEPS, sizeof *h->steps));
    for (uint64_t i = 0; i < h->count; i++) {
        h->steps[h->few[i]]++;
    }
    free(h->few);
    h->few = NULL;
    h->few_room = 0;
}

/* One more value; h->count is still that of the others. */
static void add_step(histogram *h, uint32_t step)
{
    if (h->steps == NULL && h->count == FEW_MOST) {
        make_table(h);
    }
    if (h->steps) {
        h->steps[step]++;
        return;
    }
    if (h->count == h->few_room) {
        h->few_room = h->few_room ? 4 * h->few_room : FEW_LEAST;
        h->few = checked(realloc(h->few, h->few_room * sizeof *h->few));
    }
    h->few[h->count] = (uint16_t)step;
}

/* The list in ascending order, into sorted[count]: a byte at a time, low one first. */
static void sort_few(const histogram *h, uint16_t *sorted)
{
    uint16_t spare[FEW_MOST];
    const uint16_t *from = h->few;
    uint16_t *to = spare;
    for (int shift = 0; shift <= 8; shift += 8) {
        uint32_t begin[257] = {0};
        for (uint64_t i = 0; i < h->count; i++) {
            begin[(from[i] >> shift & 255) + 1]++;
        }
        for (int byte = 0; byte < 256; byte++) {
            begin[byte + 1] += begin[byte];
        }
        for (uint64_t i = 0; i < h->count; i++) {
            to[begin[from[i] >> shift & 255]++] = from[i];
        }
        from = spare;
        to = sorted;
    }
}

/* The step and its count that follow after `at` in `sorted`, or in the table where there is one;
 * `at` goes on. Only where there is one more. */
static step_count next_step(const histogram *h, const uint16_t *sorted, uint32_t *at)
{
    step_count one = {0};
    if (h->steps) {
        while (h->steps[*at] == 0) {
            ++*at;
        }
        one = (step_count){*at, h->steps[*at]};
        ++*at;
        return one;
    }
    one.step = sorted[*at];
    while (*at < h->count && sorted[*at] == one.step) {
        one.count++;
        ++*at;
    }
    return one;
}

histogram *histogram_new(void)
{
    return checked(calloc(1, sizeof(histogram)));
}

void histogram_free(histogram *h)
{
    if (h) {
        free(h->steps);
        free(h->few);
        free(h);
    }
}

void histogram_reset(histogram *h)
{
    free(h->steps);
    free(h->few);
    *h = (histogram){0};
}

void histogram_add(histogram *h, int64_t value)
{
    value = value < 0 ? 0 : value;
    add_step(h, step_of(value));
    h->least = h->count == 0 || value < h->least ? value : h->least;
    h->most = value > h->most ? value : h->most;
    h->sum += (uint64_t)value;
    h->count++;
}

void histogram_merge(histogram *into, const histogram *from)
{
    uint64_t before = into->count, more = from->count;
    if (more == 0) {
        return;
    }
    if (into->steps == NULL && before + more > FEW_MOST) {
        make_table(into);
    }
    if (from->steps) {
        for (uint32_t step = 0; step < STEPS; step++) {
            into->steps[step] += from->steps[step];
        }
        into->count += more;
    } else {
        for (uint64_t i = 0; i < more; i++) {
            add_step(into, from->few[i]);
            into->count++;
        }
    }
    into->least = before == 0 || from->least < into->least ? from->least : into->least;
    into->most = from->most > into->most ? from->most : into->most;
    into->sum += from->sum;
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
    uint16_t sorted[FEW_MOST];
    if (h->count == 0) {
        return 0;
    }
    unsigned __int128 share = (unsigned __int128)h->count * (ppm < PPM ? ppm : PPM);
    uint64_t rank = (uint64_t)((share + PPM - 1) / PPM), seen = 0;
    uint32_t at = h->steps ? step_of(h->least) : 0, step;
    if (h->steps == NULL) {
        sort_few(h, sorted);
    }
    do {
        step_count one = next_step(h, sorted, &at);
        step = one.step;
        seen += one.count;
    } while (seen < rank);
    return end_of(step) < h->most ? end_of(step) : h->most;
}

/* ------------------------------------------------------------------------------------ packed */

size_t histogram_pack_size(const histogram *h)
{
    size_t used = 0;
    for (uint32_t step = 0; h->steps && step < STEPS; step++) {
        used += h->steps[step] > 0;
    }
    used = h->steps ? used : h->count;
    return (5 + 2 * used) * VARINT_MOST;
}

size_t histogram_pack(const histogram *h, void *bytes)
{
    uint16_t sorted[FEW_MOST];
    unsigned char *out = varint_put(bytes, h->count);
    if (h->count == 0) {
        return 1;
    }
    out = varint_put(varint_put(out, (uint64_t)h->sum), (uint64_t)(h->sum >> 64));
    out = varint_put(varint_put(out, (uint64_t)h->least), (uint64_t)h->most);
    if (h->steps == NULL) {
        sort_few(h, sorted);
    }
    uint32_t at = 0, last = 0;
    for (uint64_t seen = 0; seen < h->count;) {
        step_count one = next_step(h, sorted, &at);
        out = varint_put(varint_put(out, one.step - last), one.count);
        last = one.step;
        seen += one.count;
    }
    return (size_t)(out - (unsigned char *)bytes);
}

/* What histogram_pack() wrote, without its steps; *at is left before them. */
static bool take_head(const unsigned char **at, const unsigned char *end, histogram *head)
{
    uint64_t low, high, least, most;
    if (!varint_take(at, end, &head->count)) {
        return false;
    }
    if (head->count == 0) {
        return *at == end;
    }
    if (!varint_take(at, end, &low) || !varint_take(at, end, &high) ||
        !varint_take(at, end, &least) || !varint_take(at, end, &most) || least > most ||
        most > INT64_MAX) {
        return false;
    }
    head->sum = (unsigned __int128)high << 64 | low;
    head->least = (int64_t)least;
    head->most = (int64_t)most;
    return true;
}

/* Are the steps as many as there should be, ascending, and no others? */
static bool is_packed(const unsigned char *at, const unsigned char *end, uint64_t wanted)
{
    uint64_t step = 0, behind, count, seen = 0;
    for (bool first = true; at < end; first = false) {
        if (!varint_take(&at, end, &behind) || !varint_take(&at, end, &count) ||
            behind >= STEPS - step || count == 0 || count > wanted - seen ||
            (behind == 0 && !first)) {
            return false;
        }
        step += behind;
        seen += count;
    }
    return seen == wanted;
}

bool histogram_merge_packed(histogram *into, const void *bytes, size_t size)
{
    const unsigned char *at = bytes, *end = at + size;
    histogram from = {0};
    uint64_t step = 0, behind = 0, count = 0;
    if (!take_head(&at, end, &from) || !is_packed(at, end, from.count)) {
        return false;
    }
    if (from.count == 0) {
        return true;
    }
    if (into->steps == NULL && from.count > FEW_MOST - into->count) {
        make_table(into);
    }
    into->least = into->count == 0 || from.least < into->least ? from.least : into->least;
    into->most = from.most > into->most ? from.most : into->most;
    into->sum += from.sum;
    while (at < end && varint_take(&at, end, &behind) && varint_take(&at, end, &count)) {
        step += behind;
        for (uint64_t i = 0; into->steps == NULL && i < count; i++) {
            add_step(into, (uint32_t)step);
            into->count++;
        }
        if (into->steps) {
            into->steps[step] += count;
            into->count += count;
        }
    }
    return true;
}
