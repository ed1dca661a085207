/* Causes are remembered as numbers, eight bytes a record. Who held what while somebody waited is
 * known at the end of the run, when all intervals are. */
#include "observe/why.h"

#include "observe/intervals.h"
#include "observe/names.h"

#include <inttypes.h>

enum { WAITS_FOLLOWED = 16, HOLDERS_NAMED = 16 };

struct why {
    uint64_t number;
    GArray *causes; /* uint64_t, by number - 1; up to the record */
    bool is_known;
    uint32_t node; /* of the record */
    intervals *intervals;
    GArray *locks;     /* interval: waiting and holding */
    GHashTable *chain; /* numbers, as pointers to them in `causes` */
};

static void on_interval(void *self, const interval *one)
{
    why *y = self;
    if (one->kind == INTERVAL_WAITING || one->kind == INTERVAL_HOLDING) {
        g_array_append_vals(y->locks, one, 1);
    }
}

why *why_new(const world *w, uint64_t number)
{
    why *y = g_new0(why, 1);
    y->number = number;
    y->causes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    y->locks = g_array_new(FALSE, FALSE, sizeof(interval));
    y->intervals = intervals_new(w, on_interval, y);
    y->chain = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return y;
}

void why_free(why *y)
{
    if (y) {
        g_array_free(y->causes, TRUE);
        g_array_free(y->locks, TRUE);
        intervals_free(y->intervals);
        g_hash_table_destroy(y->chain);
        g_free(y);
    }
}

void why_record(why *y, const record *r)
{
    if (r->number <= y->number) {
        g_array_append_val(y->causes, r->cause);
    }
    if (r->number == y->number) {
        y->is_known = true;
        y->node = r->node;
    }
    intervals_record(y->intervals, r);
}

void why_end(why *y, int64_t at)
{
    intervals_end(y->intervals, at);
    uint64_t number = y->is_known ? y->number : 0;
    while (number > 0) {
        g_hash_table_add(y->chain, g_memdup2(&number, sizeof number));
        number = g_array_index(y->causes, uint64_t, number - 1);
    }
}

bool why_is_known(const why *y)
{
    return y->is_known;
}

bool why_is_cause(const why *y, uint64_t number)
{
    return g_hash_table_contains(y->chain, &number);
}

/* -------------------------------------------------------------------------------------- waits */

static void append_client(GString *text, const interval *one)
{
    if (one->client >= 0) {
        g_string_append_printf(text, "process %" PRId32 " of ", one->client);
    }
    g_string_append_printf(text, "n%" PRIu32, one->node);
}

static void append_span(GString *text, const interval *one)
{
    g_string_append(text, " from ");
    append_seconds(text, one->from);
    g_string_append_printf(text, " s (#%" PRIu64 ") to ", one->first);
    if (one->last > 0) {
        append_seconds(text, one->to);
        g_string_append_printf(text, " s (#%" PRIu64 ")\n", one->last);
    } else {
        g_string_append(text, "the end\n");
    }
}

static bool ends_behind(const interval *one, uint64_t number)
{
    return one->last == 0 || one->last > number;
}

/* The waiting of a client of the node, under way when record `number` came; of several the first
 * one. */
static const interval *waiting_at(const why *y, uint32_t node, int32_t client, bool any_client,
                                  uint64_t number)
{
    const interval *found = NULL;
    for (guint i = 0; i < y->locks->len; i++) {
        const interval *one = &g_array_index(y->locks, interval, i);
        if (one->kind == INTERVAL_WAITING && one->node == node &&
            (any_client || one->client == client) && one->first <= number &&
            (ends_behind(one, number) || one->last == number) &&
            (found == NULL || one->first < found->first)) {
            found = one;
        }
    }
    return found;
}

static int by_beginning(gconstpointer a, gconstpointer b)
{
    const interval *const *x = a, *const *y = b;
    return ((*x)->first > (*y)->first) - ((*x)->first < (*y)->first);
}

/* Those who hold what is waited for at some time of the waiting, in the order of their grants. */
static GPtrArray *holders_during(const why *y, const interval *wait)
{
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < y->locks->len; i++) {
        interval *one = &g_array_index(y->locks, interval, i);
        bool begins_before = wait->last == 0 || one->first < wait->last;
        if (one->kind == INTERVAL_HOLDING && one->resource == wait->resource && begins_before &&
            ends_behind(one, wait->first)) {
            g_ptr_array_add(found, one);
        }
    }
    g_ptr_array_sort(found, by_beginning);
    return found;
}

/* Returns who holds it last before the waiting ends. */
static const interval *append_wait(const why *y, const interval *wait, GString *text)
{
    GPtrArray *holders = holders_during(y, wait);
    append_client(text, wait);
    g_string_append_printf(text, " waits for resource %" PRIu32, wait->resource);
    append_span(text, wait);
    for (guint i = 0; i < holders->len && i < HOLDERS_NAMED; i++) {
        const interval *one = holders->pdata[i];
        g_string_append(text, "  held by ");
        append_client(text, one);
        append_span(text, one);
    }
    if (holders->len > HOLDERS_NAMED) {
        g_string_append_printf(text, "  and by others, %u times more\n",
                               holders->len - HOLDERS_NAMED);
    }
    if (holders->len == 0) {
        g_string_append(text, "  held by nobody meanwhile\n");
    }
    const interval *last = holders->len > 0 ? holders->pdata[holders->len - 1] : NULL;
    g_ptr_array_free(holders, TRUE);
    return last;
}

void why_append_waits(const why *y, GString *text)
{
    const interval *seen[WAITS_FOLLOWED];
    const interval *wait = waiting_at(y, y->node, 0, true, y->number);
    for (int count = 0; wait && count < WAITS_FOLLOWED; count++) {
        for (int i = 0; i < count; i++) {
            if (seen[i] == wait) {
                g_string_append(text, "and so on: they wait for each other\n");
                return;
            }
        }
        seen[count] = wait;
        const interval *holder = append_wait(y, wait, text);
        uint64_t until = wait->last > 0 ? wait->last - 1 : UINT64_MAX;
        wait = holder && ends_behind(holder, y->number)
                   ? waiting_at(y, holder->node, holder->client, false, until)
                   : NULL;
    }
}
