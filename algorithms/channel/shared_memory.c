/*
 * Memory that the processes of one machine share, and what keeps them out of each other's way.
 *
 * After: POSIX.1-2017 (shm_open, sem_wait, pthread_mutex_lock, pthread_cond_wait); flock(2) of
 * 4.2BSD; E. W. Dijkstra, "Cooperating sequential processes", 1968 (semaphores); C. A. R. Hoare,
 * "Monitors", CACM 17(10), 1974; B. Lampson, D. Redell, "Experience with processes and monitors in
 * Mesa", CACM 23(2), 1980.
 *
 * Idea: processes attach segments of words by name. A load and a store each take a `step` and have
 * their effect at its end, at one instant; between the load and the store of "balance + 1" there is
 * room for others, and an update is lost. Three cures: a lock (mutex), a semaphore, a monitor: a
 * mutex with named conditions, as in Mesa: who is signalled joins the end of the queue for the
 * mutex, and must look again whether what it waited for is still so. Queues are first come, first
 * served. A file is the slow cousin: words that outlive a crash of the machine, `file_step` each;
 * its lock is advisory: who does not ask for it is not stopped.
 * A process that ends gives back its file locks; its mutexes stay locked for ever, unless they are
 * robust: the next one gets it then, and is told (EOWNERDEAD). What it took from a semaphore is
 * gone.
 *
 * Cost:     no messages. A step per access, `lock` for each of the other calls.
 * Assumes:  nothing of other nodes. Processors do not slow each other down.
 * Promises: a linearizable memory; nothing of those who share it: race_free judges them.
 *
 * Calls; the answer is the result, or -errno, with descriptor -1 then:
 *   ATTACH  text: name; flags: enum attach; value: what a new semaphore begins with -> descriptor
 *   DETACH, CLOSE -> 0
 *   LOAD    flags: which word -> the word. STORE: value into word `flags` -> 0. Their text, which
 *           comes back, says where in its program the process is; nothing here depends on it
 *   WAIT    semaphore: takes one; mutex: locks it; file: flags SHARED or not; mutex with a text:
 *           leaves it until that condition is signalled -> 0. TRY: EAGAIN if it has to wait
 *   POST    the opposite; mutex with a text: signals the condition, with flags ALL broadcasts it
 *   OPTION  flags 3: what the mutex of a dead owner protects is consistent again -> 0
 *   FORK    value: the child's number; it has the same descriptors -> 0. EXIT: has no answer
 * With flags GIVE_UP the call under way is (ETIMEDOUT); a condition's mutex is locked first.
 */
#include <dasim.h>

/* clang-format off */
enum attach {
    SEGMENT, FILE_OF_WORDS, SEMAPHORE, MUTEX, KIND = 15,
    READS = 16, WRITES = 32,              /* rights that are asked for, of segments and files */
    OTHERS_READ = 64, OTHERS_WRITE = 128, /* what others than who creates it may */
    CREATE = 256, EXCLUSIVE = 512,        /* where there is none of this name and kind; only then */
    ROBUST = 1024,                        /* a mutex */
    ATOMIC = 2048 /* accesses through this descriptor synchronise; nothing here depends on it */
};
enum { SHARED = 1, ALL = 1, TRY = 2, CONSISTENT = 3 };
#define GIVE_UP (UINT32_C(1) << 31)

enum number { /* of errors, Linux' */
    E_PERM = 1, E_NOENT = 2, E_BADF = 9, E_AGAIN = 11, E_NOMEM = 12, E_ACCES = 13, E_FAULT = 14,
    E_EXIST = 17, E_INVAL = 22, E_MFILE = 24, E_NOSPC = 28, E_DEADLK = 35, E_NAMETOOLONG = 36,
    E_NOSYS = 38, E_TIMEDOUT = 110, E_OWNERDEAD = 130, E_NOTRECOVERABLE = 131
};
/* clang-format on */

enum param { STEP, FILE_STEP, LOCK, OBJECTS, WORDS, PROCESSES, DESCRIPTORS };

static const dasim_param params[] = {
    [STEP] = {"step", DASIM_DURATION, 100, 0, INT64_MAX / 4, "a load or a store"},
    [FILE_STEP] = {"file_step", DASIM_DURATION, 150000, 0, INT64_MAX / 4, "... of a file"},
    [LOCK] = {"lock", DASIM_DURATION, 25, 0, INT64_MAX / 4, "every other call, without waiting"},
    [OBJECTS] = {"objects", DASIM_COUNT, 32, 1, 4096, "segments, files, semaphores, mutexes"},
    [WORDS] = {"words", DASIM_COUNT, 64, 1, 65536, "in each segment and file"},
    [PROCESSES] = {"processes", DASIM_COUNT, 32, 1, 65536, "of a node"},
    [DESCRIPTORS] = {"descriptors", DASIM_COUNT, 16, 1, 1024, "of a process"},
    {0},
};

/* Of an object or a condition, or what is behind another call; filled up with zeros. */
typedef struct text {
    char bytes[48];
} text;

/* In the stable storage, for the sake of files; behind all of them, their words. */
typedef struct object {
    text name; /* zero: the place is free */
    uint32_t kind, others, creator;
    uint32_t robust; /* a mutex: enum robustness */
    uint64_t owner;  /* of a mutex: process + 1; 0: nobody; or DEAD */
    int64_t count;   /* of a semaphore */
} object;

#define DEAD UINT64_MAX

enum robustness { STALLED, SOUND, OWNER_DIED, LOST };
enum locked { UNLOCKED, LOCKED_SHARED, LOCKED };
enum phase { AT_REST, STEPPING, QUEUEING, CONDITION };

/* What descriptors refer to: one, or several after FORK. */
typedef struct opened {
    uint32_t object; /* its number + 1; 0: free */
    uint32_t rights; /* READS | WRITES */
    uint32_t references;
    uint32_t locked; /* of a file: enum locked */
} opened;

/* A process and its call. Those in a queue are in the order of their tickets. */
typedef struct task {
    uint32_t phase, op;
    int64_t due; /* STEPPING: when the call has its effect */
    uint64_t ticket;
    int64_t result;  /* QUEUEING: what a WAIT that ends well returns */
    uint32_t object; /* QUEUEING for it; CONDITION of it */
    uint32_t opened; /* QUEUEING for a file: the lock is this one's */
    dasim_call call;
    text text; /* right behind the call */
} task;

/* Behind it: tasks, opened[processes * descriptors], descriptors[processes][] as uint64_t. */
typedef struct state {
    uint64_t tickets;
    uint64_t seen; /* processes: those from here on never called */
} state;

static size_t table_size(const int64_t *p)
{
    return (size_t)(p[PROCESSES] * p[DESCRIPTORS]);
}

static size_t state_size(const dasim_config *config)
{
    const int64_t *p = config->params;
    return sizeof(state) + (size_t)p[PROCESSES] * sizeof(task) +
           table_size(p) * (sizeof(opened) + sizeof(uint64_t));
}

static size_t stable_size(const dasim_config *config)
{
    const int64_t *p = config->params;
    return (size_t)p[OBJECTS] * (sizeof(object) + (size_t)p[WORDS] * sizeof(int64_t));
}

static task *tasks_of(dasim_node *self)
{
    return (task *)((state *)self->state + 1);
}

static opened *opened_of(dasim_node *self)
{
    return (opened *)(tasks_of(self) + self->params[PROCESSES]);
}

/* Of a process: number + 1 of what each descriptor refers to; 0: free. */
static uint64_t *descriptors_of(dasim_node *self, int64_t process)
{
    uint64_t *all = (uint64_t *)(opened_of(self) + table_size(self->params));
    return all + process * self->params[DESCRIPTORS];
}

static object *object_of(dasim_node *self, const opened *its)
{
    return (object *)self->stable + (its->object - 1);
}

static int64_t *words_of(dasim_node *self, int64_t number)
{
    int64_t *all = (int64_t *)((object *)self->stable + self->params[OBJECTS]);
    return all + number * self->params[WORDS];
}

static bool is_same(const text *a, const text *b)
{
    return __builtin_memcmp(a, b, sizeof *a) == 0;
}

/* ---- answers, descriptors */

static void answer(dasim_node *self, task *t, int64_t value)
{
    struct {
        dasim_call call;
        text text;
    } a = {t->call, t->text};
    a.call.value = value;
    a.call.size = t->op == DASIM_LOAD || t->op == DASIM_STORE ? a.call.size : 0;
    t->phase = AT_REST;
    dasim_indicate(self, t->op, &a, sizeof a.call + a.call.size);
}

static void refuse(dasim_node *self, task *t, int64_t number)
{
    t->call.descriptor = -1;
    answer(self, t, -number);
}

/* What the call's descriptor refers to; NULL: nothing. */
static opened *referred(dasim_node *self, const task *t)
{
    int64_t which = t->call.descriptor;
    bool is_one = which >= 0 && which < self->params[DESCRIPTORS];
    uint64_t number = is_one ? descriptors_of(self, t->call.process)[which] : 0;
    return number ? &opened_of(self)[number - 1] : NULL;
}

/* ---- queues */

/* Who waits for the object longest (or for a condition of it, if a name is given); NULL: nobody. */
static task *first_in_queue(dasim_node *self, uint32_t number, const text *condition)
{
    const state *my = self->state;
    task *first = NULL;
    for (uint32_t i = 0; i < my->seen; i++) {
        task *t = &tasks_of(self)[i];
        if (t->phase == (condition ? CONDITION : QUEUEING) && t->object == number &&
            (first == NULL || t->ticket < first->ticket) &&
            (condition == NULL || is_same(&t->text, condition))) {
            first = t;
        }
    }
    return first;
}

static void queue_up(dasim_node *self, task *t, enum phase phase, uint32_t number)
{
    t->phase = phase;
    t->object = number;
    t->ticket = ++((state *)self->state)->tickets;
}

/* Is the file's lock free for `its`? */
static bool is_free_for(dasim_node *self, const opened *its, bool shared)
{
    for (size_t i = 0; i < table_size(self->params); i++) {
        const opened *other = &opened_of(self)[i];
        if (other != its && other->object == its->object && other->locked != UNLOCKED &&
            !(shared && other->locked == LOCKED_SHARED)) {
            return false;
        }
    }
    return true;
}

/* The process gets what it waits for, if it can be had. */
static bool take(dasim_node *self, task *t)
{
    object *o = (object *)self->stable + t->object;
    opened *its = &opened_of(self)[t->opened];
    bool shared = (t->call.flags & SHARED) != 0;
    if (o->kind == SEMAPHORE ? o->count == 0
        : o->kind == MUTEX   ? o->owner != 0
                             : !is_free_for(self, its, shared)) {
        return false;
    }
    if (o->kind == SEMAPHORE) {
        o->count--;
    } else if (o->kind == FILE_OF_WORDS) {
        its->locked = shared ? LOCKED_SHARED : LOCKED;
    } else {
        t->result = o->robust == LOST         ? -E_NOTRECOVERABLE
                    : o->robust == OWNER_DIED ? -E_OWNERDEAD
                                              : t->result;
        o->owner = o->robust == LOST ? 0 : t->call.process + 1u;
    }
    answer(self, t, t->result);
    return true;
}

/* Something was given back: those who wait get it, in their order. */
static void serve(dasim_node *self, uint32_t number)
{
    task *t;
    do {
        t = first_in_queue(self, number, NULL);
    } while (t && take(self, t));
}

static void unlock_mutex(object *o)
{
    o->owner = 0;
    o->robust = o->robust == OWNER_DIED ? LOST : o->robust;
}

/* ---- the calls */

static bool may(const object *o, uint32_t process, uint32_t flags)
{
    uint32_t asked = flags & (READS | WRITES);
    return o->creator == process || o->kind == SEMAPHORE || o->kind == MUTEX ||
           (asked & ~(o->others / (OTHERS_READ / READS))) == 0;
}

/* The number of the object that the call names, made if need be; or -errno. */
static int64_t find_or_make(dasim_node *self, const task *t)
{
    static const text nothing;
    object *all = self->stable, *free = NULL;
    uint32_t flags = t->call.flags, kind = flags & KIND;
    for (int64_t i = self->params[OBJECTS]; i-- > 0;) {
        if (is_same(&all[i].name, &nothing)) {
            free = &all[i];
        } else if (all[i].kind == kind && is_same(&all[i].name, &t->text)) {
            return flags & EXCLUSIVE                      ? -E_EXIST
                   : may(&all[i], t->call.process, flags) ? i
                                                          : -E_ACCES;
        }
    }
    if (!(flags & CREATE) || free == NULL) {
        return flags & CREATE ? -E_NOSPC : -E_NOENT;
    }
    *free = (object){.name = t->text,
                     .kind = kind,
                     .others = flags & (OTHERS_READ | OTHERS_WRITE),
                     .creator = t->call.process,
                     .robust = flags & ROBUST ? SOUND : STALLED,
                     .count = t->call.value};
    return free - all;
}

static int64_t attach(dasim_node *self, task *t)
{
    uint64_t *mine = descriptors_of(self, t->call.process);
    opened *all = opened_of(self);
    uint32_t which = 0, kind = t->call.flags & KIND;
    int32_t descriptor = 0; /* the lowest that is free */
    while (descriptor < self->params[DESCRIPTORS] && mine[descriptor]) {
        descriptor++;
    }
    int64_t number = kind > MUTEX || t->text.bytes[0] == '\0' || t->call.value < 0 ? -E_INVAL
                     : descriptor == self->params[DESCRIPTORS]                     ? -E_MFILE
                                                               : find_or_make(self, t);
    if (number < 0) {
        return -number;
    }
    while (all[which].references) { /* there are as many as descriptors */
        which++;
    }
    all[which] = (opened){(uint32_t)number + 1, t->call.flags & (READS | WRITES), 1, UNLOCKED};
    mine[descriptor] = which + 1;
    t->call.descriptor = descriptor;
    answer(self, t, descriptor);
    return 0;
}

/* The last one gives back the lock of a file. */
static void drop_reference(dasim_node *self, uint32_t process, int32_t descriptor)
{
    uint64_t *which = &descriptors_of(self, process)[descriptor];
    opened *its = *which ? &opened_of(self)[*which - 1] : NULL;
    *which = 0;
    if (its && --its->references == 0) {
        uint32_t number = its->object - 1;
        *its = (opened){0};
        serve(self, number);
    }
}

static int64_t access_word(dasim_node *self, task *t, const opened *its)
{
    uint32_t right = t->op == DASIM_LOAD ? READS : WRITES, which = t->call.flags;
    int64_t *word = words_of(self, its->object - 1) + which;
    int64_t fault = object_of(self, its)->kind > FILE_OF_WORDS ? E_INVAL
                    : which >= self->params[WORDS]             ? E_FAULT
                    : !(its->rights & right)                   ? E_ACCES
                                                               : 0;
    if (fault == 0 && t->op == DASIM_STORE) {
        *word = t->call.value;
        answer(self, t, 0);
    } else if (fault == 0) {
        answer(self, t, *word);
    }
    return fault;
}

static int64_t wait(dasim_node *self, task *t, opened *its)
{
    object *o = object_of(self, its);
    uint32_t number = its->object - 1;
    bool owns = o->kind == MUTEX && o->owner == t->call.process + 1u, waits = t->call.size > 0;
    if (o->kind == SEGMENT || (waits && !owns)) {
        return o->kind == MUTEX ? E_PERM : E_INVAL;
    }
    if (waits) {
        queue_up(self, t, CONDITION, number);
        unlock_mutex(o);
        serve(self, number);
        return 0;
    }
    if (its->locked) { /* another kind of lock: the old one is given back first */
        its->locked = UNLOCKED;
        serve(self, number);
    }
    bool is_behind = first_in_queue(self, number, NULL) != NULL;
    t->opened = (uint32_t)(its - opened_of(self));
    queue_up(self, t, QUEUEING, number);
    bool fails = owns || ((is_behind || !take(self, t)) && t->call.flags & TRY);
    return !fails ? 0 : owns ? E_DEADLK : E_AGAIN;
}

/* Those who are signalled wait for the mutex, behind those who do already. */
static void signal(dasim_node *self, const task *t, uint32_t number)
{
    task *woken = first_in_queue(self, number, &t->text);
    for (; woken; woken = t->call.flags & ALL ? first_in_queue(self, number, &t->text) : NULL) {
        queue_up(self, woken, QUEUEING, number);
    }
}

static int64_t post(dasim_node *self, task *t, opened *its)
{
    object *o = object_of(self, its);
    uint32_t number = its->object - 1;
    bool signals = t->call.size > 0, is_owner = o->owner == t->call.process + 1u;
    int64_t fault = o->kind == SEGMENT || (signals && o->kind != MUTEX) ? E_INVAL
                    : o->kind == MUTEX && !signals && !is_owner         ? E_PERM
                                                                        : 0;
    if (fault) {
        return fault;
    }
    if (signals) {
        signal(self, t, number);
    } else if (o->kind == MUTEX) {
        unlock_mutex(o);
    } else {
        o->count += o->kind == SEMAPHORE;
        its->locked = UNLOCKED;
    }
    answer(self, t, 0); /* before those whom it lets go on */
    serve(self, number);
    return 0;
}

static int64_t make_consistent(dasim_node *self, task *t, object *o)
{
    if (t->call.flags != CONSISTENT || o->robust != OWNER_DIED ||
        o->owner != t->call.process + 1u) {
        return E_INVAL;
    }
    o->robust = SOUND;
    answer(self, t, 0);
    return 0;
}

static int64_t forked(dasim_node *self, task *t)
{
    int64_t child = t->call.value;
    if (child < 0 || child >= self->params[PROCESSES]) {
        return E_AGAIN;
    }
    const uint64_t *from = descriptors_of(self, t->call.process);
    uint64_t *to = descriptors_of(self, child);
    for (int64_t i = 0; i < self->params[DESCRIPTORS]; i++) {
        to[i] = from[i];
        if (to[i]) {
            opened_of(self)[to[i] - 1].references++;
        }
    }
    answer(self, t, 0);
    return 0;
}

static void exited(dasim_node *self, task *t)
{
    t->phase = AT_REST;
    for (int32_t i = 0; i < self->params[DESCRIPTORS]; i++) {
        drop_reference(self, t->call.process, i);
    }
    for (uint32_t i = 0; i < self->params[OBJECTS]; i++) {
        object *o = (object *)self->stable + i;
        if (o->owner == t->call.process + 1u) {
            o->owner = o->robust == STALLED ? DEAD : 0;
            o->robust = o->robust == STALLED ? STALLED : OWNER_DIED;
            serve(self, i);
        }
    }
}

/* ---- what happens when */

/* The call has taken its time: it has its effect now. */
static void effect(dasim_node *self, task *t)
{
    opened *its = referred(self, t);
    int64_t fault = its ? 0 : E_BADF;
    if (t->op == DASIM_ATTACH) {
        fault = attach(self, t);
    } else if (t->op == DASIM_FORK) {
        fault = forked(self, t);
    } else if (its && t->op == DASIM_WAIT) {
        fault = wait(self, t, its);
    } else if (its && t->op == DASIM_POST) {
        fault = post(self, t, its);
    } else if (its && t->op == DASIM_OPTION) {
        fault = make_consistent(self, t, object_of(self, its));
    } else if (its && (t->op == DASIM_LOAD || t->op == DASIM_STORE)) {
        fault = access_word(self, t, its);
    } else if (its) { /* DETACH, CLOSE */
        answer(self, t, 0);
        drop_reference(self, t->call.process, t->call.descriptor);
    }
    if (fault) {
        refuse(self, t, fault);
    }
}

/* For a condition: the mutex is to be had first. */
static void give_up(dasim_node *self, task *t)
{
    if (t->phase == CONDITION) {
        t->result = -E_TIMEDOUT;
        queue_up(self, t, QUEUEING, t->object);
        serve(self, t->object);
    } else if (t->phase != AT_REST && t->result == 0) {
        refuse(self, t, E_TIMEDOUT);
    }
}

/* The next one whose call has its effect; NULL: none. */
static task *next_due(dasim_node *self)
{
    const state *my = self->state;
    task *next = NULL;
    for (uint32_t i = 0; i < my->seen; i++) {
        task *t = &tasks_of(self)[i];
        if (t->phase == STEPPING && (next == NULL || t->due < next->due ||
                                     (t->due == next->due && t->ticket < next->ticket))) {
            next = t;
        }
    }
    return next;
}

/* All that is due, in the order in which it was asked for; the timer is for the rest. */
static void go_on(dasim_node *self)
{
    int64_t now = dasim_clock(self);
    task *t;
    while ((t = next_due(self)) && t->due <= now) {
        effect(self, t);
    }
    if (t) {
        dasim_arm(self, 0, t->due - now);
    }
}

static void on_timer(dasim_node *self, uint32_t timer)
{
    (void)timer;
    go_on(self);
}

static void on_request(dasim_node *self, uint32_t op, const void *arg, size_t size)
{
    (void)size;
    state *my = self->state;
    const dasim_call *call = arg;
    task nobody = {.op = op, .call = *call}, *t = &nobody;
    bool is_one = call->process < self->params[PROCESSES], fits = call->size < sizeof(text);
    bool is_known = op == DASIM_FORK || op == DASIM_EXIT || op == DASIM_CLOSE ||
                    op == DASIM_OPTION || (op >= DASIM_ATTACH && op <= DASIM_POST);
    if (is_one) {
        t = &tasks_of(self)[call->process];
        my->seen = call->process < my->seen ? my->seen : call->process + 1u;
    }
    if (is_one && call->flags & GIVE_UP) {
        give_up(self, t);
        go_on(self);
        return;
    }
    *t = (task){.phase = STEPPING, .op = op, .ticket = ++my->tickets, .call = *call};
    t->call.size = fits ? call->size : 0;
    __builtin_memcpy(&t->text, call + 1, t->call.size);
    if (!is_known || !is_one || !fits) {
        refuse(self, t, !is_known ? E_NOSYS : is_one ? E_NAMETOOLONG : E_NOMEM);
    } else if (op == DASIM_EXIT) {
        exited(self, t);
    } else {
        const opened *its = referred(self, t);
        bool is_file = its && object_of(self, its)->kind == FILE_OF_WORDS;
        bool is_access = op == DASIM_LOAD || op == DASIM_STORE;
        t->due = dasim_clock(self) + self->params[!is_access ? LOCK : is_file ? FILE_STEP : STEP];
    }
    go_on(self);
}

/* What outlives a crash is files. */
static void on_boot(dasim_node *self, bool recovering)
{
    object *all = self->stable;
    size_t size = (size_t)self->params[WORDS] * sizeof(int64_t);
    for (int64_t i = 0; recovering && i < self->params[OBJECTS]; i++) {
        if (all[i].kind != FILE_OF_WORDS) {
            all[i] = (object){.kind = SEGMENT};
            __builtin_memset(words_of(self, i), 0, size);
        }
    }
}

DASIM_ALGORITHM(
        .name = "shared_memory",
        .title = "memory that the processes of a machine share; locks, semaphores, monitors",
        .reference = "POSIX.1-2017; B. Lampson, D. Redell, CACM 23(2), 1980, pp. 105-117",
        .about =
            "Processes attach segments by name. A load and a store are two steps that take time,\n"
            "so that updates can be lost between them, unless a mutex, a semaphore or a monitor\n"
            "(Mesa: who is signalled must look again) keeps others away. Files are slow and\n"
            "outlive a crash; their locks are advisory. Queues are first come, first served.",
        .provides = DASIM_CHANNEL, .params = params, .timers = (const char *const[]){"step", NULL},
        .state_size = state_size, .stable_size = stable_size, .on_boot = on_boot,
        .on_request = on_request, .on_timer = on_timer);
