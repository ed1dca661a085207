/* The same, once a thread.
 *
 * refused: found writable memory (4 bytes for each thread), expected none: keep what an ...
 */
#include <dasim.h>

static _Thread_local int wanted;

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    dasim_arm(self, 0, wanted += (int)op);
}

DASIM_ALGORITHM(.name = "thread_local", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
