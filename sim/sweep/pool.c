/* A worker is over when two things have been seen: the end of its stream, so that nothing that it
 * sent is lost, and the word of the nursery how it died. Then its slot gets a new one. */
#include "sweep/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { VAIN_DEATHS_MOST = 100 };

typedef struct member {
    int socket; /* -1: its stream has ended */
    inbox in;
    bool is_dead;
    int status;
} member;

struct pool {
    nursery_config config;
    nursery nursery;
    digest_value plan; /* of all keys */
    crew *crew;
    uint32_t jobs;
    member *members;
    GByteArray *out;
    struct pollfd *polled; /* the nursery's, then one for each member */
};

pool *pool_new(const nursery_config *config)
{
    pool *p = g_new0(pool, 1);
    p->config = *config;
    p->out = g_byte_array_new();
    if (!nursery_start(&p->nursery, config)) {
        g_byte_array_free(p->out, TRUE);
        g_free(p);
        return NULL;
    }
    return p;
}

/* --------------------------------------------------------------------------------------- plan */

static bool refuse(frame *f, char **refusal, int *status)
{
    *status = (int)frame_take_number(f);
    *refusal = g_strdup(frame_take_text(f));
    return false;
}

static bool lost_nursery(char **refusal, int *status)
{
    *status = 70;
    *refusal = g_strdup("the process that loads the scenario has ended; start again");
    return false;
}

bool pool_plan(pool *p, void (*on_cell)(void *context, uint32_t cell, cell_facts *facts),
               void *context, char **refusal, int *status)
{
    frame f;
    uint32_t cell = 0;
    for (;;) {
        while (inbox_next(&p->nursery.in, &f)) {
            cell_facts facts;
            if (f.kind == FRAME_REFUSED) {
                return refuse(&f, refusal, status);
            }
            if (f.kind == FRAME_PLANNED) {
                p->plan.high = frame_take_number(&f);
                p->plan.low = frame_take_number(&f);
                return true;
            }
            if (f.kind != FRAME_CELL || !cell_facts_take(&f, &facts)) {
                return lost_nursery(refusal, status);
            }
            if (on_cell) {
                on_cell(context, cell++, &facts);
            } else {
                cell_facts_clear(&facts);
            }
        }
        ssize_t got = inbox_read(&p->nursery.in, p->nursery.socket);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return lost_nursery(refusal, status);
        }
    }
}

digest_value pool_digest(const pool *p)
{
    return p->plan;
}

nursery *pool_nursery(pool *p)
{
    return &p->nursery;
}

/* ------------------------------------------------------------------------------------ workers */

static void feed(pool *p, uint32_t slot)
{
    member *m = &p->members[slot];
    g_byte_array_set_size(p->out, 0);
    while (m->socket >= 0 && crew_feed(p->crew, slot, p->out)) {
    }
    if (p->out->len > 0 && !write_fully(m->socket, p->out->data, p->out->len)) {
        /* It is dead: what it was given counts as lost when its stream ends. */
    }
}

/* False where the nursery is dead. */
static bool hire(pool *p, uint32_t slot)
{
    member *m = &p->members[slot];
    if (m->in.bytes) {
        inbox_clear(&m->in);
    }
    *m = (member){.socket = -1};
    inbox_init(&m->in);
    return nursery_spawn(&p->nursery, slot, &m->socket);
}

void pool_start(pool *p, crew *c, uint32_t jobs)
{
    signal(SIGPIPE, SIG_IGN);
    p->crew = c;
    p->jobs = jobs;
    p->members = g_new0(member, jobs);
    p->polled = g_new0(struct pollfd, jobs + 1);
    for (uint32_t slot = 0; slot < jobs; slot++) {
        hire(p, slot);
    }
}

/* Its stream has ended and its death is known. */
static bool replace(pool *p, uint32_t slot)
{
    return crew_died(p->crew, slot, p->members[slot].status) && (hire(p, slot), true);
}

static void end_stream(member *m)
{
    close(m->socket); /* a worker that still lives ends at its next write */
    m->socket = -1;
}

static bool hear(pool *p, uint32_t slot)
{
    member *m = &p->members[slot];
    frame f;
    bool over = false;
    ssize_t got = inbox_read(&m->in, m->socket);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
        return true;
    }
    while (got > 0 && inbox_next(&m->in, &f)) {
        if (!crew_hear(p->crew, slot, &f, &over)) {
            if (over) {
                return false;
            }
            got = 0;
        }
    }
    if (got <= 0) {
        end_stream(m);
        return !m->is_dead || replace(p, slot);
    }
    return true;
}

/* All workers have died with their nursery; the next one must see what this one saw. */
static bool hire_nursery(pool *p, char **refusal)
{
    int status;
    digest_value plan = p->plan;
    nursery_stop(&p->nursery);
    if (!nursery_start(&p->nursery, &p->config)) {
        *refusal = g_strdup_printf("no process can be started: %s", g_strerror(errno));
        return false;
    }
    if (!pool_plan(p, NULL, NULL, refusal, &status)) {
        return false;
    }
    if (plan.high != p->plan.high || plan.low != p->plan.low) {
        *refusal = g_strdup("the scenario or a module was changed during the sweep; start again");
        return false;
    }
    for (uint32_t slot = 0; slot < p->jobs; slot++) {
        member *m = &p->members[slot];
        while (m->socket >= 0) { /* what they still sent */
            m->is_dead = false;
            if (!hear(p, slot)) {
                return false;
            }
        }
        if (!crew_died(p->crew, slot, SIGKILL)) {
            return false;
        }
        hire(p, slot);
    }
    return true;
}

static bool hear_nursery(pool *p, char **refusal)
{
    frame f;
    ssize_t got = inbox_read(&p->nursery.in, p->nursery.socket);
    if (got == 0 || (got < 0 && errno != EINTR)) {
        return hire_nursery(p, refusal);
    }
    while (got > 0 && inbox_next(&p->nursery.in, &f)) {
        uint64_t slot = frame_take_number(&f);
        int status = (int)frame_take_number(&f);
        if (f.bad || f.kind != FRAME_DIED || slot >= p->jobs) {
            continue;
        }
        p->members[slot].is_dead = true;
        p->members[slot].status = status;
        if (p->members[slot].socket < 0 && !replace(p, (uint32_t)slot)) {
            return false;
        }
    }
    return true;
}

bool pool_step(pool *p, int ms, char **refusal)
{
    *refusal = NULL;
    p->polled[0] = (struct pollfd){p->nursery.socket, POLLIN, 0};
    for (uint32_t slot = 0; slot < p->jobs; slot++) {
        feed(p, slot);
        p->polled[slot + 1] = (struct pollfd){p->members[slot].socket, POLLIN, 0};
    }
    if (crew_vain_deaths(p->crew) > VAIN_DEATHS_MOST) {
        *refusal = g_strdup("workers die before they have done a single run");
        return false;
    }
    if (poll(p->polled, p->jobs + 1, ms) <= 0) {
        return true;
    }
    for (uint32_t slot = 0; slot < p->jobs; slot++) {
        if (p->polled[slot + 1].revents && p->members[slot].socket >= 0 && !hear(p, slot)) {
            return false;
        }
    }
    return p->polled[0].revents == 0 || hear_nursery(p, refusal);
}

void pool_free(pool *p)
{
    for (uint32_t slot = 0; slot < p->jobs; slot++) {
        if (p->members[slot].socket >= 0) {
            close(p->members[slot].socket);
        }
        inbox_clear(&p->members[slot].in);
    }
    nursery_stop(&p->nursery);
    g_byte_array_free(p->out, TRUE);
    g_free(p->members);
    g_free(p->polled);
    g_free(p);
}
