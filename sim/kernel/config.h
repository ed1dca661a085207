/*
 * What a world is made of: plain data, filled before world_new() and unchanged afterwards.
 *
 * Probabilities are parts per 2^64 (probability_of_ppb()), rates of clocks are ppb, times are ns.
 * All pointers are borrowed and must outlive the world.
 */
#ifndef DASIM_KERNEL_CONFIG_H
#define DASIM_KERNEL_CONFIG_H

#include "base/sample.h"

#include <dasim.h>

/* ---------------------------------------------------------------------------------- links */

/* How a directed link treats messages. A link without limits, delays and faults is all zero. */
typedef struct link_quality {
    distribution delay;        /* drawn for each message; the base delay if nothing else is given */
    distribution base;         /* drawn once per pair of nodes and added to each delay of the pair;
                             * kind FIXED with a = 0 for none */
    bool base_symmetric;       /* the pair has one base for both directions */
    bool use_matrix;           /* add matrix[place of source][place of destination] */
    uint64_t loss;             /* probability, independent for each message */
    uint64_t burst_enter;      /* Gilbert-Elliott: good -> bad, per message; 0: no bursts */
    uint64_t burst_leave;      /* bad -> good, per message */
    uint64_t burst_loss;       /* probability of loss in the bad state (in the good one: `loss`) */
    uint64_t duplicate;        /* probability that a second copy is delivered, with its own delay */
    uint64_t reorder;          /* probability that a message is held back for ... */
    distribution reorder_by;   /* ... this long, so that later ones overtake it */
    uint64_t corrupt;          /* probability that a bit of the body is flipped */
    bool fifo;                 /* deliver in the order of sending */
    uint64_t bytes_per_second; /* 0: unlimited */
    uint64_t queue_bytes;      /* waiting for the wire at most; more are lost. 0: unlimited */
    uint32_t header_bytes;     /* added to each body for bandwidth */
} link_quality;

/* Parts of a link_quality, for changes of some of them. */
enum {
    QUALITY_DELAY = 1,      /* delay */
    QUALITY_LOSS = 2,       /* loss */
    QUALITY_DUPLICATE = 4,  /* duplicate */
    QUALITY_REORDER = 8,    /* reorder, reorder_by */
    QUALITY_CORRUPT = 16,   /* corrupt */
    QUALITY_BURST = 32,     /* burst_... */
    QUALITY_BANDWIDTH = 64, /* bytes_per_second, queue_bytes, header_bytes */
    QUALITY_FIFO = 128      /* fifo */
};

/* `quality` for the links from -> to; NOBODY for any. Later rules win over earlier ones. */
typedef struct link_rule {
    uint32_t from, to;
    link_quality quality;
} link_rule;

/* One-way delays between places: delay[from * places + to], ns. */
typedef struct delay_matrix {
    uint32_t places;
    int64_t delay[];
} delay_matrix;

typedef enum topology_kind {
    TOPOLOGY_FULL,
    TOPOLOGY_RING, /* i <-> i+1 mod n */
    TOPOLOGY_LINE,
    TOPOLOGY_STAR, /* 0 <-> all */
    TOPOLOGY_TREE, /* i <-> its parent (i-1) / a */
    TOPOLOGY_GRID, /* rows of width a, four neighbours */
    TOPOLOGY_TORUS,
    TOPOLOGY_RANDOM, /* connected: a random tree, then each other pair with probability p */
    TOPOLOGY_EDGES,  /* edges, both directions each */
    TOPOLOGY_KINDS
} topology_kind;

typedef struct topology {
    topology_kind kind;
    uint32_t a;
    uint64_t probability;
    const uint32_t (*edges)[2];
    uint32_t edge_count;
} topology;

typedef struct network_config {
    link_quality usual;
    const link_rule *rules;
    uint32_t rule_count;
    const delay_matrix *matrix; /* NULL: none */
    const uint32_t *places;     /* per node; NULL: node mod places */
    topology shape;
} network_config;

/* ---------------------------------------------------------------------------------- clocks */

typedef struct clock_config {
    distribution offset;     /* ns, drawn per node at the start */
    distribution drift;      /* ppb, drawn per node; clamped to +-500,000,000 */
    int64_t wander_every;    /* ns of true time; 0: the drift stays */
    distribution wander;     /* ppb added to the drift each time */
    int64_t sync_every;      /* ns; NTP-like discipline; 0: none */
    distribution sync_error; /* ns: error of the measured offset */
    int64_t sync_step; /* ns: a larger offset is stepped, a smaller one slewed; 0: never step */
    int64_t sync_slew; /* ppb: the most that slewing changes the rate; 0: 500,000 */
} clock_config;

/* ------------------------------------------------------------------------------------ world */

/* One layer of the stack that every node runs. */
typedef struct component_config {
    const dasim_algorithm *algorithm;
    const int64_t *params; /* one per declared parameter */
    uint32_t given;        /* bit per service of its may_use that it is to use */
    bool offered; /* to clients, although another component uses it, too; only where clients and
                   * that component do not take each other's answers for their own */
} component_config;

enum { STACK_MOST = 8, DRIVERS_MOST = 8, OBSERVERS_MOST = 64, ARGUMENT_MOST = 1048576 };

typedef struct world_config {
    uint32_t nodes;     /* 1 .. 2^30 */
    uint32_t resources; /* 1 or more */
    uint64_t seed;
    component_config stack[STACK_MOST]; /* bottom first */
    uint32_t stack_size;
    network_config network;
    clock_config clocks;
    distribution service_time; /* ns that a handler keeps its node busy; FIXED 0: none */
    bool shuffle_ties; /* events at equal times in seeded random order instead of schedule order */
    const uint32_t *late; /* ids of nodes that are down until world_recover() boots them */
    uint32_t late_count;
} world_config;

/* Parts per 2^64 of a ratio given in ppb (0 .. 10^9); 10^9 gives 2^64 - 1. Draws below it hit. */
uint64_t probability_of_ppb(int64_t ppb);

#endif
