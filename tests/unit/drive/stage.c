/* The world for tests is the kernel's. */
#include "../kernel/stage.c"
