#include "cli/gnuplot.h"

#include "cli/scripts.h"

#include <gio/gio.h>
#include <string.h>

const char *gnuplot_script(const char *name)
{
    const script_text *one = script_texts;
    while (one->name && strcmp(one->name, name) != 0) {
        one++;
    }
    g_assert(one->name != NULL);
    return one->text;
}

bool gnuplot_write(const char *file, const char *bytes, size_t size)
{
    output o;
    if (!output_open(&o, file)) {
        return false;
    }
    fwrite(bytes, 1, size, o.file);
    return output_close(&o);
}

static GSubprocess *start(const char *folder, const char *script, const char *format,
                          GError **error)
{
    GSubprocessLauncher *launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    char *setting = g_strdup_printf("format = '%s'", format);
    g_subprocess_launcher_set_cwd(launcher, folder);
    g_subprocess_launcher_setenv(launcher, "LC_ALL", "C", TRUE);
    GSubprocess *child =
        g_subprocess_launcher_spawn(launcher, error, "gnuplot", "-e", setting, script, NULL);
    g_free(setting);
    g_object_unref(launcher);
    return child;
}

/* The time of day that stands in a PDF, or in the third line of a TeX file: as many zeros. */
static GBytes *without_date(GBytes *drawn, const char *format)
{
    static const char key[] = "/CreationDate (D:";
    gsize size;
    char *bytes = g_bytes_unref_to_data(drawn, &size), *end = bytes + size;
    for (char *at = bytes; strcmp(format, "pdf") == 0 && at + sizeof key < end; at++) {
        if (memcmp(at, key, sizeof key - 1) == 0) {
            for (char *digit = at + sizeof key - 1; g_ascii_isdigit(*digit); digit++) {
                *digit = '0';
            }
        }
    }
    if (strcmp(format, "tex") == 0) {
        char *line = g_strstr_len(bytes, (gssize)size, "\n%% ");
        line = line ? g_strstr_len(line + 1, end - line - 1, "\n%% ") : NULL;
        for (char *at = line ? line + 4 : end; at < end && *at != '\n'; at++) {
            *at = '0';
        }
    }
    return g_bytes_new_take(bytes, size);
}

GBytes *gnuplot_draw(const char *folder, const char *script, const char *format)
{
    GError *error = NULL;
    GBytes *drawn = NULL, *troubles = NULL;
    GSubprocess *child = start(folder, script, format, &error);
    bool fine = child && g_subprocess_communicate(child, NULL, NULL, &drawn, &troubles, &error) &&
                g_subprocess_get_successful(child);
    if (!fine) {
        gsize size = 0;
        const char *words = troubles ? g_bytes_get_data(troubles, &size) : NULL;
        char *text = size > 0 ? g_strndup(words, size) : g_strdup(error ? error->message : "");
        complain("gnuplot drew nothing; its script and data are in %s: %s", folder,
                 g_strdelimit(g_strstrip(text), "\n", ' '));
        g_free(text);
        g_clear_pointer(&drawn, g_bytes_unref);
    }
    g_clear_pointer(&troubles, g_bytes_unref);
    g_clear_error(&error);
    g_clear_object(&child);
    return drawn ? without_date(drawn, format) : NULL;
}
