/* In a scenario, "token" is a kind of record and "TOKEN" a message.
 *
 * refused: message "token", expected a name like REQUEST (A-Z, 0-9, _)
 */
#include <dasim.h>

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self, (void)message;
}

static const dasim_message messages[] = {{.name = "token"}, {0}};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "small_letters", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .messages = messages, .on_message = on_message);
