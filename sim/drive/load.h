/*
 * A load: the clients of a scenario, whatever they do, as the run sees them. A kind of client
 * begins its own structure with this one, fills in its functions, and is a driver (kernel/world.h).
 *
 * A load stops the world (world_stop) when it becomes complete, and once drained, when it becomes
 * idle.
 */
#ifndef DASIM_DRIVE_LOAD_H
#define DASIM_DRIVE_LOAD_H

#include "kernel/world.h"

#include <stdbool.h>

typedef struct client_load client_load;

/* Which resource, or object, a client asks for next. */
typedef enum load_pick {
    PICK_ROUND_ROBIN, /* as many as it has had so far mod all, shifted by the node's id */
    PICK_RANDOM,      /* uniform */
    PICK_FIXED        /* always the same one */
} load_pick;

/* What a client read: the outcome of a program. */
typedef struct reading {
    uint32_t node, object;
    uint64_t value;
    bool done; /* or the access is still under way, or was never begun */
} reading;

struct client_load {
    /* From now on no client asks for anything new; what it holds it gives back in time. */
    void (*drain)(client_load *self, world *w);
    /* All clients on live nodes have done all that they were to do; never, if that has no end. */
    bool (*is_complete)(const client_load *self, const world *w);
    /* No client on a live node waits for anything, or holds anything. */
    bool (*is_idle)(const client_load *self, const world *w);
    /* What was read, number i = 0, 1, ...: false where there are fewer. NULL: such a thing has no
     * outcome that anybody would want to see. */
    bool (*outcome)(const client_load *self, const world *w, uint32_t i, reading *out);
    void (*free)(client_load *self);
};

/* What a scenario says of its load. */
typedef struct load_plan {
    client_load *(*make)(world *w, const void *config); /* NULL: the scenario has none */
    const void *config;                                 /* lives as long as the scenario */
    bool ends;                                          /* by itself: needs no duration */
    dasim_service service;                              /* what the clients use */
    bool (*has_client)(const void *config, uint32_t node);
} load_plan;

/* Is `node` in the list, ascending? NULL: all are. */
bool load_has_client(const uint32_t *clients, uint32_t count, uint32_t node);

#endif
