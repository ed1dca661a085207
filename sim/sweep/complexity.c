/*
 * The judge. A cost that is to hold "always", "isolated" or "saturated" is exact where each run
 * gives it exactly; else, and for "mean", the formula must lie in the interval of the mean of the
 * runs. It is that of 99.99 %: some hundred means are judged together, and not one of them should
 * fail by chance. "best" and "worst" bound what a single operation costs.
 */
#include "sweep/complexity_internal.h"

#include "script/formula.h"

#include <math.h>
#include <string.h>

enum { FIRST_RUNS = 3, RUNS_LEAST = 40, RUNS_MOST = 400 };

static const double confidence = 0.9999, exactly = 1e-9;
static const double narrow = 0.03; /* half of the interval over its middle, where runs allow it */

const uint32_t complexity_nodes[] = {2, 3, 4, 5, 7, 8, 9, 13, 16, 21, 25, 31, 36, 49, 64};
const size_t complexity_nodes_count = G_N_ELEMENTS(complexity_nodes);

/* ----------------------------------------------------------------------------- which experiment */

static bool method_fits(const cost_method *m, const dasim_algorithm *a, const char *measure)
{
    const char *rest = m->measure[0] == '*' ? strchr(measure, ' ') : NULL;
    if (m->service != a->provides) {
        return false;
    }
    if (rest == NULL) {
        return strcmp(m->measure, measure) == 0;
    }
    for (const dasim_message *message = a->messages; message && message->name; message++) {
        size_t length = strlen(message->name);
        if (strncmp(message->name, measure, length) == 0 && measure + length == rest) {
            return strcmp(m->measure + 1, rest) == 0;
        }
    }
    return false;
}

static const cost_method *method_of(const dasim_algorithm *a, const char *measure)
{
    static const cost_method *const all[] = {cost_methods_of_deadlocks, cost_methods_of_elections,
                                             cost_methods_of_locks, cost_methods_of_memories,
                                             cost_methods_of_transports};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        for (const cost_method *m = all[i]; m->measure; m++) {
            if (method_fits(m, a, measure)) {
                return m;
            }
        }
    }
    return NULL;
}

/* ----------------------------------------------------------------------------------- judging */

typedef struct evidence {
    moments moments;
    double formula;
    double least, most; /* of single operations */
    bool is_exact;
} evidence;

static bool is_same(double found, double wanted)
{
    return fabs(found - wanted) <= exactly * fmax(1, fabs(wanted));
}

static void take(evidence *e, const cost_sample *s)
{
    bool is_first = e->moments.count == 0;
    double sum = (double)s->sum.numerator, count = (double)s->sum.denominator;
    e->is_exact = (is_first || e->is_exact) && is_same(sum, e->formula * count);
    e->least = is_first ? (double)s->least : fmin(e->least, (double)s->least);
    e->most = is_first ? (double)s->most : fmax(e->most, (double)s->most);
    moments_add(&e->moments, s->sum);
}

static void judge_extreme(const evidence *e, bool is_best, cost_point *p)
{
    p->low = e->least;
    p->high = e->most;
    p->measured = is_best ? e->least : e->most;
    bool is_beyond = is_best ? p->measured < p->formula : p->measured > p->formula;
    p->finding = is_same(p->measured, p->formula) ? COST_REACHED
                 : is_beyond                      ? COST_LEFT
                                                  : COST_BOUND;
}

static void judge(const evidence *e, const char *when, cost_point *p)
{
    bool is_best = strcmp(when, "best") == 0;
    p->runs = e->moments.count;
    p->formula = e->formula;
    if (is_best || strcmp(when, "worst") == 0) {
        judge_extreme(e, is_best, p);
        return;
    }
    estimate mean = moments_interval(&e->moments, confidence);
    p->measured = mean.value;
    p->low = e->moments.count > 1 ? mean.low : mean.value;
    p->high = e->moments.count > 1 ? mean.high : mean.value;
    p->finding = e->is_exact                                     ? COST_EXACT
                 : p->low <= p->formula && p->formula <= p->high ? COST_MEAN
                                                                 : COST_LEFT;
}

/* --------------------------------------------------------------------------------- one formula */

typedef enum progress { GO_ON, STOP, INTERRUPTED } progress;

/* Exact from the beginning; else when the interval is narrow. */
static bool is_enough(const evidence *e, uint64_t runs)
{
    uint64_t done = e->moments.count;
    if (runs > 0 || done >= RUNS_MOST) {
        return done >= (runs > 0 ? runs : RUNS_MOST);
    }
    if (e->is_exact || done < RUNS_LEAST) {
        return e->is_exact && done >= FIRST_RUNS;
    }
    estimate mean = moments_interval(&e->moments, confidence);
    return estimate_half_width(mean) <= narrow * fabs(mean.value);
}

static progress measure_point(const cost_bench *b, const cost_method *m, cost_row *row, uint32_t n,
                              double wanted)
{
    evidence e = {.formula = wanted};
    cost_point p = {.n = n, .formula = wanted, .finding = COST_BROKEN};
    uint64_t runs = m->runs ? m->runs(b, n) : 1;
    for (uint64_t run = 0; !is_enough(&e, runs); run++) {
        cost_sample s = {0};
        char *trouble = NULL;
        bool fine = m->measure_run(b, n, run, &s, &trouble);
        if (b->interrupted && *b->interrupted) {
            g_free(trouble);
            return INTERRUPTED;
        }
        if (!fine) {
            row->trouble = g_strdup_printf("n = %u: %s", n, trouble);
            row->holds = false;
            g_free(trouble);
            g_array_append_val(row->points, p);
            return STOP;
        }
        if (s.sum.denominator == 0) {
            return GO_ON; /* there is nothing to measure with so many nodes */
        }
        take(&e, &s);
    }
    judge(&e, b->cost->when, &p);
    row->holds &= p.finding != COST_LEFT;
    g_array_append_val(row->points, p);
    return GO_ON;
}

/* Grids and their like are published for square numbers of nodes. */
static bool is_published_for(const dasim_cost *cost, uint32_t n)
{
    uint32_t root = 1;
    while (root * root < n) {
        root++;
    }
    return strstr(cost->formula, "n^0.5") == NULL || root * root == n;
}

static progress measure_row(const cost_bench *b, const cost_method *m, cost_row *row,
                            const uint32_t *nodes, size_t count, GError **error)
{
    formula *f = formula_new(b->cost->formula, error);
    progress now = f ? GO_ON : STOP;
    for (size_t i = 0; now == GO_ON && i < count; i++) {
        double value;
        if (nodes[i] < m->least_nodes || !is_published_for(b->cost, nodes[i])) {
            continue;
        }
        if (!formula_value(f, nodes[i], COST_DELAY, COST_HOLD, &value, error)) {
            break;
        }
        now = measure_point(b, m, row, nodes[i], value);
    }
    formula_free(f);
    if (row->points->len == 0 && row->trouble == NULL) {
        row->trouble = g_strdup("none of these numbers of nodes fits it");
    }
    return now;
}

static cost_row *row_new(const dasim_cost *cost, const cost_method *m, bool is_saturated)
{
    cost_row *row = g_new0(cost_row, 1);
    row->cost = cost;
    row->points = g_array_new(FALSE, TRUE, sizeof(cost_point));
    row->holds = true;
    if (m == NULL) {
        row->trouble = g_strdup("dasim does not know how to measure that");
        return row;
    }
    row->is_time = m->is_time;
    row->load = !m->knows_load ? NULL : is_saturated ? "saturated" : "idle";
    return row;
}

static void row_free(void *data)
{
    cost_row *row = data;
    g_array_free(row->points, TRUE);
    g_free(row->trouble);
    g_free(row);
}

/* --------------------------------------------------------------------------------- all of them */

complexity *complexity_measure(catalogue *modules, const char *name, const uint32_t *nodes,
                               size_t count, const volatile sig_atomic_t *interrupted,
                               GError **error)
{
    GError *cause = NULL;
    const dasim_algorithm *a = catalogue_load(modules, name, error);
    if (a == NULL) {
        return NULL;
    }
    complexity *c = g_new0(complexity, 1);
    *c = (complexity){a, g_ptr_array_new_with_free_func(row_free), true};
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    progress now = GO_ON;
    for (const dasim_cost *cost = a->costs; cost && cost->measure; cost++) {
        const cost_method *m = method_of(a, cost->measure);
        bool is_always = m && m->knows_load && strcmp(cost->when, "always") == 0;
        bool is_saturated = strcmp(cost->when, "saturated") == 0;
        for (int load = 0; load <= is_always && now != INTERRUPTED && !cause; load++) {
            cost_bench b = {modules, a, cost, is_saturated || load == 1, interrupted, known};
            cost_row *row = row_new(cost, m, b.is_saturated);
            g_ptr_array_add(c->rows, row);
            now = m ? measure_row(&b, m, row, nodes, count, &cause) : GO_ON;
            c->holds &= row->holds;
        }
    }
    g_hash_table_destroy(known);
    if (now == INTERRUPTED || cause) {
        if (cause) {
            g_propagate_prefixed_error(error, cause, "%s: ", name);
        }
        complexity_free(c);
        return NULL;
    }
    return c;
}

void complexity_free(complexity *c)
{
    if (c) {
        g_ptr_array_free(c->rows, TRUE);
        g_free(c);
    }
}
