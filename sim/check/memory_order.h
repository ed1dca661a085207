/*
 * Is there one order of these accesses in which each read returns what was written last? What is
 * common to the models of memory; memory_history.c says which accesses, and what is in order.
 *
 * Accesses are steps of chains; a chain is passed in order. What else must precede a step is a row
 * of numbers: so many steps of each chain. First all that follows of necessity is added to these
 * rows (memory_order_derive); a cycle in them is a contradiction. Then an order is searched for.
 *
 * Where each read has only one write that it can be of, and all steps are of one object, what is
 * derived is all there is to it, and no choice of the search is ever taken back. In general the
 * question is NP-complete (P. Gibbons, E. Korach, "Testing Shared Memories", SIAM J. Comput. 26(4),
 * 1997; J. Cantin, M. Lipasti, J. Smith, "The Complexity of Verifying Memory Coherence and
 * Consistency", IEEE TPDS 16(7), 2005).
 *
 * Private to sim/check.
 */
#ifndef DASIM_CHECK_MEMORY_ORDER_H
#define DASIM_CHECK_MEMORY_ORDER_H

#include "check/memory_history.h"

/* A write that the search may leave out lies in a chain of its own. */
typedef struct step {
    const memory_access *access;
    uint32_t chain, place; /* in the chain, from 0 */
    uint32_t object;       /* numbered in the order of their ids */
    uint32_t value;        /* number of the pair (object, value) */
    bool is_write, is_optional;
} step;

/* Of a pair (object, value): how often, and by whom it is written and read. */
typedef struct stored_value {
    uint32_t id;     /* of the object */
    uint32_t object; /* its number, as in steps */
    uint64_t value;
    bool is_initial;
    uint32_t writes, reads; /* steps; the optional ones included */
    uint32_t writer;        /* the only step that writes it; NO_STEP: none or several */
} stored_value;

#define NO_STEP UINT32_MAX

typedef struct memory_precedence {
    const memory_access *access;
    const memory_access *shown_by; /* a read that returned what the next one wrote, although this
                                    * one wrote to the object before that read; NULL: none needed */
} memory_precedence;

typedef struct memory_order {
    uint32_t step_count, chain_count, object_count, value_count;
    step *steps;           /* by chain, then place */
    uint32_t *first;       /* chain_count + 1: of each chain */
    uint32_t *direct;      /* [step][chain]: as given or derived */
    uint32_t *before;      /* [step][chain]: and what follows from that */
    stored_value *values;  /* by object, then value */
    uint32_t *initial;     /* of each object */
    GArray *contradiction; /* memory_precedence: each must precede the next, and the last the first;
                            * or a single read of what nobody wrote. Empty: none found */
    bool is_too_large;     /* nothing else is there then */
} memory_order;

typedef enum memory_answer {
    MEMORY_EXPLAINED,
    MEMORY_CONTRADICTORY,
    MEMORY_UNKNOWN /* the effort was spent, or there are too many of them */
} memory_answer;

/* `accesses` in the order of asking. Reads that are done after `until` are left out. What was done
 * more than `slack` records before another access was asked for precedes it: 0 for real time,
 * MEMORY_NEVER for no such demand. */
memory_order *memory_order_new(const memory_access *const *accesses, uint32_t count, uint64_t until,
                               uint64_t slack);
void memory_order_free(memory_order *o);

static inline uint32_t *memory_row(const memory_order *o, uint32_t *rows, uint32_t number)
{
    return rows + (size_t)number * o->chain_count;
}

/* Adds what must be in order; false, and `contradiction`, where that cannot be. Takes from *effort
 * what it takes; where nothing is left, less is derived. */
bool memory_order_derive(memory_order *o, uint64_t *effort);

/* After memory_order_derive. The steps in the order found are appended to `witness` (uint32_t),
 * unless that is NULL. */
memory_answer memory_order_search(const memory_order *o, uint64_t *effort, GArray *witness);

#endif
