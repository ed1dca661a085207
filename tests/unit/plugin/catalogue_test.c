#include "crafted.h"
#include "plugin/plugin.h"

#include <criterion/criterion.h>
#include <string.h>

static char *first, *second;
static catalogue *both;

static void make_catalogue(void)
{
    first = crafted_folder();
    second = crafted_folder();
    both = catalogue_new((const char *const[]){first, second, NULL});
}

static void remove_catalogue(void)
{
    catalogue_free(both);
    crafted_remove(first);
    crafted_remove(second);
}

TestSuite(catalogue, .init = make_catalogue, .fini = remove_catalogue);

/* Loading `name` succeeds, and takes it from FOLDER/FILE. */
static void found_in(const char *name, const char *folder, const char *file)
{
    GError *error = NULL;
    const dasim_algorithm *a = catalogue_load(both, name, &error);
    cr_assert_not_null(a, "%s", error ? error->message : "");
    cr_assert_str_eq(a->name, name);
    char *expected = g_build_filename(folder, file, NULL);
    cr_assert_str_eq(catalogue_file(both, name), expected);
    g_free(expected);
}

static void refused(const char *name, plugin_error code, const char *part)
{
    GError *error = NULL;
    cr_assert_null(catalogue_load(both, name, &error));
    cr_expect(g_error_matches(error, PLUGIN_ERROR, (int)code));
    cr_expect_not_null(strstr(error->message, part), "%s", error->message);
    cr_expect_null(strchr(error->message, '\n'));
    cr_expect_null(catalogue_file(both, name));
    g_error_free(error);
}

Test (catalogue, an_earlier_folder_shadows_a_later_one) {
    g_free(crafted_write_good("token", first, "token.so"));
    g_free(crafted_write_good("token", second, "token.so"));
    g_free(crafted_write_good("other", second, "other.so"));
    found_in("token", first, "token.so");
    found_in("other", second, "other.so");
}

Test (catalogue, a_folder_of_a_service_is_looked_into) {
    g_free(crafted_write_good("token", first, "mutex/token.so"));
    g_free(crafted_write_good("bully", second, "election/bully.so"));
    found_in("token", first, "mutex/token.so");
    found_in("bully", second, "election/bully.so");
}

Test (catalogue, so_is_the_folder_of_locks_that_look_for_deadlocks) {
    g_free(crafted_write_good("prober", second, "deadlock/prober.so"));
    found_in("prober", second, "deadlock/prober.so");
}

Test (catalogue, a_file_beside_the_folders_of_services_comes_first) {
    g_free(crafted_write_good("token", first, "mutex/token.so"));
    g_free(crafted_write_good("token", first, "token.so"));
    found_in("token", first, "token.so");
}

Test (catalogue, an_earlier_folder_wins_with_a_module_that_is_refused) {
    g_free(crafted_write("no module", 9, first, "token.so"));
    g_free(crafted_write_good("token", second, "token.so"));
    refused("token", PLUGIN_ERROR_REFUSED, "found no shared object");
}

Test (catalogue, a_module_is_loaded_once) {
    g_free(crafted_write_good("token", second, "token.so"));
    const dasim_algorithm *a = catalogue_load(both, "token", NULL);
    g_free(crafted_write_good("token", first, "token.so"));
    cr_assert(a != NULL && catalogue_load(both, "token", NULL) == a);
}

Test (catalogue, what_was_loaded_outlives_the_catalogue) {
    g_free(crafted_write_good("token", first, "token.so"));
    catalogue *short_lived = catalogue_new((const char *const[]){first, NULL});
    const dasim_algorithm *a = catalogue_load(short_lived, "token", NULL);
    catalogue_free(short_lived);
    cr_assert_str_eq(a->name, "token");
}

Test (catalogue, names_are_sorted_and_given_once) {
    static const char *const files[] = {"zeta.so",
                                        "mutex/token.so",
                                        "token.so",
                                        "a_1.so",
                                        "a1.so",
                                        "election/bully.so",
                                        "Not-a-name.so",
                                        "readme.md",
                                        "other/hidden.so",
                                        "memory/1234.so",
                                        ".so"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_free(crafted_write("x", 1, i % 2 ? first : second, files[i]));
        g_free(crafted_write("x", 1, second, files[i]));
    }
    char **names = catalogue_names(both);
    GPtrArray *ours = g_ptr_array_new(); /* beside this program there may be others */
    for (char **name = names; *name; name++) {
        cr_expect(name == names || strcmp(name[-1], *name) < 0, "%s", *name);
        if (!strstr("coordinator ricart_agrawala", *name)) {
            g_ptr_array_add(ours, *name);
        }
    }
    g_ptr_array_add(ours, NULL);
    char *joined = g_strjoinv(" ", (char **)ours->pdata);
    cr_expect_str_eq(joined, "a1 a_1 bully token zeta");
    g_free(joined);
    g_ptr_array_free(ours, TRUE);
    g_strfreev(names);
}

Test (catalogue, an_unknown_name_gets_the_nearest) {
    g_free(crafted_write_good("token_ring", first, "token_ring.so"));
    refused("tokenring", PLUGIN_ERROR_UNKNOWN,
            "found unknown algorithm 'tokenring', expected one of `dasim list`; did you mean "
            "'token_ring'?");
    refused("quite_different", PLUGIN_ERROR_UNKNOWN, "found unknown algorithm 'quite_different'");
}

Test (catalogue, a_name_is_no_path) {
    g_free(crafted_write_good("token", first, "token.so"));
    g_free(crafted_write_good("token", first, "sub/token.so"));
    static const char *const names[] = {"./token", "sub/token", "../token",
                                        "",        "Token",     "token.so"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        refused(names[i], PLUGIN_ERROR_UNKNOWN, "found unknown algorithm");
    }
    refused("to\nken", PLUGIN_ERROR_UNKNOWN, "'to\\nken'");
}

Test (catalogue, a_folder_that_cannot_be_read_is_named_where_a_module_is_missing) {
    catalogue_free(both);
    both = catalogue_new((const char *const[]){"/nowhere/at/all", first, NULL});
    g_free(crafted_write_good("token", first, "token.so"));
    found_in("token", first, "token.so");
    refused("quite_different", PLUGIN_ERROR_UNKNOWN,
            "(/nowhere/at/all: No such file or directory)");
}

Test (catalogue, an_unreadable_module_is_told_apart) {
    char *inside = crafted_write("x", 1, first, "token.so/inside");
    refused("token", PLUGIN_ERROR_UNREADABLE, "token.so: found a directory, expected a module");
    g_free(inside);
}

Test (catalogue, an_empty_path_is_allowed) {
    catalogue *none = catalogue_new(NULL);
    cr_assert_null(catalogue_load(none, "no_such_algorithm", NULL));
    catalogue_free(none);
    catalogue_free(NULL);
}
