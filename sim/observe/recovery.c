/*
 * At most one fault is latent: the last one, while nobody has needed the service since. It opens
 * with the need; all that are open close when the service is back.
 *
 * By which message an indication was brought about: its cause is the RECEIVE that the handler began
 * with, or an indication of a component below, which has that cause. The last few are remembered,
 * and only while a fault is latent or open.
 */
#include "observe/recovery.h"

#include "observe/leadership.h"

#include "base/map.h"

#include <dasim.h>
#include <glib.h>

enum { ORIGINS_REMEMBERED = 16 };

typedef struct fault {
    int64_t since;
    uint64_t record; /* of the fault */
} fault;

typedef struct sent_before {
    uint64_t number; /* of a RECEIVE or of what followed from it at once */
    uint64_t sent;   /* of its SEND */
} sent_before;

struct recovery {
    int64_t warm_up;
    dasim_service service; /* DASIM_NO_SERVICE: none */
    uint32_t component;
    map *wanted; /* of locks: node and resource; of memories: node and tag */
    leadership *election;
    bool has_latent;
    fault latent;
    int64_t last_fault; /* when it came; -1: none */
    GArray *open;       /* fault */
    sent_before origins[ORIGINS_REMEMBERED];
    uint32_t origin_count;
    histogram *time;
};

/* ------------------------------------------------------------------------------- what is needed */

/* What the record asks for or ends: false where it is about something else. */
static bool key_of(const recovery *y, const record *r, uint64_t *key)
{
    bool is_lock = y->service == DASIM_MUTEX;
    if (r->component != y->component || r->body == NULL ||
        r->size < (is_lock ? sizeof(dasim_lock) : sizeof(dasim_access))) {
        return false;
    }
    uint32_t which =
        is_lock ? ((const dasim_lock *)r->body)->resource : ((const dasim_access *)r->body)->tag;
    *key = (uint64_t)r->node << 32 | which;
    return true;
}

static bool asks(const recovery *y, const record *r)
{
    return r->kind == RECORD_REQUEST &&
           (y->service == DASIM_MUTEX ? r->type == DASIM_ACQUIRE
                                      : r->type == DASIM_READ || r->type == DASIM_WRITE);
}

static bool answers(const recovery *y, const record *r)
{
    return r->kind == RECORD_INDICATION &&
           (y->service == DASIM_MUTEX ? r->type == DASIM_GRANTED
                                      : r->type == DASIM_READ_DONE || r->type == DASIM_WRITE_DONE);
}

typedef struct search {
    uint32_t node;
    GArray *keys;
} search;

static void find_of_node(void *context, uint64_t key, int64_t value)
{
    (void)value;
    search *s = context;
    if (key >> 32 == s->node) {
        g_array_append_val(s->keys, key);
    }
}

static void withdraw(recovery *y, uint32_t node)
{
    search s = {node, g_array_new(FALSE, FALSE, sizeof(uint64_t))};
    map_each(y->wanted, find_of_node, &s);
    for (guint i = 0; i < s.keys->len; i++) {
        map_take(y->wanted, g_array_index(s.keys, uint64_t, i), NULL);
    }
    g_array_free(s.keys, TRUE);
}

static bool is_needed(const recovery *y)
{
    return y->service == DASIM_ELECTION ? leadership_agreed(y->election) == NOBODY
                                        : map_count(y->wanted) > 0;
}

/* ---------------------------------------------------------------------------------- origins */

static uint64_t sent_for(const recovery *y, uint64_t number)
{
    for (size_t i = 0; number > 0 && i < ORIGINS_REMEMBERED; i++) {
        if (y->origins[i].number == number) {
            return y->origins[i].sent;
        }
    }
    return 0;
}

/* The record that brought this one about: a SEND, or itself where no message did. */
static uint64_t origin_of(recovery *y, const record *r)
{
    uint64_t sent = r->kind == RECORD_RECEIVE      ? r->cause
                    : r->kind == RECORD_INDICATION ? sent_for(y, r->cause)
                                                   : 0;
    if (sent > 0) {
        y->origins[y->origin_count++ % ORIGINS_REMEMBERED] = (sent_before){r->number, sent};
    }
    return sent > 0 ? sent : r->number;
}

/* ----------------------------------------------------------------------------------- faults */

static bool is_fault(const record *r)
{
    bool cut = r->reason == REASON_CUT || r->reason == REASON_PARTITION;
    return r->kind == RECORD_CRASH || r->kind == RECORD_PAUSE || (r->kind == RECORD_LINKS && cut);
}

static void on_fault(recovery *y, const record *r)
{
    if (r->at >= y->warm_up && r->at != y->last_fault) {
        y->last_fault = r->at;
        y->has_latent = true;
        y->latent = (fault){r->at, r->number};
    }
}

/* The service is back for the faults that came before record `origin`. */
static void close_faults(recovery *y, int64_t at, uint64_t origin)
{
    guint kept = 0;
    for (guint i = 0; i < y->open->len; i++) {
        fault one = g_array_index(y->open, fault, i);
        if (one.record < origin) {
            histogram_add(y->time, at - one.since);
        } else {
            g_array_index(y->open, fault, kept++) = one;
        }
    }
    g_array_set_size(y->open, kept);
}

static void on_client(recovery *y, const record *r, uint64_t origin)
{
    uint64_t key;
    if (asks(y, r) && key_of(y, r, &key)) {
        map_put(y->wanted, key, 0);
    } else if (answers(y, r) && key_of(y, r, &key) && map_take(y->wanted, key, NULL)) {
        close_faults(y, r->at, origin);
    } else if (r->kind == RECORD_CRASH) {
        withdraw(y, r->node);
    }
}

static void on_election(recovery *y, const record *r)
{
    dasim_leader named;
    if (leadership_record(y->election, r, &named) != LEADER_OTHER && !is_needed(y)) {
        close_faults(y, r->at, r->number);
    }
}

void recovery_on_record(recovery *y, const record *r)
{
    if (y->service == DASIM_NO_SERVICE) {
        return;
    }
    bool is_watching = y->has_latent || y->open->len > 0;
    uint64_t origin = is_watching ? origin_of(y, r) : r->number;
    if (y->service == DASIM_ELECTION) {
        on_election(y, r);
    } else {
        on_client(y, r, origin);
    }
    if (is_fault(r)) {
        on_fault(y, r);
    }
    if (y->has_latent && is_needed(y)) {
        y->latent.since = r->at;
        g_array_append_val(y->open, y->latent);
        y->has_latent = false;
    }
}

/* -------------------------------------------------------------------------------------- life */

recovery *recovery_new(const world *w, int64_t warm_up)
{
    static const dasim_service services[] = {DASIM_MUTEX, DASIM_MEMORY, DASIM_ELECTION};
    recovery *y = g_new0(recovery, 1);
    y->warm_up = warm_up;
    y->last_fault = -1;
    y->wanted = map_new();
    y->open = g_array_new(FALSE, FALSE, sizeof(fault));
    y->time = histogram_new();
    for (size_t i = 0; y->service == DASIM_NO_SERVICE && i < G_N_ELEMENTS(services); i++) {
        uint32_t component = world_component(w, services[i]);
        if (component < STACK_MOST && world_is_heard(w, component)) {
            y->service = services[i];
            y->component = component;
        }
    }
    y->election = y->service == DASIM_ELECTION ? leadership_new(w) : NULL;
    return y;
}

void recovery_free(recovery *y)
{
    map_free(y->wanted);
    g_array_free(y->open, TRUE);
    histogram_free(y->time);
    leadership_free(y->election);
    g_free(y);
}

const histogram *recovery_time(const recovery *y)
{
    return y->time;
}

uint64_t recovery_missing(const recovery *y)
{
    return y->open->len;
}
