#include "script/source.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

static source of(const char *text)
{
    return (source){text, strlen(text)};
}

static int line_of_key(const char *text, const char *table, const char *key)
{
    source s = of(text);
    size_t inside = source_table(&s, 1, table);
    size_t at = inside == SOURCE_NOWHERE ? inside : source_key(&s, inside, key);
    return at == SOURCE_NOWHERE ? 0 : source_line(&s, at);
}

static const struct {
    const char *text, *key;
    int line; /* 0: not found */
} keys[] = {
    {"f {\n a = 1,\n b = 2 }", "b", 3},
    {"f {\n a = 1;\n b = 2 }", "b", 3},
    {"f({\n a = 1,\n b = 2 })", "a", 2},
    {"f {\n [\"a\"] = 1,\n ['b'] = 2 }", "b", 3},
    {"f {\n inner = { b = 1 },\n b = 2 }", "b", 3},
    {"f {\n g(b == 2),\n b = 2 }", "b", 3},
    {"f {\n x = function() b = 1 end,\n b = 2 }", "b", 3},
    {"f {\n x = function() if a then b = 1, 2 end end,\n b = 2 }", "b", 3},
    {"f {\n -- b = 1,\n b = 2 }", "b", 3},
    {"f {\n --[[ b = 1,\n ]] b = 2 }", "b", 3},
    {"f {\n --[==[ b = 1, ]]\n ]==] b = 2 }", "b", 3},
    {"f {\n x = \", b = 1\",\n b = 2 }", "b", 3},
    {"f {\n x = \"\\\", b = 1\",\n b = 2 }", "b", 3},
    {"f {\n x = [[, b = 1,\n]],\n b = 2 }", "b", 4},
    {"f {\n a = 1 }\nb = 2", "b", 0},
    {"f {\n b == 2 }", "b", 0},
    {"f {\n ba = 1, ab = 2 }", "b", 0},
    {"f\n{ b = 1 }", "b", 2},
    {"g { b = 1 }\nf {\n b = 2 }", "b", 3},
    {"\"f { b = 1 }\"\nf { b = 2 }", "b", 2},
    {"f {\n [1] = 1,\n [10] = 1,\n [0] = 2 }", "[0]", 4},
    {"f {\n [1] = 1,\n [10] = 1,\n [0] = 2 }", "[10]", 3},
    {"f {\n [1] = 1 }", "1", 0},
    {"f {\n 1,\n [2] = b, b = 2 }", "b", 3},
    {"f(x)", "b", 0},
    {"f {", "b", 0},
    {"f { b", "b", 0},
    {"f { [", "b", 0},
    {"f { b =", "b", 1},
    {"", "b", 0},
};

Test (source, keys_are_found_where_they_are_written) {
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        int line = line_of_key(keys[i].text, "f", keys[i].key);
        cr_expect_eq(line, keys[i].line, "%s: found line %d, expected %d", keys[i].text, line,
                     keys[i].line);
    }
}

static const struct {
    const char *text;
    size_t number;
    const char *entry; /* NULL: not found */
} entries[] = {
    {"f { one, two, three }", 1, "one,"},
    {"f { one, two, three }", 3, "three }"},
    {"f { one, two, three }", 4, NULL},
    {"f { k = 1, one, j = 2, two }", 2, "two }"},
    {"f { g(a, b), two }", 2, "two }"},
    {"f { { 1, 2 }, two }", 2, "two }"},
    {"f { one; two }", 2, "two }"},
    {"f { function() return 1, 2 end, two }", 2, "two }"},
    {"f { [1] = x, two }", 1, "[1] = x, two }"},
    {"f { }", 1, NULL},
};

Test (source, entries_are_counted_without_those_that_have_keys) {
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        source s = of(entries[i].text);
        size_t at = source_entry(&s, source_table(&s, 1, "f"), entries[i].number);
        if (entries[i].entry == NULL) {
            cr_expect_eq(at, SOURCE_NOWHERE, "%s", entries[i].text);
        } else {
            cr_assert_neq(at, SOURCE_NOWHERE, "%s", entries[i].text);
            cr_expect_eq(strncmp(s.text + at, entries[i].entry, strlen(entries[i].entry)), 0,
                         "%s: found %s", entries[i].text, s.text + at);
        }
    }
}

Test (source, a_table_is_looked_for_from_its_line_on) {
    source s = of("f { a = 1 }\n\nf { a = 2 }");
    cr_expect_eq(source_line(&s, source_table(&s, 1, "f")), 1);
    cr_expect_eq(source_line(&s, source_table(&s, 2, "f")), 3);
    cr_expect_eq(source_table(&s, 4, "f"), SOURCE_NOWHERE);
}

Test (source, the_inside_is_known_only_of_tables_that_are_written_there) {
    source s = of("f { a = { b = 1 }, c = d }");
    size_t inside = source_table(&s, 1, "f");
    size_t a = source_inside(&s, source_key(&s, inside, "a"));
    cr_assert_neq(a, SOURCE_NOWHERE);
    cr_expect_neq(source_key(&s, a, "b"), SOURCE_NOWHERE);
    cr_expect_eq(source_inside(&s, source_key(&s, inside, "c")), SOURCE_NOWHERE);
    cr_expect_eq(source_inside(&s, SOURCE_NOWHERE), SOURCE_NOWHERE);
}

static const struct {
    const char *text, *question;
} questions[] = {
    {"-- Why?\nreturn 1", "Why?"},
    {"-- Why,\n-- and how?\nreturn 1", "Why, and how?"},
    {"-- Why?\n--\n-- Because.", "Why?"},
    {"-- Why?\n\n-- Because.", "Why?"},
    {"---- Why? ----\n", "Why? ----"},
    {"--\n-- Why?", "Why?"},
    {"\n\n  -- Why?", "Why?"},
    {"return 1 -- Why?", ""},
    {"", ""},
    {"--", ""},
};

Test (source, the_question_is_the_first_paragraph_of_the_opening_comment) {
    for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
        source s = of(questions[i].text);
        char *question = source_question(&s);
        cr_expect_str_eq(question, questions[i].question, "%s: found \"%s\"", questions[i].text,
                         question);
        g_free(question);
    }
}
