/* A native trace as a file of frames. Private to the native_*.c files. */
#ifndef DASIM_EXPORT_NATIVE_FRAMES_H
#define DASIM_EXPORT_NATIVE_FRAMES_H

#include "export/native_format.h"

#include <glib.h>

typedef struct frame {
    frame_header header;
    const unsigned char *packed;
} frame;

typedef struct frames {
    GMappedFile *file;
    GArray *all; /* frame: those that are whole and undamaged, up to the first that is not */
    char *fault; /* what is wrong with the rest; NULL: nothing */
    uint64_t records;
    bool has_end;
    struct ZSTD_DCtx_s *decompressor;
} frames;

/* False and an error (NATIVE_ERROR) where that is no trace. */
bool frames_open(frames *f, const char *file, GError **error);
void frames_close(frames *f);

/* The contents of a frame; false where they cannot be unpacked. */
bool frames_unpack(const frames *f, guint which, blob *contents);

/* Frame number `which` and what follows it are not to be trusted. */
void frames_damaged(frames *f, guint which, const char *how);

#endif
