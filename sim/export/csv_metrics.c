/* The table of metrics: what the whole run cost, whatever is selected. The names are those of
 * `dasim run --json`; `of` says which part of a metric a row is about. */
#include "observe/metrics.h"
#include "export/csv.h"
#include "export/export.h"

typedef struct table {
    csv *csv;
    metrics *metrics;
    observer observer;
} table;

static void *begin(FILE *file, const world *w, const export_about *about)
{
    table *t = g_new0(table, 1);
    t->csv = csv_new(file, "metric,of,value");
    t->metrics = metrics_new(w, about->warm_up);
    t->observer = metrics_observer(t->metrics);
    return t;
}

static void on_record(void *self, const world *w, const record *r, bool selected)
{
    (void)selected;
    const table *t = self;
    t->observer.on_record(t->observer.self, w, r);
}

static void put(csv *c, const char *metric, const char *of, int64_t value)
{
    csv_word(c, metric);
    csv_word(c, of);
    csv_number(c, value);
    csv_row(c);
}

/* value / 10^decimals; no row where it is negative: not known. */
static void put_ratio(csv *c, const char *metric, int64_t value, int decimals)
{
    int64_t unit = 1;
    for (int i = 0; i < decimals; i++) {
        unit *= 10;
    }
    if (value >= 0) {
        g_string_printf(c->scratch, "%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, value / unit,
                        decimals, value % unit);
        csv_word(c, metric);
        csv_word(c, NULL);
        csv_text(c, c->scratch);
        csv_row(c);
    }
}

static void put_times(csv *c, const char *metric, const histogram *h)
{
    put(c, metric, "count", (int64_t)histogram_count(h));
    if (histogram_count(h) > 0) {
        put(c, metric, "mean", histogram_mean(h));
        put(c, metric, "least", histogram_least(h));
        put(c, metric, "p50", histogram_quantile(h, 500000));
        put(c, metric, "p90", histogram_quantile(h, 900000));
        put(c, metric, "p99", histogram_quantile(h, 990000));
        put(c, metric, "most", histogram_most(h));
    }
}

static void put_messages(csv *c, const world *w, const metrics *m)
{
    uint32_t count;
    const message_count *all = metrics_messages(m, &count);
    for (uint32_t i = 0; i < count; i++) {
        const dasim_algorithm *a = world_config_of(w)->stack[all[i].component].algorithm;
        char *of = g_strdup_printf("%s.%s", a->name, a->messages[all[i].type].name);
        put(c, "sent", of, (int64_t)all[i].sent);
        put(c, "received", of, (int64_t)all[i].received);
        put(c, "lost", of, (int64_t)all[i].lost);
        put(c, "bytes", of, (int64_t)all[i].bytes);
        g_free(of);
    }
}

static void put_lock(csv *c, const metrics *m)
{
    put(c, "requests", NULL, (int64_t)metrics_requests(m));
    put(c, "entries", NULL, (int64_t)metrics_entries(m));
    put(c, "leases_over", NULL, (int64_t)metrics_leases_over(m));
    put_ratio(c, "messages_per_entry", metrics_messages_per_entry(m), 3);
    put_ratio(c, "entries_per_second", metrics_throughput(m), 3);
    put_ratio(c, "fairness", metrics_fairness(m), 6);
    put_times(c, "waiting_ns", metrics_waiting(m));
    put_times(c, "synchronisation_delay_ns", metrics_synchronisation(m));
    put_times(c, "holding_ns", metrics_holding(m));
}

static void put_memory(csv *c, const metrics *m)
{
    static const char *const of[ACCESS_KINDS] = {"read", "write"};
    const accesses *a = metrics_accesses(m);
    put_ratio(c, "messages_per_access", metrics_messages_per_access(m), 3);
    put_ratio(c, "accesses_per_second", metrics_access_rate(m), 3);
    for (int kind = 0; kind < ACCESS_KINDS; kind++) {
        put(c, "accesses_requested", of[kind], (int64_t)accesses_asked(a, kind));
        put(c, "accesses_completed", of[kind], (int64_t)accesses_completed(a, kind));
        put(c, "access_messages", of[kind], (int64_t)accesses_messages(a, kind));
        put_times(c, kind == ACCESS_READ ? "read_ns" : "write_ns", accesses_time(a, kind));
    }
}

static void end(void *self, const world *w, const export_end *how)
{
    table *t = self;
    csv *c = t->csv;
    const metrics *m = t->metrics;
    put(c, "ended_at_ns", NULL, how->ended_at);
    put(c, "records", NULL, (int64_t)how->records);
    put(c, "messages_sent", NULL, (int64_t)metrics_sent(m));
    put(c, "messages_received", NULL, (int64_t)metrics_received(m));
    put(c, "messages_lost", NULL, (int64_t)metrics_lost(m));
    put_messages(c, w, m);
    put_times(c, "message_delay_ns", metrics_delay(m));
    if (metrics_has_lock(m)) {
        put_lock(c, m);
    }
    if (metrics_accesses(m)) {
        put_memory(c, m);
    }
    put(c, "leaders_declared", NULL, (int64_t)metrics_leaders(m));
    put_times(c, "time_to_agree_ns", metrics_agreeing(m));
    put_times(c, "time_to_recover_ns", recovery_time(metrics_recovery(m)));
    put(c, "not_recovered", NULL, (int64_t)recovery_missing(metrics_recovery(m)));
    metrics_free(t->metrics);
    csv_close(c);
    g_free(t);
}

const exporter export_csv_metrics = {
    .name = "csv-metrics",
    .extension = ".metrics.csv",
    .title = "a table of metrics: what the whole run cost",
    .begin = begin,
    .on_record = on_record,
    .end = end,
};
