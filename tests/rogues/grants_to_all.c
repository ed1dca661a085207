/* Lets everybody in at once, and does not promise otherwise.
 *
 * page: nodes 0 and 1 both hold resource 0 at 0.001000000 s
 * status: 1
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    dasim_lock lock = {0};
    if (op == DASIM_ACQUIRE) {
        dasim_indicate(self, DASIM_GRANTED, &lock, sizeof lock);
    }
}

DASIM_ALGORITHM(.name = "grants_to_all", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
