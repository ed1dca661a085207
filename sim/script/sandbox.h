/*
 * The sandbox: a Lua state in which a scenario may do no harm, may not run on for ever, and gives
 * the same results on every machine. What a scenario sees is described in README.md.
 *
 * Two sides:
 * - Inside the door (what sandbox_call or sandbox_resume runs, the parser under sandbox_load):
 *   Lua errors are caught, instructions, memory and processor time are limited, and the numeric
 *   locale is "C". C functions that Lua calls are inside; there, lua_call, lua_error and
 *   luaL_error are right.
 * - Outside (the rest of dasim): the stack may be filled and read, nothing is limited, and nothing
 *   may raise a Lua error: what could (field access that may meet a metamethod, luaL_check...)
 *   goes into a C function that is called through the door. A raised error outside is a bug in
 *   dasim: exit status 70.
 *
 * Host functions are plain lua_CFunctions, registered outside with lua_register() or
 * lua_pushcclosure(). One that loops over what a script decides calls sandbox_charge().
 */
#ifndef DASIM_SCRIPT_SANDBOX_H
#define DASIM_SCRIPT_SANDBOX_H

#include <glib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SANDBOX_SOURCE_MOST (128 * 1024)       /* bytes of one source file */
#define SANDBOX_MEMORY_MOST (64 * 1024 * 1024) /* bytes of all Lua objects */
#define SANDBOX_THREAD_MEMORY 2048             /* ... and for each thread that is allowed */
#define SANDBOX_THREADS_MOST (1 << 18)         /* that can be allowed */
#define SANDBOX_KEYS_MOST 32768                /* of one table, beside those of its sequence */
#define SANDBOX_LOAD_INSTRUCTIONS 50000000     /* for running a scenario file */
#define SANDBOX_CALLBACK_INSTRUCTIONS 1000000  /* for one call of one of its functions */
#define SANDBOX_CPU_NS 1500000000              /* for one passage of the door, last resort */

#define SANDBOX_ERROR (sandbox_error_quark())
typedef enum sandbox_error {
    SANDBOX_ERROR_SOURCE,       /* not text, too long, or not Lua */
    SANDBOX_ERROR_RAISED,       /* the script, or a function that it called, raised an error */
    SANDBOX_ERROR_INSTRUCTIONS, /* budget used up: the same on every machine */
    SANDBOX_ERROR_MEMORY,       /* the same on every machine with pointers of this size */
    SANDBOX_ERROR_CPU           /* depends on the machine; the others are meant to hit first */
} sandbox_error;
GQuark sandbox_error_quark(void);

typedef struct sandbox sandbox;

/* A state with the allowed globals and nothing else. `seed`: of the run, feeds math.random. */
sandbox *sandbox_new(uint64_t seed);
void sandbox_free(sandbox *s); /* NULL is allowed */

/* The state itself, to fill and read the stack outside of the door. */
lua_State *sandbox_lua(sandbox *s);

/* From within a host function (or anywhere): the sandbox of a state. */
sandbox *sandbox_of(lua_State *lua);
/* One pointer for the host, NULL at first: `sandbox_host(sandbox_of(lua))`. Not owned. */
void sandbox_set_host(sandbox *s, void *host);
void *sandbox_host(const sandbox *s);

/* print() of a script: one line without its end, already free of control characters; `where` is
 * "file:line". Without a function: "where: text" on standard error. */
typedef void (*sandbox_print_function)(const char *where, const char *text, void *data);
void sandbox_on_print(sandbox *s, sandbox_print_function print, void *data);

/* Compiles Lua source (text; a byte order mark, a first line that starts with #, and CRLF are
 * fine) and pushes the function; pushes nothing on an error. `file` is the name for messages. */
bool sandbox_load(sandbox *s, const char *file, const char *text, size_t size, GError **error);

/* The door into Lua. Like lua_call(): pops a function and `arguments`, pushes `results` (or
 * LUA_MULTRET); on an error pushes nothing and sets a message of one line, "file:line: what"
 * wherever a line is known, without addresses, control characters or more than 400 bytes.
 * `instructions`: budget; work inside of library functions and memory allocation count as well.
 * No pcall, handler or metamethod of the script survives a limit. Calls do not nest: what Lua
 * called uses lua_call. After any error the sandbox stays usable. */
bool sandbox_call(sandbox *s, int arguments, int results, uint64_t instructions, GError **error);

/* Inside: takes `units` (about 5 to 10 ns of work each) off the budget; raises where it is used
 * up. Call it before the work. */
void sandbox_charge(lua_State *lua, uint64_t units);

/* Inside: raises an error where the table at `index` has two or more keys that only have an
 * identity (tables, functions); else pushes an array of its keys in the fixed order (numbers
 * ascending, false, true, strings by bytes, then the key with an identity) and returns their
 * number. Every loop over a table of the script goes through this, never through lua_next(),
 * because even the first of several mistakes must be the same one each time. */
size_t sandbox_keys(lua_State *lua, int index);

/* Inside: like luaL_tolstring(), but never shows an address. Pushes the string. */
const char *sandbox_tostring(lua_State *lua, int index, size_t *size);

/* Text of a script as one printable line of at most `most` bytes. The caller frees (g_free). */
char *sandbox_printable(const char *text, size_t size, size_t most);

/* How often the script has asked math.random for something. */
uint64_t sandbox_draws(const sandbox *s);

/* Bytes that all objects of the state occupy now. */
size_t sandbox_memory(const sandbox *s);

/* ---------------------------------------------------------------------------------- threads
 * A function that stops in its middle (lua_yield in a host function) and goes on later. Scripts
 * cannot make one: `coroutine` is not there. */

typedef struct sandbox_thread {
    lua_State *lua; /* NULL: none */
    int anchor;
} sandbox_thread;

typedef enum sandbox_outcome { THREAD_YIELDED, THREAD_ENDED, THREAD_FAILED } sandbox_outcome;

/* From now on the limit of memory has room for `count` threads, at most SANDBOX_THREADS_MOST. */
void sandbox_allow_threads(sandbox *s, uint32_t count);

/* Outside: pops a function and `arguments`, and makes a thread that will begin with them. False and
 * an error where memory is used up. */
bool sandbox_thread_new(sandbox *s, int arguments, sandbox_thread *thread, GError **error);
/* The thread is gone, wherever it stood: nothing of it runs any more. No thread is allowed, too. */
void sandbox_thread_drop(sandbox *s, sandbox_thread *thread);

/* The other door into Lua: lets the thread run until it yields, ends or fails. Limits and errors
 * are those of sandbox_call(). `instructions` 0: what the budget of the last resume of any thread
 * has left, for one that yielded only to have something done and goes on at once. What it yields
 * or returns is dropped. A thread that has ended or failed may only be dropped. */
sandbox_outcome sandbox_resume(sandbox *s, sandbox_thread *thread, uint64_t instructions,
                               GError **error);

#endif
