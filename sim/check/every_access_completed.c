/*
 * Memory that answers: in the end, every read and every write is done.
 *
 * Judged once faults have stopped and time was given. A crash ends the accesses of its node: only
 * those of the life that still goes on count. An access is known by its node and its tag.
 */
#include "check/property.h"

enum { NAMED_MOST = 5 };

typedef struct waiting {
    uint32_t node, tag, object, op;
    uint64_t record;
    int64_t since;
} waiting;

typedef struct completing {
    uint32_t component; /* the uppermost that provides a memory */
    GArray *open;       /* waiting, in the order of their requests; few at any time */
} completing;

static void *make(const world *w)
{
    const world_config *config = world_config_of(w);
    completing *self = g_new0(completing, 1);
    self->component = STACK_MOST;
    for (uint32_t i = 0; i < config->stack_size; i++) {
        if (config->stack[i].algorithm->provides == DASIM_MEMORY) {
            self->component = i;
        }
    }
    self->open = g_array_new(FALSE, FALSE, sizeof(waiting));
    return self;
}

static void done(completing *self, const record *r, const dasim_access *access)
{
    for (guint i = 0; i < self->open->len; i++) {
        const waiting *one = &g_array_index(self->open, waiting, i);
        uint32_t expected = one->op == DASIM_WRITE ? DASIM_WRITE_DONE : DASIM_READ_DONE;
        if (one->node == r->node && one->tag == access->tag && r->type == expected) {
            g_array_remove_index(self->open, i);
            return;
        }
    }
}

static void crashed(completing *self, uint32_t node)
{
    for (guint i = self->open->len; i-- > 0;) {
        if (g_array_index(self->open, waiting, i).node == node) {
            g_array_remove_index(self->open, i);
        }
    }
}

static void on_record(void *state, const world *w, const record *r)
{
    (void)w;
    completing *self = state;
    if (r->kind == RECORD_CRASH) {
        crashed(self, r->node);
        return;
    }
    bool asks = r->kind == RECORD_REQUEST && (r->type == DASIM_READ || r->type == DASIM_WRITE);
    if (r->component != self->component || r->size < sizeof(dasim_access) || r->body == NULL) {
        return;
    }
    const dasim_access *access = r->body;
    if (asks) {
        waiting one = {r->node, access->tag, access->object, r->type, r->number, r->at};
        g_array_append_val(self->open, one);
    } else if (r->kind == RECORD_INDICATION) {
        done(self, r, access);
    }
}

static char *sentence(const GArray *open, bool settled)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < open->len && i < NAMED_MOST; i++) {
        const waiting *one = &g_array_index(open, waiting, i);
        g_string_append_printf(text, "%snode %" PRIu32 " %s object %" PRIu32 " since " SECONDS " s",
                               i > 0 ? ", " : "", one->node,
                               one->op == DASIM_WRITE ? "writes" : "reads", one->object,
                               SECONDS_OF(one->since));
    }
    if (open->len > NAMED_MOST) {
        g_string_append_printf(text, ", and %u more", open->len - NAMED_MOST);
    }
    g_string_append(text, settled ? "" : "; the run ended before it was clear whether in vain");
    return g_string_free(text, FALSE);
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    completing *self = state;
    *result = (finding){.verdict = VERDICT_HOLDS};
    if (self->open->len > 0) {
        const waiting *first = &g_array_index(self->open, waiting, 0);
        result->verdict = end.settled ? VERDICT_VIOLATED : VERDICT_INCONCLUSIVE;
        result->record = first->record;
        result->at = first->since;
        result->reason = sentence(self->open, end.settled);
    }
}

static void destroy(void *state)
{
    completing *self = state;
    g_array_free(self->open, TRUE);
    g_free(self);
}

const property every_access_completed = {
    .name = "every_access_completed",
    .statement =
        "once faults have stopped, every read and write of a live client is done in the end",
    .reference = "C. Cachin, R. Guerraoui, L. Rodrigues, \"Introduction to Reliable and Secure "
                 "Distributed Programming\", 2nd ed., 2011, section 4.2, termination",
    .liveness = true,
    .service = DASIM_MEMORY,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
