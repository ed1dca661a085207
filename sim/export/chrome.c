/*
 * Trace events as Chrome's about:tracing and Perfetto (https://ui.perfetto.dev) read them ("Trace
 * Event Format", Google, 2016): a thread for each node; waiting, holding, paused and crashed as
 * slices; each send and receive a slice of 1 us, with an arrow (flow) between them. A lost message
 * has no arrow and says so. Beside them a process of counters.
 *
 * Slices of a thread must nest. Those of several locks at one node may not: one that would end
 * behind the slice it began in is cut there, and goes on in a slice of its own.
 */
#include "export/export.h"
#include "export/lines.h"
#include "observe/intervals.h"
#include "observe/names.h"

#include <string.h>

enum { INSTANT = 1000 }; /* ns */

/* Something on a node's thread. */
typedef struct mark {
    uint32_t node, resource;
    int64_t from, to;
    uint64_t record;
    const char *name;   /* borrowed */
    const char *prefix; /* "send ", "waiting", ... */
    bool is_instant, is_lock;
} mark;

typedef struct chrome {
    lines out;
    GArray *marks;   /* mark */
    GArray *sent_at; /* int64_t, by number of the record */
    intervals *intervals;
    const window *window;
    uint64_t under_way;
    uint32_t nodes;
    bool many_locks, is_first;
} chrome;

/* ------------------------------------------------------------------------------------- events */

/* {"ph":"X","pid":1,"tid":3,"ts":1.000 */
static void open_event(chrome *c, char phase, int process, uint32_t node, int64_t at)
{
    g_string_append(c->out.text, c->is_first ? "\n" : ",\n");
    c->is_first = false;
    g_string_append_printf(c->out.text, "{\"ph\":\"%c\",\"pid\":%d,\"tid\":", phase, process);
    lines_number(&c->out, node + 1);
    g_string_append(c->out.text, ",\"ts\":");
    lines_microseconds(&c->out, at);
}

static void close_event(chrome *c)
{
    g_string_append_c(c->out.text, '}');
    lines_done(&c->out);
}

static void name_thing(chrome *c, const char *what, int process, uint32_t node, const char *name)
{
    open_event(c, 'M', process, node, 0);
    g_string_append_printf(c->out.text, ",\"name\":\"%s\",\"args\":{\"name\":", what);
    lines_quoted(&c->out, name);
    g_string_append_c(c->out.text, '}');
    close_event(c);
}

static void name_everything(chrome *c, const export_about *about)
{
    name_thing(c, "process_name", 1, 0, about->scenario);
    name_thing(c, "process_name", 2, 0, "counters");
    for (uint32_t node = 0; node < c->nodes; node++) {
        char name[16];
        g_snprintf(name, sizeof name, "n%" G_GUINT32_FORMAT, node);
        name_thing(c, "thread_name", 1, node, name);
        open_event(c, 'M', 1, node, 0);
        g_string_append_printf(c->out.text,
                               ",\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":%u}",
                               node);
        close_event(c);
    }
}

/* An arrow from a send to a receive, bound to the slices that enclose its ends. */
static void flow(chrome *c, const record *r, const char *name)
{
    int64_t sent = g_array_index(c->sent_at, int64_t, r->cause);
    for (int end = 0; end < 2; end++) {
        open_event(c, end ? 'f' : 's', 1, end ? r->node : r->peer, end ? r->at : sent);
        g_string_append(c->out.text, ",\"cat\":\"message\",\"id\":");
        lines_number(&c->out, r->number);
        g_string_append(c->out.text, ",\"name\":\"");
        g_string_append(c->out.text, name);
        g_string_append(c->out.text, end ? "\",\"bp\":\"e\"" : "\"");
        close_event(c);
    }
}

static void count(chrome *c, int64_t at)
{
    open_event(c, 'C', 2, 0, at);
    g_string_append(c->out.text, ",\"name\":\"messages under way\",\"args\":{\"messages\":");
    lines_number(&c->out, c->under_way);
    g_string_append_c(c->out.text, '}');
    close_event(c);
}

/* ------------------------------------------------------------------------------------- records */

static void on_interval(void *self, const interval *one)
{
    chrome *c = self;
    bool is_lock = one->kind == INTERVAL_WAITING || one->kind == INTERVAL_HOLDING;
    bool is_drawn = is_lock || one->kind == INTERVAL_CRASHED || one->kind == INTERVAL_PAUSED;
    if (is_drawn && one->from < one->to && window_overlaps(c->window, one->from, one->to) &&
        window_has_node(c->window, one->node)) {
        mark m = {.node = one->node,
                  .resource = one->resource,
                  .from = one->from,
                  .to = one->to,
                  .record = one->first,
                  .prefix = interval_name(one->kind),
                  .name = "",
                  .is_lock = is_lock};
        g_array_append_val(c->marks, m);
    }
}

static void *begin(FILE *file, const world *w, const export_about *about)
{
    chrome *c = g_new0(chrome, 1);
    lines_init(&c->out, file);
    c->marks = g_array_new(FALSE, FALSE, sizeof(mark));
    c->sent_at = g_array_new(FALSE, TRUE, sizeof(int64_t));
    c->intervals = intervals_new(w, on_interval, c);
    c->window = about->window;
    c->nodes = world_nodes(w);
    c->many_locks = world_config_of(w)->resources > 1;
    c->is_first = true;
    g_string_append(c->out.text, "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"scenario\":");
    lines_quoted(&c->out, about->scenario);
    g_string_append_printf(c->out.text,
                           ",\"seed\":%" G_GUINT64_FORMAT ",\"settings\":", about->seed);
    lines_quoted(&c->out, about->settings);
    g_string_append(c->out.text, "},\"traceEvents\":[");
    name_everything(c, about);
    return c;
}

/* What a record is on its node's thread; NULL: nothing that is drawn. */
static const char *prefix_of(const record *r)
{
    switch (r->kind) {
    case RECORD_SEND:
        return "send ";
    case RECORD_RECEIVE:
        return "receive ";
    case RECORD_LOST:
        return "lost ";
    case RECORD_TIMER:
        return "timer ";
    case RECORD_BOOT:
        return "boot ";
    case RECORD_REQUEST:
    case RECORD_INDICATION:
        return "";
    case RECORD_CHECK:
        return "check failed ";
    default:
        return NULL;
    }
}

static void on_message(chrome *c, const world *w, const record *r, bool selected)
{
    uint64_t before = c->under_way;
    if (r->kind == RECORD_SEND) {
        if (c->sent_at->len <= r->number) {
            g_array_set_size(c->sent_at, (guint)(r->number + 1));
        }
        g_array_index(c->sent_at, int64_t, r->number) = r->at;
        c->under_way++;
    } else if (r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST) {
        c->under_way -= c->under_way > 0;
        if (r->kind == RECORD_RECEIVE && selected) {
            flow(c, r, record_type_name(w, r));
        }
    }
    if (before != c->under_way && selected) {
        count(c, r->at);
    }
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    chrome *c = self;
    const char *prefix = prefix_of(r);
    intervals_record(c->intervals, r);
    on_message(c, w, r, selected);
    if (selected && prefix && r->node != NOBODY) {
        mark m = {.node = r->node,
                  .from = r->at,
                  .to = r->at + INSTANT,
                  .record = r->number,
                  .prefix = prefix,
                  .name = record_type_name(w, r),
                  .is_instant = true};
        g_array_append_val(c->marks, m);
    }
}

/* ------------------------------------------------------------------------------------- nesting */

/* By node and begin; of those that begin together the longer ones first, instants last. */
static gint by_begin(gconstpointer a, gconstpointer b)
{
    const mark *x = a, *y = b;
    if (x->node != y->node) {
        return x->node < y->node ? -1 : 1;
    }
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->is_instant != y->is_instant) {
        return x->is_instant ? 1 : -1;
    }
    if (!x->is_instant && x->to != y->to) {
        return x->to > y->to ? -1 : 1;
    }
    return (x->record > y->record) - (x->record < y->record);
}

static void slice(chrome *c, const mark *m, int64_t to)
{
    open_event(c, 'X', 1, m->node, m->from);
    g_string_append(c->out.text, ",\"dur\":");
    lines_microseconds(&c->out, to - m->from);
    g_string_append(c->out.text, ",\"name\":\"");
    g_string_append(c->out.text, m->prefix);
    g_string_append(c->out.text, m->name);
    if (m->is_lock && c->many_locks) {
        g_string_append_c(c->out.text, ' ');
        lines_number(&c->out, m->resource);
    }
    g_string_append(c->out.text, "\",\"args\":{\"record\":");
    lines_number(&c->out, m->record);
    g_string_append_c(c->out.text, '}');
    close_event(c);
}

/* Puts the rest of a slice that was cut where it belongs among those behind number `at`. */
static void put_back(chrome *c, guint at, mark rest)
{
    while (at < c->marks->len && by_begin(&g_array_index(c->marks, mark, at), &rest) < 0) {
        at++;
    }
    g_array_insert_val(c->marks, at, rest);
}

/* When the next thing begins at the node that does not begin now. */
static int64_t next_begin(const chrome *c, guint at)
{
    const mark *m = &g_array_index(c->marks, mark, at);
    for (guint i = at + 1; i < c->marks->len; i++) {
        const mark *next = &g_array_index(c->marks, mark, i);
        if (next->node != m->node) {
            break;
        }
        if (next->from > m->from) {
            return next->from;
        }
    }
    return INT64_MAX;
}

/* `ends`: int64_t of the slices that are open, the innermost last. */
static void nest(chrome *c, guint at, GArray *ends)
{
    mark m = g_array_index(c->marks, mark, at);
    int64_t to = m.to;
    while (ends->len > 0 && g_array_index(ends, int64_t, ends->len - 1) <= m.from) {
        g_array_set_size(ends, ends->len - 1);
    }
    if (ends->len > 0) {
        to = MIN(to, g_array_index(ends, int64_t, ends->len - 1));
    }
    if (m.is_instant) {
        slice(c, &m, MIN(to, next_begin(c, at)));
        return;
    }
    slice(c, &m, to);
    g_array_append_val(ends, to);
    if (to < m.to) {
        m.from = to;
        put_back(c, at + 1, m);
    }
}

static void nest_all(chrome *c)
{
    GArray *ends = g_array_new(FALSE, FALSE, sizeof(int64_t));
    uint32_t node = 0;
    g_array_sort(c->marks, by_begin);
    for (guint i = 0; i < c->marks->len; i++) {
        uint32_t its = g_array_index(c->marks, mark, i).node;
        if (its != node) {
            g_array_set_size(ends, 0);
            node = its;
        }
        nest(c, i, ends);
    }
    g_array_free(ends, TRUE);
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    chrome *c = self;
    intervals_end(c->intervals, how->ended_at);
    nest_all(c);
    for (size_t i = 0; i < how->verdict_count; i++) {
        const export_verdict *v = &how->verdicts[i];
        if (v->record > 0) {
            open_event(c, 'i', 1, 0, v->at);
            g_string_append_printf(c->out.text, ",\"s\":\"g\",\"name\":\"violated: %s\"",
                                   v->property);
            close_event(c);
        }
    }
    g_string_append(c->out.text, "\n]}\n");
    lines_clear(&c->out);
    intervals_free(c->intervals);
    g_array_free(c->marks, TRUE);
    g_array_free(c->sent_at, TRUE);
    g_free(c);
}

const exporter export_chrome = {
    .name = "chrome",
    .extension = ".json",
    .title = "slices and arrows for https://ui.perfetto.dev or about:tracing",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
