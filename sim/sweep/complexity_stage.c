/* One run of an experiment, from a scenario's text to its metrics. */
#include "sweep/complexity_internal.h"

#include "plugin/plugin.h"
#include "script/files.h"

#include <string.h>

void cost_sample_add(cost_sample *s, int64_t value)
{
    bool is_first = s->sum.denominator == 0;
    s->least = is_first ? value : MIN(s->least, value);
    s->most = is_first ? value : MAX(s->most, value);
    s->sum.numerator += value;
    s->sum.denominator++;
}

cost_sample cost_sample_of(int64_t sum, int64_t count)
{
    cost_sample s = {.sum = {sum, count}};
    if (count > 0) {
        s.least = sum / count;
        s.most = s.least + (sum % count > 0);
    }
    return s;
}

bool cost_has_param(const dasim_algorithm *a, const char *name)
{
    for (const dasim_param *p = a->params; p && p->name; p++) {
        if (strcmp(p->name, name) == 0) {
            return true;
        }
    }
    return false;
}

char *cost_run_words(const cost_bench *b, const char *more)
{
    return g_strdup_printf("%s.%s { %s }", service_name(b->algorithm->provides), b->algorithm->name,
                           more);
}

/* What was not met, in words; NULL: all was. */
static char *complaint(const run_result *r)
{
    if (r->status != RUN_DONE) {
        return g_strdup(r->explanation);
    }
    for (guint i = 0; i < r->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(r->verdicts, run_verdict, i);
        if (!v->met) {
            return g_strdup_printf("%s is not kept: %s", v->property->name,
                                   v->finding.reason ? v->finding.reason : "no reason given");
        }
    }
    return NULL;
}

static scenario *load(const cost_bench *b, const char *text, uint64_t seed, char **trouble)
{
    GError *error = NULL;
    scenario_files *files = scenario_files_new();
    files_keep(files, "complexity.lua", text, strlen(text));
    scenario *s =
        scenario_load_from(files, "complexity.lua", NULL, 0, seed, b->modules, NULL, &error);
    if (s == NULL) {
        *trouble = g_strdup(error->message);
        g_error_free(error);
    }
    scenario_files_free(files);
    return s;
}

bool cost_stage_run(const cost_bench *b, const char *text, uint64_t seed, const observer *watch,
                    cost_stage *stage, char **trouble)
{
    GError *error = NULL;
    run_options options;
    run_options_init(&options);
    run_watcher one = {0};
    if (watch) {
        one = (run_watcher){.self = watch->self, .on_record = watch->on_record};
        options.watchers = &one;
        options.watcher_count = 1;
    }
    options.interrupted = b->interrupted;
    *stage = (cost_stage){.scenario = load(b, text, seed, trouble)};
    if (stage->scenario == NULL) {
        return false;
    }
    stage->result = run_scenario(stage->scenario, seed, &options, &error);
    *trouble = stage->result ? complaint(stage->result) : g_strdup(error->message);
    g_clear_error(&error);
    if (*trouble) {
        cost_stage_clear(stage);
    }
    return *trouble == NULL;
}

void cost_stage_clear(cost_stage *stage)
{
    run_result_free(stage->result);
    scenario_free(stage->scenario);
    *stage = (cost_stage){0};
}

int64_t cost_stage_sent(const cost_stage *stage, const char *message)
{
    uint32_t count;
    int64_t sent = 0;
    const message_count *all = metrics_messages(stage->result->metrics, &count);
    for (uint32_t i = 0; i < count; i++) {
        const dasim_algorithm *a = stage->scenario->stack[all[i].component].algorithm;
        sent += strcmp(a->messages[all[i].type].name, message) == 0 ? (int64_t)all[i].sent : 0;
    }
    return sent;
}
