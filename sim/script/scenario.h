/*
 * A scenario as data: what a Lua file said, checked and with units resolved. This is all that the
 * rest of dasim sees of Lua.
 */
#ifndef DASIM_SCRIPT_SCENARIO_H
#define DASIM_SCRIPT_SCENARIO_H

#include "base/digest.h"
#include "drive/fault.h"
#include "drive/load.h"
#include "drive/process.h"
#include "kernel/world.h"
#include "plugin/plugin.h"

#include <glib.h>

#define SCENARIO_ERROR (scenario_error_quark())
typedef enum scenario_error {
    SCENARIO_ERROR_UNREADABLE, /* exit status 4 */
    SCENARIO_ERROR_BAD,        /* 2: "file:line: found X, expected Y" */
    SCENARIO_ERROR_CALLBACK    /* 2: a function of the scenario failed during the run */
} scenario_error;
GQuark scenario_error_quark(void);

typedef struct scenario_param {
    char *name, *value, *fallback; /* as text; fallback: the default in the file */
    char *help;                    /* third argument of param(), or "" */
    bool is_set;                   /* by --set */
    int line;
} scenario_param;

typedef enum expectation_kind {
    EXPECT_HOLDS,
    EXPECT_FAILS, /* the violation must show */
    EXPECT_ANY,   /* either will do: takes back what the algorithm's promise asks for */
} expectation_kind;

typedef struct expectation {
    char *property;
    expectation_kind kind;
    int line;
} expectation;

/* One layer of the stack, bottom first. */
typedef struct scenario_layer {
    const dasim_algorithm *algorithm;
    int64_t *params;
    char *file; /* of the module */
} scenario_layer;

typedef struct scenario {
    char *file;     /* as given */
    char **path;    /* where modules were looked for first, NULL-ended: of catalogue_new() */
    char *question; /* first comment of the file, without dashes; "" where there is none */
    GArray *params; /* scenario_param, in the order of the calls to param() */

    world_config world; /* complete but for `seed` */
    scenario_layer stack[STACK_MOST];
    load_plan workload;
    process_config *processes;           /* NULL: none */
    uint32_t process_count, child_count; /* child_count: places for forked ones */
    GArray *faults;                      /* fault */
    GArray *rules;                       /* message_rule */
    GArray *expectations;                /* expectation, in the order of their names */

    int64_t duration; /* ns; -1: until the workload is complete */
    int64_t settle;   /* ns given after the faults stopped; default: the longer of 60 s and 10 x
                       * duration, with an election of 10 s and the duration */
    int64_t warm_up;  /* ns */
    uint64_t events;  /* at most; default 10^9 */

    digest_value digest; /* of the file, and of the data files that it names, in their order */
    /* The file drew no chance, and no function of it takes part in a run: what it gives is the same
     * for each seed, and a run changes nothing of it. */
    bool serves_all_seeds;

    struct script *script; /* the Lua state that on() and call() need; private */
} scenario;

typedef struct scenario_setting {
    const char *name, *value; /* --set name=value */
} scenario_setting;

typedef struct scenario_files scenario_files;

/* Reads, runs and checks a scenario file. `seed` feeds math.random of the file; a file is
 * loaded once per seed. `modules` is needed for the call only. `properties`: names that `expect`
 * may have, NULL-ended; NULL: any. NULL and an error that names file and line. Unknown settings are
 * errors with the nearest parameter's name. */
scenario *scenario_load(const char *file, const scenario_setting *settings, size_t count,
                        uint64_t seed, catalogue *modules, const char *const *properties,
                        GError **error);
/* The same; what a file says is kept in `files`, and not read again. NULL: nothing is kept. */
scenario *scenario_load_from(scenario_files *files, const char *file,
                             const scenario_setting *settings, size_t count, uint64_t seed,
                             catalogue *modules, const char *const *properties, GError **error);
void scenario_free(scenario *s);

scenario_files *scenario_files_new(void);
void scenario_files_free(scenario_files *f); /* NULL is allowed */

/* on(): true where the scenario watches any record. The hooks are wired by the run: each record
 * is shown after the fact, what the functions asked for (faults) is carried out by faults_act().
 * A failing function ends the run: scenario_callback_error(). */
bool scenario_watches(const scenario *s);
/* Returns false if the function failed. Actions that it asked for are appended to `actions`
 * (GArray of action). May be called from the driver's on_record: it does not touch the world. */
bool scenario_show(scenario *s, const world *w, const record *r, GArray *actions);
bool scenario_call(scenario *s, const world *w, int function, GArray *actions);
const GError *scenario_callback_error(const scenario *s);

/* Lets process number `process` go on from its last operation to its next: what a driver of
 * processes needs (drive/process.h). One that failed: OPERATION_FAIL, scenario_callback_error().
 * Actions that it asked for are appended to `actions`. */
void scenario_resume(scenario *s, const world *w, uint32_t process, const answer *last,
                     operation *next, GArray *actions);
void scenario_process_dead(scenario *s, uint32_t process);
void scenario_answered(scenario *s, uint32_t process, const dasim_call *answer);
void scenario_forked(scenario *s, uint32_t parent, uint32_t child);
/* Of those that are there: children, too. */
const char *scenario_process_name(const scenario *s, uint32_t process);
uint32_t scenario_process_node(const scenario *s, uint32_t process);
/* The system call that it makes, "p:read(pipe 3)"; the caller frees. */
char *scenario_process_call(const scenario *s, uint32_t process);
/* Line where it stands; 0: it does not run. */
int scenario_process_line(const scenario *s, uint32_t process);

/* Start-up self-test: is Lua linked with constant seeds, so that table order is the same in each
 * process? Aborts with a message (exit status 70) where not. Cheap: once per process. */
void script_self_test(void);

#endif
