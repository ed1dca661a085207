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
 * there whole; then it takes a slot per page, and waits, behind other writers, where none is free.
 * A slot is free when all of it was read. So a write of up to 4096 bytes is never torn.
 * POSIX promises that for `pipe_buf` bytes: with `posix`, larger ones go in pieces of any size.
 *
 * Cost: no message. Assumes: nothing. Promises: nothing; tests/channel compares with the kernel.
 */
#include <dasim.h>

enum { TEAR }; /* timer */
enum param { POSIX, PIPE_BUF, POOL, PROCESSES };
enum { PAGE = 4096, SLOTS = 16, PIPES = 64, FILES = 256, DESCRIPTORS = 32, FIRST_DESCRIPTOR = 3 };
enum { READS = 1, WRITES = 2, NAME_MOST = 40 };              /* files */
enum { NOT_BLOCKED, IN_READ, IN_WRITE, IN_OPEN, IN_SELECT }; /* processes */
enum { NONBLOCK = 1, AVAILABLE = 2, AT_ONCE = 1, SIGPIPE_RAISED = 1, GIVE_UP = INT32_MIN };
enum { POLL_READ = 1, POLL_WRITE = 4, POLL_BROKEN = 8, POLL_END = 16, POLL_NO_FILE = 32 };
enum { NO_ENTRY = -2, NO_PARTNER = -6, BAD_DESCRIPTOR = -9, WOULD_BLOCK = -11, NO_MEMORY = -12 };
enum { EXISTS = -17, INVALID = -22, TABLE_FULL = -23, TOO_MANY = -24, NO_SPACE = -28 };
enum { BROKEN = -32, NAME_TOO_LONG = -36, NOT_KNOWN = -38, TIMED_OUT = -110, LATER = INT32_MIN };

static const dasim_param params[] = {
    [POSIX] = {"posix", DASIM_SWITCH, 0, 0, 1, "only what the standard promises; else as Linux"},
    [PIPE_BUF] = {"pipe_buf", DASIM_BYTES, 512, 512, PAGE, "with posix: what is never torn"},
    [POOL] = {"pool", DASIM_BYTES, 524288, 131072, 1 << 28, "of a node, for bytes, in pages"},
    [PROCESSES] = {"processes", DASIM_COUNT, 32, 1, 1 << 20, "of a node, with their children"},
    {0},
};

/* Pages and files are kept as number + 1; 0: none. */
typedef struct page {
    uint32_t next, unused;
    uint8_t bytes[PAGE];
} page;
typedef struct slot {
    uint32_t page;
    uint16_t offset, size; /* of what was not read yet */
} slot;
typedef struct pipe {
    uint32_t is_used, name_size;      /* name_size > 0: a named pipe */
    uint32_t readers, writers;        /* files */
    uint32_t read_opens, write_opens; /* so far */
    uint32_t first, count, bytes;     /* slots in use, a ring; bytes in them */
    uint8_t name[NAME_MOST];
    slot slots[SLOTS];
} pipe;
typedef struct file {
    uint32_t references, pipe, mode, nonblock;
    uint32_t seen; /* opened while nobody wrote: write_opens + 1 of then; no end before the next */
} file;
typedef struct process {
    uint32_t blocked, pipe;
    uint64_t since;        /* a number, not a time */
    uint32_t page, offset; /* what waits to be written, from there on; entries of SELECT */
    uint32_t left, size;   /* READ: wanted; WRITE: bytes, of so many; SELECT: entries */
    uint32_t seen, reads;  /* OPEN: opens of the partner that it had seen; it opens for reading */
    int32_t descriptor;    /* OPEN */
    uint32_t unused;
    uint32_t files[DESCRIPTORS];
} process;
typedef struct entry { /* struct pollfd */
    int32_t descriptor;
    uint16_t wanted, found;
} entry;
typedef struct state {
    uint32_t blocked;                      /* processes that wait */
    uint32_t pages, pages_used, free_page; /* now, ever; the first that was given back */
    uint64_t turns;                        /* for `since` */
    file files[FILES];
    pipe pipes[PIPES];
    process processes[]; /* then pages */
} state;

static const dasim_field state_fields[] = {
    {"blocked", DASIM_U32, offsetof(state, blocked), .help = "processes that wait"},
    {"pages", DASIM_U32, offsetof(state, pages), .help = "of the pool that are in use"},
    {0},
};

static size_t state_size(const dasim_config *config)
{
    return sizeof(state) + (size_t)config->params[PROCESSES] * sizeof(process) +
           (size_t)config->params[POOL] / PAGE * sizeof(page);
}

#define MY ((state *)self->state)
#define PAGE_AT(number) ((page *)(void *)&MY->processes[self->params[PROCESSES]] + ((number)-1))
#define SLOT_AT(p, i) (&(p)->slots[((p)->first + (i)) % SLOTS])
#define LEAST(a, b) ((a) < (b) ? (a) : (b))

/* 0: there is none. */
static uint32_t page_take(dasim_node *self)
{
    uint32_t number = MY->free_page;
    if (number > 0) {
        MY->free_page = PAGE_AT(number)->next;
        PAGE_AT(number)->next = 0;
    } else if (MY->pages_used < self->params[POOL] / PAGE) {
        number = ++MY->pages_used;
    }
    MY->pages += number > 0;
    return number;
}

/* Returns the page that was linked behind it. Who takes the next one gets this, as it is. */
static uint32_t page_give(dasim_node *self, uint32_t number)
{
    uint32_t next = PAGE_AT(number)->next;
    PAGE_AT(number)->next = MY->free_page;
    MY->free_page = number;
    MY->pages--;
    return next;
}

static void answer(dasim_node *self, uint32_t op, uint32_t who, int32_t descriptor, int64_t value)
{
    dasim_call call = {who, descriptor, value, value == BROKEN ? SIGPIPE_RAISED : 0, 0};
    dasim_indicate(self, op, &call, sizeof call);
}

static void block(dasim_node *self, uint32_t who, process how)
{
    process *its = &MY->processes[who];
    __builtin_memcpy(how.files, its->files, sizeof how.files);
    how.since = ++MY->turns;
    *its = how;
    MY->blocked++;
}

static void unblock(dasim_node *self, uint32_t who)
{
    process *its = &MY->processes[who];
    while (its->page > 0) {
        its->page = page_give(self, its->page);
    }
    its->blocked = NOT_BLOCKED;
    MY->blocked--;
}

/* Who has waited for the pipe longest; DASIM_NOBODY. */
static uint32_t first_in(dasim_node *self, uint32_t how, const pipe *p)
{
    uint32_t first = DASIM_NOBODY;
    for (uint32_t i = 0; MY->blocked > 0 && i < self->params[PROCESSES]; i++) {
        const process *its = &MY->processes[i];
        if (its->blocked == how && &MY->pipes[its->pipe] == p &&
            (first == DASIM_NOBODY || its->since < MY->processes[first].since)) {
            first = i;
        }
    }
    return first;
}

/* How many of the bytes found room. Who has waited for a slot takes one, and looks at no other. */
static uint32_t fill(dasim_node *self, pipe *p, const uint8_t *bytes, uint32_t size, bool waited)
{
    uint32_t done = 0;
    for (uint32_t piece = size % PAGE, number; done < size; done += piece) {
        slot *s = p->count > 0 ? SLOT_AT(p, p->count - 1) : NULL;
        bool fits = s && s->offset + s->size + piece <= PAGE;
        if (done > 0 || piece == 0 || waited || !fits) {
            if (p->count == SLOTS || (number = page_take(self)) == 0) {
                break;
            }
            s = SLOT_AT(p, p->count++);
            *s = (slot){.page = number};
            piece = LEAST(size - done, PAGE);
        }
        __builtin_memmove(PAGE_AT(s->page)->bytes + s->offset + s->size, bytes + done, piece);
        s->size = (uint16_t)(s->size + piece);
        p->bytes += piece;
    }
    return done;
}

/* How much of what is left of a write goes at one go. */
static uint32_t piece_of(dasim_node *self, uint32_t left, uint32_t size)
{
    bool is_torn = self->params[POSIX] && size > self->params[PIPE_BUF];
    return is_torn ? 1 + (uint32_t)dasim_random(self, left) : left;
}

/* What the process waits to write, as far as there is room; with posix a piece of it. */
static uint32_t write_rest(dasim_node *self, pipe *p, process *its)
{
    uint32_t before = its->left, done = 1;
    while (its->left > 0 && p->count < SLOTS && done > 0) {
        const uint8_t *bytes = PAGE_AT(its->page)->bytes + its->offset;
        uint32_t chunk = LEAST(its->left, PAGE - its->offset);
        uint32_t piece = piece_of(self, chunk, its->size);
        bool is_last = piece == chunk; /* its page is free, and taken at once */
        its->page = is_last ? page_give(self, its->page) : its->page;
        its->offset = is_last ? 0 : its->offset;
        done = fill(self, p, bytes, piece, true);
        its->offset += is_last ? 0 : done;
        its->left -= done;
        done = self->params[POSIX] ? 0 : done;
    }
    return before - its->left;
}

/* The first of those who wait to write goes on; behind the others, if bytes are left. */
static bool let_write(dasim_node *self, pipe *p)
{
    uint32_t who = first_in(self, IN_WRITE, p);
    if (who == DASIM_NOBODY || (p->readers > 0 && p->count == SLOTS)) {
        return false;
    }
    process *its = &MY->processes[who];
    uint32_t now = p->readers > 0 ? write_rest(self, p, its) : 0, done = its->size - its->left;
    if (p->readers > 0 && its->left > 0) {
        its->since = ++MY->turns;
        return now > 0;
    }
    dasim_call call = {who, -1, done > 0 ? (int64_t)done : BROKEN, p->readers == 0, 0};
    dasim_indicate(self, DASIM_OUTPUT, &call, sizeof call);
    unblock(self, who);
    return true;
}

/* Who has waited longest takes the oldest bytes, or learns of the end. */
static bool let_read(dasim_node *self, pipe *p)
{
    uint32_t who = p->count > 0 || p->writers == 0 ? first_in(self, IN_READ, p) : DASIM_NOBODY;
    struct {
        dasim_call call;
        uint8_t bytes[SLOTS * PAGE];
    } reply;
    if (who == DASIM_NOBODY) {
        return false;
    }
    uint32_t done = 0, wanted = MY->processes[who].left;
    while (done < wanted && p->count > 0) {
        slot *s = SLOT_AT(p, 0);
        uint32_t piece = LEAST(wanted - done, s->size);
        __builtin_memcpy(reply.bytes + done, PAGE_AT(s->page)->bytes + s->offset, piece);
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
    reply.call = (dasim_call){who, -1, done, 0, done};
    dasim_indicate(self, DASIM_INPUT, &reply, sizeof reply.call + done);
    unblock(self, who);
    return true;
}

/* NULL: the process has no such descriptor. */
static file *file_of(dasim_node *self, uint32_t who, int32_t descriptor)
{
    int64_t at = (int64_t)descriptor - FIRST_DESCRIPTOR;
    bool is_one = at >= 0 && at < DESCRIPTORS && MY->processes[who].files[at] > 0;
    return is_one ? &MY->files[MY->processes[who].files[at] - 1] : NULL;
}

static uint16_t find(dasim_node *self, const file *f, uint16_t wanted)
{
    if (f == NULL) {
        return POLL_NO_FILE;
    }
    const pipe *p = &MY->pipes[f->pipe];
    int ended = p->writers == 0 && f->seen != p->write_opens + 1;
    int reads = (p->count > 0 ? POLL_READ : 0) | (ended ? POLL_END : 0);
    int writes = (p->count < SLOTS ? POLL_WRITE : 0) | (p->readers == 0 ? POLL_BROKEN : 0);
    int found = (f->mode & READS ? reads : 0) | (f->mode & WRITES ? writes : 0);
    return (uint16_t)(found & (wanted | POLL_BROKEN | POLL_END));
}

static void let_select(dasim_node *self, uint32_t who, bool at_once)
{
    struct {
        dasim_call call;
        entry entries[PAGE / sizeof(entry)];
    } reply = {.call = {who, -1, 0, 0, MY->processes[who].left}};
    __builtin_memcpy(reply.entries, PAGE_AT(MY->processes[who].page)->bytes, reply.call.size);
    for (uint32_t i = 0; i < reply.call.size / sizeof(entry); i++) {
        entry *e = &reply.entries[i];
        e->found = find(self, file_of(self, who, e->descriptor), e->wanted);
        reply.call.value += e->found > 0;
    }
    if (reply.call.value > 0 || at_once) {
        dasim_indicate(self, DASIM_SELECT, &reply, sizeof reply.call + reply.call.size);
        unblock(self, who);
    }
}

/* Something has changed: all who can go on do; with posix, writers a piece at a time, later. */
static void settle(dasim_node *self, pipe *p)
{
    bool later = self->params[POSIX] && p->readers > 0;
    while (let_read(self, p) || (!later && let_write(self, p))) {
    }
    if (later && first_in(self, IN_WRITE, p) != DASIM_NOBODY) {
        dasim_arm(self, TEAR, 0);
    }
    for (uint32_t i = 0; MY->blocked > 0 && i < self->params[PROCESSES]; i++) {
        const process *its = &MY->processes[i];
        if (its->blocked == IN_OPEN && &MY->pipes[its->pipe] == p &&
            its->seen != (its->reads ? p->write_opens : p->read_opens)) {
            answer(self, DASIM_OPEN, i, its->descriptor, 0);
            unblock(self, i);
        } else if (its->blocked == IN_SELECT) {
            let_select(self, i, false);
        }
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    for (uint32_t i = 0; i < PIPES; i++) {
        if (let_write(self, &MY->pipes[i])) {
            settle(self, &MY->pipes[i]);
        }
    }
}

/* A descriptor that refers to the file; TOO_MANY. */
static int32_t refer(dasim_node *self, uint32_t who, uint32_t number)
{
    for (int32_t at = 0; at < DESCRIPTORS; at++) {
        if (MY->processes[who].files[at] == 0) {
            MY->processes[who].files[at] = number + 1;
            MY->files[number].references++;
            return at + FIRST_DESCRIPTOR;
        }
    }
    return TOO_MANY;
}

/* A descriptor that refers to a new file, or an error. */
static int32_t open_file(dasim_node *self, uint32_t who, pipe *p, uint32_t mode)
{
    uint32_t i = 0;
    while (i < FILES && MY->files[i].references > 0) {
        i++;
    }
    int32_t descriptor = i < FILES ? refer(self, who, i) : TABLE_FULL;
    if (descriptor >= 0) {
        MY->files[i] = (file){.references = 1, .pipe = (uint32_t)(p - MY->pipes), .mode = mode};
        p->is_used = 1;
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
    MY->processes[who].files[descriptor - FIRST_DESCRIPTOR] = 0;
    if (--f->references > 0) {
        return;
    }
    pipe *p = &MY->pipes[f->pipe];
    p->readers -= f->mode & READS;
    p->writers -= f->mode >> 1;
    settle(self, p);
    if (p->readers + p->writers == 0) { /* what is in it is lost */
        while (p->count > 0) {
            page_give(self, SLOT_AT(p, --p->count)->page);
        }
        p->bytes = 0;
        p->is_used = p->name_size > 0;
    }
}

/* What waits goes to pages; false: there are too few. */
static bool keep(dasim_node *self, process *its, const uint8_t *bytes)
{
    uint32_t *link = &its->page, needed = (its->left + PAGE - 1) / PAGE;
    if (MY->pages + needed > self->params[POOL] / PAGE) {
        return false;
    }
    for (uint32_t done = 0; done < its->left; done += PAGE) {
        *link = page_take(self);
        __builtin_memcpy(PAGE_AT(*link)->bytes, bytes + done, LEAST(PAGE, its->left - done));
        link = &PAGE_AT(*link)->next;
    }
    return true;
}

/* ---------------------------------------------------------------------------------- the calls */

/* The calls return the result; LATER: it was, or will be, answered elsewhere. */
static int64_t call_write(dasim_node *self, const dasim_call *call, const file *f)
{
    pipe *p = &MY->pipes[f->pipe];
    const uint8_t *bytes = (const uint8_t *)(call + 1);
    uint32_t size = call->size, piece = piece_of(self, size, size);
    if (size == 0 || p->readers == 0) {
        return size == 0 ? 0 : BROKEN;
    }
    uint32_t done = fill(self, p, bytes, piece, false);
    process rest = {IN_WRITE, f->pipe, .left = size - done, .size = size};
    bool is_full = p->count == SLOTS || done == piece, waits = done < size && !f->nonblock;
    if (waits && is_full && keep(self, &rest, bytes + done)) {
        block(self, call->process, rest);
        settle(self, p);
        return LATER;
    }
    settle(self, p);
    int64_t none = is_full && !waits ? WOULD_BLOCK : NO_MEMORY;
    return done > 0 ? done : none;
}

static int64_t call_read(dasim_node *self, const dasim_call *call, const file *f)
{
    pipe *p = &MY->pipes[f->pipe];
    uint32_t size = (uint32_t)LEAST(call->value, SLOTS * PAGE);
    if (size == 0 || (p->count == 0 && p->writers > 0 && f->nonblock)) {
        return size == 0 ? 0 : WOULD_BLOCK;
    }
    block(self, call->process, (process){IN_READ, f->pipe, .left = size});
    settle(self, p);
    return LATER;
}

/* The pipe of this name; with none: one that is not used. NULL: there is no such pipe. */
static pipe *find_pipe(dasim_node *self, const void *name, uint32_t size)
{
    for (pipe *p = MY->pipes; p < MY->pipes + PIPES; p++) {
        if (name ? p->is_used && p->name_size == size && __builtin_memcmp(p->name, name, size) == 0
                 : !p->is_used) {
            return p;
        }
    }
    return NULL;
}

static int64_t call_pipe(dasim_node *self, const dasim_call *call, int32_t *reads)
{
    pipe *p = find_pipe(self, NULL, 0);
    *reads = p ? open_file(self, call->process, p, READS) : TABLE_FULL;
    int32_t writes = *reads >= 0 ? open_file(self, call->process, p, WRITES) : *reads;
    if (*reads >= 0 && writes < 0) {
        close_descriptor(self, call->process, *reads);
    }
    return writes;
}

static int64_t call_mkfifo(dasim_node *self, const dasim_call *call)
{
    pipe *p = find_pipe(self, NULL, 0);
    if (call->size == 0 || call->size > NAME_MOST) {
        return call->size == 0 ? NO_ENTRY : NAME_TOO_LONG;
    }
    if (p == NULL || find_pipe(self, call + 1, call->size)) {
        return p ? EXISTS : NO_SPACE;
    }
    *p = (pipe){.is_used = 1, .name_size = call->size};
    __builtin_memcpy(p->name, call + 1, call->size);
    return 0;
}

static int64_t call_open(dasim_node *self, const dasim_call *call, int32_t *opened)
{
    uint32_t mode = (uint32_t)call->value % 3 + 1, nonblock = call->flags & NONBLOCK;
    pipe *p = find_pipe(self, call + 1, call->size);
    bool alone = p && mode < 3 && (mode == READS ? p->writers : p->readers) == 0;
    if (p == NULL || (alone && mode == WRITES && nonblock)) {
        return p ? NO_PARTNER : NO_ENTRY;
    }
    *opened = open_file(self, call->process, p, mode);
    if (*opened < 0) {
        return *opened;
    }
    file *f = file_of(self, call->process, *opened);
    f->nonblock = nonblock;
    f->seen = alone && nonblock ? p->write_opens + 1 : 0;
    if (alone && !nonblock) {
        process its = {IN_OPEN, f->pipe, .reads = mode == READS, .descriptor = *opened};
        its.seen = its.reads ? p->write_opens : p->read_opens;
        block(self, call->process, its);
    }
    settle(self, p);
    return alone && !nonblock ? LATER : 0;
}

static int64_t give_up(dasim_node *self, uint32_t who)
{
    process its = MY->processes[who];
    int64_t done = its.blocked == IN_WRITE ? its.size - its.left : 0;
    if (!its.blocked) {
        return LATER;
    }
    unblock(self, who);
    if (its.blocked == IN_OPEN) {
        close_descriptor(self, who, its.descriptor);
    }
    return done > 0 || its.blocked == IN_SELECT ? done : TIMED_OUT;
}

static int64_t call_exit(dasim_node *self, uint32_t who)
{
    give_up(self, who);
    for (int32_t at = FIRST_DESCRIPTOR; at < FIRST_DESCRIPTOR + DESCRIPTORS; at++) {
        if (file_of(self, who, at)) {
            close_descriptor(self, who, at);
        }
    }
    return LATER; /* nobody hears it */
}

static int64_t call_fork(dasim_node *self, uint32_t who, int64_t child)
{
    for (uint32_t at = 0; child < self->params[PROCESSES] && at < DESCRIPTORS; at++) {
        uint32_t number = MY->processes[who].files[at];
        MY->processes[child].files[at] = number;
        if (number > 0) {
            MY->files[number - 1].references++;
        }
    }
    return child < self->params[PROCESSES] ? 0 : WOULD_BLOCK;
}

static int64_t call_select(dasim_node *self, const dasim_call *call)
{
    process rest = {IN_SELECT, .left = call->size};
    bool fits = call->size > 0 && call->size <= PAGE;
    if (!fits || !keep(self, &rest, (const uint8_t *)(call + 1))) {
        return INVALID;
    }
    block(self, call->process, rest);
    let_select(self, call->process, call->flags & AT_ONCE);
    return LATER;
}

static int64_t call_option(dasim_node *self, const dasim_call *call, file *f)
{
    if (call->flags == NONBLOCK) {
        f->nonblock = call->value != 0;
        return 0;
    }
    return call->flags == AVAILABLE ? (int64_t)MY->pipes[f->pipe].bytes : INVALID;
}

static int64_t on_file(dasim_node *self, uint32_t op, const dasim_call *call, int32_t *other)
{
    file *f = file_of(self, call->process, call->descriptor);
    uint32_t mode = op == DASIM_INPUT ? READS : op == DASIM_OUTPUT ? WRITES : 0;
    if (f == NULL || (f->mode & mode) != mode) {
        return call->descriptor < 0 ? NOT_KNOWN : BAD_DESCRIPTOR;
    }
    if (op == DASIM_DUP) {
        *other = refer(self, call->process, (uint32_t)(f - MY->files));
        return LEAST(*other, 0);
    }
    if (op == DASIM_CLOSE) {
        close_descriptor(self, call->process, call->descriptor);
        return 0;
    }
    return op == DASIM_INPUT    ? call_read(self, call, f)
           : op == DASIM_OUTPUT ? call_write(self, call, f)
                                : call_option(self, call, f);
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    const dasim_call *call = arg;
    uint32_t who = call->process;
    int32_t other = -1;
    bool is_one = size >= sizeof *call && who < self->params[PROCESSES];
    int64_t value = !is_one                           ? TABLE_FULL
                    : call->flags & (uint32_t)GIVE_UP ? give_up(self, who)
                    : op == DASIM_EXIT                ? call_exit(self, who)
                    : op == DASIM_FORK                ? call_fork(self, who, call->value)
                    : op == DASIM_PIPE                ? call_pipe(self, call, &other)
                    : op == DASIM_MKFIFO              ? call_mkfifo(self, call)
                    : op == DASIM_OPEN                ? call_open(self, call, &other)
                    : op == DASIM_SELECT              ? call_select(self, call)
                    : op < DASIM_SOCKET               ? on_file(self, op, call, &other)
                                                      : NOT_KNOWN;
    if (value != LATER) {
        answer(self, op, who, value < 0 ? -1 : other, value);
    }
}

DASIM_ALGORITHM(.name = "pipe", .title = "pipes and named pipes, as Linux has them",
                .reference = "IEEE Std 1003.1; Linux, fs/pipe.c",
                .about = "Blocks when empty and when full, ends with its last writer, breaks "
                         "with its last reader, and keeps small writes whole.",
                .provides = DASIM_CHANNEL, .state = state_fields, .params = params,
                .timers = (const char *const[]){[TEAR] = "tear", NULL}, .state_size = state_size,
                .on_request = on_request, .on_timer = on_timer);
