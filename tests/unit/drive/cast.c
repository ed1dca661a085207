#include "cast.h"

uint32_t grants = 1;

static void grant_at_once(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    for (uint32_t i = 0; op == DASIM_ACQUIRE && i < grants; i++) {
        dasim_indicate(self, DASIM_GRANTED, arg, size);
    }
}

void use_easy_lock(void)
{
    part[0].on_request = grant_at_once;
}

void use_real_lock(const dasim_algorithm *real)
{
    part[0] = *real;
}

static const seen *nth_of(record_kind kind, uint32_t node, uint32_t type, size_t nth)
{
    size_t all = seen_count(kind, node);
    for (size_t i = 0; i < all; i++) {
        const seen *s = seen_nth(kind, node, i);
        if (s->r.type == type && nth-- == 0) {
            return s;
        }
    }
    return NULL;
}

size_t count_of(record_kind kind, uint32_t node, uint32_t type)
{
    size_t count = 0;
    while (nth_of(kind, node, type, count)) {
        count++;
    }
    return count;
}

int64_t time_of(record_kind kind, uint32_t node, uint32_t type, size_t nth)
{
    const seen *s = nth_of(kind, node, type, nth);
    return s ? s->r.at : -1;
}

/* The least (sign -1) or the greatest (sign 1) wait. A client has one request at a time. */
static int64_t extreme_wait(int sign)
{
    size_t all = seen_count(RECORD_INDICATION, NOBODY);
    int64_t best = -1;
    for (size_t i = all / 2; i < all; i++) {
        const record *grant = &seen_nth(RECORD_INDICATION, NOBODY, i)->r;
        int64_t asked = -1, next = 0;
        for (size_t k = 0; next >= 0 && next <= grant->at; k++) {
            asked = next > 0 ? next : asked;
            next = time_of(RECORD_REQUEST, grant->node, DASIM_ACQUIRE, k);
        }
        int64_t wait = grant->at - asked;
        best = best < 0 || sign * wait > sign * best ? wait : best;
    }
    return best;
}

int64_t longest_wait(void)
{
    return extreme_wait(1);
}

int64_t shortest_wait(void)
{
    return extreme_wait(-1);
}
