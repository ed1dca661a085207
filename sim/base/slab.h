/*
 * Slots of equal size in one growing block without pointers, numbered from 0. A freed slot is the
 * next to be handed out (it is still in the cache). Each slot has a generation that grows when it
 * is freed, so that a number kept too long can be told from its successor.
 *
 * The block may move when a slot is taken: keep numbers, not addresses.
 */
#ifndef DASIM_BASE_SLAB_H
#define DASIM_BASE_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLAB_NONE UINT32_MAX

typedef struct slab {
    unsigned char *bytes;  /* capacity * stride, aligned to 64 */
    uint32_t *generations; /* one a slot; even: free, odd: taken */
    uint32_t stride;       /* bytes a slot, a multiple of 16 */
    uint32_t capacity;     /* slots allocated */
    uint32_t used;         /* slots below this number have been taken at least once */
    uint32_t live;         /* slots taken now */
    uint32_t free_head;    /* chain of freed slots through their first four bytes */
} slab;

/* `size` bytes a slot, rounded up to a multiple of 16. */
void slab_init(slab *s, size_t size);
void slab_clear(slab *s); /* frees the memory */

/* Content of a taken slot is undefined. Aborts beyond 2^32 - 1 slots. */
static inline uint32_t slab_take(slab *s);
static inline void slab_give(slab *s, uint32_t slot); /* aborts where it is not taken */

static inline void *slab_at(const slab *s, uint32_t slot)
{
    return s->bytes + (size_t)slot * s->stride;
}

static inline bool slab_is_live(const slab *s, uint32_t slot)
{
    return slot < s->used && (s->generations[slot] & 1);
}

/* Gives memory back where less than a quarter is used: live slots move to the lowest numbers, in
 * ascending order, together with their generations. moved[old] = new for every live slot, SLAB_NONE
 * for others; the caller frees `moved`. NULL where nothing was to be gained. Numbers that are kept
 * must be judged by their generations before: afterwards an old one cannot be told any more. */
uint32_t *slab_compact(slab *s);

/* The slab as bytes. Loading wants a slab of the same stride and exactly what was saved. */
size_t slab_image_size(const slab *s);
void slab_save(const slab *s, void *image);
void slab_load(slab *s, const void *image, size_t size);

/* ------------------------------------------------------------------------ only for below */

void slab_grow(slab *s);
void slab_refuse(void); /* aborts */

static inline uint32_t slab_take(slab *s)
{
    uint32_t slot = s->free_head;
    if (__builtin_expect(slot != SLAB_NONE, 1)) {
        __builtin_memcpy(&s->free_head, slab_at(s, slot), sizeof s->free_head);
    } else {
        if (s->used == s->capacity) {
            slab_grow(s);
        }
        slot = s->used++;
    }
    s->live++;
    s->generations[slot]++;
    return slot;
}

static inline void slab_give(slab *s, uint32_t slot)
{
    if (__builtin_expect(!slab_is_live(s, slot), 0)) {
        slab_refuse();
    }
    s->generations[slot]++;
    s->live--;
    __builtin_memcpy(slab_at(s, slot), &s->free_head, sizeof s->free_head);
    s->free_head = slot;
}

#endif
