/* Its message is longer than any may be.
 *
 * refused: message TOKEN of 1048576 bytes, expected 65536 at most
 */
#include <dasim.h>

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    (void)self, (void)message;
}

static const dasim_message messages[] = {{.name = "TOKEN", .size = 1 << 20}, {0}};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "long_message", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .messages = messages, .on_message = on_message);
