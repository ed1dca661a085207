/* Names of records, in the order of the enumerations. */
#include "kernel/record.h"

#include <stddef.h>

static const char *const kind_names[] = {
    [RECORD_BOOT] = "BOOT",       [RECORD_CRASH] = "CRASH",
    [RECORD_PAUSE] = "PAUSE",     [RECORD_RESUME] = "RESUME",
    [RECORD_SEND] = "SEND",       [RECORD_RECEIVE] = "RECEIVE",
    [RECORD_LOST] = "LOST",       [RECORD_TIMER] = "TIMER",
    [RECORD_REQUEST] = "REQUEST", [RECORD_INDICATION] = "INDICATION",
    [RECORD_SLOW] = "SLOW",       [RECORD_CLOCK] = "CLOCK",
    [RECORD_LINKS] = "LINKS",     [RECORD_CHECK] = "CHECK",
    [RECORD_NOTE] = "NOTE",       [RECORD_CLIENT] = "CLIENT",
};

static const char *const reason_names[] = {
    [REASON_NONE] = "",           [REASON_LOSS] = "loss",
    [REASON_CORRUPT] = "corrupt", [REASON_QUEUE] = "queue full",
    [REASON_CUT] = "cut",         [REASON_PARTITION] = "partition",
    [REASON_NO_LINK] = "no link", [REASON_DOWN] = "receiver down",
    [REASON_DROPPED] = "dropped", [REASON_HEAL] = "heal",
    [REASON_QUALITY] = "quality",
};

const char *record_kind_name(record_kind kind)
{
    return (unsigned)kind < RECORD_KINDS ? kind_names[kind] : "?";
}

const char *record_reason_name(record_reason reason)
{
    return (unsigned)reason < REASON_KINDS ? reason_names[reason] : "?";
}
