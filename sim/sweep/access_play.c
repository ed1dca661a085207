/* A driver that asks at its times, and an observer that counts what each asking cost. */
#include "sweep/access_play.h"

#include <assert.h>
#include <string.h>

#define GAP (100 * DASIM_MS)

enum { EVENTS_MOST = 100000000 };

void access_play_init(access_play *p, const dasim_algorithm *a, uint32_t nodes, uint32_t objects)
{
    *p = (access_play){.algorithm = a, .nodes = nodes, .objects = objects};
    for (size_t i = 0; a->params && a->params[i].name; i++) {
        assert(i < PLAY_PARAMS_MOST);
        p->params[i] = a->params[i].value;
    }
}

bool access_play_set(access_play *p, const char *name, int64_t value)
{
    const dasim_param *params = p->algorithm->params;
    for (size_t i = 0; params && params[i].name; i++) {
        if (strcmp(params[i].name, name) == 0) {
            p->params[i] = value;
            return true;
        }
    }
    return false;
}

void access_play_add(access_play *p, uint32_t node, bool writes, uint32_t object)
{
    assert(p->count < PLAY_STEPS_MOST);
    p->steps[p->count++] =
        (play_step){.node = node, .object = object, .writes = writes, .took = -1};
}

static void on_start(void *self, world *w)
{
    const access_play *p = self;
    for (uint32_t i = 0; i < p->count; i++) {
        world_alarm(w, p->driver, i * GAP, p->steps[i].node, i);
    }
}

static void on_alarm(void *self, world *w, uint32_t node, uint64_t i)
{
    const access_play *p = self;
    dasim_access access = {.object = p->steps[i].object, .tag = (uint32_t)i, .value = i + 1};
    uint32_t op = p->steps[i].writes ? DASIM_WRITE : DASIM_READ;
    world_request(w, node, 0, op, &access, sizeof access);
}

static void on_record(void *self, const world *w, const record *r)
{
    (void)w;
    access_play *p = self;
    if (r->kind == RECORD_SEND && r->node != r->peer) {
        int64_t step = r->at / GAP;
        p->steps[step < p->count ? step : p->count - 1].messages++;
    } else if (r->kind == RECORD_INDICATION) {
        uint32_t tag = ((const dasim_access *)r->body)->tag;
        if (tag < p->count) {
            p->steps[tag].took = r->at - tag * GAP;
        }
    }
}

static const char *outcome(const access_play *p, world_status status)
{
    if (status != WORLD_IDLE) {
        return "the memory did not come to rest";
    }
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->steps[i].took < 0) {
            return "an access was never done";
        }
    }
    return NULL;
}

const char *access_play_run(access_play *p)
{
    const char *refusal;
    world_config config = {.nodes = p->nodes, .resources = p->objects, .seed = 1, .stack_size = 1};
    config.stack[0] = (component_config){.algorithm = p->algorithm, .params = p->params};
    config.network.usual.delay =
        (distribution){.kind = DISTRIBUTION_FIXED, .a = DASIM_MS, .least = 0, .most = INT64_MAX};
    world *w = world_new(&config, &refusal);
    if (w == NULL) {
        return refusal;
    }
    driver d = {.self = p, .on_start = on_start, .on_alarm = on_alarm};
    observer o = {p, on_record};
    p->driver = world_drive(w, &d);
    world_observe(w, &o);
    world_start(w);
    const char *trouble = outcome(p, world_run(w, INT64_MAX, EVENTS_MOST));
    world_free(w);
    return trouble;
}
