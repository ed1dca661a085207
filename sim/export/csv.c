/* Every field is followed by its comma; the last one of a line gives it up again. */
#include "export/csv.h"

#include "kernel/record.h"
#include "observe/names.h"

#include <string.h>

enum { WRITE_FROM = 1 << 16, DIGITS_MOST = 20 };

csv *csv_new(FILE *file, const char *header)
{
    csv *c = g_new0(csv, 1);
    c->file = file;
    c->text = g_string_sized_new(WRITE_FROM + 1024);
    c->scratch = g_string_new(NULL);
    g_string_append(c->text, header);
    g_string_append(c->text, "\r\n");
    return c;
}

static void write_out(csv *c)
{
    fwrite(c->text->str, 1, c->text->len, c->file);
    g_string_truncate(c->text, 0);
}

void csv_close(csv *c)
{
    write_out(c);
    g_string_free(c->text, TRUE);
    g_string_free(c->scratch, TRUE);
    g_free(c);
}

void csv_word(csv *c, const char *word)
{
    if (word) {
        g_string_append(c->text, word);
    }
    g_string_append_c(c->text, ',');
}

void csv_text(csv *c, const GString *text)
{
    if (strcspn(text->str, "\",\r\n") == text->len) {
        g_string_append_len(c->text, text->str, (gssize)text->len);
    } else {
        g_string_append_c(c->text, '"');
        for (const char *s = text->str; *s; s++) {
            g_string_append(c->text, *s == '"' ? "\"" : "");
            g_string_append_c(c->text, *s);
        }
        g_string_append_c(c->text, '"');
    }
    g_string_append_c(c->text, ',');
}

void csv_count(csv *c, uint64_t value)
{
    char digits[DIGITS_MOST], *at = digits + DIGITS_MOST;
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    g_string_append_len(c->text, at, digits + DIGITS_MOST - at);
    g_string_append_c(c->text, ',');
}

void csv_number(csv *c, int64_t value)
{
    if (value < 0) {
        g_string_append_c(c->text, '-');
    }
    csv_count(c, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void csv_node(csv *c, uint32_t node)
{
    if (node == NOBODY) {
        g_string_append_c(c->text, ',');
    } else {
        csv_count(c, node);
    }
}

void csv_record(csv *c, uint64_t number)
{
    if (number == 0) {
        g_string_append_c(c->text, ',');
    } else {
        csv_count(c, number);
    }
}

void csv_time(csv *c, int64_t ns)
{
    csv_number(c, ns);
    append_seconds(c->text, ns);
    g_string_append_c(c->text, ',');
}

void csv_no_time(csv *c)
{
    g_string_append(c->text, ",,");
}

void csv_row(csv *c)
{
    g_string_truncate(c->text, c->text->len - 1);
    g_string_append(c->text, "\r\n");
    if (c->text->len >= WRITE_FROM) {
        write_out(c);
    }
}
