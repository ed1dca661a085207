/* Runs code before anybody has looked at it.
 *
 * refused: found code that runs when loaded (.init_array), expected none: link it with the ...
 * instrumented: the runtime of the instruments does the same
 */
#include <dasim.h>

__attribute__((constructor)) static void early(void)
{
    __asm__ volatile("");
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "constructor", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
