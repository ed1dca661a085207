/*
 * What the dynamic linker acts upon. It believes all of it: a relocation of a damaged file writes
 * to whatever is at its place, which may be this program's memory.
 */
#include "plugin/elf_internal.h"

#include <string.h>

#if defined __x86_64__
enum { RELATIVE = R_X86_64_RELATIVE, IRELATIVE = R_X86_64_IRELATIVE };
#elif defined __aarch64__
enum { RELATIVE = R_AARCH64_RELATIVE, IRELATIVE = R_AARCH64_IRELATIVE };
#else
enum { RELATIVE = -1, IRELATIVE = -1 }; /* not looked at */
#endif

/* DT_RELRSZ and DT_RELR: not every <elf.h> has them. */
enum { RELR_SIZE = 35, RELR = 36 };

/* ------------------------------------------------------------------------------------- tables */

/* Entry `i` in front of the end. */
static bool dynamic_at(const image *m, uint64_t i, dynamic *d)
{
    return i < m->dynamics.p_filesz / sizeof *d &&
           elf_bytes_at(m, m->dynamics.p_offset + i * sizeof *d, d, sizeof *d) &&
           d->d_tag != DT_NULL;
}

/* 0: there is none. */
static uint64_t value_of(const image *m, int64_t tag)
{
    dynamic d;
    for (uint64_t i = 0; dynamic_at(m, i, &d); i++) {
        if ((int64_t)d.d_tag == tag) {
            return d.d_un.d_val;
        }
    }
    return 0;
}

static bool refuse_tables(const image *m)
{
    return elf_refuse(m, "damaged: its tables do not fit each other, expected a module");
}

/* The linker would call a function of the module, which says what another one is. */
static bool refuse_indirect(const image *m)
{
    return elf_refuse(m, "found code that runs when loaded (ifunc), expected none: a function is "
                         "what it is, without __attribute__((ifunc))");
}

static bool vet_relocation(const image *m, uint64_t at, bool has_addend)
{
    ElfW(Rela) r = {0};
    elf_bytes_at(m, at, &r, has_addend ? sizeof(ElfW(Rela)) : sizeof(ElfW(Rel)));
    int64_t kind = (int64_t)ELF64_R_TYPE(r.r_info);
    if (kind == IRELATIVE) {
        return refuse_indirect(m);
    }
    bool is_relative = has_addend && kind == RELATIVE;
    return (elf_is_writable(m, r.r_offset, sizeof(ElfW(Addr))) &&
            (!is_relative || (uint64_t)r.r_addend <= m->end)) ||
           refuse_tables(m);
}

/* `address`, `size`: tags of what tells where the table is. */
static bool vet_relocations(const image *m, int64_t address, int64_t size, bool has_addend)
{
    uint64_t bytes = value_of(m, size), step = has_addend ? sizeof(ElfW(Rela)) : sizeof(ElfW(Rel));
    uint64_t offset = elf_offset_of(m, value_of(m, address), bytes);
    if (bytes > 0 && (offset == 0 || bytes % step != 0)) {
        return refuse_tables(m);
    }
    for (uint64_t at = 0; at < bytes; at += step) {
        if (!vet_relocation(m, offset + at, has_addend)) {
            return false;
        }
    }
    return true;
}

/* DT_RELR: an even word is an address, an odd one 63 bits for the words that follow. */
static bool vet_packed(const image *m)
{
    const uint64_t word = sizeof(ElfW(Addr)), bits = word * 8 - 1;
    uint64_t bytes = value_of(m, RELR_SIZE), offset = elf_offset_of(m, value_of(m, RELR), bytes);
    uint64_t where = 0;
    bool is_fine = bytes == 0 || (offset != 0 && bytes % word == 0);
    for (uint64_t at = 0; is_fine && at < bytes; at += word) {
        ElfW(Addr) entry = 0;
        elf_bytes_at(m, offset + at, &entry, sizeof entry);
        if (entry % 2 == 0) {
            is_fine = elf_is_writable(m, entry, word);
            where = entry + word;
            continue;
        }
        for (uint64_t i = 0; is_fine && i < bits; i++) {
            is_fine = !(entry >> (i + 1) & 1) || elf_is_writable(m, where + i * word, word);
        }
        where += bits * word;
    }
    return is_fine || refuse_tables(m);
}

bool elf_vet_tables(const image *m)
{
    /* Where nothing is exported, the names are one zero byte. */
    const struct {
        int64_t tag;
        uint64_t least;
    } tables[] = {{DT_HASH, 8}, {DT_GNU_HASH, 8}, {DT_STRTAB, 1}, {DT_SYMTAB, 8}};
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        uint64_t address = value_of(m, tables[i].tag);
        if (address != 0 && elf_offset_of(m, address, tables[i].least) == 0) {
            return refuse_tables(m);
        }
    }
    uint64_t names = value_of(m, DT_STRTAB), symbols = value_of(m, DT_SYMTAB);
    if (elf_offset_of(m, names, 1) != m->symbol_names.sh_offset || symbols == 0 ||
        elf_offset_of(m, symbols, m->symbols.sh_size) != m->symbols.sh_offset ||
        value_of(m, DT_STRSZ) > m->symbol_names.sh_size) {
        return refuse_tables(m);
    }
    return vet_relocations(m, DT_RELA, DT_RELASZ, true) &&
           vet_relocations(m, DT_REL, DT_RELSZ, false) &&
           vet_relocations(m, DT_JMPREL, DT_PLTRELSZ, value_of(m, DT_PLTREL) != DT_REL) &&
           vet_packed(m);
}

/* ------------------------------------------------------------------------------- independence */

/* What makes the dynamic linker run code of the module; NULL: not this entry. */
static const char *code_of(const dynamic *d)
{
    static const struct {
        int64_t tag;
        const char *name;
    } all[] = {
        {DT_INIT, "_init"},
        {DT_INIT_ARRAY, ".init_array"},
        {DT_FINI, "_fini"},
        {DT_FINI_ARRAY, ".fini_array"},
        {DT_PREINIT_ARRAY, ".preinit_array"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (all[i].tag == (int64_t)d->d_tag) {
            return all[i].name;
        }
    }
    return NULL;
}

static bool vet_needs(const image *m)
{
    dynamic d;
    for (uint64_t i = 0; dynamic_at(m, i, &d); i++) {
        if (d.d_tag == DT_NEEDED) {
            return elf_refuse(m, "needs %.80s, expected no library: " ELF_USE_FLAGS,
                              elf_text_at(m, &m->symbol_names, d.d_un.d_val));
        }
        if (code_of(&d)) {
            return elf_refuse(
                m, "found code that runs when loaded (%s), expected none: " ELF_USE_FLAGS,
                code_of(&d));
        }
    }
    return true;
}

/* Also weak ones: they would be found in this program. */
static bool vet_undefined(const image *m, int binding)
{
    for (uint64_t at = sizeof(symbol); at + sizeof(symbol) <= m->symbols.sh_size;
         at += sizeof(symbol)) {
        symbol s;
        elf_bytes_at(m, m->symbols.sh_offset + at, &s, sizeof s);
        if (s.st_shndx == SHN_UNDEF && ELF64_ST_BIND(s.st_info) == binding) {
            return elf_refuse(
                m,
                "undefined symbol %.80s, expected none: a module may call nothing but "
                "the functions of dasim.h",
                elf_text_at(m, &m->symbol_names, s.st_name));
        }
    }
    return true;
}

static bool vet_direct(const image *m)
{
    for (uint64_t at = sizeof(symbol); at + sizeof(symbol) <= m->symbols.sh_size;
         at += sizeof(symbol)) {
        symbol s;
        elf_bytes_at(m, m->symbols.sh_offset + at, &s, sizeof s);
        if (ELF64_ST_TYPE(s.st_info) == STT_GNU_IFUNC) {
            return refuse_indirect(m);
        }
    }
    return true;
}

bool elf_vet_independence(const image *m)
{
    return vet_undefined(m, STB_GLOBAL) && vet_needs(m) && vet_undefined(m, STB_WEAK) &&
           vet_direct(m);
}

bool elf_vet_export(const image *m, uint32_t head[3])
{
    const size_t head_size = 3 * sizeof head[0];
    for (uint64_t at = sizeof(symbol); at + sizeof(symbol) <= m->symbols.sh_size;
         at += sizeof(symbol)) {
        symbol s;
        elf_bytes_at(m, m->symbols.sh_offset + at, &s, sizeof s);
        if (s.st_shndx == SHN_UNDEF ||
            strcmp(elf_text_at(m, &m->symbol_names, s.st_name), "dasim_module") != 0) {
            continue;
        }
        uint64_t offset = elf_offset_of(m, s.st_value, MAX(s.st_size, head_size));
        if (ELF64_ST_TYPE(s.st_info) != STT_OBJECT || s.st_size < head_size || offset == 0 ||
            !elf_bytes_at(m, offset, head, head_size)) {
            return elf_refuse(m, "dasim_module is no description, expected one made with "
                                 "DASIM_ALGORITHM(...)");
        }
        /* Another size with the right head: the file is damaged, or not made with the macro. */
        if (s.st_size < head[2]) {
            return elf_refuse(m,
                              "damaged: dasim_module has %" G_GUINT64_FORMAT " bytes, expected %u",
                              (uint64_t)s.st_size, head[2]);
        }
        return true;
    }
    return elf_refuse(m, "found no symbol dasim_module, expected one: describe the algorithm with "
                         "DASIM_ALGORITHM(...)");
}
