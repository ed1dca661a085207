/* What a sweep relies on: files are read once, and which scenarios serve all seeds. */
#include "script/files.h"

#include "loading.h"

static scenario *load_again(scenario_files *files, const char *file)
{
    const char *build = g_getenv("BUILD_DIR");
    char *folder = g_build_filename(build ? build : "build", "modules", NULL);
    const char *const path[] = {folder, NULL};
    catalogue *modules = catalogue_new(path);
    scenario *s = scenario_load_from(files, file, NULL, 0, 1, modules, NULL, NULL);
    catalogue_free(modules);
    g_free(folder);
    return s;
}

Test (files, a_scenario_and_its_data_are_read_once) {
    scenario_files *files = scenario_files_new();
    case_data("delays.csv", ",a,b\na,0,1\nb,1,0\n");
    scenario *first = load_parts("links = { matrix = matrix('delays.csv', { unit = 'ms' }) },");
    cr_assert_not_null(first);
    char *file = g_strdup(first->file);
    scenario *kept = load_again(files, file);
    cr_assert_not_null(kept);
    cr_assert_eq(kept->digest.low, first->digest.low);
    cr_assert_eq(kept->world.network.matrix->delay[1], 1000000);
    case_data("delays.csv", ",a,b\na,0,2\nb,2,0\n");
    scenario *again = load_again(files, file), *anew = load_again(NULL, file);
    cr_assert(again && anew);
    cr_expect_eq(again->digest.low, first->digest.low);
    cr_expect_eq(again->world.network.matrix->delay[1], 1000000);
    cr_expect_neq(anew->digest.low, first->digest.low, "the data file is part of the digest");
    cr_expect_eq(anew->world.network.matrix->delay[1], 2000000);
    scenario_free(first);
    scenario_free(kept);
    scenario_free(again);
    scenario_free(anew);
    scenario_files_free(files);
    g_free(file);
}

Test (files, what_was_not_kept_is_not_recalled) {
    scenario_files *files = scenario_files_new();
    char *text = NULL;
    gsize size;
    cr_assert_not(files_recall(NULL, "x", &text, &size));
    cr_assert_not(files_recall(files, "x", &text, &size));
    files_keep(files, "x", "a\0b", 3);
    files_keep(files, "empty", "", 0);
    cr_assert(files_recall(files, "x", &text, &size));
    cr_expect_eq(size, 3);
    cr_expect_arr_eq(text, "a\0b", 4);
    g_free(text);
    cr_assert(files_recall(files, "empty", &text, &size));
    cr_expect_eq(size, 0);
    cr_expect_str_eq(text, "");
    g_free(text);
    scenario_files_free(files);
}

Test (files, dice_and_functions_are_not_the_same_for_all_seeds) {
    static const struct {
        const char *text;
        bool serves;
    } cases[] = {
        {"return scenario { nodes = 3, run = mutex.coordinator {}, duration = '1s' }", true},
        {"local n = math.random(3, 5) return scenario { nodes = 3, run = mutex.coordinator {}, "
         "duration = '1s' }",
         false},
        {"on('GRANT', function() end) return scenario { nodes = 3, run = mutex.coordinator {}, "
         "duration = '1s' }",
         false},
        {"return scenario { nodes = 3, run = mutex.coordinator {}, duration = '1s', "
         "faults = { at('1ms', call(function() end)) } }",
         false},
        {"return scenario { nodes = 3, run = mutex.coordinator {}, duration = '1s', "
         "faults = { at('1ms', crash(random_node())) } }",
         true},
        {"return scenario { nodes = 3, run = mutex.coordinator {}, "
         "processes = { process(0, { name = 'a' }, function(p) p:lock() p:unlock() end) } }",
         false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        scenario *s = load_text(cases[i].text);
        cr_assert_not_null(s, "case %zu: %s", i, load_message);
        cr_expect_eq(s->serves_all_seeds, cases[i].serves, "case %zu", i);
        scenario_free(s);
    }
}
