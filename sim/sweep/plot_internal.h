/* What the files of plots share. Private to sim/sweep. */
#ifndef DASIM_SWEEP_PLOT_INTERNAL_H
#define DASIM_SWEEP_PLOT_INTERNAL_H

#include "sweep/plot.h"
#include "sweep/report_numbers.h"

/* A parameter that varies, as an axis. */
typedef struct plot_axis {
    const char *name; /* borrowed */
    const char *unit; /* "ms", "%", "" */
    bool is_number;   /* all of its values are */
    bool is_time;
    double scale;      /* of value -> in `unit` */
    GPtrArray *values; /* different ones (char *, borrowed), ascending */
} plot_axis;

typedef struct plot_point {
    guint cell; /* number in analysis.cells */
    double x;
} plot_point;

typedef struct plot_series {
    char *name;      /* "raymond", "raymond loss=1%" */
    char *algorithm; /* that clients use, for published costs; "" */
    guint nodes;     /* of its cells, where they all have the same; else 0 */
    GArray *points;  /* plot_point, ascending by x */
} plot_series;

typedef struct plot_frame {
    const analysis *analysis;
    const plot_choice *choice;
    GPtrArray *axes;    /* plot_axis *, of what varies within the choice */
    const plot_axis *x; /* NULL: nothing that varies is a number */
    GPtrArray *series;  /* plot_series *, by name */
    GArray *cells;      /* guint: numbers of those chosen, in their order */
} plot_frame;

/* False and an error (PLOT_ERROR_CHOICE). Clear it in any case. */
bool plot_frame_init(plot_frame *f, const analysis *a, const plot_choice *choice, GError **error);
void plot_frame_clear(plot_frame *f);

/* A value of a parameter as a number in the unit of its axis. */
double plot_axis_value(const plot_axis *axis, const char *value);
/* "think (ms)" */
char *plot_axis_title(const plot_axis *axis);

/* Is it worth a logarithmic axis? */
bool plot_is_wide(double least, double most);

/* The largest unit of which the greatest mean is one or more. */
number_unit plot_unit(const plot_frame *f, const analysis_measure *m);

/* A number for scripts and tables: seven digits, the same on every machine. */
void plot_append(GString *text, double value);

plot *plot_new(const plot_frame *f, const char *name, const char *script);
void plot_free(void *p);

/* Each adds its figures, if there is something to draw. */
void plot_lines(const plot_frame *f, const analysis_measure *m, GPtrArray *out);
void plot_dots(const plot_frame *f, const analysis_measure *m, GPtrArray *out);
void plot_distribution(const plot_frame *f, const analysis_measure *m, GPtrArray *out);
void plot_map(const plot_frame *f, const analysis_measure *m, GPtrArray *out);

/* Values at the ends of lines, 0 .. 1 of the height, in any order: moved apart so that names of
 * `step` of the height each do not touch, as little as that needs. */
void plot_part(double *heights, size_t count, double step);

#endif
