/* The table of events: a row for each record. */
#include "export/csv.h"
#include "export/export.h"
#include "observe/names.h"

static void *begin(FILE *file, const world *w, const export_about *about)
{
    (void)w;
    (void)about;
    return csv_new(file, "number,at_ns,at_s,local_ns,local_s,kind,node,peer,component,type,reason,"
                         "cause,body");
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    csv *c = self;
    if (!selected) {
        return;
    }
    csv_count(c, r->number);
    csv_time(c, r->at);
    csv_time(c, r->local);
    csv_word(c, record_kind_name(r->kind));
    csv_node(c, r->node);
    csv_node(c, r->peer);
    csv_word(c, record_component_name(w, r));
    csv_word(c, record_type_name(w, r));
    csv_word(c, r->reason == REASON_NONE ? NULL : record_reason_name(r->reason));
    csv_record(c, r->cause);
    g_string_truncate(c->scratch, 0);
    record_append_body(w, r, c->scratch);
    csv_text(c, c->scratch);
    csv_row(c);
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    (void)how;
    csv_close(self);
}

const exporter export_csv = {
    .name = "csv",
    .extension = ".csv",
    .title = "a table of events: a row for each record",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
