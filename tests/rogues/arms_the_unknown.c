/* Arms a timer that it has not declared.
 *
 * page: expected that the timer is declared
 * status: 1
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    dasim_arm(self, 3, DASIM_MS);
}

DASIM_ALGORITHM(.name = "arms_the_unknown", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
