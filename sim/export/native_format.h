/* What writer and reader of native traces agree on. README.md tells it in words. Private to the
 * native_*.c files. */
#ifndef DASIM_EXPORT_NATIVE_FORMAT_H
#define DASIM_EXPORT_NATIVE_FORMAT_H

#include "export/native_bytes.h"
#include "kernel/world.h"

#define NATIVE_MAGIC "dasim trace 1\n\0\0" /* 16 bytes, its NUL included */
#define FRAME_MAGIC 0x46525444u            /* "DTRF" */

enum {
    MAGIC_SIZE = 16,
    FRAME_HEADER = 32,
    FRAME_CHECKSUM = 8,
    FRAME_RECORDS = 4096,     /* of all but the last frame, unless bodies are long */
    FRAME_BODIES = 1 << 20,   /* bytes of bodies behind which a frame ends early */
    FRAME_RAW_MOST = 1 << 28, /* bytes of a frame before compression */
};

typedef enum frame_kind { FRAME_HEAD = 1, FRAME_OF_RECORDS, FRAME_END } frame_kind;

typedef struct frame_header {
    uint32_t magic;
    uint32_t kind;
    uint32_t raw, packed; /* bytes of the contents before and after compression */
    uint64_t first;       /* number of the first record */
    uint32_t count;       /* of records */
    uint32_t unused;
} frame_header;

_Static_assert(sizeof(frame_header) == FRAME_HEADER, "a frame's header is written as it is");

/* The columns of a frame of records, in their order. */
typedef enum column {
    COLUMN_SHAPE,
    COLUMN_TIME,
    COLUMN_CAUSE,
    COLUMN_LOCAL,
    COLUMN_NODE,
    COLUMN_PEER,
    COLUMN_BODY,
    COLUMN_CHANGES,
    COLUMN_SNAPSHOT,
    COLUMNS
} column;

/* Does the trace tell more of such a record than its cause and its time? */
static inline bool is_told(uint32_t kind, uint32_t reason)
{
    return kind != RECORD_RECEIVE || reason != REASON_NONE;
}

#endif
