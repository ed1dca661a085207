/* Words of the command line: options anywhere, `--` ends them. */
#include "cli/cli.h"

#include "drive/chaos.h"

#include "check/property.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const option common[] = {
    {"plugin-path", "FOLDER", "look for algorithm modules there first; may be repeated"},
    {"help", NULL, "this text"},
    {0},
};

static const option *find_in(const option *list, const char *name, size_t length)
{
    for (; list && list->name; list++) {
        if (strlen(list->name) == length && strncmp(list->name, name, length) == 0) {
            return list;
        }
    }
    return NULL;
}

static void print_options(const option *list)
{
    for (; list && list->name; list++) {
        char usage[64];
        g_snprintf(usage, sizeof usage, "--%s%s%s", list->name, list->argument ? " " : "",
                   list->argument ? list->argument : "");
        printf("  %-22s %s\n", usage, list->help);
    }
}

static void print_help(const command *c)
{
    printf("dasim %s %s%s[OPTION]...\n\n%s\n\n", c->name, c->arguments, *c->arguments ? " " : "",
           c->summary);
    print_options(c->options);
    print_options(common);
    if (c->more) {
        printf("\n%s\n", c->more);
    }
}

static bool unknown(const command *c, const char *name, size_t length)
{
    GPtrArray *names = g_ptr_array_new();
    char *found = g_strndup(name, length);
    for (const option *o = c->options; o && o->name; o++) {
        g_ptr_array_add(names, (char *)(uintptr_t)o->name);
    }
    for (const option *o = common; o->name; o++) {
        g_ptr_array_add(names, (char *)(uintptr_t)o->name);
    }
    const char *near = nearest_name(found, (const char *const *)names->pdata, names->len);
    complain("found unknown option '--%s', expected one of dasim %s --help%s%s%s", found, c->name,
             near ? "; did you mean '--" : "", near ? near : "", near ? "'?" : "");
    g_free(found);
    g_ptr_array_free(names, TRUE);
    return false;
}

static bool take_setting(arguments *a, const char *value)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        complain("found --set '%s', expected --set NAME=VALUE", value);
        return false;
    }
    char *name = g_strndup(value, (gsize)(equals - value));
    g_ptr_array_add(a->owned, name);
    scenario_setting one = {name, equals + 1};
    g_array_append_val(a->settings, one);
    return true;
}

static bool take_option(arguments *a, const option *o, const char *value)
{
    if (strcmp(o->name, "set") == 0) {
        return take_setting(a, value);
    }
    if (strcmp(o->name, "plugin-path") == 0) {
        g_ptr_array_add(a->path, (char *)(uintptr_t)value);
        return true;
    }
    a->help |= strcmp(o->name, "help") == 0;
    g_ptr_array_add(a->names, (char *)(uintptr_t)o->name);
    g_ptr_array_add(a->values, (char *)(uintptr_t)(value ? value : ""));
    return true;
}

/* Of -h and -o; of others what follows their dashes. */
static const char *long_name(const char *word)
{
    return strcmp(word, "-h") == 0   ? "help"
           : strcmp(word, "-o") == 0 ? "out"
                                     : word + 1 + (word[1] == '-');
}

/* words[*i] is an option; the word behind it may be its value. */
static bool parse_option(const command *c, int count, char **words, int *i, arguments *a)
{
    const char *word = words[*i];
    const char *name = long_name(word);
    const char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const option *o = find_in(c->options, name, length);
    o = o ? o : find_in(common, name, length);
    if (o == NULL || (word[1] != '-' && name == word + 1)) {
        return unknown(c, word[1] == '-' ? name : word + 1,
                       word[1] == '-' ? length : strlen(word + 1));
    }
    if (o->argument == NULL && equals) {
        complain("found a value for --%s, expected none", o->name);
        return false;
    }
    const char *value = NULL;
    if (o->argument) {
        value = equals ? equals + 1 : *i + 1 < count ? words[++*i] : NULL;
        if (value == NULL) {
            complain("found no value for --%s, expected --%s %s", o->name, o->name, o->argument);
            return false;
        }
    }
    return take_option(a, o, value);
}

static bool check_words(const command *c, const arguments *a, guint least, guint most)
{
    if (a->words->len < least) {
        complain("found no %s, expected dasim %s %s", c->arguments, c->name, c->arguments);
        return false;
    }
    if (a->words->len > most) {
        complain("found '%s', expected nothing more: dasim %s%s%s",
                 (const char *)a->words->pdata[most], c->name, *c->arguments ? " " : "",
                 c->arguments);
        return false;
    }
    return true;
}

bool arguments_parse(const command *c, int count, char **words, guint least, guint most,
                     arguments *a)
{
    bool only_words = false;
    *a = (arguments){
        .words = g_ptr_array_new(),
        .settings = g_array_new(FALSE, FALSE, sizeof(scenario_setting)),
        .path = g_ptr_array_new(),
        .names = g_ptr_array_new(),
        .values = g_ptr_array_new(),
        .owned = g_ptr_array_new_with_free_func(g_free),
    };
    for (int i = 0; i < count; i++) {
        if (!only_words && strcmp(words[i], "--") == 0) {
            only_words = true;
        } else if (only_words || words[i][0] != '-' || words[i][1] == '\0') {
            g_ptr_array_add(a->words, words[i]);
        } else if (!parse_option(c, count, words, &i, a)) {
            return false;
        }
    }
    if (a->help) {
        print_help(c);
        return true;
    }
    return check_words(c, a, least, most);
}

void arguments_clear(arguments *a)
{
    g_ptr_array_free(a->words, TRUE);
    g_array_free(a->settings, TRUE);
    g_ptr_array_free(a->path, TRUE);
    g_ptr_array_free(a->names, TRUE);
    g_ptr_array_free(a->values, TRUE);
    g_ptr_array_free(a->owned, TRUE);
}

const char *arguments_value(const arguments *a, const char *name)
{
    for (guint i = a->names->len; i-- > 0;) {
        if (strcmp(a->names->pdata[i], name) == 0) {
            return a->values->pdata[i];
        }
    }
    return NULL;
}

bool arguments_seed(const arguments *a, uint64_t *seed)
{
    const char *value = arguments_value(a, "seed");
    GError *error = NULL;
    *seed = 1;
    if (value == NULL) {
        return true;
    }
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT64, &number, &error)) {
        complain("found --seed '%s', expected a whole number from 0 to 18446744073709551615",
                 value);
        g_error_free(error);
        return false;
    }
    *seed = number;
    return true;
}

char **arguments_path(const arguments *a)
{
    GPtrArray *path = g_ptr_array_new();
    const char *more = g_getenv("DASIM_PLUGIN_PATH");
    char **folders = g_strsplit(more ? more : "", ":", -1);
    for (guint i = 0; i < a->path->len; i++) {
        g_ptr_array_add(path, g_strdup(a->path->pdata[i]));
    }
    for (char **folder = folders; *folder; folder++) {
        if (**folder) {
            g_ptr_array_add(path, g_strdup(*folder));
        }
    }
    g_ptr_array_add(path, NULL);
    g_strfreev(folders);
    return (char **)g_ptr_array_free(path, FALSE);
}

catalogue *arguments_catalogue(const arguments *a)
{
    char **path = arguments_path(a);
    catalogue *c = catalogue_new((const char *const *)path);
    g_strfreev(path);
    return c;
}

scenario *cli_load(const arguments *a, catalogue *modules, uint64_t seed, int *status)
{
    GError *error = NULL;
    GPtrArray *names = g_ptr_array_new();
    for (const property *const *p = property_all(); *p; p++) {
        g_ptr_array_add(names, (char *)(uintptr_t)(*p)->name);
    }
    g_ptr_array_add(names, NULL);
    scenario *s =
        scenario_load(a->words->pdata[0], (const scenario_setting *)(const void *)a->settings->data,
                      a->settings->len, seed, modules, (const char *const *)names->pdata, &error);
    g_ptr_array_free(names, TRUE);
    if (s == NULL) {
        *status = g_error_matches(error, SCENARIO_ERROR, SCENARIO_ERROR_UNREADABLE) ? EXIT_FILE
                                                                                    : EXIT_USAGE;
        complain("%s", error->message);
        g_error_free(error);
    }
    return s;
}

bool cli_chaos_fits(const char *list)
{
    if (list == NULL || chaos_kinds(list, NULL) != 0) {
        return true;
    }
    GString *known = g_string_new("allowed, all, or some of ");
    for (uint32_t kind = 0; kind < CHAOS_KINDS; kind++) {
        g_string_append_printf(known, "%s%s", kind > 0 ? "," : "", chaos_name(kind));
    }
    complain("found --chaos '%s', expected %s", list, known->str);
    g_string_free(known, TRUE);
    return false;
}
