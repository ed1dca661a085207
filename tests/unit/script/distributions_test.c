#include "loading.h"

#define MS INT64_C(1000000)
#define FREE INT64_MAX

static const struct {
    const char *text;
    distribution_kind kind;
    int64_t a, b, least, most;
} right[] = {
    {"\"2ms\"", DISTRIBUTION_FIXED, 2 * MS, 0, 0, FREE},
    {"2 * ms", DISTRIBUTION_FIXED, 2 * MS, 0, 0, FREE},
    {"0", DISTRIBUTION_FIXED, 0, 0, 0, FREE},
    {"fixed(\"2ms\")", DISTRIBUTION_FIXED, 2 * MS, 0, 0, FREE},
    {"uniform(\"1ms\", \"5ms\")", DISTRIBUTION_UNIFORM, MS, 5 * MS, 0, FREE},
    {"uniform(0, 5 * ms)", DISTRIBUTION_UNIFORM, 0, 5 * MS, 0, FREE},
    {"exponential(\"2ms\")", DISTRIBUTION_EXPONENTIAL, 2 * MS, 0, 0, FREE},
    {"exponential(\"2ms\", { most = \"9ms\" })", DISTRIBUTION_EXPONENTIAL, 2 * MS, 0, 0, 9 * MS},
    {"normal(\"10ms\", \"2ms\")", DISTRIBUTION_NORMAL, 10 * MS, 2 * MS, 0, FREE},
    {"normal(\"10ms\", \"2ms\", { least = \"1ms\", most = \"20ms\" })", DISTRIBUTION_NORMAL,
     10 * MS, 2 * MS, MS, 20 * MS},
    {"normal(\"10ms\", \"2ms\", { least = \"-1ms\" })", DISTRIBUTION_NORMAL, 10 * MS, 2 * MS, 0,
     FREE},
    {"log_normal(\"10ms\", 0.5)", DISTRIBUTION_LOG_NORMAL, 10 * MS, 500000000, 0, FREE},
    {"pareto(\"1ms\", 1.5)", DISTRIBUTION_PARETO, MS, 1500000000, 0, FREE},
    {"weibull(\"10ms\", 2)", DISTRIBUTION_WEIBULL, 10 * MS, 2000000000, 0, FREE},
    {"pareto(\"1ms\", 0.01)", DISTRIBUTION_PARETO, MS, 10000000, 0, FREE},
    {"weibull(\"1ms\", 0.1 + 0.2)", DISTRIBUTION_WEIBULL, MS, 300000000, 0, FREE},
};

Test (distributions, each_constructor_gives_its_distribution) {
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
        char parts[200];
        g_snprintf(parts, sizeof parts, "links = { latency = %s }", right[i].text);
        scenario *s = load_parts(parts);
        const distribution *d = &s->world.network.usual.delay;
        cr_expect_eq(d->kind, right[i].kind, "%s", right[i].text);
        cr_expect_eq(d->a, right[i].a, "%s: a is %lld", right[i].text, (long long)d->a);
        cr_expect_eq(d->b, right[i].b, "%s: b is %lld", right[i].text, (long long)d->b);
        cr_expect_eq(d->least, right[i].least, "%s", right[i].text);
        cr_expect_eq(d->most, right[i].most, "%s", right[i].text);
        scenario_free(s);
    }
}

static const struct {
    const char *text, *message;
} wrong[] = {
    {"fixed()", "found 0 arguments of fixed(), expected fixed(\"2ms\")"},
    {"normal(\"1ms\")", "found 1 argument of normal(), expected normal(\"10ms\", \"2ms\")"},
    {"fixed(5)",
     "found 5 for argument 1 of fixed(), expected a duration such as \"250ms\"; did you "
     "mean \"5ms\"?"},
    {"uniform(\"5ms\", \"1ms\")",
     "found uniform() where the bounds are reversed, expected values as "
     "in uniform(\"1ms\", \"5ms\")"},
    {"uniform(\"1ms\", \"1ppm\")",
     "found \"1ppm\" for argument 2 of uniform(), expected a duration "
     "such as \"250ms\""},
    {"uniform(\"-1ms\", \"1ms\")", "found a distribution for latency of links, expected a duration "
                                   "such as \"250ms\", 0 or more (found values below 0)"},
    {"exponential(\"1ms\", { most = \"-1ms\" })",
     "found a distribution for latency of links, expected a duration such as \"250ms\", 0 or more "
     "(found values below 0)"},
    {"exponential(\"1ms\", \"2ms\")", "found \"2ms\" for argument 2 of exponential(), expected a "
                                      "table: exponential { ... }"},
    {"exponential(\"1ms\", { most = \"1ms\", least = \"2ms\" })",
     "found least above most in exponential(), expected least to be at most most"},
    {"exponential(\"-1ms\")", "found exponential() where the mean is negative or beyond 2^53, "
                              "expected values as in exponential(\"2ms\")"},
    {"weibull(\"1ms\", \"2\")", "found \"2\" for argument 2 of weibull(), expected a plain number"},
    {"weibull(\"1ms\", 1e100)", "found 1e+100 for argument 2 of weibull(), expected a number from "
                                "0.01 to 100"},
    {"weibull(\"1ms\", 0/0)", "found nan for argument 2 of weibull(), expected a number from 0.01 "
                              "to 100"},
    {"pareto(\"1ms\", 0.001)", "found pareto() where the shape is not within 0.01 .. 100, expected "
                               "values as in pareto(\"1ms\", 1.5)"},
    {"exponential(\"2ppm\")",
     "found a distribution for latency of links, expected a duration such as "
     "\"250ms\", or a distribution of such"},
    {"empirical { \"1ms\" }", "found 1 value in empirical(), expected 2 .. 1000000"},
    {"empirical { \"1ms\", \"2ppm\" }",
     "found \"2ppm\" for entry 2 of empirical, expected a duration "
     "such as \"250ms\""},
    {"empirical { \"-1ms\", \"2ms\" }", "found a distribution for latency of links, expected a "
                                        "duration such as \"250ms\", 0 or more (found values below "
                                        "0)"},
    {"empirical(5)", "found 5 for argument 1 of empirical(), expected a table: empirical { ... }"},
    {"empirical(\"none.csv\")", "found \"none.csv\" for argument 1 of empirical(), expected a file "
                                "that can be read (No such file or directory)"},
};

Test (distributions, what_is_no_distribution_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char parts[200], message[400];
        g_snprintf(parts, sizeof parts, "links = { latency = %s }", wrong[i].text);
        g_snprintf(message, sizeof message, "case.lua:2: %s", wrong[i].message);
        refuses_parts(parts, message);
    }
}

Test (distributions, empirical_values_are_sorted) {
    scenario *s = load_parts("links = { latency = empirical { \"5ms\", \"1ms\", \"3ms\" } }");
    const distribution *d = &s->world.network.usual.delay;
    cr_assert_eq(d->kind, DISTRIBUTION_EMPIRICAL);
    cr_assert_eq(d->table->count, 3);
    cr_expect_eq(d->table->value[0], MS);
    cr_expect_eq(d->table->value[1], 3 * MS);
    cr_expect_eq(d->table->value[2], 5 * MS);
    scenario_free(s);
}

static const struct {
    const char *data, *argument;
    int64_t least, most;
    const char *message;
} files[] = {
    {"3\n1\n2\n", ", { unit = \"ms\" }", MS, 3 * MS, NULL},
    {"# measured\n\n3.5\r\n1\r\n", ", { unit = \"us\" }", 1000, 3500, NULL},
    {"5ms\n\"1 ms\"\n", "", MS, 5 * MS, NULL},
    {"5ms\n1ppm\n", "", 0, 0,
     "found \"1ppm\" in values.csv:2, expected a value of the same kind as "
     "those before"},
    {"5ms\n1\n", "", 0, 0, "found \"1\" in values.csv:2, expected a value with a unit such as 5ms"},
    {"5\nfar\n", ", { unit = \"ms\" }", 0, 0, "found \"far\" in values.csv:2, expected a number"},
    {"5,6\n", ", { unit = \"ms\" }", 0, 0, "found \"5\" in values.csv:1, expected one value a row"},
    {"5\n", ", { unit = \"ms\" }", 0, 0,
     "found 1 values in the file of empirical(), expected 2 .. "
     "1000000"},
};

Test (distributions, empirical_values_come_from_a_file) {
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        char parts[200], message[400];
        case_data("values.csv", files[i].data);
        g_snprintf(parts, sizeof parts, "links = { latency = empirical(\"values.csv\"%s) }",
                   files[i].argument);
        if (files[i].message) {
            g_snprintf(message, sizeof message, "case.lua:2: %s", files[i].message);
            refuses_parts(parts, message);
            continue;
        }
        scenario *s = load_parts(parts);
        const distribution *d = &s->world.network.usual.delay;
        cr_expect_eq(d->table->value[0], files[i].least, "%s", files[i].data);
        cr_expect_eq(d->table->value[d->table->count - 1], files[i].most, "%s", files[i].data);
        scenario_free(s);
    }
}

Test (distributions, ratios_may_be_negative_where_rates_are_meant) {
    scenario *s =
        load_parts("clocks = { drift = uniform(\"-50ppm\", \"50ppm\"), offset = \"-1s\" }");
    cr_expect_eq(s->world.clocks.drift.a, -50000);
    cr_expect_eq(s->world.clocks.drift.b, 50000);
    cr_expect_eq(s->world.clocks.drift.least, INT64_MIN);
    cr_expect_eq(s->world.clocks.offset.a, -1000 * MS);
    scenario_free(s);
}
