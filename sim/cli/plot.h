/* What the two halves of `dasim plot` share: figures of a sweep (plot.c), of one run
 * (plot_trace.c). */
#ifndef DASIM_CLI_PLOT_H
#define DASIM_CLI_PLOT_H

#include "cli/cli.h"

#include "sweep/plot.h"

typedef struct plot_task {
    const arguments *arguments;
    const char *file;
    char *folder;   /* where figures go */
    char **formats; /* "svg", ...; NULL-ended */
    int status;     /* what to exit with */
} plot_task;

/* False: one line went to standard error, and the status says so. */
bool plot_make_folder(plot_task *t);

/* Writes NAME.gp, out of the style, the settings and the script of plots/, and NAME.tsv where there
 * is a table (NULL: not), draws it in all formats and prints where it is. The exit status; where it
 * is not 0 one line went to standard error. */
int plot_draw(const plot_task *t, const char *name, const char *settings, const char *script,
              const GString *data);

void plot_trace(plot_task *t);

#endif
