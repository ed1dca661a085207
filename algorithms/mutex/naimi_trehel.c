/*
 * Mutual exclusion by a token and a queue that is a chain of nodes.
 *
 * After: M. Naimi, M. Trehel, A. Arnold, "A log(N) distributed mutual exclusion algorithm based on
 * path reversal", Journal of Parallel and Distributed Computing 34(1), 1996, pp. 1-13.
 *
 * Idea: each node keeps a guess of who asked last. A REQUEST goes along the guesses until it comes
 * to the node that really was the last, which is its own guess; that one remembers the requester as
 * its next and will send it the token when it leaves, or does so at once if it does not need it.
 * All that the REQUEST passed, and its sender, guess from then on that the requester was the last:
 * the path is reversed, and the guesses stay a tree with that one as its root. So the queue of
 * those who wait is a chain of `next` that starts at the holder, and nobody knows it all. Node 0
 * has the token first, and is everybody's guess.
 *
 * Cost:     0 messages an entry to the holder, else a REQUEST for each step and a TOKEN:
 *           in the mean H(n-1) = 1 + 1/2 + ... + 1/(n-1), one request at a time; at worst n.
 *           Synchronisation delay T; response when idle T for each message.
 * Assumes:  messages arrive, once, in any order; no node fails.
 * Promises: mutual exclusion; every request is granted; one token. Not: the order of the requests.
 */
#include <dasim.h>

enum message { REQUEST, TOKEN };

typedef struct request_message {
    uint32_t resource;
    uint32_t requester;
} request_message;

typedef struct token_message {
    uint32_t resource;
} token_message;

static const dasim_message messages[] = {
    [REQUEST] = {"REQUEST", sizeof(request_message),
                 (const dasim_field[]){{"resource", DASIM_U32, offsetof(request_message, resource),
                                        .help = "which one"},
                                       {"requester", DASIM_NODE,
                                        offsetof(request_message, requester),
                                        .help = "who wants the token"},
                                       {0}},
                 "on its way to who asked last"},
    [TOKEN] = {"TOKEN", sizeof(token_message),
               (const dasim_field[]){{"resource", DASIM_U32, offsetof(token_message, resource),
                                      .help = "which one"},
                                     {0}},
               "who has it may enter", .token = true},
    {0},
};

/* What this node knows of one resource. */
typedef struct section {
    uint32_t last; /* who asked last, by its guess; itself: it is the last */
    uint32_t next; /* who gets the token from it; DASIM_NOBODY: none so far */
    bool token;    /* is here */
    bool wanted;   /* from ACQUIRE to RELEASE */
    uint8_t unused[2];
} section;

#define SECTION(member) offsetof(section, member), DASIM_PER_RESOURCE, sizeof(section)

static const dasim_field state_fields[] = {
    {"last", DASIM_NODE, SECTION(last), .help = "who asked last, by its guess"},
    {"next", DASIM_NODE, SECTION(next), .help = "who gets the token from it"},
    {"token", DASIM_BOOL, SECTION(token), .role = "token_holder", .help = "it is here"},
    {"wanted", DASIM_BOOL, SECTION(wanted), .help = "the client waits or is in its section"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return config->resources * sizeof(section);
}

static section *section_of(dasim_node *self, uint32_t resource)
{
    return &((section *)self->state)[resource];
}

static void enter(dasim_node *self, uint32_t resource)
{
    dasim_indicate(self, DASIM_GRANTED, &(dasim_lock){.resource = resource}, sizeof(dasim_lock));
}

static void send_token(dasim_node *self, uint32_t to, uint32_t resource)
{
    section_of(self, resource)->token = false;
    dasim_send(self, to, TOKEN, &(token_message){resource}, sizeof(token_message));
}

static void send_request(dasim_node *self, uint32_t to, uint32_t requester, uint32_t resource)
{
    request_message m = {resource, requester};
    dasim_send(self, to, REQUEST, &m, sizeof m);
}

static void acquire(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    s->wanted = true;
    if (s->token) {
        enter(self, resource);
    } else {
        send_request(self, s->last, self->id, resource);
        s->last = self->id;
    }
}

static void release(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    s->wanted = false;
    if (s->next != DASIM_NOBODY) {
        send_token(self, s->next, resource);
        s->next = DASIM_NOBODY;
    }
}

static void requested(dasim_node *self, uint32_t requester, uint32_t resource)
{
    section *s = section_of(self, resource);
    if (s->last != self->id) {
        send_request(self, s->last, requester, resource);
    } else if (s->wanted) {
        s->next = requester;
    } else {
        send_token(self, requester, resource);
    }
    s->last = requester;
}

static void got_token(dasim_node *self, uint32_t resource)
{
    section *s = section_of(self, resource);
    s->token = true;
    if (s->wanted) {
        enter(self, resource);
    }
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering; /* who comes back has forgotten all, also where the token went */
    for (uint32_t r = 0; r < self->resources; r++) {
        *section_of(self, r) = (section){.next = DASIM_NOBODY, .token = self->id == 0};
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    const dasim_lock *lock = arg;
    if (op == DASIM_ACQUIRE) {
        acquire(self, lock->resource);
    } else {
        release(self, lock->resource);
    }
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    if (message->type == REQUEST) {
        const request_message *m = message->body;
        requested(self, m->requester, m->resource);
    } else {
        got_token(self, ((const token_message *)message->body)->resource);
    }
}

DASIM_ALGORITHM(
        .name = "naimi_trehel", .title = "mutual exclusion by a token and reversed paths",
        .reference = "M. Naimi, M. Trehel, A. Arnold, JPDC 34(1), 1996, pp. 1-13",
        .about =
            "A REQUEST goes along each node's guess of who asked last, to the one that really "
            "was;\n"
            "all on the way guess the requester from then on. Each knows who gets the token after\n"
            "it: the queue is a chain, and the tree of guesses is log n deep in the mean.",
        .provides = DASIM_MUTEX, .assumes = DASIM_RELIABLE | DASIM_NO_DUPLICATES | DASIM_NO_CRASH,
        .promises = (const char *const[]){"every_request_granted", "mutual_exclusion",
                                          "single_token", NULL},
        .costs = (const dasim_cost[]){{"messages per entry", "H(n-1)", "isolated"},
                                      {"messages per entry", "n", "worst"},
                                      {"waiting time", "H(n-1)*T", "isolated"},
                                      {"synchronisation delay", "T", "saturated"},
                                      {"waiting time", "n*(E+T)-E", "saturated"},
                                      {0}},
        .messages = messages, .state = state_fields, .state_size = state_size, .on_boot = on_boot,
        .on_request = on_request, .on_message = on_message);
