/*
 * What clients remark (RECORD_NOTE): the first of them, for the page.
 */
#ifndef DASIM_OBSERVE_NOTES_H
#define DASIM_OBSERVE_NOTES_H

#include "kernel/world.h"

enum { NOTES_KEPT = 1000 };

typedef struct note {
    int64_t at;
    uint32_t node;
    char *text; /* printable */
} note;

typedef struct notes notes;

notes *notes_new(void);
void notes_free(notes *n); /* NULL is allowed */
observer notes_observer(notes *n);

/* In their order, NOTES_KEPT at most; *total: how many there were. */
const note *notes_all(const notes *n, uint32_t *kept, uint64_t *total);

#endif
