/* What is saved is what is needed to go on exactly as the original would: not where chunks lie. */
#include "base/queue_internal.h"

#include <string.h>

/* In front of the entries: those of the front, then those of the buckets. */
typedef struct image_head {
    uint64_t count, front_count, limited, bucket_count[BUCKETS];
    wide floor, last, limit;
} image_head;

size_t queue_image_size(const queue *q)
{
    return sizeof(image_head) + q->count * sizeof(queue_entry);
}

void queue_save(const queue *q, void *image)
{
    image_head head;
    memset(&head, 0, sizeof head);
    head.count = q->count;
    head.front_count = q->front_end - q->front_first;
    head.limited = q->limited;
    head.floor = q->floor;
    head.last = q->last;
    head.limit = q->limit;
    unsigned char *to = (unsigned char *)image + sizeof head;
    memcpy(to, q->front + q->front_first, head.front_count * sizeof *q->front);
    to += head.front_count * sizeof *q->front;
    for (uint32_t number = 0; number < BUCKETS; number++) {
        head.bucket_count[number] = q->buckets[number].count;
        for (uint32_t c = q->buckets[number].head; c != NONE; c = q->pool[c].next) {
            memcpy(to, q->pool[c].entries, q->pool[c].count * sizeof(queue_entry));
            to += q->pool[c].count * sizeof(queue_entry);
        }
    }
    memcpy(image, &head, sizeof head);
}

void queue_load(queue *q, const void *image, size_t size)
{
    image_head head;
    if (size < sizeof head) {
        abort();
    }
    memcpy(&head, image, sizeof head);
    if (size != sizeof head + head.count * sizeof(queue_entry)) {
        abort();
    }
    for (uint32_t number = 0; number < BUCKETS; number++) {
        for (uint32_t c = detach(q, number); c != NONE;) {
            uint32_t next = q->pool[c].next;
            chunk_give(q, c);
            c = next;
        }
    }
    const unsigned char *from = (const unsigned char *)image + sizeof head;
    queue_front_reserve(q, (uint32_t)head.front_count);
    memcpy(q->front, from, head.front_count * sizeof *q->front);
    from += head.front_count * sizeof *q->front;
    q->front_first = 0;
    q->front_end = (uint32_t)head.front_count;
    q->count = head.count;
    q->limited = head.limited != 0;
    q->floor = head.floor;
    q->last = head.last;
    q->limit = head.limit;
    for (uint32_t number = 0; number < BUCKETS; number++) {
        for (uint64_t i = 0; i < head.bucket_count[number]; i++, from += sizeof(queue_entry)) {
            queue_entry e;
            memcpy(&e, from, sizeof e);
            append(q, number, e);
        }
    }
}
