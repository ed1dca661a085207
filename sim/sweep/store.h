/*
 * The results database: SQLite, write-ahead log. One process writes; others may read meanwhile.
 * What was committed survives kill -9; what was not is done again by the next sweep. schema.c has
 * tables and views.
 */
#ifndef DASIM_SWEEP_STORE_H
#define DASIM_SWEEP_STORE_H

#include "sweep/cells.h"
#include "sweep/result.h"
#include "sweep/worker.h"

typedef struct store store;

#define STORE_ERROR (store_error_quark())
typedef enum store_error {
    STORE_ERROR_FILE,   /* exit status 4: cannot be opened, read or written; the disk is full */
    STORE_ERROR_FOREIGN /* 2: no results database, or of another version */
} store_error;
GQuark store_error_quark(void);

typedef enum store_mode {
    STORE_CREATE, /* ... where it is not there */
    STORE_WRITE,
    STORE_READ
} store_mode;

store *store_open(const char *file, store_mode mode, GError **error);
/* Commits. False where that fails: what was not committed is lost. */
bool store_close(store *s, GError **error);

/* All of the following: false, or -1, with an error of STORE_ERROR_FILE. */

/* The cell with these facts, added where it is not there yet. */
int64_t store_cell(store *s, const char *file, const cell_facts *facts, const char *label,
                   const char *settings, GError **error);
/* What is done already: with a result, or failed. */
bool store_seeds(store *s, int64_t cell, void (*on_seed)(void *context, uint64_t seed, bool failed),
                 void *context, GError **error);
/* What is there already stays as it is. `packed`: what the result was unpacked from. */
bool store_result(store *s, int64_t cell, const result *r, const void *packed, size_t size,
                  GError **error);
bool store_failure(store *s, int64_t cell, uint64_t seed, failure_kind kind, const char *reason,
                   GError **error);
/* So that it can be done again. */
bool store_forget_failures(store *s, int64_t cell, GError **error);
/* Everything since the last commit is written. */
bool store_commit(store *s, GError **error);

/* For queries of others in sim/sweep: struct sqlite3 *. */
struct sqlite3 *store_handle(store *s);
/* An error out of what SQLite says now. */
void store_set_error(store *s, GError **error);

#endif
