/*
 * Hand-made histories: a small world that never starts, and records as the kernel would make them,
 * fed to whatever watches. Each function makes one record at time `at` and returns its number.
 */
#ifndef DASIM_TESTS_HISTORY_H
#define DASIM_TESTS_HISTORY_H

#include "kernel/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>

typedef struct history {
    world *world;
    uint64_t number;
    uint32_t component; /* that the next records are about */
    void (*watch)(void *self, const world *w, const record *r);
    void *self;
} history;

typedef struct stub_body {
    uint64_t clock;
    uint32_t resource;
    uint32_t to;
    uint8_t urgent;
    uint8_t path[3];
    uint32_t unused;
} stub_body;

enum { STUB_ASK, STUB_ANSWER, STUB_BLOB };

static const dasim_field stub_fields[] = {
    {.name = "clock", .type = DASIM_U64, .offset = offsetof(stub_body, clock)},
    {.name = "resource", .type = DASIM_U32, .offset = offsetof(stub_body, resource)},
    {.name = "to", .type = DASIM_NODE, .offset = offsetof(stub_body, to)},
    {.name = "urgent", .type = DASIM_BOOL, .offset = offsetof(stub_body, urgent)},
    {.name = "path", .type = DASIM_U8, .offset = offsetof(stub_body, path), .count = 3},
    {.name = NULL},
};

static const dasim_message stub_messages[] = {
    [STUB_ASK] = {.name = "ASK", .size = sizeof(stub_body), .fields = stub_fields},
    [STUB_ANSWER] = {.name = "ANSWER", .size = 0},
    [STUB_BLOB] = {.name = "BLOB", .size = 64},
    {.name = NULL},
};

static const char *const stub_timers[] = {"retry", "give_up", NULL};

static inline void stub_on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self;
    (void)op;
    (void)arg;
    (void)size;
}

static inline void stub_on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self;
    (void)message;
}

static inline void stub_on_timer(dasim_node *self, uint32_t timer)
{
    (void)self;
    (void)timer;
}

#define STUB(...)                                                                                  \
    {                                                                                              \
        .magic = DASIM_MAGIC, .abi = DASIM_ABI, .size = sizeof(dasim_algorithm),                   \
        .title = "a stub", .reference = "none", .about = "For tests.", .messages = stub_messages,  \
        .timers = stub_timers, .on_request = stub_on_request, .on_message = stub_on_message,       \
        .on_timer = stub_on_timer, __VA_ARGS__                                                     \
    }

static const dasim_algorithm stub_lock = STUB(.name = "stub_lock", .provides = DASIM_MUTEX);
static const dasim_algorithm stub_election =
    STUB(.name = "stub_election", .provides = DASIM_ELECTION);
static const dasim_algorithm stub_application =
    STUB(.name = "stub_application", .provides = DASIM_APPLICATION);

/* `below`, where it is not NULL, is under `top`. */
static inline history history_of_stack(uint32_t nodes, uint32_t resources,
                                       const dasim_algorithm *below, const dasim_algorithm *top)
{
    world_config config = {.nodes = nodes, .resources = resources, .seed = 1};
    if (below) {
        config.stack[config.stack_size++].algorithm = below;
    }
    config.stack[config.stack_size++].algorithm = top;
    const char *fault = NULL;
    history h = {.world = world_new(&config, &fault), .component = config.stack_size - 1};
    cr_assert_not_null(h.world, "%s", fault ? fault : "no reason given");
    return h;
}

static inline history history_of(uint32_t nodes, uint32_t resources)
{
    return history_of_stack(nodes, resources, NULL, &stub_lock);
}

static inline void history_end(history *h)
{
    world_free(h->world);
}

static inline uint64_t history_record(history *h, record r)
{
    r.number = ++h->number;
    r.local = r.local ? r.local : r.at;
    h->watch(h->self, h->world, &r);
    return r.number;
}

static inline uint64_t history_lock(history *h, int64_t at, record_kind kind, uint32_t op,
                                    uint32_t node, uint32_t resource, uint64_t token)
{
    dasim_lock lock = {.resource = resource, .fencing = token};
    return history_record(h, (record){.at = at,
                                      .node = node,
                                      .peer = NOBODY,
                                      .type = op,
                                      .size = sizeof lock,
                                      .kind = (uint16_t)kind,
                                      .component = (uint8_t)h->component,
                                      .body = &lock});
}

static inline uint64_t history_leader(history *h, int64_t at, uint32_t node, uint32_t leader,
                                      uint64_t term)
{
    dasim_leader named = {.leader = leader, .term = term};
    return history_record(h, (record){.at = at,
                                      .node = node,
                                      .peer = NOBODY,
                                      .type = DASIM_LEADER,
                                      .size = sizeof named,
                                      .kind = RECORD_INDICATION,
                                      .component = (uint8_t)h->component,
                                      .body = &named});
}

static inline uint64_t history_message(history *h, int64_t at, record_kind kind, uint32_t node,
                                       uint32_t peer, uint64_t cause, record_reason reason)
{
    return history_record(h, (record){.at = at,
                                      .cause = cause,
                                      .node = node,
                                      .peer = peer,
                                      .type = STUB_ANSWER,
                                      .kind = (uint16_t)kind,
                                      .reason = (uint8_t)reason,
                                      .component = (uint8_t)h->component});
}

/* One step of a history that is written as text. */
typedef struct history_step {
    int64_t at;
    char what, name; /* the letters of a step; name: 'z' where the message has none */
    uint32_t node, other;
    uint64_t token;
} history_step;

/* A message that was sent and may still arrive or be lost. */
typedef struct history_sent {
    uint64_t number;
    uint32_t from, to;
} history_sent;

/* Reads the step at `text`; returns what follows. */
static inline const char *history_read(const char *text, history_step *s)
{
    char *end;
    s->at = strtoll(text, &end, 10);
    s->what = *end++;
    s->name = *end >= 'a' && *end <= 'z' ? *end++ : 'z';
    s->node = *end == ' ' ? 0 : (uint32_t)strtoul(end, &end, 10);
    s->other = *end == '.' || *end == '>' ? (uint32_t)strtoul(end + 1, &end, 10) : 0;
    s->token = *end == '#' ? strtoull(end + 1, &end, 10) : 0;
    cr_assert(*end == ' ' || *end == '\0', "not a step: %s", text);
    return end + (*end == ' ');
}

static inline void history_send(history *h, const history_step *s, history_sent *m)
{
    m->from = s->node;
    m->to = s->other;
    m->number = history_message(h, s->at, RECORD_SEND, s->node, s->other, 0, REASON_NONE);
}

static inline void history_client(history *h, const history_step *s)
{
    client_body body = {.client = s->name == 'z' ? -1 : s->name - 'a', .resource = s->other};
    history_record(h, (record){.at = s->at,
                               .node = s->node,
                               .peer = NOBODY,
                               .type = s->what == 'W'   ? CLIENT_WAITS
                                       : s->what == 'H' ? CLIENT_HOLDS
                                                        : CLIENT_QUITS,
                               .size = sizeof body,
                               .kind = RECORD_CLIENT,
                               .body = &body});
}

static inline void history_do(history *h, const history_step *s, history_sent *m)
{
    switch (s->what) {
    case 'S':
        history_send(h, s, m);
        break;
    case 'M':
        history_send(h, s, m);
        history_message(h, s->at, RECORD_RECEIVE, m->to, m->from, m->number, REASON_NONE);
        break;
    case 'T':
        history_message(h, s->at, RECORD_RECEIVE, m->to, m->from, m->number, REASON_NONE);
        break;
    case 'L':
    case 'D':
        history_message(h, s->at, RECORD_LOST, m->from, m->to, m->number,
                        s->what == 'L' ? REASON_LOSS : REASON_DOWN);
        break;
    case 'A':
    case 'R':
        history_lock(h, s->at, RECORD_REQUEST, s->what == 'A' ? DASIM_ACQUIRE : DASIM_RELEASE,
                     s->node, s->other, 0);
        break;
    case 'G':
        history_lock(h, s->at, RECORD_INDICATION, DASIM_GRANTED, s->node, s->other, s->token);
        break;
    case 'E':
        history_lock(h, s->at, RECORD_INDICATION, DASIM_LOST, s->node, s->other, 0);
        break;
    case 'V':
        history_lock(h, s->at, RECORD_INDICATION, DASIM_DEADLOCK, s->node, s->other, 0);
        break;
    case 'N':
        history_leader(h, s->at, s->node, s->other,
                       s->name == 'z' ? 0 : (uint64_t)(s->name - 'a') + 1);
        break;
    case 'W':
    case 'H':
    case 'Q':
        history_client(h, s);
        break;
    case 'X':
    case 'B':
        history_record(h, (record){.at = s->at,
                                   .node = s->node,
                                   .peer = NOBODY,
                                   .type = s->what == 'B',
                                   .kind = s->what == 'X' ? RECORD_CRASH : RECORD_BOOT});
        break;
    default:
        cr_assert_fail("not a step: %c", s->what);
    }
}

/*
 * Plays a history written as text; steps are separated by blanks.
 *   10A3 10A3.2   at 10 node 3 asks for resource 0, for resource 2 (ACQUIRE)
 *   10G3 10R3     ... is granted it; releases it
 *   10G3.2#7 10E3.2   ... is granted it with fencing token 7; its lease ends (LOST)
 *   10V3.2        ... finds itself in a cycle that waits for it (DEADLOCK)
 *   10N3.4 10Nb3.4   node 3 names node 4 as the leader, of term 0; of term 2 (a 1, b 2, ...)
 *   10Wa3.2 10Ha3.2 10Qa3.2   client a (0) of node 3 waits for resource 2; holds it; gives up
 *   10W3.2 10Q3.2     ... the only client of node 3
 *   10X3 10B3     ... crashes; boots again
 *   10M0>1        a message from 0 arrives at 1 at once
 *   10Sa0>1       0 sends 1 a message, called a
 *   20Ta 20La 20Da   a arrives; is lost on the link; finds the receiver down
 */
static inline void history_play(history *h, const char *text)
{
    history_sent sent[26] = {{0, 0, 0}};
    history_step step;
    while (*text) {
        text = history_read(text, &step);
        history_do(h, &step, &sent[step.name - 'a']);
    }
}

#endif
