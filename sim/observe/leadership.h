/*
 * Who names whom as the leader: the history of an election as its clients saw it, from records.
 *
 * A node names whom its last LEADER named. Booting and crashing make it name nobody. Where several
 * components of the stack provide an election, that of the clients counts.
 */
#ifndef DASIM_OBSERVE_LEADERSHIP_H
#define DASIM_OBSERVE_LEADERSHIP_H

#include "kernel/world.h"

#include <stdbool.h>

typedef enum leader_step {
    LEADER_OTHER, /* not about the election */
    LEADER_NAMED, /* r->node names *leader */
    LEADER_BOOT,  /* r->node lives, and names nobody yet */
    LEADER_CRASH  /* r->node is down */
} leader_step;

typedef struct leadership leadership;

/* NULL where nothing in the stack provides an election. */
leadership *leadership_new(const world *w);
void leadership_free(leadership *l); /* NULL is allowed */

/* Takes the record in; *named is set with LEADER_NAMED. A leader that is no node is ignored. */
leader_step leadership_record(leadership *l, const record *r, dasim_leader *named);

uint32_t leadership_of(const leadership *l, uint32_t node); /* whom it names; NOBODY */
bool leadership_lives(const leadership *l, uint32_t node);
uint32_t leadership_highest(const leadership *l); /* the highest live node; NOBODY */
/* The live node that all live nodes name; NOBODY where there is none. */
uint32_t leadership_agreed(const leadership *l);

#endif
