/* Order matters: the nursery is forked while the process is small and has nothing open; then the
 * plan says what there is to do; then the database says what of it is missing. */
#include "sweep/sweep.h"

#include "sweep/precision.h"

#include <errno.h>
#include <sqlite3.h>

enum { STEP_MS = 100, COMMIT_US = 100000, COMMIT_RUNS = 5000 };

typedef struct conductor {
    const sweep_options *options;
    sweep *sweep;
    work *work;
    pool *pool;
    crew *crew;
    GArray *facts; /* cell_facts, until they are in the database */
    gint64 committed_at, told_at;
    uint32_t uncommitted;
    precision precision;
} conductor;

/* Of these a run has one: what its clients wait for. */
static const char *const usual_times[] = {"waiting_ns", "read_ns", "write_ns", "time_to_agree_ns",
                                          NULL};

static bool refuse(sweep *s, int status, char *refusal)
{
    s->status = status;
    g_free(s->refusal);
    s->refusal = refusal;
    return false;
}

static bool refuse_error(sweep *s, GError *error)
{
    int status = g_error_matches(error, STORE_ERROR, STORE_ERROR_FOREIGN) ? 2 : 4;
    refuse(s, status, g_strdup(error->message));
    g_error_free(error);
    return false;
}

/* -------------------------------------------------------------------------------------- events */

static bool commit(conductor *c)
{
    GError *error = NULL;
    c->committed_at = g_get_monotonic_time();
    c->uncommitted = 0;
    return store_commit(c->sweep->store, &error) || refuse_error(c->sweep, error);
}

static bool on_result(void *context, uint32_t cell, const result *r, const void *packed,
                      size_t size)
{
    conductor *c = context;
    GError *error = NULL;
    int64_t id = g_array_index(c->sweep->cells, int64_t, cell);
    if (!store_result(c->sweep->store, id, r, packed, size, &error)) {
        return refuse_error(c->sweep, error);
    }
    c->sweep->progress.violated += r->exit_status == 1;
    c->sweep->progress.events += r->events;
    return ++c->uncommitted < COMMIT_RUNS || commit(c);
}

static bool on_failure(void *context, uint32_t cell, uint64_t seed, failure_kind kind,
                       const char *reason)
{
    conductor *c = context;
    GError *error = NULL;
    int64_t id = g_array_index(c->sweep->cells, int64_t, cell);
    c->uncommitted++;
    return store_failure(c->sweep->store, id, seed, kind, reason, &error) ||
           refuse_error(c->sweep, error);
}

static void tell(conductor *c)
{
    sweep_progress *p = &c->sweep->progress;
    p->total = work_total(c->work);
    p->skipped = work_skipped(c->work);
    p->finished = work_finished(c->work);
    p->failures = work_failures(c->work);
    c->told_at = g_get_monotonic_time();
    if (c->options->on_progress) {
        c->options->on_progress(c->options->context, p);
    }
}

/* --------------------------------------------------------------------------------------- setup */

static void on_cell(void *context, uint32_t cell, cell_facts *facts)
{
    (void)cell;
    g_array_append_val(((conductor *)context)->facts, *facts);
}

static void append_option(GString *text, const char *option, const char *value)
{
    bool plain = value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789_=.,:%+-/")] == '\0';
    char *quoted = plain ? g_strdup(value) : g_shell_quote(value);
    g_string_append_printf(text, " %s %s", option, quoted);
    g_free(quoted);
}

/* " --set nodes=4 --set loss=1%", of everything that is set in the cell, and where modules are. */
static char *settings_text(const sweep_options *o, const cell_facts *facts)
{
    GString *text = g_string_new(NULL);
    for (const char *const *folder = o->path; folder && *folder; folder++) {
        append_option(text, "--plugin-path", *folder);
    }
    for (guint i = 0; i < facts->parameters->len; i++) {
        const cell_parameter *p = &g_array_index(facts->parameters, cell_parameter, i);
        char *pair = g_strdup_printf("%s=%s", p->name, p->value);
        if (p->is_set) {
            append_option(text, "--set", pair);
        }
        g_free(pair);
    }
    if (o->grid->chaos) {
        append_option(text, "--chaos", o->grid->chaos);
    }
    return g_string_free(text, FALSE);
}

typedef struct seen {
    work *work;
    uint32_t cell;
} seen;

static void on_seed(void *context, uint64_t seed, bool failed)
{
    const seen *s = context;
    work_skip(s->work, s->cell, seed, failed);
}

static bool open_cells(conductor *c)
{
    sweep *s = c->sweep;
    GError *error = NULL;
    for (guint i = 0; i < c->facts->len; i++) {
        const cell_facts *facts = &g_array_index(c->facts, cell_facts, i);
        char *label = grid_label(c->options->grid, i), *settings = settings_text(c->options, facts);
        int64_t id = store_cell(s->store, c->options->file, facts, label, settings, &error);
        seen who = {c->work, i};
        bool fine = id >= 0 &&
                    (!c->options->retry || store_forget_failures(s->store, id, &error)) &&
                    store_seeds(s->store, id, on_seed, &who, &error);
        g_array_append_val(s->cells, id);
        g_ptr_array_add(s->labels, label);
        g_free(settings);
        if (!fine) {
            return refuse_error(s, error);
        }
    }
    return commit(c);
}

static void set_precision(conductor *c)
{
    if (c->options->precision_ppm > 0) {
        c->precision = (precision){
            .store = c->sweep->store,
            .work = c->work,
            .cells = (const int64_t *)(const void *)c->sweep->cells->data,
            .measures = c->options->measures ? c->options->measures : usual_times,
            .ppm = c->options->precision_ppm,
        };
        work_in_steps(c->work, precision_is_enough, &c->precision);
    }
}

static bool open_store(conductor *c)
{
    GError *error = NULL;
    const char *file = c->options->database ? c->options->database : ":memory:";
    c->sweep->store = store_open(file, STORE_CREATE, &error);
    if (c->sweep->store == NULL) {
        return refuse_error(c->sweep, error);
    }
    if (!open_cells(c)) {
        return false;
    }
    set_precision(c);
    return true;
}

void sweep_nursery(const sweep_options *options, nursery_config *config)
{
    *config = (nursery_config){
        .file = options->file,
        .grid = options->grid,
        .path = options->path,
        .limits = options->limits,
    };
}

static bool plan(conductor *c)
{
    int status;
    char *refusal;
    nursery_config config;
    sweep_nursery(c->options, &config);
    c->pool = c->options->pool ? c->options->pool : pool_new(&config);
    if (c->pool == NULL) {
        return refuse(c->sweep, 70,
                      g_strdup_printf("no process can be started: %s", g_strerror(errno)));
    }
    return pool_plan(c->pool, on_cell, c, &refusal, &status) || refuse(c->sweep, status, refusal);
}

/* ----------------------------------------------------------------------------------------- run */

static bool is_interrupted(const conductor *c)
{
    return c->options->interrupted && *c->options->interrupted;
}

static void start(conductor *c)
{
    const sweep_crowd *crowd = c->options->crowd;
    const crew_events events = {on_result, on_failure, c};
    uint32_t slots = crowd ? crowd->slots : c->options->jobs;
    c->crew = crew_new(c->work, slots, &c->options->limits, &events);
    if (crowd) {
        crowd->start(crowd->self, c->crew);
    } else {
        pool_start(c->pool, c->crew, slots);
    }
}

static bool wait_for_runs(conductor *c, char **refusal)
{
    const sweep_crowd *crowd = c->options->crowd;
    return crowd ? crowd->step(crowd->self, STEP_MS, refusal)
                 : pool_step(c->pool, STEP_MS, refusal);
}

static bool work_on(conductor *c)
{
    char *refusal;
    start(c);
    while (!work_is_over(c->work) && !is_interrupted(c)) {
        if (!wait_for_runs(c, &refusal)) {
            return refusal ? refuse(c->sweep, 70, refusal) : false;
        }
        gint64 now = g_get_monotonic_time();
        if (now - c->committed_at > COMMIT_US && !commit(c)) {
            return false;
        }
        if (now - c->told_at > 1000 * STEP_MS) {
            tell(c);
        }
    }
    c->sweep->interrupted = !work_is_over(c->work);
    return true;
}

static void facts_clear(void *facts)
{
    cell_facts_clear(facts);
}

void sweep_run(const sweep_options *options, sweep *s)
{
    conductor c = {.options = options, .sweep = s};
    *s = (sweep){0};
    s->cells = g_array_new(FALSE, FALSE, sizeof(int64_t));
    s->labels = g_ptr_array_new_with_free_func(g_free);
    c.facts = g_array_new(FALSE, FALSE, sizeof(cell_facts));
    g_array_set_clear_func(c.facts, facts_clear);
    c.work = work_new(options->grid, options->shard, options->shards);
    if (plan(&c) && open_store(&c) && (work_is_over(c.work) || work_on(&c))) {
        commit(&c);
    }
    tell(&c);
    if (c.pool) {
        pool_free(c.pool);
    }
    if (c.crew) {
        crew_free(c.crew);
    }
    work_free(c.work);
    g_array_free(c.facts, TRUE);
}

bool sweep_close(sweep *s)
{
    GError *error = NULL;
    bool fine = s->store == NULL || store_close(s->store, &error);
    s->store = NULL;
    if (!fine && s->refusal == NULL) {
        return refuse_error(s, error);
    }
    g_clear_error(&error);
    return fine;
}

void sweep_clear(sweep *s)
{
    sweep_close(s);
    g_array_free(s->cells, TRUE);
    g_ptr_array_free(s->labels, TRUE);
    g_free(s->refusal);
}

/* ---------------------------------------------------------------------------------------- after */

int sweep_exit_status(sweep *s)
{
    sqlite3_stmt *one = NULL;
    sqlite3_int64 failed = 0, violated = 0, inconclusive = 0;
    if (s->status != 0 || s->store == NULL) {
        return s->status;
    }
    sqlite3_prepare_v2(store_handle(s->store),
                       "SELECT failed, violated, inconclusive FROM summary WHERE cell = ?1", -1,
                       &one, NULL);
    for (guint i = 0; i < s->cells->len; i++) {
        sqlite3_bind_int64(one, 1, g_array_index(s->cells, int64_t, i));
        if (sqlite3_step(one) == SQLITE_ROW) {
            failed += sqlite3_column_int64(one, 0);
            violated += sqlite3_column_int64(one, 1);
            inconclusive += sqlite3_column_int64(one, 2);
        }
        sqlite3_reset(one);
    }
    sqlite3_finalize(one);
    return failed ? 5 : violated ? 1 : inconclusive ? 3 : 0;
}
