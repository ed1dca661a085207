/*
 * Processes: sequential clients, several on a node if need be. A process is a function from the
 * answer to its last operation to its next operation; whoever has that function (a script) is asked
 * for it through `resume`. Operations that block are answered when the simulated world has answered
 * them; the process stands still until then.
 *
 * Locks: a component has one client per node and resource, so processes of a node that want the
 * same one queue here, and the first asks for all of them. A request that timed out stays with the
 * component; who wants the resource next takes it over, and a grant that nobody waits for any more
 * is released at once.
 *
 * System calls go to a channel component under the number that the process has on its node: those
 * of the scenario in their order, then places for children. A child has a place from its fork until
 * its end was waited for (or its parent is over). The components that have heard of a process are
 * told when it is over.
 *
 * Times are true time. A crash of its node ends a process; one with `on_recover` starts anew when
 * the node recovers. While its node is paused, a process waits. All is remembered in the driver's
 * state, but where each process stands: whoever resumes them has to remember that.
 *
 * One kind of load: drive/load.h.
 */
#ifndef DASIM_DRIVE_PROCESS_H
#define DASIM_DRIVE_PROCESS_H

#include "drive/load.h"

struct dasim_call;

/* A call that is given up after its time-out is asked for again with this flag: the component
 * answers at once, with what was done so far or -ETIMEDOUT. Without such a call under way (the
 * answer is on its way) it does nothing. */
#define PROCESS_GIVE_UP (UINT32_C(1) << 31)

enum { PROCESS_TEXT_MOST = ARGUMENT_MOST - 64 };

typedef enum operation_kind {
    OPERATION_SLEEP,  /* for `time` */
    OPERATION_LOCK,   /* resource `object`; the answer is its fencing token, 0: there is none */
    OPERATION_READ,   /* `object`; the answer is its value */
    OPERATION_WRITE,  /* `value` into `object` */
    OPERATION_ELECT,  /* the leader is suspected; the answer is the next one that is named */
    OPERATION_CALL,   /* `call` of the channel component `object`; the answer comes by answered() */
    OPERATION_FORK,   /* a child begins; the answer is its number. What a component refused: -errno,
                       * no place: NOBODY */
    OPERATION_AWAIT,  /* child `value`, NOBODY: any, is over; the answer is its number and, from bit
                       * 32 on, its status. It has no such child: NOBODY */
    OPERATION_UNLOCK, /* resource `object`. From here on: answered at once. The answer is 1; 0 where
                       * the process does not hold it: its lease was over */
    OPERATION_LEADER, /* the answer is who was named last on this node; NOBODY */
    OPERATION_RANDOM, /* the answer is one of 0 .. value-1, drawn for this process */
    OPERATION_NOTE,   /* leaves a RECORD_NOTE of `text` */
    OPERATION_END,    /* the process is over; `value` is its status */
    OPERATION_FAIL    /* ... and so is the run */
} operation_kind;

typedef struct operation {
    operation_kind kind;
    uint32_t object;
    uint64_t value;
    uint32_t call;      /* CALL: DASIM_INPUT, ... */
    uint32_t flags;     /* CALL */
    int32_t descriptor; /* CALL; -1: none */
    int64_t timeout;   /* LOCK, ELECT, CALL: ns; -1: none. 0: what is not granted at this instant */
    distribution time; /* SLEEP: ns, drawn for this process */
    const char *text;  /* NOTE, CALL: valid until the next resume */
    size_t size;       /* CALL: PROCESS_TEXT_MOST at most */
} operation;

typedef enum answer_kind { ANSWER_START, ANSWER_DONE, ANSWER_TIMED_OUT } answer_kind;

typedef struct answer {
    answer_kind kind;
    bool at_once; /* no time has passed, nothing else has happened */
    uint64_t value;
} answer;

typedef struct process_config {
    uint32_t node;
    bool on_recover;
} process_config;

typedef struct processes_config {
    const process_config *processes; /* borrowed, like `context` */
    uint32_t count;
    /* ANSWER_START: the process begins. May look at the world; acts by what it puts into *next. */
    void (*resume)(void *context, world *w, uint32_t process, const answer *last, operation *next);
    /* Its node has crashed: as it stands the process is never resumed. */
    void (*dead)(void *context, uint32_t process);
    void *context;
    uint32_t children; /* places for them, numbered from `count` on */
    /* The answer to its CALL, text behind it: to be kept until the next resume. */
    void (*answered)(void *context, uint32_t process, const struct dasim_call *answer);
    /* Number `child` is now the process that the FORK of `parent` asked for; it begins later. */
    void (*forked)(void *context, uint32_t parent, uint32_t child);
} processes_config;

typedef struct processes processes;

/* Registers itself as a driver. Processes begin when their node has booted for the first time. */
processes *processes_new(world *w, const processes_config *config);
void processes_free(processes *p); /* NULL is allowed */

/* As a run sees them. Drained, a process that holds nothing stands still where it would ask for
 * something. Idle: no process on a live node waits for an answer or holds a lock, nor has a node a
 * request for one that its processes have given up. */
client_load *processes_load(processes *p);

typedef struct process_wait {
    operation_kind kind;
    uint32_t object;
    uint32_t holder; /* LOCK: a process that holds the resource; NOBODY: none does */
    int64_t since;
} process_wait;

/* What the process waits for; false where it does not wait for an answer. Once a drained process
 * stands still, whether a CALL or an AWAIT is in vain cannot be told: they are not reported. */
bool process_waits(const processes *p, const world *w, uint32_t process, process_wait *out);

#endif
