/* Rates are those of the last seconds, each look weighing a quarter: what was done long ago says
 * little about cells that take longer. */
#include "sweep/progress.h"

#include "run/report.h"

#include <inttypes.h>

static const double weight = 0.25;

void progress_begin(progress_meter *m)
{
    *m = (progress_meter){.begun_at = g_get_monotonic_time()};
}

void progress_look(progress_meter *m, const sweep_progress *p, gint64 now)
{
    if (m->at > 0 && now > m->at) {
        double seconds = (double)(now - m->at) / 1e6;
        double runs = (double)(p->finished - m->finished) / seconds;
        double events = (double)(p->events - m->events) / seconds;
        bool first = m->runs == 0;
        m->runs = first ? runs : (1 - weight) * m->runs + weight * runs;
        m->event_rate = first ? events : (1 - weight) * m->event_rate + weight * events;
    }
    m->at = now;
    m->finished = p->finished;
    m->events = p->events;
}

static uint64_t left_of(const sweep_progress *p)
{
    return p->total - p->skipped - p->finished;
}

static void append_left(const progress_meter *m, const sweep_progress *p, GString *text)
{
    if (m->runs <= 0) {
        return;
    }
    uint64_t seconds = (uint64_t)((double)left_of(p) / m->runs + 0.5);
    if (seconds >= 3600) {
        g_string_append_printf(text, ", %" PRIu64 " h %02" PRIu64 " min left", seconds / 3600,
                               seconds / 60 % 60);
    } else if (seconds >= 60) {
        g_string_append_printf(text, ", %" PRIu64 " min %02" PRIu64 " s left", seconds / 60,
                               seconds % 60);
    } else {
        g_string_append_printf(text, ", %" PRIu64 " s left", seconds);
    }
}

void progress_text(const progress_meter *m, const sweep_progress *p, GString *text)
{
    uint64_t done = p->skipped + p->finished;
    append_grouped(text, done);
    g_string_append(text, " of ");
    append_grouped(text, p->total);
    g_string_append_printf(text, " runs (%" PRIu64 " %%)", p->total ? 100 * done / p->total : 100);
    if (m->runs > 0) {
        g_string_append(text, ", ");
        append_grouped(text, (uint64_t)(m->runs + 0.5));
        g_string_append_printf(text, " a second, %.1f M events a second", m->event_rate / 1e6);
    }
    if (p->violated > 0) {
        g_string_append(text, ", ");
        append_grouped(text, p->violated);
        g_string_append(text, " violated");
    }
    if (p->failures > 0) {
        g_string_append(text, ", ");
        append_grouped(text, p->failures);
        g_string_append(text, " failed");
    }
    append_left(m, p, text);
}

void progress_json(const progress_meter *m, const sweep_progress *p, GString *text)
{
    g_string_append_printf(text,
                           "{\"kind\":\"progress\",\"total\":%" PRIu64 ",\"done\":%" PRIu64
                           ",\"done_before\":%" PRIu64 ",\"failed\":%" PRIu64
                           ",\"violated\":%" PRIu64
                           ",\"runs_per_second\":%.1f,\"events_per_second\":%.0f}\n",
                           p->total, p->skipped + p->finished, p->skipped, p->failures, p->violated,
                           m->runs, m->event_rate);
}
