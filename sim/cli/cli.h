/*
 * What the sub-commands share: options, exit statuses, output files. A sub-command is a file with
 * a `const command`, listed in main.c.
 */
#ifndef DASIM_CLI_CLI_H
#define DASIM_CLI_CLI_H

#include "script/scenario.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

enum {
    EXIT_AS_EXPECTED = 0,
    EXIT_VIOLATED = 1,
    EXIT_USAGE = 2,
    EXIT_INCONCLUSIVE = 3,
    EXIT_FILE = 4,
    EXIT_FAILED = 5,
    EXIT_BUG = 70
};

/* An option `--name` or `--name VALUE`, `--name=VALUE`. `-h` is --help, `-o FILE` --out. */
typedef struct option {
    const char *name;     /* without dashes; NULL ends a list */
    const char *argument; /* what its value is called in the help; NULL: it has none */
    const char *help;
} option;

typedef struct command {
    const char *name;
    const char *arguments;               /* "SCENARIO" */
    const char *summary;                 /* one line */
    const option *options;               /* its own; --help and --plugin-path come by themselves */
    const char *more;                    /* further paragraphs of its help; or NULL */
    int (*run)(int count, char **words); /* what follows the name; returns the exit status */
} command;

extern const command command_check_trace, command_complexity, command_doc, command_export,
    command_list, command_merge, command_plot, command_report, command_results, command_run,
    command_show, command_sweep, command_verify, command_view, command_warmup;
const command *const *command_all(void); /* NULL-ended */

/* dasim-mpi sets it: called with the options of a sweep, before anything of it is done. What it
 * returns is exited with; -1: go on, here and with the options as they are now. */
struct sweep_options;
extern int (*cli_sweep_elsewhere)(struct sweep_options *options);

#define CHAOS_OPTION                                                                               \
    {                                                                                              \
        "chaos", "KINDS",                                                                          \
            "draw faults from the seed: allowed, all, or some of "                                 \
            "crash,pause,slow,cut,partition,loss,"                                                 \
            "duplicate,reorder,delay,drift"                                                        \
    }
/* False: --chaos names no kinds, and one line went to standard error. */
bool cli_chaos_fits(const char *list);

/* What was given. */
typedef struct arguments {
    GPtrArray *words;  /* char *, borrowed: what is not an option */
    GArray *settings;  /* scenario_setting of --set */
    GPtrArray *path;   /* char *, borrowed from argv: --plugin-path, then owned ones */
    GPtrArray *names;  /* of other options given, in order */
    GPtrArray *values; /* of the same; "" where it has none */
    GPtrArray *owned;  /* to be freed */
    bool help;         /* --help was printed: nothing else to do */
} arguments;

/* False: one line went to standard error; exit with EXIT_USAGE. `least`, `most`: words besides
 * options. */
bool arguments_parse(const command *c, int count, char **words, guint least, guint most,
                     arguments *a);
void arguments_clear(arguments *a);
/* The last value given; NULL: not given. */
const char *arguments_value(const arguments *a, const char *name);
/* --seed; 1 where it was not given. False: one line went to standard error. */
bool arguments_seed(const arguments *a, uint64_t *seed);
/* Folders with modules as --plugin-path and DASIM_PLUGIN_PATH say, NULL-ended; g_strfreev(). */
char **arguments_path(const arguments *a);
catalogue *arguments_catalogue(const arguments *a); /* with modules of these */

/* Loads the scenario that a->words starts with. NULL: one line went to standard error, *status is
 * what to exit with. */
scenario *cli_load(const arguments *a, catalogue *modules, uint64_t seed, int *status);

/* "dasim: message" on standard error. */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A file that appears under its name only when it is complete; "-" is standard output. */
typedef struct output {
    FILE *file;
    char *name, *unfinished; /* unfinished: the name until then; NULL: written in place */
} output;
bool output_open(output *o, const char *name); /* false: one line went to standard error */
bool output_close(output *o); /* false: one line went to standard error, there is no file */
void output_drop(output *o);  /* nothing appears */

/* Writes to standard output; false and a line on standard error where that fails. */
bool cli_print(const GString *text);
bool cli_colour(void); /* standard output is a terminal and NO_COLOR is not set */

/* Set by SIGINT and SIGTERM after cli_catch_signals(). */
extern volatile sig_atomic_t cli_signal;
void cli_catch_signals(void);
/* From now on a signal ends the process if so many seconds later the run has not taken notice:
 * a handler that does not end never will. 0: it has as long as it likes. */
enum { SIGNAL_PATIENCE = 3 }; /* a run looks each 65536 events */
void cli_patience(unsigned seconds);
void cli_raise_again(void); /* ends the process if a signal was caught */

#endif
