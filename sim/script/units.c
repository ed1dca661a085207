/* A text is digits, point, digits, unit. Digits are joined to one integer, so that nothing is ever
 * rounded: value = digits * multiplier / (divisor * 10^decimals), which must divide. */
#include "script/units.h"

#include <stdio.h>
#include <string.h>

typedef struct unit {
    const char *name;
    dimension dimension;
    int64_t multiplier, divisor;
    const char *constant; /* global of this name; NULL: none */
} unit;

#define DIGITS_MOST UINT64_C(1000000000000000000) /* times 10 still fits */
enum { DECIMALS_MOST = 18 };

#define SECOND INT64_C(1000000000)
#define MOST ((INT64_C(1) << 62) - 1) /* two of them can be added */
#define CENTURY (INT64_C(36525) * 86400 * SECOND)

static const unit units[] = {
    {"ns", DIMENSION_DURATION, 1, 1, "ns"},
    {"us", DIMENSION_DURATION, 1000, 1, "us"},
    {"ms", DIMENSION_DURATION, 1000000, 1, "ms"},
    {"s", DIMENSION_DURATION, SECOND, 1, "s"},
    {"min", DIMENSION_DURATION, 60 * SECOND, 1, NULL},
    {"h", DIMENSION_DURATION, 3600 * SECOND, 1, NULL},
    {"%", DIMENSION_RATIO, 10000000, 1, "percent"},
    {"ppm", DIMENSION_RATIO, 1000, 1, "ppm"},
    {"ppb", DIMENSION_RATIO, 1, 1, "ppb"},
    {"B", DIMENSION_BYTES, 1, 1, NULL},
    {"kB", DIMENSION_BYTES, 1000, 1, NULL},
    {"MB", DIMENSION_BYTES, 1000000, 1, NULL},
    {"GB", DIMENSION_BYTES, 1000000000, 1, NULL},
    {"KiB", DIMENSION_BYTES, 1024, 1, "KiB"},
    {"MiB", DIMENSION_BYTES, 1048576, 1, "MiB"},
    {"GiB", DIMENSION_BYTES, 1073741824, 1, "GiB"},
    {"B/s", DIMENSION_RATE, 1, 1, NULL},
    {"kB/s", DIMENSION_RATE, 1000, 1, NULL},
    {"MB/s", DIMENSION_RATE, 1000000, 1, NULL},
    {"GB/s", DIMENSION_RATE, 1000000000, 1, NULL},
    {"KiB/s", DIMENSION_RATE, 1024, 1, NULL},
    {"MiB/s", DIMENSION_RATE, 1048576, 1, NULL},
    {"GiB/s", DIMENSION_RATE, 1073741824, 1, NULL},
    {"bit/s", DIMENSION_RATE, 1, 8, NULL},
    {"kbit/s", DIMENSION_RATE, 1000, 8, NULL},
    {"Mbit/s", DIMENSION_RATE, 1000000, 8, NULL},
    {"Gbit/s", DIMENSION_RATE, 1000000000, 8, NULL},
};
enum { UNITS = sizeof units / sizeof units[0] };

typedef struct decimal {
    bool negative;
    uint64_t digits;
    int decimals; /* of the digits, behind the point */
} decimal;

/* Reads "-12.50" as -125 with 1 decimal; sets `end` behind it. */
static units_fault read_decimal(const char *text, const char *stop, decimal *d, const char **end)
{
    *d = (decimal){.negative = text < stop && *text == '-'};
    const char *first = text + d->negative, *at = first, *point = NULL;
    for (; at < stop && ((*at >= '0' && *at <= '9') || (*at == '.' && !point)); at++) {
        point = *at == '.' ? at : point;
    }
    *end = at;
    if (at == first || *first == '.' || at[-1] == '.') {
        return UNITS_NO_NUMBER;
    }
    while (point && at[-1] == '0') {
        at--; /* zeros at the end of the fraction say nothing */
    }
    for (const char *c = first; c < at; c++) {
        if (c == point) {
            continue;
        }
        bool in_fraction = point && c > point;
        if (d->digits >= DIGITS_MOST || d->decimals == DECIMALS_MOST) {
            return in_fraction ? UNITS_TOO_FINE : UNITS_TOO_LARGE;
        }
        d->digits = d->digits * 10 + (uint64_t)(*c - '0');
        d->decimals += in_fraction;
    }
    return UNITS_FINE;
}

static units_fault scale(const decimal *d, int64_t multiplier, int64_t divisor, int64_t *value)
{
    unsigned __int128 product = (unsigned __int128)d->digits * (uint64_t)multiplier;
    unsigned __int128 by = (uint64_t)divisor;
    for (int i = 0; i < d->decimals; i++) {
        by *= 10;
    }
    if (product % by != 0) {
        return UNITS_TOO_FINE;
    }
    product /= by;
    if (product > (uint64_t)MOST) {
        return UNITS_TOO_LARGE;
    }
    *value = d->negative ? -(int64_t)product : (int64_t)product;
    return UNITS_FINE;
}

bool quantity_fits(quantity q)
{
    int64_t most = q.dimension == DIMENSION_DURATION ? CENTURY : MOST;
    return q.value >= -most && q.value <= most;
}

units_fault quantity_parse(const char *text, quantity *q, const char **unit_at)
{
    decimal d;
    const char *at;
    units_fault fault = read_decimal(text, text + strlen(text), &d, &at);
    if (fault == UNITS_NO_NUMBER) {
        return fault;
    }
    at += *at == ' ';
    if (unit_at) {
        *unit_at = at;
    }
    if (fault != UNITS_FINE) {
        return fault;
    }
    if (*at == '\0') {
        *q = (quantity){DIMENSION_NUMBER, 0};
        return d.digits == 0 ? UNITS_FINE : UNITS_NO_UNIT;
    }
    for (size_t i = 0; i < UNITS; i++) {
        if (strcmp(at, units[i].name) == 0) {
            q->dimension = units[i].dimension;
            fault = scale(&d, units[i].multiplier, units[i].divisor, &q->value);
            return fault != UNITS_FINE ? fault : quantity_fits(*q) ? fault : UNITS_TOO_LARGE;
        }
    }
    return UNITS_UNKNOWN;
}

bool decimal_parse(const char *text, size_t size, int64_t multiplier, int64_t *value)
{
    const char *stop = text + size, *end;
    while (text < stop && (*text == ' ' || *text == '\t')) {
        text++;
    }
    while (stop > text && (stop[-1] == ' ' || stop[-1] == '\t')) {
        stop--;
    }
    decimal d;
    return read_decimal(text, stop, &d, &end) == UNITS_FINE && end == stop &&
           scale(&d, multiplier, 1, value) == UNITS_FINE;
}

/* value / step with up to `places` decimals, exactly; trailing zeros dropped. */
static void print_scaled(int64_t value, int64_t step, const char *name, char buffer[32])
{
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    uint64_t whole = size / (uint64_t)step, rest = size % (uint64_t)step;
    int length = snprintf(buffer, 32, "%s%llu", value < 0 ? "-" : "", (unsigned long long)whole);
    if (rest > 0) {
        buffer[length++] = '.';
        for (uint64_t tenth = (uint64_t)step / 10; rest > 0; tenth /= 10) {
            buffer[length++] = (char)('0' + rest / tenth);
            rest %= tenth;
        }
    }
    snprintf(buffer + length, 32 - (size_t)length, "%s", name);
}

const char *quantity_format(quantity q, char buffer[32])
{
    uint64_t size = q.value < 0 ? -(uint64_t)q.value : (uint64_t)q.value;
    if (q.dimension == DIMENSION_DURATION) {
        size_t i = size >= SECOND ? 3 : size >= 1000000 ? 2 : size >= 1000 ? 1 : 0;
        print_scaled(q.value, units[i].multiplier, units[i].name, buffer);
    } else if (q.dimension == DIMENSION_RATIO) {
        size_t i = size >= 1000000 ? 6 : size >= 1000 ? 7 : 8;
        print_scaled(q.value, units[i].multiplier, units[i].name, buffer);
    } else if (q.dimension == DIMENSION_BYTES) {
        size_t i = size % 1048576 == 0 ? 14 : size % 1024 == 0 ? 13 : 9;
        i = size == 0 ? 9 : i;
        print_scaled(q.value, units[i].multiplier, units[i].name, buffer);
    } else if (q.dimension == DIMENSION_RATE) {
        size_t i = size >= 1000000 ? 18 : size >= 1000 ? 17 : 16;
        print_scaled(q.value, units[i].multiplier, units[i].name, buffer);
    } else {
        snprintf(buffer, 32, "%lld", (long long)q.value);
    }
    return buffer;
}

const char *dimension_expected(dimension d)
{
    static const char *const texts[DIMENSIONS] = {
        [DIMENSION_NUMBER] = "a plain number",
        [DIMENSION_DURATION] = "a duration such as \"250ms\"",
        [DIMENSION_RATIO] = "a ratio such as \"1%\" or \"50ppm\"",
        [DIMENSION_BYTES] = "a size such as \"4KiB\"",
        [DIMENSION_RATE] = "a rate such as \"10Mbit/s\"",
    };
    return texts[d];
}

const char *const *unit_names(void)
{
    static const char *names[UNITS + 1];
    for (size_t i = 0; i < UNITS; i++) {
        names[i] = units[i].name;
    }
    return names;
}

size_t unit_constant(size_t i, const char **name, quantity *q)
{
    while (i < UNITS && units[i].constant == NULL) {
        i++;
    }
    if (i == UNITS) {
        return 0;
    }
    *name = units[i].constant;
    *q = (quantity){units[i].dimension, units[i].multiplier};
    return i + 1;
}
