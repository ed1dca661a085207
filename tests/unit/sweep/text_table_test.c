#include "sweep/text_table.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_table(const char *align, const char *const *cells, text_table_style style,
                         const char *wanted)
{
    text_table *t = text_table_new(align);
    GString *out = g_string_new(NULL);
    for (; *cells; cells++) {
        text_table_add(t, *cells);
    }
    text_table_append(t, style, out);
    cr_expect_str_eq(out->str, wanted);
    g_string_free(out, TRUE);
    text_table_free(t);
}

static const char *const cells[] = {"lock", "ms", "raymond", "7", "±", "7.25 ± 0.5", NULL};

Test (text_table, are_as_wide_as_their_widest_cell_in_letters) {
    expect_table("lr", cells, TEXT_TABLE_PLAIN,
                 "lock             ms\n"
                 "raymond           7\n"
                 "±        7.25 ± 0.5\n");
    expect_table("lr", cells, TEXT_TABLE_MARKDOWN,
                 "| lock    |         ms |\n"
                 "|---------|-----------:|\n"
                 "| raymond |          7 |\n"
                 "| ±       | 7.25 ± 0.5 |\n");
}

Test (text_table, a_bar_or_the_end_of_a_line_does_not_end_a_cell) {
    static const char *const odd[] = {"a", "b|c\nd", NULL};
    expect_table("ll", odd, TEXT_TABLE_MARKDOWN, "| a | b\\|c d |\n|---|--------|\n");
    expect_table("ll", odd, TEXT_TABLE_PLAIN, "a  b|c d\n");
}

Test (text_table, the_last_one_leaves_no_blanks) {
    static const char *const two[] = {"a", "long", "b", "x", NULL};
    expect_table("ll", two, TEXT_TABLE_PLAIN, "a  long\nb  x\n");
}
