/*
 * Open spans are found by what they are about, in a hash table that is only looked up and never
 * walked; all spans, open or not, stand in the order in which they began or, those of locks, ended.
 */
#include "export/spans.h"

#include "observe/intervals.h"

#include <glib.h>

/* What tells an open span from all others. */
typedef struct span_key {
    uint32_t node, resource;
    int32_t client;
    uint32_t kind;
} span_key;

struct spans {
    uint32_t memory, channel, election; /* components; STACK_MOST: none */
    intervals *locks;
    GArray *all;      /* span */
    GHashTable *open; /* span_key -> place in `all` plus 1 */
    guint settled;    /* all before that place have ended */
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
    return (span_key){of->node, of->resource, of->client, of->kind};
}

static span *find(const spans *s, const span *like)
{
    span_key key = key_of(like);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(s->open, &key));
    return place > 0 ? &g_array_index(s->all, span, place - 1) : NULL;
}

static void end(spans *s, span *one, const record *r)
{
    span_key key = key_of(one);
    g_hash_table_remove(s->open, &key);
    one->to = r->number;
    one->to_at = r->at;
}

static void begin_or_end(spans *s, const record *r, span one, bool begins)
{
    span *open = find(s, &one);
    if (open && !begins) {
        end(s, open, r);
    }
    if (open || !begins) {
        return;
    }
    span_key key = key_of(&one);
    one.from = r->number;
    one.from_at = r->at;
    g_array_append_val(s->all, one);
    g_hash_table_insert(s->open, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(s->all->len));
}

/* ---------------------------------------------------------------------------------- records */

static void on_lock(void *self, const interval *one)
{
    spans *s = self;
    if (one->kind != INTERVAL_WAITING && one->kind != INTERVAL_HOLDING) {
        return;
    }
    span of = {.kind = one->kind == INTERVAL_WAITING ? SPAN_WAITS : SPAN_HOLDS,
               .node = one->node,
               .client = one->client,
               .resource = one->resource,
               .from = one->first,
               .to = one->last,
               .from_at = one->from,
               .to_at = one->to};
    g_array_append_val(s->all, of);
}

static void on_access(spans *s, const record *r)
{
    const dasim_access *access = r->body;
    if (access && r->size >= sizeof *access) {
        begin_or_end(s, r,
                     (span){.kind = SPAN_ACCESS,
                            .node = r->node,
                            .client = (int32_t)access->tag,
                            .resource = access->object},
                     r->kind == RECORD_REQUEST);
    }
}

/* Nobody is told that he has ended: EXIT is over at once. */
static void on_call(spans *s, const record *r)
{
    const dasim_call *call = r->body;
    if (call == NULL || r->size < sizeof *call) {
        return;
    }
    span one = {.kind = SPAN_CALL, .node = r->node, .client = (int32_t)call->process};
    begin_or_end(s, r, one, r->kind == RECORD_REQUEST);
    if (r->type == DASIM_EXIT) {
        begin_or_end(s, r, one, false);
    }
}

static void on_leader(spans *s, const record *r)
{
    const dasim_leader *named = r->body;
    if (r->kind == RECORD_INDICATION && r->type == DASIM_LEADER && named &&
        r->size >= sizeof *named) {
        begin_or_end(s, r, (span){.kind = SPAN_LEADS, .node = r->node, .client = -1},
                     named->leader == r->node);
    }
}

static bool is_of_lock(const span *one)
{
    return one->kind == SPAN_WAITS || one->kind == SPAN_HOLDS;
}

static void on_crash(spans *s, const record *r)
{
    bool all_ended = true;
    for (guint i = s->settled; i < s->all->len; i++) {
        span *one = &g_array_index(s->all, span, i);
        if (one->to == 0 && one->node == r->node && !is_of_lock(one)) {
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
    s->memory = world_component(w, DASIM_MEMORY);
    s->channel = world_component(w, DASIM_CHANNEL);
    s->election = world_component(w, DASIM_ELECTION);
    s->locks = intervals_new(w, on_lock, s);
    s->all = g_array_new(FALSE, FALSE, sizeof(span));
    s->open = g_hash_table_new_full(hash_key, equal_key, g_free, NULL);
    return s;
}

void spans_free(spans *s)
{
    intervals_free(s->locks);
    g_array_free(s->all, TRUE);
    g_hash_table_destroy(s->open);
    g_free(s);
}

void spans_record(spans *s, const record *r)
{
    intervals_record(s->locks, r);
    if (r->kind == RECORD_CRASH) {
        on_crash(s, r);
    } else if (r->kind != RECORD_REQUEST && r->kind != RECORD_INDICATION) {
        return;
    } else if (r->component == s->memory) {
        on_access(s, r);
    } else if (r->component == s->channel) {
        on_call(s, r);
    } else if (r->component == s->election) {
        on_leader(s, r);
    }
}

/* Total: no two begin with the same record and are of the same client, resource and kind. */
static gint by_beginning(gconstpointer a, gconstpointer b)
{
    const span *one = a, *other = b;
    const int64_t keys[][2] = {{(int64_t)one->from, (int64_t)other->from},
                               {one->node, other->node},
                               {one->kind, other->kind},
                               {one->resource, other->resource},
                               {one->client, other->client}};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

const span *spans_all(spans *s, int64_t now, size_t *count)
{
    guint kept = 0;
    intervals_end(s->locks, now);
    for (guint i = 0; i < s->all->len; i++) {
        span one = g_array_index(s->all, span, i);
        one.to_at = one.to == 0 ? now : one.to_at;
        if (one.kind != SPAN_ACCESS || one.to == 0 || one.to_at > one.from_at) {
            g_array_index(s->all, span, kept++) = one;
        }
    }
    g_array_set_size(s->all, kept);
    g_array_sort(s->all, by_beginning);
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
