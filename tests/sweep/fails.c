/* A lock that everybody gets at once, and that in one of three runs, by the seed, ends its process:
 * parameter `how` says in which way. For tests of dasim sweep. */
#include <dasim.h>

enum { HOW, BODY = 1 << 16 };

typedef enum way { NOT, CRASHES, SPINS, EATS, DIVIDES, SINKS } way;

static const dasim_param params[] = {
    [HOW] = {"how", DASIM_COUNT, NOT, NOT, SINKS,
             "0 not, 1 crashes, 2 spins, 3 eats memory, 4 "
             "divides by 0, 5 calls itself"},
    {0},
};

static const dasim_message messages[] = {{.name = "FILLER", .size = BODY}, {0}};
static const char *const timers[] = {"more", NULL};

static uint64_t sink(uint64_t depth)
{
    volatile char page[4096];
    page[depth % sizeof page] = 1;
    return depth == UINT64_MAX ? 0 : sink(depth + 1) + (uint64_t)page[0];
}

static void fail(dasim_node *self)
{
    switch ((way)self->params[HOW]) {
    case CRASHES:
        *(volatile int *)8 = 1;
        break;
    case SPINS:
        for (volatile int turn = 0;; turn = !turn) {
        }
    case EATS:
        dasim_arm(self, 0, 0);
        break;
    case DIVIDES: {
        volatile int zero = 0;
        zero = 7 / zero;
        break;
    }
    case SINKS:
        DASIM_CHECK(self, sink(0) == 0);
        break;
    default:
        break;
    }
}

/* Messages that are under way for ever. */
static void on_timer(dasim_node *self, uint32_t timer)
{
    static const char body[BODY];
    dasim_send(self, 1, 0, body, sizeof body);
    dasim_arm(self, timer, 1000);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self, (void)message;
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    if (self->id == 0 && dasim_random(self, 3) == 0) {
        fail(self);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    if (op == DASIM_ACQUIRE) {
        dasim_lock lock = {.resource = ((const dasim_lock *)arg)->resource};
        dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
    }
}

DASIM_ALGORITHM(.name = "fails", .title = "fails in some runs", .provides = DASIM_MUTEX,
                .params = params, .messages = messages, .timers = timers, .on_boot = on_boot,
                .on_message = on_message, .on_timer = on_timer, .on_request = on_request);
