/*
 * Counted from records alone, at a constant cost a record. What is remembered beside the counts is
 * what is open: messages under way, requests that wait, locks that are held. Nothing of it depends
 * on the number of nodes but one counter of entries each, which only a lock needs.
 */
#include "observe/metrics.h"

#include "observe/leadership.h"

#include "base/map.h"

#include <glib.h>

struct metrics {
    int64_t warm_up, last;
    message_count *messages;
    uint32_t message_total, component_first[STACK_MOST + 1]; /* first message of a component */
    uint64_t sent, received, lost;
    uint64_t first_counted; /* number of the first record at or after warm_up; 0: not yet */
    map *under_way;         /* number of a SEND -> its time */
    histogram *delay, *waiting, *synchronisation, *holding;

    recovery *faults;
    accesses *memory;      /* NULL: clients use none */
    uint32_t below_memory; /* bit per component that it makes use of, itself included */
    uint64_t memory_sent;  /* by these */
    leadership *election;  /* NULL: none */
    uint64_t leaders;      /* declared themselves */
    int64_t disagreed_at;  /* -1: all name the same live node */
    histogram *agreeing;

    bool is_lock;  /* clients use one; everything below is for locks */
    uint32_t lock; /* that component */
    uint32_t below_lock;
    uint64_t lock_sent;
    uint32_t nodes, resources;
    uint64_t requests, entries, leases_over;
    uint64_t *entries_of; /* a node, completed, + 1 if it asked at all; 0: it never asked */
    map *asked;           /* node and resource -> time of the request, until released */
    map *granted;         /* node and resource -> time of the grant, until released */
    uint32_t *waiters;    /* a resource: asked and not granted */
    int64_t *freed;       /* a resource: time of the release that others wait behind; -1: none */
};

/* ------------------------------------------------------------------------------- messages */

static message_count *count_of(metrics *m, const record *r)
{
    uint32_t which = m->component_first[r->component] + r->type;
    g_assert(which < m->component_first[r->component + 1]);
    return &m->messages[which];
}

/* A message to oneself costs nothing. */
static void on_send(metrics *m, const record *r)
{
    if (r->node == r->peer || r->at < m->warm_up) {
        return;
    }
    message_count *count = count_of(m, r);
    m->sent++;
    m->lock_sent += m->below_lock >> r->component & 1;
    m->memory_sent += m->below_memory >> r->component & 1;
    count->sent++;
    count->bytes += r->size;
    map_put(m->under_way, r->number, r->at);
}

/* Of a duplicated message the first copy ends the delay. */
static void on_arrival(metrics *m, const record *r)
{
    if (r->node == r->peer || m->first_counted == 0 || r->cause < m->first_counted) {
        return;
    }
    message_count *count = count_of(m, r);
    int64_t sent_at;
    bool known = map_take(m->under_way, r->cause, &sent_at);
    if (r->kind == RECORD_LOST) {
        m->lost++;
        count->lost++;
        return;
    }
    m->received++;
    count->received++;
    if (known) {
        histogram_add(m->delay, r->at - sent_at);
    }
}

/* ---------------------------------------------------------------------------------- locks */

static uint64_t client_of(const metrics *m, uint32_t node, uint32_t resource)
{
    return (uint64_t)node * m->resources + resource;
}

static void on_acquire(metrics *m, const record *r, uint32_t resource)
{
    uint64_t client = client_of(m, r->node, resource);
    if (r->at >= m->warm_up) {
        m->requests++;
        m->entries_of[r->node] += m->entries_of[r->node] == 0;
    }
    if (!map_get(m->asked, client, NULL)) {
        map_put(m->asked, client, r->at);
        m->waiters[resource]++;
    }
}

static void on_granted(metrics *m, const record *r, uint32_t resource)
{
    uint64_t client = client_of(m, r->node, resource);
    if (!map_get(m->asked, client, NULL) || map_get(m->granted, client, NULL)) {
        return; /* nobody asked for it: no entry */
    }
    map_put(m->granted, client, r->at);
    m->waiters[resource]--;
    if (m->freed[resource] >= m->warm_up) {
        histogram_add(m->synchronisation, r->at - m->freed[resource]);
    }
    m->freed[resource] = -1;
}

static void on_release(metrics *m, const record *r, uint32_t resource)
{
    uint64_t client = client_of(m, r->node, resource);
    int64_t asked_at, granted_at;
    if (!map_take(m->granted, client, &granted_at)) {
        return;
    }
    map_take(m->asked, client, &asked_at);
    m->freed[resource] = m->waiters[resource] > 0 ? r->at : -1;
    if (asked_at >= m->warm_up) {
        m->entries++;
        m->entries_of[r->node]++;
        histogram_add(m->waiting, granted_at - asked_at);
        histogram_add(m->holding, r->at - granted_at);
    }
}

/* Ends what the node waits for or holds, without completing it. */
static void withdraw(metrics *m, uint32_t node, uint32_t resource)
{
    uint64_t client = client_of(m, node, resource);
    bool held = map_take(m->granted, client, NULL);
    if (map_take(m->asked, client, NULL) && !held && --m->waiters[resource] == 0) {
        m->freed[resource] = -1;
    }
}

static void on_lease_over(metrics *m, uint32_t node, uint32_t resource)
{
    uint64_t client = client_of(m, node, resource);
    int64_t asked_at;
    bool held = map_get(m->granted, client, NULL) && map_get(m->asked, client, &asked_at);
    m->leases_over += held && asked_at >= m->warm_up;
    withdraw(m, node, resource);
}

static void on_crash(metrics *m, uint32_t node)
{
    for (uint32_t r = 0; map_count(m->asked) > 0 && r < m->resources; r++) {
        withdraw(m, node, r);
    }
}

static void on_lock(metrics *m, const record *r)
{
    if (r->component != m->lock || r->body == NULL || r->size < sizeof(dasim_lock)) {
        return;
    }
    uint32_t resource = ((const dasim_lock *)r->body)->resource;
    if (resource >= m->resources) {
        return;
    }
    if (r->kind == RECORD_INDICATION) {
        if (r->type == DASIM_GRANTED) {
            on_granted(m, r, resource);
        } else if (r->type == DASIM_LOST) {
            on_lease_over(m, r->node, resource);
        }
    } else if (r->type == DASIM_ACQUIRE) {
        on_acquire(m, r, resource);
    } else if (r->type == DASIM_RELEASE) {
        on_release(m, r, resource);
    }
}

/* ------------------------------------------------------------------------------- elections */

static void on_election(metrics *m, const record *r)
{
    dasim_leader named;
    leader_step step = leadership_record(m->election, r, &named);
    if (step == LEADER_OTHER) {
        return;
    }
    m->leaders += step == LEADER_NAMED && named.leader == r->node && r->at >= m->warm_up;
    if (leadership_agreed(m->election) == NOBODY) {
        m->disagreed_at = m->disagreed_at < 0 ? r->at : m->disagreed_at;
        return;
    }
    if (m->disagreed_at >= m->warm_up && m->disagreed_at < r->at) {
        histogram_add(m->agreeing, r->at - m->disagreed_at);
    }
    m->disagreed_at = -1;
}

static void on_record(void *self, const world *w, const record *r)
{
    (void)w;
    metrics *m = self;
    m->last = r->at;
    if (m->first_counted == 0 && r->at >= m->warm_up) {
        m->first_counted = r->number;
    }
    recovery_on_record(m->faults, r);
    if (m->memory) {
        accesses_on_record(m->memory, r);
    }
    if (m->election) {
        on_election(m, r);
    }
    switch ((record_kind)r->kind) {
    case RECORD_SEND:
        on_send(m, r);
        break;
    case RECORD_RECEIVE:
    case RECORD_LOST:
        on_arrival(m, r);
        break;
    case RECORD_REQUEST:
    case RECORD_INDICATION:
        if (m->is_lock) {
            on_lock(m, r);
        }
        break;
    case RECORD_CRASH:
        if (m->is_lock) {
            on_crash(m, r->node);
        }
        break;
    default:
        break;
    }
}

/* ----------------------------------------------------------------------------- life */

static void list_messages(metrics *m, const world_config *config)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(message_count));
    for (uint32_t i = 0; i < config->stack_size; i++) {
        const dasim_message *message = config->stack[i].algorithm->messages;
        m->component_first[i] = all->len;
        for (uint32_t type = 0; message && message[type].name; type++) {
            message_count count = {.component = i, .type = type};
            g_array_append_val(all, count);
        }
        m->component_first[i + 1] = all->len;
    }
    m->message_total = all->len;
    m->messages = (message_count *)(void *)g_array_free(all, FALSE);
}

static void watch_lock(metrics *m, const world *w, uint32_t component)
{
    const world_config *config = world_config_of(w);
    m->is_lock = true;
    m->lock = component;
    m->below_lock = world_below(w, component);
    m->nodes = config->nodes;
    m->resources = config->resources;
    m->entries_of = g_new0(uint64_t, m->nodes);
    m->waiters = g_new0(uint32_t, m->resources);
    m->freed = g_new(int64_t, m->resources);
    for (uint32_t i = 0; i < m->resources; i++) {
        m->freed[i] = -1;
    }
    m->asked = map_new();
    m->granted = map_new();
}

metrics *metrics_new(const world *w, int64_t warm_up)
{
    const world_config *config = world_config_of(w);
    metrics *m = g_new0(metrics, 1);
    m->warm_up = warm_up > 0 ? warm_up : 0;
    m->under_way = map_new();
    m->delay = histogram_new();
    m->waiting = histogram_new();
    m->synchronisation = histogram_new();
    m->holding = histogram_new();
    m->faults = recovery_new(w, m->warm_up);
    m->memory = accesses_new(w, m->warm_up);
    m->below_memory = m->memory ? world_below(w, world_component(w, DASIM_MEMORY)) : 0;
    m->agreeing = histogram_new();
    m->election = leadership_new(w);
    m->disagreed_at = -1;
    list_messages(m, config);
    uint32_t lock = world_component(w, DASIM_MUTEX);
    if (lock < STACK_MOST && world_is_heard(w, lock)) {
        watch_lock(m, w, lock);
    }
    return m;
}

void metrics_free(metrics *m)
{
    if (m == NULL) {
        return;
    }
    recovery_free(m->faults);
    accesses_free(m->memory);
    g_free(m->messages);
    g_free(m->entries_of);
    g_free(m->waiters);
    g_free(m->freed);
    map_free(m->under_way);
    map_free(m->asked);
    map_free(m->granted);
    histogram_free(m->delay);
    histogram_free(m->waiting);
    histogram_free(m->synchronisation);
    histogram_free(m->holding);
    histogram_free(m->agreeing);
    leadership_free(m->election);
    g_free(m);
}

observer metrics_observer(metrics *m)
{
    return (observer){.self = m, .on_record = on_record};
}

/* -------------------------------------------------------------------------------- results */

/* a * b / c, rounded to nearest. */
static int64_t ratio(uint64_t a, uint64_t b, uint64_t c)
{
    return (int64_t)(((unsigned __int128)a * b + c / 2) / c);
}

uint64_t metrics_sent(const metrics *m)
{
    return m->sent;
}

uint64_t metrics_received(const metrics *m)
{
    return m->received;
}

uint64_t metrics_lost(const metrics *m)
{
    return m->lost;
}

const message_count *metrics_messages(const metrics *m, uint32_t *count)
{
    *count = m->message_total;
    return m->messages;
}

uint64_t metrics_requests(const metrics *m)
{
    return m->requests;
}

uint64_t metrics_entries(const metrics *m)
{
    return m->entries;
}

uint64_t metrics_leases_over(const metrics *m)
{
    return m->leases_over;
}

uint64_t metrics_entries_of(const metrics *m, uint32_t node)
{
    return m->is_lock && node < m->nodes && m->entries_of[node] > 0 ? m->entries_of[node] - 1 : 0;
}

uint64_t metrics_lock_messages(const metrics *m)
{
    return m->lock_sent;
}

uint64_t metrics_memory_messages(const metrics *m)
{
    return m->memory_sent;
}

int64_t metrics_span(const metrics *m)
{
    return m->last > m->warm_up ? m->last - m->warm_up : 0;
}

int64_t metrics_messages_per_entry(const metrics *m)
{
    return m->entries > 0 ? ratio(m->lock_sent, 1000, m->entries) : -1;
}

bool metrics_has_lock(const metrics *m)
{
    return m->is_lock;
}

uint32_t metrics_below_lock(const metrics *m)
{
    return m->below_lock;
}

uint32_t metrics_below_memory(const metrics *m)
{
    return m->below_memory;
}

const histogram *metrics_waiting(const metrics *m)
{
    return m->waiting;
}

const histogram *metrics_synchronisation(const metrics *m)
{
    return m->synchronisation;
}

const histogram *metrics_delay(const metrics *m)
{
    return m->delay;
}

const histogram *metrics_holding(const metrics *m)
{
    return m->holding;
}

uint64_t metrics_leaders(const metrics *m)
{
    return m->leaders;
}

const histogram *metrics_agreeing(const metrics *m)
{
    return m->agreeing;
}

static int64_t rate(const metrics *m, uint64_t count)
{
    const uint64_t thousand_seconds = UINT64_C(1000000000000);
    if (count == 0 || m->last <= m->warm_up) {
        return -1;
    }
    return ratio(count, thousand_seconds, (uint64_t)(m->last - m->warm_up));
}

int64_t metrics_throughput(const metrics *m)
{
    return rate(m, m->entries);
}

int64_t metrics_fairness(const metrics *m)
{
    unsigned __int128 squares = 0, askers = 0;
    if (m->entries == 0) {
        return -1;
    }
    for (uint32_t node = 0; node < m->nodes; node++) {
        unsigned __int128 entries = metrics_entries_of(m, node);
        squares += entries * entries;
        askers += m->entries_of[node] > 0;
    }
    unsigned __int128 top = (unsigned __int128)m->entries * m->entries * 1000000;
    unsigned __int128 bottom = askers * squares;
    return (int64_t)((top + bottom / 2) / bottom);
}

static uint64_t accesses_of(const metrics *m)
{
    return m->memory ? accesses_completed(m->memory, ACCESS_READ) +
                           accesses_completed(m->memory, ACCESS_WRITE)
                     : 0;
}

const recovery *metrics_recovery(const metrics *m)
{
    return m->faults;
}

const accesses *metrics_accesses(const metrics *m)
{
    return m->memory;
}

int64_t metrics_messages_per_access(const metrics *m)
{
    return accesses_of(m) > 0 ? ratio(m->memory_sent, 1000, accesses_of(m)) : -1;
}

int64_t metrics_access_rate(const metrics *m)
{
    return rate(m, accesses_of(m));
}
