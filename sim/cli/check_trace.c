/* dasim check-trace: all properties once more, on a run that was recorded. */
#include "cli/tracing.h"

#include "run/report.h"

#include <inttypes.h>
#include <string.h>

static const option options[] = {
    {"quiet", NULL, "print nothing but errors: the exit status tells"},
    {0},
};

typedef struct checking {
    const char *file;
    native_trace *trace;
    world *world;
    digest *digest;
    judges *judges;
    GArray *verdicts; /* run_verdict */
    int reading;      /* exit status of it */
} checking;

static run_status status_of(export_status status)
{
    static const run_status statuses[EXPORT_STATUSES] = {[EXPORT_DONE] = RUN_DONE,
                                                         [EXPORT_LIMIT] = RUN_LIMIT,
                                                         [EXPORT_CHECK] = RUN_CHECK,
                                                         [EXPORT_CALLBACK] = RUN_CALLBACK,
                                                         [EXPORT_INTERRUPTED] = RUN_INTERRUPTED};
    return statuses[status];
}

static void judge(checking *c)
{
    static const expectation_kind kinds[EXPORT_WISHES] =
        {[EXPORT_HOLDS] = EXPECT_HOLDS, [EXPORT_FAILS] = EXPECT_FAILS, [EXPORT_ANY] = EXPECT_ANY};
    const export_about *about = native_about(c->trace);
    expectation *all = g_new0(expectation, about->expectation_count + 1);
    for (size_t i = 0; i < about->expectation_count; i++) {
        all[i].property = (char *)(uintptr_t)about->expectations[i].property;
        all[i].kind = kinds[about->expectations[i].wish];
    }
    judges_judge(c->judges, c->world, (run_end){native_end(c->trace)->settled}, all,
                 about->expectation_count, c->verdicts);
    g_free(all);
}

static const export_verdict *recorded(const checking *c, const char *name)
{
    const export_end *end = native_end(c->trace);
    for (size_t i = 0; i < end->verdict_count; i++) {
        if (strcmp(end->verdicts[i].property, name) == 0) {
            return &end->verdicts[i];
        }
    }
    return NULL;
}

/* What the live run said, where that was something else: another dasim may know better. */
static void append_differences(const checking *c, GString *text)
{
    for (guint i = 0; i < c->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(c->verdicts, run_verdict, i);
        const export_verdict *then = recorded(c, v->property->name);
        if (then && strcmp(then->verdict, verdict_name(v->finding.verdict)) != 0) {
            g_string_append_printf(text, "  %s was %s in the live run\n", then->property,
                                   then->verdict);
        }
    }
}

/* False where the digest is not that of the live run. */
static bool append_digest(const checking *c, GString *text)
{
    char words[33];
    const char *then = native_end(c->trace)->digest;
    digest_text(digest_now(c->digest), words);
    bool same = strcmp(words, then) == 0;
    g_string_append_printf(text, "  %-24s%s%s%s\n", "digest", words,
                           then[0] == '\0' ? ", so far"
                           : same          ? ", that of the live run"
                                           : ", but that of the live run is ",
                           same ? "" : then);
    return same || then[0] == '\0';
}

static void append_head(const checking *c, GString *text)
{
    const export_about *about = native_about(c->trace);
    g_string_append_printf(text, "%s\n  %s, seed %" PRIu64 "%s%s\n\n", c->file, about->scenario,
                           about->seed, about->settings[0] ? ", with " : "", about->settings);
}

static int report(const checking *c, bool quiet)
{
    const export_end *end = native_end(c->trace);
    run_status status = status_of(end->status);
    GString *text = g_string_new(NULL);
    append_head(c, text);
    report_verdicts(c->verdicts, status, end->explanation, cli_colour(), text);
    append_differences(c, text);
    bool same = append_digest(c, text);
    bool written = quiet || cli_print(text);
    g_string_free(text, TRUE);
    if (!written || c->reading != EXIT_AS_EXPECTED) {
        return EXIT_FILE;
    }
    return same ? verdicts_exit_status(status, c->verdicts) : EXIT_BUG;
}

static int check(const arguments *a)
{
    int status;
    checking c = {.file = a->words->pdata[0]};
    c.trace = reading_open(c.file, &c.world, &status);
    if (c.trace == NULL) {
        return status;
    }
    c.digest = digest_new();
    c.judges = judges_new(c.world);
    c.verdicts = verdicts_new();
    world_set_digest(c.world, c.digest);
    judges_observe(c.judges, c.world);
    c.reading = reading_replay(c.trace, c.file);
    judge(&c);
    status = report(&c, arguments_value(a, "quiet") != NULL);
    judges_free(c.judges);
    verdicts_free(c.verdicts);
    digest_free(c.digest);
    native_close(c.trace);
    return status;
}

static int run(int count, char **words)
{
    arguments a;
    int status = EXIT_USAGE;
    if (arguments_parse(&command_check_trace, count, words, 1, 1, &a)) {
        status = a.help ? EXIT_AS_EXPECTED : check(&a);
    }
    arguments_clear(&a);
    return status;
}

const command command_check_trace = {
    .name = "check-trace",
    .arguments = "TRACE.dtrace",
    .summary = "judge all properties of a recorded run once more",
    .options = options,
    .more =
        "The same verdicts, digest and exit status as those of the run that was recorded; 4 where\n"
        "the trace is cut off or damaged.",
    .run = run,
};
