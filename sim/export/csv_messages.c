/*
 * The table of messages: a row for each copy, written when its fate is known; those still under way
 * at the end come last, in the order of sending. A row is there where the sending or the end of the
 * copy is selected.
 *
 * Messages under way are remembered, and the last ones that arrived: a second copy may follow. A
 * copy that comes later than that has no time of sending in its row.
 */
#include "base/map.h"
#include "export/csv.h"
#include "export/export.h"
#include "observe/names.h"

enum { ARRIVED_KEPT = 1 << 16 };

typedef struct message {
    record sent; /* without its body */
    uint64_t selected, arrived;
} message;

typedef struct messages {
    csv *csv;
    map sent;          /* number of the SEND -> message */
    uint64_t *arrived; /* ring of the last that arrived: numbers of their SENDs */
    uint64_t arrivals;
} messages;

static void *begin(FILE *file, const world *w, const export_about *about)
{
    (void)w;
    (void)about;
    messages *m = g_new0(messages, 1);
    m->csv = csv_new(file, "sent_record,component,type,src,dst,bytes,sent_ns,sent_s,outcome,reason,"
                           "end_record,end_ns,end_s");
    map_init(&m->sent, sizeof(message));
    m->arrived = g_new0(uint64_t, ARRIVED_KEPT);
    return m;
}

/* `ended`: the RECEIVE or LOST; NULL: under way. */
static void write_row(messages *m, const world *w, const record *sent, bool knows_when,
                      const char *outcome, const record *ended)
{
    csv *c = m->csv;
    csv_count(c, sent->number);
    csv_word(c, record_component_name(w, sent));
    csv_word(c, record_type_name(w, sent));
    csv_node(c, sent->node);
    csv_node(c, sent->peer);
    csv_count(c, sent->size);
    if (knows_when) {
        csv_time(c, sent->at);
    } else {
        csv_no_time(c);
    }
    csv_word(c, outcome);
    if (ended) {
        csv_word(c, ended->reason == REASON_NONE ? NULL : record_reason_name(ended->reason));
        csv_count(c, ended->number);
        csv_time(c, ended->at);
    } else {
        csv_word(c, NULL);
        csv_record(c, 0);
        csv_no_time(c);
    }
    csv_row(c);
}

static void on_send(messages *m, const record *r, bool selected)
{
    message *one = map_at(&m->sent, r->number);
    *one = (message){.sent = *r, .selected = selected};
    one->sent.body = NULL;
}

/* Keeps the message for a second copy; forgets the oldest of those that are kept so. */
static void keep(messages *m, message *one)
{
    uint64_t *place = &m->arrived[m->arrivals++ % ARRIVED_KEPT];
    uint64_t oldest = *place;
    one->arrived = 1;
    *place = one->sent.number;
    if (oldest > 0) {
        map_take(&m->sent, oldest, NULL);
    }
}

static void on_end(messages *m, const world *w, const record *r, bool selected)
{
    message *found = map_find(&m->sent, r->cause);
    bool received = r->kind == RECORD_RECEIVE, again = found == NULL || found->arrived;
    record sent = *r;
    if (found) {
        sent = found->sent;
        selected |= found->selected;
    } else {
        sent.number = r->cause;
        sent.node = received ? r->peer : r->node;
        sent.peer = received ? r->node : r->peer;
    }
    if (selected) {
        const char *outcome = received && again ? "received again" : received ? "received" : "lost";
        write_row(m, w, &sent, found != NULL, outcome, r);
    }
    if (!again) {
        keep(m, found);
    }
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    if (r->kind == RECORD_SEND) {
        on_send(self, r, selected);
    } else if (r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST) {
        on_end(self, w, r, selected);
    }
}

static void collect(void *context, uint64_t key, int64_t unused)
{
    (void)unused;
    g_array_append_val((GArray *)context, key);
}

static gint by_number(gconstpointer a, gconstpointer b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)how;
    messages *m = self;
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    map_each(&m->sent, collect, numbers);
    g_array_sort(numbers, by_number);
    for (guint i = 0; i < numbers->len; i++) {
        const message *one = map_find(&m->sent, g_array_index(numbers, uint64_t, i));
        if (one->selected && !one->arrived) {
            write_row(m, w, &one->sent, true, "under way", NULL);
        }
    }
    g_array_free(numbers, TRUE);
    map_clear(&m->sent);
    g_free(m->arrived);
    csv_close(m->csv);
    g_free(m);
}

const exporter export_csv_messages = {
    .name = "csv-messages",
    .extension = ".messages.csv",
    .title = "a table of messages: who sent what to whom, when, and what became of it",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
