/* A real lock, as part of this program: without loading a module. */
#define dasim_module coordinator_module
#include "../../../algorithms/mutex/coordinator.c"
