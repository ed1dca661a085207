/*
 * One token: per resource at most one is somewhere, at a node or under way.
 *
 * At a node: its declared state field of the role "token_holder" is set. Records come before the
 * handler that they announce, so a node's field is read when its handler is over: when the next
 * handler begins, or at the end. Under way: from the SEND of a message that carries a token to its
 * RECEIVE or LOST. Only who has a token sends one: who does not (its field was not set, it has not
 * just received or booted) sends again what it sent before, which is the same token, or makes a new
 * one, which counts from where it arrives. A copy that arrives beside its original counts as soon
 * as a node takes it: it is then at a node, or on its way again.
 *
 * So a token that is void by its number but under way beside its successor counts, too.
 */
#include "check/lock_history.h"

#include <string.h>

#define NONE UINT32_MAX

/* A message that carries a token. Those of one group are one token, sent several times. */
typedef struct flight {
    uint64_t number, group; /* of SENDs: its own, that of the first */
    uint32_t from, to, resource;
} flight;

typedef struct tokens {
    uint32_t component, resources;
    const dasim_field *field;
    uint32_t offset;
    bool *has;        /* [node][resource]: as read last */
    uint32_t *count;  /* per resource: nodes that have one */
    GArray *flights;  /* flight, in the order of their SENDs */
    bool changed;     /* since it was counted last */
    uint32_t touched; /* whose handler the last record announced; NOBODY: none */
    bool booting;
    uint32_t received; /* the resource of the token that it was handed; NONE: none */
    uint64_t record;   /* that one */
    int64_t at;
    finding violation;
} tokens;

static const dasim_field *field_of_holder(const dasim_algorithm *a)
{
    const dasim_field *field = a->state;
    while (field && field->name && (!field->role || strcmp(field->role, "token_holder") != 0)) {
        field++;
    }
    return field && field->name ? field : NULL;
}

static bool sends_token(const dasim_algorithm *a)
{
    const dasim_message *m = a->messages;
    while (m && m->name && !m->token) {
        m++;
    }
    return m && m->name;
}

/* The uppermost component with a token; STACK_MOST where there is none. */
static uint32_t token_component(const world_config *config)
{
    for (uint32_t i = config->stack_size; i-- > 0;) {
        const dasim_algorithm *a = config->stack[i].algorithm;
        if (sends_token(a) && field_of_holder(a)) {
            return i;
        }
    }
    return STACK_MOST;
}

static bool applies(const world_config *config)
{
    return token_component(config) < STACK_MOST;
}

static void *make(const world *w)
{
    const world_config *config = world_config_of(w);
    tokens *self = g_new0(tokens, 1);
    self->component = token_component(config);
    self->resources = config->resources;
    const dasim_algorithm *a = config->stack[self->component].algorithm;
    self->field = field_of_holder(a);
    self->offset = field_offset(a->state, (uint32_t)(self->field - a->state), world_nodes(w),
                                config->resources);
    self->has = g_new0(bool, (gsize)world_nodes(w) * config->resources);
    self->count = g_new0(uint32_t, config->resources);
    self->flights = g_array_new(FALSE, FALSE, sizeof(flight));
    self->touched = NOBODY;
    self->received = NONE;
    return self;
}

/* ------------------------------------------------------------------------------ under way */

static flight *flight_at(const tokens *self, guint i)
{
    return &g_array_index(self->flights, flight, i);
}

/* The message with that number; NULL: it has arrived, is lost or was never counted. */
static flight *flight_of(const tokens *self, uint64_t number)
{
    for (guint i = 0; i < self->flights->len; i++) {
        if (flight_at(self, i)->number == number) {
            return flight_at(self, i);
        }
    }
    return NULL;
}

static bool is_first_of_group(const tokens *self, guint which)
{
    for (guint i = 0; i < which; i++) {
        if (flight_at(self, i)->group == flight_at(self, which)->group) {
            return false;
        }
    }
    return true;
}

/* The resource whose token the message carries; NONE: none of the world's. */
static uint32_t token_of(const tokens *self, const world *w, const record *r)
{
    const world_config *config = world_config_of(w);
    const dasim_message *messages = config->stack[self->component].algorithm->messages;
    if (r->component != self->component || !messages[r->type].token) {
        return NONE;
    }
    const dasim_field *fields = messages[r->type].fields;
    for (uint32_t i = 0; fields && fields[i].name; i++) {
        if (strcmp(fields[i].name, "resource") == 0) {
            uint32_t offset = field_offset(fields, i, world_nodes(w), config->resources);
            int64_t resource = field_value(r->body, &fields[i], offset, 0);
            return resource < self->resources ? (uint32_t)resource : NONE;
        }
    }
    return 0;
}

/* The sender parts with a token if it has one; else the message is a copy of an earlier one. */
static void on_send(tokens *self, const record *r, uint32_t resource)
{
    bool *has = &self->has[(size_t)r->node * self->resources + resource];
    flight one = {r->number, r->number, r->node, r->peer, resource};
    if (*has) {
        *has = false;
        self->count[resource]--;
    } else if (self->received == resource) {
        self->received = NONE;
    } else if (!self->booting) {
        one.group = 0;
        for (guint i = 0; i < self->flights->len; i++) {
            const flight *old = flight_at(self, i);
            if (old->from == one.from && old->to == one.to && old->resource == resource) {
                one.group = old->group;
            }
        }
    }
    if (one.group > 0) {
        g_array_append_val(self->flights, one);
        self->changed = true;
    }
}

static void on_receive(tokens *self, const record *r, uint32_t resource)
{
    const flight *one = flight_of(self, r->cause);
    uint64_t group = one ? one->group : 0;
    self->received = resource;
    for (guint i = self->flights->len; one && i-- > 0;) {
        if (flight_at(self, i)->group == group) {
            g_array_remove_index(self->flights, i);
        }
    }
}

static void on_lost(tokens *self, const record *r)
{
    const flight *one = flight_of(self, r->cause);
    if (one) {
        g_array_remove_index(self->flights, (guint)(one - flight_at(self, 0)));
    }
}

/* ------------------------------------------------------------------------------- counting */

/* Says where the tokens of the resource are, and returns how many there are. */
static uint32_t find(const tokens *self, const world *w, uint32_t resource, GString *text)
{
    uint32_t found = 0;
    for (uint32_t node = 0; self->count[resource] > 0 && node < world_nodes(w); node++) {
        if (self->has[(size_t)node * self->resources + resource]) {
            g_string_append_printf(text, "%sat node %" PRIu32, found++ ? " and " : "", node);
        }
    }
    for (guint i = 0; i < self->flights->len; i++) {
        const flight *one = flight_at(self, i);
        if (one->resource == resource && is_first_of_group(self, i)) {
            g_string_append_printf(text, "%sunder way from node %" PRIu32 " to node %" PRIu32,
                                   found++ ? " and " : "", one->from, one->to);
        }
    }
    return found;
}

static void count(tokens *self, const world *w)
{
    GString *text = g_string_new(NULL);
    for (uint32_t r = 0; r < self->resources && self->violation.verdict == VERDICT_HOLDS; r++) {
        g_string_truncate(text, 0);
        if (find(self, w, r, text) > 1) {
            self->violation = (finding){VERDICT_VIOLATED, self->record, self->at, NULL};
            self->violation.reason =
                g_strdup_printf("tokens of resource %" PRIu32 " are %s at " SECONDS " s", r,
                                text->str, SECONDS_OF(self->at));
        }
    }
    g_string_free(text, TRUE);
    self->changed = false;
}

/* The handler that the last record announced is over. */
static void look(tokens *self, const world *w)
{
    uint32_t node = self->touched;
    if (node == NOBODY) {
        return;
    }
    const void *state = world_state(w, node, self->component);
    for (uint32_t r = 0; r < self->resources; r++) {
        bool *before = &self->has[(size_t)node * self->resources + r];
        bool now = field_value(state, self->field, self->offset, r) != 0;
        self->changed |= now && !*before;
        self->count[r] += now - (uint32_t)*before;
        *before = now;
    }
    if (self->changed) {
        count(self, w);
    }
    self->touched = NOBODY;
}

static void on_record(void *state, const world *w, const record *r)
{
    tokens *self = state;
    bool is_message = r->kind == RECORD_SEND || r->kind == RECORD_RECEIVE || r->kind == RECORD_LOST;
    uint32_t resource = is_message ? token_of(self, w, r) : NONE;
    if (self->violation.verdict == VERDICT_VIOLATED) {
        return;
    }
    if (r->kind == RECORD_SEND && resource != NONE) {
        on_send(self, r, resource);
    } else if (r->kind == RECORD_LOST && resource != NONE) {
        on_lost(self, r);
    } else if (r->kind != RECORD_SEND && r->kind != RECORD_LOST && r->kind != RECORD_CHECK) {
        look(self, w);
        self->touched = r->node;
        self->record = r->number;
        self->at = r->at;
        self->booting = r->kind == RECORD_BOOT;
        self->received = NONE;
        if (r->kind == RECORD_RECEIVE && resource != NONE) {
            on_receive(self, r, resource);
        }
    }
}

static void judge(void *state, const world *w, run_end end, finding *result)
{
    (void)end;
    tokens *self = state;
    if (self->violation.verdict != VERDICT_VIOLATED) {
        look(self, w);
    }
    *result = self->violation;
    result->reason = g_strdup(self->violation.reason);
}

static void destroy(void *state)
{
    tokens *self = state;
    finding_clear(&self->violation);
    g_array_free(self->flights, TRUE);
    g_free(self->has);
    g_free(self->count);
    g_free(self);
}

const property single_token = {
    .name = "single_token",
    .statement = "of each resource at most one token exists, at a node or under way",
    .reference = "G. Le Lann, \"Distributed Systems: Towards a Formal Approach\", IFIP Congress "
                 "1977",
    .liveness = false,
    .reads_state = true,
    .service = DASIM_MUTEX,
    .applies = applies,
    .make = make,
    .on_record = on_record,
    .judge = judge,
    .destroy = destroy,
};
