/*
 * The state of every node behind every record, read from the world itself: what the page must show.
 *
 *   browser-states SCENARIO [SEED]
 *
 * A line for each record that is no SEND, LOST or CHECK, which may come from the middle of a
 * handler: "NUMBER value value ...", all values of all nodes as they are before it is handled, so
 * behind all records up to NUMBER - 1. In the order of the stack from the bottom up, state before
 * stable storage, by field, by index. Unsigned ones of 64 bits are written unsigned.
 */
#include "run/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_value(const dasim_field *field, int64_t value)
{
    if (field->type == DASIM_U64) {
        printf(" %" PRIu64, (uint64_t)value);
    } else {
        printf(" %" PRId64, value);
    }
}

static void print_fields(const world *w, const void *block, const dasim_field *fields)
{
    uint32_t nodes = world_nodes(w), resources = world_config_of(w)->resources;
    for (uint32_t i = 0; fields && fields[i].name; i++) {
        uint32_t offset = field_offset(fields, i, nodes, resources);
        uint32_t count = field_count(&fields[i], nodes, resources);
        for (uint32_t k = 0; k < count; k++) {
            print_value(&fields[i], field_value(block, &fields[i], offset, k));
        }
    }
}

static void print_states(const world *w, uint64_t number)
{
    const world_config *config = world_config_of(w);
    printf("%" PRIu64, number);
    for (uint32_t node = 0; node < world_nodes(w); node++) {
        for (uint32_t i = 0; i < config->stack_size; i++) {
            const dasim_algorithm *a = config->stack[i].algorithm;
            print_fields(w, world_state(w, node, i), a->state);
            print_fields(w, world_stable(w, node, i), a->stable);
        }
    }
    printf("\n");
}

static void begin(void *self, const scenario *s, const world *w, uint64_t seed)
{
    (void)self;
    (void)s;
    (void)w;
    (void)seed;
}

static void on_record(void *self, const world *w, const record *r)
{
    (void)self;
    if (r->kind != RECORD_SEND && r->kind != RECORD_LOST && r->kind != RECORD_CHECK) {
        print_states(w, r->number);
    }
}

static void end(void *self, const scenario *s, const run_result *result)
{
    (void)self;
    (void)s;
    print_states(result->world, result->records + 1);
}

int main(int count, char **words)
{
    GError *error = NULL;
    run_options how;
    run_watcher all = {NULL, begin, on_record, end};
    uint64_t seed = count > 2 ? g_ascii_strtoull(words[2], NULL, 10) : 1;
    if (count < 2) {
        fputs("browser-states: expected SCENARIO [SEED]\n", stderr);
        return 2;
    }
    run_options_init(&how);
    how.watchers = &all;
    how.watcher_count = 1;
    const char *const nowhere[] = {NULL};
    catalogue *modules = catalogue_new(nowhere);
    script_self_test();
    scenario *s = scenario_load(words[1], NULL, 0, seed, modules, NULL, &error);
    run_result *r = s ? run_scenario(s, seed, &how, &error) : NULL;
    if (r == NULL) {
        fprintf(stderr, "browser-states: %s\n", error->message);
        return 2;
    }
    run_result_free(r);
    scenario_free(s);
    catalogue_free(modules);
    return 0;
}
