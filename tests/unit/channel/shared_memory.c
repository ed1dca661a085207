/* The module, as part of this program: without loading it. Its numbers of errors are Linux'. */
#define dasim_module shared_memory_module
#include "../../../algorithms/channel/shared_memory.c"

#ifdef __linux__
#include <errno.h>

#define IS_LINUX(name) _Static_assert(E_##name == E##name, #name)
IS_LINUX(PERM);
IS_LINUX(NOENT);
IS_LINUX(BADF);
IS_LINUX(AGAIN);
IS_LINUX(NOMEM);
IS_LINUX(ACCES);
IS_LINUX(FAULT);
IS_LINUX(EXIST);
IS_LINUX(INVAL);
IS_LINUX(MFILE);
IS_LINUX(NOSPC);
IS_LINUX(DEADLK);
IS_LINUX(NAMETOOLONG);
IS_LINUX(NOSYS);
IS_LINUX(TIMEDOUT);
IS_LINUX(OWNERDEAD);
IS_LINUX(NOTRECOVERABLE);
#endif
