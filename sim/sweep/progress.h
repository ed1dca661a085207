/* How far a sweep is, in words. */
#ifndef DASIM_SWEEP_PROGRESS_H
#define DASIM_SWEEP_PROGRESS_H

#include "sweep/sweep.h"

typedef struct progress_meter {
    gint64 begun_at;           /* us */
    gint64 at;                 /* us, of the last look; 0: none yet */
    uint64_t finished, events; /* at that */
    double runs, event_rate;   /* a second, of the last seconds */
} progress_meter;

void progress_begin(progress_meter *m);
/* Takes a look. `now`: us of any clock that goes on. */
void progress_look(progress_meter *m, const sweep_progress *p, gint64 now);
/* "1,200 of 5,000 runs (24 %), 5,100 a second, 2.1 M events a second, 3 violated, 1 failed, 12 s
 * left" */
void progress_text(const progress_meter *m, const sweep_progress *p, GString *text);
/* {"kind":"progress",...} and a line end. */
void progress_json(const progress_meter *m, const sweep_progress *p, GString *text);

#endif
