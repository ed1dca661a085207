/*
 * Is a results database what was written into it? And one number for all that it says, whoever
 * wrote it in whatever order.
 */
#ifndef DASIM_SWEEP_CHECK_H
#define DASIM_SWEEP_CHECK_H

#include "sweep/store.h"

typedef struct store_check {
    uint64_t runs, failures;
    uint64_t damaged;     /* runs whose rows do not give the hash that they were written with */
    char *first;          /* of these: "nodes=4, seed 17"; NULL: none. g_free() */
    digest_value content; /* keys of cells, hashes of runs, failures, in the order of their keys */
} store_check;

/* False and an error where the database cannot be read. */
bool store_verify(store *s, store_check *out, GError **error);

/* The result of a run as it stands in the database: texts and blobs live until the next call with
 * the same reader. For whoever shows or exports results. */
typedef struct result_reader result_reader;
result_reader *result_reader_new(store *s, GError **error);
void result_reader_free(result_reader *r);
bool result_reader_read(result_reader *r, int64_t cell, uint64_t seed, result *out);

#endif
