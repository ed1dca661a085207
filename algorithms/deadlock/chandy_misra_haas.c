/*
 * A lock that finds out who waits in a circle: edge-chasing probes above any other lock.
 *
 * After: K. M. Chandy, J. Misra, L. M. Haas, "Distributed deadlock detection", ACM Transactions on
 * Computer Systems 1(2), 1983, pp. 144-156: the resource (AND) model.
 *
 * Idea: requests and grants pass through to the lock below. Whoever has waited for `delay` asks
 * whether it waits for itself: it sends PROBE to the holder of what it waits for. Who gets a PROBE
 * about a resource that it holds, and waits itself, sends it on to the holders of what it waits
 * for, once for each search; who does not wait lets it drop. A PROBE that comes back to who sent it
 * first has gone round a cycle: DEADLOCK. So that a waiting node knows whom to ask, node r mod n
 * keeps the books of resource r: HELD and FREE come from its holders, WAITS from those who ask, and
 * HOLDER tells these who has it, whenever that changes.
 *
 * Cost:     a PROBE for each edge: n for a cycle of n, n of the message delay T; n*n if all look at
 *           once. The books: HELD, FREE, WAITS an entry; HOLDER for each who waits at each grant.
 * Assumes:  messages arrive, once, in order; no node fails. One client a node, which gives nothing
 *           back while it waits and does not stop waiting.
 * Promises: what the lock below does. A cycle that stays is found by one of it at least. Not: that
 *           what is found is still there.
 *
 * A PROBE may be slower than a release and a grant: what it says was true once, but not all of it
 * at the same time. The paper excludes that by channels in order, which requests and grants share
 * with probes; here they belong to another component. `numbered` (off by default) excludes it: a
 * PROBE names the grant that its sender waits behind, and counts only while that one lasts.
 * `preempt` (off): who finds itself in a cycle loses the resource that the cycle waits for.
 */
#include <dasim.h>

enum message { HELD, FREE, WAITS, HOLDER, PROBE };

typedef struct held_message {
    uint32_t resource, unused;
    uint64_t grant;
} held_message;

typedef struct waits_message {
    uint32_t resource;
} waits_message;

typedef struct holder_message {
    uint32_t resource, holder;
    uint64_t grant;
} holder_message;

typedef struct probe {
    uint32_t resource, initiator;
    uint64_t number, grant;
} probe;

#define FIELD(of, member, type, text)                                                              \
    {                                                                                              \
#member, type, offsetof(of, member), .help = text                                          \
    }

static const dasim_field held_fields[] = {
    FIELD(held_message, resource, DASIM_U32, "which one"),
    FIELD(held_message, grant, DASIM_U64, "of those of this node"),
    {0},
};

static const dasim_message messages[] = {
    [HELD] = {"HELD", sizeof(held_message), held_fields, "to the books: I hold it"},
    [FREE] = {"FREE", sizeof(held_message), held_fields, "to the books: I hold it no longer"},
    [WAITS] = {"WAITS", sizeof(waits_message),
               (const dasim_field[]){FIELD(waits_message, resource, DASIM_U32, "which one"), {0}},
               "to the books: I wait for it"},
    [HOLDER] = {"HOLDER", sizeof(holder_message),
                (const dasim_field[]){FIELD(holder_message, resource, DASIM_U32, "which one"),
                                      FIELD(holder_message, holder, DASIM_NODE, "who has it"),
                                      FIELD(holder_message, grant, DASIM_U64, "of the holder's"),
                                      {0}},
                "from the books, to who waits for it"},
    [PROBE] = {"PROBE", sizeof(probe),
               (const dasim_field[]){FIELD(probe, initiator, DASIM_NODE, "who looks"),
                                     FIELD(probe, number, DASIM_U64, "of its searches"),
                                     FIELD(probe, resource, DASIM_U32, "you hold, I wait for"),
                                     FIELD(probe, grant, DASIM_U64, "by which you hold it"),
                                     {0}},
               "the initiator waits, in the end, for me, and I wait for you"},
    {0},
};

enum param { DELAY, NUMBERED, PREEMPT };

static const dasim_param params[] = {
    [DELAY] = {"delay", DASIM_DURATION, 50 * DASIM_MS, 0, INT64_C(3600000) * DASIM_MS,
               "who has waited so long for the same holder looks for a cycle"},
    [NUMBERED] = {"numbered", DASIM_SWITCH, 0, 0, 1,
                  "a probe counts only while the grant lasts that it is about"},
    [PREEMPT] = {"preempt", DASIM_SWITCH, 0, 0, 1,
                 "who finds itself in a cycle loses what the cycle waits for"},
    {0},
};

enum timer { LOOK };

#define NEVER INT64_MAX

/* One resource: what this node knows of it for its own sake. */
typedef struct section {
    uint64_t grant;  /* by which the client holds it, or by which its holder does, behind whom the
                      * client waits */
    int64_t look_at; /* wanted: when to look whether its holder waits for us; or NEVER */
    uint32_t holder; /* wanted: who holds it; or NOBODY: not known */
    bool wanted, held;
    bool unused[2];
} section;

typedef struct state {
    uint64_t searches; /* the number of the last one */
    uint64_t valid;    /* from this one on they count */
    uint64_t grants;
    uint32_t waits; /* resources that the client waits for */
    uint32_t unused;
    section sections[];
} state;
/* Behind these: seen[n], the last search of each node; and the books of resources that are at home
 * here: grants[resource][n], by which a node holds it, or 0, and waiters[resource][n]. */

#define SECTION(member)                                                                            \
    offsetof(state, sections) + offsetof(section, member), DASIM_PER_RESOURCE, sizeof(section)

static const dasim_field state_fields[] = {
    {"searches", DASIM_U64, offsetof(state, searches), .help = "that this node began"},
    {"waits", DASIM_U32, offsetof(state, waits), .help = "for so many resources"},
    {"wanted", DASIM_BOOL, SECTION(wanted), .help = "the client waits for it"},
    {"held", DASIM_BOOL, SECTION(held), .help = "the client holds it"},
    {"holder", DASIM_NODE, SECTION(holder), .help = "behind whom the client waits"},
    {"seen", DASIM_U64, DASIM_AFTER, DASIM_PER_NODE, .help = "last search of each that came by"},
    {"grants", DASIM_U64, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "in the books: by which of its grants a node holds it; 0: it does not"},
    {"waiters", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE,
     .help = "in the books: who waits for it"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    size_t books = config->nodes * (sizeof(uint64_t) + sizeof(bool));
    return sizeof(state) + config->resources * (sizeof(section) + books) +
           config->nodes * sizeof(uint64_t);
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((state *)self->state)->sections[resource];
}

static uint64_t *seen_of(dasim_node *self)
{
    return (uint64_t *)(void *)section_of(self, self->resources);
}

static uint64_t *grants_of(dasim_node *self, uint32_t resource)
{
    return seen_of(self) + (1 + (size_t)resource) * self->nodes;
}

static bool *waiters_of(dasim_node *self, uint32_t resource)
{
    return (bool *)grants_of(self, self->resources) + (size_t)resource * self->nodes;
}

static uint32_t home_of(const dasim_node *self, uint32_t resource)
{
    return resource % self->nodes;
}

/* -------------------------------------------------------------------------------- searching */

/* To all for whom the client waits, as far as they are known. */
static void chase(dasim_node *self, uint32_t initiator, uint64_t number)
{
    for (uint32_t r = 0; r < self->resources; r++) {
        const section *s = section_of(self, r);
        if (s->wanted && s->holder != DASIM_NOBODY) {
            probe m = {r, initiator, number, s->grant};
            dasim_send(self, s->holder, PROBE, &m, sizeof m);
        }
    }
}

static void arm(dasim_node *self)
{
    int64_t now = dasim_clock(self), next = NEVER;
    for (uint32_t r = 0; r < self->resources; r++) {
        const section *s = section_of(self, r);
        next = s->wanted && s->look_at < next ? s->look_at : next;
    }
    if (next == NEVER) {
        dasim_disarm(self, LOOK);
    } else {
        dasim_arm(self, LOOK, next > now ? next - now : 0);
    }
}

/* One search for all edges; it is time for one of them. */
static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    state *my = self->state;
    for (uint32_t r = 0; r < self->resources; r++) {
        section *s = section_of(self, r);
        s->look_at = s->holder != DASIM_NOBODY ? NEVER : s->look_at;
    }
    chase(self, self->id, ++my->searches);
    arm(self);
}

/* What was looked for so far counts no longer: look anew for what is left. */
static void start_over(dasim_node *self)
{
    state *my = self->state;
    my->valid = my->searches + 1;
    for (uint32_t r = 0; r < self->resources; r++) {
        section *s = section_of(self, r);
        s->look_at = s->wanted && s->holder != DASIM_NOBODY
                         ? dasim_clock(self) + self->params[DELAY]
                         : NEVER;
    }
    arm(self);
}

static void let_go(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    held_message m = {resource, 0, s->grant};
    s->held = false;
    dasim_send(self, home_of(self, resource), FREE, &m, sizeof m);
}

static void found(dasim_node *self, uint32_t resource)
{
    state *my = self->state;
    dasim_lock lock = {.resource = resource};
    my->valid = my->searches + 1; /* once is enough */
    dasim_indicate(self, DASIM_DEADLOCK, &lock, sizeof lock);
    if (self->params[PREEMPT]) {
        let_go(self, resource);
        dasim_indicate(self, DASIM_LOST, &lock, sizeof lock);
        dasim_request(self, DASIM_MUTEX, DASIM_RELEASE, &lock, sizeof lock);
        start_over(self); /* there may be other cycles */
    }
}

static void probed(dasim_node *self, const probe *m)
{
    state *my = self->state;
    const section *s = section_of(self, m->resource);
    uint64_t *seen = &seen_of(self)[m->initiator];
    bool stale = !s->held || (self->params[NUMBERED] && s->grant != m->grant);
    if (stale || my->waits == 0) {
        return;
    }
    if (m->initiator == self->id) {
        if (m->number >= my->valid) {
            found(self, m->resource);
        }
    } else if (*seen < m->number) {
        *seen = m->number;
        chase(self, m->initiator, m->number);
    }
}

/* -------------------------------------------------------------------------------- the books */

/* HELD of the next holder may come before FREE, and even HELD, of the last one: then there are two,
 * until one of them is FREE. */
static uint32_t any_holder(dasim_node *self, uint32_t resource)
{
    const uint64_t *grants = grants_of(self, resource);
    uint32_t node = 0;
    while (node < self->nodes && grants[node] == 0) {
        node++;
    }
    return node < self->nodes ? node : DASIM_NOBODY;
}

static void tell(dasim_node *self, uint32_t to, uint32_t resource, uint32_t holder)
{
    holder_message m = {resource, holder, grants_of(self, resource)[holder]};
    dasim_send(self, to, HOLDER, &m, sizeof m);
}

static void tell_all(dasim_node *self, uint32_t resource, uint32_t holder)
{
    const bool *waiters = waiters_of(self, resource);
    for (uint32_t node = 0; holder != DASIM_NOBODY && node < self->nodes; node++) {
        if (waiters[node] && node != holder) {
            tell(self, node, resource, holder);
        }
    }
}

static void book_held(dasim_node *self, uint32_t from, const held_message *m)
{
    grants_of(self, m->resource)[from] = m->grant;
    waiters_of(self, m->resource)[from] = false;
    tell_all(self, m->resource, from);
}

static void book_free(dasim_node *self, uint32_t from, const held_message *m)
{
    grants_of(self, m->resource)[from] = 0;
    tell_all(self, m->resource, any_holder(self, m->resource));
}

static void book_waits(dasim_node *self, uint32_t from, const waits_message *m)
{
    uint32_t holder = any_holder(self, m->resource);
    waiters_of(self, m->resource)[from] = true;
    if (holder != DASIM_NOBODY) {
        tell(self, from, m->resource, holder);
    }
}

static void told(dasim_node *self, const holder_message *m)
{
    section *s = section_of(self, m->resource);
    if (s->wanted) { /* or it has been granted meanwhile */
        s->holder = m->holder;
        s->grant = m->grant;
        s->look_at = dasim_clock(self) + self->params[DELAY];
        arm(self);
    }
}

/* ---------------------------------------------------------------------------------- handlers */

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    for (uint32_t r = 0; r < self->resources; r++) {
        *section_of(self, r) = (section){.look_at = NEVER, .holder = DASIM_NOBODY};
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    state *my = self->state;
    uint32_t resource = ((const dasim_lock *)arg)->resource;
    section *s = section_of(self, resource);
    if (op == DASIM_ACQUIRE) {
        waits_message m = {resource};
        s->wanted = true;
        s->holder = DASIM_NOBODY;
        my->waits++;
        dasim_send(self, home_of(self, resource), WAITS, &m, sizeof m);
    } else if (s->held) {
        let_go(self, resource);
    } else {
        return; /* it has lost it already */
    }
    dasim_request(self, DASIM_MUTEX, op, arg, size);
}

static void on_indication(dasim_node *self, dasim_service from, uint32_t op, const void *arg,
                          size_t size)
{
    (void)from;
    state *my = self->state;
    uint32_t resource = ((const dasim_lock *)arg)->resource;
    section *s = section_of(self, resource);
    if (op == DASIM_GRANTED && s->wanted) {
        held_message m = {resource, 0, ++my->grants};
        s->wanted = false;
        s->held = true;
        s->holder = DASIM_NOBODY;
        s->grant = m.grant;
        my->waits--;
        dasim_send(self, home_of(self, resource), HELD, &m, sizeof m);
        start_over(self);
    } else if (op == DASIM_LOST && s->held) {
        let_go(self, resource);
    }
    dasim_indicate(self, op, arg, size);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    switch (message->type) {
    case HELD:
        book_held(self, message->from, message->body);
        break;
    case FREE:
        book_free(self, message->from, message->body);
        break;
    case WAITS:
        book_waits(self, message->from, message->body);
        break;
    case HOLDER:
        told(self, message->body);
        break;
    default:
        probed(self, message->body);
    }
}

DASIM_ALGORITHM(
        .name = "chandy_misra_haas", .title = "probes find cycles of waiting, above any lock",
        .reference = "K. M. Chandy, J. Misra, L. M. Haas, ACM TOCS 1(2), 1983, pp. 144-156",
        .about =
            "Requests and grants pass through to the lock below. Who has waited for the delay\n"
            "sends PROBE to the holder of what it waits for; who holds that and waits, too, sends\n"
            "it on. A PROBE that comes home has gone round a cycle: DEADLOCK.",
        .provides = DASIM_MUTEX, .uses = (const dasim_service[]){DASIM_MUTEX, DASIM_NO_SERVICE},
        .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_FIFO | DASIM_NO_CRASH,
        .promises = (const char *const[]){"deadlock_detected", "mutual_exclusion", NULL},
        .costs = (const dasim_cost[]){{"probes of one search", "n", "worst"}, {0}},
        .messages = messages, .state = state_fields, .params = params,
        .timers = (const char *const[]){[LOOK] = "look", NULL}, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_indication = on_indication,
        .on_message = on_message, .on_timer = on_timer);
