/* The list of all formats. */
#include "export/export.h"

#include <string.h>

static const exporter *const all[] = {
    &export_chrome,       &export_csv,         &export_csv_in_flight, &export_csv_intervals,
    &export_csv_messages, &export_csv_metrics, &export_dtrace,        &export_html,
    &export_jsonl,        &export_mermaid,     &export_pcapng,        &export_plantuml,
    &export_shiviz,       &export_svg,         &export_text,          NULL,
};

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
    const exporter *found = NULL;
    for (const exporter *const *e = all; *e; e++) {
        bool fits = g_str_has_suffix(file_name, (*e)->extension);
        if (fits && (!found || strlen((*e)->extension) > strlen(found->extension))) {
            found = *e;
        }
    }
    return found;
}
