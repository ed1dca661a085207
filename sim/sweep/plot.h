/*
 * Figures of a sweep: what is measured over one parameter, with a line for each value of the
 * others. A figure is a table and what a script of plots/ must be told of it; both come from the
 * database alone, so that the same results give the same bytes.
 */
#ifndef DASIM_SWEEP_PLOT_H
#define DASIM_SWEEP_PLOT_H

#include "plugin/plugin.h"
#include "sweep/analysis.h"

typedef struct plot {
    char *name;         /* of its files, without an end: "messages_per_entry" */
    const char *script; /* which of plots/ draws it: "lines.gp" */
    GString *settings;  /* for the script: axes, names, labels */
    GString *data;      /* the table, with blanks between columns */
} plot;

typedef struct plot_choice {
    const char *x;            /* the parameter to the right; NULL: the number with most values */
    const char *const *where; /* "name=value": such cells only; NULL-ended; NULL: all */
    const char *only;         /* name of a figure; NULL: all that there is something to draw of */
    catalogue *modules;       /* for published costs, drawn dashed; NULL: without them */
} plot_choice;

#define PLOT_ERROR (plot_error_quark())
typedef enum plot_error {
    PLOT_ERROR_CHOICE, /* what was chosen is not there */
    PLOT_ERROR_EMPTY   /* there is nothing to draw */
} plot_error;
GQuark plot_error_quark(void);

/* plot *, in the order of metric_all(), then distributions and maps. NULL and an error. */
GPtrArray *plots_of(const analysis *a, const plot_choice *choice, GError **error);

/* In single quotes, as gnuplot reads them. */
void plot_append_quoted(GString *text, const char *words);
/* "set title ...": the question in one or two lines, details below, cut where they are long. */
void plot_append_title(GString *text, const char *question, const char *details);

#endif
