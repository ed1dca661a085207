/* The phases of a run, and its verdicts. */
#include "run/run.h"

#include "run/session.h"

#include "drive/chaos.h"
#include "observe/fault_hits.h"

#include <errno.h>
#include <inttypes.h>

enum { SLICE = 1 << 16 }; /* events between two looks at `interrupted` */

typedef struct execution {
    scenario *scenario;
    const run_options *options;
    run_result *result;
    session *session;
    judges *judges;
    text_trace *trace;
    digest *digest;
    uint64_t restore_after; /* 0: not, or no longer */
    bool settled;
    fault_hits *hits; /* NULL: no chaos */
} execution;

/* ------------------------------------------------------------------------------- observers */

static void make_observers(execution *x)
{
    if (x->options->chaos && x->options->observers) {
        x->hits = fault_hits_new(x->session->world);
    }
    x->digest = digest_new();
    if (x->options->observers) {
        x->result->metrics = metrics_new(x->session->world, x->scenario->warm_up);
        x->result->notes = x->scenario->process_count > 0 ? notes_new() : NULL;
        x->judges = judges_new(x->session->world);
    }
    if (x->options->trace) {
        x->trace = text_trace_new(x->options->trace, x->options->trace_format);
    }
}

/* They hold no world: the same ones go on with another. */
static void attach_observers(execution *x)
{
    world *w = x->session->world;
    world_set_digest(w, x->digest);
    if (x->hits) {
        observer one = fault_hits_observer(x->hits);
        world_observe(w, &one);
    }
    if (x->result->metrics) {
        observer one = metrics_observer(x->result->metrics);
        world_observe(w, &one);
    }
    if (x->result->notes) {
        observer one = notes_observer(x->result->notes);
        world_observe(w, &one);
    }
    if (x->judges) {
        judges_observe(x->judges, w);
    }
    if (x->trace) {
        observer one = text_trace_observer(x->trace);
        world_observe(w, &one);
    }
    for (size_t i = 0; i < x->options->watcher_count; i++) {
        observer one = {x->options->watchers[i].self, x->options->watchers[i].on_record};
        world_observe(w, &one);
    }
}

static void begin_watchers(const execution *x)
{
    for (size_t i = 0; i < x->options->watcher_count; i++) {
        const run_watcher *one = &x->options->watchers[i];
        if (one->begin) {
            one->begin(one->self, x->scenario, x->session->world, x->result->seed);
        }
    }
}

static void end_watchers(const execution *x)
{
    for (size_t i = 0; i < x->options->watcher_count; i++) {
        const run_watcher *one = &x->options->watchers[i];
        if (one->end) {
            one->end(one->self, x->scenario, x->result);
        }
    }
}

/* ------------------------------------------------------------------------------------ time */

static void end_badly(execution *x, run_status status, char *explanation)
{
    x->result->status = status;
    g_free(x->result->explanation);
    x->result->explanation = explanation;
}

/* A world that was saved, and another one that is what it was. */
static void move_to_another_world(execution *x)
{
    const char *refusal;
    session *old = x->session,
            *new = session_new(x->scenario, x->result->seed, x->options->chaos, &refusal);
    g_assert(new != NULL);
    size_t size = world_image_size(old->world);
    void *image = g_malloc(size);
    world_save(old->world, image);
    x->session = new;
    attach_observers(x);
    world_restore(new->world, image, size);
    g_free(image);
    g_array_append_vals(new->actions, old->actions->data, old->actions->len);
    session_free(old);
    x->restore_after = 0;
}

/* Runs until `limit`, in slices. False where the run must end now: its status is set. */
static bool run_until(execution *x, int64_t limit, world_status *status)
{
    for (;;) {
        const volatile sig_atomic_t *interrupted = x->options->interrupted;
        uint64_t done = world_events(x->session->world), most = SLICE;
        if (x->restore_after > 0 && done >= x->restore_after) {
            move_to_another_world(x);
        }
        if (interrupted && *interrupted) {
            end_badly(x, RUN_INTERRUPTED, g_strdup("interrupted before its end"));
            return false;
        }
        if (done >= x->scenario->events) {
            end_badly(x, RUN_LIMIT,
                      g_strdup_printf("%" PRIu64 " events were not enough: give a duration, or "
                                      "more events",
                                      x->scenario->events));
            return false;
        }
        most = MIN(most, x->scenario->events - done);
        if (x->restore_after > 0) {
            most = MIN(most, x->restore_after - done);
        }
        *status = world_run(x->session->world, limit, most);
        x->result->ran_dry = *status == WORLD_IDLE;
        if (*status == WORLD_STUCK) {
            end_badly(x, RUN_LIMIT,
                      g_strdup("time does not advance: ten million events at one "
                               "instant"));
            return false;
        }
        if (*status != WORLD_EVENTS) {
            return true;
        }
    }
}

static bool explain_check(execution *x)
{
    uint32_t node, component, line;
    const char *condition;
    if (!world_failed_check(x->session->world, &node, &component, &condition, &line)) {
        return false;
    }
    const dasim_algorithm *a = x->scenario->world.stack[component].algorithm;
    end_badly(x, RUN_CHECK,
              line > 0 ? g_strdup_printf("%s on node %" PRIu32 " believed `%s` (line %" PRIu32
                                         ") and was wrong",
                                         a->name, node, condition, line)
                       : g_strdup_printf("%s on node %" PRIu32 " broke the contract: expected that "
                                         "the %s",
                                         a->name, node, condition));
    return true;
}

static bool explain_stop(execution *x)
{
    if (explain_check(x)) {
        return true;
    }
    const GError *error = scenario_callback_error(x->scenario);
    if (error) {
        end_badly(x, RUN_CALLBACK, g_strdup(error->message));
        return true;
    }
    return false;
}

/* The first phase. A workload that is complete stops the world; so does what goes wrong. */
static bool run_experiment(execution *x)
{
    int64_t longest = x->scenario->duration < 0 ? INT64_MAX : x->scenario->duration;
    int64_t end = longest;
    world_status status;
    for (;;) {
        if (!run_until(x, end, &status)) {
            return false;
        }
        if (status == WORLD_STOPPED && explain_stop(x)) {
            return false;
        }
        bool complete = session_is_complete(x->session);
        if (status != WORLD_STOPPED && (complete || status == WORLD_IDLE || end == longest)) {
            return true;
        }
        /* Complete: only faults that are certain to come are waited for. Who recovers by one of
         * them may have something to do again. */
        int64_t last = faults_last(x->session->faults);
        if (complete && last <= world_now(x->session->world)) {
            return true;
        }
        end = complete ? MIN(longest, last) : longest;
    }
}

static bool has_election(const scenario *s)
{
    for (uint32_t i = 0; i < s->world.stack_size; i++) {
        if (s->world.stack[i].algorithm->provides == DASIM_ELECTION) {
            return true;
        }
    }
    return false;
}

/* Is there nothing left that time could bring? Whether an election has settled cannot be asked of
 * it: there, all that may happen must have happened, or `settle` be over. */
static bool is_idle(const execution *x)
{
    return !has_election(x->scenario) && session_is_idle(x->session);
}

/* The second phase: is everybody served who waits, do all agree who leads, once nothing disturbs
 * any more? What takes place depends on the scenario alone, not on who watches. */
static bool run_settling(execution *x)
{
    session *s = x->session;
    world_status status = WORLD_STOPPED;
    int64_t now = world_now(s->world);
    int64_t end = x->scenario->settle > INT64_MAX - now ? INT64_MAX : now + x->scenario->settle;
    if (is_idle(x)) {
        x->settled = true;
        return true;
    }
    faults_stop(s->faults, s->world);
    session_drain(s);
    while (status == WORLD_STOPPED && !is_idle(x)) {
        if (!run_until(x, end, &status)) {
            return false;
        }
        if (status == WORLD_STOPPED && explain_stop(x)) {
            return false;
        }
    }
    x->settled = x->result->settled = true;
    return true;
}

/* -------------------------------------------------------------------------------- verdicts */

static void free_wait(void *data)
{
    g_free(((run_wait *)data)->call);
}

/* "p:lock(1)" */
static char *call_words(const scenario *of, uint32_t process, const process_wait *wait)
{
    switch (wait->kind) {
    case OPERATION_CALL:
        return scenario_process_call(of, process);
    case OPERATION_FORK:
        return g_strdup("p:fork(...)");
    case OPERATION_AWAIT:
        return g_strdup("p:wait()");
    case OPERATION_LOCK:
        return g_strdup_printf("p:lock(%" PRIu32 ")", wait->object);
    case OPERATION_READ:
        return g_strdup_printf("p:read(%" PRIu32 ")", wait->object);
    case OPERATION_WRITE:
        return g_strdup_printf("p:write(%" PRIu32 ", ...)", wait->object);
    default:
        return g_strdup("p:elect()");
    }
}

/* Who still waits, although time was given and nothing disturbed. */
static void collect_waits(execution *x)
{
    const session *s = x->session;
    const scenario *of = x->scenario;
    process_wait wait;
    x->result->waits = g_array_new(FALSE, FALSE, sizeof(run_wait));
    g_array_set_clear_func(x->result->waits, free_wait);
    for (uint32_t i = 0; x->settled && i < of->process_count + of->child_count; i++) {
        if (s->processes == NULL || !process_waits(s->processes, s->world, i, &wait)) {
            continue;
        }
        run_wait one = {.process = scenario_process_name(of, i),
                        .node = scenario_process_node(of, i),
                        .call = call_words(of, i, &wait),
                        .line = scenario_process_line(of, i),
                        .since = wait.since};
        if (wait.holder != NOBODY) {
            one.holder = scenario_process_name(of, wait.holder);
            one.holder_node = scenario_process_node(of, wait.holder);
        }
        g_array_append_val(x->result->waits, one);
    }
}

/* {"on":["crash","loss"],"hits":{"crash":{"holding":2}}} */
static char *suffered(const execution *x)
{
    GString *text = g_string_new("{\"on\":[");
    uint32_t on = chaos_on(x->options->chaos, x->result->seed);
    for (uint32_t kind = 0, count = 0; kind < CHAOS_KINDS; kind++) {
        if (on >> kind & 1) {
            g_string_append_printf(text, "%s\"%s\"", count++ > 0 ? "," : "", chaos_name(kind));
        }
    }
    g_string_append(text, "],\"hits\":");
    fault_hits_append_json(x->hits, text);
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

static void finish(execution *x)
{
    run_result *r = x->result;
    const world *w = x->session->world;
    if (x->judges) {
        const GArray *asked = x->scenario->expectations;
        judges_judge(x->judges, w, (run_end){x->settled},
                     (const expectation *)(const void *)asked->data, asked->len, r->verdicts);
        judges_free(x->judges);
    }
    collect_waits(x);
    r->events = world_events(w);
    r->records = world_records(w);
    r->ended_at = world_now(w);
    r->faults = faults_done(x->session->faults, w);
    r->digest = digest_now(x->digest);
    digest_free(x->digest);
    if (x->trace && !text_trace_close(x->trace)) {
        r->trace_errno = errno;
    }
    if (x->hits) {
        r->suffered = suffered(x);
        fault_hits_free(x->hits);
    }
    r->session = x->session;
    r->world = x->session->world;
}

void run_options_init(run_options *options)
{
    *options = (run_options){.observers = true};
}

run_result *run_scenario(scenario *s, uint64_t seed, const run_options *options, GError **error)
{
    const char *refusal;
    execution x = {.scenario = s, .options = options, .restore_after = options->restore_after};
    x.session = session_new(s, seed, options->chaos, &refusal);
    if (x.session == NULL) {
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_BAD, "%s: %s", s->file, refusal);
        return NULL;
    }
    x.result = g_new0(run_result, 1);
    x.result->seed = seed;
    x.result->verdicts = verdicts_new();
    x.result->chaos = options->chaos;
    make_observers(&x);
    attach_observers(&x);
    begin_watchers(&x);
    world_start(x.session->world);
    if (run_experiment(&x)) {
        run_settling(&x);
    }
    finish(&x);
    end_watchers(&x);
    return x.result;
}

void run_result_free(run_result *r)
{
    if (r == NULL) {
        return;
    }
    verdicts_free(r->verdicts);
    g_array_free(r->waits, TRUE);
    metrics_free(r->metrics);
    notes_free(r->notes);
    session_free(r->session);
    g_free(r->explanation);
    g_free(r->suffered);
    g_free(r);
}

int run_exit_status(const run_result *r)
{
    return verdicts_exit_status(r->status, r->verdicts);
}
