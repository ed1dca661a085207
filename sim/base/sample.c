/*
 * Inversion in fixed point. Qn: an integer that stands for itself / 2^n.
 *
 * Everything rests on two functions, log2 of a probability and 2^x, each a table of 256 entries and
 * a short polynomial; the normal quantile is Wichura's rational approximation (Algorithm AS 241,
 * Applied Statistics 37, 1988), good to 1e-12 here. A draw u stands for the probability
 * (u + 1/2) / 2^64, so that neither 0 nor 1 occurs.
 */
#include "base/sample.h"

#include "base/sample_tables.h"

enum { LOG_BITS = 57, NORMAL_BITS = 44, TAIL_BITS = 54, BILLION = 1000000000 };

static const uint64_t ln2_q64 = 0xB17217F7D1CF79AC;
static const uint64_t log2e_q62 = 0x5C551D94AE0BF85E;
static const int64_t limit_53 = INT64_C(1) << 53;
static const int64_t limit_62 = INT64_C(1) << 62;

static uint64_t high(uint64_t a, uint64_t b)
{
    return (uint64_t)(((unsigned __int128)a * b) >> 64);
}

static int64_t high_signed(int64_t a, int64_t b)
{
    return (int64_t)(((__int128)a * b) >> 64);
}

static int64_t clamp(__int128 value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : (int64_t)value;
}

/* ---------------------------------------------------------------------- log2 and 2^x */

/* log2 of a mantissa 1 <= m < 2, Q63 with its leading bit, as Q57. */
static uint64_t log2_mantissa(uint64_t m)
{
    static const int64_t c[] = {0x5C551D94AE0BF85E, 0x2E2A8ECA5705FC2F, 0x1EC709DC3A03FD75,
                                0x171547652B82FE17, 0x12776C50EF9BFE79, 0x0F6384EE1D01FEBA};
    const uint64_t *entry = log2_table[m >> 55 & 0xFF];
    /* m * reciprocal - 1, within +-2^-9: as Q71, where the 1 is a multiple of 2^64 and vanishes */
    int64_t r = (int64_t)(uint64_t)(((unsigned __int128)m * entry[0]) >> 56);
    int64_t p = c[4] - (high_signed(r, c[5]) >> 7);
    p = c[3] - (high_signed(r, p) >> 7);
    p = c[2] - (high_signed(r, p) >> 7);
    p = c[1] - (high_signed(r, p) >> 7);
    p = c[0] - (high_signed(r, p) >> 7); /* Q62 */
    /* r (Q71) * p (Q62) -> Q133; high half Q69; Q57 */
    return entry[1] + (uint64_t)((high_signed(r, p) + (1 << 11)) >> 12);
}

/* -log2((w + 1/2) / 2^64), Q57: 0 (exclusive) .. 65. */
static uint64_t negative_log2(uint64_t w)
{
    if (w == 0) {
        return UINT64_C(65) << LOG_BITS;
    }
    int zeros = __builtin_clzll(w);
    uint64_t m = zeros ? w << zeros | UINT64_C(1) << (zeros - 1) : w;
    uint64_t whole = (uint64_t)(zeros + 1) << LOG_BITS;
    uint64_t part = log2_mantissa(m);
    return whole > part ? whole - part : 1;
}

/* 2^f for 0 <= f < 1, Q57 -> Q63. */
static uint64_t exp2_fraction(uint64_t f)
{
    static const uint64_t c[] = {0x58B90BFBE8E7BCD6, 0x1EBFBDFF82C58EA8, 0x071AC235C1282FE3,
                                 0x013B2AB6FBA4E773, 0x002BB0FFCF14CE62, 0x00050C244BE1B1E2};
    uint64_t r = f << 7 & ~(UINT64_C(0xFF) << 56); /* Q64, below 2^-8 */
    uint64_t p = c[4] + high(r, c[5]);
    p = c[3] + high(r, p);
    p = c[2] + high(r, p);
    p = c[1] + high(r, p);
    p = c[0] + high(r, p);
    p = (UINT64_C(1) << 63) + high(r, p); /* 2^r, Q63 */
    return high(exp2_table[f >> 49 & 0xFF], p) << 1;
}

/* a * 2^x, x in Q57, rounded; INT64_MAX where that is too large. a >= 0. */
static int64_t scaled_exp2(int64_t a, __int128 x)
{
    __int128 whole = x >> LOG_BITS;
    if (a == 0 || whole < -64) {
        return 0;
    }
    if (whole > 63) {
        return INT64_MAX;
    }
    uint64_t f = exp2_fraction((uint64_t)x & ((UINT64_C(1) << LOG_BITS) - 1));
    unsigned __int128 product = (unsigned __int128)(uint64_t)a * f; /* Q63 */
    int shift = 63 - (int)whole;
    if (shift >= 127) {
        return 0;
    }
    if (shift > 0) {
        product = (product + ((unsigned __int128)1 << (shift - 1))) >> shift;
    }
    return product > INT64_MAX ? INT64_MAX : (int64_t)product;
}

/* log2 of y > 0, where y is Q57, as Q57. */
static int64_t log2_of(uint64_t y)
{
    int zeros = __builtin_clzll(y);
    int64_t whole = 63 - zeros - LOG_BITS;
    return whole * (INT64_C(1) << LOG_BITS) + (int64_t)log2_mantissa(y << zeros);
}

/* -ln of the probability of w, Q57; at least 1. */
static uint64_t negative_ln(uint64_t w)
{
    uint64_t y = high(negative_log2(w), ln2_q64);
    return y ? y : 1;
}

/* -------------------------------------------------------------------------- the normal */

static __int128 polynomial(const int64_t c[8], __int128 x, int bits)
{
    __int128 value = c[7];
    for (int i = 6; i >= 0; i--) {
        value = c[i] + ((value * x) >> bits);
    }
    return value;
}

static int64_t ratio(const int64_t c[2][8], __int128 x, int bits)
{
    return (int64_t)((polynomial(c[0], x, bits) << NORMAL_BITS) / polynomial(c[1], x, bits));
}

/* Wichura's coefficients: near the middle Q44; in the tails Q54. */
static const int64_t middle[2][8] = {{59587071655391, 2342252991816119, 34684594801279794,
                                      241570511427789735, 807867557086926113, 1183351956569005971,
                                      588116905238393342, 44140218498716400},
                                     {17592186044416, 744383985861463, 12089121683105774,
                                      94895699968952817, 373197016061483377, 691511815929749282,
                                      505407421148798332, 91945477305841298}};
static const int64_t near_tail[2][8] = {{25642363366230442, 83412751194200490, 103934022146741927,
                                         65713793424430625, 22886541249337031, 4355534335258140,
                                         409356399304390, 13952962550742},
                                        {18014398509481984, 36987012178584133, 30199064386181325,
                                         12425743651244946, 2668004052203552, 273794836289726,
                                         9864573087636, 18928631}};
static const int64_t far_tail[2][8] = {{119938147486159464, 98426798759804976, 32152576560369940,
                                        5342360323118543, 477961435460846, 22385789518419,
                                        488470425960, 3621496501},
                                       {18014398509481984, 10805616407719677, 2466709442798077,
                                        267970686265905, 14174974103267, 332603139470, 2560767930,
                                        37}};

/* Quantile of the standard normal distribution, Q44. Odd around the middle. */
static int64_t normal_quantile(uint64_t u)
{
    bool upper = u >> 63;
    uint64_t lower_tail = upper ? ~u : u;     /* its probability is at most a half */
    const uint64_t edge = 0x1333333333333333; /* 0.075 */
    int64_t z;
    if (lower_tail >= edge) {
        uint64_t q = (UINT64_C(1) << 63) - lower_tail; /* Q64; half a step more than the distance */
        __int128 q44 = (__int128)((q - (q > 0)) >> 20);
        __int128 r = 3177588604273 - (__int128)(high(q, q) >> 20); /* 0.180625 - q^2 */
        z = (int64_t)((q44 * ratio(middle, r, NORMAL_BITS)) >> NORMAL_BITS);
    } else {
        /* r = sqrt(-ln p) = 2^(log2(-ln p) / 2), Q54 */
        __int128 r = scaled_exp2(INT64_C(1) << TAIL_BITS, log2_of(negative_ln(lower_tail)) / 2);
        const __int128 five = (__int128)5 << TAIL_BITS;
        z = r <= five ? ratio(near_tail, r - 28823037615171174, TAIL_BITS)
                      : ratio(far_tail, r - five, TAIL_BITS);
    }
    return upper ? z : -z;
}

static __int128 rounded_shift(__int128 value, int bits)
{
    return (value + ((__int128)1 << (bits - 1))) >> bits;
}

/* ------------------------------------------------------------------------- distributions */

static int64_t uniform(const distribution *d, uint64_t u)
{
    uint64_t span = (uint64_t)d->b - (uint64_t)d->a + 1;
    return (int64_t)((uint64_t)d->a + high(u, span));
}

static int64_t exponential(const distribution *d, uint64_t u)
{
    /* Q57 * integer < 2^53, rounded to nearest */
    return (int64_t)rounded_shift((__int128)high(negative_log2(~u), ln2_q64) * d->a, LOG_BITS);
}

static int64_t log_normal(const distribution *d, uint64_t u)
{
    __int128 exponent = (__int128)normal_quantile(u) * d->b / BILLION; /* Q44 */
    return scaled_exp2(d->a, (exponent * (int64_t)log2e_q62) >> (62 + NORMAL_BITS - LOG_BITS));
}

static int64_t pareto(const distribution *d, uint64_t u)
{
    return scaled_exp2(d->a, (__int128)negative_log2(~u) * BILLION / d->b);
}

static int64_t weibull(const distribution *d, uint64_t u)
{
    return scaled_exp2(d->a, (__int128)log2_of(negative_ln(~u)) * BILLION / d->b);
}

static int64_t empirical(const distribution_table *t, uint64_t u)
{
    unsigned __int128 place = (unsigned __int128)u * (t->count - 1);
    uint32_t i = (uint32_t)(place >> 64);
    uint64_t step = (uint64_t)t->value[i + 1] - (uint64_t)t->value[i];
    unsigned __int128 part = (unsigned __int128)(uint64_t)place * step + (UINT64_C(1) << 63);
    return (int64_t)((uint64_t)t->value[i] + (uint64_t)(part >> 64));
}

static __int128 unclamped(const distribution *d, uint64_t u)
{
    switch (d->kind) {
    case DISTRIBUTION_UNIFORM:
        return uniform(d, u);
    case DISTRIBUTION_EXPONENTIAL:
        return exponential(d, u);
    case DISTRIBUTION_NORMAL:
        return d->a + rounded_shift((__int128)normal_quantile(u) * d->b, NORMAL_BITS);
    case DISTRIBUTION_LOG_NORMAL:
        return log_normal(d, u);
    case DISTRIBUTION_PARETO:
        return pareto(d, u);
    case DISTRIBUTION_WEIBULL:
        return weibull(d, u);
    case DISTRIBUTION_EMPIRICAL:
        return empirical(d->table, u);
    default:
        return d->a;
    }
}

int64_t distribution_sample(const distribution *d, uint64_t u)
{
    if (__builtin_expect(d->kind == DISTRIBUTION_EXPONENTIAL, 1)) {
        int64_t value = exponential(d, u);
        return value < d->least ? d->least : value > d->most ? d->most : value;
    }
    return clamp(unclamped(d, u), d->least, d->most);
}

int64_t distribution_mean(const distribution *d)
{
    switch (d->kind) {
    case DISTRIBUTION_FIXED:
    case DISTRIBUTION_EXPONENTIAL:
    case DISTRIBUTION_NORMAL:
        return d->a;
    case DISTRIBUTION_UNIFORM:
        return (int64_t)(((__int128)d->a + d->b) >> 1);
    case DISTRIBUTION_EMPIRICAL: {
        __int128 twice = 0; /* trapezoids of equal width */
        for (uint32_t i = 0; i + 1 < d->table->count; i++) {
            twice += (__int128)d->table->value[i] + d->table->value[i + 1];
        }
        __int128 steps = 2 * (__int128)(d->table->count - 1);
        return (int64_t)(twice / steps - (twice % steps < 0));
    }
    default:
        return INT64_MAX;
    }
}

const char *distribution_name(distribution_kind kind)
{
    static const char *const names[] = {"fixed",      "uniform", "exponential", "normal",
                                        "log_normal", "pareto",  "weibull",     "empirical"};
    return (unsigned)kind < DISTRIBUTION_KINDS ? names[kind] : "?";
}

static bool is_shape(int64_t ppb)
{
    return ppb >= BILLION / 100 && ppb <= INT64_C(100) * BILLION;
}

static const char *table_fault(const distribution_table *t)
{
    if (t == NULL || t->count < 2) {
        return "an empirical distribution has fewer than two values";
    }
    for (uint32_t i = 1; i < t->count; i++) {
        if (t->value[i] < t->value[i - 1]) {
            return "the values of an empirical distribution are not ascending";
        }
    }
    return NULL;
}

const char *distribution_fault(const distribution *d)
{
    bool far = d->a < -limit_62 || d->a > limit_62 || d->b < -limit_62 || d->b > limit_62;
    bool large = d->a > limit_53 || d->a < (d->kind == DISTRIBUTION_NORMAL ? -limit_53 : 0);
    switch (d->kind) {
    case DISTRIBUTION_FIXED:
        return far ? "the value is beyond 2^62" : NULL;
    case DISTRIBUTION_UNIFORM:
        return far ? "a bound is beyond 2^62" : d->a > d->b ? "the bounds are reversed" : NULL;
    case DISTRIBUTION_EXPONENTIAL:
        return large ? "the mean is negative or beyond 2^53" : NULL;
    case DISTRIBUTION_NORMAL:
        return large                         ? "the mean is beyond 2^53"
               : d->b < 0 || d->b > limit_53 ? "the standard deviation is negative or beyond 2^53"
                                             : NULL;
    case DISTRIBUTION_LOG_NORMAL:
        return large                          ? "the median is negative or beyond 2^53"
               : d->b != 0 && !is_shape(d->b) ? "sigma is neither 0 nor within 0.01 .. 100"
                                              : NULL;
    case DISTRIBUTION_PARETO:
    case DISTRIBUTION_WEIBULL:
        return large             ? "the scale is negative or beyond 2^53"
               : !is_shape(d->b) ? "the shape is not within 0.01 .. 100"
                                 : NULL;
    case DISTRIBUTION_EMPIRICAL:
        return table_fault(d->table);
    default:
        return "the kind is unknown";
    }
}
