/*
 * Memory clients: on each client node, think -> read or write one object -> think, as often as
 * told, one access at a time, all with the tag 0. Every value that is written is written once: node
 * 3's fifth is 4000000005.
 *
 * A crash ends the access that was under way; the client starts anew, thinking, when the node
 * recovers, with the accesses it had completed counted. One kind of load: drive/load.h.
 */
#ifndef DASIM_DRIVE_MEMORY_CLIENTS_H
#define DASIM_DRIVE_MEMORY_CLIENTS_H

#include "drive/load.h"

typedef struct memory_config {
    const uint32_t *clients; /* ids, ascending; NULL: all nodes */
    uint32_t client_count;
    distribution think; /* from boot, or the end of an access, to the next access */
    distribution start; /* before the first think of a node's first life; FIXED 0 for none */
    uint64_t accesses;  /* per client; 0: as many as the duration allows */
    uint64_t writes;    /* probability that an access writes, out of 2^64 */
    load_pick pick;
    uint32_t object; /* PICK_FIXED */
} memory_config;

/* Registers itself as a driver. `config`, a memory_config, is copied, its pointers are borrowed. */
client_load *memory_clients_make(world *w, const void *config);
bool memory_clients_has_client(const void *config, uint32_t node);

#endif
