/* Loading for real: the crafted module, whole and damaged. */
#include "plugin/plugin.h"

#include "crafted.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

static char *folder;

static void make_folder(void)
{
    folder = crafted_folder();
}

static void remove_folder(void)
{
    crafted_remove(folder);
}

TestSuite(plugin, .init = make_folder, .fini = remove_folder);

/* Loading `file` fails with `code`, and its message is the file's name and `found`. */
static void refused(const char *file, plugin_error code, const char *found)
{
    GError *error = NULL;
    char *expected = g_strconcat(file, ": ", found, NULL);
    cr_assert_null(plugin_load(file, &error));
    cr_expect(g_error_matches(error, PLUGIN_ERROR, (int)code));
    cr_expect_str_eq(error->message, expected);
    g_error_free(error);
    g_free(expected);
}

static void refused_bytes(const void *bytes, size_t size, const char *found)
{
    static int number;
    char name[32];
    g_snprintf(name, sizeof name, "refused_%d.so", number++);
    char *file = crafted_write(bytes, size, folder, name);
    refused(file, PLUGIN_ERROR_REFUSED, found);
    g_free(file);
}

Test (plugin, a_module_is_loaded_with_its_addresses_in_place) {
    GError *error = NULL;
    char *file = crafted_write_good("crafted", folder, "anything.so");
    const dasim_algorithm *a = plugin_load(file, &error);
    cr_assert_not_null(a, "%s", error ? error->message : "");
    cr_assert_str_eq(a->name, "crafted");
    cr_assert_str_eq(a->title, "made byte by byte");
    g_free(file);
}

Test (plugin, a_file_in_the_current_folder_needs_no_slash) {
    GError *error = NULL;
    g_free(crafted_write_good("crafted", folder, "here.so"));
    cr_assert_eq(g_chdir(folder), 0);
    cr_assert_not_null(plugin_load("here.so", &error), "%s", error ? error->message : "");
}

Test (plugin, another_name_than_asked_for_is_refused) {
    GError *error = NULL;
    char *file = crafted_write_good("crafted", folder, "bully.so");
    cr_assert_null(plugin_load_as(file, "bully", &error));
    char *expected =
        g_strconcat(file, ": found algorithm \"crafted\", expected \"bully\" as in the file's name",
                    NULL);
    cr_assert_str_eq(error->message, expected);
    cr_assert_not_null(plugin_load_as(file, "crafted", NULL));
    g_error_free(error);
    g_free(expected);
    g_free(file);
}

Test (plugin, what_cannot_be_read_is_told_apart) {
    char *file = g_build_filename(folder, "missing.so", NULL);
    refused(file, PLUGIN_ERROR_UNREADABLE, "No such file or directory");
    g_free(file);
    refused(folder, PLUGIN_ERROR_UNREADABLE, "found a directory, expected a module");
    char *pipe = g_build_filename(folder, "pipe.so", NULL);
    cr_assert_eq(mkfifo(pipe, 0600), 0);
    refused(pipe, PLUGIN_ERROR_UNREADABLE, "found no regular file, expected a module");
    g_free(pipe);
    refused("/dev/zero", PLUGIN_ERROR_UNREADABLE, "found no regular file, expected a module");
}

Test (plugin, the_head_is_compared_before_the_rest_is_believed) {
    crafted *m = crafted_new("crafted");
    m->module.provides = (dasim_service)99; /* would be refused, too */
    m->module.size = 8;
    char *found = g_strdup_printf("found a description of 8 bytes, expected %zu: rebuild the "
                                  "module with this dasim's dasim.h",
                                  sizeof(dasim_algorithm));
    refused_bytes(m, CRAFTED_SIZE, found);
    g_free(found);
    const uint32_t others[] = {DASIM_ABI - 1, DASIM_ABI + 1};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        m->module.abi = others[i];
        found = g_strdup_printf(
            "found ABI %u, expected %u: rebuild the module with this dasim's dasim.h", others[i],
            DASIM_ABI);
        refused_bytes(m, CRAFTED_SIZE, found);
        g_free(found);
    }
    m->module.magic = 0x12345678;
    refused_bytes(m, CRAFTED_SIZE,
                  "found magic 12345678, expected 4D534144: describe the algorithm with "
                  "DASIM_ALGORITHM(...)");
    g_free(m);
}

Test (plugin, the_description_is_vetted) {
    crafted *m = crafted_new("Crafted");
    refused_bytes(m, CRAFTED_SIZE,
                  "name \"Crafted\", expected a name like request_timeout (a-z, 0-9, _)");
    g_free(m);
}

/* Both pass every look at the bytes: hash tables are left to the dynamic linker. */
static void refused_by_trial(const uint32_t hash[6], int signal_number)
{
    crafted *m = crafted_new("crafted");
    char found[80];
    memcpy(m->hash, hash, sizeof m->hash);
    g_snprintf(found, sizeof found, "damaged (loading it ends in signal %d), expected a module",
               signal_number);
    refused_bytes(m, CRAFTED_SIZE, found);
    g_free(m);
}

/* Its only bucket begins with a symbol 96 GiB behind the table, where nothing is. */
Test (plugin, a_file_that_crashes_the_dynamic_linker_crashes_only_a_child) {
    refused_by_trial((const uint32_t[]){1, 3, UINT32_MAX, 0, 0, 0}, SIGSEGV);
}

Test (plugin, a_file_that_keeps_the_dynamic_linker_searching_is_stopped) {
    refused_by_trial((const uint32_t[]){1, 3, 2, 0, 1, 2}, SIGXCPU);
}

Test (plugin, no_shorter_file_is_loaded) {
    crafted *m = crafted_new("crafted");
    for (size_t size = 0; size < CRAFTED_SIZE; size += 97) {
        GError *error = NULL;
        char name[32];
        g_snprintf(name, sizeof name, "short_%zu.so", size);
        char *file = crafted_write(m, size, folder, name);
        cr_assert_null(plugin_load(file, &error));
        cr_assert(g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_REFUSED));
        g_error_free(error);
        g_free(file);
    }
    g_free(m);
}

/* Each copy is a file of its own: the dynamic linker knows files by their inodes. */
Test (plugin, hundreds_of_damaged_files_leave_the_program_alive) {
    guint32 chance = 7;
    unsigned refusals = 0;
    crafted *m = crafted_new("crafted");
    const size_t gap = offsetof(crafted, module) - offsetof(crafted, front_end);
    for (int round = 0; round < 400; round++) {
        GError *error = NULL;
        crafted *damaged = g_memdup2(m, sizeof *m);
        for (int flips = round % 3; flips >= 0; flips--) {
            chance = chance * 1664525u + 1013904223u;
            size_t at = (chance >> 8) % (CRAFTED_SIZE - gap);
            at += at < offsetof(crafted, module) - gap ? 0 : gap;
            ((unsigned char *)damaged)[at] ^= (unsigned char)(1u << (chance >> 5) % 8);
        }
        char name[32];
        g_snprintf(name, sizeof name, "damaged_%d.so", round);
        char *file = crafted_write(damaged, CRAFTED_SIZE, folder, name);
        if (plugin_load(file, &error) == NULL) {
            cr_assert(g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_REFUSED));
            cr_assert_null(strchr(error->message, '\n'));
            refusals++;
        }
        g_clear_error(&error);
        g_free(file);
        g_free(damaged);
    }
    cr_assert(refusals > 100, "only %u of 400 were refused", refusals);
    g_free(m);
}
