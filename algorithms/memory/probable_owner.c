/*
 * Distributed shared memory: nobody manages; each node follows its hint who the owner is.
 *
 * After: K. Li, P. Hudak, "Memory coherence in shared virtual memory systems", ACM Transactions on
 * Computer Systems 7(4), 1989, pp. 321-359: the dynamic distributed manager.
 *
 * Idea: each node knows for each page its probable owner. A fault goes to that one; who is not the
 * owner passes it on to its own probable owner, and takes the requester for the owner from then on,
 * for that is who it will be: the ownership moves with every fault, also of a reader. So the hints
 * form a tree whose root is the owner, and every fault makes the way of the next ones shorter. With
 * the page goes the set of its copies; who gets it for writing has them invalidated, and who is
 * invalidated knows the owner again. Requests wait at a node whose own fault is under way.
 *
 * Cost:     k messages to find the owner, k from 1 to n-1, and one for the page; 2c more to write
 *           with c other copies; an owner who has become a reader writes again for 2c.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: at any time one writer or many readers of a page; sequential consistency; every access
 *           is completed.
 */
#include <dasim.h>

enum message { ASK_READ, ASK_WRITE, PAGE, INVALIDATE, INVALIDATED };

typedef struct note {
    uint32_t page;
    uint32_t requester; /* whose fault it is about */
} note;

enum { PAGE_MOST = 32768, NODES_MOST = 65536, PENDING_MOST = 32 };

/* The values, 8 bytes each and as many as the page is long; then its copies, a bit each. */
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
    [PAGE] = {"PAGE", sizeof(page_message), page_fields, "it is yours, with its copies"},
    [INVALIDATE] = {"INVALIDATE", sizeof(note), fields, "your copy is void"},
    [INVALIDATED] = {"INVALIDATED", sizeof(note), fields, "I do not read it any more"},
    {0},
};

enum param { FIRST_OWNER, PAGE_SIZE, OBJECT_SIZE };

static const dasim_param params[] = {
    [FIRST_OWNER] = {"first_owner", DASIM_COUNT, 0, 0, UINT32_MAX - 1,
                     "id of the node that owns all pages at first (modulo the number of nodes)"},
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
    bool valid;       /* a copy is here */
    bool writable;    /* the only one */
    bool owned;       /* by this node, who has its copy set */
    uint8_t fault;    /* of this node, under way: requests wait meanwhile */
    uint32_t missing; /* acknowledgements, before it is writable */
    uint32_t hint;    /* the probable owner */
    uint32_t first;   /* of the ring of those who wait */
    uint32_t unused;
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
    uint32_t pending, unused;
    access accesses[PENDING_MOST];
    page pages[]; /* behind them: shares, [page][node] */
} state;

#define OF_PAGE(member)                                                                            \
    offsetof(state, pages) + offsetof(page, member), DASIM_PER_RESOURCE, sizeof(page)

static const dasim_field state_fields[] = {
    {"value", DASIM_U64, OF_PAGE(value), .help = "of the object"},
    {"valid", DASIM_BOOL, OF_PAGE(valid), "reader", "a copy of the page is here"},
    {"writable", DASIM_BOOL, OF_PAGE(writable), "writer", "it is the only one"},
    {"owned", DASIM_BOOL, OF_PAGE(owned), .help = "by this node"},
    {"fault", DASIM_U8, OF_PAGE(fault), .help = "under way: 1 to read, 2 to write"},
    {"missing", DASIM_U32, OF_PAGE(missing), .help = "acknowledgements that have not come"},
    {"hint", DASIM_NODE, OF_PAGE(hint), .help = "the probable owner"},
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
        send(self, p->hint, left->writes ? ASK_WRITE : ASK_READ, number, self->id);
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

/* ---- the owner */

/* The page with its copies, and the ownership; an old owner of a page to be read keeps a copy. */
static void give(dasim_node *self, uint32_t number, uint32_t requester, bool writes)
{
    page *p = page_at(self, number);
    page_message body = {.note = {number, requester}};
    uint32_t objects = objects_of_a_page(self), first = number * objects;
    size_t words = words_of_a_page(self), set = (self->nodes + 63) / 64;
    for (uint32_t i = 0; i < objects && first + i < self->resources; i++) {
        body.content[i] = page_at(self, first + i)->value;
    }
    share_of(self, number, self->id)->copy = !writes;
    for (uint32_t node = 0; node < self->nodes; node++) {
        share *its = share_of(self, number, node);
        body.content[words + node / 64] |= (uint64_t)its->copy << node % 64;
        its->copy = false;
    }
    p->writable = p->owned = false;
    p->valid = !writes;
    p->hint = requester;
    dasim_send(self, requester, PAGE, &body, sizeof(note) + (words + set) * sizeof(uint64_t));
}

static void asked(dasim_node *self, uint32_t number, uint32_t requester, bool writes)
{
    page *p = page_at(self, number);
    if (p->fault != NONE) {
        uint32_t last = (p->first + p->waiting++) % self->nodes;
        share_of(self, number, last)->queued = 2 * requester + writes;
    } else if (p->owned) {
        give(self, number, requester, writes);
    } else {
        send(self, p->hint, writes ? ASK_WRITE : ASK_READ, number, requester);
        p->hint = requester;
    }
}

/* The fault is over. */
static void complete(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    p->fault = NONE;
    perform_all(self, number);
    while (p->waiting > 0) {
        uint32_t next = share_of(self, number, p->first)->queued;
        p->first = (p->first + 1) % self->nodes;
        p->waiting--;
        asked(self, number, next / 2, next % 2);
    }
    go_on(self, number);
}

/* The page is ours: once no copies are left, it is writable. */
static void own(dasim_node *self, uint32_t number)
{
    page *p = page_at(self, number);
    p->valid = true;
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

/* ---- who has a copy, or waits for the page */

static void invalidate(dasim_node *self, uint32_t from, const note *m)
{
    page *p = page_at(self, m->page);
    p->valid = false;
    p->hint = from;
    send(self, from, INVALIDATED, m->page, m->requester);
}

static void arrived(dasim_node *self, const page_message *body)
{
    uint32_t number = body->note.page, objects = objects_of_a_page(self);
    page *p = page_at(self, number);
    for (uint32_t i = 0; i < objects && number * objects + i < self->resources; i++) {
        page_at(self, number * objects + i)->value = body->content[i];
    }
    const uint64_t *set = &body->content[words_of_a_page(self)];
    for (uint32_t node = 0; node < self->nodes; node++) {
        share_of(self, number, node)->copy = set[node / 64] >> node % 64 & 1;
    }
    p->valid = p->owned = true;
    p->hint = self->id;
    if (p->fault == WRITING) {
        own(self, number);
    } else {
        complete(self, number);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const note *m = message->body;
    switch (message->type) {
    case ASK_READ:
    case ASK_WRITE:
        asked(self, m->page, m->requester, message->type == ASK_WRITE);
        break;
    case PAGE:
        arrived(self, message->body);
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
    DASIM_CHECK(self, self->nodes <= NODES_MOST);
    for (uint32_t number = 0; number < self->resources; number++) {
        page *p = page_at(self, number);
        p->hint = (uint32_t)(self->params[FIRST_OWNER] % self->nodes);
        p->valid = p->writable = p->owned = p->hint == self->id;
    }
}

DASIM_ALGORITHM(
        .name = "probable_owner",
        .title = "shared memory: each node follows its hint who owns a page",
        .reference = "K. Li, P. Hudak, ACM TOCS 7(4), 1989, pp. 321-359: dynamic distributed "
                     "manager",
        .about =
            "A fault goes to the probable owner, who passes it on to its own, until it finds the\n"
            "owner; all on the way take the requester for the owner then. The ownership moves "
            "with\n"
            "every fault, and with it the set of copies, which a writer invalidates.",
        .provides = DASIM_MEMORY, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"coherent", "every_access_completed", "linearizable",
                                          "sequentially_consistent", "single_writer_or_readers",
                                          NULL},
        .costs = (const dasim_cost[]){{"messages per read fault", "2", "best"},
                                      {"messages per read fault", "n", "worst"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message);
