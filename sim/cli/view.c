/* dasim view: a trace as a page, in the browser of this desktop. */
#include "cli/page.h"

#include <glib/gstdio.h>
#include <string.h>

static const option options[] = {
    {"no-state", NULL, "without what handlers changed: a smaller page"},
    WINDOW_OPTIONS,
    {0},
};

/* "NAME.html" in a new folder, where nobody else can put anything in its place. NULL: one line went
 * to standard error. */
static char *temporary_file(const char *trace)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("dasim-XXXXXX", &error);
    if (folder == NULL) {
        complain("%s", error->message);
        g_error_free(error);
        return NULL;
    }
    char *name = g_path_get_basename(trace);
    if (g_str_has_suffix(name, ".dtrace")) {
        name[strlen(name) - strlen(".dtrace")] = '\0';
    }
    char *file = g_strdup_printf("%s/%s.html", folder, name);
    g_free(folder);
    g_free(name);
    return file;
}

static bool has_desktop(void)
{
    const char *names[] = {"DISPLAY", "WAYLAND_DISPLAY"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value && *value) {
            return true;
        }
    }
    return false;
}

/* Where it cannot be opened, its name is enough: whoever called can open it. */
static void open_page(char *file)
{
    char *words[] = {(char *)(uintptr_t) "xdg-open", file, NULL};
    const GSpawnFlags flags =
        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;
    if (has_desktop()) {
        g_spawn_async(NULL, words, NULL, flags, NULL, NULL, NULL, NULL);
    }
}

static void announce(char *file, int *status)
{
    GString *line = g_string_new(file);
    g_string_append_c(line, '\n');
    *status = cli_print(line) ? *status : EXIT_FILE;
    g_string_free(line, TRUE);
    open_page(file);
}

static int view(const arguments *a)
{
    window seen;
    bool written = false;
    int status = EXIT_USAGE;
    if (cli_window(a, &seen)) {
        char *file = temporary_file(a->words->pdata[0]);
        status = EXIT_FILE;
        if (file) {
            status = cli_page((char **)a->words->pdata, a->words->len, &seen,
                              arguments_value(a, "no-state") != NULL, file, &written);
        }
        if (written) {
            announce(file, &status);
        } else if (file) {
            char *folder = g_path_get_dirname(file);
            g_rmdir(folder);
            g_free(folder);
        }
        g_free(file);
    }
    window_clear(&seen);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_view, count, words, 1, 2, &a)) {
        status = a.help ? EXIT_AS_EXPECTED : view(&a);
    }
    arguments_clear(&a);
    return status;
}

const command command_view = {
    .name = "view",
    .arguments = "TRACE [OTHER]",
    .summary = "a recorded run in the browser, or two side by side",
    .options = options,
    .more = "Writes the page to a temporary file, prints its name and opens it, where there is a\n"
            "desktop to do so. Of two traces it shows where they begin to differ.",
    .run = run,
};
