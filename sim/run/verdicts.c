/* Who watches is fixed when the world is made; what is asked for, when it is judged. */
#include "run/verdicts.h"

#include <string.h>

typedef struct watch {
    const property *property;
    void *self;
} watch;

struct judges {
    GArray *watches; /* watch, in the order of the properties' names */
};

static bool says_something(const world *w, const property *p)
{
    const world_config *config = world_config_of(w);
    bool provided = false;
    for (uint32_t i = 0; i < config->stack_size; i++) {
        provided |= config->stack[i].algorithm->provides == p->service;
    }
    return provided && (p->applies == NULL || p->applies(config));
}

static bool can_see(const world *w, const property *p)
{
    return world_has_states(w) || !p->reads_state;
}

judges *judges_new(const world *w)
{
    judges *j = g_new0(judges, 1);
    j->watches = g_array_new(FALSE, FALSE, sizeof(watch));
    for (const property *const *p = property_all(); *p; p++) {
        if (says_something(w, *p) && can_see(w, *p)) {
            watch one = {*p, (*p)->make(w)};
            g_array_append_val(j->watches, one);
        }
    }
    return j;
}

void judges_free(judges *j)
{
    if (j) {
        for (guint i = 0; i < j->watches->len; i++) {
            const watch *one = &g_array_index(j->watches, watch, i);
            one->property->destroy(one->self);
        }
        g_array_free(j->watches, TRUE);
        g_free(j);
    }
}

void judges_observe(const judges *j, world *w)
{
    for (guint i = 0; i < j->watches->len; i++) {
        const watch *which = &g_array_index(j->watches, watch, i);
        observer one = {which->self, which->property->on_record};
        world_observe(w, &one);
    }
}

/* By one of those that clients use. */
static bool is_promised(const world *w, const char *name)
{
    const world_config *config = world_config_of(w);
    for (uint32_t i = 0; i < config->stack_size; i++) {
        const dasim_algorithm *a = config->stack[i].algorithm;
        if (world_is_heard(w, i) && a->promises && g_strv_contains(a->promises, name)) {
            return true;
        }
    }
    return false;
}

static void ask(const world *w, const expectation *expectations, size_t count, run_verdict *v)
{
    static const int asked[] =
        {[EXPECT_HOLDS] = ASKED_HOLDS, [EXPECT_FAILS] = ASKED_FAILS, [EXPECT_ANY] = ASKED_NOT};
    v->asked = is_promised(w, v->property->name) ? ASKED_HOLDS : ASKED_NOT;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(expectations[i].property, v->property->name) == 0) {
            v->asked = asked[expectations[i].kind];
        }
    }
    v->met = v->asked == ASKED_NOT ||
             v->finding.verdict == (v->asked == ASKED_HOLDS ? VERDICT_HOLDS : VERDICT_VIOLATED);
}

void judges_judge(judges *j, const world *w, run_end end, const expectation *expectations,
                  size_t count, GArray *verdicts)
{
    guint next = 0;
    for (const property *const *p = property_all(); *p; p++) {
        const watch *one = &g_array_index(j->watches, watch, next);
        bool is_watched = next < j->watches->len && one->property == *p;
        bool is_blind = says_something(w, *p) && !can_see(w, *p);
        run_verdict v = {.property = *p};
        if (is_watched) {
            next++;
            (*p)->judge(one->self, w, end, &v.finding);
        } else {
            v.finding.verdict = VERDICT_INCONCLUSIVE;
            v.finding.reason =
                g_strdup(is_blind ? "it needs the states of nodes, which were not traced"
                                  : "it says nothing about the algorithms of this run");
        }
        ask(w, expectations, count, &v);
        if (is_watched || is_blind || v.asked != ASKED_NOT) {
            g_array_append_val(verdicts, v);
        } else {
            finding_clear(&v.finding);
        }
    }
}

GArray *verdicts_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(run_verdict));
}

void verdicts_free(GArray *verdicts)
{
    for (guint i = 0; i < verdicts->len; i++) {
        finding_clear(&g_array_index(verdicts, run_verdict, i).finding);
    }
    g_array_free(verdicts, TRUE);
}

const char *verdict_name(verdict v)
{
    return v == VERDICT_HOLDS ? "holds" : v == VERDICT_VIOLATED ? "violated" : "inconclusive";
}

int verdicts_exit_status(run_status status, const GArray *verdicts)
{
    bool inconclusive = status == RUN_LIMIT || status == RUN_INTERRUPTED;
    if (status == RUN_CHECK) {
        return 1;
    }
    if (status == RUN_CALLBACK) {
        return 2;
    }
    for (guint i = 0; i < verdicts->len; i++) {
        const run_verdict *v = &g_array_index(verdicts, run_verdict, i);
        if (!v->met && v->finding.verdict == VERDICT_VIOLATED) {
            return 1;
        }
        inconclusive |= !v->met && v->finding.verdict == VERDICT_INCONCLUSIVE;
    }
    if (inconclusive) {
        return 3;
    }
    for (guint i = 0; i < verdicts->len; i++) {
        if (!g_array_index(verdicts, run_verdict, i).met) {
            return 1; /* an expected violation did not show */
        }
    }
    return 0;
}
