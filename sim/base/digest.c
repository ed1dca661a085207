/* The library sees whole buffers; what it computes does not depend on where they end. */
#include "base/digest.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Where the library was built to choose the widest instructions of the processor: the same value,
 * in half the time. Not every library has it. */
extern XXH_errorcode XXH3_128bits_update_dispatch(XXH3_state_t *state, const void *bytes,
                                                  size_t size) __attribute__((weak));

static void update(XXH3_state_t *state, const void *bytes, size_t size)
{
    if (XXH3_128bits_update_dispatch) {
        XXH3_128bits_update_dispatch(state, bytes, size);
    } else {
        XXH3_128bits_update(state, bytes, size);
    }
}

digest *digest_new(void)
{
    digest *d = malloc(sizeof *d);
    if (d == NULL || (d->state = XXH3_createState()) == NULL) {
        abort();
    }
    d->tap = NULL;
    digest_reset(d);
    return d;
}

void digest_free(digest *d)
{
    if (d) {
        XXH3_freeState(d->state);
        free(d);
    }
}

void digest_reset(digest *d)
{
    d->used = 0;
    XXH3_128bits_reset(d->state);
}

void digest_set_tap(digest *d, void (*tap)(void *context, const void *bytes, size_t size),
                    void *context)
{
    d->tap = tap;
    d->tap_context = context;
}

/* Bytes on their way to the library. */
static void pass(digest *d, const void *bytes, size_t size)
{
    update(d->state, bytes, size);
    if (d->tap && size > 0) {
        d->tap(d->tap_context, bytes, size);
    }
}

void digest_flush(digest *d)
{
    pass(d, d->buffer, d->used);
    d->used = 0;
}

void digest_add(digest *d, const void *bytes, size_t size)
{
    if (size <= DIGEST_PIECE) {
        memcpy(digest_reserve(d, size), bytes, size);
    } else {
        size_t tail = size % 8; /* whoever pads to 8 finds the buffer aligned behind it */
        digest_flush(d);
        pass(d, bytes, size - tail);
        memcpy(digest_reserve(d, tail), (const unsigned char *)bytes + size - tail, tail);
    }
}

digest_value digest_now(const digest *d)
{
    XXH3_state_t *copy = XXH3_createState();
    if (copy == NULL) {
        abort();
    }
    XXH3_copyState(copy, d->state);
    update(copy, d->buffer, d->used);
    XXH128_hash_t h = XXH3_128bits_digest(copy);
    XXH3_freeState(copy);
    return (digest_value){h.high64, h.low64};
}

void digest_text(digest_value value, char text[33])
{
    for (int i = 0; i < 32; i++) {
        uint64_t half = i < 16 ? value.high : value.low;
        text[i] = "0123456789abcdef"[half >> (60 - 4 * (i % 16)) & 15];
    }
    text[32] = '\0';
}

digest_value digest_of(const void *bytes, size_t size)
{
    XXH128_hash_t h = XXH3_128bits(bytes, size);
    return (digest_value){h.high64, h.low64};
}
