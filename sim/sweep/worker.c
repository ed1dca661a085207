/* Results are collected and sent together, so that short runs cost no system call each; but none
 * waits longer than HOLD_NS, and a unit's last ones not at all. */
#include "sweep/worker.h"

#include "drive/chaos.h"
#include "sweep/result.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

enum { SEND_BYTES = 48 << 10, HOLD_NS = 100000000 };

typedef struct worker {
    loader *loader;
    int socket;
    const run_limits *limits;
    GByteArray *out;
    int64_t sent_at;    /* ns of the monotonic clock */
    scenario *scenario; /* the one that was run last; NULL: none */
    uint32_t cell;
    uint64_t seed; /* that it was loaded with */
} worker;

const char *failure_name(failure_kind kind)
{
    static const char *const names[FAILURE_KINDS] = {
        [FAILURE_CRASHED] = "crashed", [FAILURE_HANGS] = "hangs",       [FAILURE_MEMORY] = "memory",
        [FAILURE_KILLED] = "killed",   [FAILURE_SCENARIO] = "scenario",
    };
    return kind < FAILURE_KINDS && names[kind] ? names[kind] : "?";
}

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool send_all(worker *w)
{
    bool sent = write_fully(w->socket, w->out->data, w->out->len);
    g_byte_array_set_size(w->out, 0);
    w->sent_at = now();
    return sent;
}

static void fail(worker *w, uint32_t cell, uint64_t seed, const char *reason)
{
    guint begin = frame_begin(w->out, FRAME_FAILED);
    frame_put_number(w->out, cell);
    frame_put_number(w->out, seed);
    frame_put_number(w->out, FAILURE_SCENARIO);
    frame_put_text(w->out, reason);
    frame_end(w->out, begin);
}

/* The scenario of the cell, loaded anew only where it must be. */
static bool load(worker *w, uint32_t cell, uint64_t seed, GError **error)
{
    if (w->scenario && w->cell == cell && w->scenario->serves_all_seeds) {
        return true;
    }
    scenario_free(w->scenario);
    w->scenario = loader_scenario(w->loader, cell, seed, error);
    w->cell = cell;
    w->seed = seed;
    return w->scenario != NULL;
}

static void run_one(worker *w, uint32_t cell, uint64_t seed)
{
    GError *error = NULL;
    run_options how;
    run_options_init(&how);
    bool loaded = load(w, cell, seed, &error);
    const char *chaos = w->loader->grid->chaos;
    how.chaos = loaded && chaos ? chaos_kinds(chaos, &w->scenario->world) : 0;
    run_result *r = loaded ? run_scenario(w->scenario, seed, &how, &error) : NULL;
    if (r == NULL) {
        fail(w, cell, seed, error->message);
        g_error_free(error);
    } else if (r->status == RUN_CALLBACK) {
        fail(w, cell, seed, r->explanation);
    } else {
        guint begin = frame_begin(w->out, FRAME_RESULT);
        frame_put_number(w->out, cell);
        result_pack(w->out, r);
        frame_end(w->out, begin);
    }
    run_result_free(r);
}

static bool run_unit(worker *w, frame *f)
{
    uint32_t cell = (uint32_t)frame_take_number(f);
    uint64_t count = frame_take_number(f), seed = 0;
    for (; count > 0 && !f->bad; count--) {
        seed += frame_take_number(f);
        confine_time(w->limits->cpu_ms);
        run_one(w, cell, seed);
        confine_time(0);
        bool is_time = w->out->len >= SEND_BYTES || now() - w->sent_at >= HOLD_NS || count == 1;
        if (is_time && !send_all(w)) {
            return false;
        }
    }
    return !f->bad;
}

void worker_run(loader *l, int socket, const run_limits *limits)
{
    worker w = {.loader = l, .socket = socket, .limits = limits, .out = g_byte_array_new()};
    inbox in;
    frame f;
    ssize_t got;
    bool good = true;
    inbox_init(&in);
    w.sent_at = now();
    while (good && (got = inbox_read(&in, socket)) != 0) {
        good = got > 0 || errno == EINTR;
        while (good && inbox_next(&in, &f)) {
            good = f.kind == FRAME_UNIT && run_unit(&w, &f);
        }
    }
    scenario_free(w.scenario);
    inbox_clear(&in);
    g_byte_array_free(w.out, TRUE);
}
