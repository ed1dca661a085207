/* result_pack() fills a result from a run and packs that: there is one form only, so that what a
 * database holds can be packed again and compared. */
#include "sweep/result.h"

/* ----------------------------------------------------------------------------- what is measured */

typedef struct measured {
    int64_t numerator, denominator;
    const histogram *times; /* NULL: none */
} measured;

typedef measured (*measure)(const metrics *m);

static measured plain(uint64_t count)
{
    return (measured){(int64_t)count, 1, NULL};
}

static measured times_of(const histogram *h)
{
    unsigned __int128 sum = histogram_sum(h);
    return (measured){sum > INT64_MAX ? INT64_MAX : (int64_t)sum, (int64_t)histogram_count(h), h};
}

/* A second's worth of what happened in `span` ns. */
static measured rate(uint64_t count, int64_t span)
{
    unsigned __int128 billion = (unsigned __int128)count * 1000000000;
    bool fits = billion <= INT64_MAX;
    return (measured){fits ? (int64_t)billion : INT64_MAX, fits ? span : 0, NULL};
}

static const measured nothing = {0, 0, NULL};

static measured access_times(const metrics *m, access_kind kind)
{
    const accesses *a = metrics_accesses(m);
    return a ? times_of(accesses_time(a, kind)) : nothing;
}

static uint64_t access_count(const metrics *m)
{
    const accesses *a = metrics_accesses(m);
    return a ? accesses_completed(a, ACCESS_READ) + accesses_completed(a, ACCESS_WRITE) : 0;
}

#define FUNCTION(name, expression)                                                                 \
    static measured name(const metrics *m)                                                         \
    {                                                                                              \
        return expression;                                                                         \
    }

FUNCTION(requests, metrics_has_lock(m) ? plain(metrics_requests(m)) : nothing)
FUNCTION(entries, metrics_has_lock(m) ? plain(metrics_entries(m)) : nothing)
FUNCTION(leases_over, metrics_has_lock(m) ? plain(metrics_leases_over(m)) : nothing)
FUNCTION(messages_per_entry,
         ((measured){(int64_t)metrics_lock_messages(m), (int64_t)metrics_entries(m), NULL}))
FUNCTION(entries_per_second,
         metrics_has_lock(m) ? rate(metrics_entries(m), metrics_span(m)) : nothing)
FUNCTION(fairness, metrics_fairness(m) < 0 ? nothing : plain((uint64_t)metrics_fairness(m)))
FUNCTION(waiting, times_of(metrics_waiting(m)))
FUNCTION(synchronisation, times_of(metrics_synchronisation(m)))
FUNCTION(holding, times_of(metrics_holding(m)))
FUNCTION(messages_sent, plain(metrics_sent(m)))
FUNCTION(messages_received, plain(metrics_received(m)))
FUNCTION(messages_lost, plain(metrics_lost(m)))
FUNCTION(message_delay, times_of(metrics_delay(m)))
FUNCTION(messages_per_access, metrics_accesses(m) ? ((measured){(int64_t)metrics_memory_messages(m),
                                                                (int64_t)access_count(m), NULL})
                                                  : nothing)
FUNCTION(accesses_per_second,
         metrics_accesses(m) ? rate(access_count(m), metrics_span(m)) : nothing)
FUNCTION(read_time, access_times(m, ACCESS_READ))
FUNCTION(write_time, access_times(m, ACCESS_WRITE))
FUNCTION(recovering, times_of(recovery_time(metrics_recovery(m))))
FUNCTION(not_recovered, plain(recovery_missing(metrics_recovery(m))))
FUNCTION(leaders_declared, plain(metrics_leaders(m)))
FUNCTION(agreeing, times_of(metrics_agreeing(m)))

static const measure measures[] = {
    requests,
    entries,
    leases_over,
    messages_per_entry,
    entries_per_second,
    fairness,
    waiting,
    synchronisation,
    holding,
    messages_sent,
    messages_received,
    messages_lost,
    message_delay,
    messages_per_access,
    accesses_per_second,
    read_time,
    write_time,
    recovering,
    not_recovered,
    leaders_declared,
    agreeing,
};

static const metric_kind kinds[] = {
    {"requests", "", "requests for the lock", false, false},
    {"entries", "", "completed entries", false, false},
    {"leases_over", "", "entries that their lease ended", true, false},
    {"messages_per_entry", "", "messages per entry", true, false},
    {"entries_per_second", "per_second", "entries a second", false, false},
    {"fairness", "ppm", "Jain's fairness", false, false},
    {"waiting_ns", "ns", "waiting time", true, true},
    {"synchronisation_delay_ns", "ns", "synchronisation delay", true, true},
    {"holding_ns", "ns", "time in section", true, true},
    {"messages_sent", "", "messages sent", true, false},
    {"messages_received", "", "messages received", true, false},
    {"messages_lost", "", "messages lost", true, false},
    {"message_delay_ns", "ns", "message delay", true, true},
    {"messages_per_access", "", "messages per access", true, false},
    {"accesses_per_second", "per_second", "accesses a second", false, false},
    {"read_ns", "ns", "time of a read", true, true},
    {"write_ns", "ns", "time of a write", true, true},
    {"time_to_recover_ns", "ns", "time to recover", true, true},
    {"not_recovered", "", "faults without recovery", true, false},
    {"leaders_declared", "", "leaders declared", true, false},
    {"time_to_agree_ns", "ns", "time to agree on a leader", true, true},
    {0},
};

_Static_assert(G_N_ELEMENTS(kinds) == G_N_ELEMENTS(measures) + 1, "a measure for each kind");

const metric_kind *metric_all(void)
{
    return kinds;
}

const metric_kind *metric_find(const char *name)
{
    for (const metric_kind *kind = kinds; kind->name; kind++) {
        if (g_str_equal(kind->name, name)) {
            return kind;
        }
    }
    return NULL;
}

/* --------------------------------------------------------------------------------- from a run */

void result_init(result *r)
{
    *r = (result){0};
    r->verdicts = g_array_new(FALSE, FALSE, sizeof(result_verdict));
    r->metrics = g_array_new(FALSE, FALSE, sizeof(result_metric));
    r->histograms = g_array_new(FALSE, FALSE, sizeof(result_histogram));
}

void result_clear(result *r)
{
    g_array_free(r->verdicts, TRUE);
    g_array_free(r->metrics, TRUE);
    g_array_free(r->histograms, TRUE);
}

static void fill_verdicts(result *r, const run_result *run)
{
    for (guint i = 0; i < run->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(run->verdicts, run_verdict, i);
        bool holds = v->finding.verdict == VERDICT_HOLDS;
        result_verdict one = {.property = v->property->name,
                              .verdict = v->finding.verdict,
                              .asked = v->asked,
                              .met = v->met,
                              .record = holds ? 0 : v->finding.record,
                              .at = holds ? 0 : v->finding.at,
                              .reason = holds ? NULL : v->finding.reason};
        g_array_append_val(r->verdicts, one);
    }
}

/* Packed histograms go into `store`, one after the other. */
static void fill_metrics(result *r, const metrics *m, GByteArray *store)
{
    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++) {
        measured value = measures[i](m);
        result_metric one = {kinds[i].name, value.numerator, value.denominator};
        if (value.numerator == 0 && value.denominator == 0) {
            continue;
        }
        g_array_append_val(r->metrics, one);
        if (value.times) {
            guint begin = store->len;
            g_byte_array_set_size(store, begin + (guint)histogram_pack_size(value.times));
            result_histogram h = {kinds[i].name, NULL, 0};
            h.size = histogram_pack(value.times, store->data + begin);
            g_byte_array_set_size(store, begin + (guint)h.size);
            g_array_append_val(r->histograms, h);
        }
    }
    size_t begin = 0; /* only now does the store stay where it is */
    for (guint i = 0; i < r->histograms->len; i++) {
        result_histogram *h = &g_array_index(r->histograms, result_histogram, i);
        h->packed = store->data + begin;
        begin += h->size;
    }
}

void result_pack(GByteArray *out, const run_result *run)
{
    GByteArray *store = g_byte_array_new();
    result r;
    result_init(&r);
    r.seed = run->seed;
    r.status = run->status;
    r.exit_status = (uint32_t)run_exit_status(run);
    r.settled = run->settled;
    r.ran_dry = run->ran_dry;
    r.ended_at = run->ended_at;
    r.events = run->events;
    r.records = run->records;
    r.faults = run->faults;
    r.digest = run->digest;
    r.explanation = run->explanation;
    r.suffered = run->suffered;
    fill_verdicts(&r, run);
    if (run->metrics) {
        fill_metrics(&r, run->metrics, store);
    }
    result_pack_again(out, &r);
    result_clear(&r);
    g_byte_array_free(store, TRUE);
}

/* --------------------------------------------------------------------------------------- bytes */

void result_pack_again(GByteArray *out, const result *r)
{
    frame_put_number(out, r->seed);
    frame_put_number(out, r->status);
    frame_put_number(out, r->exit_status);
    frame_put_number(out, (uint64_t)r->settled | (uint64_t)r->ran_dry << 1);
    frame_put_signed(out, r->ended_at);
    frame_put_number(out, r->events);
    frame_put_number(out, r->records);
    frame_put_number(out, r->faults);
    frame_put_number(out, r->digest.high);
    frame_put_number(out, r->digest.low);
    frame_put_text(out, r->explanation);
    frame_put_text(out, r->suffered);
    frame_put_number(out, r->verdicts->len);
    for (guint i = 0; i < r->verdicts->len; i++) {
        const result_verdict *v = &g_array_index(r->verdicts, result_verdict, i);
        frame_put_text(out, v->property);
        frame_put_number(out, v->verdict | v->asked << 2 | (uint32_t)v->met << 4);
        frame_put_number(out, v->record);
        frame_put_signed(out, v->at);
        frame_put_text(out, v->reason);
    }
    frame_put_number(out, r->metrics->len);
    for (guint i = 0; i < r->metrics->len; i++) {
        const result_metric *m = &g_array_index(r->metrics, result_metric, i);
        frame_put_text(out, m->name);
        frame_put_signed(out, m->numerator);
        frame_put_signed(out, m->denominator);
    }
    frame_put_number(out, r->histograms->len);
    for (guint i = 0; i < r->histograms->len; i++) {
        const result_histogram *h = &g_array_index(r->histograms, result_histogram, i);
        frame_put_text(out, h->name);
        frame_put_bytes(out, h->packed, h->size);
    }
}

static void take_head(frame *f, result *r)
{
    r->seed = frame_take_number(f);
    r->status = (uint32_t)frame_take_number(f);
    r->exit_status = (uint32_t)frame_take_number(f);
    uint64_t bits = frame_take_number(f);
    r->settled = bits & 1;
    r->ran_dry = bits >> 1 & 1;
    r->ended_at = frame_take_signed(f);
    r->events = frame_take_number(f);
    r->records = frame_take_number(f);
    r->faults = frame_take_number(f);
    r->digest.high = frame_take_number(f);
    r->digest.low = frame_take_number(f);
    r->explanation = frame_take_text(f);
    r->suffered = frame_take_text(f);
}

bool result_unpack(frame *f, result *r)
{
    take_head(f, r);
    g_array_set_size(r->verdicts, 0);
    g_array_set_size(r->metrics, 0);
    g_array_set_size(r->histograms, 0);
    for (uint64_t count = frame_take_number(f); count > 0 && !f->bad; count--) {
        result_verdict v = {.property = frame_take_text(f)};
        uint64_t bits = frame_take_number(f);
        v.verdict = bits & 3;
        v.asked = bits >> 2 & 3;
        v.met = bits >> 4 & 1;
        v.record = frame_take_number(f);
        v.at = frame_take_signed(f);
        v.reason = frame_take_text(f);
        f->bad |= v.property == NULL;
        g_array_append_val(r->verdicts, v);
    }
    for (uint64_t count = frame_take_number(f); count > 0 && !f->bad; count--) {
        result_metric m = {.name = frame_take_text(f)};
        m.numerator = frame_take_signed(f);
        m.denominator = frame_take_signed(f);
        f->bad |= m.name == NULL;
        g_array_append_val(r->metrics, m);
    }
    for (uint64_t count = frame_take_number(f); count > 0 && !f->bad; count--) {
        result_histogram h = {.name = frame_take_text(f)};
        h.packed = frame_take_bytes(f, &h.size);
        f->bad |= h.name == NULL;
        g_array_append_val(r->histograms, h);
    }
    return !f->bad && f->at == f->end;
}

digest_value result_hash(const void *packed, size_t size)
{
    return digest_of(packed, size);
}
