/*
 * Why did a record come about? The chain of its causes, and where its node waits for a lock at that
 * moment: who holds what it waits for, and whom those wait for in turn.
 */
#ifndef DASIM_OBSERVE_WHY_H
#define DASIM_OBSERVE_WHY_H

#include "kernel/world.h"

#include <glib.h>

typedef struct why why;

why *why_new(const world *w, uint64_t number); /* of the record */
void why_free(why *y);                         /* NULL is allowed */
/* Every record of the run, in order, then its end. */
void why_record(why *y, const record *r);
void why_end(why *y, int64_t at);

bool why_is_known(const why *y); /* was there such a record? */
/* After the end: is it the record itself, its cause, or the cause of one of these? */
bool why_is_cause(const why *y, uint64_t number);
/* After the end: appends lines about locks; nothing where its node waits for none. */
void why_append_waits(const why *y, GString *text);

#endif
