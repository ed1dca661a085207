/* Sends to itself, in no time, for ever.
 *
 * page: time does not advance: ten million events at one instant
 * status: 3
 * instrumented: ten million events take too long
 */
#include <dasim.h>

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    dasim_send(self, self->id, message->type, NULL, 0);
}

static const dasim_message messages[] = {{.name = "TOKEN"}, {0}};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    dasim_send(self, self->id, 0, NULL, 0);
}

DASIM_ALGORITHM(.name = "turns_in_a_circle", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .messages = messages, .on_message = on_message);
