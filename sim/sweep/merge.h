/* Databases of several machines become one. */
#ifndef DASIM_SWEEP_MERGE_H
#define DASIM_SWEEP_MERGE_H

#include "sweep/store.h"

typedef struct merge_counts {
    uint64_t runs, failures; /* added */
    uint64_t known;          /* runs that were there already, with the same hash */
} merge_counts;

/* Adds everything of the database `from`; a failure gives way to a result. False and an error
 * where one cannot be read or written, or where both have a result of the same cell and seed that
 * are not the same: nothing of `from` was added. */
bool store_merge(store *into, const char *from, merge_counts *counts, GError **error);

#endif
