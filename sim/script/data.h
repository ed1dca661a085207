/*
 * Data files that a scenario names: read whole, cell by cell. A name is relative to the scenario's
 * folder; it may lead out of it ("../data/x.csv") but not be absolute.
 */
#ifndef DASIM_SCRIPT_DATA_H
#define DASIM_SCRIPT_DATA_H

#include "script/values.h"

typedef struct data {
    const char *name; /* as the scenario wrote it */
    const char *at;   /* what has not been read yet */
    int line;         /* of the file, of the cell read last */
    bool row_ended;   /* the cell read last was the last of its row */
    place from;       /* where the scenario names the file */
    lua_State *L;
} data;

typedef struct cell {
    const char *text; /* without spaces around it and quotes; not terminated */
    size_t size;
} cell;

/* Raises an error where the file cannot be read: exit status 4. `index`: its name on the stack. */
void data_open(lua_State *L, int index, const place *p, data *d);

/* The next cell; empty rows and rows that begin with '#' are left out. False at the end. */
bool data_next(data *d, cell *c);

/* "found <cell> in <name>:<line>, expected <text>"; the other one for what is no cell. */
G_GNUC_NORETURN void data_fail(const data *d, const cell *c, const char *expected);
G_GNUC_NORETURN void data_fail_words(const data *d, const char *found, const char *expected);

#endif
