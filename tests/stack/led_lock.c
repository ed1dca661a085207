/* A lock for tests that asks an election below it who its coordinator is. At most 64 nodes. */
#include <dasim.h>

enum message { REQUEST, GRANT, RELEASE };

typedef struct state {
    uint64_t queue; /* of the leader: a bit for each node that waits */
    uint32_t leader;
    bool knows, wants, taken;
} state;

static const dasim_service uses[] = {DASIM_ELECTION, DASIM_NO_SERVICE};
static const dasim_message messages[] = {
    [REQUEST] = {.name = "REQUEST"},
    [GRANT] = {.name = "GRANT"},
    [RELEASE] = {.name = "RELEASE"},
    {0},
};
static const dasim_field fields[] = {
    {"queue", DASIM_U64, offsetof(state, queue), .help = "who waits"},
    {"leader", DASIM_NODE, offsetof(state, leader), .help = "as the election said"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return sizeof(state);
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    state *my = self->state;
    if (op == DASIM_RELEASE) {
        dasim_send(self, my->leader, RELEASE, NULL, 0);
    } else if (my->knows) {
        dasim_send(self, my->leader, REQUEST, NULL, 0);
    } else {
        my->wants = true;
        dasim_request(self, DASIM_ELECTION, DASIM_ELECT, NULL, 0);
    }
}

static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    state *my = self->state;
    const dasim_leader *told = arg;
    DASIM_CHECK(self, from == DASIM_ELECTION && op == DASIM_LEADER && size == sizeof *told);
    my->leader = told->leader;
    my->knows = true;
    if (my->wants) {
        my->wants = false;
        dasim_send(self, my->leader, REQUEST, NULL, 0);
    }
}

static void grant_next(dasim_node *self)
{
    state *my = self->state;
    for (uint32_t id = 0; id < self->nodes && !my->taken; id++) {
        if (my->queue >> id & 1) {
            my->queue &= ~(UINT64_C(1) << id);
            my->taken = true;
            dasim_send(self, id, GRANT, NULL, 0);
        }
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    state *my = self->state;
    dasim_lock lock = {0};
    if (message->type == GRANT) {
        dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
        return;
    }
    if (message->type == REQUEST) {
        my->queue |= UINT64_C(1) << message->from;
    } else {
        my->taken = false;
    }
    grant_next(self);
}

DASIM_ALGORITHM(.name = "led_lock", .title = "a coordinator that an election chooses",
                .provides = DASIM_MUTEX, .uses = uses,
                .promises = (const char *const[]){"mutual_exclusion", "every_request_granted",
                                                  NULL},
                .messages = messages, .state = fields, .state_size = state_size,
                .on_request = on_request, .on_indication = on_indication, .on_message = on_message);
