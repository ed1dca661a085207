/*
 * Links: what happens to a message between its SEND and its arrival.
 *
 * The order of a message's fate: no link, cut or partition -> a rule of the scenario -> loss ->
 * queue of the wire -> delay (matrix + base of the pair + a draw) -> reordering -> FIFO. Draws are
 * keyed by (source, destination) and the number of the message among all that its source has sent,
 * so that links need no memory of their own. Only features that remember something (FIFO,
 * bandwidth, bursts) keep a pair_state, from the pair's first message on.
 */
#include "kernel/internal.h"

static const int64_t second = 1000000000;

typedef struct passage {
    world *w;
    const quality_rule *rule;
    pair_state *pair; /* NULL: not needed */
    uint32_t from, to;
    uint64_t n;
} passage;

static bool draws_anything(const distribution *d)
{
    return d->kind != DISTRIBUTION_FIXED || d->a != 0;
}

static uint64_t link_choice(const passage *p, purpose_kind why)
{
    return choose(p->w, why, pair_key(p->from, p->to), p->n, 0);
}

/* The probability is out of 2^64; the greatest stands for certainty. */
static bool happens(const passage *p, purpose_kind why, uint64_t probability)
{
    return probability != 0 && (probability == UINT64_MAX || link_choice(p, why) < probability);
}

static uint32_t index_of(const world *w, uint32_t from, uint32_t to)
{
    const uint64_t *found = map_find(&w->quality_index, pattern_key(from, to));
    return found ? (uint32_t)*found : 0;
}

static const quality_rule *rule_of(const world *w, uint32_t from, uint32_t to)
{
    if (LIKELY(w->quality_count == 1)) {
        return &w->qualities[0];
    }
    uint32_t best = index_of(w, from, to);
    uint32_t others[3] = {index_of(w, from, NOBODY), index_of(w, NOBODY, to),
                          index_of(w, NOBODY, NOBODY)};
    for (int i = 0; i < 3; i++) {
        best = others[i] > best ? others[i] : best;
    }
    return &w->qualities[best];
}

static bool is_cut(const world *w, uint32_t from, uint32_t to)
{
    uint64_t keys[4] = {pattern_key(from, to), pattern_key(from, NOBODY), pattern_key(NOBODY, to),
                        pattern_key(NOBODY, NOBODY)};
    for (int i = 0; i < 4; i++) {
        const uint64_t *cut = map_find(&w->cuts, keys[i]);
        if (cut && *cut) {
            return true;
        }
    }
    return false;
}

static bool has_link(const world *w, uint32_t from, uint32_t to)
{
    uint32_t low = w->neighbour_first[from], high = w->neighbour_first[from + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (w->neighbours[middle] == to) {
            return true;
        }
        if (w->neighbours[middle] < to) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

/* Bursts by Gilbert and Elliott: a link is good or bad and may change with each message. */
static bool is_lost(const passage *p)
{
    const link_quality *q = &p->rule->quality;
    uint64_t probability = q->loss;
    if (p->rule->features & FEATURE_BURST) {
        uint64_t change = p->pair->in_burst ? q->burst_leave : q->burst_enter;
        if (happens(p, PURPOSE_BURST, change)) {
            p->pair->in_burst = !p->pair->in_burst;
        }
        probability = p->pair->in_burst ? q->burst_loss : q->loss;
    }
    return happens(p, PURPOSE_LOSS, probability);
}

/* Puts `bytes` on the wire: when the last of them has left, or -1 where the queue is full. */
static int64_t transmit(const passage *p, uint32_t bytes)
{
    const link_quality *q = &p->rule->quality;
    int64_t now = p->w->g.now;
    int64_t start = p->pair->wire_free > now ? p->pair->wire_free : now;
    __int128 waiting = (__int128)(start - now) * q->bytes_per_second / second;
    if (q->queue_bytes != 0 && waiting + bytes > q->queue_bytes) {
        return -1;
    }
    __int128 time = ((__int128)bytes * second + q->bytes_per_second - 1) / q->bytes_per_second;
    p->pair->wire_free = start + (int64_t)time;
    return p->pair->wire_free;
}

/* Base of the pair and place: the part of the delay that does not change. */
static int64_t steady_delay(const passage *p)
{
    const link_quality *q = &p->rule->quality;
    const network_config *net = &p->w->config.network;
    int64_t delay = 0;
    if (p->rule->features & FEATURE_BASE) {
        bool swap = q->base_symmetric && p->from > p->to;
        uint64_t pair = swap ? pair_key(p->to, p->from) : pair_key(p->from, p->to);
        delay += distribution_sample(&q->base, choose(p->w, PURPOSE_BASE, pair, 0, 0));
    }
    if (p->rule->features & FEATURE_MATRIX) {
        const delay_matrix *m = net->matrix;
        uint32_t from = net->places ? net->places[p->from] : p->from % m->places;
        uint32_t to = net->places ? net->places[p->to] : p->to % m->places;
        delay += m->delay[(size_t)from * m->places + to];
    }
    return delay;
}

/* When a message that leaves at `leaves` arrives. */
static int64_t arrival(const passage *p, int64_t leaves, purpose_kind why)
{
    const link_quality *q = &p->rule->quality;
    uint32_t features = p->rule->features;
    int64_t delay = q->delay.a;
    if (LIKELY(q->delay.kind != DISTRIBUTION_FIXED)) {
        delay = distribution_sample(&q->delay, link_choice(p, why));
    }
    delay = delay < 0 ? 0 : delay;
    if (UNLIKELY(features & (FEATURE_BASE | FEATURE_MATRIX))) {
        int64_t steady = steady_delay(p);
        delay += steady > 0 ? steady : 0;
    }
    if (UNLIKELY((features & FEATURE_REORDER) && happens(p, PURPOSE_REORDER, q->reorder))) {
        int64_t more =
            distribution_sample(&q->reorder_by,
                                choose(p->w, PURPOSE_REORDER, ~pair_key(p->from, p->to), p->n, 0));
        delay += more > 0 ? more : 0;
    }
    int64_t at = leaves + delay;
    if (UNLIKELY(features & FEATURE_FIFO)) {
        int64_t earliest = p->pair->last_arrival + p->w->config.shuffle_ties;
        at = at < earliest ? earliest : at;
        p->pair->last_arrival = at;
    }
    return at;
}

static void lose(const passage *p, uint32_t component, uint32_t type, const void *body,
                 uint32_t size, uint64_t cause, record_reason reason)
{
    emit(p->w, RECORD_LOST, component, p->from, p->to, type, cause, body, size, reason);
}

/* Flips one bit of the body of a pending message. */
static void corrupt(const passage *p, uint32_t slot, uint32_t size)
{
    if (size > 0) {
        unsigned char *body = event_body(p->w, slot);
        uint64_t bit =
            choose(p->w, PURPOSE_CORRUPT, ~pair_key(p->from, p->to), p->n, (uint64_t)size * 8);
        body[bit / 8] ^= (unsigned char)(1u << (bit % 8));
    }
    event_at(p->w, slot)->kind |= EVENT_CORRUPTED;
}

/* One copy of the message goes on its way. */
static void depart(const passage *p, const event *head, const void *body, int64_t leaves,
                   purpose_kind why)
{
    uint32_t slot = event_new(p->w, arrival(p, leaves, why), head);
    if (head->size > 0) {
        memcpy(event_body(p->w, slot), body, head->size);
    }
    if (UNLIKELY((p->rule->features & FEATURE_CORRUPT) &&
                 happens(p, PURPOSE_CORRUPT, p->rule->quality.corrupt))) {
        corrupt(p, slot, head->size);
    }
}

static interception intercept(world *w, uint32_t component, uint32_t from, uint32_t to,
                              uint32_t type, const void *body, uint32_t size, uint64_t number)
{
    record r = {.at = w->g.now,
                .local = local_now(w, from),
                .number = number,
                .cause = w->cause,
                .node = from,
                .peer = to,
                .type = type,
                .size = size,
                .kind = RECORD_SEND,
                .component = (uint8_t)component,
                .body = body};
    interception all = {0};
    for (uint32_t i = 0; i < w->driver_count; i++) {
        if (w->drivers[i].on_send) {
            interception what = {0};
            w->drivers[i].on_send(w->drivers[i].self, w, &r, &what);
            all.drop |= what.drop;
            all.duplicate |= what.duplicate;
            all.delay += what.delay;
        }
    }
    return all;
}

/* The rest of link_send where anything but a delay and independent loss can happen. */
static void send_slowly(passage *p, const event *head, const void *body)
{
    world *w = p->w;
    uint32_t features = p->rule->features;
    interception what = {0};
    if (w->intercepted) {
        what = intercept(w, head->component, p->from, p->to, head->type, body, head->size,
                         head->cause);
    }
    record_reason blocked = link_block(w, p->from, p->to);
    if (blocked != REASON_NONE || what.drop) {
        lose(p, head->component, head->type, body, head->size, head->cause,
             blocked != REASON_NONE ? blocked : REASON_DROPPED);
        return;
    }
    if (features & (FEATURE_FIFO | FEATURE_BANDWIDTH | FEATURE_BURST)) {
        p->pair = map_at(&w->pairs, pair_key(p->from, p->to));
    }
    if ((features & (FEATURE_LOSS | FEATURE_BURST)) && is_lost(p)) {
        lose(p, head->component, head->type, body, head->size, head->cause, REASON_LOSS);
        return;
    }
    int64_t leaves = w->g.now;
    if (features & FEATURE_BANDWIDTH) {
        leaves = transmit(p, head->size + p->rule->quality.header_bytes);
        if (leaves < 0) {
            lose(p, head->component, head->type, body, head->size, head->cause, REASON_QUEUE);
            return;
        }
    }
    depart(p, head, body, leaves + what.delay, PURPOSE_DELAY);
    if (what.duplicate || ((features & FEATURE_DUPLICATE) &&
                           happens(p, PURPOSE_DUPLICATE, p->rule->quality.duplicate))) {
        passage copy = *p;
        copy.n = ~p->n; /* draws of its own */
        depart(&copy, head, body, leaves, PURPOSE_DELAY);
    }
}

void link_send(world *w, core *c, uint32_t from, uint32_t to, uint32_t component, uint32_t type,
               const void *body, uint32_t size)
{
    uint64_t number =
        emit(w, RECORD_SEND, component, from, to, type, w->cause, body, size, REASON_NONE);
    event head = {.cause = number,
                  .node = to,
                  .peer = from,
                  .size = size,
                  .type = (uint16_t)type,
                  .kind = EVENT_MESSAGE,
                  .component = (uint8_t)component};
    if (UNLIKELY(from == to)) { /* to oneself: in no time, over no link */
        uint32_t slot = event_new(w, w->g.now, &head);
        if (size > 0) {
            memcpy(event_body(w, slot), body, size);
        }
        return;
    }
    passage p = {w, rule_of(w, from, to), NULL, from, to, c->sent++};
    if (LIKELY((p.rule->features | w->blocked | w->intercepted) == 0) && !w->neighbours) {
        depart(&p, &head, body, w->g.now, PURPOSE_DELAY);
    } else {
        send_slowly(&p, &head, body);
    }
}

record_reason link_block(const world *w, uint32_t from, uint32_t to)
{
    if (w->neighbours && !has_link(w, from, to)) {
        return REASON_NO_LINK;
    }
    if (w->g.partitioned && core_of(w, from)->group != core_of(w, to)->group) {
        return REASON_PARTITION;
    }
    return w->g.cuts > 0 && is_cut(w, from, to) ? REASON_CUT : REASON_NONE;
}

uint32_t link_features(const link_quality *q)
{
    return (draws_anything(&q->base) ? FEATURE_BASE : 0u) | (q->use_matrix ? FEATURE_MATRIX : 0u) |
           (q->loss ? FEATURE_LOSS : 0u) | (q->burst_enter ? FEATURE_BURST : 0u) |
           (q->duplicate ? FEATURE_DUPLICATE : 0u) | (q->reorder ? FEATURE_REORDER : 0u) |
           (q->corrupt ? FEATURE_CORRUPT : 0u) | (q->fifo ? FEATURE_FIFO : 0u) |
           (q->bytes_per_second ? FEATURE_BANDWIDTH : 0u);
}

void qualities_reserve(world *w, uint32_t count)
{
    if (count <= w->quality_capacity) {
        return;
    }
    quality_rule *more = kernel_allocate((size_t)count * 2 * sizeof *more);
    if (w->quality_count > 0) {
        memcpy(more, w->qualities, w->quality_count * sizeof *more);
    }
    free(w->qualities);
    w->qualities = more;
    w->quality_capacity = count * 2;
}

void links_index(world *w)
{
    map_clear(&w->quality_index);
    for (uint32_t i = 1; i < w->quality_count; i++) {
        const quality_rule *rule = &w->qualities[i];
        *(uint64_t *)map_at(&w->quality_index, pattern_key(rule->from, rule->to)) = i;
    }
}

void links_init(world *w)
{
    const network_config *net = &w->config.network;
    qualities_reserve(w, net->rule_count + 1);
    w->quality_count = net->rule_count + 1;
    w->qualities[0] = (quality_rule){NOBODY, NOBODY, link_features(&net->usual), 0, net->usual};
    for (uint32_t i = 0; i < net->rule_count; i++) {
        const link_rule *rule = &net->rules[i];
        w->qualities[i + 1] =
            (quality_rule){rule->from, rule->to, link_features(&rule->quality), 0, rule->quality};
    }
    map_init(&w->quality_index, sizeof(uint64_t));
    map_init(&w->pairs, sizeof(pair_state));
    map_init(&w->cuts, sizeof(uint64_t));
    links_index(w);
}

void links_free(world *w)
{
    free(w->qualities);
    free(w->neighbour_first);
    free(w->neighbours);
    map_clear(&w->quality_index);
    map_clear(&w->pairs);
    map_clear(&w->cuts);
}

const link_quality *world_quality(const world *w, uint32_t from, uint32_t to)
{
    return &rule_of(w, from, to)->quality;
}

bool world_is_reachable(const world *w, uint32_t from, uint32_t to)
{
    return from == to || link_block(w, from, to) == REASON_NONE;
}

uint64_t probability_of_ppb(int64_t ppb)
{
    const uint64_t billion = 1000000000;
    if (ppb <= 0) {
        return 0;
    }
    if ((uint64_t)ppb >= billion) {
        return UINT64_MAX;
    }
    return (uint64_t)(((unsigned __int128)(uint64_t)ppb << 64) / billion);
}
