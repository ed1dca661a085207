/* The default of its parameter is out of bounds.
 *
 * refused: parameter timeout is 5 by default, expected it within its bounds 10 .. 20
 */
#include <dasim.h>

static const dasim_param params[] = {
    {.name = "timeout", .unit = DASIM_DURATION, .value = 5, .least = 10, .most = 20},
    {0},
};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "wild_parameter", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .params = params);
