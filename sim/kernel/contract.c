/*
 * The kernel's side of include/dasim.h: what a handler may call, and the requests and indications
 * that wait until it has returned.
 */
#include "kernel/internal.h"

enum { LAYER_NONE = 0xFF };

static const int64_t after_most = INT64_C(1) << 60; /* 36 years: local time cannot overflow */

static handler *handler_of(dasim_node *self)
{
    return (handler *)(void *)self;
}

static void fail(dasim_node *self, const char *condition, uint32_t line)
{
    handler *h = handler_of(self);
    world *w = h->world;
    if (w->g.check_failed || h->is_cut) { /* behind the cut nothing has happened */
        return;
    }
    w->g.check_failed = w->g.stopped = 1;
    w->g.check_node = self->id;
    w->g.check_component = h->component;
    w->g.check_line = line;
    size_t length = strlen(condition);
    length = length < sizeof w->g.check_condition ? length : sizeof w->g.check_condition - 1;
    memcpy(w->g.check_condition, condition, length);
    emit(w, RECORD_CHECK, h->component, self->id, NOBODY, line, w->cause, w->g.check_condition,
         (uint32_t)length, REASON_NONE);
}

/* ------------------------------------------------------------------------------ messages */

/* One more message of this handler: false where the handler is cut before it. */
static bool may_send(handler *h)
{
    if (LIKELY(h->sends_left == UINT32_MAX)) {
        return true;
    }
    if (h->sends_left > 0) {
        h->sends_left--;
        return true;
    }
    world *w = h->world;
    if (!h->is_cut && w->stable_stride > 0) {
        memcpy(w->stable_copy, w->stable + (size_t)h->view.id * w->stable_stride, w->stable_stride);
    }
    h->is_cut = true;
    return false;
}

static bool is_declared(dasim_node *self, uint32_t type, size_t size)
{
    const layer *l = &handler_of(self)->world->stack[handler_of(self)->component];
    if (UNLIKELY(type >= l->message_count)) {
        fail(self, "sent message type is declared", 0);
        return false;
    }
    if (UNLIKELY(size > l->algorithm->messages[type].size)) {
        fail(self, "sent message fits its declared size", 0);
        return false;
    }
    return true;
}

static void api_send(dasim_node *self, uint32_t to, uint32_t type, const void *body, size_t size)
{
    handler *h = handler_of(self);
    if (UNLIKELY(to >= self->nodes)) {
        fail(self, "receiver of a message is a node", 0);
    } else if (LIKELY(is_declared(self, type, size) && may_send(h))) {
        link_send(h->world, h->core, self->id, to, h->component, type, body, (uint32_t)size);
    }
}

static void api_broadcast(dasim_node *self, uint32_t type, const void *body, size_t size)
{
    handler *h = handler_of(self);
    for (uint32_t to = 0; to < self->nodes && is_declared(self, type, size); to++) {
        if (to != self->id && may_send(h)) {
            link_send(h->world, h->core, self->id, to, h->component, type, body, (uint32_t)size);
        }
    }
}

static const uint32_t *api_neighbours(dasim_node *self, uint32_t *count)
{
    const world *w = handler_of(self)->world;
    if (w->neighbours == NULL) {
        *count = self->nodes - 1;
        return NULL;
    }
    uint32_t first = w->neighbour_first[self->id];
    *count = w->neighbour_first[self->id + 1] - first;
    return w->neighbours + first;
}

/* --------------------------------------------------------------- timers, clock, randomness */

static bool is_timer(dasim_node *self, uint32_t timer)
{
    if (UNLIKELY(timer >=
                 handler_of(self)->world->stack[handler_of(self)->component].timer_count)) {
        fail(self, "timer is declared", 0);
        return false;
    }
    return true;
}

static void api_arm(dasim_node *self, uint32_t timer, int64_t after)
{
    handler *h = handler_of(self);
    if (is_timer(self, timer)) {
        after = after < 0 ? 0 : after > after_most ? after_most : after;
        timer_arm(h->world, self->id, h->core, h->component, timer,
                  local_now(h->world, self->id) + after, h->world->cause);
    }
}

static void api_disarm(dasim_node *self, uint32_t timer)
{
    handler *h = handler_of(self);
    if (is_timer(self, timer)) {
        timer_disarm(h->world, h->core, h->component, timer);
    }
}

static int64_t api_clock(dasim_node *self)
{
    return local_now(handler_of(self)->world, self->id);
}

static uint64_t api_random(dasim_node *self, uint64_t bound)
{
    handler *h = handler_of(self);
    uint64_t who = (uint64_t)h->component << 32 | self->id;
    return choose(h->world, PURPOSE_NODE, who, draws_of(h->world, h->core)[h->component]++, bound);
}

/* ------------------------------------------------------------- requests and indications */

static void api_request(dasim_node *self, dasim_service service, uint32_t op, const void *arg,
                        size_t size)
{
    handler *h = handler_of(self);
    const layer *l = &h->world->stack[h->component];
    if (UNLIKELY((unsigned)service >= DASIM_SERVICES || l->lower[service] == LAYER_NONE)) {
        fail(self, "requested service is declared in uses", 0);
    } else if (UNLIKELY(h->world->stack[l->lower[service]].algorithm->on_request == NULL)) {
        fail(self, "requested service takes requests", 0);
    } else if (UNLIKELY(size > ARGUMENT_MOST)) {
        fail(self, "argument of a request fits 1 MiB", 0);
    } else {
        call_push(h->world, self->id, l->lower[service], true, op, arg, size);
    }
}

static void api_indicate(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    handler *h = handler_of(self);
    if (UNLIKELY(size > ARGUMENT_MOST)) {
        fail(self, "argument of an indication fits 1 MiB", 0);
    } else {
        call_push(h->world, self->id, h->component, false, op, arg, size);
    }
}

const dasim_api kernel_api = {
    .send = api_send,
    .broadcast = api_broadcast,
    .arm = api_arm,
    .disarm = api_disarm,
    .clock = api_clock,
    .random = api_random,
    .neighbours = api_neighbours,
    .request = api_request,
    .indicate = api_indicate,
    .fail = fail,
};

void handler_begin(world *w, core *c, uint32_t node, uint32_t component)
{
    handler *h = &w->handler;
    const layer *l = &w->stack[component];
    h->view.state = (unsigned char *)c + l->state_offset;
    h->view.stable = w->stable + (size_t)node * w->stable_stride + l->stable_offset;
    h->view.params = l->params;
    h->view.id = node;
    h->view.below = l->below;
    h->core = c;
    h->component = component;
    h->sends_left = c->cut_after - 1;
}

void handler_end(world *w)
{
    handler *h = &w->handler;
    if (UNLIKELY(h->is_cut)) {
        h->is_cut = false;
        if (w->stable_stride > 0) {
            memcpy(w->stable + (size_t)h->view.id * w->stable_stride, w->stable_copy,
                   w->stable_stride);
        }
        world_crash(w, h->view.id, false);
    }
}

void call_push(world *w, uint32_t node, uint32_t component, bool is_request, uint32_t op,
               const void *arg, size_t size)
{
    if (w->call_count == w->call_capacity) {
        uint32_t capacity = w->call_capacity ? w->call_capacity * 2 : 16;
        call *bigger = kernel_allocate(capacity * sizeof *bigger);
        for (uint32_t i = 0; i < w->call_count; i++) {
            bigger[i] = w->calls[(w->call_first + i) % w->call_capacity];
        }
        free(w->calls);
        w->calls = bigger;
        w->call_capacity = capacity;
        w->call_first = 0;
    }
    call *c = &w->calls[(w->call_first + w->call_count++) % w->call_capacity];
    *c = (call){.cause = w->cause,
                .node = node,
                .incarnation = core_of(w, node)->incarnation,
                .op = op,
                .size = (uint32_t)size,
                .component = (uint8_t)component,
                .is_request = is_request};
    if (UNLIKELY(size > ARGUMENT_INLINE)) {
        c->block = kernel_allocate(size);
        memcpy(c->block, arg, size);
    } else if (size > 0) {
        memcpy(c->arg, arg, size);
    }
}

static call call_take(world *w)
{
    call next = w->calls[w->call_first];
    w->call_first = (w->call_first + 1) % w->call_capacity;
    w->call_count--;
    return next;
}

static void call_drop(call *its)
{
    if (UNLIKELY(its->size > ARGUMENT_INLINE)) {
        free(its->block);
    }
}

static const void *argument_of(const call *its)
{
    return LIKELY(its->size <= ARGUMENT_INLINE) ? its->arg : its->block;
}

void calls_forget(world *w)
{
    while (w->call_count > 0) {
        call next = call_take(w);
        call_drop(&next);
    }
    w->post_count = 0;
}

/* The components above hear, and clients if they are to. */
static void indicate(world *w, core *c, const call *its)
{
    const layer *l = &w->stack[its->component];
    for (uint32_t i = 0; i < l->upper_count && lives(c, its->incarnation); i++) {
        const dasim_algorithm *upper = w->stack[l->upper[i]].algorithm;
        if (upper->on_indication) {
            handler_begin(w, c, its->node, l->upper[i]);
            upper->on_indication(&w->handler.view, l->algorithm->provides, its->op,
                                 argument_of(its), its->size);
            handler_end(w);
        }
    }
    for (uint32_t i = 0; l->is_heard && i < w->driver_count && lives(c, its->incarnation); i++) {
        driver *d = &w->drivers[i];
        if (d->on_indication) {
            d->on_indication(d->self, w, its->node, its->component, its->op, argument_of(its),
                             its->size);
        }
    }
}

static void carry_out(world *w, const call *its)
{
    core *c = core_of(w, its->node);
    if (!lives(c, its->incarnation)) {
        return;
    }
    w->cause =
        emit(w, its->is_request ? RECORD_REQUEST : RECORD_INDICATION, its->component, its->node,
             NOBODY, its->op, its->cause, argument_of(its), its->size, REASON_NONE);
    if (its->is_request) {
        handler_begin(w, c, its->node, its->component);
        w->stack[its->component].algorithm->on_request(&w->handler.view, its->op, argument_of(its),
                                                       its->size);
        handler_end(w);
    } else {
        indicate(w, c, its);
    }
}

/* Calls first, in order; then what drivers posted, one at a time. */
void calls_drain(world *w)
{
    uint32_t done = 0;
    for (;;) {
        if (w->g.check_failed) { /* the run is over */
            calls_forget(w);
            return;
        }
        if (w->call_count > 0) {
            call next = call_take(w);
            carry_out(w, &next);
            call_drop(&next);
        } else if (done < w->post_count) {
            post next = w->posts[done++];
            w->cause = next.cause;
            w->drivers[next.driver].on_post(w->drivers[next.driver].self, w, next.data);
        } else {
            w->post_count = 0;
            return;
        }
    }
}

bool world_request(world *w, uint32_t node, uint32_t component, uint32_t op, const void *arg,
                   size_t size)
{
    ALWAYS(node < w->node_count && component < w->config.stack_size && size <= ARGUMENT_MOST);
    if (!(core_of(w, node)->flags & CORE_UP) || w->stack[component].algorithm->on_request == NULL) {
        return false;
    }
    call_push(w, node, component, true, op, arg, size);
    return true;
}

void world_note(world *w, uint32_t node, uint32_t client, const char *text, size_t size)
{
    ALWAYS(node < w->node_count && size <= ARGUMENT_MOST);
    emit(w, RECORD_NOTE, 0, node, NOBODY, client, w->cause, text, (uint32_t)size, REASON_NONE);
}

void world_client(world *w, uint32_t node, client_step step, client_body what)
{
    ALWAYS(node < w->node_count);
    emit(w, RECORD_CLIENT, 0, node, NOBODY, step, w->cause, &what, sizeof what, REASON_NONE);
}

void world_post(world *w, uint32_t number, uint64_t data)
{
    ALWAYS(number < w->driver_count && w->drivers[number].on_post);
    if (w->post_count == w->post_capacity) {
        w->post_capacity = w->post_capacity ? w->post_capacity * 2 : 16;
        w->posts = realloc(w->posts, w->post_capacity * sizeof *w->posts);
        ALWAYS(w->posts != NULL);
    }
    w->posts[w->post_count++] = (post){w->cause, data, number};
}

void world_alarm(world *w, uint32_t number, int64_t at, uint32_t node, uint64_t data)
{
    ALWAYS(number < w->driver_count && w->drivers[number].on_alarm);
    ALWAYS(at >= w->g.now && (node == NOBODY || node < w->node_count));
    event e = {.cause = w->cause,
               .node = node,
               .peer = NOBODY,
               .size = sizeof data,
               .kind = EVENT_ALARM,
               .component = (uint8_t)number,
               .generation = node == NOBODY ? 0 : core_of(w, node)->incarnation};
    memcpy(event_body(w, event_new(w, at, &e)), &data, sizeof data);
}
