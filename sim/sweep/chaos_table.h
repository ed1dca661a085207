/* What a search for faults has found, and where it has looked: the end of `dasim sweep --chaos`. */
#ifndef DASIM_SWEEP_CHAOS_TABLE_H
#define DASIM_SWEEP_CHAOS_TABLE_H

#include "sweep/store.h"

#include <glib.h>

/* Failures of the scenario that was swept last, alike ones together, the most frequent first, each
 * with its shortest run; then which kinds of fault happened, and what the nodes did that they hit.
 * False where the database cannot be read. */
bool chaos_append_text(store *s, const char *kinds, GString *out);

#endif
