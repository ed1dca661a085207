/* The stack of algorithms: who is below whom, and who shares what. */
#include "loading.h"

static void expect_stack(const char *file, const char *expected)
{
    scenario *s = load_text(file);
    cr_assert_not_null(s, "%s", load_message);
    GString *found = g_string_new(NULL);
    for (uint32_t i = 0; i < s->world.stack_size; i++) {
        g_string_append_printf(found, "%s%s", i > 0 ? " " : "", s->stack[i].algorithm->name);
    }
    cr_expect_str_eq(found->str, expected, "%s", found->str);
    g_string_free(found, TRUE);
    scenario_free(s);
}

Test (stack, an_optional_service_is_there_where_the_scenario_gives_one) {
    expect_stack("return scenario { nodes = 3, duration = '1s', run = election.bully {} }",
                 "bully");
    expect_stack("return scenario { nodes = 3, duration = '1s', run = election.bully { "
                 "failure_detector = failure_detector.heartbeat {} } }",
                 "heartbeat bully");
    scenario *s = load_text("return scenario { nodes = 3, duration = '1s', run = election.bully { "
                            "failure_detector = failure_detector.heartbeat {} } }");
    cr_expect_eq(s->world.stack[1].given, 1u << DASIM_DETECTOR);
    cr_expect_eq(s->world.stack[0].given, 0);
    scenario_free(s);
}

/* A lock that may stand on a detector and on an election. */
static const char *const both =
    "#include <dasim.h>\n"
    "static void request(dasim_node *self, uint32_t op, const void *arg,"
    " size_t size) { (void)self, (void)op, (void)arg, (void)size; }\n"
    "static void told(dasim_node *self, dasim_service from, uint32_t op,"
    " const void *arg, size_t size) {"
    " (void)self, (void)from, (void)op, (void)arg, (void)size; }\n"
    "DASIM_ALGORITHM(.name = \"both\", .title = \"a lock\","
    " .provides = DASIM_MUTEX, .on_request = request,"
    " .on_indication = told, .may_use = (const dasim_service[]){"
    "DASIM_DETECTOR, DASIM_ELECTION, DASIM_NO_SERVICE});\n";

static void build_both(void)
{
    const char *compiler = g_getenv("CC"), *tree = g_getenv("SRC");
    case_data("both.c", both);
    char *command = g_strdup_printf("%s -std=gnu17 -fPIC -fvisibility=hidden -fno-stack-protector "
                                    "-shared -nostdlib -I%s/include -o %s/both.so %s/both.c",
                                    compiler ? compiler : "cc", tree ? tree : ".", case_folder(),
                                    case_folder());
    int status = 1;
    cr_assert(g_spawn_command_line_sync(command, NULL, NULL, &status, NULL) && status == 0, "%s",
              command);
    g_free(command);
    load_modules = case_folder();
}

Test (stack, two_components_share_one_detector_where_the_scenario_gives_both_the_same) {
    build_both();
    expect_stack("local d = failure_detector.heartbeat {} "
                 "return scenario { nodes = 3, duration = '1s', run = mutex.both { "
                 "failure_detector = d, election = election.bully { failure_detector = d } } }",
                 "heartbeat bully both");
    expect_stack("return scenario { nodes = 3, duration = '1s', run = mutex.both { "
                 "failure_detector = failure_detector.heartbeat {}, "
                 "election = election.bully { failure_detector = failure_detector.heartbeat {} } "
                 "} }",
                 "heartbeat bully heartbeat both");
    expect_stack("return scenario { nodes = 3, duration = '1s', run = mutex.both { "
                 "election = election.bully { failure_detector = failure_detector.heartbeat {} } "
                 "} }",
                 "heartbeat bully both");
}

Test (stack, what_is_below_without_being_given_is_not_used) {
    build_both();
    scenario *s = load_text("return scenario { nodes = 3, duration = '1s', run = mutex.both { "
                            "election = election.bully { failure_detector = "
                            "failure_detector.heartbeat {} } } }");
    cr_assert_not_null(s, "%s", load_message);
    cr_expect_eq(s->world.stack[1].given, 1u << DASIM_DETECTOR);
    cr_expect_eq(s->world.stack[2].given, 1u << DASIM_ELECTION);
    scenario_free(s);
}
