/*
 * Whole numbers in as few bytes as they need: seven bits a byte, low ones first, the eighth set in
 * all bytes of a number but its last (LEB128).
 */
#ifndef DASIM_BASE_VARINT_H
#define DASIM_BASE_VARINT_H

#include <stdbool.h>
#include <stdint.h>

enum { VARINT_MOST = 10 /* bytes */ };

/* Where the next byte goes. */
static inline unsigned char *varint_put(unsigned char *at, uint64_t value)
{
    while (value >= 128) {
        *at++ = (unsigned char)(value | 128);
        value >>= 7;
    }
    *at++ = (unsigned char)value;
    return at;
}

/* False where the bytes end within the number, or it is none of 64 bits. */
static inline bool varint_take(const unsigned char **at, const unsigned char *end, uint64_t *value)
{
    *value = 0;
    for (int shift = 0; *at < end && shift < 64; shift += 7) {
        uint64_t byte = *(*at)++;
        if (shift == 63 && byte > 1) {
            return false;
        }
        *value |= (byte & 127) << shift;
        if (byte < 128) {
            return true;
        }
    }
    return false;
}

#endif
