/* Nothing for `dasim list` to show.
 *
 * refused: found no title, expected .title of one line
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "no_title", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .title = NULL);
