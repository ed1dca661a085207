/* Provides what nobody knows.
 *
 * refused: found service 77 provided, expected one of dasim_service ...
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "no_service", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .provides = 77);
