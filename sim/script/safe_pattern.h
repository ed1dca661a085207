/*
 * Lua's patterns, as safe_pattern.c reads them and safe_match.c matches them.
 */
#ifndef DASIM_SCRIPT_SAFE_PATTERN_H
#define DASIM_SCRIPT_SAFE_PATTERN_H

#include "script/sandbox_internal.h"

#define CAPTURES_MOST 32
#define REPEATS_MOST 200 /* each takes a frame of the C stack */

typedef enum element_kind {
    CHARACTER, /* one of `set` */
    OPEN,      /* capture `a` starts */
    CLOSE,     /* and ends */
    PLACE,     /* capture `a` is a position */
    REFERENCE, /* the text of capture `a` once more */
    BALANCE,   /* from `a` to the `b` that belongs to it */
    FRONTIER,  /* from outside of `set` into it */
    END        /* of the subject */
} element_kind;

typedef enum element_count { ONCE, AT_MOST_ONCE, GREEDY, GREEDY_FROM_ONE, LAZY } element_count;

typedef struct element {
    element_kind kind;
    element_count count; /* of a CHARACTER */
    unsigned char a, b;
    uint64_t set[4]; /* a bit for each byte */
} element;

typedef struct pattern {
    bool is_anchored;
    size_t length;
    int captures;
    bool is_place[CAPTURES_MOST];
    element elements[];
} pattern;

typedef struct capture {
    const char *start, *end;
} capture;

/* A subject, and where the last match put its captures. */
typedef struct matching {
    lua_State *lua;
    const pattern *pattern;
    const char *start, *end;
    uint64_t steps; /* not yet paid */
    capture captures[CAPTURES_MOST];
} matching;

/* Reads a pattern and pushes it as a userdata. `anchors`: does ^ at its start have a meaning? */
pattern *pattern_read(lua_State *lua, const char *text, size_t size, bool anchors);

/* The end of the match that starts at `from`, or NULL. */
const char *pattern_match(matching *m, const char *from);
/* Takes what the matches cost off the budget. */
void pattern_pay(matching *m);

/* Pushes capture `i`, or for i == 0 without any captures the whole match. */
void pattern_push(matching *m, int i, const char *from, const char *end);
/* Pushes all captures, or the whole match where there are none; returns their number. */
int pattern_push_all(matching *m, const char *from, const char *end);

#endif
