/*
 * Algorithm modules: find them, vet them, load them.
 *
 * A module is a shared object that exports `dasim_module`. It is trusted code; vetting is against
 * mistakes: a stale build, a damaged file, a static variable. A module is looked at as bytes (ELF
 * sizes, sections, undefined symbols) before any of its code can run.
 */
#ifndef DASIM_PLUGIN_PLUGIN_H
#define DASIM_PLUGIN_PLUGIN_H

#include <dasim.h>
#include <glib.h>

#define PLUGIN_ERROR (plugin_error_quark())
typedef enum plugin_error {
    PLUGIN_ERROR_UNREADABLE, /* exit status 4 */
    PLUGIN_ERROR_REFUSED,    /* 2: found, but not a module that this dasim can run */
    PLUGIN_ERROR_UNKNOWN     /* 2: no such algorithm; the message names the nearest */
} plugin_error;
GQuark plugin_error_quark(void);

/* All modules that can be found: in each folder of `path` (NULL-ended; earlier ones win), then the
 * folder of the installation or the build. Files are opened on demand only: <service>/<name>.so
 * and <name>.so. */
typedef struct catalogue catalogue;

catalogue *catalogue_new(const char *const *path);
void catalogue_free(catalogue *c); /* unloads nothing: descriptors stay valid */

/* Loads and vets. Owned by the process. */
const dasim_algorithm *catalogue_load(catalogue *c, const char *name, GError **error);

/* Names of all modules found, sorted bytewise; the caller frees (g_strfreev). A module that would
 * be refused is listed as well. */
char **catalogue_names(catalogue *c);

/* The folders of catalogue_new(), in its order, NULL-ended; borrowed. */
const char *const *catalogue_path(const catalogue *c);

/* Where catalogue_load found the module; borrowed; NULL before. */
const char *catalogue_file(const catalogue *c, const char *name);

/* Loads one file, whatever its name says. */
const dasim_algorithm *plugin_load(const char *file, GError **error);
/* ... where it must hold the algorithm `name`; NULL: any. */
const dasim_algorithm *plugin_load_as(const char *file, const char *name, GError **error);

/* "mutex", "election", ...; NULL-safe inverse: DASIM_SERVICES where unknown. */
const char *service_name(dasim_service service);
dasim_service service_of_name(const char *name);

/* Names of operations for traces: ("mutex", request 1) -> "ACQUIRE"; "?" where unknown; and the
 * fields of their arguments (static, NULL where there is no argument). */
const char *service_request_name(dasim_service service, uint32_t op);
const char *service_indication_name(dasim_service service, uint32_t op);
const dasim_field *service_request_fields(dasim_service service, uint32_t op);
const dasim_field *service_indication_fields(dasim_service service, uint32_t op);

/* The name nearest to `found` among `count` names (edit distance at most 3 and less than its
 * length), or NULL. For every "did you mean" of dasim. */
const char *nearest_name(const char *found, const char *const *names, size_t count);

#endif
