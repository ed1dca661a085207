/*
 * Event patterns. Which names a pattern means is found out once for each component and type and
 * remembered in two bit sets: comparing texts for every record would cost more than the run.
 */
#include "drive/fault_internal.h"

#include <string.h>

enum { TYPES_REMEMBERED = 64 };

const occasion no_occasion = {NOBODY, NOBODY, NOBODY};

occasion occasion_of(const record *r)
{
    occasion o = {r->node, NOBODY, NOBODY};
    if (r->kind == RECORD_RECEIVE) {
        o.sender = r->peer;
        o.receiver = r->node;
    } else if (r->kind == RECORD_SEND || r->kind == RECORD_LOST) {
        o.sender = r->node;
        o.receiver = r->peer;
    }
    return o;
}

void matcher_init(matcher *m, const event_pattern *event)
{
    *m = (matcher){.event = *event};
}

static bool is_named(const matcher *m, const faults_config *config, const world *w, const record *r)
{
    const char *name = config->type_name(w, r);
    return name && strcmp(name, m->event.type) == 0;
}

static bool has_type(matcher *m, const faults_config *config, const world *w, const record *r)
{
    if (m->event.type == NULL) {
        return true;
    }
    if (r->type >= TYPES_REMEMBERED || r->component >= STACK_MOST) {
        return is_named(m, config, w, r);
    }
    uint64_t bit = UINT64_C(1) << r->type;
    if (!(m->known[r->component] & bit)) {
        m->known[r->component] |= bit;
        m->matching[r->component] |= is_named(m, config, w, r) ? bit : 0;
    }
    return (m->matching[r->component] & bit) != 0;
}

static bool is_end(const target *t, uint32_t node)
{
    return t->kind == TARGET_ANY || t->number == node;
}

bool matcher_fits(matcher *m, const faults_config *config, const world *w, const record *r)
{
    bool arrives = r->kind == RECORD_RECEIVE;
    return is_end(&m->event.from, arrives ? r->peer : r->node) &&
           is_end(&m->event.to, arrives ? r->node : r->peer) && has_type(m, config, w, r);
}

bool matcher_counts(const matcher *m, uint64_t *count)
{
    return ++*count >= m->event.nth && *count - m->event.nth < m->event.times;
}
