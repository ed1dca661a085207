/* Faults from inside: what fault.c, act.c and match.c share. */
#ifndef DASIM_DRIVE_FAULT_INTERNAL_H
#define DASIM_DRIVE_FAULT_INTERNAL_H

#include "drive/fault.h"

#include <glib.h>

/* Of world_choose(). */
enum { PURPOSE_EVERY = PURPOSE_DRIVER + 16, PURPOSE_TARGET, PURPOSE_GROUP };

/* The event that a fault answers; NOBODY where there is no such partner. */
typedef struct occasion {
    uint32_t self, sender, receiver;
} occasion;

extern const occasion no_occasion;
occasion occasion_of(const record *r);

/* ------------------------------------------------------------------------------------- match.c */

/* A pattern with what was found out about names: a bit for each component and type below 64. */
typedef struct matcher {
    event_pattern event;
    uint64_t known[STACK_MOST], matching[STACK_MOST];
} matcher;

void matcher_init(matcher *m, const event_pattern *event);
/* Is `r`, whose kind is the pattern's, meant? */
bool matcher_fits(matcher *m, const faults_config *config, const world *w, const record *r);
/* One more that fits: is it among those from `nth` on? `count` is kept by the caller. */
bool matcher_counts(const matcher *m, uint64_t *count);

/* --------------------------------------------------------------------------------- driver state
 * Flat, no pointers: saved and restored with the world. */

/* What one fault or rule remembers. */
typedef struct slot {
    uint64_t count; /* times fired; of patterns: records that fitted */
    uint64_t draws; /* n of its draws of targets */
} slot;

/* What a node remembers: numbers of the latest pause and slowness, so that the end of an earlier
 * one is void. */
typedef struct node_mark {
    uint32_t pauses, slows;
    int64_t down_for; /* of a crash in a broadcast that is still to come; 0: for good */
} node_mark;

typedef struct fault_state {
    uint64_t done;
    uint64_t groupings;  /* n of the draws of random groups */
    int64_t last_end;    /* time of the last end that was scheduled */
    uint32_t partitions; /* number of the latest; that of an earlier one has no end of its own */
    uint32_t last;       /* TARGET_LAST: node + 1; 0: none yet */
    uint32_t stopped, unused;
    slot act;     /* of faults_act() */
    slot slots[]; /* faults, then rules; then node_mark by node */
} fault_state;

struct faults {
    faults_config config;
    world *world;
    uint32_t number;
    uint32_t election;                /* component; STACK_MOST: none */
    matcher *matchers;                /* faults (those of TRIGGER_WHEN), then rules */
    uint32_t *by_kind;                /* numbers of the faults of TRIGGER_WHEN, by kind of record */
    uint32_t kinds[RECORD_KINDS + 1]; /* where those of a kind begin in `by_kind` */
    uint16_t *groups;                 /* scratch: random groups */
    GArray *posted;                   /* of the current event; see fault.c */
    uint64_t posted_in;               /* events handled before that one */
};

fault_state *fault_state_of(const faults *f, const world *w);

/* --------------------------------------------------------------------------------------- act.c */

/* Data of an alarm: the number of a timed fault, or what ends (act.c). */
#define ALARM_IS_END(data) ((data) >> 60 != 0)

/* Carries the action out; `who`: whose draws of targets (number of the fault). */
void fault_act(faults *f, world *w, const action *a, const occasion *event, slot *s, uint64_t who);
void fault_end(faults *f, world *w, uint64_t data);
/* A node went down: a crash in a broadcast may have to end. */
void fault_crashed(faults *f, world *w, uint32_t node);
bool action_has_end(const action *a);

#endif
