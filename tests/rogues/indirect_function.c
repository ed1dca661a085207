/* A function that is chosen when it is loaded, by code of the module that nobody has looked at.
 *
 * refused: found code that runs when loaded (ifunc), expected none: ...
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

typedef void handler(dasim_node *self, uint32_t op, const void *arg, size_t size);

__attribute__((used)) static handler *choose(void)
{
    return on_request;
}

__attribute__((ifunc("choose"))) static handler chosen;

DASIM_ALGORITHM(.name = "indirect_function", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = chosen);
