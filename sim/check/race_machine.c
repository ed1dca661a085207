/*
 * A process is known by its number on its node until it ends; whoever has the number afterwards is
 * another one. A call is looked at when it is answered, but for what it gives up: that is given up
 * when it is asked, while nobody else can have it yet.
 *
 * After a crash, files are what they were, and everything before it happened before everything
 * after it.
 */
#include "check/race_machine.h"

#include "base/map.h"
#include "observe/memory_calls.h"

#include <glib.h>
#include <string.h>

/* Others are not followed. */
enum { PROCESSES_MOST = 1 << 20, DESCRIPTORS_MOST = 1 << 16 };

/* A segment, file, semaphore or mutex. */
typedef struct object {
    char *name;
    uint32_t kind;
    uint32_t given;  /* thing: what was given back; ORDER_NOTHING until then */
    uint32_t shared; /* ... of a file: by those who shared its lock */
    uint32_t owner;  /* of a mutex: its process in the order; ORDER_NOTHING: nobody */
    map *words;      /* of a segment or file: word -> thing of the atomic accesses; NULL: none */
} object;

typedef struct entry {
    uint32_t object; /* + 1; 0: free */
    bool atomic;
    bool locked; /* a lock of a file; */
    bool shared; /* of the kind that many have */
} entry;

/* Who has a number now, or had it last. */
typedef struct task {
    uint32_t process; /* in the order; ORDER_NOTHING: nobody so far */
    bool alive;
    uint32_t op; /* of the call that it waits for; 0: none */
    dasim_call call;
    char *text;
    GArray *entries; /* entry, by descriptor */
} task;

struct race_machine {
    process_order *order;
    GArray *tasks, *objects;
    GHashTable *numbers; /* "2 name" -> object + 1 */
    uint32_t outside;    /* thing */
    uint32_t past;       /* thing: all that was before the last crash */
};

/* --------------------------------------------------------------------------- the parts */

static object *object_at(const race_machine *m, uint32_t number)
{
    return &g_array_index(m->objects, object, number);
}

static task *place_at(race_machine *m, uint32_t number)
{
    while (m->tasks->len <= number) {
        task new = {.process = ORDER_NOTHING, .entries = g_array_new(FALSE, TRUE, sizeof(entry))};
        g_array_append_val(m->tasks, new);
    }
    return &g_array_index(m->tasks, task, number);
}

/* The process of this number, which is alive from now on. */
static task *task_at(race_machine *m, uint32_t number)
{
    task *t = place_at(m, number);
    if (!t->alive) {
        t->alive = true;
        t->process = process_order_begin(m->order, m->past);
    }
    return t;
}

static entry *entry_at(const task *t, int32_t descriptor)
{
    bool is_one = descriptor >= 0 && (guint)descriptor < t->entries->len;
    entry *e = is_one ? &g_array_index(t->entries, entry, descriptor) : NULL;
    return e && e->object ? e : NULL;
}

static void release(race_machine *m, const task *t, uint32_t *thing)
{
    *thing = *thing == ORDER_NOTHING ? process_order_thing(m->order) : *thing;
    process_order_release(m->order, t->process, *thing);
}

static void acquire(race_machine *m, const task *t, uint32_t thing)
{
    if (thing != ORDER_NOTHING) {
        process_order_acquire(m->order, t->process, thing);
    }
}

race_machine *race_machine_new(size_t memory)
{
    race_machine *m = g_new0(race_machine, 1);
    m->order = process_order_new(memory);
    m->tasks = g_array_new(FALSE, TRUE, sizeof(task));
    m->objects = g_array_new(FALSE, TRUE, sizeof(object));
    m->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    m->outside = process_order_thing(m->order);
    m->past = process_order_thing(m->order);
    return m;
}

void race_machine_free(race_machine *m)
{
    for (guint i = 0; i < m->tasks->len; i++) {
        g_free(g_array_index(m->tasks, task, i).text);
        g_array_free(g_array_index(m->tasks, task, i).entries, TRUE);
    }
    for (guint i = 0; i < m->objects->len; i++) {
        g_free(object_at(m, i)->name);
        map_free(object_at(m, i)->words);
    }
    process_order_free(m->order);
    g_array_free(m->tasks, TRUE);
    g_array_free(m->objects, TRUE);
    g_hash_table_destroy(m->numbers);
    g_free(m);
}

/* ------------------------------------------------------------------------- attach, detach */

static uint32_t number_of(race_machine *m, uint32_t kind, const char *name)
{
    char *key = g_strdup_printf("%u %s", kind, name);
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(m->numbers, key));
    if (number > 0) {
        g_free(key);
        return number - 1;
    }
    object new = {g_strdup(name), kind, ORDER_NOTHING, ORDER_NOTHING, ORDER_NOTHING, NULL};
    g_array_append_val(m->objects, new);
    g_hash_table_insert(m->numbers, key, GUINT_TO_POINTER(m->objects->len));
    return m->objects->len - 1;
}

static void attach(race_machine *m, task *t, int32_t descriptor)
{
    uint32_t flags = t->call.flags;
    if (t->entries->len <= (guint)descriptor) {
        g_array_set_size(t->entries, (guint)descriptor + 1);
    }
    g_array_index(t->entries, entry, descriptor) =
        (entry){.object = number_of(m, flags & MEMORY_KIND, t->text) + 1,
                .atomic = (flags & MEMORY_ATOMIC) != 0};
}

/* The lock of a file, if the descriptor has it. */
static void unlock_file(race_machine *m, const task *t, entry *e)
{
    object *o = object_at(m, e->object - 1);
    if (e->locked) {
        release(m, t, e->shared ? &o->shared : &o->given);
        e->locked = false;
    }
}

static void detach(race_machine *m, const task *t, entry *e)
{
    unlock_file(m, t, e);
    e->object = 0;
}

/* ------------------------------------------------------------------------- wait and post */

static void leave_mutex(race_machine *m, const task *t, object *o)
{
    if (o->owner == t->process) {
        release(m, t, &o->given);
        o->owner = ORDER_NOTHING;
    }
}

static void got(race_machine *m, task *t, entry *e)
{
    object *o = object_at(m, e->object - 1);
    acquire(m, t, o->given);
    if (o->kind == MEMORY_MUTEX) {
        o->owner = t->process;
    } else if (o->kind == MEMORY_FILE) {
        e->locked = true;
        e->shared = (t->call.flags & MEMORY_SHARED) != 0;
        acquire(m, t, e->shared ? ORDER_NOTHING : o->shared);
    }
}

static void gave(race_machine *m, const task *t, entry *e)
{
    object *o = object_at(m, e->object - 1);
    if (o->kind == MEMORY_SEMAPHORE) {
        release(m, t, &o->given);
    } else if (o->kind == MEMORY_FILE) {
        unlock_file(m, t, e);
    } else if (t->call.size == 0) { /* not a signal */
        leave_mutex(m, t, o);
    }
}

/* ------------------------------------------------------------------------- fork and exit */

static void fork_child(race_machine *m, uint32_t parent, uint32_t child)
{
    task *to = place_at(m, child); /* may move the parent */
    const task *from = task_at(m, parent);
    to->alive = true;
    to->op = 0;
    to->process = process_order_fork(m->order, from->process);
    g_array_set_size(to->entries, 0);
    g_array_append_vals(to->entries, from->entries->data, from->entries->len);
}

static void end(race_machine *m, uint32_t number)
{
    task *t = task_at(m, number);
    for (guint i = 0; i < t->entries->len; i++) {
        entry *e = entry_at(t, (int32_t)i);
        if (e) {
            detach(m, t, e);
        }
    }
    for (uint32_t i = 0; i < m->objects->len; i++) {
        leave_mutex(m, t, object_at(m, i));
    }
    t->alive = false;
    t->op = 0;
}

void race_machine_awaited(race_machine *m, uint32_t parent, uint32_t child)
{
    if (child < m->tasks->len) {
        uint32_t process = g_array_index(m->tasks, task, child).process;
        const task *t = task_at(m, parent);
        if (process != ORDER_NOTHING) {
            process_order_join(m->order, t->process, process);
        }
    }
}

void race_machine_crash(race_machine *m)
{
    for (guint i = 0; i < m->tasks->len; i++) {
        task *t = &g_array_index(m->tasks, task, i);
        if (t->alive) {
            release(m, t, &m->past);
        }
        t->alive = false;
        t->op = 0;
        g_array_set_size(t->entries, 0);
    }
    for (guint i = 0; i < m->objects->len; i++) {
        object_at(m, i)->owner = ORDER_NOTHING;
    }
}

/* ------------------------------------------------------------------------------- records */

static void asked(race_machine *m, task *t, const record *r, const dasim_call *call)
{
    t->op = r->type;
    t->call = *call;
    g_free(t->text);
    t->text = g_strndup((const char *)(call + 1), call->size);
    entry *e = entry_at(t, call->descriptor);
    if (r->type == DASIM_EXIT) {
        end(m, call->process);
    } else if (r->type == DASIM_WAIT && e) { /* what it has is given back first */
        if (call->size > 0) {
            leave_mutex(m, t, object_at(m, e->object - 1));
        } else {
            unlock_file(m, t, e);
        }
    }
}

/* The thing of the atomic accesses to a word. */
static uint32_t thing_of_word(race_machine *m, object *o, uint32_t word)
{
    int64_t thing;
    o->words = o->words ? o->words : map_new();
    if (!map_get(o->words, word, &thing)) {
        thing = process_order_thing(m->order);
        map_put(o->words, word, thing);
    }
    return (uint32_t)thing;
}

/* False: it synchronises. */
static bool access_of(race_machine *m, const task *t, const entry *e, const record *r,
                      race_access *out)
{
    const dasim_call *call = r->body;
    object *o = object_at(m, e->object - 1);
    *out = (race_access){.when = process_order_now(m->order, t->process),
                         .process = call->process,
                         .object = e->object - 1,
                         .word = call->flags,
                         .is_write = r->type == DASIM_STORE};
    if (call->size >= sizeof out->line) {
        memcpy(&out->line, call + 1, sizeof out->line);
    }
    if (e->atomic && out->is_write) {
        uint32_t thing = thing_of_word(m, o, out->word);
        release(m, t, &thing);
    } else if (e->atomic) {
        acquire(m, t, thing_of_word(m, o, out->word));
    }
    return !e->atomic;
}

static bool answered(race_machine *m, task *t, const record *r, race_access *out)
{
    const dasim_call *call = r->body;
    entry *e = entry_at(t, t->call.descriptor);
    if (t->op != r->type || (call->descriptor < 0 && r->type != DASIM_FORK)) {
        return false; /* it failed */
    }
    t->op = 0;
    switch (r->type) {
    case DASIM_ATTACH:
        attach(m, t, call->descriptor);
        break;
    case DASIM_FORK:
        if (call->value >= 0 && t->call.value >= 0 && t->call.value < PROCESSES_MOST) {
            fork_child(m, call->process, (uint32_t)t->call.value);
        }
        break;
    case DASIM_DETACH:
    case DASIM_CLOSE:
        if (e) {
            detach(m, t, e);
        }
        break;
    case DASIM_WAIT:
        if (e) {
            got(m, t, e);
        }
        break;
    case DASIM_POST:
        if (e) {
            gave(m, t, e);
        }
        break;
    default:
        return e && (r->type == DASIM_LOAD || r->type == DASIM_STORE) && access_of(m, t, e, r, out);
    }
    return false;
}

static const dasim_call *call_of(const record *r)
{
    const dasim_call *call = r->body;
    bool is_whole = call && r->size >= sizeof *call && call->size <= r->size - sizeof *call;
    return is_whole && call->process < PROCESSES_MOST && call->descriptor < DESCRIPTORS_MOST ? call
                                                                                             : NULL;
}

bool race_machine_memory(race_machine *m, const record *r, race_access *out)
{
    const dasim_call *call = call_of(r);
    if (call == NULL) {
        return false;
    }
    if (r->kind == RECORD_INDICATION) { /* of who has ended: nothing */
        task *t = place_at(m, call->process);
        return t->alive && answered(m, t, r, out);
    }
    asked(m, task_at(m, call->process), r, call);
    return false;
}

void race_machine_channel(race_machine *m, const record *r)
{
    const dasim_call *call = call_of(r);
    if (call == NULL || r->type == DASIM_FORK || r->type == DASIM_EXIT) {
        return;
    }
    if (r->kind == RECORD_REQUEST) {
        release(m, task_at(m, call->process), &m->outside);
    } else if (place_at(m, call->process)->alive) {
        acquire(m, task_at(m, call->process), m->outside);
    }
}

void race_machine_outside(race_machine *m, bool is_answered)
{
    for (guint i = 0; i < m->tasks->len; i++) {
        const task *t = &g_array_index(m->tasks, task, i);
        if (t->alive && is_answered) {
            acquire(m, t, m->outside);
        } else if (t->alive) {
            release(m, t, &m->outside);
        }
    }
}

bool race_machine_is_before(const race_machine *m, const race_access *earlier,
                            const race_access *now)
{
    return process_order_knows(m->order, now->when.process, earlier->when);
}

const char *race_machine_name(const race_machine *m, uint32_t number)
{
    return object_at(m, number)->name;
}

bool race_machine_is_file(const race_machine *m, uint32_t number)
{
    return object_at(m, number)->kind == MEMORY_FILE;
}

bool race_machine_is_full(const race_machine *m)
{
    return process_order_is_full(m->order);
}
