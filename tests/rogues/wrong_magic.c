/* Not made with DASIM_ALGORITHM.
 *
 * refused: found magic 00000007, expected 4D534144: describe the algorithm with ...
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "wrong_magic", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .magic = 7);
