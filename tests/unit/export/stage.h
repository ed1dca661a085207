/* A small run with everything in it that a trace can tell, and its native trace. */
#ifndef TESTS_UNIT_EXPORT_STAGE_H
#define TESTS_UNIT_EXPORT_STAGE_H

#include "export/native.h"

#include <glib.h>

typedef struct recording {
    char *file;      /* of the trace */
    GString *text;   /* its records as JSON Lines, as they came */
    GString *states; /* what changed in whose state, in words */
    char *digest;    /* 32 digits */
    uint64_t records;
} recording;

enum { STAGE_CLOCKS = 1, STAGE_NO_STATE = 2, STAGE_SHORT = 4 };

/* Several frames of records, or with STAGE_SHORT a part of one. */
recording record_run(int flags);
void recording_clear(recording *r);

/* What reading a trace back tells; its `file` is NULL. `fault`: NULL, or what is said about what is
 * missing, to be freed. False and `fault` where it cannot be opened or replayed. */
bool replay_file(const char *file, recording *r, char **fault);

#endif
