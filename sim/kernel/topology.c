/*
 * Who has a link to whom: for each node the ascending list of its neighbours, in one array. A full
 * mesh needs none.
 */
#include "kernel/internal.h"

typedef struct edge_list {
    uint32_t (*edges)[2];
    uint64_t count, capacity;
    uint32_t nodes;
} edge_list;

static void add(edge_list *list, uint32_t a, uint32_t b)
{
    if (a == b || a >= list->nodes || b >= list->nodes) {
        return;
    }
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 64;
        list->edges = realloc(list->edges, list->capacity * sizeof *list->edges);
        ALWAYS(list->edges != NULL);
    }
    list->edges[list->count][0] = a;
    list->edges[list->count++][1] = b;
}

/* The last row may be shorter; a torus closes each row and each column where it ends. */
static void add_grid(edge_list *list, uint32_t width, bool wrap)
{
    uint32_t n = list->nodes;
    width = width < n ? width : n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t x = i % width;
        if (x + 1 < width && i + 1 < n) {
            add(list, i, i + 1);
        } else if (wrap) {
            add(list, i, i - x);
        }
        if (i + width < n) {
            add(list, i, i + width);
        } else if (wrap) {
            add(list, i, x);
        }
    }
}

/* Connected: each node is first joined to a random earlier one, then each other pair by chance. */
static void add_random(world *w, edge_list *list, uint64_t probability)
{
    for (uint32_t i = 1; i < list->nodes; i++) {
        uint32_t parent = (uint32_t)choose(w, PURPOSE_TOPOLOGY, i, 0, i);
        add(list, parent, i);
        for (uint32_t j = 0; j < i; j++) {
            uint64_t draw = choose(w, PURPOSE_TOPOLOGY, pair_key(j + 1, i), 1, 0);
            if (j != parent && (probability == UINT64_MAX || draw < probability)) {
                add(list, j, i);
            }
        }
    }
}

static void fill(world *w, edge_list *list)
{
    const topology *t = &w->config.network.shape;
    uint32_t n = list->nodes;
    for (uint32_t i = 1; i < n; i++) {
        if (t->kind == TOPOLOGY_RING || t->kind == TOPOLOGY_LINE) {
            add(list, i - 1, i);
        } else if (t->kind == TOPOLOGY_STAR) {
            add(list, 0, i);
        } else if (t->kind == TOPOLOGY_TREE) {
            add(list, (i - 1) / t->a, i);
        }
    }
    if (t->kind == TOPOLOGY_RING && n > 2) {
        add(list, n - 1, 0);
    } else if (t->kind == TOPOLOGY_GRID || t->kind == TOPOLOGY_TORUS) {
        add_grid(list, t->a, t->kind == TOPOLOGY_TORUS);
    } else if (t->kind == TOPOLOGY_RANDOM) {
        add_random(w, list, t->probability);
    }
    for (uint32_t i = 0; t->kind == TOPOLOGY_EDGES && i < t->edge_count; i++) {
        add(list, t->edges[i][0], t->edges[i][1]);
    }
}

/* Where the list of each node begins, and its end as the next one's beginning. */
static uint32_t *count_degrees(const edge_list *list)
{
    uint32_t *first = kernel_allocate((list->nodes + 2u) * sizeof *first);
    for (uint64_t i = 0; i < list->count; i++) {
        first[list->edges[i][0] + 2]++;
        first[list->edges[i][1] + 2]++;
    }
    for (uint32_t i = 2; i < list->nodes + 2; i++) {
        first[i] += first[i - 1];
    }
    return first;
}

/* Both directions of every edge, each once. The list is walked by source to fill the lists of the
 * targets, which therefore ascend: links are symmetric. */
static void link_up(world *w, const edge_list *list)
{
    uint32_t n = list->nodes;
    uint32_t *first = count_degrees(list), *next = count_degrees(list);
    uint32_t *all = kernel_allocate((list->count * 2 + 1) * sizeof *all);
    uint32_t *sorted = kernel_allocate((list->count * 2 + 1) * sizeof *sorted);
    for (uint64_t i = 0; i < list->count; i++) {
        all[first[list->edges[i][0] + 1]++] = list->edges[i][1];
        all[first[list->edges[i][1] + 1]++] = list->edges[i][0];
    }
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = first[i]; k < first[i + 1]; k++) {
            uint32_t end = next[all[k] + 1];
            if (end == first[all[k]] || sorted[end - 1] != i) { /* else the edge was named twice */
                sorted[end] = i;
                next[all[k] + 1]++;
            }
        }
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t begin = first[i], end = next[i + 1];
        first[i] = kept;
        memmove(sorted + kept, sorted + begin, (end - begin) * sizeof *sorted);
        kept += end - begin;
    }
    first[n] = kept;
    free(next);
    free(all);
    w->neighbour_first = first;
    w->neighbours = sorted;
}

const char *topology_build(world *w)
{
    const topology *t = &w->config.network.shape;
    if (t->kind == TOPOLOGY_FULL) {
        return NULL;
    }
    bool needs_width = t->kind == TOPOLOGY_GRID || t->kind == TOPOLOGY_TORUS;
    if ((needs_width || t->kind == TOPOLOGY_TREE) && t->a == 0) {
        return "topology: width or arity is 0";
    }
    if (t->kind == TOPOLOGY_RANDOM && w->node_count > 20000) {
        return "topology: a random graph has at most 20,000 nodes";
    }
    edge_list list = {.nodes = w->node_count};
    fill(w, &list);
    if (list.count > UINT32_MAX / 2) {
        free(list.edges);
        return "topology: more than 2^31 links";
    }
    link_up(w, &list);
    free(list.edges);
    return NULL;
}
