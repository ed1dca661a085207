#include "loading.h"

#include "drive/lock_clients.h"

/* One parameter `x` with this default; its value comes out as the error of the file. */
static void expect_value(const char *fallback, const char *setting, const char *message)
{
    char text[300];
    const scenario_setting one = {"x", setting};
    g_snprintf(text, sizeof text,
               "local x = param(\"x\", %s)\n"
               "error((math.type(x) or type(x)) .. \" \" .. tostring(x))",
               fallback);
    scenario *s = load_with(text, &one, setting ? 1 : 0, NULL);
    cr_assert_null(s);
    cr_expect_str_eq(load_message, message, "param(%s), --set x=%s: %s", fallback,
                     setting ? setting : "(not)", load_message);
}

static const struct {
    const char *fallback, *setting, *message;
} values[] = {
    {"5", NULL, "case.lua:2: integer 5"},
    {"5", "7", "case.lua:2: integer 7"},
    {"5", "-7", "case.lua:2: integer -7"},
    {"5", "9223372036854775807", "case.lua:2: integer 9223372036854775807"},
    {"0.5", "2", "case.lua:2: integer 2"},
    {"0.5", "2.25", "case.lua:2: float 2.25"},
    {"0.5", "1e-3", "case.lua:2: float 0.001"},
    {"true", "false", "case.lua:2: boolean false"},
    {"false", "true", "case.lua:2: boolean true"},
    {"\"text\"", "other text", "case.lua:2: string other text"},
    {"\"text\"", "", "case.lua:2: string "},
    {"\"5ms\"", NULL, "case.lua:2: string 5ms"},
    {"\"5ms\"", "1s", "case.lua:2: string 1s"},
    {"\"5ms\"", "0", "case.lua:2: string 0"},
    {"5 * ms", "1.5s", "case.lua:2: userdata 1.5s"},
    {"5 * ms", "0", "case.lua:2: userdata 0ns"},
    {"1 * percent", "5ppm", "case.lua:2: userdata 5ppm"},
    {"5", "7.0", "case.lua:1: found --set x=\"7.0\", expected a whole number"},
    {"5", "9223372036854775808",
     "case.lua:1: found --set x=\"9223372036854775808\", expected a whole "
     "number"},
    {"5", " 7", "case.lua:1: found --set x=\" 7\", expected a whole number"},
    {"5", "0x10", "case.lua:1: found --set x=\"0x10\", expected a whole number"},
    {"5", "-", "case.lua:1: found --set x=\"-\", expected a whole number"},
    {"0.5", ".5", "case.lua:1: found --set x=\".5\", expected a number"},
    {"0.5", "5.", "case.lua:1: found --set x=\"5.\", expected a number"},
    {"0.5", "1e", "case.lua:1: found --set x=\"1e\", expected a number"},
    {"0.5", "nan", "case.lua:1: found --set x=\"nan\", expected a number"},
    {"true", "1", "case.lua:1: found --set x=\"1\", expected true or false"},
    {"\"5ms\"", "5", "case.lua:1: found --set x=\"5\", expected a duration such as \"250ms\""},
    {"\"5ms\"", "5%", "case.lua:1: found --set x=\"5%\", expected a duration such as \"250ms\""},
    {"5 * ms", "soon", "case.lua:1: found --set x=\"soon\", expected a duration such as \"250ms\""},
    {"\"1%\"", "1ms",
     "case.lua:1: found --set x=\"1ms\", expected a ratio such as \"1%\" or "
     "\"50ppm\""},
    {"\"text\"", "\xFF", "case.lua:1: found --set x=\"\xFF\", expected a text"},
    {"{}", NULL,
     "case.lua:1: found a table for argument 2 of param(), expected a default: a number, "
     "true or false, a text, or a value with a unit"},
    {"nil", NULL,
     "case.lua:1: found nothing for argument 2 of param(), expected a default: a number, "
     "true or false, a text, or a value with a unit"},
};

Test (params, the_default_says_what_a_setting_may_be) {
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        if (values[i].setting && values[i].setting[0] == '\xFF') {
            continue; /* the message is made valid: see the next test */
        }
        expect_value(values[i].fallback, values[i].setting, values[i].message);
    }
}

Test (params, a_setting_must_be_text) {
    const scenario_setting one = {"x", "\xFF"};
    cr_expect_null(load_with("return param(\"x\", \"text\")", &one, 1, NULL));
    cr_expect(g_str_has_suffix(load_message, "expected a text"), "%s", load_message);
    cr_expect(g_utf8_validate(load_message, -1, NULL));
}

Test (params, parameters_are_listed_in_the_order_of_the_file) {
    const scenario_setting settings[] = {{"hold", "1ms"}, {"hold", "2ms"}};
    scenario *s = load_with("local n = param(\"nodes\", 3, \"how many\")\n"
                            "local h = param(\"hold\", 5 * ms)\n"
                            "local again = param(\"nodes\", 3)\n"
                            "return scenario { nodes = n, duration = \"1s\",\n"
                            "  run = mutex.coordinator {}, workload = lock_clients { hold = h } }",
                            settings, 2, NULL);
    cr_assert_not_null(s, "%s", load_message);
    cr_assert_eq(s->params->len, 2);
    const scenario_param *p = (const scenario_param *)(const void *)s->params->data;
    cr_expect_str_eq(p[0].name, "nodes");
    cr_expect_str_eq(p[0].value, "3");
    cr_expect_str_eq(p[0].fallback, "3");
    cr_expect_str_eq(p[0].help, "how many");
    cr_expect(!p[0].is_set && p[0].line == 1);
    cr_expect_str_eq(p[1].value, "2ms", "the last --set counts");
    cr_expect_str_eq(p[1].fallback, "5ms");
    cr_expect_str_eq(p[1].help, "");
    cr_expect(p[1].is_set && p[1].line == 2);
    cr_expect_eq(((const lock_clients_config *)s->workload.config)->hold.a, 2000000);
    scenario_free(s);
}

static const struct {
    const char *text, *message;
} wrong[] = {
    {"return param()",
     "case.lua:1: found 0 arguments of param(), expected param(\"name\", default) or "
     "param(\"name\", default, \"what it is\")"},
    {"return param(5, 5)", "case.lua:1: found 5 for argument 1 of param(), expected a text in "
                           "quotes"},
    {"return param(\"Nodes\", 5)",
     "case.lua:1: found \"Nodes\" for argument 1 of param(), expected a "
     "name of small letters, digits and _, at most 47"},
    {"return param(\"5nodes\", 5)",
     "case.lua:1: found \"5nodes\" for argument 1 of param(), expected "
     "a name of small letters, digits and _, at most 47"},
    {"return param(\"\", 5)",
     "case.lua:1: found \"\" for argument 1 of param(), expected a name of "
     "small letters, digits and _, at most 47"},
    {"return param(\"x\\0y\", 5)",
     "case.lua:1: found \"x\" for argument 1 of param(), expected a name "
     "of small letters, digits and _, at most 47"},
    {"return param(\"x\", 5, 5)",
     "case.lua:1: found 5 for argument 3 of param(), expected a text in "
     "quotes"},
    {"param(\"x\", 5)\nreturn param(\"x\", \"6\")",
     "case.lua:2: found another default of parameter x, expected the same as in line 1"},
};

Test (params, what_is_no_parameter_is_refused) {
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        refuses_text(wrong[i].text, wrong[i].message);
    }
}

Test (params, a_setting_that_nothing_asks_for_is_refused_with_the_nearest) {
    const scenario_setting settings[] = {{"nodes", "4"}, {"thnk", "1s"}};
    const char *text =
        "return scenario { nodes = param(\"nodes\", 3), run = mutex.coordinator {},\n"
        "  duration = param(\"think\", \"1s\") }";
    cr_expect_null(load_with(text, settings, 2, NULL));
    cr_expect_str_eq(load_message,
                     "case.lua: found --set of unknown parameter \"thnk\", expected one "
                     "of nodes, think; did you mean 'think'?");
    const char *none =
        "return scenario { nodes = 3, run = mutex.coordinator {}, duration = \"1s\" }";
    cr_expect_null(load_with(none, settings, 1, NULL));
    cr_expect_str_eq(load_message, "case.lua: found --set of unknown parameter \"nodes\", expected "
                                   "none: it has no parameters");
}
