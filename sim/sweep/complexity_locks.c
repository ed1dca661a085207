/*
 * Locks, idle and saturated. Where a lock has a parameter `coordinator`, that is node 0 and the n
 * nodes besides it are the clients: what a client costs that need not ask over a link is not what
 * the formulas are about.
 */
#include "sweep/complexity_internal.h"

enum {
    ROUNDS = 10,       /* entries of each client in the shorter run */
    WARM_ENTRIES = 12, /* per node: an idle lock has forgotten how it began */
    IDLE_ENTRIES = 400 /* that are looked at, in a run */
};

static uint64_t one_run(const cost_bench *b, uint32_t n)
{
    (void)n;
    return b->is_saturated; /* fixed delays, nobody thinks: chance has no part in it */
}

/* nodes, run, links, and who asks. */
static char *opening(const cost_bench *b, uint32_t n)
{
    bool is_served = cost_has_param(b->algorithm, "coordinator");
    GString *clients = g_string_new(NULL);
    for (uint32_t i = 1; is_served && i <= n; i++) {
        g_string_append_printf(clients, "%s%u", i > 1 ? ", " : "clients = { ", i);
    }
    g_string_append(clients, is_served ? " }," : "");
    char *run = cost_run_words(b, is_served ? "coordinator = 0" : "");
    char *text = g_strdup_printf("return scenario { nodes = %u, run = %s, "
                                 "links = { latency = '1ms', fifo = true }, "
                                 "workload = lock_clients { hold = '10ms', %s ",
                                 n + is_served, run, clients->str);
    g_free(run);
    g_string_free(clients, TRUE);
    return text;
}

/* ------------------------------------------------------------------------------------ saturated */

typedef struct totals {
    int64_t entries, messages, waited, synchronised, delay; /* delay: sum over `synchronised` */
    int64_t delay_most;
} totals;

static bool saturate(const cost_bench *b, uint32_t n, uint32_t entries, totals *t, char **trouble)
{
    cost_stage stage;
    char *begin = opening(b, n);
    char *text = g_strdup_printf("%s think = 0, entries = %u } }", begin, entries);
    const totals *known = g_hash_table_lookup(b->known, text);
    bool fine = known || cost_stage_run(b, text, 1, NULL, &stage, trouble);
    if (known) {
        *t = *known;
    } else if (fine) {
        const metrics *m = stage.result->metrics;
        const histogram *delays = metrics_synchronisation(m);
        *t = (totals){
            .entries = (int64_t)metrics_entries(m),
            .messages = (int64_t)metrics_sent(m),
            .waited = (int64_t)histogram_sum(metrics_waiting(m)),
            .synchronised = (int64_t)histogram_count(delays),
            .delay = (int64_t)histogram_sum(delays),
            .delay_most = histogram_most(delays),
        };
        g_hash_table_insert(b->known, g_strdup(text), g_memdup2(t, sizeof *t));
        cost_stage_clear(&stage);
    }
    g_free(text);
    g_free(begin);
    return fine;
}

/* What the second half of a run of twice the length adds. */
static bool saturate_twice(const cost_bench *b, uint32_t n, totals *t, char **trouble)
{
    totals half, whole;
    if (!saturate(b, n, ROUNDS, &half, trouble) || !saturate(b, n, 2 * ROUNDS, &whole, trouble)) {
        return false;
    }
    *t = (totals){whole.entries - half.entries, whole.messages - half.messages,
                  whole.waited - half.waited,   whole.synchronised - half.synchronised,
                  whole.delay - half.delay,     whole.delay_most};
    return true;
}

/* ----------------------------------------------------------------------------------------- idle */

/* One request at a time: what is sent from one request to the next is the former's. */
typedef struct watcher {
    uint32_t lock; /* component: the only one */
    uint64_t requests, skipped;
    int64_t sent, asked; /* asked: when */
    cost_sample messages, waiting;
} watcher;

static void close_entry(watcher *w)
{
    if (w->requests > w->skipped) {
        cost_sample_add(&w->messages, w->sent);
    }
    w->sent = 0;
}

static void on_record(void *self, const world *w, const record *r)
{
    watcher *my = self;
    (void)w;
    bool is_lock = r->component == my->lock;
    if (r->kind == RECORD_SEND) {
        my->sent += r->node != r->peer;
    } else if (r->kind == RECORD_REQUEST && is_lock && r->type == DASIM_ACQUIRE) {
        close_entry(my);
        my->requests++;
        my->asked = r->at;
    } else if (r->kind == RECORD_INDICATION && is_lock && r->type == DASIM_GRANTED &&
               my->requests > my->skipped) {
        cost_sample_add(&my->waiting, r->at - my->asked);
    }
}

/* The pause between two requests is long enough for the last message, and spread over two laps of a
 * token, so that it may be anywhere when the next one comes. */
static bool idle(const cost_bench *b, uint32_t n, uint64_t seed, watcher *w, char **trouble)
{
    cost_stage stage;
    observer watch = {w, on_record};
    uint32_t pause = 50 + n;
    *w = (watcher){.skipped = (uint64_t)WARM_ENTRIES * n};
    char *begin = opening(b, n);
    char *text = g_strdup_printf("%s think = uniform('%ums', '%u.999999ms'), isolated = true, "
                                 "entries = %u } }",
                                 begin, pause, pause + 2 * n - 1, WARM_ENTRIES * n + IDLE_ENTRIES);
    char *name = g_strdup_printf("%" G_GUINT64_FORMAT " %s", seed, text);
    const watcher *known = g_hash_table_lookup(b->known, name);
    bool fine = known || cost_stage_run(b, text, seed, &watch, &stage, trouble);
    if (known) {
        *w = *known;
    } else if (fine) {
        close_entry(w);
        g_hash_table_insert(b->known, g_strdup(name), g_memdup2(w, sizeof *w));
        cost_stage_clear(&stage);
    }
    g_free(name);
    g_free(text);
    g_free(begin);
    return fine;
}

/* ------------------------------------------------------------------------------------- measures */

static bool measure_messages(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                             char **trouble)
{
    totals t;
    watcher w;
    if (b->is_saturated) {
        bool fine = saturate_twice(b, n, &t, trouble);
        *s = fine ? cost_sample_of(t.messages, t.entries) : *s;
        return fine;
    }
    bool fine = idle(b, n, run + 1, &w, trouble);
    *s = w.messages;
    return fine;
}

static bool measure_waiting(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                            char **trouble)
{
    totals t;
    watcher w;
    if (b->is_saturated) {
        bool fine = saturate_twice(b, n, &t, trouble);
        *s = fine ? cost_sample_of(t.waited, t.entries) : *s;
        return fine;
    }
    bool fine = idle(b, n, run + 1, &w, trouble);
    *s = w.waiting;
    return fine;
}

/* Somebody must wait already when another leaves. */
static bool measure_synchronisation(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                                    char **trouble)
{
    totals t;
    (void)run;
    bool fine = saturate_twice(b, n, &t, trouble);
    if (fine) {
        *s = cost_sample_of(t.delay, t.synchronised);
        s->most = t.delay_most;
    }
    return fine;
}

const cost_method cost_methods_of_locks[] = {
    {DASIM_MUTEX, "messages per entry", false, true, 2, one_run, measure_messages},
    {DASIM_MUTEX, "waiting time", true, true, 2, one_run, measure_waiting},
    {DASIM_MUTEX, "synchronisation delay", true, false, 2, NULL, measure_synchronisation},
    {0},
};
