/*
 * 128-bit digest of a stream of bytes: XXH3 of libxxhash behind a buffer, so that many small
 * pieces cost little more than copying them. The value depends on the bytes only, not on how they
 * were cut.
 */
#ifndef DASIM_BASE_DIGEST_H
#define DASIM_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BUFFER = 16384, DIGEST_PIECE = 4096 };

typedef struct digest {
    size_t used;
    void *state; /* of the library */
    /* Is given all bytes as well, in order, in pieces of any size; NULL: nobody is. */
    void (*tap)(void *context, const void *bytes, size_t size);
    void *tap_context;
    unsigned char buffer[DIGEST_BUFFER];
} digest;

typedef struct digest_value {
    uint64_t high, low;
} digest_value;

digest *digest_new(void);
void digest_free(digest *d);
void digest_reset(digest *d); /* leaves the tap */
/* From now on, and on everything that is still in the buffer. */
void digest_set_tap(digest *d, void (*tap)(void *context, const void *bytes, size_t size),
                    void *context);

void digest_flush(digest *d); /* empties the buffer */

/* Where to write the next `size` bytes (at most DIGEST_PIECE), which then count as added. */
static inline void *digest_reserve(digest *d, size_t size)
{
    if (d->used + size > DIGEST_BUFFER) {
        digest_flush(d);
    }
    void *at = d->buffer + d->used;
    d->used += size;
    return at;
}

void digest_add(digest *d, const void *bytes, size_t size);

/* Of all that was added so far; more may follow. */
digest_value digest_now(const digest *d);

/* 32 lower-case hexadecimal digits, high first, and a NUL. */
void digest_text(digest_value value, char text[33]);

digest_value digest_of(const void *bytes, size_t size);

#endif
