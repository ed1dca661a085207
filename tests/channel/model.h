/*
 * A channel module without a simulator: one node whose handlers are called directly. Answers are
 * kept by process.
 */
#ifndef DASIM_TESTS_CHANNEL_MODEL_H
#define DASIM_TESTS_CHANNEL_MODEL_H

#include <dasim.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_PROCESSES = 16, MODEL_TEXT_MOST = 1 << 17 };

typedef struct model {
    dasim_node node; /* first */
    size_t size;     /* of the state */
    int64_t params[32];
    uint64_t draws;
    bool is_armed;
    struct {
        bool is_there;
        uint32_t op;
        dasim_call call;
        unsigned char text[MODEL_TEXT_MOST];
    } answers[MODEL_PROCESSES];
} model;

static inline void model_indicate(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    model *m = (model *)self;
    const dasim_call *call = arg;
    if (size < sizeof *call || call->process >= MODEL_PROCESSES || call->size > MODEL_TEXT_MOST ||
        call->size != size - sizeof *call || m->answers[call->process].is_there) {
        fprintf(stderr, "the model gave an answer that is malformed, or a second one\n");
        exit(1);
    }
    m->answers[call->process].is_there = true;
    m->answers[call->process].op = op;
    m->answers[call->process].call = *call;
    memcpy(m->answers[call->process].text, call + 1, call->size);
}

static inline void model_arm(dasim_node *self, uint32_t timer, int64_t after)
{
    (void)timer, (void)after;
    ((model *)self)->is_armed = true;
}

static inline uint64_t model_random(dasim_node *self, uint64_t bound)
{
    model *m = (model *)self;
    m->draws = m->draws * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return bound ? (m->draws >> 33) % bound : m->draws;
}

/* Default parameters, but for those that are named: "pipes", 8, ..., NULL-ended pairs. */
static inline model *model_new(const dasim_algorithm *a, const char *const *names,
                               const int64_t *values)
{
    static const dasim_api api = {.indicate = model_indicate,
                                  .arm = model_arm,
                                  .random = model_random};
    model *m = calloc(1, sizeof *m);
    for (int i = 0; a->params[i].name; i++) {
        m->params[i] = a->params[i].value;
        for (int j = 0; names[j]; j++) {
            if (strcmp(names[j], a->params[i].name) == 0) {
                m->params[i] = values[j];
            }
        }
    }
    dasim_config config = {1, 1, m->params};
    m->size = a->state_size(&config);
    m->node = (dasim_node){.api = &api, .params = m->params, .nodes = 1, .resources = 1};
    m->node.state = aligned_alloc(16, (m->size + 15) & ~(size_t)15);
    memset(m->node.state, 0, m->size);
    if (a->on_boot) {
        a->on_boot(&m->node, false);
    }
    return m;
}

static inline void model_free(model *m)
{
    free(m->node.state);
    free(m);
}

static inline void model_ask(const dasim_algorithm *a, model *m, uint32_t op, dasim_call call,
                             const void *text)
{
    static _Alignas(16) unsigned char arg[sizeof(dasim_call) + MODEL_TEXT_MOST];
    memcpy(arg, &call, sizeof call);
    if (call.size > 0) {
        memcpy(arg + sizeof call, text, call.size);
    }
    m->answers[call.process].is_there = false;
    a->on_request(&m->node, op, arg, sizeof call + call.size);
}

#endif
