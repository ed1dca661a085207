#include "sweep/columns.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_table(const char *align, const char *const *cells, columns_style style,
                         const char *wanted)
{
    columns *t = columns_new(align);
    GString *out = g_string_new(NULL);
    for (; *cells; cells++) {
        columns_add(t, *cells);
    }
    columns_append(t, style, out);
    cr_expect_str_eq(out->str, wanted);
    g_string_free(out, TRUE);
    columns_free(t);
}

static const char *const cells[] = {"lock", "ms", "raymond", "7", "±", "7.25 ± 0.5", NULL};

Test (columns, are_as_wide_as_their_widest_cell_in_letters) {
    expect_table("lr", cells, COLUMNS_PLAIN,
                 "lock             ms\n"
                 "raymond           7\n"
                 "±        7.25 ± 0.5\n");
    expect_table("lr", cells, COLUMNS_MARKDOWN,
                 "| lock    |         ms |\n"
                 "|---------|-----------:|\n"
                 "| raymond |          7 |\n"
                 "| ±       | 7.25 ± 0.5 |\n");
}

Test (columns, a_bar_or_the_end_of_a_line_does_not_end_a_cell) {
    static const char *const odd[] = {"a", "b|c\nd", NULL};
    expect_table("ll", odd, COLUMNS_MARKDOWN, "| a | b\\|c d |\n|---|--------|\n");
    expect_table("ll", odd, COLUMNS_PLAIN, "a  b|c d\n");
}

Test (columns, the_last_one_leaves_no_blanks) {
    static const char *const two[] = {"a", "long", "b", "x", NULL};
    expect_table("ll", two, COLUMNS_PLAIN, "a  long\nb  x\n");
}
