/* An election for tests: the leader is who a parameter says. */
#include <dasim.h>

enum parameter { WHO };

typedef struct state {
    bool leads;
} state;

static const dasim_field fields[] = {
    {"leads", DASIM_BOOL, offsetof(state, leads), .role = "leader", .help = "this node leads"},
    {0},
};

static const dasim_param params[] = {
    [WHO] = {"who", DASIM_COUNT, 0, 0, 1000, "the leader"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return sizeof(state);
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    ((state *)self->state)->leads = self->id == self->params[WHO];
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    dasim_leader told = {.leader = (uint32_t)self->params[WHO], .term = 1};
    dasim_indicate(self, DASIM_LEADER, &told, sizeof told);
}

DASIM_ALGORITHM(.name = "fixed_leader", .title = "the leader is who a parameter says",
                .provides = DASIM_ELECTION, .state = fields, .state_size = state_size,
                .params = params, .on_boot = on_boot, .on_request = on_request);
