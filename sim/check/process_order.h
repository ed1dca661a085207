/*
 * Happened-before among the processes of one machine: vector clocks (C. Fidge, 1988; F. Mattern,
 * 1989), one a process, one for each thing that processes synchronise by. To release adds what the
 * process knows to what the thing knows; to acquire is the opposite. (L. Lamport, "Time, clocks,
 * and the ordering of events", CACM 21(7), 1978.)
 *
 * A moment is a place in a process's life (an epoch of FastTrack: C. Flanagan, S. Freund, PLDI
 * 2009): whether another process knows of it is one comparison.
 */
#ifndef DASIM_CHECK_PROCESS_ORDER_H
#define DASIM_CHECK_PROCESS_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct process_order process_order;

typedef struct moment {
    uint32_t process, count;
} moment;

/* memory: bytes that all its clocks may take. */
process_order *process_order_new(size_t memory);
void process_order_free(process_order *o);

/* Another process, that knows what `thing` knows (NOTHING: nothing); numbers from 0 on. */
#define ORDER_NOTHING UINT32_MAX
uint32_t process_order_begin(process_order *o, uint32_t thing);
/* ... what its parent knows. */
uint32_t process_order_fork(process_order *o, uint32_t parent);
/* It knows what the child knows, who is over. */
void process_order_join(process_order *o, uint32_t process, uint32_t child);

/* Another thing to synchronise by; numbers from 0 on. */
uint32_t process_order_thing(process_order *o);
void process_order_release(process_order *o, uint32_t process, uint32_t thing);
void process_order_acquire(process_order *o, uint32_t process, uint32_t thing);

/* Now, in the process's life. */
moment process_order_now(const process_order *o, uint32_t process);
/* Did it happen before what the process does next? Those of the process itself did. */
bool process_order_knows(const process_order *o, uint32_t process, moment m);

/* More memory was needed than allowed: what is said from then on means nothing. */
bool process_order_is_full(const process_order *o);

#endif
