/*
 * Invariant: nothing of the file is read but through elf_bytes_at() and elf_text_at(), which refuse
 * what lies outside of it. Tables are copied entry by entry, so that alignment does not matter.
 *
 * The sections say what writable memory is called; a module without section headers is refused.
 */
#include "plugin/elf.h"

#include "plugin/elf_internal.h"
#include "plugin/plugin.h"

#include <string.h>

#define KEEP_IN_STATE "expected none: keep what an algorithm remembers in its state"

enum { PAGE = 4096 };

/* The header of the running program: what a module's machine is compared with. The static linker
 * provides it. */
extern const elf_header __ehdr_start __attribute__((weak, visibility("hidden")));

bool elf_refuse(const image *m, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *plain = g_strescape(what, "\"\\"); /* names of a damaged file may hold anything */
    g_set_error(m->error, PLUGIN_ERROR, PLUGIN_ERROR_REFUSED, "%s: %s", m->file, plain);
    g_free(plain);
    g_free(what);
    return false;
}

/* ------------------------------------------------------------------------------------- bytes */

static bool is_inside(const image *m, uint64_t offset, uint64_t size)
{
    return offset <= m->size && size <= m->size - offset;
}

bool elf_bytes_at(const image *m, uint64_t offset, void *to, size_t size)
{
    if (!is_inside(m, offset, size)) {
        return false;
    }
    memcpy(to, m->bytes + offset, size);
    return true;
}

const char *elf_text_at(const image *m, const section *table, uint64_t at)
{
    if (!is_inside(m, table->sh_offset, table->sh_size) || at >= table->sh_size) {
        return "?";
    }
    const char *text = (const char *)m->bytes + table->sh_offset + at;
    return memchr(text, 0, table->sh_size - at) ? text : "?";
}

bool elf_segment_at(const image *m, uint32_t i, segment *s)
{
    return elf_bytes_at(m, m->header.e_phoff + (uint64_t)i * sizeof *s, s, sizeof *s);
}

bool elf_section_at(const image *m, uint32_t i, section *s)
{
    return i < m->header.e_shnum &&
           elf_bytes_at(m, m->header.e_shoff + (uint64_t)i * sizeof *s, s, sizeof *s);
}

/* --------------------------------------------------------------------------------- addresses */

static bool is_within(uint64_t address, uint64_t size, uint64_t start, uint64_t length)
{
    return address >= start && address - start <= length && size <= length - (address - start);
}

uint64_t elf_offset_of(const image *m, uint64_t address, uint64_t size)
{
    for (uint32_t i = 0; i < m->header.e_phnum; i++) {
        segment s;
        elf_segment_at(m, i, &s);
        if (s.p_type == PT_LOAD && is_within(address, size, s.p_vaddr, s.p_filesz)) {
            return s.p_offset + (address - s.p_vaddr);
        }
    }
    return 0;
}

bool elf_is_writable(const image *m, uint64_t address, uint64_t size)
{
    for (uint32_t i = 0; i < m->header.e_phnum; i++) {
        segment s;
        elf_segment_at(m, i, &s);
        if (s.p_type == PT_LOAD && (s.p_flags & PF_W) &&
            is_within(address, size, s.p_vaddr, s.p_memsz)) {
            return true;
        }
    }
    return false;
}

/* Linkers let the protected part end with a page, which may be behind the segment's end. */
static bool is_in_writable(const image *m, const segment *part)
{
    return part->p_memsz <= m->end + PAGE && elf_is_writable(m, part->p_vaddr, 1) &&
           part->p_vaddr + part->p_memsz <= (m->end + PAGE - 1) / PAGE * PAGE;
}

/* ------------------------------------------------------------------------------------- header */

static bool vet_header(image *m)
{
    elf_header *h = &m->header;
    const elf_header *own = &__ehdr_start;
    if (m->size == 0) {
        return elf_refuse(m, "found an empty file, expected a module");
    }
    if (m->size < SELFMAG || memcmp(m->bytes, ELFMAG, SELFMAG) != 0) {
        return elf_refuse(m, "found no shared object (it does not begin with \\177ELF), expected a "
                             "module");
    }
    if (!elf_bytes_at(m, 0, h, sizeof *h)) {
        return elf_refuse(m, "truncated: found %zu bytes, expected %zu at least", m->size,
                          sizeof *h);
    }
    if (h->e_ident[EI_CLASS] != own->e_ident[EI_CLASS]) {
        return elf_refuse(m, "found a %s file, expected %d-bit: rebuild it on this machine",
                          h->e_ident[EI_CLASS] == ELFCLASS32   ? "32-bit"
                          : h->e_ident[EI_CLASS] == ELFCLASS64 ? "64-bit"
                                                               : "damaged",
                          own->e_ident[EI_CLASS] == ELFCLASS32 ? 32 : 64);
    }
    if (h->e_ident[EI_DATA] != own->e_ident[EI_DATA] || h->e_machine != own->e_machine) {
        return elf_refuse(m, "found code for machine %u, expected %u: rebuild it on this machine",
                          h->e_machine, own->e_machine);
    }
    if (h->e_type != ET_DYN) {
        return elf_refuse(m, "found %s, expected a shared object: " ELF_USE_FLAGS,
                          h->e_type == ET_REL    ? "an object file"
                          : h->e_type == ET_EXEC ? "a program"
                                                 : "a damaged file");
    }
    if (h->e_phentsize != sizeof(segment) || h->e_shentsize != sizeof(section) ||
        h->e_version != EV_CURRENT || h->e_ident[EI_VERSION] != EV_CURRENT) {
        return elf_refuse(m, "damaged: its header does not fit its kind, expected a module");
    }
    return true;
}

/* Whatever the headers announce must be there. */
static bool vet_length(const image *m)
{
    const elf_header *h = &m->header;
    uint64_t end = h->e_phoff + (uint64_t)h->e_phnum * sizeof(segment);
    uint64_t sections = h->e_shoff + (uint64_t)h->e_shnum * sizeof(section);
    if (h->e_phoff > INT64_MAX || h->e_shoff > INT64_MAX || h->e_phnum == 0 || h->e_shnum == 0) {
        return elf_refuse(m, "damaged: found no segments or no sections, expected a module");
    }
    end = MAX(end, sections);
    for (uint32_t i = 0; i < h->e_phnum; i++) {
        segment s;
        if (elf_segment_at(m, i, &s) && s.p_type == PT_LOAD) {
            end = MAX(end,
                      s.p_filesz > INT64_MAX - s.p_offset ? UINT64_MAX : s.p_offset + s.p_filesz);
        }
    }
    if (end > m->size) {
        return elf_refuse(m, "truncated: found %zu bytes, expected %" G_GUINT64_FORMAT, m->size,
                          end);
    }
    return true;
}

/* ----------------------------------------------------------------------------------- segments */

static bool vet_loaded(image *m, const segment *s)
{
    const uint64_t most = (uint64_t)1 << 30;
    if (s->p_filesz > s->p_memsz || s->p_vaddr > most || s->p_memsz > most || s->p_vaddr < m->end ||
        (s->p_vaddr - s->p_offset) % PAGE != 0) {
        return elf_refuse(m, "damaged: its segments do not fit each other, expected a module");
    }
    if ((s->p_flags & PF_W) && (s->p_flags & PF_X)) {
        return elf_refuse(
            m, "found memory that can be written to and executed, expected none: " ELF_USE_FLAGS);
    }
    m->end = s->p_vaddr + s->p_memsz;
    return true;
}

/* What the dynamic linker writes to, or protects, must be the module's own. */
static bool vet_writable_parts(const image *m)
{
    const segment *parts[] = {&m->relro, &m->dynamics};
    if (m->end == 0 || m->dynamics.p_filesz == 0 ||
        elf_offset_of(m, m->dynamics.p_vaddr, m->dynamics.p_filesz) != m->dynamics.p_offset) {
        return elf_refuse(m, "damaged: found nothing for the dynamic linker, expected a module");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i]->p_memsz > 0 && !is_in_writable(m, parts[i])) {
            return elf_refuse(m, "damaged: its segments do not fit each other, expected a module");
        }
    }
    return true;
}

static bool vet_segments(image *m)
{
    for (uint32_t i = 0; i < m->header.e_phnum; i++) {
        segment s;
        elf_segment_at(m, i, &s);
        switch (s.p_type) {
        case PT_LOAD:
            if (!vet_loaded(m, &s)) {
                return false;
            }
            break;
        case PT_GNU_RELRO:
            m->relro = s;
            break;
        case PT_DYNAMIC:
            m->dynamics = s;
            break;
        case PT_TLS:
            return elf_refuse(m,
                              "found writable memory (%" G_GUINT64_FORMAT
                              " bytes for each thread), " KEEP_IN_STATE,
                              (uint64_t)s.p_memsz);
        case PT_GNU_STACK:
            if (s.p_flags & PF_X) {
                return elf_refuse(m,
                                  "found a stack that can be executed, expected none: a function "
                                  "inside a function needs one");
            }
            break;
        case PT_INTERP:
            return elf_refuse(m, "found a program, expected a shared object: " ELF_USE_FLAGS);
        default:
            break;
        }
    }
    return vet_writable_parts(m);
}

/* ----------------------------------------------------------------------------------- sections */

static bool find_sections(image *m)
{
    elf_section_at(m, m->header.e_shstrndx, &m->section_names);
    for (uint32_t i = 0; i < m->header.e_shnum; i++) {
        section s;
        elf_section_at(m, i, &s);
        if (s.sh_type == SHT_DYNSYM) {
            m->symbols = s;
            elf_section_at(m, s.sh_link, &m->symbol_names);
        }
    }
    const section *needed[] = {&m->section_names, &m->symbols, &m->symbol_names};
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
        if (needed[i]->sh_size == 0 || !is_inside(m, needed[i]->sh_offset, needed[i]->sh_size)) {
            return elf_refuse(m, "damaged: found no table of symbols, expected a module");
        }
    }
    return true;
}

/* The dynamic linker's own, and constants with addresses in them: linkers that are not asked to
 * protect these after loading leave them writable, but no variable can be there. */
static bool is_of_linker(const section *s, const char *name)
{
    return s->sh_type == SHT_DYNAMIC || strcmp(name, ".got") == 0 ||
           strcmp(name, ".got.plt") == 0 || g_str_has_prefix(name, ".data.rel.ro");
}

static bool vet_memory(const image *m)
{
    for (uint32_t i = 0; i < m->header.e_shnum; i++) {
        section s;
        elf_section_at(m, i, &s);
        const char *name = elf_text_at(m, &m->section_names, s.sh_name);
        uint64_t relro_end = m->relro.p_vaddr + m->relro.p_memsz;
        bool is_protected = s.sh_addr >= m->relro.p_vaddr && s.sh_addr < relro_end &&
                            s.sh_size <= relro_end - s.sh_addr;
        if ((s.sh_flags & SHF_ALLOC) && (s.sh_flags & SHF_WRITE) && s.sh_size > 0 &&
            !is_protected && !is_of_linker(&s, name)) {
            return elf_refuse(m,
                              "found writable memory (%" G_GUINT64_FORMAT
                              " bytes in %.40s), " KEEP_IN_STATE,
                              (uint64_t)s.sh_size, name);
        }
    }
    return true;
}

bool elf_vet(const char *file, const void *bytes, size_t size, bool instrumented, uint32_t head[3],
             GError **error)
{
    image m = {.file = file, .bytes = bytes, .size = size, .error = error};
    return vet_header(&m) && vet_length(&m) && vet_segments(&m) && find_sections(&m) &&
           elf_vet_tables(&m) && elf_vet_export(&m, head) &&
           (instrumented || (elf_vet_independence(&m) && vet_memory(&m)));
}
