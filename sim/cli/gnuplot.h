/*
 * Figures by gnuplot: the script and the table that it draws are files beside the picture, so that
 * anybody can draw it again: `gnuplot FIGURE.gp >FIGURE.svg`.
 */
#ifndef DASIM_CLI_GNUPLOT_H
#define DASIM_CLI_GNUPLOT_H

#include "cli/cli.h"

/* Text of a script of plots/, which is part of the program; "style.gp". */
const char *gnuplot_script(const char *name);

/* A whole file. False: one line went to standard error, what was there before still is. */
bool gnuplot_write(const char *file, const char *bytes, size_t size);

/* What gnuplot draws as "svg", "pdf" or "png" of `script`, the name of a file in `folder`; the same
 * bytes each time. NULL: one line went to standard error. Free it with g_bytes_unref. */
GBytes *gnuplot_draw(const char *folder, const char *script, const char *format);

#endif
