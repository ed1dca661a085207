/*
 * Invariant: slots below `used` are either taken (odd generation) or in the chain of freed ones
 * (even); slots from `used` on have generation 0 and were never taken. The whole block is
 * initialised at all times, so that an image never shows what the memory held before.
 */
#include "base/slab.h"

#include <stdlib.h>
#include <string.h>

enum { CAPACITY_LEAST = 64, ALIGNMENT = 64 };

typedef struct image_head {
    uint32_t stride, used, live, free_head;
} image_head;

static void *allocate(size_t size)
{
    void *block = aligned_alloc(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    if (block == NULL) {
        abort();
    }
    return block;
}

/* Replaces the block; slots below `used` keep their content. */
static void resize(slab *s, uint32_t capacity)
{
    size_t kept = (size_t)s->used * s->stride;
    unsigned char *bytes = allocate((size_t)capacity * s->stride);
    uint32_t *generations = allocate((size_t)capacity * sizeof *generations);
    if (s->used) {
        memcpy(bytes, s->bytes, kept);
        memcpy(generations, s->generations, s->used * sizeof *generations);
    }
    memset(bytes + kept, 0, (size_t)capacity * s->stride - kept);
    memset(generations + s->used, 0, (capacity - s->used) * sizeof *generations);
    free(s->bytes);
    free(s->generations);
    s->bytes = bytes;
    s->generations = generations;
    s->capacity = capacity;
}

/* Room for `slots` and as many again. */
static uint32_t capacity_for(uint32_t slots)
{
    uint64_t capacity = CAPACITY_LEAST;
    while (capacity < (uint64_t)slots * 2) {
        capacity *= 2;
    }
    return capacity > SLAB_NONE ? SLAB_NONE : (uint32_t)capacity;
}

void slab_init(slab *s, size_t size)
{
    *s = (slab){.stride = (uint32_t)((size + 15) / 16 * 16), .free_head = SLAB_NONE};
    if (s->stride == 0) {
        s->stride = 16;
    }
}

void slab_clear(slab *s)
{
    free(s->bytes);
    free(s->generations);
    slab_init(s, s->stride);
}

void slab_grow(slab *s)
{
    uint64_t capacity = s->capacity ? (uint64_t)s->capacity * 2 : CAPACITY_LEAST;
    if (capacity > SLAB_NONE) {
        capacity = SLAB_NONE;
    }
    if (s->capacity == capacity) {
        abort();
    }
    resize(s, (uint32_t)capacity);
}

void slab_refuse(void)
{
    abort();
}

uint32_t *slab_compact(slab *s)
{
    uint32_t capacity = capacity_for(s->live);
    if (s->live >= s->capacity / 4 || capacity >= s->capacity) {
        return NULL;
    }
    uint32_t *moved = allocate((size_t)s->used * sizeof *moved);
    uint32_t next = 0;
    for (uint32_t slot = 0; slot < s->used; slot++) {
        moved[slot] = SLAB_NONE;
        if (!(s->generations[slot] & 1)) {
            continue;
        }
        moved[slot] = next;
        if (next != slot) {
            memcpy(slab_at(s, next), slab_at(s, slot), s->stride);
            s->generations[next] = s->generations[slot];
        }
        next++;
    }
    s->used = next;
    s->free_head = SLAB_NONE;
    resize(s, capacity);
    return moved;
}

size_t slab_image_size(const slab *s)
{
    return sizeof(image_head) + (size_t)s->used * (s->stride + sizeof *s->generations);
}

void slab_save(const slab *s, void *image)
{
    unsigned char *to = image;
    image_head head = {s->stride, s->used, s->live, s->free_head};
    memcpy(to, &head, sizeof head);
    to += sizeof head;
    for (uint32_t slot = 0; slot < s->used; slot++, to += s->stride) {
        if (s->generations[slot] & 1) {
            memcpy(to, slab_at(s, slot), s->stride);
        } else { /* only the chain: what was in a freed slot has no meaning */
            memset(to, 0, s->stride);
            memcpy(to, slab_at(s, slot), sizeof s->free_head);
        }
    }
    if (s->used) {
        memcpy(to, s->generations, s->used * sizeof *s->generations);
    }
}

void slab_load(slab *s, const void *image, size_t size)
{
    const unsigned char *from = image;
    image_head head;
    if (size < sizeof head) {
        abort();
    }
    memcpy(&head, from, sizeof head);
    if (head.stride != s->stride ||
        size != sizeof head + (size_t)head.used * (head.stride + sizeof *s->generations)) {
        abort();
    }
    from += sizeof head;
    slab_clear(s);
    if (head.used == 0) {
        return;
    }
    resize(s, capacity_for(head.used));
    memcpy(s->bytes, from, (size_t)head.used * head.stride);
    memcpy(s->generations, from + (size_t)head.used * head.stride,
           head.used * sizeof *s->generations);
    s->used = head.used;
    s->live = head.live;
    s->free_head = head.free_head;
}
