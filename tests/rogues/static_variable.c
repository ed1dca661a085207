/* The same, and zero at first.
 *
 * refused: found writable memory (8 bytes in .bss), expected none: keep what an algorithm ...
 * instrumented: the runtime of the instruments does the same
 */
#include <dasim.h>

static int wanted;

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    dasim_arm(self, 0, wanted += (int)op);
}

DASIM_ALGORITHM(.name = "static_variable", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
