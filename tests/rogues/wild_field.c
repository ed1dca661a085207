/* A field of a type that nobody knows.
 *
 * refused: field clock of state has type 99, expected one of dasim_type
 */
#include <dasim.h>

static size_t state_size(const dasim_config *config)
{
    (void)config;
    return 8;
}

static const dasim_field fields[] = {{.name = "clock", .type = (dasim_type)99}, {0}};

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)self, (void)op, (void)arg, (void)size;
}

DASIM_ALGORITHM(.name = "wild_field", .title = "a rogue", .provides = DASIM_MUTEX,
                .on_request = on_request, .state = fields, .state_size = state_size);
