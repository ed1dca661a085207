/* Its state does not fit anywhere.
 *
 * unfit: : an algorithm asks for more than 1 GiB of state a node
 */
#include <dasim.h>

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return (size_t)1 << 50;
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "wants_all_memory", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .state_size = state_size);
