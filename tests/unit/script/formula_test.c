#include "script/formula.h"

#include <criterion/criterion.h>
#include <math.h>

static double value_of(const char *text, int64_t n)
{
    GError *error = NULL;
    double value = NAN;
    formula *f = formula_new(text, &error);
    cr_assert_not_null(f, "%s: %s", text, error ? error->message : "");
    cr_assert(formula_value(f, n, 1000, 10000, &value, &error), "%s", text);
    formula_free(f);
    return value;
}

Test (formula, has_n_t_e_and_the_harmonic_numbers) {
    cr_expect_eq(value_of("2*(n-1)", 5), 8);
    cr_expect_eq(value_of("6*(n^0.5-1)", 49), 36);
    cr_expect_eq(value_of("n*(E+2*T)-E", 7), 74000);
    cr_expect_eq(value_of("4*(n-1)/n", 4), 3);
    cr_expect(fabs(value_of("12*H(n)", 4) - 25) < 1e-12);
    cr_expect_eq(value_of("H(n-1)", 1), 0);
}

Test (formula, can_be_asked_again) {
    GError *error = NULL;
    formula *f = formula_new("n*n", &error);
    for (int64_t n = 0; n < 1000; n++) {
        double value;
        cr_assert(formula_value(f, n, 1, 1, &value, &error));
        cr_assert_eq(value, n * n);
    }
    formula_free(f);
}

static void expect_refused(const char *text, const char *words)
{
    GError *error = NULL;
    double value;
    formula *f = formula_new(text, &error);
    if (f) {
        cr_expect_not(formula_value(f, 3, 1, 1, &value, &error));
        formula_free(f);
    }
    cr_assert_not_null(error, "%s", text);
    cr_expect(strstr(error->message, words) != NULL, "%s: %s", text, error->message);
    g_error_free(error);
}

Test (formula, that_has_no_value_is_refused) {
    expect_refused("2*(n-1", "formula:1:");
    expect_refused("m+1", "formula:1:");
    expect_refused("'many'", "expected a number");
    expect_refused("1/0", "without a value for n = 3");
    expect_refused("H(n/2)", "formula:1:");
    expect_refused("H(10^9//1|0)", "formula:1:");
    expect_refused("nil", "expected a number");
    expect_refused("1) end while true do end return function() return (1", "formula:1:");
}
