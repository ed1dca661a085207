/* The phases of a run, and its verdicts. */
#include "run/run.h"

#include "run/session.h"

#include <errno.h>
#include <inttypes.h>

enum { SLICE = 1 << 16 }; /* events between two looks at `interrupted` */

typedef struct watch {
    const property *property;
    void *self;
} watch;

typedef struct execution {
    scenario *scenario;
    const run_options *options;
    run_result *result;
    session *session;
    GArray *watches; /* watch, in the order of the properties' names */
    text_trace *trace;
    digest *digest;
    uint64_t restore_after; /* 0: not, or no longer */
    bool settled;
} execution;

/* ------------------------------------------------------------------------------- observers */

static bool is_judged(const scenario *s, const property *p)
{
    const world_config *config = &s->world;
    bool provided = false;
    for (uint32_t i = 0; i < config->stack_size; i++) {
        provided |= config->stack[i].algorithm->provides == p->service;
    }
    return provided && (p->applies == NULL || p->applies(config));
}

static void watch_properties(execution *x)
{
    for (const property *const *p = property_all(); *p; p++) {
        if (is_judged(x->scenario, *p)) {
            watch one = {*p, (*p)->make(x->session->world)};
            g_array_append_val(x->watches, one);
        }
    }
}

static void make_observers(execution *x)
{
    x->digest = digest_new();
    if (x->options->observers) {
        x->result->metrics = metrics_new(x->session->world, x->scenario->warm_up);
        watch_properties(x);
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
    if (x->result->metrics) {
        observer one = metrics_observer(x->result->metrics);
        world_observe(w, &one);
    }
    for (guint i = 0; i < x->watches->len; i++) {
        const watch *which = &g_array_index(x->watches, watch, i);
        observer one = {which->self, which->property->on_record};
        world_observe(w, &one);
    }
    if (x->trace) {
        observer one = text_trace_observer(x->trace);
        world_observe(w, &one);
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
    session *old = x->session, *new = session_new(x->scenario, x->result->seed, &refusal);
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

static bool is_complete(const execution *x)
{
    const session *s = x->session;
    return s->load && s->load->is_complete(s->load, s->world);
}

/* The first phase. A workload that is complete stops the world; so does what goes wrong. */
static bool run_experiment(execution *x)
{
    int64_t end = x->scenario->duration < 0 ? INT64_MAX : x->scenario->duration;
    world_status status;
    for (;;) {
        if (!run_until(x, end, &status)) {
            return false;
        }
        if (status == WORLD_STOPPED && explain_stop(x)) {
            return false;
        }
        if (status != WORLD_STOPPED) {
            return true;
        }
        /* Complete: only faults that are certain to come are waited for. */
        int64_t last = faults_last(x->session->faults);
        if (is_complete(x)) {
            if (last <= world_now(x->session->world)) {
                return true;
            }
            end = MIN(end, last);
        }
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
    const session *s = x->session;
    if (has_election(x->scenario)) {
        return false;
    }
    return s->load == NULL || s->load->is_idle(s->load, s->world);
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
    if (s->load) {
        s->load->drain(s->load, s->world);
    }
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

static bool is_promised(const scenario *s, const char *name)
{
    const dasim_algorithm *top = s->world.stack[s->world.stack_size - 1].algorithm;
    return top->promises && g_strv_contains(top->promises, name);
}

static void ask(const scenario *s, run_verdict *v)
{
    static const int asked[] =
        {[EXPECT_HOLDS] = ASKED_HOLDS, [EXPECT_FAILS] = ASKED_FAILS, [EXPECT_ANY] = ASKED_NOT};
    v->asked = is_promised(s, v->property->name) ? ASKED_HOLDS : ASKED_NOT;
    for (guint i = 0; i < s->expectations->len; i++) {
        const expectation *e = &g_array_index(s->expectations, expectation, i);
        if (g_str_equal(e->property, v->property->name)) {
            v->asked = asked[e->kind];
        }
    }
    v->met = v->asked == ASKED_NOT ||
             v->finding.verdict == (v->asked == ASKED_HOLDS ? VERDICT_HOLDS : VERDICT_VIOLATED);
}

static void judge(execution *x)
{
    for (guint i = 0; i < x->watches->len; i++) {
        const watch *one = &g_array_index(x->watches, watch, i);
        run_verdict v = {.property = one->property};
        one->property->judge(one->self, x->session->world, (run_end){x->settled}, &v.finding);
        ask(x->scenario, &v);
        g_array_append_val(x->result->verdicts, v);
        one->property->destroy(one->self);
    }
}

static void finish(execution *x)
{
    run_result *r = x->result;
    const world *w = x->session->world;
    judge(x);
    r->events = world_events(w);
    r->records = world_records(w);
    r->ended_at = world_now(w);
    r->faults = faults_done(x->session->faults, w);
    r->digest = digest_now(x->digest);
    digest_free(x->digest);
    if (x->trace && !text_trace_close(x->trace)) {
        r->trace_errno = errno;
    }
    r->session = x->session;
    r->world = x->session->world;
    g_array_free(x->watches, TRUE);
}

void run_options_init(run_options *options)
{
    *options = (run_options){.observers = true};
}

run_result *run_scenario(scenario *s, uint64_t seed, const run_options *options, GError **error)
{
    const char *refusal;
    execution x = {.scenario = s, .options = options, .restore_after = options->restore_after};
    x.session = session_new(s, seed, &refusal);
    if (x.session == NULL) {
        g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_BAD, "%s: %s", s->file, refusal);
        return NULL;
    }
    x.result = g_new0(run_result, 1);
    x.result->seed = seed;
    x.result->verdicts = g_array_new(FALSE, FALSE, sizeof(run_verdict));
    x.watches = g_array_new(FALSE, FALSE, sizeof(watch));
    make_observers(&x);
    attach_observers(&x);
    world_start(x.session->world);
    if (run_experiment(&x)) {
        run_settling(&x);
    }
    finish(&x);
    return x.result;
}

void run_result_free(run_result *r)
{
    if (r == NULL) {
        return;
    }
    for (guint i = 0; i < r->verdicts->len; i++) {
        finding_clear(&g_array_index(r->verdicts, run_verdict, i).finding);
    }
    g_array_free(r->verdicts, TRUE);
    metrics_free(r->metrics);
    session_free(r->session);
    g_free(r->explanation);
    g_free(r);
}

int run_exit_status(const run_result *r)
{
    bool inconclusive = r->status == RUN_LIMIT || r->status == RUN_INTERRUPTED;
    if (r->status == RUN_CHECK) {
        return 1;
    }
    if (r->status == RUN_CALLBACK) {
        return 2;
    }
    for (guint i = 0; i < r->verdicts->len; i++) {
        const run_verdict *v = &g_array_index(r->verdicts, run_verdict, i);
        if (!v->met && v->finding.verdict == VERDICT_VIOLATED) {
            return 1;
        }
        inconclusive |= !v->met && v->finding.verdict == VERDICT_INCONCLUSIVE;
    }
    if (inconclusive) {
        return 3;
    }
    for (guint i = 0; i < r->verdicts->len; i++) {
        if (!g_array_index(r->verdicts, run_verdict, i).met) {
            return 1; /* an expected violation did not show */
        }
    }
    return 0;
}
