/*
 * What the files of this folder share: the script behind a scenario, and the plans that it makes
 * before the whole scenario is known.
 *
 * A scenario file runs once. Constructors (crash(), links, lock_clients(), ...) return handles;
 * what they cannot check yet (is there a node 7, a message GRANT?) is checked when scenario{} has
 * all of it: action_resolve(), pattern_resolve().
 */
#ifndef DASIM_SCRIPT_SCRIPT_H
#define DASIM_SCRIPT_SCRIPT_H

#include "script/sandbox.h"
#include "script/scenario.h"
#include "script/source.h"
#include "script/values.h"

enum { NAME_MOST = 48 };

typedef struct script script;

script *script_of(lua_State *L);

/* Zeroed bytes that live as long as the scenario. Raises an error where it were more than
 * 512 MiB in all: what Lua makes us keep is bounded, too. */
void *script_allocate(lua_State *L, size_t size);
/* The same for a block from g_malloc(). */
void script_adopt(lua_State *L, void *block, size_t size);

/* ------------------------------------------------------------------------------------ plans */

typedef struct target_plan {
    target target;
    char role[NAME_MOST];
} target_plan;

typedef struct action_plan {
    int line;
    const char *name; /* "crash" */
    action action;
    target_plan who, whom;
    uint32_t member_count; /* of ACTION_PARTITION: pairs of node and group */
    const uint32_t (*members)[2];
} action_plan;

typedef struct action_handle {
    handle head;
    action_plan plan;
    uint32_t members[][2];
} action_handle;

typedef struct target_handle {
    handle head;
    target_plan plan;
} target_handle;

/* What a pattern's name is the name of. */
typedef enum named {
    NAMED_NOTHING,
    NAMED_MESSAGE,
    NAMED_REQUEST,
    NAMED_INDICATION,
    NAMED_TIMER
} named;

typedef struct pattern_plan {
    int line;
    event_pattern event;
    named named;
    char type[NAME_MOST];
    bool any_kind; /* of on(): every record */
} pattern_plan;

typedef struct fault_plan {
    fault fault;
    pattern_plan pattern; /* TRIGGER_WHEN */
    action_plan action;
} fault_plan;

typedef struct rule_plan {
    pattern_plan pattern;
    interception what;
} rule_plan;

typedef struct fault_handle {
    handle head;
    uint32_t fault_count, rule_count;
    fault_plan *faults;
    rule_plan *rules;
} fault_handle;

typedef struct nth_handle {
    handle head;
    uint64_t nth, times;
} nth_handle;

/* What a descriptor is for: which methods take it. */
typedef enum descriptor_kind {
    DESCRIPTOR_BYTES, /* that are read and written: pipes and their like */
    DESCRIPTOR_SEGMENT,
    DESCRIPTOR_FILE,
    DESCRIPTOR_SEMAPHORE,
    DESCRIPTOR_MUTEX,
    DESCRIPTOR_MONITOR
} descriptor_kind;

/* What a process has open: "pipe 3". It stays the same when it is closed. */
typedef struct descriptor_handle {
    handle head;
    uint32_t component;
    int32_t number;
    descriptor_kind kind;
} descriptor_handle;

/* "pipe 3". */
const char *descriptor_words(const script *s, const descriptor_handle *h, char buffer[128]);

/* The call that a process waits for, and its answer: script/process_calls.h. */
typedef struct call_state call_state;

/* A process; also the `p` of its function. */
typedef struct process_handle {
    handle head;
    uint32_t node, number; /* number: in `processes` */
    bool on_recover;
    dasim_service taken; /* what another client of the node uses */
    int function, self;  /* references in Lua's registry */
    sandbox_thread thread;
    uint32_t *held; /* resources: what it has locked and not unlocked */
    uint32_t held_count, held_room;
    call_state *call;   /* NULL: none so far */
    int on_broken_pipe; /* SIGNAL_..., process_calls.h */
    uint32_t forks;     /* how many so far */
    int child;          /* FORK: reference of the child's handle */
    char name[NAME_MOST];
} process_handle;

/* ------------------------------------------------------------------------------- the script */

typedef struct watcher {
    pattern_plan plan;
    int function; /* reference in Lua's registry */
} watcher;

struct script {
    struct sandbox *box;
    lua_State *L;
    scenario *out;
    catalogue *modules;
    const char *const *properties; /* names, NULL-ended; NULL: any */
    scenario_files *files;         /* or NULL */
    digest *inputs;                /* of all files, until the file has run */
    char *folder;                  /* of the scenario's file */
    source text;
    GPtrArray *pool;
    size_t pool_bytes;
    GArray *settings;           /* of scenario_setting: --set, until the file has run */
    int scenario_line;          /* of scenario{}; 0: not called yet */
    bool unreadable;            /* the error that is being raised is about a file */
    bool loaded;                /* the file has run: only callbacks do now */
    GPtrArray *partitions;      /* uint16_t[nodes], each different, in the pool */
    GArray *watchers;           /* watcher */
    GArray *functions;          /* int: references of call() */
    GPtrArray *names;           /* char *: globals of the language, sorted, NULL-ended */
    uint64_t kinds;             /* bit per record_kind that a watcher looks at */
    process_handle **processes; /* by number; in the pool */
    GString *note;              /* text of the last p:note() */
    /* During a callback, or while a process runs: */
    const world *world;
    GArray *actions;
    /* While a process runs: */
    process_handle *running;
    answer answer;   /* to its last operation */
    operation *next; /* where its next one goes */
    /* Afterwards: */
    GError *failure;
    int64_t acted_at; /* the instant that `acts` counts actions of */
    uint64_t acts;
};

/* Raises an error in callbacks: for what only the file itself may call. */
void only_in_file(lua_State *L, const char *function);

/* ----------------------------------------------------- each file's names, into the table on top */

void params_open(lua_State *L);
void distributions_open(lua_State *L);
void network_open(lua_State *L);
void matrix_open(lua_State *L);
void topology_open(lua_State *L);
void stack_open(lua_State *L);
void workload_open(lua_State *L);
void memory_workload_open(lua_State *L);
void targets_open(lua_State *L);
void actions_open(lua_State *L);
void patterns_open(lua_State *L);
void faults_open(lua_State *L);
void callbacks_open(lua_State *L);
void processes_open(lua_State *L);
void process_methods_open(lua_State *L); /* nothing into the table */
/* A handle for node `node`, which `process` is to be of. Pushes it. */
process_handle *process_new_handle(lua_State *L, uint32_t node);
/* Takes {name = ...} of the options. */
void process_take_name(const reader *r, process_handle *h);
/* Outside: its call, if it makes any. */
void process_forget_call(process_handle *h);
void experiment_open(lua_State *L);

/* ---------------------------------------------------------------- parts of scenario{}, in order */

/* Read key `run`, `links`, ... of the scenario's table; what is absent gets its default. */
void stack_read(const reader *r, scenario *out);
void links_read(const reader *r, scenario *out);
void clocks_read(const reader *r, scenario *out);
void topology_read(const reader *r, scenario *out);
void workload_read(const reader *r, scenario *out);
void processes_read(const reader *r, scenario *out);
void faults_read(const reader *r, scenario *out);

/* Is a component of this service there for clients? */
bool scenario_offers(const scenario *out, dasim_service service);

/* The keys of one link's quality in `r` that are set; sets the bits of *mask for them. */
void quality_read(const reader *r, link_quality *q, uint32_t *mask);
/* The matrix at `index` into the network; `p` says where it is written. */
void matrix_take(lua_State *L, int index, const place *p, scenario *out);

/* A list of different nodes, ascending; not checked against the number of nodes. */
uint32_t *nodes_take(lua_State *L, int index, const place *p, uint32_t *count);
void target_take(lua_State *L, int index, const place *p, target_plan *plan);
action_plan *action_take(lua_State *L, int index, const place *p);
void pattern_take(lua_State *L, int index, const place *p, record_kind usual, pattern_plan *plan);
/* from=, to= of an option table. */
void pattern_ends(const reader *r, pattern_plan *plan);

/* What lock_clients {} and its like return; it is checked when the scenario is complete. */
typedef struct workload_handle workload_handle;
struct workload_handle {
    handle head;
    const char *name;      /* of the function */
    dasim_service service; /* what its clients use */
    load_plan plan;
    void (*check)(lua_State *L, const workload_handle *h, const scenario *out);
};

/* Pushes one. */
workload_handle *workload_new_handle(lua_State *L, const char *name, dasim_service service);
/* clients = { 1, 2 }, pick = "random"; `number` is set where pick is one. Later, are they there? */
void clients_read(const reader *r, const uint32_t **clients, uint32_t *count);
void clients_check(lua_State *L, const workload_handle *h, const uint32_t *clients, uint32_t count,
                   const scenario *out);
void pick_read(const reader *r, load_pick *pick, uint32_t *number);
void pick_check(lua_State *L, const workload_handle *h, load_pick pick, uint32_t number,
                const char *what, const scenario *out);

/* What led to an action: only then do self(), or sender() and receiver(), mean something. */
typedef enum event_scope { SCOPE_NONE, SCOPE_NODE, SCOPE_MESSAGE } event_scope;

/* Check against the whole scenario. */
void action_resolve(lua_State *L, const action_plan *plan, event_scope scope, action *out);
void pattern_resolve(lua_State *L, const pattern_plan *plan, event_pattern *out);
void callbacks_resolve(lua_State *L);

/* What processes keep outside of the pool. */
void processes_clear(script *s);

/* Is every --set that of a parameter of the file? After the file has run, outside of the door. */
bool params_check(const script *s, GError **error);

#endif
