/*
 * What the files with methods of processes share. A method checks its arguments and stops the
 * process with an operation; what it returns is pushed by a continuation.
 *
 * Methods that are system calls fill in a call_asked and return call_stop(). To add some: a file
 * with a table of them, which process_methods.c lists, and rows in scenarios/README.md.
 */
#ifndef DASIM_SCRIPT_PROCESS_CALLS_H
#define DASIM_SCRIPT_PROCESS_CALLS_H

#include "script/script.h"

#include <dasim.h>
#include <lauxlib.h>

/* The script, where the process that is asked (argument 1) is the one that runs; else an error. */
script *method_script(lua_State *L, const char *method);
/* Argument `number` of the method, without the process: the line is found only if it is needed. */
place method_argument(const char *method, int number);
void method_check_count(lua_State *L, int least, int most, const char *method, const char *example);
/* The value of `timeout` in the options at `index`; -1: there are none. */
int64_t method_timeout(lua_State *L, int index, const char *method);
/* The process stops; when it goes on, `finish` pushes what the method returns. */
int method_stop(lua_State *L, const char *method, operation what, lua_KFunction finish);

/* -------------------------------------------------------------------------------- system calls */

/* flags of DASIM_OPTION: what is asked for or, by the value, set. flags of DASIM_OPEN: 1: do not
 * block. More of this: algorithms/channel/README.md. */
enum { OPTION_NONBLOCK = 1, OPTION_AVAILABLE };

typedef struct call_asked call_asked;
struct call_asked {
    const char *method; /* "p:read"; static */
    uint32_t call;      /* DASIM_INPUT, ... */
    /* Whose component is asked. NULL: all in the order of `run`, until one knows the call. */
    const descriptor_handle *descriptor;
    int64_t value;
    uint32_t flags;
    const char *text; /* stays on the process's stack until the answer is there */
    size_t size;
    int64_t timeout; /* -1: none */
    /* Pushes what the method returns. The answer's value is 0 or more, unless `fails` is set: then
     * this is called for errors, too. */
    int (*finish)(lua_State *L, const call_asked *asked, const dasim_call *reply, const char *text);
    bool fails;
    bool shows_text; /* in words of waiting: p:open("name") */
};

/* The process stops until the call is answered. An error returns nil and its name. */
int call_stop(lua_State *L, const call_asked *asked);
/* Pushes nil and "EAGAIN": for answers with a value below 0. */
int call_push_error(lua_State *L, int64_t value);
/* Finish: true; the value. */
int call_push_true(lua_State *L, const call_asked *asked, const dasim_call *reply,
                   const char *text);
int call_push_value(lua_State *L, const call_asked *asked, const dasim_call *reply,
                    const char *text);
/* Pushes a descriptor of the component that has answered. */
descriptor_handle *call_push_descriptor(lua_State *L, int32_t number);

/* Argument `index` of the stack as a descriptor; NULL: it is none. */
const descriptor_handle *descriptor_at(lua_State *L, int index);
/* The same; an error where it is none. */
const descriptor_handle *take_descriptor(lua_State *L, int index, const char *method);
/* Any text, its bytes; an error where it is longer than a call may have. */
const char *take_bytes(lua_State *L, int index, const char *method, size_t *size);

/* p:read(d, count), p:write(d, text). */
int call_read(lua_State *L);
int call_write(lua_State *L);
/* Finish of a call that may meet a broken pipe: SIGPIPE has its effect. */
int call_push_written(lua_State *L, const call_asked *asked, const dasim_call *reply,
                      const char *text);

/* ---------------------------------------------------------------------- process_life.c */

/* What SIGPIPE does; the reference of a function with SIGNAL_HANDLERS added. */
enum { SIGNAL_DEFAULT, SIGNAL_IGNORE, SIGNAL_HANDLERS };

/* The process gets SIGPIPE: it dies, or `value` is pushed, or nil and "EPIPE". */
int signal_broken_pipe(lua_State *L, int64_t value);

/* -------------------------------------------------------------------- process_memory.c */

/* Is argument `index` of the stack a segment, semaphore or the like? Then these are meant. An error
 * where it is nil. */
bool is_memory(lua_State *L, int index, const char *method);
int memory_read(lua_State *L);
int memory_write(lua_State *L);
int memory_lock(lua_State *L, const char *method, int64_t timeout);
int memory_unlock(lua_State *L);
int memory_wait(lua_State *L);
int memory_signal(lua_State *L);

extern const luaL_Reg call_methods[], life_methods[], memory_methods[], select_methods[],
    socket_methods[];

#endif
