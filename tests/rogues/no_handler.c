/* Declares a message that it does not receive.
 *
 * refused: found no on_message, expected one because it declares messages
 */
#include <dasim.h>

static const dasim_message messages[] = {{.name = "TOKEN"}, {0}};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "no_handler", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .messages = messages);
