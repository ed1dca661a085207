/*
 * The native trace (.dtrace): every record of a run, its scenario's settings and expectations, the
 * tables of its algorithms, and what handlers changed in declared fields. README.md tells the
 * format byte by byte.
 *
 * Writing costs the run little: the bytes that its digest is made of are handed to a thread that
 * sorts them into columns and compresses those, 4,096 records at a time. What is written does not
 * depend on when the thread runs.
 *
 * Reading feeds a world that is led by records (kernel/world.h), so that exporters, metrics and
 * properties find what they found in the live run. Damaged and made-up files give an error.
 */
#ifndef DASIM_EXPORT_NATIVE_H
#define DASIM_EXPORT_NATIVE_H

#include "export/export.h"

#include "base/digest.h"

/* ------------------------------------------------------------------------------------ writing */

typedef struct native_writer native_writer;

/* `w` has not started. Errors of writing are found by the caller in `file`. */
native_writer *native_writer_new(FILE *file, const world *w, const export_about *about);
/* It is to be the digest of the world (world_set_digest): all that a trace without state needs. */
digest *native_writer_digest(native_writer *x);
/* ... or each record is shown: for a trace with state, or where the world has another digest. */
void native_writer_record(native_writer *x, const world *w, const record *r);
/* Writes the rest and frees. */
void native_writer_end(native_writer *x, const world *w, const export_end *how);

/* ------------------------------------------------------------------------------------ reading */

#define NATIVE_ERROR (native_error_quark())
typedef enum native_error {
    NATIVE_ERROR_UNREADABLE, /* exit status 4 */
    NATIVE_ERROR_BAD         /* 2: no trace, or of a version that this dasim does not know */
} native_error;
GQuark native_error_quark(void);

typedef struct native_trace native_trace;

/* Reads and checks all of it. NULL and an error where not even its head is there. */
native_trace *native_open(const char *file, GError **error);
void native_close(native_trace *t); /* NULL is allowed */

const export_about *native_about(const native_trace *t); /* its window: the whole run */
/* As far as the trace tells: of one that is damaged, up to the last good record. */
const export_end *native_end(const native_trace *t);
/* What is wrong with it, in one sentence that names frame and records; NULL: all is there. */
const char *native_fault(const native_trace *t);
uint64_t native_records(const native_trace *t); /* that can be read */
bool native_has_states(const native_trace *t);

/* A world before its first record: observers may be added. Owned by the trace, like all that it
 * refers to; one at a time. NULL and an error where it cannot be. */
world *native_world(native_trace *t, GError **error);
/* Leads that world through all records that can be read. False and an error where they contradict
 * each other: the file was not written by dasim. */
bool native_replay(native_trace *t, GError **error);

#endif
