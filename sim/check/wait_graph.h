/*
 * Who waits for whom, from records. Private to sim/check.
 *
 * A client is a node or, where several processes share one, each of them (RECORD_CLIENT). It waits
 * from ACQUIRE to GRANTED, and holds from there to RELEASE, to the loss of its lease or to its
 * crash. A grant that it did not ask for it does not hold: it would never give it back. It waits
 * for all who hold what it asks for (several, where mutual exclusion is violated), not for those
 * who stand before it in a queue.
 */
#ifndef DASIM_CHECK_WAIT_GRAPH_H
#define DASIM_CHECK_WAIT_GRAPH_H

#include "check/property.h"

typedef struct wait_graph wait_graph;

typedef struct wait_edge {
    uint32_t client, resource; /* `client` waits for `resource`, which the next one holds */
} wait_edge;

wait_graph *wait_graph_new(const world *w); /* of the component whose clients are judged */
void wait_graph_free(wait_graph *g);        /* NULL is allowed */
void wait_graph_record(wait_graph *g, const world *w, const record *r);

/* The first cycle that was ever closed: when, by which record, and a sentence that names it. Holds
 * where there was none. Good until the next record. */
const finding *wait_graph_first_cycle(wait_graph *g);

/* Clients are numbered: the nodes, then the processes. Those that share a node are clients instead
 * of it. */
uint32_t wait_graph_clients(const wait_graph *g);
uint32_t wait_graph_node(const wait_graph *g, uint32_t client);
bool wait_graph_waits(const wait_graph *g, uint32_t client);

/* Along the edges from a client: one that waits for nobody; NOBODY: they go round in a circle. */
uint32_t wait_graph_end(const wait_graph *g, uint32_t client);

/* A shortest cycle through a client, nearest first: edges in the order of waiting, the client's own
 * being first. NULL: there is none now. Free it with g_array_free. */
GArray *wait_graph_cycle(wait_graph *g, uint32_t client);

/* Is a client of the node in a cycle? */
bool wait_graph_in_cycle(wait_graph *g, uint32_t node);

/* "at ... s node 1 holds resource 0 and waits for ...", from the lowest client on. */
char *wait_graph_sentence(const wait_graph *g, const GArray *cycle, int64_t at);

#endif
