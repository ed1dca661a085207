/*
 * A small hash table from numbers to numbers, for what comes and goes: messages under way, requests
 * that wait. Open addressing with linear probing; taking an entry out leaves no gap behind. At most
 * half full; gives memory back when less than an eighth is used.
 */
#ifndef DASIM_BASE_MAP_H
#define DASIM_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct map map;

map *map_new(void);
void map_free(map *m); /* NULL is allowed */

uint64_t map_count(const map *m);

/* key < 2^64 - 1. Replaces the value of a key that is there. */
void map_put(map *m, uint64_t key, int64_t value);

/* False, and *value unchanged, where the key is not there. `value` may be NULL. */
bool map_get(const map *m, uint64_t key, int64_t *value);
bool map_take(map *m, uint64_t key, int64_t *value); /* and removes it */

/* In no particular order: sort before anything of it reaches a result. */
void map_each(const map *m, void (*visit)(void *context, uint64_t key, int64_t value),
              void *context);

/* Bytes allocated now. */
size_t map_bytes(const map *m);

#endif
