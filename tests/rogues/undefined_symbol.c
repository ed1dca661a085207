/* Calls what it does not bring along.
 *
 * refused: undefined symbol elsewhere, expected none: a module may call nothing but the ...
 * instrumented: the runtime of the instruments does the same
 */
#include <dasim.h>

extern int elsewhere(void);

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)arg, (void)size;
    dasim_arm(self, 0, elsewhere() + (int)op);
}

DASIM_ALGORITHM(.name = "undefined_symbol", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request);
