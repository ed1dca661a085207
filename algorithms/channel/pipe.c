/*
 * Pipes and named pipes of the processes of a node, byte by byte.
 *
 * Reference: IEEE Std 1003.1 (POSIX): pipe(), mkfifo(), open(), read(), write(); Linux, fs/pipe.c
 *
 * A pipe is a bounded buffer between open files that read and open files that write; descriptors
 * refer to files, a duplicate or an inherited one to the same. Who reads an empty pipe waits for
 * bytes, or for the last writing file to be closed: that is its end (0). Who writes into a full one
 * waits for room, or for the last reading file to be closed: EPIPE, and SIGPIPE.
 * Linux: 16 slots of a page. The first n mod 4096 bytes of a write go to the last slot, if they fit
 * there whole; then it takes a slot per page, and waits, behind other writers, where none is free. A
 * slot is free when all of it was read. So a write of up to 4096 bytes is never torn.
 * POSIX promises that for `pipe_buf` bytes: with `posix`, larger ones go in pieces of any size.
 *
 * Cost: no message. Assumes: nothing. Promises: nothing; tests/channel compares with the kernel.
 */
#include <dasim.h>

enum { TEAR }; /* timer */
enum param { POSIX, PIPE_BUF, PIPES, POOL, PROCESSES, DESCRIPTORS };
enum { PAGE = 4096, SLOTS = 16, NAME_MOST = 40, FIRST_DESCRIPTOR = 3, ENTRIES = 512 };
enum { READS = 1, WRITES = 2 };                    /* of files */
enum { NONBLOCK = 1, AVAILABLE = 2, AT_ONCE = 1 }; /* flags of OPTION and OPEN, of SELECT */
enum { SIGPIPE_RAISED = 1, GIVE_UP = INT32_MIN };  /* of the answer to OUTPUT; of all */
enum { POLL_READ = 1, POLL_WRITE = 4, POLL_BROKEN = 8, POLL_END = 16, POLL_NO_FILE = 32 };
enum blocked { NOT_BLOCKED, IN_READ, IN_WRITE, IN_OPEN, IN_SELECT };

/* errno of Linux. */
enum { NO_ENTRY = -2, NO_PARTNER = -6, BAD_DESCRIPTOR = -9, WOULD_BLOCK = -11, NO_MEMORY = -12 };
enum { EXISTS = -17, INVALID = -22, TABLE_FULL = -23, TOO_MANY = -24, NO_SPACE = -28 };
enum { BROKEN = -32, NAME_TOO_LONG = -36, NOT_KNOWN = -38, TIMED_OUT = -110 };

static const dasim_param params[] = {
    [POSIX] = {"posix", DASIM_SWITCH, 0, 0, 1, "only what the standard promises; else as Linux"},
    [PIPE_BUF] = {"pipe_buf", DASIM_BYTES, 512, 512, PAGE, "with posix: what is never torn"},
    [PIPES] = {"pipes", DASIM_COUNT, 8, 1, 65536, "of a node, named ones included"},
    [POOL] = {"pool", DASIM_BYTES, 524288, 131072, 1 << 28,
                "of a node, for what is in pipes or waits to be written, in pages of 4 KiB"},
    [PROCESSES] = {"processes", DASIM_COUNT, 32, 1, 1 << 20, "of a node, with their children"},
    [DESCRIPTORS] = {"descriptors", DASIM_COUNT, 16, 2, 1024, "of a process"},
    {0},
};

/* Processes, files and pages are kept as number + 1; 0: none. */
typedef struct queue {
    uint32_t first, last; /* processes */
} queue;

typedef struct slot {
    uint32_t page;
    uint16_t offset, size; /* of what was not read yet */
} slot;

typedef struct pipe {
    uint32_t is_used, name_size;      /* name_size > 0: a named pipe */
    uint32_t readers, writers;        /* files */
    uint32_t read_opens, write_opens; /* so far */
    uint32_t first, count, bytes;     /* slots in use, a ring; bytes in them */
    queue reading, writing, opening;  /* who waits */
    uint8_t name[NAME_MOST];
    slot slots[SLOTS];
} pipe;

typedef struct file {
    uint32_t references, pipe, mode, nonblock;
    uint32_t seen; /* opened while nobody wrote: write_opens + 1 of then; no end before the next */
} file;

typedef struct process {
    uint32_t blocked, pipe, next; /* next: in a queue */
    uint32_t page, offset;        /* what waits to be written, from there on; entries of SELECT */
    uint32_t left, size;          /* READ: wanted; WRITE: bytes, of so many; SELECT: entries */
    uint32_t seen, reads;         /* OPEN: opens of the partner that it had seen; for reading */
    int32_t descriptor;           /* OPEN */
} process;

typedef struct entry { /* struct pollfd */
    int32_t descriptor;
    uint16_t wanted, found;
} entry;

/* Behind it: processes, files, pipes, links of pages, descriptors by process (files), pages. */
typedef struct state {
    uint32_t blocked, bytes;        /* processes that wait; what is in pipes */
    uint32_t free_pages, free_page; /* how many; the first */
    queue selecting, unused;
} state;

static const dasim_field state_fields[] = {
    {"blocked", DASIM_U32, offsetof(state, blocked), .help = "processes that wait"},
    {"bytes", DASIM_U32, offsetof(state, bytes), .help = "in pipes, that nobody has read yet"},
    {"free_pages", DASIM_U32, offsetof(state, free_pages), .help = "for bytes"},
    {0},
};

typedef struct layout {
    size_t page_count, file_count, processes, files, pipes, links, descriptors, pages;
} layout;

static layout layout_of(const int64_t *values)
{
    layout l = {.page_count = (size_t)values[POOL] / PAGE, .processes = sizeof(state)};
    l.file_count = 4 * (size_t)values[PIPES];
    l.files = l.processes + (size_t)values[PROCESSES] * sizeof(process);
    l.pipes = l.files + l.file_count * sizeof(file);
    l.links = l.pipes + (size_t)values[PIPES] * sizeof(pipe);
    l.descriptors = l.links + l.page_count * sizeof(uint32_t);
    l.pages = l.descriptors + (size_t)(values[PROCESSES] * values[DESCRIPTORS]) * sizeof(uint32_t);
    l.pages = (l.pages + 15) & ~(size_t)15;
    return l;
}

static size_t state_size(const dasim_config *config)
{
    layout l = layout_of(config->params);
    return l.pages + l.page_count * PAGE;
}

/* Number `i` of what lies at `part`. */
#define AT(type, part, i)                                                                          \
    ((type *)(void *)((uint8_t *)self->state + layout_of(self->params).part) + (i))
#define MY ((state *)self->state)

static uint32_t *descriptors_of(dasim_node *self, uint32_t who)
{
    return AT(uint32_t, descriptors, (size_t)who * (size_t)self->params[DESCRIPTORS]);
}

static uint8_t *bytes_of(dasim_node *self, uint32_t page)
{
    return AT(uint8_t, pages, (size_t)(page - 1) * PAGE);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* -------------------------------------------------------------------- pages, answers, queues */

/* 0: there is none. */
static uint32_t page_take(dasim_node *self)
{
    uint32_t page = MY->free_page;
    if (page > 0) {
        MY->free_page = *AT(uint32_t, links, page - 1);
        MY->free_pages--;
        *AT(uint32_t, links, page - 1) = 0;
    }
    return page;
}

/* Returns the page that was linked behind it. Who takes the next one gets this, as it is. */
static uint32_t page_give(dasim_node *self, uint32_t page)
{
    uint32_t next = *AT(uint32_t, links, page - 1);
    *AT(uint32_t, links, page - 1) = MY->free_page;
    MY->free_page = page;
    MY->free_pages++;
    return next;
}

static void on_boot(dasim_node *self, bool recovering)
{
    (void)recovering;
    for (size_t page = layout_of(self->params).page_count; page > 0; page--) {
        page_give(self, (uint32_t)page);
    }
}

static void answer(dasim_node *self, uint32_t op, uint32_t who, int32_t descriptor, int64_t value)
{
    dasim_call call = {who, descriptor, value, value == BROKEN ? SIGPIPE_RAISED : 0, 0};
    dasim_indicate(self, op, &call, sizeof call);
}

static void enqueue(dasim_node *self, queue *in, uint32_t who)
{
    AT(process, processes, who)->next = 0;
    *(in->last ? &AT(process, processes, in->last - 1)->next : &in->first) = who + 1;
    in->last = who + 1;
}

static void dequeue(dasim_node *self, queue *in, uint32_t who)
{
    uint32_t *link = &in->first, before = 0;
    for (; *link != who + 1; link = &AT(process, processes, before - 1)->next) {
        before = *link;
    }
    *link = AT(process, processes, who)->next;
    in->last = in->last == who + 1 ? before : in->last;
}

static process *block(dasim_node *self, queue *in, uint32_t who, process how)
{
    process *its = AT(process, processes, who);
    *its = how;
    enqueue(self, in, who);
    MY->blocked++;
    return its;
}

static void unblock(dasim_node *self, queue *in, uint32_t who)
{
    process *its = AT(process, processes, who);
    dequeue(self, in, who);
    its->blocked = NOT_BLOCKED;
    while (its->page > 0) {
        its->page = page_give(self, its->page);
    }
    MY->blocked--;
}

/* ------------------------------------------------------------------------------- the buffer */

static slot *slot_at(pipe *p, uint32_t i)
{
    return &p->slots[(p->first + i) % SLOTS];
}

static void append(dasim_node *self, pipe *p, slot *s, const uint8_t *bytes, uint32_t size)
{
    __builtin_memmove(bytes_of(self, s->page) + s->offset + s->size, bytes, size);
    s->size = (uint16_t)(s->size + size);
    p->bytes += size;
    MY->bytes += size;
}

/* How many of the bytes found room. Who has waited for a slot takes one, and looks at no other. */
static uint32_t fill(dasim_node *self, pipe *p, const uint8_t *bytes, uint32_t size, bool waited)
{
    uint32_t done = 0, odd = size % PAGE, page;
    slot *last = p->count > 0 ? slot_at(p, p->count - 1) : NULL;
    if (last && odd > 0 && !waited && last->offset + last->size + odd <= PAGE) {
        append(self, p, last, bytes, odd);
        done = odd;
    }
    while (done < size && p->count < SLOTS && (page = page_take(self)) > 0) {
        uint32_t piece = least(size - done, PAGE);
        last = slot_at(p, p->count++);
        *last = (slot){.page = page};
        append(self, p, last, bytes + done, piece);
        done += piece;
    }
    return done;
}

/* Takes the oldest bytes, at most `size`. */
static uint32_t drain(dasim_node *self, pipe *p, uint8_t *bytes, uint32_t size)
{
    uint32_t done = 0;
    while (done < size && p->count > 0) {
        slot *s = slot_at(p, 0);
        uint32_t piece = least(size - done, s->size);
        __builtin_memcpy(bytes + done, bytes_of(self, s->page) + s->offset, piece);
        s->offset = (uint16_t)(s->offset + piece);
        s->size = (uint16_t)(s->size - piece);
        done += piece;
        if (s->size == 0) {
            page_give(self, s->page);
            p->first = (p->first + 1) % SLOTS;
            p->count--;
        }
    }
    p->bytes -= done;
    MY->bytes -= done;
    return done;
}

/* How much of a write goes at one go. */
static uint32_t piece_of(dasim_node *self, uint32_t left, uint32_t size)
{
    bool whole = !self->params[POSIX] || size <= self->params[PIPE_BUF];
    return whole ? left : 1 + (uint32_t)dasim_random(self, left);
}

/* ---------------------------------------------------------------------------- who waits goes on */

/* What the process waits to write, as far as there is room. */
static uint32_t write_rest(dasim_node *self, pipe *p, process *its)
{
    uint32_t before = its->left, done = 1;
    while (its->left > 0 && p->count < SLOTS && done > 0) {
        const uint8_t *bytes = bytes_of(self, its->page) + its->offset;
        uint32_t chunk = least(its->left, PAGE - its->offset);
        uint32_t piece = piece_of(self, chunk, its->size);
        bool is_last = piece == chunk; /* its page is free, and taken at once */
        its->page = is_last ? page_give(self, its->page) : its->page;
        its->offset = is_last ? 0 : its->offset;
        done = fill(self, p, bytes, piece, true);
        its->offset += is_last ? 0 : done;
        its->left -= done;
        done = self->params[POSIX] ? 0 : done; /* one piece */
    }
    return before - its->left;
}

/* The first of those who wait to write goes on; behind the others, if bytes are left. */
static bool let_write(dasim_node *self, pipe *p)
{
    uint32_t who = p->writing.first - 1;
    if (p->writing.first == 0 || (p->readers > 0 && p->count == SLOTS)) {
        return false;
    }
    process *its = AT(process, processes, who);
    uint32_t now = p->readers > 0 ? write_rest(self, p, its) : 0, done = its->size - its->left;
    if (p->readers > 0 && its->left > 0) {
        dequeue(self, &p->writing, who);
        enqueue(self, &p->writing, who);
        return now > 0;
    }
    dasim_call call = {who, -1, done > 0 ? (int64_t)done : BROKEN, p->readers == 0, 0};
    dasim_indicate(self, DASIM_OUTPUT, &call, sizeof call);
    unblock(self, &p->writing, who);
    return true;
}

static void answer_bytes(dasim_node *self, pipe *p, uint32_t who, uint32_t size)
{
    struct {
        dasim_call call;
        uint8_t bytes[SLOTS * PAGE];
    } reply;
    uint32_t done = drain(self, p, reply.bytes, least(size, sizeof reply.bytes));
    reply.call = (dasim_call){who, -1, done, 0, done};
    dasim_indicate(self, DASIM_INPUT, &reply, sizeof reply.call + done);
}

static bool let_read(dasim_node *self, pipe *p)
{
    uint32_t who = p->reading.first - 1;
    if (p->reading.first == 0 || (p->count == 0 && p->writers > 0)) {
        return false;
    }
    answer_bytes(self, p, who, AT(process, processes, who)->left);
    unblock(self, &p->reading, who);
    return true;
}

/* NULL: the process has no such descriptor. */
static file *file_of(dasim_node *self, uint32_t who, int32_t descriptor)
{
    int64_t at = (int64_t)descriptor - FIRST_DESCRIPTOR;
    bool is_one = at >= 0 && at < self->params[DESCRIPTORS] && descriptors_of(self, who)[at] > 0;
    return is_one ? AT(file, files, descriptors_of(self, who)[at] - 1) : NULL;
}

static uint16_t find(dasim_node *self, const file *f, uint16_t wanted)
{
    if (f == NULL) {
        return POLL_NO_FILE;
    }
    const pipe *p = AT(pipe, pipes, f->pipe);
    int ended = p->writers == 0 && f->seen != p->write_opens + 1;
    int reads = (p->count > 0 ? POLL_READ : 0) | (ended ? POLL_END : 0);
    int writes = (p->count < SLOTS ? POLL_WRITE : 0) | (p->readers == 0 ? POLL_BROKEN : 0);
    int found = (f->mode & READS ? reads : 0) | (f->mode & WRITES ? writes : 0);
    return (uint16_t)(found & (wanted | POLL_BROKEN | POLL_END));
}

/* Answers a SELECT where something is found, or where it does not wait. */
static bool select_now(dasim_node *self, uint32_t who, const void *entries, uint32_t count,
                       bool waits)
{
    struct {
        dasim_call call;
        entry entries[ENTRIES];
    } reply = {.call = {who, -1, 0, 0, count * (uint32_t)sizeof(entry)}};
    __builtin_memcpy(reply.entries, entries, reply.call.size);
    for (uint32_t i = 0; i < count; i++) {
        entry *e = &reply.entries[i];
        e->found = find(self, file_of(self, who, e->descriptor), e->wanted);
        reply.call.value += e->found > 0;
    }
    bool is_answered = reply.call.value > 0 || !waits;
    if (is_answered) {
        dasim_indicate(self, DASIM_SELECT, &reply, sizeof reply.call + reply.call.size);
    }
    return is_answered;
}

/* Something has changed: all who can go on do; with posix, writers a piece at a time, later. */
static void settle(dasim_node *self, pipe *p)
{
    bool later = self->params[POSIX] && p->readers > 0;
    while (let_read(self, p) || (!later && let_write(self, p))) {
    }
    if (later && p->writing.first > 0) {
        dasim_arm(self, TEAR, 0);
    }
    for (uint32_t who = MY->selecting.first, next; who > 0; who = next) {
        const process *its = AT(process, processes, who - 1);
        next = its->next;
        if (select_now(self, who - 1, bytes_of(self, its->page), its->left, true)) {
            unblock(self, &MY->selecting, who - 1);
        }
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    for (uint32_t i = 0; i < self->params[PIPES]; i++) {
        if (let_write(self, AT(pipe, pipes, i))) {
            settle(self, AT(pipe, pipes, i));
        }
    }
}

/* ------------------------------------------------------------------------------- files, ends */

/* A descriptor that refers to the file; TOO_MANY. */
static int32_t refer(dasim_node *self, uint32_t who, uint32_t number)
{
    for (int32_t at = 0; at < self->params[DESCRIPTORS]; at++) {
        if (descriptors_of(self, who)[at] == 0) {
            descriptors_of(self, who)[at] = number + 1;
            AT(file, files, number)->references++;
            return at + FIRST_DESCRIPTOR;
        }
    }
    return TOO_MANY;
}

/* A descriptor that refers to a new file, or an error. */
static int32_t open_file(dasim_node *self, uint32_t who, uint32_t number, uint32_t mode)
{
    uint32_t i = 0, all = (uint32_t)layout_of(self->params).file_count;
    while (i < all && AT(file, files, i)->references > 0) {
        i++;
    }
    int32_t descriptor = i < all ? refer(self, who, i) : TABLE_FULL;
    if (descriptor >= 0) {
        pipe *p = AT(pipe, pipes, number);
        *AT(file, files, i) = (file){.references = 1, .pipe = number, .mode = mode};
        p->readers += mode & READS;
        p->read_opens += mode & READS;
        p->writers += mode >> 1;
        p->write_opens += mode >> 1;
    }
    return descriptor;
}

static void close_descriptor(dasim_node *self, uint32_t who, int32_t descriptor)
{
    file *f = file_of(self, who, descriptor);
    descriptors_of(self, who)[descriptor - FIRST_DESCRIPTOR] = 0;
    if (--f->references > 0) {
        return;
    }
    pipe *p = AT(pipe, pipes, f->pipe);
    p->readers -= f->mode & READS;
    p->writers -= f->mode >> 1;
    settle(self, p);
    if (p->readers + p->writers == 0) { /* what is in it is lost */
        for (; p->count > 0; p->first = (p->first + 1) % SLOTS, p->count--) {
            page_give(self, slot_at(p, 0)->page);
        }
        MY->bytes -= p->bytes;
        p->bytes = 0;
        p->is_used = p->name_size > 0;
    }
}

/* ---------------------------------------------------------------------------------- the calls */

/* What waits to be written goes to pages; false: there are too few. */
static bool keep(dasim_node *self, process *its, const uint8_t *bytes)
{
    uint32_t *link = &its->page;
    if (MY->free_pages < (its->left + PAGE - 1) / PAGE) {
        return false;
    }
    for (uint32_t done = 0; done < its->left; done += PAGE) {
        *link = page_take(self);
        __builtin_memcpy(bytes_of(self, *link), bytes + done, least(PAGE, its->left - done));
        link = AT(uint32_t, links, *link - 1);
    }
    return true;
}

static void call_write(dasim_node *self, const dasim_call *call, const file *f)
{
    pipe *p = AT(pipe, pipes, f->pipe);
    const uint8_t *bytes = (const uint8_t *)(call + 1);
    uint32_t size = call->size, piece = size > 0 ? piece_of(self, size, size) : 0, done = 0;
    if (size > 0 && p->readers == 0) {
        answer(self, DASIM_OUTPUT, call->process, -1, BROKEN);
        return;
    }
    done = fill(self, p, bytes, piece, false);
    process rest = {IN_WRITE, f->pipe, .left = size - done, .size = size};
    bool waits = done < size && !f->nonblock && (p->count == SLOTS || done == piece);
    if (waits && keep(self, &rest, bytes + done)) {
        block(self, &p->writing, call->process, rest);
    } else {
        int64_t none = p->count == SLOTS && !waits ? WOULD_BLOCK : NO_MEMORY;
        answer(self, DASIM_OUTPUT, call->process, -1, done > 0 || size == 0 ? done : none);
    }
    settle(self, p);
}

static void call_read(dasim_node *self, const dasim_call *call, const file *f)
{
    pipe *p = AT(pipe, pipes, f->pipe);
    uint32_t size = call->value > SLOTS * PAGE ? SLOTS * PAGE : (uint32_t)call->value;
    if (size == 0 || p->count > 0 || p->writers == 0) {
        answer_bytes(self, p, call->process, size);
        settle(self, p);
    } else if (f->nonblock) {
        answer(self, DASIM_INPUT, call->process, -1, WOULD_BLOCK);
    } else {
        block(self, &p->reading, call->process, (process){IN_READ, f->pipe, .left = size});
    }
}

/* A pipe that is not used; NULL. */
static pipe *pipe_new(dasim_node *self)
{
    for (uint32_t i = 0; i < self->params[PIPES]; i++) {
        pipe *p = AT(pipe, pipes, i);
        if (!p->is_used) {
            *p = (pipe){.is_used = 1};
            return p;
        }
    }
    return NULL;
}

static void call_pipe(dasim_node *self, uint32_t who)
{
    pipe *p = pipe_new(self);
    uint32_t number = p ? (uint32_t)(p - AT(pipe, pipes, 0)) : 0;
    int32_t reads = p ? open_file(self, who, number, READS) : TABLE_FULL;
    int32_t writes = reads >= 0 ? open_file(self, who, number, WRITES) : reads;
    if (reads >= 0 && writes < 0) {
        close_descriptor(self, who, reads);
    }
    if (p && writes < 0) {
        p->is_used = 0;
    }
    answer(self, DASIM_PIPE, who, writes < 0 ? -1 : reads, writes);
}

/* NULL: there is none of this name. */
static pipe *named(dasim_node *self, const dasim_call *call)
{
    for (uint32_t i = 0; i < self->params[PIPES]; i++) {
        pipe *p = AT(pipe, pipes, i);
        if (p->is_used && p->name_size == call->size && call->size > 0 &&
            __builtin_memcmp(p->name, call + 1, call->size) == 0) {
            return p;
        }
    }
    return NULL;
}

static int64_t call_mkfifo(dasim_node *self, const dasim_call *call)
{
    if (call->size == 0 || call->size > NAME_MOST) {
        return call->size == 0 ? NO_ENTRY : NAME_TOO_LONG;
    }
    pipe *p = named(self, call) ? NULL : pipe_new(self);
    if (p) {
        p->name_size = call->size;
        __builtin_memcpy(p->name, call + 1, call->size);
    }
    return p ? 0 : named(self, call) ? EXISTS : NO_SPACE;
}

/* Who waits for a partner has one: whoever opens a pipe lets them go on. */
static void let_open(dasim_node *self, pipe *p)
{
    for (uint32_t who = p->opening.first, next; who > 0; who = next) {
        const process *its = AT(process, processes, who - 1);
        next = its->next;
        if (its->seen != (its->reads ? p->write_opens : p->read_opens)) {
            answer(self, DASIM_OPEN, who - 1, its->descriptor, 0);
            unblock(self, &p->opening, who - 1);
        }
    }
}

static void call_open(dasim_node *self, const dasim_call *call)
{
    uint32_t who = call->process, mode = (uint32_t)call->value + 1;
    pipe *p = named(self, call);
    int32_t descriptor = p == NULL || mode == 0 || mode > 3 ? (p ? INVALID : NO_ENTRY) : 0;
    bool alone = descriptor == 0 && mode != 3 && (mode == READS ? p->writers : p->readers) == 0;
    if (alone && mode == WRITES && (call->flags & NONBLOCK)) {
        descriptor = NO_PARTNER;
    }
    uint32_t number = p ? (uint32_t)(p - AT(pipe, pipes, 0)) : 0;
    descriptor = descriptor < 0 ? descriptor : open_file(self, who, number, mode);
    if (descriptor < 0) {
        answer(self, DASIM_OPEN, who, -1, descriptor);
        return;
    }
    file *f = file_of(self, who, descriptor);
    f->nonblock = call->flags & NONBLOCK;
    f->seen = alone && f->nonblock ? p->write_opens + 1 : 0;
    let_open(self, p);
    if (alone && !f->nonblock) {
        uint32_t seen = mode == READS ? p->write_opens : p->read_opens;
        block(self, &p->opening, who,
              (process){IN_OPEN, number, .seen = seen, .reads = mode & READS,
                        .descriptor = descriptor});
    } else {
        answer(self, DASIM_OPEN, who, descriptor, 0);
    }
    settle(self, p);
}

/* The process waits no longer, whatever it waited for. */
static queue *waits_in(dasim_node *self, const process *its)
{
    pipe *p = AT(pipe, pipes, its->pipe);
    return its->blocked == IN_SELECT  ? &MY->selecting
           : its->blocked == IN_OPEN  ? &p->opening
           : its->blocked == IN_WRITE ? &p->writing
                                      : &p->reading;
}

static void give_up(dasim_node *self, uint32_t op, uint32_t who)
{
    process its = *AT(process, processes, who);
    if (its.blocked) {
        unblock(self, waits_in(self, &its), who);
        if (its.blocked == IN_OPEN) {
            close_descriptor(self, who, its.descriptor);
        }
        uint32_t done = its.blocked == IN_WRITE ? its.size - its.left : 0;
        int64_t none = its.blocked == IN_SELECT ? 0 : TIMED_OUT;
        answer(self, op, who, -1, done > 0 ? done : none);
    }
}

static void call_exit(dasim_node *self, uint32_t who)
{
    const process *its = AT(process, processes, who);
    if (its->blocked) {
        unblock(self, waits_in(self, its), who);
    }
    for (int32_t at = 0; at < self->params[DESCRIPTORS]; at++) {
        if (descriptors_of(self, who)[at] > 0) {
            close_descriptor(self, who, at + FIRST_DESCRIPTOR);
        }
    }
}

static int64_t call_fork(dasim_node *self, uint32_t who, int64_t child)
{
    for (int64_t at = 0; child < self->params[PROCESSES] && at < self->params[DESCRIPTORS]; at++) {
        uint32_t number = descriptors_of(self, who)[at];
        descriptors_of(self, (uint32_t)child)[at] = number;
        if (number > 0) {
            AT(file, files, number - 1)->references++;
        }
    }
    return child < self->params[PROCESSES] ? 0 : WOULD_BLOCK;
}

static void call_select(dasim_node *self, const dasim_call *call)
{
    uint32_t count = call->size / (uint32_t)sizeof(entry), who = call->process;
    process rest = {IN_SELECT, .left = call->size};
    if (count > ENTRIES) {
        answer(self, DASIM_SELECT, who, -1, INVALID);
    } else if (!select_now(self, who, call + 1, count, !(call->flags & AT_ONCE))) {
        if (keep(self, &rest, (const uint8_t *)(call + 1))) {
            block(self, &MY->selecting, who, rest)->left = count;
        } else {
            answer(self, DASIM_SELECT, who, -1, NO_MEMORY);
        }
    }
}

/* Calls of a descriptor. */
static void on_file(dasim_node *self, uint32_t op, const dasim_call *call, file *f)
{
    uint32_t who = call->process;
    uint32_t needed = op == DASIM_INPUT ? READS : op == DASIM_OUTPUT ? WRITES : 0;
    int32_t descriptor;
    if (f == NULL || (f->mode & needed) != needed) {
        answer(self, op, who, -1, BAD_DESCRIPTOR);
    } else if (op == DASIM_INPUT) {
        call_read(self, call, f);
    } else if (op == DASIM_OUTPUT) {
        call_write(self, call, f);
    } else if (op == DASIM_CLOSE) {
        close_descriptor(self, who, call->descriptor);
        answer(self, op, who, -1, 0);
    } else if (op == DASIM_DUP) {
        descriptor = refer(self, who, (uint32_t)(f - AT(file, files, 0)));
        answer(self, op, who, descriptor, descriptor < 0 ? descriptor : 0);
    } else if (call->flags == NONBLOCK) {
        f->nonblock = call->value != 0;
        answer(self, op, who, -1, 0);
    } else {
        int64_t bytes = AT(pipe, pipes, f->pipe)->bytes;
        answer(self, op, who, -1, call->flags == AVAILABLE ? bytes : INVALID);
    }
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    const dasim_call *call = arg;
    bool of_file = op == DASIM_INPUT || op == DASIM_OUTPUT || op == DASIM_CLOSE ||
                   op == DASIM_DUP || op == DASIM_OPTION;
    if (size < sizeof *call || call->process >= self->params[PROCESSES]) {
        answer(self, op, size < sizeof *call ? 0 : call->process, -1, WOULD_BLOCK);
    } else if (call->flags & (uint32_t)GIVE_UP) {
        give_up(self, op, call->process);
    } else if (op == DASIM_EXIT) {
        call_exit(self, call->process);
    } else if (op == DASIM_FORK) {
        answer(self, op, call->process, -1, call_fork(self, call->process, call->value));
    } else if (op == DASIM_PIPE) {
        call_pipe(self, call->process);
    } else if (op == DASIM_MKFIFO) {
        answer(self, op, call->process, -1, call_mkfifo(self, call));
    } else if (op == DASIM_OPEN) {
        call_open(self, call);
    } else if (op == DASIM_SELECT) {
        call_select(self, call);
    } else if (of_file && call->descriptor >= 0) {
        on_file(self, op, call, file_of(self, call->process, call->descriptor));
    } else {
        answer(self, op, call->process, -1, NOT_KNOWN);
    }
}

DASIM_ALGORITHM(.name = "pipe", .title = "pipes and named pipes, as Linux has them",
                .reference = "IEEE Std 1003.1; Linux, fs/pipe.c",
                .about = "A bounded buffer of bytes between processes of a node: it blocks when "
                         "empty and when full, ends with its last writer, breaks with its last "
                         "reader, and keeps small writes whole.",
                .provides = DASIM_CHANNEL, .state = state_fields, .params = params,
                .timers = (const char *const[]){[TEAR] = "tear", NULL}, .state_size = state_size,
                .on_boot = on_boot, .on_request = on_request, .on_timer = on_timer);
