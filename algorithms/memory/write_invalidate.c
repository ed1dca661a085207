/*
 * Distributed shared memory: pages are copied for reading and handed over for writing, under a
 * manager that serves one fault of a page after the other.
 *
 * After: K. Li, P. Hudak, "Memory coherence in shared virtual memory systems", ACM Transactions on
 * Computer Systems 7(4), 1989, pp. 321-359: the centralized manager, with confirmation.
 *
 * Idea: a page has one owner, who wrote it last, and any number of copies marked read-only. To read
 * a page that is not here, or to write one that is not here alone, is a fault: the node asks the
 * manager, who knows each page's owner and copies. For a read fault the owner sends a copy, and may
 * itself only read from then on. For a write fault the manager first has all copies invalidated and
 * waits for their acknowledgements; then the owner hands over page and ownership. The requester
 * confirms, and only then does the manager serve the next fault of the page: nothing of one fault
 * is under way any more when the next one begins.
 *
 * Cost:     read fault 4 messages (2 where the manager reads, 3 where it owns the page), 3T; write
 *           fault 4+2c with c other copies, 3T or 5T. No fault, no message.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: one writer or many readers of a page; sequential consistency; every access completes.
 *
 * Less: without `confirm` the next fault is served while the page is still on its way, so that an
 * INVALIDATE overtakes it and a reader stands beside a writer. Without `acknowledge` the page is
 * handed over while copies are still read. Without `copy_on_read` every read goes to the owner.
 * More: `retransmit` repeats what gets no answer, with numbers by which repetitions are known:
 * messages may be lost, doubled, reordered. A crash loses pages that its node owns and books that
 * it keeps, unless they are `durable`. After `give_up_after` repetitions a copy that is not
 * acknowledged is taken for dead; if its node is only slow, it reads on what others write.
 */
#include <dasim.h>

enum message { ASK_READ, ASK_WRITE, SEND_COPY, HAND_OVER, PAGE, CONFIRM, INVALIDATE, INVALIDATED };

/* What every message says. The numbers are sent only with `retransmit`. */
typedef struct note {
    uint32_t page;
    uint32_t requester; /* whose fault it is about */
    uint32_t id;        /* number of its request */
    uint32_t turn;      /* number of the fault among those that the manager served */
} note;

enum { PLAIN = offsetof(note, id), PAGE_MOST = 32768, PENDING_MOST = 32 };

typedef struct page_message {
    note note;
    uint64_t values[PAGE_MOST / sizeof(uint64_t)]; /* as many as the page is long */
} page_message;

static const dasim_field fields[] = {
    {"page", DASIM_U32, offsetof(note, page), .help = "which one"},
    {"requester", DASIM_NODE, offsetof(note, requester), .help = "whose fault it is about"},
    {"id", DASIM_U32, offsetof(note, id), .help = "number of the request"},
    {"turn", DASIM_U32, offsetof(note, turn), .help = "number of the fault at the manager"},
    {0},
};

static const dasim_field page_fields[] = {
    {"page", DASIM_U32, offsetof(page_message, note.page), .help = "which one"},
    {"requester", DASIM_NODE, offsetof(page_message, note.requester), .help = "who gets it"},
    {"value", DASIM_U64, offsetof(page_message, values), .help = "of its first object"},
    {0},
};

static const dasim_message messages[] = {
    [ASK_READ] = {"ASK_READ", sizeof(note), fields, "I want to read the page"},
    [ASK_WRITE] = {"ASK_WRITE", sizeof(note), fields, "I want to write it"},
    [SEND_COPY] = {"SEND_COPY", sizeof(note), fields, "give the requester a copy"},
    [HAND_OVER] = {"HAND_OVER", sizeof(note), fields, "give it to the requester"},
    [PAGE] = {"PAGE", sizeof(page_message), page_fields, "here it is"},
    [CONFIRM] = {"CONFIRM", sizeof(note), fields, "I have it"},
    [INVALIDATE] = {"INVALIDATE", sizeof(note), fields, "your copy is void"},
    [INVALIDATED] = {"INVALIDATED", sizeof(note), fields, "I do not read it any more"},
    {0},
};

enum param {
    MANAGER,
    CONFIRMED,
    ACKNOWLEDGED,
    COPY_ON_READ,
    PAGE_SIZE,
    OBJECT_SIZE,
    RETRANSMIT,
    GIVE_UP_AFTER,
    DURABLE
};

static const dasim_param params[] = {
    [MANAGER] = {"manager", DASIM_COUNT, 0, 0, UINT32_MAX - 1,
                 "id of the manager (modulo the number of nodes), who owns all pages at first"},
    [CONFIRMED] = {"confirm", DASIM_SWITCH, 1, 0, 1, "a fault is over when its node says so"},
    [ACKNOWLEDGED] = {"acknowledge", DASIM_SWITCH, 1, 0, 1,
                      "a page is handed over when its copies are known to be void"},
    [COPY_ON_READ] = {"copy_on_read", DASIM_SWITCH, 1, 0, 1, "who reads keeps a copy"},
    [PAGE_SIZE] = {"page_size", DASIM_BYTES, 1024, 8, PAGE_MOST, "what is moved at once"},
    [OBJECT_SIZE] = {"object_size", DASIM_BYTES, 1024, 8, PAGE_MOST,
                     "how many lie in a page; one that is larger has a page of its own"},
    [RETRANSMIT] = {"retransmit", DASIM_DURATION, 0, 0, INT64_MAX,
                    "repeat what gets no answer, so often; 0: never"},
    [GIVE_UP_AFTER] = {"give_up_after", DASIM_COUNT, 0, 0, UINT32_MAX,
                       "repetitions; then who does not acknowledge is taken for dead; 0: never"},
    [DURABLE] = {"durable", DASIM_SWITCH, 0, 0, 1, "pages and books outlive a crash"},
    {0},
};

/* Number i of these: the value of object i; what this node has of page i; and, where it manages
 * page i, the book about it. There are as many pages as objects, or fewer. */
typedef struct page {
    uint64_t value;
    bool valid;      /* a copy is here */
    bool writable;   /* the only one */
    bool owned;      /* by this node */
    bool faulting;   /* this node has asked for it */
    bool writes;     /* ... for writing */
    bool hands_over; /* manager: the fault that is being served is for writing */
    uint16_t unused;
    uint32_t id;        /* faults of this node so far, with the one under way */
    uint32_t seen;      /* the latest turn that this node took part in */
    uint32_t owner;     /* here and below: the manager's */
    uint32_t requester; /* whose fault is being served; DASIM_NOBODY: nobody's */
    uint32_t served;    /* number of that request */
    uint32_t turn;      /* faults served so far, with that one */
    uint32_t missing;   /* acknowledgements */
    uint32_t repeated;  /* so often their INVALIDATE */
    uint32_t first;     /* of the ring of those who wait */
    uint32_t waiting;
} page;

/* What a manager knows of a page and a node; `queued`, of no matter which node, is a place of the
 * ring of those who wait. */
typedef struct share {
    bool copy;   /* it has a read-only copy */
    bool writes; /* its latest request is for writing */
    uint16_t unused;
    uint32_t id; /* number of that request */
    uint32_t queued;
} share;

/* An access of the client that waits for its page. */
typedef struct access {
    dasim_access its;
    uint32_t writes;
    uint32_t asked; /* the fault that is under way is its */
} access;

typedef struct state {
    bool manages; /* this node is the manager */
    bool retrying;
    uint16_t unused;
    uint32_t pending;
    access accesses[PENDING_MOST];
    page pages[]; /* behind them: shares, [page][node] */
} state;

#define OF_PAGE(member)                                                                            \
    offsetof(state, pages) + offsetof(page, member), DASIM_PER_RESOURCE, sizeof(page)

static const dasim_field state_fields[] = {
    {"manages", DASIM_BOOL, offsetof(state, manages), .role = "coordinator", .help = "this node"},
    {"value", DASIM_U64, OF_PAGE(value), .help = "of the object"},
    {"valid", DASIM_BOOL, OF_PAGE(valid), "reader", "a copy of the page is here"},
    {"writable", DASIM_BOOL, OF_PAGE(writable), "writer", "it is the only one"},
    {"owned", DASIM_BOOL, OF_PAGE(owned), .help = "by this node"},
    {"faulting", DASIM_BOOL, OF_PAGE(faulting), .help = "this node has asked for the page"},
    {"owner", DASIM_NODE, OF_PAGE(owner), .help = "by the manager's book"},
    {"requester", DASIM_NODE, OF_PAGE(requester), .help = "whose fault the manager serves"},
    {"waiting", DASIM_U32, OF_PAGE(waiting), .help = "those that wait"},
    {"copies", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE, sizeof(share),
     .help = "who has one, by the manager's book"},
    {0},
};

static size_t pages_size(const dasim_config *config)
{
    return config->resources * (sizeof(page) + config->nodes * sizeof(share));
}

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + pages_size(config);
}

static size_t stable_size(const dasim_config *config)
{
    return config->params[DURABLE] ? pages_size(config) : 0;
}

static page *page_at(dasim_node *self, uint32_t number)
{
    return &((state *)self->state)->pages[number];
}

static share *share_of(dasim_node *self, uint32_t number, uint32_t node)
{
    return (share *)page_at(self, self->resources) + (size_t)number * self->nodes + node;
}

static uint32_t objects_of_a_page(const dasim_node *self)
{
    int64_t fit = self->params[PAGE_SIZE] / self->params[OBJECT_SIZE];
    return fit > 1 ? (uint32_t)fit : 1;
}

static uint32_t page_of(const dasim_node *self, uint32_t object)
{
    return object / objects_of_a_page(self);
}

static uint32_t manager_of(const dasim_node *self)
{
    return (uint32_t)(self->params[MANAGER] % self->nodes);
}

static bool is_hardened(const dasim_node *self)
{
    return self->params[RETRANSMIT] > 0;
}

/* Between the pages in the state and those in stable storage. */
static void copy_pages(dasim_node *self, void *to, const void *from)
{
    dasim_config config = {self->nodes, self->resources, self->params};
    for (size_t i = 0; i < pages_size(&config) / sizeof(uint32_t); i++) {
        ((uint32_t *)to)[i] = ((const uint32_t *)from)[i];
    }
}

/* Before a message leaves, and when a handler ends. */
static void save(dasim_node *self)
{
    if (self->params[DURABLE]) {
        copy_pages(self, self->stable, page_at(self, 0));
    }
}

static void send(dasim_node *self, uint32_t to, enum message type, const note *m)
{
    save(self);
    dasim_send(self, to, type, m, is_hardened(self) ? sizeof *m : PLAIN);
}

static void retry_later(dasim_node *self)
{
    state *my = self->state;
    if (is_hardened(self) && !my->retrying) {
        my->retrying = true;
        dasim_arm(self, 0, self->params[RETRANSMIT]);
    }
}

/* ---- who reads and writes */

static void ask(dasim_node *self, uint32_t number)
{
    const page *p = page_at(self, number);
    note m = {.page = number, .requester = self->id, .id = p->id};
    send(self, manager_of(self), p->writes ? ASK_WRITE : ASK_READ, &m);
    retry_later(self);
}

static void perform(dasim_node *self, access *a)
{
    page *object = page_at(self, a->its.object);
    if (a->writes) {
        object->value = a->its.value;
    } else {
        a->its.value = object->value;
    }
    dasim_indicate(self, a->writes ? DASIM_WRITE_DONE : DASIM_READ_DONE, &a->its, sizeof a->its);
}

/* Does what the page allows, in the order of the requests, or `only` that which has asked for the
 * page; returns the first that is left over, NULL where none is. */
static access *perform_all(dasim_node *self, uint32_t number, bool only)
{
    state *my = self->state;
    const page *p = page_at(self, number);
    access *left = NULL;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < my->pending; i++) {
        access *a = &my->accesses[i];
        bool first = left == NULL && page_of(self, a->its.object) == number;
        if (first && (a->writes ? p->writable : p->valid) && (a->asked || !only)) {
            perform(self, a);
        } else {
            my->accesses[kept] = *a;
            left = first ? &my->accesses[kept] : left;
            kept++;
        }
    }
    while (my->pending > kept) {
        my->accesses[--my->pending] = (access){0};
    }
    return left;
}

/* Does what the page allows; what it does not is a fault. */
static void go_on(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    access *left = perform_all(self, number, false);
    if (left && !p->faulting) {
        left->asked = p->faulting = true;
        p->writes = left->writes;
        p->id++;
        ask(self, number);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_access *its = arg;
    state *my = self->state;
    DASIM_CHECK(self, my->pending < PENDING_MOST);
    if (my->pending < PENDING_MOST) {
        my->accesses[my->pending++] = (access){.its = *its, .writes = op == DASIM_WRITE};
        go_on(self, page_of(self, its->object));
    }
    save(self);
}

/* ---- the manager */

static void serve(dasim_node *self, uint32_t number, uint32_t requester);

/* The fault is served: the book says so, and the next one's turn has come. */
static void finish(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    if (p->hands_over) {
        p->owner = p->requester;
    } else {
        share_of(self, number, p->requester)->copy = self->params[COPY_ON_READ];
    }
    p->requester = DASIM_NOBODY;
    if (p->waiting > 0) {
        uint32_t next = share_of(self, number, p->first)->queued;
        p->first = (p->first + 1) % self->nodes;
        p->waiting--;
        serve(self, number, next);
    }
}

/* No copies are left that must go: the owner's turn. */
static void forward(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    note m = {number, p->requester, p->served, p->turn};
    p->missing = 0;
    for (uint32_t node = 0; node < self->nodes && p->hands_over; node++) {
        share_of(self, number, node)->copy = false;
    }
    send(self, p->owner, p->hands_over ? HAND_OVER : SEND_COPY, &m);
    if (!self->params[CONFIRMED] && !is_hardened(self)) {
        finish(self, number);
    }
}

static void invalidate_copies(dasim_node *self, uint32_t number)
{
    const page *p = page_at(self, number);
    note m = {.page = number, .requester = p->requester, .turn = p->turn};
    for (uint32_t node = 0; node < self->nodes && p->missing > 0; node++) {
        if (share_of(self, number, node)->copy) {
            send(self, node, INVALIDATE, &m);
        }
    }
}

static void serve(dasim_node *self, uint32_t number, uint32_t requester)
{
    page *p = page_at(self, number);
    share *its = share_of(self, number, requester);
    p->requester = requester;
    p->hands_over = its->writes;
    p->served = its->id;
    p->turn++;
    p->repeated = 0;
    its->copy = false; /* it gets the page itself */
    p->missing = 0;
    for (uint32_t node = 0; node < self->nodes; node++) {
        p->missing += p->hands_over && share_of(self, number, node)->copy;
    }
    invalidate_copies(self, number);
    if (p->missing == 0 || !(self->params[ACKNOWLEDGED] || is_hardened(self))) {
        forward(self, number);
    }
    retry_later(self);
}

static void asked(dasim_node *self, const note *m, bool writes)
{
    page *p = page_at(self, m->page);
    share *its = share_of(self, m->page, m->requester);
    if (is_hardened(self) && m->id <= its->id) {
        return; /* a repetition */
    }
    its->id = m->id;
    its->writes = writes;
    if (p->requester == DASIM_NOBODY) {
        serve(self, m->page, m->requester);
    } else if (p->waiting < self->nodes) { /* more would be duplicates */
        uint32_t last = (p->first + p->waiting++) % self->nodes;
        share_of(self, m->page, last)->queued = m->requester;
    }
}

static void invalidated(dasim_node *self, uint32_t from, const note *m)
{
    page *p = page_at(self, m->page);
    share *its = share_of(self, m->page, from);
    if (is_hardened(self) && (m->turn != p->turn || !its->copy)) {
        return; /* a repetition */
    }
    its->copy = false;
    if (p->missing > 0 && --p->missing == 0) {
        forward(self, m->page);
    }
}

static void confirmed(dasim_node *self, const note *m)
{
    const page *p = page_at(self, m->page);
    if (p->requester != DASIM_NOBODY && (!is_hardened(self) || m->turn == p->turn)) {
        finish(self, m->page);
    }
}

/* ---- who has the page, or a copy */

static void send_page(dasim_node *self, const note *m)
{
    page_message body = {.note = *m};
    int64_t size = self->params[PAGE_SIZE], wide = self->params[OBJECT_SIZE];
    uint32_t objects = objects_of_a_page(self), first = m->page * objects;
    for (uint32_t i = 0; i < objects && first + i < self->resources; i++) {
        body.values[i] = page_at(self, first + i)->value;
    }
    save(self);
    dasim_send(self, m->requester, PAGE, &body,
               sizeof body.note + (size_t)(wide > size ? wide : size));
}

/* The owner sends a copy, or hands over; to itself, where it had only become a reader. */
static void forwarded(dasim_node *self, const note *m, bool writes)
{
    page *p = page_at(self, m->page);
    if (is_hardened(self) && m->turn <= p->seen) { /* a repetition: was the page lost? */
        if (m->turn == p->seen) {
            send_page(self, m);
        }
    } else if (p->owned) { /* else it was lost in a crash, or is not here yet */
        p->writable = p->writable && !writes && !self->params[COPY_ON_READ];
        p->valid = p->owned = !writes;
        p->seen = m->turn;
        send_page(self, m);
    }
}

static void invalidate(dasim_node *self, uint32_t from, const note *m)
{
    page *p = page_at(self, m->page);
    if (!is_hardened(self) || m->turn > p->seen) { /* else a repetition */
        p->valid = p->writable = false;
        p->seen = m->turn;
    }
    if (self->params[ACKNOWLEDGED] || is_hardened(self)) {
        send(self, from, INVALIDATED, m);
    }
}

static void keep_page(dasim_node *self, const page_message *body)
{
    page *p = page_at(self, body->note.page);
    uint32_t objects = objects_of_a_page(self), first = body->note.page * objects;
    for (uint32_t i = 0; i < objects && first + i < self->resources; i++) {
        page_at(self, first + i)->value = body->values[i];
    }
    p->valid = true;
    p->writable = p->owned = p->writes;
    p->faulting = false;
    p->seen = body->note.turn;
}

static void arrived(dasim_node *self, const page_message *body)
{
    const note *m = &body->note;
    page *p = page_at(self, m->page);
    bool awaited = p->faulting && (!is_hardened(self) || m->id == p->id);
    if (awaited) {
        keep_page(self, body);
    }
    if (awaited && !p->writes && !self->params[COPY_ON_READ]) { /* good for one */
        perform_all(self, m->page, true);
        p->valid = false;
    }
    if (is_hardened(self) ? m->turn == p->seen : awaited && self->params[CONFIRMED]) {
        send(self, manager_of(self), CONFIRM, m);
    }
    go_on(self, m->page);
}

/* ---- messages, repetitions, lives */

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const note *body = message->body;
    note m = is_hardened(self) ? *body : (note){body->page, body->requester, 0, 0};
    switch (message->type) {
    case ASK_READ:
    case ASK_WRITE:
        asked(self, &m, message->type == ASK_WRITE);
        break;
    case SEND_COPY:
    case HAND_OVER:
        forwarded(self, &m, message->type == HAND_OVER);
        break;
    case PAGE:
        arrived(self, message->body);
        break;
    case CONFIRM:
        confirmed(self, &m);
        break;
    case INVALIDATE:
        invalidate(self, message->from, &m);
        break;
    default: /* INVALIDATED */
        invalidated(self, message->from, &m);
    }
    save(self);
}

/* Whatever of page `number` has no answer yet. */
static void repeat(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    if (p->faulting) {
        ask(self, number);
    }
    if (p->requester == DASIM_NOBODY) {
        return;
    }
    if (p->missing == 0 || (uint32_t)self->params[GIVE_UP_AFTER] == ++p->repeated) {
        forward(self, number);
    } else {
        invalidate_copies(self, number);
    }
    retry_later(self);
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    ((state *)self->state)->retrying = false;
    for (uint32_t number = 0; number < self->resources; number++) {
        repeat(self, number);
    }
    save(self);
}

static void on_boot(dasim_node *self, bool recovering)
{
    state *my = self->state;
    my->manages = manager_of(self) == self->id;
    for (uint32_t number = 0; number < self->resources; number++) {
        page *p = page_at(self, number);
        p->valid = p->writable = p->owned = my->manages;
        p->owner = self->id;
        p->requester = DASIM_NOBODY;
    }
    if (recovering && self->params[DURABLE]) {
        copy_pages(self, page_at(self, 0), self->stable);
    }
    retry_later(self);
    save(self);
}

DASIM_ALGORITHM(
        .name = "write_invalidate",
        .title = "shared memory: pages copied for reading, handed over for writing",
        .reference = "K. Li, P. Hudak, ACM TOCS 7(4), 1989, pp. 321-359: centralized manager",
        .about =
            "A page has one owner and any number of read-only copies; a manager knows both. For a\n"
            "read fault the owner sends a copy; for a write fault all copies are invalidated, "
            "then\n"
            "the owner hands the page over. The requester confirms before the next fault is "
            "served.",
        .provides = DASIM_MEMORY, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"coherent", "every_access_completed", "linearizable",
                                          "sequentially_consistent", "single_writer_or_readers",
                                          NULL},
        .costs = (const dasim_cost[]){{"messages per read fault", "4", "isolated"},
                                      {"messages per write fault", "4", "isolated"},
                                      {"messages per write fault if all read", "4+2*(n-3)",
                                       "isolated"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params,
        .timers = (const char *const[]){"retry", NULL}, .state_size = state_size,
        .stable_size = stable_size, .on_boot = on_boot, .on_request = on_request,
        .on_message = on_message, .on_timer = on_timer);
