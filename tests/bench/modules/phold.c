/*
 * PHOLD: every message that arrives is sent on to a random node; its delay is drawn by the link.
 *
 * After: R. Fujimoto, "Performance of Time Warp under synthetic workloads", SCS Multiconference on
 * Distributed Simulation, 1990. One message in flight per node.
 */
#include <dasim.h>

enum message { JOB };

typedef struct job {
    uint64_t hops;
} job;

typedef struct state {
    uint64_t jobs;
    unsigned char rest[56]; /* 64 bytes, as the floor touches */
} state;

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return sizeof(state);
}

static void pass_on(dasim_node *self, uint64_t hops)
{
    uint32_t to = (uint32_t)dasim_random(self, self->nodes);
    dasim_send(self, to, JOB, &(job){hops}, sizeof(job));
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    pass_on(self, 0);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    state *my = self->state;
    my->jobs++;
    my->rest[my->jobs % sizeof my->rest]++;
    pass_on(self, ((const job *)message->body)->hops + 1);
}

DASIM_ALGORITHM(.name = "phold", .title = "PHOLD benchmark",
                .reference = "R. Fujimoto, SCS Multiconference on Distributed Simulation, 1990",
                .about = "Every message is sent on to a random node.",
                .provides = DASIM_APPLICATION,
                .messages = (const dasim_message[]){[JOB] = {.name = "JOB", .size = sizeof(job)},
                                                    {0}},
                .state_size = state_size, .on_boot = on_boot, .on_message = on_message);
