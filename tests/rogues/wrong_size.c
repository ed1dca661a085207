/* Its description is shorter than ours.
 *
 * refused: found a description of 8 bytes, expected ...
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "wrong_size", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .size = 8);
