/*
 * What the flags of calls to a memory within a machine mean: as algorithms/channel/shared_memory.c
 * has them, for those who ask and those who watch. A test compares the two.
 */
#ifndef DASIM_OBSERVE_MEMORY_CALLS_H
#define DASIM_OBSERVE_MEMORY_CALLS_H

enum { /* DASIM_ATTACH: what, and how */
       MEMORY_SEGMENT = 0,
       MEMORY_FILE = 1,
       MEMORY_SEMAPHORE = 2,
       MEMORY_MUTEX = 3,
       MEMORY_KIND = 15, /* mask */
       MEMORY_READS = 16,
       MEMORY_WRITES = 32,
       MEMORY_OTHERS_READ = 64,
       MEMORY_OTHERS_WRITE = 128,
       MEMORY_CREATE = 256,
       MEMORY_EXCLUSIVE = 512,
       MEMORY_ROBUST = 1024,
       MEMORY_ATOMIC = 2048
};
enum { MEMORY_SHARED = 1, MEMORY_TRY = 2 }; /* DASIM_WAIT */
enum { MEMORY_ALL = 1 };                    /* DASIM_POST */

/* The text of a DASIM_LOAD or DASIM_STORE, and of its answer: the line of the scenario that asked,
 * as a uint32_t. */

#endif
