/*
 * Values of the language as C reads them: handles (what crash(), exponential(), ... return), the
 * place where a value is written, typed and bounded readers, strict tables. Readers raise a Lua
 * error "FILE:LINE: found X, expected Y" and do not return where a value is not as it should be.
 */
#ifndef DASIM_SCRIPT_VALUES_H
#define DASIM_SCRIPT_VALUES_H

#include "base/sample.h"
#include "script/units.h"

#include <glib.h>
#include <lua.h>

/* ---------------------------------------------------------------------------------- handles */

typedef enum handle_kind {
    HANDLE_QUANTITY,
    HANDLE_DISTRIBUTION,
    HANDLE_MATRIX,
    HANDLE_TOPOLOGY,
    HANDLE_LINK,
    HANDLE_WORKLOAD,
    HANDLE_STEP,
    HANDLE_COMPONENT,
    HANDLE_TARGET,
    HANDLE_ACTION,
    HANDLE_NTH,
    HANDLE_FAULT,
    HANDLE_PROCESS,
    HANDLE_DESCRIPTOR,
    HANDLE_SCENARIO,
    HANDLE_KINDS
} handle_kind;

/* The head of every handle: a full userdata that Lua owns. */
typedef struct handle {
    handle_kind kind;
    int line; /* of the call that made it */
} handle;

typedef struct quantity_handle {
    handle head;
    quantity quantity;
} quantity_handle;

typedef struct distribution_handle {
    handle head;
    dimension dimension; /* DIMENSION_NUMBER: all its values are 0 */
    distribution distribution;
} distribution_handle;

/* Pushes a zeroed handle of `size` bytes. */
void *handle_new(lua_State *L, handle_kind kind, size_t size);
/* NULL where the value is something else. */
void *handle_at(lua_State *L, int index, handle_kind kind);
void quantity_push(lua_State *L, quantity q);
/* Pushes the metatable that all handles of a kind share. */
void handle_metatable(lua_State *L, handle_kind kind);
/* Metatables, and the constants `ms`, `ppm`, ... into the table on top of the stack. */
void handles_open(lua_State *L);

/* ----------------------------------------------------------------------------------- errors */

/* Line of the scenario that is being executed. */
int line_of_caller(lua_State *L);

/* Raises "FILE:LINE: message", cut to one line of at most 1,000 bytes. */
G_GNUC_NORETURN void fail_at(lua_State *L, int line, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* "; did you mean 'x'?" or "". */
const char *did_you_mean(const char *found, const char *const *names, char buffer[96]);

/* The value in words: "5mss" in quotes, 5, a table, a distribution. */
const char *describe(lua_State *L, int index, char buffer[128]);
/* `text` in quotes, cut, without control characters. */
const char *quote(const char *text, size_t size, char buffer[128]);

/* ----------------------------------------------------------------------------------- tables */

/* A table of the scenario that is read strictly. */
typedef struct reader {
    lua_State *L;
    int table;        /* absolute index on the stack */
    int line;         /* of the call that it is an argument of */
    size_t inside;    /* where it is written; SOURCE_NOWHERE if that is not known */
    const char *name; /* "links", for messages; borrowed */
} reader;

/* Where a value is written, to say so in a message: an entry of a table or an argument of a call.
 * Finding the line is left until it is needed. */
typedef struct place {
    const reader *table; /* NULL: argument */
    const char *name;    /* key; name of the function */
    size_t number;       /* of the argument; of the list entry (name NULL) */
    int line;            /* of the call; 0 of an argument: of the call that is being executed */
} place;

int place_line(lua_State *L, const place *p);
place argument_of(lua_State *L, const char *function, int number);

/* "found 3 arguments of link(), expected <example>". */
G_GNUC_NORETURN void fail_count(lua_State *L, int given, const char *function, const char *example);

/* "found <value> for <place>, expected <text><hint>". */
G_GNUC_NORETURN void fail_value(lua_State *L, int index, const place *p, const char *hint,
                                const char *format, ...) G_GNUC_PRINTF(5, 6);

/* The table at `index`, argument of `function` that is being executed; an error where it is none.
 * `keys`: all that it may have, NULL-ended; `lists`: it may have list entries, too. */
reader reader_of_argument(lua_State *L, int index, const char *function, const char *const *keys,
                          bool lists);
/* The same for a table that is a value of another; `p` says where. It must stay on the stack. */
reader reader_of_value(lua_State *L, int index, const place *p, const char *const *keys,
                       bool lists);
/* Pushes the value of `key`; false and nothing pushed where it is nil. */
bool reader_get(const reader *r, const char *key, place *p);
/* The same, an error where it is nil; `example` shows what is missing. */
void reader_need(const reader *r, const char *key, const char *example, place *p);
/* List entry number 1, 2, ... */
bool reader_entry(const reader *r, size_t number, place *p);

/* ----------------------------------------------------------------------------------- values */

/* All take the value at `index` and leave the stack as it was. Bounds are inclusive. */
int64_t take_integer(lua_State *L, int index, const place *p, int64_t least, int64_t most);
/* Refuses numbers without a unit but 0. */
int64_t take_quantity(lua_State *L, int index, const place *p, dimension d, int64_t least,
                      int64_t most);
int64_t take_duration(lua_State *L, int index, const place *p);     /* 0 or more */
uint64_t take_probability(lua_State *L, int index, const place *p); /* 0 .. 100 % */
bool take_switch(lua_State *L, int index, const place *p);
/* Index in `choices` (NULL-ended). */
size_t take_choice(lua_State *L, int index, const place *p, const char *const *choices);
/* Any text; borrowed from Lua. */
const char *take_text(lua_State *L, int index, const place *p);
/* A distribution or a quantity, which stands for fixed(). Unless `negative`, values below 0 are
 * refused and draws clamped to 0. */
void take_distribution(lua_State *L, int index, const place *p, dimension d, bool negative,
                       distribution *out);

/* The same by key; where the key is absent, *value stays. */
void read_integer(const reader *r, const char *key, int64_t least, int64_t most, int64_t *value);
void read_duration(const reader *r, const char *key, int64_t *value);
void read_probability(const reader *r, const char *key, uint64_t *value);
void read_switch(const reader *r, const char *key, bool *value);
bool read_distribution(const reader *r, const char *key, dimension d, bool negative,
                       distribution *value);

#endif
