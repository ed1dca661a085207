/* Shared by elf.c and elf_dynamic.c: a file that claims to be a module. */
#ifndef DASIM_PLUGIN_ELF_INTERNAL_H
#define DASIM_PLUGIN_ELF_INTERNAL_H

#include <glib.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef ElfW(Ehdr) elf_header;
typedef ElfW(Phdr) segment;
typedef ElfW(Shdr) section;
typedef ElfW(Dyn) dynamic;
typedef ElfW(Sym) symbol;

typedef struct image {
    const char *file;
    const unsigned char *bytes;
    size_t size;
    GError **error;
    elf_header header;
    section section_names, symbols, symbol_names; /* size 0: there is none */
    segment relro, dynamics;
    uint64_t end; /* of the addresses that it is loaded to, from 0 */
} image;

/* What most faults are mended with. */
#define ELF_USE_FLAGS "link it with the flags of `pkg-config --libs dasim`"

/* Sets the error to "FILE: " and what is told; false. */
bool elf_refuse(const image *m, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* False where it is not (all) in the file. */
bool elf_bytes_at(const image *m, uint64_t offset, void *to, size_t size);
bool elf_segment_at(const image *m, uint32_t i, segment *s);
bool elf_section_at(const image *m, uint32_t i, section *s);

/* Text number `at` of a table of texts; "?" where there is none. */
const char *elf_text_at(const image *m, const section *table, uint64_t at);

/* Where the file holds the `size` bytes that will be at `address`; 0 where it does not. */
uint64_t elf_offset_of(const image *m, uint64_t address, uint64_t size);
/* Will they be in memory that the loader may write to? */
bool elf_is_writable(const image *m, uint64_t address, uint64_t size);

/* elf_dynamic.c: what the dynamic linker acts upon. What it reads and writes lies inside of the
 * module; the symbols are those of the dynamic linker, too. */
bool elf_vet_tables(const image *m);
/* dasim_module, and what it begins with. */
bool elf_vet_export(const image *m, uint32_t head[3]);
/* No undefined symbols, no libraries, no code that runs when loaded. */
bool elf_vet_independence(const image *m);

#endif
