/*
 * Invariant: between an entry's home (its hash) and its place there is no free place. Removal keeps
 * it by moving back every later entry of the run that may stand in the gap.
 */
#include "base/map.h"

#include "base/rng.h"

#include <stdlib.h>
#include <string.h>

enum { CAPACITY_LEAST = 16, IMAGE_HEAD = 16 };

static uint64_t spread(uint64_t key)
{
    return rng_mix(key ^ UINT64_C(0x9E3779B97F4A7C15), UINT64_C(0xD6E8FEB86659FD93));
}

static uint64_t *entry_at(const map *m, uint32_t place)
{
    return (uint64_t *)(void *)(m->bytes + (size_t)place * m->stride);
}

/* The place of `key`, or the free place where it belongs. */
static uint32_t place_of(const map *m, uint64_t key)
{
    uint32_t mask = m->capacity - 1;
    uint32_t place = (uint32_t)spread(key) & mask;
    while (*entry_at(m, place) != 0 && *entry_at(m, place) != key + 1) {
        place = (place + 1) & mask;
    }
    return place;
}

static unsigned char *zeroed(size_t size)
{
    unsigned char *bytes = calloc(1, size);
    if (bytes == NULL) {
        abort();
    }
    return bytes;
}

static void resize(map *m, uint32_t capacity)
{
    map old = *m;
    if (capacity == 0) { /* beyond 2^31 places */
        abort();
    }
    m->capacity = capacity;
    m->bytes = zeroed((size_t)capacity * m->stride);
    for (uint32_t place = 0; place < old.capacity; place++) {
        const uint64_t *entry = entry_at(&old, place);
        if (*entry != 0) {
            memcpy(entry_at(m, place_of(m, *entry - 1)), entry, m->stride);
        }
    }
    free(old.bytes);
}

static void close_gap(map *m, uint32_t gap)
{
    uint32_t mask = m->capacity - 1;
    for (uint32_t place = (gap + 1) & mask; *entry_at(m, place) != 0; place = (place + 1) & mask) {
        uint32_t home = (uint32_t)spread(*entry_at(m, place) - 1) & mask;
        if (((place - home) & mask) >= ((place - gap) & mask)) {
            memcpy(entry_at(m, gap), entry_at(m, place), m->stride);
            gap = place;
        }
    }
    memset(entry_at(m, gap), 0, m->stride);
}

void map_init(map *m, size_t value_size)
{
    if (value_size % sizeof(uint64_t) != 0) {
        abort();
    }
    *m = (map){.stride = (uint32_t)(sizeof(uint64_t) + value_size)};
}

void map_clear(map *m)
{
    free(m->bytes);
    *m = (map){.stride = m->stride};
}

void *map_find(const map *m, uint64_t key)
{
    if (m->count == 0 || key == UINT64_MAX) {
        return NULL;
    }
    uint64_t *entry = entry_at(m, place_of(m, key));
    return *entry ? entry + 1 : NULL;
}

void *map_at(map *m, uint64_t key)
{
    if (key == UINT64_MAX) {
        abort();
    }
    if (m->count >= m->capacity / 2) {
        resize(m, m->capacity ? m->capacity * 2 : CAPACITY_LEAST);
    }
    uint64_t *entry = entry_at(m, place_of(m, key));
    if (*entry == 0) {
        *entry = key + 1;
        m->count++;
    }
    return entry + 1;
}

bool map_take(map *m, uint64_t key, void *value)
{
    uint64_t *found = map_find(m, key);
    if (found == NULL) {
        return false;
    }
    if (value) {
        memcpy(value, found, m->stride - sizeof(uint64_t));
    }
    close_gap(m, place_of(m, key));
    m->count--;
    if (m->count < m->capacity / 8 && m->capacity > CAPACITY_LEAST) {
        resize(m, m->capacity / 2);
    }
    return true;
}

uint64_t map_count(const map *m)
{
    return m->count;
}

size_t map_bytes(const map *m)
{
    return (size_t)m->capacity * m->stride;
}

size_t map_image_size(const map *m)
{
    return IMAGE_HEAD + map_bytes(m);
}

void map_save(const map *m, void *image)
{
    uint32_t head[IMAGE_HEAD / sizeof(uint32_t)] = {m->capacity, m->count, m->stride, 0};
    memcpy(image, head, sizeof head);
    if (m->capacity) {
        memcpy((unsigned char *)image + sizeof head, m->bytes, map_bytes(m));
    }
}

void map_load(map *m, const void *image)
{
    uint32_t head[IMAGE_HEAD / sizeof(uint32_t)];
    memcpy(head, image, sizeof head);
    if (head[2] != m->stride) {
        abort();
    }
    if (m->capacity != head[0]) {
        map_clear(m);
        m->capacity = head[0];
        m->bytes = m->capacity ? zeroed(map_bytes(m)) : NULL;
    }
    m->count = head[1];
    if (m->capacity) {
        memcpy(m->bytes, (const unsigned char *)image + sizeof head, map_bytes(m));
    }
}

uint64_t map_hash(const map *m)
{
    uint64_t sum = 0;
    for (uint32_t place = 0; place < m->capacity; place++) {
        const uint64_t *entry = entry_at(m, place);
        uint64_t mixed = spread(*entry), any = 0;
        for (uint32_t word = 1; word < m->stride / sizeof(uint64_t); word++) {
            any |= entry[word];
            mixed = rng_mix(mixed ^ entry[word], UINT64_C(0xE7037ED1A0B428DB));
        }
        sum += *entry && any ? mixed : 0;
    }
    return sum;
}

map *map_new(void)
{
    map *m = malloc(sizeof *m);
    if (m == NULL) {
        abort();
    }
    map_init(m, sizeof(int64_t));
    return m;
}

void map_free(map *m)
{
    if (m) {
        free(m->bytes);
        free(m);
    }
}

void map_put(map *m, uint64_t key, int64_t value)
{
    *(int64_t *)map_at(m, key) = value;
}

bool map_get(const map *m, uint64_t key, int64_t *value)
{
    const int64_t *found = map_find(m, key);
    if (found && value) {
        *value = *found;
    }
    return found != NULL;
}

void map_each(const map *m, void (*visit)(void *context, uint64_t key, int64_t value),
              void *context)
{
    for (uint32_t place = 0; place < m->capacity; place++) {
        const uint64_t *entry = entry_at(m, place);
        if (*entry != 0) {
            visit(context, *entry - 1, (int64_t)entry[1]);
        }
    }
}
