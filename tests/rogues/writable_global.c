/* Nodes would share what it remembers; no crash would forget it.
 *
 * refused: found writable memory (4 bytes in .data), expected none: keep what an algorithm ...
 * instrumented: the runtime of the instruments does the same
 */
#include <dasim.h>

int wanted = 1; /* one for all nodes */

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)arg, (void)size;
    wanted += (int)op;
}

DASIM_ALGORITHM(.name = "writable_global", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
