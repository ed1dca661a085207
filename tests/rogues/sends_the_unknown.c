/* Sends a message that it has not declared.
 *
 * page: expected that the sent message type is declared
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
    dasim_broadcast(self, 7, NULL, 0);
}

DASIM_ALGORITHM(.name = "sends_the_unknown", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .messages = messages, .on_message = on_message);
