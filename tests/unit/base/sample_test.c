#include "base/sample.h"

#include "base/rng.h"
#include "base/sample_tables.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { BILLION = 1000000000, DRAWS = 1000000 };

#define WIDE .least = INT64_MIN, .most = INT64_MAX
#define TWO_64 18446744073709551616.0L

static const distribution_table steps = {8,
                                         {-1000000000, -500000000, 0, 0, 10000000, 700000000,
                                          3000000000, 3400000000}};

static const distribution kinds[] = {
    {DISTRIBUTION_FIXED, 123456789, 0, WIDE, .table = NULL},
    {DISTRIBUTION_UNIFORM, -2000000000, 5000000000, WIDE, .table = NULL},
    {DISTRIBUTION_EXPONENTIAL, 2000000000, 0, WIDE, .table = NULL},
    {DISTRIBUTION_NORMAL, 5000000000, 1500000000, WIDE, .table = NULL},
    {DISTRIBUTION_LOG_NORMAL, 2000000000, 700000000, WIDE, .table = NULL},
    {DISTRIBUTION_PARETO, 1000000000, 1500000000, WIDE, .table = NULL},
    {DISTRIBUTION_WEIBULL, 3000000000, 1700000000, WIDE, .table = NULL},
    {DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &steps},
};

/* ----------------------------------------------------------------- exact distribution functions */

static double empirical_below(const distribution_table *t, double x)
{
    uint32_t i = 0;
    if (x < (double)t->value[0]) {
        return 0;
    }
    while (i + 1 < t->count && (double)t->value[i + 1] <= x) {
        i++;
    }
    if (i + 1 == t->count) {
        return 1;
    }
    double from = (double)t->value[i], to = (double)t->value[i + 1];
    return (i + (x - from) / (to - from)) / (t->count - 1);
}

/* The probability of at most x. */
static double below(const distribution *d, double x)
{
    double a = (double)d->a, b = (double)d->b, shape = b / BILLION;
    switch (d->kind) {
    case DISTRIBUTION_UNIFORM:
        return (x - a) / (b - a);
    case DISTRIBUTION_EXPONENTIAL:
        return -expm1(-x / a);
    case DISTRIBUTION_NORMAL:
        return erfc((a - x) / b / sqrt(2)) / 2;
    case DISTRIBUTION_LOG_NORMAL:
        return erfc(-log(x / a) / shape / sqrt(2)) / 2;
    case DISTRIBUTION_PARETO:
        return 1 - pow(a / x, shape);
    case DISTRIBUTION_WEIBULL:
        return -expm1(-pow(x / a, shape));
    default:
        return empirical_below(d->table, x);
    }
}

static int ascending(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void draw_sorted(const distribution *d, int64_t *draws)
{
    rng_key key = rng_key_of(2024, 1, d->kind);
    for (uint32_t i = 0; i < DRAWS; i++) {
        draws[i] = distribution_sample(d, rng_draw(key, i));
    }
    qsort(draws, DRAWS, sizeof *draws, ascending);
}

/* The greatest distance between the empirical and the exact distribution function. A jump of the
 * exact one (many equal draws) is compared at its upper end only. */
static double distance(const distribution *d, const int64_t *draws)
{
    double most = 0;
    for (uint32_t i = 0, end; i < DRAWS; i = end) {
        for (end = i + 1; end < DRAWS && draws[end] == draws[i]; end++) {
        }
        double exact = below(d, (double)draws[i]);
        double above = fabs((double)end / DRAWS - exact), under = fabs((double)i / DRAWS - exact);
        most = above > most ? above : most;
        most = end - i < 1000 && under > most ? under : most;
    }
    return most;
}

/* Parameters that are wrong by one per cent. */
static distribution slightly_off(distribution_kind kind)
{
    static const distribution_table other = {8,
                                             {-1000000000, -500000000, 0, 0, 10000000, 720000000,
                                              3000000000, 3400000000}};
    distribution d = kinds[kind];
    if (kind == DISTRIBUTION_EXPONENTIAL) {
        d.a += d.a / 100;
    } else if (kind == DISTRIBUTION_EMPIRICAL) {
        d.table = &other;
    } else {
        d.b += d.b / 100;
    }
    return d;
}

/* Of 10^6 draws the distance exceeds 1.95 / sqrt(10^6) in one of 1000 cases; ours are fixed. */
static void expect_drawn_from(distribution_kind kind)
{
    int64_t *draws = malloc(DRAWS * sizeof *draws);
    distribution off = slightly_off(kind);
    draw_sorted(&kinds[kind], draws);
    double found = distance(&kinds[kind], draws);
    cr_expect_lt(found, 1.95e-3, "%s: %g", distribution_name(kind), found);
    cr_expect_gt(found, 1e-4, "%s: %g", distribution_name(kind), found);
    found = distance(&off, draws);
    cr_expect_gt(found, 1.95e-3, "%s, wrong: %g", distribution_name(kind), found);
    free(draws);
}

Test (sample, uniform_draws_follow_their_distribution) {
    expect_drawn_from(DISTRIBUTION_UNIFORM);
}

Test (sample, exponential_draws_follow_their_distribution) {
    expect_drawn_from(DISTRIBUTION_EXPONENTIAL);
}

Test (sample, normal_draws_follow_their_distribution) {
    expect_drawn_from(DISTRIBUTION_NORMAL);
}

Test (sample, log_normal_draws_follow_their_distribution) {
    expect_drawn_from(DISTRIBUTION_LOG_NORMAL);
}

Test (sample, pareto_draws_follow_their_distribution) {
    expect_drawn_from(DISTRIBUTION_PARETO);
}

Test (sample, weibull_draws_follow_their_distribution) {
    expect_drawn_from(DISTRIBUTION_WEIBULL);
}

Test (sample, empirical_draws_follow_their_distribution) {
    expect_drawn_from(DISTRIBUTION_EMPIRICAL);
}

/* ------------------------------------------------------------------------------ golden values */

/* A change here changes every run that was ever made. */
Test (sample, golden_first_values) {
    static const int64_t golden[DISTRIBUTION_KINDS][5] = {
        {123456789, 123456789, 123456789, 123456789, 123456789},
        {3619841826, 4809777088, 4045154402, -448265435, 4226389599},
        {3247424074, 7210937644, 3984231556, 501225720, 4405194078},
        {6277684326, 7886061991, 6644911180, 3850184129, 6835684660},
        {3630607051, 7690425470, 4309286727, 1169488461, 4710528086},
        {2951975748, 11063438925, 3773780127, 1181843184, 4342273357},
        {3989790430, 6378900240, 4499752759, 1329210658, 4773619021},
        {2125636198, 3323910835, 3018061761, -224132717, 3090555840},
    };
    rng_key key = rng_key_of(1, 2, 3);
    for (uint32_t kind = 0; kind < DISTRIBUTION_KINDS; kind++) {
        for (uint32_t i = 0; i < 5; i++) {
            int64_t value = distribution_sample(&kinds[kind], rng_draw(key, i));
            cr_expect_eq(value, golden[kind][i], "%s, draw %u: %lld",
                         distribution_name((distribution_kind)kind), i, (long long)value);
        }
    }
}

/* ------------------------------------------------------------------------- exact up to rounding */

/* Of u, and of what is above it: (u + 1/2) / 2^64 without cancellation. */
static long double chance(uint64_t u)
{
    return ((long double)u + 0.5L) / TWO_64;
}

/* -ln of the probability above u. */
static long double exact_log(uint64_t u)
{
    return u >> 60 ? -logl(chance(~u)) : -log1pl(-chance(u));
}

/* Newton's method (Halley's) on erfc, in the lower tail. */
static long double exact_normal(uint64_t u)
{
    bool upper = u >> 63;
    long double p = chance(upper ? ~u : u);
    long double x = p > 0.2L ? (p - 0.5L) * 2.5L : -sqrtl(-2 * logl(p));
    for (int i = 0; i < 50; i++) {
        long double density = expl(-x * x / 2) / sqrtl(2 * acosl(-1));
        long double step = (erfcl(-x / sqrtl(2)) / 2 - p) / density;
        step /= 1 + x * step / 2;
        x -= step;
        if (fabsl(step) < 4 * LDBL_EPSILON * fabsl(x)) {
            break;
        }
    }
    return upper ? -x : x;
}

/* Random, of all magnitudes, at both ends and around the middle. */
static uint64_t spread_u(uint64_t i)
{
    rng_key key = rng_key_of(8, 8, 8);
    uint64_t u = rng_draw(key, 2 * i), how = rng_draw(key, 2 * i + 1);
    u >>= how & 1 ? how >> 1 & 63 : 0;
    return how >> 62 == 3 ? ~u : how >> 62 == 2 ? (UINT64_C(1) << 63) + u / 2 : u;
}

/* Whether the value lies within half a unit, `relative` of itself and an error of the probability
 * of 2^-55 around the exact quantile; low and high are the quantiles with that error. */
static bool is_near(int64_t value, long double low, long double high, long double relative)
{
    long double slack = 0.5L + relative * fabsl((long double)value);
    return (long double)value >= low - slack && (long double)value <= high + slack;
}

Test (sample, exponential_pareto_and_weibull_are_exact_up_to_their_claim) {
    const int64_t scale = INT64_C(1) << 53;
    static const int64_t shapes[] = {10000000, 300000000, 1000000000, 2500000000, 100000000000};
    const long double slip = ldexpl(1, -55);
    for (uint64_t i = 0; i < 60000; i++) {
        uint64_t u = i < 10 ? i : i < 20 ? ~(i - 10) : spread_u(i);
        long double middle = exact_log(u);
        /* d(-ln q) = dp / q, where q cannot fall below half a step */
        long double low = middle - slip > 0 ? middle - slip : 0, high = middle + slip;
        distribution d = {DISTRIBUTION_EXPONENTIAL, scale, 0, WIDE, .table = NULL};
        cr_assert(is_near(distribution_sample(&d, u), low * scale, high * scale, 1e-17L), "u %llx",
                  (unsigned long long)u);
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
            long double shape = (long double)shapes[s] / BILLION;
            d = (distribution){DISTRIBUTION_PARETO, scale, shapes[s], WIDE, .table = NULL};
            int64_t value = distribution_sample(&d, u);
            cr_assert(value == INT64_MAX ? expl(middle / shape) * scale > 9.2e18L
                                         : is_near(value, expl(low / shape) * scale,
                                                   expl(high / shape) * scale, 1e-17L),
                      "Pareto %g, u %llx", (double)shape, (unsigned long long)u);
            d.kind = DISTRIBUTION_WEIBULL;
            value = distribution_sample(&d, u);
            cr_assert(value == INT64_MAX ? powl(middle, 1 / shape) * scale > 9.2e18L
                                         : is_near(value, powl(low, 1 / shape) * scale,
                                                   powl(high, 1 / shape) * scale, 1e-14L),
                      "Weibull %g, u %llx", (double)shape, (unsigned long long)u);
        }
    }
}

Test (sample, normal_and_log_normal_are_exact_up_to_their_claim) {
    const int64_t scale = INT64_C(1) << 53;
    static const int64_t sigmas[] = {10000000, 500000000, 2000000000, 100000000000};
    for (uint64_t i = 0; i < 60000; i++) {
        uint64_t u = i < 10 ? i : i < 20 ? ~(i - 10) : spread_u(i);
        long double z = exact_normal(u);
        distribution d = {DISTRIBUTION_NORMAL, 0, scale, WIDE, .table = NULL};
        long double found = (long double)distribution_sample(&d, u) / scale;
        cr_assert_lt(fabsl(found - z), 1e-12L, "u %llx: %.18Lg, not %.18Lg", (unsigned long long)u,
                     found, z);
        for (size_t s = 0; s < sizeof sigmas / sizeof *sigmas; s++) {
            long double sigma = (long double)sigmas[s] / BILLION;
            d = (distribution){DISTRIBUTION_LOG_NORMAL, scale, sigmas[s], WIDE, .table = NULL};
            int64_t value = distribution_sample(&d, u);
            long double exact = expl(z * sigma) * scale;
            cr_assert(value == INT64_MAX ? exact > 9.2e18L
                                         : is_near(value, exact, exact, 1e-12L * sigma + 1e-13L),
                      "sigma %g, u %llx: %lld, not %.18Lg", (double)sigma, (unsigned long long)u,
                      (long long)value, exact);
        }
    }
}

/* One of each of 2^k values, and the middle of the table's steps. */
Test (sample, uniform_and_empirical_are_exact) {
    distribution d = {DISTRIBUTION_UNIFORM, -3, 4, WIDE, .table = NULL};
    for (uint64_t i = 0; i < 8; i++) {
        cr_expect_eq(distribution_sample(&d, i << 61), (int64_t)i - 3);
        cr_expect_eq(distribution_sample(&d, (i << 61) + (UINT64_MAX >> 3)), (int64_t)i - 3);
    }
    static const distribution_table coin = {2, {0, 1}}, line = {5, {0, 10, 20, 30, 40}};
    d = (distribution){DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &coin};
    cr_expect_eq(distribution_sample(&d, UINT64_MAX >> 1), 0);
    cr_expect_eq(distribution_sample(&d, UINT64_C(1) << 63), 1);
    d.table = &line;
    for (uint64_t i = 0; i < 40; i++) {
        cr_expect_eq(distribution_sample(&d, UINT64_MAX / 40 * i + 50), (int64_t)i);
    }
}

/* ------------------------------------------------------------------------------------- the ends */

static const distribution extremes[] = {
    {DISTRIBUTION_UNIFORM, -(INT64_C(1) << 62), INT64_C(1) << 62, WIDE, .table = NULL},
    {DISTRIBUTION_UNIFORM, 7, 7, WIDE, .table = NULL},
    {DISTRIBUTION_EXPONENTIAL, INT64_C(1) << 53, 0, WIDE, .table = NULL},
    {DISTRIBUTION_EXPONENTIAL, 0, 0, WIDE, .table = NULL},
    {DISTRIBUTION_NORMAL, INT64_C(1) << 53, INT64_C(1) << 53, WIDE, .table = NULL},
    {DISTRIBUTION_NORMAL, -(INT64_C(1) << 53), INT64_C(1) << 53, WIDE, .table = NULL},
    {DISTRIBUTION_NORMAL, 5, 0, WIDE, .table = NULL},
    {DISTRIBUTION_LOG_NORMAL, INT64_C(1) << 53, INT64_C(100) * BILLION, WIDE, .table = NULL},
    {DISTRIBUTION_LOG_NORMAL, INT64_C(1) << 53, 0, WIDE, .table = NULL},
    {DISTRIBUTION_PARETO, INT64_C(1) << 53, BILLION / 100, WIDE, .table = NULL},
    {DISTRIBUTION_PARETO, 1, INT64_C(100) * BILLION, WIDE, .table = NULL},
    {DISTRIBUTION_WEIBULL, INT64_C(1) << 53, BILLION / 100, WIDE, .table = NULL},
    {DISTRIBUTION_WEIBULL, INT64_C(1) << 53, INT64_C(100) * BILLION, WIDE, .table = NULL},
};

static const distribution_table widest = {3, {INT64_MIN, 0, INT64_MAX}};

static void expect_rising(const distribution *d)
{
    static const uint64_t ends[] = {0,
                                    1,
                                    2,
                                    UINT64_C(1) << 32,
                                    UINT64_C(0x1333333333333333),
                                    UINT64_C(0x1333333333333334),
                                    (UINT64_C(1) << 63) - 1,
                                    UINT64_C(1) << 63,
                                    (UINT64_C(1) << 63) + 1,
                                    ~UINT64_C(0x1333333333333334),
                                    ~UINT64_C(0x1333333333333333),
                                    UINT64_MAX - 2,
                                    UINT64_MAX - 1,
                                    UINT64_MAX};
    long double last = (long double)distribution_sample(d, 0);
    cr_assert_null(distribution_fault(d));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        long double value = (long double)distribution_sample(d, ends[i]);
        long double slack = 1e-12L * fabsl(last) + 1e-12L * (long double)llabs(d->b) + 1;
        cr_assert_geq(value, last - slack, "%s %lld %lld at %llx", distribution_name(d->kind),
                      (long long)d->a, (long long)d->b, (unsigned long long)ends[i]);
        last = value;
    }
}

Test (sample, the_ends_do_not_wrap) {
    for (size_t i = 0; i < sizeof extremes / sizeof *extremes; i++) {
        expect_rising(&extremes[i]);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        expect_rising(&kinds[i]);
    }
    distribution d = {DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &widest};
    expect_rising(&d);
    cr_expect_eq(distribution_sample(&d, 0), INT64_MIN);
    cr_expect_eq(distribution_sample(&d, UINT64_C(1) << 63), 0);
    cr_expect_geq(distribution_sample(&d, UINT64_MAX), INT64_MAX - 1);
}

/* Least and greatest of each kind, where the exact ones are known by hand. */
Test (sample, the_ends_are_where_they_belong) {
    const distribution *uniform = &kinds[DISTRIBUTION_UNIFORM];
    cr_expect_eq(distribution_sample(uniform, 0), uniform->a);
    cr_expect_eq(distribution_sample(uniform, UINT64_MAX), uniform->b);
    const distribution *exponential = &kinds[DISTRIBUTION_EXPONENTIAL];
    cr_expect_eq(distribution_sample(exponential, 0), 0);
    cr_expect_eq(distribution_sample(exponential, UINT64_MAX), 90109133473); /* 65 ln 2 means */
    const distribution *normal = &kinds[DISTRIBUTION_NORMAL];
    int64_t low = distribution_sample(normal, 0), high = distribution_sample(normal, UINT64_MAX);
    cr_expect_eq(low + high, 2 * normal->a, "symmetric");
    cr_expect(high > normal->a + 9 * normal->b && high < normal->a + 10 * normal->b);
    const distribution *pareto = &kinds[DISTRIBUTION_PARETO];
    cr_expect_eq(distribution_sample(pareto, 0), pareto->a);
    distribution d = {DISTRIBUTION_PARETO, 1000, INT64_C(5) * BILLION, WIDE, .table = NULL};
    cr_expect_eq(distribution_sample(&d, UINT64_MAX), 1000 << 13); /* 2^(65 / 5) */
    cr_expect_eq(distribution_sample(&kinds[DISTRIBUTION_WEIBULL], 0) / 1000, 0);
    cr_expect_eq(distribution_sample(&kinds[DISTRIBUTION_EMPIRICAL], 0), steps.value[0]);
    cr_expect_eq(distribution_sample(&kinds[DISTRIBUTION_EMPIRICAL], UINT64_MAX), steps.value[7]);
}

Test (sample, exact_kinds_never_fall_as_u_rises) {
    static const distribution_kind exact[] = {DISTRIBUTION_FIXED, DISTRIBUTION_UNIFORM,
                                              DISTRIBUTION_EMPIRICAL};
    for (size_t k = 0; k < sizeof exact / sizeof *exact; k++) {
        const distribution *d = &kinds[exact[k]];
        for (uint64_t i = 0; i < 100000; i++) {
            uint64_t u = spread_u(i),
                     next = u + (UINT64_MAX - u) / (1 + i % 7) / 1000 + (u + 1 > u);
            cr_assert_leq(distribution_sample(d, u), distribution_sample(d, next));
        }
    }
}

Test (sample, values_are_clamped) {
    for (uint32_t kind = 0; kind < DISTRIBUTION_KINDS; kind++) {
        distribution d = kinds[kind];
        d.least = 90000000;
        d.most = 110000000;
        bool least = false, most = false;
        for (uint64_t i = 0; i < 2000; i++) {
            int64_t value = distribution_sample(&d, spread_u(i));
            int64_t free = distribution_sample(&kinds[kind], spread_u(i));
            cr_assert_eq(value, free < d.least ? d.least : free > d.most ? d.most : free);
            least |= value == d.least;
            most |= value == d.most;
        }
        cr_expect(most && (least || kind == DISTRIBUTION_FIXED || kind == DISTRIBUTION_PARETO));
    }
}

/* ------------------------------------------------------------------------------ names and means */

Test (sample, means_are_exact_where_they_are_given) {
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_FIXED]), 123456789);
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_UNIFORM]), 1500000000);
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_EXPONENTIAL]), 2000000000);
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_NORMAL]), 5000000000);
    /* (-1000 / 2 - 500 + 0 + 0 + 10 + 700 + 3000 + 3400 / 2) / 7 millions, rounded down */
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_EMPIRICAL]), 630000000);
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_LOG_NORMAL]), INT64_MAX);
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_PARETO]), INT64_MAX);
    cr_expect_eq(distribution_mean(&kinds[DISTRIBUTION_WEIBULL]), INT64_MAX);
    distribution d = {DISTRIBUTION_UNIFORM, -4, 1, WIDE, .table = NULL};
    cr_expect_eq(distribution_mean(&d), -2, "rounded down");
    static const distribution_table below_0 = {2, {-4, 1}};
    d = (distribution){DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &below_0};
    cr_expect_eq(distribution_mean(&d), -2, "rounded down");
}

Test (sample, names_are_those_of_scenarios) {
    static const char *const names[] = {"fixed",      "uniform", "exponential", "normal",
                                        "log_normal", "pareto",  "weibull",     "empirical"};
    for (uint32_t kind = 0; kind < DISTRIBUTION_KINDS; kind++) {
        cr_expect_str_eq(distribution_name((distribution_kind)kind), names[kind]);
    }
    cr_expect_str_eq(distribution_name(DISTRIBUTION_KINDS), "?");
}

#define P53 (INT64_C(1) << 53)
#define P62 (INT64_C(1) << 62)

static const distribution_table one = {1, {0}}, falling = {3, {0, 2, 1}};

/* Each limit of the header: the last value that is allowed, and the first that is not. */
static const struct {
    distribution good, bad;
    const char *fault;
} limits[] = {
    {{DISTRIBUTION_FIXED, P62, 0, WIDE, .table = NULL},
     {DISTRIBUTION_FIXED, P62 + 1, 0, WIDE, .table = NULL},
     "the value is beyond 2^62"},
    {{DISTRIBUTION_FIXED, -P62, 0, WIDE, .table = NULL},
     {DISTRIBUTION_FIXED, -P62 - 1, 0, WIDE, .table = NULL},
     "the value is beyond 2^62"},
    {{DISTRIBUTION_UNIFORM, -P62, P62, WIDE, .table = NULL},
     {DISTRIBUTION_UNIFORM, -P62, P62 + 1, WIDE, .table = NULL},
     "a bound is beyond 2^62"},
    {{DISTRIBUTION_UNIFORM, 3, 3, WIDE, .table = NULL},
     {DISTRIBUTION_UNIFORM, 4, 3, WIDE, .table = NULL},
     "the bounds are reversed"},
    {{DISTRIBUTION_EXPONENTIAL, P53, 0, WIDE, .table = NULL},
     {DISTRIBUTION_EXPONENTIAL, P53 + 1, 0, WIDE, .table = NULL},
     "the mean is negative or beyond 2^53"},
    {{DISTRIBUTION_EXPONENTIAL, 0, 0, WIDE, .table = NULL},
     {DISTRIBUTION_EXPONENTIAL, -1, 0, WIDE, .table = NULL},
     "the mean is negative or beyond 2^53"},
    {{DISTRIBUTION_NORMAL, -P53, 0, WIDE, .table = NULL},
     {DISTRIBUTION_NORMAL, -P53 - 1, 0, WIDE, .table = NULL},
     "the mean is beyond 2^53"},
    {{DISTRIBUTION_NORMAL, 0, 0, WIDE, .table = NULL},
     {DISTRIBUTION_NORMAL, 0, -1, WIDE, .table = NULL},
     "the standard deviation is negative or beyond 2^53"},
    {{DISTRIBUTION_NORMAL, 0, P53, WIDE, .table = NULL},
     {DISTRIBUTION_NORMAL, 0, P53 + 1, WIDE, .table = NULL},
     "the standard deviation is negative or beyond 2^53"},
    {{DISTRIBUTION_LOG_NORMAL, 0, 0, WIDE, .table = NULL},
     {DISTRIBUTION_LOG_NORMAL, -1, 0, WIDE, .table = NULL},
     "the median is negative or beyond 2^53"},
    {{DISTRIBUTION_LOG_NORMAL, 1, 10000000, WIDE, .table = NULL},
     {DISTRIBUTION_LOG_NORMAL, 1, 9999999, WIDE, .table = NULL},
     "sigma is neither 0 nor within 0.01 .. 100"},
    {{DISTRIBUTION_PARETO, 1, 10000000, WIDE, .table = NULL},
     {DISTRIBUTION_PARETO, 1, 9999999, WIDE, .table = NULL},
     "the shape is not within 0.01 .. 100"},
    {{DISTRIBUTION_WEIBULL, P53, 100000000000, WIDE, .table = NULL},
     {DISTRIBUTION_WEIBULL, P53, 100000000001, WIDE, .table = NULL},
     "the shape is not within 0.01 .. 100"},
    {{DISTRIBUTION_PARETO, P53, BILLION, WIDE, .table = NULL},
     {DISTRIBUTION_PARETO, P53 + 1, BILLION, WIDE, .table = NULL},
     "the scale is negative or beyond 2^53"},
    {{DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &steps},
     {DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &falling},
     "the values of an empirical distribution are not ascending"},
    {{DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &widest},
     {DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &one},
     "an empirical distribution has fewer than two values"},
    {{DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = &widest},
     {DISTRIBUTION_EMPIRICAL, 0, 0, WIDE, .table = NULL},
     "an empirical distribution has fewer than two values"},
    {{DISTRIBUTION_FIXED, 0, 0, WIDE, .table = NULL},
     {DISTRIBUTION_KINDS, 0, 0, WIDE, .table = NULL},
     "the kind is unknown"},
};

Test (sample, faults_name_what_is_wrong) {
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        cr_expect_null(distribution_fault(&limits[i].good), "case %zu", i);
        const char *fault = distribution_fault(&limits[i].bad);
        cr_assert_not_null(fault, "case %zu", i);
        cr_expect_str_eq(fault, limits[i].fault);
    }
}

/* ----------------------------------------------------------------------------------- the tables */

/* What is rounded is off by half a unit, and by what long double itself loses. */
Test (sample, tables_are_what_they_claim) {
    for (uint32_t i = 0; i < 256; i++) {
        uint64_t halves = 513 + 2 * i; /* 512ths: the middle of the mantissas */
        uint64_t reciprocal = (uint64_t)((((unsigned __int128)1 << 73) + halves / 2) / halves);
        cr_assert_eq(log2_table[i][0], reciprocal, "reciprocal %u", i);
        long double minus_log = -log2l(ldexpl((long double)reciprocal, -64));
        long double off = ldexpl(minus_log, 57) - (long double)log2_table[i][1];
        cr_assert_lt(fabsl(off), 0.5L + ldexpl(LDBL_EPSILON, 58), "logarithm %u", i);
        off = ldexpl(exp2l((long double)i / 256), 63) - (long double)exp2_table[i];
        cr_assert_lt(fabsl(off), 0.51L + ldexpl(LDBL_EPSILON, 64), "power %u", i);
    }
}
