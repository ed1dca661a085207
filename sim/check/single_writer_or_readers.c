/*
 * One writer or many readers of a page, at any true time: where a node may write a page, no other
 * node may read or write it.
 *
 * What a node may do is in its declared state: fields with the roles "reader" and "writer", one
 * value for each page. A record comes before the handler that it is about has changed anything, and
 * a SEND from its middle; so a node is looked at when the next event's first record comes, and what
 * is found is true since the record that was about it. A node that is down reads and writes
 * nothing.
 */
#include "check/property.h"

#include <string.h>

enum { MAY_READ = 1, MAY_WRITE = 2 };

/* A field that says who may do what: of which component, where. */
typedef struct right {
    const dasim_field *field; /* NULL: no component declares it */
    uint32_t component, offset, count;
} right;

/* What happened to a node, and was not looked at yet. */
typedef struct touch {
    uint32_t node;
    uint64_t record;
    int64_t at;
} touch;

typedef struct watching {
    right reader, writer;
    uint32_t nodes, pages;
    uint8_t *rights;             /* [node][page], as last seen */
    uint32_t *readers, *writers; /* by page: how many nodes may read or write, write */
    GArray *touched;             /* touch, oldest first, each node once */
    finding violation;
} watching;

static right find_right(const world_config *config, const char *role)
{
    for (uint32_t i = config->stack_size; i-- > 0;) {
        const dasim_field *fields = config->stack[i].algorithm->state;
        for (uint32_t k = 0; fields && fields[k].name; k++) {
            if (fields[k].role && strcmp(fields[k].role, role) == 0) {
                return (right){&fields[k], i,
                               field_offset(fields, k, config->nodes, config->resources),
                               field_count(&fields[k], config->nodes, config->resources)};
            }
        }
    }
    return (right){0};
}

/* Does anybody say who may read and write? */
static bool applies(const world_config *config)
{
    return find_right(config, "reader").field && find_right(config, "writer").field;
}

static void *make(const world *w)
{
    watching *self = g_new0(watching, 1);
    self->reader = find_right(world_config_of(w), "reader");
    self->writer = find_right(world_config_of(w), "writer");
    self->nodes = world_nodes(w);
    self->pages = MIN(self->reader.count, self->writer.count);
    self->rights = g_malloc0((size_t)self->nodes * self->pages + 1);
    self->readers = g_new0(uint32_t, self->pages + 1);
    self->writers = g_new0(uint32_t, self->pages + 1);
    self->touched = g_array_new(FALSE, FALSE, sizeof(touch));
    return self;
}

static bool has_right(const world *w, const right *its, uint32_t node, uint32_t page)
{
    return field_value(world_state(w, node, its->component), its->field, its->offset, page) != 0;
}

static uint8_t rights_now(const watching *self, const world *w, uint32_t node, uint32_t page)
{
    if (!world_is_up(w, node)) {
        return 0;
    }
    bool writes = has_right(w, &self->writer, node, page);
    return (writes ? MAY_WRITE : 0) | (writes || has_right(w, &self->reader, node, page) ? 1 : 0);
}

/* ---------------------------------------------------------------------------------- violation */

/* The first node but `other` that has one of the rights. */
static uint32_t find_node(const watching *self, uint32_t page, uint8_t rights, uint32_t other)
{
    for (uint32_t node = 0; node < self->nodes; node++) {
        if (node != other && (self->rights[(size_t)node * self->pages + page] & rights)) {
            return node;
        }
    }
    return NOBODY;
}

static void violated(watching *self, uint32_t page, const touch *t)
{
    uint32_t writer = find_node(self, page, MAY_WRITE, NOBODY);
    uint32_t other = find_node(self, page, MAY_READ | MAY_WRITE, writer);
    bool both = self->rights[(size_t)other * self->pages + page] & MAY_WRITE;
    self->violation = (finding){.verdict = VERDICT_VIOLATED, .record = t->record, .at = t->at};
    self->violation.reason =
        g_strdup_printf("node %" PRIu32 " may write page %" PRIu32 " while node %" PRIu32
                        " may %s it at " SECONDS " s",
                        writer, page, other, both ? "write" : "read", SECONDS_OF(t->at));
}

static void look_at(watching *self, const world *w, const touch *t)
{
    for (uint32_t page = 0; page < self->pages; page++) {
        uint8_t *old = &self->rights[(size_t)t->node * self->pages + page];
        uint8_t new = rights_now(self, w, t->node, page);
        self->readers[page] += (uint32_t)(new != 0) - (uint32_t)(*old != 0);
        self->writers[page] +=
            (uint32_t)((new &MAY_WRITE) != 0) - (uint32_t)((*old & MAY_WRITE) != 0);
        *old = new;
        if (self->writers[page] > 0 && self->readers[page] > 1 &&
            self->violation.verdict == VERDICT_HOLDS) {
            violated(self, page, t);
        }
    }
}

static void look(watching *self, const world *w)
{
    for (guint i = 0; i < self->touched->len; i++) {
        look_at(self, w, &g_array_index(self->touched, touch, i));
    }
    g_array_set_size(self->touched, 0);
}

/* ------------------------------------------------------------------------------------ records */

static void touch_node(watching *self, const record *r)
{
    for (guint i = 0; i < self->touched->len; i++) {
        touch *t = &g_array_index(self->touched, touch, i);
        if (t->node == r->node) {
            t->record = r->number;
            t->at = r->at;
            return;
        }
    }
    touch one = {r->node, r->number, r->at};
    g_array_append_val(self->touched, one);
}

static void on_record(void *state, const world *w, const record *r)
{
    watching *self = state;
    if (self->pages == 0 || r->node == NOBODY) {
        return;
    }
    switch ((record_kind)r->kind) {
    case RECORD_BOOT:
    case RECORD_CRASH:
    case RECORD_RECEIVE:
    case RECORD_TIMER:
    case RECORD_REQUEST:
    case RECORD_INDICATION:
        look(self, w);
        touch_node(self, r);
        break;
    default:
        break;
    }
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)end;
    watching *self = state;
    look(self, w);
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
}

static void destroy(void *state)
{
    watching *self = state;
    finding_clear(&self->violation);
    g_array_free(self->touched, TRUE);
    g_free(self->rights);
    g_free(self->readers);
    g_free(self->writers);
    g_free(self);
}

const property single_writer_or_readers = {
    .name = "single_writer_or_readers",
    .statement = "at no true time may a node write a page that another may read or write",
    .reference = "K. Li, P. Hudak, \"Memory Coherence in Shared Virtual Memory Systems\", ACM TOCS "
                 "7(4), 1989",
    .liveness = false,
    .reads_state = true,
    .service = DASIM_MEMORY,
    .applies = applies,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
