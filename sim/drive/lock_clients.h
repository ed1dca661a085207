/*
 * Lock clients: on each client node, think -> acquire -> hold -> release -> think, as often as
 * told. With `together`, a client acquires so many resources one after the other, each when it has
 * been granted the one before, and gives all back at one instant, in the order of taking: it holds
 * and waits. Times are true time: the clients are the environment, not part of what is tested.
 *
 * A crash ends what the client was doing; it starts anew, thinking, when the node recovers, with
 * the entries it had completed counted. A client that loses a lock (its lease is over) gives back
 * the others, as soon as it waits for none, and tries once more. Without time to think it asks
 * again in the instant of its release. A grant that the client does not wait for (a second one, one
 * for another resource) is ignored.
 *
 * One kind of load: drive/load.h.
 */
#ifndef DASIM_DRIVE_LOCK_CLIENTS_H
#define DASIM_DRIVE_LOCK_CLIENTS_H

#include "drive/load.h"

#include <stdbool.h>

enum { TOGETHER_MOST = 64 };

typedef struct lock_clients_config {
    const uint32_t *clients; /* ids, ascending; NULL: all nodes */
    uint32_t client_count;
    distribution think; /* from boot or release to the next request */
    distribution hold;  /* from grant to release */
    distribution start; /* before the first think of a node's first life; FIXED 0 for none */
    uint64_t entries;   /* per client; 0: as many as the duration allows */
    /* One request at a time in the whole system, requester uniform over the clients (where that
     * one's node is down, the next higher live one): after `think`, the next. `entries` then is
     * the total. */
    bool isolated;
    load_pick pick;
    uint32_t resource;
    /* Resources that a client takes for one entry, all different: the one picked and those that
     * follow it, around the end; at random where `pick` is. 1 .. TOGETHER_MOST and not more than
     * there are; 0 is read as 1. */
    uint32_t together;
    bool ordered; /* they are taken in ascending order; otherwise in the order of picking */
} lock_clients_config;

typedef struct lock_clients lock_clients;

/* Registers itself as a driver. `config` is copied, its pointers borrowed. */
lock_clients *lock_clients_new(world *w, const lock_clients_config *config);
/* The same as a load_plan has it: `config` is a lock_clients_config. */
client_load *lock_clients_make(world *w, const void *config);
bool lock_clients_has_client(const void *config, uint32_t node);
void lock_clients_free(lock_clients *load);

/* From now on no client asks for anything new; held locks are released in time. */
void lock_clients_drain(lock_clients *load, world *w);

/* All clients on live nodes have done all their entries (never, where `entries` is 0). */
bool lock_clients_is_complete(const lock_clients *load, const world *w);

/* No client on a live node waits or holds. */
bool lock_clients_is_idle(const lock_clients *load, const world *w);

#endif
