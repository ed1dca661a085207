/*
 * Which access a record belongs to is handed on along its causes: from the REQUEST to what its
 * handler sends, from a SEND to its RECEIVE, from there to what that handler sends. Remembered are
 * messages under way, accesses under way, and the last few records that handlers began with.
 */
#include "observe/accesses.h"

#include "base/map.h"

#include <dasim.h>
#include <glib.h>

enum { CAUSES_REMEMBERED = 16, NEITHER = ACCESS_KINDS };

typedef struct cause {
    uint64_t number; /* of a record */
    int64_t kind;    /* access_kind, or NEITHER */
} cause;

struct accesses {
    int64_t warm_up;
    uint32_t component;              /* that clients use */
    cause causes[CAUSES_REMEMBERED]; /* a ring: number mod its length */
    uint64_t cause_count;
    map *under_way;          /* number of a SEND -> its kind; only of those that have one */
    map *open[ACCESS_KINDS]; /* node and tag -> time of the request */
    uint64_t asked[ACCESS_KINDS], messages[ACCESS_KINDS];
    histogram *time[ACCESS_KINDS];
};

static void remember(accesses *a, uint64_t number, int64_t kind)
{
    a->causes[a->cause_count++ % CAUSES_REMEMBERED] = (cause){number, kind};
}

static int64_t kind_of(const accesses *a, uint64_t number)
{
    for (size_t i = 0; i < CAUSES_REMEMBERED; i++) {
        if (number > 0 && a->causes[i].number == number) {
            return a->causes[i].kind;
        }
    }
    return NEITHER;
}

static void on_send(accesses *a, const record *r)
{
    int64_t kind = kind_of(a, r->cause);
    if (kind == NEITHER) {
        return;
    }
    map_put(a->under_way, r->number, kind);
    if (r->node != r->peer && r->at >= a->warm_up) {
        a->messages[kind]++;
    }
}

/* Of a duplicated message only the first copy is known. */
static void on_arrival(accesses *a, const record *r)
{
    int64_t kind;
    if (map_take(a->under_way, r->cause, &kind)) {
        remember(a, r->number, kind);
    }
}

static uint64_t access_of(const record *r)
{
    return (uint64_t)r->node << 32 | ((const dasim_access *)r->body)->tag;
}

static void on_request(accesses *a, const record *r)
{
    access_kind kind = r->type == DASIM_WRITE ? ACCESS_WRITE : ACCESS_READ;
    remember(a, r->number, kind);
    a->asked[kind] += r->at >= a->warm_up;
    map_put(a->open[kind], access_of(r), r->at);
}

static void on_done(accesses *a, const record *r)
{
    access_kind kind = r->type == DASIM_WRITE_DONE ? ACCESS_WRITE : ACCESS_READ;
    int64_t since;
    if (map_take(a->open[kind], access_of(r), &since) && since >= a->warm_up) {
        histogram_add(a->time[kind], r->at - since);
    }
}

static void collect(void *context, uint64_t key, int64_t since)
{
    (void)since;
    g_array_append_val((GArray *)context, key);
}

/* What was under way on the node is not completed any more. */
static void on_crash(accesses *a, uint32_t node)
{
    for (int kind = 0; kind < ACCESS_KINDS; kind++) {
        GArray *keys = g_array_new(FALSE, FALSE, sizeof(uint64_t));
        map_each(a->open[kind], collect, keys);
        for (guint i = 0; i < keys->len; i++) {
            uint64_t key = g_array_index(keys, uint64_t, i);
            if (key >> 32 == node) {
                map_take(a->open[kind], key, NULL);
            }
        }
        g_array_free(keys, TRUE);
    }
}

void accesses_on_record(accesses *a, const record *r)
{
    bool whole = r->component == a->component && r->body != NULL && r->size >= sizeof(dasim_access);
    switch ((record_kind)r->kind) {
    case RECORD_SEND:
        on_send(a, r);
        break;
    case RECORD_RECEIVE:
    case RECORD_LOST:
        on_arrival(a, r);
        break;
    case RECORD_REQUEST:
        if (whole && (r->type == DASIM_READ || r->type == DASIM_WRITE)) {
            on_request(a, r);
        } else {
            remember(a, r->number, kind_of(a, r->cause));
        }
        break;
    case RECORD_INDICATION:
        remember(a, r->number, kind_of(a, r->cause));
        if (whole && (r->type == DASIM_READ_DONE || r->type == DASIM_WRITE_DONE)) {
            on_done(a, r);
        }
        break;
    case RECORD_CRASH:
        on_crash(a, r->node);
        break;
    default:
        break;
    }
}

/* --------------------------------------------------------------------------------------- life */

accesses *accesses_new(const world *w, int64_t warm_up)
{
    uint32_t component = world_component(w, DASIM_MEMORY);
    if (component == STACK_MOST || !world_is_heard(w, component)) {
        return NULL;
    }
    accesses *a = g_new0(accesses, 1);
    a->warm_up = warm_up;
    a->component = component;
    a->under_way = map_new();
    for (int kind = 0; kind < ACCESS_KINDS; kind++) {
        a->open[kind] = map_new();
        a->time[kind] = histogram_new();
    }
    return a;
}

void accesses_free(accesses *a)
{
    if (a == NULL) {
        return;
    }
    map_free(a->under_way);
    for (int kind = 0; kind < ACCESS_KINDS; kind++) {
        map_free(a->open[kind]);
        histogram_free(a->time[kind]);
    }
    g_free(a);
}

uint64_t accesses_asked(const accesses *a, access_kind kind)
{
    return a->asked[kind];
}

uint64_t accesses_completed(const accesses *a, access_kind kind)
{
    return histogram_count(a->time[kind]);
}

uint64_t accesses_messages(const accesses *a, access_kind kind)
{
    return a->messages[kind];
}

const histogram *accesses_time(const accesses *a, access_kind kind)
{
    return a->time[kind];
}
