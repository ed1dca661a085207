#include "sweep/report_numbers.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const number_unit plain = {1, ""}, ms = {1e6, "ms"};

static void expect_text(char *found, const char *wanted)
{
    cr_expect_str_eq(found, wanted);
    g_free(found);
}

Test (numbers, an_interval_decides_about_decimals) {
    expect_text(number_text(3.14159, 0.012, plain), "3.142");
    expect_text(number_text(3.14159, 0.12, plain), "3.14");
    expect_text(number_text(3.14159, 12, plain), "3");
    expect_text(number_text(12345.678, 1.5, plain), "12345.7");
    expect_text(number_text(3141590, 12000, ms), "3.142");
    expect_text(number_text(1.0, 1e-12, plain), "1.000000");
    expect_text(number_text(-0.0001, 0.5, plain), "0.00");
}

Test (numbers, without_an_interval_there_are_four_digits_and_no_zeros_at_the_end) {
    expect_text(number_text(2.25, 0, plain), "2.25");
    expect_text(number_text(9, 0, plain), "9");
    expect_text(number_text(1200, 0, plain), "1200");
    expect_text(number_text(0, 0, plain), "0");
    expect_text(number_text(2.0 / 3, INFINITY, plain), "0.6667");
}

Test (numbers, intervals_say_what_is_not_known_and_what_does_not_vary) {
    expect_text(number_interval((estimate){20, 5, 4.8, 5.3}, plain), "4.80 .. 5.30");
    expect_text(number_interval((estimate){1, 5, -INFINITY, INFINITY}, plain), "-");
    expect_text(number_interval((estimate){20, 5, 5, 5}, plain), "all alike");
    expect_text(number_with_arms((estimate){20, 5, 4.8, 5.3}, plain), "5.00 ± 0.30");
    expect_text(number_with_arms((estimate){1, 5, -INFINITY, INFINITY}, plain), "5");
    expect_text(number_with_arms((estimate){20, 5, 4.8, 7.3}, plain), "5.0 (4.8 .. 7.3)");
}

Test (numbers, a_quantile_shows_no_more_than_its_histogram_knows) {
    expect_text(number_quantile((estimate){20, 1225.49, 1225.48, 1225.5}, plain), "1225");
    expect_text(number_quantile((estimate){20, 1225, 1200, 1250}, plain), "1225 ± 25");
}

Test (numbers, small_probabilities_are_below_a_thousandth) {
    expect_text(number_p(1e-20), "<0.001");
    expect_text(number_p(0.0123), "0.012");
    expect_text(number_p(1), "1.000");
}
