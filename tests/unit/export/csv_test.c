#include "export/csv.h"

#include "kernel/record.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* What a table of one row looks like. */
static void expect_row(void (*fill)(csv *c), const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    csv *c = csv_new(file, "header");
    fill(c);
    csv_row(c);
    csv_close(c);
    fclose(file);
    char *wanted = g_strconcat("header\r\n", expected, "\r\n", NULL);
    cr_expect_str_eq(text, wanted);
    g_free(wanted);
    free(text);
}

static void put_text(csv *c, const char *words)
{
    g_string_assign(c->scratch, words);
    csv_text(c, c->scratch);
}

static void texts(csv *c)
{
    put_text(c, "plain text");
    put_text(c, "a, b");
    put_text(c, "she said \"no\"");
    put_text(c, "two\nlines");
    put_text(c, "");
}

static void numbers(csv *c)
{
    csv_count(c, 0);
    csv_count(c, UINT64_MAX);
    csv_number(c, INT64_MIN);
    csv_node(c, 7);
    csv_node(c, NOBODY);
    csv_record(c, 0);
    csv_record(c, 12);
}

static void times(csv *c)
{
    csv_time(c, 1500000001);
    csv_time(c, -1);
    csv_no_time(c);
    csv_word(c, NULL);
    csv_word(c, "word");
}

Test (csv, texts_are_quoted_where_they_must_be) {
    expect_row(texts, "plain text,\"a, b\",\"she said \"\"no\"\"\",\"two\nlines\",");
}

Test (csv, numbers_are_whole_and_what_is_not_there_is_empty) {
    expect_row(numbers, "0,18446744073709551615,-9223372036854775808,7,,,12");
}

Test (csv, times_stand_in_ns_and_in_seconds) {
    expect_row(times, "1500000001,1.500000001,-1,-0.000000001,,,,word");
}
