/* Who is better: pairs of runs with the same seed, and many comparisons judged together. */
#include "sweep/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double level = 1 - STATISTICS_CONFIDENCE;

/* One side of a pair: what a run adds to the error of the ratio of the sums. */
typedef struct side {
    wide x, y;
    double scale;
} side;

static side side_of(const observation *all, size_t count)
{
    side s = {0};
    for (size_t i = 0; i < count; i++) {
        s.x = wide_add(s.x, wide_of(all[i].numerator));
        s.y = wide_add(s.y, wide_of(all[i].denominator));
    }
    double y = wide_to_double(s.y);
    s.scale = (double)count / y / y;
    return s;
}

/* (x - R y) / mean(y); the difference is taken exactly. */
static double residual(const side *s, observation one)
{
    wide off = wide_subtract(wide_multiply(wide_of(one.numerator), s->y),
                             wide_multiply(wide_of(one.denominator), s->x));
    return wide_to_double(off) * s->scale;
}

/* Exactly 0 where both ratios are the same number. */
static double ratios_apart(const side *a, const side *b)
{
    wide apart = wide_subtract(wide_multiply(a->x, b->y), wide_multiply(b->x, a->y));
    return wide_to_double(apart) / wide_to_double(a->y) / wide_to_double(b->y);
}

difference paired_difference(const observation *first, size_t first_count,
                             const observation *second, size_t second_count)
{
    size_t count = first_count < second_count ? first_count : second_count;
    difference d = {.by = {.runs = count, .low = -INFINITY, .high = INFINITY}, .p = 1};
    side a = side_of(first, count), b = side_of(second, count);
    if (wide_is_zero(a.y) || wide_is_zero(b.y)) {
        return d;
    }
    d.by.value = ratios_apart(&a, &b);
    if (count < 2) {
        return d;
    }
    double squares = 0, n = (double)count, size = d.by.value < 0 ? -d.by.value : d.by.value;
    for (size_t i = 0; i < count; i++) {
        double off = residual(&a, first[i]) - residual(&b, second[i]);
        squares += off * off;
    }
    double error = sqrt(squares / (n - 1) / n);
    double half = student_quantile(STATISTICS_CONFIDENCE, count - 1) * error;
    d.by.low = d.by.value - half;
    d.by.high = d.by.value + half;
    d.p = size == 0 ? 1 : error == 0 ? 0 : student_tail(size / error, count - 1);
    return d;
}

typedef struct ranked {
    double p;
    size_t at;
} ranked;

static int by_p(const void *first, const void *second)
{
    const ranked *a = first, *b = second;
    int order = (a->p > b->p) - (a->p < b->p);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

void holm_adjust(double *p, size_t count)
{
    ranked *all = malloc((count + 1) * sizeof *all);
    if (all == NULL) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        all[i] = (ranked){p[i], i};
    }
    qsort(all, count, sizeof *all, by_p);
    double least = 0;
    for (size_t i = 0; i < count; i++) {
        double adjusted = all[i].p * (double)(count - i);
        adjusted = adjusted > 1 ? 1 : adjusted;
        least = adjusted > least ? adjusted : least;
        p[all[i].at] = least;
    }
    free(all);
}

/* ------------------------------------------------------------------------------- effect tables */

/* Number of the pair a < b among those of `count` contenders. */
static size_t pair_of(size_t a, size_t b, size_t count)
{
    size_t low = a < b ? a : b, high = a < b ? b : a;
    return low * count - low * (low + 1) / 2 + (high - low - 1);
}

static bool takes_part(const contender *c)
{
    for (size_t i = 0; c->runs && i < c->count; i++) {
        if (c->runs[i].denominator > 0) {
            return true;
        }
    }
    return false;
}

/* Winner and second of a cell; the first of equals. */
static void rank(const contender *all, size_t count, bool less_is_better, effect *e)
{
    double best = INFINITY, next = INFINITY;
    e->winner = e->second = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (!takes_part(&all[i])) {
            continue;
        }
        double value = observations_estimate(all[i].runs, all[i].count).value;
        value = less_is_better ? value : -value;
        if (value < best) {
            next = best;
            e->second = e->winner;
            best = value;
            e->winner = i;
        } else if (value < next) {
            next = value;
            e->second = i;
        }
    }
}

static void judge(const contender *all, size_t count, const double *p, effect *e)
{
    const contender *winner = &all[e->winner], *second = &all[e->second];
    e->lead = paired_difference(second->runs, second->count, winner->runs, winner->count);
    e->lead.p = p[pair_of(e->winner, e->second, count)];
    e->significant = true;
    for (size_t i = 0; i < count; i++) {
        if (i != e->winner && takes_part(&all[i])) {
            e->significant &= p[pair_of(e->winner, i, count)] < level;
        }
    }
}

void effect_table(const contender *cells, size_t cell_count, size_t contenders, bool less_is_better,
                  effect *effects)
{
    size_t pairs = contenders * (contenders - (contenders > 0)) / 2, tests = 0;
    double *p = malloc((cell_count * pairs + 1) * 2 * sizeof *p);
    size_t *at = malloc((cell_count * pairs + 1) * sizeof *at);
    if (p == NULL || at == NULL) {
        abort();
    }
    double *family = p + cell_count * pairs + 1;
    for (size_t cell = 0; cell < cell_count; cell++) {
        const contender *all = cells + cell * contenders;
        for (size_t a = 0; a < contenders; a++) {
            for (size_t b = a + 1; b < contenders; b++) {
                if (takes_part(&all[a]) && takes_part(&all[b])) {
                    at[tests] = cell * pairs + pair_of(a, b, contenders);
                    family[tests++] =
                        paired_difference(all[a].runs, all[a].count, all[b].runs, all[b].count).p;
                }
            }
        }
    }
    holm_adjust(family, tests);
    for (size_t i = 0; i < tests; i++) {
        p[at[i]] = family[i];
    }
    for (size_t cell = 0; cell < cell_count; cell++) {
        effects[cell] = (effect){0};
        rank(cells + cell * contenders, contenders, less_is_better, &effects[cell]);
        if (effects[cell].second != SIZE_MAX) {
            judge(cells + cell * contenders, contenders, p + cell * pairs, &effects[cell]);
        }
    }
    free(at);
    free(p);
}
