/* Most runs are seen whole: that costs one comparison a record. */
#include "observe/window.h"

#include "observe/names.h"
#include "plugin/plugin.h"

#include <inttypes.h>
#include <string.h>

enum { OPERATIONS_LOOKED_AT = 64 };

void window_init(window *x)
{
    *x = (window){.from = INT64_MIN, .until = INT64_MAX};
    x->nodes = g_array_new(FALSE, FALSE, sizeof(node_span));
    x->types = g_ptr_array_new_with_free_func(g_free);
}

void window_clear(window *x)
{
    g_array_free(x->nodes, TRUE);
    g_ptr_array_free(x->types, TRUE);
}

bool window_is_whole(const window *x)
{
    return x->from == INT64_MIN && x->until == INT64_MAX && x->nodes->len == 0 &&
           x->types->len == 0;
}

/* ---------------------------------------------------------------------------------- filling */

static bool read_node(const char *word, uint32_t *node)
{
    guint64 number = 0;
    bool good = g_ascii_string_to_unsigned(word, 10, 0, NOBODY - 1, &number, NULL);
    *node = (uint32_t)number;
    return good;
}

static bool read_span(const char *word, node_span *span)
{
    char **ends = g_strsplit(word, "..", 2);
    bool good = ends[0] && read_node(ends[0], &span->from);
    span->until = span->from;
    if (good && ends[1]) {
        good = read_node(ends[1], &span->until) && span->from <= span->until;
    }
    g_strfreev(ends);
    return good;
}

bool window_add_nodes(window *x, const char *list)
{
    char **words = g_strsplit(list, ",", -1);
    bool good = words[0] != NULL;
    for (char **word = words; good && *word; word++) {
        node_span span;
        good = read_span(*word, &span);
        if (good) {
            g_array_append_val(x->nodes, span);
        }
    }
    g_strfreev(words);
    return good;
}

void window_add_types(window *x, const char *list)
{
    char **words = g_strsplit(list, ",", -1);
    if (words[0] == NULL) { /* nothing has no name: window_fault tells */
        g_ptr_array_add(x->types, g_strdup(""));
    }
    for (char **word = words; *word; word++) {
        g_ptr_array_add(x->types, *word);
    }
    g_free(words); /* the words are the window's now */
}

/* ------------------------------------------------------------------------------ what is known */

static void add_name(GPtrArray *names, const char *name)
{
    if (name && name[0] && name[0] != '?') {
        g_ptr_array_add(names, (char *)(uintptr_t)name);
    }
}

static void add_names_of(GPtrArray *names, const dasim_algorithm *a)
{
    for (const dasim_message *m = a->messages; m && m->name; m++) {
        add_name(names, m->name);
    }
    for (const char *const *timer = a->timers; timer && *timer; timer++) {
        add_name(names, *timer);
    }
    for (uint32_t op = 0; op < OPERATIONS_LOOKED_AT; op++) {
        add_name(names, service_request_name(a->provides, op));
        add_name(names, service_indication_name(a->provides, op));
    }
}

static GPtrArray *names_of(const world_config *config)
{
    static const char *const of_clients[] = {"WAITS", "HOLDS",      "QUITS",
                                             "JOINS", "RECOVERING", "STABLE_LOST"};
    GPtrArray *names = g_ptr_array_new();
    for (record_kind kind = RECORD_BOOT; kind < RECORD_KINDS; kind++) {
        add_name(names, record_kind_name(kind));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(of_clients); i++) {
        add_name(names, of_clients[i]);
    }
    for (uint32_t i = 0; i < config->stack_size; i++) {
        add_names_of(names, config->stack[i].algorithm);
    }
    return names;
}

static char *fault_of_type(const char *found, const GPtrArray *names)
{
    for (guint i = 0; i < names->len; i++) {
        if (strcmp(found, names->pdata[i]) == 0) {
            return NULL;
        }
    }
    const char *near = nearest_name(found, (const char *const *)names->pdata, names->len);
    return g_strdup_printf("found --type '%s', expected a message, an operation, a timer or a kind "
                           "of record%s%s%s",
                           found, near ? "; did you mean '" : "", near ? near : "",
                           near ? "'?" : "");
}

char *window_fault(const window *x, const world_config *config)
{
    for (guint i = 0; i < x->nodes->len; i++) {
        uint32_t last = g_array_index(x->nodes, node_span, i).until;
        if (last >= config->nodes) {
            return g_strdup_printf("found --node %" PRIu32 ", expected 0 .. %" PRIu32, last,
                                   config->nodes - 1);
        }
    }
    GPtrArray *names = names_of(config);
    char *fault = NULL;
    for (guint i = 0; fault == NULL && i < x->types->len; i++) {
        fault = fault_of_type(x->types->pdata[i], names);
    }
    g_ptr_array_free(names, TRUE);
    return fault;
}

/* ----------------------------------------------------------------------------------- looking */

bool window_has_node(const window *x, uint32_t node)
{
    bool found = x->nodes->len == 0;
    for (guint i = 0; !found && i < x->nodes->len; i++) {
        const node_span *span = &g_array_index(x->nodes, node_span, i);
        found = node >= span->from && node <= span->until;
    }
    return found;
}

bool window_overlaps(const window *x, int64_t from, int64_t to)
{
    return from <= x->until && to >= x->from;
}

static bool concerns_nodes(const window *x, const record *r)
{
    if (x->nodes->len == 0 || window_has_node(x, r->node)) {
        return true;
    }
    return r->kind == RECORD_LINKS &&
           (r->node == NOBODY || r->peer == NOBODY || window_has_node(x, r->peer));
}

static bool has_type(const window *x, const world *w, const record *r)
{
    const char *type = record_type_name(w, r), *kind = record_kind_name(r->kind);
    for (guint i = 0; i < x->types->len; i++) {
        if (strcmp(x->types->pdata[i], type) == 0 || strcmp(x->types->pdata[i], kind) == 0) {
            return true;
        }
    }
    return x->types->len == 0;
}

bool window_selects(const window *x, const world *w, const record *r)
{
    return r->at >= x->from && r->at <= x->until && concerns_nodes(x, r) && has_type(x, w, r);
}
