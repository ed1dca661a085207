/*
 * The memory functions that compilers call unasked: all that a module is linked with
 * (libdasim-module.a). Hidden, so that a module has no undefined symbol and exports nothing but
 * its description. Compiled with -fno-builtin: a loop here must not become a call of itself.
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
int bcmp(const void *a, const void *b, size_t size);

typedef uint64_t __attribute__((may_alias, aligned(1))) word;

enum { WORD = sizeof(word) };

__attribute__((visibility("hidden"))) void *memcpy(void *restrict to, const void *restrict from,
                                                   size_t size)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    for (; size >= WORD; size -= WORD, t += WORD, f += WORD) {
        *(word *)t = *(const word *)f;
    }
    for (; size > 0; size--) {
        *t++ = *f++;
    }
    return to;
}

__attribute__((visibility("hidden"))) void *memmove(void *to, const void *from, size_t size)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if ((uintptr_t)t - (uintptr_t)f >= size) { /* in front of the source, or clear of it */
        for (; size >= WORD; size -= WORD, t += WORD, f += WORD) {
            *(word *)t = *(const word *)f;
        }
        for (; size > 0; size--) {
            *t++ = *f++;
        }
        return to;
    }
    for (; size >= WORD; size -= WORD) {
        *(word *)(t + size - WORD) = *(const word *)(f + size - WORD);
    }
    for (; size > 0; size--) {
        t[size - 1] = f[size - 1];
    }
    return to;
}

__attribute__((visibility("hidden"))) void *memset(void *to, int byte, size_t size)
{
    unsigned char *t = to;
    const word pattern = UINT64_C(0x0101010101010101) * (unsigned char)byte;
    for (; size >= WORD; size -= WORD, t += WORD) {
        *(word *)t = pattern;
    }
    for (; size > 0; size--) {
        *t++ = (unsigned char)byte;
    }
    return to;
}

__attribute__((visibility("hidden"))) int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a;
    const unsigned char *y = b;
    for (; size >= WORD && *(const word *)x == *(const word *)y; size -= WORD) {
        x += WORD;
        y += WORD;
    }
    for (; size > 0; size--, x++, y++) {
        if (*x != *y) {
            return *x < *y ? -1 : 1;
        }
    }
    return 0;
}

/* What clang makes of a memcmp() that is only asked whether two blocks are equal. */
__attribute__((visibility("hidden"))) int bcmp(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size);
}
