/*
 * Distributed shared memory: nobody manages; who has a fault asks everybody.
 *
 * After: K. Li, P. Hudak, "Memory coherence in shared virtual memory systems", ACM Transactions on
 * Computer Systems 7(4), 1989, pp. 321-359: the broadcast distributed manager.
 *
 * Idea: a fault is broadcast; only the owner of the page answers, with a copy, or with the page and
 * the set of its copies, which the new owner has invalidated. The paper broadcasts in one order for
 * all; without that a request may reach one node before the page comes there and another after it
 * has left. So requests are numbered, every node remembers the latest of each other node, and with
 * the page goes the number of the latest that was served: who becomes the owner sees who is still
 * to be served (as with the token of I. Suzuki, T. Kasami, ACM TOCS 3(4), 1985).
 *
 * Cost:     n-1 messages to ask and one for the page; 2c more to write with c other copies; an
 *           owner who has become a reader writes again for 2c.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: at any time one writer or many readers of a page; sequential consistency; every access
 *           is completed.
 */
#include <dasim.h>

enum message { ASK_READ, ASK_WRITE, COPY, PAGE, INVALIDATE, INVALIDATED };

typedef struct note {
    uint32_t page;
    uint32_t number; /* of the request */
} note;

enum { PAGE_MOST = 32768, NODES_MOST = 4096, PENDING_MOST = 32 };

/* The values, 8 bytes each and as many as the page is long; of PAGE then for each
 * node twice the number of the latest request of it that was served, + 1 if it has a copy. */
typedef struct page_message {
    note note;
    uint64_t content[PAGE_MOST / sizeof(uint64_t) + NODES_MOST - 1];
} page_message;

static const dasim_field fields[] = {
    {"page", DASIM_U32, offsetof(note, page), .help = "which one"},
    {"number", DASIM_U32, offsetof(note, number), .help = "of the request"},
    {0},
};

static const dasim_field page_fields[] = {
    {"page", DASIM_U32, offsetof(page_message, note.page), .help = "which one"},
    {"number", DASIM_U32, offsetof(page_message, note.number), .help = "of the request"},
    {"value", DASIM_U64, offsetof(page_message, content), .help = "of its first object"},
    {0},
};

static const dasim_message messages[] = {
    [ASK_READ] = {"ASK_READ", sizeof(note), fields, "I want to read the page"},
    [ASK_WRITE] = {"ASK_WRITE", sizeof(note), fields, "I want to write it"},
    [COPY] = {"COPY", sizeof(page_message), page_fields, "you may read it"},
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
    bool valid;    /* a copy is here */
    bool writable; /* the only one */
    bool owned;    /* by this node, who has its copy set */
    uint8_t fault; /* of this node, under way: requests wait meanwhile */
    uint32_t unused;
    uint32_t missing;   /* acknowledgements, before it is writable */
    uint32_t voided_by; /* who waits until the copy that is on its way has come and gone */
} page;

/* Of a page and a node: of its requests, the latest that was heard of, and whether it has a copy;
 * the owner knows which was served. */
typedef struct share {
    bool copy;
    bool writes; /* the latest request is for writing */
    uint16_t unused;
    uint32_t heard, served; /* numbers */
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
    {"voided_by", DASIM_NODE, OF_PAGE(voided_by), .help = "who waits for the end of the copy"},
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

static void send(dasim_node *self, uint32_t to, enum message type, uint32_t number)
{
    dasim_send(self, to, type, &number, sizeof number); /* a note without a number */
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
        note m = {number, ++share_of(self, number, self->id)->heard};
        dasim_broadcast(self, left->writes ? ASK_WRITE : ASK_READ, &m, sizeof m);
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

static void give(dasim_node *self, uint32_t number, uint32_t requester)
{
    page *p = page_at(self, number);
    share *its = share_of(self, number, requester);
    page_message body = {.note = {number, its->heard}};
    uint32_t objects = objects_of_a_page(self), first = number * objects;
    size_t words = words_of_a_page(self);
    for (uint32_t i = 0; i < objects && first + i < self->resources; i++) {
        body.content[i] = page_at(self, first + i)->value;
    }
    its->served = its->heard;
    its->copy = true;
    for (uint32_t node = 0; node < self->nodes && its->writes; node++) {
        const share *other = share_of(self, number, node);
        body.content[words++] = 2 * (uint64_t)other->served + other->copy;
    }
    p->writable = false;
    p->valid = p->owned = !its->writes;
    dasim_send(self, requester, its->writes ? PAGE : COPY, &body,
               sizeof(note) + words * sizeof(uint64_t));
}

/* As far as this node owns the page: whose request was not served yet? */
static void serve(dasim_node *self, uint32_t number)
{
    const page *p = page_at(self, number);
    for (uint32_t i = 1; i < self->nodes && p->owned && p->fault == NONE; i++) {
        uint32_t node = (self->id + i) % self->nodes;
        const share *its = share_of(self, number, node);
        if (its->heard > its->served) {
            give(self, number, node);
        }
    }
}

static void asked(dasim_node *self, uint32_t from, const note *m, bool writes)
{
    share *its = share_of(self, m->page, from);
    if (m->number > its->heard) {
        its->heard = m->number;
        its->writes = writes;
        serve(self, m->page);
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
        send(self, p->voided_by, INVALIDATED, number);
        p->voided_by = DASIM_NOBODY;
    }
    serve(self, number);
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
            send(self, node, INVALIDATE, number);
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
        send(self, from, INVALIDATED, m->page);
    }
}

static void arrived(dasim_node *self, const page_message *body, bool writes)
{
    uint32_t number = body->note.page, objects = objects_of_a_page(self);
    for (uint32_t i = 0; i < objects && number * objects + i < self->resources; i++) {
        page_at(self, number * objects + i)->value = body->content[i];
    }
    page_at(self, number)->valid = true;
    if (!writes) {
        complete(self, number);
        return;
    }
    for (uint32_t node = 0; node < self->nodes; node++) {
        uint64_t known = body->content[words_of_a_page(self) + node];
        share_of(self, number, node)->served = (uint32_t)(known / 2);
        share_of(self, number, node)->copy = known % 2;
    }
    own(self, number);
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const note *m = message->body;
    switch (message->type) {
    case ASK_READ:
    case ASK_WRITE:
        asked(self, message->from, m, message->type == ASK_WRITE);
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
    DASIM_CHECK(self, self->nodes <= NODES_MOST);
    for (uint32_t number = 0; number < self->resources; number++) {
        page *p = page_at(self, number);
        p->valid = p->writable = p->owned = self->params[FIRST_OWNER] % self->nodes == self->id;
        p->voided_by = DASIM_NOBODY;
    }
}

DASIM_ALGORITHM(
        .name = "broadcast_manager", .title = "shared memory: who has a fault asks everybody",
        .reference = "K. Li, P. Hudak, ACM TOCS 7(4), 1989, pp. 321-359: broadcast distributed "
                     "manager",
        .about =
            "A fault is broadcast; the owner answers with a copy, or with the page and the set of\n"
            "its copies, which the new owner has invalidated. With the page goes who was served, "
            "so\n"
            "that no request is lost while it is on its way.",
        .provides = DASIM_MEMORY, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"coherent", "every_access_completed", "linearizable",
                                          "sequentially_consistent", "single_writer_or_readers",
                                          NULL},
        .costs = (const dasim_cost[]){{"messages per read fault", "n", "isolated"},
                                      {"messages per write fault", "n", "isolated"},
                                      {"messages per write fault if all read", "n+2*(n-2)",
                                       "isolated"},
                                      {"time of a read fault", "2*T", "isolated"},
                                      {0}},
        .messages = messages, .state = state_fields, .params = params, .state_size = state_size,
        .on_boot = on_boot, .on_request = on_request, .on_message = on_message);
