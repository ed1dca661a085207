#include "export/export.h"

#include <string.h>

static const exporter *const all[] = {&export_html, NULL};

const exporter *const *export_all(void)
{
    return all;
}

const exporter *export_find(const char *name)
{
    for (const exporter *const *e = all; *e; e++) {
        if (strcmp((*e)->name, name) == 0) {
            return *e;
        }
    }
    return NULL;
}

const exporter *export_for_file(const char *file_name)
{
    for (const exporter *const *e = all; *e; e++) {
        if (g_str_has_suffix(file_name, (*e)->extension)) {
            return *e;
        }
    }
    return NULL;
}
