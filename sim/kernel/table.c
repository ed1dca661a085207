/* Linear probing, at most half full, doubled when it grows. */
#include "kernel/table.h"

#include "base/rng.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

static uint64_t spread(uint64_t key)
{
    return rng_mix(key ^ UINT64_C(0x9E3779B97F4A7C15), UINT64_C(0xD6E8FEB86659FD93));
}

static uint64_t *entry_at(const table *t, uint32_t i)
{
    return (uint64_t *)(void *)(t->bytes + (size_t)i * t->stride);
}

/* Where `key` is or would be put. */
static uint64_t *probe(const table *t, uint64_t key)
{
    uint32_t mask = t->capacity - 1;
    uint32_t i = (uint32_t)spread(key) & mask;
    while (*entry_at(t, i) != 0 && *entry_at(t, i) != key + 1) {
        i = (i + 1) & mask;
    }
    return entry_at(t, i);
}

static unsigned char *zeroed(size_t size)
{
    unsigned char *bytes = calloc(1, size);
    if (bytes == NULL) {
        abort();
    }
    return bytes;
}

static void grow(table *t)
{
    table old = *t;
    t->capacity = old.capacity ? old.capacity * 2 : FIRST_CAPACITY;
    t->bytes = zeroed((size_t)t->capacity * t->stride);
    for (uint32_t i = 0; i < old.capacity; i++) {
        const uint64_t *entry = entry_at(&old, i);
        if (*entry != 0) {
            memcpy(probe(t, *entry - 1), entry, t->stride);
        }
    }
    free(old.bytes);
}

void table_init(table *t, size_t value_size)
{
    *t = (table){.stride = (uint32_t)((sizeof(uint64_t) + value_size + 7) & ~(size_t)7)};
}

void table_clear(table *t)
{
    free(t->bytes);
    *t = (table){.stride = t->stride};
}

void *table_find(const table *t, uint64_t key)
{
    if (t->count == 0) {
        return NULL;
    }
    uint64_t *entry = probe(t, key);
    return *entry ? entry + 1 : NULL;
}

void *table_get(table *t, uint64_t key)
{
    if (key == UINT64_MAX) {
        abort();
    }
    if ((t->count + 1) * 2 > t->capacity) {
        grow(t);
    }
    uint64_t *entry = probe(t, key);
    if (*entry == 0) {
        *entry = key + 1;
        t->count++;
    }
    return entry + 1;
}

size_t table_image_size(const table *t)
{
    return 16 + (size_t)t->capacity * t->stride;
}

void table_save(const table *t, void *image)
{
    uint32_t head[4] = {t->capacity, t->count, t->stride, 0};
    memcpy(image, head, sizeof head);
    if (t->capacity) {
        memcpy((unsigned char *)image + sizeof head, t->bytes, (size_t)t->capacity * t->stride);
    }
}

void table_load(table *t, const void *image)
{
    uint32_t head[4];
    memcpy(head, image, sizeof head);
    if (t->capacity != head[0]) {
        table_clear(t);
        t->capacity = head[0];
        t->bytes = head[0] ? zeroed((size_t)head[0] * t->stride) : NULL;
    }
    t->count = head[1];
    if (t->capacity) {
        memcpy(t->bytes, (const unsigned char *)image + sizeof head,
               (size_t)t->capacity * t->stride);
    }
}

uint64_t table_hash(const table *t)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < t->capacity; i++) {
        const uint64_t *entry = entry_at(t, i);
        uint64_t mixed = spread(*entry), any = 0;
        for (uint32_t k = 1; k < t->stride / 8; k++) {
            any |= entry[k];
            mixed = rng_mix(mixed ^ entry[k], UINT64_C(0xE7037ED1A0B428DB));
        }
        sum += *entry && any ? mixed : 0;
    }
    return sum;
}
