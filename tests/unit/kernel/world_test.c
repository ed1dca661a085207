#include "stage.h"

#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------------------------- boot */

static char order[256];
static uint32_t started;

static void note(const char *who, uint32_t node)
{
    size_t length = strlen(order);
    snprintf(order + length, sizeof order - length, "%s%u ", who, node);
}

static void bottom_boots(dasim_node *self, bool recovering)
{
    cr_assert_not(recovering);
    note("b", self->id);
}

static void top_boots(dasim_node *self, bool recovering)
{
    cr_assert_not(recovering);
    note("t", self->id);
}

static void driver_boots(void *self, world *w, uint32_t node, bool recovering)
{
    (void)self;
    cr_assert_eq(world_incarnation(w, node), 1);
    cr_assert_not(recovering);
    note("d", node);
}

static void starts(void *self, world *w)
{
    (void)self, (void)w;
    note("start", started++);
}

Test (world, nodes_boot_by_id_and_bottom_first_and_then_drivers_start) {
    world_config c = plain(3);
    c.stack[1].algorithm = &part[2];
    c.stack_size = 2;
    part[0].on_boot = bottom_boots;
    part[2].on_boot = top_boots;
    actor.on_boot = driver_boots;
    actor.on_start = starts;
    world *w = begin(&c);
    cr_assert_str_eq(order, "b0 t0 d0 b1 t1 d1 b2 t2 d2 start0 ");
    for (uint32_t node = 0; node < 3; node++) {
        const seen *s = seen_nth(RECORD_BOOT, NOBODY, node);
        cr_assert(s->r.node == node && s->r.at == 0 && s->r.type == 0 && s->r.cause == 0);
        cr_assert(world_is_up(w, node) && !world_is_paused(w, node));
    }
    cr_assert_eq(run_all(w), WORLD_IDLE);
    cr_assert(world_now(w) == 0 && world_events(w) == 0 && world_records(w) == 3);
    world_free(w);
}

static void join(world *w)
{
    cr_assert_eq(world_incarnation(w, 1), 0);
    world_recover(w, 1);
}

static void recover_again(world *w)
{
    world_recover(w, 1); /* is up: nothing */
}

Test (world, a_late_node_is_down_until_it_joins_and_then_boots_for_the_first_time) {
    world_config c = plain(3);
    const uint32_t late[] = {1};
    c.late = late;
    c.late_count = 1;
    at(7, join);
    at(8, recover_again);
    world *w = begin(&c);
    cr_assert_not(world_is_up(w, 1));
    cr_assert(!ask(w, 1, 1, 0));
    run_all(w);
    cr_assert_eq(seen_count(RECORD_BOOT, 1), 1);
    const seen *s = seen_nth(RECORD_BOOT, 1, 0);
    cr_assert(s->r.at == 7 && s->r.type == 0);
    cr_assert(world_is_up(w, 1) && world_incarnation(w, 1) == 1);
    world_free(w);
}

/* ----------------------------------------------------------------------------- memory */

static void expect_blank(dasim_node *self, bool recovering)
{
    (void)recovering;
    static const memory blank;
    cr_assert_eq((uintptr_t)self->state % 16, 0);
    cr_assert_eq((uintptr_t)self->stable % 16, 0);
    cr_assert_eq(memcmp(self->state, &blank, sizeof blank), 0);
    cr_assert_eq(memcmp(self->stable, &blank, sizeof blank), 0);
    memset(self->state, 0xA5, sizeof(memory));
    memset(self->stable, 0x5A, sizeof(memory));
}

Test (world, states_are_zero_at_first_aligned_and_apart) {
    world_config c = plain(5);
    for (uint32_t i = 0; i < LAYERS; i++) {
        c.stack[i].algorithm = &part[i];
        part[i].on_boot = expect_blank;
    }
    c.stack_size = LAYERS;
    world *w = begin(&c);
    world_crash(w, 2, false);
    static const memory blank;
    for (uint32_t node = 0; node < 5; node++) {
        for (uint32_t i = 0; i < LAYERS; i++) {
            memory full, kept;
            memset(&full, node == 2 ? 0 : 0xA5, sizeof full);
            memset(&kept, 0x5A, sizeof kept);
            cr_assert_eq(memcmp(world_state(w, node, i), &full, sizeof full), 0);
            cr_assert_eq(memcmp(world_stable(w, node, i), &kept, sizeof kept), 0);
        }
    }
    world_crash(w, 3, true);
    cr_assert_eq(memcmp(world_stable(w, 3, 1), &blank, sizeof blank), 0);
    world_free(w);
}

/* --------------------------------------------------------- configurations that cannot be */

static size_t gigabyte(const dasim_config *config)
{
    (void)config;
    return (size_t)1 << 30;
}

static size_t too_large(const dasim_config *config)
{
    (void)config;
    return ((size_t)1 << 30) + 1;
}

static void no_nodes(world_config *c)
{
    c->nodes = 0;
}

static void many_nodes(world_config *c)
{
    c->nodes = (1u << 30) + 1;
}

static void no_resources(world_config *c)
{
    c->resources = 0;
}

static void no_stack(world_config *c)
{
    c->stack_size = 0;
}

static void tall_stack(world_config *c)
{
    c->stack_size = STACK_MOST + 1;
}

static void large_state(world_config *c)
{
    (void)c;
    part[0].state_size = too_large;
}

static void large_stable(world_config *c)
{
    (void)c;
    part[0].stable_size = too_large;
}

static void wide_states(world_config *c) /* more than 2^32 bytes a node */
{
    for (uint32_t i = 0; i < 5; i++) {
        c->stack[i].algorithm = &part[0];
    }
    part[0].state_size = gigabyte;
    c->stack_size = 5;
}

static void wide_stables(world_config *c)
{
    wide_states(c);
    part[0].state_size = NULL;
    part[0].stable_size = gigabyte;
}

static void large_total(world_config *c)
{
    part[0].state_size = gigabyte;
    c->nodes = 100;
}

static void fields_beyond_state(world_config *c)
{
    static const dasim_field fields[] = {{"far", DASIM_U64, 25, 0, 0, NULL, NULL}, {0}};
    (void)c;
    part[0].state = fields;
}

static void fields_beyond_stable(world_config *c)
{
    static const dasim_field fields[] = {{"wide", DASIM_U64, 0, DASIM_PER_RESOURCE_AND_NODE, 0,
                                          NULL, NULL},
                                         {0}};
    c->nodes = c->resources = 65536; /* their product is 2^32 */
    part[0].stable = fields;
}

static const dasim_service uses_memory[] = {DASIM_MEMORY, DASIM_NO_SERVICE};
static const dasim_service uses_mutex[] = {DASIM_MUTEX, DASIM_NO_SERVICE};

static void service_missing(world_config *c)
{
    c->stack[1].algorithm = &part[1];
    c->stack_size = 2;
    part[1].uses = uses_memory;
}

static void service_above(world_config *c)
{
    c->stack[0].algorithm = &part[1];
    c->stack[1].algorithm = &part[0];
    c->stack_size = 2;
    part[1].uses = uses_mutex;
}

static void deaf_service(world_config *c)
{
    service_missing(c);
    part[1].uses = uses_mutex;
    part[0].on_request = NULL;
}

static void deaf_to_messages(world_config *c)
{
    (void)c;
    part[0].on_message = NULL;
}

static void deaf_to_timers(world_config *c)
{
    (void)c;
    part[0].on_timer = NULL;
}

static void no_matrix(world_config *c)
{
    c->network.usual.use_matrix = true;
}

static void place_missing(world_config *c)
{
    static delay_matrix none = {.places = 3}; /* delays are not looked at */
    static const uint32_t places[] = {0, 2, 3};
    c->network.usual.use_matrix = true;
    c->network.matrix = &none;
    c->network.places = places;
    c->nodes = 3;
}

static void no_width(world_config *c)
{
    c->network.shape.kind = TOPOLOGY_GRID;
}

static void no_arity(world_config *c)
{
    c->network.shape.kind = TOPOLOGY_TREE;
}

static void large_random_graph(world_config *c)
{
    c->network.shape.kind = TOPOLOGY_RANDOM;
    c->nodes = 20001;
}

static const struct {
    void (*spoil)(world_config *c);
    const char *says;
} impossible[] = {
    {no_nodes, "nodes"},
    {many_nodes, "nodes"},
    {no_resources, "resources"},
    {no_stack, "1 .. 8"},
    {tall_stack, "1 .. 8"},
    {large_state, "1 GiB"},
    {large_stable, "1 GiB"},
    {wide_states, "4 GiB"},
    {wide_stables, "4 GiB"},
    {large_total, "64 GiB"},
    {fields_beyond_state, "beyond the end"},
    {fields_beyond_stable, "beyond the end"},
    {service_missing, "nothing below it provides"},
    {service_above, "nothing below it provides"},
    {deaf_service, "takes no requests"},
    {deaf_to_messages, "on_message"},
    {deaf_to_timers, "on_timer"},
    {no_matrix, "matrix"},
    {place_missing, "place"},
    {no_width, "width or arity"},
    {no_arity, "width or arity"},
    {large_random_graph, "20,000"},
};

Test (world, an_impossible_configuration_is_refused_with_the_reason) {
    dasim_algorithm whole[LAYERS];
    memcpy(whole, part, sizeof whole);
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        world_config c = plain(2);
        impossible[i].spoil(&c);
        const char *fault = NULL;
        world *w = world_new(&c, &fault);
        cr_assert_null(w, "case %zu is accepted", i);
        cr_assert_not_null(strstr(fault, impossible[i].says), "case %zu: \"%s\"", i, fault);
        memcpy(part, whole, sizeof whole);
    }
}

Test (world, a_probability_of_ppb_reaches_both_ends) {
    cr_assert_eq(probability_of_ppb(0), 0);
    cr_assert_eq(probability_of_ppb(-1), 0);
    cr_assert_eq(probability_of_ppb(1), UINT64_C(18446744073));
    cr_assert_eq(probability_of_ppb(500000000), UINT64_C(1) << 63);
    cr_assert_eq(probability_of_ppb(999999999), UINT64_C(18446744055262807542));
    cr_assert_eq(probability_of_ppb(1000000000), UINT64_MAX);
    cr_assert_eq(probability_of_ppb(2000000000), UINT64_MAX);
}

/* ------------------------------------------------------------------------------ roles */

typedef struct playing {
    uint32_t leads;
    uint32_t holds[3];
} playing;

static const dasim_field roles[] = {
    {"leads", DASIM_U32, offsetof(playing, leads), 0, 0, "leader", NULL},
    {"holds", DASIM_U32, offsetof(playing, holds), 3, 0, "holder", NULL},
    {0},
};

static void play(dasim_node *self, bool recovering)
{
    (void)recovering;
    playing *my = self->state;
    my->leads = self->id >= 2;
    my->holds[1] = self->id == 3;
}

Test (world, a_role_is_found_at_the_lowest_live_node_that_plays_it) {
    world_config c = plain(5);
    part[0].state = roles;
    part[0].on_boot = play;
    world *w = begin(&c);
    cr_assert(world_has_role(w, "leader") && world_has_role(w, "holder"));
    cr_assert_not(world_has_role(w, "leads"));
    cr_assert_eq(world_role(w, "leader", 0), 2);
    cr_assert_eq(world_role(w, "holder", 0), NOBODY);
    cr_assert_eq(world_role(w, "holder", 1), 3);
    cr_assert_eq(world_role(w, "holder", 3), NOBODY);
    cr_assert_eq(world_role(w, "king", 0), NOBODY);
    world_crash(w, 2, false);
    cr_assert_eq(world_role(w, "leader", 0), 3);
    world_free(w);
}
