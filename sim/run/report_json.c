/* The object that `dasim run --json` writes. Keys keep their order; none depends on the result,
 * but "messages", "verdicts" and "parameters" have one entry each for what there is. */
#include "run/report.h"

#include "drive/chaos.h"

#include "run/session.h"

#include <inttypes.h>

static void append_text(GString *out, const char *text)
{
    if (text == NULL) {
        g_string_append(out, "null");
        return;
    }
    g_string_append_c(out, '"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\') {
            g_string_append_printf(out, "\\%c", *c);
        } else if (*c < 0x20 || *c == 0x7F) {
            g_string_append_printf(out, "\\u%04x", *c);
        } else {
            g_string_append_c(out, (char)*c);
        }
    }
    g_string_append_c(out, '"');
}

static void append_key(GString *out, const char *key)
{
    g_string_append_printf(out, "%s\"%s\":",
                           out->str[out->len - 1] == '{' || out->str[out->len - 1] == '[' ? ""
                                                                                          : ",",
                           key);
}

static void append_pair(GString *out, const char *key, const char *text)
{
    append_key(out, key);
    append_text(out, text);
}

static void append_number(GString *out, const char *key, int64_t value)
{
    append_key(out, key);
    g_string_append_printf(out, "%" PRId64, value);
}

/* value / unit with so many decimals; null where it is negative: not known. */
static void append_ratio(GString *out, const char *key, int64_t value, int64_t unit, int decimals)
{
    append_key(out, key);
    if (value < 0) {
        g_string_append(out, "null");
    } else {
        g_string_append_printf(out, "%" PRId64 ".%0*" PRId64, value / unit, decimals, value % unit);
    }
}

static void append_parameters(GString *out, const scenario *s)
{
    append_key(out, "parameters");
    g_string_append_c(out, '{');
    for (guint i = 0; i < s->params->len; i++) {
        const scenario_param *param = &g_array_index(s->params, scenario_param, i);
        append_pair(out, param->name, param->value);
    }
    g_string_append_c(out, '}');
}

static void append_stack(GString *out, const scenario *s)
{
    append_key(out, "stack");
    g_string_append_c(out, '[');
    for (uint32_t i = s->world.stack_size; i-- > 0;) {
        const dasim_algorithm *a = s->world.stack[i].algorithm;
        g_string_append(out, i + 1 < s->world.stack_size ? ",{" : "{");
        append_pair(out, "service", service_name(a->provides));
        append_pair(out, "algorithm", a->name);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_verdicts(GString *out, const run_result *r)
{
    static const char *const verdicts[] = {"holds", "violated", "inconclusive"};
    static const char *const asked[] = {NULL, "holds", "fails"};
    append_key(out, "verdicts");
    g_string_append_c(out, '{');
    for (guint i = 0; i < r->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(r->verdicts, run_verdict, i);
        append_key(out, v->property->name);
        g_string_append_c(out, '{');
        append_pair(out, "verdict", verdicts[v->finding.verdict]);
        append_pair(out, "expected", asked[v->asked]);
        append_key(out, "met");
        g_string_append(out, v->met ? "true" : "false");
        if (v->finding.reason) {
            append_pair(out, "reason", v->finding.reason);
            append_number(out, "record", (int64_t)v->finding.record);
            append_number(out, "at_ns", v->finding.at);
        }
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, '}');
}

static void append_waits(GString *out, const run_result *r)
{
    append_key(out, "waiting");
    g_string_append_c(out, '[');
    for (guint i = 0; i < r->waits->len; i++) {
        const run_wait *one = &g_array_index(r->waits, run_wait, i);
        g_string_append(out, i > 0 ? ",{" : "{");
        append_pair(out, "process", one->process);
        append_number(out, "node", one->node);
        append_pair(out, "call", one->call);
        append_number(out, "line", one->line);
        append_number(out, "since_ns", one->since);
        append_pair(out, "holder", one->holder);
        if (one->holder) {
            append_number(out, "holder_node", one->holder_node);
        }
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_notes(GString *out, const run_result *r)
{
    uint32_t kept = 0;
    uint64_t total = 0;
    const note *all = r->notes ? notes_all(r->notes, &kept, &total) : NULL;
    append_key(out, "notes");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < kept; i++) {
        g_string_append(out, i > 0 ? ",{" : "{");
        append_number(out, "at_ns", all[i].at);
        append_number(out, "node", all[i].node);
        append_pair(out, "text", all[i].text);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_times(GString *out, const char *key, const histogram *h)
{
    append_key(out, key);
    g_string_append_c(out, '{');
    append_number(out, "count", (int64_t)histogram_count(h));
    append_number(out, "mean", histogram_mean(h));
    append_number(out, "least", histogram_least(h));
    append_number(out, "p50", histogram_quantile(h, 500000));
    append_number(out, "p90", histogram_quantile(h, 900000));
    append_number(out, "p99", histogram_quantile(h, 990000));
    append_number(out, "most", histogram_most(h));
    g_string_append_c(out, '}');
}

static void append_messages(GString *out, const scenario *s, const metrics *m)
{
    uint32_t count;
    const message_count *all = metrics_messages(m, &count);
    append_key(out, "messages");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        const dasim_algorithm *a = s->world.stack[all[i].component].algorithm;
        g_string_append(out, i > 0 ? ",{" : "{");
        append_pair(out, "algorithm", a->name);
        append_pair(out, "type", a->messages[all[i].type].name);
        append_number(out, "sent", (int64_t)all[i].sent);
        append_number(out, "received", (int64_t)all[i].received);
        append_number(out, "lost", (int64_t)all[i].lost);
        append_number(out, "bytes", (int64_t)all[i].bytes);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_accesses(GString *out, const metrics *m, const accesses *a)
{
    static const char *const keys[] = {"reads", "writes"};
    append_ratio(out, "messages_per_access", metrics_messages_per_access(m), 1000, 3);
    append_ratio(out, "accesses_per_second", metrics_access_rate(m), 1000, 3);
    for (int kind = 0; kind < ACCESS_KINDS; kind++) {
        append_key(out, keys[kind]);
        g_string_append_c(out, '{');
        append_number(out, "requests", (int64_t)accesses_asked(a, kind));
        append_number(out, "completed", (int64_t)accesses_completed(a, kind));
        append_number(out, "messages", (int64_t)accesses_messages(a, kind));
        append_times(out, "time_ns", accesses_time(a, kind));
        g_string_append_c(out, '}');
    }
}

/* What the programs of the scenario read, in the order of nodes and steps. */
static void append_outcome(GString *out, const run_result *r)
{
    const client_load *load = r->session->load;
    reading one;
    if (load == NULL || load->outcome == NULL) {
        return;
    }
    append_key(out, "outcome");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; load->outcome(load, r->world, i, &one); i++) {
        g_string_append(out, i > 0 ? ",{" : "{");
        append_number(out, "node", one.node);
        append_number(out, "object", one.object);
        append_key(out, "value");
        g_string_append_printf(out, one.done ? "%" PRIu64 : "null", one.value);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_metrics(GString *out, const scenario *s, const metrics *m)
{
    append_key(out, "metrics");
    g_string_append_c(out, '{');
    append_number(out, "requests", (int64_t)metrics_requests(m));
    append_number(out, "entries", (int64_t)metrics_entries(m));
    append_number(out, "leases_over", (int64_t)metrics_leases_over(m));
    append_ratio(out, "messages_per_entry", metrics_messages_per_entry(m), 1000, 3);
    append_ratio(out, "entries_per_second", metrics_throughput(m), 1000, 3);
    append_ratio(out, "fairness", metrics_fairness(m), 1000000, 6);
    append_number(out, "messages_sent", (int64_t)metrics_sent(m));
    append_number(out, "messages_received", (int64_t)metrics_received(m));
    append_number(out, "messages_lost", (int64_t)metrics_lost(m));
    append_times(out, "waiting_ns", metrics_waiting(m));
    append_times(out, "synchronisation_delay_ns", metrics_synchronisation(m));
    append_times(out, "holding_ns", metrics_holding(m));
    append_times(out, "message_delay_ns", metrics_delay(m));
    append_times(out, "time_to_recover_ns", recovery_time(metrics_recovery(m)));
    append_number(out, "not_recovered", (int64_t)recovery_missing(metrics_recovery(m)));
    append_number(out, "leaders_declared", (int64_t)metrics_leaders(m));
    append_times(out, "time_to_agree_ns", metrics_agreeing(m));
    append_messages(out, s, m);
    if (metrics_accesses(m)) {
        append_accesses(out, m, metrics_accesses(m));
    }
    g_string_append_c(out, '}');
}

void report_json(const scenario *s, const run_result *r, GString *out)
{
    static const char *const statuses[] = {"done", "limit", "check", "callback", "interrupted"};
    char words[33];
    digest_text(r->digest, words);
    g_string_append_c(out, '{');
    append_pair(out, "scenario", s->file);
    append_pair(out, "question", s->question);
    append_stack(out, s);
    append_number(out, "nodes", s->world.nodes);
    append_key(out, "seed");
    g_string_append_printf(out, "%" PRIu64, r->seed);
    append_parameters(out, s);
    append_pair(out, "status", statuses[r->status]);
    append_pair(out, "explanation", r->explanation);
    append_number(out, "exit_status", run_exit_status(r));
    append_verdicts(out, r);
    append_waits(out, r);
    append_notes(out, r);
    append_outcome(out, r);
    if (r->metrics) {
        append_metrics(out, s, r->metrics);
    }
    append_number(out, "ended_at_ns", r->ended_at);
    append_key(out, "nothing_is_left_to_happen");
    g_string_append(out, r->ran_dry ? "true" : "false");
    append_number(out, "events", (int64_t)r->events);
    append_number(out, "records", (int64_t)r->records);
    append_number(out, "faults", (int64_t)r->faults);
    if (r->chaos) {
        char *words_of = chaos_words(r->chaos, r->seed);
        append_pair(out, "chaos", words_of);
        append_key(out, "suffered");
        g_string_append(out, r->suffered ? r->suffered : "{}");
        g_free(words_of);
    }
    append_pair(out, "digest", words);
    g_string_append(out, "}\n");
}
