/*
 * A 4-ary heap with the meaning of queue.h: the reference that the radix queue is compared with,
 * and nothing else. Equal keys keep their order by a sequence number of 64 bits.
 */
#ifndef DASIM_BASE_HEAP_H
#define DASIM_BASE_HEAP_H

#include "base/queue.h"

typedef struct heap heap;

heap *heap_new(void);
void heap_free(heap *h);
uint64_t heap_count(const heap *h);
void heap_push(heap *h, queue_entry entry);
bool heap_pop(heap *h, int64_t limit, queue_entry *entry);

#endif
