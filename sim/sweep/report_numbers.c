/* Decimals are counted by multiplication, not by a logarithm: the same on every machine. */
#include "sweep/report_numbers.h"

#include <math.h>
#include <string.h>

enum { DECIMALS_MOST = 6, LOPSIDED = 2 /* an arm so many times the other one */ };

number_unit number_unit_of(const analysis *a, const analysis_measure *m)
{
    static const number_unit durations[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};
    double most = 0;
    guint fits = 0;
    if (strcmp(m->kind->unit, "ppm") == 0) {
        return (number_unit){1e6, ""};
    }
    if (strcmp(m->kind->unit, "ns") != 0) {
        return (number_unit){1, ""};
    }
    for (guint i = 0; i < a->cells->len; i++) {
        const GArray *runs = m->cells[i].runs;
        estimate e =
            observations_estimate((const observation *)(const void *)runs->data, runs->len);
        most = fmax(most, e.value);
    }
    while (fits < 3 && most >= durations[fits + 1].divisor) {
        fits++;
    }
    return durations[fits];
}

/* So many that `size` shows `digits` digits. */
static int decimals_of(double size, double digits)
{
    int decimals = 0;
    while (decimals < DECIMALS_MOST && size > 0 && size < digits) {
        size *= 10;
        decimals++;
    }
    return decimals;
}

static int decimals_for(double value, double half_width, number_unit unit)
{
    if (isinf(half_width) || half_width == 0) {
        return decimals_of(fabs(value) / unit.divisor, 1000);
    }
    return decimals_of(half_width / unit.divisor, 10);
}

/* 0 without a sign. */
static char *fixed(double value, int decimals)
{
    char *text = g_strdup_printf("%.*f", decimals, value);
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1)) {
        memmove(text, text + 1, strlen(text));
    }
    return text;
}

/* What is exact needs no zeros at its end. */
static char *shortened(char *text)
{
    if (strchr(text, '.')) {
        size_t length = strlen(text);
        while (text[length - 1] == '0') {
            length--;
        }
        text[length - (text[length - 1] == '.')] = '\0';
    }
    return text;
}

char *number_text(double value, double half_width, number_unit unit)
{
    char *text = fixed(value / unit.divisor, decimals_for(value, half_width, unit));
    return half_width == 0 || isinf(half_width) ? shortened(text) : text;
}

char *number_interval(estimate e, number_unit unit)
{
    double half = estimate_half_width(e);
    if (isinf(half)) {
        return g_strdup("-");
    }
    char *low = number_text(e.low, half, unit), *high = number_text(e.high, half, unit);
    char *text = half == 0 ? g_strdup("all alike") : g_strdup_printf("%s .. %s", low, high);
    g_free(low);
    g_free(high);
    return text;
}

char *number_with_arms(estimate e, number_unit unit)
{
    double half = estimate_half_width(e);
    char *value = number_text(e.value, half, unit);
    if (isinf(half) || half == 0) {
        return value;
    }
    if (half > LOPSIDED * fmin(e.value - e.low, e.high - e.value)) {
        char *interval = number_interval(e, unit);
        char *both = g_strdup_printf("%s (%s)", value, interval);
        g_free(interval);
        g_free(value);
        return both;
    }
    char *arm = fixed(half / unit.divisor, decimals_for(e.value, half, unit));
    char *text = g_strdup_printf("%s ± %s", value, arm);
    g_free(arm);
    g_free(value);
    return text;
}

char *number_quantile(estimate e, number_unit unit)
{
    double step = fabs(e.value) / 1024;
    if (estimate_half_width(e) < step) {
        e.low = e.high = e.value;
        return number_text(e.value, 0, unit);
    }
    return number_with_arms(e, unit);
}

char *number_p(double p)
{
    return p < 0.001 ? g_strdup("<0.001") : fixed(p, 3);
}
