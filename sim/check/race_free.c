/*
 * Safety of a memory that processes of a machine share: of two accesses to a word, one of which
 * writes, one happened before the other. That is judged from what the processes asked for, not from
 * when things happened to be done: a lost update that luck avoided this time is found, too.
 *
 * As FastTrack does it: of each word the last write is kept as a moment, and the reads since then,
 * one as long as they are in an order. It is precise up to the first race, which is the one told.
 * Accesses through a descriptor that is `atomic` are no race: they synchronise.
 */
#include "check/property.h"
#include "check/race_machine.h"

#include "base/map.h"

#include <string.h>

/* For the clocks of the processes of one machine. */
static const size_t memory_most = 256 << 20;

typedef struct past_access {
    race_access its;
    int64_t at;
} past_access;

typedef struct variable {
    past_access write;
    bool is_written;
    GArray *reads; /* past_access: those since then of which none knows of another; NULL: none */
} variable;

typedef struct machine {
    race_machine *its;
    map *numbers; /* object and word -> place of the variable */
    GArray *variables;
} machine;

typedef struct racing {
    bool is_channel[STACK_MOST]; /* by component */
    uint32_t memory;             /* component; STACK_MOST: nobody has attached anything so far */
    map *numbers;                /* node -> place of its machine */
    GArray *machines;
    bool is_full;
    finding violation;
} racing;

static bool applies(const world_config *config)
{
    for (uint32_t i = 0; i < config->stack_size; i++) {
        if (strcmp(config->stack[i].algorithm->name, "shared_memory") == 0) {
            return true;
        }
    }
    return false;
}

static void *make(const world *w)
{
    const world_config *config = world_config_of(w);
    racing *self = g_new0(racing, 1);
    self->memory = STACK_MOST;
    for (uint32_t i = 0; i < config->stack_size && i < STACK_MOST; i++) {
        self->is_channel[i] = config->stack[i].algorithm->provides == DASIM_CHANNEL;
    }
    self->numbers = map_new();
    self->machines = g_array_new(FALSE, TRUE, sizeof(machine));
    return self;
}

static machine *machine_at(racing *self, uint32_t node)
{
    int64_t place;
    if (!map_get(self->numbers, node, &place)) {
        machine new = {.its = race_machine_new(memory_most),
                       .numbers = map_new(),
                       .variables = g_array_new(FALSE, TRUE, sizeof(variable))};
        place = self->machines->len;
        map_put(self->numbers, node, place);
        g_array_append_val(self->machines, new);
    }
    return &g_array_index(self->machines, machine, place);
}

static variable *variable_at(machine *m, const race_access *a)
{
    uint64_t key = (uint64_t)a->object << 32 | a->word;
    int64_t place;
    if (!map_get(m->numbers, key, &place)) {
        place = m->variables->len;
        map_put(m->numbers, key, place);
        g_array_set_size(m->variables, m->variables->len + 1);
    }
    return &g_array_index(m->variables, variable, place);
}

/* --------------------------------------------------------------------------- the sentence */

static void append_access(GString *text, const race_access *a, uint32_t node, const char *verb)
{
    g_string_append_printf(text, "process %" PRIu32 " of node %" PRIu32, a->process, node);
    if (a->line > 0) {
        g_string_append_printf(text, " (line %" PRIu32 ")", a->line);
    }
    g_string_append_printf(text, " %s", verb);
}

static void report(racing *self, const machine *m, const record *r, const past_access *before,
                   const race_access *now)
{
    GString *text = g_string_new("at ");
    char *valid = g_utf8_make_valid(race_machine_name(m->its, now->object), -1);
    g_string_append_printf(text, SECONDS " s ", SECONDS_OF(r->at));
    append_access(text, now, r->node, now->is_write ? "wrote" : "read");
    g_string_append_printf(text, " [%" PRIu32 "] of %s '%s', which ", now->word,
                           race_machine_is_file(m->its, now->object) ? "file" : "segment", valid);
    append_access(text, &before->its, r->node, before->its.is_write ? "had written" : "had read");
    g_string_append_printf(text, " at " SECONDS " s; nothing orders the two",
                           SECONDS_OF(before->at));
    g_free(valid);
    self->violation = (finding){VERDICT_VIOLATED, r->number, r->at, g_string_free(text, FALSE)};
}

/* --------------------------------------------------------------------------- the judgement */

/* The earliest read that the access does not know of; NULL: it knows of all. */
static const past_access *unknown_read(const machine *m, const variable *v, const race_access *now)
{
    for (guint i = 0; v->reads && i < v->reads->len; i++) {
        const past_access *one = &g_array_index(v->reads, past_access, i);
        if (!race_machine_is_before(m->its, &one->its, now)) {
            return one;
        }
    }
    return NULL;
}

/* Those that it knows of need not be kept: who knows of this one knows of them. */
static void keep_read(const machine *m, variable *v, const past_access *now)
{
    guint kept = 0;
    v->reads = v->reads ? v->reads : g_array_new(FALSE, FALSE, sizeof(past_access));
    for (guint i = 0; i < v->reads->len; i++) {
        past_access one = g_array_index(v->reads, past_access, i);
        if (!race_machine_is_before(m->its, &one.its, &now->its)) {
            g_array_index(v->reads, past_access, kept++) = one;
        }
    }
    g_array_set_size(v->reads, kept);
    g_array_append_val(v->reads, *now);
}

static void judge_access(racing *self, machine *m, const record *r, const race_access *now)
{
    variable *v = variable_at(m, now);
    const past_access *before = NULL;
    past_access one = {*now, r->at};
    if (v->is_written && !race_machine_is_before(m->its, &v->write.its, now)) {
        before = &v->write;
    } else if (now->is_write) {
        before = unknown_read(m, v, now);
    }
    if (before) {
        report(self, m, r, before, now);
    } else if (now->is_write) {
        v->write = one;
        v->is_written = true;
        if (v->reads) {
            g_array_set_size(v->reads, 0);
        }
    } else {
        keep_read(m, v, &one);
    }
}

/* --------------------------------------------------------------------------------- records */

static void on_call(racing *self, const record *r)
{
    race_access now;
    if (self->memory == STACK_MOST && r->type == DASIM_ATTACH) {
        self->memory = r->component;
    }
    machine *m = machine_at(self, r->node);
    if (r->component != self->memory) {
        race_machine_channel(m->its, r);
    } else if (race_machine_memory(m->its, r, &now)) {
        judge_access(self, m, r, &now);
    }
    self->is_full |= race_machine_is_full(m->its);
}

static void on_client(racing *self, const record *r)
{
    const client_body *body = r->body;
    if (r->type == CLIENT_JOINS && body && r->size >= sizeof *body) {
        race_machine_awaited(machine_at(self, r->node)->its, (uint32_t)body->client,
                             body->resource);
    }
}

static void on_record(void *state, const world *w, const record *r)
{
    racing *self = state;
    if (self->violation.verdict == VERDICT_VIOLATED || self->is_full) {
        return;
    }
    bool is_call =
        (r->kind == RECORD_REQUEST || r->kind == RECORD_INDICATION) && r->component < STACK_MOST;
    if (is_call && self->is_channel[r->component]) {
        on_call(self, r);
    } else if (is_call && world_is_heard(w, r->component)) {
        race_machine_outside(machine_at(self, r->node)->its, r->kind == RECORD_INDICATION);
    } else if (r->kind == RECORD_CRASH) {
        race_machine_crash(machine_at(self, r->node)->its);
    } else if (r->kind == RECORD_CLIENT) {
        on_client(self, r);
    }
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)w;
    (void)end;
    const racing *self = state;
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
    if (self->is_full && result->verdict == VERDICT_HOLDS) {
        result->verdict = VERDICT_INCONCLUSIVE;
        result->reason = g_strdup("there are too many processes to follow what each knows");
    }
}

static void destroy(void *state)
{
    racing *self = state;
    for (guint i = 0; i < self->machines->len; i++) {
        machine *m = &g_array_index(self->machines, machine, i);
        for (guint k = 0; k < m->variables->len; k++) {
            GArray *reads = g_array_index(m->variables, variable, k).reads;
            if (reads) {
                g_array_free(reads, TRUE);
            }
        }
        race_machine_free(m->its);
        map_free(m->numbers);
        g_array_free(m->variables, TRUE);
    }
    g_array_free(self->machines, TRUE);
    map_free(self->numbers);
    finding_clear(&self->violation);
    g_free(self);
}

const property race_free = {
    .name = "race_free",
    .statement = "of two accesses to a word of shared memory, one of which writes, one happened "
                 "before the other",
    .reference = "L. Lamport, CACM 21(7), 1978; C. Flanagan, S. Freund, \"FastTrack: Efficient and "
                 "Precise Dynamic Race Detection\", PLDI 2009",
    .liveness = false,
    .service = DASIM_CHANNEL,
    .applies = applies,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
