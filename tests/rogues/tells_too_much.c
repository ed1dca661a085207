/* An indication that is longer than any may be.
 *
 * page: expected that the argument of an indication fits 1 MiB
 * status: 1
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    uint64_t all[131073] = {0};
    dasim_indicate(self, DASIM_GRANTED, all, sizeof all);
}

DASIM_ALGORITHM(.name = "tells_too_much", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
