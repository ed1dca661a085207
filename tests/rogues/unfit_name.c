/* A name that no scenario could write.
 *
 * refused: name "Unfit Name", expected a name like request_timeout (a-z, 0-9, _)
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "Unfit Name", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
