/* Promises a property that nobody can judge.
 *
 * unfit: :4: found promise "mutual_exclusoin" of mutex.promises_the_unknown, expected a ...
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "promises_the_unknown", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request,
                .promises = (const char *const[]){"mutual_exclusoin", NULL});
