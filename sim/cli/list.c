/* dasim list: what there is. */
#include "cli/cli.h"

#include "check/property.h"

static void append_algorithms(catalogue *modules, GString *text, int *refused)
{
    char **names = catalogue_names(modules);
    g_string_append(text, "algorithms\n");
    for (char **name = names; *name; name++) {
        GError *error = NULL;
        const dasim_algorithm *a = catalogue_load(modules, *name, &error);
        if (a) {
            g_string_append_printf(text, "  %-10s %-24s %s\n", service_name(a->provides), a->name,
                                   a->title);
        } else {
            complain("%s", error->message);
            g_error_free(error);
            *refused += 1;
        }
    }
    if (names[0] == NULL) {
        g_string_append(text, "  none found; --plugin-path says where to look\n");
    }
    g_strfreev(names);
}

static void append_properties(GString *text)
{
    g_string_append(text, "\nproperties\n");
    for (const property *const *p = property_all(); *p; p++) {
        g_string_append_printf(text, "  %-10s %-24s %s\n", (*p)->liveness ? "liveness" : "safety",
                               (*p)->name, (*p)->statement);
    }
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE, refused = 0;
    if (arguments_parse(&command_list, count, words, 0, 0, &a)) {
        status = EXIT_AS_EXPECTED;
        if (!a.help) {
            GString *text = g_string_new(NULL);
            catalogue *modules = arguments_catalogue(&a);
            append_algorithms(modules, text, &refused);
            append_properties(text);
            g_string_append(text, "\ndasim doc NAME tells more of each.\n");
            status = !cli_print(text) ? EXIT_FILE : refused > 0 ? EXIT_USAGE : EXIT_AS_EXPECTED;
            catalogue_free(modules);
            g_string_free(text, TRUE);
        }
    }
    arguments_clear(&a);
    return status;
}

const command command_list = {
    .name = "list",
    .arguments = "",
    .summary = "algorithms and properties",
    .run = run,
};
