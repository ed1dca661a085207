/*
 * The page: one file that shows a run, or two side by side, in a browser, without a server. See
 * plots/viewer/README.md.
 *
 * A run is collected as columns of numbers while it goes on, and written when it is over. A record
 * costs about ten bytes of memory and its body as text.
 */
#ifndef DASIM_EXPORT_HTML_H
#define DASIM_EXPORT_HTML_H

#include "export/export.h"

typedef struct html_run html_run;

/* `w` is before its start; `about` is copied. */
html_run *html_run_new(const world *w, const export_about *about);
/* As exporter.on_record. */
void html_run_record(html_run *h, const world *w, const record *r, bool selected);
/* The run is over: from now on it needs no world. */
void html_run_end(html_run *h, const world *w, const export_end *how);
void html_run_free(html_run *h); /* NULL is allowed */

/* One run; or two, compared record by record. Errors of writing are found in `file`. */
void html_write(FILE *file, html_run *const *runs, size_t count);

#endif
