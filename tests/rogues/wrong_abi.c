/* Built for another dasim.h.
 *
 * refused: found ABI 99, expected 1: rebuild the module with this dasim's dasim.h
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "wrong_abi", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .abi = 99);
