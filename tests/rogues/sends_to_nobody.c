/* Sends to a node that is not there.
 *
 * page: expected that the receiver of a message is a node
 * status: 1
 */
#include <dasim.h>

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self, (void)message;
}

static const dasim_message messages[] = {{.name = "TOKEN"}, {0}};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    dasim_send(self, self->nodes, 0, NULL, 0);
}

DASIM_ALGORITHM(.name = "sends_to_nobody", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .messages = messages, .on_message = on_message);
