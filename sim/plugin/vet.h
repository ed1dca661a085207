/* What a module says of itself: is it complete and consistent? */
#ifndef DASIM_PLUGIN_VET_H
#define DASIM_PLUGIN_VET_H

#include <dasim.h>
#include <glib.h>

/* False and PLUGIN_ERROR_REFUSED, "FILE: found, expected", where something is wrong with `a`.
 * `name`: what it must be called; NULL: anything. `file` is for messages only. */
bool vet_algorithm(const char *file, const dasim_algorithm *a, const char *name, GError **error);

/* What a dasim_algorithm begins with: magic, ABI, size. As vet_algorithm. */
bool vet_head(const char *file, const uint32_t head[3], GError **error);

/* [a-z][a-z0-9_]*, 63 characters at most. */
bool vet_is_name(const char *name);

#endif
