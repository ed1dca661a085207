/* The file around what the dynamic linker acts upon: one damage at a time. */
#include "damage.h"
#include "plugin/elf.h"

#include <criterion/criterion.h>
#include <string.h>

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
    damage_check(cases, G_N_ELEMENTS(cases));
}

Test (elf, a_header_of_another_layout_is_refused) {
    static const char found[] = "damaged: its header does not fit its kind, expected a module";
    CHECK({"entry", other_entry_size, found, false}, {"section", other_section_size, found, false},
          {"version", other_version, found, false});
}

/* ------------------------------------------------------------------------------------- length */

Test (elf, an_empty_file_is_refused) {
    char *found = damage_verdict("", 0, false);
    cr_assert_str_eq(found, "x.so: found an empty file, expected a module");
    g_free(found);
}

Test (elf, every_shorter_length_is_refused_and_named) {
    crafted *m = crafted_new("crafted");
    for (size_t size = SELFMAG; size < CRAFTED_SIZE; size++) {
        char *found = damage_verdict(m, size, size % 2);
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
    char *found = damage_verdict(m, CRAFTED_SIZE, true);
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

/* ---------------------------------------------------------------------------------- symbols */

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

/* ------------------------------------------------------------------------ memory of its own */

static void add_section(crafted *m, const char *name, uint32_t type, uint64_t flags, size_t at)
{
    m->sections[SPARE] = (ElfW(Shdr)){.sh_name = crafted_section_name(m, name),
                                      .sh_type = type,
                                      .sh_flags = flags | SHF_ALLOC | SHF_WRITE,
                                      .sh_addr = at,
                                      .sh_offset = offsetof(crafted, module),
                                      .sh_size = 12};
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

Test (elf, what_linkers_leave_writable_is_no_memory_of_a_module) {
    crafted *m = crafted_new("crafted");
    m->segments[RELRO].p_type = PT_NULL; /* now .dynamic and .data.rel.ro are writable */
    add_section(m, ".got", SHT_PROGBITS, 0, 3 * 4096);
    char *found = damage_verdict(m, CRAFTED_SIZE, false);
    cr_assert_str_eq(found, "");
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
        g_free(damage_verdict(damaged, CRAFTED_SIZE, round % 2));
        g_free(damaged);
    }
    g_free(m);
}
