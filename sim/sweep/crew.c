/*
 * A death is the worker's own where the system ended it for what it did (a bad address, too much
 * processor time), or it gave up for want of memory. Then the run at fault is known if it was alone
 * in its worker; else all that were under way are tried again, alone. A worker that was killed from
 * outside says nothing about its run: that is tried again, up to STRIKES_MOST times.
 */
#include "sweep/crew.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { UNITS = 2, STRIKES_MOST = 5, QUICK_NS = 40000000, SLOW_NS = 160000000 };

typedef struct slot {
    unit units[UNITS];
    uint32_t count;
    uint32_t size;   /* of the next unit */
    gint64 begun_at; /* us: when its first unit went on its way, or the one before came back */
} slot;

struct crew {
    work *work;
    uint32_t slots, vain_deaths;
    slot *of;
    run_limits limits;
    crew_events events;
    result result;
};

crew *crew_new(work *w, uint32_t slots, const run_limits *limits, const crew_events *events)
{
    crew *c = g_new0(crew, 1);
    c->work = w;
    c->slots = slots;
    c->of = g_new0(slot, slots);
    c->limits = *limits;
    c->events = *events;
    for (uint32_t i = 0; i < slots; i++) {
        c->of[i].size = 1;
    }
    result_init(&c->result);
    return c;
}

void crew_free(crew *c)
{
    result_clear(&c->result);
    g_free(c->of);
    g_free(c);
}

/* ---------------------------------------------------------------------------------------- out */

static void put_unit(GByteArray *out, const unit *u)
{
    guint begin = frame_begin(out, FRAME_UNIT);
    uint64_t last = 0;
    frame_put_number(out, u->cell);
    frame_put_number(out, u->count);
    for (uint32_t i = 0; i < u->count; i++) {
        frame_put_number(out, u->seeds[i] - last);
        last = u->seeds[i];
    }
    frame_end(out, begin);
}

/* Not more than a fair share of what is left, so that all workers end at the same time. */
static uint32_t size_of_next(const crew *c, const slot *s)
{
    uint64_t left = work_total(c->work) - work_skipped(c->work) - work_finished(c->work);
    uint64_t share = left / (3 * (uint64_t)c->slots) + 1;
    return (uint32_t)MIN(s->size, share);
}

bool crew_feed(crew *c, uint32_t which, GByteArray *out)
{
    slot *s = &c->of[which];
    bool alone = s->count > 0 && s->units[0].careful;
    if (s->count == UNITS || alone) {
        return false;
    }
    unit *u = &s->units[s->count];
    if (!work_take(c->work, size_of_next(c, s), u)) {
        return false;
    }
    if (u->careful && s->count > 0) { /* it must be alone */
        work_return(c->work, u);
        return false;
    }
    if (s->count == 0) {
        s->begun_at = g_get_monotonic_time();
    }
    s->count++;
    put_unit(out, u);
    return true;
}

bool crew_is_busy(const crew *c, uint32_t which)
{
    return c->of[which].count > 0;
}

bool crew_is_over(const crew *c)
{
    return work_is_over(c->work);
}

uint32_t crew_vain_deaths(const crew *c)
{
    return c->vain_deaths;
}

/* ----------------------------------------------------------------------------------------- in */

/* Units that take neither too long nor so short that talking about them costs more. */
static void adapt(slot *s)
{
    gint64 now = g_get_monotonic_time();
    gint64 took = 1000 * (now - s->begun_at);
    if (took < QUICK_NS && s->size < UNIT_MOST && s->units[0].count >= s->size / 2) {
        s->size *= 2;
    } else if (took > SLOW_NS && s->size > 1) {
        s->size /= 2;
    }
    s->begun_at = now;
}

/* Is this the run that the slot was to report next? */
static bool expects(const slot *s, uint32_t cell, uint64_t seed)
{
    return s->count > 0 && s->units[0].cell == cell &&
           s->units[0].seeds[s->units[0].reported] == seed;
}

static void report(crew *c, slot *s, bool failed)
{
    unit *first = &s->units[0];
    c->vain_deaths = 0;
    work_done(c->work, first->cell, failed);
    if (++first->reported == first->count) {
        adapt(s);
        s->units[0] = s->units[1];
        s->count--;
    }
}

bool crew_hear(crew *c, uint32_t which, frame *f, bool *over)
{
    slot *s = &c->of[which];
    uint32_t cell = (uint32_t)frame_take_number(f);
    bool failed = f->kind == FRAME_FAILED;
    *over = false;
    if (failed) {
        uint64_t seed = frame_take_number(f);
        failure_kind kind = (failure_kind)frame_take_number(f);
        const char *reason = frame_take_text(f);
        if (f->bad || reason == NULL || !expects(s, cell, seed)) {
            return false;
        }
        *over = !c->events.on_failure(c->events.context, cell, seed, kind, reason);
    } else {
        const void *packed = f->at;
        if (f->bad || f->kind != FRAME_RESULT || !result_unpack(f, &c->result) ||
            !expects(s, cell, c->result.seed)) {
            return false;
        }
        size_t size = (size_t)(f->end - (const unsigned char *)packed);
        *over = !c->events.on_result(c->events.context, cell, &c->result, packed, size);
    }
    if (!*over) {
        report(c, s, failed);
    }
    return !*over;
}

/* ------------------------------------------------------------------------------------- deaths */

static const struct {
    int signal;
    const char *words;
} deadly[] = {
    {SIGSEGV, "SIGSEGV: an address that is not its own, or a stack that is too deep"},
    {SIGBUS, "SIGBUS: an address without memory behind it"},
    {SIGFPE, "SIGFPE: a division by 0, or its like"},
    {SIGILL, "SIGILL: an instruction that is none"},
    {SIGABRT, "SIGABRT: a broken belief of dasim or of a module"},
    {SIGTRAP, "SIGTRAP: a broken belief of dasim or of a module"},
    {SIGSYS, "SIGSYS: a system call that is not allowed"},
};

/* Why the run ended its worker; NULL: it did not, somebody else did. The caller frees. */
static char *reason_of(const crew *c, int status, failure_kind *kind)
{
    *kind = FAILURE_CRASHED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == CONFINE_NO_MEMORY) {
        *kind = FAILURE_MEMORY;
        return g_strdup_printf("more than %" G_GUINT64_FORMAT " MiB of memory",
                               c->limits.memory >> 20);
    }
    if (WIFEXITED(status)) {
        return g_strdup_printf("its process ended by itself, with status %d", WEXITSTATUS(status));
    }
    if (WTERMSIG(status) == SIGPROF) {
        *kind = FAILURE_HANGS;
        return g_strdup_printf("more than %g s of processor time", (double)c->limits.cpu_ms / 1000);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(deadly); i++) {
        if (deadly[i].signal == WTERMSIG(status)) {
            return g_strdup(deadly[i].words);
        }
    }
    *kind = FAILURE_KILLED;
    return NULL;
}

/* The only run of a worker that is dead. */
static bool blame(crew *c, unit *u, int status)
{
    failure_kind kind;
    char *reason = reason_of(c, status, &kind);
    if (reason == NULL && ++u->strikes < STRIKES_MOST) {
        work_return(c->work, u);
        return true;
    }
    if (reason == NULL) {
        reason = g_strdup_printf("its process was killed %d times", STRIKES_MOST);
    }
    bool fine = c->events.on_failure(c->events.context, u->cell, u->seeds[0], kind, reason);
    work_done(c->work, u->cell, true);
    g_free(reason);
    return fine;
}

bool crew_died(crew *c, uint32_t which, int status)
{
    slot *s = &c->of[which];
    uint32_t count = s->count;
    bool fine = true;
    c->vain_deaths++;
    s->count = 0;
    s->size = 1;
    if (count == 1 && s->units[0].careful) {
        return blame(c, &s->units[0], status);
    }
    while (count > 0) { /* the one at fault is in the first: it is taken first */
        work_return(c->work, &s->units[--count]);
    }
    return fine;
}
