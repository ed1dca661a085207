/*
 * Hash table from numbers to values of one fixed size, in one block without pointers, so that it
 * can be saved as it is. Open addressing with linear probing, at most half full; taking an entry
 * out leaves no gap behind and gives memory back when less than an eighth is used.
 *
 * Where an entry lies depends on what came and went before: nothing of that order may reach a
 * result.
 */
#ifndef DASIM_BASE_MAP_H
#define DASIM_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct map {
    unsigned char *bytes; /* capacity entries: key + 1 (0: free) as uint64_t, then the value */
    uint32_t stride, capacity, count;
} map;

/* Keys are below 2^64 - 1; that one is never there, and adding it aborts. */

void map_init(map *m, size_t value_size); /* a multiple of 8 */
void map_clear(map *m);                   /* frees the memory; empty then, and good for use again */

/* The value of `key`, or NULL where it is not there. Valid until the next map_at or map_take. */
void *map_find(const map *m, uint64_t key);
/* The value of `key`, added with zeros where it is not there. Valid as above. */
void *map_at(map *m, uint64_t key);
/* Removes `key`; its value goes to `value` unless that is NULL. False where it is not there. */
bool map_take(map *m, uint64_t key, void *value);

uint64_t map_count(const map *m);
/* Bytes allocated now for the entries. */
size_t map_bytes(const map *m);

/* The map as bytes: writes map_image_size() bytes. Load wants a map of the same value size. */
size_t map_image_size(const map *m);
void map_save(const map *m, void *image);
void map_load(map *m, const void *image);

/* Independent of what came and went before. Values that are all zero do not count. */
uint64_t map_hash(const map *m);

/* ---------------------------------------------------------- maps whose values are int64_t */

map *map_new(void);
void map_free(map *m); /* NULL is allowed */

/* Replaces the value of a key that is there. */
void map_put(map *m, uint64_t key, int64_t value);
/* False, and *value unchanged, where the key is not there. `value` may be NULL. */
bool map_get(const map *m, uint64_t key, int64_t *value);

/* In no particular order: sort before anything of it reaches a result. */
void map_each(const map *m, void (*visit)(void *context, uint64_t key, int64_t value),
              void *context);

#endif
