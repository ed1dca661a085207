/* The columns of a frame, read record by record. Private to the native_*.c files. */
#ifndef DASIM_EXPORT_NATIVE_DECODE_H
#define DASIM_EXPORT_NATIVE_DECODE_H

#include "export/native_head.h"

/* What a frame says of a record: of a RECEIVE that was not corrupted only time and cause. */
typedef struct decoder {
    cursor column[COLUMNS];
    record *shapes; /* FRAME_RECORDS of them at most; only what a shape tells is set */
    uint32_t shape_count;
    uint32_t count, done; /* records of the frame; of those read */
    uint32_t clocked;     /* records before the first that tells a local time */
    uint64_t first;
    int64_t at, ahead, node;
    uint64_t change_at, change_found; /* of the last group and of the next; 0: no more */
    int64_t change_node;
} decoder;

void decoder_init(decoder *d);
void decoder_clear(decoder *d);
/* False where the contents are not those of a frame. Borrowed until the next call. */
bool decoder_begin(decoder *d, const blob *contents, const frame_header *header);
/* The next record; its body is borrowed. False where the contents end or contradict. */
bool decoder_next(decoder *d, record *r);
/* Only number, kind, reason and cause: cheaper. */
bool decoder_skim(decoder *d, record *r);

/* Changes found before record `number` is shown: each group of those that one record brought. */
bool decoder_has_changes(const decoder *d, uint64_t number);
typedef struct decoded_group {
    uint64_t record, count;
    uint32_t node;
} decoded_group;
/* Then `count` times decoder_change(), then decoder_group_end(). */
bool decoder_group(decoder *d, decoded_group *group, uint32_t nodes);
bool decoder_change(decoder *d, uint64_t *slot, int64_t *by); /* *slot: the one before, or 0 */
bool decoder_group_end(decoder *d);

#endif
