/*
 * Transports: frames one after the other from node 0 to all others, three to each. The first one to
 * a node is first contact, and not counted; what is sent before the next frame is a frame's own.
 */
#include "sweep/complexity_internal.h"

#define GAP (100 * DASIM_MS)

enum { ROUNDS = 3 };

typedef struct sender {
    uint32_t nodes, driver, arrived;
    GArray *messages; /* int64_t, of each frame */
} sender;

typedef struct frame_call {
    dasim_call call;
    uint64_t text;
} frame_call;

static void on_start(void *self, world *w)
{
    const sender *s = self;
    for (uint32_t i = 0; i < s->messages->len; i++) {
        world_alarm(w, s->driver, i * GAP, 0, i);
    }
}

static void on_alarm(void *self, world *w, uint32_t node, uint64_t i)
{
    const sender *s = self;
    frame_call f = {.call = {.process = 1 + (uint32_t)(i % (s->nodes - 1)),
                             .descriptor = -1,
                             .size = sizeof f.text},
                    .text = i};
    world_request(w, node, 0, DASIM_OUTPUT, &f, sizeof f);
}

static void on_record(void *self, const world *w, const record *r)
{
    sender *s = self;
    (void)w;
    if (r->kind == RECORD_SEND && r->node != r->peer) {
        guint step = (guint)MIN(r->at / GAP, (int64_t)s->messages->len - 1);
        g_array_index(s->messages, int64_t, step)++;
    } else if (r->kind == RECORD_INDICATION && r->type == DASIM_INPUT) {
        s->arrived++;
    }
}

static const char *send_all(const cost_bench *b, sender *s)
{
    const char *refusal;
    int64_t params[256];
    world_config config = {.nodes = s->nodes, .resources = 1, .seed = 1, .stack_size = 1};
    for (size_t i = 0; b->algorithm->params && b->algorithm->params[i].name; i++) {
        g_assert(i < G_N_ELEMENTS(params));
        params[i] = b->algorithm->params[i].value;
    }
    config.stack[0] = (component_config){.algorithm = b->algorithm, .params = params};
    config.network.usual.delay =
        (distribution){.kind = DISTRIBUTION_FIXED, .a = COST_DELAY, .least = 0, .most = INT64_MAX};
    world *w = world_new(&config, &refusal);
    if (w == NULL) {
        return refusal;
    }
    driver d = {.self = s, .on_start = on_start, .on_alarm = on_alarm};
    observer o = {s, on_record};
    s->driver = world_drive(w, &d);
    world_observe(w, &o);
    world_start(w);
    world_run(w, (s->messages->len + 1) * GAP, UINT64_MAX);
    world_free(w);
    return s->arrived == s->messages->len ? NULL : "a frame did not arrive";
}

static bool measure_frames(const cost_bench *b, uint32_t n, uint64_t run, cost_sample *out,
                           char **trouble)
{
    (void)run;
    sender s = {.nodes = n, .messages = g_array_new(FALSE, TRUE, sizeof(int64_t))};
    g_array_set_size(s.messages, ROUNDS * (n - 1));
    const char *words = send_all(b, &s);
    for (guint i = n - 1; i < s.messages->len; i++) {
        cost_sample_add(out, g_array_index(s.messages, int64_t, i));
    }
    g_array_free(s.messages, TRUE);
    *trouble = g_strdup(words);
    return words == NULL;
}

const cost_method cost_methods_of_transports[] = {
    {DASIM_TRANSPORT, "messages per frame", false, false, 2, NULL, measure_frames},
    {0},
};
