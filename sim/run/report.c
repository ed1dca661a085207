/* The page that `dasim run` prints. */
#include "run/report.h"

#include "drive/chaos.h"
#include "observe/names.h"
#include "run/session.h"

#include <inttypes.h>
#include <string.h>

enum {
    LABEL_WIDTH = 23,
    CELL_WIDTH = 10,
    PAGE_WIDTH = 100,
    WAITS_MOST = 10,
    NOTES_MOST = 20,
    NOTE_INDENT = 22
};

typedef enum paint { PLAIN, BOLD, DIM, GREEN, RED, YELLOW } paint;

typedef struct page {
    GString *text;
    bool colour;
} page;

static void put(page *p, paint how, const char *words)
{
    static const char *const codes[] = {"", "1", "2", "32", "31", "33"};
    if (p->colour && how != PLAIN) {
        g_string_append_printf(p->text, "\033[%sm%s\033[0m", codes[how], words);
    } else {
        g_string_append(p->text, words);
    }
}

static void put_padded(page *p, paint how, const char *words, size_t width)
{
    size_t length = (size_t)g_utf8_strlen(words, -1);
    put(p, how, words);
    g_string_append_printf(p->text, "%*s", length < width ? (int)(width - length) : 1, "");
}

void append_grouped(GString *text, uint64_t value)
{
    char digits[24];
    int count = g_snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < count; i++) {
        g_string_append_c(text, digits[i]);
        if (i + 1 < count && (count - 1 - i) % 3 == 0) {
            g_string_append_c(text, ',');
        }
    }
}

/* Thousandths as "3.000". */
static void append_thousandths(GString *text, int64_t value)
{
    g_string_append_printf(text, "%" PRId64 ".%03" PRId64, value / 1000, value % 1000);
}

/* ------------------------------------------------------------------------------------ head */

/* "mutex.coordinator on election.bully and memory.write_update": what clients use, in the order of
 * the scenario, each on what it makes use of and was not named yet. */
static void put_stack(page *p, const scenario *s, const world *w)
{
    uint32_t named = 0;
    for (uint32_t i = 0; i < s->world.stack_size; i++) {
        if (!world_is_heard(w, i) || named >> i & 1) {
            continue;
        }
        uint32_t below = world_below(w, i) & ~named;
        g_string_append(p->text, named ? " and " : "");
        for (uint32_t k = i + 1; k-- > 0;) {
            if (below >> k & 1) {
                const dasim_algorithm *a = s->world.stack[k].algorithm;
                g_string_append_printf(p->text, "%s%s.%s", k < i ? " on " : "",
                                       service_name(a->provides), a->name);
            }
        }
        named |= below;
    }
}

static void put_head(page *p, const scenario *s, const run_result *r)
{
    put(p, BOLD, s->file);
    g_string_append_c(p->text, '\n');
    if (s->question[0]) {
        g_string_append_printf(p->text, "  %s\n", s->question);
    }
    g_string_append(p->text, "\n  ");
    put_stack(p, s, r->world);
    g_string_append_printf(p->text, ", %" PRIu32 " node%s, seed %" PRIu64, s->world.nodes,
                           s->world.nodes == 1 ? "" : "s", r->seed);
    for (guint i = 0; i < s->params->len; i++) {
        const scenario_param *param = &g_array_index(s->params, scenario_param, i);
        g_string_append_printf(p->text, "%s%s = %s", i == 0 ? "\n  with " : ", ", param->name,
                               param->value);
    }
    if (r->chaos) {
        char *words = chaos_words(r->chaos, r->seed);
        g_string_append_printf(p->text, "\n  chaos: %s", words);
        g_free(words);
    }
    g_string_append(p->text, "\n\n");
}

/* -------------------------------------------------------------------------------- verdicts */

/* Bytes of word number `i`, with the unit that must stay behind it: "0.012000000 s,". */
static int length_of(char **words, int i)
{
    int length = (int)g_utf8_strlen(words[i], -1);
    const char *next = words[i + 1];
    bool has_unit = next && next[0] == 's' && !g_ascii_isalnum(next[1]);
    return has_unit ? length + 1 + (int)strlen(next) : length;
}

/* Breaks `words` at blanks, so that they stay on the page; further lines begin behind `indent`
 * blanks. */
static void put_wrapped(page *p, const char *words, int indent)
{
    char **all = g_strsplit(words, " ", -1);
    const char *line = strrchr(p->text->str, '\n');
    int column = (int)g_utf8_strlen(line ? line + 1 : p->text->str, -1);
    for (int i = 0; all[i]; i++) {
        if (i > 0 && column + 1 + length_of(all, i) > PAGE_WIDTH) {
            g_string_append_printf(p->text, "\n%*s", indent, "");
            column = indent;
        } else if (i > 0) {
            g_string_append_c(p->text, ' ');
            column++;
        }
        g_string_append(p->text, all[i]);
        column += (int)g_utf8_strlen(all[i], -1);
    }
    g_strfreev(all);
}

static void put_verdict(page *p, const run_verdict *v, size_t width)
{
    static const char *const asked[2][3] = {{"not asked for", "expected to hold",
                                             "expected to be violated"},
                                            {"not asked for", "as expected", "as expected"}};
    verdict found = v->finding.verdict;
    paint how = v->met ? (v->asked == ASKED_NOT ? PLAIN : GREEN)
                       : (found == VERDICT_INCONCLUSIVE ? YELLOW : RED);
    g_string_append(p->text, "  ");
    put_padded(p, PLAIN, v->property->name, width);
    put_padded(p, how, verdict_name(found), 14);
    put(p, v->met ? DIM : how, asked[v->met][v->asked]);
    g_string_append_c(p->text, '\n');
    if (v->finding.reason) {
        g_string_append(p->text, "      ");
        put_wrapped(p, v->finding.reason, 6);
        g_string_append_c(p->text, '\n');
    }
}

void report_verdicts(const GArray *verdicts, run_status status, const char *explanation,
                     bool colour, GString *text)
{
    page p = {text, colour};
    size_t width = LABEL_WIDTH + 1;
    for (guint i = 0; i < verdicts->len; i++) {
        const run_verdict *v = &g_array_index(verdicts, run_verdict, i);
        width = MAX(width, strlen(v->property->name) + 1);
    }
    for (guint i = 0; i < verdicts->len; i++) {
        put_verdict(&p, &g_array_index(verdicts, run_verdict, i), width);
    }
    if (explanation) {
        g_string_append(text, "  ");
        put(&p, status == RUN_CHECK || status == RUN_CALLBACK ? RED : YELLOW, explanation);
        g_string_append_c(text, '\n');
    }
    if (verdicts->len > 0 || explanation) {
        g_string_append_c(text, '\n');
    }
}

/* Processes that wait in vain: what a deadlock looks like. */
static void put_waits(page *p, const run_result *r)
{
    for (guint i = 0; i < r->waits->len && i < WAITS_MOST; i++) {
        const run_wait *one = &g_array_index(r->waits, run_wait, i);
        GString *words = g_string_new(NULL);
        g_string_append_printf(words,
                               "process '%s' on node %" PRIu32 " waits in %s, line %d, since ",
                               one->process, one->node, one->call, one->line);
        append_duration(words, one->since);
        if (one->holder) {
            g_string_append_printf(words, "; '%s' (node %" PRIu32 ") holds it", one->holder,
                                   one->holder_node);
        }
        g_string_append(p->text, "  ");
        put_wrapped(p, words->str, 4);
        g_string_append_c(p->text, '\n');
        g_string_free(words, TRUE);
    }
    if (r->waits->len > WAITS_MOST) {
        g_string_append_printf(p->text, "  and %u more processes wait\n",
                               r->waits->len - WAITS_MOST);
    }
    g_string_append(p->text, r->waits->len > 0 ? "\n" : "");
}

/* What processes remarked. */
static void put_notes(page *p, const run_result *r)
{
    uint32_t kept;
    uint64_t total;
    const note *all = notes_all(r->notes, &kept, &total);
    for (uint32_t i = 0; i < kept && i < NOTES_MOST; i++) {
        g_string_append(p->text, "  ");
        append_seconds(p->text, all[i].at);
        g_string_append_printf(p->text, " s  n%-4" PRIu32 " ", all[i].node);
        put_wrapped(p, all[i].text, NOTE_INDENT);
        g_string_append_c(p->text, '\n');
    }
    if (total > NOTES_MOST) {
        g_string_append(p->text, "  and ");
        append_grouped(p->text, total - NOTES_MOST);
        g_string_append(p->text, " more notes: --trace -\n");
    }
    g_string_append(p->text, total > 0 ? "\n" : "");
}

/* --------------------------------------------------------------------------------- figures */

static void put_label(page *p, const char *label)
{
    g_string_append(p->text, "  ");
    put_padded(p, PLAIN, label, LABEL_WIDTH + 1);
}

/* What the messages of some components are counted by. */
typedef struct message_row {
    const char *label;
    uint32_t components; /* bit per component */
    uint64_t done;       /* entries or accesses; 0: messages are shown as they are */
    int64_t per;         /* thousandths */
} message_row;

/* "GRANT 1.000, RELEASE 1.000"; returns whether there was any. */
static bool append_counts(GString *words, const scenario *s, const metrics *m,
                          const message_row *row)
{
    uint32_t count;
    const message_count *all = metrics_messages(m, &count);
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        const dasim_algorithm *a = s->world.stack[all[i].component].algorithm;
        if (all[i].sent == 0 || !(row->components >> all[i].component & 1)) {
            continue;
        }
        g_string_append_printf(words, "%s%s\x1f", any ? ", " : "", a->messages[all[i].type].name);
        if (row->done > 0) {
            append_thousandths(words, (int64_t)((all[i].sent * 1000 + row->done / 2) / row->done));
        } else {
            append_grouped(words, all[i].sent);
        }
        any = true;
    }
    return any;
}

static void put_row(page *p, const scenario *s, const metrics *m, const message_row *row,
                    bool is_last)
{
    GString *words = g_string_new(NULL);
    put_label(p, row->label);
    bool any = append_counts(words, s, m, row);
    if (is_last && metrics_lost(m) > 0) {
        g_string_append_printf(words, "%slost\x1f", any ? "; " : "");
        append_grouped(words, metrics_lost(m));
    }
    if (row->done > 0) {
        append_thousandths(p->text, row->per);
        g_string_append(p->text, words->len > 0 ? " = " : "");
    }
    gsize begin = p->text->len;
    put_wrapped(p, words->str, LABEL_WIDTH + 3);
    g_strdelimit(p->text->str + begin, "\x1f", ' '); /* blanks that are no place to break at */
    g_string_append_c(p->text, '\n');
    g_string_free(words, TRUE);
}

static bool sends_any(const metrics *m, uint32_t components)
{
    uint32_t count;
    const message_count *all = metrics_messages(m, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (all[i].sent > 0 && (components >> all[i].component & 1)) {
            return true;
        }
    }
    return false;
}

/* Those of a lock per entry, those of a memory per access, others as they are. */
static void put_messages(page *p, const scenario *s, const metrics *m)
{
    message_row rows[3];
    uint32_t count = 0, told = 0;
    if (metrics_messages_per_entry(m) >= 0) {
        rows[count++] = (message_row){"messages per entry", metrics_below_lock(m),
                                      metrics_entries(m), metrics_messages_per_entry(m)};
    }
    if (metrics_messages_per_access(m) >= 0) {
        const accesses *a = metrics_accesses(m);
        uint64_t done = accesses_completed(a, ACCESS_READ) + accesses_completed(a, ACCESS_WRITE);
        rows[count++] = (message_row){"messages per access", metrics_below_memory(m), done,
                                      metrics_messages_per_access(m)};
    }
    for (uint32_t i = 0; i < count; i++) {
        told |= rows[i].components;
    }
    if (count == 0 && !sends_any(m, ~told)) {
        put_label(p, "messages");
        g_string_append(p->text, "none\n");
        return;
    }
    if (count == 0 || sends_any(m, ~told)) {
        rows[count] = (message_row){count > 0 ? "other messages" : "messages", ~told, 0, 0};
        count++;
    }
    for (uint32_t i = 0; i < count; i++) {
        put_row(p, s, m, &rows[i], i + 1 == count);
    }
}

/* What processes have exchanged over the network, whatever it was that sent it for them. */
static void put_traffic(page *p, const metrics *m)
{
    uint32_t count;
    uint64_t bytes = 0;
    const message_count *all = metrics_messages(m, &count);
    for (uint32_t i = 0; i < count; i++) {
        bytes += all[i].bytes;
    }
    put_label(p, "messages sent");
    append_grouped(p->text, metrics_sent(m));
    g_string_append_c(p->text, '\n');
    put_label(p, "bytes sent");
    append_grouped(p->text, bytes);
    g_string_append_c(p->text, '\n');
}

static void put_entries(page *p, const metrics *m)
{
    int64_t throughput = metrics_throughput(m), fairness = metrics_fairness(m);
    put_label(p, "entries");
    append_grouped(p->text, metrics_entries(m));
    g_string_append(p->text, " completed");
    if (metrics_leases_over(m) > 0) {
        g_string_append(p->text, ", ");
        append_grouped(p->text, metrics_leases_over(m));
        g_string_append(p->text, " ended with the lease");
    }
    if (metrics_entries(m) > 0) {
        g_string_append(p->text, ", ");
        append_thousandths(p->text, throughput);
        g_string_append_printf(p->text, " a second, fairness %" PRId64 ".%03" PRId64,
                               fairness / 1000000, fairness % 1000000 / 1000);
    }
    g_string_append_c(p->text, '\n');
}

static void put_accesses(page *p, const metrics *m, const accesses *a)
{
    uint64_t reads = accesses_completed(a, ACCESS_READ),
             writes = accesses_completed(a, ACCESS_WRITE);
    put_label(p, "accesses");
    append_grouped(p->text, reads + writes);
    g_string_append(p->text, " completed, ");
    append_grouped(p->text, reads);
    g_string_append_printf(p->text, " read%s and ", reads == 1 ? "" : "s");
    append_grouped(p->text, writes);
    g_string_append_printf(p->text, " write%s", writes == 1 ? "" : "s");
    if (metrics_access_rate(m) >= 0) {
        g_string_append(p->text, ", ");
        append_thousandths(p->text, metrics_access_rate(m));
        g_string_append(p->text, " a second");
    }
    g_string_append_c(p->text, '\n');
}

/* What was sent because of reads, and of writes, each per completed one. */
static void put_causes(page *p, const accesses *a)
{
    static const char *const labels[] = {"  because of a read", "  because of a write"};
    for (int kind = 0; kind < ACCESS_KINDS; kind++) {
        uint64_t done = accesses_completed(a, kind);
        if (done > 0) {
            put_label(p, labels[kind]);
            append_thousandths(p->text,
                               (int64_t)((accesses_messages(a, kind) * 1000 + done / 2) / done));
            g_string_append_c(p->text, '\n');
        }
    }
}

static void put_duration(page *p, int64_t ns)
{
    GString *cell = g_string_new(NULL);
    append_duration(cell, ns);
    g_string_append_printf(p->text, "%*s", CELL_WIDTH, cell->str);
    g_string_free(cell, TRUE);
}

static void put_times(page *p, const char *label, const histogram *h)
{
    static const uint32_t quantiles[] = {500000, 900000, 990000};
    if (histogram_count(h) == 0) {
        return;
    }
    put_label(p, label);
    g_string_truncate(p->text, p->text->len - 2);
    put_duration(p, histogram_mean(h));
    put_duration(p, histogram_least(h));
    for (size_t i = 0; i < G_N_ELEMENTS(quantiles); i++) {
        put_duration(p, histogram_quantile(h, quantiles[i]));
    }
    put_duration(p, histogram_most(h));
    g_string_append_c(p->text, '\n');
}

static void put_table(page *p, const metrics *m)
{
    static const char *const heads[] = {"mean", "least", "p50", "p90", "p99", "most"};
    const accesses *a = metrics_accesses(m);
    if (histogram_count(metrics_delay(m)) + histogram_count(metrics_waiting(m)) +
            histogram_count(metrics_agreeing(m)) +
            histogram_count(recovery_time(metrics_recovery(m))) ==
        0) {
        return;
    }
    char line[128] = "";
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
        size_t used = strlen(line);
        g_snprintf(line + used, sizeof line - used, "%*s", CELL_WIDTH, heads[i]);
    }
    g_string_append_printf(p->text, "\n%*s", LABEL_WIDTH + 1, "");
    put(p, DIM, line);
    g_string_append_c(p->text, '\n');
    if (a) {
        put_times(p, "time of a read", accesses_time(a, ACCESS_READ));
        put_times(p, "time of a write", accesses_time(a, ACCESS_WRITE));
    }
    put_times(p, "waiting time", metrics_waiting(m));
    put_times(p, "synchronisation delay", metrics_synchronisation(m));
    put_times(p, "time in section", metrics_holding(m));
    put_times(p, "time to agree", metrics_agreeing(m));
    put_times(p, "time to recover", recovery_time(metrics_recovery(m)));
    put_times(p, "message delay", metrics_delay(m));
}

/* Faults after which the service did not come back. */
static void put_missing(page *p, uint64_t count)
{
    if (count > 0) {
        put_label(p, "never recovered from");
        append_grouped(p->text, count);
        g_string_append(p->text, count == 1 ? " fault\n" : " faults\n");
    }
}

static void put_figures(page *p, const scenario *s, const world *w, const metrics *m)
{
    const accesses *a = metrics_accesses(m);
    if (metrics_has_lock(m)) {
        put_entries(p, m);
    }
    if (world_component(w, DASIM_ELECTION) < STACK_MOST) {
        put_label(p, "leaders declared");
        append_grouped(p->text, metrics_leaders(m));
        g_string_append_c(p->text, '\n');
    }
    if (a) {
        put_accesses(p, m, a);
    }
    put_messages(p, s, m);
    if (s->process_count > 0 && !metrics_has_lock(m) && metrics_sent(m) > 0) {
        put_traffic(p, m);
    }
    if (a) {
        put_causes(p, a);
    }
    put_table(p, m);
    put_missing(p, recovery_missing(metrics_recovery(m)));
    g_string_append_c(p->text, '\n');
}

/* ------------------------------------------------------------------------------------ foot */

static bool needs_quotes(const char *word)
{
    return *word == '\0' || word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_-./=%+,:@")] != '\0';
}

static void append_word(GString *text, const char *word)
{
    if (needs_quotes(word)) {
        char *quoted = g_shell_quote(word);
        g_string_append(text, quoted);
        g_free(quoted);
    } else {
        g_string_append(text, word);
    }
}

void report_command(const scenario *s, const run_result *r, GString *text)
{
    g_string_append(text, "dasim run ");
    append_word(text, s->file);
    for (char **folder = s->path; *folder; folder++) {
        g_string_append(text, " --plugin-path ");
        append_word(text, *folder);
    }
    g_string_append_printf(text, " --seed %" PRIu64, r->seed);
    for (guint i = 0; i < s->params->len; i++) {
        const scenario_param *param = &g_array_index(s->params, scenario_param, i);
        if (param->is_set) {
            char *setting = g_strconcat(param->name, "=", param->value, NULL);
            g_string_append(text, " --set ");
            append_word(text, setting);
            g_free(setting);
        }
    }
}

/* What the programs of a scenario read, a line for each node. */
static void put_outcome(page *p, const run_result *r)
{
    const client_load *load = r->session->load;
    reading one;
    uint32_t node = NOBODY;
    for (uint32_t i = 0; load && load->outcome && load->outcome(load, r->world, i, &one); i++) {
        if (one.node != node) {
            char label[40];
            g_snprintf(label, sizeof label, "node %" PRIu32 " read", one.node);
            g_string_append(p->text, i > 0 ? "\n" : "");
            put_label(p, label);
        }
        g_string_append_printf(p->text,
                               one.node == node ? ", [%" PRIu32 "] = " : "[%" PRIu32 "] = ",
                               one.object);
        if (one.done) {
            g_string_append_printf(p->text, "%" PRIu64, one.value);
        } else {
            g_string_append_c(p->text, '?');
        }
        node = one.node;
    }
    g_string_append(p->text, node != NOBODY ? "\n\n" : "");
}

void report_text(const scenario *s, const run_result *r, bool colour, GString *text)
{
    page p = {text, colour};
    put_head(&p, s, r);
    report_verdicts(r->verdicts, r->status, r->explanation, colour, text);
    put_waits(&p, r);
    if (r->notes) {
        put_notes(&p, r);
    }
    put_outcome(&p, r);
    if (r->metrics) {
        put_figures(&p, s, r->world, r->metrics);
    }
    put_label(&p, "ended at");
    append_duration(text, r->ended_at);
    g_string_append(text, " with ");
    append_grouped(text, r->events);
    g_string_append_printf(text, " event%s", r->events == 1 ? "" : "s");
    if (r->faults > 0) {
        g_string_append_printf(text, ", %" PRIu64 " fault%s", r->faults, r->faults == 1 ? "" : "s");
    }
    g_string_append(text, r->ran_dry ? "; nothing is left to happen\n" : "\n");
    put_label(&p, "digest");
    char words[33];
    digest_text(r->digest, words);
    put(&p, BOLD, words);
    g_string_append_c(text, '\n');
    if (run_exit_status(r) != 0) {
        put_label(&p, "to do this run again");
        report_command(s, r, text);
        g_string_append_c(text, '\n');
    }
}
