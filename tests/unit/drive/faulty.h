/* A world in which faults happen. */
#ifndef DASIM_TESTS_DRIVE_FAULTY_H
#define DASIM_TESTS_DRIVE_FAULTY_H

#include "cast.h"

extern uint32_t names_asked; /* calls of faults_config.type_name */
extern uint32_t calls;       /* of faults_config.call, the last with function `called` */
extern uint32_t called;
extern bool call_acts; /* it crashes node 2 */
extern faults *its;    /* of the latest stage */

/* Everybody sends a NUMBER to the next node every 10 ms, by the timer "first"; ACQUIRE lets a node
 * send to all; value[0] and value[1] of the state tell who plays the role "leader" 0 and 1. */
world_config ticking(uint32_t nodes);
world *stage(const world_config *c, const fault *list, uint32_t count);
world *stage_rules(const world_config *c, const fault *list, uint32_t count,
                   const message_rule *rules, uint32_t rule_count);
void leave(world *w);

target node(uint32_t number);
target some(target_kind kind);
action to(action_kind kind, target who);
action lasting(action_kind kind, target who, int64_t lasts);
fault once(int64_t when, action what);
fault when(event_pattern event, action what);
fault every(distribution period, action what);
/* From and to anybody. */
event_pattern on(record_kind kind, const char *type, uint64_t nth, uint64_t times);

int64_t first_time(record_kind kind, uint32_t where); /* ns; -1: never */

#endif
