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

/* Is `file`, whose content is `bytes`, a module that may be loaded: a whole shared object of this
 * machine that exports dasim_module of this ABI, calls nothing, has no memory that can be written
 * to, needs no library and runs no code when loaded? False and PLUGIN_ERROR_REFUSED where not.
 * `file` is for messages only. */
bool elf_vet(const char *file, const void *bytes, size_t size, GError **error);

#endif
