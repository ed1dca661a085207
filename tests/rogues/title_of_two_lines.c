/* Would break the table of `dasim list`.
 *
 * refused: title of title_of_two_lines holds the character \012, expected text of one line
 */
#include <dasim.h>

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "title_of_two_lines", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .title = "one\ntwo");
