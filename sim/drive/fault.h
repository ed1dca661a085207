/*
 * Faults as data, and the driver that carries them out.
 *
 * A fault is: when (at a time, repeatedly, at an event, at random), what (crash, cut, ...), to
 * whom (a node, a role, a random one, a partner of the event). All of it can be printed again as
 * a scenario, swept and shrunk.
 */
#ifndef DASIM_DRIVE_FAULT_H
#define DASIM_DRIVE_FAULT_H

#include "kernel/world.h"

#include <stdbool.h>

typedef enum target_kind {
    TARGET_NODE,     /* number */
    TARGET_ANY,      /* every node: where links or clocks are meant */
    TARGET_ROLE,     /* the lowest live node that plays `role` (value `number`) when it happens */
    TARGET_RANDOM,   /* a live node, uniform; to recover one that is down, to resume a paused one;
                      * as second end of links another one than the first */
    TARGET_SENDER,   /* of the message of the event */
    TARGET_RECEIVER, /* of the message of the event */
    TARGET_SELF,     /* the node of the event */
    TARGET_LAST      /* whom the scenario's previous fault hit (recover(last())) */
} target_kind;

typedef struct target {
    target_kind kind;
    uint32_t number;
    const char *role;
} target;

typedef enum action_kind {
    ACTION_CRASH,     /* who; lose_stable; in_broadcast, sends */
    ACTION_RECOVER,   /* who; also lets a late node join */
    ACTION_PAUSE,     /* who */
    ACTION_RESUME,    /* who */
    ACTION_SLOW,      /* who; amount = ns of service time a handler */
    ACTION_CUT,       /* who -> whom, one way; `both` for both ways */
    ACTION_MEND,      /* undoes that */
    ACTION_PARTITION, /* groups */
    ACTION_HEAL,      /* all cuts and partitions */
    ACTION_QUALITY,   /* who -> whom get `quality` */
    ACTION_STEP,      /* who's clock by amount ns */
    ACTION_DRIFT,     /* who's clock to amount ppb */
    ACTION_ELECT,     /* who is told that the leader is suspected, by the clients' election */
    ACTION_CALL,      /* a function of the scenario: `function`, handed to the caller's hook */
    ACTION_KINDS
} action_kind;

typedef struct action {
    action_kind kind;
    target who, whom;
    bool lose_stable; /* not with in_broadcast */
    bool both, in_broadcast;
    uint32_t sends;
    int64_t amount;
    int64_t lasts; /* ns after which the opposite is done (crash/recover, pause/resume,
                             * cut/mend, partition/heal, slow/normal); 0: for good */
    const uint16_t
        *groups; /* one per node; borrowed. NULL: each node in group 0 or 1, drawn anew */
    /* ACTION_QUALITY: fields of `quality` that are set; the others stay as they are. Bits
     * QUALITY_... of kernel/config.h; handed to world_set_quality(). */
    link_quality quality;
    uint32_t quality_mask;
    int function;
} action;

typedef enum trigger_kind {
    TRIGGER_AT,    /* once, at `at` */
    TRIGGER_EVERY, /* at `at`, then every draw of `every`, until `until`, at most `times` */
    TRIGGER_WHEN,  /* at the nth record that matches `event` (times > 1: and the following) */
} trigger_kind;

/* Which records a trigger or a rule is about. */
typedef struct event_pattern {
    record_kind kind; /* of the record: RECORD_RECEIVE, RECORD_SEND, RECORD_INDICATION, ... */
    const char *type; /* name of message / operation / timer; NULL: any */
    target from, to;  /* TARGET_NODE or TARGET_ANY: sender (or node) and receiver */
    uint64_t nth;     /* 1 = first */
    uint64_t times;   /* how many in a row from there; UINT64_MAX: all */
} event_pattern;

typedef struct fault {
    trigger_kind trigger;
    int64_t at, until; /* until: INT64_MAX for no end */
    distribution every;
    bool draw_first; /* TRIGGER_EVERY: the first comes a draw of `every` after `at`, not at `at` */
    uint64_t times;
    event_pattern event;
    action action;
    int line; /* of the scenario, for messages */
} fault;

/* What happens to particular messages on their way: the nth that match are delayed, dropped or
 * duplicated. Deterministic interleavings are made of these. event.kind is RECORD_SEND. */
typedef struct message_rule {
    event_pattern event;
    interception what;
    int line;
} message_rule;

typedef struct faults_config {
    const fault *faults;
    uint32_t fault_count;
    const message_rule *rules;
    uint32_t rule_count;
    /* Carries out ACTION_CALL. */
    void (*call)(void *context, world *w, int function);
    void *context;
    /* Name of a record's type (message, operation, timer), for patterns; borrowed static text. */
    const char *(*type_name)(const world *w, const record *r);
} faults_config;

typedef struct faults faults;

/* Registers itself as a driver. `config` is copied, what it points to borrowed. */
faults *faults_new(world *w, const faults_config *config);
void faults_free(faults *f);

/* From now on nothing happens any more, no pending end either; the world is calmed (world_calm).
 * Who is down stays down. */
void faults_stop(faults *f, world *w);

/* Time of the last fault that is certain to come (timed ones and their ends, and all ends that are
 * pending; repeated ones without end and event-aimed ones are not), or -1. May lie in the past. */
int64_t faults_last(const faults *f);

/* How many have been carried out and changed something; neither their ends nor requests for an
 * election count. */
uint64_t faults_done(const faults *f, const world *w);

/* Carries out one action now, as if triggered without an event (for scenario callbacks: from
 * on_post or on_alarm of a driver only). */
void faults_act(faults *f, world *w, const action *a);

/* "crash", "partition", ...: the name in scenarios. */
const char *action_name(action_kind kind);

#endif
