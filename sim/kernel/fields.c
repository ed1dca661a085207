/* Declared fields: where they are, how many values they have, what the values are. */
#include "kernel/internal.h"

static const uint32_t type_sizes[DASIM_TYPES] = {
    [DASIM_BOOL] = 1, [DASIM_U8] = 1,  [DASIM_U16] = 2,  [DASIM_U32] = 4,  [DASIM_U64] = 8,
    [DASIM_I32] = 4,  [DASIM_I64] = 8, [DASIM_NODE] = 4, [DASIM_TIME] = 8,
};

static uint32_t stride_of(const dasim_field *field)
{
    return field->stride ? field->stride : type_sizes[field->type];
}

static size_t end_of(const dasim_field *field, size_t offset, uint32_t nodes, uint32_t resources)
{
    uint32_t count = field_count(field, nodes, resources);
    return offset + (count ? (size_t)(count - 1) * stride_of(field) + type_sizes[field->type] : 0);
}

/* Of the field behind which `field` may be told to start. */
static size_t start_of(const dasim_field *field, size_t end)
{
    size_t size = type_sizes[field->type];
    return field->offset == DASIM_AFTER ? (end + size - 1) / size * size : field->offset;
}

int64_t field_value(const void *block, const dasim_field *field, uint32_t offset, uint32_t index)
{
    const unsigned char *at =
        (const unsigned char *)block + offset + (size_t)index * stride_of(field);
    union {
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        int32_t i32;
        int64_t i64;
    } value = {.i64 = 0};
    memcpy(&value, at, type_sizes[field->type]);
    switch (field->type) {
    case DASIM_BOOL:
    case DASIM_U8:
        return value.u8;
    case DASIM_U16:
        return value.u16;
    case DASIM_U32:
    case DASIM_NODE:
        return value.u32;
    case DASIM_I32:
        return value.i32;
    default:
        return value.i64;
    }
}

void field_set(void *block, const dasim_field *field, uint32_t offset, uint32_t index,
               int64_t value)
{
    memcpy((unsigned char *)block + offset + (size_t)index * stride_of(field), &value,
           type_sizes[field->type]);
}

uint32_t field_count(const dasim_field *field, uint32_t nodes, uint32_t resources)
{
    switch (field->count) {
    case 0:
        return 1;
    case DASIM_PER_NODE:
        return nodes;
    case DASIM_PER_RESOURCE:
        return resources;
    case DASIM_PER_RESOURCE_AND_NODE:
        return (uint64_t)nodes * resources < UINT32_MAX ? nodes * resources : UINT32_MAX;
    default:
        return field->count;
    }
}

uint32_t field_offset(const dasim_field *fields, uint32_t which, uint32_t nodes, uint32_t resources)
{
    size_t end = 0, offset = 0;
    for (uint32_t i = 0; i <= which; i++) {
        offset = start_of(&fields[i], end);
        end = end_of(&fields[i], offset, nodes, resources);
    }
    return (uint32_t)offset;
}

size_t fields_extent(const dasim_field *fields, uint32_t nodes, uint32_t resources)
{
    size_t end = 0, most = 0;
    for (; fields && fields->name; fields++) {
        end = end_of(fields, start_of(fields, end), nodes, resources);
        most = end > most ? end : most;
    }
    return most;
}

/* Does the component of a live node play the role, by its own account? */
static bool plays(const world *w, uint32_t node, const layer *l, const char *role, uint32_t index)
{
    const dasim_field *fields = l->algorithm->state;
    for (uint32_t i = 0; fields && fields[i].name; i++) {
        if (fields[i].role == NULL || strcmp(fields[i].role, role) != 0 ||
            index >= field_count(&fields[i], w->node_count, w->config.resources)) {
            continue;
        }
        uint32_t offset = field_offset(fields, i, w->node_count, w->config.resources);
        const unsigned char *state = (const unsigned char *)core_of(w, node) + l->state_offset;
        return field_value(state, &fields[i], offset, index) != 0;
    }
    return false;
}

uint32_t world_role(const world *w, const char *role, uint32_t index)
{
    for (uint32_t i = w->config.stack_size; i-- > 0;) {
        for (uint32_t node = 0; node < w->node_count; node++) {
            if (world_is_up(w, node) && plays(w, node, &w->stack[i], role, index)) {
                return node;
            }
        }
    }
    return NOBODY;
}

bool world_has_role(const world *w, const char *role)
{
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        const dasim_field *field = w->stack[i].algorithm->state;
        for (; field && field->name; field++) {
            if (field->role && strcmp(field->role, role) == 0) {
                return true;
            }
        }
    }
    return false;
}
