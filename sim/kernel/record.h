/*
 * A record: one thing that happened. All of them in order are the trace of a run.
 *
 * Records are numbered from 1; `cause` is the number of the record that led to this one (0: none),
 * always smaller than its own, so that the causal past of any record can be walked. A message that
 * is lost is an event of the network, never of its receiver.
 */
#ifndef DASIM_KERNEL_RECORD_H
#define DASIM_KERNEL_RECORD_H

#include <stdint.h>

#define NOBODY UINT32_MAX /* no node; the same as DASIM_NOBODY */

typedef enum record_kind {
    RECORD_BOOT,       /* node starts; type: 1 if recovering */
    RECORD_CRASH,      /* node; type: 1 if the stable storage was lost, too */
    RECORD_PAUSE,      /* node stops reacting; what arrives waits */
    RECORD_RESUME,     /* node */
    RECORD_SEND,       /* node -> peer; type: message type; body. Cause: what the sender handled */
    RECORD_RECEIVE,    /* node <- peer; type, body; cause: the SEND. Reason corrupt: a bit of the
                        * body was flipped on the way */
    RECORD_LOST,       /* node (sender) -> peer; type, body, reason; cause: the SEND */
    RECORD_TIMER,      /* node; type: timer number; cause: what armed it */
    RECORD_REQUEST,    /* node asks a component; type: operation; body: its argument */
    RECORD_INDICATION, /* a component tells the one above or the client; type: operation; body */
    RECORD_SLOW,       /* node; body: int64_t ns of service time a handler */
    RECORD_CLOCK,      /* node's clock was stepped or set to another rate; body: int64_t step ns,
                        * int64_t rate ppb */
    RECORD_LINKS,      /* links changed by a fault: node -> peer (NOBODY: any); reason: what */
    RECORD_CHECK,      /* node's algorithm found its own belief broken; type: line in its file;
                        * body: the condition as text. Ends the run */
    RECORD_NOTE,       /* node's client remarks something; type: number of the client; body: text */
    RECORD_CLIENT,     /* a client waits or holds; type: client_step; body: client_body. Only where
                        * REQUEST and INDICATION of its node do not tell it */
    RECORD_KINDS
} record_kind;

/* Why a message was lost (RECORD_LOST), or what was done to links (RECORD_LINKS). */
typedef enum record_reason {
    REASON_NONE,
    REASON_LOSS,      /* the link's loss */
    REASON_CORRUPT,   /* a bit was flipped and the receiver does not look at such messages */
    REASON_QUEUE,     /* the link's queue was full */
    REASON_CUT,       /* the link was cut */
    REASON_PARTITION, /* sender and receiver were in different groups */
    REASON_NO_LINK,   /* the topology has no such link */
    REASON_DOWN,      /* the receiver was down */
    REASON_DROPPED,   /* a rule of the scenario took it */
    REASON_HEAL,      /* RECORD_LINKS only: cut or partition ended */
    REASON_QUALITY,   /* RECORD_LINKS only: loss, delay, ... set anew */
    REASON_KINDS
} record_reason;

/* What a client of a lock does for which its node asks: one of several on the node, or one that
 * gave up while the request of the node stays. What it holds ends with the node's RELEASE, with
 * LOST and with a crash. And: a process has waited for the end of its child. */
typedef enum client_step {
    CLIENT_WAITS = 1, /* for the resource; the node may have asked for another client */
    CLIENT_HOLDS,
    CLIENT_QUITS, /* waits no longer, without having had it */
    CLIENT_JOINS  /* resource: the child; both by their numbers on the node, as calls have them */
} client_step;

typedef struct client_body {
    int32_t client; /* its number in the scenario; -1: the only one of its node, for whom all other
                     * REQUESTs and INDICATIONs are */
    uint32_t resource;
} client_body;

typedef struct record {
    int64_t at;        /* true time, ns */
    int64_t local;     /* the node's clock, ns; `at` where there is no node */
    uint64_t number;   /* 1, 2, ... */
    uint64_t cause;    /* number of another record, or 0 */
    uint32_t node;     /* NOBODY: none */
    uint32_t peer;     /* NOBODY: none */
    uint32_t type;     /* see record_kind */
    uint32_t size;     /* bytes of body */
    uint16_t kind;     /* record_kind */
    uint8_t reason;    /* record_reason */
    uint8_t component; /* number in the stack, 0 = bottom; of REQUEST and INDICATION: the one that
                        * provides the service */
    const void *body;  /* valid during the call; aligned to 8 */
} record;

/* "SEND", "RECEIVE", ...; "loss", "corrupt", ... */
const char *record_kind_name(record_kind kind);
const char *record_reason_name(record_reason reason);

#endif
