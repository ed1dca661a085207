/*
 * Happened-before, from records alone: which events of interest lie in the causal past of a node.
 *
 * Vector clocks (C. Fidge, 1988; F. Mattern, 1989) that count only events of interest, marked by
 * the caller: a node's clock changes when it marks an event and when a message brings news, not at
 * each message. Clocks are shared until they change, so that a message costs a reference. A lost
 * message brings nothing. What a node knew is ordered before what it does after a crash.
 */
#ifndef DASIM_CHECK_CAUSALITY_H
#define DASIM_CHECK_CAUSALITY_H

#include "kernel/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAUSALITY_NODES_MOST = 4096 };

typedef struct causality causality;

/* nodes: 1 .. CAUSALITY_NODES_MOST. memory: bytes at most, about. */
causality *causality_new(uint32_t nodes, size_t memory);
void causality_free(causality *c);

/* To be shown every SEND, RECEIVE and LOST; other records are ignored. */
void causality_record(causality *c, const record *r);

/* An event of interest at `node`; its number among those of the node, from 1. */
uint32_t causality_mark(causality *c, uint32_t node);

/* The clock of a node as it is now, to be kept; give it back by causality_drop. */
uint32_t causality_keep(causality *c, uint32_t node);
void causality_drop(causality *c, uint32_t clock);

/* How many of the marked events of `node` had happened before the clock was kept (those at the
 * clock's own node up to then included). */
uint32_t causality_knows(const causality *c, uint32_t clock, uint32_t node);

/* More memory was needed than allowed: from then on nothing is followed any more. */
bool causality_is_full(const causality *c);

#endif
