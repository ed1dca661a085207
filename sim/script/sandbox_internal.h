/*
 * What the files of the sandbox share with each other. Nobody else includes this.
 */
#ifndef DASIM_SCRIPT_SANDBOX_INTERNAL_H
#define DASIM_SCRIPT_SANDBOX_INTERNAL_H

#include "base/rng.h"
#include "script/sandbox.h"

#include <locale.h>

#define SANDBOX_WHERE_MOST 80
#define SAFE_VALUES_MOST 100000 /* results of one call of unpack or byte, 16 bytes each */

/* Why Lua must end now. Once set, everything that could swallow an error raises again. */
typedef enum sandbox_end {
    RUNS_ON,
    NO_INSTRUCTIONS,
    NO_MEMORY,
    NO_DEPTH, /* memory as well, by calls */
    NO_KEYS,
    NO_CPU
} sandbox_end;

struct sandbox {
    lua_State *lua;
    void *host;
    sandbox_print_function print;
    void *print_data;

    lua_State *running; /* the thread that does, or did last; `lua` at first */
    bool is_open;       /* Lua is running, or parsing */
    sandbox_end end;
    bool hurry;   /* the hook runs after each instruction, because the budget is used up */
    int interval; /* instructions between two hooks otherwise */
    int64_t left; /* of the budget; below 0 where a charge could not raise at once */
    uint64_t budget;
    uint64_t thread_budget; /* of the last sandbox_resume, and what it has left */
    int64_t thread_left;
    int64_t cpu_start; /* ns; -1: not asked yet, because most calls are too short for the hook */

    size_t used, most;    /* bytes of all objects; the limit */
    size_t refused;       /* bytes of the request that was refused last, 0 after one that was not */
    unsigned collections; /* emergency collections since the door was opened */

    char where[SANDBOX_WHERE_MOST]; /* "file:line" of the end or the error, "" if not known */
    char *file, *chunk;             /* of the last load: name for messages, and what Lua was told */
    size_t source;                  /* bytes of source loaded so far */

    rng_key chance; /* math.random */
    uint64_t draws;
};

/* The sandbox whose door is open in this thread, or NULL: for code that is not told a state. */
extern _Thread_local sandbox *sandbox_running;

/* Opens and closes the limits (sandbox.c), for the doors (door.c, thread.c). `thread` runs. */
void sandbox_start(sandbox *s, lua_State *thread, uint64_t instructions);
void sandbox_stop(sandbox *s);
/* From now on `thread` runs, under the limits that are open. */
void sandbox_switch(sandbox *s, lua_State *thread);
/* The budget may have gone below zero with what was not an instruction. */
void sandbox_look_at_budget(sandbox *s);

/* sandbox_start, and the locale of scripts; the locale to give back. */
locale_t sandbox_open_door(sandbox *s, lua_State *thread, uint64_t instructions);
void sandbox_close_door(sandbox *s, locale_t locale);
/* Inside: makes a text of the error object on top of the stack of the state, where it has one. */
void sandbox_error_text(sandbox *s);
/* Outside: makes an error of what lies on top of the stack of the state, and removes that. */
void sandbox_set_error(sandbox *s, int code, GError **error);
/* Looks at the limits where no hook runs: raises if one is reached. */
void sandbox_look(sandbox *s);

/* Takes units without raising (where that is not possible): the next instruction will. */
void sandbox_spend(sandbox *s, uint64_t units);
/* Raises again if Lua must end; called after every protected call. */
void sandbox_go_on(lua_State *lua);
/* Before the hash part of a table gets a block of `size` bytes: ends Lua where that is too large,
 * or where filling it could take longer than the processor time that is left. */
void sandbox_before_table(lua_State *lua, size_t size);
/* Room for keys in the table at `index`, used or not: what a walk through it costs. */
size_t sandbox_table_room(lua_State *lua, int index);
/* Ends Lua for want of memory. Does not return. */
int sandbox_no_memory(lua_State *lua);
/* Is what a protected call left on top of the stack Lua's way to say that memory is used up? */
bool sandbox_is_no_memory(lua_State *lua, int status);
/* Collects garbage where `size` more bytes would not fit: the buffers of lauxlib do not. */
void sandbox_make_room(lua_State *lua, size_t size);
/* Writes "file:line" of the innermost Lua function, or "". */
void sandbox_where(lua_State *lua, char where[static SANDBOX_WHERE_MOST]);

/* Refuses what is not text, and what would keep the parser busy. Moves *text and *size past a byte
 * order mark and the content of a #! line. */
bool source_check(const char *file, const char **text, size_t *size, GError **error);

/* Each puts its globals in place. */
void safe_base_open(lua_State *lua);
void safe_pairs_open(lua_State *lua);
void safe_string_open(lua_State *lua);
void safe_table_open(lua_State *lua);
void safe_math_open(lua_State *lua);

/* Library functions that live in a file of their own. */
int safe_format(lua_State *lua);
int safe_find(lua_State *lua);
int safe_match(lua_State *lua);
int safe_gmatch(lua_State *lua);
int safe_gsub(lua_State *lua);
int safe_sort(lua_State *lua);

/* Puts functions into the table on top that raise "NAME is not available: WHY". */
void safe_absent(lua_State *lua, const char *library, const char *const *names, const char *why);

/* Calls `open` (luaopen_...) and copies the named fields of its table into the table on top. */
void safe_copy(lua_State *lua, lua_CFunction open, const char *const *names);

#endif
