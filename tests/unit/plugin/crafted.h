/*
 * A small module made byte by byte, which a test may damage on purpose: the file is this structure.
 * It has no code, so it is an application without handlers. It can really be loaded.
 */
#ifndef DASIM_TEST_CRAFTED_H
#define DASIM_TEST_CRAFTED_H

#include <dasim.h>
#include <link.h>

enum { CRAFTED_RELOCATIONS = 3 };

/* Sections by number. */
enum {
    NO_SECTION,
    SYMBOLS,
    SYMBOL_NAMES,
    DYNAMICS,
    DESCRIPTION,
    SPARE, /* empty: for a test to make something of */
    SECTION_NAMES,
    SECTIONS
};

/* Segments by number. */
enum { READ_ONLY, READ_WRITE, DYNAMIC_PART, RELRO, STACK, SEGMENTS };

typedef struct crafted {
    union {
        struct {
            ElfW(Ehdr) header;
            ElfW(Phdr) segments[SEGMENTS];
            ElfW(Sym) symbols[3]; /* nothing, dasim_module, one that is like nothing */
            char symbol_names[64];
            char section_names[96];
            uint32_t hash[6]; /* one bucket, three symbols */
            ElfW(Rela) relocations[CRAFTED_RELOCATIONS];
            uint64_t packed[3]; /* for tests: DT_RELR and others */
            char name[64], title[64], param_name[32];
            char front_end[1];
        };
        unsigned char front[4096];
    };
    dasim_algorithm module; /* file offset = address */
    dasim_param params[2];
    ElfW(Dyn) dynamics[12];
    ElfW(Shdr) sections[SECTIONS];
} crafted;

/* Bytes of the file: behind it is padding. */
#define CRAFTED_SIZE (offsetof(crafted, sections) + SECTIONS * sizeof(ElfW(Shdr)))

/* A good one of the algorithm `name`; free it with g_free(). */
crafted *crafted_new(const char *name);

/* Offset in symbol_names (of "rand", "libm.so.6"), in section_names (of ".bss", ".tdata",
 * ".got"). */
uint32_t crafted_symbol_name(const crafted *m, const char *name);
uint32_t crafted_section_name(const crafted *m, const char *name);

/* Writes FOLDER/FILE, whose name is returned; g_free() it. Folders are made. */
char *crafted_write(const void *bytes, size_t size, const char *folder, const char *file);
char *crafted_write_good(const char *name, const char *folder, const char *file);

/* A new temporary folder; crafted_remove() deletes it with all that is in it and frees the name. */
char *crafted_folder(void);
void crafted_remove(char *folder);

#endif
