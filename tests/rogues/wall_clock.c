/* Looks at the clock of the machine, and links with the C library to do so.
 *
 * flags: -lc
 * refused: undefined symbol time, expected none: a module may call nothing but the functions ...
 * instrumented: the runtime of the instruments does the same
 */
#include <dasim.h>

extern long time(long *);

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    dasim_arm(self, 0, time(NULL) + op);
}

DASIM_ALGORITHM(.name = "wall_clock", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
