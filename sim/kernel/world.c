/*
 * A world's life: layout of a node's piece, boot, the questions that may be asked of it.
 *
 *   piece of a node: | core | draws per component | timers | state of component 0 | 1 | ... |
 */
#include "kernel/internal.h"

#include <stdio.h>

enum { NODES_MOST = 1 << 30, LAYER_NONE = 0xFF };

static const size_t size_most = (size_t)1 << 30;

_Noreturn void kernel_abort(const char *condition, int line)
{
    fprintf(stderr, "dasim: a bug in dasim: kernel line %d: %s\n", line, condition);
    abort();
}

void *kernel_allocate(size_t size)
{
    void *bytes = calloc(1, size ? size : 1);
    ALWAYS(bytes != NULL);
    return bytes;
}

/* Nodes and states are aligned to cache lines. */
static void *allocate_lines(size_t size)
{
    size = (size + 63) & ~(size_t)63;
    void *bytes = aligned_alloc(64, size ? size : 64);
    ALWAYS(bytes != NULL);
    return memset(bytes, 0, size);
}

static size_t align16(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

/* ------------------------------------------------------------------------------- layout */

static const char *size_layer(world *w, layer *l)
{
    const dasim_algorithm *a = l->algorithm;
    const dasim_config config = {w->node_count, w->config.resources, l->params};
    size_t state = a->state_size ? a->state_size(&config) : 0;
    size_t stable = a->stable_size ? a->stable_size(&config) : 0;
    if (w->replays) { /* only what is declared is known */
        state = fields_extent(a->state, config.nodes, config.resources);
        stable = fields_extent(a->stable, config.nodes, config.resources);
    }
    if (state > size_most || stable > size_most) {
        return "an algorithm asks for more than 1 GiB of state a node";
    }
    if (fields_extent(a->state, config.nodes, config.resources) > state ||
        fields_extent(a->stable, config.nodes, config.resources) > stable) {
        return "an algorithm declares fields beyond the end of its state";
    }
    l->state_size = (uint32_t)state;
    l->stable_size = (uint32_t)stable;
    while (a->timers && a->timers[l->timer_count]) {
        l->timer_count++;
    }
    while (a->messages && a->messages[l->message_count].name) {
        l->message_count++;
    }
    if (!w->replays &&
        ((l->message_count > 0 && !a->on_message) || (l->timer_count > 0 && !a->on_timer))) {
        return "an algorithm declares messages or timers without on_message or on_timer";
    }
    return NULL;
}

/* Connects component `number` with the nearest one below that provides `service`. */
static const char *connect_below(world *w, uint32_t number, dasim_service service)
{
    uint32_t below = number;
    while (below > 0 && w->stack[below - 1].algorithm->provides != service) {
        below--;
    }
    if (below-- == 0) {
        return "an algorithm uses a service that nothing below it provides";
    }
    layer *l = &w->stack[number], *lower = &w->stack[below];
    if (!w->replays && lower->algorithm->on_request == NULL && service != DASIM_DETECTOR) {
        return "an algorithm uses a service of one that takes no requests";
    }
    l->lower[service] = (uint8_t)below;
    l->below |= 1u << service;
    lower->upper[lower->upper_count++] = (uint8_t)number;
    return NULL;
}

static const char *connect_layer(world *w, uint32_t number)
{
    layer *l = &w->stack[number];
    memset(l->lower, LAYER_NONE, sizeof l->lower);
    const dasim_service *uses = l->algorithm->uses, *may_use = l->algorithm->may_use;
    const char *fault = NULL;
    for (; uses && *uses != DASIM_NO_SERVICE && fault == NULL; uses++) {
        fault = connect_below(w, number, *uses);
    }
    for (; may_use && *may_use != DASIM_NO_SERVICE && fault == NULL; may_use++) {
        if (w->config.stack[number].given >> *may_use & 1) {
            fault = connect_below(w, number, *may_use);
        }
    }
    return fault;
}

static uint32_t longest_body(const world *w)
{
    uint32_t longest = sizeof(uint64_t); /* an alarm's data */
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        for (uint32_t m = 0; m < w->stack[i].message_count; m++) {
            uint32_t size = w->stack[i].algorithm->messages[m].size;
            longest = size > longest ? size : longest;
        }
    }
    return longest;
}

static const char *lay_out(world *w)
{
    size_t piece = sizeof(core), stable = 0;
    w->draws_offset = (uint32_t)piece;
    piece += w->config.stack_size * sizeof(uint64_t);
    w->timers_offset = (uint32_t)piece;
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        w->stack[i].algorithm = w->config.stack[i].algorithm;
        w->stack[i].params = w->config.stack[i].params;
        const char *fault = size_layer(w, &w->stack[i]);
        if (fault == NULL) {
            fault = connect_layer(w, i);
        }
        if (fault) {
            return fault;
        }
        w->stack[i].timer_first = w->timer_count;
        w->timer_count += w->stack[i].timer_count;
    }
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        w->stack[i].is_heard = w->stack[i].upper_count == 0 || w->config.stack[i].offered;
    }
    piece = align16(piece + w->timer_count * sizeof(timer_slot));
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        w->stack[i].state_offset = (uint32_t)piece;
        piece = align16(piece + w->stack[i].state_size);
        w->stack[i].stable_offset = (uint32_t)stable;
        stable = align16(stable + w->stack[i].stable_size);
    }
    piece = piece > 64 ? (piece + 63) & ~(size_t)63 : piece;
    if (piece > UINT32_MAX || stable > UINT32_MAX) {
        return "the states of one node need more than 4 GiB";
    }
    if ((piece + stable) * w->node_count > (size_t)1 << 36) {
        return "the states of all nodes need more than 64 GiB";
    }
    w->node_stride = (uint32_t)piece;
    w->stable_stride = (uint32_t)stable;
    return NULL;
}

static void allocate_blocks(world *w)
{
    w->nodes = allocate_lines((size_t)w->node_count * w->node_stride);
    w->stable = allocate_lines((size_t)w->node_count * w->stable_stride);
    w->stable_copy = kernel_allocate(w->stable_stride);
    for (uint32_t i = 0; i < w->node_count; i++) {
        core_of(w, i)->wait_head = core_of(w, i)->wait_tail = SLAB_NONE;
    }
    uint32_t longest = longest_body(w);
    w->inline_size = longest <= INLINE_MOST ? (uint32_t)align16(longest) : INLINE_LEAST;
    w->inline_size = w->inline_size < INLINE_LEAST ? INLINE_LEAST : w->inline_size;
    slab_init(&w->events, sizeof(event) + w->inline_size);
    slab_init(&w->parcels, longest > w->inline_size ? longest : 16);
    w->scratch = aligned_alloc(16, align16(longest + 16u));
    ALWAYS(w->scratch != NULL);
    w->pending = queue_new();
}

static const char *check_places(const network_config *net, uint32_t nodes)
{
    bool used = net->usual.use_matrix;
    for (uint32_t i = 0; i < net->rule_count; i++) {
        used |= net->rules[i].quality.use_matrix;
    }
    if (used && (net->matrix == NULL || net->matrix->places == 0)) {
        return "links take their delay from a matrix that is not there";
    }
    for (uint32_t i = 0; used && net->places && i < nodes; i++) {
        if (net->places[i] >= net->matrix->places) {
            return "a node is at a place that the matrix of delays does not have";
        }
    }
    return NULL;
}

static const char *check_config(const world_config *config)
{
    if (config->nodes == 0 || config->nodes > NODES_MOST) {
        return "the number of nodes is not 1 .. 2^30";
    }
    if (config->resources == 0) {
        return "the number of resources is 0";
    }
    if (config->stack_size == 0 || config->stack_size > STACK_MOST) {
        return "the stack does not have 1 .. 8 components";
    }
    return check_places(&config->network, config->nodes);
}

static const char *build(world *w)
{
    const char *fault = lay_out(w);
    if (fault) {
        return fault;
    }
    allocate_blocks(w);
    links_init(w);
    for (uint32_t i = 0; i < w->config.late_count; i++) {
        ALWAYS(w->config.late[i] < w->node_count);
    }
    return topology_build(w);
}

world *world_new(const world_config *config, const char **fault)
{
    return world_build(config, WORLD_LIVES, fault);
}

world *world_build(const world_config *config, world_mode mode, const char **fault)
{
    *fault = check_config(config);
    if (*fault) {
        return NULL;
    }
    world *w = kernel_allocate(sizeof *w);
    w->config = *config;
    w->replays = mode;
    w->node_count = config->nodes;
    for (uint32_t i = 0; i < PURPOSE_DRIVER; i++) {
        w->keys[i] = rng_key_of(config->seed, i, 0);
    }
    w->handler.world = w;
    w->handler.view.api = &kernel_api;
    w->handler.view.nodes = config->nodes;
    w->handler.view.resources = config->resources;
    *fault = build(w);
    if (*fault) {
        world_free(w);
        return NULL;
    }
    return w;
}

void world_free(world *w)
{
    if (w == NULL) {
        return;
    }
    links_free(w);
    calls_forget(w);
    free(w->nodes);
    free(w->stable);
    free(w->stable_copy);
    free(w->clocks);
    free(w->scratch);
    free(w->calls);
    free(w->posts);
    if (w->pending) {
        queue_free(w->pending);
        slab_clear(&w->events);
        slab_clear(&w->parcels);
    }
    for (uint32_t i = 0; i < w->driver_count; i++) {
        free(w->driver_state[i]);
    }
    free(w);
}

/* --------------------------------------------------------------------- observers, drivers */

void world_observe(world *w, const observer *o)
{
    ALWAYS(!w->g.started && w->observer_count < OBSERVERS_MOST && o->on_record);
    w->observers[w->observer_count++] = *o;
    w->watched = true;
}

uint32_t world_drive(world *w, const driver *d)
{
    ALWAYS(!w->g.started && w->driver_count < DRIVERS_MOST);
    uint32_t number = w->driver_count++;
    w->drivers[number] = *d;
    w->driver_state[number] = kernel_allocate(d->state_bytes);
    w->watched |= d->on_record != NULL;
    w->intercepted |= d->on_send != NULL;
    return number;
}

void world_set_digest(world *w, digest *d)
{
    ALWAYS(!w->g.started);
    w->digest = d;
}

void world_set_chooser(world *w, chooser choose_instead, void *context)
{
    w->choose = choose_instead;
    w->choose_context = context;
}

void show(world *w, const record *r)
{
    for (uint32_t i = 0; i < w->observer_count; i++) {
        w->observers[i].on_record(w->observers[i].self, w, r);
    }
    for (uint32_t i = 0; i < w->driver_count; i++) {
        if (w->drivers[i].on_record) {
            w->drivers[i].on_record(w->drivers[i].self, w, r);
        }
    }
}

void *world_driver_state(world *w, uint32_t number)
{
    return w->driver_state[number];
}

uint64_t world_choose(world *w, uint32_t why, uint64_t who, uint64_t n, uint64_t bound)
{
    ALWAYS(why >= PURPOSE_DRIVER);
    if (w->choose) {
        return w->choose(w->choose_context, why, who, n, bound);
    }
    return rng_below(rng_draw(rng_key_of(w->config.seed, why, who), n), bound);
}

/* --------------------------------------------------------------------------------- boot */

void node_boot(world *w, uint32_t node, bool recovering)
{
    core *c = core_of(w, node);
    uint64_t cause = w->cause;
    bool slow = c->service > 0 || w->config.service_time.kind != DISTRIBUTION_FIXED ||
                w->config.service_time.a > 0;
    c->flags = (uint8_t)(CORE_UP | (slow ? CORE_SLOW : 0));
    uint32_t incarnation = ++c->incarnation;
    w->cause = emit(w, RECORD_BOOT, 0, node, NOBODY, recovering, cause, NULL, 0, REASON_NONE);
    for (uint32_t i = 0; i < w->config.stack_size && lives(c, incarnation); i++) {
        if (w->stack[i].algorithm->on_boot) {
            handler_begin(w, c, node, i);
            w->stack[i].algorithm->on_boot(&w->handler.view, recovering);
            handler_end(w);
        }
    }
    for (uint32_t i = 0; i < w->driver_count && lives(c, incarnation); i++) {
        if (w->drivers[i].on_boot) {
            w->drivers[i].on_boot(w->drivers[i].self, w, node, recovering);
        }
    }
    w->cause = cause;
}

static bool is_late(const world_config *config, uint32_t node)
{
    for (uint32_t i = 0; i < config->late_count; i++) {
        if (config->late[i] == node) {
            return true;
        }
    }
    return false;
}

void world_start(world *w)
{
    ALWAYS(!w->g.started);
    w->g.started = 1;
    clocks_init(w);
    for (uint32_t i = 0; i < w->node_count; i++) {
        if (!is_late(&w->config, i)) {
            node_boot(w, i, false);
        }
    }
    for (uint32_t i = 0; i < w->driver_count; i++) {
        if (w->drivers[i].on_start) {
            w->drivers[i].on_start(w->drivers[i].self, w);
        }
    }
    calls_drain(w);
    w->cause = 0;
}

void world_stop(world *w)
{
    w->g.stopped = 1;
}

/* -------------------------------------------------------------------------------- looking */

int64_t world_now(const world *w)
{
    return w->g.now;
}

uint64_t world_events(const world *w)
{
    return w->g.events;
}

uint64_t world_records(const world *w)
{
    return w->g.records;
}

const world_config *world_config_of(const world *w)
{
    return &w->config;
}

uint32_t world_nodes(const world *w)
{
    return w->node_count;
}

uint32_t world_incarnation(const world *w, uint32_t node)
{
    return core_of(w, node)->incarnation;
}

bool world_is_up(const world *w, uint32_t node)
{
    return core_of(w, node)->flags & CORE_UP;
}

bool world_is_paused(const world *w, uint32_t node)
{
    return core_of(w, node)->flags & CORE_PAUSED;
}

const void *world_state(const world *w, uint32_t node, uint32_t component)
{
    return (const unsigned char *)core_of(w, node) + w->stack[component].state_offset;
}

const void *world_stable(const world *w, uint32_t node, uint32_t component)
{
    return w->stable + (size_t)node * w->stable_stride + w->stack[component].stable_offset;
}

bool world_is_heard(const world *w, uint32_t component)
{
    return w->stack[component].is_heard;
}

uint32_t world_component(const world *w, dasim_service service)
{
    uint32_t found = STACK_MOST;
    for (uint32_t i = 0; i < w->config.stack_size; i++) {
        bool heard = found < STACK_MOST && w->stack[found].is_heard && !w->stack[i].is_heard;
        if (w->stack[i].algorithm->provides == service && !heard) {
            found = i;
        }
    }
    return found;
}

uint32_t world_below(const world *w, uint32_t component)
{
    uint32_t below = 1u << component;
    for (uint32_t i = component + 1; i-- > 0;) {
        for (int service = 0; (below >> i & 1) && service < DASIM_SERVICES; service++) {
            if (w->stack[i].lower[service] != LAYER_NONE) {
                below |= 1u << w->stack[i].lower[service];
            }
        }
    }
    return below;
}

bool world_failed_check(const world *w, uint32_t *node, uint32_t *component, const char **condition,
                        uint32_t *line)
{
    *node = w->g.check_node;
    *component = w->g.check_component;
    *condition = w->g.check_condition;
    *line = w->g.check_line;
    return w->g.check_failed;
}

size_t world_bytes(const world *w)
{
    size_t bytes = sizeof *w + (size_t)w->node_count * (w->node_stride + (size_t)w->stable_stride);
    bytes += w->clocks ? w->node_count * sizeof *w->clocks : 0;
    bytes += queue_bytes(w->pending) + (size_t)w->events.capacity * (w->events.stride + 4u);
    bytes += (size_t)w->parcels.capacity * (w->parcels.stride + 4u);
    bytes += (size_t)w->pairs.capacity * w->pairs.stride;
    bytes += w->neighbours ? (w->node_count + 2u + w->neighbour_first[w->node_count]) * 4u : 0;
    return bytes;
}
