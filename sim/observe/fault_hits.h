/*
 * Which faults a run has really suffered, and what the node was doing that each of them hit: counts
 * by kind and state. A search that never hits a holder has not looked.
 *
 * States: a role that the node's algorithm declares (leader, coordinator, token_holder), or else of
 * its client: "holding", "waiting", "idle". Of a lost message or one that came twice it is the
 * receiver; of links without an end of their own there is none: "links".
 */
#ifndef DASIM_OBSERVE_FAULT_HITS_H
#define DASIM_OBSERVE_FAULT_HITS_H

#include "kernel/world.h"

#include <glib.h>

typedef struct fault_hits fault_hits;

fault_hits *fault_hits_new(const world *w);
void fault_hits_free(fault_hits *h); /* NULL is allowed */
observer fault_hits_observer(fault_hits *h);

/* {"crash":{"holding":2,"idle":5},"lost":{"idle":3}}: kinds and states sorted; "{}". */
void fault_hits_append_json(const fault_hits *h, GString *text);

#endif
