#include "observe/fault_hits.h"

#include "observe/names.h"

#include <string.h>

struct fault_hits {
    GTree *counts; /* "crash\0holding" as "crash/holding" -> count */
    uint8_t *does; /* by node */
    uint32_t lock; /* component; STACK_MOST: none */
};

enum { IDLE, WAITING, HOLDING };

static int compare(gconstpointer a, gconstpointer b, gpointer unused)
{
    (void)unused;
    return strcmp(a, b);
}

fault_hits *fault_hits_new(const world *w)
{
    fault_hits *h = g_new0(fault_hits, 1);
    h->counts = g_tree_new_full(compare, NULL, g_free, NULL);
    h->does = g_new0(uint8_t, world_nodes(w));
    h->lock = world_component(w, DASIM_MUTEX);
    return h;
}

void fault_hits_free(fault_hits *h)
{
    if (h) {
        g_tree_destroy(h->counts);
        g_free(h->does);
        g_free(h);
    }
}

/* The first role that the state of any component gives the node, from the top down. */
static const char *role_of(const world *w, uint32_t node)
{
    const world_config *config = world_config_of(w);
    for (uint32_t c = config->stack_size; c-- > 0;) {
        const dasim_field *fields = config->stack[c].algorithm->state;
        const void *state = world_state(w, node, c);
        for (uint32_t i = 0; fields && state && fields[i].name; i++) {
            uint32_t at = field_offset(fields, i, config->nodes, config->resources);
            uint32_t count = field_count(&fields[i], config->nodes, config->resources);
            for (uint32_t k = 0; fields[i].role && k < count; k++) {
                if (field_value(state, &fields[i], at, k) != 0) {
                    return fields[i].role;
                }
            }
        }
    }
    return NULL;
}

static void hit(fault_hits *h, const world *w, const char *kind, uint32_t node)
{
    static const char *const words[] = {"idle", "waiting", "holding"};
    const char *state = "links";
    if (node != NOBODY) {
        const char *role = role_of(w, node);
        state = role ? role : words[h->does[node]];
    }
    char *key = g_strdup_printf("%s/%s", kind, state);
    gsize count = GPOINTER_TO_SIZE(g_tree_lookup(h->counts, key));
    g_tree_insert(h->counts, key, GSIZE_TO_POINTER(count + 1));
}

static void follow(fault_hits *h, const record *r)
{
    if (r->component == h->lock && r->kind == RECORD_REQUEST) {
        h->does[r->node] = r->type == DASIM_ACQUIRE ? WAITING : IDLE;
    } else if (r->component == h->lock && r->kind == RECORD_INDICATION) {
        h->does[r->node] = r->type == DASIM_GRANTED ? HOLDING : IDLE;
    }
}

static void on_record(void *self, const world *w, const record *r)
{
    fault_hits *h = self;
    switch (r->kind) {
    case RECORD_CRASH:
        hit(h, w, "crash", r->node);
        h->does[r->node] = IDLE;
        break;
    case RECORD_PAUSE:
        hit(h, w, "pause", r->node);
        break;
    case RECORD_SLOW:
        hit(h, w, "slow", r->node);
        break;
    case RECORD_CLOCK:
        hit(h, w, "drift", r->node);
        break;
    case RECORD_LOST:
        hit(h, w, record_reason_name(r->reason), r->peer);
        break;
    case RECORD_LINKS:
        if (r->reason == REASON_HEAL) {
            break;
        }
        hit(h, w, record_reason_name(r->reason), r->node);
        break;
    default:
        follow(h, r);
    }
}

observer fault_hits_observer(fault_hits *h)
{
    return (observer){h, on_record};
}

typedef struct writing {
    GString *text;
    char *kind; /* the one that is open; NULL: none */
} writing;

static gboolean append(gpointer key, gpointer value, gpointer context)
{
    writing *to = context;
    const char *slash = strchr(key, '/');
    char *kind = g_strndup(key, (gsize)(slash - (const char *)key));
    bool is_new = g_strcmp0(kind, to->kind) != 0;
    if (is_new) {
        g_string_append_printf(to->text, "%s\"%s\":{", to->kind ? "}," : "", kind);
    }
    g_string_append_printf(to->text, "%s\"%s\":%" G_GSIZE_FORMAT, is_new ? "" : ",", slash + 1,
                           GPOINTER_TO_SIZE(value));
    g_free(to->kind);
    to->kind = kind;
    return FALSE;
}

void fault_hits_append_json(const fault_hits *h, GString *text)
{
    writing to = {text, NULL};
    g_string_append_c(text, '{');
    g_tree_foreach(h->counts, append, &to);
    g_string_append(text, to.kind ? "}}" : "}");
    g_free(to.kind);
}
