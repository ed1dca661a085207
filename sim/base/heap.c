/* The children of place i are 4 i + 1 .. 4 i + 4; none is less than its parent. */
#include "base/heap.h"

#include <stdlib.h>

enum { CHILDREN = 4, CAPACITY_LEAST = 16 };

typedef struct node {
    queue_entry entry;
    uint64_t sequence;
} node;

struct heap {
    node *nodes;
    uint64_t count, capacity, sequence;
};

static bool less(const node *a, const node *b)
{
    if (a->entry.at != b->entry.at) {
        return a->entry.at < b->entry.at;
    }
    if (a->entry.tie != b->entry.tie) {
        return a->entry.tie < b->entry.tie;
    }
    return a->sequence < b->sequence;
}

static void grow(heap *h)
{
    h->capacity = h->capacity ? 2 * h->capacity : CAPACITY_LEAST;
    h->nodes = realloc(h->nodes, h->capacity * sizeof *h->nodes);
    if (h->nodes == NULL) {
        abort();
    }
}

/* Puts `what` where the hole at the root comes to rest. */
static void sink(heap *h, node what)
{
    uint64_t hole = 0;
    for (;;) {
        uint64_t first = CHILDREN * hole + 1;
        uint64_t end = first + CHILDREN < h->count ? first + CHILDREN : h->count;
        if (first >= end) {
            break;
        }
        uint64_t least = first;
        for (uint64_t child = first + 1; child < end; child++) {
            least = less(&h->nodes[child], &h->nodes[least]) ? child : least;
        }
        if (!less(&h->nodes[least], &what)) {
            break;
        }
        h->nodes[hole] = h->nodes[least];
        hole = least;
    }
    h->nodes[hole] = what;
}

heap *heap_new(void)
{
    heap *h = calloc(1, sizeof *h);
    if (h == NULL) {
        abort();
    }
    return h;
}

void heap_free(heap *h)
{
    if (h) {
        free(h->nodes);
        free(h);
    }
}

uint64_t heap_count(const heap *h)
{
    return h->count;
}

void heap_push(heap *h, queue_entry entry)
{
    if (h->count == h->capacity) {
        grow(h);
    }
    node what = {entry, h->sequence++};
    uint64_t hole = h->count++;
    while (hole > 0 && less(&what, &h->nodes[(hole - 1) / CHILDREN])) {
        h->nodes[hole] = h->nodes[(hole - 1) / CHILDREN];
        hole = (hole - 1) / CHILDREN;
    }
    h->nodes[hole] = what;
}

bool heap_pop(heap *h, int64_t limit, queue_entry *entry)
{
    if (h->count == 0 || h->nodes[0].entry.at > limit) {
        return false;
    }
    *entry = h->nodes[0].entry;
    node last = h->nodes[--h->count];
    if (h->count > 0) {
        sink(h, last);
    }
    return true;
}
