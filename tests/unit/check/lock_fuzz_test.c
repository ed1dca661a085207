/*
 * Random small histories of locks, judged by the properties and by what their definitions say word
 * for word, in as many steps as it takes. They must agree on the verdict and on the record.
 */
#include "dice.h"
#include "judging.h"

enum { CASES = 8000, EVENTS = 40, NODES = 4, RESOURCES = 3 };

typedef enum event_kind { ACQUIRE, GRANTED, RELEASE, LOST, CRASH, SEND, RECEIVE } event_kind;

typedef struct event {
    event_kind kind;
    uint32_t node, resource; /* of SEND and RECEIVE: the peer instead of the resource */
    uint32_t sent;           /* RECEIVE: place of its SEND */
} event;

typedef struct play {
    event events[EVENTS];
    uint32_t count;
} play;

/* ------------------------------------------------------------------------------ definitions */

/* What holds before event number `end`: naively from the beginning, each time. */
typedef struct situation {
    uint32_t wanted[NODES][RESOURCES]; /* place + 1 of the ACQUIRE; 0: does not wait */
    bool held[NODES][RESOURCES];       /* was granted what it had asked for */
    bool in_section[NODES][RESOURCES]; /* was granted, asked or not */
} situation;

static void end_all(situation *s, uint32_t node)
{
    memset(s->wanted[node], 0, sizeof s->wanted[node]);
    memset(s->held[node], 0, sizeof s->held[node]);
    memset(s->in_section[node], 0, sizeof s->in_section[node]);
}

static situation situation_before(const play *p, uint32_t end)
{
    situation s = {0};
    for (uint32_t i = 0; i < end; i++) {
        const event *e = &p->events[i];
        switch (e->kind) {
        case ACQUIRE:
            s.wanted[e->node][e->resource] = s.wanted[e->node][e->resource] ?: i + 1;
            break;
        case GRANTED:
            s.held[e->node][e->resource] |= s.wanted[e->node][e->resource] > 0;
            s.wanted[e->node][e->resource] = 0;
            s.in_section[e->node][e->resource] = true;
            break;
        case RELEASE:
        case LOST:
            s.held[e->node][e->resource] = s.in_section[e->node][e->resource] = false;
            break;
        case CRASH:
            end_all(&s, e->node);
            break;
        default:
            break;
        }
    }
    return s;
}

/* Each returns the number of the record that violates; 0: none. */
static uint32_t naive_exclusion(const play *p)
{
    for (uint32_t i = 0; i < p->count; i++) {
        situation s = situation_before(p, i);
        for (uint32_t n = 0; p->events[i].kind == GRANTED && n < NODES; n++) {
            if (s.in_section[n][p->events[i].resource]) {
                return i + 1;
            }
        }
    }
    return 0;
}

static uint32_t naive_granted(const play *p)
{
    situation s = situation_before(p, p->count);
    uint32_t first = 0;
    for (uint32_t n = 0; n < NODES; n++) {
        for (uint32_t r = 0; r < RESOURCES; r++) {
            if (s.wanted[n][r] > 0 && (first == 0 || s.wanted[n][r] < first)) {
                first = s.wanted[n][r];
            }
        }
    }
    return first;
}

static void happened_before(const play *p, bool before[EVENTS][EVENTS])
{
    memset(before, 0, EVENTS * sizeof *before);
    for (uint32_t i = 0; i < p->count; i++) {
        for (uint32_t k = i + 1; k < p->count; k++) {
            before[i][k] = p->events[i].node == p->events[k].node ||
                           (p->events[k].kind == RECEIVE && p->events[k].sent == i);
        }
    }
    for (uint32_t m = 0; m < p->count; m++) {
        for (uint32_t i = 0; i < p->count; i++) {
            for (uint32_t k = 0; k < p->count; k++) {
                before[i][k] |= before[i][m] && before[m][k];
            }
        }
    }
}

static uint32_t naive_order(const play *p)
{
    bool before[EVENTS][EVENTS];
    happened_before(p, before);
    for (uint32_t i = 0; i < p->count; i++) {
        const event *e = &p->events[i];
        situation s = situation_before(p, i);
        uint32_t own = e->kind == GRANTED ? s.wanted[e->node][e->resource] : 0;
        for (uint32_t n = 0; own > 0 && n < NODES; n++) {
            uint32_t other = s.wanted[n][e->resource];
            if (n != e->node && other > 0 && before[other - 1][own - 1]) {
                return i + 1;
            }
        }
    }
    return 0;
}

static bool has_cycle(const situation *s)
{
    bool waits[NODES][NODES] = {{false}};
    for (uint32_t n = 0; n < NODES; n++) {
        for (uint32_t m = 0; m < NODES; m++) {
            for (uint32_t r = 0; r < RESOURCES; r++) {
                waits[n][m] |= s->wanted[n][r] > 0 && s->held[m][r];
            }
        }
    }
    for (uint32_t k = 0; k < NODES; k++) {
        for (uint32_t n = 0; n < NODES; n++) {
            for (uint32_t m = 0; m < NODES; m++) {
                waits[n][m] |= waits[n][k] && waits[k][m];
            }
        }
    }
    return waits[0][0] || waits[1][1] || waits[2][2] || waits[3][3];
}

static uint32_t naive_deadlock(const play *p)
{
    for (uint32_t i = 1; i <= p->count; i++) {
        situation s = situation_before(p, i);
        if (has_cycle(&s)) {
            return i;
        }
    }
    return 0;
}

/* ------------------------------------------------------------------------ random histories */

static event any_message(dice *d, const play *p, uint32_t node)
{
    uint32_t tries = 3;
    while (tries-- > 0 && p->count > 0) { /* what was sent arrives, in any order, once or more */
        uint32_t sent = roll(d, p->count);
        if (p->events[sent].kind == SEND) {
            return (event){RECEIVE, p->events[sent].resource, p->events[sent].node, sent};
        }
    }
    return (event){SEND, node, (node + 1 + roll(d, NODES - 1)) % NODES, 0};
}

/* `manners` in 8 events are what clients and locks that are right do. */
static event any_event(dice *d, const play *p, uint32_t manners, uint32_t resources)
{
    uint32_t node = roll(d, NODES), resource = roll(d, resources);
    situation s = situation_before(p, p->count);
    bool is_free = true, is_right = roll(d, 8) < manners;
    for (uint32_t n = 0; n < NODES; n++) {
        is_free &= !s.in_section[n][resource];
    }
    if (roll(d, 2) == 0) {
        return any_message(d, p, node);
    }
    if (roll(d, 40) == 0) {
        return (event){CRASH, node, 0, 0};
    }
    if (!is_right) {
        static const event_kind kinds[] = {ACQUIRE, GRANTED, RELEASE, LOST};
        return (event){kinds[roll(d, 4)], node, resource, 0};
    }
    if (s.wanted[node][resource] > 0) {
        return is_free ? (event){GRANTED, node, resource, 0} : any_message(d, p, node);
    }
    if (s.held[node][resource]) {
        return (event){roll(d, 8) ? RELEASE : LOST, node, resource, 0};
    }
    return (event){ACQUIRE, node, resource, 0};
}

/* Who waits is granted what it waits for, one after the other. */
static void serve_all(dice *d, play *p)
{
    situation s = situation_before(p, p->count);
    uint32_t first = roll(d, NODES);
    for (uint32_t n = 0; n < NODES; n++) {
        uint32_t node = (first + n) % NODES;
        for (uint32_t r = 0; r < RESOURCES; r++) {
            if (s.wanted[node][r] > 0 && p->count + 1 < EVENTS) {
                p->events[p->count++] = (event){GRANTED, node, r, 0};
                p->events[p->count++] = (event){RELEASE, node, r, 0};
            }
        }
    }
}

static void show(history *h, const play *p)
{
    uint64_t numbers[EVENTS];
    for (uint32_t i = 0; i < p->count; i++) {
        const event *e = &p->events[i];
        bool is_indication = e->kind == GRANTED || e->kind == LOST;
        static const uint32_t operations[] = {[ACQUIRE] = DASIM_ACQUIRE,
                                              [GRANTED] = DASIM_GRANTED,
                                              [RELEASE] = DASIM_RELEASE,
                                              [LOST] = DASIM_LOST};
        if (e->kind == SEND || e->kind == RECEIVE) {
            numbers[i] =
                history_message(h, i, e->kind == SEND ? RECORD_SEND : RECORD_RECEIVE, e->node,
                                e->resource, e->kind == SEND ? 0 : numbers[e->sent], REASON_NONE);
        } else if (e->kind == CRASH) {
            numbers[i] = history_record(h, (record){.at = i,
                                                    .node = e->node,
                                                    .peer = NOBODY,
                                                    .kind = RECORD_CRASH});
        } else {
            numbers[i] = history_lock(h, i, is_indication ? RECORD_INDICATION : RECORD_REQUEST,
                                      operations[e->kind], e->node, e->resource, 0);
        }
    }
}

typedef struct pairing {
    const property *property;
    uint32_t (*naive)(const play *p);
    uint32_t violated;
} pairing;

static void compare(history *h, const play *p, pairing *pair, uint32_t number)
{
    const property *judge = pair->property;
    uint32_t expected = pair->naive(p);
    h->number = 0;
    h->self = judge->make(h->world);
    h->watch = judge->on_record;
    show(h, p);
    finding f;
    judge->judge(h->self, h->world, (run_end){.settled = true}, &f);
    judge->destroy(h->self);
    cr_assert_eq(f.verdict, expected ? VERDICT_VIOLATED : VERDICT_HOLDS, "%s, case %u: verdict %d",
                 judge->name, number, (int)f.verdict);
    cr_assert_eq(f.record, expected, "%s, case %u: record %u, expected %u", judge->name, number,
                 (unsigned)f.record, expected);
    finding_clear(&f);
    pair->violated += expected > 0;
}

Test (lock_fuzz, verdicts_are_those_of_the_definitions) {
    pairing pairs[] = {{.property = &every_request_granted, .naive = naive_granted},
                       {.property = &granted_in_order, .naive = naive_order},
                       {.property = &mutual_exclusion, .naive = naive_exclusion},
                       {.property = &no_deadlock, .naive = naive_deadlock}};
    const size_t count = sizeof pairs / sizeof *pairs;
    history h = history_of(NODES, RESOURCES);
    dice d = {20240229};
    for (uint32_t i = 0; i < CASES; i++) {
        play p = {.count = 0};
        uint32_t length = 1 + roll(&d, EVENTS - 4), manners = 5 + i % 4,
                 resources = 1 + i / 4 % RESOURCES;
        while (p.count < length) {
            event next = any_event(&d, &p, manners, resources);
            p.events[p.count++] = next;
        }
        if (roll(&d, 3) == 0) {
            serve_all(&d, &p);
        }
        for (size_t k = 0; k < count; k++) {
            compare(&h, &p, &pairs[k], i);
        }
    }
    for (size_t k = 0; k < count; k++) {
        cr_expect(pairs[k].violated > CASES / 25 && pairs[k].violated < CASES * 9 / 10,
                  "%s is violated in %u of %d: one-sided", pairs[k].property->name,
                  pairs[k].violated, CASES);
    }
    history_end(&h);
}
