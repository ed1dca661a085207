/*
 * Bytes of a native trace: a block that grows, numbers of few bytes in it, and a way to read them
 * back that never reads beyond the end: what is missing is zero, and `bad` is set.
 *
 *   number   seven bits a byte, lowest first, the eighth set where another byte follows
 *   signed   0, -1, 1, -2, ... as the numbers 0, 1, 2, 3, ...
 *   text     its length as a number, then its bytes
 */
#ifndef DASIM_EXPORT_NATIVE_BYTES_H
#define DASIM_EXPORT_NATIVE_BYTES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { NUMBER_MOST = 10 }; /* bytes of the largest number */

typedef struct blob {
    unsigned char *bytes;
    size_t size, capacity;
} blob;

static inline void blob_reserve(blob *b, size_t more)
{
    if (b->capacity - b->size < more) {
        b->capacity = (b->size + more) * 2;
        b->bytes = g_realloc(b->bytes, b->capacity);
    }
}

static inline void blob_clear(blob *b)
{
    g_free(b->bytes);
    *b = (blob){0};
}

/* Where there is room already. */
static inline void put_number_fast(blob *b, uint64_t value)
{
    unsigned char *at = b->bytes + b->size;
    while (value >= 0x80) {
        *at++ = (unsigned char)(value | 0x80);
        value >>= 7;
    }
    *at++ = (unsigned char)value;
    b->size = (size_t)(at - b->bytes);
}

static inline void put_number(blob *b, uint64_t value)
{
    blob_reserve(b, NUMBER_MOST);
    put_number_fast(b, value);
}

static inline uint64_t folded(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static inline int64_t unfolded(uint64_t value)
{
    return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

static inline void put_signed(blob *b, int64_t value)
{
    put_number(b, folded(value));
}

static inline void put_bytes(blob *b, const void *bytes, size_t size)
{
    blob_reserve(b, size);
    if (size > 0) {
        memcpy(b->bytes + b->size, bytes, size);
        b->size += size;
    }
}

static inline void put_text(blob *b, const char *text) /* NULL is written as "" */
{
    size_t length = text ? strlen(text) : 0;
    put_number(b, length);
    put_bytes(b, text, length);
}

typedef struct cursor {
    const unsigned char *at, *end;
    bool bad;
} cursor;

static inline uint64_t get_number(cursor *c)
{
    uint64_t value = 0;
    for (unsigned shift = 0; c->at < c->end && shift < 64; shift += 7) {
        unsigned char byte = *c->at++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    c->bad = true;
    return 0;
}

static inline int64_t get_signed(cursor *c)
{
    return unfolded(get_number(c));
}

/* A number that must be at most `most`. */
static inline uint64_t get_up_to(cursor *c, uint64_t most)
{
    uint64_t value = get_number(c);
    c->bad |= value > most;
    return value <= most ? value : 0;
}

/* NULL where there are fewer. */
static inline const unsigned char *get_bytes(cursor *c, size_t size)
{
    if ((size_t)(c->end - c->at) < size) {
        c->bad = true;
        return NULL;
    }
    const unsigned char *bytes = c->at;
    c->at += size;
    return bytes;
}

/* A piece of it with its length in front. */
static inline cursor get_piece(cursor *c)
{
    uint64_t size = get_number(c);
    const unsigned char *bytes = get_bytes(c, (size_t)size);
    return bytes ? (cursor){bytes, bytes + size, false} : (cursor){NULL, NULL, true};
}

#endif
