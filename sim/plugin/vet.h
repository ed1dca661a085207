/* What a module says of itself: is it complete and consistent? */
#ifndef DASIM_PLUGIN_VET_H
#define DASIM_PLUGIN_VET_H

#include <dasim.h>
#include <glib.h>

/* False and PLUGIN_ERROR_REFUSED, "FILE: found, expected", where something is wrong with `a`.
 * `name`: what it must be called; NULL: anything. `file` is for messages only. */
bool vet_algorithm(const char *file, const dasim_algorithm *a, const char *name, GError **error);

/* [a-z][a-z0-9_]*, 63 characters at most. */
bool vet_is_name(const char *name);

#endif
