/*
 * The table of intervals: who waited for a lock, who held it, which nodes were down, paused or
 * partitioned, which links were cut. Those that touch the span of time and the nodes of the window
 * are there; its types do not matter.
 */
#include "observe/intervals.h"
#include "export/csv.h"
#include "export/export.h"

typedef struct table {
    csv *csv;
    const window *window;
    intervals *intervals;
} table;

static bool is_selected(const table *t, const interval *one)
{
    bool anywhere = one->kind == INTERVAL_CUT && (one->node == NOBODY || one->peer == NOBODY);
    return window_overlaps(t->window, one->from, one->to) &&
           (anywhere || window_has_node(t->window, one->node) ||
            (one->kind == INTERVAL_CUT && window_has_node(t->window, one->peer)));
}

static void on_interval(void *self, const interval *one)
{
    const table *t = self;
    csv *c = t->csv;
    bool is_lock = one->kind == INTERVAL_WAITING || one->kind == INTERVAL_HOLDING;
    if (!is_selected(t, one)) {
        return;
    }
    csv_word(c, interval_name(one->kind));
    csv_node(c, one->node);
    csv_node(c, one->kind == INTERVAL_CUT ? one->peer : NOBODY);
    csv_node(c, is_lock || one->kind == INTERVAL_PARTITIONED ? one->resource : NOBODY);
    csv_node(c, one->client < 0 ? NOBODY : (uint32_t)one->client);
    csv_time(c, one->from);
    csv_time(c, one->to);
    csv_record(c, one->first);
    csv_record(c, one->last);
    csv_row(c);
}

static void *begin(FILE *file, const world *w, const export_about *about)
{
    table *t = g_new0(table, 1);
    t->csv = csv_new(file, "kind,node,peer,resource,process,from_ns,from_s,to_ns,to_s,first_record,"
                           "last_record");
    t->window = about->window;
    t->intervals = intervals_new(w, on_interval, t);
    return t;
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    (void)w;
    (void)selected;
    table *t = self;
    intervals_record(t->intervals, r);
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    table *t = self;
    intervals_end(t->intervals, how->ended_at);
    intervals_free(t->intervals);
    csv_close(t->csv);
    g_free(t);
}

const exporter export_csv_intervals = {
    .name = "csv-intervals",
    .extension = ".intervals.csv",
    .title = "a table of what lasted: waiting, holding, crashed, paused, partitioned, cut",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
