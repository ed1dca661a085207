/*
 * A run in other formats, for other tools: one exporter a file, each an observer that writes. It
 * works on a live run and on a trace that was read back, and cannot tell them apart.
 *
 * What is written depends on the run alone: no time of day, no name of a machine, no pointer. What
 * an exporter leaves out, it says in its own format.
 */
#ifndef DASIM_EXPORT_EXPORT_H
#define DASIM_EXPORT_EXPORT_H

#include "kernel/world.h"
#include "observe/window.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* What the scenario says that a property must do. */
typedef enum export_wish { EXPORT_HOLDS, EXPORT_FAILS, EXPORT_ANY, EXPORT_WISHES } export_wish;

typedef struct export_expectation {
    const char *property;
    export_wish wish;
} export_expectation;

/* What a picture says of its run. All texts are borrowed. */
typedef struct export_about {
    const char *scenario; /* name of the file, without its folders */
    const char *question; /* its first comment; "" */
    const char *settings; /* "nodes=6 loss=1%": all parameters with their values; "" */
    uint64_t seed;
    const window *window; /* what is selected; never NULL */
    int64_t warm_up;      /* ns that metrics leave out */
    const export_expectation *expectations;
    size_t expectation_count;
    bool without_state; /* changes of state are not wanted */
} export_about;

/* A verdict, in words. */
typedef struct export_verdict {
    const char *property, *verdict; /* "holds", "violated", "inconclusive" */
    const char *reason;             /* NULL: none */
    uint64_t record;                /* where it was violated first; 0: none */
    int64_t at;                     /* true time of that */
    bool met;                       /* it is what was asked for, or nothing was */
} export_verdict;

/* Why a run ended. */
typedef enum export_status {
    EXPORT_DONE,
    EXPORT_LIMIT,       /* too many events, or time did not advance */
    EXPORT_CHECK,       /* an algorithm's own belief was wrong */
    EXPORT_CALLBACK,    /* a function of the scenario failed */
    EXPORT_INTERRUPTED, /* by a signal */
    EXPORT_STATUSES
} export_status;

/* How it ended. */
typedef struct export_end {
    int64_t ended_at; /* ns of true time */
    uint64_t records; /* of the whole run, selected or not */
    uint64_t events;
    const char *digest; /* 32 hexadecimal digits; "" where it is not known */
    export_status status;
    const char *explanation; /* of a status that is not DONE: one sentence; else NULL */
    bool settled;            /* liveness could be judged */
    const export_verdict *verdicts;
    size_t verdict_count;
} export_end;

typedef struct exporter {
    const char *name;      /* what --to takes: "chrome" */
    const char *extension; /* ".json", with its dot: decides where --to is not given; of several
                            * that fit a name the longest */
    const char *title;     /* one line */
    bool is_whole;         /* always writes the whole run: a window makes no sense */
    /* Writes to `file`, which stays the caller's and is not sought in. `w` is before its start. */
    void *(*begin)(FILE *file, const world *w, const export_about *about);
    /* Every record of the run, in order. Not `selected`: outside of --from, --until, --node and
     * --type; it is shown, because what is drawn inside may depend on it. */
    void (*on_record)(void *self, const world *w, const record *r, bool selected);
    /* Writes the rest and frees. Errors of writing are found by the caller in `file`. */
    void (*end)(void *self, const world *w, const export_end *how);
} exporter;

/* All of them, sorted by name; NULL-ended. */
const exporter *const *export_all(void);
const exporter *export_find(const char *name);          /* NULL: unknown */
const exporter *export_for_file(const char *file_name); /* by its extension; NULL: none has it */

/* One a file; export.c lists them. */
extern const exporter export_chrome, export_csv, export_csv_in_flight, export_csv_intervals,
    export_csv_messages, export_csv_metrics, export_dtrace, export_html, export_jsonl,
    export_mermaid, export_pcapng, export_plantuml, export_shiviz, export_svg, export_text;

#endif
