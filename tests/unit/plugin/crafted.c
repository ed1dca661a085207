#include "crafted.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#if defined __aarch64__
enum { RELATIVE = R_AARCH64_RELATIVE };
#else
enum { RELATIVE = R_X86_64_RELATIVE };
#endif

extern const ElfW(Ehdr) __ehdr_start __attribute__((weak, visibility("hidden")));

/* Texts of a table, one behind the other; the first is empty. */
static const char symbol_names[] = "\0dasim_module\0rand\0libm.so.6";
static const char section_names[] = "\0.dynsym\0.dynstr\0.dynamic\0.data.rel.ro\0.shstrtab\0.bss\0"
                                    ".tdata\0.got";

static uint32_t find(const char *table, size_t size, const char *name)
{
    for (size_t at = 1; at < size; at += strlen(table + at) + 1) {
        if (strcmp(table + at, name) == 0) {
            return (uint32_t)at;
        }
    }
    g_error("no name %s", name);
}

uint32_t crafted_symbol_name(const crafted *m, const char *name)
{
    return find(m->symbol_names, sizeof symbol_names, name);
}

uint32_t crafted_section_name(const crafted *m, const char *name)
{
    return find(m->section_names, sizeof section_names, name);
}

static void make_header(crafted *m)
{
    memcpy(m->header.e_ident, __ehdr_start.e_ident, EI_NIDENT);
    m->header.e_machine = __ehdr_start.e_machine;
    m->header.e_type = ET_DYN;
    m->header.e_version = EV_CURRENT;
    m->header.e_ehsize = sizeof m->header;
    m->header.e_phoff = offsetof(crafted, segments);
    m->header.e_phentsize = sizeof m->segments[0];
    m->header.e_phnum = SEGMENTS;
    m->header.e_shoff = offsetof(crafted, sections);
    m->header.e_shentsize = sizeof m->sections[0];
    m->header.e_shnum = SECTIONS;
    m->header.e_shstrndx = SECTION_NAMES;
}

static void make_segment(crafted *m, uint32_t i, uint32_t type, uint32_t flags, size_t from,
                         size_t to)
{
    m->segments[i] = (ElfW(Phdr)){.p_type = type,
                                  .p_flags = flags,
                                  .p_offset = from,
                                  .p_vaddr = from,
                                  .p_paddr = from,
                                  .p_filesz = to - from,
                                  .p_memsz = to - from,
                                  .p_align = type == PT_LOAD ? 4096 : 8};
}

static void make_segments(crafted *m)
{
    size_t end = offsetof(crafted, sections), module = offsetof(crafted, module);
    size_t dynamics = offsetof(crafted, dynamics);
    make_segment(m, READ_ONLY, PT_LOAD, PF_R, 0, module);
    make_segment(m, READ_WRITE, PT_LOAD, PF_R | PF_W, module, end);
    make_segment(m, DYNAMIC_PART, PT_DYNAMIC, PF_R | PF_W, dynamics, dynamics + sizeof m->dynamics);
    make_segment(m, RELRO, PT_GNU_RELRO, PF_R, module, module + 4096);
    make_segment(m, STACK, PT_GNU_STACK, PF_R | PF_W, 0, 0);
}

static void make_section(crafted *m, uint32_t i, const char *name, uint32_t type, uint64_t flags,
                         size_t from, size_t size)
{
    m->sections[i] = (ElfW(Shdr)){.sh_name = crafted_section_name(m, name),
                                  .sh_type = type,
                                  .sh_flags = flags,
                                  .sh_addr = flags & SHF_ALLOC ? from : 0,
                                  .sh_offset = from,
                                  .sh_size = size};
}

static void make_sections(crafted *m)
{
    const uint64_t data = SHF_ALLOC | SHF_WRITE;
    memcpy(m->section_names, section_names, sizeof section_names);
    make_section(m, SYMBOLS, ".dynsym", SHT_DYNSYM, SHF_ALLOC, offsetof(crafted, symbols),
                 sizeof m->symbols);
    make_section(m, SYMBOL_NAMES, ".dynstr", SHT_STRTAB, SHF_ALLOC, offsetof(crafted, symbol_names),
                 sizeof m->symbol_names);
    make_section(m, DYNAMICS, ".dynamic", SHT_DYNAMIC, data, offsetof(crafted, dynamics),
                 sizeof m->dynamics);
    make_section(m, DESCRIPTION, ".data.rel.ro", SHT_PROGBITS, data, offsetof(crafted, module),
                 offsetof(crafted, dynamics) - offsetof(crafted, module));
    make_section(m, SECTION_NAMES, ".shstrtab", SHT_STRTAB, 0, offsetof(crafted, section_names),
                 sizeof m->section_names);
    m->sections[SYMBOLS].sh_link = SYMBOL_NAMES;
    m->sections[DYNAMICS].sh_link = SYMBOL_NAMES;
}

static void make_dynamics(crafted *m)
{
    const ElfW(Dyn) all[] = {
        {DT_HASH, {offsetof(crafted, hash)}},      {DT_STRTAB, {offsetof(crafted, symbol_names)}},
        {DT_SYMTAB, {offsetof(crafted, symbols)}}, {DT_STRSZ, {sizeof m->symbol_names}},
        {DT_SYMENT, {sizeof m->symbols[0]}},       {DT_RELA, {offsetof(crafted, relocations)}},
        {DT_RELASZ, {sizeof m->relocations}},      {DT_RELAENT, {sizeof m->relocations[0]}},
    };
    memcpy(m->dynamics, all, sizeof all);
    m->symbols[1] = (ElfW(Sym)){.st_name = crafted_symbol_name(m, "dasim_module"),
                                .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
                                .st_shndx = DESCRIPTION,
                                .st_value = offsetof(crafted, module),
                                .st_size = sizeof m->module};
    const uint32_t hash[] = {1, 3, 1, 0, 0, 0};
    memcpy(m->hash, hash, sizeof hash);
}

/* The address of `what` belongs at `place`. */
static void relocate(crafted *m, uint32_t i, size_t place, size_t what)
{
    m->relocations[i] = (ElfW(Rela)){.r_offset = place,
                                     .r_info = ELF64_R_INFO((uint64_t)0, RELATIVE),
                                     .r_addend = (int64_t)what};
}

crafted *crafted_new(const char *name)
{
    crafted *m = g_new0(crafted, 1);
    memcpy(m->symbol_names, symbol_names, sizeof symbol_names);
    make_header(m);
    make_segments(m);
    make_sections(m);
    make_dynamics(m);
    m->module = (dasim_algorithm){.magic = DASIM_MAGIC,
                                  .abi = DASIM_ABI,
                                  .size = sizeof m->module,
                                  .provides = DASIM_APPLICATION};
    m->params[0] = (dasim_param){.unit = DASIM_COUNT, .value = 3, .least = 1, .most = 9};
    g_strlcpy(m->name, name, sizeof m->name);
    g_strlcpy(m->title, "made byte by byte", sizeof m->title);
    g_strlcpy(m->param_name, "rounds", sizeof m->param_name);
    size_t module = offsetof(crafted, module);
    relocate(m, 0, module + offsetof(dasim_algorithm, name), offsetof(crafted, name));
    relocate(m, 1, module + offsetof(dasim_algorithm, title), offsetof(crafted, title));
    relocate(m, 2, offsetof(crafted, params), offsetof(crafted, param_name));
    return m;
}

char *crafted_write(const void *bytes, size_t size, const char *folder, const char *file)
{
    GError *error = NULL;
    char *path = g_build_filename(folder, file, NULL);
    char *parent = g_path_get_dirname(path);
    g_mkdir_with_parents(parent, 0700);
    cr_assert(g_file_set_contents(path, bytes, (gssize)size, &error), "%s",
              error ? error->message : "");
    g_free(parent);
    return path;
}

char *crafted_write_good(const char *name, const char *folder, const char *file)
{
    crafted *m = crafted_new(name);
    char *path = crafted_write(m, CRAFTED_SIZE, folder, file);
    g_free(m);
    return path;
}

char *crafted_folder(void)
{
    char *folder = g_dir_make_tmp("dasim-test-XXXXXX", NULL);
    cr_assert_not_null(folder);
    return folder;
}

static void empty(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            empty(path);
        }
        g_remove(path);
        g_free(path);
    }
    if (dir) {
        g_dir_close(dir);
    }
}

void crafted_remove(char *folder)
{
    empty(folder);
    g_rmdir(folder);
    g_free(folder);
}
