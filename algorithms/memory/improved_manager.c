/*
 * Distributed shared memory: as in write_invalidate.c, but the owner of a page keeps its copy set
 * and its queue, and the manager only knows who that is.
 *
 * After: K. Li, P. Hudak, "Memory coherence in shared virtual memory systems", ACM Transactions on
 * Computer Systems 7(4), 1989, pp. 321-359: the improved centralized manager; with `distributed`,
 * the fixed distributed manager.
 *
 * Idea: a fault goes to the page's manager, who passes it on to the owner and forgets it; who asked
 * for writing is the owner from then on, for the manager. The owner sends a copy, or the page with
 * the set of its copies. Who gets that invalidates the copies itself and waits for their
 * acknowledgements. Instead of a confirmation, requests wait at a node whose own fault of the page
 * is under way. Two things may overtake each other: an INVALIDATE the copy that it is about (then
 * it waits for it), and a hand-over a request for a copy (then that follows the page).
 *
 * Cost:     read fault 3 messages, write fault 3+2c with c other copies; one fewer where the
 *           manager is the requester or the owner; an owner who has become a reader writes again
 *           for 2c.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: at any time one writer or many readers of a page; sequential consistency; every access
 *           is completed.
 */
#include <dasim.h>

enum message { ASK_READ, ASK_WRITE, SEND_COPY, HAND_OVER, COPY, PAGE, INVALIDATE, INVALIDATED };

typedef struct note {
    uint32_t page;
    uint32_t requester; /* whose fault it is about */
} note;

enum { PAGE_MOST = 32768, NODES_MOST = 65536, PENDING_MOST = 32 };

/* The values, 8 bytes each and as many as the page is long; of PAGE then its copies, a bit each. */
typedef struct page_message {
    note note;
    uint64_t content[(PAGE_MOST + NODES_MOST / 8) / sizeof(uint64_t)];
} page_message;

static const dasim_field fields[] = {
    {"page", DASIM_U32, offsetof(note, page), .help = "which one"},
    {"requester", DASIM_NODE, offsetof(note, requester), .help = "whose fault it is about"},
    {0},
};

static const dasim_field page_fields[] = {
    {"page", DASIM_U32, offsetof(page_message, note.page), .help = "which one"},
    {"requester", DASIM_NODE, offsetof(page_message, note.requester), .help = "who gets it"},
    {"value", DASIM_U64, offsetof(page_message, content), .help = "of its first object"},
    {0},
};

static const dasim_message messages[] = {
    [ASK_READ] = {"ASK_READ", sizeof(note), fields, "I want to read the page"},
    [ASK_WRITE] = {"ASK_WRITE", sizeof(note), fields, "I want to write it"},
    [SEND_COPY] = {"SEND_COPY", sizeof(note), fields, "give the requester a copy"},
    [HAND_OVER] = {"HAND_OVER", sizeof(note), fields, "give it to the requester"},
    [COPY] = {"COPY", sizeof(page_message), page_fields, "you may read it"},
    [PAGE] = {"PAGE", sizeof(page_message), page_fields, "it is yours, with its copies"},
    [INVALIDATE] = {"INVALIDATE", sizeof(note), fields, "your copy is void"},
    [INVALIDATED] = {"INVALIDATED", sizeof(note), fields, "I do not read it any more"},
    {0},
};

enum param { MANAGER, DISTRIBUTED, PAGE_SIZE, OBJECT_SIZE };

static const dasim_param params[] = {
    [MANAGER] = {"manager", DASIM_COUNT, 0, 0, UINT32_MAX - 1,
                 "id of the manager (modulo the number of nodes), who owns its pages at first"},
    [DISTRIBUTED] = {"distributed", DASIM_SWITCH, 0, 0, 1,
                     "the manager of page p is the p-th node behind it"},
    [PAGE_SIZE] = {"page_size", DASIM_BYTES, 1024, 8, PAGE_MOST, "what is moved at once"},
    [OBJECT_SIZE] = {"object_size", DASIM_BYTES, 1024, 8, PAGE_MOST,
                     "how many lie in a page; one that is larger has a page of its own"},
    {0},
};

enum fault { NONE, READING, WRITING };

/* Number i of these: the value of object i, and what this node knows of page i. There are as many
 * pages as objects, or fewer. */
typedef struct page {
    uint64_t value;
    bool valid;         /* a copy is here */
    bool writable;      /* the only one */
    bool owned;         /* by this node, who has its copy set */
    uint8_t fault;      /* of this node, under way: requests wait meanwhile */
    uint32_t missing;   /* acknowledgements, before it is writable */
    uint32_t voided_by; /* who waits until the copy that is on its way has come and gone */
    uint32_t heir;      /* whom this node gave it to */
    uint32_t owner;     /* by the manager's book */
    uint32_t first;     /* of the ring of those who wait */
    uint32_t waiting;
} page;

/* Of a page and a node; `queued`, of no matter which node, is a place of the ring of those who
 * wait: twice the id, + 1 for writing. */
typedef struct share {
    bool copy; /* it has a copy: part of the owner's copy set */
    uint8_t unused[3];
    uint32_t queued;
} share;

/* An access of the client that waits for its page. */
typedef struct access {
    dasim_access its;
    uint32_t writes, unused;
} access;

typedef struct state {
    bool manages; /* any page */
    uint8_t unused[3];
    uint32_t pending;
    access accesses[PENDING_MOST];
    page pages[]; /* behind them: shares, [page][node] */
} state;

#define OF_PAGE(member)                                                                            \
    offsetof(state, pages) + offsetof(page, member), DASIM_PER_RESOURCE, sizeof(page)

static const dasim_field state_fields[] = {
    {"manages", DASIM_BOOL, offsetof(state, manages), .role = "coordinator", .help = "any page"},
    {"value", DASIM_U64, OF_PAGE(value), .help = "of the object"},
    {"valid", DASIM_BOOL, OF_PAGE(valid), "reader", "a copy of the page is here"},
    {"writable", DASIM_BOOL, OF_PAGE(writable), "writer", "it is the only one"},
    {"owned", DASIM_BOOL, OF_PAGE(owned), .help = "by this node"},
    {"fault", DASIM_U8, OF_PAGE(fault), .help = "under way: 1 to read, 2 to write"},
    {"missing", DASIM_U32, OF_PAGE(missing), .help = "acknowledgements that have not come"},
    {"owner", DASIM_NODE, OF_PAGE(owner), .help = "by the manager's book"},
    {"waiting", DASIM_U32, OF_PAGE(waiting), .help = "requests of others that wait here"},
    {"copies", DASIM_BOOL, DASIM_AFTER, DASIM_PER_RESOURCE_AND_NODE, sizeof(share),
     .help = "who has one, as the owner knows"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + config->resources * (sizeof(page) + config->nodes * sizeof(share));
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

static size_t words_of_a_page(const dasim_node *self)
{
    int64_t size = self->params[PAGE_SIZE], wide = self->params[OBJECT_SIZE];
    return (size_t)((wide > size ? wide : size) + 7) / 8;
}

static uint32_t manager_of(const dasim_node *self, uint32_t number)
{
    int64_t behind = self->params[DISTRIBUTED] ? number : 0;
    return (uint32_t)((self->params[MANAGER] + behind) % self->nodes);
}

static void send(dasim_node *self, uint32_t to, enum message type, uint32_t number,
                 uint32_t requester)
{
    dasim_send(self, to, type, &(note){number, requester}, sizeof(note));
}

/* ---- who reads and writes */

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

/* Does what the page allows, in the order asked for; returns the first access that is left over. */
static const access *perform_all(dasim_node *self, uint32_t number)
{
    state *my = self->state;
    const page *p = page_at(self, number);
    const access *left = NULL;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < my->pending; i++) {
        access *a = &my->accesses[i];
        bool first = left == NULL && a->its.object / objects_of_a_page(self) == number;
        if (first && (a->writes ? p->writable : p->valid)) {
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

static void own(dasim_node *self, uint32_t number);

/* Does what the page allows; what it does not is a fault. */
static void go_on(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    const access *left = perform_all(self, number);
    if (left == NULL || p->fault != NONE) {
        return;
    }
    p->fault = left->writes ? WRITING : READING;
    if (p->owned) {
        own(self, number); /* the copies are known here */
    } else {
        send(self, manager_of(self, number), left->writes ? ASK_WRITE : ASK_READ, number, self->id);
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
        go_on(self, its->object / objects_of_a_page(self));
    }
}

/* ---- the manager */

static void asked(dasim_node *self, const note *m, bool writes)
{
    page *p = page_at(self, m->page);
    uint32_t owner = p->owner;
    p->owner = writes ? m->requester : owner;
    send(self, owner, writes ? HAND_OVER : SEND_COPY, m->page, m->requester);
}

/* ---- the owner */

static void give(dasim_node *self, uint32_t number, uint32_t requester, bool writes)
{
    page *p = page_at(self, number);
    page_message body = {.note = {number, requester}};
    uint32_t objects = objects_of_a_page(self), first = number * objects;
    size_t words = words_of_a_page(self), set = (self->nodes + 63) / 64;
    for (uint32_t i = 0; i < objects && first + i < self->resources; i++) {
        body.content[i] = page_at(self, first + i)->value;
    }
    for (uint32_t node = 0; node < self->nodes && writes; node++) {
        share *its = share_of(self, number, node);
        body.content[words + node / 64] |= (uint64_t)its->copy << node % 64;
        its->copy = false;
    }
    p->writable = false;
    if (writes) {
        p->valid = p->owned = false;
        p->heir = requester;
    } else {
        share_of(self, number, requester)->copy = true;
    }
    dasim_send(self, requester, writes ? PAGE : COPY, &body,
               sizeof(note) + (words + (writes ? set : 0)) * sizeof(uint64_t));
}

/* A request that was meant for the owner: it waits, is served, or follows the page. */
static void forwarded(dasim_node *self, uint32_t number, uint32_t requester, bool writes)
{
    page *p = page_at(self, number);
    if (p->fault != NONE) {
        uint32_t last = (p->first + p->waiting++) % self->nodes;
        share_of(self, number, last)->queued = 2 * requester + writes;
    } else if (p->owned) {
        give(self, number, requester, writes);
    } else {
        send(self, p->heir, writes ? HAND_OVER : SEND_COPY, number, requester);
    }
}

/* The fault is over. */
static void complete(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    p->fault = NONE;
    perform_all(self, number);
    if (p->voided_by != DASIM_NOBODY) {
        p->valid = false;
        send(self, p->voided_by, INVALIDATED, number, p->voided_by);
        p->voided_by = DASIM_NOBODY;
    }
    while (p->waiting > 0) {
        uint32_t next = share_of(self, number, p->first)->queued;
        p->first = (p->first + 1) % self->nodes;
        p->waiting--;
        forwarded(self, number, next / 2, next % 2);
    }
    go_on(self, number);
}

/* The page is ours: once no copies are left, it is writable. */
static void own(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    p->valid = p->owned = true;
    for (uint32_t node = 0; node < self->nodes; node++) {
        share *its = share_of(self, number, node);
        if (its->copy && node != self->id) {
            send(self, node, INVALIDATE, number, self->id);
            p->missing++;
        }
        its->copy = false;
    }
    if (p->missing == 0) {
        p->writable = true;
        complete(self, number);
    }
}

static void invalidated(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    if (p->missing > 0 && --p->missing == 0) {
        p->writable = true;
        complete(self, number);
    }
}

/* ---- who has a copy, or waits for one */

static void invalidate(dasim_node *self, uint32_t from, const note *m)
{
    page *p = page_at(self, m->page);
    if (p->fault == READING) {
        p->voided_by = from; /* it has overtaken the copy */
    } else {
        p->valid = false;
        send(self, from, INVALIDATED, m->page, m->requester);
    }
}

static void arrived(dasim_node *self, const page_message *body, bool writes)
{
    uint32_t number = body->note.page, objects = objects_of_a_page(self);
    page *p = page_at(self, number);
    for (uint32_t i = 0; i < objects && number * objects + i < self->resources; i++) {
        page_at(self, number * objects + i)->value = body->content[i];
    }
    p->valid = true;
    if (!writes) {
        complete(self, number);
        return;
    }
    const uint64_t *set = &body->content[words_of_a_page(self)];
    for (uint32_t node = 0; node < self->nodes; node++) {
        share_of(self, number, node)->copy = set[node / 64] >> node % 64 & 1;
    }
    own(self, number);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const note *m = message->body;
    switch (message->type) {
    case ASK_READ:
    case ASK_WRITE:
        asked(self, m, message->type == ASK_WRITE);
        break;
    case SEND_COPY:
    case HAND_OVER:
        forwarded(self, m->page, m->requester, message->type == HAND_OVER);
        break;
    case COPY:
    case PAGE:
        arrived(self, message->body, message->type == PAGE);
        break;
    case INVALIDATE:
        invalidate(self, message->from, m);
        break;
    default: /* INVALIDATED */
        invalidated(self, m->page);
    }
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* what this node had is lost */
    state *my = self->state;
    DASIM_CHECK(self, self->nodes <= NODES_MOST);
    for (uint32_t number = 0; number < self->resources; number++) {
        page *p = page_at(self, number);
        p->owner = manager_of(self, number);
        p->valid = p->writable = p->owned = p->owner == self->id;
        p->voided_by = DASIM_NOBODY;
        p->heir = p->owner;
        my->manages |= p->owned;
    }
}

DASIM_ALGORITHM(
        .name = "improved_manager",
        .title = "shared memory: the manager knows the owner, the owner knows the copies",
        .reference = "K. Li, P. Hudak, ACM TOCS 7(4), 1989, pp. 321-359: improved centralized "
                     "manager, fixed distributed manager",
        .about = "A fault goes to the page's manager, who passes it on to the owner. That sends a "
                 "copy,\n"
                 "or the page with the set of its copies, which the new owner invalidates. Nobody\n"
                 "confirms: requests wait at a node whose own fault of the page is under way.",
        .provides = DASIM_MEMORY, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"coherent", "every_access_completed", "linearizable",
                                          "sequentially_consistent", "single_writer_or_readers",
                                          NULL},
        .costs = (const dasim_cost[]){{"messages per read fault", "3", "isolated"},
                                      {"messages per write fault", "3", "isolated"},
                                      {"messages per write fault if all read", "3+2*(n-2)",
                                       "isolated"},
                                      {"time of a read fault", "3*T", "isolated"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message);
