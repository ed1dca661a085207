/* The accesses of a run, from its records. */
#include "check/memory_history.h"

#include "base/map.h"

/* -------------------------------------------------------------------------------- collecting */

static uint32_t memory_component(const world *w)
{
    const world_config *config = world_config_of(w);
    for (uint32_t i = config->stack_size; i-- > 0;) {
        if (config->stack[i].algorithm->provides == DASIM_MEMORY) {
            return i;
        }
    }
    return STACK_MOST;
}

void *memory_history_make(const world *w)
{
    memory_history *h = g_new0(memory_history, 1);
    h->component = memory_component(w);
    h->objects = world_config_of(w)->resources;
    h->accesses = g_array_new(FALSE, FALSE, sizeof(memory_access));
    h->clients = map_new();
    h->open = map_new();
    return h;
}

void memory_history_free(void *self)
{
    memory_history *h = self;
    g_array_free(h->accesses, TRUE);
    map_free(h->clients);
    map_free(h->open);
    g_free(h);
}

static uint32_t client_of(memory_history *h, uint32_t node, uint32_t tag)
{
    uint64_t key = (uint64_t)node << 32 | tag;
    int64_t client;
    if (!map_get(h->clients, key, &client)) {
        client = (int64_t)map_count(h->clients);
        map_put(h->clients, key, client);
    }
    return (uint32_t)client;
}

/* What the client had under way is given up. */
static void ask(memory_history *h, const record *r, const dasim_access *access)
{
    memory_access a = {.client = client_of(h, r->node, access->tag),
                       .node = r->node,
                       .object = access->object,
                       .is_write = r->type == DASIM_WRITE,
                       .value = r->type == DASIM_WRITE ? access->value : 0,
                       .asked = r->number,
                       .asked_at = r->at,
                       .done = MEMORY_NEVER};
    h->is_full |= h->accesses->len >= MEMORY_ACCESSES_MOST;
    if (!h->is_full) {
        map_put(h->open, a.client, h->accesses->len);
        g_array_append_val(h->accesses, a);
    }
}

/* Only the answer to what the client waits for counts. */
static void end(memory_history *h, const record *r, const dasim_access *access)
{
    uint32_t client = client_of(h, r->node, access->tag);
    int64_t place;
    if (h->is_full || !map_get(h->open, client, &place)) {
        return; /* when full: what was read may have been written by one that was not kept */
    }
    memory_access *a = &g_array_index(h->accesses, memory_access, place);
    if (a->object != access->object || a->is_write != (r->type == DASIM_WRITE_DONE)) {
        return;
    }
    map_take(h->open, client, NULL);
    a->done = r->number;
    a->done_at = r->at;
    a->value = a->is_write ? a->value : access->value;
}

typedef struct giving_up {
    memory_history *h;
    uint32_t node;
    GArray *clients;
} giving_up;

static void find_open(void *context, uint64_t client, int64_t place)
{
    giving_up *g = context;
    if (g_array_index(g->h->accesses, memory_access, place).node == g->node) {
        g_array_append_val(g->clients, client);
    }
}

static void crash(memory_history *h, uint32_t node)
{
    giving_up g = {h, node, g_array_new(FALSE, FALSE, sizeof(uint64_t))};
    map_each(h->open, find_open, &g);
    for (guint i = 0; i < g.clients->len; i++) {
        map_take(h->open, g_array_index(g.clients, uint64_t, i), NULL);
    }
    g_array_free(g.clients, TRUE);
}

void memory_history_record(void *self, const world *w, const record *r)
{
    (void)w;
    memory_history *h = self;
    if (r->kind == RECORD_CRASH) {
        crash(h, r->node);
        return;
    }
    const dasim_access *access = r->body;
    if (r->component != h->component || access == NULL || r->size < sizeof *access ||
        access->object >= h->objects) {
        return;
    }
    if (r->kind == RECORD_REQUEST && (r->type == DASIM_READ || r->type == DASIM_WRITE)) {
        ask(h, r, access);
    } else if (r->kind == RECORD_INDICATION &&
               (r->type == DASIM_READ_DONE || r->type == DASIM_WRITE_DONE)) {
        end(h, r, access);
    }
}

const memory_access *memory_history_accesses(const memory_history *h, uint32_t *count)
{
    *count = h->accesses->len;
    return (const memory_access *)(const void *)h->accesses->data;
}
