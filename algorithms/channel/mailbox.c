/*
 * A mailbox: each node keeps the texts that came for its processes until one of them asks.
 *
 * Reference: datagram service as in D. Reed, J. Postel, RFC 768, 1980, without ports
 *
 * DASIM_OUTPUT is one text to a node, for any of its processes or for a certain one; it is sent and
 * forgotten: whether it arrives is the links' affair, and a text that finds the mailbox full is
 * lost. DASIM_INPUT is given the oldest text that is meant for the process, and waits where there
 * is none; who waits longest for a text gets it. A process that is over leaves nothing behind.
 *
 * This is what a channel module looks like: a system call is a request, its answer an indication of
 * the same number for the same process, at once or later; a process has one call under way. EXIT is
 * not answered; a call with GIVE_UP ends one that waits. What a module does not know is ENOSYS.
 *
 * Cost: 1 message a text.
 * Assumes: nothing.
 * Promises: nothing.
 */
#include <dasim.h>

enum message { MAIL };
enum param { MAILS, TEXT, PROCESSES };
enum { TEXT_MOST = 4096 };

/* errno of Linux; a flag. */
enum { NO_PROCESS = -3, NO_ROOM = -11, TABLE_FULL = -23, NOT_KNOWN = -38, TOO_LONG = -90 };
enum { TIMED_OUT = -110 };
static const uint32_t give_up = UINT32_C(1) << 31;

/* DASIM_OUTPUT: value = node + (process + 1 << 32), 0 there: any process. The answer is the number
 * of bytes. DASIM_INPUT: the answer has the text, its value is the sender's node. */
typedef struct mail_body {
    uint32_t to;   /* process + 1; 0: any */
    uint32_t from; /* process that sent it */
    uint8_t text[TEXT_MOST];
} mail_body;

static const dasim_field mail_fields[] = {
    {.name = "to",
     .type = DASIM_U32,
     .offset = offsetof(mail_body, to),
     .help = "process of the receiver + 1; 0: any"},
    {.name = "from",
     .type = DASIM_U32,
     .offset = offsetof(mail_body, from),
     .help = "process of the sender"},
    {0},
};

static const dasim_message messages[] = {
    [MAIL] = {"MAIL", sizeof(mail_body), mail_fields, "a text for a process"},
    {0},
};

/* One text that waits for somebody who asks. The text itself lies behind it. */
typedef struct mail {
    uint64_t arrival; /* 1, 2, ...; 0: free */
    uint32_t to, from, size, reserved;
} mail;

/* Behind it: when each process began to wait, then the mails. */
typedef struct state {
    uint32_t mails;   /* that are here */
    uint32_t lost;    /* that found no room */
    uint64_t numbers; /* given to arrivals and to those who wait */
} state;

static const dasim_field state_fields[] = {
    {.name = "mails",
     .type = DASIM_U32,
     .offset = offsetof(state, mails),
     .help = "texts that nobody has asked for yet"},
    {.name = "lost",
     .type = DASIM_U32,
     .offset = offsetof(state, lost),
     .help = "texts that found the mailbox full"},
    {0},
};

static const dasim_param params[] = {
    [MAILS] = {"mails", DASIM_COUNT, 16, 1, 65536, "texts that a mailbox holds"},
    [TEXT] = {"text", DASIM_BYTES, 256, 1, TEXT_MOST, "bytes of the longest text"},
    [PROCESSES] = {"processes", DASIM_COUNT, 32, 1, 1 << 20, "of a node, with their children"},
    {0},
};

static size_t slot_size(const int64_t *values)
{
    return (sizeof(mail) + (size_t)values[TEXT] + 7) & ~(size_t)7;
}

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + (size_t)config->params[PROCESSES] * sizeof(uint64_t) +
           (size_t)config->params[MAILS] * slot_size(config->params);
}

/* By process: the number under which it waits; 0: it does not. */
static uint64_t *waiting(dasim_node *self)
{
    return (uint64_t *)((state *)self->state + 1);
}

static mail *mail_at(dasim_node *self, int64_t i)
{
    unsigned char *first = (unsigned char *)(waiting(self) + self->params[PROCESSES]);
    return (mail *)(void *)(first + (size_t)i * slot_size(self->params));
}

static void answer(dasim_node *self, uint32_t op, uint32_t process, int64_t value)
{
    dasim_call call = {.process = process, .descriptor = -1, .value = value};
    dasim_indicate(self, op, &call, sizeof call);
}

/* Hands a text to the process that asked. */
static void hand_over(dasim_node *self, uint32_t process, uint32_t from_node, const void *text,
                      uint32_t size)
{
    struct {
        dasim_call call;
        uint8_t text[TEXT_MOST];
    } reply = {{.process = process, .descriptor = -1, .value = from_node, .size = size}, {0}};
    __builtin_memcpy(reply.text, text, size);
    dasim_indicate(self, DASIM_INPUT, &reply, sizeof reply.call + size);
    waiting(self)[process] = 0;
}

/* ------------------------------------------------------------------------------------ sending */

static void put(dasim_node *self, const dasim_call *call)
{
    uint32_t node = (uint32_t)call->value, to = (uint32_t)((uint64_t)call->value >> 32);
    if (node >= self->nodes || to > self->params[PROCESSES]) {
        answer(self, DASIM_OUTPUT, call->process, NO_PROCESS);
    } else if (call->size > self->params[TEXT]) {
        answer(self, DASIM_OUTPUT, call->process, TOO_LONG);
    } else {
        mail_body body = {.to = to, .from = call->process};
        __builtin_memcpy(body.text, call + 1, call->size);
        dasim_send(self, node, MAIL, &body, offsetof(mail_body, text) + call->size);
        answer(self, DASIM_OUTPUT, call->process, call->size);
    }
}

/* ---------------------------------------------------------------------------------- receiving */

/* The oldest mail that the process may have; NULL: none. */
static mail *find(dasim_node *self, uint32_t process)
{
    mail *oldest = NULL;
    for (int64_t i = 0; i < self->params[MAILS]; i++) {
        mail *m = mail_at(self, i);
        bool fits = m->arrival > 0 && (m->to == 0 || m->to == process + 1);
        if (fits && (oldest == NULL || m->arrival < oldest->arrival)) {
            oldest = m;
        }
    }
    return oldest;
}

static void get(dasim_node *self, uint32_t process)
{
    state *my = self->state;
    mail *m = my->mails > 0 ? find(self, process) : NULL;
    if (m == NULL) {
        waiting(self)[process] = ++my->numbers;
        return;
    }
    hand_over(self, process, m->from, m + 1, m->size);
    m->arrival = 0;
    my->mails--;
}

static void give_up_waiting(dasim_node *self, uint32_t process)
{
    if (waiting(self)[process] > 0) {
        waiting(self)[process] = 0;
        answer(self, DASIM_INPUT, process, TIMED_OUT);
    }
}

/* Who waits longest for such a text; DASIM_NOBODY: nobody does. */
static uint32_t first_waiting(dasim_node *self, uint32_t to)
{
    const uint64_t *since = waiting(self);
    uint32_t first = DASIM_NOBODY;
    for (uint32_t i = 0; i < self->params[PROCESSES]; i++) {
        bool fits = since[i] > 0 && (to == 0 || to == i + 1);
        if (fits && (first == DASIM_NOBODY || since[i] < since[first])) {
            first = i;
        }
    }
    return first;
}

static void keep(dasim_node *self, const mail_body *body, uint32_t from, uint32_t size)
{
    state *my = self->state;
    if (my->mails == self->params[MAILS]) {
        my->lost++;
        return;
    }
    int64_t i = 0;
    while (mail_at(self, i)->arrival > 0) {
        i++;
    }
    mail *m = mail_at(self, i);
    *m = (mail){.arrival = ++my->numbers, .to = body->to, .from = from, .size = size};
    __builtin_memcpy(m + 1, body->text, size);
    my->mails++;
}

static void on_message(dasim_node *self, const dasim_envelope *message)
{
    const mail_body *body = message->body;
    uint32_t size = message->size - (uint32_t)offsetof(mail_body, text);
    uint32_t reader = first_waiting(self, body->to);
    if (reader == DASIM_NOBODY) {
        keep(self, body, message->from, size);
    } else {
        hand_over(self, reader, message->from, body->text, size);
    }
}

/* A process is over: what was meant for it alone goes with it. */
static void forget(dasim_node *self, uint32_t process)
{
    state *my = self->state;
    waiting(self)[process] = 0;
    for (int64_t i = 0; i < self->params[MAILS]; i++) {
        mail *m = mail_at(self, i);
        if (m->arrival > 0 && m->to == process + 1) {
            m->arrival = 0;
            my->mails--;
        }
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    const dasim_call *call = arg;
    if (size < sizeof *call || call->size > size - sizeof *call) {
        return;
    }
    int64_t most = self->params[PROCESSES];
    if (call->process >= most) {
        answer(self, op, call->process, TABLE_FULL);
    } else if (op == DASIM_EXIT) {
        forget(self, call->process);
    } else if (op == DASIM_FORK) {
        answer(self, op, call->process, call->value < most ? 0 : NO_ROOM);
    } else if (call->flags & give_up) {
        give_up_waiting(self, call->process);
    } else if (op == DASIM_OUTPUT && call->descriptor < 0) {
        put(self, call);
    } else if (op == DASIM_INPUT && call->descriptor < 0) {
        get(self, call->process);
    } else {
        answer(self, op, call->process, NOT_KNOWN);
    }
}

DASIM_ALGORITHM(.name = "mailbox", .title = "texts sent to nodes and processes, and forgotten",
                .reference = "after RFC 768 (1980), without ports",
                .about = "p:send(node, text) is one message; p:receive() gives the oldest text "
                         "that came, or waits. Nothing is acknowledged.",
                .provides = DASIM_CHANNEL, .messages = messages, .state = state_fields,
                .params = params, .state_size = state_size, .on_request = on_request,
                .on_message = on_message);
