/* Traces as a page: one run, or two side by side. What `export` and `view` share. */
#ifndef DASIM_CLI_PAGE_H
#define DASIM_CLI_PAGE_H

#include "cli/tracing.h"

/* Reads `count` (1 or 2) native traces and writes their page to the file `out`. Returns what to
 * exit with; unless EXIT_AS_EXPECTED, one line went to standard error. *written: there is a page;
 * of a trace that is cut off or damaged it shows what could be read. */
int cli_page(char **traces, size_t count, const window *seen, bool without_state, const char *out,
             bool *written);

#endif
