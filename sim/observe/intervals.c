/*
 * Open intervals are kept in a table by what they are about. What a crash, a new partition or the
 * end of the run closes together is sorted before it is shown: the order of the table never
 * reaches a result.
 */
#include "observe/intervals.h"

#include <dasim.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

struct intervals {
    void (*on_interval)(void *self, const interval *one);
    void *self;
    uint32_t lock, nodes, resources;
    GHashTable *open;   /* interval * -> itself */
    GHashTable *shared; /* nodes (+ 1, as pointers) whose processes are clients of their own */
};

static guint hash(gconstpointer key)
{
    const interval *i = key;
    guint h = (guint)i->kind;
    h = h * 31 + i->node;
    h = h * 31 + i->peer;
    h = h * 31 + i->resource;
    return h * 31 + (guint)i->client;
}

static gboolean same(gconstpointer a, gconstpointer b)
{
    const interval *x = a, *y = b;
    return x->kind == y->kind && x->node == y->node && x->peer == y->peer &&
           x->resource == y->resource && x->client == y->client;
}

/* ---------------------------------------------------------------------------- open and close */

/* What lasts already goes on. */
static void open(intervals *x, interval what, const record *r)
{
    if (!g_hash_table_contains(x->open, &what)) {
        what.from = r->at;
        what.first = r->number;
        interval *kept = g_memdup2(&what, sizeof what);
        g_hash_table_add(x->open, kept);
    }
}

static void show_closed(const intervals *x, interval one, int64_t at, uint64_t last)
{
    one.to = at;
    one.last = last;
    x->on_interval(x->self, &one);
}

static bool close_one(intervals *x, interval what, const record *r)
{
    const interval *one = g_hash_table_lookup(x->open, &what);
    if (one) {
        show_closed(x, *one, r->at, r->number);
        g_hash_table_remove(x->open, &what);
    }
    return one != NULL;
}

static int by_beginning(const void *a, const void *b)
{
    const interval *x = a, *y = b;
    int64_t order = x->first != y->first     ? (x->first > y->first) - (x->first < y->first)
                    : x->kind != y->kind     ? (int64_t)x->kind - (int64_t)y->kind
                    : x->node != y->node     ? (int64_t)x->node - y->node
                    : x->client != y->client ? (int64_t)x->client - y->client
                                             : (int64_t)x->resource - y->resource;
    return (order > 0) - (order < 0);
}

/* Closes all for which `ends` holds. */
static void close_all(intervals *x, bool (*ends)(const interval *one, uint32_t node), uint32_t node,
                      int64_t at, uint64_t last)
{
    GArray *closed = g_array_new(FALSE, FALSE, sizeof(interval));
    GHashTableIter all;
    gpointer key;
    g_hash_table_iter_init(&all, x->open);
    while (g_hash_table_iter_next(&all, &key, NULL)) {
        if (ends(key, node)) {
            g_array_append_vals(closed, key, 1);
            g_hash_table_iter_remove(&all);
        }
    }
    if (closed->len > 1) {
        qsort(closed->data, closed->len, sizeof(interval), by_beginning);
    }
    for (guint i = 0; i < closed->len; i++) {
        show_closed(x, g_array_index(closed, interval, i), at, last);
    }
    g_array_free(closed, TRUE);
}

static bool ends_by_crash(const interval *one, uint32_t node)
{
    return one->node == node && (one->kind == INTERVAL_WAITING || one->kind == INTERVAL_HOLDING ||
                                 one->kind == INTERVAL_PAUSED);
}

static bool is_partition(const interval *one, uint32_t node)
{
    (void)node;
    return one->kind == INTERVAL_PARTITIONED;
}

static bool is_network(const interval *one, uint32_t node)
{
    (void)node;
    return one->kind == INTERVAL_PARTITIONED || one->kind == INTERVAL_CUT;
}

static bool is_any(const interval *one, uint32_t node)
{
    (void)one;
    (void)node;
    return true;
}

/* ------------------------------------------------------------------------------------- locks */

static interval of_lock(interval_kind kind, uint32_t node, int32_t client, uint32_t resource)
{
    return (interval){.kind = kind,
                      .node = node,
                      .peer = NOBODY,
                      .resource = resource,
                      .client = client < 0 ? -1 : client};
}

static void hold(intervals *x, const record *r, int32_t client, uint32_t resource)
{
    close_one(x, of_lock(INTERVAL_WAITING, r->node, client, resource), r);
    open(x, of_lock(INTERVAL_HOLDING, r->node, client, resource), r);
}

/* Of those of the node who hold the resource, the one that has held it longest. */
static const interval *holder_of(const intervals *x, uint32_t node, uint32_t resource)
{
    const interval *found = NULL;
    GHashTableIter all;
    gpointer key;
    g_hash_table_iter_init(&all, x->open);
    while (g_hash_table_iter_next(&all, &key, NULL)) {
        const interval *one = key;
        bool holds =
            one->kind == INTERVAL_HOLDING && one->node == node && one->resource == resource;
        found = holds && (found == NULL || by_beginning(one, found) < 0) ? one : found;
    }
    return found;
}

static bool is_shared(const intervals *x, uint32_t node)
{
    return g_hash_table_contains(x->shared, GUINT_TO_POINTER(node + 1));
}

static void release(intervals *x, const record *r, uint32_t resource)
{
    if (!close_one(x, of_lock(INTERVAL_HOLDING, r->node, -1, resource), r) &&
        is_shared(x, r->node)) {
        const interval *one = holder_of(x, r->node, resource);
        if (one) {
            close_one(x, *one, r);
        }
    }
}

static void on_lock(intervals *x, const record *r)
{
    if (r->component != x->lock || r->body == NULL || r->size < sizeof(dasim_lock)) {
        return;
    }
    uint32_t resource = ((const dasim_lock *)r->body)->resource;
    if (resource >= x->resources) {
        return;
    }
    if (r->kind == RECORD_REQUEST) {
        if (r->type == DASIM_ACQUIRE && !is_shared(x, r->node)) {
            open(x, of_lock(INTERVAL_WAITING, r->node, -1, resource), r);
        } else if (r->type == DASIM_RELEASE) {
            release(x, r, resource);
        }
    } else if (r->type == DASIM_GRANTED && !is_shared(x, r->node)) {
        hold(x, r, -1, resource);
    } else if (r->type == DASIM_LOST) {
        release(x, r, resource);
    }
}

static void on_client(intervals *x, const record *r)
{
    const client_body *body = r->body;
    bool is_lock = r->type == CLIENT_WAITS || r->type == CLIENT_HOLDS || r->type == CLIENT_QUITS;
    if (!is_lock || body == NULL || r->size < sizeof *body || body->resource >= x->resources) {
        return;
    }
    if (body->client >= 0) {
        g_hash_table_add(x->shared, GUINT_TO_POINTER(r->node + 1));
    }
    switch (r->type) {
    case CLIENT_WAITS:
        open(x, of_lock(INTERVAL_WAITING, r->node, body->client, body->resource), r);
        break;
    case CLIENT_HOLDS:
        hold(x, r, body->client, body->resource);
        break;
    default:
        close_one(x, of_lock(INTERVAL_WAITING, r->node, body->client, body->resource), r);
    }
}

/* --------------------------------------------------------------------------- nodes and links */

static interval of_node(interval_kind kind, uint32_t node)
{
    return (interval){.kind = kind, .node = node, .peer = NOBODY, .client = -1};
}

/* Groups of more nodes than a body holds are not told. */
static void on_partition(intervals *x, const record *r)
{
    close_all(x, is_partition, NOBODY, r->at, r->number);
    const unsigned char *groups = r->body;
    for (uint32_t i = 0; groups && i < x->nodes && i < r->size / 2; i++) {
        uint16_t group;
        memcpy(&group, groups + (size_t)i * 2, sizeof group);
        interval one = of_node(INTERVAL_PARTITIONED, i);
        one.resource = group;
        open(x, one, r);
    }
}

static void on_links(intervals *x, const record *r)
{
    interval cut = {.kind = INTERVAL_CUT, .node = r->node, .peer = r->peer, .client = -1};
    if (r->reason == REASON_PARTITION) {
        on_partition(x, r);
    } else if (r->reason == REASON_CUT) {
        open(x, cut, r);
    } else if (r->reason == REASON_HEAL && r->node == NOBODY && r->peer == NOBODY) {
        close_all(x, is_network, NOBODY, r->at, r->number);
    } else if (r->reason == REASON_HEAL) {
        close_one(x, cut, r);
    }
}

void intervals_record(intervals *x, const record *r)
{
    switch ((record_kind)r->kind) {
    case RECORD_REQUEST:
    case RECORD_INDICATION:
        on_lock(x, r);
        break;
    case RECORD_CLIENT:
        on_client(x, r);
        break;
    case RECORD_CRASH:
        close_all(x, ends_by_crash, r->node, r->at, r->number);
        open(x, of_node(INTERVAL_CRASHED, r->node), r);
        break;
    case RECORD_BOOT:
        close_one(x, of_node(INTERVAL_CRASHED, r->node), r);
        break;
    case RECORD_PAUSE:
        open(x, of_node(INTERVAL_PAUSED, r->node), r);
        break;
    case RECORD_RESUME:
        close_one(x, of_node(INTERVAL_PAUSED, r->node), r);
        break;
    case RECORD_LINKS:
        on_links(x, r);
        break;
    default:
        break;
    }
}

void intervals_end(intervals *x, int64_t at)
{
    close_all(x, is_any, NOBODY, at, 0);
}

/* -------------------------------------------------------------------------------------- life */

intervals *intervals_new(const world *w, void (*on_interval)(void *self, const interval *one),
                         void *self)
{
    intervals *x = g_new0(intervals, 1);
    x->on_interval = on_interval;
    x->self = self;
    x->lock = world_component(w, DASIM_MUTEX);
    x->nodes = world_nodes(w);
    x->resources = world_config_of(w)->resources;
    x->open = g_hash_table_new_full(hash, same, g_free, NULL);
    x->shared = g_hash_table_new(NULL, NULL);
    return x;
}

void intervals_free(intervals *x)
{
    if (x) {
        g_hash_table_destroy(x->open);
        g_hash_table_destroy(x->shared);
        g_free(x);
    }
}

const char *interval_name(interval_kind kind)
{
    static const char *const names[INTERVAL_KINDS] =
        {[INTERVAL_WAITING] = "waiting",         [INTERVAL_HOLDING] = "holding",
         [INTERVAL_CRASHED] = "crashed",         [INTERVAL_PAUSED] = "paused",
         [INTERVAL_PARTITIONED] = "partitioned", [INTERVAL_CUT] = "cut"};
    return names[kind];
}
