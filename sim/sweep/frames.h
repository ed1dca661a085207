/*
 * What processes of a sweep say to each other: frames of bytes over a stream. A frame is four bytes
 * of length (of what follows; low byte first), one byte of kind, then numbers (base/varint.h) and
 * texts in the order that both sides know. Both sides are the same program: a frame that does not
 * fit is a bug, or a process that was damaged.
 */
#ifndef DASIM_SWEEP_FRAMES_H
#define DASIM_SWEEP_FRAMES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum frame_kind {
    FRAME_CELL = 1, /* a process that plans: what it found out about a cell (cells.h) */
    FRAME_REFUSED,  /* ... or why the sweep cannot be: status, text */
    FRAME_PLANNED,  /* ... that was all: digest of all keys */
    FRAME_UNIT,     /* to a worker: runs to do (pool.h) */
    FRAME_RESULT,   /* from a worker: cell, seed, packed result (result.h) */
    FRAME_FAILED,   /* ... or why there is none: cell, seed, kind, reason */
    FRAME_SPAWN,    /* to the nursery: a worker, please; its end of a socket comes along */
    FRAME_DIED,     /* from the nursery: slot, status as waitpid() gives it */
    FRAME_KINDS
} frame_kind;

enum { FRAME_HEAD = 5, FRAME_MOST = 64 << 20 };

/* ---------------------------------------------------------------------------------- writing */

/* Appends the head; what it returns is for frame_end(), which fills in the length. */
guint frame_begin(GByteArray *out, frame_kind kind);
void frame_end(GByteArray *out, guint begin);

void frame_put_number(GByteArray *out, uint64_t value);
void frame_put_signed(GByteArray *out, int64_t value); /* small ones of either sign are short */
void frame_put_bytes(GByteArray *out, const void *bytes, size_t size); /* with their length */
void frame_put_text(GByteArray *out, const char *text); /* NULL is kept apart from "" */

/* ---------------------------------------------------------------------------------- reading */

typedef struct frame {
    frame_kind kind;
    const unsigned char *at, *end;
    bool bad; /* something was not there; all that was taken since is 0 */
} frame;

/* The frame that `bytes` begin with; its size with head, 0: more bytes are needed. A length that
 * cannot be gives a frame that is `bad`, of all bytes. */
size_t frame_first(const unsigned char *bytes, size_t size, frame *f);

uint64_t frame_take_number(frame *f);
int64_t frame_take_signed(frame *f);
const void *frame_take_bytes(frame *f, size_t *size); /* points into the frame */
const char *frame_take_text(frame *f); /* the same; NULL where NULL was put, or bad */

/* -------------------------------------------------------------------------- files and sockets */

/* All of it, whatever signals come; false with errno. */
bool write_fully(int fd, const void *bytes, size_t size);

/* Bytes that arrived and were not taken yet. */
typedef struct inbox {
    GByteArray *bytes;
    guint taken;
} inbox;
void inbox_init(inbox *in);
void inbox_clear(inbox *in);
/* Reads what is there, once; 0: the end, -1: errno. EINTR is -1, too. */
ssize_t inbox_read(inbox *in, int fd);
/* The next whole frame; it lives until the next call of any of these. */
bool inbox_next(inbox *in, frame *f);

#endif
