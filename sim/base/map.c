/*
 * Invariant: between an entry's home (its hash) and its place there is no free place. Removal keeps
 * it by moving back every later entry of the run that may stand in the gap.
 */
#include "base/map.h"

#include <stdlib.h>

enum { BITS_LEAST = 4 };

#define FREE UINT64_MAX

typedef struct entry {
    uint64_t key;
    int64_t value;
} entry;

struct map {
    entry *entries;
    uint64_t count, mask;
    uint32_t bits;
};

/* Multiplicative hashing: the upper bits of the product. */
static uint64_t home_of(const map *m, uint64_t key)
{
    return (key * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - m->bits);
}

/* The entry's place, or the free place where it belongs. */
static uint64_t place_of(const map *m, uint64_t key)
{
    uint64_t place = home_of(m, key);
    while (m->entries[place].key != key && m->entries[place].key != FREE) {
        place = (place + 1) & m->mask;
    }
    return place;
}

static void *allocate(size_t size)
{
    void *block = malloc(size);
    if (block == NULL) {
        abort();
    }
    return block;
}

static void resize(map *m, uint32_t bits)
{
    entry *old = m->entries;
    uint64_t old_capacity = old ? m->mask + 1 : 0;
    m->bits = bits;
    m->mask = (UINT64_C(1) << bits) - 1;
    m->entries = allocate((m->mask + 1) * sizeof *m->entries);
    for (uint64_t i = 0; i <= m->mask; i++) {
        m->entries[i].key = FREE;
    }
    for (uint64_t i = 0; i < old_capacity; i++) {
        if (old[i].key != FREE) {
            m->entries[place_of(m, old[i].key)] = old[i];
        }
    }
    free(old);
}

static void close_gap(map *m, uint64_t gap)
{
    uint64_t place = gap;
    for (;;) {
        place = (place + 1) & m->mask;
        if (m->entries[place].key == FREE) {
            break;
        }
        uint64_t home = home_of(m, m->entries[place].key);
        if (((place - home) & m->mask) >= ((place - gap) & m->mask)) {
            m->entries[gap] = m->entries[place];
            gap = place;
        }
    }
    m->entries[gap].key = FREE;
}

map *map_new(void)
{
    map *m = allocate(sizeof *m);
    *m = (map){.count = 0};
    resize(m, BITS_LEAST);
    return m;
}

void map_free(map *m)
{
    if (m) {
        free(m->entries);
        free(m);
    }
}

uint64_t map_count(const map *m)
{
    return m->count;
}

void map_put(map *m, uint64_t key, int64_t value)
{
    if (key == FREE) {
        abort();
    }
    uint64_t place = place_of(m, key);
    if (m->entries[place].key == FREE && ++m->count * 2 > m->mask + 1) {
        resize(m, m->bits + 1);
        place = place_of(m, key);
    }
    m->entries[place] = (entry){key, value};
}

bool map_get(const map *m, uint64_t key, int64_t *value)
{
    if (key == FREE) {
        return false;
    }
    uint64_t place = place_of(m, key);
    if (m->entries[place].key == FREE) {
        return false;
    }
    if (value) {
        *value = m->entries[place].value;
    }
    return true;
}

bool map_take(map *m, uint64_t key, int64_t *value)
{
    if (key == FREE) {
        return false;
    }
    uint64_t place = place_of(m, key);
    if (m->entries[place].key == FREE) {
        return false;
    }
    if (value) {
        *value = m->entries[place].value;
    }
    close_gap(m, place);
    if (--m->count * 8 < m->mask && m->bits > BITS_LEAST) {
        resize(m, m->bits - 1);
    }
    return true;
}

void map_each(const map *m, void (*visit)(void *context, uint64_t key, int64_t value),
              void *context)
{
    for (uint64_t i = 0; i <= m->mask; i++) {
        if (m->entries[i].key != FREE) {
            visit(context, m->entries[i].key, m->entries[i].value);
        }
    }
}

size_t map_bytes(const map *m)
{
    return sizeof *m + (m->mask + 1) * sizeof *m->entries;
}
