/* Locks for the tests of what acts on a world. */
#ifndef DASIM_TESTS_DRIVE_CAST_H
#define DASIM_TESTS_DRIVE_CAST_H

#include "../kernel/stage.h"

#include "drive/fault.h"
#include "drive/lock_clients.h"

extern const dasim_algorithm coordinator_module, ricart_agrawala_module;

/* part[0] becomes a lock that grants everybody at once, as often as `grants` says (1). */
extern uint32_t grants;
void use_easy_lock(void);
/* ... becomes the algorithm `real`. */
void use_real_lock(const dasim_algorithm *real);

/* Records of kind `kind` and type `type` at node `node` (NOBODY: any). */
size_t count_of(record_kind kind, uint32_t node, uint32_t type);
/* Time of the nth (0: first) of them, in ns; -1: there are fewer. */
int64_t time_of(record_kind kind, uint32_t node, uint32_t type, size_t nth);
int64_t longest_wait(void);  /* ns from ACQUIRE to GRANTED, in the second half of the run */
int64_t shortest_wait(void); /* ... */

#endif
