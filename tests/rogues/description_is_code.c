/* The symbol is there and is a function.
 *
 * refused: dasim_module is no description, expected one made with DASIM_ALGORITHM(...)
 */
#include <dasim.h>

__attribute__((visibility("default"))) void dasim_module(void);
void dasim_module(void)
{
}
