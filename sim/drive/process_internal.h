/* Processes from inside: what process.c and process_locks.c share. */
#ifndef DASIM_DRIVE_PROCESS_INTERNAL_H
#define DASIM_DRIVE_PROCESS_INTERNAL_H

#include "drive/process.h"

#include <dasim.h>
#include <glib.h>

typedef enum task_phase {
    PHASE_NEW, /* its node has not booted yet */
    PHASE_STARTING,
    PHASE_RUNNING,
    PHASE_SLEEPING,
    PHASE_WAITING, /* for an answer */
    PHASE_READY,   /* the answer is there, its alarm will come */
    PHASE_PARKED,
    PHASE_OVER,
    PHASE_DEAD
} task_phase;

/* A process, as the driver's state has it. */
typedef struct task {
    uint64_t draws;
    uint64_t value; /* READY: the answer */
    int64_t since;  /* WAITING */
    uint32_t turn;  /* number of the operation that blocks */
    uint32_t object;
    uint32_t previous, next; /* in the queue for a resource: process + 1; 0: none */
    uint32_t holds;          /* how many locks */
    uint16_t phase, kind;    /* kind: of the operation that blocks */
    uint32_t call;           /* CALL; FORK: the child + 1 */
    uint32_t known;          /* bit per channel component that has heard of the process */
    uint32_t has_forked;
    uint32_t node, parent; /* of a child; parent: process + 1; 0: none, or it is over */
    uint32_t status;       /* of a child that is over */
} task;

/* A resource, as the processes of one node see it. */
typedef struct seat {
    uint32_t holder, first, last; /* process + 1; 0: none */
    uint32_t asked;               /* the component has a request of this node */
} seat;

/* The driver's state: flat, no pointers. Behind the tasks: who leads, by place (node + 1; 0: not
 * known), and the seats by place and resource. */
typedef struct process_state {
    uint32_t unfinished; /* on live nodes */
    uint32_t busy;       /* on live nodes: wait, are ready, or hold a lock */
    uint32_t asked;      /* requests for locks that were not granted yet, also those given up */
    uint32_t draining;
    uint32_t parked, reserved; /* processes that stand still */
    task tasks[];              /* of the scenario, then children */
} process_state;

struct processes {
    client_load as_load; /* first */
    processes_config config;
    uint32_t number, resources;
    uint32_t tasks;                   /* with the children's */
    uint32_t channels;                /* bit per component */
    GByteArray *asked;                /* a call on its way to its component */
    uint32_t mutex, memory, election; /* components; STACK_MOST: none */
    uint32_t places;                  /* nodes that have processes */
    uint32_t *place_of;               /* by node; NOBODY: has none */
    uint32_t *first;                  /* by place, and one more: where its processes begin in ... */
    uint32_t *order;                  /* processes by place, each place's in their order */
    uint32_t *rank;                   /* by process: the how manieth of its node */
};

process_state *process_state_of(const processes *p, const world *w);
uint32_t process_node(const processes *p, const process_state *s, uint32_t number);
/* Its number on its node. */
uint32_t process_rank(const processes *p, const process_state *s, uint32_t number);
/* Neither new nor over nor dead. */
bool process_is_alive(const task *t);
/* Comes `after` ns from now, unless the process has gone on before. */
void process_wake(const processes *p, world *w, uint32_t number, int64_t after);
/* Bytes of the seats: 0 where there is no lock. */
size_t process_seats_size(const processes *p);

/* Every change of a task's phase and of what it holds goes through here: others are counted. */
void process_change(process_state *s, task *t, task_phase phase, uint32_t holds);
/* The run may be over: let whoever runs the world look. */
void process_look(const process_state *s, world *w);
/* The answer to the operation that blocks. */
void process_answer(const processes *p, world *w, uint32_t number, uint64_t value);

/* ------------------------------------------------------------------------- process_calls.c */

void process_call(const processes *p, world *w, uint32_t number, const operation *o);
/* Its time is over. */
void process_give_up(const processes *p, world *w, uint32_t number);
/* A channel component has answered. */
void process_called(const processes *p, world *w, uint32_t node, uint32_t component, uint32_t op,
                    const dasim_call *answer, size_t size);
void process_fork(const processes *p, world *w, uint32_t number);
void process_await(const processes *p, world *w, uint32_t number, uint32_t child);
/* The AWAIT of the process is answered, and it goes on: the child's place is free. */
void process_bury(const processes *p, world *w, uint32_t number);
/* The process has reached its end. */
void process_end(const processes *p, world *w, uint32_t number, uint32_t status);
/* The node is down: its children are gone. */
void process_forget_children(const processes *p, world *w, uint32_t node);

/* ------------------------------------------------------------------------- process_locks.c */

/* From now on the process is not the only one of its node. */
void process_tell_held(const processes *p, world *w, uint32_t number);

void process_lock(const processes *p, world *w, uint32_t number, uint32_t resource);
/* It waits no longer. */
void process_withdraw(const processes *p, world *w, uint32_t number, uint32_t resource);
bool process_unlock(const processes *p, world *w, uint32_t number, uint32_t resource);
void process_granted(const processes *p, world *w, uint32_t node, const dasim_lock *lock);
void process_lost(const processes *p, world *w, uint32_t node, const dasim_lock *lock);
/* All that the node's processes held and wanted. */
void process_forget_locks(const processes *p, world *w, uint32_t node);
/* The first process that holds the resource, by place; NOBODY. */
uint32_t process_holder(const processes *p, const world *w, uint32_t resource);

#endif
