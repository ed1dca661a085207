/* Records as text for people and as JSON Lines for programs: a line each (observe/text_trace.h). */
#include "observe/text_trace.h"
#include "export/export.h"

static void *begin_text(FILE *file, const world *w, const export_about *about)
{
    (void)w;
    (void)about;
    return text_trace_new(file, TRACE_TEXT);
}

static void *begin_jsonl(FILE *file, const world *w, const export_about *about)
{
    (void)w;
    (void)about;
    return text_trace_new(file, TRACE_JSON_LINES);
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    if (selected) {
        observer one = text_trace_observer(self);
        one.on_record(one.self, w, r);
    }
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    (void)how;
    text_trace_close(self); /* the caller finds errors in the file */
}

const exporter export_text = {
    .name = "text",
    .extension = ".txt",
    .title = "a line for each record, in columns",
    .begin = begin_text,
    .on_record = on_record,
    .end = end,
};

const exporter export_jsonl = {
    .name = "jsonl",
    .extension = ".jsonl",
    .title = "a JSON object for each record, one a line",
    .begin = begin_jsonl,
    .on_record = on_record,
    .end = end,
};
