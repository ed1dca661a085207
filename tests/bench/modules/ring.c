/* Tokens that go round a ring: each node passes what it gets to the next. */
#include <dasim.h>

enum message { TOKEN };
enum param { TOKENS };

typedef struct state {
    uint64_t passed;
} state;

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return sizeof(state);
}

static void pass_on(dasim_node *self)
{
    uint32_t next = self->id + 1;
    dasim_send(self, next == self->nodes ? 0 : next, TOKEN, NULL, 0);
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    if (self->id < self->params[TOKENS]) {
        pass_on(self);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)message;
    ((state *)self->state)->passed++;
    pass_on(self);
}

DASIM_ALGORITHM(.name = "ring", .title = "tokens round a ring", .reference = "none",
                .about = "Every node passes what it gets to the next.",
                .provides = DASIM_APPLICATION,
                .messages = (const dasim_message[]){[TOKEN] = {.name = "TOKEN"}, {0}},
                .params = (const dasim_param[]){[TOKENS] = {"tokens", DASIM_COUNT, 1, 1, UINT32_MAX,
                                                            "how many go round"},
                                                {0}},
                .state_size = state_size, .on_boot = on_boot, .on_message = on_message);
