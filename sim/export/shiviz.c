/*
 * The log format of ShiViz (I. Beschastnikh, P. Wang, Y. Brun, M. Ernst, "Debugging Distributed
 * Systems", CACM 59(8), 2016; https://bestchai.bitbucket.io/shiviz/): the expression that reads it,
 * an empty line, then two lines an event. The clocks count the events that are written: what is
 * left out still carries what its node knew.
 */
#include "base/map.h"
#include "export/export.h"
#include "export/lines.h"
#include "observe/names.h"

#include <string.h>

enum { EVENTS_MOST = 5000, NODES_MOST = 4096 };

typedef struct shiviz {
    lines out;
    uint32_t nodes;
    uint32_t *clocks;         /* [node][node] */
    map sent;                 /* number of the SEND -> index in `copies` + 1 */
    GPtrArray *copies;        /* uint32_t[nodes]; NULL: free */
    GArray *free;             /* guint: free places of `copies` */
    uint64_t written, others; /* events */
    uint32_t last;            /* node of the last event */
} shiviz;

static void *begin(FILE *file, const world *w, const export_about *about)
{
    (void)about;
    shiviz *s = g_new0(shiviz, 1);
    lines_init(&s->out, file);
    s->nodes = world_nodes(w);
    map_init(&s->sent, sizeof(uint64_t));
    s->copies = g_ptr_array_new();
    s->free = g_array_new(FALSE, FALSE, sizeof(guint));
    if (s->nodes <= NODES_MOST) {
        s->clocks = g_new0(uint32_t, (gsize)s->nodes * s->nodes);
    }
    g_string_append(s->out.text, "(?<host>\\S+) (?<clock>{.*})\\n(?<date>\\S+) (?<event>.*)\n\n");
    return s;
}

static uint32_t *clock_of(const shiviz *s, uint32_t node)
{
    return s->clocks + (gsize)node * s->nodes;
}

/* ------------------------------------------------------------------------------------- clocks */

static void keep(shiviz *s, const record *r)
{
    guint place = s->copies->len;
    if (s->free->len > 0) {
        place = g_array_index(s->free, guint, s->free->len - 1);
        g_array_set_size(s->free, s->free->len - 1);
    } else {
        g_ptr_array_add(s->copies, g_new(uint32_t, s->nodes));
    }
    memcpy(s->copies->pdata[place], clock_of(s, r->node), s->nodes * sizeof(uint32_t));
    *(uint64_t *)map_at(&s->sent, r->number) = place + 1;
}

/* What a second copy brings is known already, unless the first was lost: then nothing is lost. */
static void bring(shiviz *s, const record *r)
{
    uint64_t place = 0;
    if (!map_take(&s->sent, r->cause, &place)) {
        return;
    }
    guint free = (guint)place - 1;
    const uint32_t *news = s->copies->pdata[free];
    uint32_t *clock = clock_of(s, r->node);
    for (uint32_t i = 0; r->kind == RECORD_RECEIVE && i < s->nodes; i++) {
        clock[i] = MAX(clock[i], news[i]);
    }
    g_array_append_val(s->free, free);
}

/* ------------------------------------------------------------------------------------- events */

static void append_head(shiviz *s, uint32_t node, int64_t at)
{
    const uint32_t *clock = clock_of(s, node);
    bool is_first = true;
    g_string_append_printf(s->out.text, "n%" G_GUINT32_FORMAT " {", node);
    for (uint32_t i = 0; i < s->nodes; i++) {
        if (clock[i] > 0) {
            g_string_append_printf(s->out.text, "%s\"n%u\":%u", is_first ? "" : ", ", i, clock[i]);
            is_first = false;
        }
    }
    g_string_append(s->out.text, "}\n");
    append_seconds(s->out.text, at);
    g_string_append_c(s->out.text, ' ');
}

static void append_event(shiviz *s, const world *w, const record *r)
{
    append_head(s, r->node, r->at);
    g_string_append_printf(s->out.text, "%s %s", record_kind_name(r->kind), record_type_name(w, r));
    if (r->size > 0) {
        g_string_append_c(s->out.text, '{');
        record_append_body(w, r, s->out.text);
        g_string_append_c(s->out.text, '}');
    }
    if (r->peer != NOBODY) {
        g_string_append_printf(s->out.text, " %s n%" G_GUINT32_FORMAT,
                               r->kind == RECORD_RECEIVE ? "from" : "to", r->peer);
    }
    if (r->kind == RECORD_LOST) {
        g_string_append_printf(s->out.text, " (%s)", record_reason_name(r->reason));
    }
    g_string_append_c(s->out.text, '\n');
    lines_done(&s->out);
}

/* A lost message is an event of the network: it is left out, like what concerns links. */
static bool is_event(const record *r)
{
    return r->node != NOBODY && r->kind != RECORD_LOST && r->kind != RECORD_LINKS &&
           r->kind != RECORD_CLIENT;
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    shiviz *s = self;
    if (s->clocks == NULL) {
        s->others += selected && is_event(r);
        return;
    }
    if (r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST) {
        bring(s, r);
    }
    if (selected && is_event(r)) {
        if (s->written == EVENTS_MOST) {
            s->others++;
        } else {
            clock_of(s, r->node)[r->node]++;
            s->last = r->node;
            s->written++;
            append_event(s, w, r);
        }
    }
    if (r->kind == RECORD_SEND) {
        keep(s, r);
    }
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    shiviz *s = self;
    if (s->others > 0 && s->clocks) {
        clock_of(s, s->last)[s->last]++;
        append_head(s, s->last, how->ended_at);
        g_string_append_printf(s->out.text,
                               "... %" G_GUINT64_FORMAT " more events are left out: %d are here\n",
                               s->others, EVENTS_MOST);
    } else if (s->others > 0) {
        g_string_append_printf(s->out.text,
                               "n0 {\"n0\":1}\n0 all %" G_GUINT64_FORMAT
                               " events are left out: more than %d nodes\n",
                               s->others, NODES_MOST);
    }
    lines_clear(&s->out);
    map_clear(&s->sent);
    g_ptr_array_set_free_func(s->copies, g_free);
    g_ptr_array_free(s->copies, TRUE);
    g_array_free(s->free, TRUE);
    g_free(s->clocks);
    g_free(s);
}

const exporter export_shiviz = {
    .name = "shiviz",
    .extension = ".shiviz",
    .title = "a log with vector clocks for ShiViz, 5,000 events at most",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
