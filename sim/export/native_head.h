/* The first and the last frame of a native trace: what it is about, and how it ended. Private to
 * the native_*.c files. */
#ifndef DASIM_EXPORT_NATIVE_HEAD_H
#define DASIM_EXPORT_NATIVE_HEAD_H

#include "export/export.h"
#include "export/native_format.h"

/* A head that was read: all that a replayed world refers to. */
typedef struct native_head {
    export_about about;
    world_config config;
    bool keeps_clocks, has_states;
    GPtrArray *owned; /* blocks to be freed */
    window whole;
    export_end end; /* of native_read_end */
} native_head;

void native_write_head(blob *out, const world *w, const export_about *about);
void native_write_end(blob *out, const export_end *how);

/* NULL where the bytes are no head of a run that can be. */
native_head *native_read_head(const unsigned char *bytes, size_t size);
bool native_read_end(native_head *h, const unsigned char *bytes, size_t size);
void native_head_free(native_head *h);

/* How many values a node's declared fields have, and the first of each: of component, state (0) or
 * stable (1), field. */
typedef struct native_slots {
    GArray *all; /* native_field, in the order of their values */
    uint64_t count;
} native_slots;

typedef struct native_field {
    uint64_t first; /* number of its first value among those of the node */
    uint32_t count;
    uint32_t number; /* in its list */
    uint8_t component;
    bool stable;
} native_field;

void native_slots_init(native_slots *s, const world_config *config);
void native_slots_clear(native_slots *s);
/* The field that the value belongs to; NULL: there are not so many. */
const native_field *native_slots_find(const native_slots *s, uint64_t slot);
/* Number of the first value of a field. */
uint64_t native_slots_first(const native_slots *s, uint8_t component, bool stable, uint32_t number);

#endif
