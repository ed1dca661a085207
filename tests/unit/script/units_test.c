#include "script/units.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define S INT64_C(1000000000)

static const struct {
    const char *text;
    dimension dimension;
    int64_t value;
} exact[] = {
    {"1ns", DIMENSION_DURATION, 1},
    {"1us", DIMENSION_DURATION, 1000},
    {"250ms", DIMENSION_DURATION, 250000000},
    {"1s", DIMENSION_DURATION, S},
    {"2min", DIMENSION_DURATION, 120 * S},
    {"3h", DIMENSION_DURATION, 10800 * S},
    {"1.5ms", DIMENSION_DURATION, 1500000},
    {"0.000000001s", DIMENSION_DURATION, 1},
    {"0.1000000000000000000000s", DIMENSION_DURATION, S / 10}, /* zeros say nothing */
    {"-1s", DIMENSION_DURATION, -S},
    {"5 ms", DIMENSION_DURATION, 5000000},
    {"0.1h", DIMENSION_DURATION, 360 * S},
    {"1%", DIMENSION_RATIO, 10000000},
    {"0.1%", DIMENSION_RATIO, 1000000},
    {"100%", DIMENSION_RATIO, 1000000000},
    {"50ppm", DIMENSION_RATIO, 50000},
    {"-7ppb", DIMENSION_RATIO, -7},
    {"0.001ppm", DIMENSION_RATIO, 1},
    {"7B", DIMENSION_BYTES, 7},
    {"1kB", DIMENSION_BYTES, 1000},
    {"1MB", DIMENSION_BYTES, 1000000},
    {"1GB", DIMENSION_BYTES, 1000000000},
    {"4KiB", DIMENSION_BYTES, 4096},
    {"0.5KiB", DIMENSION_BYTES, 512},
    {"2MiB", DIMENSION_BYTES, 2097152},
    {"1GiB", DIMENSION_BYTES, 1073741824},
    {"8B/s", DIMENSION_RATE, 8},
    {"1kB/s", DIMENSION_RATE, 1000},
    {"1MB/s", DIMENSION_RATE, 1000000},
    {"1GB/s", DIMENSION_RATE, 1000000000},
    {"1KiB/s", DIMENSION_RATE, 1024},
    {"1MiB/s", DIMENSION_RATE, 1048576},
    {"1GiB/s", DIMENSION_RATE, 1073741824},
    {"8bit/s", DIMENSION_RATE, 1},
    {"8kbit/s", DIMENSION_RATE, 1000},
    {"10Mbit/s", DIMENSION_RATE, 1250000},
    {"1Gbit/s", DIMENSION_RATE, 125000000},
    {"0", DIMENSION_NUMBER, 0},
    {"0.0", DIMENSION_NUMBER, 0},
    {"0s", DIMENSION_DURATION, 0},
    {"876600h", DIMENSION_DURATION, INT64_C(3155760000) * S}, /* a century */
};

Test (units, every_unit_is_read_exactly) {
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        quantity q = {DIMENSIONS, -1};
        units_fault fault = quantity_parse(exact[i].text, &q, NULL);
        cr_expect_eq(fault, UNITS_FINE, "%s: fault %d", exact[i].text, (int)fault);
        cr_expect_eq(q.dimension, exact[i].dimension, "%s", exact[i].text);
        cr_expect_eq(q.value, exact[i].value, "%s: found %lld", exact[i].text, (long long)q.value);
    }
}

static const struct {
    const char *text;
    units_fault fault;
} wrong[] = {
    {"", UNITS_NO_NUMBER},
    {"fast", UNITS_NO_NUMBER},
    {"ms", UNITS_NO_NUMBER},
    {"-", UNITS_NO_NUMBER},
    {".5s", UNITS_NO_NUMBER},
    {"5.s", UNITS_NO_NUMBER},
    {"--5s", UNITS_NO_NUMBER},
    {"+5s", UNITS_NO_NUMBER},
    {" 5s", UNITS_NO_NUMBER},
    {"5", UNITS_NO_UNIT},
    {"1.5", UNITS_NO_UNIT},
    {"5mss", UNITS_UNKNOWN},
    {"5S", UNITS_UNKNOWN},
    {"5  ms", UNITS_UNKNOWN},
    {"5ms ", UNITS_UNKNOWN},
    {"5mb", UNITS_UNKNOWN},
    {"1e3s", UNITS_UNKNOWN},
    {"0x5s", UNITS_UNKNOWN},
    {"0.5ns", UNITS_TOO_FINE},
    {"1.0000001us", UNITS_TOO_FINE},
    {"0.1ppb", UNITS_TOO_FINE},
    {"0.5B", UNITS_TOO_FINE},
    {"1bit/s", UNITS_TOO_FINE},
    {"1.0000000000000000001s", UNITS_TOO_FINE},
    {"876601h", UNITS_TOO_LARGE},
    {"9999999999999999999s", UNITS_TOO_LARGE},
    {"5000000000GiB", UNITS_TOO_LARGE},
    {"-876601h", UNITS_TOO_LARGE},
};

Test (units, what_is_not_exact_is_refused_with_its_fault) {
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        quantity q;
        units_fault fault = quantity_parse(wrong[i].text, &q, NULL);
        cr_expect_eq(fault, wrong[i].fault, "%s: found %d, expected %d", wrong[i].text, (int)fault,
                     (int)wrong[i].fault);
    }
}

Test (units, the_place_of_the_unit_is_told) {
    quantity q;
    const char *text = "12.5mss", *unit = NULL;
    cr_expect_eq(quantity_parse(text, &q, &unit), UNITS_UNKNOWN);
    cr_expect_str_eq(unit, "mss");
}

static const struct {
    quantity q;
    const char *text;
} formats[] = {
    {{DIMENSION_DURATION, 0}, "0ns"},
    {{DIMENSION_DURATION, 999}, "999ns"},
    {{DIMENSION_DURATION, 1500}, "1.5us"},
    {{DIMENSION_DURATION, 250000000}, "250ms"},
    {{DIMENSION_DURATION, -S}, "-1s"},
    {{DIMENSION_DURATION, 5400 * S}, "5400s"},
    {{DIMENSION_DURATION, S + 1}, "1.000000001s"},
    {{DIMENSION_RATIO, 10000000}, "1%"},
    {{DIMENSION_RATIO, 50000}, "50ppm"},
    {{DIMENSION_RATIO, 7}, "7ppb"},
    {{DIMENSION_BYTES, 0}, "0B"},
    {{DIMENSION_BYTES, 1000}, "1000B"},
    {{DIMENSION_BYTES, 4096}, "4KiB"},
    {{DIMENSION_BYTES, 3 * 1048576}, "3MiB"},
    {{DIMENSION_RATE, 1250000}, "1.25MB/s"},
    {{DIMENSION_RATE, 5}, "5B/s"},
    {{DIMENSION_NUMBER, 42}, "42"},
};

Test (units, what_is_written_is_read_as_the_same_again) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char buffer[32];
        quantity q;
        cr_expect_str_eq(quantity_format(formats[i].q, buffer), formats[i].text, "%s", buffer);
        if (formats[i].q.dimension != DIMENSION_NUMBER) {
            cr_expect_eq(quantity_parse(buffer, &q, NULL), UNITS_FINE, "%s", buffer);
            cr_expect_eq(q.value, formats[i].q.value, "%s", buffer);
            cr_expect_eq(q.dimension, formats[i].q.dimension, "%s", buffer);
        }
    }
}

Test (units, the_longest_text_fits_its_buffer) {
    char buffer[32];
    const int64_t most = (INT64_C(1) << 62) - 1;
    for (dimension d = DIMENSION_NUMBER; d < DIMENSIONS; d++) {
        quantity_format((quantity){d, -most}, buffer);
        cr_expect_lt(strlen(buffer), 32);
        quantity_format((quantity){d, most}, buffer);
        quantity q;
        if (d != DIMENSION_NUMBER && d != DIMENSION_DURATION) {
            cr_expect_eq(quantity_parse(buffer, &q, NULL), UNITS_FINE, "%s", buffer);
            cr_expect_eq(q.value, most, "%s", buffer);
        }
    }
}

static const struct {
    const char *text;
    int64_t scale, value;
    bool fine;
} decimals[] = {
    {"12.5", 1000, 12500, true},
    {" 7 ", 1, 7, true},
    {"-3", 10, -30, true},
    {"0.001", 1000, 1, true},
    {"0.0001", 1000, 0, false},
    {"1e3", 1, 0, false},
    {"", 1, 0, false},
    {"7x", 1, 0, false},
    {"99999999999999999999", 1, 0, false},
    {"5000000000000000000", 2, 0, false},
};

Test (units, decimals_are_scaled_exactly_or_not_at_all) {
    for (size_t i = 0; i < sizeof decimals / sizeof decimals[0]; i++) {
        int64_t value = 0;
        bool fine =
            decimal_parse(decimals[i].text, strlen(decimals[i].text), decimals[i].scale, &value);
        cr_expect_eq(fine, decimals[i].fine, "%s", decimals[i].text);
        cr_expect_eq(fine ? value : 0, decimals[i].value, "%s", decimals[i].text);
    }
}

Test (units, decimals_end_where_they_are_told) {
    int64_t value;
    cr_assert(decimal_parse("123456", 3, 1, &value));
    cr_expect_eq(value, 123);
}

Test (units, bounds_of_dimensions_are_inclusive) {
    const int64_t century = INT64_C(3155760000) * S, most = (INT64_C(1) << 62) - 1;
    cr_expect(quantity_fits((quantity){DIMENSION_DURATION, century}));
    cr_expect_not(quantity_fits((quantity){DIMENSION_DURATION, century + 1}));
    cr_expect(quantity_fits((quantity){DIMENSION_DURATION, -century}));
    cr_expect_not(quantity_fits((quantity){DIMENSION_DURATION, -century - 1}));
    cr_expect(quantity_fits((quantity){DIMENSION_BYTES, most}));
    cr_expect_not(quantity_fits((quantity){DIMENSION_BYTES, most + 1}));
    cr_expect_not(quantity_fits((quantity){DIMENSION_BYTES, INT64_MAX}));
}

Test (units, constants_stand_for_one_of_their_unit) {
    const char *name;
    quantity q, parsed;
    size_t count = 0;
    for (size_t i = 0; (i = unit_constant(i, &name, &q)) > 0; count++) {
        char text[32];
        snprintf(text, sizeof text, "1%s", strcmp(name, "percent") == 0 ? "%" : name);
        cr_expect_eq(quantity_parse(text, &parsed, NULL), UNITS_FINE, "%s", text);
        cr_expect_eq(parsed.value, q.value, "%s", name);
        cr_expect_eq(parsed.dimension, q.dimension, "%s", name);
    }
    cr_expect_eq(count, 10);
}

Test (units, all_names_of_units_are_units) {
    for (const char *const *name = unit_names(); *name; name++) {
        char text[32];
        quantity q;
        snprintf(text, sizeof text, "8%s", *name);
        cr_expect_eq(quantity_parse(text, &q, NULL), UNITS_FINE, "%s", text);
    }
}
