#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const dasim_algorithm dasim_module;

dasim_call model_reply;
unsigned char model_text[MODEL_TEXT_MOST];
unsigned model_answers;

static void indicate(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op;
    memcpy(&model_reply, arg, sizeof model_reply);
    memcpy(model_text, (const char *)arg + sizeof model_reply, size - sizeof model_reply);
    model_answers++;
}

static void fail(dasim_node *self, const char *condition, uint32_t line)
{
    (void)self;
    fprintf(stderr, "check failed: %s (line %u)\n", condition, line);
    abort();
}

static const dasim_api api = {.indicate = indicate, .fail = fail};
static int64_t params[2];
static dasim_node node = {.api = &api, .params = params, .nodes = 1, .resources = 1};

void model_start(int64_t sockets, int64_t buffer)
{
    static size_t had;
    params[0] = sockets;
    params[1] = buffer;
    size_t size = dasim_module.state_size(&(dasim_config){1, 1, params});
    if (size != had) {
        free(node.state);
        node.state = aligned_alloc(16, (size + 15) & ~(size_t)15);
    }
    had = size;
    memset(node.state, 0, size);
}

bool model_ask(uint32_t op, uint32_t process, int32_t descriptor, int64_t value, uint32_t flags,
               const void *text, size_t size)
{
    static unsigned char arg[sizeof(dasim_call) + MODEL_TEXT_MOST] __attribute__((aligned(16)));
    unsigned before = model_answers;
    dasim_call c = {process, descriptor, value, flags, (uint32_t)size};
    memcpy(arg, &c, sizeof c);
    if (size > 0) {
        memcpy(arg + sizeof c, text, size);
    }
    dasim_module.on_request(&node, op, arg, sizeof c + size);
    return model_answers != before;
}

int64_t model_call(uint32_t op, int32_t descriptor, int64_t value, uint32_t flags)
{
    if (!model_ask(op, 0, descriptor, value, flags, NULL, 0)) {
        fprintf(stderr, "no answer to call %u of descriptor %d\n", op, descriptor);
        abort();
    }
    return model_reply.value;
}

int32_t model_open(uint32_t op, int32_t descriptor, int64_t value, uint32_t flags)
{
    value = model_call(op, descriptor, value, flags);
    return value < 0 ? (int32_t)value : model_reply.descriptor;
}

uint32_t model_mask(int32_t descriptor)
{
    struct {
        int32_t descriptor;
        uint16_t wanted, found;
    } one = {descriptor, UINT16_MAX, 0};
    model_ask(DASIM_SELECT, 0, -1, 0, MODEL_WAIT_NOT, &one, sizeof one);
    memcpy(&one, model_text, sizeof one);
    return one.found;
}
