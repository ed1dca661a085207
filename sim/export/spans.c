/*
 * Open spans are found by what they are about, in a hash table that is only looked up and never
 * walked; all spans, open or not, stand in the order in which they began.
 */
#include "export/spans.h"

#include <glib.h>

/* What tells an open span from all others. Of what is held, the client does not count: a RELEASE
 * is the node's, whichever client it was that held. */
typedef struct span_key {
    uint32_t node, resource;
    int32_t client;
    uint32_t kind;
} span_key;

struct spans {
    uint32_t lock, memory, channel, election; /* components; STACK_MOST: none */
    GArray *all;                              /* span */
    GHashTable *open;                         /* span_key -> place in `all` plus 1 */
    guint8 *is_shared;                        /* per node: its clients are told apart */
    guint settled;                            /* all before that place have ended */
};

static guint hash_key(gconstpointer data)
{
    const span_key *k = data;
    guint hash = k->node * 2654435761u;
    hash = (hash ^ k->resource) * 2246822519u;
    hash = (hash ^ (guint)k->client) * 3266489917u;
    return (hash ^ k->kind ^ hash >> 15) * 668265263u;
}

static gboolean equal_key(gconstpointer a, gconstpointer b)
{
    const span_key *one = a, *other = b;
    return one->node == other->node && one->resource == other->resource &&
           one->client == other->client && one->kind == other->kind;
}

static span_key key_of(const span *of)
{
    return (span_key){of->node, of->resource, of->kind == SPAN_HOLDS ? -1 : of->client, of->kind};
}

static span *find(const spans *s, const span *like)
{
    span_key key = key_of(like);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(s->open, &key));
    return place > 0 ? &g_array_index(s->all, span, place - 1) : NULL;
}

/* What took no time is left out where waiting is all there is to see. */
static void end(spans *s, span *one, const record *r)
{
    span_key key = key_of(one);
    g_hash_table_remove(s->open, &key);
    one->to = r->number;
    one->to_at = r->at;
}

static void begin(spans *s, const record *r, span one)
{
    if (find(s, &one)) {
        return;
    }
    span_key key = key_of(&one);
    one.from = r->number;
    one.from_at = r->at;
    g_array_append_val(s->all, one);
    g_hash_table_insert(s->open, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(s->all->len));
}

static void end_like(spans *s, const record *r, span like)
{
    span *one = find(s, &like);
    if (one) {
        end(s, one, r);
    }
}

/* ---------------------------------------------------------------------------------- records */

static void on_hold(spans *s, const record *r, int32_t client, uint32_t resource)
{
    end_like(s, r,
             (span){.kind = SPAN_WAITS, .node = r->node, .client = client, .resource = resource});
    begin(s, r,
          (span){.kind = SPAN_HOLDS, .node = r->node, .client = client, .resource = resource});
}

static void on_lock(spans *s, const record *r)
{
    const dasim_lock *lock = r->body;
    if (lock == NULL || r->size < sizeof *lock) {
        return;
    }
    span wait = {.kind = SPAN_WAITS, .node = r->node, .client = -1, .resource = lock->resource};
    span hold = {.kind = SPAN_HOLDS, .node = r->node, .client = -1, .resource = lock->resource};
    bool is_end = r->kind == RECORD_REQUEST ? r->type == DASIM_RELEASE : r->type == DASIM_LOST;
    if (is_end) {
        end_like(s, r, hold);
    } else if (s->is_shared[r->node]) {
        return;
    } else if (r->kind == RECORD_REQUEST && r->type == DASIM_ACQUIRE) {
        begin(s, r, wait);
    } else if (r->kind == RECORD_INDICATION && r->type == DASIM_GRANTED) {
        on_hold(s, r, -1, lock->resource);
    }
}

static void on_client(spans *s, const record *r)
{
    const client_body *body = r->body;
    if (body == NULL || r->size < sizeof *body) {
        return;
    }
    span wait = {.kind = SPAN_WAITS,
                 .node = r->node,
                 .client = body->client,
                 .resource = body->resource};
    s->is_shared[r->node] |= body->client >= 0;
    if (r->type == CLIENT_WAITS) {
        begin(s, r, wait);
    } else if (r->type == CLIENT_HOLDS) {
        on_hold(s, r, body->client, body->resource);
    } else {
        end_like(s, r, wait);
    }
}

static void on_access(spans *s, const record *r)
{
    const dasim_access *access = r->body;
    if (access == NULL || r->size < sizeof *access) {
        return;
    }
    span one = {.kind = SPAN_ACCESS,
                .node = r->node,
                .client = (int32_t)access->tag,
                .resource = access->object};
    if (r->kind == RECORD_REQUEST) {
        begin(s, r, one);
    } else {
        end_like(s, r, one);
    }
}

static void on_call(spans *s, const record *r)
{
    const dasim_call *call = r->body;
    if (call == NULL || r->size < sizeof *call) {
        return;
    }
    span one = {.kind = SPAN_CALL, .node = r->node, .client = (int32_t)call->process};
    if (r->kind == RECORD_REQUEST) {
        begin(s, r, one);
    } else {
        end_like(s, r, one);
    }
}

static void on_leader(spans *s, const record *r)
{
    const dasim_leader *named = r->body;
    if (r->kind != RECORD_INDICATION || r->type != DASIM_LEADER || named == NULL ||
        r->size < sizeof *named) {
        return;
    }
    span one = {.kind = SPAN_LEADS, .node = r->node, .client = -1};
    if (named->leader == r->node) {
        begin(s, r, one);
    } else {
        end_like(s, r, one);
    }
}

static void on_crash(spans *s, const record *r)
{
    bool all_ended = true;
    for (guint i = s->settled; i < s->all->len; i++) {
        span *one = &g_array_index(s->all, span, i);
        if (one->to == 0 && one->node == r->node) {
            end(s, one, r);
        }
        all_ended &= one->to != 0;
        s->settled += all_ended;
    }
}

/* ----------------------------------------------------------------------------------- public */

spans *spans_new(const world *w)
{
    spans *s = g_new0(spans, 1);
    s->lock = world_component(w, DASIM_MUTEX);
    s->memory = world_component(w, DASIM_MEMORY);
    s->channel = world_component(w, DASIM_CHANNEL);
    s->election = world_component(w, DASIM_ELECTION);
    s->all = g_array_new(FALSE, FALSE, sizeof(span));
    s->open = g_hash_table_new_full(hash_key, equal_key, g_free, NULL);
    s->is_shared = g_new0(guint8, world_nodes(w));
    return s;
}

void spans_free(spans *s)
{
    g_array_free(s->all, TRUE);
    g_hash_table_destroy(s->open);
    g_free(s->is_shared);
    g_free(s);
}

void spans_record(spans *s, const world *w, const record *r)
{
    (void)w;
    if (r->kind == RECORD_CRASH) {
        on_crash(s, r);
    } else if (r->kind == RECORD_CLIENT) {
        on_client(s, r);
    } else if (r->kind != RECORD_REQUEST && r->kind != RECORD_INDICATION) {
        return;
    } else if (r->component == s->lock) {
        on_lock(s, r);
    } else if (r->component == s->memory) {
        on_access(s, r);
    } else if (r->component == s->channel) {
        on_call(s, r);
    } else if (r->component == s->election) {
        on_leader(s, r);
    }
}

const span *spans_all(spans *s, int64_t now, size_t *count)
{
    guint kept = 0;
    for (guint i = 0; i < s->all->len; i++) {
        span one = g_array_index(s->all, span, i);
        one.to_at = one.to == 0 ? now : one.to_at;
        bool took_time = one.kind != SPAN_ACCESS && one.kind != SPAN_CALL;
        if (took_time || one.to == 0 || one.to_at > one.from_at) {
            g_array_index(s->all, span, kept++) = one;
        }
    }
    g_array_set_size(s->all, kept);
    g_hash_table_remove_all(s->open);
    *count = kept;
    return (const span *)(const void *)s->all->data;
}

const char *span_kind_name(span_kind kind)
{
    static const char *const names[SPAN_KINDS] = {
        [SPAN_WAITS] = "waits", [SPAN_HOLDS] = "holds", [SPAN_ACCESS] = "access",
        [SPAN_CALL] = "call",   [SPAN_LEADS] = "leads",
    };
    return names[kind];
}
