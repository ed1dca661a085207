#define dasim_module ricart_agrawala_module
#include "../../../algorithms/mutex/ricart_agrawala.c"
