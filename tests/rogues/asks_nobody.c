/* Asks for a service that it has not declared to use.
 *
 * page: expected that the requested service is declared in uses
 * status: 1
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)op, (void)arg, (void)size;
    dasim_request(self, DASIM_ELECTION, DASIM_ELECT, NULL, 0);
}

DASIM_ALGORITHM(.name = "asks_nobody", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
