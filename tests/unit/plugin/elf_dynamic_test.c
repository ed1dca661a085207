/* What the dynamic linker acts upon: export, independence, tables; one damage at a time. */
#include "damage.h"
#include "plugin/elf.h"

#include <criterion/criterion.h>
#include <string.h>

/* ------------------------------------------------------------------------------------- export */

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

Test (elf_dynamic, a_module_exports_a_description) {
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
    damage_check(cases, G_N_ELEMENTS(cases));
    g_free(damaged);
}

Test (elf_dynamic, the_head_is_what_the_description_begins_with) {
    crafted *m = crafted_new("crafted");
    uint32_t head[3];
    m->module.magic = 11, m->module.abi = 12, m->module.size = 13;
    cr_assert(elf_vet("x.so", m, CRAFTED_SIZE, false, head, NULL));
    cr_assert(head[0] == 11 && head[1] == 12 && head[2] == 13);
    g_free(m);
}

/* ------------------------------------------------------------------------------- independence */

#if defined __aarch64__
enum { INDIRECT = R_AARCH64_IRELATIVE };
#else
enum { INDIRECT = R_X86_64_IRELATIVE };
#endif

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

static void needs_library(crafted *m)
{
    damage_add_dynamic(m, DT_NEEDED, crafted_symbol_name(m, "libm.so.6"));
}

static void needs_unnamed_library(crafted *m)
{
    damage_add_dynamic(m, DT_NEEDED, 1 << 20);
}

static void has_init(crafted *m)
{
    damage_add_dynamic(m, DT_INIT, 4096);
}

static void has_fini(crafted *m)
{
    damage_add_dynamic(m, DT_FINI, 4096);
}

static void has_constructor(crafted *m)
{
    damage_add_dynamic(m, DT_INIT_ARRAY, 4096);
}

static void has_destructor(crafted *m)
{
    damage_add_dynamic(m, DT_FINI_ARRAY, 4096);
}

Test (elf_dynamic, a_module_calls_nothing_outside) {
    static const char found[] = "undefined symbol rand, expected none: a module may call nothing "
                                "but the functions of dasim.h";
    CHECK({"strong", calls_rand, found, true}, {"weak", may_call_rand, found, true});
}

Test (elf_dynamic, a_module_needs_no_library) {
    CHECK({"named", needs_library, "needs libm.so.6, expected no library: " USE_FLAGS, true},
          {"unnamed", needs_unnamed_library, "needs ?, expected no library: " USE_FLAGS, true});
}

static void has_indirect_function(crafted *m)
{
    add_symbol(m, STB_GLOBAL);
    m->symbols[2].st_info = (unsigned char)ELF64_ST_INFO(STB_GLOBAL, STT_GNU_IFUNC);
    m->symbols[2].st_shndx = DESCRIPTION;
}

static void has_indirect_relocation(crafted *m)
{
    m->relocations[1].r_info = ELF64_R_INFO((uint64_t)0, INDIRECT);
}

Test (elf_dynamic, a_module_chooses_no_function_when_loaded) {
    static const char found[] = "found code that runs when loaded (ifunc), expected none: a "
                                "function is what it is, without __attribute__((ifunc))";
    CHECK({"symbol", has_indirect_function, found, true},
          {"relocation", has_indirect_relocation, found, false});
}

Test (elf_dynamic, a_module_runs_nothing_when_loaded) {
    CHECK({"init", has_init, "found code that runs when loaded (_init), expected none: " USE_FLAGS,
           true},
          {"fini", has_fini, "found code that runs when loaded (_fini), expected none: " USE_FLAGS,
           true},
          {"constructor", has_constructor,
           "found code that runs when loaded (.init_array), expected none: " USE_FLAGS, true},
          {"destructor", has_destructor,
           "found code that runs when loaded (.fini_array), expected none: " USE_FLAGS, true});
}

Test (elf_dynamic, names_of_a_damaged_file_are_printed_in_one_plain_line) {
    crafted *m = crafted_new("crafted");
    calls_rand(m);
    memcpy(m->symbol_names + crafted_symbol_name(m, "rand"), "\n\x1b\xff", 3);
    char *found = damage_verdict(m, CRAFTED_SIZE, false);
    cr_assert(g_str_has_prefix(found, "x.so: undefined symbol \\n\\033\\377d, expected"), "%s",
              found);
    g_free(found);
    g_free(m);
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
    damage_add_dynamic(m, DT_JMPREL, offsetof(crafted, packed));
    damage_add_dynamic(m, DT_PLTRELSZ, sizeof(ElfW(Rela)));
}

static void old_relocation_outside(crafted *m)
{
    m->packed[0] = 1 << 30;
    damage_add_dynamic(m, DT_REL, offsetof(crafted, packed));
    damage_add_dynamic(m, DT_RELSZ, sizeof(ElfW(Rel)));
}

static void add_packed(crafted *m, uint64_t address, uint64_t more)
{
    m->packed[0] = address;
    m->packed[1] = more;
    damage_add_dynamic(m, 36, offsetof(crafted, packed));
    damage_add_dynamic(m, 35, 2 * sizeof m->packed[0]);
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

Test (elf_dynamic, the_dynamic_linker_stays_inside_of_the_module) {
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

Test (elf_dynamic, packed_relocations_inside_are_accepted) {
    crafted *m = crafted_new("crafted");
    add_packed(m, offsetof(crafted, sections) - 16, 1 | 1 << 1);
    char *found = damage_verdict(m, CRAFTED_SIZE, false);
    cr_assert_str_eq(found, "");
    g_free(found);
    g_free(m);
}
