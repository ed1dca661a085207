/*
 * Elections, over who finds out and who is dead; rings, over their arrangements; failure detectors.
 * What was sent before the experiment begins is not counted.
 */
#include "sweep/complexity_internal.h"

#include "base/rng.h"

#include <string.h>

enum {
    DEAD_NODES_MOST = 9, /* up to that many nodes, others than the leader are dead, too */
    ARRANGED_NODES = 20, /* so many places of a ring does `arrangement` reach */
    ARRANGEMENTS = 60,   /* by chance, besides the first and the last one */
    BEATS = 10           /* intervals that are looked at */
};

static bool count_all(const cost_bench *b, const char *text, cost_sample *s, char **trouble)
{
    cost_stage stage;
    bool fine = cost_stage_run(b, text, 1, NULL, &stage, trouble);
    if (fine) {
        cost_sample_add(s, (int64_t)metrics_sent(stage.result->metrics));
        cost_stage_clear(&stage);
    }
    return fine;
}

/* ---------------------------------------------------------------------- the leader has died */

/* Who finds out, of the n-1 others; then, of each two others, one is dead and one finds out. */
static uint64_t leader_died_runs(const cost_bench *b, uint32_t n)
{
    (void)b;
    return n - 1 + (n <= DEAD_NODES_MOST ? (uint64_t)(n - 1) * (n - 2) : 0);
}

static bool measure_election(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                             char **trouble)
{
    uint32_t finder = (uint32_t)run;
    char *dead = g_strdup("");
    char *words = cost_run_words(b, "");
    if (run >= n - 1) {
        uint64_t pair = run - (n - 1);
        uint32_t gone = (uint32_t)(pair / (n - 2));
        finder = (uint32_t)(pair % (n - 2));
        finder += finder >= gone;
        g_free(dead);
        dead = g_strdup_printf("crash(%u), ", gone);
    }
    char *text = g_strdup_printf("return scenario { nodes = %u, run = %s, duration = '60s', "
                                 "links = { latency = '1ms', fifo = true }, warm_up = '5ms', "
                                 "faults = { at('10ms', %scrash(leader())), "
                                 "at('20ms', elect(%u)) } }",
                                 n, words, dead, finder);
    bool fine = count_all(b, text, s, trouble);
    g_free(text);
    g_free(words);
    g_free(dead);
    return fine;
}

static bool measure_recovery(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                             char **trouble)
{
    (void)run;
    char *words = cost_run_words(b, "");
    char *text = g_strdup_printf("return scenario { nodes = %u, run = %s, duration = '60s', "
                                 "links = { latency = '1ms', fifo = true }, warm_up = '10s', "
                                 "faults = { at('10ms', crash(leader())), at('20ms', elect(0)), "
                                 "at('20s', recover(%u)) } }",
                                 n, words, n - 1);
    bool fine = count_all(b, text, s, trouble);
    g_free(text);
    g_free(words);
    return fine;
}

/* ------------------------------------------------------------------------- all ask at once */

static uint64_t arranged_runs(const cost_bench *b, uint32_t n)
{
    (void)n;
    bool is_mean = strcmp(b->cost->when, "mean") == 0;
    return !cost_has_param(b->algorithm, "arrangement") ? 1 : is_mean ? 0 : ARRANGEMENTS + 2;
}

/* The first two runs are the arrangements in order, both ways, unless the mean is wanted. */
static char *arrangement(const cost_bench *b, uint32_t n, uint64_t run)
{
    bool is_mean = strcmp(b->cost->when, "mean") == 0;
    if (!cost_has_param(b->algorithm, "arrangement") || (!is_mean && run == 0)) {
        return g_strdup("");
    }
    if (!is_mean && run == 1) {
        return g_strdup("descending = true");
    }
    return g_strdup_printf("arrangement = %" G_GUINT64_FORMAT,
                           rng_draw(rng_key_of(1, n, 0), run) >> 1);
}

static bool measure_message(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                            char **trouble)
{
    cost_stage stage;
    if (strcmp(b->cost->when, "mean") == 0 && n > ARRANGED_NODES) {
        return true;
    }
    char *more = arrangement(b, n, run), *words = cost_run_words(b, more);
    char *text = g_strdup_printf("return scenario { nodes = %u, run = %s, duration = '60s', "
                                 "links = { latency = '1ms', fifo = true }, warm_up = '5ms', "
                                 "faults = { at('10ms', elect(any())) } }",
                                 n, words);
    bool fine = cost_stage_run(b, text, 1, NULL, &stage, trouble);
    if (fine) {
        char *message = g_strndup(b->cost->measure, strcspn(b->cost->measure, " "));
        cost_sample_add(s, cost_stage_sent(&stage, message));
        g_free(message);
        cost_stage_clear(&stage);
    }
    g_free(text);
    g_free(words);
    g_free(more);
    return fine;
}

/* ------------------------------------------------------------------------ failure detectors */

static int64_t interval_of(const dasim_algorithm *a)
{
    for (const dasim_param *p = a->params; p && p->name; p++) {
        if (strcmp(p->name, "interval") == 0) {
            return p->value;
        }
    }
    return 0;
}

/* Until half an interval behind the last one. */
static bool count_beats(const cost_bench *b, uint32_t n, int64_t beats, int64_t *sent,
                        char **trouble)
{
    cost_stage stage;
    int64_t interval = interval_of(b->algorithm);
    char *words = cost_run_words(b, "");
    char *text = g_strdup_printf("return scenario { nodes = %u, run = %s, "
                                 "links = { latency = '1ms', fifo = true }, "
                                 "duration = '%" G_GINT64_FORMAT "ns' }",
                                 n, words, beats * interval + interval / 2);
    bool fine = cost_stage_run(b, text, 1, NULL, &stage, trouble);
    if (fine) {
        *sent = (int64_t)metrics_sent(stage.result->metrics);
        cost_stage_clear(&stage);
    }
    g_free(text);
    g_free(words);
    return fine;
}

static bool measure_beats(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *s,
                          char **trouble)
{
    int64_t half = 0, whole = 0;
    (void)run;
    if (interval_of(b->algorithm) == 0) {
        *trouble = g_strdup("it has no parameter `interval`");
        return false;
    }
    if (!count_beats(b, n, BEATS, &half, trouble) ||
        !count_beats(b, n, 2 * BEATS, &whole, trouble)) {
        return false;
    }
    *s = cost_sample_of(whole - half, BEATS);
    return true;
}

const cost_method cost_methods_of_elections[] = {
    {DASIM_ELECTION, "messages per election", false, false, 2, leader_died_runs, measure_election},
    {DASIM_ELECTION, "messages per recovery of the highest", false, false, 2, NULL,
     measure_recovery},
    {DASIM_ELECTION, "* messages", false, false, 2, arranged_runs, measure_message},
    {DASIM_DETECTOR, "messages per interval", false, false, 2, NULL, measure_beats},
    {0},
};
