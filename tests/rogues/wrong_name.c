/* The file is called otherwise.
 *
 * refused: found algorithm "another", expected "wrong_name" as in the file's name
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "another", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
