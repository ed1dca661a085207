/* Where modules are found: the first folder that has the name wins. */
#include "plugin/plugin.h"

#include "plugin/vet.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct entry {
    char *name, *file;
    const dasim_algorithm *algorithm;
} entry;

struct catalogue {
    char **path;        /* as given */
    GPtrArray *folders; /* char * */
    GPtrArray *loaded;  /* entry * */
};

static void entry_free(gpointer data)
{
    entry *e = data;
    g_free(e->name);
    g_free(e->file);
    g_free(e);
}

/* What came with this program: beside it in the build, below lib where it is installed. */
static void add_own_folder(GPtrArray *folders)
{
    static const char *const places[] = {"modules", "../lib/dasim/modules"};
    char *program = g_file_read_link("/proc/self/exe", NULL);
    if (program == NULL) {
        return;
    }
    char *beside = g_path_get_dirname(program);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        char *folder = g_build_filename(beside, places[i], NULL);
        char *plain = g_canonicalize_filename(folder, "/");
        if (g_file_test(plain, G_FILE_TEST_IS_DIR)) {
            g_ptr_array_add(folders, plain);
        } else {
            g_free(plain);
        }
        g_free(folder);
    }
    g_free(beside);
    g_free(program);
}

/* ------------------------------------------------------------------------------------- find */

/* Modules lie in the folder itself, or in one of these: of a service, or of a kind of lock that has
 * a folder of its own. NULL: no more. */
static const char *kind_of_folder(uint32_t i)
{
    static const char *const others[] = {"deadlock", NULL};
    uint32_t services = DASIM_SERVICES - DASIM_APPLICATION;
    return i < services ? service_name((dasim_service)(DASIM_APPLICATION + i))
                        : others[i - services];
}

static char *file_in(const char *folder, const char *kind, const char *name)
{
    char *file = kind ? g_strdup_printf("%s/%s/%s.so", folder, kind, name)
                      : g_strdup_printf("%s/%s.so", folder, name);
    if (access(file, F_OK) == 0) {
        return file;
    }
    g_free(file);
    return NULL;
}

/* The caller frees it; NULL: nowhere. */
static char *find(const catalogue *c, const char *name)
{
    char *file = NULL;
    for (guint i = 0; i < c->folders->len && file == NULL; i++) {
        const char *folder = c->folders->pdata[i];
        file = file_in(folder, NULL, name);
        for (uint32_t k = 0; kind_of_folder(k) && file == NULL; k++) {
            file = file_in(folder, kind_of_folder(k), name);
        }
    }
    return file;
}

static const entry *find_loaded(const catalogue *c, const char *name)
{
    for (guint i = 0; i < c->loaded->len; i++) {
        const entry *e = c->loaded->pdata[i];
        if (strcmp(e->name, name) == 0) {
            return e;
        }
    }
    return NULL;
}

static void fail_unknown(catalogue *c, const char *name, GError **error)
{
    char **names = catalogue_names(c);
    const char *nearest = nearest_name(name, (const char *const *)names, g_strv_length(names));
    char *shown = g_strescape(name, NULL);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "found unknown algorithm '%.80s', expected one of `dasim list`", shown);
    if (nearest) {
        g_string_append_printf(text, "; did you mean '%s'?", nearest);
    }
    for (guint i = 0; i < c->folders->len; i++) {
        const char *folder = c->folders->pdata[i];
        if (access(folder, R_OK | X_OK) != 0) {
            g_string_append_printf(text, " (%s: %s)", folder, g_strerror(errno));
        }
    }
    g_set_error_literal(error, PLUGIN_ERROR, PLUGIN_ERROR_UNKNOWN, text->str);
    g_string_free(text, TRUE);
    g_free(shown);
    g_strfreev(names);
}

/* ------------------------------------------------------------------------------------- list */

static void add_names(const char *folder, GPtrArray *names)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *file;
    while (dir && (file = g_dir_read_name(dir)) != NULL) {
        char *name = g_str_has_suffix(file, ".so") ? g_strndup(file, strlen(file) - 3) : NULL;
        if (name && vet_is_name(name)) {
            g_ptr_array_add(names, name);
        } else {
            g_free(name);
        }
    }
    if (dir) {
        g_dir_close(dir);
    }
}

static gint by_bytes(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* ----------------------------------------------------------------------------------- public */

catalogue *catalogue_new(const char *const *path)
{
    catalogue *c = g_new0(catalogue, 1);
    c->folders = g_ptr_array_new_with_free_func(g_free);
    c->loaded = g_ptr_array_new_with_free_func(entry_free);
    c->path = path ? g_strdupv((char **)(uintptr_t)path) : g_new0(char *, 1);
    for (char **folder = c->path; *folder; folder++) {
        g_ptr_array_add(c->folders, g_strdup(*folder));
    }
    add_own_folder(c->folders);
    return c;
}

void catalogue_free(catalogue *c)
{
    if (c != NULL) {
        g_strfreev(c->path);
        g_ptr_array_free(c->folders, TRUE);
        g_ptr_array_free(c->loaded, TRUE);
        g_free(c);
    }
}

const dasim_algorithm *catalogue_load(catalogue *c, const char *name, GError **error)
{
    const entry *known = find_loaded(c, name);
    if (known) {
        return known->algorithm;
    }
    char *file = vet_is_name(name) ? find(c, name) : NULL;
    if (file == NULL) {
        fail_unknown(c, name, error);
        return NULL;
    }
    const dasim_algorithm *algorithm = plugin_load_as(file, name, error);
    if (algorithm == NULL) {
        g_free(file);
        return NULL;
    }
    entry *e = g_new(entry, 1);
    *e = (entry){g_strdup(name), file, algorithm};
    g_ptr_array_add(c->loaded, e);
    return algorithm;
}

char **catalogue_names(catalogue *c)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < c->folders->len; i++) {
        const char *folder = c->folders->pdata[i];
        add_names(folder, names);
        for (uint32_t k = 0; kind_of_folder(k); k++) {
            char *below = g_build_filename(folder, kind_of_folder(k), NULL);
            add_names(below, names);
            g_free(below);
        }
    }
    g_ptr_array_sort(names, by_bytes);
    GPtrArray *once = g_ptr_array_new();
    for (guint i = 0; i < names->len; i++) { /* equal ones are neighbours, and are the same */
        if (i == 0 || strcmp(names->pdata[i], names->pdata[i - 1]) != 0) {
            g_ptr_array_add(once, g_strdup(names->pdata[i]));
        }
    }
    g_ptr_array_free(names, TRUE);
    g_ptr_array_add(once, NULL);
    return (char **)g_ptr_array_free(once, FALSE);
}

const char *const *catalogue_path(const catalogue *c)
{
    return (const char *const *)c->path;
}

const char *catalogue_file(const catalogue *c, const char *name)
{
    const entry *e = find_loaded(c, name);
    return e ? e->file : NULL;
}
