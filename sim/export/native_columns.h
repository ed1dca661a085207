/*
 * Records as the kernel packs them (kernel/pack.h), sorted into the columns of a frame. Private to
 * the native_*.c files.
 */
#ifndef DASIM_EXPORT_NATIVE_COLUMNS_H
#define DASIM_EXPORT_NATIVE_COLUMNS_H

#include "export/native_format.h"

/* A value that changed, found just before record `found` was shown. */
typedef struct native_change {
    uint64_t found, record; /* record: whose handling brought it */
    uint64_t slot;          /* number of the value among those of a node */
    int64_t old, new;
    uint32_t node;
} native_change;

typedef struct columns columns;

columns *columns_new(bool keeps_clocks); /* from the first record on */
void columns_free(columns *c);

/* Takes whole records from `bytes` until they end or the frame is full; returns how many bytes
 * those were. */
size_t columns_take(columns *c, const unsigned char *bytes, size_t size);
bool columns_are_full(const columns *c);
uint32_t columns_count(const columns *c); /* records of the frame so far */
/* In the order of `found`; before the record of that number is taken. */
void columns_change(columns *c, const native_change *change);
/* The run is over: what was found behind the last record belongs to this frame. */
void columns_take_rest(columns *c);

/* Writes the frame's contents to `out` and begins the next. Returns the number of its first record;
 * *count: of its records. */
uint64_t columns_frame(columns *c, blob *out, uint32_t *count);

#endif
