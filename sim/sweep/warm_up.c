/* Requests that are under way are known by node and resource, or node and tag; what is completed
 * joins the series of its run. */
#include "sweep/warm_up.h"

#include "base/map.h"

#include <string.h>

typedef struct value {
    int64_t asked, took; /* ns */
} value;

struct warm_up {
    GPtrArray *series; /* GArray of value, one for each run, in the order of the requests */
};

typedef struct collector {
    uint32_t lock, memory; /* components; STACK_MOST: none */
    map *open;             /* node and what is asked for -> when */
    GArray *series;
} collector;

warm_up *warm_up_new(void)
{
    warm_up *w = g_new0(warm_up, 1);
    w->series = g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))g_array_unref);
    return w;
}

void warm_up_free(warm_up *w)
{
    g_ptr_array_free(w->series, TRUE);
    g_free(w);
}

/* What is asked for, or was given: a resource, or an access by its tag. */
static uint64_t key_of(const record *r, bool is_lock)
{
    uint32_t what =
        is_lock ? ((const dasim_lock *)r->body)->resource : ((const dasim_access *)r->body)->tag;
    return (uint64_t)r->node << 32 | what;
}

static void on_record(void *self, const world *w, const record *r)
{
    collector *c = self;
    bool is_request = r->kind == RECORD_REQUEST;
    if (c->lock == STACK_MOST + 1) {
        c->lock = world_component(w, DASIM_MUTEX);
        c->memory = world_component(w, DASIM_MEMORY);
    }
    if ((!is_request && r->kind != RECORD_INDICATION) ||
        (r->component != c->lock && r->component != c->memory)) {
        return;
    }
    bool is_lock = r->component == c->lock;
    if (is_request && (!is_lock || r->type == DASIM_ACQUIRE)) {
        map_put(c->open, key_of(r, is_lock), r->at);
    } else if (!is_request && (!is_lock || r->type == DASIM_GRANTED)) {
        value v;
        if (map_take(c->open, key_of(r, is_lock), &v.asked)) {
            v.took = r->at - v.asked;
            g_array_append_val(c->series, v);
        }
    }
}

static int by_request(const void *first, const void *second)
{
    const value *a = first, *b = second;
    int order = (a->asked > b->asked) - (a->asked < b->asked);
    return order ? order : (a->took > b->took) - (a->took < b->took);
}

bool warm_up_add_run(warm_up *w, scenario *s, uint64_t seed,
                     const volatile sig_atomic_t *interrupted, GError **error)
{
    run_options options;
    collector c = {.lock = STACK_MOST + 1, .open = map_new()};
    run_watcher watch = {.self = &c, .on_record = on_record};
    c.series = g_array_new(FALSE, FALSE, sizeof(value));
    run_options_init(&options);
    options.observers = false;
    options.watchers = &watch;
    options.watcher_count = 1;
    options.interrupted = interrupted;
    run_result *r = run_scenario(s, seed, &options, error);
    bool fine = r != NULL && r->status != RUN_INTERRUPTED;
    g_array_sort(c.series, by_request);
    g_ptr_array_add(w->series, c.series);
    run_result_free(r);
    map_free(c.open);
    return fine;
}

/* Up to two digits. */
static int64_t rounded_up(int64_t ns)
{
    int64_t step = 1;
    while (ns / step >= 100) {
        step *= 10;
    }
    return (ns + step - 1) / step * step;
}

static estimate mean_from(const warm_up *w, int64_t from)
{
    moments m = {0};
    for (guint i = 0; i < w->series->len; i++) {
        const GArray *series = w->series->pdata[i];
        observation run = {0};
        for (guint k = 0; k < series->len; k++) {
            const value *v = &g_array_index(series, value, k);
            run.numerator += v->asked >= from ? v->took : 0;
            run.denominator += v->asked >= from;
        }
        moments_add(&m, run);
    }
    return moments_estimate(&m);
}

void warm_up_judge(const warm_up *w, warm_up_finding *f)
{
    *f = (warm_up_finding){.runs = w->series->len, .length = SIZE_MAX};
    for (guint i = 0; i < w->series->len; i++) {
        f->length = MIN(f->length, ((const GArray *)w->series->pdata[i])->len);
    }
    f->length = f->runs > 0 ? f->length : 0;
    int64_t *means = g_new0(int64_t, f->length + 1);
    for (size_t k = 0; k < f->length; k++) {
        __int128 sum = 0;
        for (guint i = 0; i < w->series->len; i++) {
            sum += g_array_index((const GArray *)w->series->pdata[i], value, k).took;
        }
        means[k] = (int64_t)(sum / (int64_t)f->runs);
    }
    f->cut = warm_up_length(means, f->length);
    for (guint i = 0; f->cut > 0 && f->cut < f->length && i < w->series->len; i++) {
        const GArray *series = w->series->pdata[i];
        f->until = MAX(f->until, g_array_index(series, value, f->cut).asked);
    }
    f->until = rounded_up(f->until);
    f->whole = mean_from(w, INT64_MIN);
    f->rest = mean_from(w, f->until);
    g_free(means);
}
