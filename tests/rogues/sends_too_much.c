/* A body that is longer than it has declared.
 *
 * page: expected that the sent message fits its declared size
 * status: 1
 */
#include <dasim.h>

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self, (void)message;
}

static const dasim_message messages[] = {{.name = "TOKEN", .size = 4}, {0}};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    uint64_t body[2] = {1, 2};
    dasim_send(self, 0, 0, body, sizeof body);
}

DASIM_ALGORITHM(.name = "sends_too_much", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .messages = messages, .on_message = on_message);
