/*
 * What changed in the declared fields of a node (state and stable storage), record by record.
 *
 * A change belongs to the record whose handling brought it: found by comparing the node of that
 * record with a copy, once the handler is over. It is over when the next record comes that is no
 * SEND, LOST or CHECK (those come from the middle of a handler), or at the end. What a crash wipes
 * out are changes of the CRASH. All nodes begin with zeros: what BOOT brings is a change, too.
 */
#ifndef DASIM_OBSERVE_CHANGES_H
#define DASIM_OBSERVE_CHANGES_H

#include "kernel/world.h"

#include <stdbool.h>
#include <stddef.h>

/* One value of one field. */
typedef struct change {
    uint64_t record;          /* whose handling brought it */
    const dasim_field *field; /* of the component's `state` or `stable` */
    int64_t old, new;         /* as field_value() gives them */
    uint32_t node, index;     /* index: of the value within the field */
    uint16_t number;          /* of the field in its list */
    uint8_t component;
    bool stable;
} change;

typedef struct changes changes;

changes *changes_new(const world *w);
void changes_free(changes *c); /* NULL is allowed */

/* Takes the next record in; returns what has changed since, all of it brought by one earlier
 * record: by component from the bottom up, state before stable, by field, by index. Borrowed until
 * the next call; NULL where *count is 0. */
const change *changes_record(changes *c, const world *w, const record *r, size_t *count);
/* The same for what came behind the last record, when the run is over. */
const change *changes_end(changes *c, const world *w, size_t *count);

#endif
