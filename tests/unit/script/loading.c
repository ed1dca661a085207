#include "loading.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char load_message[2000];
int load_code;
const char *load_modules;

static char *folder;

static void remove_folder(void)
{
    GDir *all = g_dir_open(folder, 0, NULL);
    const char *name;
    while (all && (name = g_dir_read_name(all))) {
        char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
        g_free(path);
    }
    if (all) {
        g_dir_close(all);
    }
    g_rmdir(folder);
    g_free(folder);
}

const char *case_folder(void)
{
    if (folder == NULL) {
        folder = g_dir_make_tmp("dasim-script-XXXXXX", NULL);
        cr_assert_not_null(folder);
        atexit(remove_folder);
    }
    return folder;
}

void case_data(const char *name, const char *text)
{
    char *path = g_build_filename(case_folder(), name, NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
}

/* Without the folder, wherever it stands. */
static void keep_message(const char *message)
{
    char *with = g_strconcat(case_folder(), "/", NULL);
    char **parts = g_strsplit(message, with, -1);
    char *plain = g_strjoinv("", parts);
    g_strlcpy(load_message, plain, sizeof load_message);
    g_free(plain);
    g_strfreev(parts);
    g_free(with);
}

static scenario *load_file(const char *file, const scenario_setting *settings, size_t count,
                           const char *const *properties)
{
    GError *error = NULL;
    const char *build = g_getenv("BUILD_DIR");
    char *modules = g_build_filename(build ? build : "build", "modules", NULL);
    const char *const path[] = {load_modules ? load_modules : modules, modules, NULL};
    catalogue *c = catalogue_new(path);
    scenario *s = scenario_load(file, settings, count, 1, c, properties, &error);
    load_message[0] = '\0';
    load_code = 0;
    cr_assert((s == NULL) == (error != NULL));
    if (error) {
        cr_assert(error->domain == SCENARIO_ERROR);
        load_code = error->code;
        keep_message(error->message);
        g_error_free(error);
    }
    catalogue_free(c);
    g_free(modules);
    return s;
}

scenario *load_with(const char *text, const scenario_setting *settings, size_t count,
                    const char *const *properties)
{
    case_data("case.lua", text);
    char *file = g_build_filename(case_folder(), "case.lua", NULL);
    scenario *s = load_file(file, settings, count, properties);
    g_free(file);
    return s;
}

scenario *load_text(const char *text)
{
    return load_with(text, NULL, 0, NULL);
}

/* Does `parts` set this key of the scenario? */
static bool is_set(const char *parts, const char *key)
{
    char *first = g_strdup_printf("%s = ", key), *later = g_strdup_printf(", %s = ", key);
    bool is = g_str_has_prefix(parts, first) || strstr(parts, later);
    g_free(first);
    g_free(later);
    return is;
}

static char *text_of_parts(const char *parts)
{
    return g_strdup_printf("return scenario { %s%s%s\n%s }\n",
                           is_set(parts, "nodes") ? "" : "nodes = 5, ",
                           is_set(parts, "run") ? "" : "run = mutex.coordinator {}, ",
                           is_set(parts, "duration") ? "" : "duration = \"1s\",", parts);
}

scenario *load_parts(const char *parts)
{
    char *text = text_of_parts(parts);
    scenario *s = load_text(text);
    cr_assert_not_null(s, "%s: %s", parts, load_message);
    g_free(text);
    return s;
}

void refuses_text(const char *text, const char *message)
{
    scenario *s = load_text(text);
    cr_expect_null(s, "%s was loaded, expected %s", text, message);
    cr_expect_str_eq(load_message, message, "%s\n  found    %s\n  expected %s", text, load_message,
                     message);
    scenario_free(s);
}

void refuses_parts(const char *parts, const char *message)
{
    char *text = text_of_parts(parts);
    refuses_text(text, message);
    g_free(text);
}
