#include "stage.h"

#include <stdlib.h>
#include <string.h>

enum { ACTS_MOST = 64 };

static struct {
    int64_t when;
    void (*act)(world *w);
} acts[ACTS_MOST];
static uint32_t act_count, number_of_actor;

static seen *log_of_records;
static size_t logged, log_capacity;
static digest_value rolling;

bool keep_records = true;

/* ------------------------------------------------------------------------- algorithms */

static size_t memory_size(const dasim_config *config)
{
    (void)config;
    return sizeof(memory);
}

static void ignore_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

static void ignore_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self, (void)message;
}

static void ignore_timer(dasim_node *self, uint32_t timer)
{
    (void)self, (void)timer;
}

static const dasim_message numbers[] = {{"NUMBER", sizeof(uint64_t), NULL, NULL}, {0}};
static const dasim_message with_blobs[] = {{"NUMBER", sizeof(uint64_t), NULL, NULL},
                                           {"BLOB", 65536, NULL, NULL},
                                           {0}};
static const char *const timer_names[] = {"first", "second", "third", NULL};

#define PART(its_name, service)                                                                    \
    {                                                                                              \
        .magic = DASIM_MAGIC, .abi = DASIM_ABI, .size = sizeof(dasim_algorithm), .name = its_name, \
        .provides = service, .messages = numbers, .timers = timer_names,                           \
        .state_size = memory_size, .stable_size = memory_size, .on_request = ignore_request,       \
        .on_message = ignore_message, .on_timer = ignore_timer                                     \
    }

dasim_algorithm part[LAYERS] = {PART("bottom", DASIM_MUTEX), PART("middle", DASIM_ELECTION),
                                PART("top", DASIM_APPLICATION)};

void use_blobs(void)
{
    part[0].messages = with_blobs;
}

void send_number(dasim_node *self, uint32_t to, uint64_t value)
{
    dasim_send(self, to, NUMBER, &value, sizeof value);
}

uint64_t number_in(const dasim_envelope *m)
{
    uint64_t value;
    cr_assert_eq(m->size, sizeof value);
    memcpy(&value, m->body, sizeof value);
    return value;
}

memory *state_of(dasim_node *self)
{
    return self->state;
}

memory *stable_of(dasim_node *self)
{
    return self->stable;
}

/* ------------------------------------------------------------------------------ actor */

static void schedule_acts(void *self, world *w)
{
    (void)self;
    for (uint32_t i = 0; i < act_count; i++) {
        world_alarm(w, number_of_actor, acts[i].when, NOBODY, i);
    }
}

static void carry_out(void *self, world *w, uint32_t node, uint64_t data)
{
    (void)self, (void)node;
    acts[data].act(w);
}

driver actor = {.state_bytes = 64, .on_start = schedule_acts, .on_alarm = carry_out};

void at(int64_t when, void (*act)(world *w))
{
    cr_assert_lt(act_count, ACTS_MOST);
    acts[act_count].when = when;
    acts[act_count++].act = act;
}

uint32_t actor_number(void)
{
    return number_of_actor;
}

/* ---------------------------------------------------------------------------- records */

static void roll(const record *r)
{
    uint64_t fields[] = {(uint64_t)r->at,
                         (uint64_t)r->local,
                         r->number,
                         r->cause,
                         (uint64_t)r->node << 32 | r->peer,
                         (uint64_t)r->type << 32 | r->size,
                         (uint64_t)r->kind << 32 | (uint64_t)r->reason << 16 | r->component};
    digest_value parts[3] = {rolling, digest_of(fields, sizeof fields), {0, 0}};
    if (r->size > 0) {
        parts[2] = digest_of(r->body, r->size);
    }
    rolling = digest_of(parts, sizeof parts);
}

static void keep(void *self, const world *w, const record *r)
{
    (void)self, (void)w;
    roll(r);
    if (logged == log_capacity) {
        log_capacity = log_capacity ? log_capacity * 2 : 256;
        log_of_records = realloc(log_of_records, log_capacity * sizeof *log_of_records);
        cr_assert_not_null(log_of_records);
    }
    seen *s = &log_of_records[logged++];
    s->r = *r;
    s->r.body = NULL;
    memset(s->kept, 0, sizeof s->kept);
    if (r->size > 0) {
        memcpy(s->kept, r->body, r->size < KEPT_BYTES ? r->size : KEPT_BYTES);
    }
}

size_t seen_count(record_kind kind, uint32_t node)
{
    size_t count = 0;
    for (size_t i = 0; i < logged; i++) {
        const record *r = &log_of_records[i].r;
        count += r->kind == kind && (node == NOBODY || r->node == node);
    }
    return count;
}

const seen *seen_nth(record_kind kind, uint32_t node, size_t nth)
{
    size_t count = 0;
    for (size_t i = 0; i < logged; i++) {
        const record *r = &log_of_records[i].r;
        if (r->kind == kind && (node == NOBODY || r->node == node) && count++ == nth) {
            return &log_of_records[i];
        }
    }
    cr_assert_fail("record %s number %zu of node %u is missing: there are %zu",
                   record_kind_name(kind), nth, node, count);
    return NULL;
}

const seen *seen_number(uint64_t number)
{
    cr_assert(number >= 1 && number <= logged);
    cr_assert_eq(log_of_records[number - 1].r.number, number);
    return &log_of_records[number - 1];
}

uint64_t seen_value(const seen *s)
{
    uint64_t value;
    memcpy(&value, s->kept, sizeof value);
    return value;
}

digest_value seen_digest(void)
{
    return rolling;
}

void forget(void)
{
    logged = 0;
    rolling = (digest_value){0, 0};
}

void same_digest(digest_value a, digest_value b)
{
    cr_assert(a.high == b.high && a.low == b.low, "digests differ");
}

void other_digest(digest_value a, digest_value b)
{
    cr_assert(a.high != b.high || a.low != b.low, "digests are equal");
}

/* ------------------------------------------------------------------------------ world */

distribution fixed(int64_t value)
{
    return (distribution){DISTRIBUTION_FIXED, value, 0, value, value, NULL};
}

distribution uniform(int64_t least, int64_t most)
{
    return (distribution){DISTRIBUTION_UNIFORM, least, most, least, most, NULL};
}

uint64_t percent(uint32_t p)
{
    return probability_of_ppb((int64_t)p * 10000000);
}

world_config plain(uint32_t nodes)
{
    world_config c = {.nodes = nodes, .resources = 1, .seed = 1, .stack_size = 1};
    c.stack[0].algorithm = &part[0];
    c.network.usual.delay = fixed(ms);
    return c;
}

world *prepare(const world_config *config)
{
    const char *fault = NULL;
    world *w = world_new(config, &fault);
    cr_assert_not_null(w, "%s", fault);
    if (keep_records) {
        world_observe(w, &(observer){NULL, keep});
    }
    number_of_actor = world_drive(w, &actor);
    return w;
}

world *begin(const world_config *config)
{
    world *w = prepare(config);
    world_start(w);
    return w;
}

world_status run_all(world *w)
{
    return world_run(w, INT64_MAX, UINT64_MAX);
}

world_status run_until(world *w, int64_t limit)
{
    return world_run(w, limit, UINT64_MAX);
}

bool ask(world *w, uint32_t node, uint32_t op, uint64_t value)
{
    return world_request(w, node, world_config_of(w)->stack_size - 1, op, &value, sizeof value);
}

uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
