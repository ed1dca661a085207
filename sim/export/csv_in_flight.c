/*
 * The table of how many messages are under way: a row for each instant at which their number has
 * changed, with what it is from then on. A second copy counts from its arrival on: as nothing.
 */
#include "base/map.h"
#include "export/csv.h"
#include "export/export.h"

typedef struct flight {
    csv *csv;
    const window *window;
    map sent; /* number of the SEND -> 1: under way */
    int64_t at;
    uint64_t now, written;
} flight;

static void *begin(FILE *file, const world *w, const export_about *about)
{
    (void)w;
    flight *f = g_new0(flight, 1);
    f->csv = csv_new(file, "at_ns,at_s,messages");
    f->window = about->window;
    map_init(&f->sent, sizeof(uint64_t));
    return f;
}

/* The instant before `at` is over. */
static void write_row(flight *f, int64_t at)
{
    if (at != f->at && f->now != f->written && window_overlaps(f->window, f->at, f->at)) {
        csv_time(f->csv, f->at);
        csv_count(f->csv, f->now);
        csv_row(f->csv);
        f->written = f->now;
    }
    f->at = at;
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    (void)w;
    (void)selected;
    flight *f = self;
    write_row(f, r->at);
    if (r->kind == RECORD_SEND) {
        *(uint64_t *)map_at(&f->sent, r->number) = 1;
        f->now++;
    } else if ((r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST) &&
               map_take(&f->sent, r->cause, NULL)) {
        f->now--;
    }
}

static void end(void *self, const world *w, const export_end *how)
{
    (void)w;
    flight *f = self;
    write_row(f, how->ended_at + 1);
    map_clear(&f->sent);
    csv_close(f->csv);
    g_free(f);
}

const exporter export_csv_in_flight = {
    .name = "csv-in-flight",
    .extension = ".in-flight.csv",
    .title = "a table of how many messages are under way",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
