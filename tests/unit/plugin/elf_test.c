/* Each look at the bytes of a module, on one that is damaged in exactly this. */
#include "plugin/elf.h"

#include "crafted.h"
#include "plugin/plugin.h"

#include <criterion/criterion.h>
#include <string.h>

/* What elf_vet says of `bytes`, in a block of exactly this size; "" where it is content. */
static char *verdict(const void *bytes, size_t size, bool instrumented)
{
    GError *error = NULL;
    uint32_t head[3];
    void *exact = g_malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    bool is_fine = elf_vet("x.so", exact, size, instrumented, head, &error);
    char *text = g_strdup(error ? error->message : "");
    cr_assert(is_fine == (error == NULL));
    cr_assert(error == NULL || g_error_matches(error, PLUGIN_ERROR, PLUGIN_ERROR_REFUSED));
    g_clear_error(&error);
    g_free(exact);
    return text;
}

typedef struct damage_case {
    const char *what;
    void (*damage)(crafted *m);
    const char *found;  /* what the line says behind the file's name */
    bool only_if_plain; /* instrumented modules may be so */
} damage_case;

static void check(const damage_case *cases, size_t count)
{
    for (const damage_case *c = cases; c < cases + count; c++) {
        crafted *m = crafted_new("crafted");
        char *good = verdict(m, CRAFTED_SIZE, false);
        c->damage(m);
        char *plain = verdict(m, CRAFTED_SIZE, false);
        char *instrumented = verdict(m, CRAFTED_SIZE, true);
        char *expected = g_strconcat("x.so: ", c->found, NULL);
        cr_expect_str_eq(good, "");
        cr_expect_str_eq(plain, expected, "%s: found %s, expected %s", c->what, plain, expected);
        cr_expect_str_eq(instrumented, c->only_if_plain ? "" : expected, "%s, instrumented: %s",
                         c->what, instrumented);
        g_free(good);
        g_free(plain);
        g_free(instrumented);
        g_free(expected);
        g_free(m);
    }
}

#define CHECK(...)                                                                                 \
    static const damage_case cases[] = {__VA_ARGS__};                                              \
    check(cases, G_N_ELEMENTS(cases))

#define USE_FLAGS "link it with the flags of `pkg-config --libs dasim`"

/* ----------------------------------------------------------------------------------- the head */

static void to_text(crafted *m)
{
    memcpy(m, "-- a scenario", 13);
}

static void to_32_bit(crafted *m)
{
    m->header.e_ident[EI_CLASS] = ELFCLASS32;
}

static void to_no_class(crafted *m)
{
    m->header.e_ident[EI_CLASS] = 77;
}

static void to_other_machine(crafted *m)
{
    m->header.e_machine = EM_S390;
}

static void to_other_byte_order(crafted *m)
{
    m->header.e_ident[EI_DATA] = ELFDATA2MSB;
    m->header.e_machine = EM_PPC;
}

static void to_object(crafted *m)
{
    m->header.e_type = ET_REL;
}

static void to_program(crafted *m)
{
    m->header.e_type = ET_EXEC;
}

static void to_core(crafted *m)
{
    m->header.e_type = ET_CORE;
}

static void other_entry_size(crafted *m)
{
    m->header.e_phentsize--;
}

static void other_section_size(crafted *m)
{
    m->header.e_shentsize++;
}

static void other_version(crafted *m)
{
    m->header.e_version = 2;
}

Test (elf, what_is_no_shared_object_of_this_machine_is_refused) {
    char machine[100], order[100];
    crafted *m = crafted_new("crafted");
    g_snprintf(machine, sizeof machine,
               "found code for machine %d, expected %d: rebuild it on this machine", EM_S390,
               m->header.e_machine);
    g_snprintf(order, sizeof order,
               "found code for machine %d, expected %d: rebuild it on this machine", EM_PPC,
               m->header.e_machine);
    g_free(m);
    const damage_case cases[] = {
        {"text", to_text,
         "found no shared object (it does not begin with \\177ELF), expected a module", false},
        {"32-bit", to_32_bit, "found a 32-bit file, expected 64-bit: rebuild it on this machine",
         false},
        {"no class", to_no_class,
         "found a damaged file, expected 64-bit: rebuild it on this machine", false},
        {"machine", to_other_machine, machine, false},
        {"byte order", to_other_byte_order, order, false},
        {"object", to_object, "found an object file, expected a shared object: " USE_FLAGS, false},
        {"program", to_program, "found a program, expected a shared object: " USE_FLAGS, false},
        {"core", to_core, "found a damaged file, expected a shared object: " USE_FLAGS, false},
    };
    check(cases, G_N_ELEMENTS(cases));
}

Test (elf, a_header_of_another_layout_is_refused) {
    static const char found[] = "damaged: its header does not fit its kind, expected a module";
    CHECK({"entry", other_entry_size, found, false}, {"section", other_section_size, found, false},
          {"version", other_version, found, false});
}

/* ------------------------------------------------------------------------------------- length */

Test (elf, an_empty_file_is_refused) {
    char *found = verdict("", 0, false);
    cr_assert_str_eq(found, "x.so: found an empty file, expected a module");
    g_free(found);
}

Test (elf, every_shorter_length_is_refused_and_named) {
    crafted *m = crafted_new("crafted");
    for (size_t size = SELFMAG; size < CRAFTED_SIZE; size++) {
        char *found = verdict(m, size, size % 2);
        char *expected = g_strdup_printf("x.so: truncated: found %zu bytes, expected %s", size,
                                         size < sizeof m->header ? "64 at least" : "");
        cr_assert(g_str_has_prefix(found, expected), "%s", found);
        g_free(found);
        g_free(expected);
    }
    g_free(m);
}

static void segment_beyond_end(crafted *m)
{
    m->segments[READ_WRITE].p_filesz = UINT64_MAX - 5000;
}

static void no_segments(crafted *m)
{
    m->header.e_phnum = 0;
}

static void no_sections(crafted *m)
{
    m->header.e_shnum = 0;
}

static void sections_far_away(crafted *m)
{
    m->header.e_shoff = UINT64_MAX - 10;
}

Test (elf, tables_that_cannot_be_there_are_refused) {
    static const char found[] = "damaged: found no segments or no sections, expected a module";
    CHECK({"segments", no_segments, found, false}, {"sections", no_sections, found, false},
          {"far", sections_far_away, found, false});
}

Test (elf, a_segment_beyond_the_end_is_refused) {
    crafted *m = crafted_new("crafted");
    segment_beyond_end(m);
    char *found = verdict(m, CRAFTED_SIZE, true);
    cr_assert(g_str_has_prefix(found, "x.so: truncated: found "), "%s", found);
    g_free(found);
    g_free(m);
}

/* ----------------------------------------------------------------------------------- segments */

static void more_in_file_than_in_memory(crafted *m)
{
    m->segments[READ_WRITE].p_memsz = 8;
}

static void segments_overlap(crafted *m)
{
    m->segments[READ_ONLY].p_memsz = 3 * 4096;
}

static void segment_off_its_page(crafted *m)
{
    m->segments[READ_WRITE].p_vaddr += 8;
}

static void segment_too_far(crafted *m)
{
    m->segments[READ_WRITE].p_vaddr = (uint64_t)1 << 40;
}

static void writable_code(crafted *m)
{
    m->segments[READ_WRITE].p_flags |= PF_X;
}

static void executable_stack(crafted *m)
{
    m->segments[STACK].p_flags |= PF_X;
}

static void interpreter(crafted *m)
{
    m->segments[STACK].p_type = PT_INTERP;
}

static void nothing_loaded(crafted *m)
{
    m->segments[READ_ONLY].p_type = m->segments[READ_WRITE].p_type = PT_NULL;
}

static void no_dynamics(crafted *m)
{
    m->segments[DYNAMIC_PART].p_type = PT_NULL;
}

static void dynamics_outside(crafted *m)
{
    m->segments[DYNAMIC_PART].p_vaddr = 1 << 20;
}

static void dynamics_in_read_only(crafted *m)
{
    m->segments[DYNAMIC_PART].p_vaddr = m->segments[DYNAMIC_PART].p_offset = 64;
}

static void protects_memory_outside(crafted *m)
{
    m->segments[RELRO].p_vaddr = 1 << 20;
}

static void protects_memory_behind(crafted *m)
{
    m->segments[RELRO].p_memsz = 2 * 4096;
}

static void thread_memory(crafted *m)
{
    m->segments[STACK].p_type = PT_TLS;
    m->segments[STACK].p_memsz = 24;
}

Test (elf, segments_must_fit_each_other) {
    static const char found[] = "damaged: its segments do not fit each other, expected a module";
    CHECK({"memory", more_in_file_than_in_memory, found, false},
          {"overlap", segments_overlap, found, false}, {"page", segment_off_its_page, found, false},
          {"far", segment_too_far, found, false}, {"dynamics", dynamics_in_read_only, found, false},
          {"protected", protects_memory_outside, found, false},
          {"protected behind", protects_memory_behind, found, false},
          {"no dynamics", no_dynamics,
           "damaged: found nothing for the dynamic linker, expected a module", false},
          {"dynamics", dynamics_outside,
           "damaged: found nothing for the dynamic linker, expected a module", false},
          {"none", nothing_loaded,
           "damaged: found nothing for the dynamic linker, expected a module", false});
}

Test (elf, memory_to_write_and_execute_is_refused) {
    CHECK({"code", writable_code,
           "found memory that can be written to and executed, expected none: " USE_FLAGS, false},
          {"stack", executable_stack,
           "found a stack that can be executed, expected none: a function inside a function needs "
           "one",
           false},
          {"interpreter", interpreter, "found a program, expected a shared object: " USE_FLAGS,
           false});
}

/* -------------------------------------------------------------------------- tables and export */

static void no_symbols(crafted *m)
{
    m->sections[SYMBOLS].sh_type = SHT_NOTE;
}

static void symbols_elsewhere(crafted *m)
{
    m->sections[SYMBOLS].sh_offset = CRAFTED_SIZE - 8;
}

static void names_of_no_section(crafted *m)
{
    m->header.e_shstrndx = SECTIONS;
}

static void symbol_names_of_no_section(crafted *m)
{
    m->sections[SYMBOLS].sh_link = 1000;
}

Test (elf, a_module_without_tables_is_refused) {
    static const char found[] = "damaged: found no table of symbols, expected a module";
    CHECK({"symbols", no_symbols, found, false}, {"elsewhere", symbols_elsewhere, found, false},
          {"names", names_of_no_section, found, false},
          {"symbol names", symbol_names_of_no_section, found, false});
}

static void other_symbol(crafted *m)
{
    m->symbols[1].st_name = crafted_symbol_name(m, "rand");
}

static void symbol_name_outside(crafted *m)
{
    m->symbols[1].st_name = 5000;
}

static void function_symbol(crafted *m)
{
    m->symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
}

static void short_symbol(crafted *m)
{
    m->symbols[1].st_size = 8;
}

static void symbol_outside(crafted *m)
{
    m->symbols[1].st_value = 1 << 20;
}

static void symbol_partly_outside(crafted *m)
{
    m->symbols[1].st_size = 8192;
}

static void shorter_than_it_says(crafted *m)
{
    m->symbols[1].st_size = 100;
}

Test (elf, a_module_exports_a_description) {
    static const char none[] = "found no symbol dasim_module, expected one: describe the algorithm "
                               "with DASIM_ALGORITHM(...)";
    static const char wrong[] = "dasim_module is no description, expected one made with "
                                "DASIM_ALGORITHM(...)";
    char *damaged = g_strdup_printf("damaged: dasim_module has 100 bytes, expected %zu",
                                    sizeof(dasim_algorithm));
    const damage_case cases[] = {
        {"other", other_symbol, none, false},
        {"nowhere", symbol_name_outside, none, false},
        {"function", function_symbol, wrong, false},
        {"short", short_symbol, wrong, false},
        {"outside", symbol_outside, wrong, false},
        {"partly", symbol_partly_outside, wrong, false},
        {"shorter", shorter_than_it_says, damaged, false},
    };
    check(cases, G_N_ELEMENTS(cases));
    g_free(damaged);
}

Test (elf, the_head_is_what_the_description_begins_with) {
    crafted *m = crafted_new("crafted");
    uint32_t head[3];
    m->module.magic = 11, m->module.abi = 12, m->module.size = 13;
    cr_assert(elf_vet("x.so", m, CRAFTED_SIZE, false, head, NULL));
    cr_assert(head[0] == 11 && head[1] == 12 && head[2] == 13);
    g_free(m);
}

/* ------------------------------------------------------------------- what a module may not have */

static void add_symbol(crafted *m, unsigned binding)
{
    m->symbols[2] = (ElfW(Sym)){.st_name = crafted_symbol_name(m, "rand"),
                                .st_info = (unsigned char)ELF64_ST_INFO(binding, STT_NOTYPE)};
}

static void calls_rand(crafted *m)
{
    add_symbol(m, STB_GLOBAL);
}

static void may_call_rand(crafted *m)
{
    add_symbol(m, STB_WEAK);
}

static void add_dynamic(crafted *m, int64_t tag, uint64_t value)
{
    uint32_t i = 0;
    while (m->dynamics[i].d_tag != DT_NULL) {
        i++;
    }
    m->dynamics[i] = (ElfW(Dyn)){tag, {value}};
}

static void needs_library(crafted *m)
{
    add_dynamic(m, DT_NEEDED, crafted_symbol_name(m, "libm.so.6"));
}

static void needs_unnamed_library(crafted *m)
{
    add_dynamic(m, DT_NEEDED, 1 << 20);
}

static void has_init(crafted *m)
{
    add_dynamic(m, DT_INIT, 4096);
}

static void has_fini(crafted *m)
{
    add_dynamic(m, DT_FINI, 4096);
}

static void add_section(crafted *m, const char *name, uint32_t type, uint64_t flags, size_t at)
{
    m->sections[SPARE] = (ElfW(Shdr)){.sh_name = crafted_section_name(m, name),
                                      .sh_type = type,
                                      .sh_flags = flags | SHF_ALLOC | SHF_WRITE,
                                      .sh_addr = at,
                                      .sh_offset = offsetof(crafted, module),
                                      .sh_size = 12};
}

static void has_constructor(crafted *m)
{
    add_dynamic(m, DT_INIT_ARRAY, 4096);
}

static void has_destructor(crafted *m)
{
    add_dynamic(m, DT_FINI_ARRAY, 4096);
}

static void has_variable(crafted *m)
{
    add_section(m, ".bss", SHT_NOBITS, 0, 3 * 4096);
}

static void has_variable_behind_relro(crafted *m)
{
    add_section(m, ".bss", SHT_NOBITS, 0, offsetof(crafted, module) + 4096 - 8);
}

static void has_unnamed_variable(crafted *m)
{
    add_section(m, ".bss", SHT_NOBITS, 0, 3 * 4096);
    m->sections[SPARE].sh_name = 1 << 20;
}

Test (elf, a_module_calls_nothing_outside) {
    static const char found[] = "undefined symbol rand, expected none: a module may call nothing "
                                "but the functions of dasim.h";
    CHECK({"strong", calls_rand, found, true}, {"weak", may_call_rand, found, true});
}

Test (elf, a_module_needs_no_library) {
    CHECK({"named", needs_library, "needs libm.so.6, expected no library: " USE_FLAGS, true},
          {"unnamed", needs_unnamed_library, "needs ?, expected no library: " USE_FLAGS, true});
}

Test (elf, a_module_runs_nothing_when_loaded) {
    CHECK({"init", has_init, "found code that runs when loaded (_init), expected none: " USE_FLAGS,
           true},
          {"fini", has_fini, "found code that runs when loaded (_fini), expected none: " USE_FLAGS,
           true},
          {"constructor", has_constructor,
           "found code that runs when loaded (.init_array), expected none: " USE_FLAGS, true},
          {"destructor", has_destructor,
           "found code that runs when loaded (.fini_array), expected none: " USE_FLAGS, true});
}

Test (elf, a_module_has_no_memory_of_its_own) {
    static const char in_bss[] = "found writable memory (12 bytes in .bss), expected none: keep "
                                 "what an algorithm remembers in its state";
    CHECK({"variable", has_variable, in_bss, true},
          {"behind", has_variable_behind_relro, in_bss, true},
          {"unnamed", has_unnamed_variable,
           "found writable memory (12 bytes in ?), expected none: keep what an algorithm remembers "
           "in its state",
           true});
}

Test (elf, memory_of_a_thread_is_memory) {
    CHECK({"thread", thread_memory,
           "found writable memory (24 bytes for each thread), expected none: keep what an "
           "algorithm remembers in its state",
           false});
}

/* --------------------------------------------------------------- what the dynamic linker writes */

static void set_dynamic(crafted *m, int64_t tag, uint64_t value)
{
    uint32_t i = 0;
    while ((int64_t)m->dynamics[i].d_tag != tag) {
        i++;
    }
    m->dynamics[i].d_un.d_val = value;
}

static void relocates_outside(crafted *m)
{
    m->relocations[1].r_offset = 1 << 30;
}

static void relocates_read_only(crafted *m)
{
    m->relocations[1].r_offset = 256;
}

static void relocates_across_the_end(crafted *m)
{
    m->relocations[2].r_offset = offsetof(crafted, sections) - 4;
}

static void points_outside(crafted *m)
{
    m->relocations[0].r_addend = 1 << 30;
}

static void points_in_front(crafted *m)
{
    m->relocations[0].r_addend = -8;
}

static void odd_relocations(crafted *m)
{
    set_dynamic(m, DT_RELASZ, sizeof m->relocations - 1);
}

static void relocations_elsewhere(crafted *m)
{
    set_dynamic(m, DT_RELA, 1 << 20);
}

/* Three words at `packed` are one entry of this kind. */
static void calls_are_relocated_outside(crafted *m)
{
    m->packed[0] = 1 << 30;
    add_dynamic(m, DT_JMPREL, offsetof(crafted, packed));
    add_dynamic(m, DT_PLTRELSZ, sizeof(ElfW(Rela)));
}

static void old_relocation_outside(crafted *m)
{
    m->packed[0] = 1 << 30;
    add_dynamic(m, DT_REL, offsetof(crafted, packed));
    add_dynamic(m, DT_RELSZ, sizeof(ElfW(Rel)));
}

static void add_packed(crafted *m, uint64_t address, uint64_t more)
{
    m->packed[0] = address;
    m->packed[1] = more;
    add_dynamic(m, 36, offsetof(crafted, packed));
    add_dynamic(m, 35, 2 * sizeof m->packed[0]);
}

static void packed_outside(crafted *m)
{
    add_packed(m, 1 << 30, 1);
}

static void packed_more_outside(crafted *m)
{
    add_packed(m, offsetof(crafted, sections) - 16, 1 | 1 << 1 | 1 << 2);
}

static void names_elsewhere(crafted *m)
{
    set_dynamic(m, DT_STRTAB, offsetof(crafted, section_names));
}

static void names_too_long(crafted *m)
{
    set_dynamic(m, DT_STRSZ, 1 << 16);
}

static void symbols_for_the_linker_elsewhere(crafted *m)
{
    set_dynamic(m, DT_SYMTAB, offsetof(crafted, hash));
}

static void hash_elsewhere(crafted *m)
{
    set_dynamic(m, DT_HASH, UINT64_MAX);
}

Test (elf, the_dynamic_linker_stays_inside_of_the_module) {
    static const char found[] = "damaged: its tables do not fit each other, expected a module";
    CHECK({"outside", relocates_outside, found, false},
          {"read-only", relocates_read_only, found, false},
          {"end", relocates_across_the_end, found, false}, {"points", points_outside, found, false},
          {"in front", points_in_front, found, false}, {"odd", odd_relocations, found, false},
          {"elsewhere", relocations_elsewhere, found, false},
          {"calls", calls_are_relocated_outside, found, false},
          {"old", old_relocation_outside, found, false}, {"packed", packed_outside, found, false},
          {"packed more", packed_more_outside, found, false},
          {"names", names_elsewhere, found, false}, {"long", names_too_long, found, false},
          {"symbols", symbols_for_the_linker_elsewhere, found, false},
          {"hash", hash_elsewhere, found, false});
}

Test (elf, packed_relocations_inside_are_accepted) {
    crafted *m = crafted_new("crafted");
    add_packed(m, offsetof(crafted, sections) - 16, 1 | 1 << 1);
    char *found = verdict(m, CRAFTED_SIZE, false);
    cr_assert_str_eq(found, "");
    g_free(found);
    g_free(m);
}

/* --------------------------------------------------------------------------------- anything */

Test (elf, what_linkers_leave_writable_is_no_memory_of_a_module) {
    crafted *m = crafted_new("crafted");
    m->segments[RELRO].p_type = PT_NULL; /* now .dynamic and .data.rel.ro are writable */
    add_section(m, ".got", SHT_PROGBITS, 0, 3 * 4096);
    char *found = verdict(m, CRAFTED_SIZE, false);
    cr_assert_str_eq(found, "");
    g_free(found);
    g_free(m);
}

Test (elf, names_of_a_damaged_file_are_printed_in_one_plain_line) {
    crafted *m = crafted_new("crafted");
    calls_rand(m);
    memcpy(m->symbol_names + crafted_symbol_name(m, "rand"), "\n\x1b\xff", 3);
    char *found = verdict(m, CRAFTED_SIZE, false);
    cr_assert(g_str_has_prefix(found, "x.so: undefined symbol \\n\\033\\377d, expected"), "%s",
              found);
    g_free(found);
    g_free(m);
}

/* --------------------------------------------------------------------------------- anything */

/* Reads outside of the block are for the sanitizer to find; the answer may be either. */
Test (elf, any_bytes_get_an_answer) {
    guint32 chance = 1;
    crafted *m = crafted_new("crafted");
    const size_t heads = offsetof(crafted, name), tail = offsetof(crafted, module);
    for (int round = 0; round < 20000; round++) {
        crafted *damaged = g_memdup2(m, sizeof *m);
        for (int flips = round % 4; flips >= 0; flips--) {
            chance = chance * 1664525u + 1013904223u;
            size_t at = (chance >> 8) % (heads + CRAFTED_SIZE - tail);
            at = at < heads ? at : at - heads + tail;
            ((unsigned char *)damaged)[at] ^= (unsigned char)(1u << (chance >> 5) % 8);
        }
        g_free(verdict(damaged, CRAFTED_SIZE, round % 2));
        g_free(damaged);
    }
    g_free(m);
}
