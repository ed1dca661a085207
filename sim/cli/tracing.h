/*
 * What `run`, `export` and `show` share: the window of their options, and files that an exporter
 * writes while records come.
 */
#ifndef DASIM_CLI_TRACING_H
#define DASIM_CLI_TRACING_H

#include "cli/cli.h"

#include "export/native.h"
#include "observe/window.h"
#include "run/run.h"

/* clang-format off */
#define WINDOW_OPTIONS \
    {"from", "TIME", "of a trace: nothing before that time, such as 1.5s"}, \
    {"until", "TIME", "of a trace: nothing after that time"}, \
    {"node", "LIST", "of a trace: records of these nodes only, such as 0,3,5..7"}, \
    {"type", "LIST", \
     "of a trace: these messages, operations, timers or kinds only, such as REQUEST,CRASH"}
/* clang-format on */

/* Reads --from, --until, --node and --type; window_clear() it in any case. False: one line went to
 * standard error. */
bool cli_window(const arguments *a, window *x);
/* Does the world know what was asked for? False: one line went to standard error. */
bool cli_window_fits(const window *x, const world_config *config);

/* The exporter for a file: the one called `to`, or where that is NULL by the name of the file; "-"
 * and names without an extension are text. NULL: one line went to standard error. */
const exporter *cli_exporter(const char *file, const char *to);
/* Appends a line for each exporter to a help text. */
void cli_list_exporters(GString *text);

/* A file that is being written. */
typedef struct writing {
    output out;
    const exporter *as;
    const window *window;
    bool is_open, without_state;
    void *self; /* of the exporter, between begin and end */
} writing;

/* Can it write a part of a run, where that is asked for? False: one line went to standard error. */
bool writing_fits(const exporter *as, const window *seen);
/* False: one line went to standard error. */
bool writing_open(writing *x, const char *file, const exporter *as, const window *seen);
void writing_begin(writing *x, const world *w, export_about about);
void writing_record(void *self, const world *w, const record *r);
void writing_end(writing *x, const world *w, const export_end *how);
bool writing_close(writing *x); /* false: one line went to standard error, there is no file */
void writing_drop(writing *x);  /* nothing appears; also where it is not open */

/* Several of them at once. */
typedef struct writings {
    writing all[RUN_WATCHERS_MOST];
    size_t count;
} writings;

/* Opens a file for each --OPTION, as --to or its name says, with or without --no-state. False: one
 * line went to standard error, *status is what to exit with; writings_drop() those before. */
bool writings_open(writings *x, const arguments *a, const char *name, const window *seen,
                   int *status);
bool writings_close(writings *x); /* false where any of them could not be written */
void writings_drop(writings *x);

/* Opens a native trace and makes its world. NULL: one line went to standard error, *status is what
 * to exit with. */
native_trace *reading_open(const char *file, world **w, int *status);
/* Leads the world through all records; EXIT_AS_EXPECTED, or one line went to standard error: where
 * a part of the trace is missing or damaged the records before it were shown. */
int reading_replay(native_trace *t, const char *file);

/* It as a watcher of a live run. */
run_watcher writing_watcher(writing *x);

#endif
