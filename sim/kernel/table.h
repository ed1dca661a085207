/*
 * Open-addressing hash table from 64-bit keys to values of one fixed size, in one block without
 * pointers. Never iterated where order could reach a result. No removal but of everything:
 * callers zero a value that no longer counts.
 */
#ifndef DASIM_KERNEL_TABLE_H
#define DASIM_KERNEL_TABLE_H

#include <stddef.h>
#include <stdint.h>

typedef struct table {
    unsigned char *bytes; /* capacity entries: key + 1 (0: free) as uint64_t, then the value */
    uint32_t stride, capacity, count;
} table;

void table_init(table *t, size_t value_size);
void table_clear(table *t); /* frees */

/* The value of `key`, or NULL. */
void *table_find(const table *t, uint64_t key);
/* The value of `key`, zeroed if it is new. Valid until the next table_get. key < 2^64 - 1. */
void *table_get(table *t, uint64_t key);

size_t table_image_size(const table *t);
void table_save(const table *t, void *image);
void table_load(table *t, const void *image);

/* Independent of the order of insertion. Values that are all zero do not count. */
uint64_t table_hash(const table *t);

#endif
