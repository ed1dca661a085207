/*
 * A module looked at as bytes, before any of its code can run.
 *
 * Why not let the dynamic linker find out: it trusts the file. A truncated one ends the process
 * with SIGBUS in two of three cases, and constructors run before anything could be checked.
 */
#ifndef DASIM_PLUGIN_ELF_H
#define DASIM_PLUGIN_ELF_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is `file`, whose content is `bytes`, a module that may be loaded: a whole shared object of this
 * machine that exports dasim_module, calls nothing, has no memory that can be written to, needs no
 * library and runs no code when loaded? Then head[] is what dasim_module begins with: magic, ABI,
 * size. False and PLUGIN_ERROR_REFUSED, "FILE: found, expected", where not. `file` is for messages
 * only; `bytes` may be anything and need no alignment.
 *
 * With `instrumented` the module may need libraries, have writable memory and constructors: a
 * sanitizer or a coverage count brings them. */
bool elf_vet(const char *file, const void *bytes, size_t size, bool instrumented, uint32_t head[3],
             GError **error);

#endif
