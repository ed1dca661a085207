/* A sweep loads its scenario many times, in several processes: all of them must see the same. */
#include "script/files.h"

#include <string.h>

struct scenario_files {
    GHashTable *contents; /* path -> GBytes */
};

scenario_files *scenario_files_new(void)
{
    scenario_files *f = g_new(scenario_files, 1);
    f->contents =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    return f;
}

void scenario_files_free(scenario_files *f)
{
    if (f) {
        g_hash_table_destroy(f->contents);
        g_free(f);
    }
}

bool files_recall(const scenario_files *files, const char *path, char **text, gsize *size)
{
    GBytes *known = files ? g_hash_table_lookup(files->contents, path) : NULL;
    if (known == NULL) {
        return false;
    }
    const char *bytes = g_bytes_get_data(known, size);
    *text = g_malloc(*size + 1);
    if (*size > 0) {
        memcpy(*text, bytes, *size);
    }
    (*text)[*size] = '\0';
    return true;
}

void files_keep(scenario_files *files, const char *path, const char *text, gsize size)
{
    if (files) {
        g_hash_table_replace(files->contents, g_strdup(path), g_bytes_new(text, size));
    }
}
