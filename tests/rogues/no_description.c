/* A shared object, but no module.
 *
 * refused: found no symbol dasim_module, expected one: describe the algorithm with ...
 */
#include <dasim.h>

int nothing_of_interest(void);
int nothing_of_interest(void)
{
    return 1;
}
